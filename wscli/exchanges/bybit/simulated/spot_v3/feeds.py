"""The public topics of Bybit spot v3, written from the market.

Numbers are decimal strings, except times and a few flags. The one-letter keys change meaning from topic to topic.
"""

from wscli.exchanges.bybit.simulated.pushes import MONTH, TRADE_ID_BASE, WEEK, Feed, candle_open_s
from wscli.simulator.common import Cadence, ChangeCadence, Json, LogReader, level_texts, plain_number
from wscli.simulator.market import Market
from wscli.simulator.order_book import SIDES, Trade
from wscli.simulator.trade_history import DAY, HOUR, MINUTE, Candle

DEPTH = 40
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
    "1M": MONTH,
}


class BybitPublicFeeds:
    """Makes the feeds of public topics: each a function of the time that returns the pushes due.

    symbols: the exchange's symbol -> ours.
    """

    def __init__(self, market: Market, symbols: dict[str, str]) -> None:
        self._market = market
        self._symbols = symbols

    def feed(self, topic: str) -> Feed | None:
        """Return a new feed of a topic, None for an unknown topic or symbol."""
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
            bids, asks = (level_texts(level[:2] for level in book.levels(side, DEPTH)) for side in SIDES)
            return [_push(topic, now_ms, {"s": name, "t": now_ms, "b": bids, "a": asks})]

        return due

    def _bookticker(self, topic: str, name: str) -> Feed:
        symbol = self._symbols[name]
        cadence = ChangeCadence(self._market.log(symbol), 100)

        def due(now_ms: int) -> list[Json]:
            if not cadence.is_due(now_ms):
                return []
            best = [self._market.order_book(symbol).levels(side, 1)[0] for side in SIDES]
            data = {"s": name, "bp": plain_number(best[0].price), "bq": plain_number(best[0].size)}
            data |= {"ap": plain_number(best[1].price), "aq": plain_number(best[1].size)}
            return [_push(topic, now_ms, {**data, "t": now_ms})]

        return due

    def _trades(self, topic: str, name: str) -> Feed:
        log_reader = LogReader(self._market.log(self._symbols[name]))

        def due(now_ms: int) -> list[Json]:
            trades = [event for event in log_reader.read_new() if isinstance(event, Trade)]
            return [_push(topic, now_ms, _trade(trade)) for trade in trades]

        return due

    def _kline(self, topic: str, interval: str, name: str) -> Feed:
        symbol = self._symbols[name]

        def due(now_ms: int) -> list[Json]:
            start_s = candle_open_s(INTERVALS[interval], now_ms // 1000)
            candle = self._market.candle_between(symbol, start_s, now_ms // 1000 + 1)
            if candle is None:  # no trade in it so far
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
            return [_push(topic, now_ms, data)]

        return self._on_trade(symbol, due)

    def _on_trade(self, symbol: str, push: Feed) -> Feed:
        """Return a feed that pushes at once, and then whenever there are new trades."""
        log_reader = LogReader(self._market.log(symbol))
        is_first = True

        def due(now_ms: int) -> list[Json]:
            nonlocal is_first
            traded = any(isinstance(event, Trade) for event in log_reader.read_new())
            if not (traded or is_first):
                return []
            is_first = False
            return push(now_ms)

        return due


def _push(topic: str, now_ms: int, data: Json | dict[str, str]) -> Json:
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
        "m": trade.side == "buy",  # true: the buyer was the taker
        "type": "0",
    }
