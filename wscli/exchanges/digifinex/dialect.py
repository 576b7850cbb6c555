"""DigiFinex spot, WebSocket API v1.

Docs    https://docs.digifinex.com/en-ww/spot/v1/websocket.html   (read 2026-11)
Symbol  "BTC_USDT": base, underscore, quote, in capitals (REST spells btc_usdt); for balances one currency, "USDT"
Size    `amount` in base units, `price` in quote units per base; both decimal texts
Time    trades and server.time in seconds, trades perhaps with a fraction; tickers and orders in milliseconds
Frames  ours are plain text; the exchange's are binary, each one complete zlib stream, acks and pongs included (inflating)
Beat    we send server.ping every 20 s; about 60 s after our last frame the exchange drops us, whatever it sends itself
Book    `depth`: true is the whole book, false the changes; absolute amounts; no sequence, time or checksum
Limits  a connection lives about 2 hours; nothing else is published
List    https://docs.digifinex.com/en-ww/spot/v3/rest.html#spot-trading-pair-symbol
Login   base64 HMAC-SHA256 of the millisecond timestamp alone, once a connection, on the same socket
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping, Sequence

from wscli.core.catalogue import SymbolSpelling, base_and_quote
from wscli.core.decompression import inflate
from wscli.core.dialect import (
    Api,
    Codec,
    Dialect,
    Endpoint,
    Endpoints,
    Facts,
    KeepAlive,
    Limits,
    Login,
    LoginTestVector,
    ServerUrls,
    SymbolList,
)
from wscli.core.errors import CredentialsError, Rejected, Unsupported, UsageError
from wscli.core.jsontext import Json, Number, Secret, literal
from wscli.core.messages import (
    Auth,
    Command,
    Credentials,
    Event,
    Frame,
    HttpResponse,
    Key,
    Kind,
    LoginResult,
    LoginSteps,
    Ping,
    Query,
    Request,
    RequestContext,
    State,
    Subscribe,
    Unsubscribe,
)
from wscli.exchanges.common import channel_and_symbols, standard_learn, text_values
from wscli.exchanges.digifinex.catalogue import CHANNELS, CODES, MARKETS, QUERIES, rows_in
from wscli.exchanges.signing import hmac_base64

CHANNEL_NAMES = frozenset(c.name for c in CHANNELS)


def encode(commands: Sequence[Command], state: State, context: RequestContext) -> tuple[Frame, ...]:
    """Return the frames for `commands`: one for each unsubscribe, then one for each channel to subscribe.

    Raises UsageError for an unsubscribe from everything that was not asked for explicitly, Unsupported for an unknown query.
    """
    ends = [c for c in commands if isinstance(c, Unsubscribe)]
    starts = [c for c in commands if isinstance(c, Subscribe)]
    before = [c for request in state.pending.values() for c in request.commands]
    frames: list[tuple[str, list[str]]] = [(f"{end.channel}.unsubscribe", symbols_to_unsubscribe(end)) for end in ends]
    for channel in dict.fromkeys(start.channel for start in starts):
        frames.append((f"{channel}.subscribe", wanted_symbols(channel, [*before, *ends, *starts], state)))
    for command in commands:
        match command:
            case Ping():
                frames.append(("server.ping", []))
            case Query("time"):
                frames.append(("server.time", []))
            case Query(name):
                raise Unsupported(f"digifinex has no query named {name!r}", "wscli digifinex query time")
    # params may be left out of some requests; the documents' own samples disagree, and [] is right in all of them
    return tuple({"id": next(context.request_ids), "method": method, "params": params} for method, params in frames)


def wanted_symbols(channel: str, commands: Iterable[Command], state: State) -> list[str]:
    """Return every symbol of a channel that is to be open after `commands`, first asked first.

    Whether a second subscribe adds to the first or replaces it is not written down: the whole set is right both ways.
    """
    symbols = {s: None for a in state.active.values() if a.subscribe.channel == channel for s in a.subscribe.symbols}
    for command in commands:
        match command:
            case Subscribe() if command.channel == channel:
                symbols |= dict.fromkeys(command.symbols)
            case Unsubscribe() if command.channel == channel:
                ended = frozenset(command.symbols) or symbols.keys()
                symbols = {s: None for s in symbols if s not in ended}
    return [*symbols]


def symbols_to_unsubscribe(unsubscribe: Unsubscribe) -> list[str]:
    if not unsubscribe.symbols and not unsubscribe.all_symbols and unsubscribe.channel != "all_ticker":
        raise UsageError(
            f"digifinex would unsubscribe every symbol of {unsubscribe.channel}",
            f"name the symbols; to unsubscribe all: unsubscribe {unsubscribe.channel} --all-symbols",
        )
    return [*unsubscribe.symbols]


def request_of(frame: Frame) -> Request | None:
    """Return what a frame of ours means, under its id. Every frame with an id is answered once, an unknown one too."""
    match frame:
        case {"id": int() | str() as key, "method": str(method)} if not isinstance(key, bool):
            return Request(key, commands_of(method, frame.get("params")))
        case _:
            return None


def commands_of(method: str, params: Json) -> tuple[Command, ...]:
    """Return what a method and its params mean; nothing where no meaning is documented.

    >>> commands_of("depth.unsubscribe", ["btc_usdt"])
    (Unsubscribe(channel='depth', symbols=('BTC_USDT',), params={}, id=None, all_symbols=False),)
    """
    channel, _, verb = method.rpartition(".")
    match channel, verb:
        case "server", "ping":
            return (Ping(),)
        case "server", "time":
            return (Query("time"),)
        case "server", "auth":
            return (Auth(),)
        case "all_ticker", "subscribe":
            return (Subscribe(channel),)
        case "all_ticker", "unsubscribe":
            return (Unsubscribe(channel),)
    if (
        channel not in CHANNEL_NAMES
        or not isinstance(params, list | tuple)
        or not all(isinstance(p, str) for p in params)
    ):
        return ()
    # Lower case is accepted on the way in, but pushes always come in capitals.
    symbols = tuple(dict.fromkeys(p.upper() for p in params))
    if verb == "subscribe" and symbols:
        return (Subscribe(channel, symbols),)
    return (Unsubscribe(channel, symbols, all_symbols=not symbols),) if verb == "unsubscribe" else ()


def decode(payload: Json, state: State) -> Event:
    """Classify one message. An error is tested first, as documented; an answer names nothing but the id of its request."""
    if not isinstance(payload, dict):
        return Event(Kind.UNKNOWN, payload)
    request = answered_request(payload, state)
    match payload:
        # Typed as a text, null on success: an empty one is no error either.
        case {"error": error} if error is not None and error != "":
            return rejection(payload, error, request, state)
        case {"method": str(method), "params": list(params)} if method.endswith(".update"):
            return decode_push(payload, method.removesuffix(".update"), params, state)
        case {"result": "pong"}:
            return Event(Kind.PONG, payload, request_id=request)
        case {"result": {"status": "success"}}:
            return Event(Kind.ACK, payload, *channel_and_symbols(state, request), reason="success", request_id=request)
        case {"result": {"status": status}}:
            return rejection(payload, status, request, state)
        case {"result": result} if is_server_time(result, request, state):
            return Event(Kind.REPLY, payload, "time", request_id=request, subscription=Query("time"))
        case _:
            return Event(Kind.UNKNOWN, payload, request_id=request)


def decode_push(payload: Json, channel: str, params: list[Json], state: State) -> Event:
    """Classify a push: [whole?, data, symbol] for trades and depth, an array of rows for the rest."""
    symbols: tuple[str, ...]
    rows = rows_in(params) if channel in ("ticker", "all_ticker") else params
    match channel, rows:
        case ("trades", [bool(whole), list(), str(symbol), *_]) | ("depth", [bool(whole), dict(), str(symbol), *_]):
            kind, symbols = (Kind.SNAPSHOT if whole else Kind.UPDATE), (symbol,)
        case ("ticker" | "all_ticker" | "order" | "order_algo", [] | [dict(), *_]):
            kind, symbols = Kind.UPDATE, names_in(rows, "symbol")
        case "balance", [] | [dict(), *_]:
            kind, symbols = Kind.UPDATE, names_in(rows, "currency")
        case _:
            return Event(Kind.UNKNOWN, payload)
    if channel == "all_ticker":
        return Event(kind, payload, channel, symbols, topic=(channel,), subscription=Subscribe(channel))
    topics = [(channel, symbol) for symbol in symbols]
    topic = next((t for t in topics if t in state.active), topics[0] if topics else None)
    return Event(kind, payload, channel, symbols, topic=topic, subscription=Subscribe(channel, symbols))


def names_in(rows: list[Json], name: str) -> tuple[str, ...]:
    """Return what the rows of a push speak of, each once."""
    found = (row.get(name) for row in rows if isinstance(row, dict))
    return tuple(dict.fromkeys(word for word in found if isinstance(word, str)))


def rejection(payload: dict[str, Json], error: Json, request: Key | None, state: State) -> Event:
    """Classify an error, a text or {"code":…,"message":…}; the words are the exchange's."""
    code, reason = (error.get("code"), error.get("message")) if isinstance(error, dict) else (None, error)
    return Event(
        Kind.ERROR,
        payload,
        *channel_and_symbols(state, request),
        reason=literal(reason) if isinstance(reason, str | int | float) else None,
        code=code if isinstance(code, int | str) else None,
        request_id=request,
    )


