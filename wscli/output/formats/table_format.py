"""`table`: the rows in columns, for a user."""

from __future__ import annotations

from collections.abc import Sequence

from wscli.core.messages import ReceivedMessage
from wscli.core.tables.column_choice import NUMBER_COLUMN
from wscli.output.formats.base import FormatSettings, OutputFormat
from wscli.output.json_layout import clipped
from wscli.output.note_line import note_line
from wscli.output.rows import Row
from wscli.output.tables.table import RowSource, RowTable


class TableFormat(OutputFormat):
    """One table for all rows, of every channel; a message without rows is one line of words."""

    name = "table"
    summary = "the rows in aligned columns"
    needs_rows = True
    safe_on_terminal = True
    names_exchange = True
    pipe_width = 0

    def __init__(self, settings: FormatSettings) -> None:
        super().__init__(settings)
        self._table = settings.table if settings.table is not None else RowTable(self.screen_width)

    def show(self, received: ReceivedMessage, rows: Sequence[Row]) -> str:
        how = self.settings
        if not rows:
            note, width = note_line(received), self.screen_width()
            return (clipped(note, width) if width else note) + "\n"
        if how.show_exchange is not None and how.show_exchange():
            rows = [_with_exchange(row, how.exchange) for row in rows]
        source = RowSource(how.dialect, received.event.channel, how.columns_are_chosen)
        return self._table.lines(source, rows, received.received_ns, how.palette)


def _with_exchange(row: Row, exchange: str) -> Row:
    """Return a row with its exchange in front, behind the number of its message where it has one."""
    number = {NUMBER_COLUMN: row[NUMBER_COLUMN]} if NUMBER_COLUMN in row else {}
    return {**number, "exchange": exchange, **row}
