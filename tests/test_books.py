"""The book as a venue tells it: exact prices, the text that came, levels by price and by order."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscli.books.order_book import OrderBook, spread, sum_of_sizes

PRICES = st.decimals("0.01", "20", places=2).map(str) | st.sampled_from(["1.10", "1.1", "1.100", "7e-7", "1E+1", "10"])
SIZES = st.sampled_from(["0.5", "2", "0.00012460", "1e-7"])
STEPS = st.lists(st.tuples(st.booleans(), st.sampled_from(["bid", "ask"]), PRICES, SIZES), max_size=60)
IDS = st.sampled_from(["1", "2", "3", "4", "5"])


def shown(book: OrderBook, side: str, count: int = 1000) -> list[tuple[str, str]]:
    return [(level.price, level.size) for level in book.top(side, count)]


@given(STEPS)
def test_any_sequence_of_sets_and_deletes_equals_a_dict_by_number(steps: list[tuple[bool, str, str, str]]) -> None:
    book, model = OrderBook(), {"bid": dict[Decimal, tuple[str, str]](), "ask": dict[Decimal, tuple[str, str]]()}
    for setting, side, price, size in steps:
        if setting:
            book.set(side, price, size)
            model[side][Decimal(price)] = (price, size)
        else:
            assert book.delete(side, price) == (model[side].pop(Decimal(price), None) is not None)

    assert shown(book, "bid") == [model["bid"][at] for at in sorted(model["bid"], reverse=True)]
    assert shown(book, "ask") == [model["ask"][at] for at in sorted(model["ask"])]
    assert book.best("bid") == max(model["bid"], default=None)
    assert book.best("ask") == min(model["ask"], default=None)


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["bid", "ask"]), IDS, PRICES, SIZES), max_size=60))
def test_a_book_by_order_adds_up_what_rests_at_a_price(steps: list[tuple[bool, str, str, str, str]]) -> None:
    book, model = OrderBook(), dict[str, tuple[str, Decimal, Decimal]]()
    for setting, side, order, price, size in steps:
        if setting:
            book.set(side, price, size, order)
            model.pop(order, None)
            model[order] = (side, Decimal(price), Decimal(size))
        else:
            assert book.delete(side, "0", order) == (model.pop(order, None) is not None)

    for side in ("bid", "ask"):
        sums: dict[Decimal, Decimal] = {}
        for held, price_at, size_at in model.values():
            if held == side:
                sums[price_at] = sums.get(price_at, Decimal(0)) + size_at
        told = [(Decimal(price), Decimal(size)) for price, size in shown(book, side)]
        assert told == sorted(sums.items(), reverse=side == "bid")


@given(STEPS, st.integers(0, 5))
def test_a_cut_keeps_the_best(steps: list[tuple[bool, str, str, str]], count: int) -> None:
    book = OrderBook()
    for _, side, price, size in steps:
        book.set(side, price, size)
    due = {side: shown(book, side, count) for side in ("bid", "ask")}
    book.keep_best(count)

    assert {side: shown(book, side) for side in ("bid", "ask")} == due


def test_the_text_that_came_is_what_is_shown() -> None:
    book = OrderBook()
    book.set("bid", "36500.10", "0.00012460")
    book.set("bid", "9.5", "1")
    book.set("bid", "10", "1")

    assert shown(book, "bid", 2) == [("36500.10", "0.00012460"), ("10", "1")]


def test_an_order_that_moves_leaves_its_old_price() -> None:
    book = OrderBook()
    book.set("bid", "10", "1", "a")
    book.set("bid", "11", "2", "a")

    assert shown(book, "bid") == [("11", "2")]
    assert book.depth("bid") == 1


@pytest.mark.parametrize(
    ("bid", "ask", "crossed"),
    [("10", "10.01", False), ("10", "10.0", True), ("10.01", "10", True), ("9.5", "10", False)],
)
def test_a_book_is_crossed_when_its_best_bid_is_not_below_its_best_ask(bid: str, ask: str, crossed: bool) -> None:
    book = OrderBook()
    book.set("bid", bid, "1")
    assert not book.crossed
    book.set("ask", ask, "1")

    assert book.crossed == crossed


@pytest.mark.parametrize("text", ["", "NaN", "Infinity", "1,5", "1e99999999999999999999", "x"])
def test_what_is_no_number_is_no_level(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        OrderBook().set("bid", text, "1")
    with pytest.raises(ValueError, match="not a number"):
        OrderBook().set("bid", "1", text)


def test_sums_lose_no_digit() -> None:
    assert sum_of_sizes("1e20", "1e-20", "1") == "100000000000000000001.00000000000000000001"
    assert spread("0.1", "0.3") == ("0.2", "100.0000")
