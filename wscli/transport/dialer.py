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
from wscli.core.errors import ConnectionFailed, UsageError, error_text
from wscli.core.jsontext import Secret
from wscli.core.record import record
from wscli.transport.proxy import (
    RESOLVED_LOCALLY,
    TargetUnreachable,
    environment_proxy,
    parse_proxy,
    proxy_address,
    tunnel_opener,
)
from wscli.transport.urls import host_of, host_to_resolve, is_secure, port_of

NEXT_ADDRESS_DELAY_S = 0.25  # how long an address has for itself before the next one is tried too
NO_NETWORK_HINT = "check the network; --sim works without one"


@record
class NetworkOptions:
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

    def __init__(self, limit_s: float) -> None:
        self.limit_s = limit_s
        self._end_s = time.monotonic() + limit_s

    def left_s(self) -> float:
        return max(self._end_s - time.monotonic(), 0.001)

    def has_passed(self) -> bool:
        return time.monotonic() >= self._end_s


def connect_tcp(parts: SplitResult, endpoint: Endpoint, network: NetworkOptions, deadline: Deadline) -> socket.socket:
    """Return a connection to a host: through the proxy that stands in the way, or the local socket that is named.

    Raises ConnectionFailed.
    """
    if network.unix_socket is not None:
        return _connect_unix_socket(network.unix_socket, deadline)
    host, port = host_to_resolve(parts), port_of(parts)
    chosen = chosen_proxy(parts, endpoint, network)
    try:
        if chosen is None:
            return _connect_first_address(host, port, deadline)
        return _connect_through_proxy(chosen[1], host_of(parts), port, endpoint, deadline)
    except OSError as error:
        if deadline.has_passed():
            raise timeout_error(endpoint, deadline, "no connection") from error
        if chosen is None:
            raise ConnectionFailed(f"cannot connect to {host}:{port}: {error_text(error)}", NO_NETWORK_HINT) from error
        message = "cannot connect to the proxy {}:{}: {}".format(*proxy_address(chosen[1]), error_text(error))
        raise ConnectionFailed(message, _proxy_hint(chosen[0], host)) from error


def _proxy_hint(name: str, host: str) -> str:
    """Return what to do about a proxy that is not there. name: what names it."""
    if name == "--proxy":
        return "check that the proxy runs, and its port"
    return f"{name} sets that proxy; no_proxy={host} connects without it"


def _connect_unix_socket(path: str, deadline: Deadline) -> socket.socket:
    """Return a connection to a local socket. Raises ConnectionFailed, UsageError for a path that is too long."""
    raw = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        raw.settimeout(deadline.left_s())
        raw.connect(path)
        return raw
    except OSError as error:
        raw.close()
        if "too long" in str(error):
            raise UsageError(f"--unix-socket {path}: the path is too long", "cd to its directory") from None
        raise ConnectionFailed(
            f"cannot connect to {path}: {error_text(error)}", "check that a server listens on that socket"
        ) from error
    except BaseException:
        raw.close()
        raise


def chosen_proxy(parts: SplitResult, endpoint: Endpoint, network: NetworkOptions) -> tuple[str, SplitResult] | None:
    """Return the proxy to use, after what names it: --proxy, or a variable of the environment; None where there is none.

    Never for loopback, or where the endpoint says never. Raises UsageError for a proxy that is none.
    """
    host = host_of(parts)
    if endpoint.proxy == "never" or is_loopback(host):
        return None
    if network.proxy is not None:
        return ("--proxy", parse_proxy(network.proxy)) if network.proxy else None
    found = environment_proxy(host, port_of(parts), secure=is_secure(parts))
    if found is None or found.exempting_variable is not None:
        return None
    try:
        return found.variable, parse_proxy(found.url)
    except UsageError as error:
        raise UsageError(f"{found.variable}: {error.message}", error.hint) from None


def proxy_description(parts: SplitResult, endpoint: Endpoint, network: NetworkOptions) -> str:
    """Return which proxy is used, and what names it; or what exempts the host from the one of the environment."""
    if network.unix_socket is not None:
        return f" through the socket {network.unix_socket}"
    chosen = chosen_proxy(parts, endpoint, network)
    if chosen is not None:
        return " through the proxy {}:{} ({})".format(*proxy_address(chosen[1]), chosen[0])
    if network.proxy is None and endpoint.proxy != "never" and not is_loopback(host_of(parts)):
        found = environment_proxy(host_of(parts), port_of(parts), secure=is_secure(parts))
        if found is not None:
            return f" without the proxy of {found.variable} ({found.exempting_variable} names the host)"
    return ""


