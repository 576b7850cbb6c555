"""Bitfinex, WebSocket API v1.1.

Docs    https://docs.bitfinex.com/v1/docs/ws-general   (read 2026-11)
Symbol  "BTCUSD": six capital letters, no prefix; USDT is written UST
Size    amounts in base units, signed: above zero the taker bought, or a bid; JSON numbers, small ones as 7e-7
Time    integer seconds; orders carry ISO 8601 text
Beat    [chanId,"hb"] after a second without data, on each channel; {"event":"ping"} is optional
Book    [PRICE, COUNT, AMOUNT], or [ORDER_ID, PRICE, AMOUNT] with prec=R0; no sequence, no checksum
Limits  none documented for v1; v2's are assumed: 25 channels a socket, 5 connects in 15 s, idle sockets end after 60 s
List    https://docs.bitfinex.com/v1/reference/rest-public-symbols; pairs of other than six letters have no spelling here
Login   HMAC-SHA384 hex of "AUTH" + nonce (microseconds) in an auth frame; the account is then channel 0

Data never names its symbol: the chanId of the ack is the only link. Nor is there a request id: an answer is tied
to its request by what it echoes, else by its code, else to the oldest that it can answer (bitfinex_answers).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import chain, count, product

from wscli.core.book_rules import BookRule
from wscli.core.catalogue import SymbolSpelling, base_and_quote
from wscli.core.dialect import (
    Api,
    Codec,
    Dialect,
    Endpoint,
    Endpoints,
    Facts,
    KeepAlive,
    Limits,
    Login,
    RequestedAction,
    ServerUrls,
    Successor,
    SymbolList,
    channel_symbol_key,
    split_by_symbol,
)
from wscli.core.errors import Unsupported
from wscli.core.jsontext import Json
from wscli.core.messages import (
    Auth,
    Command,
    Credentials,
    Event,
    Frame,
    Key,
    Kind,
    LoginSteps,
    Ping,
    Query,
    Request,
    RequestContext,
    State,
    Subscribe,
    Unsubscribe,
)
from wscli.core.record import replace
from wscli.core.shared_map import with_entries
from wscli.exchanges.bitfinex.answers import (
    ChannelIds,
    code_of,
    first_or_none,
    int_or_none,
    pending_keys,
    rejection,
    subscribe_ack,
    subscription_in,
    text_or_none,
    unsubscribe_ack,
    with_ack_applied,
    without_duplicates,
)
from wscli.exchanges.bitfinex.login import VECTOR, grant_of, key_nonce_signature
from wscli.exchanges.bitfinex.v1.catalogue import (
    BOOK_PARAMS,
    CHANNELS,
    CODES,
    MARKETS,
    SNAPSHOT_TAGS,
    SYMBOL_INDEX,
    TAGS,
    account_rows,
    value_at,
)
from wscli.exchanges.common import standard_learn

ACCOUNT_CHAN_ID = 0  # the chanId of the account


# --- what we say ---------------------------------------------------------------------------------


def encode(commands: Sequence[Command], state: State, stamp: RequestContext) -> tuple[Frame, ...]:
    """Return the frames for `commands`: one a symbol. The account has none: the login opens it, unauth ends it.

    Raises UsageError for an unsubscribe whose chanId is not known.
    """
    wires: list[Frame] = []
    numbers = ChannelIds(state)
    for command in commands:
        match command:
            case Subscribe(channel="account"):
                pass
            case Subscribe():
                wires += [frame(one) for one in split_by_symbol(command)]
            case Unsubscribe(channel="account"):
                wires.append({"event": "unauth"})
            case Unsubscribe():
                wires += [{"event": "unsubscribe", "chanId": number} for number in numbers(command)]
            case Ping():
                wires.append({"event": "ping"})
            case Query(name):
                raise Unsupported(f"bitfinex has no query named {name!r}: its v1 socket answers none")
    return without_duplicates(wires)


def frame(subscribe: Subscribe) -> Frame:
    """Return the frame of one subscription.

    >>> frame(Subscribe("book", ("ETHUSD",), {"prec": "R0", "freq": "F0", "len": "25"}))
    {'event': 'subscribe', 'channel': 'book', 'pair': 'ETHUSD', 'prec': 'R0', 'len': '25'}
    """
    params = {k: v for k, v in subscribe.params.items() if k != "freq" or subscribe.params.get("prec") != "R0"}
    pair = {"pair": subscribe.symbols[0]} if subscribe.symbols else {}
    return {"event": "subscribe", "channel": subscribe.channel, **pair, **params}


def request_of(wire: Frame) -> Request | None:
    """Return what a frame of ours means, under a key made of what its answer may echo, what is left out filled in."""
    commands: tuple[Command, ...]
    match wire.get("event"):
        case "subscribe" if (subscribe := subscription_in(wire)) is not None:
            return Request(
                ("subscribe", subscribe.channel, *subscribe.symbols, *subscribe.params.values()), (subscribe,)
            )
        case "unsubscribe" if (number := int_or_none(wire.get("chanId"))) is not None:
            return Request(("unsubscribe", number), (Unsubscribe(id=number),))
        case "ping":
            commands = (Ping(),)
        case "auth":
            commands = (Auth(), Subscribe("account"))  # the one opens the other
        case "unauth":
            commands = (Unsubscribe("account"),)
        case _:
            return None
    return Request((str(wire["event"]),), commands)


# --- what we hear --------------------------------------------------------------------------------


def decode(payload: Json, state: State) -> Event:
    """Classify one message: an object is control, by its `event`; an array is data, by its chanId."""
    match payload:
        case {"event": "info", "code": int() | str()}:
            return Event(Kind.STATUS, payload, reason=text_or_none(payload.get("msg")), code=code_of(payload))
        case {"event": "info"}:
            return Event(Kind.STATUS, payload, reason=greeting(payload))
        case {"event": "pong"}:
            return Event(Kind.PONG, payload, request_id=first_or_none(pending_keys(state, "ping")))
        case {"event": "subscribed", "chanId": _}:
            return subscribe_ack(payload, state)
        case {"event": "unsubscribed", "chanId": _} if payload.get("status", "OK") == "OK":
            return unsubscribe_ack(payload, state)
        case {"event": ("auth" | "unauth") as event, "status": "OK"}:
            request, opened = (
                first_or_none(pending_keys(state, event)),
                Subscribe("account") if event == "auth" else None,
            )
            return Event(Kind.ACK, payload, "account", (), event, None, request, ACCOUNT_CHAN_ID, opened)
        case {"event": "error" | "auth" | "unauth" | "unsubscribed"}:
            return rejection(payload, state)
        case [int(number), *_] if not isinstance(number, bool):
            return decode_array(payload, number, state)
        case _:
            return Event(Kind.UNKNOWN, payload)


def decode_array(payload: list[Json], chan_id: int, state: State) -> Event:
    """Classify an array. What an unknown chanId sends stays UNKNOWN, but for heartbeats and tagged trades, which show.

    Docs: the array depth tells a snapshot. A ticker is flat always, so its first one is the snapshot.
    """
    active = state.active.get(chan_id)
    subscribe = active.subscribe if active else None
    channel = "account" if chan_id == ACCOUNT_CHAN_ID else subscribe.channel if subscribe else None
    kind, symbols = Kind.UNKNOWN, subscribe.symbols if subscribe else ()
    match payload[1:]:
        case ["hb", *_]:
            kind = Kind.HEARTBEAT
        case [str(tag), list(rows), *_] if chan_id == ACCOUNT_CHAN_ID and tag in TAGS:
            if tag not in SNAPSHOT_TAGS or are_lists(rows):
                kind = Kind.SNAPSHOT if tag in SNAPSHOT_TAGS else Kind.UPDATE
                symbols = pairs_in(tag, rows)
        case _ if chan_id == ACCOUNT_CHAN_ID:
            pass
        case ["te", seq, time, price, amount, *_] if channel in (None, "trades") and are_numbers(time, price, amount):
            channel, kind, symbols = "trades", Kind.UPDATE, symbols or pair_of(seq)
        case ["tu", seq, _, time, price, amount, *_] if channel in (None, "trades") and are_numbers(
            time, price, amount
        ):
            channel, kind, symbols = "trades", Kind.UPDATE, symbols or pair_of(seq)
        case [list(rows), *_] if channel in ("trades", "book") and are_lists(rows):
            kind = Kind.SNAPSHOT
        case [seq, time, price, amount, *_] if channel == "trades" and are_numbers(time, price, amount):
            if re.match(
                "[0-9]", text_or_none(seq) or "0"
            ):  # before 1.1 there was no tag; an unknown one is no sequence
                kind = Kind.UPDATE
        case [price, orders, amount, *_] if channel == "book" and are_numbers(price, orders, amount):
            kind = Kind.UPDATE
        case [*ten] if channel == "ticker" and len(ten) >= 10 and are_numbers(*(v for v in ten[:10] if v is not None)):
            kind = Kind.UPDATE if active and active.has_data else Kind.SNAPSHOT
    topic = chan_id if active else None
    return Event(kind, payload, channel, symbols, topic=topic, subscription=subscribe)


def are_numbers(*values: Json) -> bool:
    return all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)


def are_lists(rows: list[Json]) -> bool:
    return all(isinstance(row, list) for row in rows)


def pairs_in(tag: str, rows: list[Json]) -> tuple[str, ...]:
    """Return the pairs that an account message speaks of, each once."""
    place = SYMBOL_INDEX.get(TAGS[tag])
    found = (value_at(row, place) for row in account_rows(tag, rows)) if place is not None else ()
    return tuple(dict.fromkeys(pair for pair in found if isinstance(pair, str)))


def pair_of(seq: Json) -> tuple[str, ...]:
    """Return the pair at the end of a sequence text.

    >>> pair_of("90210-ETHUSD")
    ('ETHUSD',)
    """
    match = re.fullmatch(r"[0-9]+-([A-Z]{6})", seq) if isinstance(seq, str) else None
    return (match[1],) if match else ()


def greeting(payload: Mapping[str, Json]) -> str | None:
    """Return the greeting in a few words. Only the whole part of the version counts: the documents say 1, the wire 1.1."""
    version, platform = payload.get("version"), payload.get("platform")
    words = [f"version {text_or_none(version)}"] if text_or_none(version) else []
    if words and not (isinstance(version, int | float) and 1 <= version < 2):
        words.append("this dialect speaks 1.1")
    if isinstance(platform, dict) and are_numbers(platform.get("status")) and platform["status"] == 0:
        words.append("maintenance")
    return ", ".join(words) or None


_learn_default = standard_learn(request_of)


def learn(state: State, message: Frame | Event) -> State:
    """Remember requests and chanIds. A request equal to a pending one waits beside it, under its key and a number.

    The ack's chanId opens or ends a channel even when nobody here asked (a recording, a frame of another spelling).
    """
    if not isinstance(message, Event):
        request = request_of(message)
        if request is None or not isinstance(request.key, tuple):
            return state
        names = chain([request.key], ((*request.key, f"#{n}") for n in count(2)))
        key = next(name for name in names if name not in state.pending)
        return replace(state, pending=with_entries(state.pending, {key: replace(request, key=key)}))
    after = _learn_default(state, message)
    if message.kind is not Kind.ACK or message.topic is None:
        return after
    return with_ack_applied(
        after, message, state.active.get(message.topic), is_our_request=message.request_id in state.pending
    )


def subscription_key(payload: Json, subscribe: Subscribe) -> Key:
    match payload:
        case [int(number), *_]:
            return number
        case _:
            return channel_symbol_key(subscribe)


# --- the login -----------------------------------------------------------------------------------


def login(credentials: Credentials, stamp: RequestContext, endpoint: Endpoint) -> LoginSteps:
    """Sign a nonce and send it: {"event":"auth","apiKey":…,"authPayload":"AUTH<nonce>","authSig":…,"authNonce":…}.

    Raises CredentialsError without key and secret, Rejected when the venue refuses them.
    """
    key, nonce, signature = key_nonce_signature(credentials, stamp)
    reply = yield {
        "event": "auth",
        "apiKey": key,
        "authPayload": f"AUTH{nonce}",
        "authSig": signature,
        "authNonce": nonce,
    }
    return grant_of(reply)


def symbols(answer: Json) -> list[str]:
    """["btcusd","ltcusd",…]: small letters there, capitals on the socket."""
    return [pair.upper() for pair in answer if isinstance(pair, str)] if isinstance(answer, list) else []


def spell(symbol: str) -> str:
    """Return a symbol as v1 writes it.

    >>> [spell(s) for s in ("btc-usd", "BTC/USD", "tBTCUSD", "ethusdt")]
    ['BTCUSD', 'BTCUSD', 'BTCUSD', 'ETHUST']
    """
    bare = re.sub(r"^t(?=[A-Z]|[a-z]{6}$)", "", symbol)  # v2 puts a t in front
    pair = base_and_quote(bare)
    return "".join({"USDT": "UST"}.get(leg, leg) for leg in pair) if pair else bare.upper()


def notice(event: Event) -> RequestedAction | None:
    """A restarting server is left and rejoined; after a refreshed engine every channel is to be subscribed anew."""
    if event.kind is not Kind.STATUS:
        return None
    words: dict[str, RequestedAction] = {"20051": "reconnect", "20060": "pause", "20061": "reconnect"}
    return words.get(str(event.code))


def v2_equivalents() -> dict[str, str]:
    """Return what means the same in v2: all of it, in the same words. A book's parameters stand as they were said."""
    books = (f"book prec={p} freq={f} len={n}" for p, f, n in product(*(param.allowed for param in BOOK_PARAMS)))
    return {words: words for words in ("ticker", "trades", "account", *books)}


