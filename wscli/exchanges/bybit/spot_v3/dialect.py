"""Bybit spot, WebSocket API v3.

Docs    https://bybit-exchange.github.io/docs/spot/ws-connect   (read 2022-09; the pages were removed on 2025-04-02)
Symbol  "BTCUSDT": base and quote together, upper case
Size    `q` in base units, `p` in quote units per base; both decimal texts
Time    integer milliseconds; digits in a text on private topics
Beat    we send {"op":"ping"} every 20 s; the answer carries the server's time in ms
Book    `orderbook.40` is a whole picture each time: no sequence, no checksum
Limits  10 args a frame; 500 connections in 5 minutes; 50 private sockets an address, 100 a key
List    https://bybit-exchange.github.io/docs/v5/market/instrument   (the v5 call: v3's own went with v3)
Login   HMAC-SHA256 hex of "GET/realtime" + expires (ms), then the private topics
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from wscli.core.book_rules import BookRule, rising_number
from wscli.core.catalogue import SymbolSpelling, base_and_quote
from wscli.core.dialect import (
    Api,
    Codec,
    Dialect,
    Endpoints,
    Facts,
    KeepAlive,
    Limits,
    Login,
    ServerUrls,
    Successor,
    SymbolList,
)
from wscli.core.errors import Unsupported
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
from wscli.exchanges.bybit.login import FORMS, UNKNOWN_KEY, VECTOR, login
from wscli.exchanges.bybit.spot_v3.catalogue import CHANNELS, CODES, INTERVALS, MARKETS
from wscli.exchanges.bybit.spot_v3.v5_paths import PATHS
from wscli.exchanges.common import channel_and_symbols, standard_learn, text_values

ARGS_PER_FRAME = 10
CHANNEL_NAMES = frozenset(c.name for c in CHANNELS)
PRIVATE_CHANNEL_NAMES = frozenset(c.name for c in CHANNELS if c.private)


def encode(commands: Sequence[Command], state: State, context: RequestContext) -> tuple[Frame, ...]:
    """Return the frames for `commands`: topics of one verb together, at most ten in a frame."""
    frames: list[Frame] = []
    for op, kind in (("unsubscribe", Unsubscribe), ("subscribe", Subscribe)):
        topics = [topic for c in commands if isinstance(c, kind) for topic in topics_of(c)]
        for start in range(0, len(topics), ARGS_PER_FRAME):
            frames.append(
                {"req_id": str(next(context.request_ids)), "op": op, "args": topics[start : start + ARGS_PER_FRAME]}
            )
    for command in commands:
        match command:
            case Ping():
                frames.append({"req_id": str(next(context.request_ids)), "op": "ping"})
            case Query(name):
                raise Unsupported(f"bybit has no query named {name!r}: this API has no queries")
    return tuple(frames)


def topics_of(command: Subscribe | Unsubscribe) -> tuple[str, ...]:
    """Return the topic strings of a command.

    >>> topics_of(Subscribe("kline", ("BTCUSDT",), {"interval": "1m"}))
    ('kline.1m.BTCUSDT',)
    """
    name = ".".join([command.channel, *(str(value) for value in command.params.values())])
    return tuple(f"{name}.{symbol}" for symbol in command.symbols) or (name,)


def subscription_of(topic: str) -> Subscribe:
    """Return what a topic string means; the reverse of topics_of.

    >>> subscription_of("orderbook.40.BTCUSDT")
    Subscribe(channel='orderbook', symbols=('BTCUSDT',), params={'depth': 40})
    """
    match topic.split("."):
        case ["orderbook", depth, symbol] if depth.isdecimal():
            return Subscribe("orderbook", (symbol,), {"depth": int(depth)})
        case ["kline", interval, symbol]:
            return Subscribe("kline", (symbol,), {"interval": interval})
        case [channel, symbol]:
            return Subscribe(channel, (symbol,))
        case _:
            return Subscribe(topic)


_cached_subscription_of = lru_cache(maxsize=1024)(subscription_of)  # a topic comes back with every message of it


def subscription_key(subscribe: Subscribe) -> Key:
    return topics_of(subscribe)[0]


def request_of(frame: Frame) -> Request | None:
    """Return what a frame of ours means, under its req_id. A frame without one cannot be tied to its answer."""
    args = frame.get("args", ())
    topics = [a for a in args if isinstance(a, str)] if isinstance(args, list | tuple) else []
    commands: tuple[Command, ...]
    match frame.get("op"):
        case "subscribe":
            commands = tuple(subscription_of(t) for t in topics)
        case "unsubscribe":
            commands = tuple(Unsubscribe(s.channel, s.symbols, s.params) for s in map(subscription_of, topics))
        case "ping":
            commands = (Ping(),)
        case "auth":
            commands = (Auth(),)
        case _:
            return None
    key = frame.get("req_id")
    return Request(key if isinstance(key, str | int) else str(frame["op"]), commands)


def decode(payload: Json, state: State) -> Event:
    """Classify one message. Tests in the documented order: topic, pong, error, refusal, acks."""
    if isinstance(payload, dict) and "data" in payload and isinstance(topic := payload.get("topic"), str):
        found = _cached_subscription_of(topic) if len(topic) <= 64 else subscription_of(topic)
        if found.channel in CHANNEL_NAMES and not is_v5_push(found, payload):
            return Event(Kind.SNAPSHOT, payload, found.channel, found.symbols, topic=topic, subscription=found)
    match payload:
        case {"op": "pong"} | {"ret_msg": "pong"}:
            return Event(Kind.PONG, payload, request_id=answered_request(payload, "ping", state))
        case {"type": "error"} | {"success": False}:
            return rejection(payload, state)
        case {"success": True, "op": ("subscribe" | "unsubscribe" | "auth") as op}:
            request = answered_request(payload, op, state)
            channel, symbols = channel_and_symbols(state, request)
            return Event(Kind.ACK, payload, channel, symbols, reason=op, request_id=request)
        case _:
            return Event(Kind.UNKNOWN, payload)


def is_v5_push(found: Subscribe, payload: dict[str, Json]) -> bool:
    """Say whether a push is v5's, which has topics of the same names."""
    match found.channel:
        case "orderbook":
            return found.params.get("depth") != 40
        case "kline":
            return found.params.get("interval") not in INTERVALS
        case "tickers":
            return isinstance(data := payload["data"], dict) and "symbol" in data
        case name:
            return name in PRIVATE_CHANNEL_NAMES and "creationTime" in payload


