"""A socket to a venue: handshake, frames in batches, frames out, an honest close. The one `import websocket`.

websocket-client does the handshake; the way there (`reach`), the reading (`framing`) and the frames are ours.
Nothing here knows what a message means. Never blocks but in `connect`, `send` and `http`.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import urlsplit

from wscli import __version__
from wscli.dialect import Endpoint
from wscli.errors import ConnectionFailed, ConnectionLost
from wscli.framing import BINARY, CLOSE, PING, PONG, TEXT, Frames, ProtocolError, close_of
from wscli.handshake import Answered, Witness
from wscli.model import HttpReply, HttpRequest, Secret
from wscli.reach import Deadline, Reach, cause, open_socket, printable, too_late, urlsplit_checked, watched

READ_SIZE = WRITE_SIZE = 65_536
_STATUSES = frozenset(HTTPStatus)
SEND_TIMEOUT_S = 10.0
HTTP_BODY_LIMIT = 65_536
REDIRECTED = "wscli follows no redirect: use that URL with --url"


class Batch:
    """What one reading gave: runs of frames as (binary, payloads), all read at `ns`; `closed` when the peer is gone, and why.

    full: there was as much as one reading takes, so that there is likely more. pongs: how many came.
    """

    __slots__ = ("closed", "full", "ns", "pongs", "runs")  # written out: one is made for every message that comes alone

    def __init__(
        self,
        runs: Sequence[tuple[bool, list[bytes]]],
        ns: int,
        closed: ConnectionLost | None = None,
        full: bool = False,
        pongs: int = 0,
    ) -> None:
        self.runs, self.ns, self.closed, self.full, self.pongs = runs, ns, closed, full, pongs


class PeerClosed(ConnectionLost):
    """The peer sent a close frame; 1005 is the code of one that carries none."""

    def __init__(self, host: str, code: int, reason: str) -> None:
        words = f": {printable(reason)}" if reason else ""
        super().__init__(f"{host} closed the connection ({code}){words}")
        self.retryable = code not in (1003, 1008, 1010)  # what was said or wanted is not accepted: nor will it be
        self.code = code


class Transport(Protocol):
    """What a session needs of a socket.

    send: whole, or ConnectionLost. post: queued, and sent as there is room, by `flush`; `unsent` bytes are left.
    subprotocol: the one that the peer chose.
    """

    subprotocol: str | None

    @property
    def unsent(self) -> int: ...
    def fileno(self) -> int: ...
    def read(self) -> Batch: ...
    def waiting(self) -> bool: ...
    def send(self, text: str) -> None: ...
    def post(self, payloads: Sequence[bytes], *, binary: bool = False) -> None: ...
    def ping(self) -> None: ...
    def flush(self) -> None: ...
    def close(self, seconds: float) -> Iterator[Batch]: ...


# --- connecting ----------------------------------------------------------------------------------


def connect(endpoint: Endpoint, reach: Reach) -> Transport:
    """Return an open WebSocket. Raises ConnectionFailed with the cause in a line, UsageError for a URL that is none."""
    import websocket  # lazily: --help and --dry-run do without

    parts = urlsplit_checked(endpoint.url)
    deadline = Deadline(reach.timeout_s)
    raw = open_socket(parts, endpoint, reach, deadline)
    library = websocket.WebSocket(skip_utf8_validation=True)
    given = {name.lower(): value for name, value in reach.headers}
    headers = [f"{name}: {value}" for name, value in reach.headers if name.lower() != "host"]
    if "user-agent" not in given:
        headers.append(f"User-Agent: wscli/{__version__}")
    if reach.subprotocols:  # as a header: the library refuses a peer that chooses none, which it may
        headers.append(f"Sec-WebSocket-Protocol: {', '.join(reach.subprotocols)}")
    if reach.origin is not None:
        headers.append(f"Origin: {reach.origin}")
    witness = Witness(raw)
    try:
        with watched(raw, deadline):
            raw.settimeout(deadline.left())
            library.connect(  # type: ignore[no-untyped-call]
                endpoint.url,
                socket=witness,
                header=headers,
                host=given.get("host"),
                redirect_limit=0,
                suppress_origin=True,
            )
    except Answered as answer:
        raw.close()
        raise _refused(endpoint, answer) from answer
    except (websocket.WebSocketException, OSError, ValueError) as error:
        raw.close()
        if deadline.passed():
            raise too_late(endpoint, deadline, "no WebSocket handshake") from error
        raise ConnectionFailed(
            f"{parts.hostname} does not speak WebSocket at {parts.path or '/'}: {cause(error)}",
            "is the URL right, and is it ws:// or wss://?",
            retryable=isinstance(error, OSError | websocket.WebSocketConnectionClosedException),
        ) from error
    except BaseException:
        raw.close()
        raise
    if not witness.accepted():
        raw.close()
        raise ConnectionFailed(
            f"{parts.hostname} answered the handshake with a wrong key", "it is no WebSocket", retryable=False
        )
    return WebSocketTransport(raw, parts.hostname or "", _agreed(raw, parts.hostname, library, reach))


def _agreed(raw: socket.socket, host: str | None, library: Any, reach: Reach) -> str | None:
    """Return the subprotocol that the peer chose. Raises ConnectionFailed for one that was not offered."""
    chosen: str | None = library.handshake_response.headers.get("sec-websocket-protocol")
    if chosen is not None and chosen not in reach.subprotocols:
        raw.close()
        offered = " ".join(reach.subprotocols) or "nothing"
        raise ConnectionFailed(
            f"{host} chose the subprotocol {printable(chosen)[:100]!r}, which was not offered",
            f"offered was {offered}: see --subprotocol",
            retryable=False,
        )
    return chosen


def _refused(endpoint: Endpoint, answer: Answered) -> ConnectionFailed:
    host, status, headers = urlsplit(endpoint.url).hostname, answer.status, answer.headers
    if 300 <= status < 400 and "location" in headers:
        return ConnectionFailed(
            f"{host} redirects to {printable(headers['location'])[:300]}",
            REDIRECTED,
            retryable=False,
        )
    wait = headers.get("retry-after", "")
    words = printable(" ".join(re.sub(r"<[^>]*>", " ", answer.body.decode("utf-8", "replace")).split()))[:200]
    said = f"{host} refused the WebSocket: HTTP {status} {HTTPStatus(status).phrase if status in _STATUSES else ''}".strip()
    return ConnectionFailed(
        f"{said}: {words}" if words else said,
        f"it asks to be left alone for {wait} s" if wait.isdecimal() else "is the URL right?",
        retryable=status in (408, 425, 429) or status >= 500,
        retry_after_s=float(wait) if wait.isdecimal() and len(wait) < 6 else 0.0,
    )


# --- a connection --------------------------------------------------------------------------------


class WebSocketTransport:
    """An open WebSocket on a socket that never blocks a reader."""

    def __init__(self, raw: socket.socket, host: str, subprotocol: str | None = None) -> None:
        self._raw = raw
        self._host = host
        self._frames = Frames()
        self._gone: ConnectionLost | None = None
        self._broken: ConnectionLost | None = None  # nothing goes out any more; what has come is still read
        self._out = bytearray()  # posted, or the rest of a frame: what the socket had no room for
        self.code = 1006  # of the peer's close frame, once there was one
        self.subprotocol = subprotocol
        raw.setblocking(False)

    def fileno(self) -> int:
        return self._raw.fileno()

    def waiting(self) -> bool:
        """Say whether there is something to read that `select` cannot see."""
        if self._frames.broken or self._broken is not None:
            return True
        return isinstance(self._raw, ssl.SSLSocket) and self._raw.pending() > 0

    def read(self) -> Batch:
        """Return what has arrived, perhaps nothing. Pings are answered; a close is answered and told in `closed`."""
        if self._gone is not None:
            return Batch((), time.time_ns(), self._gone)
        try:
            data = self._raw.recv(READ_SIZE) if not self._frames.broken else b""
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            self._gone = self._broken
            return Batch((), time.time_ns(), self._gone)
        except OSError as error:
            self._gone = self._broke(error)
            return Batch((), time.time_ns(), self._gone)
        ns = time.time_ns()
        if not data and not self._frames.broken:
            self._gone = ConnectionLost(f"{self._host} dropped the connection without a word (1006)")
            return Batch((), ns, self._gone)
        return self._sorted(data, ns)

    def _broke(self, error: OSError) -> ConnectionLost:
        return ConnectionLost(f"{self._host}: the connection broke: {cause(error)}")

    def _sorted(self, data: bytes, ns: int) -> Batch:
        runs: list[tuple[bool, list[bytes]]] = []
        pongs = 0
        try:
            for opcode, payloads in self._frames.feed(data):
                if opcode in (TEXT, BINARY):
                    runs.append((opcode == BINARY, payloads))
                elif opcode == PING:
                    for payload in payloads:
                        self._echo(PONG, payload)
                elif opcode == PONG:
                    pongs += len(payloads)
                elif opcode == CLOSE:
                    self._closed(payloads[0])
                    break
        except ProtocolError as error:
            self._gone = error
            error.message = f"{self._host} sent {error.message}"
            self._farewell(error.code)
        return Batch(runs, ns, self._gone, len(data) == READ_SIZE, pongs)

    def _closed(self, payload: bytes) -> None:
        self.code, reason = close_of(payload)
        self._gone = PeerClosed(self._host, self.code, reason)
        self._echo(CLOSE, payload[:2])

    # --- out

    @property
    def unsent(self) -> int:
        """Bytes that were posted and are not sent yet."""
        return len(self._out)

    def send(self, text: str) -> None:
        """Send a text frame, whole or not at all: raises ConnectionLost, after which the connection is not used."""
        self._send(TEXT, text.encode())

    def post(self, payloads: Sequence[bytes], *, binary: bool = False) -> None:
        """Send messages as the peer takes them, never waiting for it: `flush` sends what is left."""
        self._out += frames(BINARY if binary else TEXT, payloads)
        self.flush()

    def ping(self) -> None:
        """Send a protocol ping; the pong is counted in a Batch."""
        self._out += frames(PING, (b"",))
        self.flush()

    def flush(self) -> None:
        """Send as much of what was posted as there is room for. A failure is told by the reading, after the last words."""
        while self._out:
            try:
                sent = self._raw.send(self._out[:WRITE_SIZE])
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                return
            except OSError as error:
                self._broken = self._broke(error)
                self._out.clear()
                return
            del self._out[:sent]

    def _send(self, opcode: int, payload: bytes) -> None:
        if self._broken is not None:
            raise self._broken
        data = memoryview(bytes(self._out) + frames(opcode, (payload,)))
        self._out.clear()
        end = time.monotonic() + SEND_TIMEOUT_S
        while data:
            try:
                data = data[self._raw.send(data) :]
                continue
            except (BlockingIOError, ssl.SSLWantWriteError):
                reading, writing = [], [self._raw]
            except ssl.SSLWantReadError:
                reading, writing = [self._raw], []
            except OSError as error:
                self._broken = self._broke(error)
                raise self._broken from error
            if time.monotonic() >= end:
                self._broken = ConnectionLost(
                    f"{self._host} takes no more data: nothing was read for {SEND_TIMEOUT_S:g} s"
                )
                raise self._broken
            select.select(reading, writing, [], 0.25)

    def _echo(self, opcode: int, payload: bytes) -> None:
        """Answer a control frame. Where the peer is gone its last words are still read; the next reading tells the loss."""
        if self._out:  # it takes its turn: a peer that does not read is not waited for
            self._out += frames(opcode, (payload,))
            self.flush()
            return
        told = self._gone
        try:
            self._send(opcode, payload)
        except ConnectionLost:
            self._gone = told

    def _farewell(self, code: int) -> None:
        self._out += frames(CLOSE, (code.to_bytes(2, "big"),))
        self.flush()

    def close(self, seconds: float) -> Iterator[Batch]:
        """Say goodbye, yield what still arrives until the peer's close, its end, or the deadline; then shut."""
        try:
            if self._gone is None:
                self._farewell(1000)
                end = time.monotonic() + seconds
                while self._gone is None and (left := end - time.monotonic()) > 0:
                    if not self.waiting():
                        select.select([self._raw], [self._raw] if self._out else [], [], left)
                    self.flush()
                    batch = self.read()
                    if batch.runs:
                        yield batch
        finally:
            with contextlib.suppress(OSError):
                self._raw.close()


