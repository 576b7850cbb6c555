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
from wscli.core.messages import Event, Kind, Received, summary
from wscli.core.record import field, value
from wscli.output.json_layout import (
    BOLD,
    DIM,
    GREEN,
    RED,
    RESET,
    SHORT,
    clipped,
    compact,
    cut,
    encodable,
    is_json,
    laid_out,
    safe,
)
from wscli.output.rows import Row, channel_of, labels, parameters
from wscli.output.rows import columns as columns_of

__all__ = ["View", "compact", "make", "note", "project", "safe"]

_PLAIN = frozenset({int, bool, type(None)})
NOTE_WIDTH = 300  # characters of a line on standard error


class View(Protocol):
    """One output format. Lines are complete and end in a newline; "" is nothing to say.

    wants_rows: `show` needs the rows; the others are given none. head: what comes before everything else.
    """

    @property
    def wants_rows(self) -> bool: ...

    def head(self) -> str: ...

    def show(self, received: Received, rows: Sequence[Row]) -> str: ...


def make(
    format: str,
    *,
    exchange: str,
    dialect: Dialect | None,
    columns: Sequence[str] = (),
    colour: bool = False,
    width: int = 80,
    limit: int | None = None,
    safe_csv: bool = False,
    named: Callable[[], bool] | None = None,
    tell: Callable[[str], None] | None = None,
) -> View:
    """Return the view of that name. Raises ValueError for a name that is none.

    columns: of csv, fixed for good (all of the dialect's channels where none are given). width: of the screen, for
    `pretty` and `table`; 0 cuts nothing. limit: rows of the screen that one `pretty` message may take. safe_csv: nothing in
    csv is a formula to a spreadsheet. named: whether rows say which exchange they are of; tell: is told what csv leaves out.
    """
    match format:
        case "json":
            return Whole(lambda received: compact(received) + "\n")
        case "raw":
            return Whole(lambda received: encodable(received.text) + "\n")
        case "event":
            return Whole(lambda received: enveloped(received, exchange, dialect) + "\n")
        case "pretty":
            return Whole(partial(pretty, colour=colour, width=width, limit=limit))
        case "rows":
            return Labelled(exchange, named)
        case "csv":
            from wscli.output.csv_format import Csv, unsaid  # lazily: most streams do without

            known = columns_of((*dialect.channels, *dialect.queries) if dialect else ())
            return Csv(tuple(columns) or known, exchange=exchange, safe=safe_csv, tell=tell or unsaid)
        case "table":
            return Table(colour, width)
        case _:
            raise ValueError(f"no output format named {format!r}")  # the flags let none such through


def project(format: str, value: Json, *, colour: bool = False, width: int = 80, limit: int | None = None) -> str:
    """Return what --query found, in a line (laid out with `pretty`; a text without its quotes with `raw`); "" for null.

    >>> project("json", {"p": "36500.10"})
    '{"p":"36500.10"}\\n'
    """
    if value is None:
        return ""
    match format:
        case "pretty":
            return (
                cut(laid_out(written(value), colour=colour, width=width or 80), width=width or 80, limit=limit) + "\n"
            )
        case "raw":
            return encodable(literal(value)) + "\n"
        case _:
            return written(value) + "\n"


# --- whole messages ------------------------------------------------------------------------------


@value
class Whole:
    """A format that shows the message and needs no rows."""

    text: Callable[[Received], str]
    wants_rows: bool = False

    def head(self) -> str:
        return ""

    def show(self, received: Received, rows: Sequence[Row]) -> str:
        return self.text(received)


def enveloped(received: Received, exchange: str, dialect: Dialect | None = None) -> str:
    """Return one line of JSON: what the socket and the dialect know, round the message as it was received.

    {"time":1700000000000000000,"number":7,"connection":1,"exchange":"bybit","direction":"received","kind":"update",
    "channel":"trade","symbol":"BTCUSDT","symbols":["BTCUSDT"],"message":{…}}; time in
    ns since the epoch. The parameters that tell subscriptions apart follow the symbol, as in rows. What is not known is left out.
    """
    event = received.event
    about = {
        "time": received.ns,
        "number": received.number,
        "connection": received.connection,
        "exchange": exchange,
        "direction": "received",
        "kind": str(event.kind),
        "channel": event.channel,
        "symbol": event.symbols[0] if len(event.symbols) == 1 else None,
        "symbols": event.symbols,
        **(_asked(dialect, event) if dialect is not None and event.subscription is not None else {}),
        "reason": event.reason,
        "code": event.code,
    }
    known = {name: value for name, value in about.items() if value is not None}
    said = written(known) if isinstance(event.code, float) else encodable(_encode(known))
    return f'{said[:-1]},"message":{compact(received)}}}'


