"""The funding market of Bitfinex: offers and loans of a currency, each at a rate a day for a number of days.

It stands beside the market of pairs, which knows no loans. Everything follows from the seed and the time:
`advance(now_ms)` runs the steps that are due.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from wscli.simulator.instruments import REFERENCE_PRICES

STEP_MS = 400
DAY_MS = 86_400_000
DEPTH = 40  # offers of each side
PERIODS = (2, 2, 2, 7, 30, 30, 120)
START_RATE = 0.00024
RATE_PRECISION = Decimal("1E-8")
MAX_LOANS = 300


@dataclass(frozen=True, slots=True)
class LoanOffer:
    """An offer to lend (`is_lend`) or to borrow an amount of the currency. rate: a ratio a day; period: days."""

    id: int
    is_lend: bool
    rate: Decimal
    period: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Loan:
    """One match. is_borrower_taker: the borrower took an offer to lend; otherwise the lender took one to borrow."""

    id: int
    time_ms: int
    is_borrower_taker: bool
    amount: Decimal
    rate: Decimal
    period: int


class Lending:
    """The offers and the last 300 loans of one currency."""

    def __init__(self, seed: int, currency: str, start_ms: int) -> None:
        self._rng = Random(f"{seed}/lending/{currency}")
        self._typical_amount = 25_000 / REFERENCE_PRICES.get(currency, 1.0)
        self._fair_rate = START_RATE
        self._next_ms = start_ms
        self._last_id = 645_900_000
        self.offers: dict[int, LoanOffer] = {}
        self.loans: deque[Loan] = deque(maxlen=MAX_LOANS)
        for is_lend in (True, False):
            for _ in range(DEPTH):
                self._place(is_lend)
        for number in range(30):
            self._match_loan(start_ms - (30 - number) * 20_000)

    def advance(self, now_ms: int) -> None:
        """Run the steps that are due; after a long pause of the machine only the last 100."""
        self._next_ms = max(self._next_ms, now_ms - 100 * STEP_MS)
        while self._next_ms <= now_ms:
            self._fair_rate = max(1e-7, self._fair_rate * (1 + self._rng.gauss(0, 0.002)))
            is_lend = self._rng.random() < 0.5
            same_side = [offer for offer in self.offers.values() if offer.is_lend == is_lend]
            if len(same_side) >= DEPTH:
                del self.offers[self._rng.choice(same_side).id]
            self._place(is_lend)
            if self._rng.random() < 0.3:
                self._match_loan(self._next_ms)
            self._next_ms += STEP_MS

    def side(self, is_lend: bool) -> list[LoanOffer]:
        """Return the offers of a side, best first: the lowest rate to lend, the highest to borrow."""
        offers = [offer for offer in self.offers.values() if offer.is_lend == is_lend]
        return sorted(offers, key=lambda offer: (offer.rate if is_lend else -offer.rate, offer.period, offer.id))

    def best(self, is_lend: bool) -> LoanOffer:
        """Return the best offer of a side."""
        return self.side(is_lend)[0]

    def since(self, start_ms: int) -> Sequence[Loan]:
        """Return the loans from a time on, oldest first; at least the newest."""
        return [loan for loan in self.loans if loan.time_ms >= start_ms] or [self.loans[-1]]

    @property
    def average(self) -> Decimal:
        """Return the flash return rate: the average rate of the last loans, weighted by amount, with all the digits of a float."""
        total = sum(loan.amount for loan in self.loans)
        return Decimal(str(float(sum((loan.rate * loan.amount for loan in self.loans), Decimal(0)) / total)))

    def _place(self, is_lend: bool) -> None:
        self._last_id += self._rng.randint(1, 9)
        distance = abs(self._rng.gauss(0, 0.05)) + 0.001
        rate = Decimal(self._fair_rate * (1 + distance if is_lend else 1 - min(distance, 0.9))).quantize(RATE_PRECISION)
        amount = Decimal(f"{self._typical_amount * self._rng.uniform(0.02, 1):.8f}")
        self.offers[self._last_id] = LoanOffer(self._last_id, is_lend, rate, self._rng.choice(PERIODS), amount)

    def _match_loan(self, now_ms: int) -> None:
        is_borrower_taker = self._rng.random() < 0.6
        offer = self.best(is_borrower_taker)
        amount = Decimal(f"{float(offer.amount) * self._rng.uniform(0.01, 0.3):.8f}") or offer.amount
        loan_id = self.loans[-1].id + self._rng.randint(1, 4) if self.loans else 133_323_500
        self.loans.append(Loan(loan_id, now_ms, is_borrower_taker, amount, offer.rate, offer.period))
