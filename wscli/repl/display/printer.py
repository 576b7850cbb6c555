"""What is to be shown, on its way from the threads that own sockets to the one that writes it.

On a terminal a screen shows what a user can read and says what it left out (`ScreenPrinter`); elsewhere everything is
written as it comes, and a slow reader slows the sockets down (`StreamPrinter`).
"""

from __future__ import annotations

import shutil
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from wscli.app.settings import shared_table
from wscli.core.endings import PipeClosed
from wscli.output.json_layout import escape_controls
from wscli.output.stdout import Output

if TYPE_CHECKING:
    from wscli.output.tables.table import RowTable

Render = Callable[[], str]
Idle = Callable[[], None]
MAX_PENDING = 20_000  # lines of answers and notes that wait for a screen that is stopped


class Printer(Protocol):
    """Where the prompt's output goes: messages, which a screen may leave out; results of commands; notices, a line each.

    idle: keeps the caller's connections alive while standard output has no room.
    """

    def print_message(self, show: Render, idle: Idle) -> None: ...
    def print_result(self, text: str, idle: Idle) -> None: ...
    def print_notice(self, line: str) -> None: ...
    def table(self) -> RowTable: ...


class OneTable:
    """The one table of all that a printer shows with -o table."""

    def __init__(self) -> None:
        self._table: RowTable | None = None

    def table(self) -> RowTable:
        """Return the table; it begins when it is first needed."""
        if self._table is None:
            self._table = shared_table()
        return self._table


class ScreenPrinter(OneTable):
    """For a screen: at most `rate` messages a second, the newest ones; words and answers always.

    wake: is called, in any thread, when there is something to take. omitted_hint: how to see what it left out.
    """

    def __init__(
        self,
        rate: float,
        wake: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
        omitted_hint: str = "set shown N shows more per second",
    ) -> None:
        super().__init__()
        self.rate_per_s, self.wake, self._clock, self._omitted_hint = rate, wake, clock, omitted_hint
        self._lock = threading.Lock()
        self._pending: deque[tuple[bool, Render | str]] = deque()  # (is it a message, what)
        self._pending_messages = 0
        self._wake_sent = False  # the writer knows that there is something
        self._credit, self._credit_at = rate, clock()
        self._reported_at = clock()
        self.omitted = 0  # messages left out since it was read
        self._unreported = 0

    def print_message(self, show: Render, idle: Idle) -> None:
        with self._lock:
            self._pending_messages += 1
            self._pending.append((True, show))
            if self._pending_messages > 2 * self.rate_per_s + 50:
                self._drop_oldest(1)
        self._wake_writer()

    def print_result(self, text: str, idle: Idle) -> None:
        if text:
            self._enqueue(text)

    def print_notice(self, line: str) -> None:
        self._enqueue(f"{line}\n")

    def _enqueue(self, text: str) -> None:
        with self._lock:
            self._pending.append((False, text))
            if len(self._pending) > MAX_PENDING:
                is_message, _ = self._pending.popleft()
                self._pending_messages -= is_message
        self._wake_writer()

    def _wake_writer(self) -> None:
        if not self._wake_sent:
            self._wake_sent = True
            self.wake()

    def _drop_oldest(self, count: int) -> None:
        """Drop the oldest messages that wait."""
        others: list[tuple[bool, Render | str]] = []
        while count and self._pending:
            item = self._pending.popleft()
            if item[0]:
                count -= 1
                self._pending_messages -= 1
                self.omitted += 1
                self._unreported += 1
            else:
                others.append(item)
        self._pending.extendleft(reversed(others))

    def take(self, *, is_last: bool = False) -> str:
        """Return what is to be written now. is_last: nothing more will be taken, so that what was left out is reported now."""
        self._wake_sent = False
        with self._lock:
            now = self._clock()
            self._credit = min(self.rate_per_s, self._credit + (now - self._credit_at) * self.rate_per_s)
            self._credit_at = now
            if (excess := self._pending_messages - int(self._credit)) > 0:
                self._drop_oldest(excess)
            self._credit -= self._pending_messages
            pending, self._pending_messages = list(self._pending), 0
            self._pending.clear()
            omitted_note = ""
            if self._unreported and (is_last or now - self._reported_at >= 1.0):
                omitted_note = _omitted_note(self._unreported, self._omitted_hint, shutil.get_terminal_size().columns)
                self._unreported, self._reported_at = 0, now
        return "".join(what if isinstance(what, str) else _rendered(what) for _, what in pending) + omitted_note


def _omitted_note(count: int, hint: str, width: int) -> str:
    """Return a line about messages that were left out, with the hint where it has room.

    >>> _omitted_note(1234, "set shown N shows more", 80), _omitted_note(1234, "set shown N shows more", 50)
    ('… 1,234 more messages not shown (set shown N shows more)\\n', '… 1,234 more messages not shown\\n')
    """
    note = f"… {count:,} more messages not shown"
    whole = f"{note} ({hint})"
    return f"{whole if len(whole) <= width else note}\n"


def _rendered(show: Render) -> str:
    """Return a message as it is shown; a fault of ours in showing it is shown in its place, and the others go on."""
    try:
        return show()
    except Exception:
        lines = traceback.format_exc().splitlines()
        return "".join(f"{escape_controls(line)}\n" for line in ("wscli: a message cannot be shown:", *lines))


class StreamPrinter(OneTable):
    """For a pipe or a file: everything, in the order it came, by the thread that brings it."""

    def __init__(self, output: Output) -> None:
        super().__init__()
        self._output = output
        self._lock = threading.RLock()  # a text that cannot be made is reported while it has its turn
        self.closed: PipeClosed | None = None  # set once the reader is gone
        self.on_closed: Callable[[], None] = lambda: None  # called at that moment

    def print_message(self, show: Render, idle: Idle) -> None:
        self._print(show, idle)

    def print_result(self, text: str, idle: Idle) -> None:
        self._print(lambda: text, idle)

    def _print(self, show: Render, idle: Idle) -> None:
        """Write a text, which is made when its turn has come: a table has one order."""
        while not self._lock.acquire(timeout=0.1):
            idle()
        try:
            if self.closed is None:
                self._output.on_blocked = idle
                self._output.write_text(show())
                self._output.flush()
        except PipeClosed as closed:
            self.closed = closed
            self.on_closed()
        finally:
            self._lock.release()

    def print_notice(self, line: str) -> None:
        with self._lock:
            self._output.write_stderr(line)

    def print_prompt(self, text: str) -> None:
        """Say that a line may be typed."""
        with self._lock:
            self._output.write_stderr(text, end="")
