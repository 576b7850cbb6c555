"""Which columns of a table have room in the width of the screen: the least important ones go first, then times become shorter.

Kinds of rows share the columns. Where the width cannot hold the first fields of all of them, they form groups with columns of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wscli.core.catalogue import STANDARD_FIELD_NAMES
from wscli.core.record import record
from wscli.core.tables.column_choice import NUMBER_COLUMN
from wscli.core.tables.listing import MARK, SEPARATOR
from wscli.output.tables.column import TIME_FORMS, TableColumn
from wscli.output.tables.fields import ColumnField, is_identifier

FIRST_FIELDS = 4  # of a kind of row, which matter most
# The order in which columns go: those of the highest number first. The fields of a row have the numbers between.
EXCHANGE, SYMBOL, CHANNEL, FIELDS, PARAMETERS, DETAILS, SOLE_CHANNEL, KIND = 0, 1, 2, 10, 150, 200, 300, 400
COMMON_NAMES = STANDARD_FIELD_NAMES | {NUMBER_COLUMN, "exchange", "kind", "channel", "symbol", "lag"}
COLOURED = frozenset({"side", "price", "bid", "ask", "change", "change_ratio"})
_MARK_WIDTH = len(SEPARATOR) + len(MARK)


class RowKind:
    """Rows of one exchange and channel. names: all that they had, in their order. last_ns: when one came last. group: of its columns."""

    __slots__ = ("channel", "columns_are_chosen", "exchange", "fields", "group", "known", "last_ns", "names")

    def __init__(
        self,
        exchange: str,
        channel: str | None,
        fields: Mapping[str, ColumnField],
        now_ns: int,
        *,
        columns_are_chosen: bool = False,
    ) -> None:
        self.columns_are_chosen = columns_are_chosen
        self.exchange, self.channel, self.fields, self.last_ns = exchange, channel, fields, now_ns
        self.names: list[str] = []
        self.known: set[tuple[str, ...]] = set()  # the names of single rows
        self.group = ColumnGroup((), is_cut=False)


@record
class ColumnGroup:
    """What is shown of some kinds of rows: columns in their order. is_cut: something is left out."""

    columns: Sequence[TableColumn]
    is_cut: bool
    coloured: Sequence[tuple[int, str]] = ()  # the places and names of columns that have colours

    @property
    def shape(self) -> tuple[object, ...]:
        """What stays the same while rows stand under their header."""
        return self.is_cut, *(column.shape for column in self.columns)


def ranks(names: Sequence[str], fields: Mapping[str, ColumnField], *, sole_channel: bool) -> dict[str, int]:
    """Return how dispensable each column of a kind of row is; 0 is the most important.

    names: in the order of the row, whose fields begin with the most important.

    >>> parameter = {"depth": ColumnField("parameter")}
    >>> ranks(["kind", "channel", "symbol", "depth", "side", "price", "trade_id", "time"], parameter, sole_channel=True)
    {'kind': 400, 'channel': 300, 'symbol': 1, 'depth': 150, 'side': 10, 'price': 11, 'trade_id': 202, 'time': 13}
    """
    common = {
        "exchange": EXCHANGE,
        "symbol": SYMBOL,
        "channel": SOLE_CHANNEL if sole_channel else CHANNEL,
        "kind": KIND,
    }
    found: dict[str, int] = {}
    position = 0
    for name in names:
        role = fields[name].role if name in fields else "id" if is_identifier(name) else "text"
        if name in common:
            found[name] = common[name]
        elif role == "parameter":
            found[name] = PARAMETERS
        elif name == "action":  # a level that is deleted has the size 0
            found[name] = FIELDS + FIRST_FIELDS
        else:
            found[name] = (DETAILS if role == "id" else FIELDS) + position
            position += 1
        if name in ("time", "lag"):
            found[name] = min(found[name], FIELDS + FIRST_FIELDS - 1)
    return found


class Fitting:
    """One choice of columns for kinds of rows in a width. form: how long times are; groups: of the kinds, in their order."""

    def __init__(self, kinds: Sequence[RowKind], columns: Mapping[str, TableColumn], width: int) -> None:
        self._columns, self._width = columns, width
        sole_channel = len({kind.exchange for kind in kinds}) == len(kinds)
        self._ranks = {
            id(kind): {name: FIELDS + place for place, name in enumerate(kind.names)}
            if kind.columns_are_chosen
            else ranks(kind.names, kind.fields, sole_channel=sole_channel)
            for kind in kinds
        }
        self._candidates = self._common_names(kinds)
        self.form = 0
        self.groups = [list(kinds)]
        while width and not self._has_room_for_essentials(kinds):
            if self.form == TIME_FORMS - 1:
                self.groups = self._grouped(kinds)
                break
            self.form += 1

    def _common_names(self, kinds: Sequence[RowKind]) -> set[str]:
        """Return the names to choose from: of several exchanges those that all could have, where a kind of row has such."""
        names = {name for kind in kinds for name in kind.names}
        if not self._width or len({kind.exchange for kind in kinds}) < 2:
            return names
        unlike = [
            kind
            for kind in kinds
            if kind.columns_are_chosen or not STANDARD_FIELD_NAMES.intersection(kind.names) - {"symbol"}
        ]
        return names & COMMON_NAMES | {name for kind in unlike for name in kind.names}

    def _merged_ranks(self, kinds: Sequence[RowKind]) -> dict[str, int]:
        found: dict[str, int] = {}
        for kind in kinds:
            for name, rank in self._ranks[id(kind)].items():
                if name in self._candidates:
                    found[name] = min(rank, found.get(name, rank))
        return found

    def _essentials(self, kinds: Sequence[RowKind]) -> set[str]:
        return {name for name, rank in self._merged_ranks(kinds).items() if rank < FIELDS + FIRST_FIELDS}

    def _has_room_for_essentials(self, kinds: Sequence[RowKind]) -> bool:
        return self._essentials(kinds) <= {column.name for column in self.shown(kinds).columns}

    def _grouped(self, kinds: Sequence[RowKind]) -> list[list[RowKind]]:
        """Return the kinds in groups whose first fields have room beside each other, or are the same."""
        groups: list[list[RowKind]] = []
        for kind in kinds:
            for group in groups:
                together = [*group, kind]
                if self._essentials([kind]) <= self._essentials(group) or self._has_room_for_essentials(together):
                    group.append(kind)
                    break
            else:
                groups.append([kind])
        return groups

    def shown(self, kinds: Sequence[RowKind]) -> ColumnGroup:
        """Return the columns of a group that have room, in their order: all of them, or the most important that leave room for the mark."""
        ranked = self._merged_ranks(kinds)
        columns = [column for name, column in self._columns.items() if name in ranked]
        is_cut = self.form > 0 or len({name for kind in kinds for name in kind.names}) > len(columns)
        if not self._width:
            return _column_group(columns, is_cut)
        whole = sum(column.widths[self.form] + len(SEPARATOR) for column in columns) - len(SEPARATOR)
        if whole <= (self._width - _MARK_WIDTH if is_cut else self._width):
            return _column_group(columns, is_cut)
        chosen: set[str] = set()
        left = self._width - _MARK_WIDTH + len(SEPARATOR)
        for column in sorted(columns, key=lambda column: ranked[column.name]):
            left -= column.widths[self.form] + len(SEPARATOR)
            if left < 0 and chosen:
                break
            chosen.add(column.name)
        return _column_group([column for column in columns if column.name in chosen], True)


def _column_group(columns: Sequence[TableColumn], is_cut: bool) -> ColumnGroup:
    places = [(place, column.name) for place, column in enumerate(columns) if column.name in COLOURED]
    return ColumnGroup(columns, is_cut, places)
