"""What is to be shown, on its way from the threads that own sockets to whoever writes it.

On a terminal a screen shows what a person can read and says what it left out (`Screenful`); elsewhere everything is
written as it comes, and a slow reader slows the sockets down (`Straight`).
"""

from __future__ import annotations

import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from typing import Protocol

from wscli.output.formats import safe
from wscli.output.signals import PipeClosed
from wscli.output.stdout import Output

Show = Callable[[], str]
Idle = Callable[[], None]
MOST_WORDS = 20_000  # lines of answers and notes that wait for a screen that is stopped


class Paper(Protocol):
    """message: data, which a screen may leave out. answer: data that was asked for. word: one line of talk.

    idle: keeps the caller's connections alive while standard output has no room.
    """

    def message(self, show: Show, idle: Idle) -> None: ...
    def answer(self, text: str, idle: Idle) -> None: ...
    def word(self, line: str) -> None: ...


class Screenful:
    """For a screen: at most `rate` messages a second, the newest ones; words and answers always.

    wake: is called, in any thread, when there is something to take.
    """

    def __init__(self, rate: float, wake: Callable[[], None], clock: Callable[[], float] = time.monotonic) -> None:
        self.rate, self.wake, self._clock = rate, wake, clock
        self._lock = threading.Lock()
        self._held: deque[tuple[bool, Show | str]] = deque()  # (is it a message, what)
        self._messages = 0
        self._rung = False  # the writer knows that there is something
        self._credit, self._since = rate, clock()
        self._told_at = clock()
        self.missed = 0  # messages left out so far
        self._untold = 0

    def message(self, show: Show, idle: Idle) -> None:
        with self._lock:
            self._messages += 1
            self._held.append((True, show))
            if self._messages > 2 * self.rate + 50:
                self._leave_out(1)
        self._ring()

    def answer(self, text: str, idle: Idle) -> None:
        if text:
            self._put(text)

    def word(self, line: str) -> None:
        self._put(f"{line}\n")

    def _put(self, text: str) -> None:
        with self._lock:
            self._held.append((False, text))
            if len(self._held) > MOST_WORDS:
                is_message, _ = self._held.popleft()
                self._messages -= is_message
        self._ring()

    def _ring(self) -> None:
        if not self._rung:
            self._rung = True
            self.wake()

    def _leave_out(self, count: int) -> None:
        """Drop the oldest messages that wait."""
        kept: list[tuple[bool, Show | str]] = []
        while count and self._held:
            item = self._held.popleft()
            if item[0]:
                count -= 1
                self._messages -= 1
                self.missed += 1
                self._untold += 1
            else:
                kept.append(item)
        self._held.extendleft(reversed(kept))

    def take(self) -> str:
        """Return what is to be written now."""
        self._rung = False
        with self._lock:
            now = self._clock()
            self._credit = min(self.rate, self._credit + (now - self._since) * self.rate)
            self._since = now
            if (over := self._messages - int(self._credit)) > 0:
                self._leave_out(over)
            self._credit -= self._messages
            taken, self._messages = list(self._held), 0
            self._held.clear()
            told = ""
            if self._untold and now - self._told_at >= 1.0:
                told = f"… {self._untold:,} more, not shown (set shown N shows more a second)\n"
                self._untold, self._told_at = 0, now
        return "".join(what if isinstance(what, str) else _shown(what) for _, what in taken) + told


def _shown(show: Show) -> str:
    """Return a message as it is shown; a fault of ours in showing it is shown in its place, and the others go on."""
    try:
        return show()
    except Exception:
        lines = traceback.format_exc().splitlines()
        return "".join(f"{safe(line)}\n" for line in ("wscli: a message cannot be shown:", *lines))


class Straight:
    """For a pipe or a file: everything, in the order it came, by the thread that brings it."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._lock = threading.Lock()
        self.closed: PipeClosed | None = None  # the reader went away, and
        self.gone: Callable[[], None] = lambda: None  # is told so

    def message(self, show: Show, idle: Idle) -> None:
        self.answer(show(), idle)

    def answer(self, text: str, idle: Idle) -> None:
        while not self._lock.acquire(timeout=0.1):
            idle()
        try:
            if self.closed is None:
                self._output.idle = idle
                self._output.data(text)
                self._output.flush()
        except PipeClosed as closed:
            self.closed = closed
            self.gone()
        finally:
            self._lock.release()

    def word(self, line: str) -> None:
        with self._lock:
            self._output.say(line)

    def prompt(self, text: str) -> None:
        """Say that a line may be typed."""
        with self._lock:
            self._output.say(text, end="")
