"""A WebSocket in batches: what is read and sent, the end, and a peer that does not read."""

from __future__ import annotations

import contextlib
import select
import socket
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import websocket

from tests.support.hostile import BINARY, CLOSE, PING, PONG, TEXT, Peer, closing, fragments, frame, hostile
from wscli.core.dialect import Endpoint
from wscli.core.errors import ConnectionLost
from wscli.transport import websocket as transport_websocket
from wscli.transport.connect import connect
from wscli.transport.dialer import NetworkOptions
from wscli.transport.websocket import BatchedWebSocket, PeerClosed


def opened(url: str) -> BatchedWebSocket:
    return connect(Endpoint(url, None, "never"), NetworkOptions(timeout_s=5.0))


def received(one: BatchedWebSocket) -> tuple[list[tuple[bool, list[bytes]]], ConnectionLost]:
    """Return the runs of frames that come until the end, and the end; the socket is then closed."""
    runs: list[tuple[bool, list[bytes]]] = []
    while True:
        if not one.has_buffered_data():
            assert select.select([one], [], [], 10.0)[0], "nothing came for 10 s"
        batch = one.read()
        runs += batch.runs
        if batch.closed is not None:
            assert list(one.close_and_drain(10.0)) == []
            return runs, batch.closed


def test_messages_keep_their_order_and_kind_up_to_the_close() -> None:
    def say(peer: Peer) -> None:
        peer.upgrade(frame(TEXT, "один".encode()) + frame(PING, b"?") + frame(BINARY, b"\x00\x01"))
        assert peer.hear() == (PONG, b"?")
        peer.send(b"".join(fragments(TEXT, b"in three parts", 3)) + frame(TEXT, b"last") + closing(4001, b"enough"))
        peer.until_gone()

    with hostile(say) as server:
        one = opened(server.url)
        runs, end = received(one)

        assert [(binary, payload) for binary, payloads in runs for payload in payloads] == [
            (False, "один".encode()), (True, b"\x00\x01"), (False, b"in three parts"), (False, b"last"),
        ]  # fmt: skip
        assert isinstance(end, PeerClosed)
        assert (end.code, end.message.partition(" closed ")[2]) == (4001, "the connection (4001): enough")
        assert one.fileno() == -1, "the socket is closed"


def test_leaving_says_1000_gives_what_was_under_way_and_closes_the_socket() -> None:
    closes: list[object] = []

    def say(peer: Peer) -> None:
        peer.upgrade()
        closes.append(peer.closed())
        peer.send(frame(TEXT, b"under way") + closing(1000))
        peer.until_gone()

    with hostile(say) as server:
        one = opened(server.url)
        left = [batch.runs for batch in one.close_and_drain(10.0)]

        assert closes == [(1000, "")]
        assert left == [[(False, [b"under way"])]]
        assert one.fileno() == -1, "the socket is closed"


def test_what_breaks_the_protocol_is_reported_after_the_last_message() -> None:
    def say(peer: Peer) -> None:
        peer.upgrade(frame(TEXT, b"before") + frame(TEXT, b"\xff"))
        peer.until_gone()

    with hostile(say) as server:
        runs, end = received(opened(server.url))

        assert runs == [(False, [b"before"])]
        assert "not UTF-8" in end.message


def test_every_way_of_sending_ends_in_one_stream_of_frames() -> None:
    received: list[tuple[int, bytes]] = []

    def listen(peer: Peer) -> None:
        peer.upgrade()
        received.extend(peer.hear() for _ in range(4))
        peer.polite()

    with hostile(listen) as server:
        one = opened(server.url)
        one.send("text")
        one.ping()
        one.queue_messages([b"posted"])
        one.queue_messages([b"\x01"], binary=True)
        assert list(one.close_and_drain(10.0)) == []

    assert received == [(TEXT, b"text"), (PING, b""), (TEXT, b"posted"), (BINARY, b"\x01")]


def test_the_subprotocol_is_that_of_the_handshake_and_none_without_one() -> None:
    def say(peer: Peer) -> None:
        peer.upgrade()
        peer.polite()

    with hostile(say) as server:
        one = opened(server.url)
        assert list(one.close_and_drain(10.0)) == []

        assert one.getsubprotocol() is None


# --- a peer that does not read -------------------------------------------------------------------


@contextlib.contextmanager
def pair() -> Iterator[tuple[BatchedWebSocket, Peer]]:
    """Yield an open connection and its other end, which reads only what the test reads."""
    near, far = socket.socketpair()
    far.settimeout(10)
    near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    with near, far:
        yield BatchedWebSocket("peer", near, websocket.WebSocket()), Peer(far)


def filled(one: BatchedWebSocket) -> None:
    """Have it send what nobody reads, until there is no more room."""
    while not one.unsent:
        one.queue_messages([b"x" * 1000])


def received_frames(peer: Peer, one: BatchedWebSocket) -> list[tuple[int, bytes]]:
    """Return all frames that were sent, once everything is on its way."""
    frames: list[tuple[int, bytes]] = []
    peer.sock.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while True:
            with contextlib.suppress(BlockingIOError):
                while True:
                    frames.append(peer.hear())
            if not one.unsent:
                frames.append(peer.hear())
            one.flush()
    return frames


