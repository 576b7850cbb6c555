"""The book as an exchange tells it: exact prices, the text that came, levels by price and by order."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscli.books.order_book import OrderBook, exact_number, spread, sum_of_sizes

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
        for order_side, price_at, size_at in model.values():
            if order_side == side:
                sums[price_at] = sums.get(price_at, Decimal(0)) + size_at
        levels = [(Decimal(price), Decimal(size)) for price, size in shown(book, side)]
        assert levels == sorted(sums.items(), reverse=side == "bid")


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


def two_orders_at_one_price() -> OrderBook:
    book = OrderBook()
    book.set("bid", "10.0", "1", "a", 3)
    book.set("bid", "10.00", "2", "b", 5)
    return book


def test_a_price_with_two_orders_is_that_of_the_later_message() -> None:
    (level,) = two_orders_at_one_price().top("bid", 5)

    assert (level.price, level.size, level.message_number) == ("10.00", "3", 5)
    assert level.orders == (("a", "1"), ("b", "2"))


def test_an_order_that_moves_leaves_the_other_order_at_its_price() -> None:
    book = two_orders_at_one_price()
    book.set("bid", "9", "4", "a", 6)

    assert [(level.price, level.size) for level in book.top("bid", 5)] == [("10.00", "2"), ("9", "4")]


def test_an_order_that_changes_sides_stands_on_one_alone() -> None:
    book = two_orders_at_one_price()
    book.set("ask", "11", "1", "a", 6)

    assert [level.size for level in book.top("bid", 5)] == ["2"]
    assert [level.size for level in book.top("ask", 5)] == ["1"]


def test_a_price_stays_until_its_last_order_is_deleted() -> None:
    book = two_orders_at_one_price()

    assert book.delete("bid", "", "a")
    assert book.depth("bid") == 1
    assert book.contains("bid", "", "b")
    assert not book.contains("bid", "", "a")
    assert not book.delete("bid", "", "a")
    assert book.delete("bid", "", "b")
    assert (book.depth("bid"), book.best("bid")) == (0, None)


def test_an_order_is_not_a_level_of_a_book_by_price() -> None:
    book = two_orders_at_one_price()

    assert not book.contains("bid", "10")
    assert not book.delete("bid", "10")
    assert book.depth("bid") == 1


def test_a_price_is_found_under_any_spelling() -> None:
    book = OrderBook()
    book.set("ask", "1e1", "1")

    assert book.contains("ask", "10.0")
    assert not book.contains("bid", "10.0")
    assert book.delete("ask", "10")
    assert not book.contains("ask", "10")


def test_the_best_levels_are_kept_on_both_sides_with_their_orders() -> None:
    book = OrderBook()
    for number, (side, price) in enumerate([("bid", "1"), ("bid", "2"), ("bid", "3"), ("ask", "4"), ("ask", "5")]):
        book.set(side, price, "1", f"order {number}")
    book.keep_best(1)

    assert [level.price for level in book.top("bid", 9)] == ["3"]
    assert [level.price for level in book.top("ask", 9)] == ["4"]
    assert not book.contains("bid", "", "order 0")
    assert book.contains("bid", "", "order 2")
    book.keep_best(5)
    assert (book.depth("bid"), book.depth("ask")) == (1, 1)


CROSSED = [([], False), (["bid"], False), (["ask"], False), (["bid", "ask"], True)]


@pytest.mark.parametrize(("sides", "crossed"), CROSSED)
def test_a_book_is_crossed_where_the_best_bid_is_not_below_the_best_ask(sides: list[str], crossed: bool) -> None:
    book = OrderBook()
    for side in sides:
        book.set(side, "10", "1")

    assert book.crossed is crossed


def test_a_cleared_book_forgets_orders_too() -> None:
    book = two_orders_at_one_price()
    book.clear()

    assert (book.depth("bid"), book.contains("bid", "", "a")) == (0, False)


@pytest.mark.parametrize("text", ["", "x", "NaN", "Infinity", None, 1.5, 7])
def test_what_is_no_number_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="not a number"):
        exact_number(text)


@pytest.mark.parametrize(("price", "size"), [("x", "1"), ("1", "x")])
def test_a_level_that_is_no_number_changes_nothing(price: str, size: str) -> None:
    book = OrderBook()

    with pytest.raises(ValueError, match="not a number"):
        book.set("bid", price, size)
    assert book.depth("bid") == 0


SUMS = [
    (["1e-60", "0"], "0." + "0" * 59 + "1"),
    (["1e-61", "0"], "1E-61"),
    (["1e60", "1e60"], "2" + "0" * 60),
]


@pytest.mark.parametrize(("sizes", "total"), SUMS)
def test_a_sum_is_written_plainly_up_to_sixty_digits(sizes: list[str], total: str) -> None:
    assert sum_of_sizes(*sizes) == total


def test_the_spread_is_exact_and_its_share_is_of_the_middle() -> None:
    assert spread("99", "101") == ("2", "2.0000")
    assert spread("0", "0") == ("0", "-")
    assert spread("0", "1e-61")[0] == "1E-61"
