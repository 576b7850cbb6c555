"""The transcript of an API: a text beside its dialect."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from wscli import exchanges
from wscli.core.dialect import Dialect
from wscli.core.transcript import TranscriptLine, transcript_lines
from wscli.exchanges import DIALECTS


def transcript_of(dialect: Dialect) -> str:
    """Return the text of an API's transcript."""
    module = exchanges.APIS[dialect.name][dialect.api.name].partition(":")[0]
    folder = Path(exchanges.__file__).parent.joinpath(*module.split(".")[:-1])
    return (folder / "transcript.txt").read_text()


def connections() -> Iterator[tuple[Dialect, list[TranscriptLine]]]:
    """Yield each connection of every transcript: whose it is, and its lines without comments."""
    for dialect in DIALECTS:
        marked = list(transcript_lines(transcript_of(dialect)))
        for _, group in groupby(marked, key=lambda line: line.connection):
            yield dialect, [line for line in group if line.mark != "#"]
