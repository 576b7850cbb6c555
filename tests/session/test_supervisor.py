"""What is done about a route that is lost, old, or to be replaced: decided step by step, with the flows moved by hand."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.by_hand import BYBIT, ByHand, client_by_hand, no, opened, say, yes
from tests.support.dialects import changed
from tests.support.scripted_client import ScriptedClient, ScriptedTransport
from wscli.core.dialect import Limits, merged
from wscli.core.errors import ConnectionFailed, ConnectionLost, Rejected, TimedOut, WscliError
from wscli.core.messages import Event, Kind, Subscribe
from wscli.session.flows.ask import ask
from wscli.session.flows.set_up import set_up
from wscli.session.flows.tasks import Task
from wscli.session.requests import NEVER
from wscli.session.route import Route
from wscli.session.route_state import RouteState
from wscli.session.supervisor import Supervisor
from wscli.session.target import ReconnectPolicy
from wscli.transport.websocket import PeerClosed

TRADES = Subscribe("trade", ("BTCUSDT", "ETHUSDT"))
GONE = ConnectionLost("the connection is gone")
FORBIDDEN = ConnectionFailed("HTTP 403", retryable=False)


def streaming(
    monkeypatch: pytest.MonkeyPatch, policy: ReconnectPolicy | None = None, dialect: Any = BYBIT, **options: Any
) -> tuple[ScriptedClient, Route, ScriptedTransport]:
    """Return a client that streams on one route."""
    one = client_by_hand(monkeypatch, dialect, policy=policy or ReconnectPolicy(), **options)
    route = one.client.route("public")
    flow = ByHand(one, set_up(one.client, [TRADES]))
    transport = flow.connected()
    say(one, route, yes(transport.sent[0]))
    flow.go_on()
    return one, route, transport


def lose(one: ScriptedClient, route: Route, cause: WscliError = GONE) -> None:
    """Lose the connection of a route, and have that decided on."""
    connection = route.live()
    assert isinstance(cause, ConnectionLost)
    connection.lost = cause
    one.client.requests.forget(route.name, cause)
    one.client.supervisor.lost(route, cause)


class Returning(ByHand):
    """The flow that comes back, taken from the client's flows."""

    def __init__(self, one: ScriptedClient) -> None:
        task: Task[Any] = one.client.tasks._tasks.pop()
        self.one, self.flow, self.wait = one, task.flow, task.wait
        self.result: Any = None
        self.error: Exception | None = None


def notices(one: ScriptedClient) -> list[str]:
    return [line for line in one.output.err if ": ack " not in line]


# --- losses --------------------------------------------------------------------------------------


def test_a_lost_route_waits_with_what_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    one, route, transport = streaming(monkeypatch)
    one.clock.now = 5.0
    lose(one, route)

    assert (route.state, route.connection, transport.closed) == (RouteState.WAITING, None, True)
    assert merged(route.wanted()) == [TRADES]
    assert route.absence is not None
    assert (route.absence.since, route.absence.wait.at, route.failures) == (5.0, 5.5, 1)
    assert notices(one) == ["wscli: the connection is gone; trying again in 0.5 s"]


RAISED: list[tuple[ReconnectPolicy, ConnectionLost]] = [
    (ReconnectPolicy(reconnect=False), GONE),
    (ReconnectPolicy(), PeerClosed("stream.bybit.com", 1008, "policy")),
]


@pytest.mark.parametrize(("policy", "cause"), RAISED)
def test_a_loss_that_is_not_to_be_mended_is_raised(
    monkeypatch: pytest.MonkeyPatch, policy: ReconnectPolicy, cause: ConnectionLost
) -> None:
    one, route, _ = streaming(monkeypatch, policy)

    with pytest.raises(ConnectionLost) as caught:
        lose(one, route, cause)
    assert caught.value is cause
    assert route.absence is None
    one.client.forget_lost()
    assert (route.state, route.connection) == (RouteState.CLOSED, None)


def test_where_a_loss_is_one_too_many_the_route_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    one, route, _ = streaming(monkeypatch, ReconnectPolicy(max_failures=0))

    with pytest.raises(ConnectionLost, match="the connection is gone"):
        lose(one, route)
    assert (route.state, route.connection, route.absence) == (RouteState.CLOSED, None, None)
    assert notices(one) == []


