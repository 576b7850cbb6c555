"""The terminal below which a line is typed: messages and notes are written above that line."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import termios
from collections.abc import Iterator
from typing import Any

from prompt_toolkit.application import Application

from wscli.core.tables.text_width import display_width
from wscli.repl.display.printer import ScreenPrinter

_STYLE_CODES = re.compile(r"\x1b\[[0-9;]*m")


def write_above(app: Application[Any], text: str) -> None:
    """Write whole lines above the line that is being typed; at once where none is.

    prompt_toolkit's own way hands the terminal's input back at every printing, so that a key pressed just then is echoed into what is
    printed, and then asks where the cursor is: here that is reckoned.
    """
    if not app.is_running:
        write(text)
        return
    renderer, size = app.renderer, app.output.get_size()
    above = renderer.rows_above_layout if renderer.height_is_known else None
    renderer.erase()
    write(text)
    if above is not None:
        renderer.report_absolute_cursor_row(min(above + screen_rows(text, size.columns), size.rows - 1) + 1)
    app._redraw()


def woken_by(printer: ScreenPrinter, app: Application[Any]) -> asyncio.Event:
    """Return an event of the running loop that is set whenever another thread has given the printer something; it is set at first."""
    loop, wake = asyncio.get_running_loop(), asyncio.Event()

    def wake_printer() -> None:
        with contextlib.suppress(RuntimeError):  # the loop is over
            loop.call_soon_threadsafe(wake.set)

    printer.wake = wake_printer
    wake.set()
    app.max_render_postpone_time = 0.0  # a key is shown before what else there is to do
    return wake


def write(text: str) -> None:
    """Write to standard output, all of it."""
    data = text.encode("utf-8", "backslashreplace")
    with contextlib.suppress(OSError):  # a terminal that went away sends a signal besides
        while data:
            data = data[os.write(1, data) :]


def screen_rows(text: str, columns: int) -> int:
    """Return how many rows of a screen whole lines take.

    >>> screen_rows("four\\nfourteen chars\\n", 10), screen_rows("\\x1b[31mred\\x1b[0m\\n", 3)
    (3, 1)
    """
    unstyled = _STYLE_CODES.sub("", text)
    return sum(max(-(-display_width(line) // columns), 1) for line in unstyled.split("\n")[:-1])


@contextlib.contextmanager
def without_echo() -> Iterator[None]:
    """Within it the terminal echoes nothing by itself: what is typed while no line is edited belongs to the next one."""
    try:
        before = termios.tcgetattr(0)
    except termios.error:
        yield
        return
    quiet = termios.tcgetattr(0)
    quiet[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(0, termios.TCSANOW, quiet)
    try:
        yield
    finally:
        with contextlib.suppress(termios.error):
            termios.tcsetattr(0, termios.TCSANOW, before)
