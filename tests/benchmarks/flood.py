"""A WebSocket server far faster than any client: frames encoded beforehand, thousands in one write. Loopback only.

    python tests/benchmarks/flood.py [--tls]

The path says what is sent: ws://127.0.0.1:PORT/trade?n=100000 (trade, ticker, book, zlib), and more:

    wait=1        the flood begins after the client's first frame, which is answered as its exchange would
    numbered=1    trades that carry their number
    ping=1000     a ping before every thousandth message
    fragment=10   every tenth message in three frames, with a ping between them
    rate=500      so many messages a second, not all at once
    close=0       no close frame at the end
    id=x          comes back in the report

Standard output is lines of JSON: {"port":…,"certificate":…}, then one report a connection, times of the monotonic clock.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import hashlib
import json
import os
import select
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import messages

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
GOODBYE = messages.frame(messages.CLOSE, (1000).to_bytes(2, "big"))
NUMBERED_AT_ONCE = 4096


@cache
def block(kind: str, ping_every: int, fragment_every: int) -> tuple[list[bytes], bytes]:
    """Return the frames of a block, one by one and as one text of bytes."""
    frames = messages.framed(kind, ping_every=ping_every, fragment_every=fragment_every)
    return frames, b"".join(frames)


class Client:
    """One connection: what it sent and was not read yet, and whether it closed."""

    def __init__(self, raw: socket.socket) -> None:
        self.raw = raw
        self.unread = b""
        self.left = False

    def request(self) -> tuple[str, dict[str, str]]:
        """Return the path and query of the upgrade request, once it is answered."""
        while b"\r\n\r\n" not in self.unread:
            self._more()
        head, _, self.unread = self.unread.partition(b"\r\n\r\n")
        target, *fields = head.split(b"\r\n")
        named = {name.strip().lower(): value.strip() for name, _, value in (field.partition(b":") for field in fields)}
        digest = hashlib.sha1(named.get(b"sec-websocket-key", b"") + MAGIC).digest()
        lines = (
            b"HTTP/1.1 101 Switching Protocols",
            b"Upgrade: websocket",
            b"Connection: Upgrade",
            b"Sec-WebSocket-Accept: " + base64.b64encode(digest),
        )
        self.raw.sendall(b"\r\n".join(lines) + b"\r\n\r\n")
        url = urlsplit(target.split()[1].decode())
        return url.path.strip("/"), dict(parse_qsl(url.query))

    def _more(self) -> None:
        data = self.raw.recv(65536)
        if not data:
            raise ConnectionError("the client is gone")
        self.unread += data

    def next_frame(self) -> bytes:
        """Return the next data frame of the client; b"" once it closed."""
        while True:
            frame = unmasked(self.unread)
            if frame is None:
                self._more()
                continue
            opcode, payload, size = frame
            self.unread = self.unread[size:]
            if opcode == messages.CLOSE:
                self.left = True
                return b""
            if opcode in (messages.TEXT, messages.BINARY):
                return payload

    def attend(self) -> None:
        """Answer what the client sent meanwhile (its pings), if anything."""
        while not self.left and (unmasked(self.unread) or select.select([self.raw], [], [], 0)[0]):
            text = self.next_frame()
            if (answer := messages.answer(text)) is not None:
                self.raw.sendall(answer)


def unmasked(data: bytes) -> tuple[int, bytes, int] | None:
    """Return the opcode, the payload and the whole size of a client's frame; None while it is not whole."""
    if len(data) < 6:
        return None
    size, start = data[1] & 0x7F, 2
    if size == 126:
        size, start = int.from_bytes(data[2:4], "big"), 4
    elif size == 127:
        size, start = int.from_bytes(data[2:10], "big"), 10
    end = start + 4 + size
    if len(data) < end:
        return None
    key = data[start : start + 4] * (size // 4 + 1)
    plain = int.from_bytes(data[start + 4 : end], "big") ^ int.from_bytes(key[:size], "big")
    return data[0] & 0x0F, plain.to_bytes(size, "big"), end


def conversation(client: Client, accepted_ns: int) -> dict[str, Any]:
    """Serve one connection; return its report."""
    kind, wanted = client.request()
    count = int(wanted.get("n", "1000"))
    frames, whole = block(kind, int(wanted.get("ping", "0")), int(wanted.get("fragment", "0")))
    report: dict[str, Any] = {"id": wanted.get("id"), "accepted_ns": accepted_ns, "upgraded_ns": time.monotonic_ns()}
    if wanted.get("wait") == "1":
        first = client.next_frame()
        report["first_frame_ns"] = time.monotonic_ns()
        if (answer := messages.answer(first)) is not None:
            client.raw.sendall(answer)
    report["began_ns"] = time.monotonic_ns()
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        if "rate" in wanted:
            paced(client, frames, count, float(wanted["rate"]))
        elif wanted.get("numbered") == "1":
            for start in range(0, count, NUMBERED_AT_ONCE):
                client.raw.sendall(b"".join(messages.numbered(start, min(start + NUMBERED_AT_ONCE, count))))
                client.attend()
        else:
            for _ in range(count // len(frames)):
                client.raw.sendall(whole)
                client.attend()
            client.raw.sendall(b"".join(frames[: count % len(frames)]))
        report["sent_ns"] = time.monotonic_ns()
        if wanted.get("close") != "0":
            client.raw.sendall(GOODBYE)
        with contextlib.suppress(OSError):
            while not client.left:  # closing over unread bytes would reset the connection and lose its end
                client.next_frame()
    report["ended_ns"] = time.monotonic_ns()
    return report


def paced(client: Client, frames: list[bytes], count: int, rate: float) -> None:
    began = time.monotonic()
    for number in range(count):
        if (early := began + number / rate - time.monotonic()) > 0:
            time.sleep(early)
        client.raw.sendall(frames[number % len(frames)])
        client.attend()


def certificate(folder: Path) -> tuple[Path, Path]:
    """Return a certificate for the loopback and its key, made for this run by openssl."""
    made, key = folder / "loopback.pem", folder / "loopback.key"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    files = ["-keyout", str(key), "-out", str(made)]
    subprocess.run(["openssl", "req", "-x509", *curve, *subject, *files], check=True, capture_output=True)
    return made, key


def serve(listener: socket.socket, context: ssl.SSLContext | None) -> None:
    """Accept for ever, each connection in a thread of its own."""
    speaking = threading.Lock()

    def one(raw: socket.socket, accepted_ns: int) -> None:
        try:
            raw.settimeout(120)
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with context.wrap_socket(raw, server_side=True) if context else raw as open_socket:
                report = conversation(Client(open_socket), accepted_ns)
        except (OSError, ValueError, KeyError) as error:
            report = {"error": repr(error)}
        with speaking:
            print(json.dumps(report), flush=True)

    while True:
        raw, _ = listener.accept()
        threading.Thread(target=one, args=(raw, time.monotonic_ns()), daemon=True).start()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tls", action="store_true")
    options = parser.parse_args()
    for kind in messages.KINDS:
        block(kind, 0, 0)
    threading.Thread(
        target=lambda: sys.stdin.buffer.read() or os._exit(0), daemon=True
    ).start()  # ends with its starter
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", options.port)) as listener:
        ready: dict[str, Any] = {"port": listener.getsockname()[1]}
        context = None
        if options.tls:
            made, key = certificate(Path(folder))
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(made, key)
            ready["certificate"] = str(made)
        print(json.dumps(ready), flush=True)
        serve(listener, context)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
