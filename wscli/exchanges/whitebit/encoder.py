"""WhiteBIT: commands as calls of methods, those calls read back, and what is remembered of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wscli.core.catalogue import Channel, epoch_s
from wscli.core.dialect import (
    channel_symbol_key,
    split_by_symbol,
)
from wscli.core.errors import UsageError
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
from wscli.exchanges.common import ends_subscription, standard_learn
from wscli.exchanges.whitebit.channels import (
    CHANNELS_BY_NAME,
    QUERIES_BY_METHOD,
    QUERIES_BY_NAME,
    REPLACING_CHANNELS,
)
from wscli.exchanges.whitebit.private_catalogue import (
    NESTED_LIST_METHODS,
)


def encode(commands: Sequence[Command], state: State, context: RequestContext) -> tuple[Frame, ...]:
    """Return the frames for `commands`. Each is remembered before the next is built, so that lists grow over a batch.

    Raises UsageError for candles that end before they start, and for a market's depth with two sets of parameters: the rules
    that the catalogue cannot hold.
    """
    frames: list[Frame] = []
    _check_depths(commands)
    for command in merged([_at_times(one, context.now_ns) for one in commands]):
        for method, params in method_calls(command, state):
            frame: Frame = {"id": next(context.request_ids), "method": method, "params": params}
            state = learn(state, frame)
            frames.append(frame)
    return tuple(frames)


def _at_times(command: Command, now_ns: int) -> Command:
    """Return a query with its times as seconds since the epoch."""
    if not isinstance(command, Query) or (channel := QUERIES_BY_NAME.get(command.name)) is None:
        return command
    times = {
        p.name: epoch_s(command.params[p.name], now_ns)
        for p in channel.params
        if p.type == "time" and p.name in command.params
    }
    return replace(command, params={**command.params, **times}) if times else command


def _check_depths(commands: Sequence[Command]) -> None:
    """Raise UsageError for a depth whose parameters another one in the same line would take over."""
    params_by_symbol: dict[str, dict[str, Json]] = {}
    for command in commands:
        if isinstance(command, Subscribe) and command.channel == "depth":
            params = {name: command.params.get(name) for name in ("limit", "price_interval")}
            for market in command.symbols:
                if params_by_symbol.setdefault(market, params) != params:
                    choices = " and ".join(
                        f"limit={p['limit']} price_interval={p['price_interval']}"
                        for p in (params_by_symbol[market], params)
                    )
                    raise UsageError(
                        f"whitebit allows one depth of a market per connection (requested: {choices} of {market})",
                        "request the other one in a second wscli",
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
                raise UsageError("whitebit candles: end is before start", "for example: start=-1h end=now")
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


def request_of(frame: Frame) -> Request | None:
    """Return what a frame of ours means, under its id. A method of another time, or one that trades, means no command."""
    match frame:
        case {"id": int(id), "method": str(method)} if not isinstance(id, bool):
            params = frame.get("params")
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
        case frame, [list(within), *_] if frame in NESTED_LIST_METHODS:
            markets = within
        case _:
            markets = params[:1] if channel.params else params
    return tuple(m for m in markets if isinstance(m, str)), named_after


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
