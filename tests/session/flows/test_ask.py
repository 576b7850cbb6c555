"""Requests, a login and frames of the user's own, step by step: what is sent when, which answer is whose."""

from __future__ import annotations

import pytest

from tests.support.by_hand import ByHand, client_by_hand, lose, no, opened, reject_unnamed, say, topics, yes
from wscli.core.errors import ConnectionLost, CredentialsError, Rejected, TimedOut
from wscli.core.messages import Command, Kind, Subscribe
from wscli.session.flows import ask as flows_ask
from wscli.session.flows.ask import ask, authenticate, confirm, send_text
from wscli.session.flows.waits import Answers
from wscli.session.requests import AnswerDisplay, RequestGroup

TRADE: list[Command] = [Subscribe("trade", ("BTCUSDT",))]
ORDER: list[Command] = [Subscribe("order")]


def test_a_request_opens_its_route_and_returns_its_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    flow = ByHand(one, ask(one.client, TRADE))
    transport = flow.connected()
    assert (type(flow.wait), flow.waits_for) == (Answers, "subscribe trade BTCUSDT was answered")
    one.clock.now = 0.25
    say(one, one.client.route("public"), yes(transport.sent[0]))
    flow.go_on()

    assert [request.took_s for request in flow.result.requests] == [0.25]
    assert not one.client.requests


def test_a_request_on_a_route_that_is_open_is_sent_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    _, transport = opened(one)
    flow = ByHand(one, ask(one.client, TRADE))

    assert flow.waits_for == "subscribe trade BTCUSDT was answered"
    assert topics(transport) == [("subscribe", "trade.BTCUSDT")]


def test_a_private_request_is_logged_in_once(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    route, transport = opened(one, "private")
    for expected in ([("auth",), ("subscribe", "order")], [("auth",), ("subscribe", "order"), ("subscribe", "order")]):
        flow = ByHand(one, ask(one.client, ORDER))
        while flow.wait is not None:
            say(one, route, yes(transport.sent[-1]))
            flow.go_on()

        assert flow.error is None
        assert topics(transport) == expected


def test_a_request_without_credentials_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch, credentials=None)
    flow = ByHand(one, ask(one.client, [*TRADE, *ORDER]))

    assert isinstance(flow.error, CredentialsError)
    assert one.client.connections == {}


def test_a_rejection_is_an_answer_to_who_asks_and_an_error_to_who_wants_it_confirmed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = client_by_hand(monkeypatch)
    route, transport = opened(one)
    asked, confirmed = ByHand(one, ask(one.client, TRADE)), ByHand(one, confirm(one.client, TRADE))
    for flow, frame in zip((asked, confirmed), transport.sent, strict=True):
        say(one, route, no(frame))
        flow.go_on()

    assert asked.result.rejection is not None
    assert isinstance(confirmed.error, Rejected)
    assert "unknown topic" in confirmed.error.message


