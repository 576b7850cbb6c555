"""`pretty`: time, kind and channel of a message, then its JSON indented, for a user."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import lru_cache

from wscli.core.jsontext import Json, written
from wscli.core.messages import Event, Kind, ReceivedMessage, summary
from wscli.output.colors.palette import ERROR_HEADING, HEADING, PLAIN, TIME, Palette
from wscli.output.formats.base import OutputFormat
from wscli.output.json_layout import (
    SHORT_MESSAGE,
    clipped_rows,
    escape_controls,
    indented_json,
    is_json,
)
from wscli.output.rows import Row


class PrettyFormat(OutputFormat):
    """A heading, then the message indented, in colour on a terminal; long ones are clipped there."""

    name = "pretty"
    summary = "time, kind and channel, then the message, indented and coloured"
    safe_on_terminal = True
    projectable = True

    def show(self, received: ReceivedMessage, rows: Sequence[Row]) -> str:
        how = self.settings
        return pretty_text(received, palette=how.palette, width=self.screen_width(), max_rows=how.max_rows)

    def show_value(self, value: Json) -> str:
        width = self.screen_width() or 80
        body = indented_json(written(value), palette=self.settings.palette, width=width)
        return clipped_rows(body, width=width, max_rows=self.settings.max_rows) + "\n"


def pretty_text(
    received: ReceivedMessage, *, palette: Palette = PLAIN, width: int = 80, max_rows: int | None = None
) -> str:
    """Return a heading (time in UTC, kind, channel, symbols), then the message indented."""
    event, width = received.event, width or 80
    if event.reason is None and event.code is None and len(received.text) <= SHORT_MESSAGE:
        heading = _plain_heading(event.kind, event.channel, event.symbols, palette)
    else:
        heading = _heading(event, palette)
    body = (
        indented_json(received.text, palette=palette, width=width)
        if is_json(received)
        else escape_controls(received.text)
    )
    clock = _time_of_day(received.received_ns // 1_000_000, palette)
    return f"{clock} {heading}\n{clipped_rows(body, width=width, max_rows=max_rows)}\n"


@lru_cache(maxsize=8)  # the messages of one reading share their time
def _time_of_day(ms: int, palette: Palette) -> str:
    when = f"{time.strftime('%H:%M:%S', time.gmtime(ms // 1000))}.{ms % 1000:03d}Z"
    return palette.paint(TIME, when)


@lru_cache(maxsize=256)
def _plain_heading(kind: Kind, channel: str | None, symbols: tuple[str, ...], palette: Palette) -> str:
    return _heading(Event(kind, None, channel, symbols), palette)


def _heading(event: Event, palette: Palette) -> str:
    text = summary(event)
    if event.reason is not None and event.kind not in (Kind.ERROR, Kind.STATUS):
        text += f": {event.reason}"
    text = escape_controls(text)
    return palette.paint(ERROR_HEADING if event.kind is Kind.ERROR else HEADING, text)
