"""A line that is run: which exchange it is for, which flags it may have there, how many words its verb takes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from wscli.commands.options import Options
from wscli.core.errors import UsageError
from wscli.repl.syntax.lexer import lex
from wscli.repl.verbs.invocation import (
    is_message_number,
    number_argument,
    require_at_most,
    require_no_arguments,
    worker_of,
)

WORKSPACE: Any = SimpleNamespace(
    current=SimpleNamespace(label="bybit"),
    is_open=lambda name: name == "bybit",
    use=lambda name, flags: f"{name} opened",
)


def line(*arguments: str, exchange: str | None = None, command: str = "last", **flags: Any) -> Any:
    parsed = SimpleNamespace(
        names_exchange=exchange is not None, dialect=SimpleNamespace(name=exchange or "bybit"), command=command
    )
    typed = lex(" ".join((command, *arguments)))
    parsed.arguments = typed.tokens[1:]
    return SimpleNamespace(line=typed, parsed_line=parsed, arguments=arguments, flags=Options(**flags))


WORKERS = [
    # the exchange that is named   flags                                  whose line it is         the flag that is refused
    (None,                         {},                                    WORKSPACE.current,       None),
    (None,                         {"output": "rows", "count": 3},        WORKSPACE.current,       None),
    (None,                         {"testnet": True},                     None,                    "--testnet"),
    (None,                         {"proxy": "http://p"},                 None,                    "--proxy"),
    ("bybit",                      {},                                    "bybit opened",          None),
    ("bybit",                      {"output": "rows"},                    "bybit opened",          None),
    ("bybit",                      {"testnet": True},                     "bybit opened",          None),
    ("bybit",                      {"proxy": "http://p"},                 None,                    "--proxy"),
    ("bybit",                      {"testnet": True, "proxy": "http://p"}, "bybit opened",         None),
    ("whitebit",                   {"proxy": "http://p"},                 "whitebit opened",       None),
]  # fmt: skip


@pytest.mark.parametrize(("exchange", "flags", "worker", "refused"), WORKERS)
def test_a_flag_that_opens_an_exchange_needs_one_that_is_opened(
    exchange: str | None, flags: dict[str, Any], worker: Any, refused: str | None
) -> None:
    if refused is None:
        assert worker_of(WORKSPACE, line(exchange=exchange, **flags)) == worker
        return
    with pytest.raises(UsageError) as error:
        worker_of(WORKSPACE, line(exchange=exchange, **flags))

    assert error.value.message == f"{refused} applies when an exchange is opened, and bybit is open already"
    assert error.value.hint == f"use bybit {refused} … connects again"
    assert error.value.word == refused


NUMBERS = [
    # a word       is it the number of a message?
    ("17",         True),
    ("#17",        True),
    ("1",          True),
    ("0",          False),
    ("-1",         False),
    ("1.5",        False),
    ("9" * 12,     True),
    ("9" * 13,     False),
    ("#",          False),
    ("{}",         False),
    ("",           False),
]  # fmt: skip


@pytest.mark.parametrize(("word", "is_number"), NUMBERS)
def test_a_word_is_the_number_of_a_message(word: str, is_number: bool) -> None:
    assert is_message_number(word) is is_number
    if is_number:
        assert number_argument(line(word), 5) == int(word.lstrip("#"))
        return
    with pytest.raises(UsageError) as error:
        number_argument(line(word), 5)
    assert (error.value.message, error.value.word) == (f"not a number: {word!r}", word)


def test_without_a_word_the_number_is_the_usual_one() -> None:
    assert number_argument(line(), 5) == 5


def test_a_verb_takes_so_many_words() -> None:
    require_no_arguments(line())
    require_at_most(line("a", "b"), 2)
    with pytest.raises(UsageError) as none:
        require_no_arguments(line("a", "b", command="status"))
    with pytest.raises(UsageError) as two:
        require_at_most(line("a", "b", "c"), 2)

    assert (none.value.message, none.value.word) == ("status takes no words (got 'a b')", "a")
    assert (two.value.message, two.value.word) == ("too many words: 'c'", "c")
    assert none.value.hint
    assert two.value.hint == "last a b"
