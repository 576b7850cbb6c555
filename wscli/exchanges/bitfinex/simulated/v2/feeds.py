"""What Bitfinex v2 pushes on its public channels but the books: tickers, trades, candles, the state of derivatives.

A feed returns what follows the channel id in a frame: one nested array, with a tag before it in a trade.
"""

from abc import abstractmethod
from decimal import Decimal
from random import Random

from wscli.exchanges.bitfinex.simulated.v1.feeds import SIDES, ChannelFeed, Elements, signed_size
from wscli.exchanges.bitfinex.simulated.v2.lending import DAY_MS, Lending, Loan
from wscli.simulator.common import Cadence, LogReader
from wscli.simulator.instruments import PERPETUAL
from wscli.simulator.market import Market
from wscli.simulator.order_book import Trade
from wscli.simulator.trade_history import DAY, Candle

TICKER_MS = 250
STATUS_MS = 1_000
SNAPSHOT_TRADES = 30
SNAPSHOT_CANDLES = 240
SIZE_LEVELS = 25  # levels whose sizes a ticker sums up
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


class WholeMessageFeed(ChannelFeed):
    """A feed whose every message is whole: said again when it changed, at most every so often."""

    def __init__(self, every_ms: int, *, always: bool = False) -> None:
        self._cadence = Cadence(every_ms)
        self._always = always
        self._last_sent: Elements = []

    def snapshot(self, now_ms: int) -> Elements:
        """Return it."""
        self._cadence.is_due(now_ms)
        self._last_sent = self.message(now_ms)
        return self._last_sent

    def updates(self, now_ms: int) -> list[Elements]:
        """Return it if it changed."""
        if not self._cadence.is_due(now_ms):
            return []
        before, self._last_sent = self._last_sent, self.message(now_ms)
        return [self._last_sent] if self._always or self._last_sent != before else []

    @abstractmethod
    def message(self, now_ms: int) -> Elements:
        """Return the message of now."""


class BitfinexV2TickerFeed(WholeMessageFeed):
    """BID, BID_SIZE, ASK, ASK_SIZE, DAILY_CHANGE, DAILY_CHANGE_RELATIVE, LAST_PRICE, VOLUME, HIGH, LOW, and a null."""

    def __init__(self, market: Market, symbol: str) -> None:
        super().__init__(TICKER_MS)
        self._market = market
        self._symbol = symbol

    def message(self, now_ms: int) -> Elements:
        """Return the ticker; sizes are of the 25 best levels together."""
        day = self._market.stats(self._symbol, DAY, now_ms)
        change = day.close - day.open
        touch: Elements = []
        for side in SIDES:
            rows = self._market.order_book(self._symbol).levels(side, SIZE_LEVELS)
            touch += [rows[0].price if rows else day.close, sum((row.size for row in rows), Decimal(0))]
        ratio = round(change / day.open, 8)
        return [[*touch, change, ratio, day.close, day.volume, day.high, day.low, None]]


class FundingTickerFeed(WholeMessageFeed):
    """FRR, BID, BID_PERIOD, BID_SIZE, ASK, ASK_PERIOD, ASK_SIZE, DAILY_CHANGE, its ratio, LAST, VOLUME, HIGH, LOW, …."""

    def __init__(self, lending: Lending) -> None:
        super().__init__(TICKER_MS)
        self._lending = lending

    def message(self, now_ms: int) -> Elements:
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


class TwiceSentFeed(ChannelFeed):
    """A feed that says everything twice."""

    def __init__(self) -> None:
        self._pending_rows: list[Elements] = []

    def _send_twice(self, once: str, again: str, rows: list[Elements]) -> list[Elements]:
        """Return the second word on the rows of the last time, then the first on these."""
        told: list[Elements] = [*self._pending_rows]
        self._pending_rows = [[again, row] for row in rows]
        for row in rows:
            told.append([once, row])
        return told


class BitfinexV2TradesFeed(TwiceSentFeed):
    """ID, MTS, AMOUNT, PRICE: a snapshot newest first, then for each trade te, and tu a tick later."""

    def __init__(self, market: Market, symbol: str) -> None:
        super().__init__()
        self._market = market
        self._symbol = symbol
        self._log_reader = LogReader(market.log(symbol))

    def snapshot(self, now_ms: int) -> Elements:
        """Return the last 30 trades."""
        return [[_trade_row(trade) for trade in self._market.trades(self._symbol, SNAPSHOT_TRADES)]]

    def updates(self, now_ms: int) -> list[Elements]:
        """Return the second word on the trades of the last time, then the first on those since."""
        rows = [_trade_row(event) for event in self._log_reader.read_new() if isinstance(event, Trade)]
        return self._send_twice("te", "tu", rows)


