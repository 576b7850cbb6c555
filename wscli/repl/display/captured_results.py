"""The results of a line on their way to a file or a command, in place of the screen: `last 5 | jq`, `channels > FILE`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from wscli.repl.display.printer import Idle, Printer, Render

if TYPE_CHECKING:
    from wscli.output.tables.table import RowTable


class CapturingPrinter:
    """A printer whose results can be kept for a while; messages and notices are printed as ever."""

    def __init__(self, printer: Printer) -> None:
        self._printer = printer
        self._captured: list[str] | None = None

    @contextlib.contextmanager
    def capture(self) -> Iterator[list[str]]:
        """Within it results are put in the list that it yields, and are not printed."""
        captured: list[str] = []
        self._captured = captured
        try:
            yield captured
        finally:
            self._captured = None

    def print_message(self, show: Render, idle: Idle) -> None:
        self._printer.print_message(show, idle)

    def print_result(self, text: str, idle: Idle) -> None:
        if (captured := self._captured) is not None:
            captured.append(text)
        else:
            self._printer.print_result(text, idle)

    def print_notice(self, line: str) -> None:
        self._printer.print_notice(line)

    def table(self) -> RowTable:
        return self._printer.table()
