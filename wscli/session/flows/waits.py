"""What a flow waits for. A flow is a generator: it yields a wait and is resumed with what came of it, or with what went wrong.

`answers = yield Answers(group)`, `transport = yield Blocking(call, discard, "…")`, `yield Until(at)`. Whoever runs flows (`session.flows.tasks`)
asks a wait whether it is over and when it must be looked at again; a test sends outcomes by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from typing import Any, TypeAlias, TypeVar

from wscli.core.errors import WscliError
from wscli.session.requests import NEVER, RequestGroup
from wscli.transport.background import BackgroundCall

T = TypeVar("T")


class Wait:
    """What a flow waits for. at: when it must be looked at again, at the latest (seconds of a clock). background: the call it waits for."""

    at = NEVER
    background: BackgroundCall[Any] | None = None

    def is_over(self, now: float) -> bool:
        """Return whether the flow can go on; a wait that does not say so lasts until something else ends the flow."""
        return False

    def outcome(self) -> Any:
        """Return what the flow is resumed with; what this raises is raised in the flow."""
        return None

    def begin(self) -> None:
        """Begin what is waited for; called once, by who runs the flow."""

    def abandon(self) -> None:
        """The flow ends before the wait is over."""

    def due_text(self) -> str | None:
        """Return what it waits for, to complete "--for was over before …"; None where the end of --for is no failure."""
        return None


Flow: TypeAlias = Generator[Wait, Any, T]


class Until(Wait):
    """A time. Whoever keeps it may move `at` while a flow waits: the next attempt is made sooner, or a plan changes."""

    def __init__(self, at: float) -> None:
        self.at = at

    def is_over(self, now: float) -> bool:
        return now >= self.at


class When(Wait):
    """Something becomes so, or a time is reached; it is looked at in every turn."""

    def __init__(self, condition: Callable[[], bool], at: float = NEVER) -> None:
        self.condition, self.at = condition, at

    def is_over(self, now: float) -> bool:
        return now >= self.at or self.condition()


class Forever(Wait):
    """Nothing: the flow lasts until something else ends it."""


class Answers(Wait):
    """The answers to a group of requests. Raises TimedOut, ConnectionLost. every: a rejection does not end it before the others came."""

    def __init__(self, group: RequestGroup, *, every: bool = False) -> None:
        self.group, self.every = group, every

    def is_over(self, now: float) -> bool:
        group = self.group
        return not group.due_count or group.error is not None or (group.rejection is not None and not self.every)

    def outcome(self) -> RequestGroup:
        if self.group.error is not None and self.group.rejection is None:
            raise self.group.error.with_traceback(None)  # it may be raised again: each time would add to its traceback
        return self.group

    def due_text(self) -> str | None:
        text = self.group.due_text()
        return None if text is None else f"{text} was answered"


class Blocking(Wait):
    """The result of a call that blocks, or what it raises; it runs in the background.

    discard: is given a result that nobody takes any more. text: completes "--for was over before …".
    """

    def __init__(self, call: Callable[[], T], discard: Callable[[T], None], text: str) -> None:
        self._call, self._discard, self._text = call, discard, text

    def begin(self) -> None:
        self.background = BackgroundCall(self._call, self._discard)

    def is_over(self, now: float) -> bool:
        return self.background is not None and self.background.finished

    def outcome(self) -> Any:
        assert self.background is not None
        try:
            return self.background.result()
        finally:
            self.abandon()

    def abandon(self) -> None:
        if self.background is not None:
            self.background.abandon()
            self.background = None

    def due_text(self) -> str | None:
        return self._text


class _Unless(Wait):
    """What another wait waits for, or an error that ends it before."""

    def __init__(self, wait: Wait, error: Callable[[], WscliError | None]) -> None:
        self._wait, self._error = wait, error

    @property
    def at(self) -> float:  # type: ignore[override]
        return self._wait.at

    def begin(self) -> None:
        self._wait.begin()
        self.background = self._wait.background

    def is_over(self, now: float) -> bool:
        return self._wait.is_over(now) or self._error() is not None

    def outcome(self) -> Any:
        if (error := self._error()) is not None:
            self._wait.abandon()
            raise error
        return self._wait.outcome()

    def abandon(self) -> None:
        self._wait.abandon()

    def due_text(self) -> str | None:
        return self._wait.due_text()


def unless(error: Callable[[], WscliError | None], flow: Flow[T]) -> Flow[T]:
    """Run a flow, but raise an error in it as soon as there is one."""
    step: Callable[[], Wait] = partial(next, flow)
    while True:
        try:
            wait = step()
        except StopIteration as done:
            result: T = done.value
            return result
        try:
            outcome = yield _Unless(wait, error)
        except BaseException as raised:
            step = partial(flow.throw, raised)
        else:
            step = partial(flow.send, outcome)
