"""WhiteBIT's orders and trades as it writes them (5.3, 5.5, 5.6), from the account's log. Codes: side 1 sell, 2 buy."""

from collections.abc import Iterable

from wscli.exchanges.whitebit.simulated.market_data import seconds_of
from wscli.simulator.account_events import AccountEvent, AccountOrder, Fill, OrderUpdate, StopOrder
from wscli.simulator.common import Json, plain_number

SIDE = {"sell": 1, "buy": 2}
LIMIT, MARKET_STOCK, STOP_LIMIT = 1, 202, 3
MARGIN_LIMIT, MARGIN_MARKET, MARGIN_STOP_LIMIT = 7, 8, 9
MAKER, TAKER = 1, 2
STATUS = {"new": "OPEN", "partial": "PARTIALLY_FILLED", "filled": "FILLED", "cancelled": "CANCELED"}
FINISHED_STATUSES = ("filled", "cancelled")


def is_market(order: AccountOrder) -> bool:
    """Return whether an order is a market order."""
    return order.type == "market"


def is_executed(order: AccountOrder) -> bool:
    """Return whether an order is finished, and was filled at least in part."""
    return order.status in FINISHED_STATUSES and order.filled > 0


def stop_ids_by_order(events: Iterable[AccountEvent]) -> dict[int, int]:
    """Return order id -> id of the stop order that made it, which the exchange knows the order by."""
    orders = [event.order for event in events if isinstance(event, OrderUpdate)]
    return {order.id: order.stop_id for order in orders if order.stop_id is not None}


def order_object(order: AccountOrder, name: str, *, past: bool = False) -> Json:
    """Return an order. past: as in the result of ordersExecuted_request, with ftime, source and fee_asset."""
    updated = seconds_of(order.updated_us)
    row: Json = {
        "id": order.stop_id or order.id,
        "market": name,
        "type": _type(order, name),
        "side": SIDE[order.side],
        "post_only": False,
        "ioc": False,
        "ctime": seconds_of(order.created_us),
        "mtime": updated,
        "price": plain_number(order.price),
        "amount": plain_number(order.size),
        "left": plain_number(order.remaining),
        "deal_stock": plain_number(order.filled),
        "deal_money": plain_number(order.filled_value),
        "deal_fee": plain_number(order.fee),
        "client_order_id": order.client_id,
        "stp": "no",
        "status": STATUS[order.status],
        "position_side": _position_side(name),
        "rpi": False,
        "retail": False,
        "reduce_only": False,
    }
    return row | {"ftime": updated, "source": "api", "fee_asset": quote_currency(name)} if past else row


def stop_object(stop: StopOrder, name: str) -> Json:
    """Return a stop order before it triggers."""
    return {
        "id": stop.id,
        "market": name,
        "type": MARGIN_STOP_LIMIT if name.endswith("_PERP") else STOP_LIMIT,
        "side": SIDE[stop.side],
        "post_only": False,
        "ioc": False,
        "ctime": seconds_of(stop.created_us),
        "mtime": seconds_of(stop.triggered_us or stop.created_us),
        "price": plain_number(stop.price),
        "amount": plain_number(stop.size),
        "left": plain_number(stop.size),
        "deal_stock": "0",
        "deal_money": "0",
        "deal_fee": "0",
        "client_order_id": stop.client_id,
        "stp": "no",
        "status": "OPEN" if stop.status == "new" else "CANCELED",
        "position_side": _position_side(name),
        "rpi": False,
        "retail": False,
        "reduce_only": False,
        "activation_price": plain_number(stop.trigger_price),
        "activation_condition": "gte" if stop.side == "buy" else "lte",
    }


def deal_push(fill: Fill, name: str, stop_id: int | None) -> list[object]:
    """Return a trade as it is pushed: eleven values without names. stop_id: of the stop order that led to it, if any."""
    return [
        fill.trade_id,
        seconds_of(fill.time_us),
        name,
        stop_id or fill.order_id,
        plain_number(fill.price),
        plain_number(fill.size),
        plain_number(fill.fee),
        fill.client_id,
        SIDE[fill.side],
        MAKER if fill.is_maker else TAKER,
        quote_currency(name),
    ]


def deal_object(fill: Fill, name: str, stop_id: int | None) -> Json:
    """Return a trade as in the result of deals_request."""
    return {
        "time": seconds_of(fill.time_us),
        "id": fill.trade_id,
        "side": SIDE[fill.side],
        "role": MAKER if fill.is_maker else TAKER,
        "price": plain_number(fill.price),
        "amount": plain_number(fill.size),
        "deal": plain_number(fill.price * fill.size),
        "fee": plain_number(fill.fee),
        "order_id": stop_id or fill.order_id,
        "deal_order_id": fill.other_order_id,
        "market": name,
        "client_order_id": fill.client_id,
        "fee_asset": quote_currency(name),
    }


def quote_currency(name: str) -> str:
    """Return the quote currency of a market; a perpetual's is USDT."""
    quote = name.partition("_")[2]
    return "USDT" if quote == "PERP" else quote


def _type(order: AccountOrder, name: str) -> int:
    perpetual = name.endswith("_PERP")
    if order.stop_id is not None:
        return MARGIN_STOP_LIMIT if perpetual else STOP_LIMIT
    if is_market(order):
        return MARGIN_MARKET if perpetual else MARKET_STOCK
    return MARGIN_LIMIT if perpetual else LIMIT


def _position_side(name: str) -> str:
    return "BOTH" if name.endswith("_PERP") else "LONG"
