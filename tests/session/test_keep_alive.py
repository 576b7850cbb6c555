"""When a ping is due and when its answer is late, second by second; and which subscriptions have begun."""

from __future__ import annotations

from typing import Any

import pytest

from wscli.core.dialect import KeepAlive
from wscli.core.errors import ConnectionLost
from wscli.core.messages import ActiveSubscription, Event, Kind, Subscribe
from wscli.session.keep_alive import Beginnings, KeepAliveClock

BEAT = KeepAlive(20.0, 10.0)
IDLE = KeepAlive(20.0, 10.0, idle_only=True)


def pong(request_id: Any) -> Event:
    return Event(Kind.PONG, {}, request_id=request_id)


def test_a_ping_is_due_an_interval_after_the_last_one_and_not_while_its_answer_is_due() -> None:
    clock = KeepAliveClock(100.0)
    assert [clock.check(BEAT, "x", now, blocked=False) for now in (100.0, 119.9)] == [False, False]
    assert clock.due_at(BEAT) == 120.0
    assert clock.check(BEAT, "x", 120.0, blocked=False)

    clock.pending.add("a")
    assert clock.due_at(BEAT) == 130.0
    assert not clock.check(BEAT, "x", 129.9, blocked=False)
    with pytest.raises(ConnectionLost, match=r"^x did not answer a ping within 10 s$"):
        clock.check(BEAT, "x", 130.0, blocked=False)


def test_where_pings_are_due_faster_than_their_answers_there_is_one_at_a_time() -> None:
    clock, often = KeepAliveClock(0.0), KeepAlive(5.0, 10.0)
    sent = []
    for now in (5.0, 10.0, 14.0):
        sent.append(clock.check(often, "x", now, blocked=False))
        clock.pending.add("a")

    assert sent == [True, False, False]


def test_an_answer_puts_the_deadline_off_and_another_message_does_not() -> None:
    clock = KeepAliveClock(0.0)
    clock.check(BEAT, "x", 20.0, blocked=False)
    clock.pending.update({"a", "b"})
    clock.pong(pong("c"), 25.0)
    clock.pong(pong(None), 25.0)
    assert (clock.pong_due_since, clock.last_pong) == (20.0, None)

    answer = pong("a")
    clock.pong(answer, 25.0)
    assert (clock.pong_due_since, clock.pending) == (25.0, {"b"})
    assert clock.last_pong is answer
    assert not clock.check(BEAT, "x", 34.9, blocked=False)
    clock.protocol_pong(34.9)
    assert (clock.pong_due_since, clock.pending) == (34.9, set())
    assert clock.check(BEAT, "x", 40.0, blocked=False)


def test_while_nobody_reads_no_answer_is_late_and_pings_go_on() -> None:
    clock = KeepAliveClock(0.0)
    clock.check(BEAT, "x", 20.0, blocked=False)
    clock.pending.add("a")

    assert not clock.check(BEAT, "x", 39.0, blocked=True)
    assert clock.pong_due_since == 39.0
    assert clock.check(BEAT, "x", 40.0, blocked=True)
    assert not clock.check(BEAT, "x", 49.9, blocked=False)


def test_an_idle_only_ping_is_due_after_our_own_silence() -> None:
    clock = KeepAliveClock(0.0)
    clock.last_sent_at = 15.0

    assert (clock.next_ping_at(IDLE), clock.next_ping_at(BEAT)) == (35.0, 20.0)


def test_a_pause_puts_pings_off_and_forgives() -> None:
    clock = KeepAliveClock(0.0)
    clock.pending.add("a")
    clock.pause(60.0)

    assert clock.due_at(BEAT) == 60.0
    assert not clock.check(BEAT, "x", 59.0, blocked=False)
    assert clock.check(BEAT, "x", 60.0, blocked=False)
    assert clock.due_at(BEAT) == 80.0


SILENT, BEGUN = (ActiveSubscription(Subscribe("trade"), has_data=data) for data in (False, True))
ACTIVE = [
    # the subscriptions                      unasked    are some silent?
    ({},                                     (),        False),
    ({"a": SILENT},                          (),        True),
    ({"a": BEGUN},                           (),        False),
    ({"a": BEGUN, "b": SILENT},              (),        True),
    ({"a": SILENT, "b": BEGUN},              (),        True),
    ({"a": BEGUN, "b": SILENT},              ("b",),    False),
    ({"a": SILENT, "b": SILENT},             ("b",),    True),
]  # fmt: skip


@pytest.mark.parametrize(("active", "unasked", "silent"), ACTIVE)
def test_a_subscription_is_silent_until_its_first_data(active: Any, unasked: tuple[str, ...], silent: bool) -> None:
    beginnings = Beginnings()

    assert beginnings.some_are_silent(active, dict.fromkeys(unasked)) is silent
    assert beginnings.some_are_silent(active, dict.fromkeys(unasked)) is silent


def test_what_is_added_or_begins_later_is_looked_at() -> None:
    beginnings = Beginnings()
    found = [
        beginnings.some_are_silent(active, {})
        for active in ({"a": SILENT}, {"a": BEGUN}, {"a": BEGUN, "b": SILENT}, {"b": SILENT}, {"b": BEGUN}, {})
    ]

    assert found == [True, False, True, True, False, False]
