"""A person at a terminal: the real program on a pseudo-terminal, its screen as pyte reads it. Waits poll, with a deadline."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import pexpect
import pyte

PATIENCE_S = 120.0
DOWN, UP, LEFT, RIGHT, F2 = "\x1b[B", "\x1b[A", "\x1b[D", "\x1b[C", "\x1bOQ"


class _Screen(pyte.HistoryScreen):
    """A screen that keeps what scrolls away, and answers where its cursor is, as terminals do."""

    reply: Callable[[str], Any] = staticmethod(lambda text: None)

    def write_process_input(self, data: str) -> None:
        self.reply(data)


class Terminal:
    """A running program and its screen. output: every byte it wrote."""

    def __init__(self, *words: str, env: Mapping[str, str] | None = None, columns: int = 100, rows: int = 30) -> None:
        self.output = b""
        self._screen = _Screen(columns, rows, history=20_000, ratio=0.5)
        self._stream = pyte.ByteStream(self._screen)
        known = {name: value for name, value in os.environ.items() if name not in ("EDITOR", "VISUAL")}
        known = {**known, "TERM": "xterm-256color", "LINES": str(rows), "COLUMNS": str(columns), **(env or {})}
        del known["LINES"], known["COLUMNS"]
        self.child = pexpect.spawn(
            sys.executable, ["-m", "wscli", *words], env=known, dimensions=(rows, columns), timeout=PATIENCE_S
        )
        self.child.delaybeforesend = None
        self._screen.reply = self.child.send

    # --- the person's hands

    def type(self, text: str) -> None:
        self.child.send(text)

    def enter(self, line: str) -> None:
        self.child.send(f"{line}\r")

    def resize(self, columns: int, rows: int) -> None:
        self._screen.resize(rows, columns)
        self.child.setwinsize(rows, columns)

    # --- and eyes

    def look(self, seconds: float = 0.05) -> None:
        """Take in what was written, waiting a moment for something."""
        with suppress(pexpect.TIMEOUT, pexpect.EOF):
            while True:
                data = self.child.read_nonblocking(1 << 16, seconds)
                self.output += data
                self._stream.feed(data)
                seconds = 0

    @property
    def screen(self) -> list[str]:
        """The rows that are on the screen."""
        return [row.rstrip() for row in self._screen.display]

    @property
    def cells(self) -> list[list[tuple[str, str, str, bool, bool, bool]]]:
        """What `text` shows without the empty rows below: of each character its text, colours, bold, underlined, reversed.

        The character under the cursor is reversed.
        """
        shown = len("\n".join(self.screen).rstrip().splitlines())
        lines = [*self._screen.history.top, *(self._screen.buffer[y] for y in range(shown))]
        rows = [[line[x] for x in range(self._screen.columns)] for line in lines]
        cursor = self._screen.cursor
        under = rows[len(self._screen.history.top) + cursor.y]
        under[cursor.x] = under[cursor.x]._replace(reverse=True)
        return [[(c.data, c.fg, c.bg, c.bold, c.underscore, c.reverse) for c in row] for row in rows]

    @property
    def text(self) -> str:
        """The rows that scrolled away, then those on the screen."""
        above = ["".join(line[at].data for at in range(self._screen.columns)) for line in self._screen.history.top]
        return "\n".join(row.rstrip() for row in (*above, *self.screen))

    @property
    def prompt(self) -> str:
        """The line that is being typed, as the screen has it."""
        return next((row for row in reversed(self.screen) if re.match(r"[a-z][\w.:]*> ?", row)), "")

    @property
    def prompt_line(self) -> str:
        """The row of the screen with the cursor."""
        return self.screen[self._screen.cursor.y]

    def until(self, so: Callable[[], bool], what: str) -> None:
        """Wait until something is so. Fails with the screen."""
        end = time.monotonic() + PATIENCE_S
        while not so():
            if time.monotonic() > end or not self.child.isalive():
                self.look()
                if so():
                    return
                raise AssertionError(f"never saw {what}\n" + "\n".join(f"|{row}" for row in self.screen))
            self.look()

    def see(self, pattern: str) -> re.Match[str]:
        """Wait until a pattern stands somewhere in all that was shown; return where."""
        self.until(lambda: re.search(pattern, self.text, re.M) is not None, repr(pattern))
        match = re.search(pattern, self.text, re.M)
        assert match is not None
        return match

    def see_prompt(self, line: str) -> None:
        """Wait until the line that is typed is this one."""
        self.until(lambda: self.prompt == line, f"the line {line!r}")

    def left(self) -> int:
        """Wait until it has ended; return its exit status, as a shell has it."""
        end = time.monotonic() + PATIENCE_S
        while self.child.isalive():
            self.look()
            assert time.monotonic() < end, "it does not leave\n" + "\n".join(self.screen)
        self.look(0)
        status = self.child.exitstatus
        return status if status is not None else 128 + int(self.child.signalstatus or 0)


@contextmanager
def terminal(
    *words: str, env: Mapping[str, str] | None = None, columns: int = 100, rows: int = 30
) -> Iterator[Terminal]:
    """Run wscli on a terminal; it is gone at the end, whatever happened."""
    one = Terminal(*words, env=env, columns=columns, rows=rows)
    try:
        yield one
    finally:
        one.child.close(force=True)