BITFINEX = Dialect(
    name="bitfinex",
    title="Bitfinex v1.1",
    api=Api("v1", "unverified", "2026-11", "its pages are still up, but nothing found shows it answering in 2026"),
    endpoints=Endpoints(
        production=ServerUrls({"public": "wss://api.bitfinex.com/ws/1"}, "https://api.bitfinex.com"),
        alternative_urls={"public-only": "wss://api-pub.bitfinex.com/ws/1", "unversioned": "wss://api.bitfinex.com/ws"},
        keepalive=KeepAlive(20, idle_only=True),  # a ping is optional, but a socket without channels is cut after 60 s
        limits=Limits(subscriptions=25, connects=(5, 15), idle_s=60),
    ),
    codec=Codec(
        encode=encode,
        decode=decode,
        request_of=request_of,
        learn=learn,
        explain_key=subscription_key,
        requested_action=notice,
        data_prefix=re.compile(rb'\[\d+,(?:\[\[|-?\d|"(?:te|tu|ps|pn|pu|pc|ws|wu|os|on|ou|oc|hos|ts|hts)",)'),
    ),
    facts=Facts(
        docs="https://docs.bitfinex.com/v1/docs/ws-general",
        channels=CHANNELS,
        successor=Successor("v2", v2_equivalents(), "t{}".format),
        symbol_spelling=SymbolSpelling(r"[A-Z]{6}", "BTCUSD", "in six capital letters", spell),
        code_meanings=CODES,
        book_rules={
            "book": BookRule(deletes_must_exist=True, crossed_limit=10)
        },  # one level a message: crossed between two is no fault
        common_symbols=MARKETS,
        symbol_list=SymbolList("/v1/symbols", symbols),
        unsubscribe_by_id=True,
        notes="one pair a frame; unsubscribe by the chanId of the ack, or by name while connected",
    ),
    login=Login(
        unknown_key_codes=("apikey: invalid",),
        steps=login,
        summary="HMAC-SHA384 login frame",
        required=("key", "secret"),
        test_vector=VECTOR,
    ),
)
