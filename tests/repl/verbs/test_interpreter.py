"""The interpreter gives a line to the verb it begins with, and a script line by line; the verbs are handed in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.repl.conftest import Rehearsal
from wscli.commands.verbs import Verb
from wscli.core.errors import UsageError, WscliError
from wscli.repl.verbs.interpreter import MAX_DEPTH, Interpreter
from wscli.repl.verbs.invocation import Invocation
from wscli.repl.workspace.workspace import ExitRequested, Workspace

RAN: list[str] = []


def ping(workspace: Workspace, invocation: Invocation) -> None:
    RAN.append("ping")


def grep(workspace: Workspace, invocation: Invocation) -> None:
    raise UsageError("nothing like it", "else")


def show(workspace: Workspace, invocation: Invocation) -> None:
    raise UsageError("nothing to show", "wscli bybit subscribe tickers BTCUSDT")


def source(workspace: Workspace, invocation: Invocation) -> None:
    invocation.run_lines([f"source {invocation.arguments[0]}"], invocation.arguments[0])


def quit_(workspace: Workspace, invocation: Invocation) -> None:
    raise ExitRequested


def book(workspace: Workspace, invocation: Invocation) -> None:
    RAN.append(" ".join(invocation.arguments))


HANDLERS = {"ping": ping, "grep": grep, "show": show, "source": source, "quit": quit_, "book": book}
VERBS = {name: Verb(name, "", prompt_handler=f"{__name__}:{code.__name__}") for name, code in HANDLERS.items()}


@pytest.fixture
def ran() -> list[str]:
    """Return what ran, nothing so far."""
    RAN.clear()
    return RAN


@pytest.fixture
def script(opened: Callable[..., Rehearsal], ran: list[str]) -> Interpreter:
    return Interpreter(opened(), VERBS)


WRONG = [
    # the line           what is raised
    ("nope",             "no command named 'nope'"),
    ("help",             "no command named 'help'"),  # not among the verbs that were handed in
    ("ping --nope",      "no flag named '--nope'"),
    ("ping 'x",          "a quote or a bracket is not closed"),
    ("wss://h/x",        "this is a URL, not a command"),
    ("ping |",           "| needs a command"),
    ("ping >",           "> needs a file"),
    ("ping -n 3",        "ping takes no --count"),
    ("grep x --output=rows", "grep takes no --output"),
    ("bybit --where a=b", "use takes no --where"),
    ("--wait 3",         "a line must begin with a command"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "error"), WRONG, ids=[row[0] for row in WRONG])
def test_a_line_that_cannot_be_run_runs_nothing(script: Interpreter, ran: list[str], line: str, error: str) -> None:
    with pytest.raises(UsageError) as raised:
        script.run(line)

    assert raised.value.message == error
    assert ran == []


ARGUMENTS = [
    # the line                        what the verb is handed
    ("book BTCUSDT --depth 5",        "BTCUSDT --depth 5"),  # its own flags are its to read
    ("book BTCUSDT --depth=5",        "BTCUSDT --depth=5"),
    ("book --verify BTCUSDT -v",      "--verify BTCUSDT"),
    ("book -5 x=--nope",              "-5 x=--nope"),  # a number, a parameter
]  # fmt: skip


@pytest.mark.parametrize(("line", "arguments"), ARGUMENTS)
def test_a_verb_is_handed_its_words_and_its_own_flags(
    script: Interpreter, ran: list[str], line: str, arguments: str
) -> None:
    script.run(line)

    assert ran == [arguments]


SCRIPTS = [
    # lines                      keep_going  the pings that ran   the error
    (["ping", "# x", "ping"],    False,      2,                   None),
    (["ping", "grep x", "ping"], False,      1,                   "f:2: nothing like it"),
    (["grep x", "ping", "nope"], True,       1,                   "f:1: nothing like it"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "keep_going", "pings", "message"), SCRIPTS)
def test_a_script_ends_at_the_first_error_or_goes_on(
    script: Interpreter, ran: list[str], lines: list[str], keep_going: bool, pings: int, message: str | None
) -> None:
    try:
        first = script.run_lines(lines, "f", keep_going=keep_going)
    except WscliError as error:
        assert not keep_going
        first = error

    assert len(ran) == pings
    assert (first.message if first is not None else None) == message


def test_the_hint_of_the_error_that_ends_a_script_is_a_line_of_the_script(script: Interpreter) -> None:
    with pytest.raises(UsageError) as raised:
        script.run_lines(["show"], "f")

    assert raised.value.hint == "bybit subscribe tickers BTCUSDT"


def test_a_file_that_runs_itself_is_stopped(script: Interpreter) -> None:
    with pytest.raises(UsageError, match=f"more than {MAX_DEPTH} files"):
        script.run("source a")


def test_a_script_that_leaves_ends_with_status_0(script: Interpreter, ran: list[str]) -> None:
    assert script.run_script(["ping", "quit", "nope"], keep_going=False) == 0
    assert ran == ["ping"]