def test_an_attempt_that_fails_waits_longer_and_one_that_succeeds_is_live(monkeypatch: pytest.MonkeyPatch) -> None:
    one, route, _ = streaming(monkeypatch)
    lose(one, route)
    coming_back = Returning(one)
    for at in (0.5, 1.5, 3.5):
        assert coming_back.wait is not None
        assert (coming_back.wait.at, route.state) == (at, RouteState.WAITING)
        one.clock.now = at
        coming_back.go_on()
        assert route.state is RouteState.CONNECTING
        coming_back.fail(ConnectionFailed("no route"))
    one.clock.now = 7.5
    coming_back.go_on()
    transport = coming_back.connected()
    say(one, route, yes(transport.sent[0]))
    coming_back.go_on()

    assert (coming_back.wait, coming_back.error) == (None, None)
    assert (route.state, route.absence, merged(route.wanted())) == (RouteState.LIVE, None, [TRADES])
    assert [line.partition("; ")[2] for line in notices(one)[:4]] == [
        f"trying again in {wait} s" for wait in ("0.5", "1.0", "2.0", "4.0")
    ]
    assert "7.50 s, 1 subscription" in notices(one)[4]


ENDS: list[tuple[WscliError, type[WscliError]]] = [
    (FORBIDDEN, ConnectionFailed),
    (Rejected("no such key"), Rejected),
]


@pytest.mark.parametrize(("error", "kind"), ENDS)
def test_an_attempt_that_cannot_succeed_closes_the_route(
    monkeypatch: pytest.MonkeyPatch, error: WscliError, kind: type[WscliError]
) -> None:
    one, route, _ = streaming(monkeypatch)
    lose(one, route)
    coming_back = Returning(one)
    one.clock.now = 0.5
    coming_back.go_on()
    coming_back.fail(error)

    assert isinstance(coming_back.error, kind)
    assert (route.state, route.absence, merged(route.wanted())) == (RouteState.CLOSED, None, [])


def test_what_was_cancelled_is_not_wanted_back(monkeypatch: pytest.MonkeyPatch) -> None:
    one, route, _ = streaming(monkeypatch)
    route.live().lost = GONE
    route.cancel([Subscribe("trade", ("BTCUSDT", "ETHUSDT"))])
    one.client.supervisor.lost(route, GONE)

    assert merged(route.wanted()) == []


def test_an_error_of_another_route_leaves_those_alone_that_a_flow_sets_up(monkeypatch: pytest.MonkeyPatch) -> None:
    one, route, _ = streaming(monkeypatch)
    lose(one, route)
    coming_back = Returning(one)
    one.clock.now = 0.5
    coming_back.go_on()
    coming_back.connected()
    route.live().lost = ConnectionLost("gone again")
    one.client.forget_lost()  # as the prompt does after any error

    assert route.state is RouteState.SUBSCRIBING
    assert merged(route.wanted()) == [TRADES]


# --- beginning -----------------------------------------------------------------------------------

BEGINNINGS: list[tuple[ReconnectPolicy, WscliError, bool]] = [
    # policy                                            what happened                      it begins again
    (ReconnectPolicy(),                                 GONE,                              True),
    (ReconnectPolicy(),                                 ConnectionFailed("no route"),      False),  # it never connected
    (ReconnectPolicy(max_failures=3),                   ConnectionFailed("no route"),      True),
    (ReconnectPolicy(max_failures=0),                   ConnectionFailed("no route"),      False),
    (ReconnectPolicy(max_failures=3),                   FORBIDDEN,                         False),
    (ReconnectPolicy(max_failures=3),                   Rejected("no such topic"),         False),
    (ReconnectPolicy(max_failures=3),                   TimedOut("no answer"),             False),
    (ReconnectPolicy(False, max_failures=3),            GONE,                              False),
    (ReconnectPolicy(False, max_failures=3),            ConnectionFailed("no route"),      False),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "error", "again"), BEGINNINGS)
def test_a_set_up_that_fails_begins_again_where_that_can_help(
    monkeypatch: pytest.MonkeyPatch, policy: ReconnectPolicy, error: WscliError, again: bool
) -> None:
    one = client_by_hand(monkeypatch, policy=policy)
    flow = ByHand(one, one.client.supervisor.begin_stream([TRADES]))
    flow.fail(error)

    assert (flow.wait is not None) is again
    assert (flow.error is None) is again
    assert one.client.route("public").state is RouteState.CLOSED
    if again:
        assert flow.wait is not None
        assert flow.wait.at == 0.5
        one.clock.now = 0.5
        flow.go_on()
        assert flow.waits_for == "public was connected"


