"""Which answers are due: late, early, twice, to nobody, to a request that names no id, in part, of a route that is gone."""

from __future__ import annotations

import pytest

from wscli.core.errors import ConnectionLost, TimedOut
from wscli.core.messages import Event, Key, Kind, ReceivedMessage, Subscribe
from wscli.session.events import Role
from wscli.session.requests import NEVER, AnswerDisplay, RequestGroup, Requests

WAIT_S = 10.0


def message(
    kind: Kind = Kind.ACK,
    request_id: Key | None = None,
    *,
    partial: bool = False,
    channel: str | None = None,
    symbols: tuple[str, ...] = (),
) -> ReceivedMessage:
    event = Event(kind, {}, request_id=request_id, partial=partial, channel=channel, symbols=symbols)
    return ReceivedMessage(event, "{}", 5, 1)


def error(request_id: Key | None = None, *, partial: bool = False) -> ReceivedMessage:
    return message(Kind.ERROR, request_id, partial=partial)


def awaiting(*keys: Key | None, claims_errors: bool = False, since: float = 0.0) -> tuple[Requests, RequestGroup]:
    """Return one group of requests on "public", sent together."""
    requests, group = Requests(), RequestGroup(claims_errors=claims_errors)
    for key in keys:
        requests.expect(group, "public", key, f"subscribe {key}", since, WAIT_S)
    return requests, group


# --- the answer to a request ---------------------------------------------------------------------


def test_an_answer_is_found_by_its_route_and_key() -> None:
    requests, group = awaiting("1", "2")
    answer = message(Kind.ACK, "2")

    assert requests.received("public", answer, 3.5) is group
    assert (group.due_count, group.due_text(), [*group.answers]) == (1, "subscribe 1", [answer])
    assert group.requests[1].took_s == 3.5


def test_the_answers_stand_in_the_order_of_the_requests() -> None:
    requests, group = awaiting("1", "2")
    second, first = message(Kind.ACK, "2"), message(Kind.ACK, "1")
    requests.received("public", second, 1.0)
    requests.received("public", first, 2.0)

    assert [*group.answers] == [first, second]
    assert (group.due_count, group.due_text(), bool(requests)) == (0, None, False)


UNASKED = [
    # route      message
    ("public",   message(Kind.ACK, "3")),  # nobody asked for it
    ("private",  message(Kind.ACK, "1")),  # it was asked for elsewhere
    ("public",   message(Kind.ACK)),  # it answers no request in particular
    ("public",   message(Kind.UPDATE)),
    ("public",   error("3")),
    ("public",   error()),  # and nobody claims it
]  # fmt: skip


@pytest.mark.parametrize(("route", "unasked"), UNASKED)
def test_what_answers_no_request_changes_nothing(route: str, unasked: ReceivedMessage) -> None:
    requests, group = awaiting("1")

    assert requests.received(route, unasked, 1.0) is None
    assert (group.due_count, group.rejection, group.error) == (1, None, None)
    assert requests.is_due("public")


def test_an_answer_that_comes_early_answers_no_later_request_with_its_key() -> None:
    requests, group = Requests(), RequestGroup()

    assert requests.received("public", message(Kind.ACK, "1"), 0.0) is None
    requests.expect(group, "public", "1", "subscribe", 1.0, WAIT_S)
    assert group.due_count == 1


def test_a_second_answer_is_nobody_s() -> None:
    requests, _ = awaiting("1")
    requests.received("public", message(Kind.ACK, "1"), 1.0)

    assert requests.received("public", message(Kind.ACK, "1"), 2.0) is None


def test_one_answer_is_that_of_every_request_with_its_key() -> None:
    """Where an exchange's key is what was asked for (Bitstamp's channel), the same thing can be asked for twice."""
    requests, first = awaiting("live_trades_btcusd")
    second = RequestGroup()
    requests.expect(second, "public", "live_trades_btcusd", "subscribe", 1.0, WAIT_S)
    answer = message(Kind.ACK, "live_trades_btcusd")

    assert requests.received("public", answer, 2.0) is second
    assert [*first.answers] == [*second.answers] == [answer]
    assert (first.due_count, second.due_count, bool(requests)) == (0, 0, False)


def test_a_key_on_another_route_is_another_request() -> None:
    requests, public = awaiting("1")
    private = RequestGroup()
    requests.expect(private, "private", "1", "auth", 0.0, WAIT_S)

    assert requests.received("private", message(Kind.ACK, "1"), 1.0) is private
    assert public.due_count == 1
    assert (requests.is_due("public"), requests.is_due("private")) == (True, False)


# --- a request whose answer names none -----------------------------------------------------------

