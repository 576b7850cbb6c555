"""The contract of an exchange: facts as data (endpoints, catalogue, limits, keep-alive) and a few pure functions.

A Dialect is a frozen value. What is special about an exchange is a function with a default, so that its file shows only
what is special. Nothing here knows an exchange by name.
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
    Command,
    Credentials,
    Event,
    Frame,
    Key,
    LoginSteps,
    Request,
    RequestContext,
    State,
    Subscribe,
)
from wscli.core.record import field, record, replace

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
    """What the exchange allows; None where it says nothing. connects: (how many, in how many seconds).

    takes_more_connections: more subscriptions than one connection has are spread over further ones.
    idle_s: how long a silent connection is left open; only shown, by `exchanges`.
    """

    args_per_frame: int | None = None
    frame_bytes: int | None = None
    subscriptions: int | None = None
    takes_more_connections: bool = False
    connects: tuple[int, int] | None = None
    requests: tuple[int, int] | None = None
    idle_s: int | None = None
    lifetime_s: int | None = None


@record
class Api:
    """Which API of the exchange this is, and whether it still lives: "live", "unverified" or "retired"; since when, and the source."""

    name: str
    status: Literal["live", "unverified", "retired"]
    since: str
    source: str


@record
class Successor:
    """What takes the place of an API that is gone, or may be: another of the same exchange, and what means the same there.

    api:   its name.
    equivalents: what a channel is called there: {"trade": "publicTrade", "kline interval=1m": "kline interval=1"}; the words
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
    """Where the exchange is: socket URLs by route ("public", "private"), and the base URL of its HTTP calls."""

    sockets: Mapping[str, str]
    http_url: str | None = None


@record
class SymbolList:
    """Where the exchange lists its symbols by HTTP, without a key.

    path: below ServerUrls.http_url. parse(answer) -> the symbols as the socket spells them; none from an answer of another shape.
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

    The first step of `login` at the exchange's own address must hold `signature`.
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


def no_login(credentials: Credentials, context: RequestContext, endpoint: Endpoint) -> LoginSteps:
    raise Unsupported("this API has no login: every channel is public")


def single_login_frame(frame: Frame, commands: Sequence[Command]) -> tuple[Frame, ...]:
    return (frame,)


def no_answer(event: Event, context: RequestContext) -> tuple[Frame, ...]:
    return ()


# reconnect: the connection is left, and then come back to; replace: a new one is had before the old one goes
RequestedAction: TypeAlias = Literal["reconnect", "replace", "pause"]


def no_requested_action(event: Event) -> RequestedAction | None:
    return None


def as_text(data: bytes | str) -> str:
    """Return a frame's text: UTF-8, else what a container recognised by its first bytes holds. Raises ValueError for neither."""
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


@record
class Endpoints:
    """Where the API is reached, and what a connection to it must keep to.

    route_of(command): which of ServerUrls.sockets the command belongs to.
    alternative_urls: other public URLs, by a word that a user may type.
    """

    production: ServerUrls
    testnet: ServerUrls | None = None
    alternative_urls: Mapping[str, str] = field(default_factory=dict)
    route_of: Callable[[Command], str] = public_route
    keepalive: KeepAlive | None = None
    limits: Limits = Limits()


@record
class Codec:
    """What is sent and received: commands to frames, messages to events. Pure functions.

    encode(commands, state, context): the frames of one command line, as few as the exchange allows.
    decode(payload, state): accepts any parsed JSON and raises nothing; what it does not know is UNKNOWN.
    request_of(frame): reads a frame of ours back: the key that its answer carries and its commands; None where it asks nothing.
    learn(state, frame_or_event): the state after it; `exchanges.common.standard_learn(request_of, ...)` suits most.
    answer(event, context): frames to send at once, where the exchange expects an answer (to a heartbeat).
    requested_action(event): what a status message asks the client to do.
    inflate(data): the text of a binary message; raises ValueError for what cannot be read.
    inflate_fast(data): the same for its common case alone, or None: leave it to `inflate`.
    opaque_binary: a binary message is no text; what `inflate` gives stands for its bytes.
    data_prefix: a message that begins so is surely data.
    completed(subscribe): the command with parameters that depend on others; UsageError for what does not go together.
    explain_key(payload, subscribe): the key in State.active under which `explain` files a subscription that the user describes.
    """

    encode: Callable[[Sequence[Command], State, RequestContext], tuple[Frame, ...]]
    decode: Callable[[Json, State], Event]
    request_of: Callable[[Frame], Request | None]
    learn: Learn
    answer: Callable[[Event, RequestContext], tuple[Frame, ...]] = no_answer
    requested_action: Callable[[Event], RequestedAction | None] = no_requested_action
    inflate: Callable[[bytes | str], str] = as_text
    inflate_fast: Callable[[bytes], bytes | None] | None = None
    opaque_binary: bool = False
    data_prefix: re.Pattern[bytes] | None = None
    completed: Callable[[Subscribe], Subscribe] = unchanged
    explain_key: Callable[[Json, Subscribe], Key] = lambda payload, subscribe: channel_symbol_key(subscribe)


