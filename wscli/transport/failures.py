"""What a failed attempt to connect means, and what helps: an HTTP answer, a proxy's, a fault of TLS. Pure.

Each returns the ConnectionFailed to raise. What a peer says is quoted without what could steer a terminal.
"""

from __future__ import annotations

import contextlib
import re
import ssl
from http import HTTPStatus
from time import gmtime, strftime
from urllib.parse import SplitResult, urljoin, urlsplit

from wscli.core.errors import ConnectionFailed, InvalidHandshake, UsageError, error_text, printable
from wscli.transport.http_head import ResponseHead
from wscli.transport.urls import authority, host_of, is_secure, request_target, websocket_url

MAX_RETRY_AFTER_S = 600.0  # that a Retry-After is followed for
NOT_A_WEBSOCKET_HINT = "check the URL, and whether it is ws:// or wss://"
_STATUSES = frozenset(HTTPStatus)
_RETRYABLE_STATUSES = (408, 425, 429)  # and all of the server's own
_HTTP_SCHEMES = {"ws": "http", "wss": "https"}
_WS_SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}


# --- an HTTP answer in place of a WebSocket ------------------------------------------------------


def handshake_rejection(
    parts: SplitResult, head: ResponseHead, body: bytes, now_s: float, *, with_login: bool = False
) -> ConnectionFailed:
    """Return what an answer to the handshake that is no 101 means. with_login: an Authorization header was sent."""
    host, status = host_of(parts), head.status
    location = head.get("location")
    if 300 <= status < 400 and location is not None:
        return _redirect_error(parts, status, location)
    wait_s = retry_after_s(head, now_s)
    message = f"{host} rejected the WebSocket handshake: HTTP {status} {_reason(head)}".rstrip()
    words = printable(" ".join(re.sub(r"<[^>]*>", " ", body.decode("utf-8", "replace")).split()))[:200]
    if status < 300:
        return InvalidHandshake(f"{message}: {words}" if words else message, _hint(parts, head, words, with_login))
    return ConnectionFailed(
        f"{message}: {words}" if words else message,
        _hint(parts, head, words, with_login) + _retry_after_note(wait_s),
        retryable=status in _RETRYABLE_STATUSES or status >= 500,
        retry_after_s=min(wait_s, MAX_RETRY_AFTER_S),
    )


def _reason(head: ResponseHead) -> str:
    """Return the phrase of a status: the standard one, else the server's own."""
    return HTTPStatus(head.status).phrase if head.status in _STATUSES else printable(head.reason)[:60]


def _hint(parts: SplitResult, head: ResponseHead, words: str, with_login: bool) -> str:
    path = parts.path or "/"
    match head.status:
        case 400 if not is_secure(parts) and "HTTPS" in words:
            return f"that port needs TLS: wss://{parts.netloc}{request_target(parts.geturl())}"
        case 400:
            return "check the URL; a header may be missing: -H @FILE sends the headers in a file"
        case 401:
            schemes = auth_schemes(head, "www-authenticate")
            asks = f"the server requires {', '.join(schemes)}" if schemes else "the server requires a login"
            if with_login:
                return f"{asks}: the Authorization header sent was not accepted"
            named = schemes[0] if schemes else "Bearer"
            return f"{asks}: put a line like 'Authorization: {named} …' in a file, and send it with -H @FILE"
        case 403:
            origin = f"-H 'Origin: {_HTTP_SCHEMES[parts.scheme]}://{authority(parts)}'"
            return (
                f"the server may require a login (-H @FILE) or an Origin ({origin}), or block your address or country"
            )
        case 404 | 405 | 410 | 501:
            return f"there is no WebSocket at {path}: check the path"
        case 407:
            return "a proxy in front of the server requires a login: -H @FILE with a Proxy-Authorization header"
        case 421:
            return "the server does not know the name in the Host header: check it"
        case 426:
            wanted = head.get("sec-websocket-version") or head.get("upgrade")
            asks = f"the server requires {printable(wanted)[:60]}" if wanted else "the server requires another protocol"
            return f"{asks}; wscli uses version 13 of the WebSocket protocol"
        case 429:
            return "too many connections or requests from this address: wait before the next one"
        case 502 | 504:
            return "a gateway cannot reach the server behind it: try again later"
        case 503:
            return "the server is overloaded, or closed for maintenance: try again later"
        case status if status >= 500:
            return "the server failed: try again later"
        case status if status < 300:
            return f"it is an HTTP server without a WebSocket at {path}: check the path"
        case _:
            return "check the URL"


