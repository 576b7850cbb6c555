"""What Bybit spot v3 pushes: the five public topics and the four private ones, written from the market.

Numbers are decimal strings but for times and a few flags. The one-letter keys change meaning from topic to topic.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from wscli.simulator.account_events import AccountEvent, AccountOrder, BalanceChange, Fill, OrderUpdate, StopUpdate
from wscli.simulator.common import Cadence, LogReader, plain_number
from wscli.simulator.market import Market
from wscli.simulator.order_book import Side, Trade
from wscli.simulator.trade_history import DAY, HOUR, MINUTE, Candle

DEPTH = 40
WEEK = 7 * DAY
MONDAY = 4 * DAY  # the epoch was a Thursday
TRADE_ID_BASE = 2_290_000_000_000_000_000
OTHER_USER_ID = "10000001"  # the account of everybody else
INTERVALS = {
    "1m": MINUTE,
    "3m": 3 * MINUTE,
    "5m": 5 * MINUTE,
    "15m": 15 * MINUTE,
    "30m": 30 * MINUTE,
    "1h": HOUR,
    "2h": 2 * HOUR,
    "4h": 4 * HOUR,
    "6h": 6 * HOUR,
    "12h": 12 * HOUR,
    "1d": DAY,
    "1w": WEEK,
    "1M": 0,
}
PRIVATE_TOPICS = ("order", "stopOrder", "ticketInfo", "outboundAccountInfo")
SIDES: dict[Side, str] = {"buy": "BUY", "sell": "SELL"}
STATUS = {"new": "NEW", "partial": "PARTIALLY_FILLED", "filled": "FILLED", "cancelled": "CANCELED"}
STOP_STATUS = {"new": "ORDER_NEW", "triggered": "ORDER_FILLED", "cancelled": "ORDER_CANCELED"}

Json = dict[str, object]
Feed = Callable[[int], list[Json]]


def candle_open_s(interval: str, now_s: int) -> int:
    """Return when the candle of a moment opened: weeks on Mondays, months on the first, UTC.

    >>> candle_open_s("1w", 1_700_000_000), candle_open_s("1M", 1_700_000_000)
    (1699833600, 1698796800)
    """
    if interval == "1M":
        now = datetime.fromtimestamp(now_s, UTC)
        return int(datetime(now.year, now.month, 1, tzinfo=UTC).timestamp())
    if interval == "1w":
        return (now_s - MONDAY) // WEEK * WEEK + MONDAY
    return now_s // INTERVALS[interval] * INTERVALS[interval]


class BybitPublicFeeds:
    """A feed per public topic: a function of the time that returns what is due."""

    def __init__(self, market: Market, symbols: dict[str, str]) -> None:
        self._market = market
        self._symbols = symbols

    def feed(self, topic: str) -> Feed | None:
        """Return a new feed of a topic, None when there is no such topic or symbol."""
        match topic.split("."):
            case ["orderbook", "40", name] if name in self._symbols:
                return self._orderbook(topic, name)
            case ["trade", name] if name in self._symbols:
                return self._trades(topic, name)
            case ["kline", interval, name] if name in self._symbols and interval in INTERVALS:
                return self._kline(topic, interval, name)
            case ["tickers", name] if name in self._symbols:
                return self._tickers(topic, name)
            case ["bookticker", name] if name in self._symbols:
                return self._bookticker(topic, name)
        return None

    def _orderbook(self, topic: str, name: str) -> Feed:
        book, cadence = self._market.order_book(self._symbols[name]), Cadence(100)

        def due(now_ms: int) -> list[Json]:
            if not cadence.is_due(now_ms):
                return []
            bids, asks = (
                [[plain_number(price), plain_number(size)] for price, size, _ in book.levels(side, DEPTH)]
                for side in book_sides()
            )
            return [_push_frame(topic, now_ms, {"s": name, "t": now_ms, "b": bids, "a": asks})]

        return due

    def _bookticker(self, topic: str, name: str) -> Feed:
        symbol = self._symbols[name]
        cadence, cursor, first = Cadence(100), LogReader(self._market.log(symbol)), [True]

        def due(now_ms: int) -> list[Json]:
            if not (cursor.has_new or first) or not cadence.is_due(now_ms):
                return []
            first.clear()
            cursor.read_new()
            best = [self._market.order_book(symbol).levels(side, 1)[0] for side in book_sides()]
            data = {"s": name, "bp": plain_number(best[0].price), "bq": plain_number(best[0].size)}
            data |= {"ap": plain_number(best[1].price), "aq": plain_number(best[1].size)}
            return [_push_frame(topic, now_ms, {**data, "t": now_ms})]

        return due

    def _trades(self, topic: str, name: str) -> Feed:
        cursor = LogReader(self._market.log(self._symbols[name]))

        def due(now_ms: int) -> list[Json]:
            return [
                _push_frame(topic, now_ms, _trade(event)) for event in cursor.read_new() if isinstance(event, Trade)
            ]

        return due

    def _kline(self, topic: str, interval: str, name: str) -> Feed:
        symbol = self._symbols[name]

        def due(now_ms: int) -> list[Json]:
            start_s = candle_open_s(interval, now_ms // 1000)
            candle = self._market.candle_between(symbol, start_s, now_ms // 1000 + 1)
            if candle is None:  # nothing traded in it so far
                return []
            data = {"t": start_s * 1000, "s": name, **_candle_prices(candle), "v": plain_number(candle.volume)}
            return [{"type": "snapshot", "topic": topic, "data": data, "ts": now_ms}]

        return self._on_trade(symbol, due)

    def _tickers(self, topic: str, name: str) -> Feed:
        symbol = self._symbols[name]
        base = self._market.instruments[symbol].base

        def due(now_ms: int) -> list[Json]:
            day = self._market.stats(symbol, DAY, now_ms)
            data = {
                "t": self._market.last_trade(symbol).time_us // 1000,
                "s": name,
                "o": plain_number(day.open),
                "h": plain_number(day.high),
                "l": plain_number(day.low),
                "c": plain_number(day.close),
                "v": plain_number(day.volume),
                "qv": plain_number(day.quote_volume),
                "m": plain_number(round((day.close - day.open) / day.open, 4)),
                "xp": plain_number(self._market.index_price(f"{base}/USD")),
            }
            return [_push_frame(topic, now_ms, data)]

        return self._on_trade(symbol, due)

    def _on_trade(self, symbol: str, push: Feed) -> Feed:
        """Return a feed that pushes at once and then after each round of trades."""
        cursor, first = LogReader(self._market.log(symbol)), [True]

        def due(now_ms: int) -> list[Json]:
            traded = any(isinstance(event, Trade) for event in cursor.read_new())
            if not (traded or first):
                return []
            first.clear()
            return push(now_ms)

        return due


def book_sides() -> tuple[Side, Side]:
    """Return bids, asks."""
    return "buy", "sell"


def _push_frame(topic: str, now_ms: int, data: Json | dict[str, str]) -> Json:
    return {"topic": topic, "ts": now_ms, "type": "snapshot", "data": data}


def _candle_prices(candle: Candle) -> Json:
    return {
        "o": plain_number(candle.open),
        "c": plain_number(candle.close),
        "h": plain_number(candle.high),
        "l": plain_number(candle.low),
    }


def _trade(trade: Trade) -> Json:
    return {
        "v": str(TRADE_ID_BASE + trade.id),
        "t": trade.time_us // 1000,
        "p": plain_number(trade.price),
        "q": plain_number(trade.size),
        "m": trade.side == "buy",  # true: the buyer took
        "type": "0",
    }


class BybitPrivateFeeds:
    """What the private topics say about the events of the account; `names` is our symbol -> the venue's."""

    def __init__(self, names: dict[str, str], user_id: int) -> None:
        self._names = names
        self._user_id = str(user_id)
        self._coins = {part for symbol in names for part in symbol.split("/")}

    def pushes(self, events: list[AccountEvent], topics: set[str]) -> Iterator[tuple[str, list[Json]]]:
        """Yield (topic, data) for what is subscribed, in the order it happened; wallets last, one push a round."""
        wallet: dict[str, Json] = {}
        updated_us = 0
        for event in events:
            match event:
                case Fill(symbol=symbol) if symbol in self._names and "ticketInfo" in topics:
                    yield "ticketInfo", [self._ticket(event)]
                case OrderUpdate(order=order) if order.symbol in self._names and "order" in topics:
                    yield "order", [self._order(event, order)]
                case StopUpdate(stop=stop) if stop.symbol in self._names and "stopOrder" in topics:
                    yield "stopOrder", [self._stop(event)]
                case BalanceChange(balance=held) if held.currency in self._coins:
                    wallet[held.currency] = {
                        "a": held.currency,
                        "f": plain_number(held.free),
                        "l": plain_number(held.locked),
                    }
                    updated_us = event.time_us
        if wallet and "outboundAccountInfo" in topics:
            data: Json = {"e": "outboundAccountInfo", "E": milliseconds(updated_us), "T": True, "W": True, "D": True}
            yield "outboundAccountInfo", [{**data, "B": [*wallet.values()]}]

    def _ticket(self, fill: Fill) -> Json:
        return {
            "e": "ticketInfo",
            "E": milliseconds(fill.time_us),
            "s": self._names[fill.symbol],
            "q": plain_number(fill.size),
            "t": milliseconds(fill.time_us),
            "p": plain_number(fill.price),
            "T": str(TRADE_ID_BASE + fill.trade_id),
            "o": str(fill.order_id),
            "c": fill.client_id,
            "O": str(fill.other_order_id),
            "a": self._user_id,
            "A": self._user_id if fill.self_trade else OTHER_USER_ID,
            "m": fill.is_maker,
            "S": SIDES[fill.side],
            "b": "",
        }

    def _order(self, update: OrderUpdate, order: AccountOrder) -> Json:
        fill, status = update.fill, STATUS[order.status]
        if order.status == "cancelled" and order.filled:
            status = "PARTIALLY_FILLED_CANCELED"
        return {
            "e": "order",
            "E": milliseconds(update.time_us),
            "s": self._names[order.symbol],
            "c": order.client_id,
            "S": SIDES[order.side],
            "o": "LIMIT" if order.type == "limit" else "MARKET_OF_BASE",  # the account's market orders are sales
            "f": "GTC" if order.type == "limit" else "IOC",
            "q": plain_number(order.size),
            "p": plain_number(order.price),
            "X": status,
            "i": str(order.id),
            "M": str(fill.other_order_id) if fill else "0",
            "l": plain_number(fill.size) if fill else "0",
            "L": plain_number(fill.price) if fill else "0",
            "z": plain_number(order.filled),
            "Z": plain_number(order.filled_value),
            "n": plain_number(fill.fee) if fill else "0",
            "N": fill.fee_currency if fill else "",
            "u": not (fill and fill.self_trade),
            "w": order.status in ("new", "partial"),
            "m": False,
            "O": milliseconds(order.created_us),
            "A": (self._user_id if fill.self_trade else OTHER_USER_ID) if fill else "0",
            "C": order.status in ("filled", "cancelled"),
            "v": "0",
            "d": "NO_LIQ",
            "t": str(TRADE_ID_BASE + fill.trade_id) if fill else "0",
            "b": "",
            "ct": "",
            "st": "None",
            "sg": 0,
            "so": "",
        }

    def _stop(self, update: StopUpdate) -> Json:
        stop = update.stop
        return {
            "e": "stopOrder",
            "E": milliseconds(update.time_us),
            "s": self._names[stop.symbol],
            "c": stop.client_id,
            "S": SIDES[stop.side],
            "o": "LIMIT",
            "f": "GTC",
            "q": plain_number(stop.size),
            "p": plain_number(stop.price),
            "X": STOP_STATUS[stop.status],
            "i": str(stop.id),
            "T": milliseconds(stop.created_us),
            "t": milliseconds(stop.triggered_us),
            "C": milliseconds(update.time_us),
            "qp": plain_number(stop.market_price),
            "eo": str(stop.order_id) if stop.order_id else "",
            "ti": "",
            "si": "",
            "tp": plain_number(stop.trigger_price),
        }


def milliseconds(time_us: int) -> str:
    return str(time_us // 1000)
