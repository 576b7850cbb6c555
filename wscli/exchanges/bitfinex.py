"""Bitfinex, WebSocket API v1.1.

Docs    https://docs.bitfinex.com/v1/docs/ws-general   (read 2026-11)
Symbol  "BTCUSD": six capital letters, no prefix; USDT is written UST
Size    amounts in base units, signed: above zero the taker bought, or a bid; JSON numbers, small ones as 7e-7
Time    integer seconds; orders carry ISO 8601 text
Beat    [chanId,"hb"] after a second without data, on each channel; {"event":"ping"} is optional
Book    [PRICE, COUNT, AMOUNT], or [ORDER_ID, PRICE, AMOUNT] with prec=R0; no sequence, no checksum
Limits  none documented for v1; v2's are assumed: 25 channels a socket, 5 connects in 15 s, idle sockets end after 60 s
Login   HMAC-SHA384 hex of "AUTH" + nonce (microseconds) in an auth frame; the account is then channel 0

Data never names its symbol: the chanId of the ack is the only link. Nor is there a request id: an answer is tied
to its request by what it echoes, else by its code, else to the oldest that it can answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count

from wscli.dialect import (
    Api,
    Dialect,
    Endpoint,
    KeepAlive,
    Limits,
    Places,
    Shape,
    base_and_quote,
    by_name,
    ends,
    one_by_one,
    remembering,
)
from wscli.errors import CredentialsError, Rejected, Unsupported, UsageError
from wscli.exchanges.bitfinex_catalogue import (
    CHANNELS,
    CODES,
    MARKETS,
    SNAPSHOT_TAGS,
    SYMBOL_AT,
    TAGS,
    account_rows,
    at,
)
from wscli.model import (
    Active,
    Asked,
    Auth,
    Command,
    Credentials,
    Event,
    Grant,
    HttpReply,
    Json,
    Key,
    Kind,
    Ping,
    Query,
    Secret,
    Stamp,
    State,
    Steps,
    Subscribe,
    Unsubscribe,
    Wire,
    literal,
)
from wscli.signing import hmac_hex

ACCOUNT = 0  # the chanId of the account
BOOK_DEFAULTS = {"prec": "P0", "freq": "F0", "len": "25"}


# --- what we say ---------------------------------------------------------------------------------


def encode(commands: Sequence[Command], state: State, stamp: Stamp) -> tuple[Wire, ...]:
    """Return the frames for `commands`: one a symbol. The account has none: the login opens it, unauth ends it.

    Raises UsageError for an unsubscribe whose chanId is not known.
    """
    wires: list[Wire] = []
    for command in commands:
        match command:
            case Subscribe(channel="account"):
                pass
            case Subscribe():
                wires += [frame(one) for one in one_by_one(command)]
            case Unsubscribe(channel="account"):
                wires.append({"event": "unauth"})
            case Unsubscribe():
                wires += [{"event": "unsubscribe", "chanId": number} for number in numbers(command, state)]
            case Ping():
                wires.append({"event": "ping"})
            case Query(name):
                raise Unsupported(f"bitfinex has no query named {name!r}: its v1 socket answers none")
    return tuple(wire for i, wire in enumerate(wires) if wire not in wires[:i])


def frame(subscribe: Subscribe) -> Wire:
    """Return the frame of one subscription.

    >>> frame(Subscribe("book", ("ETHUSD",), {"prec": "R0", "freq": "F0", "len": "25"}))
    {'event': 'subscribe', 'channel': 'book', 'pair': 'ETHUSD', 'prec': 'R0', 'len': '25'}
    """
    params = {k: v for k, v in subscribe.params.items() if k != "freq" or subscribe.params.get("prec") != "R0"}
    pair = {"pair": subscribe.symbols[0]} if subscribe.symbols else {}
    return {"event": "subscribe", "channel": subscribe.channel, **pair, **params}


def numbers(end: Unsubscribe, state: State) -> list[int]:
    """Return the chanIds that `end` speaks of. Raises UsageError when one of its symbols has none here."""
    if end.id is not None:
        return [end.id]
    found: list[int] = []
    for one in [replace(end, symbols=(s,)) for s in end.symbols] or [end]:
        known = [k for k, v in state.active.items() if isinstance(k, int) and ends(one, k, v.subscribe)]
        if not known:
            raise UsageError(
                f"bitfinex ends a channel by its number, and none is known here for {' '.join([one.channel, *one.symbols])}",
                "use the chanId of the ack: wscli bitfinex unsubscribe 17",
            )
        found += known
    return found


def asked(wire: Wire) -> Asked | None:
    """Return what a frame of ours means, under a key made of what its answer may echo, what is left out filled in."""
    commands: tuple[Command, ...]
    match wire.get("event"):
        case "subscribe" if (subscribe := subscription_in(wire)) is not None:
            return Asked(("subscribe", subscribe.channel, *subscribe.symbols, *subscribe.params.values()), (subscribe,))
        case "unsubscribe" if (number := whole(wire.get("chanId"))) is not None:
            return Asked(("unsubscribe", number), (Unsubscribe(id=number),))
        case "ping":
            commands = (Ping(),)
        case "auth":
            commands = (Auth(), Subscribe("account"))  # the one opens the other
        case "unauth":
            commands = (Unsubscribe("account"),)
        case _:
            return None
    return Asked((str(wire["event"]),), commands)


def subscription_in(message: Mapping[str, Json], defaults: Mapping[str, Json] = BOOK_DEFAULTS) -> Subscribe | None:
    """Return the Subscribe that a request, an ack or an echo describes; ccxt wrote `symbol` for `pair`, and was served."""
    channel = message.get("channel")
    if not isinstance(channel, str):
        return None
    pair = next((p for p in (message.get("pair"), message.get("symbol")) if isinstance(p, str) and p), None)
    given = {k: text(message.get(k)) or defaults.get(k) for k in BOOK_DEFAULTS} if channel == "book" else {}
    return Subscribe(channel, (pair,) if pair else (), {k: v for k, v in given.items() if v is not None})


def text(value: Json) -> str | None:
    """Return a text or a number as it was written; None for anything else."""
    return literal(value) if isinstance(value, str | int | float) else None


def whole(value: Json) -> int | None:
    """Return a chanId or a code as a number; the documents write both as digits in a text, too.

    >>> whole(10300), whole("20061"), whole(True), whole("x")
    (10300, 20061, None, None)
    """
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


# --- what we hear --------------------------------------------------------------------------------


def decode(payload: Json, state: State) -> Event:
    """Classify one message: an object is control, by its `event`; an array is data, by its chanId."""
    match payload:
        case {"event": "info", "code": int() | str()}:
            return Event(Kind.STATUS, payload, reason=text(payload.get("msg")), code=code_of(payload))
        case {"event": "info"}:
            return Event(Kind.STATUS, payload, reason=greeting(payload))
        case {"event": "pong"}:
            return Event(Kind.PONG, payload, request_id=first(waiting(state, "ping")))
        case {"event": "subscribed", "chanId": _}:
            return subscribed(payload, state)
        case {"event": "unsubscribed", "chanId": _} if payload.get("status", "OK") == "OK":
            return unsubscribed(payload, state)
        case {"event": "auth", "status": "OK"}:
            request = first(waiting(state, "auth"))
            account = Subscribe("account")
            return Event(
                Kind.ACK, payload, "account", reason="auth", request_id=request, topic=ACCOUNT, subscription=account
            )
        case {"event": "unauth", "status": "OK"}:
            request = first(waiting(state, "unauth"))
            return Event(Kind.ACK, payload, "account", reason="unauth", request_id=request, topic=ACCOUNT)
        case {"event": "error" | "auth" | "unauth" | "unsubscribed"}:
            return refusal(payload, state)
        case [int(number), *_] if not isinstance(number, bool):
            return data(payload, number, state)
        case _:
            return Event(Kind.UNKNOWN, payload)


def data(payload: list[Json], number: int, state: State) -> Event:
    """Classify an array. What an unknown chanId sends stays UNKNOWN, but for heartbeats and tagged trades, which show.

    Docs: the array depth tells a snapshot. A ticker is flat always, so its first one is the snapshot.
    """
    active = state.active.get(number)
    subscribe = active.subscribe if active else None
    channel = "account" if number == ACCOUNT else subscribe.channel if subscribe else None
    kind, symbols = Kind.UNKNOWN, subscribe.symbols if subscribe else ()
    match payload[1:]:
        case ["hb", *_]:
            kind = Kind.HEARTBEAT
        case [str(tag), list(rows), *_] if number == ACCOUNT and tag in TAGS:
            if tag not in SNAPSHOT_TAGS or lists(rows):
                kind = Kind.SNAPSHOT if tag in SNAPSHOT_TAGS else Kind.UPDATE
                symbols = pairs(tag, rows)
        case _ if number == ACCOUNT:
            pass
        case ["te", seq, time, price, amount, *_] if channel in (None, "trades") and figures(time, price, amount):
            channel, kind, symbols = "trades", Kind.UPDATE, symbols or pair_of(seq)
        case ["tu", seq, _, time, price, amount, *_] if channel in (None, "trades") and figures(time, price, amount):
            channel, kind, symbols = "trades", Kind.UPDATE, symbols or pair_of(seq)
        case [list(rows), *_] if channel in ("trades", "book") and lists(rows):
            kind = Kind.SNAPSHOT
        case [seq, time, price, amount, *_] if channel == "trades" and figures(time, price, amount):
            if re.match("[0-9]", text(seq) or "0"):  # before 1.1 there was no tag; an unknown one is no sequence
                kind = Kind.UPDATE
        case [price, orders, amount, *_] if channel == "book" and figures(price, orders, amount):
            kind = Kind.UPDATE
        case [*values] if (
            channel == "ticker" and len(values) >= 10 and figures(*(0 if v is None else v for v in values[:10]))
        ):
            kind = Kind.UPDATE if active and active.begun else Kind.SNAPSHOT
    topic = number if active else None
    return Event(kind, payload, channel, symbols, topic=topic, subscription=subscribe)


def figures(*values: Json) -> bool:
    return all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)


def lists(rows: list[Json]) -> bool:
    return all(isinstance(row, list) for row in rows)


def pairs(tag: str, rows: list[Json]) -> tuple[str, ...]:
    """Return the pairs that an account message speaks of, each once."""
    place = SYMBOL_AT.get(TAGS[tag])
    found = (at(row, place) for row in account_rows(tag, rows)) if place is not None else ()
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
    words = [f"version {text(version)}"] if text(version) else []
    if words and not (isinstance(version, int | float) and 1 <= version < 2):
        words.append("this dialect speaks 1.1")
    if isinstance(platform, dict) and figures(platform.get("status")) and platform["status"] == 0:
        words.append("maintenance")
    return ", ".join(words) or None


# --- answers, without a request id ---------------------------------------------------------------


def waiting(state: State, *verbs: str) -> list[Key]:
    """Return the keys of the pending requests with one of these verbs (any, when none is named), oldest first."""
    return [k for k in state.pending if isinstance(k, tuple) and (not verbs or k[0] in verbs)]


def first(keys: Iterable[Key]) -> Key | None:
    return next(iter(keys), None)


def pending_subscribe(state: State, key: Key) -> Subscribe | None:
    commands = state.pending[key].commands
    return next((c for c in commands if isinstance(c, Subscribe)), None)


def matching(echo: Subscribe, state: State) -> list[Key]:
    """Return the pending subscribes that an echo can mean: in all it says, else in channel and pair. Oldest first."""
    same: list[Key] = []
    near: list[Key] = []
    for key in waiting(state, "subscribe"):
        wanted = pending_subscribe(state, key)
        if wanted is None or wanted.channel != echo.channel or (echo.symbols and wanted.symbols != echo.symbols):
            continue
        near.append(key)
        if all(wanted.params.get(name) == value for name, value in echo.params.items()):
            same.append(key)
    return same or near


def subscribed(payload: dict[str, Json], state: State) -> Event:
    """Classify an ack. What it leaves out (the documents show only channel and chanId) is as it was asked."""
    echo, number = subscription_in(payload, {}), whole(payload["chanId"])
    if echo is None or number is None:
        return Event(Kind.UNKNOWN, payload)
    request = first(matching(echo, state))
    wanted = pending_subscribe(state, request) if request is not None else subscription_in(payload)
    if wanted is not None:
        echo = Subscribe(echo.channel, echo.symbols or wanted.symbols, {**wanted.params, **echo.params})
    return Event(
        Kind.ACK,
        payload,
        echo.channel,
        echo.symbols,
        reason="subscribed",
        request_id=request,
        topic=number,
        subscription=echo,
    )


def unsubscribed(payload: dict[str, Json], state: State) -> Event:
    number = whole(payload["chanId"])
    request = first(k for k in waiting(state, "unsubscribe") if state.pending[k].commands == (Unsubscribe(id=number),))
    channel, symbols = meant(state, request, number)
    return Event(Kind.ACK, payload, channel, symbols, reason="unsubscribed", request_id=request, topic=number)


def refusal(payload: dict[str, Json], state: State) -> Event:
    """Classify a refusal: tied by what it echoes, else by what its code can answer, else to the oldest request."""
    code, event, number = code_of(payload), payload["event"], whole(payload.get("chanId"))
    echo = subscription_in(payload, {})
    verbs = answers(code) if event == "error" else ["unsubscribe" if event == "unsubscribed" else str(event)]
    if echo is not None and verbs in ([], ["subscribe"]):
        keys = matching(echo, state)
    else:
        keys = waiting(state, *verbs)
        if number is not None:
            keys = [k for k in keys if state.pending[k].commands == (Unsubscribe(id=number),)] or keys
    if (
        code == 10301
    ):  # the second of two equals is the one refused, and its refusal can come before the first one's ack
        keys = [k for k in keys if repeated(state, k)] or keys
    request = first(keys)
    channel, symbols = meant(state, request, None)
    if echo is not None and not channel:
        channel, symbols = echo.channel, echo.symbols
    return Event(
        Kind.ERROR,
        payload,
        channel,
        symbols,
        reason=text(payload.get("msg", payload.get("status"))),
        code=code,
        request_id=request,
    )


def code_of(payload: Mapping[str, Json]) -> int | str | None:
    """Return the code: a number, also where it came as digits in a text."""
    number = whole(payload.get("code"))
    return number if number is not None else text(payload.get("code"))


def answers(code: int | str | None) -> list[str]:
    """Return the verb that an error code answers, by the documents' grouping; empty where it can be any."""
    match code:
        case 10001 | 10011 | 10012:
            return ["subscribe"]
        case int():
            verb = {101: "auth", 102: "unauth", 103: "subscribe", 104: "unsubscribe"}.get(code // 100)
            return [verb] if verb else []
        case _:
            return []


def repeated(state: State, key: Key) -> bool:
    """Say whether a pending subscribe repeats an older one, or one that is open."""
    older = list(state.pending)[: list(state.pending).index(key)]
    wanted = pending_subscribe(state, key)
    open_ones = [active.subscribe for active in state.active.values()]
    return wanted is not None and wanted in [*open_ones, *(pending_subscribe(state, k) for k in older)]


def meant(state: State, request: Key | None, number: int | None) -> tuple[str | None, tuple[str, ...]]:
    """Return the channel and symbols of a pending request or of a chanId; an unsubscribe names only its chanId."""
    for command in state.pending[request].commands if request is not None else ():
        match command:
            case Subscribe(channel=channel, symbols=symbols):
                return channel, symbols
            case Unsubscribe(id=int(named)):
                number = named
            case Unsubscribe(channel=channel):
                return channel, ()
    active = state.active.get(number)
    return (active.subscribe.channel, active.subscribe.symbols) if active else (None, ())


_settle = remembering(asked)


def learn(state: State, what: Wire | Event) -> State:
    """Remember requests and chanIds. A request equal to a pending one waits beside it, under its key and a number.

    The ack's chanId opens or ends a channel even when nobody here asked (a recording, a frame of another spelling).
    """
    if not isinstance(what, Event):
        request = asked(what)
        if request is None or not isinstance(request.key, tuple):
            return state
        names = chain([request.key], ((*request.key, f"#{n}") for n in count(2)))
        key = next(name for name in names if name not in state.pending)
        return replace(state, pending={**state.pending, key: replace(request, key=key)})
    state = _settle(state, what)
    if what.kind is not Kind.ACK or what.topic is None:
        return state
    active = {k: v for k, v in state.active.items() if k != what.topic}
    if isinstance(what.subscription, Subscribe):
        active[what.topic] = Active(what.subscription)
    return replace(state, active=active)


def place(payload: Json, subscribe: Subscribe) -> Key:
    match payload:
        case [int(number), *_]:
            return number
        case _:
            return by_name(subscribe)


# --- the login -----------------------------------------------------------------------------------


def login(credentials: Credentials, stamp: Stamp, endpoint: Endpoint) -> Steps:
    """Sign a nonce and send it: {"event":"auth","apiKey":…,"authPayload":"AUTH<nonce>","authSig":…,"authNonce":…}.

    Raises CredentialsError without key and secret, Rejected when the venue refuses them.
    """
    if credentials.key is None or credentials.secret is None:
        raise CredentialsError(
            "bitfinex's account needs a key and a secret", "set WSCLI_BITFINEX_KEY and WSCLI_BITFINEX_SECRET"
        )
    # Microseconds must rise from login to login. The ids do, from 1, so the first is the clock itself, and two in
    # the same microsecond still differ; nothing is remembered here.
    nonce = str(stamp.now_ns // 1000 + next(stamp.ids) - 1)
    reply = yield {
        "event": "auth",
        "apiKey": credentials.key,
        "authPayload": f"AUTH{nonce}",
        "authSig": Secret(hmac_hex(credentials.secret.reveal(), f"AUTH{nonce}", "sha384")),
        "authNonce": nonce,
    }
    if isinstance(reply, HttpReply) or reply.kind is not Kind.ACK:
        raise Rejected(f"bitfinex refused the login: {'' if isinstance(reply, HttpReply) else reply.reason}")
    return Grant()


def spell(symbol: str) -> str:
    """Return a symbol as v1 writes it.

    >>> [spell(s) for s in ("btc-usd", "BTC/USD", "tBTCUSD", "ethusdt")]
    ['BTCUSD', 'BTCUSD', 'BTCUSD', 'ETHUST']
    """
    bare = re.sub(r"^t(?=[A-Z]|[a-z]{6}$)", "", symbol)  # v2 puts a t in front
    pair = base_and_quote(bare)
    return "".join({"USDT": "UST"}.get(leg, leg) for leg in pair) if pair else bare.upper()


BITFINEX = Dialect(
    name="bitfinex",
    title="Bitfinex v1.1",
    docs="https://docs.bitfinex.com/v1/docs/ws-general",
    api=Api("v1", "unverified", "2026-11", "its pages are still up, but nothing found shows it answering in 2026"),
    production=Places({"public": "wss://api.bitfinex.com/ws/1"}),
    encode=encode,
    decode=decode,
    asked=asked,
    learn=learn,
    channels=CHANNELS,
    shape=Shape(r"[A-Z]{6}", "BTCUSD", "in six capital letters", spell),
    alternatives={"public-only": "wss://api-pub.bitfinex.com/ws/1", "unversioned": "wss://api.bitfinex.com/ws"},
    keepalive=KeepAlive(20, idle_only=True),  # a ping is optional, but a socket without channels is cut after 60 s
    limits=Limits(subscriptions=25, connects=(5, 15), idle_s=60),
    codes=CODES,
    login=login,
    auth="HMAC-SHA384 login frame",
    secrets=("key", "secret"),
    place=place,
    markets=MARKETS,
    unsubscribe_by_id=True,
    notes="one pair a frame; unsubscribe by the chanId of the ack, or by name while connected",
)
