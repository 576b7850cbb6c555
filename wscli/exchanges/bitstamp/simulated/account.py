"""The private channels of Bitstamp (sections 3.9 to 3.14), from the account's log.

A trade between two own orders is on private-live_trades alone. A market order is created at price 0 (999999999 for a
purchase), changed by each of its fills, and deleted at the end. An order that takes the place of one cancelled at the same
time is `order_replaced`. Every fill that changes a position settles it.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from wscli.exchanges.bitstamp.simulated.account_rows import (
    order_events,
    order_trade_data,
    self_trade_data,
    stop_data,
    trade_data,
)
from wscli.exchanges.bitstamp.simulated.account_script import MAIN_ACCOUNT, liquidation_alert, token_settlement
from wscli.exchanges.bitstamp.simulated.books import ORDER_BASE, MarketFormat, message_text, seconds_text
from wscli.exchanges.bitstamp.simulated.feeds import Feed, scripted_feed
from wscli.simulator.account_events import (
    AccountEvent,
    AccountOrder,
    Fill,
    OrderUpdate,
    PositionChange,
    StopUpdate,
    rounded_amount,
)
from wscli.simulator.common import Json, LogReader, plain_number
from wscli.simulator.market import Market

ACCOUNT_SOURCE = 0x40
TRANSACTION_BASE = 990_000
FUNDING_SHARE = Decimal("0.0000001")  # of the value of a position, at each settlement

Messages = Iterator[str]


class BitstampPrivateFeeds:
    """Makes a feed for each subscription to a private channel. formats: our symbol -> the format of its market."""

    def __init__(self, market: Market, formats: Mapping[str, MarketFormat]) -> None:
        self._market = market
        self._formats = formats

    def feed(self, channel: str, kind: str, symbol: str | None) -> Feed | None:
        """Return a new feed of a channel. symbol: None for the channels of the whole account."""
        match kind:
            case "my_settlements":
                return self._feed_of(lambda events: self._settlements(channel, events))
            case "my_liquidations":
                return scripted_feed(self._market, lambda number, time_of: liquidation_alert(channel, number, time_of))
            case "my_token_settlements":
                return scripted_feed(self._market, lambda number, time_of: token_settlement(channel, number, time_of))
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

    def _feed_of(self, messages_of: Callable[[list[AccountEvent]], Messages]) -> Feed:
        log_reader = LogReader(self._market.account.log)
        return lambda now_ms: [*messages_of(log_reader.read_new())]

    # Orders.

    def _orders(self, channel: str, symbol: str, events: list[AccountEvent]) -> Messages:
        cancelled: AccountOrder | None = None
        for event in events:
            match event:
                case OrderUpdate(order=order) if order.symbol == symbol:
                    yield from self._order_messages(channel, event, cancelled)
                    cancelled = order if order.status == "cancelled" else None
                case StopUpdate(stop=stop) if stop.symbol == symbol:
                    yield self._stop_message(channel, event)

    def _order_messages(self, channel: str, update: OrderUpdate, cancelled: AccountOrder | None) -> Messages:
        """Yield the messages of an update. cancelled: the order cancelled just before."""
        symbol = update.order.symbol
        market_format = self._formats[symbol]
        for step, (name, data) in enumerate(order_events(update, market_format, cancelled)):
            event_id = market_format.event_id(2 * update.seq + step, ACCOUNT_SOURCE)
            if self._market.instruments[symbol].perpetual:
                data["reduce_only"] = False
            if name == "order_replaced" and cancelled is not None:
                data["orig_order_id"] = ORDER_BASE + cancelled.id
            yield _order_message(name, channel, event_id, "orderbook", data)

    def _stop_message(self, channel: str, update: StopUpdate) -> str:
        stop = update.stop
        market_format = self._formats[stop.symbol]
        data = stop_data(update, stop, market_format)
        if self._market.instruments[stop.symbol].perpetual:
            data["reduce_only"] = False
        data["stop_price"] = market_format.price_text(stop.trigger_price)
        name = "stop_active" if stop.status == "new" else "stop_inactive"
        return _order_message(name, channel, market_format.event_id(2 * update.seq, ACCOUNT_SOURCE), "stop_order", data)

    # Trades.

    def _trades(self, channel: str, symbol: str, events: list[AccountEvent]) -> Messages:
        market_format, perpetual = self._formats[symbol], self._market.instruments[symbol].perpetual
        for index, fill in enumerate(events):
            if isinstance(fill, Fill) and fill.symbol == symbol and not fill.self_trade:
                position_id = _position_id_of(fill, events[index:]) if perpetual else None
                yield message_text("trade", channel, trade_data(fill, market_format, position_id, perpetual=perpetual))

    def _self_trades(self, channel: str, symbol: str, events: list[AccountEvent]) -> Messages:
        """Yield each trade between two own orders once, although there is a fill of both orders."""
        for fill in events:
            if isinstance(fill, Fill) and fill.symbol == symbol and fill.self_trade and not fill.is_maker:
                yield message_text("self_trade", channel, self_trade_data(fill, self._formats[symbol]))

    def _order_trades(self, channel: str, symbol: str, events: list[AccountEvent]) -> Messages:
        """Yield each public trade with an own order once, as live_trades has it."""
        perpetual = self._market.instruments[symbol].perpetual
        for fill in events:
            if isinstance(fill, Fill) and fill.symbol == symbol and not (fill.self_trade and fill.is_maker):
                data = order_trade_data(fill, self._formats[symbol], perpetual=perpetual)
                yield message_text("trade", channel, data)

    # Positions.

    def _settlements(self, channel: str, events: list[AccountEvent]) -> Messages:
        for event in events:
            if not isinstance(event, PositionChange):
                continue
            currency = self._market.instruments[event.position.symbol].quote
            yield message_text("settlement", channel, _settlement_data(event, currency))
            if event.kind == "closed":
                yield message_text("insurance_fund_premium", channel, _premium_data(event, currency))


def _order_message(name: str, channel: str, event_id: str, source: str, data: Json) -> str:
    more = {"event_id": event_id, "order_source": source, "trade_account_id": MAIN_ACCOUNT}
    return message_text(name, channel, data, more)


def _position_id_of(fill: Fill, later: list[AccountEvent]) -> str | None:
    """Return the id of the position that a fill changed, which the log has right after it."""
    for event in later:
        if isinstance(event, PositionChange) and event.position.symbol == fill.symbol:
            return str(event.position.id)
    return None


def _settlement_data(change: PositionChange, currency: str) -> Json:
    position = change.position
    funding = -rounded_amount(position.amount * change.price * FUNDING_SHARE)
    return {
        "id": str(position.id),
        "tnx_id": str(TRANSACTION_BASE + 2 * change.seq),
        "ts": seconds_text(change.time_us),
        "price": plain_number(change.price),
        "ccy": currency,
        "as": plain_number(change.realised_profit - change.fee + funding),
        "ap": plain_number(change.realised_profit),
        "atf": plain_number(-change.fee),
        "alf": "0",
        "afu": plain_number(funding),
        "asl": "0",
        "sp": plain_number(position.base_price),
        "typ": "C" if change.kind == "closed" else "P",
    }


def _premium_data(change: PositionChange, currency: str) -> Json:
    transaction = str(TRANSACTION_BASE + 2 * change.seq + 1)
    amount = plain_number(-rounded_amount(abs(change.realised_profit) / 100))
    return {"tnx_id": transaction, "ts": seconds_text(change.time_us), "ccy": currency, "amount": amount}
