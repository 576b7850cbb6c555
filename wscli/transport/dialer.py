"""A way to a host: names, addresses, proxy, one deadline over all of it. TLS comes on top in `tls`; no WebSocket here."""

from __future__ import annotations

import contextlib
import errno
import os
import queue
import select
import socket
import threading
import time
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any
from urllib.parse import SplitResult, urlsplit

from wscli.core.dialect import Endpoint
from wscli.core.errors import ConnectionFailed, UsageError, cause
from wscli.core.jsontext import Secret
from wscli.core.record import value
from wscli.transport.proxy import BY_ADDRESS, Unreached, place, proxy_checked, proxy_of_environment, tunnel_of
from wscli.transport.urls import dialled_host, host_of, port_of, secure

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
    unix_socket: str | None = None
    sni: str | None = None
    key_passphrase: Secret | None = None


class Deadline:
    """One span of time shared by all that must happen in it."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        return max(self._end - time.monotonic(), 0.001)

    def passed(self) -> bool:
        return time.monotonic() >= self._end


def tcp_to(parts: SplitResult, endpoint: Endpoint, reach: Reach, deadline: Deadline) -> socket.socket:
    """Return a connection to a host: through the proxy that stands in the way, or the local socket that is named.

    Raises ConnectionFailed.
    """
    if reach.unix_socket is not None:
        return _local(reach.unix_socket, deadline)
    host, port = dialled_host(parts), port_of(parts)
    chosen = chosen_proxy(parts, endpoint, reach)
    try:
        if chosen is None:
            return _tcp(host, port, deadline)
        return _through(chosen[1], host_of(parts), port, endpoint, deadline)
    except OSError as error:
        if deadline.passed():
            raise too_late(endpoint, deadline, "no connection") from error
        if chosen is None:
            raise ConnectionFailed(f"cannot connect to {host}:{port}: {cause(error)}", NO_NETWORK) from error
        said = "cannot connect to the proxy {}:{}: {}".format(*place(chosen[1]), cause(error))
        raise ConnectionFailed(said, _of_proxy(chosen[0], host)) from error


def _of_proxy(name: str, host: str) -> str:
    """Return what to do about a proxy that is not there. name: what names it."""
    if name == "--proxy":
        return "does the proxy run, and on that port?"
    return f"{name} names that proxy; no_proxy={host} goes without it"


def _local(path: str, deadline: Deadline) -> socket.socket:
    """Return a connection to a local socket. Raises ConnectionFailed, UsageError for a path that is too long."""
    raw = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        raw.settimeout(deadline.left())
        raw.connect(path)
        return raw
    except OSError as error:
        raw.close()
        if "too long" in str(error):
            raise UsageError(f"--unix-socket {path}: the path is too long", "cd to its directory") from None
        raise ConnectionFailed(
            f"cannot connect to {path}: {cause(error)}", "does a server listen on that socket?"
        ) from error
    except BaseException:
        raw.close()
        raise


def chosen_proxy(parts: SplitResult, endpoint: Endpoint, reach: Reach) -> tuple[str, SplitResult] | None:
    """Return the proxy to use, after what names it: --proxy, or a variable of the environment; None where there is none.

    Never for loopback, or where the endpoint says never. Raises UsageError for a proxy that is none.
    """
    host = host_of(parts)
    if endpoint.proxy == "never" or is_loopback(host):
        return None
    if reach.proxy is not None:
        return ("--proxy", proxy_checked(reach.proxy)) if reach.proxy else None
    found = proxy_of_environment(host, port_of(parts), secure=secure(parts))
    if found is None or found.exempted_by is not None:
        return None
    try:
        return found.name, proxy_checked(found.url)
    except UsageError as error:
        raise UsageError(f"{found.name}: {error.message}", error.hint) from None


def way_in_words(parts: SplitResult, endpoint: Endpoint, reach: Reach) -> str:
    """Return which proxy is used, and what names it; or what exempts the host from the one of the environment."""
    if reach.unix_socket is not None:
        return f" through the socket {reach.unix_socket}"
    chosen = chosen_proxy(parts, endpoint, reach)
    if chosen is not None:
        return " through the proxy {}:{} ({})".format(*place(chosen[1]), chosen[0])
    if reach.proxy is None and endpoint.proxy != "never" and not is_loopback(host_of(parts)):
        found = proxy_of_environment(host_of(parts), port_of(parts), secure=secure(parts))
        if found is not None:
            return f" without the proxy of {found.name} ({found.exempted_by} names the host)"
    return ""


def is_loopback(host: str) -> bool:
    return host.rstrip(".") in ("localhost", "::1") or host.startswith("127.")


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


def too_late(
    endpoint: Endpoint, deadline: Deadline, what: str, hint: str = "--timeout gives it longer"
) -> ConnectionFailed:
    return ConnectionFailed(f"{urlsplit(endpoint.url).hostname}: {what} within {deadline.seconds:g} s", hint)
