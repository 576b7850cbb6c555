"""Bitfinex v2: what a received message is. An object is control, by its `event`; an array is data, by its chanId."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wscli.core.jsontext import Json
from wscli.core.messages import Event, Key, Kind, State, Subscribe
from wscli.exchanges.bitfinex.answers import (
    code_of,
    first_or_none,
    int_or_none,
    pending_keys,
    rejection,
    subscribe_ack,
    text_or_none,
    unsubscribe_ack,
)
from wscli.exchanges.bitfinex.v2.account_catalogue import SNAPSHOT_TAGS, TAGS, is_well_formed, symbols_in
from wscli.exchanges.bitfinex.v2.state import FLAG_BITS, subscription_in

ACCOUNT_CHAN_ID = 0  # the chanId of the account


def decode(payload: Json, state: State) -> Event:
    """Classify one message: an object is control, by its `event`; an array is data, by its chanId."""
    match payload:
        case {"event": "info", "code": int() | str()}:
            return Event(Kind.STATUS, payload, reason=text_or_none(payload.get("msg")), code=code_of(payload))
        case {"event": "info"}:
            return Event(Kind.STATUS, payload, reason=greeting(payload))
        case {"event": "pong"}:
            sent = ("ping", int_or_none(payload.get("cid")))
            return Event(
                Kind.PONG,
                payload,
                request_id=sent if sent in state.pending else first_or_none(pending_keys(state, "ping")),
            )
        case {"event": "conf", "status": "OK"}:
            request = matching_conf(payload, state)
            if missing := rejected_flags(payload, request):
                rejection_reason = f"conf: not granted: {','.join(missing)}"
                return Event(Kind.ERROR, payload, reason=rejection_reason, request_id=request, partial=True)
            return Event(Kind.ACK, payload, reason="conf", request_id=request)
        case {"event": "conf"}:
            request, reason = matching_conf(payload, state), text_or_none(payload.get("msg", payload.get("status")))
            return Event(Kind.ERROR, payload, reason=reason, code=code_of(payload), request_id=request)
        case {"event": "subscribed", "chanId": _}:
            return subscribe_ack(payload, state, subscription_in)
        case {"event": "unsubscribed", "chanId": _} if payload.get("status", "OK") == "OK":
            return unsubscribe_ack(payload, state)
        case {"event": ("auth" | "unauth") as event, "status": "OK"}:
            request = first_or_none(pending_keys(state, event))
            wanted = [c for c in state.pending[request].commands if isinstance(c, Subscribe)] if request else []
            opened = next(iter(wanted), Subscribe("account")) if event == "auth" else None
            return Event(Kind.ACK, payload, "account", (), event, None, request, ACCOUNT_CHAN_ID, opened)
        case {"event": "error" | "auth" | "unauth" | "unsubscribed"}:
            return rejection(payload, state, subscription_in)
        case [int(number), *_] if not isinstance(number, bool):
            return decode_account(payload, state) if number == ACCOUNT_CHAN_ID else decode_array(payload, number, state)
        case _:
            return Event(Kind.UNKNOWN, payload)


def decode_array(payload: list[Json], chan_id: int, state: State) -> Event:
    """Classify an array of a public channel. What an unknown chanId sends stays UNKNOWN, but for heartbeats and trades.

    A book's first list of rows is its snapshot: with flags=bulk updates are lists of rows too.
    """
    active = state.active.get(chan_id)
    subscribe = active.subscribe if active else None
    name = subscribe.channel if subscribe else None
    begun = active is not None and active.has_data
    kind, symbols = Kind.UNKNOWN, subscribe.symbols if subscribe else ()
    match payload[1:]:
        case ["hb", *_]:
            kind = Kind.HEARTBEAT
        case ["cs", int(), *_] if name == "book":
            kind = Kind.UPDATE
        case ["te" | "tu" | "fte" | "ftu", [_, _, _, _, *_], *_] if name in (None, "trades"):
            name, kind = "trades", Kind.UPDATE
        case [list(rows), *_] if name == "book" and are_lists(rows):
            kind = Kind.UPDATE if begun else Kind.SNAPSHOT
        case [[_, _, _, *_] as row, *_] if name == "book" and are_numbers(row[:3]):
            kind = Kind.UPDATE
        case [list(rows), *_] if name in ("trades", "candles") and are_lists(rows):
            kind = Kind.SNAPSHOT
        case [[_, _, _, _, _, *_] as row, *_] if name == "candles" and are_numbers(row[:5]):
            kind = Kind.UPDATE
        case [[_, _, _, _, _, _, _, *_] as row, *_] if name == "ticker" and are_numbers(row):
            kind = Kind.UPDATE if begun else Kind.SNAPSHOT
        case [[int(), *_], *_] if name == "status":
            kind = Kind.UPDATE if begun else Kind.SNAPSHOT
        case [list(rows), *_] if name == "status" and (are_lists(rows) or rows[0] == "pos"):
            kind = Kind.UPDATE
    topic = chan_id if active else None
    return Event(kind, payload, name, symbols, topic=topic, subscription=subscribe)


def decode_account(payload: list[Json], state: State) -> Event:
    """Classify an array of channel 0, by its tag."""
    active = state.active.get(ACCOUNT_CHAN_ID)
    kind, symbols = Kind.UNKNOWN, tuple[str, ...]()
    match payload[1:]:
        case ["hb", *_]:
            kind = Kind.HEARTBEAT
        case [str(tag), list(rows), *_] if tag in TAGS and is_well_formed(tag, rows):
            kind = Kind.SNAPSHOT if tag in SNAPSHOT_TAGS else Kind.UPDATE
            symbols = symbols_in(tag, rows)
    topic = ACCOUNT_CHAN_ID if active else None
    return Event(kind, payload, "account", symbols, topic=topic, subscription=active.subscribe if active else None)


def are_numbers(values: Sequence[Json]) -> bool:
    return all(v is None or (isinstance(v, int | float) and not isinstance(v, bool)) for v in values)


def are_lists(rows: list[Json]) -> bool:
    return all(isinstance(row, list) for row in rows)


def matching_conf(payload: Mapping[str, Json], state: State) -> Key | None:
    """Return the conf that an answer is of: that of the same flags, else the oldest."""
    keys = pending_keys(state, "conf")
    same = [key for key in keys if isinstance(key, tuple) and key[1] == payload.get("flags")]
    return first_or_none(same or keys)


def rejected_flags(payload: Mapping[str, Json], request: Key | None) -> list[str]:
    """Return the flags that a conf asked for and its answer does not repeat; none where the answer repeats no flags."""
    granted = payload.get("flags")
    match request:
        case ("conf", int(asked), *_) if isinstance(granted, int):
            return [flag for flag, bit in FLAG_BITS.items() if asked & bit and not granted & bit]
        case _:
            return []


def greeting(payload: Mapping[str, Json]) -> str | None:
    """Return the greeting in a few words."""
    version, platform = payload.get("version"), payload.get("platform")
    words = [f"version {text_or_none(version)}"] if text_or_none(version) else []
    if words and not (isinstance(version, int | float) and 2 <= version < 3):
        words.append("wscli supports version 2")
    if isinstance(platform, dict) and platform.get("status") in (0, "0"):
        words.append("maintenance")
    return ", ".join(words) or None
