"""--columns: what a text chooses of the usual columns, and which texts are refused."""

import doctest

import pytest

from wscli.core.errors import UsageError
from wscli.core.record import replace
from wscli.core.tables import column_choice
from wscli.core.tables.column_choice import check_columns, parse_column_setting, parse_columns

USUAL = ("kind", "channel", "symbol", "side", "price", "time", "seq")


def test_the_examples_hold() -> None:
    assert doctest.testmod(column_choice).failed == 0


CHOSEN = [
    # typed                 of the usual columns
    ("time,side,price",     "time side price"),
    ("price",               "price"),
    (" price , time ",      "price time"),
    ("price,price,time",    "price time"),
    ("+lag",                "kind channel symbol side price time lag seq"),
    ("+exchange",           "exchange kind channel symbol side price time seq"),
    ("+price",              "kind channel symbol side price time seq"),
    ("+rpi",                "kind channel symbol side price time seq rpi"),
    ("-kind,-seq",          "channel symbol side price time"),
    ("-kind,+lag",          "channel symbol side price time lag seq"),
    ("time,price,+lag",     "time price lag"),
    ("time,price,-time",    "price"),
    ("-time,+lag",          "kind channel symbol side price seq lag"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "columns"), CHOSEN)
def test_names_choose_and_signs_change_the_usual_columns(text: str, columns: str) -> None:
    assert parse_columns(text).of(USUAL) == tuple(columns.split())


def test_the_numbers_of_messages_stay() -> None:
    assert parse_columns("price").of(("#", *USUAL)) == ("#", "price")


@pytest.mark.parametrize("text", ["", ",", "+", "-", "time,,price", "time,+", " "])
def test_a_list_in_which_a_name_is_missing_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--columns") as caught:
        parse_columns(text)

    assert caught.value.hint is not None
    assert caught.value.hint.startswith("for example: --columns time,side,price,size")


OFFERED = [
    # typed             what is not known   the line that is offered
    ("tme",             "tme",              "--columns time"),
    ("time,sied,price", "sied",             "--columns time,side,price"),
    ("+lagg",           "lagg",             "--columns +lag"),
    ("-knd",            "knd",              "--columns -kind"),
    ("TIME",            "TIME",             "--columns time"),
    ("qqq",             "qqq",              None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wrong", "line"), OFFERED)
def test_an_unknown_name_is_refused_with_the_list_that_was_meant(text: str, wrong: str, line: str | None) -> None:
    with pytest.raises(UsageError) as caught:
        check_columns(parse_columns(text), USUAL)

    offered = f"did you mean {line}? " if line is not None else ""
    assert caught.value.message == f"--columns: no column named {wrong!r}"
    assert caught.value.hint == f"{offered}one of: {' '.join(USUAL)} exchange lag"


def test_a_choice_is_written_as_it_was_typed() -> None:
    assert str(parse_columns("+lag, -kind")) == "+lag, -kind"
    assert parse_column_setting("time") == replace(parse_columns("time"), is_setting=True)


def test_a_setting_is_refused_in_its_own_words() -> None:
    with pytest.raises(UsageError) as caught:
        parse_column_setting("time,,price")

    assert caught.value.message == "columns: a name is missing"
    assert caught.value.hint == "for example: time,side,price,size, or +lag to add one; default is the usual ones"
