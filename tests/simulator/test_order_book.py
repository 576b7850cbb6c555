"""The order book of an instrument and the log of its events, by hand-made orders."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from wscli.simulator.order_book import LOG_SIZE, Log, Order, Side, SimulatedBook, Trade, opposite, price_group


def order(number: int, side: Side, price: str, size: str) -> Order:
    return Order(number, side, Decimal(price), Decimal(size), Decimal(size), number)


def book_of(*orders: Order) -> SimulatedBook:
    book = SimulatedBook()
    for each in orders:
        book.add(each)
    return book


ORDERS = (
    order(1, "buy", "99.95", "1"),
    order(2, "buy", "99.98", "2"),
    order(3, "buy", "99.95", "4"),
    order(4, "sell", "100.01", "8"),
    order(5, "sell", "100.07", "16"),
)


def test_the_best_bid_is_the_highest_and_the_best_ask_the_lowest() -> None:
    book = book_of(*ORDERS)

    assert (book.best("buy"), book.best("sell")) == (Decimal("99.98"), Decimal("100.01"))
    assert [str(price) for price in book.prices("buy")] == ["99.98", "99.95"]
    assert [str(price) for price in book.prices("sell")] == ["100.01", "100.07"]
    assert (SimulatedBook().best("buy"), SimulatedBook().best("sell")) == (None, None)


LEVELS = [
    # side     limit  step    levels: price, size, orders
    ("buy",    None,  None,   [("99.98", "2", 1), ("99.95", "5", 2)]),
    ("buy",    1,     None,   [("99.98", "2", 1)]),
    ("buy",    None,  "0.1",  [("99.9", "7", 3)]),
    ("sell",   None,  "0.1",  [("100.1", "24", 2)]),
    ("sell",   1,     "0.05", [("100.05", "8", 1)]),
    ("sell",   0,     None,   []),
]  # fmt: skip


@pytest.mark.parametrize(("side", "limit", "step", "levels"), LEVELS)
def test_levels_add_up_the_orders_of_a_price_or_of_a_step(
    side: Side, limit: int | None, step: str | None, levels: list[tuple[str, str, int]]
) -> None:
    summed = book_of(*ORDERS).levels(side, limit, Decimal(step) if step is not None else None)

    assert summed == [(Decimal(price), Decimal(size), count) for price, size, count in levels]


def test_orders_are_sorted_by_price_and_then_by_time() -> None:
    book = book_of(*ORDERS)

    assert [each.id for each in book.orders("buy")] == [2, 1, 3]
    assert [each.id for each in book.orders("buy", 2)] == [2, 1]
    assert [each.id for each in book.orders_at("buy", Decimal("99.95"))] == [1, 3]
    assert book.orders_at("buy", Decimal("99.96")) == []
    assert (book.order_count("buy"), book.level_count("buy"), book.price_at("buy", 1)) == (3, 2, Decimal("99.95"))


def test_a_smaller_order_keeps_its_place() -> None:
    book = book_of(*ORDERS)
    book.replace(order(1, "buy", "99.95", "0.5"))

    assert [(each.id, str(each.size)) for each in book.orders_at("buy", Decimal("99.95"))] == [(1, "0.5"), (3, "4")]
    assert book.levels("buy")[1].size == Decimal("4.5")


def test_a_level_goes_with_its_last_order() -> None:
    book = book_of(*ORDERS)
    book.remove(ORDERS[0])
    after_one = book.levels("buy")[1]
    book.remove(ORDERS[2])

    assert (after_one.size, after_one.orders) == (Decimal(4), 1)
    assert [str(price) for price in book.prices("buy")] == ["99.98"]
    assert (book.order(1), book.order(2), book.order_count("buy")) == (None, ORDERS[1], 1)


@pytest.mark.parametrize(
    ("price", "step", "bid", "ask"),
    [("100.07", "0.1", "100.0", "100.1"), ("100.1", "0.1", "100.1", "100.1"), ("3", "5", "0", "5")],
)
def test_bids_are_grouped_downwards_and_asks_upwards(price: str, step: str, bid: str, ask: str) -> None:
    assert price_group(Decimal(price), Decimal(step), "buy") == Decimal(bid)
    assert price_group(Decimal(price), Decimal(step), "sell") == Decimal(ask)


def test_the_maker_of_a_trade_is_on_the_other_side() -> None:
    trades = [Trade(1, 1, 1, Decimal(1), Decimal(1), side, 11, 22) for side in ("buy", "sell")]

    assert [trade.maker_order_id for trade in trades] == [22, 11]
    assert (opposite("buy"), opposite("sell")) == ("sell", "buy")


@dataclass(frozen=True)
class Event:
    seq: int


def test_a_log_keeps_the_last_few_thousand_events() -> None:
    log: Log[Event] = Log()
    for _ in range(2 * LOG_SIZE):
        log.append(Event(log.next_seq))

    assert (log.cursor, log.next_seq) == (2 * LOG_SIZE, 2 * LOG_SIZE + 1)
    assert [event.seq for event in log.since(2 * LOG_SIZE - 2)] == [2 * LOG_SIZE - 1, 2 * LOG_SIZE]
    assert log.since(0)[0].seq == LOG_SIZE + 1
    assert (log.is_complete_since(LOG_SIZE - 1), log.is_complete_since(LOG_SIZE)) == (False, True)
    assert next(iter(log.recent())).seq == 2 * LOG_SIZE
