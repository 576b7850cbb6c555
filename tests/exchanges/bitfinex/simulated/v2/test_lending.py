"""The funding market: deep on both sides, moving with the time, the same for the same seed."""

from __future__ import annotations

from decimal import Decimal

from wscli.exchanges.bitfinex.simulated.v2.lending import DAY_MS, DEPTH, MAX_LOANS, STEP_MS, Lending

START_MS = 1_700_000_000_000


def lending(seed: int = 7) -> Lending:
    return Lending(seed, "USD", START_MS)


def test_it_begins_with_deep_sides_and_loans_of_the_last_ten_minutes() -> None:
    market = lending()

    assert len(market.side(True)) == len(market.side(False)) == DEPTH
    assert [loan.time_ms for loan in market.loans] == [START_MS - (30 - n) * 20_000 for n in range(30)]


def test_the_best_offer_to_lend_asks_least_and_the_best_to_borrow_pays_most() -> None:
    market = lending()
    lend, borrow = market.side(True), market.side(False)

    assert market.best(True) == lend[0]
    assert [offer.rate for offer in lend] == sorted(offer.rate for offer in lend)
    assert [offer.rate for offer in borrow] == sorted((offer.rate for offer in borrow), reverse=True)
    assert borrow[0].rate < lend[0].rate


def test_steps_that_are_due_are_run_however_the_time_is_cut() -> None:
    at_once, in_pieces = lending(), lending()
    at_once.advance(START_MS + 90 * STEP_MS)
    for step in range(91):
        in_pieces.advance(START_MS + step * STEP_MS)
        in_pieces.advance(START_MS + step * STEP_MS + STEP_MS - 1)

    assert [*at_once.offers] == [*in_pieces.offers]
    assert [*at_once.loans] == [*in_pieces.loans]
    assert len(at_once.side(True)) <= DEPTH
    assert len(at_once.loans) > 40


def test_loans_have_the_time_of_their_step_and_rising_ids() -> None:
    market = lending()
    market.advance(START_MS + 90 * STEP_MS)
    new = [loan for loan in market.loans if loan.time_ms >= START_MS]

    assert new
    assert all((loan.time_ms - START_MS) % STEP_MS == 0 for loan in new)
    assert [loan.id for loan in market.loans] == sorted({loan.id for loan in market.loans})
    assert all(loan.amount > 0 for loan in market.loans)


def test_after_a_night_only_the_last_hundred_steps_are_run() -> None:
    market = lending()
    market.advance(START_MS + DAY_MS)

    assert min(loan.time_ms for loan in market.loans if loan.time_ms >= START_MS) >= START_MS + DAY_MS - 100 * STEP_MS
    assert len(market.loans) <= MAX_LOANS


def test_loans_since_a_time_are_those_and_at_least_the_newest() -> None:
    market = lending()
    newest = market.loans[-1]

    assert market.since(newest.time_ms) == [newest]
    assert market.since(newest.time_ms + 1) == [newest]
    assert len(market.since(newest.time_ms - 20_000)) == 2


def test_the_average_rate_is_weighted_by_amount() -> None:
    market = lending()
    total = sum((loan.amount for loan in market.loans), Decimal(0))
    weighted = sum((loan.rate * loan.amount for loan in market.loans), Decimal(0)) / total

    assert abs(market.average - weighted) < Decimal("1e-12")


def test_another_seed_is_another_market() -> None:
    assert [*lending(7).offers] != [*lending(8).offers]
    assert [*lending(7).offers] == [*lending(7).offers]


def test_rates_wander_around_what_they_began_with() -> None:
    market = lending()
    market.advance(START_MS + 90 * STEP_MS)

    assert Decimal("0.0001") < market.best(False).rate < Decimal("0.0003")
    assert Decimal("0.0001") < market.best(True).rate < Decimal("0.0005")
