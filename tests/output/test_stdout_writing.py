"""Standard output that is full, closed or refuses: the connection is kept alive meanwhile, and nothing is lost."""

from __future__ import annotations

import errno
import os
import select
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from wscli.core.endings import Interrupted, PipeClosed
from wscli.core.errors import WscliError
from wscli.output.stdout import CHUNK, SIGNAL_GRACE_S, Output


class Writing:
    """What os.write and select are asked for, and what they answer: `rooms` says of each look whether there is room."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, rooms: Sequence[bool] = (), takes: Sequence[Any] = ()) -> None:
        self.rooms, self.takes = [*rooms], [*takes]
        self.written: list[bytes] = []
        self.looks = 0
        monkeypatch.setattr(os, "write", self._write)
        monkeypatch.setattr(select, "select", self._select)
        self.output = Output(out=-5, err=-6)

    def _write(self, descriptor: int, data: Any) -> int:
        outcome = self.takes.pop(0) if self.takes else len(data)
        if isinstance(outcome, Exception):
            raise outcome
        self.written.append(bytes(data[:outcome]))
        return int(outcome)

    def _select(self, readers: Any, writers: list[int], errors: Any, timeout: float) -> Any:
        assert (readers, errors, timeout) == ([], [], 0.1)
        self.looks += 1
        return [], writers if not self.rooms or self.rooms.pop(0) else [], []


def test_while_there_is_no_room_the_connection_is_kept_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Writing(monkeypatch, rooms=[False, False, True])
    alive: list[int] = []
    one.output.on_blocked = lambda: alive.append(len(one.written))
    one.output.write_text("a\n")
    one.output.flush()

    assert (alive, one.written) == ([0, 0], [b"a\n"])


def test_a_text_goes_out_in_pieces_each_after_a_look_for_room(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Writing(monkeypatch, takes=[CHUNK, 10])
    one.output.write_bytes(b"x" * (CHUNK + 30), end=b"")
    one.output.flush()

    assert [len(piece) for piece in one.written] == [CHUNK, 10, 20]
    assert one.looks == 3


def test_what_has_no_room_after_all_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Writing(monkeypatch, rooms=[True, False, True, True], takes=[BlockingIOError(), 2])
    alive: list[int] = []
    one.output.on_blocked = lambda: alive.append(1)
    one.output.write_text("a\n")
    one.output.flush()

    assert (alive, one.written) == ([1], [b"a\n"])


REFUSALS = [
    # what os.write raises                      what that means
    (BrokenPipeError(),                         PipeClosed,   None),
    (OSError(errno.EIO, "I/O error"),           PipeClosed,   None),
    (OSError(errno.ENOSPC, "No space left"),    WscliError,   "standard output: No space left"),
]  # fmt: skip


@pytest.mark.parametrize(("error", "kind", "message"), REFUSALS)
def test_an_output_that_is_gone_ends_it(
    monkeypatch: pytest.MonkeyPatch, error: OSError, kind: type[Exception], message: str | None
) -> None:
    one = Writing(monkeypatch, takes=[error])
    one.output.write_text("a\n")
    with pytest.raises(kind) as ended:
        one.output.flush()

    assert message is None or getattr(ended.value, "message", None) == message


def test_a_signal_gives_a_reader_a_little_time_and_then_cuts_the_output_off(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Writing(monkeypatch, rooms=[False] * 100)
    now = [10.0]

    def interrupt() -> None:
        now[0] += 0.15
        raise Interrupted(2)

    one.output.on_blocked = interrupt
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    one.output.write_text("a\n")
    with pytest.raises(Interrupted):
        one.output.flush()
    assert now[0] == pytest.approx(10.15 + SIGNAL_GRACE_S, abs=0.15)

    one.output.write_text("b\n")
    one.output.flush()
    assert one.written == []


def test_a_reader_that_goes_on_after_a_signal_gets_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Writing(monkeypatch, rooms=[False, False, True])

    def interrupt() -> None:
        raise Interrupted(2)

    one.output.on_blocked = interrupt
    one.output.write_text("a\n")
    one.output.flush()

    assert one.written == [b"a\n"]


def test_standard_error_waits_too_and_one_that_is_closed_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Writing(monkeypatch, rooms=[False, True])
    alive: list[int] = []
    one.output.on_blocked = lambda: alive.append(1)
    one.output.note("first")
    one.takes = [OSError(errno.EBADF, "closed")]
    one.output.note("second")
    one.output.note("third")

    assert alive == [1]
    assert one.written == [b"wscli: first\n"]


Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def sockets() -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    yield ours, theirs
    ours.close()
    theirs.close()


@pytest.mark.parametrize(
    "kind",
    [lambda tmp, ours: os.open(tmp / "file", os.O_WRONLY | os.O_CREAT), lambda tmp, ours: os.dup(ours.fileno())],
    ids=["file", "socket"],
)
def test_what_is_buffered_goes_out_in_its_order(tmp_path: Any, sockets: Pair, kind: Callable[..., int]) -> None:
    descriptor = kind(tmp_path, sockets[0])
    output = Output(out=descriptor)
    output.write_text("")
    for text in ("a\n", "b\n"):
        output.write_text(text)
    output.write_bytes(b"c" * CHUNK)
    output.flush()
    output.close()
    output.close()
    sockets[0].close()
    got = (
        (tmp_path / "file").read_bytes()
        if (tmp_path / "file").exists()
        else b"".join(iter(lambda: sockets[1].recv(1 << 16), b""))
    )

    assert got == b"a\nb\n" + b"c" * CHUNK + b"\n"
