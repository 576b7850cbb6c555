"""Bybit, WebSocket API v5: spot, linear, inverse and option, each on a socket of its own; private topics on another.

Docs    https://bybit-exchange.github.io/docs/v5/ws/connect   (read 2026-07)
Symbol  "BTCUSDT"; "BTCPERP", "BTC-26MAR27" settle in USDC; an option is "BTC-26MAR27-90000-C"
Size    `v`, `size`, `qty` in base units (of inverse contracts: USD); decimal texts
Time    integer milliseconds in public messages, digits in a text on private ones; `cts` is the matching engine's
Beat    we send {"op":"ping"} every 20 s; five shapes of pong
Book    a snapshot, then deltas whose `u` rises by one; a snapshot at any time, and u = 1, begin anew. No checksum
Acks    five shapes too; data may come before its ack. One bad topic refuses the whole request
Limits  spot 10 args a frame; linear and inverse 21,000 characters of topics a connection; option 2,000 topics
Login   as in bybit_login, then the private topics; the trade socket (order entry) has the same one

No message but a request's own id tells linear from spot: the `req_id` of a request begins with its product.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from wscli.core.book_rules import BookRule, HttpSnapshot, consecutive_number
from wscli.core.dialect import Api, Codec, Dialect, Endpoints, Facts, KeepAlive, Limits, Login, ServerUrls, SymbolList
from wscli.core.errors import Unsupported, UsageError
from wscli.core.jsontext import Json, literal
from wscli.core.messages import (
    Auth,
    Command,
    Event,
    Frame,
    Key,
    Kind,
    Ping,
    Query,
    Request,
    RequestContext,
    State,
    Subscribe,
    Unsubscribe,
)
from wscli.core.record import replace
from wscli.exchanges.bybit.login import FORMS, UNKNOWN_KEY, VECTOR, login
from wscli.exchanges.bybit.v5.catalogue import CHANNELS, CODES, DEPTHS, INTERVALS, MANUAL_FRAMES, MARKETS, SHAPE
from wscli.exchanges.bybit.v5.topics import (
    CHANNELS_BY_NAME,
    cached_subscription_of,
    completed,
    socket_of,
    subscription_key,
    subscription_of,
    topics_of,
)
from wscli.exchanges.common import channel_and_symbols, standard_learn, text_values

ORDER_OPS = frozenset(c.name for c in MANUAL_FRAMES)
MAX_ARGS_BY_PRODUCT = {"spot": 10, "linear": 500, "inverse": 500, "option": 500}  # a frame
MAX_ARGS = 10  # a frame of the other sockets
MAX_CHARACTERS = 21_000  # of all topics of a linear or inverse connection
MAX_OPTIONS = 2_000  # topics of an option connection
REMOVED_DEPTHS = (500,)  # what older recordings hold
VERBS = {"subscribe": Subscribe, "unsubscribe": Unsubscribe, "ping": Ping, "auth": Auth}


# --- what we say ---------------------------------------------------------------------------------


def encode(commands: Sequence[Command], state: State, stamp: RequestContext) -> tuple[Frame, ...]:
    """Return the frames for `commands`: topics of one verb and product together, as many in a frame as it takes."""
    wires: list[Frame] = []
    for op, kind in (("unsubscribe", Unsubscribe), ("subscribe", Subscribe)):
        for product, topics in _by_product(c for c in commands if isinstance(c, kind)).items():
            if op == "subscribe":
                _check_topics(product, topics, state)
            most = MAX_ARGS_BY_PRODUCT.get(product, MAX_ARGS)
            for start in range(0, len(topics), most):
                number = str(next(stamp.request_ids))
                request = f"{product}-{number}" if product in MAX_ARGS_BY_PRODUCT else number
                wires.append({"req_id": request, "op": op, "args": topics[start : start + most]})
    for command in commands:
        match command:
            case Ping():
                wires.append({"req_id": str(next(stamp.request_ids)), "op": "ping"})
            case Query(name):
                raise Unsupported(f"bybit has no query named {name!r}: its socket answers none")
    return tuple(wires)


def _by_product(commands: Iterable[Subscribe | Unsubscribe]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for command in commands:
        found.setdefault(socket_of(command), []).extend(topics_of(command))
    return {product: [*dict.fromkeys(topics)] for product, topics in found.items()}


def _check_topics(product: str, topics: Sequence[str], state: State) -> None:
    """Raise for what the venue refuses as a whole: too much for a connection, a topic and its own part together."""
    there = {topic for topic in state.active if isinstance(topic, str)} | set(topics)
    if product in ("linear", "inverse") and sum(len(topic) for topic in there) > MAX_CHARACTERS:
        raise Unsupported(
            f"bybit takes {MAX_CHARACTERS:,} characters of topics a connection", "open a second wscli bybit"
        )
    if product == "option" and len(there) > MAX_OPTIONS:
        raise Unsupported(f"bybit takes {MAX_OPTIONS:,} option topics a connection", "open a second wscli bybit")
    parts = (t for t in topics if t.rpartition(".")[2] in MAX_ARGS_BY_PRODUCT and t.rpartition(".")[0] in topics)
    if product == "private" and (both := next(parts, None)):
        raise UsageError(
            f"bybit takes {both} or {both.rpartition('.')[0]} in a request, not both", "the latter holds it"
        )


def request_of(wire: Frame) -> Request | None:
    """Return what a frame of ours means, under its id. A frame without one cannot be tied to its answer."""
    args, op = wire.get("args", ()), wire.get("op")
    request = wire.get("req_id", wire.get("reqId"))
    topics = [a for a in args if isinstance(a, str)] if isinstance(args, list | tuple) else []
    head = str(request).partition("-")[0]
    wanted = [subscription_of(topic, head if head in MAX_ARGS_BY_PRODUCT else None) for topic in topics]
    commands: tuple[Command, ...]
    match op:
        case "subscribe":
            commands = tuple(wanted)
        case "unsubscribe":
            commands = tuple(Unsubscribe(s.channel, s.symbols, s.params) for s in wanted)
        case "ping":
            commands = (Ping(),)
        case "auth":
            commands = (Auth(),)
        case str() if op in ORDER_OPS:
            commands = (Query(op),)
        case _:
            return None
    return Request(request if isinstance(request, str | int) else str(op), commands)


def route(command: Command) -> str:
    """A socket for each product, one for private topics, one for orders, one for the system's status."""
    match command:
        case Auth():
            return "private"
        case Query(name) if name in ORDER_OPS:
            return "trade"
        case Ping(product=str(product)):
            return "public" if product == "spot" else product
        case Subscribe() | Unsubscribe():
            place = socket_of(command)
            return "public" if place == "spot" else place
        case _:
            return "public"


