"""One seeded market behind all simulated exchanges: deterministic, without a clock of its own.

`advance(now_ms)` runs the steps up to a time, each of 50 ms divided by the rate. The same seed and number of steps give the
same prices, sizes and ids; only the time stamps depend on start_ms. All trades are matches of orders.
"""

from collections.abc import Mapping
from decimal import Decimal
from random import Random

from wscli.simulator.account import SimulatedAccount
from wscli.simulator.instruments import INSTRUMENTS, PERPETUAL, REFERENCE_PRICES, Instrument
from wscli.simulator.matching_engine import MarketClock, MatchingEngine
from wscli.simulator.order_book import Log, MarketEvent, SimulatedBook, Trade
from wscli.simulator.trade_history import DAY, Candle, TradeHistory, flat_candle
from wscli.simulator.traders import AccountScript, Traders

STEP_US = 50_000
FIRST_ORDER_ID = 1_900_000_001
FIRST_TRADE_ID = 500_100_000
VOLATILITY = 4e-6  # relative, a step
MEAN_REVERSION = 1e-7  # back to the reference, a step
FUNDING_S = 8 * 3600


class Market:
    """The instruments' books and trades, the account, and the traders that move them.

    rate: the speed; 1 is about 5 trades and 10 order events a second on each active instrument.
    start_ms: the time of step 0, unix milliseconds.
    """

    def __init__(self, seed: int = 7, rate: float = 1.0, *, start_ms: int) -> None:
        self.seed = seed
        self.rate = rate
        self.start_ms = start_ms
        self.steps = 0
        self.started = False  # the server starts it with the first subscription
        self.instruments: Mapping[str, Instrument] = {item.symbol: item for item in INSTRUMENTS}
        start_us = start_ms * 1000
        self._clock = MarketClock(start_us, FIRST_ORDER_ID, FIRST_TRADE_ID)
        self._next_us = start_us
        self._step_us = max(1, round(STEP_US / rate))
        self._engines = {
            item.symbol: MatchingEngine(item, self._clock, TradeHistory(item, seed, start_us, FIRST_TRADE_ID))
            for item in INSTRUMENTS
        }
        self._reference_prices = dict(REFERENCE_PRICES)
        self._rng = Random(f"{seed}/reference")
        self._traders = {
            symbol: Traders(engine, Random(f"{seed}/agents/{symbol}")) for symbol, engine in self._engines.items()
        }
        self.account = SimulatedAccount(self._clock, self.instruments)
        for engine in self._engines.values():
            engine.on_trade = self.account.apply_trade
        self._script = AccountScript(self.account, self._engines, self._traders, Random(f"{seed}/account"))

    def start(self, now_ms: int) -> None:
        """Move step 0 to now; before it there is only the history."""
        self.start_ms, self._next_us, self.started = now_ms, now_ms * 1000, True
        self._clock.start(self._next_us)
        for engine in self._engines.values():
            engine.trade_history.restart(self._next_us)

    def advance(self, now_ms: int, max_steps: int | None = None) -> int:
        """Run the steps due up to now; return how many.

        max_steps: run at most this many, and skip the rest of the time (after a sleep of the machine).
        """
        now_us, count = now_ms * 1000, 0
        while self._next_us <= now_us:
            if max_steps is not None and count >= max_steps:
                self._next_us += ((now_us - self._next_us) // self._step_us + 1) * self._step_us
                break
            self._clock.now_us = self._next_us
            self._step()
            self._next_us += self._step_us
            count += 1
        return count

    def _step(self) -> None:
        for base, price in self._reference_prices.items():
            self._reference_prices[base] = price * (1 + self._rng.gauss(0, VOLATILITY)) + MEAN_REVERSION * (
                REFERENCE_PRICES[base] - price
            )
        for symbol, traders in self._traders.items():
            traders.step(self._fair_price(self._engines[symbol].instrument))
        self._script.step(self.steps)
        self.steps += 1

    def _fair_price(self, instrument: Instrument) -> float:
        if instrument.quote == "BTC":
            return self._reference_prices[instrument.base] / self._reference_prices["BTC"]
        return instrument.reference_price * self._reference_prices[instrument.base] / REFERENCE_PRICES[instrument.base]

    def order_book(self, symbol: str) -> SimulatedBook:
        """Return the book, which changes with every step."""
        return self._engines[symbol].book

    def log(self, symbol: str) -> Log[MarketEvent]:
        """Return the log of an instrument; see `LogReader` in `common.py`."""
        return self._engines[symbol].log

    def trades(self, symbol: str, limit: int = 100, after_id: int = 0) -> list[Trade]:
        """Return up to `limit` trades with an id above `after_id`, newest first (history included)."""
        return self._engines[symbol].trade_history.trades(limit, after_id)

    def last_trade(self, symbol: str) -> Trade:
        """Return the newest trade."""
        return self._engines[symbol].last_trade or self.trades(symbol, 1)[0]

    def best_prices(self, symbol: str) -> tuple[Decimal, Decimal]:
        """Return the best bid and ask; the last price for a side without orders."""
        book = self._engines[symbol].book
        last = self.last_trade(symbol).price
        return book.best("buy") or last, book.best("sell") or last

    def candle_between(self, symbol: str, start_s: int, end_s: int) -> Candle | None:
        """Return the candle of the trades in [start_s, end_s), None without a trade."""
        return self._engines[symbol].trade_history.candle_between(start_s, end_s)

    def candles(
        self, symbol: str, interval_s: int, start_s: int, end_s: int, *, include_empty: bool = False
    ) -> list[Candle]:
        """Return the candles that open in [start_s, end_s], oldest first; open times are multiples of the interval.

        include_empty: also those without a trade, flat at the close before them. At most the newest 1,500 are returned.
        """
        last = end_s // interval_s * interval_s
        first = max(-(-start_s // interval_s) * interval_s, last - 1_499 * interval_s)
        candles: list[Candle] = []
        for open_s in range(first, last + 1, interval_s):
            candle = self.candle_between(symbol, open_s, open_s + interval_s)
            if candle is None and include_empty:
                close = candles[-1].close if candles else self._engines[symbol].trade_history.close_before(open_s)
                candle = flat_candle(open_s, close) if close else None
            if candle is not None:
                candles.append(candle)
        return candles

    def candle(self, symbol: str, interval_s: int, now_ms: int) -> Candle:
        """Return the current candle; flat at the last price without a trade in it."""
        open_s = now_ms // 1000 // interval_s * interval_s
        return self.candle_between(symbol, open_s, open_s + interval_s) or self._flat_candle(symbol, open_s)

    def stats(self, symbol: str, window_s: int, now_ms: int) -> Candle:
        """Return the candle of the last window_s seconds, up to and including the current second."""
        end_s = now_ms // 1000 + 1
        return self.candle_between(symbol, end_s - window_s, end_s) or self._flat_candle(symbol, end_s - window_s)

    def today(self, symbol: str, now_ms: int) -> Candle:
        """Return the candle since midnight UTC."""
        return self.candle(symbol, DAY, now_ms)

    def _flat_candle(self, symbol: str, open_s: int) -> Candle:
        return flat_candle(open_s, self.last_trade(symbol).price)

    def index_price(self, symbol: str) -> Decimal:
        """Return the reference price, rounded to the tick."""
        instrument = self.instruments[symbol]
        return instrument.rounded_price(self._fair_price(instrument))

    def mark_price(self, symbol: str = PERPETUAL) -> Decimal:
        """Return the price halfway between the best bid and ask, rounded to the tick."""
        bid, ask = self.best_prices(symbol)
        return self.instruments[symbol].rounded_price(float(bid + ask) / 2)

    def funding_rate(self, symbol: str = PERPETUAL) -> Decimal:
        """Return the funding rate of a perpetual, a ratio for eight hours, which depends on the mark and index prices."""
        premium = float(self.mark_price(symbol) / self.index_price(symbol)) - 1
        return Decimal(f"{0.0001 + max(-0.0005, min(0.0005, premium)):.6f}")

    def next_funding_s(self, now_ms: int) -> int:
        """Return the unix time of the next funding, in seconds: 0, 8 or 16 h UTC."""
        return (now_ms // 1000 // FUNDING_S + 1) * FUNDING_S
