"""The simulator's book: price-time order, what a level adds up to, and a log that forgets its oldest events."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from wscli.simulator.order_book import LOG_SIZE, AggregatedLevel, Log, Order, Side, SimulatedBook, price_group

D = Decimal


def order(id: int, side: Side, price: str, size: str) -> Order:
    return Order(id, side, D(price), D(size), D(size), 0)


def book_of(*orders: Order) -> SimulatedBook:
    book = SimulatedBook()
    for one in orders:
        book.add(one)
    return book


FOUR = (
    order(1, "buy", "10", "1"),
    order(2, "buy", "10", "2"),
    order(3, "buy", "9.5", "4"),
    order(4, "sell", "11", "8"),
)


def test_levels_add_up_their_orders_best_first() -> None:
    book = book_of(*FOUR)

    assert book.levels("buy") == [AggregatedLevel(D("10"), D("3"), 2), AggregatedLevel(D("9.5"), D("4"), 1)]
    assert book.levels("sell") == [AggregatedLevel(D("11"), D("8"), 1)]
    assert book.levels("buy", 1) == book.levels("buy")[:1]
    assert (book.best("buy"), book.best("sell")) == (D("10"), D("11"))


def test_orders_stand_by_price_and_then_by_age() -> None:
    book = book_of(*FOUR)

    assert [one.id for one in book.orders("buy")] == [1, 2, 3]
    assert [one.id for one in book.orders("buy", 2)] == [1, 2]
    assert [one.id for one in book.orders_at("buy", D("10"))] == [1, 2]
    assert book.orders_at("buy", D("7")) == []
    assert (book.order_count("buy"), book.level_count("buy"), book.price_at("buy", 1)) == (3, 2, D("9.5"))
    assert book.price_at("sell", 0) == D("11")


def test_an_order_that_gets_smaller_keeps_its_turn_and_its_level_shrinks() -> None:
    book = book_of(*FOUR)
    book.replace(order(1, "buy", "10", "0.25"))

    assert book.levels("buy", 1) == [AggregatedLevel(D("10"), D("2.25"), 2)]
    assert [one.id for one in book.orders("buy")] == [1, 2, 3]
    smaller = book.order(1)
    assert smaller is not None
    assert smaller.size == D("0.25")


def test_an_order_that_leaves_takes_its_size_and_the_last_one_its_level() -> None:
    book = book_of(*FOUR)
    book.remove(FOUR[0])

    assert book.levels("buy", 1) == [AggregatedLevel(D("10"), D("2"), 1)]
    assert book.order(1) is None
    book.remove(FOUR[1])
    assert book.best("buy") == D("9.5")
    assert (book.order_count("buy"), book.level_count("buy")) == (1, 1)
    book.remove(FOUR[3])
    assert book.best("sell") is None


def test_a_coarser_book_groups_bids_downwards_and_asks_upwards() -> None:
    book = book_of(
        order(1, "buy", "10.4", "1"),
        order(2, "buy", "10.1", "2"),
        order(3, "sell", "10.6", "4"),
        order(4, "sell", "11", "8"),
    )

    assert book.levels("buy", step=D("1")) == [AggregatedLevel(D("10"), D("3"), 2)]
    assert book.levels("sell", step=D("1")) == [AggregatedLevel(D("11"), D("12"), 2)]
    assert price_group(D("11"), D("1"), "sell") == D("11")


@dataclass
class Event:
    seq: int


def test_a_log_keeps_its_newest_events_and_says_what_it_has_forgotten() -> None:
    log = Log[Event]()
    for _ in range(2 * LOG_SIZE - 1):
        log.append(Event(log.next_seq))
    assert log.is_complete_since(0)
    log.append(Event(log.next_seq))

    assert (log.cursor, log.next_seq) == (2 * LOG_SIZE, 2 * LOG_SIZE + 1)
    assert not log.is_complete_since(LOG_SIZE - 1)
    assert log.is_complete_since(LOG_SIZE)
    assert [one.seq for one in log.since(0)][:1] == [LOG_SIZE + 1]
    assert [one.seq for one in log.since(2 * LOG_SIZE - 2)] == [2 * LOG_SIZE - 1, 2 * LOG_SIZE]
    assert log.since(2 * LOG_SIZE) == []
    assert next(log.recent()).seq == 2 * LOG_SIZE


@pytest.mark.parametrize("side", ["buy", "sell"])
def test_an_empty_side_has_nothing(side: Side) -> None:
    book = SimulatedBook()

    assert (book.best(side), book.levels(side), book.orders(side), [*book.prices(side)]) == (None, [], [], [])