def _asked(dialect: Dialect, event: Event) -> Row:
    channel = channel_of(dialect, event)
    return parameters(channel, event) if channel is not None else {}


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _object(row: Row) -> str:
    """Return what `written` would, ten times as fast for a row of texts, which most rows are."""
    pairs = []
    for name, held in row.items():
        kind = type(held)
        if kind is str:
            said = encode_basestring(held)
        elif kind in _PLAIN:
            said = literal(held)
        else:
            return written(row)
        pairs.append(f"{encode_basestring(name)}:{said}")
    return encodable(f"{{{','.join(pairs)}}}")


def pretty(received: Received, *, colour: bool = False, width: int = 80, limit: int | None = None) -> str:
    """Return a line that says when (UTC), what and of what, then the message laid out."""
    event, width = received.event, width or 80
    if event.reason is None and event.code is None and len(received.text) <= SHORT:
        said = _bare_head(event.kind, event.channel, event.symbols, colour)
    else:
        said = _head(event, colour)
    body = laid_out(received.text, colour=colour, width=width) if is_json(received) else safe(received.text)
    return f"{_when(received.ns // 1_000_000, colour)} {said}\n{cut(body, width=width, limit=limit)}\n"


@lru_cache(maxsize=8)  # the messages of one reading share their time
def _when(ms: int, colour: bool) -> str:
    when = f"{time.strftime('%H:%M:%S', time.gmtime(ms // 1000))}.{ms % 1000:03d}Z"
    return f"{DIM}{when}{RESET}" if colour else when


@lru_cache(maxsize=256)
def _bare_head(kind: Kind, channel: str | None, symbols: tuple[str, ...], colour: bool) -> str:
    return _head(Event(kind, None, channel, symbols), colour)


def _head(event: Event, colour: bool) -> str:
    said = summary(event)
    if event.reason is not None and event.kind not in (Kind.ERROR, Kind.STATUS):
        said += f": {event.reason}"
    said = safe(said)
    return f"{RED if event.kind is Kind.ERROR else BOLD}{said}{RESET}" if colour else said


def note(received: Received) -> str:
    """Return a message in the words of one line for standard error, at most NOTE_WIDTH characters, safe to print.

    Kind, channel, symbols, and the venue's own words; the message itself where there are none.
    """
    event = received.event
    said = summary(event)
    words = event.reason is not None or event.code is not None
    match event.kind:
        case Kind.ERROR | Kind.STATUS | Kind.GAP | Kind.UNKNOWN:
            said = said if words else f"{said}: {_words(received)}"
        case Kind.HEARTBEAT | Kind.PONG:
            pass
        case _ if said == event.kind:
            said = f"{said}: {event.reason or _words(received)}"
    return clipped(safe(said[: NOTE_WIDTH + 1]), NOTE_WIDTH)


def _words(received: Received) -> str:
    return compact(received) if is_json(received) else received.text


# --- labelled rows -------------------------------------------------------------------------------


class Labelled:
    """`rows`: a JSON object a row; a message without rows as one object that holds it whole, so that nothing is lost.

    named: whether each says first which exchange it is of.
    """

    wants_rows = True

    def __init__(self, exchange: str = "", named: Callable[[], bool] | None = None) -> None:
        self._head, self._named = {"exchange": exchange}, named

    def head(self) -> str:
        return ""

    def show(self, received: Received, rows: Sequence[Row]) -> str:
        head = self._head if self._named is not None and self._named() else {}
        if labels(rows):
            return "".join([_object({**head, **row} if head else row) + "\n" for row in rows])
        event = received.event
        about = {**head, "kind": str(event.kind), "channel": event.channel, "symbol": next(iter(event.symbols), None)}
        return f'{written(about)[:-1]},"message":{compact(received)}}}\n'


