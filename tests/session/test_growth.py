"""What a connection remembers does not make its messages dearer, and only what was asked for is remembered to be asked again."""

from __future__ import annotations

import time
from itertools import count
from uuid import UUID

import pytest

from tests.support.scripted_transport import session_of
from wscli.core.dialect import Dialect, merged
from wscli.core.errors import UsageError
from wscli.core.jsontext import parsed
from wscli.core.messages import ActiveSubscription, Event, Kind, Request, RequestContext, State, Subscribe, Unsubscribe
from wscli.core.shared_map import SharedMap, with_entries
from wscli.exchanges import DIALECTS
from wscli.exchanges.bitfinex.answers import MAX_CHANNELS
from wscli.session.route import subscriptions_of

MANY = 17_000
BOUND_S = 5.0  # of the processor: twenty times what it takes; one look at each pair of symbols takes longer

# a channel of each API that takes many symbols, and how one of them is spelt
CHANNELS = {
    "bybit spot-v3": ("trade", "A{}USDT"),
    "bybit v5": ("publicTrade", "A{}USDT"),
    "bitfinex v1": ("trades", "{:06}"),
    "bitfinex v2": ("trades", "t{:06}"),
    "bitstamp v2": ("live_trades", "a{}usd"),
    "whitebit v4": ("depth", "A{}_USDT"),
    "digifinex spot-v1": ("trades", "A{}_USDT"),
}


def label(dialect: Dialect) -> str:
    return f"{dialect.name} {dialect.api.name}"


def by_label(name: str) -> Dialect:
    return next(dialect for dialect in DIALECTS if label(dialect) == name)


def wanted(dialect: Dialect, many: int = MANY) -> tuple[str, tuple[str, ...]]:
    channel, spelt = CHANNELS[label(dialect)]
    return channel, tuple(spelt.format(number) for number in range(many))


@pytest.mark.parametrize("apart", [False, True], ids=["in one command", "in a command each"])
@pytest.mark.parametrize("kind", [Subscribe, Unsubscribe])
@pytest.mark.parametrize("dialect", DIALECTS, ids=label)
def test_thousands_of_symbols_are_encoded_in_a_moment(
    dialect: Dialect, kind: type[Subscribe] | type[Unsubscribe], apart: bool
) -> None:
    channel, symbols = wanted(dialect, 5000 if apart else MANY)
    commands = [kind(channel, (s,)) for s in symbols] if apart else [kind(channel, symbols)]
    active = {
        n if dialect.facts.unsubscribe_by_id else (channel, s): ActiveSubscription(Subscribe(channel, (s,)))
        for n, s in enumerate(symbols)
    }
    state = State(active=with_entries({}, active)) if kind is Unsubscribe else State()
    began = time.process_time()
    try:
        frames = dialect.codec.encode(commands, state, RequestContext(0, count(1), lambda: UUID(int=1)))
    except UsageError as refused:  # more than a connection takes is refused, and as quickly
        frames = ()
        assert "channels per connection" in refused.message
    took = time.process_time() - began

    assert took < BOUND_S
    assert frames or dialect.name == "bitstamp"


