"""Work for the thread that owns an exchange's sockets: asked for by other threads, done one at a time between its readings."""

from __future__ import annotations

import contextlib
import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from wscli.core.errors import WscliError

if TYPE_CHECKING:
    from wscli.session.client import Client
    from wscli.session.connection import Connection
    from wscli.session.flows.tasks import Task
    from wscli.session.flows.waits import Flow

T = TypeVar("T")
Job = Callable[["Client"], "Flow[Any]"]
NO_DEADLINE_S = 3600.0


class Cancelled(WscliError):
    """The user pressed Ctrl-C, or left, while an answer was awaited."""

    status = 130
    default_hint = "the request was already sent: subscriptions shows the result"


class StopRequested(Exception):
    """The thread is to close its sockets and end."""


class JobQueue:
    """The jobs of one exchange's thread, and a pipe that wakes it: an `EventSource` beside the sockets of its client."""

    def __init__(self) -> None:
        self._jobs: deque[tuple[Job, Future[Any]]] = deque()
        self._lock = threading.Lock()  # over the pipe and `_closed`: a late caller gets an error, and wakes nobody
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        self._cancelled = self._stopping = self._closed = False
        self._task: Task[Any] | None = None  # the job under way
        self.client: Client | None = None

    def submit(self, job: Job) -> Future[Any]:
        """Have a job done by the owner, as a flow; its result, or what it raised, is the future's."""
        future: Future[Any] = Future()
        with self._lock:
            if self._closed:
                future.set_exception(_closed_error())
            else:
                self._jobs.append((job, future))
        self._wake()
        return future

    def cancel(self) -> None:
        """Let the job under way wait no longer: it ends with Cancelled."""
        self._cancelled = True
        self._wake()

    def request_stop(self) -> None:
        """Let the owner end: what it waits for is given up, what it has not begun is refused."""
        self._stopping = True
        self._wake()

    def close(self) -> None:
        """Refuse what is still asked: the owner has ended."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            os.close(self._reader)
            os.close(self._writer)
        for _, future in self._jobs:
            future.set_exception(_closed_error())
        self._jobs.clear()

    def _wake(self) -> None:
        with self._lock, contextlib.suppress(BlockingIOError):
            if not self._closed:
                os.write(self._writer, b"!")

    # --- beside the line

    def connection_opened(self, session: Connection) -> None:
        return

    def descriptors(self) -> Sequence[int]:
        return (self._reader,)

    def due_s(self) -> float:
        return 0.0 if self._stopping or (self._jobs and self._can_start()) else NO_DEADLINE_S

    def _can_start(self) -> bool:
        """Return whether a job can begin: none is under way, and no connection is just being set up."""
        return (
            self._task is None
            and self.client is not None
            and all(route.state.is_settled for route in self.client.routes.values())
        )

    def step(self, ready: Sequence[int]) -> None:
        """Start the next job, or cancel the current one. Raises StopRequested when the owner is to stop and no job is running."""
        if ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self._reader, 65_536)
        if self._task is not None and self.client is not None and (self._cancelled or self._stopping):
            self.client.tasks.throw(self._task, Cancelled("no longer waiting for it"))
        elif self._jobs and self._can_start() and not self._stopping:
            self._begin(*self._jobs.popleft())
        self._cancelled = False
        if self._stopping and self._task is None:
            raise StopRequested

    def _begin(self, job: Job, future: Future[Any]) -> None:
        assert self.client is not None

        def ended(task: Task[Any]) -> None:
            self._task = None
            if task.error is not None:
                future.set_exception(task.error)
            else:
                future.set_result(task.result())

        self._task = self.client.tasks.start(job(self.client), ended)


def at_once(action: Callable[[Client], T]) -> Callable[[Client], Flow[T]]:
    """Return a job that waits for nothing."""

    def job(client: Client) -> Flow[T]:
        yield from ()
        return action(client)

    return job


def _closed_error() -> WscliError:
    return WscliError("it was closed in the meantime", "use EXCHANGE connects again")
