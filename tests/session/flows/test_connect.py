"""How a connection is opened: what standard error has of it, what is hidden."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.support.by_hand import ByHand, away, client_by_hand, lose, opened
from tests.support.dialects import changed
from tests.support.scripted_client import ScriptedClient
from wscli.core.errors import ConnectionFailed, ConnectionLost
from wscli.core.jsontext import Secret
from wscli.core.messages import Credentials
from wscli.exchanges import find_dialect
from wscli.session.flows.connect import connect_route, open_route
from wscli.session.flows.waits import Blocking, When
from wscli.session.route import Deduplicator, Overlap
from wscli.session.route_state import Happening, RouteState
from wscli.transport.dialer import NetworkOptions

Make = Callable[..., ScriptedClient]
BYBIT = changed(find_dialect("bybit", "spot-v3"), keepalive=None)
V5 = changed(find_dialect("bybit", "v5"), keepalive=None)
KEYS = Credentials(Secret("wscli-demo-key"), Secret("wscli-test-secret-0001"), source="config.toml [bybit]")


def acknowledge(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return [{"op": frame["op"], "success": True, "ret_msg": "", "req_id": frame["req_id"]}]


def nothing(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return []


PLACES = [
    # the URL                                            what is said of it
    ("wss://stream.example/v5/public/spot",              "wscli: connecting to wss://stream.example/v5/public/spot"),
    ("wss://stream.example/ws?token=abcdefgh",           "wscli: connecting to wss://stream.example/ws?…"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "said"), PLACES)
def test_where_it_connects_is_said_without_secrets_where_that_was_asked_for(
    scripted: Make, url: str, said: str
) -> None:
    for verbose in (True, False):
        one = scripted(BYBIT, nothing, urls={"public": url}, verbose=verbose)
        one.open()

        assert one.output.err == ([said] if verbose else [])
        assert one.network.endpoints[0].url == url


def test_a_secret_of_the_url_is_hidden_from_then_on(scripted: Make) -> None:
    one = scripted(BYBIT, nothing, urls={"public": "wss://stream.example/ws?token=abcdefgh"}, recorded=True)
    one.open()
    one.transport.says('{"your":"abcdefgh"}')
    one.turn()

    assert one.recorder is not None
    assert one.recorder.entries == [("opened", 1), ("received", 1, '{"your":"***"}')]


INSECURE = [
    # --insecure   the URL                      warned
    (True,         "wss://stream.example/",     True),
    (True,         "ws://stream.example/",      False),
    (False,        "wss://stream.example/",     False),
]  # fmt: skip


@pytest.mark.parametrize(("insecure", "url", "warned"), INSECURE)
def test_an_unchecked_certificate_is_warned_about(scripted: Make, insecure: bool, url: str, warned: bool) -> None:
    one = scripted(BYBIT, nothing, urls={"public": url}, network_options=NetworkOptions(insecure=insecure))
    one.open()

    assert one.output.err == ["wscli: warning: --insecure: the certificate is not verified"] * warned


def test_what_is_sent_is_said_where_that_was_asked_for_and_recorded_with_its_connection(scripted: Make) -> None:
    one = scripted(BYBIT, acknowledge, credentials=KEYS, recorded=True, verbose=True)
    one.log_in("private")
    (frame,) = [line for line in one.output.err if line.startswith("wscli: > ")]

    assert frame == 'wscli: > {"req_id":"1","op":"auth","args":["***",1700000010000,"***"]}'
    assert one.recorder is not None
    assert one.recorder.entries[:2] == [("opened", 1), ("sent", 1, frame.removeprefix("wscli: > "))]


def test_an_unreachable_exchange_opens_nothing_and_counts_no_connection(scripted: Make) -> None:
    one = scripted(BYBIT, ConnectionFailed("no route"), nothing)
    with pytest.raises(ConnectionFailed):
        one.open()

    assert one.client.connections == {}
    assert one.open().number == 1


def test_a_second_connection_is_opened_while_the_first_is_served(scripted: Make) -> None:
    one = scripted(V5, acknowledge)
    one.open()
    one.open("linear")

    assert [connection.number for connection in one.client.connections.values()] == [1, 2]
    assert one.client.tasks.background_calls() == []


# --- step by step: what is waited for in each state, and what a failure leaves ------------------


def test_a_route_that_is_closed_is_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    route = one.client.route("public")
    flow = ByHand(one, open_route(one.client, route))
    assert (type(flow.wait), flow.waits_for) == (Blocking, "public was connected")
    assert route.state is RouteState.CONNECTING
    flow.connected()

    assert flow.result is route.connection is route.live()
    assert (route.state, flow.result.number) == (RouteState.LIVE, 1)


def test_a_connect_that_fails_leaves_the_route_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    route = one.client.route("public")
    flow = ByHand(one, open_route(one.client, route))
    flow.fail(ConnectionFailed("no route"))

    assert str(flow.error) == "no route"
    assert (route.state, route.connection) == (RouteState.CLOSED, None)


def test_who_gives_up_waiting_for_a_connect_leaves_the_route_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    route = one.client.route("public")
    flow = ByHand(one, open_route(one.client, route))
    flow.flow.close()

    assert route.state is RouteState.CLOSED


def test_a_route_that_is_live_is_used_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    route, _ = opened(one)
    flow = ByHand(one, open_route(one.client, route))

    assert (flow.wait, flow.result) == (None, route.connection)


def test_a_route_that_was_lost_just_now_is_waited_for_until_the_loss_is_dealt_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = client_by_hand(monkeypatch)
    route, _ = opened(one)
    lose(one, route, ConnectionLost("gone"))
    flow = ByHand(one, open_route(one.client, route))
    assert (type(flow.wait), flow.is_over()) == (When, False)
    one.client.forget_lost()
    flow.go_on()

    assert flow.waits_for == "public was connected"


def test_a_route_that_somebody_else_connects_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    route = one.client.route("public")
    first, second = (ByHand(one, open_route(one.client, route)) for _ in range(2))
    assert (type(second.wait), second.is_over()) == (When, False)
    first.connected()
    second.go_on()

    assert second.result is first.result
    assert len(one.network.transports) == 1


def test_where_somebody_else_could_not_connect_it_is_tried_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    route = one.client.route("public")
    first, second = (ByHand(one, open_route(one.client, route)) for _ in range(2))
    first.fail(ConnectionFailed("no route"))
    second.go_on()
    assert second.waits_for == "public was connected"
    second.connected()

    assert second.result is route.connection


def test_a_route_that_waits_to_come_back_makes_its_attempt_now(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    route, _ = opened(one)
    absence = away(one, route)
    one.clock.now = 5.0
    flow = ByHand(one, open_route(one.client, route))
    assert absence.wait.at == 5.0
    assert not flow.is_over()
    route.enter(Happening.CONNECT)  # as the flow that comes back does
    flow.go_on()
    assert not flow.is_over()

    again = ByHand(one, open_route(one.client, one.client.route("private")))
    route.connection = again.connected() and again.result
    route.enter(Happening.READY)
    flow.go_on()
    assert flow.result is route.connection


def test_an_attempt_to_come_back_that_fails_is_reported_to_who_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    route, _ = opened(one)
    away(one, route)
    flow = ByHand(one, open_route(one.client, route))
    route.enter(Happening.CONNECT)
    flow.go_on()
    route.enter(Happening.LOST)
    flow.go_on()

    assert isinstance(flow.error, ConnectionLost)


def test_while_a_new_connection_is_set_up_nothing_is_asked_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    route, _ = opened(one)
    old = route.live()
    route.enter(Happening.REPLACE)
    assert ByHand(one, open_route(one.client, route)).result is old  # it is only being connected
    another, _ = opened(one, "private")
    route.connection = another.connection
    route.overlap = Overlap(old, another.live(), Deduplicator(), 0.0)
    flow = ByHand(one, open_route(one.client, route))
    assert (type(flow.wait), flow.is_over()) == (When, False)
    route.enter(Happening.READY)
    flow.go_on()

    assert flow.result is route.connection is not old


def test_an_attempt_to_come_back_that_cannot_connect_is_not_closed_by_the_connect(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever comes back decides whether it tries again."""
    one = client_by_hand(monkeypatch)
    route, _ = opened(one)
    away(one, route)
    flow = ByHand(one, connect_route(one.client, route))
    flow.fail(ConnectionFailed("no route"))

    assert isinstance(flow.error, ConnectionFailed)
    assert route.state is RouteState.CONNECTING
