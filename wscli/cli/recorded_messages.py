"""The entries of a recording as the session had them: messages, requests, gaps."""

from __future__ import annotations

from collections.abc import Sequence

from wscli.dialect import Dialect
from wscli.errors import UsageError
from wscli.exchanges import find
from wscli.model import Command, Event, Json, Kind, Ping, Received, State, literal, parsed, written
from wscli.plain import PLAIN
from wscli.recording_lines import Entry


def value_of(text: str) -> Json:
    try:
        return parsed(text)
    except ValueError:
        return text


def commands_in(dialect: Dialect, text: str) -> Sequence[Command]:
    wire = value_of(text)
    asked = dialect.asked(wire) if isinstance(wire, dict) else None
    return asked.commands if asked is not None else ()


def received_of(dialect: Dialect, state: State, entry: Entry) -> Received:
    """Return a message as the session made it."""
    reason = _unreadable(dialect, entry)
    if reason is None:
        event = dialect.decode(value_of(entry.text), state)
    else:
        event = Event(Kind.UNKNOWN, entry.text, reason=reason)
    return Received(event, entry.text, entry.ns, entry.number, entry.connection, entry.binary)


def _unreadable(dialect: Dialect, entry: Entry) -> str | None:
    """Return why a frame's bytes were no text, where they were recorded as 0x…; None for text."""
    if not entry.text.startswith("0x"):
        return None
    try:
        data = bytes.fromhex(entry.text[2:])
    except ValueError:
        return None
    try:
        _ = dialect.inflate(data) if entry.binary else data.decode()
    except ValueError as error:
        return str(error)
    return None


def gap_of(entry: Entry) -> Received:
    """Return a gap as the stream shows it: a message of our own."""
    known = {name: value for name, value in entry.about.items() if name not in ("event", "reason")}
    payload = {"gap": {**known, "connection": entry.connection}}
    reason = entry.about.get("reason")
    event = Event(Kind.GAP, payload, reason=None if reason is None else literal(reason))
    return Received(event, written(payload), entry.ns, 0, entry.connection)


def answers_ping(state: State, event: Event) -> bool:
    """Say whether an event answers a ping, which is mostly the keep-alive's: nobody asked to see it."""
    asked = state.pending.get(event.request_id) if event.request_id is not None else None
    return asked is not None and any(isinstance(command, Ping) for command in asked.commands)


def dialect_of(exchange: str, api: str | None = None) -> Dialect:
    if exchange == PLAIN.name:
        return PLAIN
    try:
        return find(exchange, api)
    except UsageError as error:
        raise UsageError(f"the recording is of {exchange!r}, which this wscli does not know", error.hint) from error
