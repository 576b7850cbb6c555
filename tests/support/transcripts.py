"""The transcript of an API: a text beside its dialect."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from wscli.core.dialect import Dialect
from wscli.exchanges import DIALECTS
from wscli.exchanges.transcript import TranscriptLine, transcript_lines, transcript_of


def connections() -> Iterator[tuple[Dialect, list[TranscriptLine]]]:
    """Yield each connection of every transcript: whose it is, and its lines without comments."""
    for dialect in DIALECTS:
        marked = list(transcript_lines(transcript_of(dialect)))
        for _, group in groupby(marked, key=lambda line: line.connection):
            yield dialect, [line for line in group if line.mark != "#"]
