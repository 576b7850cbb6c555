"""The contract of a simulated exchange: messages and the time in, messages out, no input or output of its own.

A module defines a subclass of `SimulatedExchange` and names it `SIMULATED`; `server.py` owns the sockets and the clock.
`common.py` holds what several simulated exchanges use to write their messages.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import ClassVar

from wscli.simulator.account import USER_ID
from wscli.simulator.market import Market


@dataclass(frozen=True, slots=True)
class SimulatedCredentials:
    """The key and secret that every simulated exchange accepts. They protect nothing, but a repr hides the secret."""

    key: str
    secret: str = field(repr=False)
    user_id: int = USER_ID


def credentials_of(seed: int) -> SimulatedCredentials:
    """Return the credentials of a seed."""
    rng = Random(f"{seed}/credentials")
    return SimulatedCredentials(f"sim-key-{rng.getrandbits(64):016x}", f"sim-secret-{rng.getrandbits(128):032x}")


@dataclass(frozen=True, slots=True)
class Send:
    """A text frame (str) or a binary frame (bytes), sent `delay_ms` from now; frames keep their order.

    The default delay is a millisecond: many clients register a request only after sending it, and a reply that arrives
    within microseconds would find it unregistered.
    """

    data: str | bytes
    delay_ms: float = 1.0


@dataclass(frozen=True, slots=True)
class Close:
    """A close frame, sent after every frame queued before it."""

    code: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Drop:
    """The end of the TCP connection without a close frame (a client reports code 1006)."""


Output = Send | Close | Drop


@dataclass(frozen=True, slots=True)
class IncomingHttpRequest:
    """A plain HTTP request.

    path: without the query. query: as received, without the "?". headers: by name in lower case.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class OutgoingHttpReply:
    """An HTTP reply; the server adds Content-Length."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)


class SimulatedConnection(ABC):
    """One client's connection. Times are unix milliseconds."""

    def greet(self, now_ms: int) -> list[Output]:
        """Return what the exchange sends right after the handshake."""
        return []

    @abstractmethod
    def receive(self, data: str | bytes, now_ms: int) -> list[Output]:
        """Return the replies to a message: str from a text frame, bytes from a binary frame."""

    def tick(self, now_ms: int) -> list[Output]:
        """Return what is due now; called about every 50 ms, after the market moved, unless the client reads too slowly."""
        return []


class SimulatedExchange(ABC):
    """One API of an exchange: its facts, and a connection for each client.

    name:   as on the command line; `-api` follows where an exchange has several APIs: "bybit-v5".
    paths:  URL name -> path; the first URL name is `name`. Each is served with and without a trailing slash.
    http_paths: the paths of plain HTTP requests that `answer_http` answers.
    deflate: negotiate permessage-deflate with clients that offer it.
    protocol_ping_s: seconds between WebSocket pings; None for no pings.
    not_subscribing_pattern: found in the text of a message that subscribes to nothing, such as a ping or a login. The
        market begins to move with the first message without it.
    data_pattern: matches the start of a channel message; its group is the name of the channel.
    book_pattern: matches the start of a book message; None where there is no book (see `fault_injection.py`).
    has_checksums: some book messages carry a checksum.
    """

    name: ClassVar[str]
    paths: ClassVar[Mapping[str, str]]
    http_paths: ClassVar[tuple[str, ...]] = ()
    deflate: ClassVar[bool] = False
    protocol_ping_s: ClassVar[float | None] = None
    not_subscribing_pattern: ClassVar[re.Pattern[str]] = re.compile(
        r'"(?:op|event|method)"\s*:\s*"(?:ping|auth|authorize|time|conf|server\.(?:ping|auth|time)|bts:heartbeat)"'
    )
    data_pattern: ClassVar[re.Pattern[str] | None] = None
    book_pattern: ClassVar[re.Pattern[str] | None] = None
    has_checksums: ClassVar[bool] = False

    def __init__(self, market: Market, credentials: SimulatedCredentials) -> None:
        self.market = market
        self.credentials = credentials

    @abstractmethod
    def connect(self, path: str, now_ms: int) -> SimulatedConnection:
        """Return the connection of a client that connected to `path` (spelled as in `paths`)."""

    def answer_http(self, request: IncomingHttpRequest, now_ms: int) -> OutgoingHttpReply | None:
        """Return the reply to an HTTP request on one of `http_paths`, None for a 404."""
        return None

    def starts_market(self, data: str | bytes) -> bool:
        """Return whether the market begins to move with this message."""
        return isinstance(data, str) and self.not_subscribing_pattern.search(data) is None

    # For fault injection.

    def text_of(self, data: str | bytes) -> str | None:
        """Return the text of a frame; None for a frame without text."""
        return data if isinstance(data, str) else None

    def frame_of(self, text: str) -> str | bytes:
        """Return the frame that carries a text."""
        return text

    def channel_of(self, text: str, names_by_number: dict[str, str]) -> str | None:
        """Return the name of the channel of a message; None for a message that belongs to no channel.

        names_by_number: channel number -> name, kept from the acknowledgements by exchanges that number channels.
        """
        match = self.data_pattern.match(text) if self.data_pattern is not None else None
        return match[1] if match else None

    def crossed_messages(self, text: str) -> list[str]:
        """Return the messages to send instead of a book message so that they leave the client's book crossed."""
        return [text]

    def carries_checksum(self, text: str) -> bool:
        """Return whether a book message carries a checksum."""
        return False

    def with_wrong_checksum(self, text: str) -> str:
        """Return a book message with its checksum replaced by a wrong one."""
        return text

    def restart(self, now_ms: int) -> list[Output]:
        """Return what the exchange sends to a client when it restarts."""
        return [Close(1012, "service restart")]


class EchoConnection(SimulatedConnection):
    """Returns each message unchanged: text as text, binary as binary."""

    def receive(self, data: str | bytes, now_ms: int) -> list[Output]:
        """Return the message."""
        return [Send(data, delay_ms=0)]


class EchoExchange(SimulatedExchange):
    """The smallest exchange, for tests of framing; the server always serves it beside the others."""

    name = "echo"
    paths = {"echo": "/echo"}

    def connect(self, path: str, now_ms: int) -> SimulatedConnection:
        """Return an echoing connection."""
        return EchoConnection()
