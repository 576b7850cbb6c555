"""The order books of the simulated Bitfinex v2, by hand-made windows."""

import zlib
from collections.abc import Iterable, Iterator
from decimal import Decimal

import pytest

from wscli.exchanges.bitfinex.simulated.feeds import Elements
from wscli.exchanges.bitfinex.simulated.v2.books import (
    LAYOUTS,
    BitfinexV2BookFeed,
    Window,
    funding_window,
    price_step,
    trading_window,
)
from wscli.exchanges.bitfinex.simulated.v2.frames import ConfFlags
from wscli.exchanges.bitfinex.simulated.v2.lending import Lending, LoanOffer
from wscli.simulator.order_book import Order, SimulatedBook

STEPS = [
    # price        P0          P1        P4
    ("36500.1",    "1",        "10",     "10000"),
    ("28.6",       "0.001",    "0.01",   "10"),
    ("0.049384",   "0.000001", "0.00001", "0.01"),
    ("1",          "0.0001",   "0.001",  "1"),
]  # fmt: skip


@pytest.mark.parametrize(("price", "p0", "p1", "p4"), STEPS)
def test_a_price_step_leaves_the_significant_figures(price: str, p0: str, p1: str, p4: str) -> None:
    assert [price_step(Decimal(price), prec) for prec in ("P0", "P1", "P4")] == [Decimal(p0), Decimal(p1), Decimal(p4)]


def row(price: int, count: int, amount: str) -> Elements:
    return [Decimal(price), count, Decimal(amount)]


def window(bids: Iterable[Elements], asks: Iterable[Elements]) -> Window:
    return {bid[0]: bid for bid in bids}, {ask[0]: ask for ask in asks}


def feed_of(*windows: Window, flags: ConfFlags | None = None) -> BitfinexV2BookFeed:
    """Return a feed to which each window is shown in turn."""
    rest: Iterator[Window] = iter(windows)
    return BitfinexV2BookFeed(lambda: next(rest), LAYOUTS[False, False], flags or ConfFlags(), batched=False, now_ms=0)


FIRST = window([row(99, 1, "2"), row(98, 1, "3")], [row(101, 1, "-4")])
SECOND = window([row(99, 2, "5")], [row(101, 1, "-4"), row(102, 1, "-1")])
CHANGES: list[Elements] = [[Decimal(98), 0, 1], row(99, 2, "5"), row(102, 1, "-1")]


def test_deletes_come_before_changed_rows_one_by_one_or_in_bulk() -> None:
    single, bulk = feed_of(FIRST, SECOND, SECOND), feed_of(FIRST, SECOND, flags=ConfFlags(bulk=True))
    snapshots = [feed.snapshot(0) for feed in (single, bulk)]

    assert snapshots == [[[row(99, 1, "2"), row(98, 1, "3"), row(101, 1, "-4")]]] * 2
    assert single.updates(50) == [[change] for change in CHANGES]
    assert single.updates(100) == []
    assert bulk.updates(50) == [[CHANGES]]


def test_a_deleted_ask_has_the_amount_minus_one() -> None:
    feed = feed_of(FIRST, window([], []))
    feed.snapshot(0)

    assert [elements[0] for elements in feed.updates(50)] == [
        [Decimal(99), 0, 1], [Decimal(98), 0, 1], [Decimal(101), 0, -1],
    ]  # fmt: skip


def test_a_checksum_follows_changes_at_most_every_two_and_a_half_seconds() -> None:
    feed = feed_of(FIRST, SECOND, SECOND, SECOND, FIRST, FIRST, flags=ConfFlags(checksums=True))
    feed.snapshot(0)
    sent = [feed.updates(now_ms) for now_ms in (2_450, 2_500, 4_000, 4_950, 5_000)]
    tags = [[elements[0] for elements in updates if elements[0] == "cs"] for updates in sent]

    assert tags == [[], ["cs"], [], [], ["cs"]]
    assert sent[4] == [["cs", feed.checksum()]]


def test_a_checksum_is_signed_and_takes_bids_and_asks_in_turn() -> None:
    feed = feed_of(window([row(99, 1, "2"), row(98, 1, "0.0000003")], [row(101, 1, "-4")]))
    feed.snapshot(0)
    unsigned = zlib.crc32(b"99:2:101:-4:98:3e-7")

    assert feed.checksum() == (unsigned if unsigned < 2**31 else unsigned - 2**32)
    assert -(2**31) <= feed.checksum() < 2**31


def test_a_raw_book_is_sorted_by_price_and_then_by_id() -> None:
    book = SimulatedBook()
    for number, side, price in (
        (7, "buy", "9"),
        (3, "buy", "9"),
        (5, "buy", "8"),
        (2, "sell", "10"),
        (1, "sell", "11"),
    ):
        book.add(Order(number, side, Decimal(price), Decimal(1), Decimal(1), 0))  # type: ignore[arg-type]
    bids, asks = trading_window(book, "R0", 25, Decimal(9))()
    shorter, _ = trading_window(book, "R0", 2, Decimal(9))()

    assert ([*bids], [*asks]) == ([3, 7, 5], [2, 1])
    assert (bids[3], asks[1]) == ([3, Decimal(9), Decimal(1)], [1, Decimal(11), Decimal(-1)])
    assert [*shorter] == [3, 7]


def test_a_funding_book_adds_up_the_offers_of_a_rate_and_period_with_opposite_signs() -> None:
    lending = Lending(7, "USD", 0)
    lending.offers = {
        number: LoanOffer(number, is_lend, Decimal(rate), period, Decimal(amount))
        for number, is_lend, rate, period, amount in [
            (1, True, "0.000240001", 2, 5), (2, True, "0.000240002", 2, 6), (3, True, "0.00025", 30, 7),
            (4, False, "0.00023", 2, 8), (5, False, "0.00022", 2, 9),
        ]
    }  # fmt: skip
    bids, asks = funding_window(lending, "P0", 25)()

    assert [*bids.values()] == [[Decimal("0.00023"), 2, 1, -8], [Decimal("0.00022"), 2, 1, -9]]
    assert [*asks.values()] == [[Decimal("0.00024"), 2, 2, 11], [Decimal("0.00025"), 30, 1, 7]]
    assert [*funding_window(lending, "R0", 1)()[1].values()] == [[1, 2, Decimal("0.000240001"), 5]]
