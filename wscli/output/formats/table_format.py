"""`table`: the rows in columns, for a user."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from wscli.core.jsontext import Json, literal
from wscli.core.messages import ReceivedMessage
from wscli.core.record import record
from wscli.core.tables.text_width import clipped_to_width, display_width
from wscli.output.colors.palette import SIDE_TOKENS
from wscli.output.formats.base import FormatSettings, OutputFormat
from wscli.output.json_layout import clipped, escape_controls
from wscli.output.note_line import note_line
from wscli.output.rows import Row

_NUMBER = re.compile(r"[+-]?[0-9]+(?P<rest>(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?)")
MAX_COLUMN_WIDTH = 40  # the most that a column is padded to
_COLUMN_SEPARATOR = "  "


@record(frozen=False)
class TableColumn:
    """The width of a column, and the characters it has on both sides of the decimal point, so far."""

    width: int
    integer: int = 0
    fraction: int = 0

    def widen(self, cell: str) -> None:
        if number := _NUMBER.fullmatch(cell):
            rest = len(number["rest"])
            self.integer = min(max(self.integer, len(cell) - rest), MAX_COLUMN_WIDTH)
            self.fraction = min(max(self.fraction, rest), MAX_COLUMN_WIDTH)
        self.width = min(max(self.width, self.integer + self.fraction, display_width(cell)), MAX_COLUMN_WIDTH)

    def padded(self, cell: str) -> str:
        if number := _NUMBER.fullmatch(cell):
            cell = (cell + " " * (self.fraction - len(number["rest"]))).rjust(self.width)
        return cell + " " * (self.width - display_width(cell))

    def heading(self, name: str) -> str:
        return name.rjust(self.width) if self.integer else name + " " * (self.width - display_width(name))


class TableFormat(OutputFormat):
    """Columns that widen as they must, numbers aligned by their decimal point.

    Each channel has its columns; the header is printed again when it differs from that of the line above. A message without rows is
    one line of words.
    """

    name = "table"
    summary = "the rows in aligned columns"
    needs_rows = True
    safe_on_terminal = True
    pipe_width = 10_000

    def __init__(self, settings: FormatSettings) -> None:
        super().__init__(settings)
        self.width = settings.width
        self.columns_by_channel: dict[str, dict[str, TableColumn]] = {}
        self.last_layout: tuple[Json, ...] = ()

    def show(self, received: ReceivedMessage, rows: Sequence[Row]) -> str:
        if not rows:
            note = note_line(received)
            return (clipped(note, self.width) if self.width else note) + "\n"
        lines = []
        cells = [{name: "" if v is None else escape_controls(literal(v)) for name, v in row.items()} for row in rows]
        remembered = self.columns_by_channel.setdefault(literal(rows[0].get("channel")), {})  # a row's may be any JSON
        for row in cells:
            for name, cell in row.items():
                remembered.setdefault(name, TableColumn(display_width(escape_controls(name)))).widen(cell)
        layout = (rows[0].get("channel"), *remembered)
        if layout != self.last_layout:
            self.last_layout = layout
            headings = {name: column.heading(escape_controls(name)) for name, column in remembered.items()}
            lines.append(self._line(headings, {}))
        for row in cells:
            padded = {name: column.padded(row.get(name, "")) for name, column in remembered.items()}
            lines.append(self._line(padded, row))
        return "".join(lines)

    def _line(self, padded: Mapping[str, str], row: Mapping[str, str]) -> str:
        plain = _COLUMN_SEPARATOR.join(padded.values()).rstrip()
        if self.width and display_width(plain) > self.width:
            plain = clipped_to_width(plain, self.width)
        token = SIDE_TOKENS.get(row.get("side", "")) if self.settings.palette else None
        if token is None:
            return plain + "\n"
        names = list(padded)
        start = sum(len(padded[name]) + len(_COLUMN_SEPARATOR) for name in names[: names.index("side")])
        end = start + len(row["side"])
        return f"{plain[:start]}{self.settings.palette.paint(token, plain[start:end])}{plain[end:]}\n"
