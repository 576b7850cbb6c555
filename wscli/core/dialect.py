"""The contract of an exchange: facts as data (endpoints, catalogue, limits, keep-alive) and a few pure functions.

A Dialect is a frozen value. What a venue makes special is a function with a default, so that its file shows only
what is special. Nothing here knows a venue by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, TypeAlias

from wscli.core.book_rules import BookRule
from wscli.core.catalogue import Channel, SymbolSpelling
from wscli.core.errors import Unsupported
from wscli.core.jsontext import Json
from wscli.core.messages import (
    COUNTED_KINDS,
    ActiveSubscription,
    Command,
    Credentials,
    Event,
    Frame,
    Key,
    Kind,
    LoginSteps,
    Request,
    RequestContext,
    State,
    Subscribe,
    Unsubscribe,
)
from wscli.core.record import field, record, replace
from wscli.core.shared_map import with_entries, without_keys

# --- facts ---------------------------------------------------------------------------------------


@record
class KeepAlive:
    """When the client must speak. idle_only: only after that long without a frame of ours. protocol_pings: in protocol pings."""

    interval_s: float
    pong_timeout_s: float = 10.0
    idle_only: bool = False
    protocol_pings: bool = False


@record
class Limits:
    """What the venue allows; None where it says nothing. connects: (how many, in how many seconds)."""

    args_per_frame: int | None = None
    frame_bytes: int | None = None
    subscriptions: int | None = None
    connects: tuple[int, int] | None = None
    requests: tuple[int, int] | None = None
    lifetime_s: int | None = None


@record
class Api:
    """Which API of the venue this is, and whether it still lives: "live", "unverified" or "retired", since when, says who."""

    name: str
    status: Literal["live", "unverified", "retired"]
    since: str
    source: str


@record
class Successor:
    """What takes the place of an API that is gone, or may be: another of the same venue, and what means the same there.

    api:   its name.
    equivalents: what a channel is there, in equivalents: {"trade": "publicTrade", "kline interval=1m": "kline interval=1"}; the words
           of a channel with its parameters are looked up before those of the channel alone, in which {name} stands for the
           value of a parameter: {"book": "book prec={prec}"}. What is missing has none.
    translate_symbol: a symbol as it is written there.
    differences: of a channel, how the data differs that comes instead, in words.
    paths: of a channel, by a path into its message (or a field of its rows): what means the same there, as a condition on a
           field and as a path. What a path has in common with a field of the same name there needs no entry.
    """

    api: str
    equivalents: Mapping[str, str]
    translate_symbol: Callable[[str], str] = str
    differences: Mapping[str, str] = field(default_factory=dict)
    paths: Mapping[str, Mapping[str, tuple[str, str]]] = field(default_factory=dict)


@record
class ServerUrls:
    """Where the venue is: socket URLs by route ("public", "private"), and the base URL of its HTTP calls."""

    sockets: Mapping[str, str]
    http_url: str | None = None


@record
class SymbolList:
    """Where the venue lists its symbols by HTTP, without a key.

    path: below Places.http. read(answer) -> the symbols as the socket spells them; none from an answer of another shape.
    """

    path: str
    parse: Callable[[Json], Iterable[str]]


@record
class Endpoint:
    """Where one session goes. proxy: "auto" (flag, then environment) or "never" (simulator, loopback)."""

    url: str
    http_url: str | None = None
    proxy: Literal["auto", "never"] = "auto"


@record
class LoginTestVector:
    """A login whose signature is known: key and secret are made up, now_ms is the clock, token the random one where it counts.

    The first step of `login` at the venue's own address must hold `signature`.
    """

    key: str
    secret: str
    now_ms: int
    signature: str
    token: str = "00000000-0000-4000-8000-000000000000"


# --- functions with defaults ---------------------------------------------------------------------

Learn: TypeAlias = Callable[[State, "Frame | Event"], State]


def unchanged(subscribe: Subscribe) -> Subscribe:
    return subscribe


def public_route(command: Command) -> str:
    return "public"


def no_request(wire: Frame) -> Request | None:
    return None


def no_login(credentials: Credentials, stamp: RequestContext, endpoint: Endpoint) -> LoginSteps:
    raise Unsupported("this exchange has no login here: every channel it offers is public")


def single_login_frame(wire: Frame, commands: Sequence[Command]) -> tuple[Frame, ...]:
    return (wire,)


def no_answer(event: Event, stamp: RequestContext) -> tuple[Frame, ...]:
    return ()


# reconnect: the connection is left, and then come back to; replace: a new one is had before the old one goes
RequestedAction: TypeAlias = Literal["reconnect", "replace", "pause"]


def no_requested_action(event: Event) -> RequestedAction | None:
    return None


def text_values(rows: Iterable[Json], key: str) -> list[str]:
    """Return the texts that stand under `key`, one of each row that has one.

    >>> text_values([{"name": "BTC_USDT"}, {"name": None}, 7], "name")
    ['BTC_USDT']
    """
    texts = [row.get(key) for row in rows if isinstance(row, dict)]
    return [text for text in texts if isinstance(text, str)]


def as_text(data: bytes | str) -> str:
    """Return a frame's text: UTF-8, else what a container told by its first bytes holds. Raises ValueError for neither."""
    if isinstance(data, str):
        return data
    try:
        return data.decode()
    except UnicodeDecodeError:
        from wscli.core.decompression import inflate_by_header  # lazily: such frames are rare here

        return inflate_by_header(data)


