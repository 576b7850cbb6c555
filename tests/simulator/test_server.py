"""The server of the simulator, over real loopback sockets."""

import http.client
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import websocket
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.support.simulated import serving
from wscli.core.errors import ConnectionFailed, UsageError
from wscli.exchanges import simulated
from wscli.simulator import server
from wscli.simulator.contract import (
    Close,
    Drop,
    IncomingHttpRequest,
    OutgoingHttpReply,
    Output,
    Send,
    SimulatedConnection,
    SimulatedExchange,
)

ROOT = Path(__file__).parents[2]


class ScriptedConnection(SimulatedConnection):
    """Does what a message names."""

    made: list["ScriptedConnection"] = []

    def __init__(self) -> None:
        self.ticks = 0
        self.made.append(self)

    def greet(self, now_ms: int) -> list[Output]:
        return [Send("hello")]

    def receive(self, data: str | bytes, now_ms: int) -> list[Output]:
        match data:
            case "late":
                return [Send("first", 30), Send("second"), Close(4000, "as told")]
            case "drop":
                return [Send("last words"), Drop()]
            case "fail":
                raise RuntimeError("a bug in an exchange")
            case "flood":
                return [Send("x" * 200_000, 0) for _ in range(100)]
        return [Send(f"{type(data).__name__} {len(data)}")]

    def tick(self, now_ms: int) -> list[Output]:
        self.ticks += 1
        return []


class Scripted(SimulatedExchange):
    """An exchange for the tests of the server."""

    name = "scripted"
    paths = {"scripted": "/deep/path/"}
    http_paths = ("/api/token/",)
    deflate = True
    protocol_ping_s = 0.05

    def connect(self, path: str, now_ms: int) -> SimulatedConnection:
        assert path == "/deep/path/"
        return ScriptedConnection()

    def answer_http(self, request: IncomingHttpRequest, now_ms: int) -> OutgoingHttpReply | None:
        if request.method != "POST":
            return None
        seen = [request.path, request.query, request.headers.get("x-auth"), request.body.decode()]
        return OutgoingHttpReply(200, json.dumps(seen).encode())


@pytest.fixture(scope="module")
def urls() -> Iterator[Mapping[str, str]]:
    with server.running_simulator([*simulated(), Scripted]) as facts:
        named = facts["urls"]
        assert isinstance(named, dict)
        yield {**named, "http": str(facts["http"])}


def raw(url: str, data: bytes) -> socket.socket:
    """Return a socket on which some bytes were sent."""
    where = urlsplit(url)
    sock = socket.create_connection((where.hostname, where.port), timeout=60)
    sock.sendall(data)
    return sock


def everything(sock: socket.socket) -> bytes:
    """Return all bytes up to the end of the connection."""
    with sock:
        return b"".join(iter(lambda: sock.recv(65536), b""))


def handshake(path: str, extra: str = "") -> bytes:
    """Return the plainest handshake: no User-Agent, `upgrade` in lower case."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
        f"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n{extra}\r\n"
    ).encode()


def masked(first: int, payload: bytes) -> bytes:
    """Return a client's frame, masked with zeros."""
    return bytes([first, 0x80 | len(payload)]) + b"\0\0\0\0" + payload


def close_code(first: int, payload: bytes, url: str, mask: bool = True) -> int:
    """Return the close code in reply to a frame."""
    frame = masked(first, payload) if mask else bytes([first, len(payload)]) + payload
    answer = everything(raw(url, handshake("/echo") + frame)).partition(b"\r\n\r\n")[2]
    while answer[0] != 0x88:
        answer = answer[2 + answer[1] :]
    return int(struct.unpack(">H", answer[2:4])[0])


def test_ready_gets_what_a_client_needs_to_connect() -> None:
    with serving("bybit", seed=11) as facts, serving(seed=11) as all_of_them:
        port = urlsplit(str(facts["http"])).port

        assert [*facts] == ["urls", "http", "credentials", "seed"]
        paths = {
            "": "v5/public/spot",
            "-linear": "v5/public/linear",
            "-inverse": "v5/public/inverse",
            "-option": "v5/public/option",
            "-private": "v5/private",
            "-trade": "v5/trade",
            "-status": "v5/public/misc/status",
        }
        assert facts["urls"] == {
            **{f"bybit{route}": f"ws://127.0.0.1:{port}/{path}" for route, path in paths.items()},
            **{f"bybit-v5{route}": f"ws://127.0.0.1:{port}/{path}" for route, path in paths.items()},
            "bybit-spot-v3": f"ws://127.0.0.1:{port}/spot/public/v3",
            "bybit-spot-v3-private": f"ws://127.0.0.1:{port}/spot/private/v3",
            "echo": f"ws://127.0.0.1:{port}/echo",
        }
        assert facts["seed"] == 11
        assert facts["credentials"] == all_of_them["credentials"]
        assert {"bybit", "echo"} <= set(all_of_them["urls"])  # type: ignore[call-overload]


