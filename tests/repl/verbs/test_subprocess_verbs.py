"""What `book` and `doctor` at the prompt are started with."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
from collections.abc import Callable
from types import SimpleNamespace, TracebackType
from typing import Any, cast

import pytest

from tests.repl.conftest import Rehearsal
from wscli.commands.options import Options
from wscli.core.endings import Interrupted, PipeClosed
from wscli.core.errors import UsageError, WscliError
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
        self.stdin = io.BytesIO()
        self.stderr: io.BufferedReader | None = None
        self.returncode = 0
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

    monkeypatch.setattr(subprocess_verbs, "_start_child", lambda errors, out: child)
    monkeypatch.setattr(workspace.waits, "check", check)
    with pytest.raises(Interrupted):
        subprocess_verbs._run_child(workspace, ["bybit", "book"], None)

    assert child.signals == [signal.SIGTERM]


class EndedChild(RunningChild):
    """A child process that wrote this to standard error, and ended."""

    def __init__(self, errors: str, returncode: int) -> None:
        super().__init__()
        self.returncode = returncode
        reader, writer = os.pipe()
        os.write(writer, errors.encode())
        os.close(writer)
        self.stderr = open(reader, "rb")  # noqa: PTH123, SIM115

    def __exit__(self, *_: object) -> None:
        assert self.stderr is not None
        self.stderr.close()

    def wait(self, timeout: float | None = None) -> int:
        return self.returncode


ENDS = [
    # standard error                            status  the notices                    the error; None: there is none
    ("",                                        0,      [],                            None),
    ("a\nb\nc\n",                               0,      ["a", "b", "c"],               None),
    ("a\nb\nwscli: no\n  hint: try\n",          3,      ["a", "b"],                    ("no", "try", 3)),
    ("wscli: no\n  hint: try\n",                0,      ["wscli: no", "  hint: try"],  None),
    ("wscli: 2026-01-01T00:00:00.000Z no\n  hint: try\n", 4, [],                        ("no", "try", 4)),
    ("a\nb\n",                                  1,      ["a", "b"],                    ("bybit book failed", "its messages are above", 1)),
    ("",                                        2,      [],                            ("bybit book failed", "its messages are above", 2)),
    ("a\n",                                     130,    ["a"],                         None),  # Ctrl-C
]  # fmt: skip


@pytest.mark.parametrize(("errors", "status", "notices", "error"), ENDS)
def test_in_a_script_the_last_error_of_a_book_is_the_error_of_the_line(
    opened: Callable[..., Rehearsal],
    monkeypatch: pytest.MonkeyPatch,
    errors: str,
    status: int,
    notices: list[str],
    error: tuple[str, str, int] | None,
) -> None:
    workspace = opened(interactive=False)
    child = EndedChild(errors, status)
    monkeypatch.setattr(subprocess_verbs, "_start_child", lambda errors, out: child)
    caught = None
    try:
        subprocess_verbs._run_child(workspace, ["bybit", "book", "BTCUSDT"], None)
    except WscliError as raised:
        caught = raised.message, raised.hint, raised.status

    assert caught == error
    assert workspace.sheet.words == notices


def test_a_book_whose_output_nobody_reads_ends_the_script(
    opened: Callable[..., Rehearsal], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess_verbs, "_start_child", lambda errors, out: EndedChild("", 141))
    with pytest.raises(PipeClosed):
        subprocess_verbs._run_child(opened(interactive=False), ["bybit", "book"], None)


def test_at_a_prompt_a_book_reports_its_own_error(
    opened: Callable[..., Rehearsal], monkeypatch: pytest.MonkeyPatch
) -> None:
    child = RunningChild()
    child.returncode, child.signals = 3, [3]  # it ended by itself
    pipes: list[object] = []
    monkeypatch.setattr(subprocess_verbs, "_start_child", lambda errors, out: pipes.append(errors) or child)
    workspace = opened()
    subprocess_verbs._run_child(workspace, ["bybit", "book"], None)

    assert (workspace.sheet.words, pipes) == ([], [None])


def test_the_arguments_go_through_standard_input_with_our_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    child = SimpleNamespace(stdin=open(writer, "wb"))  # noqa: PTH123, SIM115
    monkeypatch.setenv("WSCLI_BYBIT_KEY", "k")
    subprocess_verbs._send_arguments(cast(Any, child), ["bybit", "book"])
    with open(reader, "rb") as received:  # noqa: PTH123
        data = json.load(received)

    assert data["words"] == ["bybit", "book"]
    assert data["env"]["WSCLI_BYBIT_KEY"] == "k"
    assert all(name.startswith("WSCLI_") for name in data["env"])


CHILDREN = [
    # the line: verb, its exchange, its words, its flags            what is run
    ("book",   None,      ("BTCUSDT",), {"count": 3},               "bybit book --seed 7 --count 3 --color never BTCUSDT"),
    ("book",   "bitstamp", ("btcusd",), {},                         "bitstamp book --color never btcusd"),
    ("doctor", None,      (),           {"output": "json"},         "bybit doctor --seed 7 --output json --color never"),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "exchange", "words", "flags", "command"), CHILDREN)
def test_a_process_is_started_with_the_flags_of_the_exchange_and_of_the_line(
    opened: Callable[..., Rehearsal],
    monkeypatch: pytest.MonkeyPatch,
    verb: str,
    exchange: str | None,
    words: tuple[str, ...],
    flags: dict[str, Any],
    command: str,
) -> None:
    workspace, commands = opened(color="never", output=None), list[str]()

    def run_child(workspace: Rehearsal, arguments: list[str], out: int | None) -> None:
        assert workspace.terminal.lent
        commands.append(" ".join(arguments))

    monkeypatch.setattr(subprocess_verbs, "_run_child", run_child)
    workspace.workers["bybit"] = cast(Any, SimpleNamespace(label="bybit", options=Options(seed=7, record="a.jsonl")))
    workspace.current_label = "bybit"
    dialect = SimpleNamespace(name=exchange) if exchange is not None else None
    parsed = SimpleNamespace(command=verb, names_exchange=exchange is not None, dialect=dialect)
    subprocess_verbs.run_subprocess(
        workspace,
        cast(
            Any,
            SimpleNamespace(
                parsed_line=parsed, flags=Options(**flags), arguments=words, line=SimpleNamespace(redirect=None)
            ),
        ),
    )
    workspace.workers.clear()

    assert commands == [command]
    assert not workspace.terminal.lent


def test_a_url_has_no_book(opened: Callable[..., Rehearsal]) -> None:
    workspace = opened()
    workspace.workers["h:1"] = cast(Any, SimpleNamespace(label="h:1"))
    workspace.current_label = "h:1"
    parsed = SimpleNamespace(command="book", names_exchange=False, dialect=None)
    with pytest.raises(UsageError, match="book needs an exchange"):
        subprocess_verbs.run_subprocess(workspace, cast(Any, SimpleNamespace(parsed_line=parsed)))
    workspace.workers.clear()
