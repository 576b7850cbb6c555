"""What an exchange may say: every dialect's decode, learn, answer, rows, and every view of it. Nothing may raise.

The first byte chooses the API of an exchange, the second a moment of its transcript (a state, and the message that came then), the rest
is either a text of its own or tells how that message is changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from tests.fuzz.transcripts import STAMP, json_or_text, moments
from wscli.core.dialect import Dialect
from wscli.core.jsontext import written
from wscli.core.messages import ReceivedMessage, State
from wscli.core.registry import FORMATS
from wscli.exchanges import DIALECTS
from wscli.output.explain import explanation, explanation_rows
from wscli.output.formats import make_format
from wscli.output.note_line import note_line
from wscli.output.rows import rows_of
from wscli.output.terminal_safe import TerminalSafeFormat

ODD: list[Any] = [
    None, True, False, 0, -1, 10**30, "", "x", "0", "-1.50", "1e999999999", "\ud800", "\x1b[2J", "\u202e", "9" * 5000,
    [], [[]], [[], [[]]], {}, {"a": {}}, {"event": []}, ["hb"], [None], {"": ""}, [1, 2, 3, 4, 5, 6, 7, 8],
]  # fmt: skip
DEEP = '{"a":' * 5000 + "1" + "}" * 5000


def one(data: bytes) -> None:
    if len(data) < 4:
        return
    dialect = DIALECTS[data[0] % len(DIALECTS)]
    known = moments(dialect)
    state, text = known[(data[1] | (data[2] & 3) << 8) % len(known)]
    if data[2] & 4:
        text = data[3:].decode("utf-8", "replace")
    elif data[2] & 8:
        text = DEEP if data[3] == 0 else text[: data[3]] + DEEP
    else:
        value = json_or_text(text)
        for at in range(3, len(data) - 2, 3):
            value = changed(value, data[at], data[at + 1], data[at + 2], known)
        text = written(value)
    check(dialect, state, text)


def check(dialect: Dialect, state: State, text: str) -> None:
    """Hear a text in a state, and show it in every way there is."""
    payload = json_or_text(text)
    event = dialect.codec.decode(payload, state)
    after = dialect.codec.learn(state, event)
    dialect.codec.answer(event, STAMP)
    dialect.codec.requested_action(event)
    dialect.codec.decode(payload, after)
    if isinstance(payload, dict):
        requested = dialect.codec.request_of(payload)
        if requested is not None:
            dialect.codec.decode(payload, dialect.codec.learn(after, payload))
    received = ReceivedMessage(event, text, 1, 1)
    rows = tuple(rows_of(dialect, event))
    harmless(note_line(received))
    explanation(dialect, received)
    explanation_rows(dialect, event)
    for format in FORMATS:
        view = make_format(format, exchange=dialect.name, dialect=dialect)
        shown = view.show(received, rows if view.needs_rows else ())
        shown.encode("utf-8", "backslashreplace")
        plain = format not in ("pretty", "table")
        harmless(TerminalSafeFormat(view).show(received, rows) if plain else shown)


def harmless(text: str) -> None:
    assert not [c for c in text if c != "\n" and (ord(c) < 32 or 0x7F <= ord(c) < 0xA0)], f"it steers: {text!r}"


def changed(value: Any, where: int, what: int, how: int, known: list[tuple[State, str]]) -> Any:
    """Return the value with something of it put differently: the `where`-th of its places."""
    places = list(_places(value))
    holder, key = places[where % len(places)]
    if how & 7 == 7:
        new: Any = json_or_text(known[what % len(known)][1])
    elif how & 7 == 6:
        new = [holder[key]] if holder is not None else [value]
    else:
        new = deepcopy(ODD[what % len(ODD)])
    if holder is None:
        return new
    match how & 7:
        case 5 if isinstance(holder, dict):
            del holder[key]
        case 5:
            holder.append(new)
        case 4 if isinstance(holder, dict) and isinstance(new, str):
            holder[new] = holder.pop(key)
        case _:
            holder[key] = new
    return value


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    yield None, None
    todo = [value]
    while todo:
        holder = todo.pop()
        pairs = holder.items() if isinstance(holder, dict) else enumerate(holder) if isinstance(holder, list) else ()
        for key, inner in pairs:
            yield holder, key
            todo.append(inner)


def seeds() -> Iterator[bytes]:
    for number, dialect in enumerate(DIALECTS):
        for at, (_, text) in enumerate(moments(dialect)):
            yield bytes([number, at & 255, at >> 8 & 3, 1, 2, 3])
            yield bytes([number, at & 255, at >> 8 & 3 | 4]) + text.encode()
        yield bytes([number, 0, 8, 0])
        yield bytes([number, 1, 8, 9])