def answered_request(payload: Mapping[str, Json], state: State) -> Key | None:
    """Return the key of the pending request that a message answers: its id."""
    given = payload.get("id")
    return given if isinstance(given, int | str) and not isinstance(given, bool) and given in state.pending else None


def is_server_time(result: Json, request: Key | None, state: State) -> bool:
    """Say whether a result is the server's clock: seconds, typed as a text in the documents and shown as a number."""
    if request is not None and Query("time") not in state.pending[request].commands:
        return False
    if isinstance(result, str):
        return result.isascii() and result.isdecimal()
    return isinstance(result, int | Number) and not isinstance(result, bool)


def inflate_fast(data: bytes) -> bytes | None:
    """Return the text of a small whole zlib stream as bytes, None for anything that `inflate` should look at.

    16 KiB inflate to 16.5 MiB at the most, so that a small frame needs no other bound.
    """
    if len(data) > 16 * 1024:
        return None
    stream = zlib.decompressobj()
    try:
        text = stream.decompress(data)
    except zlib.error:
        return None
    return text if stream.eof and not stream.unused_data and text.isascii() else None


def login(credentials: Credentials, context: RequestContext, endpoint: Endpoint) -> LoginSteps:
    """Sign the clock's milliseconds and send them, as texts.

    Raises CredentialsError without key and secret, Rejected when the exchange refuses them.
    """
    if credentials.key is None or credentials.secret is None:
        raise CredentialsError(
            "the private channels of digifinex need a key and a secret",
            "set WSCLI_DIGIFINEX_KEY and WSCLI_DIGIFINEX_SECRET",
        )
    now = str(context.now_ms)
    signature = Secret(hmac_base64(credentials.secret.reveal(), now, "sha256"))
    reply = yield {
        "id": next(context.request_ids),
        "method": "server.auth",
        "params": [credentials.key, now, signature],
    }
    if isinstance(reply, HttpResponse) or reply.kind is not Kind.ACK:
        words = () if isinstance(reply, HttpResponse) else (reply.code, reply.reason)
        reason = " ".join(literal(w) for w in words if w is not None)
        raise Rejected(f"digifinex rejected the login: {reason or 'no reason given'}")
    return LoginResult()


