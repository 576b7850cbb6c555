"""Bybit v5: what a received message is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wscli.core.jsontext import Json, literal
from wscli.core.messages import (
    Auth,
    Event,
    Key,
    Kind,
    Ping,
    Query,
    State,
    Subscribe,
    Unsubscribe,
)
from wscli.exchanges.bybit.v5.catalogue import DEPTHS, INTERVALS, MANUAL_FRAMES
from wscli.exchanges.bybit.v5.topics import (
    CHANNELS_BY_NAME,
    cached_subscription_of,
    subscription_of,
    topics_of,
)
from wscli.exchanges.common import channel_and_symbols

ORDER_OPS = frozenset(c.name for c in MANUAL_FRAMES)
REMOVED_DEPTHS = (500,)  # what older recordings hold
VERBS = {"subscribe": Subscribe, "unsubscribe": Unsubscribe, "ping": Ping, "auth": Auth}


def decode(payload: Json, state: State) -> Event:
    """Classify one message: data, then pongs, refusals and acks of the five kinds of socket."""
    if isinstance(payload, dict) and "data" in payload and isinstance(topic := payload.get("topic"), str):
        found = _subscription_for(topic, state)
        if _is_v5_push(found, payload):
            kind = Kind.SNAPSHOT if payload.get("type") == "snapshot" else Kind.UPDATE
            return Event(kind, payload, found.channel, found.symbols, topic=topic, subscription=found)
    match payload:
        case {"op": "pong"} | {"ret_msg": "pong"}:
            return Event(Kind.PONG, payload, request_id=answered_request(payload, "ping", state))
        case {"type": "COMMAND_RESP", "data": {"successTopics": list() | None, "failTopics": list() | None}}:
            return _decode_topic_answer(
                payload, _topics_in(payload, "successTopics"), _topics_in(payload, "failTopics"), state
            )
        case {"type": "error"} | {"success": False}:
            return rejection(payload, state)
        case {"retCode": int() as code, "op": str()} if code != 0:
            return rejection(payload, state)
        case {"retCode": 0, "op": str(op), "retExtInfo": {"list": list(items)}} if op in ORDER_OPS and _rejected_items(
            items
        ):
            return _batch_rejection(payload, op, items, state)
        case {"retCode": 0, "op": str(op)} if op in ORDER_OPS:
            return Event(Kind.REPLY, payload, op, request_id=answered_request(payload, op, state))
        case {"success": True, "op": ("subscribe" | "unsubscribe" | "auth") as op} | {"retCode": 0, "op": "auth" as op}:
            return _ack(payload, op, answered_request(payload, op, state), state)
        case {"success": True, "type": "AUTH_RESP"}:
            return _ack(payload, "auth", answered_request(payload, "auth", state), state)
        case _:
            return Event(Kind.UNKNOWN, payload)


def _subscription_for(topic: str, state: State) -> Subscribe:
    """Return what a topic was subscribed as on this connection: its product; else what it says by itself."""
    active = state.active.get(topic)
    if active is not None:
        return active.subscribe
    plain = cached_subscription_of(topic) if len(topic) <= 64 else subscription_of(topic)
    for request in state.pending.values():
        for command in request.commands:
            if isinstance(command, Subscribe) and topics_of(command) == (topic,):
                return command
    return plain


def _is_v5_push(found: Subscribe, payload: dict[str, Json]) -> bool:
    """Say whether a push has the shape of v5: the retired API has topics of the same names."""
    match found.channel:
        case "orderbook":
            return any(found.params.get("depth") in depths for depths in (*DEPTHS.values(), REMOVED_DEPTHS))
        case "kline":
            return found.params.get("interval") in INTERVALS
        case "tickers":
            return not (isinstance(data := payload["data"], dict) and "s" in data)
        case name:
            return name in CHANNELS_BY_NAME and not (CHANNELS_BY_NAME[name].private and "type" in payload)


def _ack(payload: dict[str, Json], op: str, request: Key | None, state: State) -> Event:
    channel, symbols = channel_and_symbols(state, request)
    return Event(Kind.ACK, payload, channel, symbols, reason=op, request_id=request)


def _decode_topic_answer(payload: dict[str, Json], accepted: list[str], failed: list[str], state: State) -> Event:
    """Classify the answer of the option socket, which names topics instead of the request; it may grant some of them."""
    request = next((k for k, topics in _pending_topics(state) if topics & {*accepted, *failed}), None)
    if failed or payload.get("success") is False:
        reason, partial = f"failTopics: {' '.join(failed)}", bool(accepted and failed)
        channel, symbols = _channel_and_symbols(failed) if failed else channel_and_symbols(state, request)
        return Event(Kind.ERROR, payload, channel, symbols, reason=reason, request_id=request, partial=partial)
    return _ack(payload, "subscribe", request, state)


def _topics_in(payload: dict[str, Json], name: str) -> list[str]:
    return [str(topic) for topic in payload["data"][name] or ()]


def _channel_and_symbols(topics: Sequence[str]) -> tuple[str | None, tuple[str, ...]]:
    """Return the channel of some topics, where it is one, and their symbols."""
    found = [subscription_of(topic) for topic in topics]
    channels = {one.channel for one in found}
    symbols = dict.fromkeys(symbol for one in found for symbol in one.symbols)
    return (channels.pop() if len(channels) == 1 else None), tuple(symbols)


def _rejected_items(items: Sequence[Json]) -> list[tuple[int, dict[str, Json]]]:
    """Return the items of a batch of orders that are refused, each with its place from 1."""
    return [(at, one) for at, one in enumerate(items, 1) if isinstance(one, dict) and one.get("code") not in (0, None)]


def _batch_rejection(payload: dict[str, Json], op: str, items: Sequence[Json], state: State) -> Event:
    """Classify the answer to a batch of orders that is granted as a whole and refuses some of them."""
    refused = _rejected_items(items)
    words = [f"{at} of {len(items)}: {literal(one['code'])} {literal(one.get('msg'))}" for at, one in refused]
    code = refused[0][1]["code"] if isinstance(refused[0][1]["code"], int | str) else None
    reason, request, partial = "; ".join(words), answered_request(payload, op, state), len(refused) < len(items)
    return Event(Kind.ERROR, payload, op, reason=reason, code=code, request_id=request, partial=partial)


def _pending_topics(state: State) -> Iterator[tuple[Key, set[str]]]:
    for request, pending in state.pending.items():
        commands = [
            c for c in pending.commands if isinstance(c, Subscribe | Unsubscribe) and c.channel in CHANNELS_BY_NAME
        ]
        yield request, {topic for command in commands for topic in topics_of(command)}


def rejection(payload: dict[str, Json], state: State) -> Event:
    """Classify a refusal; one without an id is tied to the oldest request that it can answer.

    A topic that is subscribed already, alone in its request, is as good as acknowledged: it goes on.
    """
    inside = payload.get("request")
    op = payload.get("op") or (inside.get("op") if isinstance(inside, dict) else None)
    request = answered_request(payload, str(op) if op else None, state)
    channel, symbols = channel_and_symbols(state, request)
    code = payload.get("ret_code", payload.get("retCode"))
    reason = payload.get("ret_msg", payload.get("retMsg"))
    text = literal(reason) if reason is not None else None
    alone = request is not None and len(state.pending[request].commands) == 1
    if text is not None and text.startswith("error:already subscribed") and alone:
        return Event(Kind.ACK, payload, channel, symbols, reason="subscribe", request_id=request)
    number = code if isinstance(code, int | str) and not isinstance(code, bool) else None
    return Event(Kind.ERROR, payload, channel, symbols, reason=text, code=number, request_id=request)


def answered_request(payload: dict[str, Json], op: str | None, state: State) -> Key | None:
    """Return the key of the pending request that a message answers: its id, else the oldest with that verb."""
    given = payload.get("req_id") or payload.get("reqId")
    if isinstance(given, str | int) and given in state.pending:
        return given
    if given:
        return None
    wanted = Query if op in ORDER_OPS else VERBS.get(op or "")
    for pending, request in state.pending.items():
        if wanted is None or any(isinstance(c, wanted) for c in request.commands):
            return pending
    return None
