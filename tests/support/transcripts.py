"""The transcript of an API: a text beside its dialect."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from itertools import groupby
from pathlib import Path

from wscli import exchanges
from wscli.core.dialect import Dialect
from wscli.exchanges import DIALECTS
from wscli.exchanges.transcript import TranscriptLine, transcript_lines


def transcript_of(dialect: Dialect) -> str:
    """Return the text of an API's transcript."""
    module = exchanges.find_exchange(dialect.name).apis[dialect.api.name].partition(":")[0]
    return Path(str(import_module(module).__file__)).with_name("transcript.txt").read_text()


def connections() -> Iterator[tuple[Dialect, list[TranscriptLine]]]:
    """Yield each connection of every transcript: whose it is, and its lines without comments."""
    for dialect in DIALECTS:
        marked = list(transcript_lines(transcript_of(dialect)))
        for _, group in groupby(marked, key=lambda line: line.connection):
            yield dialect, [line for line in group if line.mark != "#"]
