"""The funding market of the simulated Bitfinex: seeded, and moved by the time alone."""

from wscli.exchanges.bitfinex.simulated.v2.lending import DEPTH, STEP_MS, Lending

START_MS = 1_700_000_000_000


def state(lending: Lending) -> tuple[object, ...]:
    return [*lending.offers.values()], [*lending.loans]


def test_a_seed_gives_one_run_however_the_time_is_divided() -> None:
    at_once, in_steps, other = Lending(7, "USD", START_MS), Lending(7, "USD", START_MS), Lending(8, "USD", START_MS)
    at_once.advance(START_MS + 10_000)
    other.advance(START_MS + 10_000)
    for ms in range(0, 10_001, 50):
        in_steps.advance(START_MS + ms)

    assert state(at_once) == state(in_steps) != state(other)


def test_after_a_long_pause_only_the_last_hundred_steps_run() -> None:
    lending, short = Lending(7, "USD", START_MS), Lending(7, "USD", START_MS)
    lending.advance(START_MS + 10_000_000)
    short.advance(START_MS + 100 * STEP_MS)

    assert [*lending.offers] == [*short.offers]


def test_a_side_is_sorted_from_its_best_rate_and_never_too_long() -> None:
    lending = Lending(7, "BTC", START_MS)
    lending.advance(START_MS + 60_000)
    lend, borrow = lending.side(True), lending.side(False)

    assert [offer.rate for offer in lend] == sorted(offer.rate for offer in lend)
    assert [offer.rate for offer in borrow] == sorted((offer.rate for offer in borrow), reverse=True)
    assert (lending.best(True), lending.best(False)) == (lend[0], borrow[0])
    assert len(lend) <= DEPTH + 1
    assert {offer.is_lend for offer in lend} == {True}


def test_the_loans_since_a_time_are_never_none() -> None:
    lending = Lending(7, "USD", START_MS)
    times = [loan.time_ms for loan in lending.loans]

    assert [loan.time_ms for loan in lending.since(times[-3])] == times[-3:]
    assert [loan.time_ms for loan in lending.since(START_MS + 1)] == times[-1:]
    assert min(loan.rate for loan in lending.loans) <= lending.average <= max(loan.rate for loan in lending.loans)


def test_loans_are_made_as_time_passes_at_rates_near_those_it_began_with() -> None:
    lending = Lending(7, "USD", START_MS)
    lending.advance(START_MS + 90 * STEP_MS)
    new = [loan for loan in lending.loans if loan.time_ms >= START_MS]

    assert len(new) > 10
    assert all((loan.time_ms - START_MS) % STEP_MS == 0 for loan in new)
    assert all(0.0001 < float(lending.best(is_lend).rate) < 0.0005 for is_lend in (True, False))
