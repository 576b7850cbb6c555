"""The contract of an exchange: facts as data (endpoints, catalogue, limits, keep-alive) and a few pure functions.

A Dialect is a frozen value. What a venue makes special is a function with a default, so that its file shows only
what is special. Nothing here knows a venue by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from wscli.errors import Unsupported
from wscli.model import (
    COUNTED,
    Active,
    Asked,
    Command,
    Credentials,
    Event,
    Json,
    Key,
    Kind,
    Stamp,
    State,
    Steps,
    Subscribe,
    Unsubscribe,
    Wire,
)

# --- the catalogue -------------------------------------------------------------------------------

ParamType: TypeAlias = Literal["int", "text", "bool", "decimal"]  # decimal: a number whose text is sent as it was typed

FieldType: TypeAlias = Literal[
    "text",  # as it is: strings, numbers by their literal, true/false/null as they are
    "signed",  # a number whose sign is the taker's side: gives `side` (buy/sell) and the size without its sign
    "abs",  # a number whose sign says something that is told elsewhere: shown without it
    "s",  # seconds since the epoch, as a number or digits, with or without a fraction
    "ms",  # milliseconds, likewise
    "us",  # microseconds, likewise
]


@dataclass(frozen=True, slots=True)
class Param:
    """A request field: `name=value` on the command line.

    allowed: the values, typed as they go out; empty means any of the type within minimum and maximum.
    default: sent when none is typed; None means the parameter is required unless `optional`.
    """

    name: str
    type: ParamType = "text"
    allowed: tuple[Json, ...] = ()
    default: Json = None
    optional: bool = False
    minimum: int | None = None
    maximum: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One labelled value of a row.

    at:    where the venue puts it: a key of an object, an index of an array.
    name:  what wscli calls it: the word of VOCABULARY where it means that, else the venue's documented name.
    unit:  "quote", "base", "base per quote", "ratio", … for a person; times are shown as RFC 3339, `type` says what came.
    words: the venue's codes in words ({"1": "buy"}); a code that is not in it is shown as it came.
    """

    at: str | int
    name: str
    type: FieldType = "text"
    unit: str = ""
    note: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


VOCABULARY = frozenset(
    "symbol side price size action count trade_id time bid bid_size ask ask_size open high low close last last_size "
    "volume quote_volume change change_ratio interval order_id client_order_id order_type status time_in_force "
    "filled filled_value average_price remaining original_size fill_price fill_size fee fee_currency maker "
    "buy_order_id sell_order_id counterparty_order_id currency available locked total created_time updated_time "
    "stop_price mark_price index_price funding_rate next_funding_time period update_id reason code meaning".split()
)


@dataclass(frozen=True, slots=True)
class Item:
    """One row before it is labelled: the venue's array or object, and what its surroundings say.

    layout: which of Channel.layouts labels it. extra: finished values that the row itself does not hold, in order
    (side and action of a book level); they come before its fields.
    """

    row: Json
    symbol: str | None = None
    layout: str = "row"
    extra: Mapping[str, Json] = field(default_factory=dict)


SIDE_ACTION = ("side", "action")  # what a book level adds to its row


def levels(side: str, rows: Json, symbol: str | None, *, layout: str = "row", size_at: int = 1) -> Iterable[Item]:
    """Yield the Items of one side of a book whose rows hold an absolute size; zero, however spelled, deletes the level.

    >>> [dict(i.extra) for i in levels("bid", [["1.0", "0.000"]], "X")]
    [{'side': 'bid', 'action': 'delete'}]
    """
    for row in rows if isinstance(rows, list) else ():
        size = row[size_at] if isinstance(row, list) and len(row) > size_at else None
        gone = size is not None and is_zero(size)
        yield Item(row, symbol, layout, {"side": side, "action": "delete" if gone else "set"})


def is_zero(value: Json) -> bool:
    """Say whether a number (or its text) is zero, however it is spelled."""
    try:
        return float(value) == 0
    except (TypeError, ValueError, OverflowError):  # a whole number of 400 digits is no float
        return False


