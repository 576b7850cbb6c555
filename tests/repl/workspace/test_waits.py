"""Waiting at the prompt ends with the result, with the time, with Ctrl-C, or with what a check raises."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import Any

import pytest

from wscli.core.errors import UsageError
from wscli.repl.workspace.job_queue import Cancelled
from wscli.repl.workspace.waits import Waits
from wscli.storage.recording.shared_recorders import SharedRecorders
from wscli.transport.signals import Signals


def waits(given_up: list[str], required: bool = False) -> Waits:
    return Waits(Signals(), SharedRecorders(lambda line: None, required=required), lambda: given_up.append("jobs"))


def test_a_result_is_returned_and_an_error_is_raised() -> None:
    good: Future[Any] = Future()
    good.set_result(7)
    bad: Future[Any] = Future()
    bad.set_exception(UsageError("no", "yes"))

    assert waits([]).result(good) == 7
    with pytest.raises(UsageError, match="no"):
        waits([]).result(bad)


def test_ctrl_c_gives_the_job_up_and_its_result_is_still_waited_for() -> None:
    future: Future[Any] = Future()
    given_up: list[str] = []
    one = Waits(
        Signals(),
        SharedRecorders(lambda line: None, required=False),
        lambda: (given_up.append("jobs"), future.set_exception(Cancelled("x")))[0],
    )
    one.give_up()

    calls = iter(range(9))
    with pytest.raises(Cancelled):
        one.result(future, lambda: next(calls))
    assert given_up == ["jobs"]
    assert not one.given_up.is_set()


def test_what_is_done_meanwhile_is_done_until_there_is_a_result() -> None:
    future: Future[Any] = Future()

    class Done(Exception):
        pass

    def meanwhile() -> None:
        future.set_exception(Done())

    late = threading.Timer(20.0, future.cancel)
    late.daemon = True
    late.start()
    with pytest.raises(Done):
        waits([]).result(future, meanwhile)
    late.cancel()


def test_an_event_comes_or_the_time_is_over() -> None:
    come, never = threading.Event(), threading.Event()
    come.set()

    assert waits([]).until(come, 0.0)
    assert not waits([]).until(never, 0.0)


def test_ctrl_c_ends_the_wait_for_an_event() -> None:
    one = waits([])
    one.give_up()

    with pytest.raises(Cancelled):
        one.until(threading.Event(), 60.0)
    assert not one.given_up.is_set()


def test_the_error_of_a_check_ends_the_wait_for_an_event() -> None:
    def lost() -> None:
        raise UsageError("lost", "again")

    with pytest.raises(UsageError, match="lost"):
        waits([]).until(threading.Event(), 1.0, lost)