def rejection(payload: dict[str, Json], state: State) -> Event:
    """Classify a refusal; one without a req_id is tied to the oldest request that it can answer."""
    op = payload.get("op") or (payload["request"].get("op") if isinstance(payload.get("request"), dict) else None)
    request = answered_request(payload, str(op) if op else None, state)
    channel, symbols = channel_and_symbols(state, request)
    code = payload.get("ret_code", payload.get("retCode"))
    reason = payload.get("ret_msg", payload.get("retMsg"))
    return Event(
        Kind.ERROR,
        payload,
        channel,
        symbols,
        reason=literal(reason) if reason is not None else None,
        code=code if isinstance(code, int | str) else None,
        request_id=request,
    )


def answered_request(payload: dict[str, Json], op: str | None, state: State) -> Key | None:
    """Return the key of the pending request that a message answers: its req_id, else the oldest with that verb."""
    given = payload.get("req_id")
    if isinstance(given, str | int) and given in state.pending:
        return given
    if given:
        return None
    wanted = {"subscribe": Subscribe, "unsubscribe": Unsubscribe, "ping": Ping, "auth": Auth}.get(op or "")
    for pending, request in state.pending.items():
        if wanted is None or any(isinstance(c, wanted) for c in request.commands):
            return pending
    return None


def route(command: Command) -> str:
    """Public and private topics do not mix on one socket."""
    match command:
        case Auth():
            return "private"
        case Subscribe(channel=name) | Unsubscribe(channel=name) if name in PRIVATE_CHANNEL_NAMES:
            return "private"
        case _:
            return "public"


