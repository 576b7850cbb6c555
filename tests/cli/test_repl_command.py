"""The lines of standard input for the prompt: pieces become lines, and a wait for the next ends with the output."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from wscli.cli import repl_command
from wscli.cli.repl_command import _input_lines, open_prompt
from wscli.commands.options import Options
from wscli.core.endings import PipeClosed
from wscli.core.errors import UsageError, WscliError
from wscli.storage.recording.recorder import RecordingFailed
from wscli.transport.signals import Signals


class Script:
    """Standard input as a script of pieces: None where nothing arrives for a moment; "" is its end."""

    def __init__(self, pieces: Sequence[str | None], monkeypatch: pytest.MonkeyPatch) -> None:
        self._pieces = [*pieces]
        self.checks = 0
        self.prompts: list[str] = []
        self.workspace: Any = SimpleNamespace(current_label="bybit", waits=SimpleNamespace(check=self._check))
        self.printer: Any = SimpleNamespace(closed=None, print_prompt=self.prompts.append)
        monkeypatch.setattr(select, "select", self._select)
        monkeypatch.setattr(os, "read", lambda number, size: cast(str, self._pieces.pop(0)).encode())

    def _check(self) -> None:
        self.checks += 1
        assert self.checks < 10, "the wait does not end"

    def _select(self, readers: list[int], *_: object) -> tuple[list[int], list[int], list[int]]:
        assert readers == [0]
        if self._pieces[0] is None:
            self._pieces.pop(0)
            return [], [], []
        return readers, [], []

    def lines(self, *, prompting: bool = False) -> list[str]:
        return list(_input_lines(self.workspace, self.printer, prompting=prompting))


PIECES: list[tuple[list[str | None], list[str]]] = [
    # what arrives                                   the lines
    (["ping\nhelp\n", ""],                           ["ping", "help"]),
    (["pi", "ng\nhe", "lp\n", ""],                   ["ping", "help"]),
    (["ping\r\nhelp", ""],                           ["ping", "help"]),
    (["ping\n\nhelp\n", ""],                         ["ping", "", "help"]),
    (["\ufeffping\n", "\ufeffx\n", ""],             ["ping", "\ufeffx"]),
    ([""],                                           []),
    ([None, "ping\n", None, None, ""],               ["ping"]),
]  # fmt: skip


@pytest.mark.parametrize(("pieces", "lines"), PIECES)
def test_pieces_become_lines(monkeypatch: pytest.MonkeyPatch, pieces: list[str | None], lines: list[str]) -> None:
    script = Script(pieces, monkeypatch)

    assert script.lines() == lines
    assert script.checks == pieces.count(None)
    assert script.prompts == []


def test_a_prompt_stands_before_each_read(monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script(["ping\n", "help\n", ""], monkeypatch)

    assert script.lines(prompting=True) == ["ping", "help"]
    assert script.prompts == ["bybit> "] * 3


def test_a_wait_for_the_next_line_ends_once_nobody_reads_the_output(monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script([None, "ping\n", ""], monkeypatch)
    script.printer.closed = PipeClosed()

    with pytest.raises(PipeClosed):
        script.lines()


# --- a script ------------------------------------------------------------------------------------


def run_script(
    monkeypatch: pytest.MonkeyPatch, lines: Sequence[str], *, is_person: bool = False, **flags: Any
) -> tuple[int | tuple[str, int], str]:
    """Return the status, or the error, of lines on standard input, and the lines that were read."""
    read: list[str] = []

    def input_lines(*_: object, prompting: bool) -> Iterator[str]:
        assert prompting is is_person
        for line in lines:
            read.append(line)
            yield line

    monkeypatch.setattr(repl_command, "_input_lines", input_lines)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: is_person))
    try:
        return open_prompt(Signals(), Options(**flags), None), " ".join(read)
    except WscliError as error:
        return (error.message, error.status), " ".join(read)


SCRIPTS = [
    # the lines                    a person?  goes on?  the status or the error                            what was read
    (["exchanges", "quit", "x"],   False,     False,    0,                                                 "exchanges quit"),
    (["nope", "exchanges"],        False,     False,    ("line 1: no command named 'nope'", 2),            "nope"),
    (["nope", "quit"],             False,     True,     0,                                                 "nope quit"),
    (["nope"],                     False,     True,     2,                                                 "nope"),
    (["nope"],                     True,      False,    0,                                                 "nope"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "is_person", "keep_going", "result", "read"), SCRIPTS)
def test_a_script_ends_at_its_first_error_unless_it_is_to_go_on_or_a_person_types_it(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    lines: list[str],
    is_person: bool,
    keep_going: bool,
    result: int | tuple[str, int],
    read: str,
) -> None:
    assert run_script(monkeypatch, lines, is_person=is_person, keep_going=keep_going) == (result, read)
    out, err = capfd.readouterr()
    assert out.startswith("NAME ") == ("exchanges" in read)
    assert ("no command named 'nope'" in err) == (is_person or keep_going)


def test_headers_and_lines_cannot_both_be_on_standard_input() -> None:
    with pytest.raises(UsageError, match="-H @-: standard input holds the commands"):
        open_prompt(Signals(), Options(header=("@-",)), None)


TERMINALS = [
    # standard input and output are terminals  TERM      what runs
    (True,  True,  "xterm",  "the prompt"),
    (True,  True,  "dumb",   "the lines"),
    (True,  False, "xterm",  "the lines"),
    (False, True,  "xterm",  "the lines"),
]  # fmt: skip


@pytest.mark.parametrize(("input_is_tty", "output_is_tty", "term", "runs"), TERMINALS)
def test_the_prompt_needs_a_terminal_on_both_sides(
    monkeypatch: pytest.MonkeyPatch, input_is_tty: bool, output_is_tty: bool, term: str, runs: str
) -> None:
    ran: list[str] = []
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: input_is_tty))
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: output_is_tty))
    for name, what in (("_run_on_terminal", "the prompt"), ("_run_script", "the lines")):
        monkeypatch.setattr(repl_command, name, lambda *_, what=what: ran.append(what) or 7)
    status = open_prompt(Signals(), Options(), "bybit")
    monkeypatch.undo()

    assert (ran, status) == ([runs], 7)


def test_no_configured_secret_is_to_be_kept_in_the_history(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[bybit]\nkey = "file-key"\nsecret = "file-secret"\n')
    config.chmod(0o600)
    for name, value in (("CONFIG", str(config)), ("BYBIT_KEY", "env-key"), ("BITSTAMP_SECRET", "env-secret")):
        monkeypatch.setenv(f"WSCLI_{name}", value)
    monkeypatch.setenv("WSCLI_WHITEBIT_TOKEN", "env-token")

    assert {"env-key", "env-secret", "env-token", "file-key", "file-secret"} <= {*repl_command.configured_secrets()}
    assert str(config) not in repl_command.configured_secrets()


ENDED = [
    # recordings that ended early  raised within            raised in the end       notices
    ([],                           None,                    None,                   []),
    (["a"],                        None,                    RecordingFailed("a"),   []),
    (["a", "b"],                   None,                    RecordingFailed("b"),   ["wscli: a"]),
    (["a", "b"],                   UsageError("no"),        UsageError("no"),       ["wscli: a", "wscli: b"]),
    (["a"],                        RecordingFailed("x"),    RecordingFailed("x"),   []),
]  # fmt: skip


@pytest.mark.parametrize(("ended", "within", "raised", "notices"), ENDED)
def test_recordings_that_ended_early_are_reported_in_the_end(
    ended: list[str], within: WscliError | None, raised: WscliError | None, notices: list[str]
) -> None:
    printed: list[str] = []
    workspace: Any = SimpleNamespace(
        recordings=SimpleNamespace(close=lambda: ended), printer=SimpleNamespace(print_notice=printed.append)
    )
    caught: WscliError | None = None
    try:
        with repl_command._closing_recordings(workspace):
            if within is not None:
                raise within
    except WscliError as error:
        caught = error

    assert (type(caught), str(caught)) == (type(raised), str(raised))
    assert printed == notices
