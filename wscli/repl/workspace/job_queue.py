"""Work for the thread that owns a venue's sockets: asked for by other threads, done one at a time between its readings."""

from __future__ import annotations

import contextlib
import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from wscli.core.errors import WscliError

if TYPE_CHECKING:
    from wscli.session.client import Line
    from wscli.session.connection import Session

Job = Callable[["Line"], Any]
NEVER_S = 3600.0


class GivenUp(WscliError):
    """Somebody pressed Ctrl-C, or left, while an answer was awaited."""

    status = 130
    otherwise = "what was sent was sent: status says what is on"


class Leaving(Exception):
    """The thread is to close its sockets and end."""


class Inbox:
    """The queue of one line, and a pipe that wakes its owner. It listens beside the line's sockets (`venue.Beside`)."""

    def __init__(self) -> None:
        self._jobs: deque[tuple[Job, Future[Any]]] = deque()
        self._lock = threading.Lock()  # over the pipe and `_closed`: who asks late is told so, and wakes nobody
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        self._working = self._given_up = self._leaving = self._closed = False
        self.line: Line | None = None

    def ask(self, job: Job) -> Future[Any]:
        """Have `job(line)` done by the owner; its result, or what it raised, is the future's."""
        future: Future[Any] = Future()
        with self._lock:
            if self._closed:
                future.set_exception(_gone())
            else:
                self._jobs.append((job, future))
        self._wake()
        return future

    def give_up(self) -> None:
        """Let the job under way wait no longer: it ends with GivenUp."""
        self._given_up = True
        self._wake()

    def leave(self) -> None:
        """Let the owner end: what it waits for is given up, what it has not begun is refused."""
        self._leaving = True
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
            future.set_exception(_gone())
        self._jobs.clear()

    def _wake(self) -> None:
        with self._lock, contextlib.suppress(BlockingIOError):
            if not self._closed:
                os.write(self._writer, b"!")

    # --- beside the line

    def opened(self, session: Session) -> None:
        return

    def sources(self) -> Sequence[int]:
        return (self._reader,)

    def due_s(self) -> float:
        return 0.0 if self._leaving or (self._jobs and self._free()) else NEVER_S

    def _free(self) -> bool:
        """Say whether a job can begin: none is under way, and no socket is just coming back."""
        return not self._working and self.line is not None and self.line.comeback.returning is None

    def step(self, ready: Sequence[int]) -> None:
        """Do what was asked, one after the other. Raises Leaving where that was asked; inside a job GivenUp, for that too."""
        if ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self._reader, 65_536)
        if self._working and (self._given_up or self._leaving):
            self._given_up = False
            raise GivenUp("not waited for any longer")
        while self._jobs and self._free() and not self._leaving:
            self._given_up = False
            self._do(*self._jobs.popleft())
        if self._leaving and not self._working:
            raise Leaving

    def _do(self, job: Job, future: Future[Any]) -> None:
        line = self.line
        assert line is not None
        self._working, before = True, {*line.awaited}
        try:
            future.set_result(job(line))
        except Exception as error:  # it is the asking one's
            line.awaited = {place: due for place, due in line.awaited.items() if place in before}
            future.set_exception(error)
        finally:
            self._working = False


def _gone() -> WscliError:
    return WscliError("it was closed meanwhile", "use EXCHANGE opens it again")
