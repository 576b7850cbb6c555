"""The formats of `-o`: one class each, found by name, which says what is known without an instance."""

from __future__ import annotations

import doctest
from collections.abc import Sequence

import pytest

from wscli.core import format_registry
from wscli.core.messages import Event, Kind, ReceivedMessage
from wscli.output import formats
from wscli.output.formats import FORMATS, OutputFormat, format_class, formats_where, make_format
from wscli.output.rows import Row

MESSAGE = ReceivedMessage(Event(Kind.UPDATE, {"a": 1}), '{"a":\n1}', 0, 1)

# name, needs_rows, safe_on_terminal, projectable, shows_gaps, verbatim
FACTS = [
    ("json", False, False, True, False, True),
    ("pretty", False, True, True, False, False),
    ("rows", True, False, False, False, False),
    ("table", True, True, False, False, False),
    ("event", False, False, False, True, False),
    ("csv", True, False, False, False, False),
    ("raw", False, False, True, False, True),
]


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(formats).failed == 0


@pytest.mark.parametrize(("name", "rows", "safe", "projectable", "gaps", "verbatim"), FACTS)
def test_a_format_says_what_is_known_of_it(
    name: str, rows: bool, safe: bool, projectable: bool, gaps: bool, verbatim: bool
) -> None:
    found = format_class(name)

    assert (found.needs_rows, found.safe_on_terminal, found.projectable) == (rows, safe, projectable)
    assert (found.shows_gaps, found.verbatim is not None) == (gaps, verbatim)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_registered_under_its_own_name_and_has_a_summary(name: str) -> None:
    assert format_class(name).name == name
    assert format_class(name).summary


def test_formats_are_listed_in_the_order_of_the_registry() -> None:
    assert [*FORMATS] == [facts[0] for facts in FACTS]
    assert formats_where(lambda one: one.projectable) == ("json", "pretty", "raw")


def test_an_unknown_format_is_an_error() -> None:
    with pytest.raises(ValueError, match="no output format named 'yaml'"):
        make_format("yaml")


@pytest.mark.parametrize(("name", "line_per_message", "text"), [("json", True, '{"a":1}'), ("raw", False, '{"a":\n1}')])
def test_a_verbatim_format_gives_the_same_text_on_both_ways(name: str, line_per_message: bool, text: str) -> None:
    verbatim = format_class(name).verbatim

    assert verbatim is not None
    assert verbatim.line_per_message == line_per_message
    assert verbatim.text(MESSAGE) == text
    assert make_format(name).show(MESSAGE, ()) == text + "\n"


class LengthFormat(OutputFormat):
    name = "length"
    summary = "the number of characters"

    def show(self, received: ReceivedMessage, rows: Sequence[Row]) -> str:
        return f"{len(received.text)}\n"


def test_a_new_format_is_a_class_and_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(format_registry.FORMATS, "length", f"{__name__}:LengthFormat")  # type: ignore[arg-type]

    assert make_format("length").show(MESSAGE, ()) == "8\n"
    assert make_format("length").show_value({"a": 1}) == '{"a":1}\n'
    assert "length" in formats_where(lambda one: not one.needs_rows)
