"""The seven output formats: a message as it was received -> lines of text. Returns text, writes nothing.

A view never rewrites what a venue said: `json`, `event`, `raw` and `pretty` stand on the received text; `rows`, `table`
and `csv` on labelled rows, whose numbers are the literals that came.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from json.encoder import encode_basestring
from typing import Protocol

from wscli.core.dialect import Dialect
from wscli.core.jsontext import Json, literal, written
from wscli.core.messages import Event, Kind, ReceivedMessage, summary
from wscli.core.record import field, record
from wscli.output.json_layout import (
    BOLD,
    DIM,
    GREEN,
    RED,
    RESET,
    SHORT_MESSAGE,
    clipped,
    clipped_rows,
    compact_json,
    escape_controls,
    escape_surrogates,
    indented_json,
    is_json,
)
from wscli.output.rows import Row, channel_of, has_labels, parameters
from wscli.output.rows import columns as columns_of

__all__ = ["Format", "compact_json", "escape_controls", "format_query_result", "make_format", "note_line"]

_PLAIN_TYPES = frozenset({int, bool, type(None)})
NOTE_WIDTH = 300  # characters of a line on standard error


class Format(Protocol):
    """One output format. Lines are complete and end in a newline; "" is nothing to say.

    wants_rows: `show` needs the rows; the others are given none. head: what comes before everything else.
    """

    @property
    def needs_rows(self) -> bool: ...

    def header(self) -> str: ...

    def show(self, received: ReceivedMessage, rows: Sequence[Row]) -> str: ...


def make_format(
    format: str,
    *,
    exchange: str,
    dialect: Dialect | None,
    columns: Sequence[str] = (),
    colour: bool = False,
    width: int = 80,
    max_rows: int | None = None,
    safe_csv: bool = False,
    show_exchange: Callable[[], bool] | None = None,
    warn: Callable[[str], None] | None = None,
) -> Format:
    """Return the view of that name. Raises ValueError for a name that is none.

    columns: of csv, fixed for good (all of the dialect's channels where none are given). width: of the screen, for
    `pretty` and `table`; 0 cuts nothing. max_rows: rows of the screen that one `pretty` message may take. safe_csv: nothing in
    csv is a formula to a spreadsheet. show_exchange: whether rows say which exchange they are of; warn: is told what csv leaves out.
    """
    match format:
        case "json":
            return WholeMessageFormat(lambda received: compact_json(received) + "\n")
        case "raw":
            return WholeMessageFormat(lambda received: escape_surrogates(received.text) + "\n")
        case "event":
            return WholeMessageFormat(lambda received: envelope(received, exchange, dialect) + "\n")
        case "pretty":
            return WholeMessageFormat(partial(pretty_text, colour=colour, width=width, max_rows=max_rows))
        case "rows":
            return RowsFormat(exchange, show_exchange)
        case "csv":
            from wscli.output.csv_format import CsvFormat, no_warning  # lazily: most streams do without

            known = columns_of((*dialect.channels, *dialect.queries) if dialect else ())
            return CsvFormat(
                tuple(columns) or known, exchange=exchange, escape_formulas=safe_csv, warn=warn or no_warning
            )
        case "table":
            return TableFormat(colour, width)
        case _:
            raise ValueError(f"no output format named {format!r}")  # the flags let none such through


def format_query_result(
    format: str, value: Json, *, colour: bool = False, width: int = 80, max_rows: int | None = None
) -> str:
    """Return what --query found, in a line (laid out with `pretty`; a text without its quotes with `raw`); "" for null.

    >>> format_query_result("json", {"p": "36500.10"})
    '{"p":"36500.10"}\\n'
    """
    if value is None:
        return ""
    match format:
        case "pretty":
            return (
                clipped_rows(
                    indented_json(written(value), colour=colour, width=width or 80),
                    width=width or 80,
                    max_rows=max_rows,
                )
                + "\n"
            )
        case "raw":
            return escape_surrogates(literal(value)) + "\n"
        case _:
            return written(value) + "\n"


# --- whole messages ------------------------------------------------------------------------------


@record
class WholeMessageFormat:
    """A format that shows the message and needs no rows."""

    render: Callable[[ReceivedMessage], str]
    needs_rows: bool = False

    def header(self) -> str:
        return ""

    def show(self, received: ReceivedMessage, rows: Sequence[Row]) -> str:
        return self.render(received)


def envelope(received: ReceivedMessage, exchange: str, dialect: Dialect | None = None) -> str:
    """Return one line of JSON: what the socket and the dialect know, round the message as it was received.

    {"time":1700000000000000000,"number":7,"connection":1,"exchange":"bybit","direction":"received","kind":"update",
    "channel":"trade","symbol":"BTCUSDT","symbols":["BTCUSDT"],"message":{…}}; time in
    ns since the epoch. The parameters that tell subscriptions apart follow the symbol, as in rows. What is not known is left out.
    """
    event = received.event
    about = {
        "time": received.received_ns,
        "number": received.number,
        "connection": received.connection,
        "exchange": exchange,
        "direction": "received",
        "kind": str(event.kind),
        "channel": event.channel,
        "symbol": event.symbols[0] if len(event.symbols) == 1 else None,
        "symbols": event.symbols,
        **(_subscription_parameters(dialect, event) if dialect is not None and event.subscription is not None else {}),
        "reason": event.reason,
        "code": event.code,
    }
    known = {name: value for name, value in about.items() if value is not None}
    said = written(known) if isinstance(event.code, float) else escape_surrogates(_encode(known))
    return f'{said[:-1]},"message":{compact_json(received)}}}'


def _subscription_parameters(dialect: Dialect, event: Event) -> Row:
    channel = channel_of(dialect, event)
    return parameters(channel, event) if channel is not None else {}


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _json_object(row: Row) -> str:
    """Return what `written` would, ten times as fast for a row of texts, which most rows are."""
    pairs = []
    for name, held in row.items():
        kind = type(held)
        if kind is str:
            said = encode_basestring(held)
        elif kind in _PLAIN_TYPES:
            said = literal(held)
        else:
            return written(row)
        pairs.append(f"{encode_basestring(name)}:{said}")
    return escape_surrogates(f"{{{','.join(pairs)}}}")


def pretty_text(
    received: ReceivedMessage, *, colour: bool = False, width: int = 80, max_rows: int | None = None
) -> str:
    """Return a line that says when (UTC), what and of what, then the message laid out."""
    event, width = received.event, width or 80
    if event.reason is None and event.code is None and len(received.text) <= SHORT_MESSAGE:
        said = _plain_heading(event.kind, event.channel, event.symbols, colour)
    else:
        said = _heading(event, colour)
    body = (
        indented_json(received.text, colour=colour, width=width)
        if is_json(received)
        else escape_controls(received.text)
    )
    return f"{_time_of_day(received.received_ns // 1_000_000, colour)} {said}\n{clipped_rows(body, width=width, max_rows=max_rows)}\n"


@lru_cache(maxsize=8)  # the messages of one reading share their time
def _time_of_day(ms: int, colour: bool) -> str:
    when = f"{time.strftime('%H:%M:%S', time.gmtime(ms // 1000))}.{ms % 1000:03d}Z"
    return f"{DIM}{when}{RESET}" if colour else when


@lru_cache(maxsize=256)
def _plain_heading(kind: Kind, channel: str | None, symbols: tuple[str, ...], colour: bool) -> str:
    return _heading(Event(kind, None, channel, symbols), colour)


def _heading(event: Event, colour: bool) -> str:
    said = summary(event)
    if event.reason is not None and event.kind not in (Kind.ERROR, Kind.STATUS):
        said += f": {event.reason}"
    said = escape_controls(said)
    return f"{RED if event.kind is Kind.ERROR else BOLD}{said}{RESET}" if colour else said


def note_line(received: ReceivedMessage) -> str:
    """Return a message in the words of one line for standard error, at most NOTE_WIDTH characters, safe to print.

    Kind, channel, symbols, and the venue's own words; the message itself where there are none.
    """
    event = received.event
    said = summary(event)
    words = event.reason is not None or event.code is not None
    match event.kind:
        case Kind.ERROR | Kind.STATUS | Kind.GAP | Kind.UNKNOWN:
            said = said if words else f"{said}: {_message_text(received)}"
        case Kind.HEARTBEAT | Kind.PONG:
            pass
        case _ if said == event.kind:
            said = f"{said}: {event.reason or _message_text(received)}"
    return clipped(escape_controls(said[: NOTE_WIDTH + 1]), NOTE_WIDTH)


def _message_text(received: ReceivedMessage) -> str:
    return compact_json(received) if is_json(received) else received.text


# --- labelled rows -------------------------------------------------------------------------------


class RowsFormat:
    """`rows`: a JSON object a row; a message without rows as one object that holds it whole, so that nothing is lost.

    show_exchange: whether each says first which exchange it is of.
    """

    needs_rows = True

    def __init__(self, exchange: str = "", show_exchange: Callable[[], bool] | None = None) -> None:
        self._exchange_column, self._show_exchange = {"exchange": exchange}, show_exchange

    def header(self) -> str:
        return ""

    def show(self, received: ReceivedMessage, rows: Sequence[Row]) -> str:
        head = self._exchange_column if self._show_exchange is not None and self._show_exchange() else {}
        if has_labels(rows):
            return "".join([_json_object({**head, **row} if head else row) + "\n" for row in rows])
        event = received.event
        about = {**head, "kind": str(event.kind), "channel": event.channel, "symbol": next(iter(event.symbols), None)}
        return f'{written(about)[:-1]},"message":{compact_json(received)}}}\n'


# --- a table for a person ------------------------------------------------------------------------

_NUMBER = re.compile(r"[+-]?[0-9]+(?P<rest>(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?)")
_SIDE_COLOURS = {"buy": GREEN, "bid": GREEN, "sell": RED, "ask": RED}
MAX_COLUMN_WIDTH = 40  # the most that a column is padded to
_COLUMN_SEPARATOR = "  "


@record(frozen=False)
class TableColumn:
    """What is remembered of a column: its width, and the room on both sides of the decimal point (in characters)."""

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


@record(frozen=False)
class TableFormat:
    """`table`: the rows in columns that widen as they must, numbers under one another by their decimal point.

    Each channel has its columns; the header is printed again when they are not those of the line above. A message
    without rows is one line of words.
    """

    colour: bool = False
    width: int = 80
    needs_rows: bool = True
    columns_by_channel: dict[str, dict[str, TableColumn]] = field(default_factory=dict)
    last_layout: tuple[Json, ...] = ()

    def header(self) -> str:
        return ""

    def show(self, received: ReceivedMessage, rows: Sequence[Row]) -> str:
        if not rows:
            said = note_line(received)
            return (clipped(said, self.width) if self.width else said) + "\n"
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
        style = _SIDE_COLOURS.get(row.get("side", "")) if self.colour else None
        if style is None or not row:
            return plain + "\n"
        names = list(padded)
        start = sum(len(padded[name]) + len(_COLUMN_SEPARATOR) for name in names[: names.index("side")])
        end = start + len(row["side"])
        return f"{plain[:start]}{style}{plain[start:end]}{RESET}{plain[end:]}\n"


def display_width(text: str) -> int:
    """Return how many places of a terminal a text takes: two for a wide character, none for a combining one.

    >>> display_width("BTC"), display_width("币安")
    (3, 4)
    """
    if text.isascii():
        return len(text)
    import unicodedata  # lazily: markets and words are ASCII

    return sum(
        0 if unicodedata.category(c) in ("Mn", "Me", "Cf") else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def clipped_to_width(text: str, width: int) -> str:
    """Return the beginning of `text` that fits, with … as its last character.

    >>> clipped_to_width("BTCUSDT", 4), clipped_to_width("币安人生", 4)
    ('BTC…', '币…')
    """
    taken = 0
    for at, c in enumerate(text):
        taken += display_width(c)
        if taken > width - 1:
            return text[:at] + "…"
    return text