def test_who_wants_it_confirmed_hears_every_answer_and_the_other_rejections_are_notices(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = client_by_hand(monkeypatch)
    public, first = opened(one)
    private, second = opened(one, "private")
    flow = ByHand(one, confirm(one.client, [*TRADE, *ORDER]))
    say(one, private, yes(second.sent[0]))
    flow.go_on()
    say(one, public, no(first.sent[0], "no trades"))
    assert not flow.is_over()
    say(one, private, no(second.sent[1], "no orders"))
    flow.go_on()

    assert isinstance(flow.error, Rejected)
    assert "no trades" in flow.error.message
    assert [line for line in one.output.err if "no orders" in line]


def test_an_error_without_an_id_is_the_answer_only_where_nothing_else_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    route, _ = opened(one)
    alone = ByHand(one, ask(one.client, TRADE, claims_errors=True))
    beside = ByHand(one, ask(one.client, TRADE))
    reject_unnamed(one, route)

    assert (alone.is_over(), beside.is_over()) == (True, False)
    alone.go_on()
    assert alone.result.rejection is not None


def test_an_answer_that_does_not_come_is_raised_with_what_it_was_about(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    opened(one)
    flow = ByHand(one, ask(one.client, TRADE))
    (late,) = one.client.requests.expired(10.0)
    late.group.error = TimedOut("late")
    flow.go_on()

    assert (late.text, str(flow.error)) == ("subscribe trade BTCUSDT", "late")


def test_whoever_ends_a_request_leaves_no_answer_due(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    opened(one)
    ByHand(one, ask(one.client, TRADE)).flow.close()

    assert not one.client.requests


def test_a_loss_between_two_routes_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    public, _ = opened(one)
    flow = ByHand(one, ask(one.client, [*TRADE, *ORDER]))
    assert flow.waits_for == "private was connected"
    lose(one, public, ConnectionLost("gone"))
    flow.connected()
    say(one, one.client.route("private"), yes(one.transport.sent[0]))
    flow.go_on()
    flow.go_on()

    assert str(flow.error) == "gone"


def test_a_login_of_its_own_returns_the_answer_and_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    flow = ByHand(one, authenticate(one.client, AnswerDisplay.RESULT))
    one.clock.now = 3.0  # connecting is no part of it
    transport = flow.connected()
    assert flow.waits_for == "the login was answered"
    one.clock.now = 3.5
    say(one, one.client.route("private"), yes(transport.sent[0]))
    flow.go_on()

    answer, took_s = flow.result
    assert (answer.event.request_id, took_s) == ("1", 0.5)


FRAMES = [
    # a frame                                                       the message that answers it
    ('{"op":"subscribe","args":["trade.BTCUSDT"],"req_id":"7"}',    {"op": "subscribe", "success": True, "req_id": "7", "ret_msg": ""}),
    ('{"op":"subscribe","args":["trade.BTCUSDT"],"req_id":"7"}',    {"op": "subscribe", "success": False, "req_id": "7", "ret_msg": "no"}),
    ('{"what":"ever"}',                                             {"so": "what"}),
    ("[1]",                                                         {"success": False, "ret_msg": "error:handler not found"}),
]  # fmt: skip


@pytest.mark.parametrize(("frame", "reply"), FRAMES)
def test_a_frame_of_ones_own_is_sent_as_typed_and_its_answer_returned(
    monkeypatch: pytest.MonkeyPatch, frame: str, reply: dict[str, object]
) -> None:
    one = client_by_hand(monkeypatch)
    flow = ByHand(one, send_text(one.client, frame))
    flow.connected()
    assert flow.waits_for == "the frame was answered"
    say(one, one.client.route("public"), reply)
    flow.go_on()

    assert flow.error is None
    assert flow.result.event.payload == reply
    assert not one.client.requests


def test_a_frame_that_its_connection_is_lost_under_raises_the_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    route, _ = opened(one)
    flow = ByHand(one, send_text(one.client, '{"what":"ever"}'))
    lose(one, route, ConnectionLost("gone"))
    flow.go_on()

    assert str(flow.error) == "gone"


def test_who_wants_it_confirmed_gets_the_answers_of_the_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch)
    flow = ByHand(one, confirm(one.client, TRADE))
    say(one, one.client.route("public"), yes(flow.connected().sent[0]))
    flow.go_on()

    assert [answer.event.kind for answer in flow.result.answers] == [Kind.ACK]


def test_a_frame_of_ones_own_claims_no_error_unless_it_is_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    groups: list[bool] = []
    monkeypatch.setattr(
        flows_ask, "RequestGroup", lambda display, claims_errors: groups.append(claims_errors) or RequestGroup(display)
    )
    for flags in ({}, {"claims_errors": True}):
        one = client_by_hand(monkeypatch)
        ByHand(one, send_text(one.client, '{"op":"ping"}', **flags)).connected()

    assert groups == [False, True]
