"""What is typed at the end of a condition, and where its mistakes stand in the line."""

from __future__ import annotations

import doctest

import pytest

from tests.support.prompt_context import knows
from wscli.repl.syntax import condition_words
from wscli.repl.syntax.completer import completions
from wscli.repl.syntax.condition_words import condition_end, condition_text
from wscli.repl.syntax.hint import hint
from wscli.repl.syntax.lexer import lex, parse_line
from wscli.repl.syntax.validator import invalid_spans


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(condition_words).failed == 0


ENDS = [
    # what is typed                        what is expected, so far, of which field
    ("",                                   ("field", "", "")),
    ("pr",                                 ("field", "pr", "")),
    ("price ",                             ("operator", "", "price")),
    ("price n",                            ("operator", "n", "price")),
    ("price not ",                         ("operator", "not ", "price")),
    ("price >",                            ("value", "", "price")),
    ("price > 1",                          ("value", "1", "price")),
    ("price > 1 ",                         ("connector", "", "")),
    ("price > 1 o",                        ("connector", "o", "")),
    ("price > 1 or ",                      ("field", "", "")),
    ("price > 1 or not (si",               ("field", "si", "")),
    ("(price > 1 or side = b",             ("value", "b", "side")),
    ("(price > 1) ",                       ("connector", "", "")),
    ("side in (",                          ("value", "", "side")),
    ("side in (buy, s",                    ("value", "s", "side")),
    ("side in (buy) ",                     ("connector", "", "")),
    ("price between 1 and 2 a",            ("connector", "a", "")),
    ("status = PARTIALLY FILLED and s",    ("connector", "s", "")),   # a word of the value, so far
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ENDS)
def test_the_end_of_a_condition_says_what_may_follow(text: str, expected: tuple[str, str, str]) -> None:
    end = condition_end(text)

    assert (end.expected, end.typed, end.field) == expected


LINES = [
    # a line                                 its condition          where it begins
    ("where price > 1",                      "price > 1",           6),
    ("where 'price > 1'",                    "price > 1",           7),
    ("where 'price > 1",                     "price > 1",           7),
    ("where x = 'a' and y='b'",              "x = 'a' and y='b'",   6),
    ("on price > 1 and x=2 exec say {x} > y", "price > 1 and x=2",  3),
    ("on price > 1 bell",                    "price > 1",           3),
]  # fmt: skip


@pytest.mark.parametrize(("line", "text", "offset"), LINES)
def test_a_condition_stands_where_it_was_typed(line: str, text: str, offset: int) -> None:
    condition = condition_text(line, parse_line(lex(line).tokens, knows("bybit")).condition_tokens)

    assert (condition.text, condition.offset) == (text, offset)
    assert line[slice(*condition.span(0, 5))] == text[:5]


WRONG = [
    # a line                                          the parts that are wrong, with the cursor away from it
    ("where price > 1 and side = buy",                []),
    ("where price > abc and side = SELL",             ["abc", "SELL"]),
    ("where price > 1 side = buy",                    ["side"]),
    ("where sied = buy or not prcie > 1",             ["sied", "prcie"]),
    ("subscribe trade --where 'side = SELL'",         ["SELL"]),
    ("on side = SELL exec say 'it",                   ["SELL"]),
    ("on side = sell exec curl -d x > y | z",         []),
]  # fmt: skip


@pytest.mark.parametrize(("line", "wrong"), WRONG)
def test_each_mistake_is_marked_at_its_place(line: str, wrong: list[str]) -> None:
    known = knows("bybit")
    spans = invalid_spans(line, parse_line(lex(line).tokens, known), known, -1)

    assert [line[start:end] for start, end in spans] == wrong


ALERTS = [
    # a line                       what Tab offers
    ("on price>1 ",                ["and", "or", "exec", "bell"]),
    ("on price>1 e",               ["exec"]),
    ("on pri",                     ["price"]),
    ("on price>1 exec sh ",        []),
    ("alerts ",                    ["off"]),
]  # fmt: skip


@pytest.mark.parametrize(("line", "offered"), ALERTS)
def test_tab_knows_the_words_of_an_alert(line: str, offered: list[str]) -> None:
    assert [one.text for one in completions(line, knows("bybit"))][: len(offered) or None] == offered


def test_the_hint_below_the_line_says_what_a_command_is_given() -> None:
    line = "on price>1 exec say {price}"

    assert "{price} is a field of the row" in hint(line, len(line), knows("bybit"))
