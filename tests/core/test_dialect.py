"""What is remembered of a connection: which answer is whose, and what has begun."""

from __future__ import annotations

import pytest

from wscli.core.dialect import merged, split_by_symbol
from wscli.core.messages import ActiveSubscription, Event, Frame, Kind, Request, State, Subscribe, Unsubscribe
from wscli.exchanges.common import channel_and_symbols, ended_keys, ends_subscription, standard_learn

TRADE = Subscribe("trade", ("BTCUSDT",))
BOOK = Subscribe("book", ("BTCUSDT",), {"depth": 40})
BOTH = Subscribe("trade", ("BTCUSDT", "ETHUSDT"))


def request_of(frame: Frame) -> Request | None:
    return Request(frame["id"], frame["commands"]) if "id" in frame else None


learn = standard_learn(request_of)


def after(*messages: Frame | Event, state: State | None = None) -> State:
    state = state or State()
    for message in messages:
        state = learn(state, message)
    return state


def request_frame(*commands: Subscribe | Unsubscribe, id: int = 1) -> Frame:
    return {"id": id, "commands": commands}


def acknowledged(id: int = 1, topic: int | None = None) -> Event:
    return Event(Kind.ACK, {}, request_id=id, topic=topic)


def test_a_request_is_pending_until_it_is_answered() -> None:
    pending = after(request_frame(TRADE))

    assert pending.pending == {1: Request(1, (TRADE,))}
    assert pending.active == {}
    done = after(acknowledged(), state=pending)
    assert done.pending == {}
    assert done.active == {("trade", "BTCUSDT"): ActiveSubscription(TRADE)}


def test_a_frame_without_a_meaning_changes_nothing() -> None:
    assert after({"op": "hello"}) == State()


@pytest.mark.parametrize("kind", [Kind.ERROR, Kind.REPLY, Kind.PONG])
def test_an_answer_that_is_no_acknowledgement_opens_nothing(kind: Kind) -> None:
    state = after(request_frame(TRADE), Event(kind, {}, request_id=1))

    assert (state.pending, state.active) == ({}, {})


@pytest.mark.parametrize("request_id", [None, 2])
def test_an_acknowledgement_of_another_request_changes_nothing(request_id: int | None) -> None:
    before = after(request_frame(TRADE))

    assert after(Event(Kind.ACK, {}, request_id=request_id), state=before) == before


def test_each_symbol_of_an_acknowledged_request_is_a_subscription() -> None:
    state = after(request_frame(BOTH), acknowledged())

    assert state.active == {("trade", s): ActiveSubscription(Subscribe("trade", (s,))) for s in BOTH.symbols}


BEGINNINGS = [
    # the message                                                  begins the subscription
    (Event(Kind.SNAPSHOT, {}, "trade", ("BTCUSDT",), topic=17),    True),
    (Event(Kind.UPDATE, {}, "trade", ("BTCUSDT",), topic=17),      True),
    (Event(Kind.HEARTBEAT, {}, "trade", ("BTCUSDT",), topic=17),   False),
    (Event(Kind.STATUS, {}, "trade", ("BTCUSDT",), topic=17),      False),
    (Event(Kind.UPDATE, {}, "trade", ("BTCUSDT",), topic=18),      False),
    (Event(Kind.UPDATE, {}, "trade", ("BTCUSDT",)),                False),
]  # fmt: skip


@pytest.mark.parametrize(("message", "begins"), BEGINNINGS)
def test_only_data_begins_a_subscription(message: Event, begins: bool) -> None:
    opened = after(request_frame(TRADE), acknowledged(topic=17))
    assert opened.active == {17: ActiveSubscription(TRADE)}
    state = after(message, state=opened)

    assert state.active[17].has_data is begins
    if begins:
        assert learn(state, message) is state


def test_a_channel_that_replaces_its_subscription_ends_the_earlier_one_and_no_other() -> None:
    replacing = standard_learn(request_of, replacing_channels=frozenset({"trade"}))
    state = after(request_frame(BOOK), acknowledged(), request_frame(TRADE), acknowledged())
    for message in (request_frame(Subscribe("trade", ("ETHUSDT",))), acknowledged()):
        state = replacing(state, message)

    assert sorted(state.active) == [("book", "BTCUSDT"), ("trade", "ETHUSDT")]


