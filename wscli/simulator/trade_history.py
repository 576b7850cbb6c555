"""The trades of one instrument, and bars of a second, a minute and an hour made from them.

Before the start there is a seeded history: bars of an hour (30 days), bars of a minute (at least the last 26 hours) and 120
single trades in the last minute or two. It is made when it is first needed. All candles and statistics are made from the
same bars, so they agree to the last digit; where only a longer bar is left, all of it counts at its open time.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from wscli.simulator.instruments import INSTRUMENTS, Instrument
from wscli.simulator.order_book import Side, Trade

MINUTE, HOUR, DAY = 60, 3_600, 86_400
HISTORY_TRADES = 120
HISTORY_HOURS = 30 * 24
MINUTE_HOURS = 27  # hours before the start that have bars of a minute
MAX_TRADES = 1_000
SECONDS_KEPT = 2 * HOUR
MINUTES_KEPT = 28 * HOUR


@dataclass(frozen=True, slots=True)
class Candle:
    """A candle. open_s: the unix time it opens at; volume: base units; quote_volume: quote units."""

    open_s: int
    open: Decimal
    close: Decimal
    high: Decimal
    low: Decimal
    volume: Decimal
    quote_volume: Decimal


def flat_candle(open_s: int, price: Decimal) -> Candle:
    """Return a candle without a trade, flat at a price."""
    return Candle(open_s, price, price, price, price, Decimal(0), Decimal(0))


class Bar:
    """A candle under construction."""

    __slots__ = ("close", "high", "low", "open", "quote_volume", "volume")

    def __init__(
        self, open: Decimal, high: Decimal, low: Decimal, close: Decimal, volume: Decimal, quote: Decimal
    ) -> None:
        self.open, self.high, self.low, self.close = open, high, low, close
        self.volume, self.quote_volume = volume, quote

    def add(self, later: "Bar") -> None:
        """Add a later bar to this one."""
        if later.high > self.high:
            self.high = later.high
        if later.low < self.low:
            self.low = later.low
        self.close = later.close
        self.volume += later.volume
        self.quote_volume += later.quote_volume

    def copy(self) -> "Bar":
        """Return a copy."""
        return Bar(self.open, self.high, self.low, self.close, self.volume, self.quote_volume)


TimedBar = tuple[int, Bar]


class TradeHistory:
    """The trades and bars of one instrument."""

    def __init__(self, instrument: Instrument, seed: int, start_us: int, first_trade_id: int) -> None:
        self._instrument = instrument
        self._seed = seed
        self._first_trade_id = first_trade_id
        self.restart(start_us)

    def restart(self, start_us: int) -> None:
        """Start at a time without trades; the history ends there."""
        self._start_us = start_us
        self._trades: deque[Trade] = deque(maxlen=MAX_TRADES)
        self._seconds: dict[int, Bar] = {}
        self._minutes: dict[int, Bar] = {}
        self._hours: dict[int, Bar] = {}
        self._seconds_from = (start_us // 1_000_000 - MINUTE) // MINUTE * MINUTE
        self._minutes_from = (self._seconds_from // HOUR - MINUTE_HOURS) * HOUR
        self._has_history = False

    def record(self, trade: Trade) -> None:
        """Add a trade."""
        self._trades.append(trade)
        second = trade.time_us // 1_000_000
        bar = Bar(trade.price, trade.price, trade.price, trade.price, trade.size, trade.price * trade.size)
        _add_bar(self._seconds, second, bar)
        _add_bar(self._minutes, second - second % MINUTE, bar)
        _add_bar(self._hours, second - second % HOUR, bar)
        if second - self._seconds_from > SECONDS_KEPT + HOUR:
            self._drop_old_bars(second)

    def trades(self, limit: int = 100, after_id: int = 0) -> list[Trade]:
        """Return up to `limit` trades with an id above `after_id`, newest first."""
        self._add_history()
        trades: list[Trade] = []
        for trade in reversed(self._trades):
            if trade.id <= after_id or len(trades) == limit:
                break
            trades.append(trade)
        return trades

    def candle_between(self, start_s: int, end_s: int) -> Candle | None:
        """Return the candle of [start_s, end_s), None without a trade in it."""
        total: Bar | None = None
        for bar in self._bars_between(start_s, end_s):
            if total is None:
                total = bar.copy()
            else:
                total.add(bar)
        if total is None:
            return None
        return Candle(start_s, total.open, total.close, total.high, total.low, total.volume, total.quote_volume)

    def close_before(self, second: int) -> Decimal | None:
        """Return the price of the last trade before a second, None before the history."""
        candle = self.candle_between(0, second)
        return candle.close if candle else None

    def _bars_between(self, start_s: int, end_s: int) -> Iterator[Bar]:
        self._add_history()
        at = max(start_s, min(self._hours, default=start_s))
        while at < end_s:
            if at % HOUR == 0 and (at + HOUR <= end_s or at < self._minutes_from):
                bar, width = self._hours.get(at), HOUR
            elif at < self._minutes_from:
                bar, width = None, HOUR - at % HOUR
            elif at % MINUTE == 0 and (at + MINUTE <= end_s or at < self._seconds_from):
                bar, width = self._minutes.get(at), MINUTE
            elif at < self._seconds_from:
                bar, width = None, MINUTE - at % MINUTE
            else:
                bar, width = self._seconds.get(at), 1
            if bar is not None:
                yield bar
            at += width

    def _drop_old_bars(self, now_s: int) -> None:
        self._add_history()
        self._seconds_from = (now_s - SECONDS_KEPT) // MINUTE * MINUTE
        self._minutes_from = max(self._minutes_from, (now_s - MINUTES_KEPT) // HOUR * HOUR)
        for bars, first in ((self._seconds, self._seconds_from), (self._minutes, self._minutes_from)):
            for at in [at for at in bars if at < first]:
                del bars[at]

    def _add_history(self) -> None:
        """Insert the history before the trades since the start."""
        if self._has_history:
            return
        self._has_history = True
        live = self._seconds, self._minutes, self._hours
        live_trades = [*self._trades]
        self._seconds, self._minutes, self._hours = {}, {}, {}
        self._trades.clear()
        hours, minutes = history_bars(self._instrument, self._seed, self._minutes_from, self._seconds_from)
        self._hours.update(hours)
        for at, bar in minutes:
            self._minutes[at] = bar
            _add_bar(self._hours, at - at % HOUR, bar)
        begin_us = self._seconds_from * 1_000_000
        for trade in history_trades(self._instrument, self._seed, begin_us, self._start_us, self._first_trade_id):
            self.record(trade)
        for old, new in zip((self._seconds, self._minutes, self._hours), live, strict=True):
            for at, bar in new.items():
                _add_bar(old, at, bar)
        self._trades.extend(live_trades)


def _add_bar(bars: dict[int, Bar], at: int, bar: Bar) -> None:
    existing = bars.get(at)
    if existing is None:
        bars[at] = bar.copy()
    else:
        existing.add(bar)


def _random_walk(rng: Random, count: int, sigma: float) -> list[float]:
    """Return count + 1 factors of a random walk that ends at 1."""
    factors = [1.0]
    for _ in range(count):
        factors.append(factors[-1] * (1 + rng.gauss(0, sigma)))
    factors.reverse()
    return factors


def _bars(
    instrument: Instrument, rng: Random, factors: list[float], volume: float, start: int, width: int
) -> Iterator[TimedBar]:
    """Yield the bars between neighbouring factors, newest first, so that each is the same however many there are."""
    prices = [instrument.rounded_price(instrument.reference_price * factor) for factor in factors]
    for number in reversed(range(len(prices) - 1)):
        open_, close = prices[number], prices[number + 1]
        swing = instrument.tick * int(abs(rng.gauss(0, 0.0002)) * instrument.reference_price / float(instrument.tick))
        size = instrument.rounded_size(volume * rng.uniform(0.4, 1.6))
        low, high = min(open_, close), max(open_, close) + swing
        low = max(instrument.tick, low - swing)
        yield start + number * width, Bar(open_, high, low, close, size, size * (open_ + close) / 2)


def _price_factors(instrument: Instrument, seed: int, minutes: int) -> tuple[list[float], list[float]]:
    """Return the factors of the hours and of the minutes, which continue each other; the same for every quote of a base."""
    rng = Random(f"{seed}/history/{instrument.base}")
    near = _random_walk(rng, (MINUTE_HOURS + 1) * 60, 0.0003)[-minutes - 1 :]
    return [factor * near[0] for factor in _random_walk(rng, HISTORY_HOURS, 0.0025)], near


def _volume_per_second(instrument: Instrument) -> float:
    return instrument.typical_size * (0.02 if instrument.quiet else 1.2)


def history_bars(instrument: Instrument, seed: int, from_s: int, to_s: int) -> tuple[list[TimedBar], list[TimedBar]]:
    """Return the bars of an hour up to from_s, and of a minute in [from_s, to_s), which end at the reference price."""
    count = (to_s - from_s) // MINUTE
    hours, minutes = _price_factors(instrument, seed, count)
    rng = Random(f"{seed}/bars/{instrument.symbol}")
    volume = _volume_per_second(instrument)
    newest_hours = [*_bars(instrument, rng, hours, volume * HOUR, from_s - HISTORY_HOURS * HOUR, HOUR)]
    newest_minutes = [*_bars(instrument, rng, minutes, volume * MINUTE, from_s, MINUTE)]
    return newest_hours[::-1], newest_minutes[::-1]


def history_trades(instrument: Instrument, seed: int, begin_us: int, end_us: int, first_trade: int) -> Iterator[Trade]:
    """Yield the single trades in [begin_us, end_us), near the reference price, with increasing ids below first_trade."""
    rng = Random(f"{seed}/trades/{instrument.symbol}")
    index = INSTRUMENTS.index(instrument)
    every_us = (end_us - begin_us) // HISTORY_TRADES
    factors = _random_walk(rng, HISTORY_TRADES - 1, 0.000008)
    for number, factor in enumerate(factors):
        side: Side = "buy" if rng.random() < 0.5 else "sell"
        back = (HISTORY_TRADES - number) * len(INSTRUMENTS) - index
        yield Trade(
            seq=0,
            time_us=begin_us
            + number * every_us
            + int(rng.random() * every_us),  # one random number, whatever the start
            id=first_trade - back,
            price=instrument.rounded_price(instrument.reference_price * factor),
            size=instrument.rounded_size(instrument.typical_size * rng.uniform(0.05, 1.0)),
            side=side,
            buy_order_id=first_trade * 10 - 2 * back,
            sell_order_id=first_trade * 10 - 2 * back + 1,
        )
