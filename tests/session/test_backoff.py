"""When to connect again after a loss, and when no more: the decisions, without a socket or a clock."""

from __future__ import annotations

import random
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscli.core.errors import ConnectionFailed, ConnectionLost, InvalidHandshake, Rejected, TimedOut, WscliError
from wscli.session.backoff import Backoff, ConnectRateLimit, Decision, GiveUp, Retry, is_retryable, retry_delay_s
from wscli.transport.websocket import PeerClosed


@given(st.integers(0, 10_000))
def test_a_wait_is_within_its_bounds_and_never_past_the_cap(tries: int) -> None:
    assert 0 <= retry_delay_s(tries, random.uniform) <= min(30.0, 0.5 * 2 ** min(tries, 16))


@pytest.mark.parametrize("tries", [0, 3, 6, 50])
def test_the_waits_are_spread_over_all_of_it(tries: int) -> None:
    chance = random.Random(tries)
    most = min(30.0, 0.5 * 2**tries)

    assert mean(retry_delay_s(tries, chance.uniform) for _ in range(10_000)) == pytest.approx(most / 2, rel=0.05)


def test_a_thousand_clients_dropped_at_once_do_not_come_back_at_once() -> None:
    chance = random.Random(7)
    seconds = [int(retry_delay_s(6, chance.uniform)) for _ in range(1000)]

    assert max(seconds.count(s) for s in set(seconds)) <= 2 * 1000 / 30


def test_the_exchanges_limit_on_connects_is_kept() -> None:
    pace = ConnectRateLimit((2, 10))
    assert pace.next_connect_at(0.0) == 0.0
    pace.record_connect(0.0)
    pace.record_connect(1.0)

    assert pace.next_connect_at(2.0) == 10.0
    assert pace.next_connect_at(20.0) == 20.0
    pace.record_connect(10.0)
    assert pace.next_connect_at(10.0) == 11.0


RETRYABLE = [
    # what happened                                     at first   where there was a connection before
    (ConnectionLost("gone"),                            True,      True),
    (TimedOut("late"),                                  True,      True),
    (ConnectionFailed("refused"),                       True,      True),
    (ConnectionFailed("HTTP 503", retry_after_s=7.0),   True,      True),
    (ConnectionFailed("HTTP 403", retryable=False),     False,     False),
    (PeerClosed("peer", 1001, ""),                      True,      True),
    (PeerClosed("peer", 1008, "policy"),                False,     False),
    (InvalidHandshake("junk", retryable=False),         False,     True),
    (Rejected("bad key"),                               False,     False),
    (WscliError("anything else"),                       False,     False),
]  # fmt: skip


@pytest.mark.parametrize(("error", "at_first", "after_a_connection"), RETRYABLE)
def test_what_cannot_succeed_is_not_tried_again(error: WscliError, at_first: bool, after_a_connection: bool) -> None:
    assert is_retryable(error) is at_first
    assert is_retryable(error, was_connected=True) is after_a_connection


def longest(low: float, high: float) -> float:
    return high


def shortest(low: float, high: float) -> float:
    return low


GONE = ConnectionLost("the connection is gone")
BUSY = ConnectionFailed("HTTP 503", retry_after_s=7.0)
DECISIONS = [
    # cause   failures   --retry   drawn      limit      connects at        decision at 100 s
    (GONE,    0,         None,     longest,   None,      [],                Retry(100.5)),
    (GONE,    1,         None,     longest,   None,      [],                Retry(101.0)),
    (GONE,    5,         None,     longest,   None,      [],                Retry(116.0)),
    (GONE,    6,         None,     longest,   None,      [],                Retry(130.0)),
    (GONE,    99,        None,     longest,   None,      [],                Retry(130.0)),
    (GONE,    99,        None,     shortest,  None,      [],                Retry(100.0)),
    (BUSY,    0,         None,     longest,   None,      [],                Retry(107.0)),  # what the exchange asked for
    (BUSY,    5,         None,     longest,   None,      [],                Retry(116.0)),  # the longer of the two
    (GONE,    0,         None,     shortest,  (2, 60),   [70.0],            Retry(100.0)),
    (GONE,    0,         None,     shortest,  (2, 60),   [70.0, 90.0],      Retry(130.0)),  # the period is full until then
    (GONE,    6,         None,     longest,   (2, 60),   [50.0, 90.0],      Retry(130.0)),
    (GONE,    0,         None,     shortest,  (2, 60),   [10.0, 70.0, 90.0], Retry(130.0)),  # only the last two count
    (GONE,    1,         2,        longest,   None,      [],                Retry(101.0)),
    (GONE,    2,         2,        longest,   None,      [],                "the connection is gone: gave up after 2 failed attempts"),
    (GONE,    3,         2,        longest,   None,      [],                "the connection is gone: gave up after 3 failed attempts"),
    (GONE,    0,         0,        longest,   None,      [],                "the connection is gone: gave up after 0 failed attempts"),
    (BUSY,    1,         1,        longest,   (1, 60),   [99.0],            "HTTP 503: gave up after 1 failed attempts"),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "failures", "most", "drawn", "limit", "connects", "decision"), DECISIONS)
def test_after_a_failure_the_next_attempt_has_a_time_or_there_is_none(
    cause: WscliError,
    failures: int,
    most: int | None,
    drawn: object,
    limit: tuple[int, int] | None,
    connects: list[float],
    decision: Decision | str,
) -> None:
    backoff = Backoff(most, limit, drawn)  # type: ignore[arg-type]
    for at in connects:
        backoff.connects.record_connect(at)
    decided = backoff.after_failure(cause, failures, 100.0)

    if isinstance(decision, str):
        assert isinstance(decided, GiveUp)
        assert isinstance(decided.error, ConnectionLost)
        assert (decided.error.message, decided.error.hint) == (decision, "--retry sets their number")
    else:
        assert decided == decision