def test_thousands_of_subscriptions_are_put_together_in_a_moment() -> None:
    each = [Subscribe(("book", "trades")[n % 2], (f"A{n}",), {"depth": n % 5}) for n in range(MANY)]
    began = time.process_time()
    together = merged([*each, *each])

    assert time.process_time() - began < BOUND_S
    assert [(one.channel, one.params["depth"], len(one.symbols)) for one in together] == [
        (("book", "trades")[n % 2], n % 5, MANY // 10) for n in range(10)
    ]
    assert merged([Subscribe("a", ("x",)), Subscribe("b"), Subscribe("a", ("y", "x"))]) == [
        Subscribe("a", ("x", "y")),
        Subscribe("b"),
    ]


@pytest.mark.parametrize("dialect", [d for d in DIALECTS if d.api.name not in ("v1", "v2")], ids=label)
def test_a_message_does_not_copy_what_is_remembered_of_the_others(dialect: Dialect) -> None:
    channel, symbols = wanted(dialect, 5000)
    state = State(
        pending=with_entries({}, {n: Request(n, ()) for n in range(5000)}),
        active=with_entries({}, {(channel, s): ActiveSubscription(Subscribe(channel, (s,))) for s in symbols}),
    )
    begun = dialect.codec.learn(state, Event(Kind.UPDATE, {}, channel, (symbols[7],), topic=(channel, symbols[7])))
    answered = dialect.codec.learn(begun, Event(Kind.REPLY, {}, request_id=7))

    assert begun.active[channel, symbols[7]].has_data
    assert 7 not in answered.pending
    for before, after in ((state.active, begun.active), (state.pending, answered.pending)):
        assert isinstance(before, SharedMap)
        assert isinstance(after, SharedMap)
        assert after._base is before._base


class Counting(dict[object, ActiveSubscription]):
    looks = 0

    def get(self, key: object, default: object = None) -> object:  # type: ignore[override]
        Counting.looks += 1
        return super().get(key, default)


def test_each_subscription_is_looked_at_once_while_they_all_begin() -> None:
    session, _, _ = session_of(by_label("bybit spot-v3"))
    held = {n: ActiveSubscription(Subscribe("trade", (f"A{n}",))) for n in range(1000)}
    for n in range(1000):
        session.state = State(active=Counting(held))
        assert session.has_silent_subscriptions()
        held[n] = ActiveSubscription(held[n].subscribe, has_data=True)
    session.state = State(active=Counting(held))
    before = Counting.looks
    assert not session.has_silent_subscriptions()
    assert not session.has_silent_subscriptions()

    assert before < 3000
    session.state = State(active={**held, "later": ActiveSubscription(Subscribe("trade", ("LATER",)))})
    assert session.has_silent_subscriptions()
    assert session.silent_subscriptions() == [Subscribe("trade", ("LATER",))]


# --- acknowledged, and asked by nobody -----------------------------------------------------------


def subscribed(number: int, symbol: str) -> str:
    pair = symbol.removeprefix("t")
    return f'{{"event":"subscribed","channel":"trades","chanId":{number},"symbol":"{symbol}","pair":"{pair}"}}'


BITFINEX = [
    pytest.param("bitfinex v1", "", id="v1"),
    pytest.param("bitfinex v2", "t", id="v2"),
]


@pytest.mark.parametrize(("name", "t"), BITFINEX)
def test_what_nobody_asked_for_is_labelled_and_never_asked_for(name: str, t: str) -> None:
    session, script, _ = session_of(by_label(name))
    session.send_commands([Subscribe("trades", (f"{t}BTCUSD",))])
    for text in [subscribed(1, f"{t}BTCUSD"), *(subscribed(n, f"{t}{n:06}") for n in range(2, 20_002))]:
        session.receive(text.encode(), False, 0)
    received = session.receive(b'[20001,"te",[1,1700000000123,0.5,2]]' if t else b'[20001,"te",1,2,3,4]', False, 0)
    state = session.state
    session.unsubscribe_all()

    assert received.event.symbols == (f"{t}020001",)
    assert len(state.active) == MAX_CHANNELS
    assert state.requested == [Subscribe("trades", (f"{t}BTCUSD",))]
    assert subscriptions_of(session) == (Subscribe("trades", (f"{t}BTCUSD",)),)
    assert session.silent_subscriptions() == [Subscribe("trades", (f"{t}BTCUSD",))]
    assert [parsed(text) for text in script.sent[1:]] == [{"event": "unsubscribe", "chanId": 1}]


@pytest.mark.parametrize(("name", "t"), BITFINEX)
def test_a_request_makes_an_unasked_channel_an_asked_one(name: str, t: str) -> None:
    session, _, _ = session_of(by_label(name))
    session.receive(subscribed(5, f"{t}BTCUSD").encode(), False, 0)
    assert session.state.requested == []
    session.send_commands([Subscribe("trades", (f"{t}BTCUSD",))])
    session.receive(subscribed(5, f"{t}BTCUSD").encode(), False, 0)

    assert session.state.requested == [Subscribe("trades", (f"{t}BTCUSD",))]
    assert not session.state.unrequested


@pytest.mark.parametrize("name", ["bitfinex v1", "bitfinex v2"])
def test_a_login_that_nobody_asked_for_is_not_repeated(name: str) -> None:
    session, _, _ = session_of(by_label(name))
    session.receive(b'{"event":"auth","status":"OK","chanId":0,"userId":1}', False, 0)

    assert subscriptions_of(session) == ()


@pytest.mark.parametrize("name", ["bitfinex v1", "bitfinex v2"])
def test_what_was_asked_for_is_kept_although_the_table_is_full(name: str) -> None:
    t = "t" if name.endswith("v2") else ""
    session, _, _ = session_of(by_label(name))
    symbols = tuple(f"{t}{n:06}" for n in range(MAX_CHANNELS + 7))
    session.send_commands([Subscribe("trades", symbols)])
    for number, symbol in enumerate(symbols, 1):
        session.receive(subscribed(number, symbol).encode(), False, 0)
    session.receive(subscribed(999, f"{t}BTCUSD").encode(), False, 0)

    assert session.state.requested == [Subscribe("trades", (symbol,)) for symbol in symbols]
    assert 999 not in session.state.active


@pytest.mark.parametrize(("name", "t"), BITFINEX)
def test_a_channel_of_ours_that_is_acknowledged_for_others_too_is_still_wished_and_they_are_not(
    name: str, t: str
) -> None:
    session, _, _ = session_of(by_label(name))
    session.send_commands([Subscribe("trades", (f"{t}BTCUSD",))])
    for text in [subscribed(1, f"{t}BTCUSD"), *(subscribed(1, f"{t}{n:06}") for n in range(1000))]:
        session.receive(text.encode(), False, 0)

    assert len(session.state.active[1].subscribe.symbols) == MAX_CHANNELS
    assert subscriptions_of(session) == (Subscribe("trades", (f"{t}BTCUSD",)),)