@record
class Login:
    """How a connection logs in; without a summary there is no login.

    steps(credentials, context, endpoint): a generator of Frame | HttpRequest that is sent Event | HttpResponse and returns a
        LoginResult.
    frames(frame, commands): what a frame of the login goes out as, for what the commands ask of it (a filter); the last one
        is answered.
    sign(frame, credentials, context): a private request with its login in it, for an API without a login of the connection. Raises
        CredentialsError where it lacks what it needs, for an empty frame, too.
    summary: the login in a few words.
    required: which credentials it needs: "key", "secret"; or "token", "user_id" instead.
    has_timestamp: it holds the time, which must be near the exchange's own (a nonce may only rise).
    test_vector: by which `doctor` tests the signing.
    credential_patterns: by "key", "secret": a regular expression that the exchange's own match.
    unknown_key_codes: the error codes or texts that say that this host knows no such key.
    """

    steps: Callable[[Credentials, RequestContext, Endpoint], LoginSteps] = no_login
    frames: Callable[[Frame, Sequence[Command]], tuple[Frame, ...]] = single_login_frame
    sign: Callable[[Frame, Credentials, RequestContext], Frame] | None = None
    summary: str = ""
    required: tuple[str, ...] = ()
    has_timestamp: bool = False
    test_vector: LoginTestVector | None = None
    credential_patterns: Mapping[str, str] = field(default_factory=dict)
    unknown_key_codes: tuple[str, ...] = ()


@record
class Facts:
    """What the documents say: channels, symbols, codes, books.

    send_only: frames that no verb makes: their example is the frame, `send` sends it.
    prefix_param: the parameter whose value may stand before a channel's name: linear:tickers.BTCUSDT.
    code_meanings: by code, by text, or by "code text".
    book_rules: by channel, where a book is not kept in the plainest way; `book` takes the first channel.
    common_symbols: a short list; symbol_list: where the whole one is, which `symbols refresh` fetches.
    unsubscribe_by_id: `unsubscribe 17` names the id that the server gave.
    empty_means_all: an unsubscribe without symbols drops every symbol, so it must be asked for explicitly.
    silence_note: what the exchange is known for, where a busy channel that it acknowledged is silent.
    """

    docs: str
    channels: tuple[Channel, ...]
    symbol_spelling: SymbolSpelling
    queries: tuple[Channel, ...] = ()
    send_only: tuple[Channel, ...] = ()
    prefix_param: str | None = None
    successor: Successor | None = None
    code_meanings: Mapping[str, str] = field(default_factory=dict)
    book_rules: Mapping[str, BookRule] = field(default_factory=dict)
    common_symbols: tuple[str, ...] = ()
    symbol_list: SymbolList | None = None
    unsubscribe_by_id: bool = False
    empty_means_all: bool = False
    silence_note: str = ""
    notes: str = ""


@record
class Dialect:
    """One API of one exchange: where it is, what is sent and received, how it logs in, and what its documents say."""

    name: str
    title: str
    api: Api
    endpoints: Endpoints
    codec: Codec
    facts: Facts
    login: Login = Login()

    def channel(self, name: str | None) -> Channel | None:
        """Return the channel of that catalogue name, or None."""
        return next((c for c in self.facts.channels if c.name == name), None)

    def query(self, name: str | None) -> Channel | None:
        """Return the query of that catalogue name, or None."""
        return next((q for q in self.facts.queries if q.name == name), None)


def with_channels_of(dialects: Sequence[Dialect]) -> Dialect:
    """Return the first dialect with the channels and queries of all."""
    first = dialects[0]
    channels = tuple(channel for each in dialects for channel in each.facts.channels)
    queries = tuple(query for each in dialects for query in each.facts.queries)
    return replace(first, facts=replace(first.facts, channels=channels, queries=queries))


def commands_by_route(dialect: Dialect, commands: Iterable[Command]) -> Mapping[str, list[Command]]:
    """Return the commands by the socket they belong to, in order."""
    groups: dict[str, list[Command]] = {}
    for command in commands:
        groups.setdefault(dialect.endpoints.route_of(command), []).append(command)
    return groups


def book_rule_of(dialect: Dialect, channel: Channel, symbol: str = "") -> BookRule | None:
    """Return how the book of a channel (and of a symbol) is kept; None where there is no book that could be."""
    rule = dialect.facts.book_rules.get(channel.name, BookRule()) if channel.is_book else None
    if rule is not None and symbol and rule.symbol_pattern and re.fullmatch(rule.symbol_pattern, symbol) is None:
        return None
    return rule
