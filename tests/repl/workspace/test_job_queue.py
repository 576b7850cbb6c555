"""Jobs for the thread that owns a client: one at a time, none lost, each asker gets its result or its error."""

from __future__ import annotations

import os
import select
from types import SimpleNamespace
from typing import Any

import pytest

from wscli.core.errors import Rejected, WscliError
from wscli.repl.workspace.job_queue import Cancelled, JobQueue, StopRequested, at_once
from wscli.session.flows.tasks import Tasks
from wscli.session.flows.waits import Flow, Forever
from wscli.session.route import Route
from wscli.session.route_state import RouteState


@pytest.fixture
def queue() -> JobQueue:
    made = JobQueue()
    made.client = SimpleNamespace(routes={}, tasks=Tasks())  # type: ignore[assignment]
    return made


def turn(queue: JobQueue) -> None:
    """Do what a turn of the loop does with the queue."""
    queue.step([])
    assert queue.client is not None
    queue.client.tasks.resume(0.0)


def rejected(client: Any) -> None:
    raise Rejected("no")


def waiting(client: Any) -> Flow[None]:
    yield Forever()


def test_a_job_wakes_the_owner_and_its_result_is_the_asker_s(queue: JobQueue) -> None:
    before = select.select(queue.descriptors(), [], [], 0)[0]
    future = queue.submit(at_once(lambda client: 7))
    ready = select.select(queue.descriptors(), [], [], 0)[0]
    due = queue.due_s()
    queue.step(ready)
    turn(queue)

    assert (before, bool(ready), due) == ([], True, 0.0)
    assert future.result(0) == 7
    assert select.select(queue.descriptors(), [], [], 0)[0] == []


def test_what_a_job_raises_is_the_asker_s_and_the_others_are_done(queue: JobQueue) -> None:
    futures = [queue.submit(at_once(rejected)), queue.submit(at_once(lambda client: "done"))]
    turn(queue)
    assert queue.due_s() == 0.0  # the next one waits for nothing
    turn(queue)

    assert isinstance(futures[0].exception(0), Rejected)
    assert futures[1].result(0) == "done"


def test_one_job_is_under_way_at_a_time(queue: JobQueue) -> None:
    first, second = queue.submit(waiting), queue.submit(at_once(lambda client: 1))
    turn(queue)
    turn(queue)

    assert not first.done()
    assert not second.done()


def test_stopping_ends_the_owner_and_refuses_what_is_still_asked(queue: JobQueue) -> None:
    under_way, after = queue.submit(waiting), queue.submit(at_once(lambda client: 1))
    turn(queue)
    queue.request_stop()
    turn(queue)
    with pytest.raises(StopRequested):
        turn(queue)
    queue.close()

    assert isinstance(under_way.exception(0), Cancelled)
    assert isinstance(after.exception(0), WscliError)
    assert isinstance(queue.submit(at_once(lambda client: 1)).exception(0), WscliError)


def test_a_queue_that_is_closed_holds_nothing_open_and_wakes_nobody() -> None:
    queue = JobQueue()
    [reader] = queue.descriptors()
    queue.close()
    queue.close()
    queue.cancel()

    with pytest.raises(OSError, match="Bad file"):
        os.fstat(reader)


def test_ctrl_c_ends_the_job_under_way_and_no_other(queue: JobQueue) -> None:
    cancelled, next_one = queue.submit(waiting), queue.submit(at_once(lambda client: "fine"))
    turn(queue)
    queue.cancel()
    turn(queue)
    turn(queue)

    assert isinstance(cancelled.exception(0), Cancelled)
    assert next_one.result(0) == "fine"


def test_no_job_begins_while_a_connection_is_being_set_up(queue: JobQueue) -> None:
    assert queue.client is not None
    route = queue.client.routes["public"] = Route("public")
    route.state = RouteState.SUBSCRIBING
    future = queue.submit(at_once(lambda client: 1))
    turn(queue)
    waited = future.done()
    route.state = RouteState.LIVE
    turn(queue)

    assert (waited, future.result(0)) == (False, 1)
