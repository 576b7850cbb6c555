"""The contract of an exchange: facts as data (endpoints, catalogue, limits, keep-alive) and a few pure functions.

A Dialect is a frozen value. What a venue makes special is a function with a default, so that its file shows only
what is special. Nothing here knows a venue by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, TypeAlias

from wscli.core.book_rules import BookRule
from wscli.core.catalogue import Channel, Shape
from wscli.core.errors import Unsupported
from wscli.core.jsontext import Json
from wscli.core.messages import (
    COUNTED,
    Active,
    Asked,
    Command,
    Credentials,
    Event,
    Key,
    Kind,
    Stamp,
    State,
    Steps,
    Subscribe,
    Unsubscribe,
    Wire,
)
from wscli.core.record import field, replace, value
from wscli.core.shared_map import added, without

# --- facts ---------------------------------------------------------------------------------------


@value
class KeepAlive:
    """When the client must speak. idle_only: only after that long without a frame of ours. frames: in protocol pings."""

    interval_s: float
    pong_timeout_s: float = 10.0
    idle_only: bool = False
    frames: bool = False


@value
class Limits:
    """What the venue allows; None where it says nothing. connects: (how many, in how many seconds)."""

    args_per_frame: int | None = None
    frame_bytes: int | None = None
    subscriptions: int | None = None
    connects: tuple[int, int] | None = None
    requests: tuple[int, int] | None = None
    idle_s: int | None = None
    lifetime_s: int | None = None


@value
class Api:
    """Which API of the venue this is, and whether it still lives: "live", "unverified" or "retired", since when, says who."""

    name: str
    status: Literal["live", "unverified", "retired"]
    since: str
    source: str


@value
class Successor:
    """What takes the place of an API that is gone, or may be: another of the same venue, and what means the same there.

    api:   its name.
    words: what a channel is there, in words: {"trade": "publicTrade", "kline interval=1m": "kline interval=1"}; the words
           of a channel with its parameters are looked up before those of the channel alone, in which {name} stands for the
           value of a parameter: {"book": "book prec={prec}"}. What is missing has none.
    spell: a symbol as it is written there.
    differs: of a channel, how the data differs that comes instead, in words.
    paths: of a channel, by a path into its message (or a field of its rows): what means the same there, as a condition on a
           field and as a path. What a path has in common with a field of the same name there needs no entry.
    """

    api: str
    words: Mapping[str, str]
    spell: Callable[[str], str] = str
    differs: Mapping[str, str] = field(default_factory=dict)
    paths: Mapping[str, Mapping[str, tuple[str, str]]] = field(default_factory=dict)


@value
class Places:
    """Where the venue is: socket URLs by route ("public", "private"), and the base URL of its HTTP calls."""

    sockets: Mapping[str, str]
    http: str | None = None


@value
class SymbolList:
    """Where the venue lists its symbols by HTTP, without a key.

    path: below Places.http. read(answer) -> the symbols as the socket spells them; none from an answer of another shape.
    """

    path: str
    read: Callable[[Json], Iterable[str]]


@value
class Endpoint:
    """Where one session goes. proxy: "auto" (flag, then environment) or "never" (simulator, loopback)."""

    url: str
    http_url: str | None = None
    proxy: Literal["auto", "never"] = "auto"


@value
class Vector:
    """A login whose signature is known: key and secret are made up, now_ms is the clock, token the random one where it counts.

    The first step of `login` at the venue's own address must hold `signature`.
    """

    key: str
    secret: str
    now_ms: int
    signature: str
    token: str = "00000000-0000-4000-8000-000000000000"


# --- functions with defaults ---------------------------------------------------------------------

Learn: TypeAlias = Callable[[State, "Wire | Event"], State]


def as_it_is(subscribe: Subscribe) -> Subscribe:
    return subscribe


def everything_public(command: Command) -> str:
    return "public"


def no_request(wire: Wire) -> Asked | None:
    return None


def no_login(credentials: Credentials, stamp: Stamp, endpoint: Endpoint) -> Steps:
    raise Unsupported("this exchange has no login here: every channel it offers is public")


def as_signed(wire: Wire, commands: Sequence[Command]) -> tuple[Wire, ...]:
    return (wire,)


def silent(event: Event, stamp: Stamp) -> tuple[Wire, ...]:
    return ()


# reconnect: the connection is left, and then come back to; replace: a new one is had before the old one goes
Notice: TypeAlias = Literal["reconnect", "replace", "pause"]


def no_notice(event: Event) -> Notice | None:
    return None


def named(rows: Iterable[Json], key: str) -> list[str]:
    """Return the texts that stand under `key`, one of each row that has one.

    >>> named([{"name": "BTC_USDT"}, {"name": None}, 7], "name")
    ['BTC_USDT']
    """
    found = [row.get(key) for row in rows if isinstance(row, dict)]
    return [text for text in found if isinstance(text, str)]


def as_text(data: bytes | str) -> str:
    """Return a frame's text: UTF-8, else what a container told by its first bytes holds. Raises ValueError for neither."""
    if isinstance(data, str):
        return data
    try:
        return data.decode()
    except UnicodeDecodeError:
        from wscli.core.decompression import inflated_where_told  # lazily: such frames are rare here

        return inflated_where_told(data)


