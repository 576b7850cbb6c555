"""Which connections and requests the simulator accepts: from this machine only, complete in time, not too large.

A page in a browser can send requests to 127.0.0.1, also under a name of its own that resolves there. So a request whose
Host or Origin names another machine is rejected.
"""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from wscli.simulator.contract import OutgoingHttpReply

HANDSHAKE_TIMEOUT_S = 10.0  # from the connection to the end of the request
MAX_PENDING_HANDSHAKES = 100  # connections without a complete request; one more ends the oldest
HEAD_LIMIT = 64 * 1024  # bytes
BODY_LIMIT = 64 * 1024  # bytes


class PendingHandshakes:
    """The connections without a complete request, oldest first, each with what ends it."""

    def __init__(self, limit: int = MAX_PENDING_HANDSHAKES) -> None:
        self._limit = limit
        self._aborts: dict[object, Callable[[], None]] = {}

    def __len__(self) -> int:
        return len(self._aborts)

    def add(self, connection: object, abort: Callable[[], None]) -> None:
        """Add a connection; abort the oldest one if there are too many."""
        self._aborts[connection] = abort
        if len(self._aborts) > self._limit:
            oldest = next(iter(self._aborts))
            self._aborts.pop(oldest)()

    def discard(self, connection: object) -> None:
        """Remove a connection that made its request, or is closed."""
        self._aborts.pop(connection, None)


@dataclass(frozen=True, slots=True)
class RequestHead:
    """The head of an HTTP request. path: without the query; headers: by name in lower case; body_length: bytes."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body_length: int

    @property
    def is_upgrade(self) -> bool:
        """Return whether the request opens a WebSocket."""
        return self.method == "GET" and self.headers.get("upgrade", "").lower() == "websocket"


def parsed_head(head: bytes) -> RequestHead | OutgoingHttpReply:
    """Return the head of a request, or the reply that rejects it. head: without the empty line at its end.

    >>> parsed_head(b"GET /a/?b=1 HTTP/1.1\\r\\nHost: localhost").path, parsed_head(b"GET /").status
    ('/a/', 400)
    """
    if len(head) > HEAD_LIMIT:
        return OutgoingHttpReply(431, b"bad request\n", ())
    request_line, *header_lines = head.decode("latin-1").split("\r\n")
    fields = (line.partition(":") for line in header_lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in fields}
    try:
        method, target, _ = request_line.split(" ")
        url = urlsplit(target)
        body_length = int(headers.get("content-length", "0"))
    except ValueError:
        return OutgoingHttpReply(400, b"bad request\n", ())
    rejection = http_rejection(headers)
    return rejection if rejection is not None else RequestHead(method, url.path, url.query, headers, body_length)


def http_rejection(headers: Mapping[str, str]) -> OutgoingHttpReply | None:
    """Return the rejection of a request whose Host or Origin names another machine; None for any other.

    >>> http_rejection({"host": "127.0.0.1:8080"}), http_rejection({"host": "[::1]:1", "origin": "http://localhost:3000"})
    (None, None)
    >>> http_rejection({"host": "evil.example:8080"}).status, http_rejection({"origin": "https://evil.example"}).status
    (403, 403)
    """
    if "host" in headers and not _is_loopback(f"//{headers['host']}"):
        return OutgoingHttpReply(403, b"the simulator answers to the names of this machine only: see Host\n", ())
    if "origin" in headers and not _is_loopback(headers["origin"]):
        return OutgoingHttpReply(403, b"the simulator answers pages of this machine only: see Origin\n", ())
    return None


def _is_loopback(url: str) -> bool:
    """Return whether the host of a URL is a name or an address of this machine's loopback interface."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or host.endswith(".localhost") or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
