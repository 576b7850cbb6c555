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

No message but a request's own id distinguishes linear from spot: the `req_id` of a request begins with its product.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from wscli.core.book_rules import BookRule, HttpSnapshot, consecutive_number
from wscli.core.dialect import Api, Codec, Dialect, Endpoints, Facts, KeepAlive, Limits, Login, ServerUrls, SymbolList
from wscli.core.errors import Unsupported, UsageError
from wscli.core.jsontext import Json
from wscli.core.messages import (
    Auth,
    Command,
    Event,
    Frame,
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
from wscli.exchanges.bybit.v5.catalogue import CHANNELS, CODES, MANUAL_FRAMES, MARKETS, SHAPE
from wscli.exchanges.bybit.v5.decoder import ORDER_OPS, _topics_in, decode
from wscli.exchanges.bybit.v5.topics import (
    completed,
    socket_of,
    subscription_key,
    subscription_of,
    topics_of,
)
from wscli.exchanges.common import standard_learn, text_values

MAX_ARGS_BY_PRODUCT = {"spot": 10, "linear": 500, "inverse": 500, "option": 500}  # a frame
MAX_ARGS = 10  # a frame of the other sockets
MAX_CHARACTERS = 21_000  # of all topics of a linear or inverse connection
MAX_OPTIONS = 2_000  # topics of an option connection


# --- what we send ---------------------------------------------------------------------------------


def encode(commands: Sequence[Command], state: State, context: RequestContext) -> tuple[Frame, ...]:
    """Return the frames for `commands`: topics of one verb and product together, as many in a frame as it takes."""
    frames: list[Frame] = []
    for op, kind in (("unsubscribe", Unsubscribe), ("subscribe", Subscribe)):
        for product, topics in _by_product(c for c in commands if isinstance(c, kind)).items():
            if op == "subscribe":
                _check_topics(product, topics, state)
            most = MAX_ARGS_BY_PRODUCT.get(product, MAX_ARGS)
            for start in range(0, len(topics), most):
                number = str(next(context.request_ids))
                request = f"{product}-{number}" if product in MAX_ARGS_BY_PRODUCT else number
                frames.append({"req_id": request, "op": op, "args": topics[start : start + most]})
    for command in commands:
        match command:
            case Ping():
                frames.append({"req_id": str(next(context.request_ids)), "op": "ping"})
            case Query(name):
                raise Unsupported(f"bybit has no query named {name!r}: this API has no queries")
    return tuple(frames)


def _by_product(commands: Iterable[Subscribe | Unsubscribe]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for command in commands:
        found.setdefault(socket_of(command), []).extend(topics_of(command))
    return {product: [*dict.fromkeys(topics)] for product, topics in found.items()}


def _check_topics(product: str, topics: Sequence[str], state: State) -> None:
    """Raise for what the exchange refuses as a whole: too much for a connection, a topic and its own part together."""
    there = {topic for topic in state.active if isinstance(topic, str)} | set(topics)
    if product in ("linear", "inverse") and sum(len(topic) for topic in there) > MAX_CHARACTERS:
        raise Unsupported(
            f"bybit allows {MAX_CHARACTERS:,} characters of topics per connection", "start wscli a second time"
        )
    if product == "option" and len(there) > MAX_OPTIONS:
        raise Unsupported(f"bybit allows {MAX_OPTIONS:,} option topics per connection", "start wscli a second time")
    parts = (t for t in topics if t.rpartition(".")[2] in MAX_ARGS_BY_PRODUCT and t.rpartition(".")[0] in topics)
    if product == "private" and (both := next(parts, None)):
        raise UsageError(
            f"bybit takes {both} or {both.rpartition('.')[0]} in one request, not both", "the latter includes it"
        )


def request_of(frame: Frame) -> Request | None:
    """Return what a frame of ours means, under its id. A frame without one cannot be tied to its answer."""
    args, op = frame.get("args", ()), frame.get("op")
    request = frame.get("req_id", frame.get("reqId"))
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


# --- what we receive --------------------------------------------------------------------------------


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
        silence_note="bybit rejects unknown symbols: this market may be quiet",
        notes="product=spot, linear, inverse or option; at most 10 spot topics per request",
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
