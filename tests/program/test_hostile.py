"""Servers that do their worst, and what the real program makes of them: handshakes, TLS, frames, closes, texts."""

from __future__ import annotations

import json
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran, Wscli
from tests.support.hostile import (
    ACK,
    BINARY,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    Certificates,
    Peer,
    answer,
    closing,
    declared,
    fragments,
    frame,
    hostile,
    numbered,
    trade,
)
from wscli.core.dialect import Endpoint
from wscli.core.errors import ConnectionFailed
from wscli.transport import dialer
from wscli.transport.connect import connect

WORDS = ("bybit", "subscribe", "trade.BTCUSDT", "--no-reconnect")
MIB = 2**20


def ended(ran: Ran, status: int, *texts: str) -> None:
    """Check a run that failed on purpose: its status, at most two lines, what they say, nothing that moves a cursor."""
    assert ran.status == status, ran.err
    lines = [line for line in ran.err.splitlines() if not line.startswith("wscli: warning: ")]
    assert lines[0].startswith("wscli: ")
    assert len(lines) == 1 or (len(lines) == 2 and lines[1].startswith("  hint: "))
    assert all(len(line) < 600 for line in lines)
    assert not re.search(r"[^\n\x20-\x7e\x80-\U0010ffff]|[\x80-\x9f]", ran.err)
    for word in texts:
        assert word in ran.err


def at(url: str, *more: str) -> tuple[str, ...]:
    return (*WORDS, "-q", "--url", url, *more)


# --- one deadline over the connecting ------------------------------------------------------------


def drip(peer: Peer) -> None:
    """A good handshake, a byte each quarter of a second."""
    accept = peer.accepted(peer.head())
    for (
        byte
    ) in f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {accept}\r\n".encode():
        peer.send(bytes([byte]))
        threading.Event().wait(0.25)


