"""Flows under way: in which order they are resumed, who gets what they raise, what becomes of one that is cancelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from wscli.session.flows.tasks import Task, Tasks
from wscli.session.flows.waits import Blocking, Flow, Until, Wait, When
from wscli.session.requests import NEVER


class Door(Wait):
    """Something that is waited for; a test opens it, with what comes through."""

    def __init__(self) -> None:
        self.is_open, self.began, self.abandoned = False, 0, 0
        self.brings: object = None

    def open(self, brings: object = None) -> None:
        self.is_open, self.brings = True, brings

    def begin(self) -> None:
        self.began += 1

    def is_over(self, now: float) -> bool:
        return self.is_open

    def outcome(self) -> Any:
        if isinstance(self.brings, Exception):
            raise self.brings
        return self.brings

    def abandon(self) -> None:
        self.abandoned += 1


def through(door: Door, log: list[str], name: str = "flow") -> Flow[object]:
    """Wait at a door; return what comes through it."""
    try:
        brought = yield door
        log.append(f"{name} got {brought}")
        return brought
    except ValueError as error:
        log.append(f"{name} met {error}")
        raise
    finally:
        log.append(f"{name} ended")


def ignored(task: Task[Any]) -> None:
    pass


def test_a_flow_runs_to_its_first_wait_at_once() -> None:
    tasks, door, log = Tasks(), Door(), list[str]()

    def flow() -> Flow[None]:
        log.append("began")
        yield door
        log.append("went on")

    task = tasks.start(flow())

    assert log == ["began"]
    assert (task.wait, door.began, task.ended) == (door, 1, False)


def test_a_flow_goes_on_with_what_it_waited_for_and_its_result_is_kept() -> None:
    tasks, door, log = Tasks(), Door(), list[str]()
    task = tasks.start(through(door, log))
    tasks.resume(0.0)
    assert log == []
    door.open("bread")
    tasks.resume(0.0)

    assert log == ["flow got bread", "flow ended"]
    assert (task.ended, task.result(), door.abandoned) == (True, "bread", 0)


def test_what_a_wait_raises_is_raised_in_the_flow_and_by_who_resumes_it() -> None:
    tasks, door, log = Tasks(), Door(), list[str]()
    task = tasks.start(through(door, log))
    door.open(ValueError("rain"))

    with pytest.raises(ValueError, match="rain"):
        tasks.resume(0.0)
    assert log == ["flow met rain", "flow ended"]
    assert task.ended
    tasks.resume(0.0)  # once only


def test_a_flow_can_deal_with_what_its_wait_raises() -> None:
    tasks, door = Tasks(), Door()

    def flow() -> Flow[str]:
        try:
            yield door
        except ValueError as error:
            return f"in spite of {error}"
        return "in peace"

    task = tasks.start(flow())
    door.open(ValueError("rain"))
    tasks.resume(0.0)

    assert task.result() == "in spite of rain"


def test_whoever_is_told_of_the_end_gets_the_error_instead() -> None:
    tasks, door, ended = Tasks(), Door(), list[Task[Any]]()
    task = tasks.start(through(door, []), on_end=ended.append)
    door.open(ValueError("rain"))
    tasks.resume(0.0)

    assert ended == [task]
    assert isinstance(task.error, ValueError)
    with pytest.raises(ValueError, match="rain"):
        task.result()


def test_flows_are_resumed_in_the_order_in_which_they_began() -> None:
    tasks, log = Tasks(), list[str]()
    doors = [Door(), Door(), Door()]
    for number, door in enumerate(doors):
        tasks.start(through(door, log, f"flow {number}"), on_end=ignored)
    for door in reversed(doors):
        door.open()
    tasks.resume(0.0)

    assert [line for line in log if "got" in line] == ["flow 0 got None", "flow 1 got None", "flow 2 got None"]


def test_a_flow_that_unblocks_an_earlier_one_resumes_it_in_the_same_pass() -> None:
    tasks, door, log = Tasks(), Door(), list[str]()

    def earlier() -> Flow[None]:
        yield When(lambda: "later went on" in log)
        log.append("earlier went on")

    def later() -> Flow[None]:
        yield door
        log.append("later went on")
        yield Door()

    tasks.start(earlier())
    tasks.start(later())
    door.open()
    tasks.resume(0.0)

    assert log == ["later went on", "earlier went on"]


def test_the_end_of_a_flow_can_unblock_an_earlier_one_too() -> None:
    tasks, door, ended = Tasks(), Door(), list[Task[Any]]()

    def earlier() -> Flow[None]:
        yield When(lambda: bool(ended))

    first = tasks.start(earlier())
    tasks.start(through(door, []), on_end=ended.append)
    door.open()
    tasks.resume(0.0)

    assert first.ended


def test_the_end_of_a_flow_that_never_waited_can_unblock_one_too() -> None:
    tasks, ended = Tasks(), list[Task[Any]]()

    def earlier() -> Flow[None]:
        yield When(lambda: bool(ended))

    def at_once() -> Flow[None]:
        yield from ()

    first = tasks.start(earlier())
    tasks.start(at_once(), on_end=ended.append)
    tasks.resume(0.0)

    assert first.ended


def test_a_flow_whose_next_wait_is_over_already_goes_on_at_once() -> None:
    tasks, log = Tasks(), list[str]()

    def flow() -> Flow[None]:
        for at in (1.0, 2.0, 3.0, 4.0):
            yield Until(at)
            log.append(f"{at:g} s")

    task = tasks.start(flow())
    tasks.resume(3.0)

    assert log == ["1 s", "2 s", "3 s"]
    assert not task.ended


def test_a_flow_that_begins_another_does_not_enter_it_twice() -> None:
    tasks, door, log = Tasks(), Door(), list[str]()

    def parent() -> Flow[None]:
        yield door
        tasks.start(through(door, log, "child"), on_end=ignored)
        log.append("parent went on")

    tasks.start(parent())
    door.open()
    tasks.resume(0.0)

    assert log == ["parent went on", "child got None", "child ended"]


def test_a_flow_that_ends_without_a_wait_is_dealt_with_when_flows_are_resumed() -> None:
    tasks, ended = Tasks(), list[Task[Any]]()

    def flow() -> Flow[str]:
        return "done"
        yield

    task = tasks.start(flow(), on_end=ended.append)
    assert (task.ended, ended) == (True, [])
    tasks.resume(0.0)

    assert (ended, task.result()) == ([task], "done")


def test_a_cancelled_flow_is_closed_and_its_wait_abandoned() -> None:
    tasks, door, log = Tasks(), Door(), list[str]()
    task = tasks.start(through(door, log))
    tasks.cancel(task)
    door.open()
    tasks.resume(0.0)

    assert log == ["flow ended"]
    assert (task.ended, door.abandoned) == (True, 1)
    tasks.cancel(task)
    assert (log, door.abandoned) == (["flow ended"], 1)


def test_all_flows_are_cancelled_together() -> None:
    tasks, doors, log = Tasks(), [Door(), Door()], list[str]()
    for number, door in enumerate(doors):
        tasks.start(through(door, log, f"flow {number}"))
    tasks.cancel_all()

    assert log == ["flow 0 ended", "flow 1 ended"]
    assert [door.abandoned for door in doors] == [1, 1]


def test_an_error_that_is_thrown_takes_the_place_of_what_is_waited_for() -> None:
    tasks, door, log = Tasks(), Door(), list[str]()
    task = tasks.start(through(door, log), on_end=ignored)
    tasks.throw(task, ValueError("rain"))

    assert log == ["flow met rain", "flow ended"]
    assert (door.abandoned, task.ended) == (1, True)
    tasks.throw(task, ValueError("more rain"))  # it has ended
    assert str(task.error) == "rain"


def test_the_next_time_is_the_earliest_that_a_flow_waits_for() -> None:
    tasks = Tasks()

    def wait(one: Wait) -> Flow[None]:
        yield one

    assert tasks.next_at() == NEVER
    tasks.start(wait(Until(9.0)))
    tasks.start(wait(When(lambda: False, 7.0)))
    tasks.start(wait(Door()))

    assert tasks.next_at() == 7.0


def test_the_calls_that_flows_wait_for_are_those_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    class Call:
        finished = False

        def __init__(self, call: Callable[[], str], discard: Callable[[str], None]) -> None:
            self._call = call

        def result(self) -> str:
            return self._call()

        def abandon(self) -> None:
            pass

    monkeypatch.setattr("wscli.session.flows.waits.BackgroundCall", Call)
    tasks, log = Tasks(), list[str]()

    def flow() -> Flow[None]:
        log.append((yield Blocking(lambda: "one", lambda result: None, "it was done")))
        yield Door()

    tasks.start(flow())
    (call,) = tasks.background_calls()
    tasks.resume(0.0)
    assert log == []
    call.finished = True  # type: ignore[misc]
    tasks.resume(0.0)

    assert log == ["one"]
    assert tasks.background_calls() == []
