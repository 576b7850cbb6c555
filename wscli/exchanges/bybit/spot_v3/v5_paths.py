"""Bybit spot v3: paths into its messages, and what means the same in v5: the row's field, and the path there."""

from collections.abc import Mapping


def _equivalent_paths(old_prefix: str, new_prefix: str, fields: str) -> dict[str, tuple[str, str]]:
    """Return "old=field=new" words as paths: `before` an old key, `there` a new one."""
    words = (word.split("=") for word in fields.split())
    return {f"{old_prefix}.{old}": (field, f"{new_prefix}.{new}") for old, field, new in words}


ORDER_FIELDS = (
    "S=side=side p=price=price q=size=qty i=order_id=orderId c=client_order_id=orderLinkId o=order_type=orderType "
    "f=time_in_force=timeInForce X=status=orderStatus z=filled=cumExecQty Z=filled_value=cumExecValue "
    "O=created_time=createdTime s=symbol=symbol"
)
FILL_FIELDS = (
    "S=side=side p=price=execPrice q=size=execQty T=trade_id=execId t=time=execTime o=order_id=orderId "
    "c=client_order_id=orderLinkId m=maker=isMaker s=symbol=symbol"
)
PATHS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "trade": _equivalent_paths(
        "data", "data[0]", "m=side=S p=price=p q=size=v v=trade_id=i t=time=T type=block_trade=BT s=symbol=s"
    ),
    "orderbook": {"data.t": ("time", "cts")},
    "bookticker": {
        "data.t": ("time", "cts"),
        **{
            f"data.{at}": (f"side=bid {field}", f"data.b[0][{n}]")
            for n, at, field in ((0, "bp", "price"), (1, "bq", "size"))
        },
        **{
            f"data.{at}": (f"side=ask {field}", f"data.a[0][{n}]")
            for n, at, field in ((0, "ap", "price"), (1, "aq", "size"))
        },
        "bid": ("side=bid price", ""),
        "bid_size": ("side=bid size", ""),
        "ask": ("side=ask price", ""),
        "ask_size": ("side=ask size", ""),
    },
    "tickers": {
        **_equivalent_paths(
            "data",
            "data",
            "c=last=lastPrice o=open=prevPrice24h h=high=highPrice24h l=low=lowPrice24h v=volume=volume24h "
            "qv=quote_volume=turnover24h m=change_ratio=price24hPcnt xp=index_price=usdIndexPrice s=symbol=symbol",
        ),
        "data.t": ("time", "ts"),
    },
    "kline": _equivalent_paths(
        "data", "data[0]", "t=time=start o=open=open h=high=high l=low=low c=close=close v=volume=volume"
    ),
    "order": _equivalent_paths("data.0", "data[0]", ORDER_FIELDS),
    "ticketInfo": _equivalent_paths("data.0", "data[0]", FILL_FIELDS),
}