def split_by_symbol(subscribe: Subscribe) -> tuple[Subscribe, ...]:
    """Return a Subscribe for each symbol (one when there are none)."""
    return tuple(replace(subscribe, symbols=(s,)) for s in subscribe.symbols) or (subscribe,)


def merged(subscriptions: Sequence[Subscribe]) -> list[Subscribe]:
    """Return the subscriptions with those of one channel and parameters put together, in the order of their first."""
    merged_by_channel: dict[tuple[str, frozenset[tuple[str, str]]], tuple[Subscribe, dict[str, None]]] = {}
    for one in subscriptions:
        merge_key = one.channel, frozenset((name, repr(held)) for name, held in one.params.items())
        merged_by_channel.setdefault(merge_key, (one, {}))[1].update(dict.fromkeys(one.symbols))
    return [replace(first, symbols=tuple(symbols)) for first, symbols in merged_by_channel.values()]


def channel_symbol_key(subscribe: Subscribe) -> Key:
    """The key of a subscription where channel and symbol say all: ("trades", "BTC_USDT")."""
    return (subscribe.channel, *subscribe.symbols)


def channel_and_symbols(state: State, request: Key | None) -> tuple[str | None, tuple[str, ...]]:
    """Return the channel and symbols that a pending request speaks of: the channel only where it is one."""
    pending_request = state.pending.get(request) if request is not None else None
    commands = (
        [c for c in pending_request.commands if isinstance(c, Subscribe | Unsubscribe)] if pending_request else []
    )
    channels = {c.channel for c in commands}
    symbols = tuple(dict.fromkeys(s for c in commands for s in c.symbols))
    return (channels.pop() if len(channels) == 1 else None), symbols


def standard_learn(
    request_of: Callable[[Frame], Request | None],
    key: Callable[[Subscribe], Key] = channel_symbol_key,
    replacing_channels: frozenset[str] = frozenset(),
) -> Learn:
    """Return the `learn` that suits most venues: `asked` reads our own frames back, an ack moves pending to active.

    key: of one subscription in State.active (used unless the ack's event brings a `topic`: an id the server gave).
    replacing_channels: channels whose new subscription ends the earlier one.
    """

    def learn(state: State, message: Frame | Event) -> State:
        if not isinstance(message, Event):
            request = request_of(message)
            return (
                state
                if request is None
                else replace(state, pending=with_entries(state.pending, {request.key: request}))
            )
        if message.request_id is not None and message.request_id in state.pending:
            request = state.pending[message.request_id]
            state = replace(state, pending=without_keys(state.pending, [message.request_id]))
            return _acknowledged(state, request, message) if message.kind is Kind.ACK else state
        if message.kind in COUNTED_KINDS and message.topic is not None:
            active = state.active.get(message.topic)
            if active is not None and not active.has_data:
                return replace(
                    state, active=with_entries(state.active, {message.topic: replace(active, has_data=True)})
                )
        return state

    def _acknowledged(state: State, request: Request, event: Event) -> State:
        active = state.active
        for command in request.commands:
            match command:
                case Subscribe() as subscribe:
                    wanted = {
                        event.topic if event.topic is not None else key(one): one for one in split_by_symbol(subscribe)
                    }
                    if subscribe.channel in replacing_channels:
                        active = {
                            k: v for k, v in active.items() if v.subscribe.channel != subscribe.channel or k in wanted
                        }
                    active = with_entries(active, {k: ActiveSubscription(one) for k, one in wanted.items()})
                case Unsubscribe() as end:
                    active = without_keys(active, ended_keys(end, active, key))
        return replace(state, active=active)

    return learn


def ended_keys(
    unsubscribe: Unsubscribe,
    active: Mapping[Key, ActiveSubscription],
    key: Callable[[Subscribe], Key] = channel_symbol_key,
) -> list[Key]:
    """Return the keys of the open subscriptions that `end` stops; key: as for `remembering`."""
    if unsubscribe.id is not None:
        return [unsubscribe.id] if unsubscribe.id in active else []
    whole = Subscribe(unsubscribe.channel, (), unsubscribe.params)
    named = [key(replace(whole, symbols=(symbol,))) for symbol in unsubscribe.symbols]
    if (
        named
        and key(whole) not in active
        and all(k in active and active[k].subscribe.params == unsubscribe.params for k in named)
    ):
        return named  # thousands of acks, each of which ends a few of thousands
    every, symbols = replace(unsubscribe, symbols=()), frozenset(unsubscribe.symbols)
    found = [(k, one.subscribe) for k, one in active.items() if ends_subscription(every, k, one.subscribe)]
    return [k for k, one in found if not symbols or not one.symbols or one.symbols[0] in symbols]


