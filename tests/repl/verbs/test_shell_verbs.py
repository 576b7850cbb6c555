"""`! COMMAND` in a script: what it prints, and how a failure ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.repl.conftest import Rehearsal
from wscli.core.errors import UsageError, WscliError

PRINTED = [
    ("!echo one; echo two",             "one\ntwo\n"),
    ("! printf 'a | b > c # d'",        "a | b > c # d\n"),
    ("  !cat",                          ""),  # standard input holds the script
    ("!echo $WSCLI_BYBIT_SECRET-",      "-\n"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "printed"), PRINTED)
def test_what_a_command_prints_is_the_output_of_the_script(
    opened: Callable[..., Rehearsal], monkeypatch: pytest.MonkeyPatch, line: str, printed: str
) -> None:
    monkeypatch.setenv("WSCLI_BYBIT_SECRET", "canary")

    assert opened(interactive=False).say(line) == printed


def test_a_command_that_fails_is_an_error_of_the_script(opened: Callable[..., Rehearsal]) -> None:
    with pytest.raises(WscliError, match="false ended with status 1"):
        opened(interactive=False).say("!false")


@pytest.mark.parametrize("line", ["!", " ! "])
def test_a_command_is_needed(opened: Callable[..., Rehearsal], line: str) -> None:
    with pytest.raises(UsageError, match="! needs a command") as raised:
        opened().say(line)

    assert raised.value.hint == "!date"
