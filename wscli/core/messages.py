"""The vocabulary: Command, Frame, Event, Kind, State, RequestContext, ReceivedMessage.

Everything here is a value. No socket, no clock, no environment; imports `record` and `jsontext` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable, Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from wscli.core.jsontext import Json, Secret, literal
from wscli.core.record import field, record

if TYPE_CHECKING:
    from uuid import UUID

Frame: TypeAlias = Mapping[str, Any]  # one frame to send: JSON whose leaves may be Secret
Key: TypeAlias = Hashable  # what ties an answer to its request, or data to its subscription


@record
class Credentials:
    """What a user holds at an exchange, and where it was found (`source`, for the hint when it is refused)."""

    key: Secret | None = None
    secret: Secret | None = None
    token: Secret | None = None
    user_id: str | None = None
    source: str = "nowhere"


# --- what we send ---------------------------------------------------------------------------------


@record
class Subscribe:
    """Start a channel.

    channel: the exchange's own word ("trade", "order_book"), without parameters and symbol.
    symbols: the exchange's own spelling ("BTC_USDT", "btcusd"); empty where the channel takes none, or means all.
    params:  request fields, already typed (interval="1m", len="25", multiple=True), defaults filled in.
    """

    channel: str
    symbols: tuple[str, ...] = ()
    params: Mapping[str, Json] = field(default_factory=dict)


@record
class Unsubscribe:
    """Stop a channel: by its name and symbols, or by the id the server gave it. `all_symbols`: all of them, asked for explicitly."""

    channel: str = ""
    symbols: tuple[str, ...] = ()
    params: Mapping[str, Json] = field(default_factory=dict)
    id: int | None = None
    all_symbols: bool = False


@record
class Query:
    """One question: a name of the query catalogue."""

    name: str
    symbols: tuple[str, ...] = ()
    params: Mapping[str, Json] = field(default_factory=dict)


@record
class Ping:
    """Are you there? product: whose socket is asked, of an exchange that has one for each."""

    product: str | None = None


@record
class Auth:
    """Log in. Never encoded: a dialect's `login` builds its frames; it stands in State.pending while they are out."""


Command: TypeAlias = Subscribe | Unsubscribe | Query | Ping | Auth


@record
class RequestContext:
    """What a pure function may not fetch for itself.

    now_ns: wall clock, nanoseconds since the epoch. request_ids: request ids, rising. new_uuid: a fresh random UUID a call.
    """

    now_ns: int
    request_ids: Iterator[int]
    new_uuid: Callable[[], UUID]

    @property
    def now_ms(self) -> int:
        return self.now_ns // 1_000_000


def random_uuid() -> UUID:
    from uuid import uuid4  # few exchanges ask for one

    return uuid4()


@record
class HttpRequest:
    """A request that a login needs. headers' values may be Secret; the body is sent as it is."""

    method: str
    url: str
    headers: Mapping[str, str | Secret] = field(default_factory=dict)
    body: bytes = b""


@record
class HttpResponse:
    status: int
    headers: Mapping[str, str]
    body: bytes


@record
class LoginResult:
    """What a login won, for `encode` to use: Bitstamp's token and user id; empty where the socket itself is logged in."""

    token: Secret | None = None
    user_id: str | None = None


# --- what we receive --------------------------------------------------------------------------------


class Kind(StrEnum):
    """What a message is, in one word. DATA below is what goes to standard output."""

    SNAPSHOT = "snapshot"
    UPDATE = "update"
    ACK = "ack"
    ERROR = "error"
    HEARTBEAT = "heartbeat"
    PONG = "pong"
    REPLY = "reply"
    STATUS = "status"
    GAP = "gap"
    UNKNOWN = "unknown"


COUNTED_KINDS = frozenset({Kind.SNAPSHOT, Kind.UPDATE, Kind.REPLY})  # what --count counts
DATA_KINDS = COUNTED_KINDS | {Kind.UNKNOWN}  # what standard output carries