def nothing(event: Event) -> Iterable[Item]:
    """Yield no rows: for a channel whose messages are shown only whole."""
    return ()


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel (or, in Dialect.queries, a question) as data: the one source for validation, completion, help and rows.

    name:     the word on the command line.
    wire:     the venue's own name, a template: "kline.{interval}.{symbol}". Accepted wherever a channel is.
    aliases:  other templates or words that mean the same.
    symbols:  how many it takes: (least, most); None means no upper bound. (0, 0): none.
    replaces: a second subscribe replaces the first, so that the union has to be sent.
    layouts:  field lists by name, most important fields first; `unpack` cuts an event into Items that name one of them.
    adds:     the names that Item.extra brings, for the fixed columns of csv.
    shape:    the symbols' shape where it is not the dialect's (currencies of a balance channel).
    example:  words that subscribe to it (or ask it).
    cadence:  how often it speaks, in words.
    """

    name: str
    summary: str
    wire: str = ""
    aliases: tuple[str, ...] = ()
    private: bool = False
    symbols: tuple[int, int | None] = (1, None)
    params: tuple[Param, ...] = ()
    replaces: bool = False
    book: bool = False
    layouts: Mapping[str, tuple[Field, ...]] = field(default_factory=dict)
    unpack: Callable[[Event], Iterable[Item]] = nothing
    adds: tuple[str, ...] = ()
    shape: Shape | None = None
    example: str = ""
    cadence: str = ""
    docs: str = ""

    @property
    def templates(self) -> tuple[str, ...]:
        return tuple(t for t in (self.wire, *self.aliases) if t)

    @property
    def columns(self) -> tuple[str, ...]:
        """The row names this channel can give, in order, each once: `adds`, then the layouts' fields."""
        names = [*self.adds]
        for fields in self.layouts.values():
            for item in fields:
                names += ["side", item.name] if item.type == "signed" else [item.name]
        return tuple(dict.fromkeys(names))


@dataclass(frozen=True, slots=True)
class Shape:
    """How symbols are spelled: a pattern, an example, the rule in words, and `spell`, which guesses what was meant."""

    pattern: str
    example: str
    words: str
    spell: Callable[[str], str] = str

    def fits(self, symbol: str) -> bool:
        return re.fullmatch(self.pattern, symbol) is not None

    def meant(self, symbol: str) -> str | None:
        """Return the right spelling of a near miss, or None."""
        guess = self.spell(symbol)
        return guess if guess != symbol and self.fits(guess) else None


QUOTES = ("USDT", "USDC", "USD", "EUR", "GBP", "BTC", "ETH", "TRY", "UST")


def base_and_quote(symbol: str) -> tuple[str, str] | None:
    """Split a symbol however it is spelled; upper case. None when the quote cannot be told.

    >>> base_and_quote("btc-usdt"), base_and_quote("ETHBTC"), base_and_quote("tBTCUSD")
    (('BTC', 'USDT'), ('ETH', 'BTC'), ('TBTC', 'USD'))
    """
    if parts := re.fullmatch(r"([A-Za-z0-9]+)[-_/:]([A-Za-z0-9]+)", symbol):
        return parts[1].upper(), parts[2].upper()
    for quote in QUOTES:
        if symbol.upper().endswith(quote) and len(symbol) > len(quote) + 1:
            return symbol[: -len(quote)].upper(), quote
    return None


# --- facts ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeepAlive:
    """When the client must speak. idle_only: only after that long without a frame of ours."""

    interval_s: float
    pong_timeout_s: float = 10.0
    idle_only: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """What the venue allows; None where it says nothing. connects: (how many, in how many seconds)."""

    args_per_frame: int | None = None
    frame_bytes: int | None = None
    subscriptions: int | None = None
    connects: tuple[int, int] | None = None
    requests: tuple[int, int] | None = None
    idle_s: int | None = None
    lifetime_s: int | None = None


@dataclass(frozen=True, slots=True)
class Api:
    """Which API of the venue this is, and whether it still lives: "live", "unverified" or "retired", since when, says who."""

    name: str
    status: Literal["live", "unverified", "retired"]
    since: str
    source: str


@dataclass(frozen=True, slots=True)
class Places:
    """Where the venue is: socket URLs by route ("public", "private"), and the base URL of its HTTP calls."""

    sockets: Mapping[str, str]
    http: str | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where one session goes. proxy: "auto" (flag, then environment) or "never" (simulator, loopback)."""

    url: str
    http_url: str | None = None
    proxy: Literal["auto", "never"] = "auto"


# --- functions with defaults ---------------------------------------------------------------------

Learn: TypeAlias = Callable[[State, "Wire | Event"], State]


def everything_public(command: Command) -> str:
    return "public"


def no_request(wire: Wire) -> Asked | None:
    return None


def no_login(credentials: Credentials, stamp: Stamp, endpoint: Endpoint) -> Steps:
    raise Unsupported("this exchange has no login here: every channel it offers is public")


def silent(event: Event, stamp: Stamp) -> tuple[Wire, ...]:
    return ()


def as_text(data: bytes | str) -> str:
    """Return a frame's text. Raises ValueError for bytes that are not UTF-8."""
    return data if isinstance(data, str) else data.decode()