# --- a table for a person ------------------------------------------------------------------------

_NUMBER = re.compile(r"[+-]?[0-9]+(?P<rest>(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?)")
_SIDES = {"buy": GREEN, "bid": GREEN, "sell": RED, "ask": RED}
WIDEST = 40  # the most that a column is padded to
_GAP = "  "


@value(frozen=False)
class Column:
    """What is remembered of a column: its width, and the room on both sides of the decimal point (in characters)."""

    width: int
    whole: int = 0
    rest: int = 0

    def widen(self, cell: str) -> None:
        if number := _NUMBER.fullmatch(cell):
            rest = len(number["rest"])
            self.whole = min(max(self.whole, len(cell) - rest), WIDEST)
            self.rest = min(max(self.rest, rest), WIDEST)
        self.width = min(max(self.width, self.whole + self.rest, wide(cell)), WIDEST)

    def padded(self, cell: str) -> str:
        if number := _NUMBER.fullmatch(cell):
            cell = (cell + " " * (self.rest - len(number["rest"]))).rjust(self.width)
        return cell + " " * (self.width - wide(cell))

    def heading(self, name: str) -> str:
        return name.rjust(self.width) if self.whole else name + " " * (self.width - wide(name))


@value(frozen=False)
class Table:
    """`table`: the rows in columns that widen as they must, numbers under one another by their decimal point.

    Each channel has its columns; the header is printed again when they are not those of the line above. A message
    without rows is one line of words.
    """

    colour: bool = False
    width: int = 80
    wants_rows: bool = True
    channels: dict[str, dict[str, Column]] = field(default_factory=dict)
    above: tuple[Json, ...] = ()

    def head(self) -> str:
        return ""

    def show(self, received: Received, rows: Sequence[Row]) -> str:
        if not rows:
            said = note(received)
            return (clipped(said, self.width) if self.width else said) + "\n"
        lines = []
        cells = [{name: "" if v is None else safe(literal(v)) for name, v in row.items()} for row in rows]
        remembered = self.channels.setdefault(literal(rows[0].get("channel")), {})  # a row's may be any JSON
        for row in cells:
            for name, cell in row.items():
                remembered.setdefault(name, Column(wide(safe(name)))).widen(cell)
        layout = (rows[0].get("channel"), *remembered)
        if layout != self.above:
            self.above = layout
            headings = {name: column.heading(safe(name)) for name, column in remembered.items()}
            lines.append(self._line(headings, {}))
        for row in cells:
            padded = {name: column.padded(row.get(name, "")) for name, column in remembered.items()}
            lines.append(self._line(padded, row))
        return "".join(lines)

    def _line(self, padded: Mapping[str, str], row: Mapping[str, str]) -> str:
        plain = _GAP.join(padded.values()).rstrip()
        if self.width and wide(plain) > self.width:
            plain = narrowed(plain, self.width)
        style = _SIDES.get(row.get("side", "")) if self.colour else None
        if style is None or not row:
            return plain + "\n"
        names = list(padded)
        start = sum(len(padded[name]) + len(_GAP) for name in names[: names.index("side")])
        end = start + len(row["side"])
        return f"{plain[:start]}{style}{plain[start:end]}{RESET}{plain[end:]}\n"


def wide(text: str) -> int:
    """Return how many places of a terminal a text takes: two for a wide character, none for a combining one.

    >>> wide("BTC"), wide("币安")
    (3, 4)
    """
    if text.isascii():
        return len(text)
    import unicodedata  # lazily: markets and words are ASCII

    return sum(
        0 if unicodedata.category(c) in ("Mn", "Me", "Cf") else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def narrowed(text: str, places: int) -> str:
    """Return the beginning of `text` that fits, with … as its last character.

    >>> narrowed("BTCUSDT", 4), narrowed("币安人生", 4)
    ('BTC…', '币…')
    """
    taken = 0
    for at, c in enumerate(text):
        taken += wide(c)
        if taken > places - 1:
            return text[:at] + "…"
    return text