@record(quick=True)
class Event:
    """One frame, classified and never rewritten.

    payload:      the parsed message (for text that is not JSON, the text).
    channel:      the catalogue's name of the channel or query it belongs to, where it is known.
    symbols:      the symbols it speaks of, in the exchange's spelling; empty when it names none.
    reason, code: the exchange's own words, for an error, an ack or a status.
    request_id:   the key in State.pending that it answers.
    topic:        the key in State.active that its data belongs to, or (in an ack) the id the server assigned.
    subscription: the matched Subscribe (or the Query of a reply) with its typed parameters.
    partial:      an error that rejects a part of its request: the rest of it is granted.
    """

    kind: Kind
    payload: Json
    channel: str | None = None
    symbols: tuple[str, ...] = ()
    reason: str | None = None
    code: int | str | None = None
    request_id: Key | None = None
    topic: Key | None = None
    subscription: Subscribe | Query | None = None
    partial: bool = False

    def __init__(
        self,
        kind: Kind,
        payload: Json,
        channel: str | None = None,
        symbols: tuple[str, ...] = (),
        reason: str | None = None,
        code: int | str | None = None,
        request_id: Key | None = None,
        topic: Key | None = None,
        subscription: Subscribe | Query | None = None,
        partial: bool = False,
    ) -> None:
        self.kind, self.payload, self.channel, self.symbols = kind, payload, channel, symbols  # type: ignore[misc]
        self.reason, self.code, self.request_id = reason, code, request_id  # type: ignore[misc]
        self.topic, self.subscription, self.partial = topic, subscription, partial  # type: ignore[misc]


def request_text(subscription: Subscribe | Query) -> str:
    """Return the words that request this.

    >>> request_text(Subscribe("kline", ("BTCUSDT",), {"interval": "1m"}))
    'kline BTCUSDT interval=1m'
    """
    name = subscription.channel if isinstance(subscription, Subscribe) else subscription.name
    return " ".join([name, *subscription.symbols, *(f"{k}={literal(v)}" for k, v in subscription.params.items())])


def summary(event: Event) -> str:
    """Return an event in a line: kind, channel, symbols, and the exchange's own words after a colon.

    >>> summary(Event(Kind.ERROR, {}, "trades", ("BTCUSD",), reason="subscribe: dup", code=10301))
    'error trades BTCUSD: 10301 subscribe: dup'
    """
    head = " ".join([str(event.kind), *([event.channel] if event.channel else []), *event.symbols])
    if event.kind not in (Kind.ERROR, Kind.STATUS):
        return head
    words = " ".join(literal(w) for w in (event.code, event.reason) if w is not None)
    return f"{head}: {words}" if words else head


@record(quick=True)
class ReceivedMessage:
    """What the socket adds: the message's text (after inflation), when it was read (ns), its number on this connection."""

    event: Event
    text: str
    received_ns: int
    number: int
    connection: int = 1
    binary: bool = False

    def __init__(
        self, event: Event, text: str, received_ns: int, number: int, connection: int = 1, binary: bool = False
    ) -> None:
        self.event, self.text, self.received_ns = event, text, received_ns  # type: ignore[misc]
        self.number, self.connection, self.binary = number, connection, binary  # type: ignore[misc]


# --- what is remembered --------------------------------------------------------------------------


@record
class Request:
    """A request on its way: the key its answer will carry, and what the frame meant."""

    key: Key
    commands: tuple[Command, ...]


@record
class ActiveSubscription:
    """One open subscription: one channel, at most one symbol. has_data: its first data message has come."""

    subscribe: Subscribe
    has_data: bool = False


@record
class State:
    """The frozen memory of one connection: what awaits an answer (oldest first), what is subscribed, the result of the login.

    unrequested: subscriptions that the exchange acknowledged without a request of ours, each with what of it was requested. Their data
    is labelled; a reconnect does not subscribe to them again.
    """

    pending: Mapping[Key, Request] = field(default_factory=dict)
    active: Mapping[Key, ActiveSubscription] = field(default_factory=dict)
    login_result: LoginResult | None = None
    unrequested: Mapping[Key, tuple[Subscribe, ...]] = field(default_factory=dict)

    @property
    def requested(self) -> list[Subscribe]:
        """What is open because it was asked for, in order."""
        unasked = self.unrequested
        return [wish for key, one in self.active.items() for wish in unasked.get(key, (one.subscribe,))]


LoginSteps: TypeAlias = Generator[Frame | HttpRequest, Event | HttpResponse, LoginResult]  # a login, step by step
