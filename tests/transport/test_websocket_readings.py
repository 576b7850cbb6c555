"""The readings of a WebSocket one by one, on a socket that is scripted: how much is read, what each brings, how it ends."""

from __future__ import annotations

import select
import time
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from wscli.core.errors import ConnectionLost
from wscli.transport import websocket as transport_websocket
from wscli.transport.frames import BINARY, CLOSE, PING, PONG, TEXT
from wscli.transport.websocket import (
    LARGE_READ_SIZE,
    MAX_DRAIN_BYTES,
    MAX_PONGS,
    READ_SIZE,
    SEND_TIMEOUT_S,
    TLS_RECORD_SIZE,
    BatchedWebSocket,
    PeerClosed,
)


def frame(opcode: int, payload: bytes = b"") -> bytes:
    head = bytes((0x80 | opcode,))
    if len(payload) < 126:
        return head + bytes((len(payload),)) + payload
    return head + b"\x7f" + len(payload).to_bytes(8, "big") + payload


def unmasked(data: bytes) -> list[tuple[int, bytes]]:
    """Return the short frames of a client, unmasked."""
    found = []
    while data:
        size, key = data[1] & 0x7F, data[2:6]
        found.append((data[0] & 0x0F, bytes(c ^ key[at % 4] for at, c in enumerate(data[6 : 6 + size]))))
        data = data[6 + size :]
    return found


class Raw:
    """A socket. readings: what each reading gives, or raises; nothing more is BlockingIOError. rooms: how much each send takes."""

    def __init__(self, *readings: bytes | Exception, rooms: Sequence[int | Exception] = ()) -> None:
        self.readings, self.rooms = [*readings], [*rooms]
        self.sizes: list[int] = []
        self.sent = b""

    def setblocking(self, blocking: bool) -> None:
        assert not blocking

    def fileno(self) -> int:
        return 7

    def recv(self, size: int) -> bytes:
        self.sizes.append(size)
        given = self.readings.pop(0) if self.readings else BlockingIOError()
        if isinstance(given, Exception):
            raise given
        return given

    def send(self, data: bytes) -> int:
        room = self.rooms.pop(0) if self.rooms else len(data)
        if isinstance(room, Exception):
            raise room
        self.sent += bytes(data[:room])
        return min(room, len(data))


def opened(*readings: bytes | Exception, rooms: Sequence[int | Exception] = ()) -> tuple[BatchedWebSocket, Raw, Any]:
    raw: Any = Raw(*readings, rooms=rooms)
    library: Any = SimpleNamespace(handshake_response=None, shutdowns=0)
    library.shutdown = lambda: setattr(library, "shutdowns", library.shutdowns + 1)
    one = BatchedWebSocket("h", raw, library)
    assert library.sock is raw
    return one, raw, library


RUNS = [
    # what is read                                                       the runs
    (frame(TEXT, b"a"),                                                  [(False, [b"a"])]),
    (frame(TEXT, b"a") + frame(TEXT, b"b"),                              [(False, [b"a", b"b"])]),
    (frame(BINARY, b"a"),                                                [(True, [b"a"])]),
    (frame(TEXT, b"a") + frame(BINARY, b"b") + frame(TEXT, b"c"),        [(False, [b"a"]), (True, [b"b"]), (False, [b"c"])]),
    (frame(PONG),                                                        []),
    (frame(TEXT, b"a")[:2],                                              []),
]  # fmt: skip


@pytest.mark.parametrize(("data", "runs"), RUNS)
def test_a_reading_brings_runs_of_messages(data: bytes, runs: list[tuple[bool, list[bytes]]]) -> None:
    one, _, _ = opened(data)
    batch = one.read()

    assert [*batch.runs] == runs
    assert (batch.closed, batch.full, batch.pongs) == (None, False, int(data == frame(PONG)))
    assert [*one.read().runs] == []


