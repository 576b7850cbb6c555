"""Signals: a flag and a wake-up descriptor, so that nothing raises inside a read; while connecting they raise at once."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from types import FrameType

from wscli.core.endings import Interrupted

BATCH_GRACE_S = 0.2  # after a signal, for what has been read already


class Signals:
    """The handlers of one run. fileno(): readable once a signal came."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        self._raising = True
        self.received: int | None = None
        self._received_at = 0.0

    def fileno(self) -> int:
        return self._reader

    def install(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup stays nohup
                signal.signal(number, self._handle)

    def close(self) -> None:
        """Close the wake-up descriptor at the end of the run."""
        os.close(self._reader)
        os.close(self._writer)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self.received is not None:
            os._exit(Interrupted(number).status)  # the second one: at once
        self.take(number)
        if self._raising:
            raise Interrupted(number)

    def take(self, number: int) -> None:
        """Take a signal as received: the loop that waits for it wakes. Another thread may call it."""
        self.received, self._received_at = number, time.monotonic()
        with contextlib.suppress(OSError):  # it is full, or closed already
            os.write(self._writer, b"!")

    @contextlib.contextmanager
    def deferred(self) -> Iterator[None]:
        """Within it a signal is noted and wakes the loop; it raises nothing."""
        self._raising = False
        try:
            yield
        finally:
            self._raising = True

    @contextlib.contextmanager
    def raising(self) -> Iterator[None]:
        """Within `deferred`, raise again: for waits that nothing else can end, while no data is being read."""
        self.check()
        before, self._raising = self._raising, True
        try:
            yield
        finally:
            self._raising = before

    def check(self) -> None:
        """Raise Interrupted if a signal came."""
        if self.received is not None:
            raise Interrupted(self.received)

    @property
    def overdue(self) -> bool:
        """Return whether a signal came so long ago that what was read already is not processed any more."""
        return self.received is not None and time.monotonic() - self._received_at >= BATCH_GRACE_S
