"""A socket to a venue: connecting, frames in batches, frames out, an honest close. The one `import websocket`.

websocket-client does the handshake and the masking; names, addresses, proxy and TLS are ours (one deadline over all
of it), and so is reading (`framing`). Nothing here knows what a message means. Never blocks but in `connect`, `send`.
"""

from __future__ import annotations

import contextlib
import os
import queue
import select
import socket
import ssl
import threading
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from wscli import __version__
from wscli.dialect import Endpoint
from wscli.errors import ConnectionFailed, ConnectionLost, UsageError
from wscli.framing import BINARY, CLOSE, PING, PONG, TEXT, Frames, ProtocolError, close_of
from wscli.model import HttpReply, HttpRequest, Secret

READ_SIZE = 65_536
SEND_TIMEOUT_S = 10.0
HTTP_BODY_LIMIT = 65_536


@dataclass(frozen=True, slots=True)
class Reach:
    """How to get there: the flags that concern the network. timeout_s is one deadline for the whole connecting."""

    timeout_s: float = 10.0
    headers: tuple[tuple[str, str], ...] = ()
    proxy: str | None = None
    cacert: str | None = None
    insecure: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """What one reading gave: frames as (data, binary), all read at `ns`; `closed` when the peer is gone, and why."""

    frames: tuple[tuple[bytes, bool], ...]
    ns: int
    closed: ConnectionLost | None = None


class Transport(Protocol):
    """What a session needs of a socket."""

    def fileno(self) -> int: ...
    def read(self) -> Batch: ...
    def waiting(self) -> bool: ...
    def send(self, text: str) -> None: ...
    def close(self, seconds: float) -> Iterator[Batch]: ...


# --- connecting ----------------------------------------------------------------------------------


class Deadline:
    """One span of time shared by all that must happen in it."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        return max(self._end - time.monotonic(), 0.001)

    def passed(self) -> bool:
        return time.monotonic() >= self._end


def connect(endpoint: Endpoint, reach: Reach) -> Transport:
    """Return an open WebSocket. Raises ConnectionFailed with the cause in a line, UsageError for a URL that is none."""
    import websocket  # lazily: --help and --dry-run do without

    parts = urlsplit_checked(endpoint.url)
    deadline = Deadline(reach.timeout_s)
    raw = _open(parts, endpoint, reach, deadline)
    library = websocket.WebSocket(skip_utf8_validation=True)
    headers = [f"{name}: {value}" for name, value in reach.headers]
    if not any(name.lower() == "user-agent" for name, _ in reach.headers):
        headers.append(f"User-Agent: wscli/{__version__}")
    try:
        with _watched(raw, deadline):
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
            raise _too_late(endpoint, deadline, "no WebSocket handshake") from error
        raise ConnectionFailed(
            f"{parts.hostname} does not speak WebSocket at {parts.path or '/'}: {_cause(error)}"
        ) from error
    return WebSocketTransport(raw, parts.hostname or "")


def urlsplit_checked(url: str) -> SplitResult:
    """Return the parts of a ws:// or wss:// URL. Raises UsageError."""
    try:
        parts = urlsplit(url)
        port_ok = parts.port is None or 0 < parts.port < 65536
    except ValueError as error:
        raise UsageError(f"not a URL: {url!r}: {error}") from None
    if parts.scheme not in ("ws", "wss") or not parts.hostname or not port_ok or any(ord(c) <= 32 for c in url):
        raise UsageError(f"not a WebSocket URL: {url!r}", "it looks like wss://host/path")
    return parts