@pytest.mark.parametrize("slash", ["", "/"])
def test_echo_returns_frames_unchanged(urls: Mapping[str, str], slash: str) -> None:
    ws = websocket.create_connection(urls["echo"] + slash, timeout=60)
    for opcode, payload in ((1, "héllo".encode()), (2, b"\x00\xff"), (1, b""), (2, b"x" * 70_000)):
        ws.send(payload, opcode)

        assert ws.recv_data() == (opcode, payload)
    ws.send_frame(websocket.ABNF(0, 0, 0, 0, 1, 1, b"frag"))
    ws.ping("between")
    ws.send_frame(websocket.ABNF(1, 0, 0, 0, 0, 1, b"ments"))

    assert ws.recv_data(control_frame=True) == (10, b"between")
    assert ws.recv() == "fragments"
    ws.close()


@pytest.mark.parametrize(
    ("first", "payload", "code"),
    [
        (0x81, b"\xff\xfe", 1007),  # text that is not UTF-8
        (0x83, b"", 1002),  # a reserved opcode
        (0xC1, b"", 1002),  # a reserved bit
        (0x80, b"", 1002),  # a continuation of nothing
        (0x09, b"", 1002),  # a fragmented ping
        (0x88, b"\x03\xe8bye", 1000),  # a close is echoed
    ],
)  # fmt: skip
def test_protocol_errors_earn_their_close_codes(urls: Mapping[str, str], first: int, payload: bytes, code: int) -> None:
    assert close_code(first, payload, urls["echo"]) == code


def test_an_unmasked_frame_is_a_protocol_error(urls: Mapping[str, str]) -> None:
    assert close_code(0x81, b"bare", urls["echo"], mask=False) == 1002


def test_a_message_above_16_mebibytes_is_too_big(urls: Mapping[str, str]) -> None:
    with connect(urls["echo"], max_size=None) as ws:
        ws.send("x" * (16 * 1024 * 1024))
        assert len(ws.recv(timeout=60)) == 16 * 1024 * 1024
        with pytest.raises(Exception, match="1009"):  # whichever of the two ends notices
            ws.send("x" * (16 * 1024 * 1024 + 1))
            ws.recv(timeout=60)


def test_a_plain_handshake_is_enough_and_frames_may_come_with_it(urls: Mapping[str, str]) -> None:
    sock = raw(urls["echo"], handshake("/echo?a=b") + masked(0x81, b"now") + masked(0x88, b""))
    head, _, frames = everything(sock).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 101 ")
    assert frames.startswith((b"\x81\x03now", b"\x88"))


def test_unknown_paths_are_404_and_plain_requests_are_426(urls: Mapping[str, str]) -> None:
    with pytest.raises(InvalidStatus, match="404"):
        connect(urls["http"].replace("http", "ws") + "/nowhere")
    where = urlsplit(urls["http"]).netloc
    for path, status in (("/nowhere", 404), ("/echo", 426), ("/api/token", 404)):
        client = http.client.HTTPConnection(where, timeout=60)
        client.request("GET", path)
        assert client.getresponse().status == status
        client.close()


@pytest.mark.parametrize("path", ["/api/token/", "/api/token"])
def test_a_post_with_a_body_is_answered(urls: Mapping[str, str], path: str) -> None:
    client = http.client.HTTPConnection(urlsplit(urls["http"]).netloc, timeout=60)
    client.request("POST", path + "?q=1", body=b"foo=bar", headers={"X-Auth": "me"})
    answer = client.getresponse()

    assert (answer.status, answer.getheader("content-type")) == (200, "application/json")
    assert json.loads(answer.read()) == [path, "q=1", "me", "foo=bar"]
    client.close()


def test_a_body_may_come_after_its_head(urls: Mapping[str, str]) -> None:
    sock = raw(urls["http"], b"POST /api/token/ HTTP/1.1\r\nContent-Length: 4\r\n\r\nab")
    sock.settimeout(0.1)
    with pytest.raises(TimeoutError):
        sock.recv(1)
    sock.settimeout(60)
    sock.sendall(b"cd")

    assert everything(sock).endswith(b'"abcd"]')


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000, b"431"),
        (b"nonsense\r\n\r\n", b"400"),
        (b"POST /api/token/ HTTP/1.1\r\nContent-Length: many\r\n\r\n", b"400"),
        (b"POST /api/token/ HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n", b"413"),
        (b"GET /echo HTTP/1.1\r\nUpgrade: websocket\r\n\r\n", b"426"),
    ],
)  # fmt: skip
def test_bad_requests_are_rejected(urls: Mapping[str, str], head: bytes, status: bytes) -> None:
    assert everything(raw(urls["http"], head)).startswith(b"HTTP/1.1 " + status)


