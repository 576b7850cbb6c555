"""What Bitfinex v2 pushes on its public channels but the books: tickers, trades, candles, the state of derivatives.

A feed returns what follows the channel id in a frame: one nested array, with a tag before it in a trade.
"""

from abc import abstractmethod
from decimal import Decimal
from random import Random

from wscli.exchanges.bitfinex.simulated.v1.feeds import SIDES, Elements, Feed, signed
from wscli.exchanges.bitfinex.simulated.v2.lending import DAY_MS, Lending, Loan
from wscli.simulator.contract import Cursor, Every
from wscli.simulator.instruments import PERPETUAL
from wscli.simulator.market import Market
from wscli.simulator.order_book import Trade
from wscli.simulator.trade_history import DAY, Candle

TICKER_MS = 250
STATUS_MS = 1_000
SNAPSHOT_TRADES = 30
SNAPSHOT_CANDLES = 240
SIZED = 25  # levels whose sizes a ticker sums up
MINUTE, HOUR = 60, 3_600
TIMEFRAMES = {
    "1m": MINUTE,
    "5m": 5 * MINUTE,
    "15m": 15 * MINUTE,
    "30m": 30 * MINUTE,
    "1h": HOUR,
    "3h": 3 * HOUR,
    "6h": 6 * HOUR,
    "12h": 12 * HOUR,
    "1D": DAY,
    "1W": 7 * DAY,
    "14D": 14 * DAY,
    "1M": 30 * DAY,
}


class Steady(Feed):
    """A feed whose every message is whole: said again when it changed, at most every so often."""

    def __init__(self, every_ms: int, *, always: bool = False) -> None:
        self._cadence = Every(every_ms)
        self._always = always
        self._said: Elements = []

    def first(self, now_ms: int) -> Elements:
        """Return it."""
        self._cadence.due(now_ms)
        self._said = self.told(now_ms)
        return self._said

    def due(self, now_ms: int) -> list[Elements]:
        """Return it if it changed."""
        if not self._cadence.due(now_ms):
            return []
        before, self._said = self._said, self.told(now_ms)
        return [self._said] if self._always or self._said != before else []

    @abstractmethod
    def told(self, now_ms: int) -> Elements:
        """Return the message of now."""


class TickerFeed(Steady):
    """BID, BID_SIZE, ASK, ASK_SIZE, DAILY_CHANGE, DAILY_CHANGE_RELATIVE, LAST_PRICE, VOLUME, HIGH, LOW, and a null."""

    def __init__(self, market: Market, symbol: str) -> None:
        super().__init__(TICKER_MS)
        self._market = market
        self._symbol = symbol

    def told(self, now_ms: int) -> Elements:
        """Return the ticker; sizes are of the 25 best levels together."""
        day = self._market.stats(self._symbol, DAY, now_ms)
        change = day.close - day.open
        touch: Elements = []
        for side in SIDES:
            rows = self._market.book(self._symbol).levels(side, SIZED)
            touch += [rows[0].price if rows else day.close, sum((row.size for row in rows), Decimal(0))]
        ratio = round(change / day.open, 8)
        return [[*touch, change, ratio, day.close, day.volume, day.high, day.low, None]]


class FundingTickerFeed(Steady):
    """FRR, BID, BID_PERIOD, BID_SIZE, ASK, ASK_PERIOD, ASK_SIZE, DAILY_CHANGE, its ratio, LAST, VOLUME, HIGH, LOW, …."""

    def __init__(self, lending: Lending) -> None:
        super().__init__(TICKER_MS)
        self._lending = lending

    def told(self, now_ms: int) -> Elements:
        """Return the ticker; two places without a name, then what is on offer at the flash return rate."""
        touch: Elements = []
        for lends in (False, True):
            best = self._lending.best(lends)
            touch += [best.rate, best.period, sum((o.amount for o in self._lending.side(lends)), Decimal(0))]
        day = self._lending.since(now_ms - DAY_MS)
        rates = [loan.rate for loan in day]
        change = rates[-1] - rates[0]
        facts = [change, round(change / rates[0], 4), rates[-1], sum((loan.amount for loan in day), Decimal(0))]
        return [[self._lending.average, *touch, *facts, max(rates), min(rates), None, None, touch[5]]]


class Told(Feed):
    """A feed that says everything twice."""

    def __init__(self) -> None:
        self._untold: list[Elements] = []

    def _twice(self, once: str, again: str, rows: list[Elements]) -> list[Elements]:
        """Return the second word on the rows of the last time, then the first on these."""
        told: list[Elements] = [*self._untold]
        self._untold = [[again, row] for row in rows]
        for row in rows:
            told.append([once, row])
        return told


class TradesFeed(Told):
    """ID, MTS, AMOUNT, PRICE: a snapshot newest first, then for each trade te, and tu a tick later."""

    def __init__(self, market: Market, symbol: str) -> None:
        super().__init__()
        self._market = market
        self._symbol = symbol
        self._cursor = Cursor(market.log(symbol))

    def first(self, now_ms: int) -> Elements:
        """Return the last 30 trades."""
        return [[_traded(trade) for trade in self._market.trades(self._symbol, SNAPSHOT_TRADES)]]

    def due(self, now_ms: int) -> list[Elements]:
        """Return the second word on the trades of the last time, then the first on those since."""
        rows = [_traded(event) for event in self._cursor.fresh() if isinstance(event, Trade)]
        return self._twice("te", "tu", rows)


