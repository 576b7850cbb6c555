"""The line of `connect` without a terminal: keys arrive through a pipe, and what is done with them is noted."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from typing import Any

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from wscli.core.errors import UsageError
from wscli.repl.display.printer import ScreenPrinter
from wscli.repl.terminal.message_line import LineActions, MessageLine


class Log:
    """What was done. ends_on: the session ends after that."""

    def __init__(self, ends_on: str) -> None:
        self.done: list[str] = []
        self.notices = ""
        self._ends_on = ends_on

    def note(self, what: str) -> None:
        self.done.append(what)

    def enter(self, line: str) -> None:
        self.note(line)
        if line == "wrong":
            raise UsageError("it is wrong", "write it right")

    @property
    def ended(self) -> bool:
        return self._ends_on in self.done


@pytest.fixture
def run_keys() -> Callable[..., Log]:
    def run(keys: str, ends_on: str = "end") -> Log:
        log = Log(ends_on)
        actions = LineActions(
            log.enter,
            lambda: log.note("end"),
            lambda number: log.note(signal.Signals(number).name),
            lambda: log.ended,
            lambda text: (len(text), [("--where", "filter")] if "--where".startswith(text) else []),
            lambda width: "the bottom",
        )

        async def at_the_line() -> None:
            printer = ScreenPrinter(10.0, lambda: None)
            with create_pipe_input() as keyboard, create_app_session(keyboard, DummyOutput()):
                history = InMemoryHistory(["sub one", "ping", "sub two"])
                line = MessageLine(printer, "> ", history, actions)
                keyboard.send_text(keys)
                await asyncio.wait_for(line.run(), 60)

        captured: list[str] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("wscli.repl.terminal.message_line.write", captured.append)
            patch.setattr("wscli.repl.terminal.message_line.write_above", lambda app, text: captured.append(text))
            asyncio.run(at_the_line())
        log.notices = "".join(captured)
        return log

    return run


KEYS: list[tuple[str, list[str]]] = [
    # keys                              what is done
    ("one\rtwo\r\x04",                  ["one", "two", "end"]),
    ("half\x03one\r\x04",               ["one", "end"]),  # Ctrl-C clears the line
    ("\r\x04",                          ["", "end"]),
    ("pi\t\r\x04",                      ["ping", "end"]),  # one earlier line
    ("sub\t\r\x04",                     ["sub two", "end"]),  # of several, the latest
    ("sub\t\t\r\x04",                   ["sub one", "end"]),
    ("--w\t'a=1'\r\x04",                ["--where 'a=1'", "end"]),
    ("\x1b[200~a\nb\x1b[201~\r\x04",    ["a\nb", "end"]),  # pasted
]  # fmt: skip


@pytest.mark.parametrize(("keys", "done"), KEYS)
def test_keys_do_what_they_do_at_the_prompt(run_keys: Callable[..., Log], keys: str, done: list[str]) -> None:
    assert run_keys(keys).done == done


def test_ctrl_c_on_an_empty_line_stops_the_session(run_keys: Callable[..., Log]) -> None:
    assert run_keys("one\r\x03", ends_on="SIGINT").done == ["one", "SIGINT"]


def test_ctrl_c_twice_leaves_a_session_that_does_not_end(run_keys: Callable[..., Log]) -> None:
    assert run_keys("\x03\x03", ends_on="never").done == ["SIGINT", "SIGINT"]


def test_a_line_that_is_wrong_is_reported_and_the_next_one_is_taken(run_keys: Callable[..., Log]) -> None:
    log = run_keys("wrong\rright\r\x04")

    assert log.done == ["wrong", "right", "end"]
    assert "wscli: it is wrong\n  hint: write it right\n" in log.notices


def test_the_end_of_the_session_ends_the_line(run_keys: Callable[..., Any]) -> None:
    assert run_keys("one\rhalf a line", ends_on="one").done == ["one"]
