"""The one stage between rows and a format that shows rows: it chooses columns, and writes times and numbers as the flags want."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wscli.core.catalogue import Channel
from wscli.core.dialect import Dialect
from wscli.core.jsontext import Json
from wscli.core.messages import ReceivedMessage
from wscli.core.record import record
from wscli.core.tables.column_choice import NUMBER_COLUMN, ColumnChoice
from wscli.output.formats.base import OutputFormat
from wscli.output.lag import lag_text
from wscli.output.rows import Layouts, Row, channel_of, has_labels, layouts_without_times, rows_of
from wscli.output.shaping.digits import grouped
from wscli.output.shaping.times import WRITTEN
from wscli.output.tables.fields import is_identifier

MAX_PLANS = 256
TIME_TYPES = frozenset({"s", "ms", "us"})
UNGROUPED = frozenset({NUMBER_COLUMN, "exchange", "kind", "channel", "symbol"})


@record
class RowShape:
    """What the flags want of rows. columns: those that are chosen, None for the usual ones. time: a value of --time. dialect: of the rows."""

    dialect: Dialect
    columns: ColumnChoice | None = None
    time: str = "utc"
    group_digits: bool = False

    def columns_of(self, usual: Sequence[str], channels: Sequence[Channel]) -> tuple[str, ...]:
        """Return the columns of csv, where these are the usual ones."""
        chosen = self.columns.of(usual) if self.columns is not None else tuple(usual)
        if self.time != "none":
            return chosen
        times = {name for channel in channels for name in time_names(channel)}
        return tuple(name for name in chosen if name not in times)


def time_names(channel: Channel | None) -> frozenset[str]:
    """Return the names of the times of a channel."""
    layouts = channel.layouts.values() if channel is not None else ()
    return frozenset(field.name for fields in layouts for field in fields if field.type in TIME_TYPES)


class ShapedFormat:
    """A format of rows, behind a shape. Messages without rows are shown as they always are."""

    needs_rows = True

    def __init__(self, format: OutputFormat, shape: RowShape) -> None:
        self.format, self.shape = format, shape
        self._plans: dict[tuple[object, ...], tuple[str, ...]] = {}  # the columns of rows, by their channel and names
        self._layouts: dict[
            int, Layouts
        ] = {}  # of channels, which are constants, by identity: with times as they were sent

    def header(self) -> str:
        return self.format.header()

    def show(self, received: ReceivedMessage, rows: Sequence[Row]) -> str:
        if not has_labels(rows):
            return self.format.show(received, rows)
        shaped = [row for row in self._shaped(received, rows) if any(value is not None for value in row.values())]
        return self.format.show_rows(received, shaped) if shaped else ""

    def _shaped(self, received: ReceivedMessage, rows: Sequence[Row]) -> Iterator[Row]:
        shape = self.shape
        channel = channel_of(shape.dialect, received.event)
        times = time_names(channel)
        write_time = WRITTEN.get(shape.time)
        sent = self._sent_times(received, rows, channel) if shape.time == "exchange" and channel is not None else None
        for place, row in enumerate(rows):
            columns = self._columns(channel, row, times)
            values: Row = {"exchange": shape.dialect.name, **row}
            if "lag" in columns:
                values["lag"] = lag_text(channel, row, received.received_ns)
            if sent is not None:
                values |= {name: value for name, value in sent[place].items() if name in times}
            elif write_time is not None:
                values |= {name: write_time(values[name]) for name in times if name in values}
            yield {name: self._written(name, values.get(name), times) for name in columns}

    def _columns(self, channel: Channel | None, row: Row, times: frozenset[str]) -> tuple[str, ...]:
        names = (*row,)
        place = channel.name if channel is not None else None, names
        found = self._plans.get(place)
        if found is None:
            if len(self._plans) >= MAX_PLANS:
                self._plans.clear()
            found = self.shape.columns.of(names) if self.shape.columns is not None else names
            if self.shape.time == "none":
                found = tuple(name for name in found if name not in times)
            self._plans[place] = found
        return found

    def _written(self, name: str, value: Json, times: frozenset[str]) -> Json:
        if not self.shape.group_digits or name in times or is_identifier(name) or name in UNGROUPED:
            return value
        return grouped(value)

    def _sent_times(self, received: ReceivedMessage, rows: Sequence[Row], channel: Channel) -> list[Row]:
        """Return rows whose times are as they were sent, in place of these, which are some of the rows of a message in their order."""
        dialect, event = self.shape.dialect, received.event
        layouts = self._layouts.get(id(channel))
        if layouts is None:
            layouts = self._layouts[id(channel)] = layouts_without_times(channel)
        pairs = zip(rows_of(dialect, event), rows_of(dialect, event, layouts), strict=True)
        found: list[Row] = []
        for row in rows:
            plain = {name: value for name, value in row.items() if name != NUMBER_COLUMN}
            found.append(next(sent for usual, sent in pairs if usual == plain))
        return found
