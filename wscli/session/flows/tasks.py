"""Flows under way: each is resumed when what it waits for has come, one after the other, and never from within another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from wscli.session.flows.waits import Flow, Wait
from wscli.session.requests import NEVER
from wscli.transport.background import BackgroundCall

T = TypeVar("T")


class Task(Generic[T]):
    """A flow under way. wait: what it waits for; None once it has ended. error: what ended it, where that is no result."""

    def __init__(self, flow: Flow[T], on_end: Callable[[Task[T]], None] | None) -> None:
        self.flow, self.on_end = flow, on_end
        self.wait: Wait | None = None
        self.error: BaseException | None = None
        self._results: list[T] = []

    @property
    def ended(self) -> bool:
        return self.wait is None

    def result(self) -> T:
        """Return what the flow returned, or raise what it raised."""
        if self.error is not None:
            raise self.error
        return self._results[0]

    def advance(self, step: Callable[[Any], Wait], value: Any) -> None:
        """Go on to the next wait, or to the end: step(value) is the flow's `send` or `throw`."""
        try:
            wait = step(value)
        except StopIteration as done:
            self.wait = None
            self._results.append(done.value)
        except BaseException as error:  # it is that of who waits for the flow
            self.wait, self.error = None, error
        else:
            self.wait = wait
            wait.begin()


class Tasks:
    """All flows of a client, in the order in which they began."""

    def __init__(self) -> None:
        self._tasks: list[Task[Any]] = []

    def start(self, flow: Flow[T], on_end: Callable[[Task[T]], None] | None = None) -> Task[T]:
        """Begin a flow. on_end: called once it has ended; without it, what the flow raises is raised by `resume`."""
        task = Task(flow, on_end)
        self._tasks.append(task)
        task.advance(flow.send, None)
        return task

    def throw(self, task: Task[Any], error: BaseException) -> None:
        """Raise something in a flow, instead of what it waits for."""
        if task.wait is not None:
            task.wait.abandon()
            task.advance(task.flow.throw, error)

    def resume(self, now: float) -> None:
        """Resume every flow whose wait is over, until all that is left waits: what one does can be what another waits for."""
        going_on = True
        while going_on:
            going_on = False
            for task in [*self._tasks]:
                while task.wait is not None and task.wait.is_over(now):
                    task.advance(*_step(task, task.wait))
                    going_on = True
                if task.wait is None and task in self._tasks:
                    self._tasks.remove(task)
                    self._end(task)
                    going_on = True

    def _end(self, task: Task[Any]) -> None:
        if task.on_end is not None:
            task.on_end(task)
        else:
            task.result()

    def cancel(self, task: Task[Any]) -> None:
        """End a flow that nobody waits for any more."""
        if task.wait is not None:
            task.wait.abandon()
            task.wait = None
        if task in self._tasks:
            self._tasks.remove(task)
        task.flow.close()

    def cancel_all(self) -> None:
        for task in [*self._tasks]:
            self.cancel(task)

    def next_at(self) -> float:
        """Return when a flow must be looked at again."""
        return min((task.wait.at for task in self._tasks if task.wait is not None), default=NEVER)

    def background_calls(self) -> list[BackgroundCall[Any]]:
        """Return the calls that flows wait for."""
        waits = [task.wait for task in self._tasks]
        return [one.background for one in waits if one is not None and one.background is not None]


def _step(task: Task[Any], wait: Wait) -> tuple[Callable[[Any], Wait], Any]:
    """Return how a flow goes on after a wait: with its outcome, or with the error that it brought."""
    try:
        return task.flow.send, wait.outcome()
    except BaseException as error:  # it is the flow's
        return task.flow.throw, error
