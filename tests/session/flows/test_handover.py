"""A connection that is replaced, step by step: the new one is ready before the old one is left, and whatever fails leaves the old one."""

from __future__ import annotations

import pytest

from tests.support.by_hand import ByHand, client_by_hand, lose, no, opened, say, topics, yes
from tests.support.scripted_client import ScriptedClient, ScriptedTransport
from wscli.core.errors import ConnectionFailed, ConnectionLost, Rejected
from wscli.core.messages import Command, State, Subscribe
from wscli.session.flows.ask import ask
from wscli.session.flows.handover import close_old, replace_connection
from wscli.session.flows.waits import When
from wscli.session.route import Route
from wscli.session.route_state import Happening

TRADES: list[Command] = [Subscribe("trade", ("BTCUSDT", "ETHUSDT"))]
ORDERS: list[Command] = [Subscribe("order")]


def subscribed(
    monkeypatch: pytest.MonkeyPatch, name: str = "public", commands: list[Command] = TRADES
) -> tuple[ScriptedClient, Route, ScriptedTransport]:
    """Return a client whose route is subscribed, and begins to be replaced."""
    one = client_by_hand(monkeypatch)
    route, transport = opened(one, name)
    flow = ByHand(one, ask(one.client, commands))
    while flow.wait is not None:
        say(one, route, yes(transport.sent[-1]))
        flow.go_on()
    route.enter(Happening.REPLACE)
    return one, route, transport


def test_the_new_connection_has_the_same_set_before_the_old_one_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    one, route, _ = subscribed(monkeypatch)
    old = route.live()
    flow = ByHand(one, replace_connection(one.client, route))
    assert flow.waits_for == "public was connected"
    assert (route.connection, route.overlap) == (old, None)
    new = flow.connected()
    assert (type(flow.wait), flow.is_over()) == (When, True)  # no answer is due
    flow.go_on()

    assert route.overlap is not None
    assert [*route.connections()] == [old, route.live()]
    assert route.wanted() == old.state.requested  # while the new one has nothing yet
    assert topics(new) == [("subscribe", "trade.BTCUSDT", "trade.ETHUSDT")]
    assert route.overlap.since == 0.0
    say(one, route, yes(new.sent[0]))
    flow.go_on()
    assert (flow.result, route.overlap.since, route.overlap.old) == (1, None, old)
    assert route.wanted() == old.state.requested  # once, although both have it


def test_a_private_connection_is_logged_in_first(monkeypatch: pytest.MonkeyPatch) -> None:
    one, route, _ = subscribed(monkeypatch, "private", ORDERS)
    flow = ByHand(one, replace_connection(one.client, route))
    new = flow.connected()
    flow.go_on()
    for _ in range(2):
        say(one, route, yes(new.sent[-1]))
        flow.go_on()

    assert (flow.result, topics(new)) == (1, [("auth",), ("subscribe", "order")])


def test_a_connection_that_was_logged_in_is_logged_in_again_although_nothing_is_subscribed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, route, _ = subscribed(monkeypatch, "private", ORDERS)
    route.live().state = State(login_result=route.live().state.login_result)
    flow = ByHand(one, replace_connection(one.client, route))
    new = flow.connected()
    flow.go_on()
    say(one, route, yes(new.sent[0]))
    flow.go_on()

    assert (flow.result, topics(new)) == (0, [("auth",)])


def test_an_answer_that_is_due_on_the_old_connection_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    one, route, transport = subscribed(monkeypatch)
    flow = ByHand(one, replace_connection(one.client, route))
    asked = ByHand(one, ask(one.client, [Subscribe("trade", ("SOLUSDT",))]))  # meanwhile, on the old one
    new = flow.connected()
    assert not flow.is_over()
    say(one, route, yes(transport.sent[-1]))
    asked.go_on()
    flow.go_on()

    assert topics(new) == [("subscribe", "trade.BTCUSDT", "trade.ETHUSDT", "trade.SOLUSDT")]