def one_by_one(subscribe: Subscribe) -> tuple[Subscribe, ...]:
    """Return a Subscribe for each symbol (one when there are none)."""
    return tuple(replace(subscribe, symbols=(s,)) for s in subscribe.symbols) or (subscribe,)


def joined(wanted: Sequence[Subscribe]) -> list[Subscribe]:
    """Return the subscriptions with those of one channel and parameters put together, in the order of their first."""
    found: dict[tuple[str, frozenset[tuple[str, str]]], tuple[Subscribe, dict[str, None]]] = {}
    for one in wanted:
        place = one.channel, frozenset((name, repr(held)) for name, held in one.params.items())
        found.setdefault(place, (one, {}))[1].update(dict.fromkeys(one.symbols))
    return [replace(first, symbols=tuple(symbols)) for first, symbols in found.values()]


def by_name(subscribe: Subscribe) -> Key:
    """The key of a subscription where channel and symbol say all: ("trades", "BTC_USDT")."""
    return (subscribe.channel, *subscribe.symbols)


def about(state: State, request: Key | None) -> tuple[str | None, tuple[str, ...]]:
    """Return the channel and symbols that a pending request speaks of: the channel only where it is one."""
    asked = state.pending.get(request) if request is not None else None
    commands = [c for c in asked.commands if isinstance(c, Subscribe | Unsubscribe)] if asked else []
    channels = {c.channel for c in commands}
    symbols = tuple(dict.fromkeys(s for c in commands for s in c.symbols))
    return (channels.pop() if len(channels) == 1 else None), symbols


def remembering(
    asked: Callable[[Wire], Asked | None],
    key: Callable[[Subscribe], Key] = by_name,
    replaces: frozenset[str] = frozenset(),
) -> Learn:
    """Return the `learn` that suits most venues: `asked` reads our own frames back, an ack moves pending to active.

    key: of one subscription in State.active (used unless the ack's event brings a `topic`: an id the server gave).
    replaces: channels whose new subscription ends the earlier one.
    """

    def learn(state: State, what: Wire | Event) -> State:
        if not isinstance(what, Event):
            request = asked(what)
            return state if request is None else replace(state, pending=added(state.pending, {request.key: request}))
        if what.request_id is not None and what.request_id in state.pending:
            request = state.pending[what.request_id]
            state = replace(state, pending=without(state.pending, [what.request_id]))
            return _acknowledged(state, request, what) if what.kind is Kind.ACK else state
        if what.kind in COUNTED and what.topic is not None:
            active = state.active.get(what.topic)
            if active is not None and not active.begun:
                return replace(state, active=added(state.active, {what.topic: replace(active, begun=True)}))
        return state

    def _acknowledged(state: State, request: Asked, event: Event) -> State:
        active = state.active
        for command in request.commands:
            match command:
                case Subscribe() as subscribe:
                    wanted = {
                        event.topic if event.topic is not None else key(one): one for one in one_by_one(subscribe)
                    }
                    if subscribe.channel in replaces:
                        active = {
                            k: v for k, v in active.items() if v.subscribe.channel != subscribe.channel or k in wanted
                        }
                    active = added(active, {k: Active(one) for k, one in wanted.items()})
                case Unsubscribe() as end:
                    active = without(active, ended(end, active, key))
        return replace(state, active=active)

    return learn


def ended(end: Unsubscribe, active: Mapping[Key, Active], key: Callable[[Subscribe], Key] = by_name) -> list[Key]:
    """Return the keys of the open subscriptions that `end` stops; key: as for `remembering`."""
    if end.id is not None:
        return [end.id] if end.id in active else []
    whole = Subscribe(end.channel, (), end.params)
    named = [key(replace(whole, symbols=(symbol,))) for symbol in end.symbols]
    if (
        named
        and key(whole) not in active
        and all(k in active and active[k].subscribe.params == end.params for k in named)
    ):
        return named  # thousands of acks, each of which ends a few of thousands
    every, symbols = replace(end, symbols=()), frozenset(end.symbols)
    found = [(k, one.subscribe) for k, one in active.items() if ends(every, k, one.subscribe)]
    return [k for k, one in found if not symbols or not one.symbols or one.symbols[0] in symbols]


def ends(end: Unsubscribe, key: Key, subscribe: Subscribe) -> bool:
    """Say whether `end` stops the open subscription `subscribe`, which is kept under `key`."""
    if end.id is not None:
        return key == end.id
    if end.channel != subscribe.channel or any(subscribe.params.get(k) != v for k, v in end.params.items()):
        return False
    return not end.symbols or not subscribe.symbols or not {*subscribe.symbols}.isdisjoint(end.symbols)


