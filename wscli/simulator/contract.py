"""The contract of a simulated venue: small, pure, wire in and wires out; and what several venues need to write theirs.

A venue module defines a subclass of `Venue` and names it `VENUE`; `server.py` owns the sockets and the clock.
"""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any, ClassVar, Generic

from wscli.simulator.account import USER_ID
from wscli.simulator.market import Market
from wscli.simulator.order_book import E, Log


@dataclass(frozen=True, slots=True)
class SimulatedCredentials:
    """The simulator's own key, good at every simulated venue; not secret to anybody but kept out of a repr."""

    key: str
    secret: str = field(repr=False)
    user_id: int = USER_ID


def credentials_of(seed: int) -> SimulatedCredentials:
    """Return the credentials of a seed."""
    rng = Random(f"{seed}/credentials")
    return SimulatedCredentials(f"sim-key-{rng.getrandbits(64):016x}", f"sim-secret-{rng.getrandbits(128):032x}")


@dataclass(frozen=True, slots=True)
class Send:
    """A text frame (str) or a binary one (bytes), `delay_ms` from now; frames keep their order.

    Real clients note a request after sending it: an answer within microseconds breaks them, so wait a millisecond.
    """

    data: str | bytes
    delay_ms: float = 1.0


@dataclass(frozen=True, slots=True)
class Close:
    """A close frame, after what was sent before it."""

    code: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Drop:
    """The TCP connection is gone, without a close frame (a client sees 1006)."""


Output = Send | Close | Drop


@dataclass(frozen=True, slots=True)
class IncomingHttpRequest:
    """A plain HTTP request. path without the query; query as it came, without "?"; header names in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class OutgoingHttpReply:
    """An HTTP answer; content-length is added."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)


class SimulatedConnection(ABC):
    """One client's socket. Clocks are unix milliseconds."""

    def greet(self, now_ms: int) -> list[Output]:
        """Return what the venue says first."""
        return []

    @abstractmethod
    def receive(self, data: str | bytes, now_ms: int) -> list[Output]:
        """Return the answers to a message: str from a text frame, bytes from a binary one."""

    def tick(self, now_ms: int) -> list[Output]:
        """Return what is due; called about every 50 ms, after the market moved (not while the client is slow)."""
        return []


class SimulatedExchange(ABC):
    """One venue: its facts, and a Connection for each client.

    name:   as the command line says it; `-api` follows where an exchange has several: "bybit-v5".
    paths:  url name -> path; the first is this name. Served with and without the last slash.
    http_paths: paths of plain HTTP requests that `http` answers.
    deflate: negotiate permessage-deflate when a client offers it.
    protocol_ping_s: send a WebSocket ping so often; None for never.
    not_subscribing_pattern: how the text of a message begins, or holds, that subscribes to nothing: a ping, a login. The market
        begins to move with the first other one.
    data_pattern: how the text of a message of a channel begins; its group is the channel's name.
    book_pattern: how the text of a message of a book begins; None where there is no book to break (see `faults.py`).
    has_checksums: some of them bring a checksum.
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
        """Return the connection of a client that asked for `path` (as written in `paths`)."""

    def answer_http(self, request: IncomingHttpRequest, now_ms: int) -> OutgoingHttpReply | None:
        """Return the answer to an HTTP request on one of `http_paths`, None for a 404."""
        return None

    def starts_market(self, data: str | bytes) -> bool:
        """Return whether a message is one with which the market begins to move."""
        return isinstance(data, str) and self.not_subscribing_pattern.search(data) is None

    # What a fault needs.

    def text_of(self, data: str | bytes) -> str | None:
        """Return the text of a frame; None where it holds none."""
        return data if isinstance(data, str) else None

    def frame_of(self, text: str) -> str | bytes:
        """Return a text as the frame it goes out in."""
        return text

    def channel_of(self, text: str, names_by_number: dict[str, str]) -> str | None:
        """Return the name of the channel that a message is of; None where it is none of a channel.

        names_by_number: for a venue that calls channels by a number: what its acknowledgements said so far.
        """
        found = self.data_pattern.match(text) if self.data_pattern is not None else None
        return found[1] if found else None

    def crossed_messages(self, text: str) -> list[str]:
        """Return a message of a book, and what follows it, so that they leave the book crossed."""
        return [text]

    def carries_checksum(self, text: str) -> bool:
        """Return whether a message of a book brings a checksum."""
        return False

    def with_wrong_checksum(self, text: str) -> str:
        """Return a message with a checksum that is wrong."""
        return text

    def restart(self, now_ms: int) -> list[Output]:
        """Return how the venue restarts."""
        return [Close(1012, "service restart")]


def list_reply(request: IncomingHttpRequest, answer: object) -> OutgoingHttpReply | None:
    """Return what a public list answers: GET only."""
    return OutgoingHttpReply(200, json_text(answer).encode()) if request.method == "GET" else None


def plain_number(number: Decimal) -> str:
    """Return a number in digits, no exponent and no zeros at the end.

    >>> plain_number(Decimal("36500.10")), plain_number(Decimal("1E+2")), plain_number(Decimal("-0.00"))
    ('36500.1', '100', '0')
    """
    if abs(number.adjusted()) > 400:  # a request's number, echoed: in digits it would fill the memory
        return str(number)
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def fixed_number(number: Decimal, places: int) -> str:
    """Return a number with exactly so many decimals.

    >>> fixed_number(Decimal("0.25"), 8)
    '0.25000000'
    """
    return format(number, f".{places}f")


_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def json_text(value: object) -> str:
    """Return compact JSON text; a Decimal in it becomes a plain number with all its digits.

    >>> json_text({"price": Decimal("36500.10"), "ids": [1, None, True, "x"], "fee": Decimal("1E-7")})
    '{"price":36500.1,"ids":[1,null,true,"x"],"fee":0.0000001}'
    """
    if isinstance(value, str):
        return _json_string(value)
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, Mapping):
        return "{" + ",".join([f"{_json_string(str(key))}:{json_text(item)}" for key, item in value.items()]) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join([json_text(item) for item in value]) + "]"
    return _ENCODER.encode(value)


def _json_string(text: str) -> str:
    """Return JSON text of a string; escapes that no UTF-8 can hold (half a surrogate pair) stay escapes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(text)
    return _ENCODER.encode(text)


