"""Waiting at the prompt: for the result of a job or for an event, until Ctrl-C, a signal or a failed recording ends it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from typing import Any

from wscli.repl.workspace.job_queue import Cancelled
from wscli.storage.recording.shared_recorders import SharedRecorders
from wscli.transport.signals import Signals

LOOK_S = 0.05


class Waits:
    """give_up_jobs: has the jobs under way given up. given_up: is set by Ctrl-C, in any thread."""

    def __init__(self, signals: Signals, recordings: SharedRecorders, give_up_jobs: Callable[[], None]) -> None:
        self._signals, self._recordings, self._give_up_jobs = signals, recordings, give_up_jobs
        self.given_up = threading.Event()

    def check(self) -> None:
        """Raise Interrupted after a signal, RecordingFailed where a recording that is required has failed."""
        self._signals.check()
        self._recordings.check_failure()

    def give_up(self) -> None:
        """Let what is awaited be given up: Ctrl-C."""
        self.given_up.set()

    def result(self, future: Future[Any], meanwhile: Callable[[], None] = lambda: None) -> Any:
        """Return the result of a job, or raise its error. Ctrl-C cancels it. meanwhile: is called repeatedly."""
        while True:
            self.check()
            try:
                return future.result(timeout=LOOK_S)
            except NotYet:
                if future.done():
                    raise
                meanwhile()
                if self.given_up.is_set():
                    self.given_up.clear()
                    self._give_up_jobs()

    def until(self, event: threading.Event, seconds: float, check: Callable[[], None] = lambda: None) -> bool:
        """Wait for an event, at most so many seconds; return whether it came. Raises GivenUp, and what `check` raises."""
        left = seconds
        while not event.wait(min(LOOK_S, max(left, 0.001))):
            left -= LOOK_S
            self.check()
            check()
            if self.given_up.is_set():
                self.given_up.clear()
                raise Cancelled("no longer waiting for it")
            if left <= 0:
                return False
        return True
