"""How a stream begins, step by step: what each route waits for, and what ends it before all is acknowledged."""

from __future__ import annotations

import pytest

from tests.support.by_hand import ByHand, client_by_hand, lose, no, reject_unnamed, say, topics, yes
from wscli.core.errors import ConnectionFailed, ConnectionLost, CredentialsError, Rejected
from wscli.core.messages import Command, Subscribe
from wscli.session.flows.set_up import set_up
from wscli.session.flows.waits import Answers
from wscli.session.route_state import RouteState

TRADES: list[Command] = [Subscribe("trade", ("BTCUSDT",)), Subscribe("trade", ("ETHUSDT",))]
ORDERS: list[Command] = [Subscribe("order")]


def test_a_public_stream_is_connected_and_subscribed(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    route = one.client.route("public")
    flow = ByHand(one, set_up(one.client, TRADES))
    assert (flow.waits_for, route.state) == ("public was connected", RouteState.CONNECTING)
    transport = flow.connected()
    assert isinstance(flow.wait, Answers)
    assert (flow.waits_for, route.state) == (
        "subscribe trade BTCUSDT, subscribe trade ETHUSDT was answered",
        RouteState.SUBSCRIBING,
    )
    assert one.client.silence_at is None
    say(one, route, yes(transport.sent[0]))
    flow.go_on()

    assert (flow.wait, flow.error, route.state) == (None, None, RouteState.LIVE)
    assert one.client.silence_at == 10.0


def test_a_private_stream_is_logged_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    route = one.client.route("private")
    flow = ByHand(one, set_up(one.client, ORDERS))
    transport = flow.connected()
    assert (flow.waits_for, route.state) == ("the login was answered", RouteState.AUTHENTICATING)
    say(one, route, yes(transport.sent[0]))
    flow.go_on()
    assert (flow.waits_for, route.state) == ("subscribe order was answered", RouteState.SUBSCRIBING)
    say(one, route, yes(transport.sent[1]))
    flow.go_on()

    assert route.state is RouteState.LIVE
    assert topics(transport) == [("auth",), ("subscribe", "order")]


def test_two_routes_are_set_up_one_after_the_other_and_their_answers_awaited_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = client_by_hand(monkeypatch)
    public, private = one.client.route("public"), one.client.route("private")
    flow = ByHand(one, set_up(one.client, [*TRADES, *ORDERS]))
    first = flow.connected()
    assert (public.state, private.state) == (RouteState.SUBSCRIBING, RouteState.CONNECTING)
    second = flow.connected()
    say(one, private, yes(second.sent[0]))
    flow.go_on()
    say(one, private, yes(second.sent[1]))
    assert not flow.is_over()
    say(one, public, yes(first.sent[0]))
    flow.go_on()

    assert flow.error is None
    assert (public.state, private.state) == (RouteState.LIVE, RouteState.LIVE)


def test_a_rejection_on_one_route_ends_the_connect_of_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    flow = ByHand(one, set_up(one.client, [*TRADES, *ORDERS]))
    first = flow.connected()
    assert (flow.waits_for, flow.is_over()) == ("private was connected", False)
    say(one, one.client.route("public"), no(first.sent[0]))
    flow.go_on()

    assert isinstance(flow.error, Rejected)
    assert one.client.route("private").state is RouteState.CLOSED
    assert len(one.network.transports) == 1


def test_a_loss_of_one_route_ends_the_login_of_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    flow = ByHand(one, set_up(one.client, [*TRADES, *ORDERS]))
    flow.connected()
    flow.connected()
    assert (flow.waits_for, flow.is_over()) == ("the login was answered", False)
    lose(one, one.client.route("public"), ConnectionLost("gone"))
    flow.go_on()

    assert str(flow.error) == "gone"
    assert not one.client.requests


def test_a_rejection_of_any_request_is_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    for reject in ("by its id", "without one"):
        one = client_by_hand(monkeypatch)
        route = one.client.route("public")
        flow = ByHand(one, set_up(one.client, TRADES))
        transport = flow.connected()
        if reject == "by its id":
            say(one, route, no(transport.sent[0]))
        else:
            reject_unnamed(one, route)
        flow.go_on()

        assert isinstance(flow.error, Rejected), reject
        assert "unknown topic" in flow.error.message
        assert (route.state, bool(one.client.requests)) == (RouteState.SUBSCRIBING, False)


def test_a_login_without_credentials_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch, credentials=None)
    flow = ByHand(one, set_up(one.client, [*TRADES, *ORDERS]))

    assert isinstance(flow.error, CredentialsError)
    assert one.client.route("public").state is RouteState.CLOSED


def test_a_connect_that_fails_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    flow = ByHand(one, set_up(one.client, TRADES))
    flow.fail(ConnectionFailed("no route"))

    assert str(flow.error) == "no route"
    assert one.client.route("public").state is RouteState.CLOSED
