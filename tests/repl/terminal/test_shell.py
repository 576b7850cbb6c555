"""The prompt without a terminal: keys arrive through a pipe, and lines go to an interpreter that notes them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.formatted_text import fragment_list_to_text
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from tests.repl.conftest import Rehearsal
from wscli.core.errors import ConnectionFailed, UsageError, WscliError
from wscli.repl.display.printer import ScreenPrinter
from wscli.repl.terminal import shell
from wscli.repl.terminal.adapters import MAX_STYLED_LENGTH
from wscli.repl.terminal.shell import Shell
from wscli.repl.verbs.interpreter import Interpreter
from wscli.repl.workspace.workspace import ExitRequested, Workspace


class LineLog:
    """Notes each line that is run, and whether a wait was given up when it began; then it gives up, as Ctrl-C does.

    errors: what a line raises, by the line.
    """

    def __init__(self, workspace: Workspace, errors: Mapping[str, Exception]) -> None:
        self._workspace, self._errors = workspace, errors
        self.lines: list[str] = []
        self.given_up: list[bool] = []
        self.notices: list[str] = []

    def run(self, line: str) -> None:
        self.lines.append(line)
        self.given_up.append(self._workspace.waits.given_up.is_set())
        self._workspace.waits.give_up()
        if line in self._errors:
            raise self._errors[line]


@pytest.fixture(autouse=True)
def _own_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))


@pytest.fixture
def run_keys(opened: Callable[..., Rehearsal]) -> Callable[..., LineLog]:
    def run(keys: str, **errors: Exception) -> LineLog:
        workspace = opened()
        log = LineLog(workspace, errors)
        log.notices = workspace.sheet.words

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
    run_keys: Callable[..., LineLog], keys: str, lines: list[str]
) -> None:
    assert run_keys(keys).lines == lines


def test_a_wait_that_was_given_up_in_one_line_is_not_given_up_in_the_next(run_keys: Callable[..., LineLog]) -> None:
    assert run_keys("ping\rping\r").given_up == [False, False]


@pytest.mark.parametrize(("label", "text"), [(None, "wscli> "), ("bybit", "bybit> "), ("gone", "wscli> ")])
def test_the_prompt_is_the_name_of_the_exchange_in_use(
    opened: Callable[..., Rehearsal], label: str | None, text: str
) -> None:
    workspace = opened()
    with shell_of(workspace) as one:
        pass
    workspace.workers["bybit"] = cast(Any, SimpleNamespace(label="bybit"))
    workspace.current_label = label
    fragments = one._prompt_text()
    workspace.workers.clear()

    assert fragment_list_to_text(fragments) == text


COMPLETED = [
    # keys                   the line that is run
    ("pin\t\r",              "ping"),
    ("use bitst\t--sim\r",   "use bitstamp --sim"),   # behind the only completion stands a space
    ("un\t\r",               "unsubscribe"),
    ("set colo\tx\r",          "set color x"),
    ("nothing\t\r",          "nothing"),
    ("re\tx\r",              "reconnectx"),              # the best of several, with a menu
    ("re\t\tx\r",            "resumex"),              # and the next
    ("re\t\r",               "reconnect"),               # what the menu put there is taken
]  # fmt: skip


@pytest.mark.parametrize(("keys", "line"), COMPLETED)
def test_tab_completes(run_keys: Callable[..., LineLog], keys: str, line: str) -> None:
    assert run_keys(keys).lines == [line]


@pytest.mark.parametrize(("keys", "lines"), [("abc\x03ping\r", ["ping"]), ("\x03ping\r", ["ping"])])
def test_ctrl_c_clears_the_line(run_keys: Callable[..., LineLog], keys: str, lines: list[str]) -> None:
    assert run_keys(keys).lines == lines


def test_an_error_stands_under_a_caret_at_its_word_and_the_prompt_goes_on(run_keys: Callable[..., LineLog]) -> None:
    error = UsageError("no exchange named 'nope'", "one of them", word="nope")
    log = run_keys("use nope\rping\r", **{"use nope": error})

    assert log.lines == ["use nope", "ping"]
    assert log.notices == ["           ^^^^\nwscli: no exchange named 'nope'\n  hint: one of them"]


@pytest.mark.parametrize("error", [ConnectionFailed("nobody is there", "try again"), UsageError("no", "yes", word="x")])
def test_an_error_about_no_word_of_the_line_has_no_caret(run_keys: Callable[..., LineLog], error: WscliError) -> None:
    assert run_keys("ping\r", ping=error).notices == [f"wscli: {error.message}\n  hint: {error.hint}"]


def test_a_fault_of_the_program_is_shown_whole_and_the_prompt_goes_on(
    run_keys: Callable[..., LineLog], capfd: pytest.CaptureFixture[str]
) -> None:
    log = run_keys("ping\rhelp\r", ping=RuntimeError("odd\x1b[2J"))

    assert log.lines == ["ping", "help"]
    assert "RuntimeError: odd\\u001b[2J\n" in capfd.readouterr().out


def test_exit_ends_the_prompt(run_keys: Callable[..., LineLog]) -> None:
    assert run_keys("quit\rping\r", quit=ExitRequested()).lines == ["quit"]


@contextmanager
def shell_of(workspace: Workspace, printer: ScreenPrinter | None = None) -> Iterator[Any]:
    with create_pipe_input() as keyboard, create_app_session(keyboard, DummyOutput()):
        yield Shell(workspace, Interpreter(workspace), printer or ScreenPrinter(10.0, lambda: None), [])


def test_a_setting_is_applied_at_once(opened: Callable[..., Rehearsal]) -> None:
    workspace, printer = opened(), ScreenPrinter(10.0, lambda: None)
    with shell_of(workspace, printer) as one:
        modes = [one._session.editing_mode]
        for value in ("vi", "emacs"):
            workspace.settings.change("keys", value)
            modes.append(one._session.editing_mode)
        workspace.settings.change("shown", "50")

    assert modes == [EditingMode.EMACS, EditingMode.VI, EditingMode.EMACS]
    assert printer.rate_per_s == 50.0


BELOW = [
    # the line that is typed           the hint begins with
    ("use nope",                       "use EXCHANGE: "),
    ("",                               "Tab completes, help explains"),
    ("x" * (MAX_STYLED_LENGTH + 1),    ""),  # too long to look at with every key
]  # fmt: skip


@pytest.mark.parametrize(("text", "hint"), BELOW, ids=["a line", "none", "a long one"])
def test_below_stand_the_hint_and_the_state_as_wide_as_the_screen(
    opened: Callable[..., Rehearsal], monkeypatch: pytest.MonkeyPatch, text: str, hint: str
) -> None:
    monkeypatch.setattr(os, "isatty", lambda number: True)
    monkeypatch.setattr(os, "get_terminal_size", lambda: os.terminal_size((30, 9)))

    async def typed() -> list[str]:
        with shell_of(opened()) as one:
            one._session.default_buffer.text = text
            return [part for _, part in one._bottom_lines()]

    shown, newline, state = asyncio.run(typed())

    assert shown.startswith(hint) and bool(shown) == bool(hint) and len(shown) <= 30
    assert newline == "\n"
    assert len(state) == 30


def test_nothing_is_printed_while_the_terminal_is_lent(
    opened: Callable[..., Rehearsal], capfd: pytest.CaptureFixture[str]
) -> None:
    workspace, printer = opened(), ScreenPrinter(10.0, lambda: None)
    with shell_of(workspace, printer) as one:
        printer.print_notice("wscli: a notice")
        with workspace.terminal.lend():
            one._flush()
            lent = capfd.readouterr().out
        one._flush()
        one._flush()

    assert (lent, capfd.readouterr().out) == ("", "wscli: a notice\n")


PRESSED = [
    # subscriptions, when Ctrl-C is pressed      the notices
    (0, (0.0,),                                  ["no subscriptions; Ctrl-D leaves"]),
    (1, (0.0,),                                  ["Ctrl-C again stops 1 subscription"]),
    (3, (0.0, 1.9),                              ["Ctrl-C again stops 3 subscriptions", "stopped"]),
    (3, (0.0, 2.1),                              ["Ctrl-C again stops 3 subscriptions", "Ctrl-C again stops 3 subscriptions"]),
    (3, (0.0, 1.0, 1.5),                         ["Ctrl-C again stops 3 subscriptions", "stopped", "Ctrl-C again stops 3 subscriptions"]),
]  # fmt: skip


@pytest.mark.parametrize(("count", "times", "notices"), PRESSED)
def test_ctrl_c_on_an_empty_line_asks_once_more_within_two_seconds(
    opened: Callable[..., Rehearsal],
    monkeypatch: pytest.MonkeyPatch,
    count: int,
    times: tuple[float, ...],
    notices: list[str],
) -> None:
    workspace = opened()
    workspace.workers["bybit"] = cast(Any, SimpleNamespace(subscriptions=lambda: [1] * count))
    monkeypatch.setattr(shell, "stop_streams", lambda workspace: workspace.print_notice("stopped"))
    event = SimpleNamespace(
        current_buffer=SimpleNamespace(text=""),
        app=SimpleNamespace(create_background_task=lambda coroutine: asyncio.run(coroutine)),
    )
    with shell_of(workspace) as one:
        for at in times:
            monkeypatch.setattr(shell.time, "monotonic", lambda at=at: 1000.0 + at)
            one._on_ctrl_c(cast(Any, event))
    workspace.workers.clear()

    assert workspace.sheet.words == [f"wscli: {notice}" for notice in notices]


def test_the_number_of_messages_not_shown_starts_anew_with_each_line(opened: Callable[..., Rehearsal]) -> None:
    workspace, printer = opened(), ScreenPrinter(10.0, lambda: None)
    printer.omitted = 1234
    with shell_of(workspace, printer) as one:
        asyncio.run(one._run_input("status"))

    assert printer.omitted == 0