def is_loopback(host: str) -> bool:
    return host.rstrip(".") in ("localhost", "::1") or host.startswith("127.")


def _connect_through_proxy(
    proxy: SplitResult, host: str, port: int, endpoint: Endpoint, deadline: Deadline
) -> socket.socket:
    """Return a connection to the exchange that a proxy made: by its name, or to each of its addresses in turn."""
    opener = tunnel_opener(proxy)
    targets = [host]
    if proxy.scheme in RESOLVED_LOCALLY:
        kinds = (socket.AF_INET,) if proxy.scheme == "socks4" else (socket.AF_INET, socket.AF_INET6)
        targets = [address[0] for family, *_, address in resolved_addresses(host, port, deadline) if family in kinds]
    failure = ConnectionFailed(f"{host} has no IPv4 address", "with socks4a:// the proxy resolves the name")
    for target in targets:
        raw = _connect_first_address(*proxy_address(proxy), deadline, what="the proxy ")
        try:
            with shut_at_deadline(raw, deadline):
                raw.settimeout(deadline.left_s())
                opener(raw, proxy, target, port)
            return raw
        except (ConnectionFailed, OSError) as error:
            raw.close()
            if deadline.has_passed():  # the watch ended it, not the proxy
                raise timeout_error(endpoint, deadline, f"no tunnel through the proxy {proxy.hostname}") from error
            if isinstance(error, OSError):
                message = f"the proxy {proxy.hostname} dropped the connection: {error_text(error)}"
                raise ConnectionFailed(
                    message, f"check that the proxy is a {proxy.scheme.upper()} proxy on that port"
                ) from error
            if not isinstance(error, TargetUnreachable):
                raise
            failure = error
        except BaseException:
            raw.close()
            raise
    raise failure


def _connect_first_address(host: str, port: int, deadline: Deadline, what: str = "") -> socket.socket:
    """Return a TCP connection to the address that answers first (RFC 8305).

    Each is tried a moment after the one before it, at once where that one failed, and beside those that say nothing yet.
    """
    left = _alternating_families(resolved_addresses(host, port, deadline, what))
    trying: list[socket.socket] = []
    failure: OSError = OSError(f"no address for {host}")
    try:
        while left or trying:
            if left:
                try:
                    trying.append(_start_connecting(*left.pop(0)))
                except OSError as error:
                    failure = error
                    continue
            _, ready, _ = select.select(
                [], trying, [], min(NEXT_ADDRESS_DELAY_S, deadline.left_s()) if left else deadline.left_s()
            )
            for raw in ready:
                trying.remove(raw)
                fault = raw.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if fault == 0:
                    raw.settimeout(deadline.left_s())
                    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    return raw
                raw.close()
                failure = OSError(fault, os.strerror(fault))
            if not ready and deadline.has_passed():
                raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
        raise failure
    finally:
        for raw in trying:
            raw.close()


def _start_connecting(family: int, kind: int, protocol: int, _: str, address: Any) -> socket.socket:
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


def _alternating_families(addresses: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return addresses with the two families in turns, for it is mostly a whole family that cannot be reached.

    >>> [a[0] for a in _alternating_families([(6,), (6,), (6,), (4,)])]
    [6, 4, 6, 6]
    """
    first = [a for a in addresses if a[0] == addresses[0][0]]
    others = [a for a in addresses if a[0] != addresses[0][0]]
    return [a for pair in zip_longest(first, others) for a in pair if a is not None]


def resolved_addresses(host: str, port: int, deadline: Deadline, what: str = "") -> list[tuple[Any, ...]]:
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
        found = answers.get(timeout=deadline.left_s())
    except queue.Empty:
        raise ConnectionFailed(f"the name of {what}{host} was not resolved within {deadline.limit_s:g} s") from None
    if isinstance(found, list):
        return found
    raise ConnectionFailed(f"no such host: {what}{host} ({error_text(found)})", NO_NETWORK_HINT)


@contextlib.contextmanager
def shut_at_deadline(raw: socket.socket, deadline: Deadline) -> Iterator[None]:
    """Shut the socket down at the deadline, whatever drips through it meanwhile."""

    def shut() -> None:
        with contextlib.suppress(OSError):
            raw.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(deadline.left_s(), shut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def timeout_error(
    endpoint: Endpoint, deadline: Deadline, what: str, hint: str = "use a longer --timeout"
) -> ConnectionFailed:
    return ConnectionFailed(f"{urlsplit(endpoint.url).hostname}: {what} within {deadline.limit_s:g} s", hint)
