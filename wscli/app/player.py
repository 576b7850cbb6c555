"""The fold of `replay`: each entry of a recording into the state of its connection, and what it shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from time import time_ns

from wscli.app.api_detection import ApiDetector, ambiguity_note
from wscli.app.recorded_connections import RecordedConnection, RecordedConnections
from wscli.app.recorded_messages import answers_ping, commands_in, gap_of, received_of, value_of
from wscli.app.settings import Settings, channels_of, check_format, make_view, output_format, wanted_output
from wscli.books.sync import BookFault
from wscli.books.verification_report import verification_report
from wscli.commands.options import Options
from wscli.core.dialect import Dialect, with_channels_of
from wscli.core.endings import Finished
from wscli.core.errors import IntegrityError, TimedOut
from wscli.core.jsontext import literal, written
from wscli.core.messages import DATA_KINDS, Kind, ReceivedMessage
from wscli.core.record import replace
from wscli.output.explain import explanation, explanation_rows
from wscli.output.formats import Format, format_class, make_format
from wscli.output.json_layout import escape_controls
from wscli.output.note_line import note_line
from wscli.output.rows import Row
from wscli.output.rows import columns as columns_of
from wscli.output.sink import MessageSink
from wscli.output.stdout import Output
from wscli.storage.recording.lines import RecordingEntry
from wscli.transport.signals import Signals


class Player:
    """The fold of `replay`: a State for each connection, a Screen for each exchange."""

    def __init__(
        self,
        dialects: Sequence[Dialect],
        options: Options,
        signals: Signals,
        output: Output,
        explaining: bool,
        verify: bool,
    ) -> None:
        self._verifying = verify
        self._options, self._signals, self._output, self._explaining = options, signals, output, explaining
        everything = with_channels_of(dialects)  # --channel names one of any exchange
        wanted = wanted_output(Settings(everything, options, signals))
        self._wanted = replace(wanted, verbatim=None) if explaining else wanted  # an explanation is not the message
        self._shared: Format | None = None  # the view of all exchanges, where its lines are of one table
        self._columns: tuple[str, ...] = ()  # of csv
        self.several = False  # it is of more than one exchange, as far as is known: rows say of which they are
        self._first: str | None = None  # the exchange of its first line
        self._screens: dict[tuple[str, str], tuple[Format, MessageSink]] = {}
        self._connections = RecordedConnections(options.api)
        self._remarked: dict[str, str] = {}  # exchanges of which nothing says which API it is, and the notice about it
        self._gaps = not explaining and format_class(output_format(options)).shows_gaps
        self._count = 0
        self._met = False
        self._began: int | None = None
        self._ns = 0
        self._advice = "the recording ends before it"
        if explaining:
            self._as_rows = _explained_as_rows(options)
        elif output_format(options) == "table":
            self._shared = make_view(Settings(everything, options, signals), ())

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
        self._columns = ("exchange",) * several + columns_of(channels)
        self._output.write_text(make_format("csv", columns=self._columns).header())
        return held

    def _at(self, dialect: Dialect) -> tuple[Format, MessageSink]:
        exchange, api = dialect.name, dialect.api.name
        if (exchange, api) not in self._screens:
            if self._explaining:
                view: Format = _Explained(dialect, self._as_rows)
            else:
                settings = Settings(dialect, self._options, self._signals)
                view = self._shared or make_view(
                    settings, (), columns=self._columns, shows_exchange=lambda: self.several, report=self._output.note
                )
            self._screens[exchange, api] = view, MessageSink(dialect, self._wanted, view, self._output)
        return self._screens[exchange, api]

    def clock(self) -> int:
        """Return the time of the entry that is played; now where there is none yet."""
        return self._ns or time_ns()

    def over_ns(self, entry: RecordingEntry) -> int:
        """Return when --for is over, of the recording's own time; the time of the entry where that comes first."""
        self._began = entry.ns if self._began is None else self._began
        if self._wanted.for_s is None:
            return entry.ns
        return min(entry.ns, self._began + round(self._wanted.for_s * 1e9))

    def play(self, file: int, entry: RecordingEntry) -> None:
        """Fold one line into its connection's state, and show it. file: which one it is of. Raises Finished once it is enough."""
        if entry.ns > self.over_ns(entry):
            self._advice = "--for gives it longer"
            raise Finished
        self._ns = entry.ns
        connection = self._connections.of(file, entry)
        if entry.repeated and file in connection.followed:
            return
        reader = connection.reader
        if entry.direction != "event" and not reader.is_decided:
            reader.detect(value_of(entry.text))
        if entry.repeated:
            self._set_up(reader, entry)
            return
        dialect = reader.dialect
        self._first = self._first or entry.exchange
        self.several = self.several or entry.exchange != self._first
        view, screen = self._at(dialect)
        match entry.direction:
            case "sent":
                if self._wanted.verbose:
                    self._output.note(f"> {escape_controls(entry.text)}")
                frame = value_of(entry.text)
                if isinstance(frame, dict):
                    reader.learn(frame)
                    if not connection.opened and not connection.number:
                        connection.frames.append(frame)
            case "received":
                received, state = received_of(dialect, reader.state, entry), reader.state
                connection.number = entry.number
                self._name_other(reader, received)
                reader.learn(received.event)
                self._verify(connection, dialect, received)
                self._show(dialect, view, screen, received, beat=answers_ping(state, received.event))
            case "event":
                self._begin_book(connection, dialect, entry)
                self._befell(dialect, view, entry)

    def _set_up(self, reader: ApiDetector, entry: RecordingEntry) -> None:
        """Learn what an earlier file of the run has shown."""
        if entry.event == "opened":
            if self._wanted.verbose:
                self._output.note(f"{reader.dialect.name}: goes on from an earlier recording")
        elif entry.direction == "received":
            reader.learn(received_of(reader.dialect, reader.state, entry).event)
        elif isinstance(frame := value_of(entry.text), dict):
            reader.learn(frame)

    def _name_other(self, reader: ApiDetector, received: ReceivedMessage) -> None:
        """Say once of an exchange that its messages may be of another API, where nothing decides and it matters."""
        name = reader.dialect.name
        if reader.is_decided or name in self._remarked or (found := reader.other_reading(received.event)) is None:
            return
        self._remarked[name] = ambiguity_note(reader.dialect, *found)
        self._output.note(escape_controls(self._remarked[name]))

    def _befell(self, dialect: Dialect, view: Format, entry: RecordingEntry) -> None:
        """Report what happened to a connection, as the stream did: a gap is a line of `event`, an opening or a close nothing."""
        details = _details_of(entry, *_DETAILS.get(entry.event, ("code", "reason")))
        if entry.event == "gap":
            if self._wanted.all or self._gaps:
                self._output.write_text(view.show(gap_of(entry), ()))
            self._output.note(escape_controls(details) or f"{dialect.name}: {note_line(gap_of(entry))}")
        elif details or self._wanted.verbose:
            self._output.note(
                f"{dialect.name}: {escape_controls(entry.event)}{': ' * bool(details)}{escape_controls(details)}"
            )

    def _show(
        self, dialect: Dialect, view: Format, screen: MessageSink, received: ReceivedMessage, *, beat: bool
    ) -> None:
        """Show a message where the stream does: data as data, everything else as a note (with --all as data).

        beat: it answers a ping, which nobody asked to see.
        """
        if received.event.kind in DATA_KINDS:
            screen.count = self._count  # -n counts those of all exchanges
            try:
                screen.show(received)
            finally:
                self._count, self._met = screen.count, screen.until_met
            return
        if self._wanted.all:
            self._output.write_text(view.show(received, ()))
        line = f"{dialect.name}: {note_line(received)}"
        if received.event.kind is Kind.ERROR:
            self._output.write_stderr(f"wscli: {line}")
        elif self._wanted.verbose or not beat:
            self._output.note(line)

    def _verify(self, connection: RecordedConnection, dialect: Dialect, received: ReceivedMessage) -> None:
        """Keep the books a message is of. Raises IntegrityError for a fault."""
        if self._verifying:
            self._check(dialect, connection.verifier(dialect).verify(received))

    def _begin_book(self, connection: RecordedConnection, dialect: Dialect, entry: RecordingEntry) -> None:
        """Begin the book that was fetched over HTTP, where an entry holds one."""
        if self._verifying and entry.event == "http" and connection.verifiers:
            url, answer = (literal(entry.details.get(name)) for name in ("url", "text"))
            fault = connection.verifier(dialect).apply_fetched(entry.connection, url, value_of(answer))
            self._check(dialect, fault)

    def _check(self, dialect: Dialect, fault: BookFault | None) -> None:
        if fault is not None:
            raise IntegrityError(f"{dialect.name}: {fault.description}", "what came before it was shown")

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
        unmet = self._wanted.unmet(self._count, until_met=self._met)
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
    check_format(format, ("pretty", "rows"), "--explain", "-o pretty is in words, -o rows for programs")
    return format == "rows"


_DETAILS = {"http": ("method", "url", "status", "text")}


def _details_of(entry: RecordingEntry, *names: str) -> str:
    return " ".join(literal(entry.details[name]) for name in names if name in entry.details)
