"""A blocking call in a thread of its own, its result here: who waits for it has other sockets to serve meanwhile."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class BackgroundCall(Generic[T]):
    """A call under way. fileno(): readable once it is over.

    discard: is given a result that nobody takes, so that what it holds can be closed: one that comes after `leave`.
    """

    def __init__(self, call: Callable[[], T], discard: Callable[[T], None]) -> None:
        self._call, self._discard = call, discard
        self._reader, self._writer = os.pipe()
        self._lock = threading.Lock()  # over `finished` and `_abandoned`: a result is taken or discarded, never both
        self._abandoned = False
        self._results: list[T] = []
        self._error: BaseException | None = None
        self.finished = False
        threading.Thread(target=self._run, name="dialling", daemon=True).start()

    def fileno(self) -> int:
        return self._reader

    def _run(self) -> None:
        try:
            self._results.append(self._call())
        except BaseException as error:  # it is the waiting one's
            self._error = error
        with self._lock:
            self.finished = True
            os.close(self._writer)
            left = self._abandoned
        if left:
            self._discard_result()

    def result(self) -> T:
        """Return what the call gave, or raise what it raised. To be asked once, when it is over."""
        if self._error is not None:
            raise self._error
        return self._results.pop()

    def abandon(self) -> None:
        """Wait no longer: a result that was not taken, or is still to come, is unwanted."""
        with self._lock:
            self._abandoned = True
            os.close(self._reader)
            over = self.finished
        if over:
            self._discard_result()

    def _discard_result(self) -> None:
        while self._results:
            self._discard(self._results.pop())
