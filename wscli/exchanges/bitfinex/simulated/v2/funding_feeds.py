"""The public channels of a funding currency at Bitfinex v2, except its book: ticker, loans and candles.

A feed returns what follows the channel id in a message. Rates are a ratio a day, periods are days.
"""

from decimal import Decimal

from wscli.exchanges.bitfinex.simulated.feeds import Elements, TwiceSentFeed, WholeMessageFeed
from wscli.exchanges.bitfinex.simulated.v2.feeds import SNAPSHOT_TRADES, TICKER_MS
from wscli.exchanges.bitfinex.simulated.v2.lending import DAY_MS, Lending, Loan


class FundingTickerFeed(WholeMessageFeed):
    """FRR, BID, BID_PERIOD, BID_SIZE, ASK, ASK_PERIOD, ASK_SIZE, DAILY_CHANGE, DAILY_CHANGE_PERC, LAST_PRICE, VOLUME,
    HIGH, LOW, two nulls, FRR_AMOUNT_AVAILABLE."""

    def __init__(self, lending: Lending) -> None:
        super().__init__(TICKER_MS)
        self._lending = lending

    def message(self, now_ms: int) -> Elements:
        """Return the ticker."""
        touch: Elements = []
        for lends in (False, True):
            best = self._lending.best(lends)
            touch += [best.rate, best.period, sum((o.amount for o in self._lending.side(lends)), Decimal(0))]
        day = self._lending.since(now_ms - DAY_MS)
        rates = [loan.rate for loan in day]
        change = rates[-1] - rates[0]
        volume = sum((loan.amount for loan in day), Decimal(0))
        daily = [change, round(change / rates[0], 4), rates[-1], volume, max(rates), min(rates)]
        return [[self._lending.average, *touch, *daily, None, None, touch[5]]]


class LoansFeed(TwiceSentFeed):
    """ID, MTS, AMOUNT, RATE, PERIOD: a snapshot newest first, then fte and ftu."""

    def __init__(self, lending: Lending) -> None:
        super().__init__()
        self._lending = lending
        self._last_id = 0

    def snapshot(self, now_ms: int) -> Elements:
        """Return the last 30 loans."""
        self._last_id = self._lending.loans[-1].id
        return [[_loan_row(loan) for loan in reversed([*self._lending.loans][-SNAPSHOT_TRADES:])]]

    def updates(self, now_ms: int) -> list[Elements]:
        """Return ftu of the loans of the last call, then fte of those since."""
        rows = [_loan_row(loan) for loan in self._lending.loans if loan.id > self._last_id]
        self._last_id = self._lending.loans[-1].id
        return self._send_twice([["fte", row] for row in rows], [["ftu", row] for row in rows])


def _loan_row(loan: Loan) -> Elements:
    return [loan.id, loan.time_ms, loan.amount if loan.is_borrower_taker else -loan.amount, loan.rate, loan.period]


class FundingCandlesFeed(WholeMessageFeed):
    """MTS, OPEN, CLOSE, HIGH, LOW, VOLUME of the loans for one period or a range of periods: OPEN to LOW are rates."""

    def __init__(self, lending: Lending, periods: range, seconds: int) -> None:
        super().__init__(TICKER_MS)
        self._lending = lending
        self._periods = periods
        self._ms = seconds * 1000

    def snapshot(self, now_ms: int) -> Elements:
        """Return the candles of the loans that the lending keeps."""
        super().snapshot(now_ms)
        starts = sorted({loan.time_ms // self._ms * self._ms for loan in self._lending.loans}, reverse=True)
        return [[row for start in starts if (row := self._row(start))] or [self._row(starts[0], even_empty=True)]]

    def message(self, now_ms: int) -> Elements:
        """Return the current candle, flat at the last rate if there was no loan in it."""
        return [self._row(now_ms // self._ms * self._ms, even_empty=True)]

    def _row(self, start_ms: int, *, even_empty: bool = False) -> Elements:
        """Return the candle that opens at start_ms; [] for one without a loan, unless even_empty."""
        loans = [loan for loan in self._lending.loans if loan.period in self._periods]
        within = [loan for loan in loans if start_ms <= loan.time_ms < start_ms + self._ms]
        if not within and not even_empty:
            return []
        rates = [loan.rate for loan in within or loans[-1:] or [self._lending.loans[-1]]]
        volume = sum((loan.amount for loan in within), Decimal(0))
        return [start_ms, rates[0], rates[-1], max(rates), min(rates), volume]
