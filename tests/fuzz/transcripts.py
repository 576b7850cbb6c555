"""The transcripts beside the dialects, as material for the harnesses: one for every API of every exchange."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from itertools import count
from uuid import UUID

from wscli.commands.parser import parse
from wscli.core.dialect import Dialect
from wscli.core.errors import WscliError
from wscli.core.jsontext import Json, parsed
from wscli.core.messages import RequestContext, State
from wscli.exchanges import find_dialect
from wscli.exchanges.transcript import TranscriptLine, transcript_lines, transcript_of

STAMP = RequestContext(1_700_000_000_000_000_000, count(1), lambda: UUID(int=7))


def transcript(dialect: Dialect) -> tuple[TranscriptLine, ...]:
    """Return the marked lines of an API's transcript."""
    return tuple(transcript_lines(transcript_of(dialect)))


def moments(dialect: Dialect) -> list[tuple[State, str]]:
    """Return the states of an API's transcript, each with the message that was received in it."""
    return _moments(dialect.name, dialect.api.name)


@cache
def _moments(name: str, api: str) -> list[tuple[State, str]]:
    dialect = find_dialect(name, api)
    moments: list[tuple[State, str]] = []
    state, connection = State(), 0
    for line in transcript(dialect):
        if line.connection != connection:
            state, connection = State(), line.connection
        if line.mark == "$":
            with suppress(WscliError, ValueError):
                verb, *words = shlex.split(line.text)
                for frame in dialect.codec.encode(parse(dialect, verb, words), state, STAMP):
                    state = dialect.codec.learn(state, frame)
        elif line.mark == ">" and line.text.startswith("{"):
            state = dialect.codec.learn(state, parsed(line.text))
        elif line.mark == "<":
            moments.append((state, line.text))
            state = dialect.codec.learn(state, dialect.codec.decode(json_or_text(line.text), state))
    return moments


def typed(dialect: Dialect) -> Iterator[tuple[str, str]]:
    """Yield verb and words of each line that the transcript types."""
    for line in transcript(dialect):
        if line.mark == "$":
            verb, _, words = line.text.partition(" ")
            yield verb, words


def json_or_text(text: str) -> Json:
    try:
        return parsed(text)
    except ValueError:
        return text
