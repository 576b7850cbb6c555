"""What `book` and `doctor` at the prompt are started with."""

from __future__ import annotations

import io
import signal
import subprocess
from collections.abc import Callable
from types import TracebackType

import pytest

from tests.repl.conftest import Rehearsal
from wscli.commands.options import Options
from wscli.output.signals import Interrupted
from wscli.repl.verbs import subprocess_verbs
from wscli.repl.verbs.subprocess_verbs import INHERITED_FLAGS, options_for


def test_a_book_has_the_colours_that_are_set_now(bybit: Rehearsal) -> None:
    bybit.say("set style monokai")
    bybit.say("set color never")
    options = options_for(bybit, "bybit", Options(), INHERITED_FLAGS)

    assert (options.style, options.color) == ("monokai", "never")
    assert options.url == bybit.current.options.url


def test_a_flag_of_the_command_comes_before_what_is_set(bybit: Rehearsal) -> None:
    bybit.say("set style monokai")

    assert options_for(bybit, "bybit", Options(style="vim"), INHERITED_FLAGS).style == "vim"


class RunningChild:
    """A child process that runs on until it is sent a signal."""

    def __init__(self) -> None:
        self.stdin, self.stderr = io.BytesIO(), None
        self.signals: list[int] = []

    def __enter__(self) -> RunningChild:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        assert self.signals, "it is waited for, and runs on"

    def wait(self, timeout: float | None = None) -> int:
        if not self.signals:
            raise subprocess.TimeoutExpired("wscli", timeout or 0)
        return -self.signals[0]

    def send_signal(self, number: int) -> None:
        self.signals.append(number)


def test_a_signal_ends_the_process_of_a_book_too(
    opened: Callable[..., Rehearsal], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, child = opened(), RunningChild()

    def check() -> None:
        raise Interrupted(signal.SIGTERM)

    monkeypatch.setattr(subprocess_verbs, "_start_child", lambda errors: child)
    monkeypatch.setattr(workspace.waits, "check", check)
    with pytest.raises(Interrupted):
        subprocess_verbs._run_child(workspace, ["bybit", "book"])

    assert child.signals == [signal.SIGTERM]
