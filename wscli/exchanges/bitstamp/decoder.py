"""Bitstamp: what a received message is."""

from __future__ import annotations

from wscli.core.jsontext import Json, literal
from wscli.core.messages import (
    Event,
    Key,
    Kind,
    State,
)
from wscli.exchanges.bitstamp.channel_names import CHANNELS_BY_NAME, channel_names, subscription_of
from wscli.exchanges.common import channel_and_symbols

SNAPSHOT_CHANNELS = frozenset({"order_book", "detail_order_book"})  # each frame replaces the one before
REQUEST_OF_ACK = {"bts:subscription_succeeded": "bts:subscribe", "bts:unsubscription_succeeded": "bts:unsubscribe"}


def decode(payload: Json, state: State) -> Event:
    """Classify one message: control by its event, data by its channel."""
    match payload:
        case {"event": ("bts:subscription_succeeded" | "bts:unsubscription_succeeded") as event, "channel": str(name)}:
            found = subscription_of(name)
            request = (REQUEST_OF_ACK[event], name)
            return Event(
                Kind.ACK,
                payload,
                found.channel,
                found.symbols,
                reason=event,
                request_id=request if request in state.pending else None,
                topic=name,
                subscription=found,
            )
        case {"event": "bts:heartbeat"}:
            request = ("bts:heartbeat", "")
            return Event(Kind.PONG, payload, request_id=request if request in state.pending else None)
        case {"event": "bts:error"}:
            return rejection(payload, state)
        case {"event": ("bts:request_reconnect" | "bts:connection_established") as event}:
            return Event(Kind.STATUS, payload, reason=event)
        case {"event": str(event), "channel": str(name), "data": dict()} if not event.startswith("bts:"):
            found = subscription_of(name)
            if found.channel not in CHANNELS_BY_NAME or not channel_names(
                found
            ):  # the second: a name that lacks its market
                return Event(Kind.UNKNOWN, payload)
            kind = Kind.SNAPSHOT if found.channel in SNAPSHOT_CHANNELS else Kind.UPDATE
            return Event(kind, payload, found.channel, found.symbols, topic=name, subscription=found)
        case _:
            return Event(Kind.UNKNOWN, payload)


def rejection(payload: dict[str, Json], state: State) -> Event:
    """Classify an error. It names no request, so it is taken as the answer to the likeliest: see `rejected_request`."""
    data = payload.get("data")
    details = data if isinstance(data, dict) else {"message": data}
    code, reason = details.get("code"), details.get("message")
    request = rejected_request(payload.get("channel"), code, state)
    channel, symbols = channel_and_symbols(state, request)
    return Event(
        Kind.ERROR,
        payload,
        channel,
        symbols,
        reason=literal(reason) if reason is not None else None,
        code=code if isinstance(code, int | str) and not isinstance(code, bool) else None,
        request_id=request,
    )


def rejected_request(channel_name: Json, code: Json, state: State) -> Key | None:
    """Return the pending request that an error answers: the only one, else the oldest that it can be about.

    4009 is about a private channel, and a heartbeat is never refused; an error that does name a channel means it.
    """
    keys = [k for k in state.pending if isinstance(k, tuple)]
    if channel_name:
        return next((k for k in keys if k[1] == channel_name), None)
    if code == 4009:
        likely = [k for k in keys if k[1].startswith("private-")]
    else:
        likely = [k for k in keys if k[0] != "bts:heartbeat"]
    return next(iter(likely or keys), None)
