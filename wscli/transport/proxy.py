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
from wscli.core.record import record
from wscli.transport.failures import proxy_rejection
from wscli.transport.http_head import HeadTooLarge, parse_head, read_head
from wscli.transport.no_proxy import is_exempt
from wscli.transport.urls import ascii_host

DEFAULT_PORTS = {"http": 8080, "socks4": 1080, "socks4a": 1080, "socks5": 1080, "socks5h": 1080}
RESOLVED_LOCALLY = ("socks4", "socks5")  # these get an address; the others a name, which they resolve themselves
PROXY_URL_HINT = "--proxy takes http://host:port, socks5h://host:port (or socks5, socks4a, socks4)"
PROXY_LOGIN_HINT = "put user and password into its URL: all_proxy={}://user:password@host:port, or --proxy"
_UNREACHABLE_CODES = (3, 4, 5, 6, 8)  # SOCKS 5: network, host, refused, too far, no such kind of address
_SOCKS4_NO_IDENT = (0x5C, 0x5D)


class TargetUnreachable(ConnectionFailed):
    """The proxy is well, but came to nobody at that address: another one may do."""


def parse_proxy(url: str) -> SplitResult:
    """Return the parts of a proxy's URL, which may hold a password and is not quoted. Raises UsageError."""
    try:
        proxy = urlsplit(url if "://" in url else f"http://{url}")
        if proxy.scheme in DEFAULT_PORTS and proxy.hostname and proxy.port != 0:
            if proxy.scheme != "http":
                _check_login(proxy)
            ascii_host(proxy.hostname)
            return proxy
        fault = f"{printable(proxy.scheme)}://…"
    except ValueError:
        fault = "its host or its port cannot be read"
    raise UsageError(f"not a proxy: {fault}", PROXY_URL_HINT)


def _check_login(proxy: SplitResult) -> None:
    """Raise UsageError for a user or password that SOCKS has no room for."""
    for what in (proxy.username, proxy.password):
        text = unquote(what or "")
        if len(text) > 255 or not text.isascii() or "\0" in text:
            raise UsageError("a SOCKS proxy's user and password are at most 255 characters of ASCII")


def proxy_address(proxy: SplitResult) -> tuple[str, int]:
    """Return the host and port of a proxy that was checked."""
    return ascii_host(proxy.hostname or ""), proxy.port or DEFAULT_PORTS[proxy.scheme]


@record
class EnvironmentProxy:
    """A proxy that a variable of the environment names. exempting_variable: the variable that says to do without, if one does."""

    variable: str
    url: str
    exempting_variable: str | None


def environment_proxy(host: str, port: int, *, secure: bool) -> EnvironmentProxy | None:
    """Return what https_proxy (http_proxy for ws://) names, else all_proxy; None where none of them is set."""
    # HTTP_PROXY in capitals is a CGI header's name, and is not read (as curl does it)
    names = ("https_proxy", "HTTPS_PROXY") if secure else ("http_proxy",)
    for name in (*names, "all_proxy", "ALL_PROXY"):
        if url := os.environ.get(name):
            lists = (one for one in ("no_proxy", "NO_PROXY") if is_exempt(os.environ.get(one, ""), host, port))
            return EnvironmentProxy(name, url, next(lists, None))
    return None


OpenTunnel = Callable[[socket.socket, SplitResult, str, int], None]


def tunnel_opener(proxy: SplitResult) -> OpenTunnel:
    """Return how such a proxy is asked for a tunnel. Raises UsageError where SOCKS is not installed."""
    if proxy.scheme == "http":
        return open_http_tunnel
    try:
        import python_socks  # noqa: F401 - the extra; lazily, for most need none
    except ImportError:
        raise UsageError(
            f"{proxy.scheme}:// proxies need python-socks, which is not installed",
            "pip install 'exchange-wscli[socks]'",
        ) from None
    return open_socks_tunnel


def open_http_tunnel(raw: socket.socket, proxy: SplitResult, host: str, port: int) -> None:
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
    except HeadTooLarge:
        raise ConnectionFailed(f"{name} answered with a head of more than 64 KiB", retryable=False) from None
    head = parse_head(answer)
    if not answer.endswith((b"\r\n\r\n", b"\n\n")):
        hint = "check that it is an HTTP proxy on that port, and that it allows that host; for SOCKS use --proxy socks5h://host:port"
        raise ConnectionFailed(f"{name} closed the connection", hint)
    if not 200 <= head.status < 300:
        raise proxy_rejection(proxy, head, target)


class _ConnectedProxy:
    """What python-socks takes for the way to the proxy: the socket that is open already."""

    def __init__(self, raw: socket.socket) -> None:
        self._raw = raw

    def connect(self, **_: Any) -> socket.socket:
        return self._raw


def open_socks_tunnel(raw: socket.socket, proxy: SplitResult, host: str, port: int) -> None:
    """Ask a SOCKS proxy for a tunnel to a name or an address. Raises ConnectionFailed with what it says; OSError."""
    from python_socks import ProxyError, ProxyType
    from python_socks.sync import Proxy

    kind = ProxyType.SOCKS4 if proxy.scheme.startswith("socks4") else ProxyType.SOCKS5
    user, password = (unquote(part) if part is not None else None for part in (proxy.username, proxy.password))
    there: Any = _ConnectedProxy(raw)
    # rdns: what is asked for goes to the proxy as it is, for its own resolver would not know our deadline
    request = Proxy(kind, *proxy_address(proxy), username=user, password=password, rdns=True, forward=there)
    try:
        request.connect(host, port)
    except UnicodeError as error:
        raise ConnectionFailed(f"no such host: {host}", retryable=False) from error
    except ProxyError as error:
        raise _socks_error(proxy, host, port, error.error_code, str(error)) from error


def _socks_error(proxy: SplitResult, host: str, port: int, code: int | None, words: str) -> ConnectionFailed:
    """Return what a SOCKS proxy's answer means: code is its own, where it has one."""
    name = f"the proxy {proxy.hostname}"
    old = proxy.scheme.startswith("socks4")
    if code is None and "closed" in words.lower():
        return ConnectionFailed(f"{name} closed the connection", "check that it is a SOCKS proxy on that port")
    if code is None or (old and code in _SOCKS4_NO_IDENT):
        who = "authentication" in words.lower() or old
        return ConnectionFailed(
            f"{name} rejected the request: {printable(words)}",
            PROXY_LOGIN_HINT.format(proxy.scheme) if who else "check that it is a SOCKS proxy on that port",
            retryable=False,
        )
    message = f"{name} cannot reach {host}:{port}: {printable(words)}"
    if old or code in _UNREACHABLE_CODES:
        return TargetUnreachable(
            message, "check that the host exists; with socks5h:// and socks4a:// the proxy resolves its name"
        )
    return ConnectionFailed(message, "the proxy may block that host or port", retryable=code != 2)
