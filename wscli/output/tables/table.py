"""A table that rows are added to one after another, of all exchanges and channels that are on.

Rows of every kind share the columns: those of the same name are one. The header is printed when the columns change, in number or in
width: for a new kind of row, a value that is wider than its column, another width of the screen. Where the screen is too narrow for
the first fields of all kinds, they have columns of their own in groups; then the header of a group is printed again only when it has
left the lines around.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from wscli.core.dialect import Dialect
from wscli.core.tables.listing import MARK, SEPARATOR
from wscli.core.tables.text_width import clipped_to_width, display_width
from wscli.output.colors.palette import ASK, BID, HEADING, PLAIN, SIDE_TOKENS, Palette
from wscli.output.rows import Row
from wscli.output.tables.column import DoesNotFit, TableColumn
from wscli.output.tables.fields import column_fields, unlisted_field
from wscli.output.tables.fitting import ColumnGroup, Fitting, RowKind

IDLE_NS = 60_000_000_000  # a kind of row that has not come for so long has no columns any more
CHECK_EVERY = 64  # messages, after which idle kinds are looked for
HEADER_EVERY = 20  # lines, within which the header of a group is not repeated
MAX_NAMES = 256  # sets of names of one kind of row that are remembered


class RowSource(NamedTuple):
    """Where rows come from: an exchange, and one of its channels. columns_are_chosen: by the user, the most important first."""

    dialect: Dialect | None
    channel: str | None
    columns_are_chosen: bool = False


class RowTable:
    """The lines of a table. screen_width: as it is now; 0 leaves nothing out. Several threads may add rows."""

    def __init__(self, screen_width: Callable[[], int] = lambda: 0) -> None:
        self._screen_width = screen_width
        self._width = screen_width()
        self._kinds: dict[tuple[str, str | None, bool], RowKind] = {}  # by exchange and channel
        self._columns: dict[str, TableColumn] = {}  # all of them, in their order
        self._headers: dict[tuple[object, ...], int] = {}  # the shapes of printed headers, and the number of the line
        self._group = ColumnGroup((), is_cut=False)  # of the last row
        self._lines = self._messages = 0
        self._lock = threading.Lock()

    def lines(self, source: RowSource, rows: Sequence[Row], now_ns: int, palette: Palette = PLAIN) -> str:
        """Return the rows of one message as lines, with the header before them where the columns have changed."""
        with self._lock:
            width = self._screen_width()
            kind, changed = self._kind_of(source, rows, now_ns)
            if not changed and width == self._width:
                try:
                    lines = self._rows(kind.group, rows, palette)
                    return self._header(kind.group, palette) + lines
                except DoesNotFit:
                    pass
            self._width = width
            self._lay_out(rows)
            return self._header(kind.group, palette) + self._rows(kind.group, rows, palette)

    # --- which columns

    def _kind_of(self, source: RowSource, rows: Sequence[Row], now_ns: int) -> tuple[RowKind, bool]:
        """Return the kind of rows, and whether the columns have to be laid out anew for them."""
        dialect, channel, are_chosen = source
        place = dialect.name if dialect is not None else "", channel, are_chosen
        kind = self._kinds.get(place)
        changed = kind is None
        if kind is None:
            fields = column_fields(dialect, channel) if dialect is not None else {}
            kind = self._kinds[place] = RowKind(place[0], channel, fields, now_ns, columns_are_chosen=are_chosen)
        kind.last_ns = now_ns
        self._messages += 1
        if self._messages % CHECK_EVERY == 0:
            changed |= self._forget_idle_kinds(now_ns)
        names: tuple[str, ...] = ()
        for row in rows:
            if len(row) != len(names) or (*row,) != names:
                names = (*row,)
                if names not in kind.known:
                    changed |= self._learn_names(kind, names)
        return kind, changed

    def _learn_names(self, kind: RowKind, names: tuple[str, ...]) -> bool:
        """Take note of the names of a row; return whether one of them is new to its kind."""
        if len(kind.known) >= MAX_NAMES:
            kind.known.clear()
        kind.known.add(names)
        if set(names) <= set(kind.names):
            return False
        kind.names = merged(kind.names, names)
        clips = self._width > 0
        self._columns = {
            name: self._columns.get(name)
            or TableColumn(name, kind.fields.get(name) or unlisted_field(name), clips=clips)
            for name in merged([*self._columns], kind.names)
        }
        return True

    def _forget_idle_kinds(self, now_ns: int) -> bool:
        """Leave out the kinds of rows that come no more, and the columns that only they have; return whether there was one."""
        idle = [place for place, kind in self._kinds.items() if now_ns - kind.last_ns > IDLE_NS]
        for place in idle:
            del self._kinds[place]
        names = {name for kind in self._kinds.values() for name in kind.names}
        self._columns = {name: column for name, column in self._columns.items() if name in names}
        return bool(idle)

    def _lay_out(self, rows: Sequence[Row]) -> None:
        """Choose the columns of each kind of row, with room for these rows."""
        for name, column in self._columns.items():
            column.make_room([row[name] for row in rows if name in row])
        fitting = Fitting([*self._kinds.values()], self._columns, self._width)
        for column in self._columns.values():
            column.set_form(fitting.form)
        for kinds in fitting.groups:
            group = fitting.shown(kinds)
            for kind in kinds:
                kind.group = group
        shapes = {kind.group.shape for kind in self._kinds.values()}
        self._headers = {shape: line for shape, line in self._headers.items() if shape in shapes}

    # --- the lines

    def _header(self, group: ColumnGroup, palette: Palette) -> str:
        """Return the header of a group, where it is not the one that the last row stands under, or stands among the last lines."""
        if group is self._group:
            return ""
        previous, self._group = self._group.shape, group
        shape = group.shape
        printed = self._headers.get(shape)
        if printed is not None and (shape == previous or self._lines - printed < HEADER_EVERY):
            return ""
        self._headers[shape] = self._lines
        self._lines += 1
        heading = SEPARATOR.join([column.heading for column in group.columns]).rstrip()
        text = self._clipped(f"{heading}{SEPARATOR}{MARK}" if group.is_cut else heading)
        return palette.paint(HEADING, text) + "\n"

    def _rows(self, group: ColumnGroup, rows: Sequence[Row], palette: Palette) -> str:
        self._lines += len(rows)
        if palette and len(group.columns) > 1:
            return "".join([_coloured_line(group, row, palette) for row in rows])
        lines = [
            SEPARATOR.join([column.cell(row.get(column.name)) for column in group.columns]).rstrip() for row in rows
        ]
        if len(group.columns) == 1:
            lines = [self._clipped(line) for line in lines]
        return "\n".join([*lines, ""])

    def _clipped(self, line: str) -> str:
        """Return a line of one column, or a header, as far as the screen is wide."""
        return clipped_to_width(line, self._width) if self._width and display_width(line) > self._width else line


def _coloured_line(group: ColumnGroup, row: Row, palette: Palette) -> str:
    cells = [column.cell(row.get(column.name)) for column in group.columns]
    for place, name in group.coloured:
        token = _token(name, row)
        if token is not None and (text := cells[place].strip()):
            cells[place] = cells[place].replace(text, palette.paint(token, text))
    return SEPARATOR.join(cells).rstrip() + "\n"


def merged(order: Sequence[str], names: Iterable[str]) -> list[str]:
    """Return names in their order, and new ones: each before the one that follows it, if that is known, else at the end.

    >>> merged(["symbol", "side", "price", "time"], ["symbol", "last", "bid", "time", "seq"])
    ['symbol', 'side', 'price', 'last', 'bid', 'time', 'seq']
    """
    result = [*order]
    waiting: list[str] = []
    for name in names:
        if name not in result:
            waiting.append(name)
        elif waiting:
            at = result.index(name)
            result[at:at] = waiting
            waiting = []
    return result + waiting


def _token(name: str, row: Row) -> str | None:
    """Return the colour of a cell: that of its side, of its direction, or of its column."""
    if name in ("side", "price"):
        side = row.get("side")
        return SIDE_TOKENS.get(side) if type(side) is str else None
    if name in ("bid", "ask"):
        return BID if name == "bid" else ASK
    value = row.get(name)
    if type(value) is not str or not value.strip("+-0."):
        return None
    return ASK if value.startswith("-") else BID
