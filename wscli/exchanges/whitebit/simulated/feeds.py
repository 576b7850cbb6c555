"""What WhiteBIT says of its markets: the rows and objects of its queries, and the feeds of its channels.

Prices, amounts and volumes are decimal strings; ids and the times of candles integers; other times are seconds with a
fraction, which `Decimal` stands for here. A feed is a function of the time that returns the `params` of the pushes due.
Sections are those of the reference of the protocol.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from wscli.simulator.common import Cadence, Levels, changed_levels, level_texts, plain_number, size_by_price
from wscli.simulator.market import Market
from wscli.simulator.order_book import Side, Trade
from wscli.simulator.trade_history import DAY, HOUR, MINUTE, Candle

WEEK, MONTH = 7 * DAY, 30 * DAY
SNAPSHOT_TRADES = 100  # trades
MAX_TRADES = 1_000
STATISTICS_MS = 500  # the venue takes a second
LAST_PRICE_MS = 200  # the venue takes a second
CANDLES_MS = 500
PREMIUM_MS = 500
DEPTH_MS = 100
FULL_DEPTH_AFTER_MS = 10_000  # then a book is sent again in full
SIDES: tuple[tuple[str, Side], ...] = (("asks", "sell"), ("bids", "buy"))

Params = Sequence[object] | Mapping[str, object]
Feed = Callable[[int], list[Params]]


def is_interval(seconds: int) -> bool:
    """Return whether candles come in this interval (3.2: the first matching class of size decides).

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
    """Return a time in seconds."""
    return Decimal(time_us).scaleb(-6)


