"""A way to a host: names, addresses, proxy and TLS, one deadline over all of it. No WebSocket here."""

from __future__ import annotations

import contextlib
import os
import queue
import socket
import ssl
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from wscli.dialect import Endpoint
from wscli.errors import ConnectionFailed, UsageError
from wscli.value import value

PROXY_HEAD_LIMIT = 65_536
NO_NETWORK = "is the network there? --sim needs none"


@value
class Reach:
    """How to get there: the flags that concern the network. timeout_s is one deadline for the whole connecting."""

    timeout_s: float = 10.0
    headers: tuple[tuple[str, str], ...] = ()
    proxy: str | None = None
    cacert: str | None = None
    insecure: bool = False
    cert: str | None = None
    key: str | None = None
    origin: str | None = None
    subprotocols: tuple[str, ...] = ()


class Deadline:
    """One span of time shared by all that must happen in it."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        return max(self._end - time.monotonic(), 0.001)

    def passed(self) -> bool:
        return time.monotonic() >= self._end


def urlsplit_checked(url: str) -> SplitResult:
    """Return the parts of a ws:// or wss:// URL. Raises UsageError."""
    try:
        parts = urlsplit(url)
        port_ok = parts.port is None or 0 < parts.port < 65536
    except ValueError as error:
        raise UsageError(f"not a URL: {url!r}: {error}", "it looks like wss://host/path") from None
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            "a URL with a user or a password in it is not used", "send them as a header: -H 'Authorization: …'"
        )
    if parts.scheme not in ("ws", "wss") or not parts.hostname or not port_ok or any(ord(c) <= 32 for c in url):
        raise UsageError(f"not a WebSocket URL: {url!r}", "it looks like wss://host/path")
    return parts


def open_socket(parts: SplitResult, endpoint: Endpoint, reach: Reach, deadline: Deadline) -> socket.socket:
    host, secure = parts.hostname or "", parts.scheme in ("wss", "https")
    port = parts.port or (443 if secure else 80)
    proxy = proxy_for(parts, endpoint, reach)
    try:
        if proxy is None:
            raw = _tcp(host, port, deadline)
        else:
            raw = _tcp(proxy.hostname or "", proxy.port or 8080, deadline, what="the proxy ")
            with watched(raw, deadline):
                _tunnel(raw, proxy, host, port, deadline)
        if not secure:
            return raw
        with watched(raw, deadline):
            raw.settimeout(deadline.left())
            return context_of(reach).wrap_socket(raw, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        store = reach.cacert or ssl.get_default_verify_paths().cafile or "the system's certificates"
        raise ConnectionFailed(
            f"TLS: {host}: {error.verify_message}",
            f"checked against {store}; see --cacert and --insecure",
            retryable=False,
        ) from error
    except ssl.SSLError as error:
        raise ConnectionFailed(f"TLS with {host} failed: {cause(error)}", "does it speak TLS on that port?") from error
    except OSError as error:
        if deadline.passed():
            raise too_late(endpoint, deadline, "no connection") from error
        there = f"{host}:{port}" if proxy is None else f"the proxy {proxy.hostname}:{proxy.port or 8080}"
        raise ConnectionFailed(f"cannot connect to {there}: {cause(error)}", NO_NETWORK) from error


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
    return proxy_checked(named)


def proxy_checked(named: str) -> SplitResult:
    """Return the parts of an HTTP proxy's URL, which may hold a password and is not quoted. Raises UsageError."""
    try:
        proxy = urlsplit(named if "://" in named else f"http://{named}")
        if proxy.scheme == "http" and proxy.hostname and proxy.port != 0:
            return proxy
        fault = f"{proxy.scheme}://…"
    except ValueError:
        fault = "its host or its port cannot be read"
    raise UsageError(f"not an HTTP proxy: {fault}", "--proxy takes http://host:port")


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
            # as bytes where it can be: for a text Python imports its tables of other alphabets
            name = host.encode("ascii") if host.isascii() else host
            answers.put(socket.getaddrinfo(name, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=resolve, daemon=True).start()
    try:
        found = answers.get(timeout=deadline.left())
    except queue.Empty:
        raise ConnectionFailed(f"the name of {what}{host} was not resolved within {deadline.seconds:g} s") from None
    if isinstance(found, list):
        return found
    raise ConnectionFailed(f"no such host: {what}{host} ({cause(found)})", NO_NETWORK)


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
        if not more or len(answer) > PROXY_HEAD_LIMIT:
            raise ConnectionFailed(f"the proxy {proxy.hostname} closed the connection")
        answer += more
    words = answer.split(b"\r\n", 1)[0].decode("latin-1").split(maxsplit=2)
    if len(words) < 2 or not words[1].startswith("2"):
        raise ConnectionFailed(
            f"the proxy {proxy.hostname} refused: {printable(' '.join(words[1:]))}",
            "its user and password stand in the URL: --proxy http://user:password@host:port",
            retryable=False,
        )


def context_of(reach: Reach) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=reach.cacert)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(f"--cacert {reach.cacert}: {cause(error)}") from None
    if reach.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if reach.cert is not None:
        try:
            context.load_cert_chain(reach.cert, reach.key, password=_no_passphrase)
        except (OSError, ssl.SSLError, UsageError) as error:
            files = f"--cert {reach.cert}" + (f" --key {reach.key}" if reach.key is not None else "")
            said = error.message if isinstance(error, UsageError) else cause(error)
            raise UsageError(f"{files}: {said}", "a certificate and its key, both PEM, in one file or in two") from None
    return context


def _no_passphrase() -> str:
    raise UsageError("the key is encrypted")  # nothing asks for a passphrase: openssl rsa -in KEY writes it without


@contextlib.contextmanager
def watched(raw: socket.socket, deadline: Deadline) -> Iterator[None]:
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


def too_late(endpoint: Endpoint, deadline: Deadline, what: str) -> ConnectionFailed:
    return ConnectionFailed(
        f"{urlsplit(endpoint.url).hostname}: {what} within {deadline.seconds:g} s", "--timeout gives it longer"
    )


def cause(error: BaseException) -> str:
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return printable(text)[:200]


def printable(text: str) -> str:
    """Return `text` without what could move a cursor."""
    return "".join(c if c.isprintable() else "?" for c in text)