def test_pings_are_answered_in_their_order_the_newest_of_them() -> None:
    pings = [frame(PING, f"{number}".encode()) for number in range(MAX_PONGS + 2)]
    one, raw, _ = opened(frame(PING, b"a") + frame(TEXT, b"x") + frame(PING, b"b"), b"".join(pings))
    one.read()
    assert unmasked(raw.sent) == [(PONG, b"a"), (PONG, b"b")]

    raw.sent = b""
    one.read()
    assert unmasked(raw.sent) == [(PONG, f"{number}".encode()) for number in range(2, MAX_PONGS + 2)]


def test_where_the_peer_does_not_read_it_is_owed_one_pong() -> None:
    full = BlockingIOError()
    one, raw, _ = opened(frame(PING, b"a") + frame(PING, b"b"), frame(PING, b"c"), rooms=[full, full, full])
    one.queue_messages([b"waits"])
    one.read()
    one.read()
    assert one.unsent == 11 + 7
    one.flush()

    assert unmasked(raw.sent) == [(TEXT, b"waits"), (PONG, b"c")]
    assert one.unsent == 0


CLOSES = [
    # the payload of the close frame        its code  what is said                          is it to be tried again?
    (b"\x03\xe8bye",                        1000,     "h closed the connection (1000): bye", True),
    (b"\x03\xf0",                           1008,     "h closed the connection (1008)",      False),
    (b"\x03\xeb",                           1003,     "h closed the connection (1003)",      False),
    (b"\x03\xf2",                           1010,     "h closed the connection (1010)",      False),
    (b"\x03\xf3",                           1011,     "h closed the connection (1011)",      True),
    (b"",                                   1005,     "h closed the connection (1005)",      True),
]  # fmt: skip


@pytest.mark.parametrize(("payload", "code", "message", "retryable"), CLOSES)
def test_a_close_is_answered_with_its_code_and_ends_it(
    payload: bytes, code: int, message: str, retryable: bool
) -> None:
    one, raw, _ = opened(frame(PING, b"p") + frame(TEXT, b"a") + frame(CLOSE, payload) + frame(TEXT, b"late"))
    batch = one.read()

    assert isinstance(batch.closed, PeerClosed)
    assert (batch.closed.code, batch.closed.message, batch.closed.retryable) == (code, message, retryable)
    assert [*batch.runs] == [(False, [b"a"])]
    assert unmasked(raw.sent) == [(PONG, b"p"), (CLOSE, payload[:2])]
    assert one.has_buffered_data()
    assert (one.read().closed, [*one.read().runs]) == (batch.closed, [])


ENDS = [
    # what the socket says                      what that means
    (b"",                                       "h dropped the connection without a close frame (1006)"),
    (ConnectionResetError(104, "reset"),        "h: the connection broke: reset"),
    (frame(3),                                  "h sent a frame of unknown kind 0x3"),
]  # fmt: skip


@pytest.mark.parametrize(("reading", "message"), ENDS)
def test_an_end_is_reported_in_words(reading: bytes | Exception, message: str) -> None:
    one, raw, _ = opened(frame(TEXT, b"a"), reading)
    assert one.read().closed is None
    closed = one.read().closed

    assert closed is not None
    assert closed.message == message
    assert unmasked(raw.sent) == ([(CLOSE, b"\x03\xea")] if "kind" in message else [])
    assert one.has_buffered_data()


def test_a_fault_behind_messages_is_reported_after_them() -> None:
    one, _, _ = opened(frame(TEXT, b"a") + frame(3))
    assert not one.has_buffered_data()
    first = one.read()
    assert ([*first.runs], first.closed) == ([(False, [b"a"])], None)
    assert one.has_buffered_data()

    assert one.read().closed is not None


