"""How Bitstamp writes the orders and trades of an account (sections 3.9 to 3.11)."""

from collections.abc import Iterator
from decimal import Decimal

from wscli.exchanges.bitstamp.simulated.account_script import MAIN_ACCOUNT
from wscli.exchanges.bitstamp.simulated.books import ORDER_BASE, ZERO, MarketFormat, seconds_text, side_number
from wscli.simulator.account_events import AccountOrder, Fill, OrderUpdate, StopOrder, StopUpdate
from wscli.simulator.common import Json, plain_number

LIMIT_SUBTYPE, MARKET_SUBTYPE, STOP_LIMIT_SUBTYPE = 0, 2, 22
BUY_AT_ANY_PRICE = Decimal(999_999_999)


def order_events(
    update: OrderUpdate, market_format: MarketFormat, cancelled: AccountOrder | None
) -> Iterator[tuple[str, Json]]:
    """Yield (event, data) of an update: one, or two for the last fill of a market order.

    cancelled: the order cancelled just before, which a new one of the same side replaces.
    """
    order, fill = update.order, update.fill
    traded = fill.size if fill else ZERO
    if order.status == "new":
        replaces = cancelled is not None and cancelled.side == order.side and not order.stop_id
        yield "order_replaced" if replaces else "order_created", order_data(update, market_format, ZERO)
    elif order.status == "partial":
        yield "order_changed", order_data(update, market_format, traded)
    elif order.type == "market" and fill:
        yield "order_changed", order_data(update, market_format, traded)
        yield "order_deleted", order_data(update, market_format, ZERO)
    else:
        yield "order_deleted", order_data(update, market_format, traded)


def order_data(update: OrderUpdate, market_format: MarketFormat, traded: Decimal) -> Json:
    """Return the data of an order event. traded: the size that this event filled."""
    order = update.order
    price, created_size = order.price, order.size
    subtype = STOP_LIMIT_SUBTYPE if order.stop_id else LIMIT_SUBTYPE
    if order.type == "market":
        subtype = MARKET_SUBTYPE
        price = update.fill.price if update.fill else order.average_price
        if order.status == "new":
            price, created_size = BUY_AT_ANY_PRICE if order.side == "buy" else ZERO, ZERO
    numbers = market_format.size_and_price(order.remaining, price)
    if order.type == "market" and order.status == "new":
        numbers["price_str"] = plain_number(price)
    return {
        **_order_head(order.id, order.side == "sell", subtype, update.time_us),
        "amount": numbers["amount"],
        "amount_str": numbers["amount_str"],
        "amount_traded": market_format.size_text(traded),
        "amount_at_create": market_format.size_text(created_size) if created_size else "0",
        **_order_tail(numbers, order.client_id),
    }


def stop_data(update: StopUpdate, stop: StopOrder, market_format: MarketFormat) -> Json:
    """Return the data of an event of a stop order."""
    numbers = market_format.size_and_price(stop.size, stop.price)
    return {
        **_order_head(stop.id, stop.side == "sell", STOP_LIMIT_SUBTYPE, update.time_us),
        "amount": numbers["amount"],
        "amount_str": numbers["amount_str"],
        "amount_traded": "0",
        "amount_at_create": market_format.size_text(stop.size),
        **_order_tail(numbers, stop.client_id),
    }


def _order_head(number: int, selling: bool, subtype: int, time_us: int) -> Json:
    return {
        "id": ORDER_BASE + number,
        "id_str": str(ORDER_BASE + number),
        "order_type": int(selling),
        "order_subtype": subtype,
        "datetime": seconds_text(time_us),
        "microtimestamp": str(time_us),
    }


def _order_tail(numbers: Json, client_id: str) -> Json:
    return {
        "price": numbers["price"],
        "price_str": numbers["price_str"],
        "trade_account_id": MAIN_ACCOUNT,
        "client_order_id": client_id,
        "is_liquidation": False,
    }


def trade_data(fill: Fill, market_format: MarketFormat, position_id: str | None, *, perpetual: bool) -> Json:
    """Return the data of a trade of the account. position_id: of the position it moved, on a perpetual."""
    number = market_format.trade_id(fill.trade_id)
    return {
        "id": number,
        "order_id": ORDER_BASE + fill.order_id,
        "client_order_id": fill.client_id,
        "amount": market_format.size_text(fill.size),
        "price": market_format.price_text(fill.price),
        "fee": plain_number(fill.fee),
        "side": fill.side,
        "microtimestamp": str(fill.time_us),
        "trade_account_id": MAIN_ACCOUNT,
        "id_str": str(number),
        "trade_uti": f"SIMULATED{number:020d}",
        "position_id": position_id,
        "is_liquidation": False if perpetual else None,
        "trade_type": "ORDERBOOK",
    }


def self_trade_data(fill: Fill, market_format: MarketFormat) -> Json:
    """Return the data of a trade between two orders of the account, from the taker's fill."""
    return {
        "timestamp": seconds_text(fill.time_us),
        "microtimestamp": str(fill.time_us),
        **market_format.size_and_price(fill.size, fill.price),
        "type": side_number(fill.side),
        **_order_ids(fill),
        "sellers_trade_account_id": MAIN_ACCOUNT,
        "buyers_trade_account_id": MAIN_ACCOUNT,
    }


def order_trade_data(fill: Fill, market_format: MarketFormat, *, perpetual: bool) -> Json:
    """Return the data of a public trade, from a fill of the account."""
    number, own_side = market_format.trade_id(fill.trade_id), side_number(fill.side)
    return {
        "id": number,
        **({"id_str": str(number)} if perpetual else {}),
        "timestamp": seconds_text(fill.time_us),
        **market_format.size_and_price(fill.size, fill.price),
        "type": 1 - own_side if fill.is_maker else own_side,
        "microtimestamp": str(fill.time_us),
        **_order_ids(fill),
    }


def _order_ids(fill: Fill) -> Json:
    own, other = ORDER_BASE + fill.order_id, ORDER_BASE + fill.other_order_id
    buy, sell = (own, other) if fill.side == "buy" else (other, own)
    return {"buy_order_id": buy, "sell_order_id": sell}