def one_by_one(subscribe: Subscribe) -> tuple[Subscribe, ...]:
    """Return a Subscribe for each symbol (one when there are none)."""
    return tuple(replace(subscribe, symbols=(s,)) for s in subscribe.symbols) or (subscribe,)


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
            return state if request is None else replace(state, pending={**state.pending, request.key: request})
        if what.request_id is not None and what.request_id in state.pending:
            request = state.pending[what.request_id]
            state = replace(state, pending={k: v for k, v in state.pending.items() if k != what.request_id})
            return _acknowledged(state, request, what) if what.kind is Kind.ACK else state
        if what.kind in COUNTED and what.topic is not None:
            active = state.active.get(what.topic)
            if active is not None and not active.begun:
                return replace(state, active={**state.active, what.topic: replace(active, begun=True)})
        return state

    def _acknowledged(state: State, request: Asked, event: Event) -> State:
        active = dict(state.active)
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
                    active |= {k: Active(one) for k, one in wanted.items()}
                case Unsubscribe() as end:
                    active = {k: v for k, v in active.items() if not ends(end, k, v.subscribe)}
        return replace(state, active=active)

    return learn


def ends(end: Unsubscribe, key: Key, subscribe: Subscribe) -> bool:
    """Say whether `end` stops the open subscription `subscribe`, which is kept under `key`."""
    if end.id is not None:
        return key == end.id
    if end.channel != subscribe.channel or any(subscribe.params.get(k) != v for k, v in end.params.items()):
        return False
    return not end.symbols or not subscribe.symbols or subscribe.symbols[0] in end.symbols


@dataclass(frozen=True, slots=True)
class Dialect:
    """One API of one exchange.

    encode(commands, state, stamp) -> wires: one line of words is one batch; one frame or several as the venue needs.
    decode(payload, state) -> Event: accepts anything parsed, raises nothing; what it does not know is UNKNOWN.
    asked(wire) -> Asked | None: reads a frame of ours back: the key its answer carries and the commands it holds.
    learn(state, wire_or_event) -> State: what is remembered; `remembering(asked, …)` suits most.
    answer(event, stamp) -> wires: what the venue must be answered at once (a heartbeat).
    login(credentials, stamp, endpoint): a generator of Wire | HttpRequest, sent Event | HttpReply, returning a Grant.
    inflate(data) -> text: raises ValueError for what cannot be read.
    route(command) -> which of Places.sockets it belongs to.
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
    testnet: Places | None = None
    alternatives: Mapping[str, str] = field(default_factory=dict)  # other public URLs, by a word of ours
    keepalive: KeepAlive | None = None
    limits: Limits = Limits()
    codes: Mapping[str, str] = field(default_factory=dict)
    answer: Callable[[Event, Stamp], tuple[Wire, ...]] = silent
    login: Callable[[Credentials, Stamp, Endpoint], Steps] = no_login
    auth: str = ""  # the login in a few words; empty where there is none
    secrets: tuple[str, ...] = ()  # which credentials the login needs: "key", "secret"; or "token", "user_id" instead
    inflate: Callable[[bytes | str], str] = as_text
    route: Callable[[Command], str] = everything_public
    place: Callable[[Json, Subscribe], Key] = lambda payload, subscribe: by_name(subscribe)
    markets: tuple[str, ...] = ()  # a short list of common symbols
    unsubscribe_by_id: bool = False  # `unsubscribe 17` names the id that the server gave
    empty_means_all: bool = False  # an unsubscribe without symbols drops every symbol: must be said on purpose
    notes: str = ""

    def channel(self, name: str | None) -> Channel | None:
        """Return the channel of that catalogue name, or None."""
        return next((c for c in self.channels if c.name == name), None)

    def query(self, name: str | None) -> Channel | None:
        """Return the query of that catalogue name, or None."""
        return next((q for q in self.queries if q.name == name), None)