def gibibyte(peer: Peer) -> None:
    """A header without an end."""
    peer.head()
    peer.send(b"HTTP/1.1 101 Switching Protocols\r\n")
    line = b"X-Padding: " + b"x" * 65_000 + b"\r\n"
    for _ in range(2**30 // len(line)):
        peer.send(line)


def silence(peer: Peer) -> None:
    """The connection is taken, and that is all."""
    peer.until_gone()


@pytest.mark.parametrize("server", [drip, gibibyte, silence], ids=["a byte at a time", "a GiB of header", "not a word"])
def test_a_handshake_that_does_not_end_is_given_up_on_at_the_deadline(
    wscli: Wscli, server: Callable[[Peer], None]
) -> None:
    with hostile(server) as peer:
        began = time.monotonic()
        ran = wscli(*at(peer.url, "--timeout", "700ms"))
        took = time.monotonic() - began

    ended(ran, 3)
    assert 0.7 <= took < 30 or server is gibibyte
    if server is not gibibyte:
        assert "no WebSocket handshake within 0.7 s" in ran.err
        assert "--timeout" in ran.err


def test_tls_that_gets_no_answer_is_given_up_on_at_the_deadline(wscli: Wscli) -> None:
    with hostile(silence) as server:
        ran = wscli(*at(server.secure_url, "--timeout", "500ms"))

    ended(ran, 3, "within 0.5 s")


# --- answers that are no WebSocket ---------------------------------------------------------------

ESCAPES = "\x1b[2J\x1b]0;owned\x07"
ANSWERS = [
    ("200 OK", (), "200"),
    ("301 Moved", (f"Location: wss://else.example/{ESCAPES}",), "redirects to wss://else.example/"),
    ("302 Found", ("Location: http://127.0.0.1:9/",), "redirects to http://127.0.0.1:9/"),
    ("401 Unauthorized", ("WWW-Authenticate: Basic",), "HTTP 401"),
    (f"403 {ESCAPES}", (), "HTTP 403"),
    ("404 Not Found", (), "HTTP 404"),
    ("429 Too Many Requests", ("Retry-After: 7",), "HTTP 429"),
    ("500 Internal Server Error", (), "HTTP 500"),
    ("503 Service Unavailable", ("Retry-After: 7",), "HTTP 503"),
]


@pytest.mark.parametrize(("status", "headers", "message"), ANSWERS, ids=[a[0].split()[0] for a in ANSWERS])
def test_an_http_answer_is_named_in_a_line_and_followed_nowhere(
    wscli: Wscli, status: str, headers: tuple[str, ...], message: str
) -> None:
    def refuse(peer: Peer) -> None:
        peer.head()
        peer.send(answer(status, *headers, body=f"<html>{ESCAPES} canary of the body</html>".encode("latin-1")))

    with hostile(refuse) as server:
        ran = wscli(*at(server.url))

    ended(ran, 3, message)
    assert server.connections == 1
    assert ran.out == ""


@pytest.mark.parametrize("status", ["503 Service Unavailable"])
def test_an_answer_with_sixty_megabytes_behind_it_is_not_read_to_its_end(wscli: Wscli, status: str) -> None:
    size, sent = 60 * MIB, 0

    def refuse(peer: Peer) -> None:
        nonlocal sent
        peer.head()
        peer.send(f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\n\r\n".encode())
        while sent < size:
            peer.send(b"x" * 65_536)
            sent += 65_536

    with hostile(refuse) as server:
        ran = wscli(*at(server.url, "--timeout", "2"))

    ended(ran, 3, status.split()[0])
    assert sent < size // 2


def saying(data: bytes, *, reset: bool = False) -> Callable[[Peer], None]:
    """Hear a request, say something else than an answer to it, leave."""

    def say(peer: Peer) -> None:
        peer.head()
        peer.send(data)
        if reset:
            peer.reset()

    return say


def broken_101(accept: Callable[[str], str], upgrade: str = "Upgrade: websocket") -> Callable[[Peer], None]:
    def agree(peer: Peer) -> None:
        right = peer.accepted(peer.head())
        lines = ("HTTP/1.1 101 Switching Protocols", upgrade, "Connection: Upgrade")
        peer.send("\r\n".join((*lines, f"Sec-WebSocket-Accept: {accept(right)}", "", "")).encode())
        peer.until_gone()

    return agree


@pytest.mark.parametrize(
    "server",
    [
        broken_101(lambda right: "AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        broken_101(str.swapcase),
        broken_101(str, upgrade="X-Nothing: here"),
        broken_101(str, upgrade="Upgrade: h2c"),
        saying(b"SSH-2.0-OpenSSH_9.2\r\n"),
        saying(b"\x00\xff" * 2000),
        saying(b""),
        saying(b"", reset=True),
    ],
    ids=["wrong key", "key in other case", "no upgrade", "other upgrade", "ssh", "noise", "end of file", "reset"],
)
def test_a_handshake_that_is_wrong_is_refused(wscli: Wscli, server: Callable[[Peer], None]) -> None:
    with hostile(server) as peer:
        ran = wscli(*at(peer.url, "--timeout", "3", "--wait", "1"))

    ended(ran, 3, "127.0.0.1")


def test_a_cookie_of_one_connection_is_not_sent_with_the_next(wscli: Wscli) -> None:
    heads: list[dict[str, str]] = []

    def bake(peer: Peer) -> None:
        heads.append(peer.head())
        lines = (
            "HTTP/1.1 101 Switching Protocols",
            "Upgrade: websocket",
            "Set-Cookie: crumb=1; Domain=127.0.0.1",
            "Connection: Upgrade",
            "SET-COOKIE : other=2; Domain=127.0.0.1",
            f"Sec-WebSocket-Accept: {peer.accepted(heads[-1])}",
        )
        peer.send("\r\n".join((*lines, "", "")).encode())
        peer.hear()
        peer.send(frame(TEXT, ACK) + frame(TEXT, trade(server.connections)))
        peer.reset() if server.connections == 1 else peer.polite()

    with hostile(bake) as server:
        ran = wscli("bybit", "subscribe", "trade.BTCUSDT", "-n", "2", "--url", server.url)

    assert (ran.status, len(heads)) == (0, 2), ran.err
    assert ["cookie" in head for head in heads] == [False, False]


# --- TLS -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    pytest.importorskip("trustme", reason="trustme makes the certificates")
    return Certificates(tmp_path_factory.mktemp("certificates"))


def one_trade(peer: Peer) -> None:
    peer.subscribed()
    peer.send(frame(TEXT, trade(1)))
    peer.polite()


TLS = [
    ({"expired": True}, "expired"),
    ({"name": "other.example"}, "localhost"),
    ({"unknown": True}, "unable to get local issuer"),
]


@pytest.mark.parametrize(("fault", "message"), TLS, ids=["expired", "wrong name", "unknown issuer"])
def test_a_bad_certificate_is_refused_and_its_fault_is_named(
    wscli: Wscli, certificates: Certificates, fault: dict[str, object], message: str
) -> None:
    with hostile(one_trade, certificates.context(**fault)) as server:  # type: ignore[arg-type]
        words = at(server.secure_url, "--cacert", str(certificates.authority), "-n", "1")
        refused = wscli(*words)
        trusted = wscli(*words[:4], *words[5:], "--insecure")

    ended(refused, 3, "TLS", message, "--insecure")
    assert (trusted.status, trusted.lines) == (0, [trade(1).decode()])
    assert "warning" in trusted.err
    assert "--insecure" in trusted.err


def test_a_good_certificate_is_taken_and_the_stream_is_whole(wscli: Wscli, certificates: Certificates) -> None:
    def flood(peer: Peer) -> None:
        peer.subscribed()
        for burst in numbered(20_000):
            peer.send(burst)
        peer.polite()

    with hostile(flood, certificates.context()) as server:
        ran = wscli(*at(server.secure_url, "--cacert", str(certificates.authority), "-n", "20000"))

    assert ran.status == 0, ran.err
    assert ran.out.encode() == b"".join(trade(n) + b"\n" for n in range(20_000))


def test_insecure_is_reported_at_every_connection(wscli: Wscli, certificates: Certificates) -> None:
    def twice(peer: Peer) -> None:
        peer.subscribed()
        peer.send(frame(TEXT, trade(server.connections)))
        peer.reset() if server.connections == 1 else peer.polite()

    with hostile(twice, certificates.context(unknown=True)) as server:
        words = ("bybit", "subscribe", "trade.BTCUSDT", "-n", "2", "--insecure", "--url", server.secure_url)
        ran = wscli(*words)

    assert (ran.status, server.connections) == (0, 2), ran.err
    assert ran.err.count("warning: --insecure") == 2


def test_old_tls_is_refused(wscli: Wscli, certificates: Certificates) -> None:
    context = certificates.context()
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1
    with hostile(one_trade, context) as server:
        ran = wscli(*at(server.secure_url, "--cacert", str(certificates.authority)))

    ended(ran, 3, "TLS")


def test_tls_to_a_plain_port_and_plain_to_a_tls_port_are_reported(wscli: Wscli, certificates: Certificates) -> None:
    def plain(peer: Peer) -> None:
        peer.sock.recv(10)
        peer.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with hostile(plain) as server:
        ended(wscli(*at(server.secure_url)), 3, "TLS", "localhost")
    with hostile(one_trade, certificates.context()) as server:
        ended(wscli(*at(server.url, "--timeout", "3")), 3, "127.0.0.1")


def test_a_reset_in_the_tls_handshake_is_reported(wscli: Wscli) -> None:
    def reset(peer: Peer) -> None:
        peer.sock.recv(100)
        peer.reset()

    with hostile(reset) as server:
        ended(wscli(*at(server.secure_url)), 3, "localhost")


# --- names and addresses -------------------------------------------------------------------------


def endpoint(port: int, host: str = "venue.example") -> Endpoint:
    return Endpoint(f"ws://{host}:{port}/", None, "never")


def test_a_name_that_is_not_found_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", missing)
    with pytest.raises(ConnectionFailed, match=r"no such host: venue\.example") as failed:
        connect(endpoint(80), dialer.NetworkOptions())

    assert failed.value.status == 3


def test_a_resolver_that_hangs_is_left_behind_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    forever = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: forever.wait(120))
    began = time.monotonic()
    try:
        with pytest.raises(ConnectionFailed, match=r"venue\.example was not resolved within 0\.4 s"):
            connect(endpoint(80), dialer.NetworkOptions(timeout_s=0.4))
    finally:
        forever.set()

    assert 0.4 <= time.monotonic() - began < 30


def test_a_dead_first_address_costs_less_than_a_second_and_the_second_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.socket() as full, hostile(one_trade) as server, pytest.MonkeyPatch.context():
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        dead = full.getsockname()
        crowd = []
        for _ in range(3):  # who knocks now is not answered: the queue is full
            knocker = socket.socket()
            knocker.setblocking(False)
            knocker.connect_ex(dead)
            crowd.append(knocker)
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        addresses = [(*kind, dead), (*kind, ("127.0.0.1", server.port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: addresses)
        began = time.monotonic()
        opened = connect(endpoint(server.port), dialer.NetworkOptions(timeout_s=30.0))
        took = time.monotonic() - began
        for _ in opened.close_and_drain(0.2):
            pass
        for knocker in crowd:
            knocker.close()

    assert 0.2 < took < 15  # a quarter of a second; the rest is for a busy machine


def test_an_address_that_refuses_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = free.getsockname()
    with hostile(one_trade) as server:
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        addresses = [(*kind, nobody), (*kind, ("127.0.0.1", server.port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: addresses)
        for _ in connect(endpoint(server.port), dialer.NetworkOptions(timeout_s=5.0)).close_and_drain(0.2):
            pass

        assert server.connections == 1


# --- frames --------------------------------------------------------------------------------------

BROKEN = [
    # what comes                                                     the close code   what is said
    ("masked", frame(TEXT, b"{}", mask=b"abcd"), 1002, "masked"),
    ("reserved 1", frame(TEXT, b"{}", reserved=4), 1002, "the reserved bits RSV1"),
    ("reserved 2 and 3", frame(TEXT, b"{}", reserved=3), 1002, "the reserved bits RSV2 and RSV3"),
    ("opcode 3", frame(3, b"{}"), 1002, "unknown kind"),
    ("opcode 11", frame(11), 1002, "unknown kind"),
    ("long ping", frame(PING, b"x" * 126), 1002, "125 bytes"),
    ("long pong", frame(PONG, b"x" * 60_000), 1002, "125 bytes"),
    ("ping in pieces", frame(PING, b"x", fin=False), 1002, "control frame"),
    ("continuation of nothing", frame(CONTINUATION, b"x"), 1002, "continuation"),
    ("text within text", frame(TEXT, b"{", fin=False) + frame(TEXT, b"}"), 1002, "new message"),
    ("1 TiB", declared(TEXT, 2**40), 1009, "16 MiB"),
    ("2^63", declared(BINARY, 2**63), 1009, "16 MiB"),
    ("16 MiB + 1", declared(TEXT, 16 * MIB + 1), 1009, "16 MiB"),
    ("bad text", frame(TEXT, b"\xed\xa0\x80"), 1007, "UTF-8"),
    ("bad text in pieces", frame(TEXT, b"\xc3", fin=False) + frame(CONTINUATION, b"("), 1007, "UTF-8"),
    ("half a letter", frame(TEXT, b"ab\xc3"), 1007, "UTF-8"),
    ("close of a byte", frame(8, b"\x03"), 1002, "close frame"),
    ("close 1005", closing(1005), 1002, "1005"),
    ("close 0", closing(0), 1002, "code 0"),
    ("close 65535", closing(65_535), 1002, "65535"),
    ("close with bad text", closing(1000, b"\xff"), 1007, "UTF-8"),
]


@pytest.mark.parametrize(("broken", "code", "message"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_a_broken_rule_ends_with_its_close_code_after_what_came_before_it(
    wscli: Wscli, broken: bytes, code: int, message: str
) -> None:
    codes = []

    def break_it(peer: Peer) -> None:
        peer.upgrade()
        peer.hear()
        peer.send(frame(TEXT, ACK) + frame(TEXT, trade(1)) + frame(TEXT, trade(2)) + broken)
        codes.append(peer.closed())

    with hostile(break_it) as server:
        ran = wscli(*at(server.url))

    assert ran.lines == [trade(1).decode(), trade(2).decode()]
    ended(ran, 6, "127.0.0.1 sent", message)
    assert codes == [(code, "")]


CLOSES = [
    (closing(1000), "(1000)", 1000),
    (closing(1001, b"going"), "(1001): going", 1001),
    (closing(1008, "Straße".encode()), "(1008): Straße", 1008),
    (closing(1011), "(1011)", 1011),
    (closing(1012, b"restart"), "(1012): restart", 1012),
    (closing(3000, b"x" * 123), "(3000): " + "x" * 123, 3000),
    (closing(4999, ESCAPES.encode()), "(4999)", 4999),
    (frame(8), "(1005)", 0),
]


@pytest.mark.parametrize(("close", "message", "echoed"), CLOSES, ids=[c[1][:6] for c in CLOSES])
def test_a_close_is_reported_with_code_and_reason_and_answered_in_kind_after_the_data_that_came_along(
    wscli: Wscli, close: bytes, message: str, echoed: int
) -> None:
    codes = []

    def leave(peer: Peer) -> None:
        peer.upgrade()
        peer.hear()
        peer.send(frame(TEXT, ACK) + b"".join(frame(TEXT, trade(n)) for n in range(500)) + close)
        codes.append(peer.closed())

    with hostile(leave) as server:
        ran = wscli(*at(server.url))

    assert ran.lines == [trade(n).decode() for n in range(500)]
    ended(ran, 6, f"closed the connection {message}")
    assert codes == [(echoed, "")]


def test_an_end_without_a_close_is_reported(wscli: Wscli) -> None:
    def leave(peer: Peer) -> None:
        peer.subscribed()
        peer.send(frame(TEXT, trade(1)) + frame(TEXT, trade(2))[:20])

    with hostile(leave) as server:
        ran = wscli(*at(server.url))

    assert ran.lines == [trade(1).decode()]
    ended(ran, 6, "(1006)")


def test_pings_are_answered_also_between_fragments_and_in_order(wscli: Wscli) -> None:
    pongs = []

    def ping(peer: Peer) -> None:
        peer.subscribed()
        peer.send(frame(PING, b"one"))
        for number, part in enumerate(fragments(TEXT, trade(1), 3)):
            peer.send(part + frame(PING, b"in %d" % number))
        pongs.extend(payload for opcode, payload in (peer.hear() for _ in range(4)) if opcode == PONG)
        peer.send(frame(TEXT, trade(2)))
        peer.polite()

    with hostile(ping) as server:
        ran = wscli(*at(server.url, "-n", "2"))

    assert (ran.status, ran.lines) == (0, [trade(1).decode(), trade(2).decode()])
    assert pongs == [b"one", b"in 0", b"in 1", b"in 2"]


# --- sizes ---------------------------------------------------------------------------------------

MEASURED = (
    "import atexit, pathlib, sys\n"
    "path = sys.argv.pop(1)\n"
    "atexit.register(lambda: pathlib.Path(path).write_text(pathlib.Path('/proc/self/status').read_text()))\n"
    "from wscli.__main__ import main\n"
    "main()\n"
)
linux = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc here")


def measured(tmp_path: Path, *words: str) -> tuple[Ran, int]:
    """Run the program; return what it left and its peak of resident memory in bytes."""
    status = tmp_path / "status"
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(status), *words], capture_output=True, encoding="utf-8", timeout=120
    )
    peak = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
    assert peak is not None
    return Ran(done.returncode, done.stdout, done.stderr), int(peak[1]) * 1024


WHOLE = 16 * MIB


def long_text(size: int) -> bytes:
    text = b'{"topic":"trade.BTCUSDT","data":"%s"}'
    return text % (b"x" * (size - len(text) + 2))


@linux
@pytest.mark.parametrize("count", [1, 3, 4096, 131_072], ids=lambda n: f"{n} frames")
def test_a_message_of_16_mib_passes_whole_and_costs_no_more_than_thrice_its_size(tmp_path: Path, count: int) -> None:
    text = long_text(WHOLE)
    parts = list(fragments(TEXT, text, count))

    def send(peer: Peer) -> None:
        peer.subscribed()
        for start in range(0, len(parts), 1000):
            peer.send(b"".join(parts[start : start + 1000]))
        peer.polite()

    with hostile(send) as server:
        ran, peak = measured(tmp_path, *at(server.url, "-n", "1"))

    assert ran.status == 0, ran.err
    assert ran.out.encode() == text + b"\n"
    # a sanity bound of 40 MiB for the interpreter, three times the message, and what a fragment's object costs
    assert peak < 3 * WHOLE + 40 * MIB + 64 * count


@pytest.mark.parametrize("count", [1, 2, 7], ids=lambda n: f"{n} frames")
def test_messages_of_every_size_pass_whole(wscli: Wscli, count: int) -> None:
    sizes = [40, 125, 126, 127, 65_535, 65_536, 65_537, 2 * MIB, WHOLE - 1]
    texts = [long_text(size) for size in sizes]

    def send(peer: Peer) -> None:
        peer.subscribed()
        for text in (b"", *texts):
            for part in fragments(TEXT, text, count):
                peer.send(part)
        peer.polite()

    with hostile(send) as server:
        ran = wscli(*at(server.url, "-n", str(len(texts))))

    assert ran.status == 0, ran.err
    assert [len(text) for text in texts] == sizes
    assert ran.lines[0] == '""'
    assert [line.encode() == text for line, text in zip(ran.lines[1:], texts, strict=True)] == [True] * len(texts)


@linux
@pytest.mark.parametrize("size", [WHOLE + 1, 2**40, 2**63], ids=["16 MiB + 1", "1 TiB", "8 EiB"])
def test_a_size_that_is_declared_and_too_large_costs_nothing(tmp_path: Path, size: int) -> None:
    def send(peer: Peer) -> None:
        peer.subscribed()
        peer.send(declared(TEXT, size) + b"x" * 1000)
        peer.closed()

    with hostile(send) as server:
        ran, peak = measured(tmp_path, *at(server.url))

    ended(ran, 6, "16 MiB")
    assert peak < 40 * MIB


@linux
@pytest.mark.parametrize("count", [1, 4096])
def test_a_byte_more_is_refused_before_it_is_read(tmp_path: Path, count: int) -> None:
    text = long_text(WHOLE + 1)
    sent = 0
    codes = []

    def send(peer: Peer) -> None:
        nonlocal sent
        peer.subscribed()
        parts = iter([declared(TEXT, len(text))]) if count == 1 else fragments(TEXT, text, count)
        for part in parts:
            peer.send(part)
            sent += len(part)
        codes.append(peer.closed())

    with hostile(send) as server:
        ran, peak = measured(tmp_path, *at(server.url))

    ended(ran, 6, "16 MiB")
    assert codes == [(1009, "")]
    assert peak < 40 * MIB + (0 if count == 1 else 2 * WHOLE)


@linux
def test_fragments_without_end_cost_nothing(tmp_path: Path) -> None:
    def send(peer: Peer) -> None:
        peer.subscribed()
        peer.send(frame(TEXT, b"", fin=False))
        for _ in range(140):
            peer.send(frame(CONTINUATION, b"", fin=False) * 1000)
        peer.closed()

    with hostile(send) as server:
        ran, peak = measured(tmp_path, *at(server.url))

    ended(ran, 6, "131,072 fragments")
    assert peak < 64 * MIB


# --- texts ---------------------------------------------------------------------------------------

TEXTS = [
    b"HTTP Code 408 - I'm a Tea Pot",
    b"",
    b"\x00",
    b"{",
    b'{"topic":"trade.BTCUSDT","data":NaN}',
    b'{"topic":"trade.BTCUSDT","data":' + b"9" * 5000 + b"}",
    b'{"topic":"trade.BTCUSDT","data":1e999999999}',
    b'{"topic":"trade.BTCUSDT","data":"\\ud800"}',
    b'{"topic":"trade.BTCUSDT","data":"\\u0000\x7f"}',
    b"[" * 100_000,
    b"[" * 100_000 + b"]" * 100_000,
    b'{"topic":"trade.BTCUSDT","data":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}",
    ESCAPES.encode(),
    f'{{"topic":"{ESCAPES}"}}'.encode(),
    '"\u202e\u2066\ufeff\U0010ffff"'.encode(),
    b'{"topic":"trade.BTCUSDT","topic":7}',
    b"\xef\xbb\xbf{}",
    b"'single'",
    b"1" * 2_000_000,
]


FLAGS = [*(("-o", f) for f in ("json", "rows", "pretty", "event", "csv", "table")), ("--where", "data.v != 1")]


@pytest.mark.parametrize("flags", FLAGS, ids=" ".join)
def test_no_text_ends_the_stream_or_moves_the_cursor(wscli: Wscli, flags: tuple[str, ...]) -> None:
    def send(peer: Peer) -> None:
        peer.subscribed()
        for text in TEXTS:
            peer.send(frame(TEXT, text))
            peer.send(frame(BINARY, text))
        peer.send(frame(TEXT, trade(77)) + closing(1000))
        peer.closed()

    with hostile(send) as server:
        ran = wscli(*at(server.url, *flags))

    ended(ran, 6, "(1000)")
    assert "36500.20" in ran.lines[-1] or "36500.20" in ran.out[-3000:]
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", ran.out)
    if flags == ("-o", "json"):
        assert len(ran.lines) == 2 * len(TEXTS) + 1


@pytest.mark.parametrize("data", [b"\xff\xfe", b"\x00\x01\x02", b"\xed\xa0\x80", b"\x78\x9c\x03"], ids=bytes.hex)
def test_bytes_where_text_is_due_are_shown_as_unknown_and_the_stream_goes_on(wscli: Wscli, data: bytes) -> None:
    def send(peer: Peer) -> None:
        peer.subscribed()
        peer.send(frame(BINARY, data) + frame(TEXT, trade(77)) + closing(1000))
        peer.closed()

    with hostile(send) as server:
        ran = wscli(*at(server.url, "-o", "event"))
    odd, good = (json.loads(line) for line in ran.lines)

    ended(ran, 6, "(1000)")
    assert odd["kind"] == "unknown"
    assert good["kind"] in ("snapshot", "update")


BOMB = zlib.compress(bytes(64 * MIB), 9)


@linux
def test_a_bomb_a_torso_and_a_text_where_deflate_is_due_are_shown_and_cost_nothing(tmp_path: Path) -> None:
    good = b'{"method":"trades.update","params":[true,[{"id":1,"time":1700000000.1,"price":"1.10","amount":"2","type":"buy"}],"ETH_USDT"],"id":null}'
    ack = b'{"error":null,"result":{"status":"success"},"id":1}'
    frames = [
        BOMB,
        zlib.compress(good)[:-9],
        good,
        b"\x78\x9c",
        b"",
        zlib.compress(BOMB),
        zlib.compress(good) + b"tail",
    ]

    def send(peer: Peer) -> None:
        peer.upgrade()
        peer.hear()
        peer.send(frame(BINARY, zlib.compress(ack)))
        for data in (*frames, zlib.compress(good)):
            peer.send(frame(BINARY, data))
        peer.send(closing(1000))
        peer.closed()

    with hostile(send) as server:
        words = ("digifinex", "subscribe", "trades", "ETH_USDT", "--no-reconnect", "-q", "--url", server.url)
        ran, peak = measured(tmp_path, *words)

    ended(ran, 6, "(1000)")
    assert ran.lines[-1] == good.decode()
    assert all(json.loads(line) is not None for line in ran.lines)
    assert peak < 128 * MIB


# --- statuses ------------------------------------------------------------------------------------


def test_no_other_exit_status_is_written_in_the_sources() -> None:
    from wscli.core import errors

    known = {e.status for e in vars(errors).values() if isinstance(e, type) and issubclass(e, errors.WscliError)}
    assert known == {1, 2, 3, 4, 5, 6, 7}
    sources = {path: path.read_text() for path in Path(errors.__file__).parent.rglob("*.py")}
    written = [
        (path.name, status)
        for path, text in sources.items()
        for status in re.findall(r"(?:sys\.exit|_exit|SystemExit|Exit)\((\d+)\)", text)
    ]
    assert {int(status) for _, status in written} <= {0, *known, 130, 141, 143}, written