ANSWERS = [
    # the next message                 answers a frame without an id
    (message(Kind.ACK),                True),
    (message(Kind.ACK, "9"),           True),
    (error(),                          True),
    (message(Kind.REPLY),              True),
    (message(Kind.PONG),               True),
    (message(Kind.UNKNOWN),            True),
    (message(Kind.SNAPSHOT),           False),
    (message(Kind.UPDATE),             False),
    (message(Kind.HEARTBEAT),          False),
    (message(Kind.STATUS),             False),
]  # fmt: skip


@pytest.mark.parametrize(("next_one", "answers"), ANSWERS, ids=lambda value: str(getattr(value, "event", value)))
def test_a_frame_without_an_id_is_answered_by_the_next_message_that_can_be_an_answer(
    next_one: ReceivedMessage, answers: bool
) -> None:
    requests, group = awaiting(None)

    assert requests.received("public", next_one, 1.0) is (group if answers else None)
    assert group.due_count == (0 if answers else 1)


def test_the_answer_to_a_request_with_a_key_is_not_that_of_a_frame_without_one() -> None:
    requests, keyed = awaiting("1")
    frame = RequestGroup()
    requests.expect(frame, "public", None, "the frame", 0.0, WAIT_S)

    assert requests.received("public", message(Kind.ACK, "1"), 1.0) is keyed
    assert frame.due_count == 1


def test_a_message_of_another_route_answers_no_frame() -> None:
    requests, group = awaiting(None)

    assert requests.received("private", message(Kind.REPLY), 1.0) is None
    assert group.due_count == 1


def test_frames_without_an_id_on_two_routes_are_answered_apart() -> None:
    requests, public = awaiting(None)
    private = RequestGroup()
    requests.expect(private, "private", None, "the frame", 0.0, WAIT_S)
    requests.received("public", message(Kind.REPLY), 1.0)

    assert (public.due_count, private.due_count) == (0, 1)
    assert requests.received("private", message(Kind.REPLY), 2.0) is private


# --- rejections ----------------------------------------------------------------------------------


@pytest.mark.parametrize("claims_errors", [True, False])
def test_an_error_without_an_id_is_the_rejection_of_those_who_claim_such_errors(claims_errors: bool) -> None:
    requests, group = awaiting("1", "2", claims_errors=claims_errors)
    rejection = error()

    assert requests.received("public", rejection, 1.0) is (group if claims_errors else None)
    assert group.rejection is (rejection if claims_errors else None)
    assert group.due_count == 2  # it answers none of them


def test_an_error_without_an_id_on_another_route_is_not_claimed() -> None:
    requests, group = awaiting("1", claims_errors=True)

    assert requests.received("private", error(), 1.0) is None
    assert group.rejection is None


def test_an_error_with_an_id_that_nobody_has_is_not_claimed() -> None:
    requests, group = awaiting("1", claims_errors=True)

    assert requests.received("public", error("7"), 1.0) is None
    assert group.rejection is None


def test_an_error_is_claimed_only_while_an_answer_is_due() -> None:
    requests, group = awaiting("1", claims_errors=True)
    requests.received("public", message(Kind.ACK, "1"), 1.0)

    assert requests.received("public", error(), 2.0) is None
    assert group.rejection is None


def test_the_first_rejection_is_kept() -> None:
    requests, group = awaiting("1", "2")
    first = error("2")
    requests.received("public", first, 1.0)
    requests.received("public", error("1"), 2.0)

    assert group.rejection is first
    assert group.due_count == 0


def test_an_answer_that_grants_a_part_rejects_nothing_as_a_whole() -> None:
    requests, group = awaiting("1", "2")
    partial = error("1", partial=True)
    requests.received("public", partial, 1.0)
    requests.received("public", error("2", partial=True), 1.0)

    assert group.rejection is None
    assert group.partial is partial
    assert requests.partial_rejection is partial


ROLES = [
    # who asked shows                     the answer                      what it is to those who show messages
    (AnswerDisplay.NOTE,                  message(Kind.ACK),              Role.MESSAGE),
    (AnswerDisplay.NOTE,                  error(),                        Role.REPORTED),
    (AnswerDisplay.NOTE,                  error(partial=True),            Role.MESSAGE),
    (AnswerDisplay.RESULT,                message(Kind.REPLY),            Role.RESULT),
    (AnswerDisplay.RESULT,                error(),                        Role.REPORTED),
    (AnswerDisplay.RESULT,                error(partial=True),            Role.RESULT),
    (AnswerDisplay.RESULT_OR_REJECTION,   message(Kind.UNKNOWN),          Role.RESULT),
    (AnswerDisplay.RESULT_OR_REJECTION,   error(),                        Role.RESULT),
]  # fmt: skip


@pytest.mark.parametrize(("display", "answer", "role"), ROLES)
def test_who_asked_decides_how_an_answer_is_shown(display: AnswerDisplay, answer: ReceivedMessage, role: Role) -> None:
    assert RequestGroup(display).role_of(answer.event) is role


