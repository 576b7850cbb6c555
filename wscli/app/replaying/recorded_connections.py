"""The connections of a recording: each with what reads its messages and keeps its books, anew from where it is opened on.

A run that records to one file after the other repeats at the beginning of each how its connections were set up. Whoever
followed a connection up to there goes on with what is known of it; for whoever did not it begins there.
"""

from __future__ import annotations

from collections.abc import Sequence

from wscli.app.api_detection import ApiDetector
from wscli.app.replaying.recorded_messages import RecordedTransport, dialects_of, uninflated, unreadable_bytes
from wscli.books.book_verifier import BookVerifier
from wscli.core.dialect import Dialect
from wscli.core.messages import Frame, ReceivedMessage
from wscli.session.connection import Clock, Connection
from wscli.session.dispatch import dispatch_batch
from wscli.storage.recording.lines import RecordingEntry


class RecordedConnection:
    """One connection. number: of the last message that was received on it. followed: the files in which it goes on.

    opened: its opening was recorded. asked: what was, before its first message, where it was not.
    """

    def __init__(self, reader: ApiDetector, *, opened: bool) -> None:
        self.reader, self.opened, self.number = reader, opened, 0
        self.frames: list[Frame] = []
        self.followed: set[int] = set()
        self.verifiers: dict[str, BookVerifier] = {}  # by API: that may be decided late
        self._transport = RecordedTransport()
        self._connection: Connection | None = None
        self._dialect = self._uninflated = reader.dialect

    def verifier(self, dialect: Dialect) -> BookVerifier:
        return self.verifiers.setdefault(dialect.api.name, BookVerifier(dialect))

    def receive(self, entry: RecordingEntry) -> ReceivedMessage:
        """Return a message as a live connection gives it: read from the transport, dispatched, decoded, folded into the state."""
        dialect = self.reader.dialect
        connection = self._connection
        if connection is None or self._dialect is not dialect:
            self._dialect, self._uninflated = dialect, uninflated(dialect)
            connection = self._connection = Connection(dialect, self._transport, Clock(), number=entry.connection)
        raw = unreadable_bytes(dialect, entry)
        connection.dialect = self._uninflated if raw is None else dialect
        connection.state = self.reader.state
        connection.count_undecoded(entry.number - 1 - connection.message_count)
        self._transport.put(entry, raw)
        received: list[ReceivedMessage] = []
        dispatch_batch(connection, connection.read(), received.append, None, None)
        return received[0]


class RecordedConnections:
    """Every connection of some recordings. api: is pinned."""

    def __init__(self, api: str | None) -> None:
        self._api = api
        self._at: dict[tuple[int, str, int], RecordedConnection] = {}  # by file, exchange, number
        self._of_run: dict[tuple[str, str, int], RecordedConnection] = {}
        self._alike: dict[tuple[str, int], list[RecordedConnection]] = {}  # those of one exchange and number
        self._all: list[RecordedConnection] = []

    def of(self, file: int, entry: RecordingEntry) -> RecordedConnection:
        """Return the connection of an entry: another one from where it is opened on."""
        place = file, entry.exchange, entry.connection
        if entry.event == "opened":
            self._at[place] = self._followed(file, entry) or self._begun(entry)
            return self._at[place]
        known = self._at.get(place)
        if known is None or (not known.opened and known.number == 0 and entry.direction == "received"):
            self._at[place] = self._cut_off(known, entry) or known or self._begun(entry)
        return self._at[place]

    def _cut_off(self, begun: RecordedConnection | None, entry: RecordingEntry) -> RecordedConnection | None:
        """Return the connection whose next message it is, where a recording was cut into several (`split`); None for none.

        begun: what was taken for the connection, while there was no message of it.
        """
        if entry.direction != "received":
            return None
        alike = self._alike.get((entry.exchange, entry.connection), ())
        before = entry.number - 1
        found = next((one for one in reversed(alike) if one.number == before and (before or one.opened)), None)
        if found is not None and begun is not None:
            for frame in begun.frames:
                found.reader.learn(frame)
        return found

    def _begun(self, entry: RecordingEntry) -> RecordedConnection:
        recorded_api = _text(entry, "api") if entry.event == "opened" else None
        connection = RecordedConnection(
            ApiDetector(dialects_of(entry.exchange, self._api, recorded_api)), opened=entry.event == "opened"
        )
        self._alike.setdefault((entry.exchange, entry.connection), []).append(connection)
        if entry.event == "opened" and (run := _text(entry, "run")) is not None:
            self._of_run[run, entry.exchange, entry.connection] = connection
        self._all.append(connection)
        return connection

    def _followed(self, file: int, entry: RecordingEntry) -> RecordedConnection | None:
        """Return the connection that goes on where it was followed up to; None where messages are missing between."""
        run = _text(entry, "run") if entry.repeated else None
        known = self._of_run.get((run, entry.exchange, entry.connection)) if run is not None else None
        if known is None or known.number != entry.details.get("number"):
            return None
        known.followed.add(file)
        return known

    @property
    def verifiers(self) -> Sequence[BookVerifier]:
        return [verifier for connection in self._all for verifier in connection.verifiers.values()]


def _text(entry: RecordingEntry, name: str) -> str | None:
    held = entry.details.get(name)
    return held if isinstance(held, str) else None
