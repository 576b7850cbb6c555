"""Which connections and requests the simulator accepts."""

from __future__ import annotations

import asyncio
import errno
import io
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support.simulated import serving
from wscli.simulator import connection
from wscli.simulator.admission import (
    HEAD_LIMIT,
    MAX_PENDING_HANDSHAKES,
    PendingHandshakes,
    RequestHead,
    http_rejection,
    parsed_head,
)
from wscli.simulator.contract import OutgoingHttpReply
from wscli.simulator.server import ShortageHandler

ADMITTED = [
    {},
    {"host": "127.0.0.1"},
    {"host": "127.0.0.1:8080", "origin": "http://127.0.0.1:8080"},
    {"host": "localhost:1"},
    {"host": "LOCALHOST", "origin": "http://Localhost:3000"},
    {"host": "sim.localhost:1"},
    {"host": "127.9.9.9:1"},
    {"host": "[::1]:8080", "origin": "ws://[::1]:8080"},
]
REJECTED = [
    {"host": "evil.example"},
    {"host": "evil.example:8080"},
    {"host": "127.0.0.1.evil.example:8080"},
    {"host": "localhost.evil.example"},
    {"host": "192.168.0.7"},
    {"host": ""},
    {"host": "[::1"},
    {"host": "127.0.0.1", "origin": "https://evil.example"},
    {"host": "127.0.0.1", "origin": "https://localhost.evil.example"},
    {"host": "127.0.0.1", "origin": "null"},
    {"host": "127.0.0.1", "origin": "file://"},
]


@pytest.mark.parametrize("headers", ADMITTED, ids=str)
def test_a_request_of_this_machine_is_admitted(headers: dict[str, str]) -> None:
    assert http_rejection(headers) is None


@pytest.mark.parametrize("headers", REJECTED, ids=str)
def test_a_request_in_the_name_of_another_machine_is_rejected(headers: dict[str, str]) -> None:
    rejection = http_rejection(headers)

    assert rejection is not None
    assert rejection.status == 403


HEADS = [
    # head                                                              method, path, query, length of the body, upgrade
    (b"GET / HTTP/1.1",                                                 ("GET", "/", "", 0, False)),
    (b"POST /a/b/?c=1&d HTTP/1.1\r\nContent-Length: 7",                 ("POST", "/a/b/", "c=1&d", 7, False)),
    (b"GET /ws HTTP/1.1\r\nHOST: localhost\r\nUpgrade: WebSocket",      ("GET", "/ws", "", 0, True)),
    (b"POST /ws HTTP/1.1\r\nUpgrade: websocket",                        ("POST", "/ws", "", 0, False)),
    (b"GET /ws HTTP/1.1\r\nX-Text: a: b",                               ("GET", "/ws", "", 0, False)),
]  # fmt: skip


@pytest.mark.parametrize(("head", "fields"), HEADS)
def test_a_request_head_is_read(head: bytes, fields: tuple[object, ...]) -> None:
    request = parsed_head(head)

    assert isinstance(request, RequestHead)
    assert (request.method, request.path, request.query, request.body_length, request.is_upgrade) == fields


BAD_HEADS = [
    (b"", 400),
    (b"GET /", 400),
    (b"GET / HTTP/1.1 x", 400),
    (b"GET http://[ HTTP/1.1", 400),
    (b"POST / HTTP/1.1\r\nContent-Length: seven", 400),
    (b"GET / HTTP/1.1\r\nHost: evil.example", 403),
    (b"GET / HTTP/1.1\r\nX: " + b"x" * HEAD_LIMIT, 431),
]


@pytest.mark.parametrize(("head", "status"), BAD_HEADS, ids=lambda value: str(value)[:40])
def test_a_bad_request_head_is_rejected(head: bytes, status: int) -> None:
    rejection = parsed_head(head)

    assert isinstance(rejection, OutgoingHttpReply)
    assert rejection.status == status


def test_of_too_many_half_open_connections_the_oldest_ends() -> None:
    ended: list[int] = []
    waiting = PendingHandshakes(limit=2)
    for number in range(4):
        waiting.add(number, lambda number=number: ended.append(number))  # type: ignore[misc]
    waiting.discard(2)
    waiting.discard(0)

    assert ended == [0, 1]
    assert len(waiting) == 1


def response_to(port: int, head: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as peer:
        peer.sendall(head)
        return b"".join(iter(lambda: peer.recv(65536), b""))


def test_the_server_rejects_and_times_out_requests_and_serves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "HANDSHAKE_TIMEOUT_S", 0.5)
    upgrade = b"Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    with serving("bybit") as facts:
        port = urlsplit(str(facts["http"])).port or 0
        rebound = response_to(port, b"GET /echo HTTP/1.1\r\nHost: evil.example:1\r\n" + upgrade)
        a_page = response_to(
            port, b"GET /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: https://evil.example\r\n" + upgrade
        )
        half = response_to(port, b"GET /echo HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        with socket.create_connection(("127.0.0.1", port), timeout=60) as open_for_long:
            open_for_long.sendall(b"GET /echo HTTP/1.1\r\nHost: 127.0.0.1\r\n" + upgrade)
            assert open_for_long.recv(65536).startswith(b"HTTP/1.1 101 ")
            silent = response_to(port, b"")  # longer than the time for a request
            open_for_long.sendall(b"\x81\x82\0\0\0\0hi")
            echoed = open_for_long.recv(65536)

    assert [answer.split(b" ")[1] for answer in (rebound, a_page, half, silent)] == [b"403", b"403", b"408", b"408"]
    assert echoed == b"\x81\x02hi"


def test_the_server_limits_the_connections_without_a_request() -> None:
    with serving("bybit") as facts:
        port = urlsplit(str(facts["http"])).port or 0
        silent = [socket.create_connection(("127.0.0.1", port), timeout=60) for _ in range(MAX_PENDING_HANDSHAKES + 1)]
        try:
            oldest = silent[0].recv(1)
        except ConnectionResetError:
            oldest = b""
        silent[-1].sendall(b"GET /nowhere HTTP/1.1\r\n\r\n")
        newest = silent[-1].recv(65536)
        for one in silent:
            one.close()

    assert oldest == b""
    assert newest.startswith(b"HTTP/1.1 404 ")


def test_a_shortage_of_descriptors_is_reported_once_and_asyncio_reports_other_faults() -> None:
    class Loop(asyncio.SelectorEventLoop):
        def default_exception_handler(self, context: dict[str, Any]) -> None:
            received.append(context["message"])

    received: list[str] = []
    where, loop = io.StringIO(), Loop()
    quietly = ShortageHandler(where)
    for _ in range(3):
        quietly(loop, {"message": "accept", "exception": OSError(errno.EMFILE, "Too many open files")})
    quietly(loop, {"message": "a bug", "exception": ValueError()})
    quietly(loop, {"message": "another", "exception": OSError(errno.EPIPE, "Broken pipe")})
    loop.close()

    assert where.getvalue() == "wscli: simulate: Too many open files: new connections wait\n"
    assert received == ["a bug", "another"]
