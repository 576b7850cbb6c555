"""One seeded market behind all the simulated venues: pure, deterministic, no clock of its own.

`advance(now_ms)` runs steps of 50 ms (divided by the rate) up to now. The same seed and number of steps give the same
prices, sizes and ids; only time stamps move with start_ms. Trades come only from crossing orders.
"""

from collections.abc import Mapping
from decimal import Decimal
from random import Random

from wscli.simulator.account import Account
from wscli.simulator.instruments import INSTRUMENTS, PERPETUAL, REFERENCE, Instrument
from wscli.simulator.matching_engine import Clock, Desk
from wscli.simulator.order_book import Book, Log, MarketEvent, Trade
from wscli.simulator.trade_history import DAY, Candle, Tape
from wscli.simulator.traders import Agents, Script

STEP_US = 50_000
FIRST_ORDER = 1_900_000_001
FIRST_TRADE = 500_100_000
SIGMA = 4e-6  # relative, a step
PULL = 1e-7  # back to the reference, a step
FUNDING_S = 8 * 3600


class Market:
    """The books, tapes and the account, and the process that moves them.

    rate: events per unit of time, 1 being about 5 trades and 10 order events a second on each active instrument.
    start_ms: unix time of step 0.
    """

    def __init__(self, seed: int = 7, rate: float = 1.0, *, start_ms: int) -> None:
        self.seed = seed
        self.rate = rate
        self.start_ms = start_ms
        self.steps = 0
        self.begun = False  # something is or was subscribed
        self.instruments: Mapping[str, Instrument] = {item.symbol: item for item in INSTRUMENTS}
        start_us = start_ms * 1000
        self._clock = Clock(start_us, FIRST_ORDER, FIRST_TRADE)
        self._next_us = start_us
        self._step_us = max(1, round(STEP_US / rate))
        self._desks = {
            item.symbol: Desk(item, self._clock, Tape(item, seed, start_us, FIRST_TRADE)) for item in INSTRUMENTS
        }
        self._reference = dict(REFERENCE)
        self._rng = Random(f"{seed}/reference")
        self._agents = {symbol: Agents(desk, Random(f"{seed}/agents/{symbol}")) for symbol, desk in self._desks.items()}
        self.account = Account(self._clock, self.instruments)
        for desk in self._desks.values():
            desk.on_trade = self.account.heard
        self._script = Script(self.account, self._desks, self._agents, Random(f"{seed}/account"))

    def begin(self, now_ms: int) -> None:
        """Move the start to now: until then nothing has happened but the history."""
        self.start_ms, self._next_us, self.begun = now_ms, now_ms * 1000, True
        self._clock.start(self._next_us)
        for desk in self._desks.values():
            desk.tape.start(self._next_us)

    def advance(self, now_ms: int, most: int | None = None) -> int:
        """Run the steps due up to now; return how many.

        most: run no more than so many and pass over the rest of the time (after a sleep of the machine).
        """
        now_us, done = now_ms * 1000, 0
        while self._next_us <= now_us:
            if most is not None and done >= most:
                self._next_us += ((now_us - self._next_us) // self._step_us + 1) * self._step_us
                break
            self._clock.now_us = self._next_us
            self._step()
            self._next_us += self._step_us
            done += 1
        return done

    def _step(self) -> None:
        for base, price in self._reference.items():
            self._reference[base] = price * (1 + self._rng.gauss(0, SIGMA)) + PULL * (REFERENCE[base] - price)
        for symbol, agents in self._agents.items():
            agents.step(self._fair(self._desks[symbol].instrument))
        self._script.step(self.steps)
        self.steps += 1

    def _fair(self, instrument: Instrument) -> float:
        if instrument.quote == "BTC":
            return self._reference[instrument.base] / self._reference["BTC"]
        return instrument.price * self._reference[instrument.base] / REFERENCE[instrument.base]

    def book(self, symbol: str) -> Book:
        """Return the live book: read it, keep no hold of it."""
        return self._desks[symbol].book

    def log(self, symbol: str) -> Log[MarketEvent]:
        """Return the log of an instrument: `cursor` is its end, `since(cursor)` what followed."""
        return self._desks[symbol].log

    def trades(self, symbol: str, limit: int = 100, after_id: int = 0) -> list[Trade]:
        """Return up to `limit` trades with an id above `after_id`, newest first (history included)."""
        return self._desks[symbol].tape.trades(limit, after_id)

    def last(self, symbol: str) -> Trade:
        """Return the newest trade."""
        return self._desks[symbol].last or self.trades(symbol, 1)[0]

    def best(self, symbol: str) -> tuple[Decimal, Decimal]:
        """Return the best bid and ask prices."""
        book = self._desks[symbol].book
        last = self.last(symbol).price
        return book.best("buy") or last, book.best("sell") or last

    def window(self, symbol: str, start_s: int, end_s: int) -> Candle | None:
        """Return the fold of what was traded in [start_s, end_s), None when nothing was."""
        return self._desks[symbol].tape.window(start_s, end_s)

    def candles(self, symbol: str, interval_s: int, start_s: int, end_s: int, *, gaps: bool = False) -> list[Candle]:
        """Return the candles that open in [start_s, end_s], oldest first; open times are multiples of the interval.

        gaps: also those without a trade, flat at the close before them. At most 1,500 candles, the newest.
        """
        last = end_s // interval_s * interval_s
        first = max(-(-start_s // interval_s) * interval_s, last - 1_499 * interval_s)
        rows: list[Candle] = []
        for open_s in range(first, last + 1, interval_s):
            found = self.window(symbol, open_s, open_s + interval_s)
            if found is None and gaps:
                close = rows[-1].close if rows else self._desks[symbol].tape.close_before(open_s)
                found = Candle(open_s, close, close, close, close, Decimal(0), Decimal(0)) if close else None
            if found is not None:
                rows.append(found)
        return rows

    def candle(self, symbol: str, interval_s: int, now_ms: int) -> Candle:
        """Return the running candle; flat at the last price while nothing was traded in it."""
        open_s = now_ms // 1000 // interval_s * interval_s
        return self.window(symbol, open_s, open_s + interval_s) or self._flat(symbol, open_s)

    def stats(self, symbol: str, window_s: int, now_ms: int) -> Candle:
        """Return open, high, low, close (the last price) and volumes of the window that ends with this second."""
        end_s = now_ms // 1000 + 1
        return self.window(symbol, end_s - window_s, end_s) or self._flat(symbol, end_s - window_s)

    def today(self, symbol: str, now_ms: int) -> Candle:
        """Return the same since midnight UTC."""
        return self.candle(symbol, DAY, now_ms)

    def _flat(self, symbol: str, open_s: int) -> Candle:
        price = self.last(symbol).price
        return Candle(open_s, price, price, price, price, Decimal(0), Decimal(0))

    def index_price(self, symbol: str) -> Decimal:
        """Return the reference price, on the tick."""
        instrument = self.instruments[symbol]
        return instrument.priced(self._fair(instrument))

    def mark_price(self, symbol: str = PERPETUAL) -> Decimal:
        """Return the middle of the book, on the tick."""
        bid, ask = self.best(symbol)
        return self.instruments[symbol].priced(float(bid + ask) / 2)

    def funding_rate(self, symbol: str = PERPETUAL) -> Decimal:
        """Return the funding rate of the perpetual, a ratio for eight hours; it follows mark over index."""
        premium = float(self.mark_price(symbol) / self.index_price(symbol)) - 1
        return Decimal(f"{0.0001 + max(-0.0005, min(0.0005, premium)):.6f}")

    def next_funding_s(self, now_ms: int) -> int:
        """Return the unix time of the next funding: 0, 8 and 16 h UTC."""
        return (now_ms // 1000 // FUNDING_S + 1) * FUNDING_S
