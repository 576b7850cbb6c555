"""The prompt without a terminal: keys arrive through a pipe, and lines go to an interpreter that notes them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.formatted_text import fragment_list_to_text
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from tests.repl.conftest import Rehearsal
from wscli.repl.terminal import shell
from wscli.repl.terminal.shell import Shell
from wscli.repl.verbs.interpreter import Interpreter
from wscli.repl.workspace.printer import ScreenPrinter
from wscli.repl.workspace.workspace import Workspace


class LineLog:
    """Notes each line that is run, and whether a wait was given up when it began; then it gives up, as Ctrl-C does."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.lines: list[str] = []
        self.given_up: list[bool] = []

    def run(self, line: str) -> None:
        self.lines.append(line)
        self.given_up.append(self._workspace.waits.given_up.is_set())
        self._workspace.waits.give_up()


@pytest.fixture(autouse=True)
def _own_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))


@pytest.fixture
def run_keys(opened: Callable[..., Rehearsal]) -> Callable[[str], LineLog]:
    def run(keys: str) -> LineLog:
        workspace = opened()
        log = LineLog(workspace)

        async def at_the_prompt() -> int:
            with create_pipe_input() as keyboard, create_app_session(keyboard, DummyOutput()):
                printer = ScreenPrinter(10.0, lambda: None)
                one = Shell(workspace, cast(Interpreter, log), printer, [])
                keyboard.send_text(keys)
                keyboard.close()  # the end of the keys ends the prompt, also within a line
                return await one.run()

        assert asyncio.run(at_the_prompt()) == 0
        return log

    return run


ENTERED = [
    # keys                                the lines that are run
    ("ping\r",                            ["ping"]),
    ('send {"op":\r"ping"}\r',            ['send {"op":\n"ping"}']),
    ("send [\r1]\r",                      ["send [\n1]"]),
    ("send {\r\r\r",                      ["send {\n\n"]),  # two empty lines: it is run as it is, and the error shown
    ("ping\rhelp\r",                      ["ping", "help"]),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "lines"), ENTERED)
def test_enter_runs_a_line_once_its_brackets_and_quotes_are_closed(
    run_keys: Callable[[str], Any], keys: str, lines: list[str]
) -> None:
    assert run_keys(keys).lines == lines


def test_a_wait_that_was_given_up_in_one_line_is_not_given_up_in_the_next(run_keys: Callable[[str], LineLog]) -> None:
    assert run_keys("ping\rping\r").given_up == [False, False]


@pytest.mark.parametrize(("label", "text"), [(None, "wscli> "), ("bybit", "bybit> "), ("gone", "wscli> ")])
def test_the_prompt_is_the_name_of_the_exchange_in_use(
    opened: Callable[..., Rehearsal], label: str | None, text: str
) -> None:
    workspace = opened()
    with create_pipe_input() as keyboard, create_app_session(keyboard, DummyOutput()):
        one = Shell(workspace, Interpreter(workspace), ScreenPrinter(10.0, lambda: None), [])
    workspace.workers["bybit"] = cast(Any, SimpleNamespace(label="bybit"))
    workspace.current_label = label
    fragments = one._prompt_text()
    workspace.workers.clear()

    assert fragment_list_to_text(fragments) == text


STOPPED = [
    # subscriptions  the notice
    (0,              "wscli: nothing is on; Ctrl-D leaves"),
    (1,              "wscli: stopped 1 subscription"),
    (2,              "wscli: stopped 2 subscriptions"),
]  # fmt: skip


@pytest.mark.parametrize(("count", "notice"), STOPPED)
def test_ctrl_c_on_an_empty_line_reports_how_much_it_stopped(
    opened: Callable[..., Rehearsal], monkeypatch: pytest.MonkeyPatch, count: int, notice: str
) -> None:
    workspace = opened()
    monkeypatch.setattr(shell, "stop_all", lambda workspace, workers: count)
    with create_pipe_input() as keyboard, create_app_session(keyboard, DummyOutput()):
        one = Shell(workspace, Interpreter(workspace), ScreenPrinter(10.0, lambda: None), [])
        one._stop_streams()

    assert workspace.sheet.words == [notice]
