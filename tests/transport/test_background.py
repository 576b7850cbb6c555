"""A socket that is being connected does not keep the others of its line waiting."""

from __future__ import annotations

import contextlib
import itertools
import json
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from websockets.http11 import Request
from websockets.sync.server import ServerConnection, serve

from tests.support.reconnecting import KEYS, ORDER, drop, yes
from tests.support.scripted_exchange import TRADE, program_that_pings
from wscli.core.errors import ConnectionFailed
from wscli.transport.background import BackgroundCall

# --- a call elsewhere ----------------------------------------------------------------------------


class Call:
    """A blocking call that a test lets go on, and what was unwanted of it."""

    def __init__(self, error: Exception | None = None) -> None:
        self.go, self.dropped = threading.Event(), threading.Event()
        self.error = error
        self.unwanted: list[str] = []

    def __call__(self) -> str:
        assert self.go.wait(120)
        if self.error is not None:
            raise self.error
        return "a socket"

    def drop(self, result: str) -> None:
        self.unwanted.append(result)
        self.dropped.set()


def over(dialling: BackgroundCall[str]) -> None:
    select.select([dialling], [], [], 10)
    assert dialling.finished


def test_a_result_is_told_of_and_taken() -> None:
    call = Call()
    dialling = BackgroundCall(call, call.drop)
    assert not dialling.finished
    call.go.set()
    over(dialling)

    assert dialling.result() == "a socket"
    dialling.abandon()
    assert call.unwanted == []


def test_an_error_is_raised_where_the_result_is_asked_for() -> None:
    call = Call(ConnectionFailed("nobody there"))
    dialling = BackgroundCall(call, call.drop)
    call.go.set()
    over(dialling)

    with pytest.raises(ConnectionFailed, match="nobody there"):
        dialling.result()
    dialling.abandon()
    assert call.unwanted == []


def test_a_late_result_is_unwanted() -> None:
    call = Call()
    dialling = BackgroundCall(call, call.drop)
    dialling.abandon()
    call.go.set()

    assert call.dropped.wait(120)
    assert call.unwanted == ["a socket"]


def test_a_result_that_was_not_taken_is_unwanted() -> None:
    call = Call()
    dialling = BackgroundCall(call, call.drop)
    call.go.set()
    over(dialling)
    dialling.abandon()

    assert call.unwanted == ["a socket"]


# --- the whole program ---------------------------------------------------------------------------


class Stuck:
    """A Bybit-like exchange: each ping on the public socket brings a trade; the private one is dropped as soon as it is
    subscribed, and no connection after the first two gets past the handshake."""

    def __init__(self) -> None:
        self.connections = itertools.count(1)
        self.stuck, self.over = threading.Event(), threading.Event()

    def process_request(self, peer: ServerConnection, request: Request) -> None:
        if next(self.connections) > 2:
            self.stuck.set()
            self.over.wait(60)

    def __call__(self, peer: ServerConnection) -> None:
        for text in peer:
            requested = json.loads(text)
            if requested["op"] == "ping":
                peer.send(json.dumps({"op": "pong", "req_id": requested["req_id"]}))
                if self.stuck.is_set():
                    peer.send(TRADE)
                continue
            peer.send(yes(text))
            if requested["op"] == "subscribe" and requested["args"] == ["order"]:
                peer.send(ORDER)
                drop(peer)
                return

    @contextlib.contextmanager
    def running(self, *words: str) -> Iterator[subprocess.Popen[str]]:
        with serve(
            self, "127.0.0.1", 0, compression=None, close_timeout=1, process_request=self.process_request
        ) as server:
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/"
            command = ["bybit", "subscribe", "trade.BTCUSDT", "order", "--timeout", "60s", *words, "--url", url]
            try:
                with subprocess.Popen(
                    [sys.executable, "-c", program_that_pings(20.0), *command],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    env=KEYS,
                ) as program:
                    try:
                        yield program
                    finally:
                        program.kill()
            finally:
                self.over.set()
                server.shutdown()
                thread.join(5)


def test_messages_and_pings_of_one_socket_go_on_while_another_is_stuck_connecting() -> None:
    with Stuck().running("-n", "6") as program:
        out, err = program.communicate(timeout=120)

    assert program.returncode == 0, err
    assert out.splitlines() == [ORDER] + [TRADE] * 5
    assert "did not answer a ping" not in err


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_while_a_socket_is_stuck_connecting(number: int, status: int) -> None:
    server = Stuck()
    with server.running() as program:
        assert server.stuck.wait(20)
        program.send_signal(number)
        _, err = program.communicate(timeout=120)

    assert program.returncode == status
    assert "Traceback" not in err


def test_for_ends_it_while_a_socket_is_stuck_connecting() -> None:
    with Stuck().running("--for", "2s") as program:
        out, err = program.communicate(timeout=120)

    assert program.returncode == 0, err
    assert out.splitlines()[:2] == [ORDER, TRADE]
