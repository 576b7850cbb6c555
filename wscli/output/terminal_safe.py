"""Output for a terminal: nothing that was received may move the cursor, whatever the format."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wscli.core.messages import ReceivedMessage
from wscli.core.record import record
from wscli.output.formats.base import Format
from wscli.output.json_layout import escape_controls
from wscli.output.rows import Row


def escape_lines(text: str) -> str:
    """Return text with its control characters escaped, line by line."""
    return "\n".join(escape_controls(line) for line in text.split("\n"))


@record
class TerminalSafeFormat:
    """A format for a terminal, around one that shows text as it was received."""

    format: Format

    @property
    def needs_rows(self) -> bool:
        return self.format.needs_rows

    def header(self) -> str:
        return escape_lines(self.format.header())

    def show(self, received: ReceivedMessage, rows: Sequence[Row]) -> str:
        return escape_lines(self.format.show(received, rows))


def terminal_safe_function(show: Callable[..., str]) -> Callable[..., str]:
    """Return a function of texts whose result has its control characters escaped."""
    return lambda *args, **kwargs: escape_lines(show(*args, **kwargs))
