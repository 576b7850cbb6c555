"""Lines that a user types at a terminal: the system edits them, cuts long ones, and stops a job in the background that reads them."""

from __future__ import annotations

import os
import sys
import termios

# A terminal hands over at most so many bytes of a line, and drops what is typed beyond them.
TERMINAL_LINE_BYTES = 4095 if sys.platform == "linux" else 1023
TRUNCATED_LINE = f"a line of {TERMINAL_LINE_BYTES:,} bytes or more, which the terminal truncates"


def is_in_foreground(terminal: int) -> bool:
    """Say whether this process may read a terminal: the system stops a job in the background that tries."""
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return True  # it is not the terminal that controls us


def is_truncated_by_terminal(terminal: int, line: bytes) -> bool:
    """Say whether a terminal may have dropped a part of the line that it handed over."""
    if len(line.rstrip(b"\n")) < TERMINAL_LINE_BYTES:
        return False
    try:
        return bool(termios.tcgetattr(terminal)[3] & termios.ICANON)  # where it edits no lines it drops nothing
    except termios.error:
        return False  # it is no terminal