def test_before_a_set_up_begins_again_every_route_of_it_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch, policy=ReconnectPolicy(max_failures=3))
    flow = ByHand(one, one.client.supervisor.begin_stream([TRADES, Subscribe("order")]))
    public = flow.connected()
    flow.fail(ConnectionFailed("no route"))

    assert public.closed
    assert {route.state for route in one.client.routes.values()} == {RouteState.CLOSED}


def test_each_set_up_that_fails_waits_longer_until_there_is_data(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch, policy=ReconnectPolicy(max_failures=3))
    flow = ByHand(one, one.client.supervisor.begin_stream([TRADES]))
    waits = []
    for number in range(3):
        if number == 2:
            one.client.supervisor.data_received(one.client.route("public"), Event(Kind.UPDATE, {}))
        flow.fail(ConnectionFailed("no route"))
        assert flow.wait is not None
        waits.append(flow.wait.at - one.clock.now)
        one.clock.now = flow.wait.at
        flow.go_on()

    assert waits == [0.5, 1.0, 0.5]


# --- replacements --------------------------------------------------------------------------------


LIFETIMES = [
    # a connection lasts   it is replaced after   reconnecting
    (None,                 NEVER,                 True),
    (86_400,               82_800,                True),  # an hour before its end
    (36_000,               32_400,                True),
    (1_000,                900,                   True),  # a tenth of a short one
    (1_000,                NEVER,                 False),
]  # fmt: skip


@pytest.mark.parametrize(("lifetime_s", "at", "reconnect"), LIFETIMES)
def test_a_lifetime_is_ended_before_the_exchange_ends_it(
    monkeypatch: pytest.MonkeyPatch, lifetime_s: float | None, at: float, reconnect: bool
) -> None:
    dialect = changed(BYBIT, limits=Limits(lifetime_s=lifetime_s))
    one, _, _ = streaming(monkeypatch, ReconnectPolicy(reconnect=reconnect), dialect)

    assert one.client.tasks.next_at() == at


def asked_at(one: ScriptedClient, route: Route, *times: float) -> list[float]:
    """Return when the connection is replaced, as known after each time that the exchange asked for it."""
    found = []
    for at in times:
        one.clock.now = at
        one.client.supervisor.replacement_requested(route, route.live())
        found.append(one.client.tasks.next_at())
    return found


def test_a_request_to_reconnect_that_is_repeated_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    one, route, _ = streaming(monkeypatch, dialect=changed(BYBIT, limits=Limits()))

    assert asked_at(one, route, 10.0, 10.1, 10.4) == [10.5, 10.5, 10.5]


def test_a_request_to_reconnect_without_reconnecting_is_a_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    one, route, _ = streaming(monkeypatch, ReconnectPolicy(reconnect=False))
    one.client.supervisor.replacement_requested(route, route.live())

    assert route.connection is not None
    assert isinstance(route.connection.lost, ConnectionLost)


def replacing(one: ScriptedClient, route: Route) -> ByHand:
    """Have the exchange ask for a new connection; return the flow that replaces it, when that has begun."""
    supervisor: Any = one.client.supervisor
    supervisor.replacement_requested(route, route.live())
    planned = supervisor._replacement_of(route)
    one.clock.now = planned.wait.at
    flow = ByHand(one, supervisor._replace_when_due(route, planned))
    flow.go_on()
    flow.go_on()
    assert (flow.waits_for, route.state) == ("public was connected", RouteState.REPLACING)
    return flow


def test_a_replacement_waits_while_an_answer_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    one, route, transport = streaming(monkeypatch)
    asked = ByHand(one, ask(one.client, [Subscribe("trade", ("SOLUSDT",))]))
    supervisor: Any = one.client.supervisor
    supervisor.replacement_requested(route, route.live())
    planned = supervisor._replacement_of(route)
    one.clock.now = planned.wait.at
    flow = ByHand(one, supervisor._replace_when_due(route, planned))
    flow.go_on()
    assert not flow.is_over()
    say(one, route, yes(transport.sent[-1]))
    asked.go_on()

    assert flow.is_over()


def test_after_a_replacement_the_route_is_live_on_the_new_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    one, route, old = streaming(monkeypatch)
    flow = replacing(one, route)
    new = flow.connected()
    flow.go_on()
    say(one, route, yes(new.sent[0]))
    flow.go_on()
    one.clock.now += 0.4
    flow.go_on()

    assert (route.state, route.live().number, old.closed, new.closed) == (RouteState.LIVE, 2, True, False)
    assert merged(route.wanted()) == [TRADES]
    assert notices(one)[-1].endswith(": a new connection took over, 1 subscription")


