"""What to type in place of a line that is wrong: whole lines."""

from __future__ import annotations

import shutil

import pytest

from tests.support.prompt_context import knows
from wscli.core.errors import UsageError
from wscli.repl.syntax.lexer import lex, parse_line
from wscli.repl.verbs.corrections import check_place_of_exchange, unknown_command_hint, without_excess

HINTS = [
    # the line                           is it a command of the shell?  the hint
    ("trade BTCUSDT",                    False,                         "did you mean subscribe trade BTCUSDT?"),
    ("trade BTCUSDT -n 3 ",              False,                         "did you mean subscribe trade BTCUSDT -n 3?"),
    ("subscrib trade BTCUSDT",           False,                         "did you mean subscribe trade BTCUSDT? help lists the commands"),
    ("ls -l",                            True,                          "!ls -l runs it in the shell"),
    ("bybit frobnicate",                 True,                          "help lists the commands"),
    ("frobnicate",                       False,                         "help lists the commands"),
    ("whitbit",                          False,                         "did you mean whitebit? help lists the commands"),
    ("myrom",                            False,                         "did you mean myroom? help lists the commands"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "in_shell", "hint"), HINTS)
def test_a_verb_that_is_unknown_is_left_out_misspelt_or_one_of_the_shell(
    monkeypatch: pytest.MonkeyPatch, text: str, in_shell: bool, hint: str
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}" if in_shell else None)
    line = lex(text)

    assert unknown_command_hint(line, parse_line(line.tokens, knows("bybit")), ["myroom"]) == hint


PLACES = [
    # the line                             the line that is meant
    ("subscribe bybit trade BTCUSDT",      "bybit subscribe trade BTCUSDT"),
    ("subscribe trade BTCUSDT",            None),
    ("bybit subscribe trade BTCUSDT",      None),
    ("subscribe",                          None),
    ("use bybit",                          None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "meant"), PLACES)
def test_an_exchange_stands_before_its_verb(text: str, meant: str | None) -> None:
    line = lex(text)
    parsed = parse_line(line.tokens, knows("bybit"))
    if meant is None:
        check_place_of_exchange(line, parsed)
        return
    with pytest.raises(UsageError) as refused:
        check_place_of_exchange(line, parsed)

    assert (refused.value.hint, refused.value.word) == (meant, "bybit")
    assert refused.value.message == "the exchange stands before subscribe"


def test_a_line_ends_before_the_words_that_are_too_many() -> None:
    line = lex("record a.jsonl  b.jsonl")

    assert without_excess(line, line.tokens[2]) == "record a.jsonl"
