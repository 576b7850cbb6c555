"""What Bitstamp pushes to the owner of a token (section 3.9 to 3.14), from the account's log.

Trades with oneself are on private-live_trades alone; a market order is created at price 0 (999999999 for a buy), each of
its fills changes it, and it is deleted at the end; an order that takes the place of one cancelled in the same moment is
`order_replaced`. Every fill that moves a position settles it. Liquidations and token settlements, which the simulated
account never meets, follow a script of eight market steps each (0.4 s at rate 1).
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from wscli.exchanges.bitstamp.simulated.books import (
    ORDER_BASE,
    ZERO,
    MarketFormat,
    data_frame,
    seconds_text,
    side_number,
)
from wscli.exchanges.bitstamp.simulated.feeds import Feed, iso_time, scripted_feed
from wscli.simulator.account_events import (
    AccountEvent,
    AccountOrder,
    Fill,
    OrderUpdate,
    PositionChange,
    StopOrder,
    StopUpdate,
    rounded_amount,
)
from wscli.simulator.common import Json, LogReader, plain_number
from wscli.simulator.market import Market

MAIN_ACCOUNT = 0
LIMIT_SUBTYPE, MARKET_SUBTYPE, STOP_LIMIT_SUBTYPE = 0, 2, 22
BUY_AT_ANY_PRICE = Decimal(999_999_999)
ACCOUNT_SOURCE = 0x40
TRANSACTION_BASE = 990_000
FUNDING_SHARE = Decimal("0.0000001")  # of the value of a position, at each settlement
LIQUIDATION_STAGES = (
    "im_breach_warning",
    "im_breach",
    "mm_breach_warning",
    "liquidation_start",
    "liquidation_concluded",
)
MARGIN_RATIOS = (("1.05", "1.50"), ("0.99", "1.30"), ("0.90", "1.08"), ("0.82", "0.99"), ("1.20", "1.70"))

Frames = Iterator[str]


class BitstampPrivateFeeds:
    """A new feed for each subscription to a private channel."""

    def __init__(self, market: Market, spelling: Mapping[str, MarketFormat]) -> None:
        self._market = market
        self._formats = spelling

    def feed(self, channel: str, kind: str, symbol: str | None) -> Feed | None:
        """Return the feed of a channel from now on; symbol is None for the channels of the whole account."""
        match kind:
            case "my_settlements":
                return self._feed_of(lambda events: self._settlements(channel, events))
            case "my_liquidations":
                return scripted_feed(
                    self._market, lambda number, when: _liquidation_alert(channel, number, when(number))
                )
            case "my_token_settlements":
                return scripted_feed(
                    self._market, lambda number, when: _token_settlement(channel, number, when(number))
                )
        if symbol is None:
            return None
        match kind:
            case "my_orders":
                return self._feed_of(lambda events: self._orders(channel, symbol, events))
            case "my_trades":
                return self._feed_of(lambda events: self._trades(channel, symbol, events))
            case "live_trades":
                return self._feed_of(lambda events: self._self_trades(channel, symbol, events))
            case "live_order_trades":
                return self._feed_of(lambda events: self._order_trades(channel, symbol, events))
        return None

    def _feed_of(self, frames_of: Callable[[list[AccountEvent]], Frames]) -> Feed:
        cursor = LogReader(self._market.account.log)
        return lambda now_ms: [*frames_of(cursor.read_new())]

    # Orders.

    def _orders(self, channel: str, symbol: str, events: list[AccountEvent]) -> Frames:
        spell, perpetual = self._formats[symbol], self._market.instruments[symbol].perpetual
        cancelled: AccountOrder | None = None
        for event in events:
            match event:
                case OrderUpdate(order=order) if order.symbol == symbol:
                    for step, (name, data) in enumerate(_order_events(event, order, spell, cancelled)):
                        yield _private_frame(name, channel, spell.event_id(2 * event.seq + step, ACCOUNT_SOURCE), "orderbook", {
                            **data, **({"reduce_only": False} if perpetual else {}),
                            **({"orig_order_id": ORDER_BASE + cancelled.id}
                               if name == "order_replaced" and cancelled else {}),
                        })  # fmt: skip
                    cancelled = order if order.status == "cancelled" else None
                case StopUpdate(stop=stop) if stop.symbol == symbol:
                    name = "stop_active" if stop.status == "new" else "stop_inactive"
                    data = _stop(event, stop, spell) | ({"reduce_only": False} if perpetual else {})
                    data |= {"stop_price": spell.price_text(stop.trigger_price)}
                    yield _private_frame(
                        name, channel, spell.event_id(2 * event.seq, ACCOUNT_SOURCE), "stop_order", data
                    )

    # Trades.

    def _trades(self, channel: str, symbol: str, events: list[AccountEvent]) -> Frames:
        spell, perpetual = self._formats[symbol], self._market.instruments[symbol].perpetual
        for place, fill in enumerate(events):
            if not isinstance(fill, Fill) or fill.symbol != symbol or fill.self_trade:
                continue
            position = _position_of(fill, events[place:]) if perpetual else None
            number = spell.trade_id(fill.trade_id)
            data = {
                "id": number,
                "order_id": ORDER_BASE + fill.order_id,
                "client_order_id": fill.client_id,
                "amount": spell.size_text(fill.size),
                "price": spell.price_text(fill.price),
                "fee": plain_number(fill.fee),
                "side": fill.side,
                "microtimestamp": str(fill.time_us),
                "trade_account_id": MAIN_ACCOUNT,
                "id_str": str(number),
                "trade_uti": f"SIMULATED{number:020d}",
                "position_id": position,
                "is_liquidation": False if perpetual else None,
                "trade_type": "ORDERBOOK",
            }
            yield data_frame("trade", channel, data)

    def _self_trades(self, channel: str, symbol: str, events: list[AccountEvent]) -> Frames:
        spell = self._formats[symbol]
        for fill in events:
            # Both its orders saw it; it is told once, as the taker saw it.
            if isinstance(fill, Fill) and fill.symbol == symbol and fill.self_trade and not fill.is_maker:
                data = {
                    "timestamp": seconds_text(fill.time_us),
                    "microtimestamp": str(fill.time_us),
                    **spell.size_and_price(fill.size, fill.price),
                    "type": side_number(fill.side),
                    **_order_ids(fill),
                    "sellers_trade_account_id": MAIN_ACCOUNT,
                    "buyers_trade_account_id": MAIN_ACCOUNT,
                }
                yield data_frame("self_trade", channel, data)

    def _order_trades(self, channel: str, symbol: str, events: list[AccountEvent]) -> Frames:
        """Tell the public trades that own orders are in, each once, as live_trades does."""
        spell, perpetual = self._formats[symbol], self._market.instruments[symbol].perpetual
        for fill in events:
            if isinstance(fill, Fill) and fill.symbol == symbol and not (fill.self_trade and fill.is_maker):
                number = spell.trade_id(fill.trade_id)
                taken = side_number(fill.side)
                data = {
                    "id": number,
                    **({"id_str": str(number)} if perpetual else {}),
                    "timestamp": seconds_text(fill.time_us),
                    **spell.size_and_price(fill.size, fill.price),
                    "type": 1 - taken if fill.is_maker else taken,
                    "microtimestamp": str(fill.time_us),
                    **_order_ids(fill),
                }
                yield data_frame("trade", channel, data)

    # Positions.

    def _settlements(self, channel: str, events: list[AccountEvent]) -> Frames:
        for event in events:
            if not isinstance(event, PositionChange):
                continue
            position, currency = event.position, self._market.instruments[event.position.symbol].quote
            funding = -rounded_amount(position.amount * event.price * FUNDING_SHARE)
            data = {
                "id": str(position.id),
                "tnx_id": str(TRANSACTION_BASE + 2 * event.seq),
                "ts": seconds_text(event.time_us),
                "price": plain_number(event.price),
                "ccy": currency,
                "as": plain_number(event.realised_profit - event.fee + funding),
                "ap": plain_number(event.realised_profit),
                "atf": plain_number(-event.fee),
                "alf": "0",
                "afu": plain_number(funding),
                "asl": "0",
                "sp": plain_number(position.base_price),
                "typ": "C" if event.kind == "closed" else "P",
            }
            yield data_frame("settlement", channel, data)
            if event.kind == "closed":
                number, amount = (
                    str(TRANSACTION_BASE + 2 * event.seq + 1),
                    plain_number(-rounded_amount(abs(event.realised_profit) / 100)),
                )
                premium = {"tnx_id": number, "ts": seconds_text(event.time_us), "ccy": currency, "amount": amount}
                yield data_frame("insurance_fund_premium", channel, premium)


def _private_frame(name: str, channel: str, event_id: str, source: str, data: Json) -> str:
    more = {"event_id": event_id, "order_source": source, "trade_account_id": MAIN_ACCOUNT}
    return data_frame(name, channel, data, more)


def _order_events(
    update: OrderUpdate, order: AccountOrder, spell: MarketFormat, cancelled: AccountOrder | None
) -> Iterator[tuple[str, Json]]:
    """Yield what an update is to the venue: one event, or two for the last fill of a market order."""
    fill = update.fill
    traded = fill.size if fill else ZERO
    if order.status == "new":
        replaces = cancelled is not None and cancelled.side == order.side and not order.stop_id
        yield "order_replaced" if replaces else "order_created", _order(update, order, spell, order.remaining, ZERO)
    elif order.status == "partial":
        yield "order_changed", _order(update, order, spell, order.remaining, traded)
    elif order.type == "market" and fill:
        yield "order_changed", _order(update, order, spell, order.remaining, traded)
        yield "order_deleted", _order(update, order, spell, order.remaining, ZERO)
    else:
        yield "order_deleted", _order(update, order, spell, order.remaining, traded)


def _order(update: OrderUpdate, order: AccountOrder, spell: MarketFormat, left: Decimal, traded: Decimal) -> Json:
    price, original = order.price, order.size
    subtype = STOP_LIMIT_SUBTYPE if order.stop_id else LIMIT_SUBTYPE
    if order.type == "market":
        subtype = MARKET_SUBTYPE
        price = update.fill.price if update.fill else order.average_price
        if order.status == "new":
            price, original = BUY_AT_ANY_PRICE if order.side == "buy" else ZERO, ZERO
    numbers = spell.size_and_price(left, price)
    if order.type == "market" and order.status == "new":
        numbers["price_str"] = plain_number(price)
    return {
        **_order_head(order.id, order.side == "sell", subtype, update.time_us),
        "amount": numbers["amount"],
        "amount_str": numbers["amount_str"],
        "amount_traded": spell.size_text(traded),
        "amount_at_create": spell.size_text(original) if original else "0",
        "price": numbers["price"],
        "price_str": numbers["price_str"],
        "trade_account_id": MAIN_ACCOUNT,
        "client_order_id": order.client_id,
        "is_liquidation": False,
    }


def _stop(update: StopUpdate, stop: StopOrder, spell: MarketFormat) -> Json:
    numbers = spell.size_and_price(stop.size, stop.price)
    return {
        **_order_head(stop.id, stop.side == "sell", STOP_LIMIT_SUBTYPE, update.time_us),
        "amount": numbers["amount"],
        "amount_str": numbers["amount_str"],
        "amount_traded": "0",
        "amount_at_create": spell.size_text(stop.size),
        "price": numbers["price"],
        "price_str": numbers["price_str"],
        "trade_account_id": MAIN_ACCOUNT,
        "client_order_id": stop.client_id,
        "is_liquidation": False,
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


def _order_ids(fill: Fill) -> Json:
    own, other = ORDER_BASE + fill.order_id, ORDER_BASE + fill.other_order_id
    buy, sell = (own, other) if fill.side == "buy" else (other, own)
    return {"buy_order_id": buy, "sell_order_id": sell}


def _position_of(fill: Fill, later: list[AccountEvent]) -> str | None:
    """Return the id of the position that a fill moved, which the log tells right after it."""
    for event in later:
        if isinstance(event, PositionChange) and event.position.symbol == fill.symbol:
            return str(event.position.id)
    return None


def _liquidation_alert(channel: str, number: int, time_ms: int) -> str:
    turn, place = divmod(number, len(LIQUIDATION_STAGES))
    initial, maintenance = MARGIN_RATIOS[place]
    data = {
        "position_id": str(880_000 + turn % 10_000),
        "trade_account_id": MAIN_ACCOUNT,
        "microtimestamp": str(time_ms * 1000),
        "alert_type": LIQUIDATION_STAGES[place],
        "margin_mode": "ISOLATED" if turn % 2 else "CROSS",
        "initial_margin_ratio": initial,
        "maintenance_margin_ratio": maintenance,
    }
    return data_frame(LIQUIDATION_STAGES[place], channel, data)


def _token_settlement(channel: str, number: int, time_ms: int) -> str:
    order_id = ORDER_BASE - 1_000_000 + number
    name = f"DEMO{number % 3 + 1}"
    data = {
        "action": "debit" if number % 4 == 3 else "credit",
        "order_id": order_id,
        "order_id_str": str(order_id),
        "instrument": f"{name}/USD",
        "token_security_currency": name,
        "tokens_quantity": f"{number % 7 + 1}.00000000",
        "datetime": iso_time(time_ms).replace("Z", "+00:00"),
    }
    return data_frame("token_ready", channel, data)
