"""The catalogue as pages of text: parameters, fields and examples of a channel. For `channels`, and for the prompt's help."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count
from uuid import UUID

from wscli.commands.checks import allowed_text
from wscli.commands.parser import needs_login, parse
from wscli.commands.retired import successor_command
from wscli.core.catalogue import Channel, Field, Param
from wscli.core.dialect import Dialect
from wscli.core.errors import UsageError, choices
from wscli.core.jsontext import Json, Secret, written
from wscli.core.messages import LoginResult, RequestContext, State
from wscli.core.tables.listing import MIN_WRAPPED_WIDTH, ListColumn, list_text, wrapped
from wscli.core.tables.text_width import display_width

CatalogueEntry = tuple[str, Channel]  # "channel", "query" or "frame" (which only send can say), and what it is


def entries(dialect: Dialect) -> list[CatalogueEntry]:
    return [(kind, c) for kind, those in _channels_by_kind(dialect) for c in those]


def _channels_by_kind(dialect: Dialect) -> list[tuple[str, tuple[Channel, ...]]]:
    return [("channel", dialect.facts.channels), ("query", dialect.facts.queries), ("frame", dialect.facts.send_only)]


def api_status(dialect: Dialect) -> str:
    """Return the status of an API: "bybit v5: live (its documentation of 2026-07 …)"."""
    api = dialect.api
    status = api.status if api.status == "live" else f"{api.status} {api.since}"
    return f"{dialect.name} {api.name}: {status} ({api.source})"


def entries_named(dialect: Dialect, name: str | None) -> list[CatalogueEntry]:
    """Return the entries of a name (a channel and a query may share it), or all entries. Raises UsageError."""
    named = [(kind, c) for kind, c in entries(dialect) if name is None or name == c.name or name in c.templates]
    if not named and name is not None:
        names = [*dict.fromkeys(c.name for _, c in entries(dialect))]
        raise UsageError(
            f"{dialect.name} has no channel named {name!r}",
            choices(name, names),
            word=name,
        )
    return named


OVERVIEW_COLUMNS = (
    ListColumn("NAME", importance=9),
    ListColumn("TYPE", importance=7),
    ListColumn("WIRE NAME", importance=5),
    ListColumn("PARAMETERS", importance=6),
    ListColumn("WHAT IT IS", wraps=True, importance=8),
)


NARROW_OVERVIEW_COLUMNS = (*OVERVIEW_COLUMNS[:2], ListColumn("WHAT IT IS (channels NAME shows more)", wraps=True))
NARROW_WIDTH = 100  # columns of a screen below which wire names and parameters are left out of the overview


def overview(entries: Sequence[CatalogueEntry], width: int = 0) -> str:
    """Return a line for each entry: name, kind, wire name, parameters, summary. width: of the screen; 0 wraps nothing."""
    rows = [overview_row(kind, c) for kind, c in entries]
    if 0 < width < NARROW_WIDTH:
        return list_text(NARROW_OVERVIEW_COLUMNS, [(name, kind, summary) for name, kind, *_, summary in rows], width)
    return list_text(OVERVIEW_COLUMNS, rows, width)


def overview_row(kind: str, channel: Channel) -> tuple[str, ...]:
    return channel.name, _kind(kind, channel), channel.wire_name, _params(kind, channel), channel.summary


def _params(kind: str, channel: Channel) -> str:
    return "" if kind == "frame" else " ".join(_param(p) for p in channel.params)


def _kind(kind: str, channel: Channel) -> str:
    return ("private " if channel.private else "") + kind


def _param(param: Param) -> str:
    if param.default is not None:
        return f"{param.name}={_value_text(param.default)}"
    return f"[{param.name}]" if param.optional else f"{param.name}=…"


def _value_text(value: Json) -> str:
    return value if isinstance(value, str) else written(value)


def entry_page(
    dialect: Dialect, kind: str, channel: Channel, *, received: str, example_prefix: str | None = None, width: int = 0
) -> str:
    """Return the page of an entry. received: a message of it, or "". example_prefix: what its example begins with; "wscli bybit " by default.

    width: of the screen, to which lines are wrapped; 0 wraps none.
    """
    title = f"{dialect.name} {channel.name}: {channel.summary} ({_kind(kind, channel)})"
    lines = wrapped(title, width) if width else [title]
    for label, text in _facts(dialect, kind, channel):
        lines += labelled_lines(label, text, width)
    for name, fields in channel.layouts.items():
        lines.append(f"  fields{'' if name == 'row' else f' of {name}'}")
        table = list_text(FIELD_COLUMNS, map(_field, fields), max(width - 6, 1) if width else 0)
        lines += [f"      {line}" for line in table.splitlines()]
    for label, text in _examples(dialect, kind, channel, example_prefix):
        lines += labelled_lines(label, text, width)
    if received:
        lines += labelled_lines("receives", received, width)
    if channel.docs or dialect.facts.docs:
        lines += labelled_lines("documented", channel.docs or dialect.facts.docs, width)
    return "\n".join(lines) + "\n"


def labelled_lines(label: str, text: str, width: int) -> list[str]:
    """Return a text behind its label, the lines after the first below its beginning; width 0: one line.

    >>> print("\\n".join(labelled_lines("symbols", "one or more, in capitals", 32)))
      symbols     one or more, in
                  capitals
    """
    head = f"  {label:<11} "
    if not width or len(head) + display_width(text) <= width:
        return [head + text]
    room = max(width - len(head), MIN_WRAPPED_WIDTH)
    first, *rest = wrapped_json(text, room) if text[:1] in ("{", "[") else wrapped(text, room)
    return [head + first, *(" " * len(head) + line for line in rest)]


_JSON_PIECE = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^",])*,?')  # up to a comma outside of texts


def wrapped_json(text: str, width: int) -> list[str]:
    """Return JSON in lines of at most `width` columns, broken behind commas where that is possible: it stays JSON when it is copied.

    >>> wrapped_json('{"op":"subscribe","args":["a,b","c"]}', 20)
    ['{"op":"subscribe",', '"args":["a,b","c"]}']
    """
    lines, line = [], ""
    for piece in filter(None, _JSON_PIECE.findall(text)):
        if line and display_width(line) + display_width(piece) > width:
            lines.append(line)
            line = ""
        line += piece
    return [part for one in [*lines, line] for part in wrapped(one, width)]


def _facts(dialect: Dialect, kind: str, channel: Channel) -> Iterator[tuple[str, str]]:
    """Yield what an entry is, each fact with its label."""
    yield "api", f"{dialect.api.name}{_status_note(dialect)}"
    yield from (("successor", line) for line in _successor_lines(dialect, kind, channel))
    if channel.wire_name:
        yield "wire name", channel.wire_name
    if kind != "frame":
        yield "symbols", _symbols(dialect, channel)
    if channel.update_rate:
        yield "updates", channel.update_rate
    if channel.replaces_previous:
        yield "note", "a new request replaces the list, so wscli always sends all of it"
    for param in channel.params:
        default = ", optional" if param.optional else ""
        default = f", default {_value_text(param.default)}" if param.default is not None else default
        yield param.name, f"{allowed_text(param)}{default}{f'  ({param.note})' if param.note else ''}"


def _examples(dialect: Dialect, kind: str, channel: Channel, example_prefix: str | None) -> Iterator[tuple[str, str]]:
    """Yield what is typed for an entry, and what is sent."""
    pin = (
        f"--api {dialect.api.name} " if dialect.facts.successor is not None else ""
    )  # else its words may mean the successor
    prefix = (
        f"wscli {dialect.name} {pin}" if example_prefix is None else f"{example_prefix}{pin}" if example_prefix else ""
    )
    verb = VERB_OF_KIND[kind]
    if kind == "frame":
        yield "example", f"{prefix}send '{channel.example}'"
        return
    yield "example", f"{prefix}{verb} {channel.example or channel.name}"
    yield from (("sends", frame) for frame in example_frames(dialect, verb, channel))


FIELD_COLUMNS = (  # the key of a field in the message, its name in rows
    ListColumn("KEY", importance=7),
    ListColumn("NAME", importance=9),
    ListColumn("UNIT", wraps=True, importance=6),
    ListColumn("NOTE", wraps=True, importance=8),
)
VERB_OF_KIND = {"channel": "subscribe", "query": "query", "frame": "send"}


def _status_note(dialect: Dialect) -> str:
    api = dialect.api
    return "" if api.status == "live" else f", {api.status} {api.since}"


def _successor_lines(dialect: Dialect, kind: str, channel: Channel) -> list[str]:
    """Return what replaces a channel of an API that is not live, as commands that work as typed."""
    if dialect.facts.successor is None or kind != "channel":
        return []
    commands = parse(dialect, "subscribe", (channel.example or channel.name).split())
    words = next((there for c in commands if (there := successor_command(dialect, c)) is not None), None)
    api = dialect.facts.successor.api
    return [f"{api}: {' '.join(words)}" if words is not None else f"{api} has no equivalent"]


def _symbols(dialect: Dialect, channel: Channel) -> str:
    least, most = channel.symbol_limits
    shape = channel.symbol_spelling or dialect.facts.symbol_spelling
    if most == 0:
        return "none"
    many = "one" if most == 1 else "one or more" if most is None else f"up to {most}"
    optional = ", or none for all" if least == 0 else ""
    return f"{many}, {shape.description}, like {shape.example}{optional}"


def _field(field: Field) -> tuple[str, ...]:
    unit = f"time, sent in {field.type}" if field.type in ("s", "ms", "us") else field.unit
    words = ", ".join(f"{code} = {word}" for code, word in field.code_names.items())
    note = "; ".join(part for part in (words, field.note, field.wire_note) if part)
    names = f"side, {field.name}" if field.type == "signed" else field.name
    return str(field.key), names, unit, note


def example_frames(dialect: Dialect, verb: str, channel: Channel) -> list[str]:
    """Return the frames that the channel's example sends, with fixed time and ids, secrets as ***."""
    if verb == "send":
        return [channel.example]
    commands = parse(dialect, verb, (channel.example or channel.name).split())
    context = RequestContext(1_700_000_000_000_000_000, count(1), lambda: UUID(int=0))
    state = State(login_result=LoginResult(Secret("***"), None)) if needs_login(dialect, commands) else State()
    return [written(frame) for frame in dialect.codec.encode(commands, state, context)]
