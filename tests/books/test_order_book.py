"""An order book keeps the text that came, and names the message that said it last."""

from __future__ import annotations

import pytest

from wscli.books.order_book import OrderBook, exact_number, spread, sum_of_sizes


def two_orders_at_one_price() -> OrderBook:
    book = OrderBook()
    book.set("bid", "10.0", "1", "a", 3)
    book.set("bid", "10.00", "2", "b", 5)
    return book


def test_a_price_with_two_orders_is_that_of_the_later_message() -> None:
    (level,) = two_orders_at_one_price().top("bid", 5)

    assert (level.price, level.size, level.message_number) == ("10.00", "3", 5)
    assert level.orders == (("a", "1"), ("b", "2"))


def test_an_order_that_moves_leaves_its_old_price() -> None:
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
