"""WhiteBIT: what a received message is."""

from __future__ import annotations

from wscli.core.jsontext import Json, literal
from wscli.core.messages import (
    Event,
    Key,
    Kind,
    Query,
    State,
    Subscribe,
    Unsubscribe,
)
from wscli.exchanges.common import channel_and_symbols
from wscli.exchanges.whitebit.catalogue import rows_in
from wscli.exchanges.whitebit.private_catalogue import (
    symbols_in,
)

SNAPSHOT_CHANNELS = frozenset({"positionsMargin", "borrowsMargin"})  # each push replaces the one before
MARKET_INDEX_AND_MIN_LENGTH = {
    "candles": (7, 8),
    "bookTicker": (2, 8),
    "premiumIndex": (0, 6),
}  # where a row names its market, its length


def decode(payload: Json, state: State) -> Event:
    """Classify one message: a push has a method and no id, a reply the id of its request."""
    match payload:
        case {"method": str(method), "params": list(params)} if payload.get("id") is None:
            return decode_push(payload, method, params, state)
        case {"method": str(method), "params": dict(params)} if payload.get("id") is None:
            return decode_private_push(payload, method, params, state)
        case {"id": int(id)} if not isinstance(id, bool) and (payload.get("error") is not None or "result" in payload):
            return decode_reply(payload, id, state)
        case _:
            return Event(Kind.UNKNOWN, payload)


def decode_push(payload: Json, method: str, params: list[Json], state: State) -> Event:
    """Classify a push. The cases are the shapes in the docs."""
    match method, params:
        case "depth_update", [bool(whole), dict(), str(market), *_]:
            return data_event(payload, "depth", (market,), state, is_snapshot=whole)
        case "trades_update", [str(market), list(), *_]:
            # The first message after the ack brings past trades; nothing in it says so.
            active = state.active.get(("trades", market))
            return data_event(
                payload, "trades", (market,), state, is_snapshot=active is not None and not active.has_data
            )
        case "lastprice_update", [str(market), str() | int() | float() | None, *_]:
            return data_event(payload, "lastprice", (market,), state)
        case (("market_update" | "marketToday_update"), [str(market), dict(), *_]):
            return data_event(payload, method.removesuffix("_update"), (market,), state)
        case (("candles_update" | "bookTicker_update" | "premiumIndex_update"), [_, *_]):
            channel = method.removesuffix("_update")
            markets = [market_of(row, *MARKET_INDEX_AND_MIN_LENGTH[channel]) for row in rows_in(params)]
            symbols = tuple(dict.fromkeys(m for m in markets if m is not None))
            return data_event(payload, channel, symbols, state) if None not in markets else Event(Kind.UNKNOWN, payload)
        case _:
            return decode_private_push(payload, method, params, state)


def decode_private_push(payload: Json, method: str, params: Json, state: State) -> Event:
    """Classify a push of a private channel."""
    channel = method.removesuffix("_update")
    symbols = symbols_in(channel, params) if method != channel else None
    if symbols is None:
        return Event(Kind.UNKNOWN, payload)
    return data_event(payload, channel, symbols, state, is_snapshot=channel in SNAPSHOT_CHANNELS)


def market_of(row: Json, index: int, min_length: int) -> str | None:
    return row[index] if isinstance(row, list) and len(row) >= min_length and isinstance(row[index], str) else None


def data_event(
    payload: Json, channel: str, symbols: tuple[str, ...], state: State, *, is_snapshot: bool = False
) -> Event:
    """Return the event of a push, with the subscription it belongs to: that of its market, else that of all markets."""
    topic: Key = (channel, *symbols[:1])
    if topic not in state.active and (channel,) in state.active:
        topic = (channel,)
    active = state.active.get(topic)
    return Event(
        Kind.SNAPSHOT if is_snapshot else Kind.UPDATE,
        payload,
        channel,
        symbols,
        topic=topic,
        subscription=active.subscribe if active is not None else None,
    )


def decode_reply(payload: dict[str, Json], id: int, state: State) -> Event:
    """Classify a reply. It names neither method nor market: the request with its id does."""
    commands = state.pending[id].commands if id in state.pending else ()
    query = next((c for c in commands if isinstance(c, Query)), None)
    channel, symbols = (query.name, query.symbols) if query is not None else channel_and_symbols(state, id)

    def event(kind: Kind, reason: Json = None, code: Json = None) -> Event:
        words = literal(reason) if reason is not None else None
        code = code if isinstance(code, int | str) else None
        request = id if id in state.pending else None
        return Event(kind, payload, channel, symbols, words, code, request_id=request, subscription=query)

    match payload.get("error"), payload.get("result"):
        case {**failure}, _:
            return event(Kind.ERROR, failure.get("message"), failure.get("code"))
        case error, _ if error is not None:
            return event(Kind.ERROR, error)
        case _, "pong":
            return event(Kind.PONG)
        case _, {"status": "success"}:
            return event(Kind.ACK, "success")
        case _, {"status": str(status), **others} if not others:  # an order of the private methods has more
            return event(Kind.ERROR, status)
        case _, result if any(isinstance(c, Subscribe | Unsubscribe) for c in commands):
            return event(Kind.ERROR, literal(result))
        case _:
            return event(Kind.REPLY)
