"""`csv`: the rows under columns that are fixed at the start; what has no column is left out, with one warning."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from wscli.core.jsontext import Json, literal
from wscli.core.messages import ReceivedMessage, summary
from wscli.output.formats.base import FormatSettings, OutputFormat
from wscli.output.json_layout import compact_json, escape_surrogates
from wscli.output.rows import Row, has_labels
from wscli.output.rows import columns as columns_of

_NEEDS_QUOTES = re.compile('["\r\n]')
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # what a spreadsheet may take for one
COMMON_COLUMNS = {"kind", "channel", "symbol"}
MAX_LAYOUTS = 256


class CsvFormat(OutputFormat):
    """RFC 4180 but for its line ends, which are newlines.

    null is empty, a list or an object its compact JSON. A message without rows stands in the column `message`, where the channel has
    no layout. Each name without a column is reported once. safe_csv: a text that a spreadsheet would run as a formula begins with '.
    """

    name = "csv"
    summary = "the rows, with fixed columns"
    needs_rows = True

    def __init__(self, settings: FormatSettings) -> None:
        super().__init__(settings)
        dialect = settings.dialect
        self.columns = tuple(settings.columns) or columns_of(
            (*dialect.facts.channels, *dialect.facts.queries) if dialect is not None else ()
        )
        self._exchange_cell = {"exchange": settings.exchange} if "exchange" in self.columns else {}
        self._escape_formulas, self._warn = settings.safe_csv, settings.warn
        self._column_names = frozenset(self.columns)
        # by the names of a row, those of its cells
        self._cell_layouts: dict[tuple[str, ...], tuple[str | None, ...]] = {}
        self._warned: set[str] = set()

    def header(self) -> str:
        return escape_surrogates(_csv_line(self.columns))

    def show(self, received: ReceivedMessage, rows: Sequence[Row]) -> str:
        if not has_labels(rows) and all(row.keys() <= COMMON_COLUMNS for row in rows):
            rows = self._message_row(received)
        return self.show_rows(received, rows)

    def show_rows(self, received: ReceivedMessage, rows: Sequence[Row]) -> str:
        lines = []
        for row in rows:
            if self._exchange_cell:
                row = {**self._exchange_cell, **row}
            names = (*row,)
            plan = self._cell_layouts.get(names)
            if plan is None:
                plan = self._cell_layout(names)
            cells = ["" if name is None else held if type(held := row[name]) is str else _text(held) for name in plan]
            lines.append(_csv_line([without_formula(cell) for cell in cells] if self._escape_formulas else cells))
        return escape_surrogates("".join(lines))

    def _cell_layout(self, names: tuple[str, ...]) -> tuple[str | None, ...]:
        """Return which of a row's names stands in each column; report those that stand in none."""
        missing = [name for name in names if name not in self._column_names and name not in self._warned]
        if missing:
            self._warned.update(missing)
            self._warn(f"csv has no column for {' '.join(missing)}, which is left out (-o rows shows all fields)")
        if len(self._cell_layouts) >= MAX_LAYOUTS:
            self._cell_layouts.clear()
        plan = self._cell_layouts[names] = tuple(name if name in names else None for name in self.columns)
        return plan

    def _message_row(self, received: ReceivedMessage) -> list[Row]:
        """Return a message without labels as one row; none, and a word, where no column can hold it."""
        event = received.event
        if "message" in self._column_names:
            symbol = " ".join(event.symbols) or None
            return [
                {"kind": str(event.kind), "channel": event.channel, "symbol": symbol, "message": compact_json(received)}
            ]
        if "" not in self._warned:
            self._warned.add("")
            self._warn(f"csv leaves out messages without rows, such as {summary(event)} (-o rows shows them)")
        return []


def without_formula(cell: str) -> str:
    """Return a cell that no spreadsheet runs: with ' in front where it is no number and could be a formula.

    >>> without_formula("=1+1"), without_formula("-0.25"), without_formula("@SUM(A1)"), without_formula("buy")
    ("'=1+1", '-0.25', "'@SUM(A1)", 'buy')
    """
    return f"'{cell}" if cell.startswith(FORMULA_PREFIXES) and _NUMBER.fullmatch(cell) is None else cell


def _text(value: Json) -> str:
    return "" if value is None else literal(value)


def _csv_line(cells: Sequence[str]) -> str:
    plain = ",".join(cells)
    if len(cells) > 1 and plain.count(",") == len(cells) - 1 and _NEEDS_QUOTES.search(plain) is None:
        return plain + "\n"
    import csv  # lazily: few cells need it

    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)  # so that a \r in a cell is quoted too
    return line.getvalue()[:-2] + "\n"