def _trade_row(trade: Trade) -> Elements:
    return [trade.id, trade.time_us // 1000, signed_size(trade.side, trade.size), trade.price]


class LoansFeed(TwiceSentFeed):
    """ID, MTS, AMOUNT, RATE, PERIOD: a snapshot newest first, then fte and ftu."""

    def __init__(self, lending: Lending) -> None:
        super().__init__()
        self._lending = lending
        self._last = 0

    def snapshot(self, now_ms: int) -> Elements:
        """Return the last 30 loans."""
        self._last = self._lending.loans[-1].id
        return [[_loan_row(loan) for loan in reversed([*self._lending.loans][-SNAPSHOT_TRADES:])]]

    def updates(self, now_ms: int) -> list[Elements]:
        """Return the second word on the loans of the last time, then the first on those since."""
        rows = [_loan_row(loan) for loan in self._lending.loans if loan.id > self._last]
        self._last = self._lending.loans[-1].id
        return self._send_twice("fte", "ftu", rows)


def _loan_row(loan: Loan) -> Elements:
    return [loan.id, loan.time_ms, loan.amount if loan.is_borrower_taker else -loan.amount, loan.rate, loan.period]


class CandlesFeed(WholeMessageFeed):
    """MTS, OPEN, CLOSE, HIGH, LOW, VOLUME: a snapshot newest first, then the running candle when it changed."""

    def __init__(self, market: Market, symbol: str, seconds: int) -> None:
        super().__init__(TICKER_MS)
        self._market = market
        self._symbol = symbol
        self._seconds = seconds

    def snapshot(self, now_ms: int) -> Elements:
        """Return the last candles."""
        super().snapshot(now_ms)
        now_s = now_ms // 1000
        start_s = now_s - SNAPSHOT_CANDLES * self._seconds
        return [
            [_candle_row(one) for one in reversed(self._market.candles(self._symbol, self._seconds, start_s, now_s))]
        ]

    def message(self, now_ms: int) -> Elements:
        """Return the running candle."""
        return [_candle_row(self._market.candle(self._symbol, self._seconds, now_ms))]


def _candle_row(candle: Candle) -> Elements:
    return [candle.open_s * 1000, candle.open, candle.close, candle.high, candle.low, candle.volume]


class FundingCandlesFeed(WholeMessageFeed):
    """The same of what is lent, for one period or a range of them: OPEN to LOW are rates."""

    def __init__(self, lending: Lending, periods: range, seconds: int) -> None:
        super().__init__(TICKER_MS)
        self._lending = lending
        self._periods = periods
        self._ms = seconds * 1000

    def snapshot(self, now_ms: int) -> Elements:
        """Return the candles of the loans that are remembered."""
        super().snapshot(now_ms)
        starts = sorted({loan.time_ms // self._ms * self._ms for loan in self._lending.loans}, reverse=True)
        return [[row for start in starts if (row := self._row(start))] or [self._row(starts[0], empty=True)]]

    def message(self, now_ms: int) -> Elements:
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


class DerivativeFeed(WholeMessageFeed):
    """The state of the perpetual by its places, 23 of them; about every second, changed or not."""

    def __init__(self, market: Market) -> None:
        super().__init__(STATUS_MS, always=True)
        self._market = market

    def message(self, now_ms: int) -> Elements:
        """Return the row."""
        market, row = self._market, list[object]([None] * 23)
        rate = market.funding_rate(PERPETUAL)
        row[0], row[2], row[3], row[5] = (
            now_ms,
            market.last_trade(PERPETUAL).price,
            market.index_price(PERPETUAL),
            33_000_000,
        )
        row[7], row[8], row[9] = market.next_funding_s(now_ms) * 1000, rate, now_ms // 60_000 % 480
        row[11], row[14], row[17] = rate, market.mark_price(PERPETUAL), Decimal("5210.75")
        row[21], row[22] = Decimal("0.0005"), Decimal("0.0025")
        return [row]


class LiquidationsFeed(ChannelFeed):
    """A position that is taken over every few seconds, and what the market gave for it a tick later; made up, by seed."""

    def __init__(self, market: Market, symbol: str) -> None:
        self._market = market
        self._name = symbol
        self._rng = Random(f"{market.seed}/liquidations")
        self._cadence = Cadence(3_000)
        self._number = 145_400_000
        self._waiting: Elements = []

    def snapshot(self, now_ms: int) -> Elements:
        """Return the one before: the trigger alone."""
        self._cadence.is_due(now_ms)
        return [[self._trigger(now_ms)]]

    def updates(self, now_ms: int) -> list[Elements]:
        """Return the execution of the last trigger, or the next trigger."""
        if self._waiting:
            said, self._waiting = self._waiting, []
            said[2], said[8], said[9] = now_ms, 1, 1
            said[11] = self._market.last_trade(PERPETUAL).price
            return [[[said]]]
        return [[[self._trigger(now_ms)]]] if self._cadence.is_due(now_ms) else []

    def _trigger(self, now_ms: int) -> Elements:
        self._number += self._rng.randint(1, 400)
        amount = Decimal(f"{self._rng.uniform(-2, 2):.4f}")
        price = self._market.mark_price(PERPETUAL)
        row: Elements = ["pos", self._number, now_ms, None, self._name, amount, price, None, 0, 0, None, None]
        self._waiting = [*row]
        return row
