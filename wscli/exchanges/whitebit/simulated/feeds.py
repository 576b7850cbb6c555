"""The feeds of WhiteBIT's public channels (section 3): each a function of the time that returns the params of the pushes due."""

from decimal import Decimal

from wscli.exchanges.whitebit.simulated.arguments import Feed, Params
from wscli.exchanges.whitebit.simulated.market_data import SIDES, MarketData, candle_row, seconds_of
from wscli.simulator.common import Cadence, Json, Levels, changed_levels, level_texts, plain_number
from wscli.simulator.order_book import SIDES as BIDS_FIRST
from wscli.simulator.trade_history import DAY

SNAPSHOT_TRADES = 100
MAX_TRADES = 1_000
STATISTICS_MS = 500  # the exchange takes a second
LAST_PRICE_MS = 200  # the exchange takes a second
CANDLES_MS = 500
PREMIUM_MS = 500
DEPTH_MS = 100
FULL_DEPTH_AFTER_MS = 10_000  # a complete book is sent again after this time without a change


class WhiteBitMarketFeeds:
    """Makes the feeds of the public channels; each takes the exchange's name of a market."""

    def __init__(self, data: MarketData) -> None:
        self._data = data
        self._market = data.market

    def last_price(self, name: str) -> Feed:
        """Push [market, price] at once, and when it changed (3.3)."""
        cadence, sent = Cadence(LAST_PRICE_MS), ""

        def due(now_ms: int) -> list[Params]:
            nonlocal sent
            price = self._data.last_price(name)
            if price == sent or not cadence.is_due(now_ms):
                return []
            sent = price
            return [[name, price]]

        return due

    def statistics(self, name: str) -> Feed:
        """Push [market, object] of the last day, at once and twice a second (3.4)."""
        cadence = Cadence(STATISTICS_MS)
        return lambda now_ms: [[name, self._data.statistics(name, DAY, now_ms)]] if cadence.is_due(now_ms) else []

    def today(self, name: str) -> Feed:
        """Push [market, object] of today, at once and twice a second (3.5)."""
        cadence = Cadence(STATISTICS_MS)
        return lambda now_ms: [[name, self._data.today(name, now_ms)]] if cadence.is_due(now_ms) else []

    def trades(self, name: str) -> Feed:
        """Push [market, trades newest first]: the last 100 at once, then the new ones (3.6)."""
        last_id = 0

        def due(now_ms: int) -> list[Params]:
            nonlocal last_id
            trades = self._data.trades(name, MAX_TRADES if last_id else SNAPSHOT_TRADES, last_id)
            if not trades:
                return []
            last_id = self._market.last_trade(self._data.symbols[name]).id
            return [[name, trades]]

        return due

    def candles(self, name: str, interval_s: int) -> Feed:
        """Push the rows of the candles with new trades, at most twice a second (3.2)."""
        symbol = self._data.symbols[name]
        cadence, last_id = Cadence(CANDLES_MS), self._market.last_trade(symbol).id

        def due(now_ms: int) -> list[Params]:
            nonlocal last_id
            trades = self._market.trades(symbol, MAX_TRADES, last_id)
            if not trades or not cadence.is_due(now_ms):
                return []
            last_id = trades[0].id
            starts = sorted({trade.time_us // 1_000_000 // interval_s * interval_s for trade in trades})
            candles = [self._market.candle_between(symbol, start_s, start_s + interval_s) for start_s in starts]
            return [[candle_row(candle, name) for candle in candles if candle is not None]]

        return due

    def depth(self, name: str, limit: int, price_step: Decimal) -> Feed:
        """Push [complete, book, market]: the complete book, then what changed; complete again after 10 s without a change (3.7).

        Each update carries the id of the one before it as past_update_id.
        """
        log, cadence = self._market.log(self._data.symbols[name]), Cadence(DEPTH_MS)
        sent: list[Levels] = []
        past_id = sent_ms = 0

        def due(now_ms: int) -> list[Params]:
            nonlocal sent, past_id, sent_ms
            if not cadence.is_due(now_ms):
                return []
            before, sent = sent, self._data.levels(name, limit, price_step)
            is_complete = not before or (before == sent and now_ms - sent_ms >= FULL_DEPTH_AFTER_MS)
            if before == sent and not is_complete:
                return []
            time_us = self._data.last_change_us(name)
            rows = _complete_sides(sent) if is_complete else {"past_update_id": past_id, **_changed_sides(before, sent)}
            event_time = seconds_of(max(time_us, now_ms * 1000))
            head: Json = {"timestamp": seconds_of(time_us), "update_id": log.cursor}
            past_id, sent_ms = log.cursor, now_ms
            return [[is_complete, {**head, **rows, "event_time": event_time}, name]]

        return due

    def book_ticker(self, name: str) -> Feed:
        """Push [[changed s, sent s, market, update id, bid, amount, ask, amount]] at once and on change (3.8)."""
        log, sent = self._market.log(self._data.symbols[name]), [""]

        def due(now_ms: int) -> list[Params]:
            nonlocal sent
            book = self._market.order_book(self._data.symbols[name])
            best = [level for side in BIDS_FIRST for level in book.levels(side, 1)]
            numbers = [plain_number(number) for level in best for number in (level.price, level.size)]
            if numbers == sent or len(best) < 2:
                return []
            sent = numbers
            time_us = self._data.last_change_us(name)
            row = [seconds_of(time_us), seconds_of(max(time_us, now_ms * 1000)), name, log.cursor, *numbers]
            return [[row]]

        return due

    def premium(self, name: str) -> Feed:
        """Push [[market, mark, index, funding rate, next settlement ms, sent s]] twice a second (3.9)."""
        market, symbol, cadence = self._market, self._data.symbols[name], Cadence(PREMIUM_MS)

        def due(now_ms: int) -> list[Params]:
            if not cadence.is_due(now_ms):
                return []
            numbers = (market.mark_price(symbol), market.index_price(symbol), market.funding_rate(symbol))
            row = [name, *map(plain_number, numbers), market.next_funding_s(now_ms) * 1000, seconds_of(now_ms * 1000)]
            return [[row]]

        return due


def _complete_sides(levels: list[Levels]) -> Json:
    return {key: level_texts(side.items()) for (key, _), side in zip(SIDES, levels, strict=True)}


def _changed_sides(before: list[Levels], after: list[Levels]) -> Json:
    """Return the changed levels, best first, of the sides that have any; "0" for a removed level."""
    changed: Json = {}
    for (key, side), old, new in zip(SIDES, before, after, strict=True):
        rows = sorted(changed_levels(old, new), reverse=side == "buy")
        if rows:
            changed[key] = level_texts(rows)
    return changed
