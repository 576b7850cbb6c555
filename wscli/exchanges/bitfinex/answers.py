"""Bitfinex, both APIs: which request an answer answers, where no frame carries a request id.

By what it echoes (channel, pair, prec, freq, len, chanId), else by what its code can answer, else the oldest request.
Docs: https://docs.bitfinex.com/v1/docs/ws-general shows acks with channel and chanId only; the recorded ones echo all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from wscli.core.errors import UsageError
from wscli.core.jsontext import Json, literal, written
from wscli.core.messages import ActiveSubscription, Event, Frame, Key, Kind, State, Subscribe, Unsubscribe
from wscli.core.record import replace
from wscli.core.shared_map import with_entries, without_keys
from wscli.exchanges.common import ends_subscription

MAX_CHANNELS = 50  # of a connection: more than any page or probe of either API gives
BOOK_DEFAULTS = {"prec": "P0", "freq": "F0", "len": "25"}

SubscriptionParser: TypeAlias = Callable[
    ..., Subscribe | None
]  # (message[, defaults for what it leaves out]) -> what it describes


def subscription_in(message: Mapping[str, Json], defaults: Mapping[str, Json] = BOOK_DEFAULTS) -> Subscribe | None:
    """Return the Subscribe that a request, an ack or an echo describes; ccxt wrote `symbol` for `pair`, and was served."""
    channel = message.get("channel")
    if not isinstance(channel, str):
        return None
    pair = next((p for p in (message.get("pair"), message.get("symbol")) if isinstance(p, str) and p), None)
    given = {k: text_or_none(message.get(k)) or defaults.get(k) for k in BOOK_DEFAULTS} if channel == "book" else {}
    return Subscribe(channel, (pair,) if pair else (), {k: v for k, v in given.items() if v is not None})


def text_or_none(value: Json) -> str | None:
    """Return a text or a number as it was written; None for anything else."""
    return literal(value) if isinstance(value, str | int | float) else None


def int_or_none(value: Json) -> int | None:
    """Return a chanId or a code as a number; the documents write both as digits in a text, too.

    >>> int_or_none(10300), int_or_none("20061"), int_or_none(True), int_or_none("x")
    (10300, 20061, None, None)
    """
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def pending_keys(state: State, *verbs: str) -> list[Key]:
    """Return the keys of the pending requests with one of these verbs (any, when none is named), oldest first."""
    return [k for k in state.pending if isinstance(k, tuple) and (not verbs or k[0] in verbs)]


def first_or_none(keys: Iterable[Key]) -> Key | None:
    return next(iter(keys), None)


def pending_subscribes(state: State) -> dict[Key, Subscribe]:
    """Return the pending subscribes, oldest first."""
    return {
        k: c for k in pending_keys(state, "subscribe") for c in state.pending[k].commands if isinstance(c, Subscribe)
    }


def matching_subscribes(echo: Subscribe, state: State) -> list[Key]:
    """Return the pending subscribes that an echo can mean: in all it says, else in channel and pair. Oldest first."""
    pending = pending_subscribes(state)
    near = [k for k, s in pending.items() if s.channel == echo.channel and echo.symbols in ((), s.symbols)]
    return [k for k in near if echo.params.items() <= pending[k].params.items()] or near


def best_matching_subscribes(echo: Subscribe, state: State) -> list[Key]:
    """Return the pending subscribes that an echo can mean, only that one where it repeats a request exactly."""
    exact = ("subscribe", echo.channel, *echo.symbols, *echo.params.values())
    return [exact] if exact in state.pending else matching_subscribes(echo, state)


def pending_unsubscribes(chan_id: int | None, state: State) -> list[Key]:
    """Return the pending unsubscribes of a chanId."""
    return [k for k in pending_keys(state, "unsubscribe") if state.pending[k].commands == (Unsubscribe(id=chan_id),)]


def duplicate_subscribes(state: State) -> list[Key]:
    """Return the pending subscribes that ask for what is open, or for what an older one asks."""
    seen, found = [comparable(active.subscribe) for active in state.active.values()], []
    for key, subscribe in ((k, comparable(s)) for k, s in pending_subscribes(state).items()):
        if subscribe in seen:
            found.append(key)
        seen.append(subscribe)
    return found


def comparable(subscribe: Subscribe) -> Subscribe:
    """Return a subscription without what does not distinguish it from another: flags are the connection's, a subId is ours."""
    return replace(subscribe, params={k: v for k, v in subscribe.params.items() if k not in ("flags", "subId")})


