"""Madeup v1.

Symbol  "BTC-USD": base, hyphen, quote, in capitals
Beat    we send {"op":"ping"} every 20 s
Book    `book` is whole each time
"""

from __future__ import annotations

from collections.abc import Sequence

from madeup_wscli.catalogue import CHANNELS
from wscli.core.book_rules import BookRule
from wscli.core.catalogue import SymbolSpelling, base_and_quote
from wscli.core.dialect import Api, Codec, Dialect, Endpoints, Facts, KeepAlive, ServerUrls
from wscli.core.jsontext import Json
from wscli.core.messages import (
    Command,
    Event,
    Frame,
    Kind,
    Ping,
    Request,
    RequestContext,
    State,
    Subscribe,
    Unsubscribe,
)
from wscli.exchanges.common import channel_and_symbols, standard_learn


def encode(commands: Sequence[Command], state: State, context: RequestContext) -> tuple[Frame, ...]:
    """Return a frame for each symbol of each command."""
    frames: list[Frame] = []
    for command in commands:
        match command:
            case Ping():
                frames.append({"id": next(context.request_ids), "op": "ping"})
            case Subscribe() | Unsubscribe():
                op = "subscribe" if isinstance(command, Subscribe) else "unsubscribe"
                frames += [
                    {"id": next(context.request_ids), "op": op, "channel": command.channel, "market": symbol}
                    for symbol in command.symbols
                ]
    return tuple(frames)


def request_of(frame: Frame) -> Request | None:
    """Return what a frame of ours asks, under its id."""
    match frame:
        case {"id": int(key), "op": "ping"}:
            return Request(key, (Ping(),))
        case {"id": int(key), "op": "subscribe", "channel": str(channel), "market": str(market)}:
            return Request(key, (Subscribe(channel, (market,)),))
        case {"id": int(key), "op": "unsubscribe", "channel": str(channel), "market": str(market)}:
            return Request(key, (Unsubscribe(channel, (market,)),))
    return None


def decode(payload: Json, state: State) -> Event:
    """Classify a message: a push names its channel, an answer only the id of its request."""
    match payload:
        case {"channel": "trades" | "book" as channel, "market": str(market), "data": list() | dict()}:
            kind = Kind.SNAPSHOT if channel == "book" else Kind.UPDATE
            topic, subscription = (channel, market), Subscribe(channel, (market,))
            return Event(kind, payload, channel, (market,), topic=topic, subscription=subscription)
        case {"id": int(key), "pong": True}:
            return Event(Kind.PONG, payload, request_id=key)
        case {"id": int(key), "ok": True}:
            return Event(Kind.ACK, payload, *channel_and_symbols(state, key), request_id=key)
        case {"id": int(key), "error": str(reason)}:
            return Event(Kind.ERROR, payload, *channel_and_symbols(state, key), reason=reason, request_id=key)
    return Event(Kind.UNKNOWN, payload)


def spell(symbol: str) -> str:
    """Return a symbol as Madeup spells it: btc/usd and btcusd are BTC-USD."""
    pair = base_and_quote(symbol)
    return "-".join(pair) if pair else symbol.upper()


MADEUP = Dialect(
    name="madeup",
    title="Madeup v1",
    api=Api("v1", "live", "2026-01", "made up"),
    endpoints=Endpoints(production=ServerUrls({"public": "wss://ws.madeup.example/v1"}), keepalive=KeepAlive(20)),
    codec=Codec(encode=encode, decode=decode, request_of=request_of, learn=standard_learn(request_of)),
    facts=Facts(
        docs="https://docs.madeup.example",
        channels=CHANNELS,
        symbol_spelling=SymbolSpelling(r"[A-Z0-9]+-[A-Z]+", "BTC-USD", "in capitals, with a hyphen", spell),
        book_rules={"book": BookRule(full_snapshots=True)},
        common_symbols=("BTC-USD", "ETH-USD"),
    ),
)