def test_a_peer_that_sends_much_is_read_in_large_pieces_until_it_sends_less() -> None:
    large = frame(TEXT, b"x" * (READ_SIZE - 10))
    assert len(large) == READ_SIZE
    one, raw, _ = opened(large, large, b"", rooms=[])
    batches = [one.read(), one.read()]

    assert raw.sizes == [READ_SIZE, LARGE_READ_SIZE]
    assert [batch.full for batch in batches] == [True, False]

    other, raw, _ = opened(large, frame(TEXT, b"a"), frame(TEXT, b"b"))
    for _ in range(3):
        other.read()
    assert raw.sizes == [READ_SIZE, LARGE_READ_SIZE, READ_SIZE]


RECORDS = [
    # what each reading gives, in bytes                        how much is read, and whether there is more
    ((TLS_RECORD_SIZE,),                                       TLS_RECORD_SIZE,          False),
    ((TLS_RECORD_SIZE, 5),                                     TLS_RECORD_SIZE + 5,      False),
    ((TLS_RECORD_SIZE, 5, 7),                                  TLS_RECORD_SIZE + 5,      False),
    ((TLS_RECORD_SIZE,) * 4,                                   READ_SIZE,                True),
    ((TLS_RECORD_SIZE,) * 5,                                   READ_SIZE,                True),
    ((5, TLS_RECORD_SIZE),                                     5,                        False),
]  # fmt: skip


@pytest.mark.parametrize(("sizes", "size", "full"), RECORDS)
def test_a_reading_of_tls_takes_records_until_one_is_short_or_it_is_full(
    monkeypatch: pytest.MonkeyPatch, sizes: Sequence[int], size: int, full: bool
) -> None:
    monkeypatch.setattr(transport_websocket.ssl, "SSLSocket", Raw)
    data = frame(BINARY, b"x" * 200_000)
    pieces = [data[sum(sizes[:at]) : sum(sizes[: at + 1])] for at in range(len(sizes))]
    one, raw, _ = opened(*pieces)
    fed: list[int] = []
    monkeypatch.setattr(one._frame_reader, "feed", lambda data: fed.append(len(data)) or [])
    batch = one.read()

    assert (fed, batch.full) == ([size], full)
    assert all(asked <= READ_SIZE for asked in raw.sizes)


@pytest.mark.parametrize(("pending", "buffered"), [(0, False), (1, True)])
def test_what_tls_holds_back_can_be_read_although_select_does_not_see_it(
    monkeypatch: pytest.MonkeyPatch, pending: int, buffered: bool
) -> None:
    one, raw, _ = opened()
    monkeypatch.setattr(raw, "pending", lambda: pending, raising=False)
    assert one.has_buffered_data() is False
    monkeypatch.setattr(transport_websocket.ssl, "SSLSocket", Raw)

    assert one.has_buffered_data() is buffered
    assert one.fileno() == 7


def test_what_is_sent_goes_out_as_there_is_room() -> None:
    one, raw, _ = opened(rooms=[3, BlockingIOError()])
    one.send("hello")
    assert one.unsent == 11 - 3
    one.flush()

    assert unmasked(raw.sent) == [(TEXT, b"hello")]
    assert (one.unsent, one.send_timeout_left_s) == (0, float("inf"))


def test_a_ping_of_ours_takes_the_place_of_one_that_waits() -> None:
    one, raw, _ = opened(rooms=[BlockingIOError()] * 3)
    one.queue_messages([b"a"], binary=True)
    one.ping()
    one.ping()
    one.flush()

    assert unmasked(raw.sent) == [(BINARY, b"a"), (PING, b"")]


def test_what_waits_goes_out_before_what_is_queued_later() -> None:
    one, raw, _ = opened(frame(PING, b"p"), rooms=[BlockingIOError()] * 4)
    one.queue_messages([b"a"])
    one.ping()
    one.read()
    one.queue_messages([b"b"])
    assert one.unsent == 7 + 6 + 7 + 7
    one.flush()

    assert unmasked(raw.sent) == [(TEXT, b"a"), (PING, b""), (PONG, b"p"), (TEXT, b"b")]


