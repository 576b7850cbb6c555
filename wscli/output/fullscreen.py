"""The whole terminal for a picture that is redrawn in place; notes are kept until its end, and the last picture stays."""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Sequence

from wscli.output.json_layout import escape_controls
from wscli.output.key_input import KeyInput
from wscli.output.stdout import Output

ENTER, LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"  # the other screen, without its cursor; and back
HOME, END_LINE, END_SCREEN = "\x1b[H", "\x1b[K", "\x1b[J"
MAX_NOTES = 20


class FullScreen(Output):
    """Standard output and standard error of a run that owns the screen between `enter` and `leave`.

    notes: the latest ones, for the picture to show. Where standard error is no terminal, they are written there at once.
    """

    def __init__(self, out: int = 1, err: int = 2, *, quiet: bool = False, timestamps: bool = False) -> None:
        super().__init__(out, err, quiet=quiet, timestamps=timestamps)
        self.notes: deque[str] = deque(maxlen=MAX_NOTES)
        self.active = False
        self._descriptor = out
        self._stderr_is_terminal = os.isatty(err)
        self._picture: Sequence[str] = ()
        self.keys = KeyInput()

    def enter(self) -> None:
        """Take the screen, and the keys."""
        if not self.active:
            self.active = True
            self.write_text(ENTER)
            self.keys.open()

    def leave(self) -> None:
        """Restore the screen, then print the last picture and the kept notes."""
        if not self.active:
            return
        self.active = False
        self._buffer.clear()
        self.keys.close()
        picture = "".join(f"{line}\n" for line in self._picture if line and line not in self.notes)  # those follow
        with contextlib.suppress(OSError):  # straight: it must happen whatever became of the rest
            os.write(self._descriptor, f"{LEAVE}{picture}".encode("utf-8", "backslashreplace"))
        while self.notes:
            super().write_stderr(self.notes.popleft())

    def draw(self, lines: Sequence[str]) -> None:
        """Draw lines over the present ones; they must fit."""
        self._picture = [*lines]
        self.write_text(HOME + "\r\n".join(f"{line}{END_LINE}" for line in lines) + END_SCREEN)

    def size(self) -> tuple[int, int]:
        """Return columns and rows, as they are now."""
        try:
            columns_and_rows = os.get_terminal_size(self._descriptor)
        except OSError:
            return 80, 24
        return columns_and_rows.columns or 80, columns_and_rows.lines or 24

    def write_stderr(self, line: str, end: str = "\n") -> None:
        if self.active and self._stderr_is_terminal:
            self.notes.append(escape_controls(self.veil.redact(line)))
        else:
            super().write_stderr(line, end)