def _open(parts: SplitResult, endpoint: Endpoint, reach: Reach, deadline: Deadline) -> socket.socket:
    host, secure = parts.hostname or "", parts.scheme in ("wss", "https")
    port = parts.port or (443 if secure else 80)
    proxy = proxy_for(parts, endpoint, reach)
    try:
        if proxy is None:
            raw = _tcp(host, port, deadline)
        else:
            raw = _tcp(proxy.hostname or "", proxy.port or 8080, deadline, what="the proxy ")
            with _watched(raw, deadline):
                _tunnel(raw, proxy, host, port, deadline)
        if not secure:
            return raw
        with _watched(raw, deadline):
            raw.settimeout(deadline.left())
            return _context(reach).wrap_socket(raw, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        store = reach.cacert or ssl.get_default_verify_paths().cafile or "the system's certificates"
        raise ConnectionFailed(
            f"TLS: {host}: {error.verify_message}", f"checked against {store}; see --cacert and --insecure"
        ) from error
    except ssl.SSLError as error:
        raise ConnectionFailed(f"TLS with {host} failed: {_cause(error)}") from error
    except OSError as error:
        if deadline.passed():
            raise _too_late(endpoint, deadline, "no connection") from error
        raise ConnectionFailed(
            f"cannot connect to {host}:{port}: {_cause(error)}", "is the network there? --sim needs none"
        ) from error


def proxy_for(parts: SplitResult, endpoint: Endpoint, reach: Reach) -> SplitResult | None:
    """Return the proxy to use: the flag, else the environment; never for loopback or where the endpoint says never."""
    host = (parts.hostname or "").lower()
    if endpoint.proxy == "never" or host in ("localhost", "::1") or host.startswith("127."):
        return None
    named = reach.proxy
    if named is None:
        named = _proxy_of_environment(host, secure=parts.scheme in ("wss", "https"))
    if not named:
        return None
    proxy = urlsplit(named if "://" in named else f"http://{named}")
    if proxy.scheme != "http" or not proxy.hostname:
        raise UsageError(f"--proxy takes http://host:port (got the scheme {proxy.scheme!r})")
    return proxy


def _proxy_of_environment(host: str, *, secure: bool) -> str | None:
    """Return what https_proxy (http_proxy for ws://) says, unless no_proxy names the host or a domain it is in."""
    for name in ("no_proxy", "NO_PROXY"):
        for entry in os.environ.get(name, "").split(","):
            domain = entry.strip().lstrip(".").lower()
            if domain == "*" or (domain and (host == domain or host.endswith("." + domain))):
                return None
    # HTTP_PROXY in capitals is a CGI header's name, and is not read (as curl does it)
    names = ("https_proxy", "HTTPS_PROXY") if secure else ("http_proxy",)
    return next((value for name in names if (value := os.environ.get(name))), None)


def _tcp(host: str, port: int, deadline: Deadline, what: str = "") -> socket.socket:
    """Return a TCP connection to the first address that answers, each given a fair share of the time left."""
    addresses = _resolved(host, port, deadline, what)
    failure: OSError | None = None
    for at, (family, kind, protocol, _, address) in enumerate(addresses):
        raw = socket.socket(family, kind, protocol)
        raw.settimeout(max(deadline.left() / (len(addresses) - at), 0.01))
        try:
            raw.connect(address)
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return raw
        except OSError as error:
            raw.close()
            failure = error
        except BaseException:
            raw.close()
            raise
    raise failure or OSError(f"no address for {host}")


def _resolved(host: str, port: int, deadline: Deadline, what: str) -> list[tuple[Any, ...]]:
    """Return the addresses of a name. Resolving cannot be interrupted, so a thread does it, and is left behind when late."""
    answers: queue.SimpleQueue[list[tuple[Any, ...]] | OSError | UnicodeError] = queue.SimpleQueue()

    def resolve() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=resolve, daemon=True).start()
    try:
        found = answers.get(timeout=deadline.left())
    except queue.Empty:
        raise ConnectionFailed(f"the name of {what}{host} was not resolved within {deadline.seconds:g} s") from None
    if isinstance(found, list):
        return found
    raise ConnectionFailed(f"no such host: {what}{host} ({_cause(found)})", "is the network there? --sim needs none")


def _tunnel(raw: socket.socket, proxy: SplitResult, host: str, port: int, deadline: Deadline) -> None:
    """Ask an HTTP proxy for a tunnel (CONNECT). Raises ConnectionFailed with the proxy's own status line."""
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    head = f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n"
    if proxy.username is not None:
        pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
        head += f"Proxy-Authorization: Basic {b64encode(pair.encode()).decode()}\r\n"
    raw.settimeout(deadline.left())
    raw.sendall(f"{head}\r\n".encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        more = raw.recv(1)  # by the byte: what follows the head is the venue's
        if not more or len(answer) > HTTP_BODY_LIMIT:
            raise ConnectionFailed(f"the proxy {proxy.hostname} closed the connection")
        answer += more
    words = answer.split(b"\r\n", 1)[0].decode("latin-1").split(maxsplit=2)
    if len(words) < 2 or not words[1].startswith("2"):
        raise ConnectionFailed(f"the proxy {proxy.hostname} refused: {' '.join(words[1:])}")


def _context(reach: Reach) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=reach.cacert)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(f"--cacert {reach.cacert}: {_cause(error)}") from None
    if reach.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