def test_a_later_request_puts_no_deadline_off_and_one_that_is_sent_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    one, _, _ = opened(rooms=[1000, BlockingIOError(), BlockingIOError()])
    one.send("at once")
    assert one.send_timeout_left_s == float("inf")
    one.send("waits")
    now[0] += 4.0
    one.send("waits too")
    assert one.send_timeout_left_s == SEND_TIMEOUT_S - 4.0
    now[0] += 100.0
    assert one.send_timeout_left_s == 0.0


def test_a_peer_that_takes_nothing_of_a_request_is_given_up_on_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    full = BlockingIOError()
    one, _, _ = opened(frame(TEXT, b"a"), rooms=[full, full, full, 1, full, full, full])
    one.queue_messages([b"posted"])
    assert one.send_timeout_left_s == float("inf")
    one.send("asked")
    assert one.send_timeout_left_s == SEND_TIMEOUT_S
    now[0] += SEND_TIMEOUT_S - 0.5
    one.flush()
    assert one.send_timeout_left_s == 0.5
    one.flush()
    assert one.send_timeout_left_s == SEND_TIMEOUT_S  # a byte was taken
    now[0] += SEND_TIMEOUT_S
    one.flush()
    closed = one.read().closed

    assert closed is not None
    assert closed.message == "h does not read what is sent: nothing was read for 10 s"
    assert (one.unsent, one.send_timeout_left_s) == (0, float("inf"))


def test_after_a_failure_to_send_what_has_come_is_still_read_up_to_a_limit() -> None:
    one, _, _ = opened(frame(TEXT, b"a"), rooms=[BrokenPipeError(32, "Broken pipe")])
    one.queue_messages([b"lost"])
    first, second = one.read(), one.read()

    assert ([*first.runs], first.closed) == ([(False, [b"a"])], None)
    assert second.closed is not None
    assert second.closed.message == "h: the connection broke: Broken pipe"

    failed, _, _ = opened(rooms=[BrokenPipeError(32, "Broken pipe")])
    assert not failed.has_buffered_data()
    failed.queue_messages([b"lost"])
    assert failed.has_buffered_data()

    flood, _, _ = opened(frame(TEXT, b"a"), rooms=[BrokenPipeError(32, "Broken pipe")])
    flood.queue_messages([b"lost"])
    flood._drain_bytes_left = 3
    assert MAX_DRAIN_BYTES > READ_SIZE
    assert flood.read().closed is not None


def test_leaving_sends_1000_and_yields_what_still_comes_until_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(select, "select", lambda *words: ([], [], []))
    one, raw, library = opened(
        frame(TEXT, b"a"), frame(PONG), frame(TEXT, b"b") + frame(CLOSE, b"\x03\xe8"), frame(TEXT, b"late")
    )
    found = [[*batch.runs] for batch in one.close_and_drain(5.0)]

    assert found == [[(False, [b"a"])], [(False, [b"b"])]]
    assert unmasked(raw.sent) == [(CLOSE, b"\x03\xe8"), (CLOSE, b"\x03\xe8")]
    assert library.shutdowns == 1


def test_leaving_ends_at_its_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    now, waits = [100.0], list[tuple[int, float]]()

    def wait(readers: list[Any], writers: list[Any], errors: list[Any], timeout: float) -> None:
        waits.append((len(writers), timeout))
        now[0] += 0.3

    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(select, "select", wait)
    one, _, library = opened(rooms=[BlockingIOError(), BlockingIOError()])
    assert [*one.close_and_drain(0.5)] == []

    assert waits == [(1, 0.5), (1, pytest.approx(0.2))]
    assert library.shutdowns == 1
    closed = one.read().closed
    assert closed is not None
    assert closed.message == "h: wscli closed the connection"
    assert [*one.close_and_drain(0.5)] == []
    assert library.shutdowns == 2


def test_memory_is_kept_for_large_readings_once() -> None:
    transport_websocket.retain_freed_memory()

    assert transport_websocket.retain_freed_memory.cache_info().currsize == 1
    assert ConnectionLost("x").retryable