def _retry_after_note(wait_s: float) -> str:
    if wait_s <= 0:
        return ""
    at_most = "; wscli waits at most ten minutes" if wait_s > MAX_RETRY_AFTER_S else ""
    return f" (the server asks to wait {wait_s:.0f} s{at_most})"


def _redirect_error(parts: SplitResult, status: int, location: str) -> ConnectionFailed:
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode()  # a header is Latin-1, and a Location often UTF-8 all the same
    message = f"{host_of(parts)} redirects to {printable(location)[:300]} (HTTP {status})"
    there = redirect_url(parts, location)
    if there is None:
        hint = "that is not a WebSocket URL: check the URL"
    else:
        bare = " (which is without TLS)" if is_secure(parts) and not there.startswith("wss:") else ""
        from wscli.core.secrets import masked_url  # lazily: most handshakes are answered with a WebSocket

        shown = masked_url(there)
        veiled = "" if shown == there else ", where *** hides a secret"
        hint = f"wscli follows no redirect; the URL to use{bare}{veiled}: {shown}"
    return ConnectionFailed(message, hint, retryable=False)


def redirect_url(parts: SplitResult, location: str) -> str | None:
    """Return the WebSocket URL that a Location means; None where it means none.

    >>> redirect_url(urlsplit("wss://a.example/x?y"), "../v2"), redirect_url(urlsplit("ws://a.example/"), "https://b.example")
    ('wss://a.example/v2', 'wss://b.example')
    """
    scheme, _, rest = parts.geturl().partition(":")
    try:
        there = urlsplit(urljoin(f"{_HTTP_SCHEMES[scheme]}:{rest}", location.partition("#")[0]))
        return websocket_url(there._replace(scheme=_WS_SCHEMES[there.scheme]).geturl())
    except (KeyError, ValueError, UsageError):
        return None


def auth_schemes(head: ResponseHead, name: str) -> list[str]:
    """Return the schemes that WWW-Authenticate or Proxy-Authenticate offer, each once.

    >>> auth_schemes(ResponseHead("", 401, "", (("a", 'Basic realm="x, y", Digest qop="auth"'), ("a", "Negotiate"))), "a")
    ['Basic', 'Digest', 'Negotiate']
    """
    values = (re.sub(r'"(?:[^"\\]|\\.)*"', '""', line) for line in head.get_all(name))
    found = (m[1] for line in values for m in re.finditer(r"(?:^|,)\s*([A-Za-z][\w-]*)(?=\s*(?:$|,)|\s+\S)", line))
    return list(dict.fromkeys(printable(scheme)[:30] for scheme in found))


def retry_after_s(head: ResponseHead, now_s: float) -> float:
    """Return how long an answer asks to be left alone: a number of seconds, or a date, by the peer's own clock; 0 for not at all.

    >>> about = (("retry-after", "Sun, 29 Nov 2026 00:01:30 GMT"), ("date", "Sun, 29 Nov 2026 00:01:00 GMT"))
    >>> retry_after_s(ResponseHead("", 503, "", about), 0.0), retry_after_s(ResponseHead("", 503, "", (("retry-after", "7"),)), 0.0)
    (30.0, 7.0)
    """
    text = (head.get("retry-after") or "").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:12])
    if not text:
        return 0.0
    until, theirs = _timestamp_s(text), _timestamp_s(head.get("date") or "")
    return 0.0 if until is None else max(until - (now_s if theirs is None else theirs), 0.0)


def _timestamp_s(date: str) -> float | None:
    from email.utils import parsedate_to_datetime  # lazily: hardly any answer has a date to be read

    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        return None


# --- a proxy's answer ----------------------------------------------------------------------------


