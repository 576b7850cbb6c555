"""Standard input as lines, from what each read brings: pieces of lines, the end, a terminal that truncates or is in the background."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

import pytest

from wscli.cli.connecting import stdin_lines
from wscli.cli.connecting.stdin_lines import StdinLines, TruncatedLine

FILE, OWN = 70, 71  # the number of standard input, and that of the terminal opened again


class Input:
    """Standard input as a list of what each read gives: bytes, or an error. reads: descriptor and size of each."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *data: bytes | OSError, terminal: bool = False) -> None:
        self.data, self.reads = [*data], list[tuple[int, int]]()
        self.opened: list[tuple[str, int]] = []
        self.signals: list[tuple[int, Any]] = []
        self.foreground, self.can_be_opened = True, True
        self.truncated: list[bytes] = []  # what the terminal may have cut
        monkeypatch.setattr(sys, "stdin", self)
        monkeypatch.setattr(os, "isatty", lambda number: terminal and number == FILE)
        monkeypatch.setattr(os, "ttyname", lambda number: f"/dev/pts/{number}")
        monkeypatch.setattr(os, "open", self._open)
        monkeypatch.setattr(os, "read", self._read)
        monkeypatch.setattr(signal, "signal", lambda number, action: self.signals.append((number, action)))
        monkeypatch.setattr(stdin_lines, "is_in_foreground", lambda number: self.foreground)
        monkeypatch.setattr(stdin_lines, "is_truncated_by_terminal", lambda number, line: line in self.truncated)

    def fileno(self) -> int:
        return FILE

    def _open(self, name: str, flags: int) -> int:
        if not self.can_be_opened:
            raise OSError("no such device")
        self.opened.append((name, flags))
        return OWN

    def _read(self, number: int, size: int) -> bytes:
        self.reads.append((number, size))
        data = self.data.pop(0)
        if isinstance(data, OSError):
            raise data
        return data


READS = [
    # what each read brings                  the lines after each                      the bytes of a beginning, at last
    ([b"one\ntwo\n", b""],                   [[b"one", b"two"], []],                   0),
    ([b"one\ntw", b"o\n", b""],              [[b"one"], [b"two"], []],                 0),
    ([b"on", b"e", b"\n"],                   [[], [], [b"one"]],                       0),
    ([b"one\ntwo"],                          [[b"one"]],                               3),
    ([b"on", b"et"],                         [[], []],                                 4),
    ([b"one", b""],                          [[], [b"one"]],                           0),
    ([b"one\n", b"two", b""],                [[b"one"], [], [b"two"]],                 0),
    ([b"\n\n", b""],                         [[b"", b""], []],                         0),
    ([b"one\r\ntwo\r", b""],                 [[b"one"], [b"two"]],                     0),
    ([b"one\r", b"\ntwo\n"],                 [[], [b"one", b"two"]],                   0),
    ([b"\xef\xbb\xbfone\n\xef\xbb\xbftwo\n"], [[b"one", b"\xef\xbb\xbftwo"]],          0),
    ([b"\xef\xbb", b"\xbfone\n"],            [[], [b"one"]],                           0),
    ([b"one\n", b"\xef\xbb\xbftwo\n"],       [[b"one"], [b"\xef\xbb\xbftwo"]],         0),
    ([b"one", BlockingIOError(), b"\n"],     [[], [], [b"one"]],                       0),
    ([b""],                                  [[]],                                     0),
]  # fmt: skip


@pytest.mark.parametrize(("data", "lines", "partial"), READS)
def test_lines_are_given_as_they_become_complete(
    monkeypatch: pytest.MonkeyPatch, data: list[Any], lines: list[list[bytes]], partial: int
) -> None:
    given = Input(monkeypatch, *data)
    stdin = StdinLines()

    assert [stdin.read() for _ in data] == lines
    assert stdin.partial_size == partial
    assert stdin.ended is (data[-1] == b"")
    assert stdin.descriptors() == (() if stdin.ended else (FILE,))
    assert set(given.reads) == {(FILE, 65_536)}
    assert (given.opened, given.signals, stdin.is_terminal) == ([], [], False)


def test_an_input_that_cannot_be_read_is_an_error_unless_it_is_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    Input(monkeypatch, OSError("gone"))
    with pytest.raises(OSError, match="gone"):
        StdinLines().read()

    Input(monkeypatch, b"tw", OSError("gone"), terminal=True)
    stdin = StdinLines()
    assert (stdin.read(), stdin.read(), stdin.ended) == ([], [b"tw"], True)


def test_a_closed_standard_input_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    stdin = StdinLines()

    assert (stdin.ended, stdin.is_terminal, stdin.in_background(), stdin.descriptors()) == (True, False, False, ())


def test_a_terminal_is_opened_again_so_that_a_read_never_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    given = Input(monkeypatch, b"one\n", terminal=True)
    stdin = StdinLines()

    assert given.opened == [(f"/dev/pts/{FILE}", os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)]
    assert given.signals == [(signal.SIGTTIN, signal.SIG_IGN)]
    assert (stdin.is_terminal, stdin.descriptors(), stdin.read()) == (True, (OWN,), [b"one"])
    assert given.reads == [(OWN, 65_536)]


def test_a_terminal_that_cannot_be_opened_again_is_read_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    given = Input(monkeypatch, terminal=True)
    given.can_be_opened = False

    assert StdinLines().descriptors() == (FILE,)


def test_in_the_background_a_terminal_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    given = Input(monkeypatch, b"one\n", terminal=True)
    stdin = StdinLines()
    given.foreground = False

    assert (stdin.in_background(), stdin.descriptors(), stdin.read(), given.reads) == (True, (), [], [])

    given.foreground = True
    assert (stdin.in_background(), stdin.read()) == (False, [b"one"])


def test_a_read_that_fails_because_the_job_went_to_the_background_is_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    given = Input(monkeypatch, terminal=True)
    stdin = StdinLines()

    def read(number: int, size: int) -> bytes:
        given.foreground = False
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "read", read)

    assert (stdin.read(), stdin.ended) == ([], False)


TRUNCATED = [
    # after the line that may be cut           the lines after each read
    (b"cut\n", [b"two\n"],                     [[b"two"]]),
    (b"cut",   [b"more", b"end\n", b"two\n"],  [[], [], [b"two"]]),
    (b"cut",   [b"end\n", b"two\n"],           [[], [b"two"]]),
    (b"cut",   [b"", b"two\n"],                [[], [b"two"]]),  # Ctrl-D ends the line
]  # fmt: skip


@pytest.mark.parametrize(("cut", "data", "lines"), TRUNCATED)
def test_a_line_that_a_terminal_truncates_is_rejected_to_its_end(
    monkeypatch: pytest.MonkeyPatch, cut: bytes, data: list[bytes], lines: list[list[bytes]]
) -> None:
    given = Input(monkeypatch, b"begin", cut, *data, terminal=True)
    given.truncated = [cut]
    stdin = StdinLines()

    assert stdin.read() == []
    with pytest.raises(TruncatedLine):
        stdin.read()
    assert stdin.partial_size == 0
    assert [stdin.read() for _ in data] == lines


def test_what_is_no_terminal_truncates_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    given = Input(monkeypatch, b"long\n")
    given.truncated = [b"long\n"]

    assert StdinLines().read() == [b"long"]