def _traded(trade: Trade) -> Elements:
    return [trade.id, trade.time_us // 1000, signed(trade.side, trade.size), trade.price]


class LoansFeed(Told):
    """ID, MTS, AMOUNT, RATE, PERIOD: a snapshot newest first, then fte and ftu."""

    def __init__(self, lending: Lending) -> None:
        super().__init__()
        self._lending = lending
        self._last = 0

    def first(self, now_ms: int) -> Elements:
        """Return the last 30 loans."""
        self._last = self._lending.loans[-1].id
        return [[_lent(loan) for loan in reversed([*self._lending.loans][-SNAPSHOT_TRADES:])]]

    def due(self, now_ms: int) -> list[Elements]:
        """Return the second word on the loans of the last time, then the first on those since."""
        rows = [_lent(loan) for loan in self._lending.loans if loan.id > self._last]
        self._last = self._lending.loans[-1].id
        return self._twice("fte", "ftu", rows)


def _lent(loan: Loan) -> Elements:
    return [loan.id, loan.time_ms, loan.amount if loan.taken else -loan.amount, loan.rate, loan.period]


class CandlesFeed(Steady):
    """MTS, OPEN, CLOSE, HIGH, LOW, VOLUME: a snapshot newest first, then the running candle when it changed."""

    def __init__(self, market: Market, symbol: str, seconds: int) -> None:
        super().__init__(TICKER_MS)
        self._market = market
        self._symbol = symbol
        self._seconds = seconds

    def first(self, now_ms: int) -> Elements:
        """Return the last candles."""
        super().first(now_ms)
        now_s = now_ms // 1000
        start_s = now_s - SNAPSHOT_CANDLES * self._seconds
        return [[_candle(one) for one in reversed(self._market.candles(self._symbol, self._seconds, start_s, now_s))]]

    def told(self, now_ms: int) -> Elements:
        """Return the running candle."""
        return [_candle(self._market.candle(self._symbol, self._seconds, now_ms))]


def _candle(candle: Candle) -> Elements:
    return [candle.open_s * 1000, candle.open, candle.close, candle.high, candle.low, candle.volume]


class FundingCandlesFeed(Steady):
    """The same of what is lent, for one period or a range of them: OPEN to LOW are rates."""

    def __init__(self, lending: Lending, periods: range, seconds: int) -> None:
        super().__init__(TICKER_MS)
        self._lending = lending
        self._periods = periods
        self._ms = seconds * 1000

    def first(self, now_ms: int) -> Elements:
        """Return the candles of the loans that are remembered."""
        super().first(now_ms)
        starts = sorted({loan.time_ms // self._ms * self._ms for loan in self._lending.loans}, reverse=True)
        return [[row for start in starts if (row := self._row(start))] or [self._row(starts[0], empty=True)]]

    def told(self, now_ms: int) -> Elements:
        """Return the running candle, of the last one if nothing was lent in it."""
        return [self._row(now_ms // self._ms * self._ms, empty=True)]

    def _row(self, start: int, *, empty: bool = False) -> Elements:
        loans = [one for one in self._lending.loans if one.period in self._periods]
        mine = [one for one in loans if start <= one.time_ms < start + self._ms]
        if not mine and not empty:
            return []
        rates = [one.rate for one in mine or loans[-1:] or [self._lending.loans[-1]]]
        volume = sum((one.amount for one in mine), Decimal(0))
        return [start, rates[0], rates[-1], max(rates), min(rates), volume]


class DerivativeFeed(Steady):
    """The state of the perpetual by its places, 23 of them; about every second, changed or not."""

    def __init__(self, market: Market) -> None:
        super().__init__(STATUS_MS, always=True)
        self._market = market

    def told(self, now_ms: int) -> Elements:
        """Return the row."""
        market, row = self._market, list[object]([None] * 23)
        rate = market.funding_rate(PERPETUAL)
        row[0], row[2], row[3], row[5] = now_ms, market.last(PERPETUAL).price, market.index_price(PERPETUAL), 33_000_000
        row[7], row[8], row[9] = market.next_funding_s(now_ms) * 1000, rate, now_ms // 60_000 % 480
        row[11], row[14], row[17] = rate, market.mark_price(PERPETUAL), Decimal("5210.75")
        row[21], row[22] = Decimal("0.0005"), Decimal("0.0025")
        return [row]


class LiquidationsFeed(Feed):
    """A position that is taken over every few seconds, and what the market gave for it a tick later; made up, by seed."""

    def __init__(self, market: Market, symbol: str) -> None:
        self._market = market
        self._name = symbol
        self._rng = Random(f"{market.seed}/liquidations")
        self._cadence = Every(3_000)
        self._number = 145_400_000
        self._waiting: Elements = []

    def first(self, now_ms: int) -> Elements:
        """Return the one before: the trigger alone."""
        self._cadence.due(now_ms)
        return [[self._trigger(now_ms)]]

    def due(self, now_ms: int) -> list[Elements]:
        """Return the execution of the last trigger, or the next trigger."""
        if self._waiting:
            said, self._waiting = self._waiting, []
            said[2], said[8], said[9] = now_ms, 1, 1
            said[11] = self._market.last(PERPETUAL).price
            return [[[said]]]
        return [[[self._trigger(now_ms)]]] if self._cadence.due(now_ms) else []

    def _trigger(self, now_ms: int) -> Elements:
        self._number += self._rng.randint(1, 400)
        amount = Decimal(f"{self._rng.uniform(-2, 2):.4f}")
        price = self._market.mark_price(PERPETUAL)
        row: Elements = ["pos", self._number, now_ms, None, self._name, amount, price, None, 0, 0, None, None]
        self._waiting = [*row]
        return row