def proxy_rejection(proxy: SplitResult, head: ResponseHead, target: str) -> ConnectionFailed:
    """Return what a proxy's answer to CONNECT means. target: the host and port that it was asked for."""
    name = f"the proxy {proxy.hostname}"
    if head.status == 0:
        return ConnectionFailed(
            f"{name} did not answer with HTTP",
            "check that it is an HTTP proxy on that port; for SOCKS use --proxy socks5h://host:port",
            retryable=False,
        )
    text = f"{head.status} {printable(head.reason or _reason(head))[:100]}".strip()
    match head.status:
        case 403:
            return ConnectionFailed(
                f"{name} does not allow {target}: {text}",
                f"change the settings of {name}, or use another one",
                retryable=False,
            )
        case 407:
            return ConnectionFailed(
                f"{name} rejected the request: {text}", _proxy_login_hint(proxy, head), retryable=False
            )
        case 502 | 503 | 504:
            return ConnectionFailed(
                f"{name} cannot reach {target}: {text}", f"check that the host exists, and that {name} can reach it"
            )
        case 400 | 404 | 405 | 501:
            return ConnectionFailed(
                f"{name} rejected the request: {text}",
                "it does not support tunnels (CONNECT): check that it is a proxy",
                retryable=False,
            )
        case _:
            return ConnectionFailed(
                f"{name} rejected the request: {text}", "this is the answer of the proxy", retryable=False
            )


def _proxy_login_hint(proxy: SplitResult, head: ResponseHead) -> str:
    offered = auth_schemes(head, "proxy-authenticate")
    if offered and "basic" not in [scheme.lower() for scheme in offered]:
        return f"the proxy offers {', '.join(offered)}; wscli supports Basic only"
    asks = f"the proxy offers {', '.join(offered)}: " if offered else ""
    if proxy.username is not None:
        return f"{asks}it rejected the user and password of the proxy's URL"
    return f"{asks}put user and password into its URL: https_proxy=http://user:password@host:port, or --proxy"


# --- TLS -----------------------------------------------------------------------------------------

_NOT_YET_VALID, _EXPIRED, _HOSTNAME_MISMATCH, _ADDRESS_MISMATCH = 9, 10, 62, 64
_CLIENT_CERTIFICATE_REASONS = (
    "CERTIFICATE_REQUIRED",
    "HANDSHAKE_FAILURE",
    "BAD_CERTIFICATE",
    "UNKNOWN_CA",
    "CERTIFICATE_UNKNOWN",
)
_NOT_TLS_REASONS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE")


def certificate_error(name: str, error: ssl.SSLCertVerificationError, store: str, now_s: float) -> ConnectionFailed:
    """Return what is wrong with a server's certificate. name: the one it must have; store: what it was checked against."""
    match error.verify_code:
        case 9 | 10:
            clock = strftime("%Y-%m-%d %H:%M", gmtime(now_s))
            must = (
                "must renew its certificate"
                if error.verify_code == _EXPIRED
                else "has a certificate that is not valid yet"
            )
            hint = f"the server {must}, unless the clock of this machine is wrong: it shows {clock} UTC"
        case 62 | 64:
            hint = f"check the name {name}; connect --sni NAME verifies for another one"
        case _:
            hint = f"verified against {store}; --cacert FILE trusts the authority in a file"
    return ConnectionFailed(
        f"TLS: {name}: {error.verify_message}", f"{hint}; --insecure skips the verification", retryable=False
    )


def tls_error(name: str, error: ssl.SSLError, *, with_client_certificate: bool = False) -> ConnectionFailed:
    """Return what a fault of the TLS handshake means. with_client_certificate: a certificate of ours was offered."""
    reason = error.reason or ""
    message = f"TLS with {name} failed: {error_text(error)}"
    if reason.endswith(_CLIENT_CERTIFICATE_REASONS):
        sure = "CERTIFICATE_REQUIRED" in reason
        if with_client_certificate:
            return ConnectionFailed(message, "the server rejected the certificate of --cert", retryable=False)
        hint = f"the server {'requires' if sure else 'may require'} a client certificate: connect --cert FILE sends one"
        return ConnectionFailed(message, hint, retryable=False)
    if reason.endswith(_NOT_TLS_REASONS):
        return ConnectionFailed(message, "check that the port uses TLS; ws:// does not")
    if "PROTOCOL" in reason:
        return ConnectionFailed(
            message, "the server supports only versions of TLS that are not safe (before 1.2)", retryable=False
        )
    if "UNRECOGNIZED_NAME" in reason:
        return ConnectionFailed(
            message, f"the server does not know {name}: connect --sni NAME sends another name", retryable=False
        )
    return ConnectionFailed(message, "check that the port uses TLS")