# --- what we hear --------------------------------------------------------------------------------


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
    told, request, partial = "; ".join(words), answered_request(payload, op, state), len(refused) < len(items)
    return Event(Kind.ERROR, payload, op, reason=told, code=code, request_id=request, partial=partial)


_learn_default = standard_learn(request_of, subscription_key)


def learn(state: State, message: Frame | Event) -> State:
    """Remember as usual; of a request that is granted in part, what is granted."""
    if not isinstance(message, Event) or not message.partial or message.request_id not in state.pending:
        return _learn_default(state, message)
    done = (
        {*_topics_in(message.payload, "successTopics")} if message.payload.get("type") == "COMMAND_RESP" else set[str]()
    )
    commands = state.pending[message.request_id].commands
    granted = tuple(c for c in commands if isinstance(c, Subscribe | Unsubscribe) and {*topics_of(c)} <= done)
    pending = {**state.pending, message.request_id: Request(message.request_id, granted)}
    return _learn_default(replace(state, pending=pending), replace(message, kind=Kind.ACK))


def _pending_topics(state: State) -> Iterator[tuple[Key, set[str]]]:
    for request, asked_for in state.pending.items():
        commands = [
            c for c in asked_for.commands if isinstance(c, Subscribe | Unsubscribe) and c.channel in CHANNELS_BY_NAME
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
    told = literal(reason) if reason is not None else None
    alone = request is not None and len(state.pending[request].commands) == 1
    if told is not None and told.startswith("error:already subscribed") and alone:
        return Event(Kind.ACK, payload, channel, symbols, reason="subscribe", request_id=request)
    number = code if isinstance(code, int | str) and not isinstance(code, bool) else None
    return Event(Kind.ERROR, payload, channel, symbols, reason=told, code=number, request_id=request)


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


def symbols(answer: Json) -> list[str]:
    """{"retCode":0,"result":{"category":"spot","list":[{"symbol":"BTCUSDT",…},…]}}"""
    match answer:
        case {"result": {"list": [*rows]}}:
            return text_values(rows, "symbol")
    return []


def _endpoints(host: str, http: str) -> ServerUrls:
    base = f"wss://{host}/v5"
    products = {"public": "spot", "linear": "linear", "inverse": "inverse", "option": "option"}
    return ServerUrls(
        {
            **{name: f"{base}/public/{product}" for name, product in products.items()},
            "private": f"{base}/private",
            "trade": f"{base}/trade",
            "status": f"{base}/public/misc/status",
        },
        http,
    )


def snapshot_path(subscribe: Subscribe) -> str:
    return f"/v5/market/full_orderbook?category=spot&symbol={subscribe.symbols[0]}"


def snapshot_from_http(answer: Json, subscribe: Subscribe) -> Event | None:
    """Return the whole book that HTTP gives as the message it would be; None for another shape."""
    match answer:
        case {"result": {"b": list(), "a": list(), "u": int()} as data}:
            payload = {"topic": subscription_key(subscribe), "type": "snapshot", "data": data}
            return Event(Kind.SNAPSHOT, payload, subscribe.channel, subscribe.symbols, subscription=subscribe)
        case _:
            return None


BYBIT_V5 = Dialect(
    name="bybit",
    title="Bybit v5",
    api=Api("v5", "live", "2023", "its documentation of 2026-07 and a recording of 2026-08-09"),
    endpoints=Endpoints(
        production=_endpoints("stream.bybit.com", "https://api.bybit.com"),
        testnet=_endpoints("stream-testnet.bybit.com", "https://api-testnet.bybit.com"),
        alternative_urls={
            name: f"wss://{host}/v5/public/spot"
            for name, host in {
                "tr": "stream.bybit.tr",
                "id": "stream.bybit.id",
                "kz": "stream.bybit.kz",
                "ge": "stream.bybitgeorgia.ge",
                "jp": "stream.manepa.jp",
            }.items()
        },
        keepalive=KeepAlive(20),
        limits=Limits(args_per_frame=10, connects=(500, 300), idle_s=600),
        route_of=route,
    ),
    codec=Codec(
        encode=encode,
        decode=decode,
        request_of=request_of,
        learn=learn,
        completed=completed,
        data_prefix=re.compile(
            rb'\{"topic":"(?:orderbook\.(?:rpi|full|1|25|50|100|200|1000)|kline\.(?:[DWM]|\d+)|publicTrade|tickers|allLiquidation|priceLimit|insurance|adlAlert)'
            rb"\."
        ),
        explain_key=lambda payload, subscribe: subscription_key(subscribe),
    ),
    facts=Facts(
        docs="https://bybit-exchange.github.io/docs/v5/ws/connect",
        channels=CHANNELS,
        send_only=MANUAL_FRAMES,
        prefix_param="product",
        symbol_spelling=SHAPE,
        code_meanings=CODES,
        book_rules={
            "orderbook": BookRule(consecutive_number("data.u"), detects_loss=True),
            "orderbook.rpi": BookRule(consecutive_number("data.u"), detects_loss=True),
            "orderbook.full": BookRule(
                consecutive_number("data.u"),
                detects_loss=True,
                http_snapshot=HttpSnapshot(snapshot_path, snapshot_from_http),
            ),
        },
        common_symbols=MARKETS,
        symbol_list=SymbolList("/v5/market/instruments-info?category=spot", symbols),
        silence_note="bybit rejects symbols that it does not have: the market may be quiet",
        notes="product=spot linear inverse option; 10 spot topics a frame",
    ),
    login=Login(
        unknown_key_codes=UNKNOWN_KEY,
        steps=login,
        has_timestamp=True,
        test_vector=VECTOR,
        credential_patterns=FORMS,
        summary="HMAC-SHA256 login frame",
        required=("key", "secret"),
    ),
)
