"""WebSocket servers that do what a good library will not: raw sockets on the loopback interface, a thread for each client.

A handler is given a Peer and does its worst. What it raises because the client left is not an error; anything else is, and
is raised where the server was started.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
PATIENCE_S = 120.0

ACK = b'{"op":"subscribe","success":true,"req_id":"1","ret_msg":"subscribe","conn_id":"5f1e2a9c"}'


def trade(number: int) -> bytes:
    """Return a trade of Bybit's that carries a number."""
    return (
        b'{"topic":"trade.BTCUSDT","ts":1,"type":"snapshot","data":'
        b'{"v":"%d","t":1700000005010,"p":"36500.20","q":"0.10","m":true}}' % number
    )


def frame(opcode: int, data: bytes = b"", *, fin: bool = True, reserved: int = 0, mask: bytes = b"") -> bytes:
    """Return one frame, as wrong as it is asked to be."""
    first, masked = (0x80 if fin else 0) | reserved << 4 | opcode, 0x80 if mask else 0
    if len(data) < 126:
        head = bytes([first, masked | len(data)])
    elif len(data) < 65_536:
        head = bytes([first, masked | 126]) + len(data).to_bytes(2, "big")
    else:
        head = bytes([first, masked | 127]) + len(data).to_bytes(8, "big")
    if mask:
        data = bytes(b ^ mask[i % 4] for i, b in enumerate(data))
    return head + mask + data


def declared(opcode: int, size: int) -> bytes:
    """Return the header of a frame of `size` bytes, and nothing of them."""
    return bytes([0x80 | opcode, 127]) + size.to_bytes(8, "big")


def closing(code: int, reason: bytes = b"") -> bytes:
    return frame(CLOSE, code.to_bytes(2, "big") + reason)


