"""What a verb prints goes to a file or a command where its line ends in one."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.repl.conftest import Rehearsal
from wscli.core.errors import UsageError, WscliError
from wscli.repl.syntax.lexer import lex
from wscli.repl.verbs.interpreter import Interpreter
from wscli.repl.verbs.redirected import process_output


@pytest.fixture
def script(opened: Callable[..., Rehearsal], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Rehearsal:
    """A script in a folder of its own: what a command prints is an answer of it."""
    monkeypatch.chdir(tmp_path)
    return opened(interactive=False, output=None)


@pytest.fixture
def prompt(opened: Callable[..., Rehearsal], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Rehearsal:
    """A prompt in a folder with a file that holds something, one that is empty, and a folder."""
    monkeypatch.chdir(tmp_path)
    Path("full").write_text("before\n")
    Path("empty").touch()
    Path("folder").mkdir()
    return opened(output=None)


PIPED = [
    # the line                                    what it prints
    ("exchanges | grep -c bitstamp",              "1\n"),
    ("set | grep '^shown'",                       "shown"),
    ("help subscribe | head -1",                  "subscribe CHANNEL"),
    ("bybit channels publicTrade | grep -c taker", "1\n"),
    ("status -o json | cat",                      ""),
]  # fmt: skip


@pytest.mark.parametrize(("line", "printed"), PIPED)
def test_a_command_of_the_shell_gets_what_a_verb_prints(script: Rehearsal, line: str, printed: str) -> None:
    assert script.say(line).startswith(printed)


def test_a_command_that_fails_is_an_error_of_the_script_only(script: Rehearsal) -> None:
    with pytest.raises(WscliError, match="grep ended with status 1"):
        script.say("exchanges | grep nosuch")


FILES = [
    # the line              the answer to the question    what the file holds then
    ("set keys > new",      None,                         "keys emacs\n"),
    ("set keys > empty",    None,                         "keys emacs\n"),
    ("set keys > full",     True,                         "keys emacs\n"),
    ("set keys >! full",    None,                         "keys emacs\n"),
    ("set keys >> full",    None,                         "before\nkeys emacs\n"),
    ("set keys > 'a name'", None,                         "keys emacs\n"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "answer", "held"), FILES)
def test_a_file_gets_what_a_verb_prints_and_one_with_something_in_it_is_asked_about(
    prompt: Rehearsal, line: str, answer: bool | None, held: str
) -> None:
    questions: list[str] = []
    prompt.terminal.ask = lambda question: questions.append(question) or answer is True  # type: ignore[func-returns-value]

    assert prompt.say(line) == ""
    assert Path(line.split("> ")[-1].split("! ")[-1].strip("'")).read_text() == held
    assert questions == ([] if answer is None else ["full exists: overwrite it?"])


def test_no_leaves_the_file_as_it_is_and_says_what_overwrites_it(prompt: Rehearsal) -> None:
    with pytest.raises(UsageError, match="full was not overwritten") as raised:
        prompt.say("set keys > full")

    assert Path("full").read_text() == "before\n"
    assert ">! full overwrites it without asking" in (raised.value.hint or "")


NEVER_ASKED = ["clobber on", "a file of lines", "a script"]


@pytest.mark.parametrize("how", NEVER_ASKED)
def test_nobody_is_asked(prompt: Rehearsal, opened: Callable[..., Rehearsal], how: str) -> None:
    def ask(question: str) -> bool:
        raise AssertionError(question)

    workspace = opened(interactive=False) if how == "a script" else prompt
    workspace.terminal.ask = ask
    if how == "clobber on":
        workspace.say("set clobber on")
    lines = ["set keys > full"]
    if how == "clobber on":
        workspace.say(*lines)
    else:
        Interpreter(workspace).run_lines(lines)

    assert Path("full").read_text() == "keys emacs\n"


def test_what_fails_leaves_the_file_as_it_is(script: Rehearsal) -> None:
    Path("full").write_text("before\n")
    with pytest.raises(UsageError):
        script.say("bybit channels nosuch > full")

    assert Path("full").read_text() == "before\n"


def test_a_verb_that_prints_nothing_writes_no_file(prompt: Rehearsal) -> None:
    prompt.say("pause > new")

    assert not Path("new").exists()
    assert prompt.sheet.words[-1] == "wscli: nothing was printed for > new"


UNWRITABLE = [
    ("set > folder",          "Is a directory"),
    ("set > no/such/folder",  "No such file or directory"),
    ("set > a b",             "not one file name"),
    ("set > a -o json",       "not one file name"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "reason"), UNWRITABLE)
def test_a_file_that_cannot_be_written_is_an_error(prompt: Rehearsal, line: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        prompt.say(line)


def test_messages_answers_and_streams_are_json_there_unless_the_line_says_otherwise(
    bybit: Rehearsal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    bybit.say("-o table")
    bybit.say("subscribe trade.BTCUSDT -n 2 > stream")
    bybit.say("subscribe trade.BTCUSDT -n 2")
    bybit.sheet.until(lambda: len(bybit.sheet.messages) >= 2)
    for line in ("last 2 > last", "last 2 -o rows > rows", "ping > pong"):
        bybit.say(line)

    assert {json.loads(line)["topic"] for line in Path("last").read_text().splitlines()} == {"trade.BTCUSDT"}
    assert all('"kind":"' in line for line in Path("rows").read_text().splitlines())
    assert json.loads(Path("pong").read_text())["op"] == "pong"


PROCESSES = [
    # the redirect             what the process wrote stands in
    ("> book.jsonl",           "book.jsonl"),
    (">> book.jsonl",          "book.jsonl"),
    ("| tr b B > book.jsonl",  "book.jsonl"),
]  # fmt: skip


@pytest.mark.parametrize(("redirect", "file"), PROCESSES)
def test_the_process_of_a_verb_writes_to_the_file_or_the_command_itself(
    script: Rehearsal, redirect: str, file: str
) -> None:
    invocation = cast(Any, SimpleNamespace(line=lex(f"book BTCUSDT {redirect}"), is_typed=False))
    with process_output(script, invocation) as descriptor:
        assert descriptor is not None
        assert script.terminal.lent
        os.write(descriptor, b"bids\n")

    assert not script.terminal.lent
    assert Path(file).read_text().lower() == "bids\n"


def test_without_a_redirect_the_process_has_the_screen(script: Rehearsal) -> None:
    with process_output(script, cast(Any, SimpleNamespace(line=lex("book BTCUSDT")))) as descriptor:
        assert (descriptor, script.terminal.lent) == (None, True)
