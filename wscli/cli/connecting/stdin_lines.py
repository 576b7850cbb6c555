"""Standard input as lines: of a file, a pipe or a terminal, read without ever blocking."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence

from wscli.storage.terminal_input import is_in_foreground, is_truncated_by_terminal
from wscli.storage.text_input import without_bom, without_cr

READ_SIZE = 65_536


class TruncatedLine(Exception):
    """A terminal may have cut a line that was typed: it is rejected, with all that is left of it."""


def _open_nonblocking(terminal: int) -> int:
    """Return our own non-blocking descriptor for a terminal: Ctrl-C discards what was typed, after which a read would block."""
    try:
        return os.open(os.ttyname(terminal), os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return terminal


class StdinLines:
    """Lines as they become complete. ended: no more will come."""

    is_edited = False
    waiting = 0  # no line is held that could be read without waiting

    def __init__(self) -> None:
        self._file = sys.stdin.fileno() if sys.stdin is not None else None  # a closed one's number may be another's now
        self.is_terminal = self._file is not None and os.isatty(self._file)
        if self._file is not None and self.is_terminal:
            self._file = _open_nonblocking(self._file)
            # a read in the background fails instead of stopping the process
            signal.signal(signal.SIGTTIN, signal.SIG_IGN)
        self.ended = self._file is None
        self._partial_line: list[bytes] = []  # the beginning of a line
        self._skipping_line = False  # the rest of a rejected line has not arrived yet
        self._has_first_line = False  # the first line was read: no byte order mark is expected any more

    @property
    def partial_size(self) -> int:
        """The bytes of a line whose end has not arrived yet."""
        return sum(map(len, self._partial_line))

    def in_background(self) -> bool:
        """Return whether standard input is a terminal that belongs to another job just now."""
        return self.is_terminal and self._file is not None and not is_in_foreground(self._file)

    def descriptors(self) -> Sequence[int]:
        """Return what to wait for before the next `read`."""
        return () if self.ended or self._file is None or self.in_background() else (self._file,)

    def take_calls(self) -> None:
        """Nothing but lines comes from here."""

    def read(self) -> list[bytes]:
        """Return the lines that are complete with what has arrived. Raises TruncatedLine, and OSError for an input that cannot be read."""
        assert self._file is not None
        if self.in_background():
            return []
        try:
            data = os.read(self._file, READ_SIZE)
        except BlockingIOError:
            return []
        except OSError:
            if not self.is_terminal:
                raise
            if self.in_background():
                return []
            data = b""  # the terminal went away
        self.ended = not data
        if self.is_terminal and not self._is_whole(data):
            return []
        return self._complete_lines(data)

    def _is_whole(self, data: bytes) -> bool:
        """Return whether the data of a terminal is whole; False for the rest of a line that was rejected. Raises TruncatedLine."""
        assert self._file is not None
        if self._skipping_line:
            self._skipping_line = bool(data) and not data.endswith(b"\n")
            return False
        if not is_truncated_by_terminal(self._file, data):
            return True
        self._partial_line, self._skipping_line = [], not data.endswith(b"\n")
        raise TruncatedLine

    def _complete_lines(self, data: bytes) -> list[bytes]:
        """Return the lines that are complete with `data`; at the end of the input also one without a newline."""
        whole, newline, tail = data.rpartition(b"\n")
        lines = b"".join([*self._partial_line, whole]).split(b"\n") if newline else []
        self._partial_line = ([] if newline else self._partial_line) + ([tail] if tail else [])
        if self.ended and self._partial_line:
            lines, self._partial_line = [b"".join(self._partial_line)], []
        if lines and not self._has_first_line:
            self._has_first_line = True
            lines[0] = without_bom(lines[0])
        return [without_cr(line) for line in lines]