def fragments(opcode: int, data: bytes, count: int) -> Iterator[bytes]:
    """Yield a message in `count` frames."""
    size = -(-len(data) // count) if data else 0
    for number in range(count):
        part = data[number * size : (number + 1) * size]
        yield frame(opcode if number == 0 else CONTINUATION, part, fin=number == count - 1)


def numbered(count: int, first: int = 0) -> Iterator[bytes]:
    """Yield the frames of `count` trades, some 64 KiB at a time."""
    for start in range(first, first + count, 500):
        yield b"".join(frame(TEXT, trade(n)) for n in range(start, min(start + 500, first + count)))


def answer(status: str, *headers: str, body: bytes = b"") -> bytes:
    """Return an HTTP answer."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


class Peer:
    """One client, as the server sees it."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._held = b""

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def head(self) -> dict[str, str]:
        """Return the headers of the request, names in small letters."""
        while b"\r\n\r\n" not in self._held:
            self._more()
        head, _, self._held = self._held.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")[1:]
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    def accepted(self, headers: dict[str, str]) -> str:
        """Return the right Sec-WebSocket-Accept."""
        key = headers["sec-websocket-key"] + GUID
        return base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()

    def upgrade(self, rest: bytes = b"") -> None:
        """Agree to a WebSocket; `rest` goes out with the same write."""
        accept = self.accepted(self.head())
        lines = ("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade")
        self.send("\r\n".join((*lines, f"Sec-WebSocket-Accept: {accept}", "", "")).encode() + rest)

    def subscribed(self) -> None:
        """Agree to a WebSocket and to the first thing that is asked."""
        self.upgrade()
        self.hear()
        self.send(frame(TEXT, ACK))

    def hear(self) -> tuple[int, bytes]:
        """Return one frame of the client's. Raises EOFError at its end."""
        while True:
            whole = _frame_in(self._held)
            if whole is not None:
                opcode, payload, self._held = whole
                return opcode, payload
            self._more()

    def closed(self) -> tuple[int, str] | None:
        """Return the code and reason of the client's close frame; None when it left without one."""
        try:
            while True:
                opcode, payload = self.hear()
                if opcode == CLOSE:
                    return int.from_bytes(payload[:2], "big"), payload[2:].decode()
        except (EOFError, OSError):
            return None

    def until_gone(self) -> None:
        """Listen until the client leaves."""
        with contextlib.suppress(EOFError, OSError):
            while True:
                self._held = b""
                self._more()

    def polite(self) -> None:
        """Answer the client's close, and wait for its end."""
        if self.closed() is not None:
            self.send(closing(1000))
        self.until_gone()

    def reset(self) -> None:
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def _more(self) -> None:
        data = self.sock.recv(65_536)
        if not data:
            raise EOFError
        self._held += data


def _frame_in(data: bytes) -> tuple[int, bytes, bytes] | None:
    """Return opcode, payload and what follows of a client's frame; None until it is whole."""
    if len(data) < 2:
        return None
    length, at = data[1] & 0x7F, 2
    if length >= 126:
        at = 4 if length == 126 else 10
        length = int.from_bytes(data[2:at], "big")
    assert data[1] & 0x80, "a client masks its frames"
    end = at + 4 + length
    if len(data) < end:
        return None
    mask = data[at : at + 4] * (length // 4 + 1)
    payload = (int.from_bytes(data[at + 4 : end], "big") ^ int.from_bytes(mask[:length], "big")).to_bytes(length, "big")
    return data[0] & 0x0F, payload, data[end:]


class Server:
    """A listening server: its port, its URLs, and how many came."""

    def __init__(self, listener: socket.socket) -> None:
        self.port: int = listener.getsockname()[1]
        self.url = f"ws://127.0.0.1:{self.port}/"
        self.secure_url = f"wss://localhost:{self.port}/"
        self.connections = 0
        self.errors: list[BaseException] = []


Handler = Callable[[Peer], None]


@contextlib.contextmanager
def hostile(handle: Handler, context: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Run a server whose clients `handle` deals with, each in a thread of its own; with a context it speaks TLS."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    server = Server(listener)
    sockets: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def serve(sock: socket.socket) -> None:
        try:
            sock.settimeout(PATIENCE_S)
            with contextlib.suppress(OSError, EOFError):
                peer = Peer(context.wrap_socket(sock, server_side=True) if context is not None else sock)
                sockets.append(peer.sock)
                with contextlib.closing(peer.sock):
                    handle(peer)
        except BaseException as error:
            server.errors.append(error)

    def listen() -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = listener.accept()
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                server.connections += 1
                sockets.append(sock)
                thread = threading.Thread(target=serve, args=(sock,), daemon=True)
                threads.append(thread)
                thread.start()

    accepting = threading.Thread(target=listen, daemon=True)
    accepting.start()
    try:
        yield server
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)  # wakes the accept on Linux; the close does elsewhere
        listener.close()
        accepting.join(2)
        for sock in sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(5)
        for sock in sockets:
            sock.close()
    if server.errors:
        raise server.errors[0]


# --- certificates --------------------------------------------------------------------------------


class Certificates:
    """An authority of the test's own: `authority` is the file to check against."""

    def __init__(self, folder: Path) -> None:
        import trustme

        self._ca = trustme.CA()
        self._stranger = trustme.CA()
        self.authority = folder / "authority.pem"
        self._ca.cert_pem.write_to_path(str(self.authority))

    def context(self, name: str = "localhost", *, expired: bool = False, unknown: bool = False) -> ssl.SSLContext:
        """Return a server's context for a name, with a certificate that has the fault that is asked for."""
        now = datetime.now(UTC)
        more = {"not_before": now - timedelta(days=9), "not_after": now - timedelta(days=2)} if expired else {}
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        (self._stranger if unknown else self._ca).issue_cert(name, **more).configure_cert(context)
        return context


def texts(lines: list[str]) -> list[str]:
    """Return the numbers that trades carry."""
    return [json.loads(line)["data"]["v"] for line in lines]