@pytest.mark.parametrize("pings", [1, 5000])
def test_a_peer_that_pings_and_does_not_read_is_owed_the_newest_pong_alone(pings: int) -> None:
    with pair() as (one, peer):
        filled(one)
        before = one.unsent
        for start in range(0, pings, 100):
            peer.send(b"".join(frame(PING, b"%d" % n) for n in range(start, min(start + 100, pings))))
            assert one.read().closed is None
        assert one.unsent < before + 200
        last = received_frames(peer, one)[-1]

    assert last == (PONG, b"%d" % (pings - 1))


def test_of_the_pings_of_one_reading_the_newest_are_answered() -> None:
    with pair() as (one, peer):
        peer.send(b"".join(frame(PING, b"%d" % n) for n in range(200)))
        one.read()

        assert received_frames(peer, one) == [(PONG, b"%d" % n) for n in range(136, 200)]


def test_our_own_pings_take_the_place_of_those_that_wait() -> None:
    with pair() as (one, peer):
        filled(one)
        before = one.unsent
        for _ in range(1000):
            one.ping()
        assert one.unsent < before + 200
        posted = received_frames(peer, one)

    assert posted[-1] == (PING, b"")
    assert {opcode for opcode, _ in posted[:-1]} == {TEXT}


def test_what_is_owed_goes_out_between_whole_messages_and_before_what_is_posted_later() -> None:
    with pair() as (one, peer):
        filled(one)
        peer.send(frame(PING, b"?"))
        one.read()
        one.queue_messages([b"later"])
        sent = received_frames(peer, one)

    assert sent[-2:] == [(PONG, b"?"), (TEXT, b"later")]
    assert all(payload == b"x" * 1000 for _, payload in sent[:-2])


def test_sending_never_waits_for_a_peer_and_gives_up_on_one_that_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(transport_websocket, "time", SimpleNamespace(monotonic=lambda: now[0], time_ns=time.time_ns))
    with pair() as (one, peer):
        filled(one)
        assert one.send_timeout_left_s == float("inf")  # what was posted may take its time
        one.send("a request")
        assert one.send_timeout_left_s == 10.0
        now[0] += 9.9
        one.flush()
        peer.send(frame(TEXT, b"data flows"))
        assert one.read().closed is None
        now[0] += 0.2
        one.flush()
        peer.send(frame(TEXT, b"and flows"))

        assert one.has_buffered_data()
        lost = one.read().closed
        assert lost is not None
        assert "does not read what is sent: nothing was read for 10 s" in lost.message


def test_a_peer_that_takes_a_little_is_not_given_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(transport_websocket, "time", SimpleNamespace(monotonic=lambda: now[0], time_ns=time.time_ns))
    with pair() as (one, peer):
        one.send("x" * 1_000_000)
        for _ in range(8):
            now[0] += 9.0
            peer.sock.recv(1 << 16)
            one.flush()
            assert one.send_timeout_left_s == 10.0
            assert one.read().closed is None


def test_a_break_is_told_by_the_reading_after_the_last_words_and_nothing_raises() -> None:
    with pair() as (one, peer):
        peer.send(frame(TEXT, b"last words") + frame(PING, b"?") * 50)
        peer.sock.close()
        for _ in range(100):
            one.send("nobody")
            one.queue_messages([b"nobody"])
            one.ping()
        first = one.read()

        assert first.runs == [(False, [b"last words"])]
        lost = first.closed or one.read().closed
        assert lost is not None
        assert lost.__traceback__ is None
        assert one.unsent == 0


def test_a_close_is_answered_once() -> None:
    with pair() as (one, peer):
        peer.send(closing(1000))
        assert isinstance(one.read().closed, PeerClosed)
        one.flush()
        frames = received_frames(peer, one)
        assert list(one.close_and_drain(10.0)) == []

        assert frames == [(CLOSE, b"\x03\xe8")]
        assert peer.sock.recv(100) == b"", "a second close"


def test_a_loss_is_reported_though_data_flows_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport_websocket, "MAX_DRAIN_BYTES", 100_000)
    with pair() as (one, peer):
        one._raw = _Deaf(one._raw)  # type: ignore[assignment]
        one.send("this one fails")
        ends: list[object] = []
        while len(ends) < 100 and (not ends or ends[-1] is None):  # there is always more to read
            peer.send(frame(TEXT, b"y" * 10_000))
            ends.append(one.read().closed)

        assert "broke" in str(ends[-1])
        assert 8 < len(ends) < 12


class _Deaf:
    """A socket that reads, and breaks when it sends."""

    def __init__(self, sock: socket.socket) -> None:
        self.recv, self.fileno = sock.recv, sock.fileno

    def send(self, data: bytes) -> int:
        raise OSError(5, "Input/output error")


DATES = [
    # the headers of the handshake's answer        our clock less theirs
    ({"date": "Tue, 14 Nov 2023 22:13:20 GMT"},    9.5),
    ({},                                           None),
    (None,                                         None),
]  # fmt: skip


@pytest.mark.parametrize(("headers", "skew_s"), DATES)
def test_the_handshake_says_how_wrong_our_clock_is(headers: dict[str, str] | None, skew_s: float | None) -> None:
    one = object.__new__(BatchedWebSocket)
    answer = None if headers is None else SimpleNamespace(headers=headers)
    one._opened, one._opened_ns = SimpleNamespace(handshake_response=answer), 1_700_000_010_000_000_000

    assert one.clock_skew_s == skew_s
    assert one.getsubprotocol() is None
