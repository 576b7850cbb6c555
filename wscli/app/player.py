"""The fold of `replay`: each entry of a recording into the state of its connection, and what it shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from time import time_ns

from wscli.app.evidence import Reader, remark
from wscli.app.recorded_connections import Connection, Connections
from wscli.app.recorded_messages import answers_ping, commands_in, gap_of, received_of, value_of
from wscli.app.settings import Desk, channels_of, format_of, view_of, wanted_of
from wscli.books.sync import Fault
from wscli.books.verdict import verdict_of
from wscli.commands.options import Options
from wscli.core.dialect import Dialect
from wscli.core.errors import IntegrityError, TimedOut, UsageError
from wscli.core.jsontext import literal, written
from wscli.core.messages import DATA, Kind, Received
from wscli.core.record import replace
from wscli.output.csv_format import Csv
from wscli.output.explain import explained, explained_rows
from wscli.output.formats import View, note
from wscli.output.json_layout import safe
from wscli.output.rows import Row
from wscli.output.rows import columns as columns_of
from wscli.output.signals import Signals
from wscli.output.sink import Finished, Screen
from wscli.output.stdout import Output
from wscli.storage.recording.lines import Entry


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
        channels = tuple(c for d in dialects for c in d.channels)
        queries = tuple(q for d in dialects for q in d.queries)
        everything = replace(dialects[0], channels=channels, queries=queries)  # --channel names one of any venue
        wanted = wanted_of(Desk(everything, options, signals))
        self._wanted = replace(wanted, bytes_as=None) if explaining else wanted  # an explanation is not the message
        self._shared: View | None = None  # the view of all exchanges, where its lines are of one table
        self._columns: tuple[str, ...] = ()  # of csv
        self.several = False  # it is of more than one exchange, as far as is known: rows say of which they are
        self._first: str | None = None  # the exchange of its first line
        self._screens: dict[tuple[str, str], tuple[View, Screen]] = {}
        self._connections = Connections(options.api)
        self._remarked: dict[str, str] = {}  # exchanges of which nothing says which API it is, and what was said of it
        self._gaps = not explaining and format_of(options) == "event"
        self._count = 0
        self._met = False
        self._began: int | None = None
        self._ns = 0
        self._advice = "the recording ends before it"
        if explaining:
            self._as_rows = _explained_as_rows(options)
        elif format_of(options) == "table":
            self._shared = view_of(Desk(everything, options, signals), ())

    def settle_columns(self, source: Iterable[tuple[int, Entry]], *, hold: bool) -> list[tuple[int, Entry]]:
        """Fix the columns of csv, as a live stream has them: from all that was asked. hold: return the entries."""
        held: list[tuple[int, Entry]] = []
        asked: dict[Reader, list[str]] = {}
        connections = Connections(self._options.api)
        for file, entry in source:
            self._signals.check()
            if hold:
                held.append((file, entry))
            reader = connections.of(file, entry).reader
            sent = asked.setdefault(reader, [])
            if entry.direction != "event" and not reader.decided:
                reader.weigh(value_of(entry.text))
            if entry.direction == "sent":
                sent.append(entry.text)
        channels = [
            channel
            for reader, sent in asked.items()
            for channel in channels_of(reader.dialect, commands_in(reader.dialect, sent))
        ]
        several = len({reader.dialect.name for reader in asked}) > 1
        self._columns = ("exchange",) * several + columns_of(channels)
        self._output.data(Csv(self._columns).head())
        return held

    def _at(self, dialect: Dialect) -> tuple[View, Screen]:
        exchange, api = dialect.name, dialect.api.name
        if (exchange, api) not in self._screens:
            if self._explaining:
                view: View = _Explained(dialect, self._as_rows)
            else:
                desk = Desk(dialect, self._options, self._signals)
                view = self._shared or view_of(
                    desk, (), columns=self._columns, named=lambda: self.several, tell=self._output.note
                )
            self._screens[exchange, api] = view, Screen(dialect, self._wanted, view, self._output)
        return self._screens[exchange, api]

    def clock(self) -> int:
        """Return the time of the entry that is played; now where there is none yet."""
        return self._ns or time_ns()

    def over_ns(self, entry: Entry) -> int:
        """Return when --for is over, of the recording's own time; the time of the entry where that comes first."""
        self._began = entry.ns if self._began is None else self._began
        if self._wanted.for_s is None:
            return entry.ns
        return min(entry.ns, self._began + round(self._wanted.for_s * 1e9))

    def play(self, file: int, entry: Entry) -> None:
        """Fold one line into its connection's state, and show it. file: which one it is of. Raises Finished once it is enough."""
        if entry.ns > self.over_ns(entry):
            self._advice = "--for gives it longer"
            raise Finished
        self._ns = entry.ns
        connection = self._connections.of(file, entry)
        if entry.repeated and file in connection.followed:
            return
        reader = connection.reader
        if entry.direction != "event" and not reader.decided:
            reader.weigh(value_of(entry.text))
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
                    self._output.note(f"> {safe(entry.text)}")
                wire = value_of(entry.text)
                if isinstance(wire, dict):
                    reader.learn(wire)
                    if not connection.opened and not connection.number:
                        connection.asked.append(wire)
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

    def _set_up(self, reader: Reader, entry: Entry) -> None:
        """Learn what an earlier file of the run has shown."""
        if entry.event == "opened":
            if self._wanted.verbose:
                self._output.note(f"{reader.dialect.name}: goes on from an earlier recording")
        elif entry.direction == "received":
            reader.learn(received_of(reader.dialect, reader.state, entry).event)
        elif isinstance(wire := value_of(entry.text), dict):
            reader.learn(wire)

    def _name_other(self, reader: Reader, received: Received) -> None:
        """Say once of an exchange that its messages may be of another API, where nothing decides and it matters."""
        name = reader.dialect.name
        if reader.decided or name in self._remarked or (found := reader.differing(received.event)) is None:
            return
        self._remarked[name] = remark(reader.dialect, *found)
        self._output.note(safe(self._remarked[name]))

    def _befell(self, dialect: Dialect, view: View, entry: Entry) -> None:
        """Tell what befell a connection, as the stream did: a gap is a line of `event`, an opening or farewell nothing."""
        told = _told(entry, *_TOLD.get(entry.event, ("code", "reason")))
        if entry.event == "gap":
            if self._wanted.all or self._gaps:
                self._output.data(view.show(gap_of(entry), ()))
            self._output.note(safe(told) or f"{dialect.name}: {note(gap_of(entry))}")
        elif told or self._wanted.verbose:
            self._output.note(f"{dialect.name}: {safe(entry.event)}{': ' * bool(told)}{safe(told)}")

    def _show(self, dialect: Dialect, view: View, screen: Screen, received: Received, *, beat: bool) -> None:
        """Show a message where the stream does: data as data, everything else as a note (with --all as data).

        beat: it answers a ping, which nobody asked to see.
        """
        if received.event.kind in DATA:
            screen.count = self._count  # -n counts those of all exchanges
            try:
                screen.show(received)
            finally:
                self._count, self._met = screen.count, screen.met
            return
        if self._wanted.all:
            self._output.data(view.show(received, ()))
        line = f"{dialect.name}: {note(received)}"
        if received.event.kind is Kind.ERROR:
            self._output.say(f"wscli: {line}")
        elif self._wanted.verbose or not beat:
            self._output.note(line)

    def _verify(self, connection: Connection, dialect: Dialect, received: Received) -> None:
        """Keep the books a message is of. Raises IntegrityError for a fault."""
        if self._verifying:
            self._check(dialect, connection.verifier(dialect).hear(received))

    def _begin_book(self, connection: Connection, dialect: Dialect, entry: Entry) -> None:
        """Begin the book that was fetched over HTTP, where an entry tells of that."""
        if self._verifying and entry.event == "http" and connection.verifiers:
            url, answer = (literal(entry.about.get(name)) for name in ("url", "text"))
            fault = connection.verifier(dialect).fetched(entry.connection, url, value_of(answer))
            self._check(dialect, fault)

    def _check(self, dialect: Dialect, fault: Fault | None) -> None:
        if fault is not None:
            raise IntegrityError(f"{dialect.name}: {fault.said}", "what came before it was shown")

    def tell_verified(self) -> None:
        """Say what was proven of each book. Raises IntegrityError where one is not proven."""
        if not self._verifying:
            return
        verdict = verdict_of(self._connections.verifiers, self._remarked)
        for told in verdict.notes:
            self._output.note(told)
        for doubt in verdict.doubts[:-1]:
            self._output.say(f"wscli: {doubt}")
        if verdict.doubts:
            raise IntegrityError(verdict.doubts[-1], "--verify certifies only what was recorded from its beginning")

    def check_met(self, path: str) -> None:
        """Raise TimedOut where the recording ends, or --for, before --until was met or a first message came for --count."""
        unmet = self._wanted.unmet(self._count, met=self._met)
        if unmet is not None:
            raise TimedOut(f"{path}: {unmet.removesuffix(' within --for')}", self._advice)


class _Explained:
    """The view of --explain: each message in words, or (`as_rows`) as the rows that `explain -o rows` makes."""

    def __init__(self, dialect: Dialect, as_rows: bool) -> None:
        self._dialect = dialect
        self.wants_rows = as_rows

    def head(self) -> str:
        return ""

    def show(self, received: Received, rows: Sequence[Row]) -> str:
        if not self.wants_rows:
            return explained(self._dialect, received) + "\n"
        return "".join([f"{written(row)}\n" for row in rows or explained_rows(self._dialect, received.event)])


def _explained_as_rows(options: Options) -> bool:
    format = options.output or ("pretty" if format_of(options) == "pretty" else "rows")
    if format not in ("pretty", "rows"):
        raise UsageError(f"--explain has no -o {format}", "-o pretty is in words, -o rows for programs")
    return format == "rows"


_TOLD = {"http": ("method", "url", "status", "text")}


def _told(entry: Entry, *names: str) -> str:
    return " ".join(literal(entry.about[name]) for name in names if name in entry.about)