def refuse(one: ScriptedClient, route: Route, flow: ByHand) -> None:
    flow.fail(ConnectionFailed("no route"))


def forbid(one: ScriptedClient, route: Route, flow: ByHand) -> None:
    flow.fail(FORBIDDEN)


def begin_new(flow: ByHand) -> ScriptedTransport:
    new = flow.connected()
    flow.go_on()
    return new


def reject(one: ScriptedClient, route: Route, flow: ByHand) -> None:
    new = begin_new(flow)
    for _ in range(3):  # both topics, and each alone
        say(one, route, no(new.sent[-1]))
        flow.go_on()


def drop(one: ScriptedClient, route: Route, flow: ByHand) -> None:
    begin_new(flow)
    route.live().lost = GONE
    one.client.requests.forget(route.name, GONE)
    flow.go_on()


FAILED: list[tuple[str, Callable[[ScriptedClient, Route, ByHand], None], bool]] = [
    # what happens to the new connection   it is tried again
    ("it cannot be had",   refuse,         True),
    ("it is forbidden",    forbid,         False),
    ("it is rejected",     reject,         False),
    ("it is lost",         drop,           True),
]  # fmt: skip


@pytest.mark.parametrize(("what", "happens", "again"), FAILED, ids=[what for what, _, _ in FAILED])
def test_a_replacement_that_fails_leaves_the_old_connection(
    monkeypatch: pytest.MonkeyPatch, what: str, happens: Callable[[ScriptedClient, Route, ByHand], None], again: bool
) -> None:
    one, route, old = streaming(monkeypatch, dialect=changed(BYBIT, limits=Limits()))
    before, flow = route.live(), replacing(one, route)
    happens(one, route, flow)

    assert (route.state, route.connection, route.overlap, old.closed) == (RouteState.LIVE, before, None, False)
    assert [transport.closed for transport in one.network.transports[1:]] == [True] * (len(one.network.transports) - 1)
    assert merged(route.wanted()) == [TRADES]
    assert ("trying again in" in notices(one)[-1]) is again
    assert flow.wait is not None
    assert (flow.wait.at != NEVER) is again


@pytest.mark.parametrize(("what", "happens", "again"), FAILED, ids=[what for what, _, _ in FAILED])
def test_where_the_old_connection_is_lost_meanwhile_it_is_one_loss_like_any_other(
    monkeypatch: pytest.MonkeyPatch, what: str, happens: Callable[[ScriptedClient, Route, ByHand], None], again: bool
) -> None:
    one, route, old = streaming(monkeypatch, dialect=changed(BYBIT, limits=Limits()))
    before, flow = route.live(), replacing(one, route)
    before.lost = GONE
    happens(one, route, flow)
    assert (route.state, route.connection) == (RouteState.LIVE, before)
    one.client.supervisor.lost(route, GONE)  # as the loop does with what is live and lost

    assert (route.state, route.connection, old.closed) == (RouteState.WAITING, None, True)
    assert merged(route.wanted()) == [TRADES]
    assert [line for line in notices(one) if "trying again" in line] == [
        "wscli: the connection is gone; trying again in 0.5 s"
    ]
    assert all(transport.closed for transport in one.network.transports)


def test_each_replacement_that_fails_waits_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    one, route, _ = streaming(monkeypatch, dialect=changed(BYBIT, limits=Limits()))
    flow = replacing(one, route)
    waits = []
    for _ in range(3):
        refuse(one, route, flow)
        assert flow.wait is not None
        waits.append(flow.wait.at - one.clock.now)
        one.clock.now = flow.wait.at
        flow.go_on()
        flow.go_on()

    assert waits == [0.5, 1.0, 2.0]


def test_a_replacement_that_was_given_up_is_begun_again_where_the_exchange_repeats_its_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, route, _ = streaming(monkeypatch, dialect=changed(BYBIT, limits=Limits()))
    flow = replacing(one, route)
    forbid(one, route, flow)
    assert flow.wait is not None
    assert flow.wait.at == NEVER
    one.client.supervisor.replacement_requested(route, route.live())

    assert flow.wait.at == one.clock.now + 1.0


def test_a_request_on_a_new_connection_that_is_given_up_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    one, route, _ = streaming(monkeypatch)
    flow = replacing(one, route)
    begin_new(flow)
    route.state = RouteState.LIVE  # a flow that had its connection before asks on whatever there is
    asked = ByHand(one, ask(one.client, [Subscribe("trade", ("SOLUSDT",))]))
    route.state = RouteState.REPLACING
    route.live().lost = GONE
    flow.fail(GONE)
    asked.go_on()

    assert str(asked.error) == "the connection is gone"


