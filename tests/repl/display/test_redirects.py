"""A stream in a file or a command: which file, what of a long line, how long a command that takes nothing is waited for."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from wscli.core.endings import PipeClosed
from wscli.core.errors import UsageError
from wscli.repl.display.redirects import STALLED_POLLS, TRUNCATED_NOTE, Redirect, bounded_lines, open_file

LINES = [
    # what a command prints         its lines, of five bytes at most
    (b"",                           []),
    (b"one\ntwo",                   ["one\n", "two"]),
    (b"four\n",                     ["four\n"]),
    (b"abcde",                      ["abcde"]),
    (b"abcde\n",                    ["abcde"]),
    (b"abcde\r\n",                  ["abcde"]),
    (b"abcdef\nx\n",                ["abcde" + TRUNCATED_NOTE, "x\n"]),
    (b"abcdefghijklmnopq\nx",       ["abcde" + TRUNCATED_NOTE, "x"]),
    (b"\n\n",                       ["\n", "\n"]),
]  # fmt: skip


@pytest.mark.parametrize(("printed", "lines"), LINES)
def test_of_a_long_line_the_beginning_is_shown_and_that_the_rest_is_left_out(printed: bytes, lines: list[str]) -> None:
    assert [line.decode() for line in bounded_lines(io.BytesIO(printed), 5)] == lines


@pytest.mark.parametrize(("op", "text"), [(">", "new\n"), (">>", "old\nnew\n")])
def test_a_file_is_written_anew_or_appended_to_and_is_its_owner_s(tmp_path: Path, op: str, text: str) -> None:
    path = tmp_path / "a file.jsonl"
    path.write_text("old\n")
    one = Redirect(op, f"'{path}'", lambda line: None)  # type: ignore[arg-type]
    one.write("new\n", lambda: None)
    made = open_file(str(tmp_path / "made"), appending=False)
    os.close(made)

    assert (one.close(), one.close()) == (None, None)
    assert path.read_text() == text
    assert (tmp_path / "made").stat().st_mode & 0o777 == 0o600


FILES = [
    # what is typed           the message
    ("a b",                   "> a b: not one file name"),
    ("'a",                    "> 'a: not one file name"),
    ("/nowhere/at/all",       "> /nowhere/at/all: No such file or directory"),
    ("/",                     "> /: Is a directory"),
    ("~nobody-of-that-name/x", None),
    ("'a\0b'",                None),
]  # fmt: skip


@pytest.mark.parametrize(("target", "message"), FILES)
def test_a_file_that_cannot_be_written_is_refused(target: str, message: str | None) -> None:
    with pytest.raises(UsageError) as refused:
        open_file(target, appending=False)

    assert refused.value.message.startswith(f"> {target}: ")
    assert message is None or refused.value.message == message
    assert refused.value.hint


def test_a_pipe_without_a_reader_is_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="a pipe without a reader") as refused:
        open_file(str(tmp_path / "pipe"), appending=False)

    assert refused.value.hint == "start its reader first"


def stalled(tmp_path: Path) -> tuple[Redirect, list[str]]:
    notes: list[str] = []
    return Redirect(">", str(tmp_path / "a"), lambda line: None, notes.append), notes


def test_that_a_command_takes_nothing_is_noted_once(tmp_path: Path) -> None:
    one, notes = stalled(tmp_path)
    idle: list[int] = []
    for _ in range(STALLED_POLLS - 1):
        one._idle(lambda: idle.append(1))
    assert notes == []
    for _ in range(STALLED_POLLS):
        one._idle(lambda: idle.append(1))
    one.close()

    assert notes == [f"> {tmp_path / 'a'} reads nothing, and its exchange waits for it; unsubscribe or Ctrl-C stops it"]
    assert len(idle) == 2 * STALLED_POLLS - 1


def test_a_command_that_took_nothing_for_so_long_is_let_go_of(tmp_path: Path) -> None:
    one, _ = stalled(tmp_path)
    for _ in range(3):
        one._idle(lambda: None)
    one.cancel_if_stalled(4)
    one._idle(lambda: None)
    one.cancel_if_stalled(4)
    one.cancel_if_stalled(100)
    with pytest.raises(PipeClosed):
        one._idle(lambda: None)

    one.write("taken after all\n", lambda: None)
    one.cancel_if_stalled(1)
    one._idle(lambda: None)
    one.close()
