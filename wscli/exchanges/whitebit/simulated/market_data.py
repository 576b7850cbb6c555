"""WhiteBIT's markets by the exchange's names: the results of its public queries (section 3), written from the market.

Prices, amounts and volumes are decimal strings; ids and the times of candles integers; other times are seconds with a
fraction, Decimal here. Sections are those of the reference of the protocol.
"""

from decimal import Decimal

from wscli.simulator.common import Json, Levels, level_texts, plain_number, size_by_price
from wscli.simulator.market import Market
from wscli.simulator.order_book import Side, Trade
from wscli.simulator.trade_history import DAY, HOUR, MINUTE, Candle

WEEK, MONTH = 7 * DAY, 30 * DAY
SIDES: tuple[tuple[str, Side], ...] = (("asks", "sell"), ("bids", "buy"))


def is_interval(seconds: int) -> bool:
    """Return whether candles come in an interval (3.2: the first matching class of size decides).

    >>> [n for n in range(1, 3000001) if is_interval(n)][-4:], is_interval(45), is_interval(5400)
    ([432000, 518400, 604800, 2592000], False, False)
    """
    if seconds < 1:
        return False
    if seconds < MINUTE:
        return MINUTE % seconds == 0
    if seconds < HOUR:
        return seconds % MINUTE == 0 and HOUR % seconds == 0
    if seconds < DAY:
        return seconds % HOUR == 0 and DAY % seconds == 0
    if seconds < WEEK:
        return seconds % DAY == 0
    return seconds in (WEEK, MONTH)


def seconds_of(time_us: int) -> Decimal:
    """Return microseconds as seconds."""
    return Decimal(time_us).scaleb(-6)


class MarketData:
    """The markets. symbols: the exchange's name -> our symbol."""

    def __init__(self, market: Market, symbols: dict[str, str]) -> None:
        self.symbols = symbols
        self.market = market

    def last_price(self, name: str) -> str:
        """Return the price of the last trade (3.3)."""
        return plain_number(self.market.last_trade(self.symbols[name]).price)

    def statistics(self, name: str, period_s: int, now_ms: int) -> Json:
        """Return the statistics of the last period_s seconds (3.4)."""
        window = self.market.stats(self.symbols[name], period_s, now_ms)
        last = plain_number(window.close)
        head = {"period": period_s, "last": last, "open": plain_number(window.open), "close": last}
        return {**head, **_range_and_volume(window)}

    def today(self, name: str, now_ms: int) -> Json:
        """Return the same since midnight UTC, without period and close (3.5)."""
        window = self.market.today(self.symbols[name], now_ms)
        return {"last": plain_number(window.close), "open": plain_number(window.open), **_range_and_volume(window)}

    def trades(self, name: str, limit: int, last_id: int) -> list[Json]:
        """Return up to `limit` trades with an id above last_id, newest first (3.6)."""
        return [_trade_object(trade) for trade in self.market.trades(self.symbols[name], limit, last_id)]

    def candles(self, name: str, start_s: int, end_s: int, interval_s: int) -> list[list[object]]:
        """Return candle rows, oldest first, at most 1,500; those without a trade are flat at the close before (3.2)."""
        start_s -= start_s % interval_s
        candles = self.market.candles(self.symbols[name], interval_s, start_s, end_s, include_empty=True)
        return [candle_row(candle, name) for candle in candles]

    def depth(self, name: str, limit: int, price_step: Decimal) -> Json:
        """Return the best levels of both sides, grouped by a price step unless that is 0 (3.7)."""
        levels = self.levels(name, limit, price_step)
        rows = {key: level_texts(side.items()) for (key, _), side in zip(SIDES, levels, strict=True)}
        return {"timestamp": seconds_of(self.last_change_us(name)), **rows}

    def levels(self, name: str, limit: int, price_step: Decimal) -> list[Levels]:
        """Return the best levels of the asks, and of the bids."""
        book = self.market.order_book(self.symbols[name])
        return [size_by_price(book.levels(side, limit, price_step or None)) for _, side in SIDES]

    def last_change_us(self, name: str) -> int:
        """Return the time of the last event of a market."""
        return next(self.market.log(self.symbols[name]).recent()).time_us


def _range_and_volume(window: Candle) -> Json:
    numbers = {"high": window.high, "low": window.low, "volume": window.volume, "deal": window.quote_volume}
    return {key: plain_number(number) for key, number in numbers.items()}


def candle_row(candle: Candle, name: str) -> list[object]:
    """Return a row: time, open, close, high, low, volume, quote volume, market (3.2)."""
    numbers = (candle.open, candle.close, candle.high, candle.low, candle.volume, candle.quote_volume)
    return [candle.open_s, *map(plain_number, numbers), name]


def _trade_object(trade: Trade) -> Json:
    return {
        "id": trade.id,
        "time": seconds_of(trade.time_us),
        "price": plain_number(trade.price),
        "amount": plain_number(trade.size),
        "type": trade.side,
        "rpi": False,
    }
