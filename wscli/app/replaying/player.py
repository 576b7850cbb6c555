"""The fold of `replay`: each entry of a recording into the state of its connection, and from there to the printer of a live stream."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from time import time_ns

from wscli.app.alerts.alert import Alert
from wscli.app.alerts.observer import AlertObserver
from wscli.app.api_detection import ApiDetector, ambiguity_note
from wscli.app.replaying.recorded_connections import RecordedConnection, RecordedConnections
from wscli.app.replaying.recorded_messages import answers_ping, commands_in, gap_of, value_of
from wscli.app.settings import (
    Settings,
    channels_of,
    check_format,
    check_shape,
    make_view,
    output_format,
    row_shape,
    shared_table,
    wanted_output,
)
from wscli.books.sync import BookFault
from wscli.books.verification_report import verification_report
from wscli.commands.options import Options
from wscli.core.dialect import Dialect, with_channels_of
from wscli.core.endings import Finished
from wscli.core.errors import IntegrityError, TimedOut
from wscli.core.jsontext import literal, written
from wscli.core.messages import DATA_KINDS, ReceivedMessage
from wscli.core.record import replace
from wscli.output.explain import explanation, explanation_rows
from wscli.output.formats import Format, make_format
from wscli.output.json_layout import escape_controls
from wscli.output.note_line import note_line
from wscli.output.rows import Row
from wscli.output.rows import columns as columns_of
from wscli.output.sink import MessageSink, RowLimit
from wscli.output.stdout import Output
from wscli.session.events import Role
from wscli.session.observers.printer import MessagePrinter
from wscli.storage.recording.lines import RecordingEntry
from wscli.transport.signals import Signals


class ReplayDisplay:
    """Shows messages of one or several exchanges as a stream does: a printer for each API. -n counts those of all.

    several: they are of more than one exchange, as far as is known: rows say of which they are.
    """

    def __init__(
        self, dialects: Sequence[Dialect], options: Options, signals: Signals, output: Output, *, explaining: bool
    ) -> None:
        everything = Settings(with_channels_of(dialects), options, signals)  # --channel names one of any exchange
        wanted = wanted_output(everything)
        check_shape(everything, ())
        self._shape, self._everything = row_shape(everything), everything.dialect
        self.wanted = replace(wanted, verbatim=None) if explaining else wanted  # an explanation is not the message
        self.several = False
        self.columns: tuple[str, ...] = ()  # of csv
        self.count = 0
        self.alerts: Sequence[Alert] = ()
        self._limit = RowLimit(wanted.rows)
        self._until_met = False
        self._options, self._signals, self._output = options, signals, output
        self._printers: dict[tuple[str, str], MessagePrinter] = {}
        self._as_rows = _explained_as_rows(options) if explaining else None
        is_table = not explaining and output_format(options) == "table"
        self._table = shared_table() if is_table else None

    def fix_columns(self, columns: tuple[str, ...]) -> None:
        """Set the columns of csv, and write them."""
        self.columns = columns
        shown = columns if self._shape is None else self._shape.columns_of(columns, self._everything.facts.channels)
        self._output.write_text(make_format("csv", columns=shown).header())

    def printer(self, dialect: Dialect) -> MessagePrinter:
        """Return what shows the messages of an API."""
        place = dialect.name, dialect.api.name
        if place not in self._printers:
            sink = MessageSink(dialect, self.wanted, self._format(dialect), self._output)
            sink.limit = self._limit
            self._printers[place] = MessagePrinter(dialect, self.wanted, self._output, sink)
        return self._printers[place]

    def _format(self, dialect: Dialect) -> Format:
        if self._as_rows is not None:
            return _Explained(dialect, self._as_rows)
        settings = Settings(dialect, self._options, self._signals)
        return make_view(
            settings,
            (),
            columns=self.columns,
            shows_exchange=lambda: self.several,
            table=self._table,
            report=self._output.note,
        )

    def received(self, dialect: Dialect, received: ReceivedMessage, role: Role) -> None:
        """Show a message. Raises Finished once it is enough."""
        if self.alerts:
            AlertObserver(dialect, lambda: self.alerts).received(received, role)
        printer = self.printer(dialect)
        printer.sink.count = self.count
        try:
            printer.received(received, role)
        finally:
            self.count, self._until_met = printer.sink.count, printer.sink.until_met

    def note(self, text: str) -> None:
        self._output.note(escape_controls(text))

    def unmet(self) -> str | None:
        """Return which of --until and --count was not met, in words; None where both were."""
        return self.wanted.unmet(self.count, until_met=self._until_met or self._limit.is_reached)


class Player:
    """The fold of `replay`: each entry goes to the connection that it is of, and what the connection makes of it is shown."""

    def __init__(
        self, display: ReplayDisplay, options: Options, signals: Signals, output: Output, *, verify: bool
    ) -> None:
        self.display = display
        self._verifying = verify
        self._options, self._signals, self._output = options, signals, output
        self._first: str | None = None  # the exchange of its first line
        self._connections = RecordedConnections(options.api)
        self._remarked: dict[str, str] = {}  # exchanges of which nothing says which API it is, and the notice about it
        self._began: int | None = None
        self._ns = 0
        self._advice = "the recording ends before it"

    def settle_columns(
        self, source: Iterable[tuple[int, RecordingEntry]], *, hold: bool
    ) -> list[tuple[int, RecordingEntry]]:
        """Fix the columns of csv, as a live stream has them: from all that was asked. hold: return the entries."""
        held: list[tuple[int, RecordingEntry]] = []
        names_by_detector: dict[ApiDetector, list[str]] = {}
        connections = RecordedConnections(self._options.api)
        for file, entry in source:
            self._signals.check()
            if hold:
                held.append((file, entry))
            reader = connections.of(file, entry).reader
            sent = names_by_detector.setdefault(reader, [])
            if entry.direction != "event" and not reader.is_decided:
                reader.detect(value_of(entry.text))
            if entry.direction == "sent":
                sent.append(entry.text)
        channels = [
            channel
            for reader, sent in names_by_detector.items()
            for channel in channels_of(reader.dialect, commands_in(reader.dialect, sent))
        ]
        several = len({reader.dialect.name for reader in names_by_detector}) > 1
        self.display.fix_columns(("exchange",) * several + columns_of(channels))
        return held

    def clock(self) -> int:
        """Return the time of the entry that is played; now where there is none yet."""
        return self._ns or time_ns()

    def over_ns(self, entry: RecordingEntry) -> int:
        """Return when --for is over, of the recording's own time; the time of the entry where that comes first."""
        self._began = entry.ns if self._began is None else self._began
        for_s = self.display.wanted.for_s
        return entry.ns if for_s is None else min(entry.ns, self._began + round(for_s * 1e9))

    def play(self, file: int, entry: RecordingEntry) -> None:
        """Fold one line into its connection's state, and show it. file: which one it is of. Raises Finished once it is enough."""
        if entry.ns > self.over_ns(entry):
            self._advice = "use a longer --for"
            raise Finished
        self._ns = entry.ns
        connection = self._connections.of(file, entry)
        if entry.repeated and file in connection.followed:
            return
        reader = connection.reader
        if entry.direction != "event" and not reader.is_decided:
            reader.detect(value_of(entry.text))
        if entry.repeated:
            self._set_up(connection, entry)
            return
        self._first = self._first or entry.exchange
        self.display.several = self.display.several or entry.exchange != self._first
        match entry.direction:
            case "sent":
                self._sent(connection, entry)
            case "received":
                self._received(connection, entry)
            case "event":
                self._begin_book(connection, reader.dialect, entry)
                self._happened(reader.dialect, entry)

    def _sent(self, connection: RecordedConnection, entry: RecordingEntry) -> None:
        reader = connection.reader
        self.display.printer(reader.dialect).sent(entry.connection, entry.ns, escape_controls(entry.text))
        frame = value_of(entry.text)
        if isinstance(frame, dict):
            reader.learn(frame)
            if not connection.opened and not connection.number:
                connection.frames.append(frame)

    def _received(self, connection: RecordedConnection, entry: RecordingEntry) -> None:
        reader = connection.reader
        dialect, state = reader.dialect, reader.state
        received = connection.receive(entry)
        connection.number = entry.number
        self._name_other(reader, received)
        reader.learn(received.event)
        if self._verifying:
            self._check(dialect, connection.verifier(dialect).verify(received))
        answers_keepalive = received.event.kind not in DATA_KINDS and answers_ping(state, received.event)
        self.display.received(dialect, received, Role.KEEPALIVE if answers_keepalive else Role.MESSAGE)

    def _set_up(self, connection: RecordedConnection, entry: RecordingEntry) -> None:
        """Learn what an earlier file of the run has shown."""
        reader = connection.reader
        if entry.event == "opened":
            if self.display.wanted.verbose:
                self._output.note(f"{reader.dialect.name}: continues from an earlier recording")
        elif entry.direction == "received":
            reader.learn(connection.receive(entry).event)
        elif isinstance(frame := value_of(entry.text), dict):
            reader.learn(frame)

    def _name_other(self, reader: ApiDetector, received: ReceivedMessage) -> None:
        """Say once of an exchange that its messages may be of another API, where nothing decides and it matters."""
        name = reader.dialect.name
        if reader.is_decided or name in self._remarked or (found := reader.other_reading(received.event)) is None:
            return
        self._remarked[name] = ambiguity_note(reader.dialect, *found)
        self.display.note(self._remarked[name])

    def _happened(self, dialect: Dialect, entry: RecordingEntry) -> None:
        """Report what happened to a connection, as the stream did: a gap is a line of `event`, an opening or a close nothing."""
        details = _details_of(entry, *_DETAILS.get(entry.event, ("code", "reason")))
        if entry.event == "gap":
            gap = gap_of(entry)
            self.display.printer(dialect).gap(gap, 0)
            self.display.note(details or f"{dialect.name}: {note_line(gap)}")
        elif details or self.display.wanted.verbose:
            self.display.note(f"{dialect.name}: {entry.event}{': ' * bool(details)}{details}")

    # --- books

    def _begin_book(self, connection: RecordedConnection, dialect: Dialect, entry: RecordingEntry) -> None:
        """Begin the book that was fetched over HTTP, where an entry holds one."""
        if self._verifying and entry.event == "http" and connection.verifiers:
            url, answer = (literal(entry.details.get(name)) for name in ("url", "text"))
            fault = connection.verifier(dialect).apply_fetched(entry.connection, url, value_of(answer))
            self._check(dialect, fault)

    def _check(self, dialect: Dialect, fault: BookFault | None) -> None:
        if fault is not None:
            raise IntegrityError(f"{dialect.name}: {fault.description}", "everything received before it was shown")

    def report_verified(self) -> None:
        """Say what was proven of each book. Raises IntegrityError where one is not proven."""
        if not self._verifying:
            return
        verdict = verification_report(self._connections.verifiers, self._remarked)
        for note in verdict.notes:
            self._output.note(note)
        for doubt in verdict.unverified[:-1]:
            self._output.write_stderr(f"wscli: {doubt}")
        if verdict.unverified:
            raise IntegrityError(verdict.unverified[-1], "--verify certifies only what was recorded from its beginning")

    def check_met(self, path: str) -> None:
        """Raise TimedOut where the recording ends, or --for, before --until was met or a first message came for --count."""
        unmet = self.display.unmet()
        if unmet is not None:
            raise TimedOut(f"{path}: {unmet.removesuffix(' within --for')}", self._advice)


class _Explained:
    """The view of --explain: each message in words, or (`as_rows`) as the rows that `explain -o rows` makes."""

    def __init__(self, dialect: Dialect, as_rows: bool) -> None:
        self._dialect = dialect
        self.needs_rows = as_rows

    def header(self) -> str:
        return ""

    def show(self, received: ReceivedMessage, rows: Sequence[Row]) -> str:
        if not self.needs_rows:
            return explanation(self._dialect, received) + "\n"
        return "".join([f"{written(row)}\n" for row in rows or explanation_rows(self._dialect, received.event)])


def _explained_as_rows(options: Options) -> bool:
    format = options.output or ("pretty" if output_format(options) == "pretty" else "rows")
    check_format(format, ("pretty", "rows"), "--explain", "use -o pretty for people, -o rows for programs")
    return format == "rows"


_DETAILS = {"http": ("method", "url", "status", "text")}


def _details_of(entry: RecordingEntry, *names: str) -> str:
    return " ".join(literal(entry.details[name]) for name in names if name in entry.details)