class MarketData:
    """The markets by the venue's names, and what is said of one; `symbols` is the venue's name -> ours."""

    def __init__(self, market: Market, symbols: dict[str, str]) -> None:
        self.symbols = symbols
        self._market = market

    # Answers to queries.

    def last_price(self, name: str) -> str:
        """Return the price of the last trade (3.3)."""
        return plain_number(self._market.last_trade(self.symbols[name]).price)

    def statistics(self, name: str, period: int, now_ms: int) -> dict[str, object]:
        """Return the rolling window of so many seconds (3.4)."""
        window = self._market.stats(self.symbols[name], period, now_ms)
        last = plain_number(window.close)
        return {
            "period": period,
            "last": last,
            "open": plain_number(window.open),
            "close": last,
            **_price_range(window),
        }

    def today(self, name: str, now_ms: int) -> dict[str, object]:
        """Return the same since midnight UTC, without period and close (3.5)."""
        window = self._market.today(self.symbols[name], now_ms)
        return {"last": plain_number(window.close), "open": plain_number(window.open), **_price_range(window)}

    def trades(self, name: str, limit: int, last_id: int) -> list[dict[str, object]]:
        """Return up to `limit` trades with an id above last_id, newest first (3.6)."""
        return [_trade_object(trade) for trade in self._market.trades(self.symbols[name], limit, last_id)]

    def candles(self, name: str, start_s: int, end_s: int, interval: int) -> list[list[object]]:
        """Return candle rows oldest first, those without a trade flat at the close before (3.2); 1,500 at most."""
        start_s -= start_s % interval
        found = self._market.candles(self.symbols[name], interval, start_s, end_s, include_empty=True)
        return [_candle_row(candle, name) for candle in found]

    def depth(self, name: str, limit: int, step: Decimal) -> dict[str, object]:
        """Return the best levels of both sides, grouped by `step` unless that is 0 (3.7)."""
        books = [size_by_price(self._levels(name, side, limit, step)) for _, side in SIDES]
        return {
            "timestamp": seconds_of(self._last_change_us(name)),
            "asks": level_texts(books[0].items()),
            "bids": level_texts(books[1].items()),
        }

    # Feeds of channels.

    def last_price_feed(self, name: str) -> Feed:
        """Push [market, price] at once and when it is another one (3.3)."""
        cadence, said = Cadence(LAST_PRICE_MS), [""]

        def due(now_ms: int) -> list[Params]:
            price = self.last_price(name)
            if price == said[0] or not cadence.is_due(now_ms):
                return []
            said[0] = price
            return [[name, price]]

        return due

    def statistics_feed(self, name: str) -> Feed:
        """Push [market, object] of the last day, at once and twice a second (3.4)."""
        cadence = Cadence(STATISTICS_MS)
        return lambda now_ms: [[name, self.statistics(name, DAY, now_ms)]] if cadence.is_due(now_ms) else []

    def today_feed(self, name: str) -> Feed:
        """Push [market, object] of today, at once and twice a second (3.5)."""
        cadence = Cadence(STATISTICS_MS)
        return lambda now_ms: [[name, self.today(name, now_ms)]] if cadence.is_due(now_ms) else []

    def trades_feed(self, name: str) -> Feed:
        """Push [market, trades newest first]: a back-fill at once, then each round of trades (3.6)."""
        seen = [0]

        def due(now_ms: int) -> list[Params]:
            found = self.trades(name, MAX_TRADES if seen[0] else SNAPSHOT_TRADES, seen[0])
            if not found:
                return []
            seen[0] = self._market.last_trade(self.symbols[name]).id
            return [[name, found]]

        return due

    def candles_feed(self, name: str, interval: int) -> Feed:
        """Push the rows of the candles that trades changed, every half second that saw one (3.2)."""
        symbol = self.symbols[name]
        cadence, seen = Cadence(CANDLES_MS), [self._market.last_trade(symbol).id]

        def due(now_ms: int) -> list[Params]:
            found = self._market.trades(symbol, MAX_TRADES, seen[0])
            if not found or not cadence.is_due(now_ms):
                return []
            seen[0] = found[0].id
            opens = sorted({trade.time_us // 1_000_000 // interval * interval for trade in found})
            windows = [self._market.candle_between(symbol, at, at + interval) for at in opens]
            return [[_candle_row(window, name) for window in windows if window is not None]]

        return due

    def depth_feed(self, name: str, limit: int, step: Decimal) -> Feed:
        """Push [full, book, market]: the whole book, then changes chained by their ids, and all of it after a silence (3.7)."""
        log, cadence = self._market.log(self.symbols[name]), Cadence(DEPTH_MS)
        held: list[Levels] = []
        past_id = said_ms = 0

        def due(now_ms: int) -> list[Params]:
            nonlocal held, past_id, said_ms
            if not cadence.is_due(now_ms):
                return []
            before, held = held, [size_by_price(self._levels(name, side, limit, step)) for _, side in SIDES]
            full = not before or (before == held and now_ms - said_ms >= FULL_DEPTH_AFTER_MS)
            if before == held and not full:
                return []
            time_us = self._last_change_us(name)
            book: dict[str, object] = {"timestamp": seconds_of(time_us), "update_id": log.cursor}
            if full:
                book |= {"asks": level_texts(held[0].items()), "bids": level_texts(held[1].items())}
            else:
                book |= {"past_update_id": past_id, **_changed_sides(before, held)}
            book["event_time"] = seconds_of(max(time_us, now_ms * 1000))
            past_id, said_ms = log.cursor, now_ms
            return [[full, book, name]]

        return due

    def book_ticker_feed(self, name: str) -> Feed:
        """Push [[changed s, said s, market, update id, bid, amount, ask, amount]] at once and on change (3.8)."""
        log, said = self._market.log(self.symbols[name]), [[""]]

        def due(now_ms: int) -> list[Params]:
            book = self._market.order_book(self.symbols[name])
            best = [row for side in ("buy", "sell") for row in book.levels(side, 1)]
            top = [plain_number(number) for row in best for number in (row.price, row.size)]
            if top == said[0] or len(best) < 2:
                return []
            said[0] = top
            time_us = self._last_change_us(name)
            row = [seconds_of(time_us), seconds_of(max(time_us, now_ms * 1000)), name, log.cursor, *top]
            return [[row]]

        return due

    def premium_feed(self, name: str) -> Feed:
        """Push [[market, mark, index, funding rate, next settlement ms, said s]] twice a second (3.9)."""
        symbol, cadence = self.symbols[name], Cadence(PREMIUM_MS)

        def due(now_ms: int) -> list[Params]:
            if not cadence.is_due(now_ms):
                return []
            market = self._market
            numbers = (market.mark_price(symbol), market.index_price(symbol), market.funding_rate(symbol))
            row = [name, *map(plain_number, numbers), market.next_funding_s(now_ms) * 1000, seconds_of(now_ms * 1000)]
            return [[row]]

        return due

    def _levels(self, name: str, side: Side, limit: int, step: Decimal) -> list[tuple[Decimal, Decimal, int]]:
        return [*self._market.order_book(self.symbols[name]).levels(side, limit, step or None)]

    def _last_change_us(self, name: str) -> int:
        """Return when something last happened on a market."""
        return next(self._market.log(self.symbols[name]).recent()).time_us


def _price_range(window: Candle) -> dict[str, object]:
    numbers = {"high": window.high, "low": window.low, "volume": window.volume, "deal": window.quote_volume}
    return {key: plain_number(number) for key, number in numbers.items()}


def _candle_row(candle: Candle, name: str) -> list[object]:
    """Return a row: the close comes before the high (3.2)."""
    numbers = (candle.open, candle.close, candle.high, candle.low, candle.volume, candle.quote_volume)
    return [candle.open_s, *map(plain_number, numbers), name]


def _trade_object(trade: Trade) -> dict[str, object]:
    return {
        "id": trade.id,
        "time": seconds_of(trade.time_us),
        "price": plain_number(trade.price),
        "amount": plain_number(trade.size),
        "type": trade.side,
        "rpi": False,
    }


def _changed_sides(before: list[Levels], after: list[Levels]) -> dict[str, object]:
    """Return the changed levels, best first, of the sides that have any; "0" for a level that went."""
    found: dict[str, object] = {}
    for (key, side), old, new in zip(SIDES, before, after, strict=True):
        rows = sorted(changed_levels(old, new), reverse=side == "buy")
        if rows:
            found[key] = level_texts(rows)
    return found
