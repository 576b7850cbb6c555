"""Bitfinex v1.1: what a received message is. An object is control, by its `event`; an array is data, by its chanId."""

from __future__ import annotations

import re
from collections.abc import Mapping

from wscli.core.jsontext import Json
from wscli.core.messages import (
    Event,
    Kind,
    State,
    Subscribe,
)
from wscli.exchanges.bitfinex.answers import (
    code_of,
    first_or_none,
    pending_keys,
    rejection,
    subscribe_ack,
    text_or_none,
    unsubscribe_ack,
)
from wscli.exchanges.bitfinex.v1.catalogue import (
    SNAPSHOT_TAGS,
    SYMBOL_INDEX,
    TAGS,
    account_rows,
    value_at,
)

ACCOUNT_CHAN_ID = 0  # the chanId of the account


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

    Docs: the depth of the array marks a snapshot. A ticker is flat always, so its first one is the snapshot.
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
        words.append("wscli supports version 1.1")
    if isinstance(platform, dict) and are_numbers(platform.get("status")) and platform["status"] == 0:
        words.append("maintenance")
    return ", ".join(words) or None
