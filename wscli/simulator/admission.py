"""Who may talk to the simulator: this machine alone, within a time, and not too many at once who say nothing.

A page in a browser can send requests to 127.0.0.1, also under a name of its own that resolves there. So a request whose
Host or Origin names another machine is refused.
"""

import ipaddress
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from wscli.simulator.contract import OutgoingHttpReply

HANDSHAKE_TIMEOUT_S = 10.0  # for a whole request, from the connection on
MAX_PENDING_HANDSHAKES = 100  # connections that have not made their request: one more, and the oldest has to go


class PendingHandshakes:
    """The connections whose request is not complete, oldest first; each is held with what ends it."""

    def __init__(self, limit: int = MAX_PENDING_HANDSHAKES) -> None:
        self._limit = limit
        self._waiting: dict[object, Callable[[], None]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, connection: object, abort: Callable[[], None]) -> None:
        """Hold a connection; end the oldest where there are too many."""
        self._waiting[connection] = abort
        if len(self._waiting) > self._limit:
            oldest = next(iter(self._waiting))
            self._waiting.pop(oldest)()

    def discard(self, connection: object) -> None:
        self._waiting.pop(connection, None)


def http_rejection(headers: Mapping[str, str]) -> OutgoingHttpReply | None:
    """Return the answer to a request that another machine's page, or name, has made; None for any other.

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
    """Return whether a URL's host is a name or an address of this machine's loopback."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or host.endswith(".localhost") or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