def symbols(answer: Json) -> list[str]:
    """{"code":0,"symbol_list":[{"symbol":"BTC_USDT",…},…]}; other calls spell it btc_usdt."""
    match answer:
        case {"symbol_list": [*rows]}:
            return [symbol.upper() for symbol in text_values(rows, "symbol")]
    return []


def spell(symbol: str) -> str:
    """Return a symbol as this exchange spells it: btc-usdt and BTCUSDT are BTC_USDT."""
    pair = base_and_quote(symbol)
    return "_".join(pair) if pair else symbol.upper()


DIGIFINEX = Dialect(
    name="digifinex",
    title="DigiFinex spot v1",
    api=Api(
        "spot-v1", "live", "2026", "the only spot WebSocket in its documentation; a public client has tested it live"
    ),
    endpoints=Endpoints(
        production=ServerUrls({"public": "wss://openapi.digifinex.com/ws/v1/"}, "https://openapi.digifinex.com"),
        alternative_urls={"vip": "wss://openapi.digifinex.vip/ws/v1/"},
        keepalive=KeepAlive(20),
        limits=Limits(idle_s=60, lifetime_s=7200),
    ),
    codec=Codec(
        encode=encode,
        decode=decode,
        request_of=request_of,
        learn=standard_learn(request_of),
        inflate=inflate,
        inflate_fast=inflate_fast,
        data_prefix=re.compile(rb'\{"method": ?"(?:' + "|".join(c.name for c in CHANNELS).encode() + rb')\.update"'),
    ),
    facts=Facts(
        docs="https://docs.digifinex.com/en-ww/spot/v1/websocket.html",
        channels=CHANNELS,
        queries=QUERIES,
        symbol_spelling=SymbolSpelling(
            r"[A-Z0-9]{1,20}_[A-Z0-9]{1,20}", "BTC_USDT", "in capitals, base and quote with an underscore", spell
        ),
        code_meanings=CODES,
        common_symbols=MARKETS,
        symbol_list=SymbolList("/v3/spot/symbols", symbols),
        empty_means_all=True,
        notes="messages are compressed with zlib; an unsubscribe without symbols means every symbol",
    ),
    login=Login(
        unknown_key_codes=("10002",),
        steps=login,
        has_timestamp=True,
        summary="HMAC-SHA256 login frame",
        required=("key", "secret"),
        test_vector=LoginTestVector(
            "wscli-demo-key",
            "wscli-test-secret-0001",
            1_700_000_000_000,
            "lw7U+bsrKObEC4Z/UNMeEevGvX+SSI1exzXh9WIwn38=",
        ),
    ),
)
