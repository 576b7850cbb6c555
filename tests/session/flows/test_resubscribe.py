"""The same set subscribed again: one request, halved where it is rejected as a whole until what is rejected stands alone."""

from __future__ import annotations

import pytest

from tests.support.by_hand import ByHand, client_by_hand, lose, no, opened, reject_unnamed, say, topics, yes
from wscli.core.errors import ConnectionLost, Rejected
from wscli.core.messages import Subscribe
from wscli.session.flows.resubscribe import resubscribe
from wscli.session.flows.waits import Answers

TRADES = Subscribe("trade", ("BTCUSDT", "ETHUSDT", "SOLUSDT"))


def test_of_nothing_nothing_is_subscribed(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    route, transport = opened(one)
    flow = ByHand(one, resubscribe(one.client, route, []))

    assert (flow.wait, flow.error, transport.sent) == (None, None, [])


def test_what_is_granted_is_one_request(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    route, transport = opened(one)
    flow = ByHand(one, resubscribe(one.client, route, [TRADES]))
    assert isinstance(flow.wait, Answers)
    assert (flow.wait.every, flow.wait.group.claims_errors, flow.is_over()) == (True, True, False)
    say(one, route, yes(transport.sent[0]))
    flow.go_on()

    assert (flow.wait, flow.error) == (None, None)
    assert topics(transport) == [("subscribe", "trade.BTCUSDT", "trade.ETHUSDT", "trade.SOLUSDT")]


def test_a_request_that_is_rejected_is_halved_until_the_topic_that_is_rejected_stands_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = client_by_hand(monkeypatch)
    route, transport = opened(one)
    flow = ByHand(one, resubscribe(one.client, route, [TRADES]))
    for answer in (no, yes, no, no, yes):  # BTC ETH SOL; BTC; ETH SOL; ETH; SOL
        say(one, route, answer(transport.sent[-1]))
        flow.go_on()

    assert (flow.wait, flow.error) == (None, None)
    assert topics(transport) == [
        ("subscribe", "trade.BTCUSDT", "trade.ETHUSDT", "trade.SOLUSDT"),
        ("subscribe", "trade.BTCUSDT"),
        ("subscribe", "trade.ETHUSDT", "trade.SOLUSDT"),
        ("subscribe", "trade.ETHUSDT"),
        ("subscribe", "trade.SOLUSDT"),
    ]
    assert len([line for line in one.output.err if "unknown topic" in line]) == 1
    rejection = one.client.requests.partial_rejection
    assert rejection is not None
    assert rejection.event.reason == "unknown topic"


def test_where_nothing_is_granted_the_rejection_is_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    route, transport = opened(one)
    flow = ByHand(one, resubscribe(one.client, route, [Subscribe("trade", ("BTCUSDT", "ETHUSDT"))]))
    for _ in range(3):
        say(one, route, no(transport.sent[-1]))
        flow.go_on()

    assert isinstance(flow.error, Rejected)
    assert one.client.requests.partial_rejection is None  # it is the end: nothing is left out
    assert not one.client.requests


def test_an_error_that_names_no_request_is_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    route, transport = opened(one)
    flow = ByHand(one, resubscribe(one.client, route, [TRADES]))
    reject_unnamed(one, route)
    assert not flow.is_over()  # the answer is still due
    say(one, route, yes(transport.sent[0]))
    flow.go_on()

    assert isinstance(flow.error, Rejected)


def test_a_loss_before_the_answer_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    route, _ = opened(one)
    flow = ByHand(one, resubscribe(one.client, route, [TRADES]))
    lose(one, route, ConnectionLost("gone"))
    flow.go_on()

    assert str(flow.error) == "gone"


def test_whoever_ends_it_leaves_no_answer_due(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    route, _ = opened(one)
    flow = ByHand(one, resubscribe(one.client, route, [TRADES]))
    flow.flow.close()

    assert not one.client.requests