def merged(before: ActiveSubscription | None, now: Subscribe) -> Subscribe:
    """Return what a chanId stands for: the symbols of both, where the exchange gave one id to two of a channel's.

    Their messages cannot be told apart, and none is given a symbol that may be the other's.
    """
    if (
        before is None
        or (was := comparable(before.subscribe)).channel != now.channel
        or was.params != comparable(now).params
    ):
        return now
    return replace(now, symbols=tuple(dict.fromkeys((*before.subscribe.symbols, *now.symbols)))[:MAX_CHANNELS])


def subscribe_ack(
    payload: dict[str, Json], state: State, parse_subscription: SubscriptionParser = subscription_in
) -> Event:
    """Classify an ack. What it leaves out (the documents show only channel and chanId) is as it was asked."""
    echo, number = parse_subscription(payload, {}), int_or_none(payload["chanId"])
    if echo is None or number is None:
        return Event(Kind.UNKNOWN, payload)
    request = first_or_none(best_matching_subscribes(echo, state))
    commands = state.pending[request].commands if request is not None else ()
    wanted = next((c for c in commands if isinstance(c, Subscribe)), None) or parse_subscription(payload)
    if wanted is not None:
        echo = replace(wanted, params={**wanted.params, **echo.params})
    return Event(Kind.ACK, payload, echo.channel, echo.symbols, "subscribed", None, request, number, echo)


def unsubscribe_ack(payload: dict[str, Json], state: State) -> Event:
    number = int_or_none(payload["chanId"])
    request = first_or_none(pending_unsubscribes(number, state))
    channel, symbols = channel_and_symbols(state, request, number)
    return Event(Kind.ACK, payload, channel, symbols, "unsubscribed", None, request, number)


def rejection(
    payload: dict[str, Json], state: State, parse_subscription: SubscriptionParser = subscription_in
) -> Event:
    """Classify a refusal: tied by what it echoes, else by what its code can answer, else to the oldest request.

    A dup refuses the second of two equals, and can come before the first one's ack.
    """
    code, number, echo = code_of(payload), int_or_none(payload.get("chanId")), parse_subscription(payload, {})
    event = {"unsubscribed": "unsubscribe"}.get(payload["event"], payload["event"])
    verbs = verbs_of_code(code) if event == "error" else [event]
    if echo is not None and verbs in ([], ["subscribe"]):
        keys = matching_subscribes(echo, state) if code == 10301 else best_matching_subscribes(echo, state)
    elif verbs == ["unsubscribe"]:
        keys = pending_unsubscribes(number, state) or pending_keys(state, *verbs)
    else:
        keys = pending_keys(state, *verbs)
    if code == 10301:
        keys = [k for k in duplicate_subscribes(state) if k in keys] or keys
    request = first_or_none(keys)
    channel, symbols = channel_and_symbols(state, request, number)
    if echo is not None and not channel:
        channel, symbols = echo.channel, echo.symbols
    reason = text_or_none(payload.get("msg", payload.get("status")))
    return Event(Kind.ERROR, payload, channel, symbols, reason, code, request)


def code_of(payload: Mapping[str, Json]) -> int | str | None:
    """Return the code: a number, also where it came as digits in a text."""
    number = int_or_none(payload.get("code"))
    return number if number is not None else text_or_none(payload.get("code"))