def test_whoever_ends_it_before_the_new_connection_serves_closes_that(monkeypatch: pytest.MonkeyPatch) -> None:
    one, route, _ = subscribed(monkeypatch)
    old = route.live()
    flow = ByHand(one, replace_connection(one.client, route))
    new = flow.connected()
    flow.flow.close()

    assert new.closed
    assert (route.connection, route.overlap) == (old, None)


def test_a_connect_that_fails_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    one, route, _ = subscribed(monkeypatch)
    old = route.live()
    flow = ByHand(one, replace_connection(one.client, route))
    flow.fail(ConnectionFailed("no route"))

    assert str(flow.error) == "no route"
    assert (route.connection, route.overlap) == (old, None)


def test_a_rejection_or_a_loss_of_the_new_connection_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    for what, error in (("rejected", Rejected), ("lost", ConnectionLost)):
        one, route, _ = subscribed(monkeypatch, commands=[Subscribe("trade", ("BTCUSDT",))])
        old = route.live()
        flow = ByHand(one, replace_connection(one.client, route))
        new = flow.connected()
        flow.go_on()
        if what == "rejected":
            say(one, route, no(new.sent[0]))
        else:
            lose(one, route, ConnectionLost("gone"))
        flow.go_on()

        assert isinstance(flow.error, error)
        assert route.overlap is not None
        assert route.overlap.old is old  # the supervisor puts it back in its place
        assert old.lost is None


def test_an_old_connection_that_is_lost_meanwhile_does_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    one, route, _ = subscribed(monkeypatch)
    flow = ByHand(one, replace_connection(one.client, route))
    lose(one, route, ConnectionLost("gone"))
    new = flow.connected()
    flow.go_on()
    say(one, route, yes(new.sent[0]))
    flow.go_on()

    assert (flow.result, topics(new)) == (1, [("subscribe", "trade.BTCUSDT", "trade.ETHUSDT")])


def replaced(monkeypatch: pytest.MonkeyPatch) -> tuple[ScriptedClient, Route, ScriptedTransport]:
    """Return a client whose route has a new connection that is ready, beside the old one."""
    one, route, transport = subscribed(monkeypatch)
    flow = ByHand(one, replace_connection(one.client, route))
    new = flow.connected()
    flow.go_on()
    say(one, route, yes(new.sent[0]))
    flow.go_on()
    return one, route, transport


def test_the_old_connection_is_unsubscribed_and_closed_once_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    one, route, transport = replaced(monkeypatch)
    assert route.overlap is not None
    old = route.overlap.old
    assert old is not None
    flow = ByHand(one, close_old(one.client, route, old))
    assert topics(transport)[-1] == ("unsubscribe", "trade.BTCUSDT", "trade.ETHUSDT")
    assert (flow.is_over(), transport.closed) == (False, False)
    one.clock.now = 0.1
    say(one, route, yes(transport.sent[-1]), connection=old)
    flow.go_on()

    assert transport.closed
    assert (route.overlap.old, route.overlap.until) == (None, 2.1)
    assert [*route.connections()] == [route.connection]


def test_an_old_connection_that_does_not_answer_is_closed_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    one, route, transport = replaced(monkeypatch)
    assert route.overlap is not None
    old = route.overlap.old
    assert old is not None
    flow = ByHand(one, close_old(one.client, route, old))
    one.clock.now = 0.39
    assert not flow.is_over()
    one.clock.now = 0.4
    flow.go_on()

    assert transport.closed


def test_an_old_connection_that_is_gone_is_not_spoken_to(monkeypatch: pytest.MonkeyPatch) -> None:
    one, route, transport = replaced(monkeypatch)
    assert route.overlap is not None
    old = route.overlap.old
    assert old is not None
    old.lost = ConnectionLost("gone")
    flow = ByHand(one, close_old(one.client, route, old))
    flow.go_on()

    assert topics(transport) == [("subscribe", "trade.BTCUSDT", "trade.ETHUSDT")]
    assert route.overlap.old is None
