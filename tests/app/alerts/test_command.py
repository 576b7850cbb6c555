"""The command of an alert is run in a thread: with the row, without the secrets of wscli, and not for ever."""

from __future__ import annotations

import os
import sys

import pytest

from wscli.app.alerts.command import CommandOutput, CommandRunner, Start
from wscli.storage.child_processes import python_command

LONG_S = 30.0  # more than any of these takes


class Run:
    """A runner whose output is kept."""

    def __init__(self) -> None:
        self.now = 0.0
        self.lines: list[str] = []
        self.notes: list[str] = []
        self.runner = CommandRunner(
            "the command", CommandOutput(None, self.lines.append, self.notes.append), lambda: self.now
        )

    def start(self, *arguments: str, text: str = "{}", **variables: str) -> None:
        self.runner.start(Start(arguments, variables, text))


def test_it_has_the_row_on_standard_input_and_in_variables_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WSCLI_BYBIT_SECRET", "hush")
    run = Run()
    run.start(
        "sh", "-c", 'cat; echo "$WSCLI_ROW_PRICE,$1,${WSCLI_BYBIT_SECRET:-unset}"; echo wrong >&2', "x", "a b;$(c)\0",
        text='{"price":"1.50","odd":"\ud800"}', WSCLI_ROW_PRICE="1.50",
    )  # fmt: skip
    run.runner.close(LONG_S)

    assert run.lines == ['{"price":"1.50","odd":"\\ud800"}', "1.50,a b;$(c),unset", "wrong"]
    assert run.notes == []


def test_a_failing_command_is_named_once_with_its_status() -> None:
    run = Run()
    for run.now in (0.0, 2.0, 4.0):
        run.start("sh", "-c", "exit 3")
        run.runner._thread.join(LONG_S)  # type: ignore[union-attr]

    assert run.notes == ["the command failed with status 3"]
    assert (run.runner.runs, run.runner.failures) == (3, 3)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["./no/such/program"], "the command cannot be run: No such file or directory"),
        ([os.devnull], "the command cannot be run: Permission denied"),
        (["sh", "-c", "kill -9 $$"], "the command was ended by SIGKILL"),
    ],
)
def test_a_command_that_cannot_be_run_is_named(arguments: list[str], said: str) -> None:
    run = Run()
    run.start(*arguments)
    run.runner.close(LONG_S)

    assert run.notes == [said]


def test_it_is_not_started_while_it_runs_nor_twice_in_a_second() -> None:
    run = Run()
    run.start(*python_command("sys.stdin.read()"))
    run.now = 5.0
    run.runner._thread.join(LONG_S)  # type: ignore[union-attr]
    assert run.runner.is_free
    run.start("sleep", "30")
    run.now = 9.0

    assert not run.runner.is_free
    run.runner.close(0.0)
    assert not run.runner.is_free

    soon = Run()
    soon.start(sys.executable, "-c", "pass")
    soon.runner._thread.join(LONG_S)  # type: ignore[union-attr]
    for soon.now, free in ((0.9, False), (1.0, True)):
        assert soon.runner.is_free is free


@pytest.mark.parametrize(
    ("grace_s", "notes"), [(0.0, []), (0.05, ["the command was still running 0.05 s after the stream, and was ended"])]
)
def test_it_is_ended_with_the_stream_and_so_is_what_it_started(grace_s: float, notes: list[str]) -> None:
    run = Run()
    run.start("sh", "-c", "echo begun; sleep 30 & sleep 30")
    while not run.lines:
        run.runner._thread.join(0.01)  # type: ignore[union-attr]
    run.runner.close(grace_s)

    assert run.notes == notes
    assert not run.runner._thread.is_alive()  # type: ignore[union-attr]  # it reads until nobody writes any more


def test_after_the_end_nothing_is_started() -> None:
    run = Run()
    run.runner.close(0.0)

    assert not run.runner.is_free
