"""Proxies: which one stands in the way, and asking it for a tunnel. HTTP (CONNECT) by ourselves, SOCKS by python-socks.

The socket to the proxy is opened, timed and closed by the caller. A proxy's user and password are never quoted.
"""

from __future__ import annotations

import os
import socket
from base64 import b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from wscli.core.errors import ConnectionFailed, UsageError, printable
from wscli.core.record import value
from wscli.transport.failures import proxy_refused
from wscli.transport.http_head import TooLong, head_of, read_head
from wscli.transport.no_proxy import exempts
from wscli.transport.urls import ascii_host

PORTS = {"http": 8080, "socks4": 1080, "socks4a": 1080, "socks5": 1080, "socks5h": 1080}
BY_ADDRESS = ("socks4", "socks5")  # these are told an address; the others a name, which they resolve themselves
TAKES = "--proxy takes http://host:port, socks5h://host:port (or socks5, socks4a, socks4)"
WHO = "its user and password stand in its URL: all_proxy={}://user:password@host:port, or --proxy"
_UNREACHED = (3, 4, 5, 6, 8)  # SOCKS 5: network, host, refused, too far, no such kind of address
_SOCKS4_NO_IDENT = (0x5C, 0x5D)


class Unreached(ConnectionFailed):
    """The proxy is well, but came to nobody at that address: another one may do."""


def proxy_checked(named: str) -> SplitResult:
    """Return the parts of a proxy's URL, which may hold a password and is not quoted. Raises UsageError."""
    try:
        proxy = urlsplit(named if "://" in named else f"http://{named}")
        if proxy.scheme in PORTS and proxy.hostname and proxy.port != 0:
            if proxy.scheme != "http":
                _check_names(proxy)
            ascii_host(proxy.hostname)
            return proxy
        fault = f"{printable(proxy.scheme)}://…"
    except ValueError:
        fault = "its host or its port cannot be read"
    raise UsageError(f"not a proxy: {fault}", TAKES)


def _check_names(proxy: SplitResult) -> None:
    """Raise UsageError for a user or password that SOCKS has no room for."""
    for what in (proxy.username, proxy.password):
        told = unquote(what or "")
        if len(told) > 255 or not told.isascii() or "\0" in told:
            raise UsageError("a SOCKS proxy's user and password are at most 255 characters of ASCII")


def place(proxy: SplitResult) -> tuple[str, int]:
    """Return the host and port of a proxy that was checked."""
    return ascii_host(proxy.hostname or ""), proxy.port or PORTS[proxy.scheme]


@value
class Named:
    """A proxy that a variable of the environment names. exempted_by: the variable that says to do without, if one does."""

    name: str
    url: str
    exempted_by: str | None


def proxy_of_environment(host: str, port: int, *, secure: bool) -> Named | None:
    """Return what https_proxy (http_proxy for ws://) names, else all_proxy; None where none of them is set."""
    # HTTP_PROXY in capitals is a CGI header's name, and is not read (as curl does it)
    names = ("https_proxy", "HTTPS_PROXY") if secure else ("http_proxy",)
    for name in (*names, "all_proxy", "ALL_PROXY"):
        if url := os.environ.get(name):
            lists = (one for one in ("no_proxy", "NO_PROXY") if exempts(os.environ.get(one, ""), host, port))
            return Named(name, url, next(lists, None))
    return None


Ask = Callable[[socket.socket, SplitResult, str, int], None]


def tunnel_of(proxy: SplitResult) -> Ask:
    """Return how such a proxy is asked for a tunnel. Raises UsageError where SOCKS is not installed."""
    if proxy.scheme == "http":
        return http_tunnel
    try:
        import python_socks  # noqa: F401 - the extra; lazily, for most need none
    except ImportError:
        raise UsageError(
            f"{proxy.scheme}:// proxies need python-socks, which is not installed",
            "pip install 'exchange-wscli[socks]'",
        ) from None
    return socks_tunnel


def http_tunnel(raw: socket.socket, proxy: SplitResult, host: str, port: int) -> None:
    """Ask an HTTP proxy for a tunnel (CONNECT). Raises ConnectionFailed with the proxy's own status line."""
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    request = f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n"
    if proxy.username is not None:
        pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
        request += f"Proxy-Authorization: Basic {b64encode(pair.encode()).decode()}\r\n"
    raw.sendall(f"{request}\r\n".encode())
    name = f"the proxy {proxy.hostname}"
    try:
        answer = read_head(raw.recv)
    except TooLong:
        raise ConnectionFailed(f"{name} answered with a head of more than 64 KiB", retryable=False) from None
    head = head_of(answer)
    if not answer.endswith((b"\r\n\r\n", b"\n\n")):
        hint = "does it speak HTTP on that port, and does it allow that host? --proxy socks5h://host:port is for SOCKS"
        raise ConnectionFailed(f"{name} closed the connection", hint)
    if not 200 <= head.status < 300:
        raise proxy_refused(proxy, head, target)


class _There:
    """What python-socks takes for the way to the proxy: the socket that is open already."""

    def __init__(self, raw: socket.socket) -> None:
        self._raw = raw

    def connect(self, **_: Any) -> socket.socket:
        return self._raw


def socks_tunnel(raw: socket.socket, proxy: SplitResult, host: str, port: int) -> None:
    """Ask a SOCKS proxy for a tunnel to a name or an address. Raises ConnectionFailed with what it says; OSError."""
    from python_socks import ProxyError, ProxyType
    from python_socks.sync import Proxy

    kind = ProxyType.SOCKS4 if proxy.scheme.startswith("socks4") else ProxyType.SOCKS5
    user, password = (unquote(part) if part is not None else None for part in (proxy.username, proxy.password))
    there: Any = _There(raw)
    # rdns: what is asked for goes to the proxy as it is, for its own resolver would not know our deadline
    asked = Proxy(kind, *place(proxy), username=user, password=password, rdns=True, forward=there)
    try:
        asked.connect(host, port)
    except UnicodeError as error:
        raise ConnectionFailed(f"no such host: {host}", retryable=False) from error
    except ProxyError as error:
        raise _refusal(proxy, host, port, error.error_code, str(error)) from error


def _refusal(proxy: SplitResult, host: str, port: int, code: int | None, words: str) -> ConnectionFailed:
    """Return what a SOCKS proxy's answer means: code is its own, where it has one."""
    name = f"the proxy {proxy.hostname}"
    old = proxy.scheme.startswith("socks4")
    if code is None and "closed" in words.lower():
        return ConnectionFailed(f"{name} closed the connection", "does it speak SOCKS on that port?")
    if code is None or (old and code in _SOCKS4_NO_IDENT):
        who = "authentication" in words.lower() or old
        return ConnectionFailed(
            f"{name} refused: {printable(words)}",
            WHO.format(proxy.scheme) if who else "does it speak SOCKS on that port?",
            retryable=False,
        )
    said = f"{name} cannot reach {host}:{port}: {printable(words)}"
    if old or code in _UNREACHED:
        return Unreached(said, "is the venue there? socks5h:// and socks4a:// leave its name to the proxy")
    return ConnectionFailed(said, "the proxy may not allow that host or port", retryable=code != 2)
