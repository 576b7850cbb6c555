"""URLs as a user types them, and as they are used: in ASCII, with a small scheme, the host's name as A-labels.

Everything that goes to a peer is taken from here: `authority` stands in Host and CONNECT, `host_of` is the name for TLS,
`host_to_resolve` what is resolved. Pure; the tables for names in other alphabets are imported when a name needs them.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urlsplit

from wscli.core.errors import UsageError, printable

URL_HINT = "a WebSocket URL looks like wss://host/path"
_ASCII = "".join(map(chr, range(33, 127)))  # what is ASCII stands as it was typed, a % too
_DOT = re.compile("[.\u3002\uff0e\uff61]")
_ZONE = re.compile(r"[A-Za-z0-9._~-]+")
_WS_SCHEMES = {"http": "ws", "https": "wss"}
_DEFAULT_PORTS = {"ws": 80, "http": 80, "wss": 443, "https": 443}


def websocket_url(typed: str) -> str:
    """Return a ws:// or wss:// URL in the form in which it is used. Raises UsageError for what is none.

    >>> websocket_url("WSS://Bücher.example:443/größe?q=ü")
    'wss://xn--bcher-kva.example:443/gr%C3%B6%C3%9Fe?q=%C3%BC'
    >>> websocket_url("ws://[FE80::1%25eth0]:80")
    'ws://[fe80::1%25eth0]:80'
    """
    if any(ord(c) <= 32 for c in typed) or not typed.isprintable():
        raise UsageError(f"not a WebSocket URL: {typed!r}", f"{URL_HINT}; %20 stands for a space")
    try:
        parts = urlsplit(typed)
        port = parts.port
    except ValueError as error:
        raise _url_error(typed, error) from None
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            "wscli does not use a URL that contains a user or a password",
            "put a line like 'Authorization: Basic …' in a file, and send it with -H @FILE",
        )
    if parts.scheme not in ("ws", "wss") or not parts.hostname or port == 0:
        meant = as_websocket_url(typed)
        raise UsageError(f"not a WebSocket URL: {typed!r}", f"did you mean {meant}?" if meant != typed else URL_HINT)
    if "#" in typed:
        raise UsageError("a WebSocket URL has no fragment (#…)", f"%23 stands for a #: {typed.replace('#', '%23')}")
    host = _ipv6_address(parts.hostname) if "[" in parts.netloc else ascii_host(parts.hostname)
    where = f"[{host.replace('%', '%25')}]" if ":" in host else host
    where += "" if port is None else f":{port}"
    return f"{parts.scheme}://{where}{_path_and_query(typed)}"


def as_websocket_url(url: str) -> str:
    """Return an http:// or https:// URL as the WebSocket URL that may be meant; another one as it is.

    >>> as_websocket_url("HTTPS://a.example/x"), as_websocket_url("ws://a.example")
    ('wss://a.example/x', 'ws://a.example')
    """
    scheme, _, rest = url.partition("://")
    return f"{_WS_SCHEMES[scheme.lower()]}://{rest}" if scheme.lower() in _WS_SCHEMES and rest else url


def parse_websocket_url(url: str) -> SplitResult:
    """Return the parts of a ws:// or wss:// URL in the form in which it is used. Raises UsageError."""
    return urlsplit(websocket_url(url))


def _url_error(typed: str, error: ValueError) -> UsageError:
    shown = re.sub(r"//[^/?#]*@", "//…@", typed)  # a password is not quoted
    return UsageError(f"not a URL: {shown!r}: {printable(str(error)) if shown == typed else 'no host'}", URL_HINT)


def _path_and_query(url: str) -> str:
    """Return what follows the host and port of a URL, what is not ASCII percent-encoded."""
    rest = url.partition("://")[2]
    at = re.search(r"[/?]", rest)
    return quote(rest[at.start() :], safe=_ASCII) if at is not None else ""


def ascii_host(host: str) -> str:
    """Return a host as it is used: an address, with %ZONE where it has one, or a name in ASCII. Raises UsageError.

    >>> ascii_host("Faß.example"), ascii_host("例え。テスト"), ascii_host("fe80::1%25eth0")
    ('xn--fa-hia.example', 'xn--r8jz45g.xn--zckzah', 'fe80::1%eth0')
    """
    if ":" in host:
        return _ipv6_address(host)
    if "%" in host:
        raise UsageError(f"not a host: {host!r}", "a host is written without percent signs")
    if host.isascii():
        return host.lower()
    return ".".join(_ascii_label(label, host) for label in _DOT.split(host))


def _ipv6_address(host: str) -> str:
    """Return an address of version 6. A zone is written %25eth0, or as people write it: %eth0."""
    import socket  # lazily: hardly any URL has one

    address, percent, zone = host.partition("%")
    try:
        socket.inet_pton(socket.AF_INET6, address)
    except OSError:
        raise UsageError(f"not an address: {host!r}", "ws://[::1]:8765/ has one") from None
    zone = zone.removeprefix("25")
    if percent and _ZONE.fullmatch(zone) is None:
        raise UsageError(f"not an address: {host!r}", "ws://[fe80::1%25eth0]/ names the interface eth0")
    return f"{address.lower()}%{zone}" if percent else address.lower()


def _ascii_label(label: str, host: str) -> str:
    """Return a label of a name as an A-label."""
    if label.isascii():
        return label.lower()
    import idna  # lazily: 7 ms, for names that have other letters

    try:
        return idna.encode(label, uts46=True).decode("ascii")
    except UnicodeError as error:
        raise UsageError(f"not a host: {host!r}: {printable(str(error))}", "check the spelling of the name") from None


def is_secure(parts: SplitResult) -> bool:
    return parts.scheme in ("wss", "https")


def port_of(parts: SplitResult) -> int:
    return parts.port or _DEFAULT_PORTS.get(parts.scheme, 80)


def host_to_resolve(parts: SplitResult) -> str:
    """Return what is resolved to connect: an address with its zone, or a name."""
    return (parts.hostname or "").replace("%25", "%", 1)


def host_of(parts: SplitResult) -> str:
    """Return the host as it is sent to a peer or a proxy: a zone is of this machine alone."""
    return (parts.hostname or "").partition("%")[0]


def tls_name(parts: SplitResult) -> str:
    """Return the name that a certificate must have: without the dot that may end a name."""
    return host_of(parts).rstrip(".")


def authority(parts: SplitResult, *, with_port: bool = False) -> str:
    """Return host and port as they stand in Host, and (with_port) in CONNECT; the port of the scheme is left out else.

    >>> authority(urlsplit("ws://[fe80::1%25eth0]:8765/")), authority(urlsplit("wss://a.example:443/"))
    ('[fe80::1]:8765', 'a.example')
    """
    host, port = host_of(parts), port_of(parts)
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{port}" if with_port or port != _DEFAULT_PORTS.get(parts.scheme) else host


def request_target(url: str) -> str:
    """Return what a request asks for: path and query as they stand in a URL that `websocket_url` gave.

    >>> request_target("ws://a.example/ws;v=1?x"), request_target("ws://a.example?x"), request_target("ws://a.example")
    ('/ws;v=1?x', '/?x', '/')
    """
    target = _path_and_query(url)
    return target if target.startswith("/") else f"/{target}"