def symbols(answer: Json) -> list[str]:
    """{"retCode":0,"result":{"category":"spot","list":[{"symbol":"BTCUSDT",…},…]}}"""
    match answer:
        case {"result": {"list": [*rows]}}:
            return text_values(rows, "symbol")
    return []


def spell(symbol: str) -> str:
    pair = base_and_quote(symbol)
    return "".join(pair) if pair else symbol.upper()


V5_INTERVALS = ("1", "3", "5", "15", "30", "60", "120", "240", "360", "720", "D", "W", "M")
SUCCESSOR = Successor(
    "v5",
    {
        "trade": "publicTrade",
        "orderbook": "orderbook depth=50",
        "bookticker": "orderbook depth=1",
        "tickers": "tickers",
        **{f"kline interval={old}": f"kline interval={new}" for old, new in zip(INTERVALS, V5_INTERVALS, strict=True)},
        "order": "order product=spot",
        "ticketInfo": "execution product=spot",
        "outboundAccountInfo": "wallet",
    },
    differences={
        "orderbook": "it sends a snapshot of 50 levels and then changes, not 40 levels each time",
        "bookticker": "it sends an order book of one level per side",
        "ticketInfo": "it sends the spot fills of a unified account",
        "outboundAccountInfo": "it sends the whole unified account",
    },
    paths=PATHS,
)

BYBIT = Dialect(
    name="bybit",
    title="Bybit spot v3",
    api=Api(
        "spot-v3", "retired", "2024", "its documentation was removed on 2025-04-02, and no client has used it since"
    ),
    endpoints=Endpoints(
        production=ServerUrls(
            {"public": "wss://stream.bybit.com/spot/public/v3", "private": "wss://stream.bybit.com/spot/private/v3"},
            "https://api.bybit.com",
        ),
        testnet=ServerUrls(
            {
                "public": "wss://stream-testnet.bybit.com/spot/public/v3",
                "private": "wss://stream-testnet.bybit.com/spot/private/v3",
            },
            "https://api-testnet.bybit.com",
        ),
        keepalive=KeepAlive(20),
        limits=Limits(args_per_frame=ARGS_PER_FRAME, connects=(500, 300)),
        route_of=route,
    ),
    codec=Codec(
        encode=encode,
        decode=decode,
        request_of=request_of,
        learn=standard_learn(request_of, subscription_key),
        data_prefix=re.compile(
            rb'\{"(?:type":"(?:snapshot|delta)",")?topic":"(' + "|".join(sorted(CHANNEL_NAMES)).encode() + rb")[.\"]"
        ),
        explain_key=lambda payload, subscribe: subscription_key(subscribe),
    ),
    facts=Facts(
        docs="https://bybit-exchange.github.io/docs/spot/ws-connect",
        channels=CHANNELS,
        successor=SUCCESSOR,
        symbol_spelling=SymbolSpelling(r"[A-Z0-9]{5,20}", "BTCUSDT", "in capitals, without a separator", spell),
        code_meanings=CODES,
        book_rules={"orderbook": BookRule(rising_number("data.t"), full_snapshots=True)},
        common_symbols=MARKETS,
        symbol_list=SymbolList("/v5/market/instruments-info?category=spot", symbols),
        notes="at most 10 topics per request",
    ),
    login=Login(
        unknown_key_codes=UNKNOWN_KEY,
        steps=login,
        has_timestamp=True,
        summary="HMAC-SHA256 login frame",
        required=("key", "secret"),
        test_vector=VECTOR,
        credential_patterns=FORMS,
    ),
)
