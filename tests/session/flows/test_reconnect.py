"""One attempt to come back, step by step: connected, logged in where it was, the gap reported, the same set subscribed."""

from __future__ import annotations

import pytest

from tests.support.by_hand import ByHand, away, client_by_hand, lose, no, opened, say, topics, yes
from wscli.core.errors import ConnectionFailed, ConnectionLost, Rejected
from wscli.core.messages import ReceivedMessage, Subscribe
from wscli.session.events import SessionEvents
from wscli.session.flows.reconnect import bring_back, report_gap
from wscli.session.route_state import RouteState

TRADES = Subscribe("trade", ("BTCUSDT", "ETHUSDT"))
ORDERS = Subscribe("order")


class Gaps(SessionEvents):
    def __init__(self) -> None:
        self.seen: list[tuple[int, int]] = []

    def gap(self, gap: ReceivedMessage, away_ms: int) -> None:
        self.seen.append((gap.connection, away_ms))


def test_the_same_set_is_subscribed_and_the_gap_reported_before(monkeypatch: pytest.MonkeyPatch) -> None:
    one, gaps = client_by_hand(monkeypatch), Gaps()
    one.client.events.add(gaps)
    route, _ = opened(one)
    absence = away(one, route, TRADES)
    one.clock.now = 2.5
    flow = ByHand(one, bring_back(one.client, route, absence))
    assert (flow.waits_for, route.state, gaps.seen) == ("public was connected", RouteState.CONNECTING, [])
    transport = flow.connected()
    assert (route.state, gaps.seen) == (RouteState.SUBSCRIBING, [(2, 2500)])
    say(one, route, yes(transport.sent[0]))
    flow.go_on()

    assert (flow.wait, flow.error) == (None, None)
    assert topics(transport) == [("subscribe", "trade.BTCUSDT", "trade.ETHUSDT")]
    assert route.wanted() == [TRADES]  # whoever comes back ends the absence


LOGINS = [
    # it was logged in   what is subscribed   frames
    (False,              (ORDERS,),           [("auth",), ("subscribe", "order")]),
    (True,               (ORDERS,),           [("auth",), ("subscribe", "order")]),
    (True,               (),                  [("auth",)]),
    (False,              (),                  []),
]  # fmt: skip


@pytest.mark.parametrize(("logged_in", "subscriptions", "frames"), LOGINS)
def test_it_is_logged_in_where_it_was_or_must_be(
    monkeypatch: pytest.MonkeyPatch,
    logged_in: bool,
    subscriptions: tuple[Subscribe, ...],
    frames: list[tuple[str, ...]],
) -> None:
    one = client_by_hand(monkeypatch)
    route, _ = opened(one, "private")
    flow = ByHand(one, bring_back(one.client, route, away(one, route, *subscriptions, logged_in=logged_in)))
    transport = flow.connected()
    assert route.state is (RouteState.AUTHENTICATING if ("auth",) in frames else RouteState.SUBSCRIBING)
    while flow.wait is not None:
        say(one, route, yes(transport.sent[-1]))
        flow.go_on()

    assert flow.error is None
    assert topics(transport) == frames


def test_whatever_goes_wrong_is_raised_and_the_absence_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    route, _ = opened(one)
    absence = away(one, route, TRADES)
    flow = ByHand(one, bring_back(one.client, route, absence))
    flow.fail(ConnectionFailed("no route"))
    assert (str(flow.error), route.state) == ("no route", RouteState.CONNECTING)

    lost, _ = opened(one, "private")
    flow = ByHand(one, bring_back(one.client, lost, away(one, lost, TRADES)))
    flow.connected()
    lose(one, lost, ConnectionLost("gone again"))
    flow.go_on()
    assert (str(flow.error), lost.state) == ("gone again", RouteState.SUBSCRIBING)

    assert route.absence is absence
    assert [*map(str, route.wanted())] == [str(TRADES)]


def test_a_set_that_is_rejected_by_now_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    route, _ = opened(one)
    flow = ByHand(one, bring_back(one.client, route, away(one, route, Subscribe("trade", ("BTCUSDT",)))))
    transport = flow.connected()
    say(one, route, no(transport.sent[0]))
    flow.go_on()

    assert isinstance(flow.error, Rejected)


def test_a_gap_says_how_long_and_which_connection_came_after(monkeypatch: pytest.MonkeyPatch) -> None:
    one, gaps = client_by_hand(monkeypatch), Gaps()
    one.client.events.add(gaps)
    route, _ = opened(one)
    report_gap(one.client, route, 1.2345)
    report_gap(one.client, one.client.route("private"), 0.0)

    assert gaps.seen == [(1, 1234), (0, 0)]
