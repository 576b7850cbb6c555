"""What flows wait for: when each wait is over, when it must be looked at, and what the flow is resumed with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from wscli.core.errors import ConnectionFailed, ConnectionLost, TimedOut, WscliError
from wscli.core.messages import Event, Kind, ReceivedMessage
from wscli.session.flows.waits import Answers, Blocking, Flow, Forever, Until, Wait, When, unless
from wscli.session.requests import NEVER, RequestGroup, Requests

# --- time, and what becomes so -------------------------------------------------------------------

OVER = [
    # wait                       looked at   at 4.9 s   at 5 s   at 5.1 s
    (Until(5.0),                 5.0,        False,     True,    True),
    (Until(NEVER),               NEVER,      False,     False,   False),
    (When(lambda: False, 5.0),   5.0,        False,     True,    True),
    (When(lambda: False),        NEVER,      False,     False,   False),
    (When(lambda: True),         NEVER,      True,      True,    True),
    (Forever(),                  NEVER,      False,     False,   False),
]  # fmt: skip


@pytest.mark.parametrize(("wait", "at", "before", "then", "after"), OVER)
def test_a_wait_is_over_when_its_time_has_come_or_what_it_is_for_is_so(
    wait: Wait, at: float, before: bool, then: bool, after: bool
) -> None:
    assert wait.at == at
    assert [wait.is_over(now) for now in (4.9, 5.0, 5.1)] == [before, then, after]
    assert wait.outcome() is None
    assert wait.due_text() is None  # its end is no failure where --for is over before


def test_the_time_of_a_wait_can_be_moved_while_it_is_waited_for() -> None:
    wait = Until(NEVER)
    wait.at = 3.0

    assert wait.is_over(3.0)


# --- answers -------------------------------------------------------------------------------------


def answer(kind: Kind, request_id: str | None, *, partial: bool = False) -> ReceivedMessage:
    return ReceivedMessage(Event(kind, {}, request_id=request_id, partial=partial), "{}", 5, 1)


ACK_1, ACK_2 = answer(Kind.ACK, "1"), answer(Kind.ACK, "2")
NO_1, PART_1, NO_TO_NONE = answer(Kind.ERROR, "1"), answer(Kind.ERROR, "1", partial=True), answer(Kind.ERROR, None)
ANSWERED = [
    # what came                 over at the first rejection   over with every answer   what is due
    ([],                        False,                        False,                   "subscribe 1 was answered"),
    ([ACK_1],                   False,                        False,                   "subscribe 2 was answered"),
    ([ACK_2],                   False,                        False,                   "subscribe 1 was answered"),
    ([ACK_1, ACK_2],            True,                         True,                    None),
    ([NO_1],                    True,                         False,                   "subscribe 2 was answered"),
    ([NO_TO_NONE],              True,                         False,                   "subscribe 1 was answered"),
    ([PART_1],                  False,                        False,                   "subscribe 2 was answered"),
    ([NO_1, ACK_2],             True,                         True,                    None),
]  # fmt: skip


@pytest.mark.parametrize(("came", "at_a_rejection", "with_every", "due"), ANSWERED)
def test_answers_are_waited_for_until_all_are_there_or_one_rejects(
    came: list[ReceivedMessage], at_a_rejection: bool, with_every: bool, due: str | None
) -> None:
    requests, group = Requests(), RequestGroup(claims_errors=True)
    for key in ("1", "2"):
        requests.expect(group, "public", key, f"subscribe {key}", 0.0, 10.0)
    for one in came:
        requests.received("public", one, 1.0)

    assert Answers(group).is_over(1.0) is at_a_rejection
    assert Answers(group, every=True).is_over(1.0) is with_every
    assert Answers(group).due_text() == due
    assert Answers(group).outcome() is group


def test_where_no_answers_can_come_any_more_the_reason_is_raised_anew_each_time() -> None:
    requests, group = Requests(), RequestGroup()
    requests.expect(group, "public", "1", "subscribe", 0.0, 10.0)
    requests.forget("public", gone := ConnectionLost("gone"))
    wait = Answers(group)

    assert wait.is_over(1.0)
    for _ in range(2):
        with pytest.raises(ConnectionLost) as caught:
            wait.outcome()
        assert caught.value is gone
        assert len(caught.traceback) == 2  # this test and the wait: none of the time before


def test_an_answer_that_is_late_ends_the_wait_for_all() -> None:
    requests, group = Requests(), RequestGroup()
    requests.expect(group, "public", "1", "one", 0.0, 10.0)
    requests.expect(group, "public", "2", "two", 5.0, 10.0)
    group.error = TimedOut("late")

    assert Answers(group, every=True).is_over(10.0)


def test_a_rejection_that_came_before_the_loss_is_what_is_told() -> None:
    requests, group = Requests(), RequestGroup()
    for key in ("1", "2"):
        requests.expect(group, "public", key, "subscribe", 0.0, 10.0)
    requests.received("public", NO_1, 1.0)
    requests.forget("public", ConnectionLost("gone"))

    assert Answers(group).outcome() is group


# --- what blocks ---------------------------------------------------------------------------------


class Call:
    """A call in the background that a test finishes by hand."""

    made: list[Call] = []

    def __init__(self, call: Callable[[], Any], discard: Callable[[Any], None]) -> None:
        self._call, self.discard = call, discard
        self.finished, self.abandoned = False, 0
        self.made.append(self)

    def result(self) -> Any:
        return self._call()

    def abandon(self) -> None:
        self.abandoned += 1


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[Call]:
    monkeypatch.setattr(Call, "made", [])
    monkeypatch.setattr("wscli.session.flows.waits.BackgroundCall", Call)
    return Call.made


def fails() -> str:
    raise ConnectionFailed("no route")


def test_what_blocks_begins_with_the_wait_and_is_over_with_the_call(calls: list[Call]) -> None:
    wait = Blocking(lambda: "socket", print, "public was connected")
    assert (calls, wait.is_over(0.0), wait.due_text()) == ([], False, "public was connected")
    wait.begin()
    (call,) = calls
    assert wait.background is call
    assert call.discard is print
    assert not wait.is_over(99.0)
    call.finished = True

    assert wait.is_over(0.0)
    assert wait.outcome() == "socket"
    assert (wait.background, call.abandoned) == (None, 1)  # its thread and its pipe are let go


def test_what_a_call_raises_is_raised_in_the_flow(calls: list[Call]) -> None:
    wait = Blocking(fails, print, "public was connected")
    wait.begin()
    calls[0].finished = True

    with pytest.raises(ConnectionFailed, match="no route"):
        wait.outcome()
    assert calls[0].abandoned == 1


def test_a_call_that_nobody_waits_for_is_abandoned_once(calls: list[Call]) -> None:
    wait = Blocking(lambda: "socket", print, "public was connected")
    wait.abandon()
    wait.begin()
    wait.abandon()
    wait.abandon()

    assert calls[0].abandoned == 1
    assert not wait.is_over(0.0)


# --- unless --------------------------------------------------------------------------------------


def connecting(log: list[str]) -> Flow[str]:
    try:
        opened = yield Blocking(lambda: "socket", print, "public was connected")
        log.append(f"opened {opened}")
        yield Until(5.0)
    except WscliError as error:
        log.append(f"met {error.message}")
        raise
    finally:
        log.append("ended")
    return "up"


def test_without_an_error_a_flow_runs_as_it_would_alone(calls: list[Call]) -> None:
    log: list[str] = []
    flow = unless(lambda: None, connecting(log))
    first = next(flow)
    first.begin()
    assert (first.background, first.due_text()) == (calls[0], "public was connected")
    assert not first.is_over(9.0)
    calls[0].finished = True
    assert first.is_over(0.0)
    second = flow.send(first.outcome())
    assert (second.at, second.is_over(4.0), second.is_over(5.0)) == (5.0, False, True)

    with pytest.raises(StopIteration) as done:
        flow.send(second.outcome())
    assert (done.value.value, log) == ("up", ["opened socket", "ended"])


def test_an_error_ends_the_wait_of_a_flow_and_is_raised_in_it(calls: list[Call]) -> None:
    log: list[str] = []
    errors: list[WscliError] = []
    flow = unless(lambda: errors[0] if errors else None, connecting(log))
    wait = next(flow)
    wait.begin()
    assert not wait.is_over(0.0)
    errors.append(ConnectionLost("the other one is gone"))
    assert wait.is_over(0.0)
    with pytest.raises(ConnectionLost) as raised:
        wait.outcome()

    with pytest.raises(ConnectionLost, match="the other one is gone"):
        flow.throw(raised.value)
    assert log == ["met the other one is gone", "ended"]
    assert calls[0].abandoned == 1


def test_a_flow_that_is_closed_closes_the_one_within(calls: list[Call]) -> None:
    log: list[str] = []
    flow = unless(lambda: None, connecting(log))
    wait = next(flow)
    wait.begin()
    wait.abandon()
    flow.close()

    assert log == ["ended"]
    assert calls[0].abandoned == 1
