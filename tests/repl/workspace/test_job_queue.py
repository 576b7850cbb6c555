"""Jobs for the thread that owns a line: one at a time, none lost, each told how it ended."""

from __future__ import annotations

import os
import select
from types import SimpleNamespace
from typing import Any

import pytest

from wscli.core.errors import Rejected, WscliError
from wscli.repl.workspace.job_queue import Cancelled, JobQueue, StopRequested


@pytest.fixture
def inbox() -> JobQueue:
    box = JobQueue()
    box.client = SimpleNamespace(reconnect=SimpleNamespace(reconnecting_route=None), awaited_answers={})  # type: ignore[assignment]
    return box


def refused(line: Any) -> None:
    raise Rejected("no")


def test_a_job_wakes_the_owner_and_its_result_is_the_asking_one_s(inbox: JobQueue) -> None:
    before = select.select(inbox.descriptors(), [], [], 0)[0]
    future = inbox.submit(lambda line: 7)
    ready = select.select(inbox.descriptors(), [], [], 0)[0]
    due = inbox.due_s()
    inbox.step(ready)

    assert (before, bool(ready), due) == ([], True, 0.0)
    assert future.result(0) == 7
    assert select.select(inbox.descriptors(), [], [], 0)[0] == []


def test_what_a_job_raises_is_the_asking_one_s_and_the_others_are_done(inbox: JobQueue) -> None:
    futures = [inbox.submit(refused), inbox.submit(lambda line: "done")]
    inbox.step([])

    assert isinstance(futures[0].exception(0), Rejected)
    assert futures[1].result(0) == "done"


def test_leaving_ends_the_owner_and_refuses_what_is_still_asked(inbox: JobQueue) -> None:
    def waiting(line: Any) -> None:
        inbox.request_stop()
        inbox.step([])  # as the line does inside its wait

    under_way, after = inbox.submit(waiting), inbox.submit(lambda line: 1)
    with pytest.raises(StopRequested):
        inbox.step([])
    inbox.close()

    assert isinstance(under_way.exception(0), Cancelled)
    assert isinstance(after.exception(0), WscliError)
    assert isinstance(inbox.submit(lambda line: 1).exception(0), WscliError)


def test_an_inbox_that_is_closed_holds_nothing_open_and_wakes_nobody() -> None:
    box = JobQueue()
    [reader] = box.descriptors()
    box.close()
    box.close()
    box.cancel()

    with pytest.raises(OSError, match="Bad file"):
        os.fstat(reader)


def test_ctrl_c_gives_up_the_job_under_way_and_no_other(inbox: JobQueue) -> None:
    def waiting(line: Any) -> None:
        inbox.cancel()
        inbox.step([])  # as the line does inside its wait

    given_up, next_one = inbox.submit(waiting), inbox.submit(lambda line: "fine")
    inbox.step([])

    assert isinstance(given_up.exception(0), Cancelled)
    assert next_one.result(0) == "fine"


def test_what_a_job_that_failed_awaited_is_awaited_no_more(inbox: JobQueue) -> None:
    def failing(line: Any) -> None:
        line.awaited_answers["mine"] = 1
        raise WscliError("no")

    assert inbox.client is not None
    inbox.client.awaited_answers = {"another's": 1}  # type: ignore[dict-item]
    inbox.submit(failing)
    inbox.step([])

    assert [*inbox.client.awaited_answers] == ["another's"]


def test_no_job_begins_while_a_socket_comes_back(inbox: JobQueue) -> None:
    assert inbox.client is not None
    inbox.client.reconnect.reconnecting_route = "public"
    future = inbox.submit(lambda line: 1)
    inbox.step([])
    waited = future.done()
    inbox.client.reconnect.reconnecting_route = None
    inbox.step([])

    assert (waited, future.result(0)) == (False, 1)