def verbs_of_code(code: int | str | None) -> list[str]:
    """Return the verb that an error code answers, by the documents' grouping; empty where it can be any."""
    match code:
        case 10001 | 10011 | 10012:
            return ["subscribe"]
        case int():
            verb = {101: "auth", 102: "unauth", 103: "subscribe", 104: "unsubscribe"}.get(code // 100)
            return [verb] if verb else []
        case _:
            return []


def channel_and_symbols(state: State, request: Key | None, chan_id: int | None) -> tuple[str | None, tuple[str, ...]]:
    """Return the channel and symbols of a pending request or of a chanId; an unsubscribe names only its chanId."""
    for command in state.pending[request].commands if request is not None else ():
        match command:
            case Subscribe(channel=channel, symbols=symbols):
                return channel, symbols
            case Unsubscribe(id=int(named)):
                chan_id = named
            case Unsubscribe(channel=channel):
                return channel, ()
    active = state.active.get(chan_id)
    return (active.subscribe.channel, active.subscribe.symbols) if active else (None, ())


def with_ack_applied(state: State, event: Event, before: ActiveSubscription | None, *, is_our_request: bool) -> State:
    """Return the state with the channel that an ack opens or ends, although nobody here may have asked.

    before: what the id stood for until now. is_our_request: a request of ours was waiting for it. Of the others, which are only
    labelled, the oldest goes where there are more than a connection has.
    """
    key, subscription = event.topic, event.subscription
    active, unasked = without_keys(state.active, [key]), {k: held for k, held in state.unrequested.items() if k != key}
    if not isinstance(subscription, Subscribe):
        return replace(state, active=active, unrequested=unasked)
    if not is_our_request:
        wished = (before.subscribe,) if before is not None else ()
        unasked[key] = state.unrequested.get(key, wished)
        if len(active) >= MAX_CHANNELS:
            oldest = [one for one in active if unasked.get(one) == ()][:1]
            if not oldest:
                return state
            active = without_keys(active, oldest)
            del unasked[oldest[0]]
    return replace(
        state, active=with_entries(active, {key: ActiveSubscription(merged(before, subscription))}), unrequested=unasked
    )


def without_duplicates(frames: Iterable[Frame]) -> tuple[Frame, ...]:
    """Return frames without repetitions."""
    found: dict[str, Frame] = {}
    for frame in frames:
        found.setdefault(written(frame, masked=False), frame)
    return tuple(found.values())


class ChannelIds:
    """The chanIds of what is open, by what an unsubscribe names: looked up for thousands, so put in order once."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._ids_by_name: dict[tuple[str, str | None], list[tuple[int, Subscribe]]] | None = None

    def __call__(self, end: Unsubscribe) -> list[int]:
        """Return the chanIds that `end` speaks of. Raises UsageError when one of its symbols has none here."""
        if end.id is not None:
            return [end.id]
        if self._ids_by_name is None:
            self._ids_by_name = {}
            for key, one in self._state.active.items():
                if isinstance(key, int):
                    for name in {*(one.subscribe.symbols or ("",)), None}:  # None: all of them
                        self._ids_by_name.setdefault((one.subscribe.channel, name), []).append((key, one.subscribe))
        return [number for symbol in end.symbols or (None,) for number in self._ids_of(end, symbol)]

    def _ids_of(self, end: Unsubscribe, symbol: str | None) -> list[int]:
        assert self._ids_by_name is not None
        named = [(end.channel, symbol)] if symbol is None else [(end.channel, symbol), (end.channel, "")]
        every = replace(end, symbols=())
        found = [
            key for name in named for key, one in self._ids_by_name.get(name, ()) if ends_subscription(every, key, one)
        ]
        if not found:
            raise UsageError(
                f"bitfinex unsubscribes a channel by its number, which is not known for {' '.join([end.channel, symbol or '']).strip()}",
                "use the chanId of the acknowledgement: wscli bitfinex unsubscribe 17",
            )
        return found
