"""`csv`: the rows under columns that are fixed at the start; what has no column is left out, and that is said once."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence

from wscli.core.jsontext import Json, literal
from wscli.core.messages import Received, summary
from wscli.output.json_layout import compact, encodable
from wscli.output.rows import Row, labels

_QUOTED = re.compile('["\r\n]')
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # what a spreadsheet may take for one
HEAD = {"kind", "channel", "symbol"}
MOST_SHAPES = 256


def unsaid(remark: str) -> None:
    """Say nothing."""


class Csv:
    """RFC 4180 but for its line ends, which are newlines.

    null is empty, a list or an object its compact JSON. A message without rows stands in the column `message`, where the
    channel has no layout.

    exchange: fills the column of that name. safe: a text that a spreadsheet would run as a formula begins with '. tell: is
    told, once each, of what is left out.
    """

    wants_rows = True

    def __init__(
        self,
        columns: Sequence[str],
        *,
        exchange: str | None = None,
        safe: bool = False,
        tell: Callable[[str], None] = unsaid,
    ) -> None:
        self.columns = tuple(columns)
        self._head = {"exchange": exchange} if "exchange" in self.columns else {}
        self._safe, self._tell = safe, tell
        self._known = frozenset(self.columns)
        self._plans: dict[tuple[str, ...], tuple[str | None, ...]] = {}  # by the names of a row, those of its cells
        self._told: set[str] = set()

    def head(self) -> str:
        return encodable(_record(self.columns))

    def show(self, received: Received, rows: Sequence[Row]) -> str:
        if not labels(rows) and all(row.keys() <= HEAD for row in rows):
            rows = self._whole(received)
        lines = []
        for row in rows:
            if self._head:
                row = {**self._head, **row}
            names = (*row,)
            plan = self._plans.get(names)
            if plan is None:
                plan = self._planned(names)
            cells = ["" if name is None else held if type(held := row[name]) is str else _text(held) for name in plan]
            lines.append(_record([harmless(cell) for cell in cells] if self._safe else cells))
        return encodable("".join(lines))

    def _planned(self, names: tuple[str, ...]) -> tuple[str | None, ...]:
        """Return which of a row's names stands in each column; tell of those that stand in none."""
        missing = [name for name in names if name not in self._known and name not in self._told]
        if missing:
            self._told.update(missing)
            self._tell(f"csv has no column for {' '.join(missing)}: left out (-o rows shows all)")
        if len(self._plans) >= MOST_SHAPES:
            self._plans.clear()
        plan = self._plans[names] = tuple(name if name in names else None for name in self.columns)
        return plan

    def _whole(self, received: Received) -> list[Row]:
        """Return a message without labels as one row; none, and a word, where no column can hold it."""
        event = received.event
        if "message" in self._known:
            symbol = " ".join(event.symbols) or None
            return [{"kind": str(event.kind), "channel": event.channel, "symbol": symbol, "message": compact(received)}]
        if "" not in self._told:
            self._told.add("")
            self._tell(f"csv leaves out messages without rows, like {summary(event)} (-o rows shows them)")
        return []


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet runs: with ' in front where it is no number and could be a formula.

    >>> harmless("=1+1"), harmless("-0.25"), harmless("@SUM(A1)"), harmless("buy")
    ("'=1+1", '-0.25', "'@SUM(A1)", 'buy')
    """
    return f"'{cell}" if cell.startswith(FORMULAS) and _NUMBER.fullmatch(cell) is None else cell


def _text(value: Json) -> str:
    return "" if value is None else literal(value)


def _record(cells: Sequence[str]) -> str:
    plain = ",".join(cells)
    if len(cells) > 1 and plain.count(",") == len(cells) - 1 and _QUOTED.search(plain) is None:
        return plain + "\n"
    import csv  # lazily: few cells need it

    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)  # so that a \r in a cell is quoted too
    return line.getvalue()[:-2] + "\n"
