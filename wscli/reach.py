"""A way to a host: names, addresses, proxy and TLS, one deadline over all of it. No WebSocket here."""

from __future__ import annotations

import contextlib
import errno
import os
import queue
import select
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any
from urllib.parse import SplitResult, urlsplit

from wscli.dialect import Endpoint
from wscli.errors import ConnectionFailed, UsageError, cause
from wscli.proxy import BY_ADDRESS, Unreached, place, proxy_checked, proxy_of_environment, tunnel_of
from wscli.value import value

BESIDE_S = 0.25  # how long an address has for itself before the next one is tried too
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
    """Return a connection to a host, under TLS where its URL asks for it. Raises ConnectionFailed."""
    raw = tcp_to(parts, endpoint, reach, deadline)
    return secured(raw, parts, endpoint, reach, deadline) if secure(parts) else raw


def secure(parts: SplitResult) -> bool:
    return parts.scheme in ("wss", "https")


def port_of(parts: SplitResult) -> int:
    return parts.port or (443 if secure(parts) else 80)


def tcp_to(parts: SplitResult, endpoint: Endpoint, reach: Reach, deadline: Deadline) -> socket.socket:
    """Return a connection to a host, through the proxy that stands in the way. Raises ConnectionFailed."""
    host, port = parts.hostname or "", port_of(parts)
    proxy = proxy_for(parts, endpoint, reach)
    try:
        return _tcp(host, port, deadline) if proxy is None else _through(proxy, host, port, endpoint, deadline)
    except OSError as error:
        if deadline.passed():
            raise too_late(endpoint, deadline, "no connection") from error
        there = f"{host}:{port}" if proxy is None else "the proxy {}:{}".format(*place(proxy))
        raise ConnectionFailed(f"cannot connect to {there}: {cause(error)}", NO_NETWORK) from error


def secured(
    raw: socket.socket, parts: SplitResult, endpoint: Endpoint, reach: Reach, deadline: Deadline
) -> ssl.SSLSocket:
    """Return a connection under TLS. Raises ConnectionFailed, and UsageError for a certificate of ours that is none."""
    host = parts.hostname or ""
    try:
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
        raise ConnectionFailed(f"cannot connect to {host}:{port_of(parts)}: {cause(error)}", NO_NETWORK) from error


def proxy_for(parts: SplitResult, endpoint: Endpoint, reach: Reach) -> SplitResult | None:
    """Return the proxy to use: the flag, else the environment; never for loopback or where the endpoint says never."""
    host = (parts.hostname or "").lower()
    if endpoint.proxy == "never" or host in ("localhost", "::1") or host.startswith("127."):
        return None
    named = reach.proxy
    if named is None:
        named = proxy_of_environment(host, secure=parts.scheme in ("wss", "https"))
    if not named:
        return None
    return proxy_checked(named)


def _through(proxy: SplitResult, host: str, port: int, endpoint: Endpoint, deadline: Deadline) -> socket.socket:
    """Return a connection to the venue that a proxy made: by its name, or to each of its addresses in turn."""
    ask = tunnel_of(proxy)
    targets = [host]
    if proxy.scheme in BY_ADDRESS:
        kinds = (socket.AF_INET,) if proxy.scheme == "socks4" else (socket.AF_INET, socket.AF_INET6)
        targets = [address[0] for family, *_, address in resolved(host, port, deadline) if family in kinds]
    failure = ConnectionFailed(f"{host} has no address of version 4", "socks4a:// leaves the name to the proxy")
    for target in targets:
        raw = _tcp(*place(proxy), deadline, what="the proxy ")
        try:
            with watched(raw, deadline):
                raw.settimeout(deadline.left())
                ask(raw, proxy, target, port)
            return raw
        except (ConnectionFailed, OSError) as error:
            raw.close()
            if deadline.passed():  # the watch ended it, not the proxy
                raise too_late(endpoint, deadline, f"no tunnel through the proxy {proxy.hostname}") from error
            if isinstance(error, OSError):
                said = f"the proxy {proxy.hostname} broke the connection: {cause(error)}"
                raise ConnectionFailed(said, f"does it speak {proxy.scheme.upper()} on that port?") from error
            if not isinstance(error, Unreached):
                raise
            failure = error
        except BaseException:
            raw.close()
            raise
    raise failure


def _tcp(host: str, port: int, deadline: Deadline, what: str = "") -> socket.socket:
    """Return a TCP connection to the address that answers first (RFC 8305).

    Each is tried a moment after the one before it, at once where that one failed, and beside those that say nothing yet.
    """
    left = _in_turns(resolved(host, port, deadline, what))
    trying: list[socket.socket] = []
    failure: OSError = OSError(f"no address for {host}")
    try:
        while left or trying:
            if left:
                try:
                    trying.append(_begun(*left.pop(0)))
                except OSError as error:
                    failure = error
                    continue
            _, ready, _ = select.select([], trying, [], min(BESIDE_S, deadline.left()) if left else deadline.left())
            for raw in ready:
                trying.remove(raw)
                fault = raw.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if fault == 0:
                    raw.settimeout(deadline.left())
                    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    return raw
                raw.close()
                failure = OSError(fault, os.strerror(fault))
            if not ready and deadline.passed():
                raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
        raise failure
    finally:
        for raw in trying:
            raw.close()


def _begun(family: int, kind: int, protocol: int, _: str, address: Any) -> socket.socket:
    """Return a socket that is connecting. Raises OSError where that is already known to fail."""
    raw = socket.socket(family, kind, protocol)
    try:
        raw.setblocking(False)
        fault = raw.connect_ex(address)
        if fault not in (0, errno.EINPROGRESS):
            raise OSError(fault, os.strerror(fault))
        return raw
    except BaseException:
        raw.close()
        raise


def _in_turns(addresses: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return addresses with the two families in turns, for it is mostly a whole family that cannot be reached.

    >>> [a[0] for a in _in_turns([(6,), (6,), (6,), (4,)])]
    [6, 4, 6, 6]
    """
    first = [a for a in addresses if a[0] == addresses[0][0]]
    others = [a for a in addresses if a[0] != addresses[0][0]]
    return [a for pair in zip_longest(first, others) for a in pair if a is not None]


def resolved(host: str, port: int, deadline: Deadline, what: str = "") -> list[tuple[Any, ...]]:
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
