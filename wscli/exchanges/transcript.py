"""Read the transcripts beside the dialects: what is typed, sent and received, and how it is classified.

    # where it comes from
    $ subscribe trade BTCUSDT          typed (without `wscli EXCHANGE`)
    > {"op":"subscribe",…}             sent, one line a frame
    < {"topic":"trade.BTCUSDT",…}      received
    = update trade BTCUSDT             its kind and channel: `messages.summary` of the event
    + {"symbol":"BTCUSDT","side":…}    a row of it, without kind and channel; when there is one, all must be there

An empty line ends a connection: the next line meets a new one, with nothing remembered. A login that asks over HTTP
sends `> POST URL` and receives the reply's body. `@ {…}` is the result of a login: {"token":…,"user_id":…}.
`! words` says how a typed line is refused (a part of its message or hint).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from wscli.core.dialect import Dialect
from wscli.core.errors import WscliError
from wscli.core.record import record
from wscli.exchanges import find_exchange

MARKS = "#$><=+@!"


@record
class TranscriptLine:
    """One line of a transcript: its mark, its text, its number in the file, and the number of its connection."""

    mark: str
    text: str
    number: int
    connection: int


def transcript_lines(text: str) -> Iterator[TranscriptLine]:
    """Yield the marked lines of a transcript. Raises WscliError for a line with another mark."""
    connection = 1
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            connection += 1
        elif line[0] not in MARKS:
            raise WscliError(f"transcript line {number}: starts with {line[0]!r}, not one of {' '.join(MARKS)}")
        else:
            yield TranscriptLine(line[0], line[1:].strip(), number, connection)


def transcript_of(dialect: Dialect) -> str:
    """Return the text of an API's transcript; "" where it has none, as an installed package may not."""
    from importlib.resources import files  # lazily: only the page of a channel shows an example

    package = find_exchange(dialect.name).apis[dialect.api.name].partition(":")[0].rpartition(".")[0]
    if not package:  # the API is a module of its own, which has no folder
        return ""
    file = files(package).joinpath("transcript.txt")
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def received_example(dialect: Dialect, kind: str, name: str) -> str:
    """Return the first data message of a channel in the transcript, or the first reply to a query; "" where it has none.

    kind: "channel", "query", or "frame" for what only `send` sends.
    """
    kinds = ("snapshot", "update") if kind == "channel" else ("reply",)
    for received, classified in pairwise(transcript_lines(transcript_of(dialect))):
        words = classified.text.split()
        if (received.mark, classified.mark) == ("<", "=") and words[0] in kinds and words[1:2] == [name]:
            return received.text
    return ""