OPEN = {
    ("trade", "BTCUSDT"): ActiveSubscription(TRADE),
    ("trade", "ETHUSDT"): ActiveSubscription(Subscribe("trade", ("ETHUSDT",))),
    ("book", "BTCUSDT"): ActiveSubscription(BOOK),
    ("order",): ActiveSubscription(Subscribe("order")),
    17: ActiveSubscription(Subscribe("candles", ("BTCUSDT",), {"interval": "1m"})),
    18: ActiveSubscription(Subscribe("candles", ("BTCUSDT",), {"interval": "5m"})),
}
ENDED = [
    # the unsubscribe                                              what it ends
    (Unsubscribe("trade", ("BTCUSDT",)),                           [("trade", "BTCUSDT")]),
    (Unsubscribe("trade", ("BTCUSDT", "ETHUSDT")),                 [("trade", "BTCUSDT"), ("trade", "ETHUSDT")]),
    (Unsubscribe("trade", ("BTCUSDT", "LTCUSDT")),                 [("trade", "BTCUSDT")]),
    (Unsubscribe("trade", ("LTCUSDT",)),                           []),
    (Unsubscribe("trade"),                                         [("trade", "BTCUSDT"), ("trade", "ETHUSDT")]),
    (Unsubscribe("book", ("BTCUSDT",)),                            [("book", "BTCUSDT")]),
    (Unsubscribe("book", ("BTCUSDT",), {"depth": 40}),             [("book", "BTCUSDT")]),
    (Unsubscribe("book", ("BTCUSDT",), {"depth": 50}),             []),
    (Unsubscribe("order"),                                         [("order",)]),
    (Unsubscribe("order", ("BTCUSDT",)),                           [("order",)]),
    (Unsubscribe("candles", ("BTCUSDT",), {"interval": "1m"}),     [17]),
    (Unsubscribe("candles", ("BTCUSDT",)),                         [17, 18]),
    (Unsubscribe(id=17),                                           [17]),
    (Unsubscribe(id=19),                                           []),
]  # fmt: skip


@pytest.mark.parametrize(("unsubscribe", "ended"), ENDED)
def test_an_unsubscribe_ends_what_it_names(unsubscribe: Unsubscribe, ended: list[object]) -> None:
    state = after(request_frame(unsubscribe), acknowledged(), state=State(active=OPEN))

    assert ended_keys(unsubscribe, OPEN) == ended
    assert [key for key in OPEN if key not in state.active] == ended
    assert [key for key, one in OPEN.items() if ends_subscription(unsubscribe, key, one.subscribe)] == ended


def test_subscriptions_of_one_channel_and_parameters_are_put_together_in_order() -> None:
    eth, other_book = Subscribe("trade", ("ETHUSDT", "BTCUSDT")), Subscribe("book", ("ETHUSDT",), {"depth": 50})

    assert merged([TRADE, BOOK, eth, other_book]) == [BOTH, BOOK, other_book]
    assert split_by_symbol(BOTH) == (TRADE, Subscribe("trade", ("ETHUSDT",)))
    assert split_by_symbol(Subscribe("order")) == (Subscribe("order"),)


SPOKEN_OF = [
    # the commands of the request              channel   symbols
    ((TRADE,),                                 "trade",  ("BTCUSDT",)),
    ((TRADE, Subscribe("trade", ("ETHUSDT",))), "trade", ("BTCUSDT", "ETHUSDT")),
    ((TRADE, BOOK),                            None,     ("BTCUSDT",)),
    ((),                                       None,     ()),
]  # fmt: skip


@pytest.mark.parametrize(("commands", "channel", "symbols"), SPOKEN_OF)
def test_an_answer_is_of_the_channel_of_its_request_where_that_is_one(
    commands: tuple[Subscribe, ...], channel: str | None, symbols: tuple[str, ...]
) -> None:
    state = after(request_frame(*commands))

    assert channel_and_symbols(state, 1) == (channel, symbols)
    assert channel_and_symbols(state, 2) == channel_and_symbols(state, None) == (None, ())
