"""Bitfinex v2: what our own frames mean, and what is remembered of one connection.

`conf` holds for the whole connection, so what it switched on stands in the parameters of everything that is subscribed:
a reconnect requests it again, and the user sees it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain, count

from wscli.core.jsontext import Json
from wscli.core.messages import Auth, Command, Event, Frame, Kind, Ping, Request, State, Subscribe, Unsubscribe
from wscli.core.record import replace
from wscli.core.shared_map import with_entries
from wscli.exchanges.bitfinex.answers import int_or_none, text_or_none, with_ack_applied
from wscli.exchanges.common import standard_learn

FLAG_BITS = {"timestamp": 32768, "sequence": 65536, "checksum": 131072, "bulk": 536870912}
BOOK_DEFAULTS = {"prec": "P0", "freq": "F0", "len": "25"}
LOGIN_PARAMS = ("filter", "dms")


# --- what our frames mean ---


def request_of(frame: Frame) -> Request | None:
    """Return what a frame of ours means, under a key made of what its answer may echo, what is left out filled in."""
    match frame:
        case {"event": "subscribe"} if (subscribe := subscription_in(frame)) is not None:
            return Request(
                ("subscribe", subscribe.channel, *subscribe.symbols, *subscribe.params.values()), (subscribe,)
            )
        case {"event": "unsubscribe"} if (number := int_or_none(frame.get("chanId"))) is not None:
            return Request(("unsubscribe", number), (Unsubscribe(id=number),))
        case {"event": "conf", "flags": int(bits)}:
            return Request(("conf", bits), ())
        case {"event": "ping"}:
            return Request(("ping", int_or_none(frame.get("cid"))), (Ping(),))
        case {"event": "auth"}:
            params = {k: v for k in LOGIN_PARAMS if (v := frame.get(k)) is not None}
            if isinstance(params.get("filter"), list | tuple):
                params["filter"] = ",".join(map(str, params["filter"]))
            return Request(("auth",), (Auth(), Subscribe("account", (), params)))  # the one opens the other
        case {"event": "unauth"}:
            return Request(("unauth",), (Unsubscribe("account"),))
        case _:
            return None


def subscription_in(message: Mapping[str, Json], defaults: Mapping[str, Json] = BOOK_DEFAULTS) -> Subscribe | None:
    """Return the Subscribe that a request, an ack or an echo describes.

    >>> subscription_in({"channel": "candles", "key": "trade:1m:fUSD:p30"})
    Subscribe(channel='candles', symbols=('fUSD:p30',), params={'timeframe': '1m'})
    """
    channel, params = message.get("channel"), dict[str, Json]()
    if not isinstance(channel, str):
        return None
    named = next((s for s in (message.get("symbol"), message.get("key")) if isinstance(s, str) and s), None)
    if named is not None and channel == "candles" and (parts := re.fullmatch(r"trade:([^:]+):(.+)", named)):
        named, params["timeframe"] = parts[2], parts[1]
    elif named is not None and re.fullmatch(
        "[A-Z0-9]{6}", named
    ):  # the exchange takes a pair without its t, and adds it
        named = f"t{named}"
    given = {k: text_or_none(message.get(k)) or defaults.get(k) for k in BOOK_DEFAULTS} if channel == "book" else {}
    params |= {k: v for k, v in (given | {"subId": text_or_none(message.get("subId"))}).items() if v is not None}
    return Subscribe(channel, (named,) if named else (), params)


# --- the flags of conf ---


def flags_of(command: Command) -> frozenset[str]:
    text = command.params.get("flags", "") if isinstance(command, Subscribe) else ""
    return frozenset(bit for bit in text.split(",") if bit in FLAG_BITS)


def current_flags(state: State) -> frozenset[str]:
    """Return the flags that were last asked for on this connection: those of the last request that has them.

    A subscription is remembered with the flags that hold, so that any of them shows them.
    """
    for key in reversed(state.pending):
        if isinstance(key, tuple) and key[0] == "conf":
            return frozenset(bit for bit, value in FLAG_BITS.items() if key[1] & value)
        for command in state.pending[key].commands:
            if isinstance(command, Subscribe):
                return flags_of(command)
    return next((flags_of(one.subscribe) for one in state.active.values()), frozenset())


# --- what is remembered --------------------------------------------------------------------------

_learn_default = standard_learn(request_of)


def learn(state: State, message: Frame | Event) -> State:
    """Remember requests and chanIds. A request equal to a pending one waits beside it, under its key and a number.

    The ack's chanId opens or ends a channel even when nobody here asked (a recording, a frame of another spelling).
    """
    if not isinstance(message, Event):
        return _with_request(state, message)
    if message.kind is Kind.UPDATE and message.channel == "book" and message.payload[1] == "cs":
        return state  # a checksum does not begin a book
    after = _learn_default(state, message)
    match message:
        case Event(Kind.ACK | Kind.ERROR, {"event": "conf", "status": "OK", "flags": int(bits)}):
            return _with_confirmed_flags(after, bits)
        case Event(Kind.ACK, topic=topic) if topic is not None:
            return with_ack_applied(
                after, message, state.active.get(topic), is_our_request=message.request_id in state.pending
            )
        case _:
            return after


def _with_request(state: State, frame: Frame) -> State:
    request = request_of(frame)
    if request is None or not isinstance(request.key, tuple):
        return state
    commands = request.commands
    if any(isinstance(command, Subscribe) for command in commands):
        on = current_flags(state)
        commands = tuple(with_flags(command, on) for command in commands)
    names = chain([request.key], ((*request.key, f"#{n}") for n in count(2)))
    key = next(name for name in names if name not in state.pending)
    return replace(state, pending=with_entries(state.pending, {key: Request(key, commands)}))


def _with_confirmed_flags(state: State, bits: int) -> State:
    """Return the state with the flags that the exchange confirmed at everything that is open or asked for."""
    on = frozenset(bit for bit, value in FLAG_BITS.items() if bits & value)
    pending = {k: Request(k, tuple(with_flags(c, on) for c in v.commands)) for k, v in state.pending.items()}
    active = {k: replace(v, subscribe=with_flags(v.subscribe, on)) for k, v in state.active.items()}
    return replace(state, pending=pending, active=active)


def with_flags(command: Command, on: frozenset[str]) -> Command:
    """Return a Subscribe with exactly these flags; any other command as it is."""
    if not isinstance(command, Subscribe) or flags_of(command) == on:
        return command
    params = {k: v for k, v in command.params.items() if k != "flags"}
    words = ",".join(bit for bit in FLAG_BITS if bit in on)
    return replace(command, params=params | {"flags": words} if words else params)
