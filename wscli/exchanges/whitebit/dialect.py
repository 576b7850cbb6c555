"""WhiteBIT: the public and the private methods of its WebSocket API, on one socket.

Docs    https://docs.whitebit.com/websocket/overview   (first published 2022-04; as of 2026-08)
Symbol  "BTC_USDT": base and quote, upper case, with an underscore; "BTC_PERP" for perpetuals
Size    `amount` in base units, prices in quote units per base; all decimal texts
Time    seconds since the epoch: whole in candles and `time`, with a fraction elsewhere
Beat    we send `ping` every 50 s, or the server closes after 60 s; it never speaks first
Book    `depth_update` [whole?, book, market]; update_id and past_update_id chain the changes; no checksum
Frames  {"id": integer, "method": text, "params": array}; a frame that is not JSON closes the connection without a word
Lists   a second subscribe to candles, lastprice, market, marketToday, trades or a private list replaces the first: the
        whole list is sent
Limits  1000 connections a minute; 200 requests a minute on one of them
List    https://docs.whitebit.com/api-reference/market-data/market-info
Login   for the private methods: `authorize` with a token that a signed HTTP request gives (whitebit_login)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from wscli.core.book_rules import BookRule, chained_numbers
from wscli.core.catalogue import Channel, SymbolSpelling, base_and_quote
from wscli.core.dialect import (
    Api,
    Codec,
    Dialect,
    Endpoints,
    Facts,
    KeepAlive,
    Limits,
    Login,
    LoginTestVector,
    ServerUrls,
    SymbolList,
    channel_symbol_key,
    split_by_symbol,
)
from wscli.core.errors import UsageError
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
from wscli.exchanges.common import channel_and_symbols, ends_subscription, standard_learn, text_values
from wscli.exchanges.whitebit.catalogue import CODES, MARKETS, PUBLIC_CHANNELS, PUBLIC_QUERIES, rows_in
from wscli.exchanges.whitebit.login import login
from wscli.exchanges.whitebit.private_catalogue import (
    NESTED_LIST_METHODS,
    PRIVATE_CHANNELS,
    PRIVATE_QUERIES,
    symbols_in,
)

CHANNELS, QUERIES = (*PUBLIC_CHANNELS, *PRIVATE_CHANNELS), (*PUBLIC_QUERIES, *PRIVATE_QUERIES)
CHANNELS_BY_NAME = {c.name: c for c in CHANNELS}
QUERIES_BY_NAME = {q.name: q for q in QUERIES}
QUERIES_BY_METHOD = {q.wire_name: q for q in QUERIES}
REPLACING_CHANNELS = frozenset(c.name for c in CHANNELS if c.replaces_previous)
SNAPSHOT_CHANNELS = frozenset({"positionsMargin", "borrowsMargin"})  # each push replaces the one before
MARKET_INDEX_AND_MIN_LENGTH = {
    "candles": (7, 8),
    "bookTicker": (2, 8),
    "premiumIndex": (0, 6),
}  # where a row names its market, its length


# --- what we say ---------------------------------------------------------------------------------


def encode(commands: Sequence[Command], state: State, stamp: RequestContext) -> tuple[Frame, ...]:
    """Return the frames for `commands`. Each is remembered before the next is built, so that lists grow over a batch.

    Raises UsageError for candles that end before they start, and for a market's depth with two sets of parameters: the rules
    that the catalogue cannot hold.
    """
    wires: list[Frame] = []
    _check_depths(commands)
    for command in merged(commands):
        for method, params in method_calls(command, state):
            wire: Frame = {"id": next(stamp.request_ids), "method": method, "params": params}
            state = learn(state, wire)
            wires.append(wire)
    return tuple(wires)


def _check_depths(commands: Sequence[Command]) -> None:
    """Raise UsageError for a depth whose parameters another one in the same line would take over."""
    asked: dict[str, dict[str, Json]] = {}
    for command in commands:
        if isinstance(command, Subscribe) and command.channel == "depth":
            params = {name: command.params.get(name) for name in ("limit", "price_interval")}
            for market in command.symbols:
                if asked.setdefault(market, params) != params:
                    said = " and ".join(
                        f"limit={p['limit']} price_interval={p['price_interval']}" for p in (asked[market], params)
                    )
                    raise UsageError(
                        f"whitebit keeps one depth of a market on a connection (asked for {said} of {market})",
                        "ask for the other one in a second wscli",
                    )


def merged(commands: Sequence[Command]) -> list[Command]:
    """Return `commands` with neighbours that fill one list made one, so that it is sent once."""
    found: list[Command] = []
    symbols: list[str] = []  # of the last one of them
    for command in commands:
        match (found[-1] if found else None), command:
            case Subscribe(channel=a) as last, Subscribe(channel=b) if (
                a == b and b in REPLACING_CHANNELS and b != "candles"
            ):
                symbols += command.symbols
                found[-1] = replace(last, symbols=symbols)
            case _:
                symbols = [*command.symbols] if isinstance(command, Subscribe) else []
                found.append(command)
    return [replace(one, symbols=tuple(one.symbols)) if isinstance(one, Subscribe) else one for one in found]


def method_calls(command: Command, state: State) -> list[tuple[str, list[Json]]]:
    """Return the methods that carry out a command, each with its params."""
    match command:
        case Subscribe("candles", symbols):
            return [("candles_subscribe", subscribe_params(CHANNELS_BY_NAME["candles"], symbols, command))]
        case Subscribe(channel, symbols) if channel in REPLACING_CHANNELS:
            before = list_after_pending(state, channel)
            every = not symbols or any(not one.symbols for one in before)  # an empty list: all there are
            union = () if every else dict.fromkeys((*(s for one in before for s in one.symbols), *symbols))
            return [(f"{channel}_subscribe", subscribe_params(CHANNELS_BY_NAME[channel], union, command))]
        case Subscribe("depth"):
            return [
                ("depth_subscribe", subscribe_params(CHANNELS_BY_NAME["depth"], one.symbols, one))
                for one in depth_subscribes(command)
            ]
        case Subscribe(channel, symbols):
            return [(f"{channel}_subscribe", [s]) for s in symbols] or [(f"{channel}_subscribe", [])]
        case Unsubscribe(channel, symbols) if channel in REPLACING_CHANNELS:
            all_of_it, ended = replace(command, symbols=()), frozenset(symbols)
            kept = [
                one
                for one in list_after_pending(state, channel)
                if not ends_subscription(all_of_it, channel_symbol_key(one), one)
                or (ended and one.symbols and one.symbols[0] not in ended)
            ]
            return [reduced_list_call(channel, kept)]
        case Unsubscribe("ADLQuantile"):
            return [("ADLQuantile_unsubscribe", [])]
        case Unsubscribe(channel, symbols):
            return [(f"{channel}_unsubscribe", [s]) for s in symbols] or [(f"{channel}_unsubscribe", [])]
        case Query("ordersExecuted", (market, *_), params):
            types = params.get("order_types")
            wanted = {"market": market} if types is None else {"market": market, "order_types": [types]}
            return [("ordersExecuted_request", [wanted, params["offset"], params["limit"]])]
        case Query(name, symbols):
            if name == "candles" and command.params["end"] < command.params["start"]:
                raise UsageError("whitebit candles: end is before start", "start and end are seconds since the epoch")
            return [(QUERIES_BY_NAME[name].wire_name, [*symbols, *param_values(QUERIES_BY_NAME[name], command)])]
        case Ping():
            return [("ping", [])]
        case _:
            return []


def param_values(channel: Channel, command: Subscribe | Query) -> list[Json]:
    """Return the parameters of a command in wire order."""
    return [command.params.get(p.name, p.default) for p in channel.params]


def subscribe_params(channel: Channel, symbols: Iterable[str], command: Subscribe) -> list[Json]:
    """Return the params of a subscribe: its markets, for some channels as a list of their own, then its parameters.

    >>> subscribe_params(CHANNELS_BY_NAME["deals"], ["SOL_USDT"], Subscribe("deals"))
    [['SOL_USDT']]
    """
    markets: list[Json] = [[*symbols]] if channel.wire_name in NESTED_LIST_METHODS else [*symbols]
    return [*markets, *param_values(channel, command)]


def depth_subscribes(depth: Subscribe) -> list[Subscribe]:
    """Return a depth subscription market by market; `multiple=false` clears the others once, before the first."""
    first, *others = split_by_symbol(depth)
    return [first, *(replace(other, params={**other.params, "multiple": True}) for other in others)]


def reduced_list_call(channel: str, remaining: Sequence[Subscribe]) -> tuple[str, list[Json]]:
    """Return the call that leaves `kept` of a list: there is no way to drop one market by name."""
    if not remaining:
        return f"{channel}_unsubscribe", []
    return f"{channel}_subscribe", subscribe_params(
        CHANNELS_BY_NAME[channel], (s for one in remaining for s in one.symbols), remaining[0]
    )


def list_after_pending(state: State, channel: str) -> list[Subscribe]:
    """Return what a replacing channel will hold once everything on its way is acknowledged, oldest first."""
    found = [active.subscribe for active in state.active.values() if active.subscribe.channel == channel]
    for request in state.pending.values():
        for command in request.commands:
            match command:
                case Subscribe(channel=name) if name == channel:
                    found = [*split_by_symbol(command)]
                case Unsubscribe(channel=name) if name == channel:
                    found = []
    return found


def request_of(wire: Frame) -> Request | None:
    """Return what a frame of ours means, under its id. A method of another time, or one that trades, means no command."""
    match wire:
        case {"id": int(id), "method": str(method)} if not isinstance(id, bool):
            params = wire.get("params")
            return Request(id, commands_of(method, params if isinstance(params, list | tuple) else ()))
        case _:
            return None


def commands_of(method: str, params: Sequence[Json]) -> tuple[Command, ...]:
    """Return the command of a method and its params; the reverse of calls().

    >>> commands_of("candles_subscribe", ["SOL_USDT", 1800])
    (Subscribe(channel='candles', symbols=('SOL_USDT',), params={'interval': 1800}),)
    """
    name, _, verb = method.rpartition("_")
    if method == "ping":
        return (Ping(),)
    if method == "authorize":
        return (Auth(),)
    if (query := QUERIES_BY_METHOD.get(method)) is not None:
        return (Query(query.name, *symbols_and_params(query, params)),)
    if (channel := CHANNELS_BY_NAME.get(name)) is None:
        return ()
    if verb == "subscribe":
        return (Subscribe(name, *symbols_and_params(channel, params)),)
    if verb == "unsubscribe":
        # A list ends as a whole, whatever the params say; elsewhere the market alone counts.
        return (Unsubscribe(name, () if channel.replaces_previous else symbols_and_params(channel, params)[0]),)
    return ()


def symbols_and_params(channel: Channel, params: Sequence[Json]) -> tuple[tuple[str, ...], dict[str, Json]]:
    """Return the symbols and the named parameters of a params array: one market before parameters, else all are markets.

    Where the markets are a list of their own it stands first; so does the filter of ordersExecuted_request.
    """
    named_after: dict[str, Json] = dict(zip([p.name for p in channel.params], params[1:], strict=False))
    match channel.wire_name, [*params]:
        case "ordersExecuted_request", [dict(wanted), *_]:
            types = wanted.get("order_types")
            if types is not None:
                named_after["order_types"] = types[0] if isinstance(types, list) and len(types) == 1 else types
            markets: Sequence[Json] = [wanted.get("market")]
        case wire, [list(within), *_] if wire in NESTED_LIST_METHODS:
            markets = within
        case _:
            markets = params[:1] if channel.params else params
    return tuple(m for m in markets if isinstance(m, str)), named_after


# --- what is remembered --------------------------------------------------------------------------

learn_default = standard_learn(request_of, replacing_channels=REPLACING_CHANNELS)


def learn(state: State, message: Frame | Event) -> State:
    """Remember as usual; and a depth subscription with `multiple` false ends every other one."""
    after = learn_default(state, message)
    if not isinstance(message, Event) or message.kind is not Kind.ACK or message.request_id not in state.pending:
        return after
    for command in state.pending[message.request_id].commands:
        if isinstance(command, Subscribe) and command.channel == "depth" and command.params.get("multiple") is False:
            kept = channel_symbol_key(command)
            active = {k: v for k, v in after.active.items() if v.subscribe.channel != "depth" or k == kept}
            after = replace(after, active=active)
    return after


# --- what we hear --------------------------------------------------------------------------------


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
    asked_for = state.pending[id].commands if id in state.pending else ()
    query = next((c for c in asked_for if isinstance(c, Query)), None)
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
        case _, result if any(isinstance(c, Subscribe | Unsubscribe) for c in asked_for):
            return event(Kind.ERROR, literal(result))
        case _:
            return event(Kind.REPLY)


# --- the dialect ---------------------------------------------------------------------------------


def symbols(answer: Json) -> list[str]:
    """[{"name":"BTC_USDT","stock":"BTC","money":"USDT",…},…], perpetuals among them."""
    return text_values(answer, "name") if isinstance(answer, list) else []


def spell(symbol: str) -> str:
    """Return a symbol as WhiteBIT spells it, as far as it can be told.

    >>> spell("btc-usdt"), spell("ETHBTC"), spell("solperp")
    ('BTC_USDT', 'ETH_BTC', 'SOL_PERP')
    """
    pair = base_and_quote(symbol)
    upper = symbol.upper()
    if pair is None and upper.endswith(("PERP", "UAH")):
        quote = "PERP" if upper.endswith("PERP") else "UAH"
        return f"{upper.removesuffix(quote)}_{quote}"
    return "_".join(pair) if pair else upper


WHITEBIT = Dialect(
    name="whitebit",
    title="WhiteBIT",
    api=Api("v4", "live", "2022-04", "its documentation of 2026-08; the production socket answered on 2026-09-22"),
    endpoints=Endpoints(
        production=ServerUrls({"public": "wss://wss.whitebit.com/ws"}, "https://whitebit.com"),
        alternative_urls={
            "seed": "wss://api.whitebit.com/ws",  # deprecated on 2026-09-01; takes no new connections from 2027-03-01
            "eu": "wss://api.whitebit.eu/ws",
        },
        keepalive=KeepAlive(50),
        limits=Limits(idle_s=60, connects=(1000, 60), requests=(200, 60)),
    ),
    codec=Codec(
        encode=encode,
        decode=decode,
        request_of=request_of,
        learn=learn,
        data_prefix=re.compile(rb'\{"method": ?"(?:' + "|".join(c.name for c in CHANNELS).encode() + rb')_update"'),
    ),
    facts=Facts(
        docs="https://docs.whitebit.com/websocket/overview",
        channels=CHANNELS,
        queries=QUERIES,
        symbol_spelling=SymbolSpelling(
            r"[A-Z0-9]{1,20}_[A-Z0-9]{1,20}", "BTC_USDT", "in capitals, with an underscore", spell
        ),
        code_meanings=CODES,
        common_symbols=MARKETS,
        symbol_list=SymbolList("/api/v4/public/markets", symbols),
        book_rules={
            "depth": BookRule(
                chained_numbers("params.1.update_id", "params.1.past_update_id"), detects_loss=True, depth_param="limit"
            )
        },
        silence_note="whitebit rejects markets that it does not have: this one may be quiet",
        notes="the venue closes the connection on a frame that is not JSON",
    ),
    login=Login(
        steps=login,
        summary="token by a signed HTTP request",
        required=("key", "secret"),
        test_vector=LoginTestVector(
            "wscli-demo-key",
            "wscli-demo-secret",
            1_767_225_600_123,
            "9e678c2e23da29b77eea5f5c2e31a316b1afe632338c5920ffab41b5fe469a57"
            "b67e3b1a4efb97956908db3daffb03cecee0c5cd4cd4bd7d888e6585656fa7af",
        ),
    ),
)