def parsed_json(data: str | bytes) -> object:
    """Return the JSON value of a message, fractions as Decimal. Raises ValueError for anything that is not JSON."""
    try:
        return json.loads(data, parse_float=Decimal, parse_constant=_reject_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _reject_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


class LogReader(Generic[E]):
    """A reader's place in a log (`market.log(symbol)`, `market.account.log`), from its end on."""

    def __init__(self, log: Log[E]) -> None:
        self._log = log
        self._position = log.cursor

    def read_new(self) -> list[E]:
        """Return what was logged since the last call, oldest first."""
        found = self._log.since(self._position)
        self._position = self._log.cursor
        return found

    @property
    def has_new(self) -> bool:
        """Return whether `fresh` would return something."""
        return self._log.cursor != self._position

    @property
    def has_lost(self) -> bool:
        """Return whether something was forgotten before it was read (a very slow client: send a snapshot again)."""
        return not self._log.is_complete_since(self._position)


class Cadence:
    """A cadence: due at once, then at most every so many milliseconds."""

    def __init__(self, every_ms: int) -> None:
        self._every_ms = every_ms
        self._next_ms: int | None = None

    def is_due(self, now_ms: int) -> bool:
        """Return whether it is time, and count from now when it is."""
        if self._next_ms is not None and now_ms < self._next_ms:
            return False
        behind = self._next_ms is None or now_ms - self._next_ms >= self._every_ms
        self._next_ms = now_ms + self._every_ms if behind else (self._next_ms or 0) + self._every_ms
        return True


class SilenceTimer:
    """So many milliseconds without a word: `heard` when something was said, `due` when nothing was for long enough."""

    def __init__(self, after_ms: int, now_ms: int) -> None:
        self._after_ms = after_ms
        self._last_ms = now_ms

    def restart(self, now_ms: int) -> None:
        """Begin the silence again."""
        self._last_ms = now_ms

    def is_due(self, now_ms: int) -> bool:
        """Return whether it lasted; then it begins again."""
        if now_ms - self._last_ms < self._after_ms:
            return False
        self._last_ms = now_ms
        return True


CROSSING_PRICE = "99999999"  # a bid at this price crosses any book

Levels = dict[Decimal, Decimal]


def size_by_price(rows: Iterable[tuple[Decimal, Decimal, int]]) -> Levels:
    """Return price -> size of aggregated rows, in their order."""
    return {price: size for price, size, _ in rows}


def changed_levels(before: Levels, after: Levels) -> list[tuple[Decimal, Decimal]]:
    """Return the levels that differ, with their new size; 0 for those that went.

    >>> changed_levels({Decimal(1): Decimal(5), Decimal(2): Decimal(5)}, {Decimal(2): Decimal(6)})
    [(Decimal('2'), Decimal('6')), (Decimal('1'), Decimal('0'))]
    """
    there = [(price, size) for price, size in after.items() if before.get(price) != size]
    return [*there, *((price, Decimal(0)) for price in before if price not in after)]


def with_crossing_bid(text: str, path: Sequence[str | int], key: str = "bids") -> str:
    """Return a message of a book with a bid that crosses any book, put first among those at the end of a path.

    >>> with_crossing_bid('{"data":{"bids":[["7","1"]],"asks":[]}}', ["data"])
    '{"data":{"bids":[["99999999","1"],["7","1"]],"asks":[]}}'
    """
    message = parsed_json(text)
    found: Any = message
    for step in path:
        found = found[step]
    there = found.get(key) or []
    row = [CROSSING_PRICE, "1", "1"][: len(there[0]) if there else 2]
    found[key] = [row, *there]
    return json_text(message)
