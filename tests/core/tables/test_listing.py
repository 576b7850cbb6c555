"""Lists in columns: what stands where, at which width."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscli.core.tables import listing, text_width
from wscli.core.tables.listing import ListColumn, aligned_columns, list_text, wrapped
from wscli.core.tables.text_width import display_width


def test_the_examples_hold() -> None:
    assert doctest.testmod(listing).failed == 0
    assert doctest.testmod(text_width).failed == 0


CHANNELS = [
    ListColumn("NAME", importance=3),
    ListColumn("KIND", importance=1),
    ListColumn("WIRE NAME", wraps=True, importance=2),
    ListColumn("WHAT IT IS", wraps=True, importance=2),
]
ROWS = [
    ("trades", "channel", "trades_subscribe", "public trades, newest first"),
    ("lastprice", "query", "lastprice_request", "the price of the last trade"),
]
SHOWN = [
    (0, """\
NAME       KIND     WIRE NAME          WHAT IT IS
trades     channel  trades_subscribe   public trades, newest first
lastprice  query    lastprice_request  the price of the last trade
"""),
    (64, """\
NAME       KIND     WIRE NAME          WHAT IT IS
trades     channel  trades_subscribe   public trades, newest
                                       first
lastprice  query    lastprice_request  the price of the last
                                       trade
"""),
    (60, """\
NAME       KIND     WIRE NAME          WHAT IT IS
trades     channel  trades_subscribe   public trades, newest
                                       first
lastprice  query    lastprice_request  the price of the last
                                       trade
"""),
    (56, """\
NAME       KIND     WIRE NAME          WHAT IT IS
trades     channel  trades_subscribe   public trades,
                                       newest first
lastprice  query    lastprice_request  the price of the
                                       last trade
"""),
    (50, """\
NAME       WIRE NAME          WHAT IT IS  …
trades     trades_subscribe   public trades,
                              newest first
lastprice  lastprice_request  the price of the
                              last trade
"""),
    (40, """\
NAME       WIRE NAME  …
trades     trades_subscribe
lastprice  lastprice_request
"""),
    (12, """\
NAME  …
trades
lastprice
"""),
    (6, """\
NAME …
trades
lastp…
"""),
]  # fmt: skip


@pytest.mark.parametrize(("width", "text"), SHOWN)
def test_a_list_fits_the_width_and_says_that_a_column_is_left_out(width: int, text: str) -> None:
    assert list_text(CHANNELS, ROWS, width) == text


def test_numbers_stand_under_each_other_by_their_decimal_point() -> None:
    columns = [ListColumn("n", "right"), ListColumn("value", "point"), ListColumn("")]
    rows = [("7", "36,500.10", "a"), ("12", "7", "b"), ("103", "0.00012", "c"), ("4", "none", "d")]

    assert list_text(columns, rows).splitlines() == [
        "  n         value",
        "  7  36,500.10     a",
        " 12       7        b",
        "103       0.00012  c",
        "  4          none  d",
    ]


def test_wide_characters_count_two() -> None:
    assert aligned_columns([("币安", "x"), ("abcdef", "y")]) == "币安    x\nabcdef  y\n"


def test_an_empty_list_is_its_headings_or_nothing() -> None:
    assert list_text([ListColumn("A"), ListColumn("B")], []) == "A  B\n"
    assert aligned_columns([]) == ""


TEXTS = st.text(st.sampled_from("abc 币_"), max_size=30)


@given(
    st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=5),
    st.integers(8, 80),
    st.lists(st.booleans(), min_size=3, max_size=3),
)
def test_no_line_is_wider_than_the_width(rows: list[tuple[str, str, str]], width: int, wraps: list[bool]) -> None:
    columns = [ListColumn(f"C{at}", wraps=wrap, importance=at) for at, wrap in enumerate(wraps)]

    assert all(display_width(line) <= width for line in list_text(columns, rows, width).splitlines())


@given(st.text(st.sampled_from("abc 币_"), max_size=60), st.integers(2, 20))
def test_wrapping_loses_no_character(text: str, width: int) -> None:
    assert "".join("".join(wrapped(text, width)).split()) == "".join(text.split())
