"""The catalogue as pages of text: parameters, fields and examples of a channel. For `channels`, and for the prompt's help."""

from __future__ import annotations

from collections.abc import Sequence
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
from wscli.core.tables.listing import aligned_columns

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


def overview(entries: Sequence[CatalogueEntry]) -> str:
    """Return a line for each entry: name, kind, wire name, parameters, summary."""
    table = [("NAME", "TYPE", "WIRE NAME", "PARAMETERS", "WHAT IT IS")]
    table += [(c.name, _kind(kind, c), c.wire_name, _params(kind, c), c.summary) for kind, c in entries]
    return aligned_columns(table)


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
    dialect: Dialect, kind: str, channel: Channel, *, received: str, example_prefix: str | None = None
) -> str:
    """Return the page of an entry. received: a message of it, or "". example_prefix: what its example begins with; "wscli bybit " by default."""
    pin = (
        f"--api {dialect.api.name} " if dialect.facts.successor is not None else ""
    )  # else its words may mean the successor
    example_prefix = (
        f"wscli {dialect.name} {pin}" if example_prefix is None else f"{example_prefix}{pin}" if example_prefix else ""
    )
    verb = VERB_OF_KIND[kind]
    lines = [f"{dialect.name} {channel.name}: {channel.summary} ({_kind(kind, channel)})"]
    lines.append(f"  api         {dialect.api.name}{_status_note(dialect)}")
    lines += [f"  successor   {line}" for line in _successor_lines(dialect, kind, channel)]
    if channel.wire_name:
        lines.append(f"  wire name   {channel.wire_name}")
    if kind != "frame":
        lines.append(f"  symbols     {_symbols(dialect, channel)}")
    if channel.update_rate:
        lines.append(f"  updates     {channel.update_rate}")
    if channel.replaces_previous:
        lines.append("  note        a new request replaces the list, so wscli always sends all of it")
    for param in channel.params:
        default = (
            f", default {_value_text(param.default)}"
            if param.default is not None
            else ", optional"
            if param.optional
            else ""
        )
        note = f"  ({param.note})" if param.note else ""
        lines.append(f"  {param.name:<11} {allowed_text(param)}{default}{note}")
    for name, fields in channel.layouts.items():
        lines.append(f"  fields{'' if name == 'row' else f' of {name}'}")
        lines += [f"  {line}" for line in aligned_columns([FIELD_HEADINGS, *map(_field, fields)]).splitlines()]
    if kind == "frame":
        lines.append(f"  example     {example_prefix}send '{channel.example}'")
    else:
        lines.append(f"  example     {example_prefix}{verb} {channel.example or channel.name}")
        lines += [f"  sends       {frame}" for frame in example_frames(dialect, verb, channel)]
    if received:
        lines.append(f"  receives    {received}")
    if channel.docs or dialect.facts.docs:
        lines.append(f"  documented  {channel.docs or dialect.facts.docs}")
    return "\n".join(lines) + "\n"


FIELD_HEADINGS = ("  ", "KEY", "NAME", "UNIT", "NOTE")  # the key of a field in the message, its name in rows
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
    return ("  ", str(field.key), names, unit, note)


def example_frames(dialect: Dialect, verb: str, channel: Channel) -> list[str]:
    """Return the frames that the channel's example sends, with fixed time and ids, secrets as ***."""
    if verb == "send":
        return [channel.example]
    commands = parse(dialect, verb, (channel.example or channel.name).split())
    context = RequestContext(1_700_000_000_000_000_000, count(1), lambda: UUID(int=0))
    state = State(login_result=LoginResult(Secret("***"), None)) if needs_login(dialect, commands) else State()
    return [written(frame) for frame in dialect.codec.encode(commands, state, context)]
