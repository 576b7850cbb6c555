"""The library's own methods stay right on our reading: they take from the same buffer as the batches."""

import itertools

import pytest
import websocket

from tests.hostile import BINARY, CLOSE, PING, PONG, TEXT, Peer, closing, fragments, frame, hostile
from wscli.batches import BatchedWebSocket, PeerClosed
from wscli.dialect import Endpoint
from wscli.reach import Reach
from wscli.transport import connect


def opened(url: str) -> BatchedWebSocket:
    return connect(Endpoint(url, None, "never"), Reach(timeout_s=5.0))


def test_what_recv_gives_and_what_a_batch_gives_come_from_one_buffer() -> None:
    def say(peer: Peer) -> None:
        peer.upgrade(frame(TEXT, "один".encode()) + frame(PING, b"?") + frame(BINARY, b"\x00\x01"))
        assert peer.hear() == (PONG, b"?")
        peer.send(b"".join(fragments(TEXT, b"in three parts", 3)) + frame(TEXT, b"last") + closing(4001, b"enough"))
        peer.until_gone()

    with hostile(say) as server:
        one = opened(server.url)
        heard = [one.recv(), one.recv_data(), one.recv(), one.recv()]

        assert heard == ["один", (BINARY, b"\x00\x01"), "in three parts", "last"]
        assert one.recv_data() == (CLOSE, (4001).to_bytes(2, "big"))
        assert one.recv() == ""
        assert isinstance(one.read().closed, PeerClosed)
        one.close()
        assert not one.connected
        assert one.sock is None


def test_a_timeout_between_two_halves_of_a_frame_loses_neither() -> None:
    whole = frame(TEXT, b"x" * 300)

    def say(peer: Peer) -> None:
        peer.upgrade(whole[:40])
        peer.hear()
        peer.send(whole[40:])
        peer.until_gone()

    with hostile(say) as server:
        one = opened(server.url)
        one.settimeout(0.05)
        with pytest.raises(websocket.WebSocketTimeoutException):
            one.recv()
        one.settimeout(5)
        one.send("go on")

        assert one.recv() == "x" * 300
        one.close(timeout=0.1)


def test_close_keeps_what_was_under_way_for_recv_and_says_what_it_is_told() -> None:
    said: list[object] = []

    def say(peer: Peer) -> None:
        peer.upgrade()
        said.append(peer.closed())
        peer.send(frame(TEXT, b"under way") + closing(1000))
        peer.until_gone()

    with hostile(say) as server:
        one = opened(server.url)
        one.close(1001, "going", timeout=5)

        assert said == [(1001, "going")]
        assert one.recv() == "under way"


def test_an_end_that_is_no_close_is_an_error_after_the_last_message() -> None:
    def say(peer: Peer) -> None:
        peer.upgrade(frame(TEXT, b"before") + frame(TEXT, b"\xff"))
        peer.until_gone()

    with hostile(say) as server:
        one = opened(server.url)

        assert one.recv() == "before"
        with pytest.raises(websocket.WebSocketConnectionClosedException, match="not UTF-8"):
            one.recv()
        one.close()


def test_every_way_of_sending_ends_in_one_stream_of_frames() -> None:
    heard: list[tuple[int, bytes]] = []

    def listen(peer: Peer) -> None:
        peer.upgrade()
        heard.extend(peer.hear() for _ in range(6))
        peer.polite()

    with hostile(listen) as server:
        one = opened(server.url)
        assert one.send("text") == 4
        one.send_text("more")
        one.send_bytes(b"\x01")
        one.ping("p")
        one.pong(b"q")
        one.post([b"posted"])
        one.close(timeout=5)

    assert heard == [(TEXT, b"text"), (TEXT, b"more"), (BINARY, b"\x01"), (PING, b"p"), (PONG, b"q"), (TEXT, b"posted")]


def test_it_is_walked_like_the_librarys_own() -> None:
    def say(peer: Peer) -> None:
        peer.upgrade(b"".join(frame(TEXT, str(n).encode()) for n in range(5)))
        peer.until_gone()

    with hostile(say) as server:
        one = opened(server.url)

        assert list(itertools.islice(one, 5)) == ["0", "1", "2", "3", "4"]
        one.close(timeout=0.1)