# --- what is no longer awaited -------------------------------------------------------------------


def test_a_request_is_late_from_its_deadline_on_and_once() -> None:
    requests, group = awaiting("1", None, since=5.0)

    assert requests.expired(14.9) == []
    assert [one.text for one in requests.expired(15.0)] == ["subscribe None", "subscribe 1"]
    assert requests.expired(99.0) == []
    assert (group.due_count, bool(requests), requests.next_deadline) == (0, False, NEVER)


def test_a_late_answer_is_nobody_s() -> None:
    requests, group = awaiting("1")
    requests.expired(WAIT_S)

    assert requests.received("public", message(Kind.ACK, "1"), 11.0) is None
    assert [*group.answers] == []


def test_an_answer_in_time_is_not_late() -> None:
    requests, _ = awaiting("1")
    requests.received("public", message(Kind.ACK, "1"), 9.0)

    assert requests.expired(99.0) == []


def test_the_next_deadline_is_that_of_the_request_that_is_late_first() -> None:
    requests, group = Requests(), RequestGroup()
    assert requests.next_deadline == NEVER
    requests.expect(group, "public", "1", "one", 2.0, 10.0)
    assert requests.next_deadline == 12.0
    requests.expect(group, "public", "2", "two", 3.0, 1.0)
    assert requests.next_deadline == 4.0
    requests.expect(group, "public", None, "three", 4.0, 2.0)
    assert requests.next_deadline == 4.0

    assert [one.text for one in requests.expired(5.0)] == ["two"]
    assert requests.next_deadline == 6.0


def test_a_group_that_is_dropped_awaits_nothing_and_leaves_the_others() -> None:
    requests, dropped = awaiting("1", None)
    kept = RequestGroup()
    requests.expect(kept, "public", "1", "the same again", 0.0, WAIT_S)
    requests.drop(dropped)

    assert dropped.due_count == 0
    assert requests.received("public", message(Kind.ACK, "1"), 1.0) is kept
    assert [*dropped.answers] == []


def test_a_group_that_is_dropped_keeps_the_answers_that_it_has() -> None:
    requests, group = awaiting("1", "2")
    answer = message(Kind.ACK, "1")
    requests.received("public", answer, 1.0)
    requests.drop(group)

    assert [*group.answers] == [answer]
    assert group.error is None


def test_the_requests_of_a_route_that_is_gone_are_forgotten_with_its_error() -> None:
    requests, public = awaiting("1", None)
    private = RequestGroup()
    requests.expect(private, "private", "1", "auth", 0.0, WAIT_S)
    gone = ConnectionLost("gone")
    requests.forget("public", gone)

    assert (public.due_count, public.error) == (0, gone)
    assert (private.due_count, private.error) == (1, None)
    assert (requests.is_due("public"), requests.is_due("private")) == (False, True)


def test_a_group_on_two_routes_waits_for_the_other_one_with_the_first_error() -> None:
    requests, group = awaiting("1")
    requests.expect(group, "private", "2", "auth", 0.0, WAIT_S)
    first = ConnectionLost("gone")
    requests.forget("public", first)
    requests.forget("private", TimedOut("late"))

    assert (group.due_count, group.error) == (0, first)


def test_a_request_that_was_answered_gets_no_error_of_its_route() -> None:
    requests, group = awaiting("1")
    requests.received("public", message(Kind.ACK, "1"), 1.0)
    requests.forget("public", ConnectionLost("gone"))

    assert group.error is None


def test_no_answer_of_a_route_that_was_closed_on_purpose_is_an_error() -> None:
    requests, group = awaiting("1")
    requests.forget("public")

    assert (group.due_count, group.error, bool(requests)) == (0, None, False)


# --- data without an acknowledgement -------------------------------------------------------------

TRADES = Subscribe("trade", ("BTCUSDT", "ETHUSDT"))
SEEN = [
    # data that came                                                             route      is of the trades
    (message(Kind.UPDATE, channel="trade", symbols=("ETHUSDT",)),                "public",  True),
    (message(Kind.UPDATE, channel="trade"),                                      "public",  True),  # it names no symbol
    (message(Kind.UPDATE, channel="trade", symbols=("SOLUSDT",)),                "public",  False),
    (message(Kind.UPDATE, channel="depth", symbols=("BTCUSDT",)),                "public",  False),
    (message(Kind.UPDATE, channel="trade", symbols=("BTCUSDT",)),                "private", False),
]  # fmt: skip


@pytest.mark.parametrize(("data", "route", "is_theirs"), SEEN)
def test_data_of_a_subscription_without_an_acknowledgement_is_noticed(
    data: ReceivedMessage, route: str, is_theirs: bool
) -> None:
    requests, _ = awaiting("1")
    requests.data_received(route, data.event)

    assert requests.has_data_of("public", [TRADES]) is is_theirs
