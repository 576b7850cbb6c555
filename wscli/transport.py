"""A socket to a venue: handshake, frames in batches, frames out, an honest close. The one `import websocket`.

websocket-client does the handshake and the masking; the way there (`reach`) and the reading (`framing`) are ours.
Nothing here knows what a message means. Never blocks but in `connect`, `send` and `http`.
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol
from urllib.parse import urlsplit

from wscli import __version__
from wscli.dialect import Endpoint
from wscli.errors import ConnectionFailed, ConnectionLost
from wscli.framing import BINARY, CLOSE, PING, PONG, TEXT, Frames, ProtocolError, close_of
from wscli.model import HttpReply, HttpRequest, Secret
from wscli.reach import Deadline, Reach, cause, open_socket, printable, too_late, urlsplit_checked, watched

READ_SIZE = 65_536
_STATUSES = frozenset(HTTPStatus)
SEND_TIMEOUT_S = 10.0
HTTP_BODY_LIMIT = 65_536


@dataclass(frozen=True, slots=True)
class Batch:
    """What one reading gave: runs of frames as (binary, payloads), all read at `ns`; `closed` when the peer is gone, and why."""

    runs: Sequence[tuple[bool, list[bytes]]]
    ns: int
    closed: ConnectionLost | None = None
    full: bool = False  # there was as much as one reading takes: there is likely more


class Transport(Protocol):
    """What a session needs of a socket."""

    def fileno(self) -> int: ...
    def read(self) -> Batch: ...
    def waiting(self) -> bool: ...
    def send(self, text: str) -> None: ...
    def close(self, seconds: float) -> Iterator[Batch]: ...


# --- connecting ----------------------------------------------------------------------------------


def connect(endpoint: Endpoint, reach: Reach) -> Transport:
    """Return an open WebSocket. Raises ConnectionFailed with the cause in a line, UsageError for a URL that is none."""
    import websocket  # lazily: --help and --dry-run do without

    parts = urlsplit_checked(endpoint.url)
    deadline = Deadline(reach.timeout_s)
    raw = open_socket(parts, endpoint, reach, deadline)
    library = websocket.WebSocket(skip_utf8_validation=True)
    headers = [f"{name}: {value}" for name, value in reach.headers]
    if not any(name.lower() == "user-agent" for name, _ in reach.headers):
        headers.append(f"User-Agent: wscli/{__version__}")
    try:
        with watched(raw, deadline):
            raw.settimeout(deadline.left())
            library.connect(  # type: ignore[no-untyped-call]
                endpoint.url, socket=raw, header=headers, redirect_limit=0, suppress_origin=True
            )
    except websocket.WebSocketBadStatusException as error:
        raw.close()
        raise _refused(endpoint, error.status_code, error.resp_headers) from error
    except (websocket.WebSocketException, OSError, ValueError) as error:
        raw.close()
        answer = library.handshake_response
        if answer is not None and 300 <= answer.status < 400:
            raise _refused(endpoint, answer.status, answer.headers) from error
        if deadline.passed():
            raise too_late(endpoint, deadline, "no WebSocket handshake") from error
        raise ConnectionFailed(
            f"{parts.hostname} does not speak WebSocket at {parts.path or '/'}: {cause(error)}",
            "is the URL right?",
            retryable=isinstance(error, OSError | websocket.WebSocketConnectionClosedException),
        ) from error
    return WebSocketTransport(raw, parts.hostname or "")


def _refused(endpoint: Endpoint, status: int, headers: Mapping[str, str] | None) -> ConnectionFailed:
    host = urlsplit(endpoint.url).hostname
    if 300 <= status < 400 and headers and "location" in headers:
        return ConnectionFailed(
            f"{host} redirects to {printable(headers['location'])[:300]}",
            "wscli follows no redirect: use that URL with --url",
            retryable=False,
        )
    wait = (headers or {}).get("retry-after", "")
    return ConnectionFailed(
        f"{host} refused the WebSocket: HTTP {status} {HTTPStatus(status).phrase if status in _STATUSES else ''}".strip(),
        f"it asks to be left alone for {wait} s" if wait.isdecimal() else "is the URL right?",
        retryable=status in (408, 425, 429) or status >= 500,
        retry_after_s=float(wait) if wait.isdecimal() and len(wait) < 6 else 0.0,
    )


# --- a connection --------------------------------------------------------------------------------


class WebSocketTransport:
    """An open WebSocket on a socket that never blocks a reader."""

    def __init__(self, raw: socket.socket, host: str) -> None:
        self._raw = raw
        self._host = host
        self._frames = Frames()
        self._gone: ConnectionLost | None = None
        self.code = 1006  # of the peer's close frame, once there was one
        raw.setblocking(False)

    def fileno(self) -> int:
        return self._raw.fileno()

    def waiting(self) -> bool:
        """Say whether there is something to read that `select` cannot see."""
        return self._frames.broken or (isinstance(self._raw, ssl.SSLSocket) and self._raw.pending() > 0)

    def read(self) -> Batch:
        """Return what has arrived, perhaps nothing. Pings are answered; a close is answered and told in `closed`."""
        if self._gone is not None:
            return Batch((), time.time_ns(), self._gone)
        try:
            data = self._raw.recv(READ_SIZE) if not self._frames.broken else b""
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return Batch((), time.time_ns())
        except OSError as error:
            self._gone = ConnectionLost(f"{self._host}: the connection broke: {cause(error)}")
            return Batch((), time.time_ns(), self._gone)
        ns = time.time_ns()
        if not data and not self._frames.broken:
            self._gone = ConnectionLost(f"{self._host} dropped the connection without a word (1006)")
            return Batch((), ns, self._gone)
        return self._sorted(data, ns)

    def _sorted(self, data: bytes, ns: int) -> Batch:
        runs: list[tuple[bool, list[bytes]]] = []
        try:
            for opcode, payloads in self._frames.feed(data):
                if opcode in (TEXT, BINARY):
                    runs.append((opcode == BINARY, payloads))
                elif opcode == PING:
                    for payload in payloads:
                        self._echo(PONG, payload)
                elif opcode == CLOSE:
                    self._closed(payloads[0])
                    break
        except ProtocolError as error:
            self._gone = error
            error.message = f"{self._host} sent {error.message}"
            self._farewell(error.code)
        return Batch(runs, ns, self._gone, len(data) == READ_SIZE)

    def _closed(self, payload: bytes) -> None:
        code, reason = close_of(payload)
        words = f": {printable(reason)}" if reason else ""
        self._gone = ConnectionLost(f"{self._host} closed the connection ({code}){words}")
        self._gone.retryable = code not in (1003, 1008, 1010)  # what was said or wanted is not accepted: nor will it be
        self.code = code
        self._echo(CLOSE, payload[:2])

    def send(self, text: str) -> None:
        """Send a text frame, whole or not at all: raises ConnectionLost, after which the connection is not used."""
        self._send(TEXT, text.encode())

    def _send(self, opcode: int, payload: bytes) -> None:
        import websocket

        data = memoryview(websocket.ABNF.create_frame(payload, opcode).format())
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
                self._gone = ConnectionLost(f"{self._host}: the connection broke: {cause(error)}")
                raise self._gone from error
            if time.monotonic() >= end:
                self._gone = ConnectionLost(
                    f"{self._host} takes no more data: nothing was read for {SEND_TIMEOUT_S:g} s"
                )
                raise self._gone
            select.select(reading, writing, [], 0.25)

    def _echo(self, opcode: int, payload: bytes) -> None:
        """Answer a control frame. Where the peer is gone its last words are still read; the next reading tells the loss."""
        told = self._gone
        try:
            self._send(opcode, payload)
        except ConnectionLost:
            self._gone = told

    def _farewell(self, code: int) -> None:
        with contextlib.suppress(ConnectionLost):
            self._send(CLOSE, code.to_bytes(2, "big"))

    def close(self, seconds: float) -> Iterator[Batch]:
        """Say goodbye, yield what still arrives until the peer's close, its end, or the deadline; then shut."""
        try:
            if self._gone is None:
                self._farewell(1000)
                end = time.monotonic() + seconds
                while self._gone is None and (left := end - time.monotonic()) > 0:
                    if not self.waiting():
                        select.select([self._raw], [], [], left)
                    batch = self.read()
                    if batch.runs:
                        yield batch
        finally:
            with contextlib.suppress(OSError):
                self._raw.close()


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
