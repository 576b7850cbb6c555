"""Bitfinex v2: what the venue says. An object is control, by its `event`; an array is data, by its chanId."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wscli.core.messages import Event, Json, Key, Kind, State, Subscribe
from wscli.exchanges.bitfinex.answers import code_of, first, refusal, subscribed, text, unsubscribed, waiting, whole
from wscli.exchanges.bitfinex.v2.account import SNAPSHOT_TAGS, TAGS, symbols_in, well_formed
from wscli.exchanges.bitfinex.v2.state import BITS, subscription_in

ACCOUNT = 0  # the chanId of the account


def decode(payload: Json, state: State) -> Event:
    """Classify one message: an object is control, by its `event`; an array is data, by its chanId."""
    match payload:
        case {"event": "info", "code": int() | str()}:
            return Event(Kind.STATUS, payload, reason=text(payload.get("msg")), code=code_of(payload))
        case {"event": "info"}:
            return Event(Kind.STATUS, payload, reason=greeting(payload))
        case {"event": "pong"}:
            sent = ("ping", whole(payload.get("cid")))
            return Event(
                Kind.PONG, payload, request_id=sent if sent in state.pending else first(waiting(state, "ping"))
            )
        case {"event": "conf", "status": "OK"}:
            request = configured(payload, state)
            if missing := withheld(payload, request):
                told = f"conf: not granted: {','.join(missing)}"
                return Event(Kind.ERROR, payload, reason=told, request_id=request, partial=True)
            return Event(Kind.ACK, payload, reason="conf", request_id=request)
        case {"event": "conf"}:
            request, reason = configured(payload, state), text(payload.get("msg", payload.get("status")))
            return Event(Kind.ERROR, payload, reason=reason, code=code_of(payload), request_id=request)
        case {"event": "subscribed", "chanId": _}:
            return subscribed(payload, state, subscription_in)
        case {"event": "unsubscribed", "chanId": _} if payload.get("status", "OK") == "OK":
            return unsubscribed(payload, state)
        case {"event": ("auth" | "unauth") as event, "status": "OK"}:
            request = first(waiting(state, event))
            wanted = [c for c in state.pending[request].commands if isinstance(c, Subscribe)] if request else []
            opened = next(iter(wanted), Subscribe("account")) if event == "auth" else None
            return Event(Kind.ACK, payload, "account", (), event, None, request, ACCOUNT, opened)
        case {"event": "error" | "auth" | "unauth" | "unsubscribed"}:
            return refusal(payload, state, subscription_in)
        case [int(number), *_] if not isinstance(number, bool):
            return account(payload, state) if number == ACCOUNT else data(payload, number, state)
        case _:
            return Event(Kind.UNKNOWN, payload)


def data(payload: list[Json], number: int, state: State) -> Event:
    """Classify an array of a public channel. What an unknown chanId sends stays UNKNOWN, but for heartbeats and trades.

    A book's first list of rows is its snapshot: with flags=bulk updates are lists of rows too.
    """
    active = state.active.get(number)
    subscribe = active.subscribe if active else None
    name = subscribe.channel if subscribe else None
    begun = active is not None and active.begun
    kind, symbols = Kind.UNKNOWN, subscribe.symbols if subscribe else ()
    match payload[1:]:
        case ["hb", *_]:
            kind = Kind.HEARTBEAT
        case ["cs", int(), *_] if name == "book":
            kind = Kind.UPDATE
        case ["te" | "tu" | "fte" | "ftu", [_, _, _, _, *_], *_] if name in (None, "trades"):
            name, kind = "trades", Kind.UPDATE
        case [list(rows), *_] if name == "book" and lists(rows):
            kind = Kind.UPDATE if begun else Kind.SNAPSHOT
        case [[_, _, _, *_] as row, *_] if name == "book" and figures(row[:3]):
            kind = Kind.UPDATE
        case [list(rows), *_] if name in ("trades", "candles") and lists(rows):
            kind = Kind.SNAPSHOT
        case [[_, _, _, _, _, *_] as row, *_] if name == "candles" and figures(row[:5]):
            kind = Kind.UPDATE
        case [[_, _, _, _, _, _, _, *_] as row, *_] if name == "ticker" and figures(row):
            kind = Kind.UPDATE if begun else Kind.SNAPSHOT
        case [[int(), *_], *_] if name == "status":
            kind = Kind.UPDATE if begun else Kind.SNAPSHOT
        case [list(rows), *_] if name == "status" and (lists(rows) or rows[0] == "pos"):
            kind = Kind.UPDATE
    topic = number if active else None
    return Event(kind, payload, name, symbols, topic=topic, subscription=subscribe)


def account(payload: list[Json], state: State) -> Event:
    """Classify an array of channel 0, by its tag."""
    active = state.active.get(ACCOUNT)
    kind, symbols = Kind.UNKNOWN, tuple[str, ...]()
    match payload[1:]:
        case ["hb", *_]:
            kind = Kind.HEARTBEAT
        case [str(tag), list(rows), *_] if tag in TAGS and well_formed(tag, rows):
            kind = Kind.SNAPSHOT if tag in SNAPSHOT_TAGS else Kind.UPDATE
            symbols = symbols_in(tag, rows)
    topic = ACCOUNT if active else None
    return Event(kind, payload, "account", symbols, topic=topic, subscription=active.subscribe if active else None)


def figures(values: Sequence[Json]) -> bool:
    return all(v is None or (isinstance(v, int | float) and not isinstance(v, bool)) for v in values)


def lists(rows: list[Json]) -> bool:
    return all(isinstance(row, list) for row in rows)


def configured(payload: Mapping[str, Json], state: State) -> Key | None:
    """Return the conf that an answer is of: that of the same flags, else the oldest."""
    asked_for = waiting(state, "conf")
    same = [key for key in asked_for if isinstance(key, tuple) and key[1] == payload.get("flags")]
    return first(same or asked_for)


def withheld(payload: Mapping[str, Json], request: Key | None) -> list[str]:
    """Return the flags that a conf asked for and its answer does not repeat; none where the answer repeats no flags."""
    granted = payload.get("flags")
    match request:
        case ("conf", int(asked), *_) if isinstance(granted, int):
            return [flag for flag, bit in BITS.items() if asked & bit and not granted & bit]
        case _:
            return []


def greeting(payload: Mapping[str, Json]) -> str | None:
    """Return the greeting in a few words."""
    version, platform = payload.get("version"), payload.get("platform")
    words = [f"version {text(version)}"] if text(version) else []
    if words and not (isinstance(version, int | float) and 2 <= version < 3):
        words.append("this dialect speaks 2")
    if isinstance(platform, dict) and platform.get("status") in (0, "0"):
        words.append("maintenance")
    return ", ".join(words) or None