def test_a_gap_is_reported_once_where_the_old_connection_is_lost_first(monkeypatch: pytest.MonkeyPatch) -> None:
    one, route, _ = streaming(monkeypatch, show_gaps=True)
    flow = replacing(one, route)
    begin_new(flow)
    one.clock.now += 0.25
    for _ in range(2):
        one.client.supervisor.lost_while_replaced(route)
    one.output.flush()

    assert one.output.out == '{"gap":{"away_ms":250,"connection":2}}\n'


def test_a_route_that_is_closed_can_begin_again(monkeypatch: pytest.MonkeyPatch) -> None:
    one, route, _ = streaming(monkeypatch)
    one.client.close_route(route)
    again, _ = opened(one)

    assert (again.state, again.live().number) == (RouteState.LIVE, 2)


CURRENT = [
    # the connection of the route          is it the one that was to be replaced?
    (None,                                 False),
    (SimpleNamespace(number=3, lost=None), True),
    (SimpleNamespace(number=4, lost=None), False),
    (SimpleNamespace(number=3, lost=GONE), False),
]  # fmt: skip


@pytest.mark.parametrize(("connection", "is_current"), CURRENT)
def test_a_plan_is_for_one_connection_while_it_lives(connection: Any, is_current: bool) -> None:
    unused: Any = None
    route: Any = SimpleNamespace(connection=connection)
    planned: Any = SimpleNamespace(connection=3)

    assert Supervisor._is_current(unused, route, planned) is is_current


def test_a_subscription_without_data_for_too_long_is_a_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    one, route, _ = streaming(monkeypatch, ReconnectPolicy(stale_s=5.0))
    supervisor, connection = one.client.supervisor, route.live()
    began = one.clock.now
    supervisor.check_clock(began)
    assert supervisor.next_at() == began + 5.0
    supervisor.check_clock(began + 4.9)
    assert connection.lost is None

    supervisor.check_clock(began + 5.0)
    assert isinstance(connection.lost, ConnectionLost)


def test_without_a_limit_silence_is_no_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    one, route, _ = streaming(monkeypatch, ReconnectPolicy())
    one.client.supervisor.check_clock(one.clock.now)
    one.client.supervisor.check_clock(one.clock.now + 1000.0)

    assert route.live().lost is None
    assert one.client.supervisor.next_at() == NEVER


@pytest.mark.parametrize(("reconnect", "begun"), [(True, 1), (False, 0)])
def test_where_nothing_is_reconnected_no_replacement_is_begun(
    monkeypatch: pytest.MonkeyPatch, reconnect: bool, begun: int
) -> None:
    one, route, _ = streaming(monkeypatch, ReconnectPolicy(reconnect=reconnect))
    started: list[object] = []
    monkeypatch.setattr(one.client.tasks, "start", lambda *flow, **more: started.append(flow))
    supervisor: Any = one.client.supervisor
    supervisor._replacements.clear()
    first, again = (supervisor._replacement_of(route) for _ in range(2))

    assert first is again
    assert len(started) == begun


@pytest.mark.parametrize("policy", [ReconnectPolicy(), ReconnectPolicy(reconnect=False)])
def test_a_connection_that_the_user_drops_comes_back_at_once(
    monkeypatch: pytest.MonkeyPatch, policy: ReconnectPolicy
) -> None:
    one, route, _ = streaming(monkeypatch, policy)
    one.client.supervisor.reconnect(route)
    absence = route.absence
    assert absence is not None
    assert absence.cause.message == "bybit: dropped, as requested"
    assert [*absence.subscriptions] == [TRADES]
    assert route.state is RouteState.WAITING
    assert absence.wait.at <= one.clock.now

    back = Returning(one)
    back.go_on()
    transport = back.connected()
    say(one, route, yes(transport.sent[0]))
    back.go_on()
    assert route.state is RouteState.LIVE


def test_a_route_without_a_connection_has_nothing_to_drop(monkeypatch: pytest.MonkeyPatch) -> None:
    one, route, _ = streaming(monkeypatch, ReconnectPolicy())
    lose(one, route)
    absence = route.absence
    one.client.supervisor.reconnect(route)

    assert route.absence is absence
    assert absence is not None
    assert absence.cause is GONE
    assert absence.wait.at <= one.clock.now
