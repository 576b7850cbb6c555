"""What a message means, in words: its rows with the units and notes of the catalogue, its code, or that it is undocumented."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from wscli.core.catalogue import Channel, Field
from wscli.core.dialect import Dialect
from wscli.core.jsontext import Json, literal
from wscli.core.messages import COUNTED_KINDS, DATA_KINDS, Event, Kind, Query, ReceivedMessage, request_text
from wscli.core.tables.listing import ListColumn, list_text, wrapped
from wscli.core.tables.text_width import display_width
from wscli.output.json_layout import escape_controls, indented_json, is_json
from wscli.output.rows import Row, channel_of, has_labels, parameters, rows_of

CONTINUED = "  "  # before a line that belongs to the one above
MAX_LEVELS = 10  # of a book, shared by its sides; the rest is counted


def explanation(dialect: Dialect, received: ReceivedMessage, width: int = 0) -> str:
    r"""Return a message explained for a user: lines, each ending in a newline, safe to print. width: of the screen, within which values and
    notes wrap; 0 for none.

    snapshot trade BTCUSDT
    side   buy                      side of the taker
    price  36500.2  quote per base
    """
    event = received.event
    blocks = [_headline(event, width), *_code_and_reason(dialect, event, width)]
    found = list(rows_of(dialect, event))
    if has_labels(found):
        blocks.append(_row_blocks(dialect, event, found, width))
    elif event.kind is Kind.UNKNOWN or event.kind in COUNTED_KINDS:
        channel = channel_of(dialect, event)
        if event.kind is Kind.UNKNOWN or channel is None or channel.layouts:
            blocks.append("not in the catalogue\n")
        blocks.append((indented_json(received.text) if is_json(received) else escape_controls(received.text)) + "\n")
    return "".join(blocks)


def explanation_rows(dialect: Dialect, event: Event) -> list[Row]:
    """Return the rows of an event; for one without rows, one object with what is known of it.

    {"kind":"error","channel":"trade","symbol":"BTCUSDT","code":"10001","reason":"…","meaning":"bad parameter"}; what is not
    known is left out. Data without labels is kept whole, as `message`.
    """
    found = list(rows_of(dialect, event))
    if has_labels(found):
        return found
    known: dict[str, Json] = {
        "kind": str(event.kind),
        "channel": event.channel,
        "symbol": " ".join(event.symbols) or None,
        "code": event.code if isinstance(event.code, str | None) else literal(event.code),
        "reason": event.reason,
        "meaning": code_meaning(dialect, event),
        "message": event.payload if event.kind in DATA_KINDS else None,
    }
    return [{name: value for name, value in known.items() if value is not None}]


def code_meaning(dialect: Dialect, event: Event) -> str | None:
    """Return what the catalogue knows of an event's code together with its words, else of its code, else of its words.

    Words that stand for themselves ("Params Error") are looked up with and without the full stop at their end.
    """
    code, words = literal(event.code) if event.code is not None else "", event.reason or ""
    found = (
        dialect.facts.code_meanings.get(name)
        for name in (f"{code} {words}".strip(), code, words, words.rstrip("."))
        if name
    )
    return next((known for known in found if known is not None), None)


def _headline(event: Event, width: int) -> str:
    text = " ".join([str(event.kind), *([event.channel] if event.channel else []), *event.symbols])
    if event.subscription is None:
        return _wrapped(escape_controls(text), width)
    verb = "queried as" if isinstance(event.subscription, Query) else "subscribed as"
    return _wrapped(escape_controls(f"{text} ({verb}: {request_text(event.subscription)})"), width)


def _wrapped(text: str, width: int) -> str:
    lines = wrapped(text, width - len(CONTINUED)) if 0 < width < display_width(text) else [text]
    return f"\n{CONTINUED}".join(lines) + "\n"


def _code_and_reason(dialect: Dialect, event: Event, width: int) -> Iterator[str]:
    facts = {"code": event.code, "meaning": code_meaning(dialect, event), "reason": event.reason}
    known = [(name, escape_controls(literal(value)), "", "") for name, value in facts.items() if value is not None]
    if known:
        yield _aligned(known, width)


def _row_blocks(dialect: Dialect, event: Event, rows: Sequence[Row], width: int) -> str:
    channel = channel_of(dialect, event)
    shown = _best_levels(rows) if channel is not None and channel.is_book else rows
    fields = _fields(channel, event)
    facts = parameters(channel, event) if channel is not None else {}  # the headline says what it was subscribed as
    text = "\n".join(_aligned([*_row_lines(row, fields, event, facts)], width) for row in shown)
    left = len(rows) - len(shown)
    return f"{text}\n… {left:,} more level{'s'[: left > 1]}\n" if left else text


def _best_levels(rows: Sequence[Row]) -> Sequence[Row]:
    """Return the first levels of a book, the same number of each side."""
    sides = dict.fromkeys(literal(row.get("side")) for row in rows)
    each = MAX_LEVELS // min(len(sides), MAX_LEVELS)
    return [row for side in sides for row in [r for r in rows if literal(r.get("side")) == side][:each]]


def _fields(channel: Channel | None, event: Event) -> Mapping[str, Field]:
    """Return the catalogue's fields by name: those of the layouts that the message uses."""
    if channel is None:
        return {}
    used = dict.fromkeys(item.layout for item in channel.unpack(event))
    return {field.name: field for layout in reversed(used) for field in channel.layouts.get(layout, ())}


def _row_lines(
    row: Row, fields: Mapping[str, Field], event: Event, already_shown: Collection[str]
) -> Iterator[tuple[str, str, str, str]]:
    for name, value in row.items():
        is_known = name in ("kind", "channel", *already_shown) or (
            name == "symbol" and (value is None or (value,) == event.symbols)
        )
        if not is_known:
            field = fields.get(name)
            yield (
                escape_controls(name),
                escape_controls(literal(value)),
                *((field.unit, field.note) if field else ("", "")),
            )


def _aligned(lines: Sequence[tuple[str, str, str, str]], width: int) -> str:
    """Return name, value, unit and note in aligned columns; an empty column takes no space."""
    if width:
        kept = [at for at in range(4) if any(line[at] for line in lines)]
        layout = [ListColumn(wraps=at in (1, 3), importance=-at) for at in kept]
        return list_text(layout, [[line[at] for at in kept] for line in lines], width)
    widths = [min(max((len(line[at]) for line in lines), default=0), 40) for at in range(4)]
    columns = [at for at in range(4) if widths[at]]
    return "".join("  ".join(line[at].ljust(widths[at]) for at in columns).rstrip() + "\n" for line in lines)