@value
class Dialect:
    """One API of one exchange.

    encode(commands, state, stamp) -> wires: one line of words is one batch; one frame or several as the venue needs.
    decode(payload, state) -> Event: accepts anything parsed, raises nothing; what it does not know is UNKNOWN.
    asked(wire) -> Asked | None: reads a frame of ours back: the key its answer carries and the commands it holds.
    learn(state, wire_or_event) -> State: what is remembered; `remembering(asked, …)` suits most.
    answer(event, stamp) -> wires: what the venue must be answered at once (a heartbeat).
    login(credentials, stamp, endpoint): a generator of Wire | HttpRequest, sent Event | HttpReply, returning a Grant.
    login_with(wire, commands) -> wires: what a frame of the login goes out as, for what the commands ask of it (a filter);
        the last one is answered.
    inflate(data) -> text: raises ValueError for what cannot be read.
    route(command) -> which of Places.sockets it belongs to.
    whole(subscribe) -> Subscribe: fills in what depends on another parameter; UsageError for what does not go together.
    place(payload, subscribe) -> Key: where `explain` files a Subscribe it was told of in words.
    """

    name: str
    title: str
    docs: str
    api: Api
    production: Places
    encode: Callable[[Sequence[Command], State, Stamp], tuple[Wire, ...]]
    decode: Callable[[Json, State], Event]
    asked: Callable[[Wire], Asked | None]
    learn: Learn
    channels: tuple[Channel, ...]
    shape: Shape
    queries: tuple[Channel, ...] = ()
    by_hand: tuple[Channel, ...] = ()  # frames that no verb makes: their example is the frame, `send` says it
    prefix: str | None = None  # the parameter whose value may stand before a channel's word: linear:tickers.BTCUSDT
    whole: Callable[[Subscribe], Subscribe] = as_it_is
    successor: Successor | None = None
    testnet: Places | None = None
    alternatives: Mapping[str, str] = field(default_factory=dict)  # other public URLs, by a word of ours
    keepalive: KeepAlive | None = None
    limits: Limits = Limits()
    codes: Mapping[str, str] = field(default_factory=dict)  # by code, by words, or by "code words"
    unknown_key: tuple[str, ...] = ()  # the codes or words that say: no such key at this host
    answer: Callable[[Event, Stamp], tuple[Wire, ...]] = silent
    notice: Callable[[Event], Notice | None] = no_notice  # what a status message asks us to do
    login: Callable[[Credentials, Stamp, Endpoint], Steps] = no_login
    login_with: Callable[[Wire, Sequence[Command]], tuple[Wire, ...]] = as_signed
    auth: str = ""  # the login in a few words; empty where there is none
    secrets: tuple[str, ...] = ()  # which credentials the login needs: "key", "secret"; or "token", "user_id" instead
    dated: bool = (
        False  # the login holds the time, which must be near the venue's own; not a nonce, which may only rise
    )
    vector: Vector | None = None  # by which `doctor` tests the signing
    forms: Mapping[str, str] = field(default_factory=dict)  # "key", "secret": the pattern that the venue's own have
    inflate: Callable[[bytes | str], str] = as_text
    inflate_fast: Callable[[bytes], bytes | None] | None = None  # the common case of it; None: leave it to inflate
    opaque: bool = False  # a binary message is no text: what inflate gives stands for its bytes
    data_prefix: re.Pattern[bytes] | None = None  # what it matches, at the start, makes a message surely data
    route: Callable[[Command], str] = everything_public
    books: Mapping[str, BookRule] = field(
        default_factory=dict
    )  # by channel, where not the plainest; `book` takes the first
    place: Callable[[Json, Subscribe], Key] = lambda payload, subscribe: by_name(subscribe)
    markets: tuple[str, ...] = ()  # a short list of common symbols
    symbols: SymbolList | None = None  # the whole list, which `symbols refresh` fetches
    unsubscribe_by_id: bool = False  # `unsubscribe 17` names the id that the server gave
    empty_means_all: bool = False  # an unsubscribe without symbols drops every symbol: must be said on purpose
    silence: str = ""  # what the exchange is known for, where a busy channel that it acknowledged is silent
    notes: str = ""

    def channel(self, name: str | None) -> Channel | None:
        """Return the channel of that catalogue name, or None."""
        return next((c for c in self.channels if c.name == name), None)

    def query(self, name: str | None) -> Channel | None:
        """Return the query of that catalogue name, or None."""
        return next((q for q in self.queries if q.name == name), None)


def routed(dialect: Dialect, commands: Iterable[Command]) -> Mapping[str, list[Command]]:
    """Return the commands by the socket they belong to, in order."""
    groups: dict[str, list[Command]] = {}
    for command in commands:
        groups.setdefault(dialect.route(command), []).append(command)
    return groups


def rule_of(dialect: Dialect, channel: Channel, symbol: str = "") -> BookRule | None:
    """Return how the book of a channel (and of a symbol) is kept; None where there is no book that could be."""
    rule = dialect.books.get(channel.name, BookRule()) if channel.book else None
    if rule is not None and symbol and rule.symbols and re.fullmatch(rule.symbols, symbol) is None:
        return None
    return rule
