"""The connections of a recording: each with what reads its messages and keeps its books, anew from where it is opened on.

A run that records to one file after the other repeats at the beginning of each how its connections were set up. Whoever
followed a connection up to there goes on with what is known of it; for whoever did not it begins there.
"""

from __future__ import annotations

from collections.abc import Sequence

from wscli.bookkeeping import Verifier
from wscli.cli.recorded_messages import dialects_of
from wscli.dialect import Dialect
from wscli.evidence import Reader
from wscli.recording_lines import Entry


class Connection:
    """One connection. number: of the last message that was received on it. followed: the files in which it goes on."""

    def __init__(self, reader: Reader) -> None:
        self.reader, self.number = reader, 0
        self.followed: set[int] = set()
        self.verifiers: dict[str, Verifier] = {}  # by API: that may be decided late

    def verifier(self, dialect: Dialect) -> Verifier:
        return self.verifiers.setdefault(dialect.api.name, Verifier(dialect))


class Connections:
    """Every connection of some recordings. api: is pinned."""

    def __init__(self, api: str | None) -> None:
        self._api = api
        self._at: dict[tuple[int, str, int], Connection] = {}  # by file, exchange, number
        self._of_run: dict[tuple[str, str, int], Connection] = {}
        self._all: list[Connection] = []

    def of(self, file: int, entry: Entry) -> Connection:
        """Return the connection of an entry: another one from where it is opened on."""
        place = file, entry.exchange, entry.connection
        if entry.event == "opened":
            self._at[place] = self._followed(file, entry) or self._begun(entry)
        elif place not in self._at:
            self._at[place] = self._begun(entry)
        return self._at[place]

    def _begun(self, entry: Entry) -> Connection:
        said = _text(entry, "api") if entry.event == "opened" else None
        connection = Connection(Reader(dialects_of(entry.exchange, self._api, said)))
        if entry.event == "opened" and (run := _text(entry, "run")) is not None:
            self._of_run[run, entry.exchange, entry.connection] = connection
        self._all.append(connection)
        return connection

    def _followed(self, file: int, entry: Entry) -> Connection | None:
        """Return the connection that goes on where it was followed up to; None where messages are missing between."""
        run = _text(entry, "run") if entry.repeated else None
        known = self._of_run.get((run, entry.exchange, entry.connection)) if run is not None else None
        if known is None or known.number != entry.about.get("number"):
            return None
        known.followed.add(file)
        return known

    @property
    def verifiers(self) -> Sequence[Verifier]:
        return [verifier for connection in self._all for verifier in connection.verifiers.values()]


def _text(entry: Entry, name: str) -> str | None:
    held = entry.about.get(name)
    return held if isinstance(held, str) else None
