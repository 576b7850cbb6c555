"""Who may talk to the simulator: this machine alone, within a time, and not too many at once who say nothing.

A page in a browser can send requests to 127.0.0.1, also under a name of its own that resolves there. So a request whose
Host or Origin names another machine is refused.
"""

import ipaddress
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from wscli.simulator.contract import HttpReply

HANDSHAKE_S = 10.0  # for a whole request, from the connection on
HALF_OPEN_MOST = 100  # connections that have not made their request: one more, and the oldest has to go


class HalfOpen:
    """The connections whose request is not complete, oldest first; each is held with what ends it."""

    def __init__(self, most: int = HALF_OPEN_MOST) -> None:
        self._most = most
        self._waiting: dict[object, Callable[[], None]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, connection: object, end: Callable[[], None]) -> None:
        """Hold a connection; end the oldest where there are too many."""
        self._waiting[connection] = end
        if len(self._waiting) > self._most:
            oldest = next(iter(self._waiting))
            self._waiting.pop(oldest)()

    def discard(self, connection: object) -> None:
        self._waiting.pop(connection, None)


def refusal(headers: Mapping[str, str]) -> HttpReply | None:
    """Return the answer to a request that another machine's page, or name, has made; None for any other.

    >>> refusal({"host": "127.0.0.1:8080"}), refusal({"host": "[::1]:1", "origin": "http://localhost:3000"})
    (None, None)
    >>> refusal({"host": "evil.example:8080"}).status, refusal({"origin": "https://evil.example"}).status
    (403, 403)
    """
    if "host" in headers and not _is_here(f"//{headers['host']}"):
        return HttpReply(403, b"the simulator answers to the names of this machine only: see Host\n", ())
    if "origin" in headers and not _is_here(headers["origin"]):
        return HttpReply(403, b"the simulator answers pages of this machine only: see Origin\n", ())
    return None


def _is_here(url: str) -> bool:
    """Return whether a URL's host is a name or an address of this machine's loopback."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or host.endswith(".localhost") or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