def ends_subscription(unsubscribe: Unsubscribe, key: Key, subscribe: Subscribe) -> bool:
    """Say whether `end` stops the open subscription `subscribe`, which is kept under `key`."""
    if unsubscribe.id is not None:
        return key == unsubscribe.id
    if unsubscribe.channel != subscribe.channel or any(
        subscribe.params.get(k) != v for k, v in unsubscribe.params.items()
    ):
        return False
    return not unsubscribe.symbols or not subscribe.symbols or not {*subscribe.symbols}.isdisjoint(unsubscribe.symbols)


@record
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
    production: ServerUrls
    encode: Callable[[Sequence[Command], State, RequestContext], tuple[Frame, ...]]
    decode: Callable[[Json, State], Event]
    request_of: Callable[[Frame], Request | None]
    learn: Learn
    channels: tuple[Channel, ...]
    symbol_spelling: SymbolSpelling
    queries: tuple[Channel, ...] = ()
    send_only: tuple[Channel, ...] = ()  # frames that no verb makes: their example is the frame, `send` says it
    prefix_param: str | None = (
        None  # the parameter whose value may stand before a channel's word: linear:tickers.BTCUSDT
    )
    completed: Callable[[Subscribe], Subscribe] = unchanged
    successor: Successor | None = None
    testnet: ServerUrls | None = None
    alternative_urls: Mapping[str, str] = field(default_factory=dict)  # other public URLs, by a word of ours
    keepalive: KeepAlive | None = None
    limits: Limits = Limits()
    code_meanings: Mapping[str, str] = field(default_factory=dict)  # by code, by words, or by "code words"
    unknown_key_codes: tuple[str, ...] = ()  # the codes or words that say: no such key at this host
    answer: Callable[[Event, RequestContext], tuple[Frame, ...]] = no_answer
    requested_action: Callable[[Event], RequestedAction | None] = (
        no_requested_action  # what a status message asks us to do
    )
    login: Callable[[Credentials, RequestContext, Endpoint], LoginSteps] = no_login
    login_frames: Callable[[Frame, Sequence[Command]], tuple[Frame, ...]] = single_login_frame
    login_summary: str = ""  # the login in a few words; empty where there is none
    required_credentials: tuple[
        str, ...
    ] = ()  # which credentials the login needs: "key", "secret"; or "token", "user_id" instead
    login_has_timestamp: bool = (
        False  # the login holds the time, which must be near the venue's own; not a nonce, which may only rise
    )
    login_test_vector: LoginTestVector | None = None  # by which `doctor` tests the signing
    credential_patterns: Mapping[str, str] = field(
        default_factory=dict
    )  # "key", "secret": the pattern that the venue's own have
    inflate: Callable[[bytes | str], str] = as_text
    inflate_fast: Callable[[bytes], bytes | None] | None = None  # the common case of it; None: leave it to inflate
    opaque_binary: bool = False  # a binary message is no text: what inflate gives stands for its bytes
    data_prefix: re.Pattern[bytes] | None = None  # what it matches, at the start, makes a message surely data
    route_of: Callable[[Command], str] = public_route
    book_rules: Mapping[str, BookRule] = field(
        default_factory=dict
    )  # by channel, where not the plainest; `book` takes the first
    explain_key: Callable[[Json, Subscribe], Key] = lambda payload, subscribe: channel_symbol_key(subscribe)
    common_symbols: tuple[str, ...] = ()  # a short list of common symbols
    symbol_list: SymbolList | None = None  # the whole list, which `symbols refresh` fetches
    unsubscribe_by_id: bool = False  # `unsubscribe 17` names the id that the server gave
    empty_means_all: bool = False  # an unsubscribe without symbols drops every symbol: must be said on purpose
    silence_note: str = ""  # what the exchange is known for, where a busy channel that it acknowledged is silent
    notes: str = ""

    def channel(self, name: str | None) -> Channel | None:
        """Return the channel of that catalogue name, or None."""
        return next((c for c in self.channels if c.name == name), None)

    def query(self, name: str | None) -> Channel | None:
        """Return the query of that catalogue name, or None."""
        return next((q for q in self.queries if q.name == name), None)


def commands_by_route(dialect: Dialect, commands: Iterable[Command]) -> Mapping[str, list[Command]]:
    """Return the commands by the socket they belong to, in order."""
    groups: dict[str, list[Command]] = {}
    for command in commands:
        groups.setdefault(dialect.route_of(command), []).append(command)
    return groups


def book_rule_of(dialect: Dialect, channel: Channel, symbol: str = "") -> BookRule | None:
    """Return how the book of a channel (and of a symbol) is kept; None where there is no book that could be."""
    rule = dialect.book_rules.get(channel.name, BookRule()) if channel.is_book else None
    if rule is not None and symbol and rule.symbol_pattern and re.fullmatch(rule.symbol_pattern, symbol) is None:
        return None
    return rule