def test_deflate_is_negotiated_only_where_the_exchange_has_it(urls: Mapping[str, str]) -> None:
    with connect(urls["scripted"], compression="deflate") as scripted, connect(urls["bybit-spot-v3"]) as bybit:
        assert scripted.recv() == "hello"
        scripted.send("x" * 500)

        assert scripted.recv() == "str 500"
        assert "permessage-deflate" in scripted.response.headers["Sec-WebSocket-Extensions"]
        assert "Sec-WebSocket-Extensions" not in bybit.response.headers


def scripted(urls: Mapping[str, str]) -> Any:
    ws = websocket.create_connection(urls["scripted"], timeout=60)
    assert ws.recv() == "hello"
    return ws


def test_frames_keep_their_order_and_their_delay(urls: Mapping[str, str]) -> None:
    ws, begun = scripted(urls), time.monotonic()
    ws.send("late")

    assert [ws.recv(), ws.recv()] == ["first", "second"]
    assert time.monotonic() - begun >= 0.029
    assert ws.recv_data() == (8, struct.pack(">H", 4000) + b"as told")
    ws.shutdown()


def test_a_drop_has_no_close_frame(urls: Mapping[str, str]) -> None:
    ws = scripted(urls)
    ws.send("drop")

    assert ws.recv() == "last words"
    with pytest.raises(websocket.WebSocketConnectionClosedException):
        ws.recv_data()


def test_a_bug_in_an_exchange_closes_one_connection(urls: Mapping[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    ws, bystander = scripted(urls), scripted(urls)
    ws.send("fail")

    assert ws.recv_data()[1][:2] == struct.pack(">H", 1011)
    assert "a bug in an exchange" in capfd.readouterr().err
    bystander.send("ok?")
    assert bystander.recv() == "str 3"
    bystander.close()
    ws.shutdown()


def test_an_exchange_may_send_pings(urls: Mapping[str, str]) -> None:
    ws = scripted(urls)

    assert ws.recv_data(control_frame=True) == (9, b"")
    ws.close()


def test_a_client_that_does_not_read_is_not_ticked(urls: Mapping[str, str]) -> None:
    bystander = scripted(urls)
    slow = raw(urls["scripted"], handshake("/deep/path"))
    greeting = b""
    while not greeting.endswith(b"hello"):
        greeting += slow.recv(1)
    connection = ScriptedConnection.made[-1]
    slow.sendall(masked(0x81, b"flood"))  # 20 MB come back, more than the kernel takes

    def ticks_in(pings: int) -> int:
        before = connection.ticks
        for _ in range(pings):  # one each tick
            assert bystander.recv_data(control_frame=True)[0] == 9
        return connection.ticks - before

    assert any(ticks_in(4) == 0 for _ in range(20))  # the flood may need a moment
    left = 20_000_000
    while left > 0:
        left -= len(slow.recv(1 << 20))
    assert any(ticks_in(1) for _ in range(200))
    slow.close()
    bystander.close()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"host": "0.0.0.0"}, "this machine only"),
        ({"host": "example.org"}, "this machine only"),
        ({"rate": 0.0}, "rate"),
        ({"rate": float("nan")}, "rate"),
    ],
)  # fmt: skip
def test_what_cannot_be_served_is_a_usage_error(given: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        server.run([], **given, ready=lambda facts: None)


def test_a_port_in_use_is_an_error(urls: Mapping[str, str]) -> None:
    with pytest.raises(ConnectionFailed, match="cannot listen on 127"):
        server.run([], port=urlsplit(urls["http"]).port or 0, ready=lambda facts: None)


CHILD = (
    "import json; from wscli.simulator.server import run;"
    "run([], ready=lambda facts: print(json.dumps(facts), flush=True), until_stdin_ends=True)"
)


def child() -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-c", CHILD], stdin=pipe, stdout=pipe, stderr=pipe, cwd=ROOT, env=env)


@pytest.mark.parametrize("ending", ["stdin", signal.SIGINT, signal.SIGTERM])
def test_it_ends_quietly(ending: str | int) -> None:
    with child() as process:
        assert process.stdout is not None and process.stdin is not None and process.stderr is not None
        facts = json.loads(process.stdout.readline())
        ws = websocket.create_connection(facts["urls"]["echo"], timeout=60)
        if isinstance(ending, int):
            process.send_signal(ending)
        else:
            process.stdin.close()

        assert ws.recv_data()[1][:2] == struct.pack(">H", 1001)
        assert process.wait(120) == 0
        assert process.stderr.read() == b""
        ws.shutdown()


def test_too_few_descriptors_are_an_error_before_anything_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    opened, closed = list[int](), list[int]()

    def open_next(path: str, flags: int) -> int:
        if len(opened) == server.LOOP_DESCRIPTORS - 1:
            raise OSError(24, "Too many open files")
        opened.append(len(opened) + 900)
        return opened[-1]

    monkeypatch.setattr(server.os, "open", open_next)
    monkeypatch.setattr(server.os, "close", closed.append)
    with pytest.raises(OSError, match="Too many open files"):
        server.run([], ready=lambda facts: None)

    assert sorted(closed) == opened
