"""What several dialects share: the state that most of them keep, and readers of common shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from wscli.core.dialect import Learn, channel_symbol_key, split_by_symbol
from wscli.core.jsontext import Json
from wscli.core.messages import (
    COUNTED_KINDS,
    ActiveSubscription,
    Event,
    Frame,
    Key,
    Kind,
    Request,
    State,
    Subscribe,
    Unsubscribe,
)
from wscli.core.record import replace
from wscli.core.shared_map import with_entries, without_keys


def text_values(rows: Iterable[Json], key: str) -> list[str]:
    """Return the texts that stand under `key`, one of each row that has one.

    >>> text_values([{"name": "BTC_USDT"}, {"name": None}, 7], "name")
    ['BTC_USDT']
    """
    texts = [row.get(key) for row in rows if isinstance(row, dict)]
    return [text for text in texts if isinstance(text, str)]


def channel_and_symbols(state: State, request: Key | None) -> tuple[str | None, tuple[str, ...]]:
    """Return the channel and symbols that a pending request speaks of: the channel only where it is one."""
    pending_request = state.pending.get(request) if request is not None else None
    commands = (
        [c for c in pending_request.commands if isinstance(c, Subscribe | Unsubscribe)] if pending_request else []
    )
    channels = {c.channel for c in commands}
    symbols = tuple(dict.fromkeys(s for c in commands for s in c.symbols))
    return (channels.pop() if len(channels) == 1 else None), symbols


def standard_learn(
    request_of: Callable[[Frame], Request | None],
    key: Callable[[Subscribe], Key] = channel_symbol_key,
    replacing_channels: frozenset[str] = frozenset(),
) -> Learn:
    """Return the `learn` that suits most exchanges: `request_of` reads our own frames back, an ack moves pending to active.

    key: of one subscription in State.active (used unless the ack's event brings a `topic`: an id the server gave).
    replacing_channels: channels whose new subscription ends the earlier one.
    """

    def learn(state: State, message: Frame | Event) -> State:
        if not isinstance(message, Event):
            request = request_of(message)
            return (
                state
                if request is None
                else replace(state, pending=with_entries(state.pending, {request.key: request}))
            )
        if message.request_id is not None and message.request_id in state.pending:
            request = state.pending[message.request_id]
            state = replace(state, pending=without_keys(state.pending, [message.request_id]))
            return _acknowledged(state, request, message) if message.kind is Kind.ACK else state
        if message.kind in COUNTED_KINDS and message.topic is not None:
            active = state.active.get(message.topic)
            if active is not None and not active.has_data:
                return replace(
                    state, active=with_entries(state.active, {message.topic: replace(active, has_data=True)})
                )
        return state

    def _acknowledged(state: State, request: Request, event: Event) -> State:
        active = state.active
        for command in request.commands:
            match command:
                case Subscribe() as subscribe:
                    wanted = {
                        event.topic if event.topic is not None else key(one): one for one in split_by_symbol(subscribe)
                    }
                    if subscribe.channel in replacing_channels:
                        active = {
                            k: v for k, v in active.items() if v.subscribe.channel != subscribe.channel or k in wanted
                        }
                    active = with_entries(active, {k: ActiveSubscription(one) for k, one in wanted.items()})
                case Unsubscribe() as end:
                    active = without_keys(active, ended_keys(end, active, key))
        return replace(state, active=active)

    return learn


def ended_keys(
    unsubscribe: Unsubscribe,
    active: Mapping[Key, ActiveSubscription],
    key: Callable[[Subscribe], Key] = channel_symbol_key,
) -> list[Key]:
    """Return the keys of the open subscriptions that `unsubscribe` stops; key: as for `standard_learn`."""
    if unsubscribe.id is not None:
        return [unsubscribe.id] if unsubscribe.id in active else []
    whole = Subscribe(unsubscribe.channel, (), unsubscribe.params)
    named = [key(replace(whole, symbols=(symbol,))) for symbol in unsubscribe.symbols]
    if (
        named
        and key(whole) not in active
        and all(k in active and active[k].subscribe.params == unsubscribe.params for k in named)
    ):
        return named  # thousands of acks, each of which ends a few of thousands
    every, symbols = replace(unsubscribe, symbols=()), frozenset(unsubscribe.symbols)
    found = [(k, one.subscribe) for k, one in active.items() if ends_subscription(every, k, one.subscribe)]
    return [k for k, one in found if not symbols or not one.symbols or one.symbols[0] in symbols]


def ends_subscription(unsubscribe: Unsubscribe, key: Key, subscribe: Subscribe) -> bool:
    """Say whether `unsubscribe` stops the open subscription `subscribe`, which is kept under `key`."""
    if unsubscribe.id is not None:
        return key == unsubscribe.id
    if unsubscribe.channel != subscribe.channel or any(
        subscribe.params.get(k) != v for k, v in unsubscribe.params.items()
    ):
        return False
    return not unsubscribe.symbols or not subscribe.symbols or not {*subscribe.symbols}.isdisjoint(unsubscribe.symbols)