def frames(opcode: int, payloads: Sequence[bytes]) -> bytes:
    """Return each payload as one masked frame: the library's take five times as long."""
    keys = os.urandom(4 * len(payloads))
    made: list[bytes] = []
    for at, payload in enumerate(payloads):
        size, key = len(payload), keys[4 * at : 4 * at + 4]
        if size < 126:
            head = bytes((0x80 | opcode, 0x80 | size))
        elif size < 65_536:
            head = bytes((0x80 | opcode, 0xFE)) + size.to_bytes(2, "big")
        else:
            head = bytes((0x80 | opcode, 0xFF)) + size.to_bytes(8, "big")
        mask = (key * (size // 4 + 1))[:size]
        masked = int.from_bytes(payload, "little") ^ int.from_bytes(mask, "little")
        made += (head, key, masked.to_bytes(size, "little"))
    return b"".join(made)


# --- the HTTP part of a login --------------------------------------------------------------------


def http(request: HttpRequest, endpoint: Endpoint, reach: Reach) -> HttpReply:
    """Return the reply to one request, under the same TLS, proxy and deadline as the sockets. Raises ConnectionFailed."""
    import http.client

    parts = urlsplit(request.url)
    deadline = Deadline(reach.timeout_s)
    raw = open_socket(parts, endpoint, reach, deadline)
    client = http.client.HTTPConnection(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
    client.sock = raw
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        with watched(raw, deadline):
            client.putrequest(request.method, target, skip_accept_encoding=True)
            for name, value in request.headers.items():
                client.putheader(name, value.reveal() if isinstance(value, Secret) else value)
            client.putheader("Content-Length", str(len(request.body)))
            client.endheaders(request.body or None)
            reply = client.getresponse()
            return HttpReply(reply.status, dict(reply.getheaders()), reply.read(HTTP_BODY_LIMIT))
    except (http.client.HTTPException, OSError) as error:
        raise ConnectionFailed(f"{request.method} {request.url} failed: {cause(error)}") from error
    finally:
        client.close()