@contextlib.contextmanager
def _watched(raw: socket.socket, deadline: Deadline) -> Iterator[None]:
    """Shut the socket down at the deadline, whatever drips through it meanwhile."""

    def shut() -> None:
        with contextlib.suppress(OSError):
            raw.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(deadline.left(), shut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _refused(endpoint: Endpoint, status: int, headers: Mapping[str, str] | None) -> ConnectionFailed:
    host = urlsplit(endpoint.url).hostname
    if 300 <= status < 400 and headers and "location" in headers:
        return ConnectionFailed(
            f"{host} redirects to {printable(headers['location'])}",
            "wscli follows no redirect: use that URL with --url",
        )
    return ConnectionFailed(f"{host} refused the WebSocket: HTTP {status}")


def _too_late(endpoint: Endpoint, deadline: Deadline, what: str) -> ConnectionFailed:
    return ConnectionFailed(
        f"{urlsplit(endpoint.url).hostname}: {what} within {deadline.seconds:g} s", "--timeout gives it longer"
    )


def _cause(error: BaseException) -> str:
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return printable(text)[:200]


def printable(text: str) -> str:
    """Return `text` without what could move a cursor."""
    return "".join(c if c.isprintable() else "?" for c in text)


# --- a connection --------------------------------------------------------------------------------


class WebSocketTransport:
    """An open WebSocket on a socket that never blocks a reader."""

    def __init__(self, raw: socket.socket, host: str) -> None:
        self._raw = raw
        self._host = host
        self._frames = Frames()
        self._gone: ConnectionLost | None = None
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
            self._gone = ConnectionLost(f"{self._host}: the connection broke: {_cause(error)}")
            return Batch((), time.time_ns(), self._gone)
        ns = time.time_ns()
        if not data and not self._frames.broken:
            self._gone = ConnectionLost(f"{self._host} dropped the connection without a word (1006)")
            return Batch((), ns, self._gone)
        return self._sorted(data, ns)

    def _sorted(self, data: bytes, ns: int) -> Batch:
        frames: list[tuple[bytes, bool]] = []
        try:
            for message in self._frames.feed(data):
                match message.opcode:
                    case int(kind) if kind in (TEXT, BINARY):
                        frames.append((message.data, kind == BINARY))
                    case int(kind) if kind == PING:
                        self._send(PONG, message.data)
                    case int(kind) if kind == CLOSE:
                        self._closed(message.data)
                        break
        except ProtocolError as error:
            self._gone = error
            error.message = f"{self._host} sent {error.message}"
            self._farewell(error.code)
        except ConnectionLost as error:  # a pong that could not be sent does not lose what was read
            self._gone = error
        return Batch(tuple(frames), ns, self._gone)

    def _closed(self, payload: bytes) -> None:
        code, reason = close_of(payload)
        words = f": {printable(reason)}" if reason else ""
        self._gone = ConnectionLost(f"{self._host} closed the connection ({code}){words}")
        with contextlib.suppress(ConnectionLost):
            self._send(CLOSE, payload[:2])

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
                self._gone = ConnectionLost(f"{self._host}: the connection broke: {_cause(error)}")
                raise self._gone from error
            if time.monotonic() >= end:
                self._gone = ConnectionLost(
                    f"{self._host} takes no more data: nothing was read for {SEND_TIMEOUT_S:g} s"
                )
                raise self._gone
            select.select(reading, writing, [], 0.25)

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
                    if batch.frames:
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
    raw = _open(parts, endpoint, reach, deadline)
    client = http.client.HTTPConnection(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
    client.sock = raw
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        with _watched(raw, deadline):
            client.putrequest(request.method, target, skip_accept_encoding=True)
            for name, value in request.headers.items():
                client.putheader(name, value.reveal() if isinstance(value, Secret) else value)
            client.putheader("Content-Length", str(len(request.body)))
            client.endheaders(request.body or None)
            reply = client.getresponse()
            return HttpReply(reply.status, dict(reply.getheaders()), reply.read(HTTP_BODY_LIMIT))
    except (http.client.HTTPException, OSError) as error:
        raise ConnectionFailed(f"{request.method} {request.url} failed: {_cause(error)}") from error
    finally:
        client.close()
