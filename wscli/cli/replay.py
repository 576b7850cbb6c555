"""`replay`: a recording through the views and filters of a live stream, at once or at the pace it had."""

from __future__ import annotations

import contextlib
import select
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from wscli.bookkeeping import Fault, Verifier
from wscli.desk import Desk, format_of, view_of, wanted_of
from wscli.dialect import Dialect
from wscli.errors import IntegrityError, TimedOut, UsageError, WscliError
from wscli.exchanges import DIALECTS, find
from wscli.explain import explained, explained_rows, words
from wscli.flags import Options
from wscli.interrupts import Interrupted, PipeClosed, Signals
from wscli.model import DATA, Command, Event, Json, Kind, Ping, Received, State, literal, parsed, written
from wscli.output import Output
from wscli.plain import PLAIN
from wscli.pretty import safe
from wscli.record import Entry, recorded
from wscli.rows import Row
from wscli.screen import Finished, Screen
from wscli.value import replace
from wscli.view import Csv, View, note

SILENCE_S = 10.0  # a wait that is told


def replay(
    signals: Signals,
    options: Options,
    path: str,
    *,
    exchange: str | None = None,
    speed: float | None = None,
    explaining: bool = False,
    verify: bool = False,
) -> None:
    """Show what a recording holds. exchange: of that one only. speed: times its own pace; None is at once.

    verify: keep its books, too, and raise IntegrityError for the first fault. Raises UsageError for a file that is none,
    TimedOut where it ends before --until is met.
    """
    dialects = (find(exchange),) if exchange is not None else DIALECTS
    output = Output(quiet=options.quiet)
    output.idle = signals.check
    with signals.noted():
        try:
            player = _Player(dialects, options, signals, output, explaining, verify)
            pace = _Pace(speed, signals, output)
            source = _source(path, exchange, signals, output)
            if not explaining and format_of(options) == "csv":
                again = _readable_twice(path)
                held = player.settle_columns(source if not again else _source(path, exchange, signals), hold=not again)
                source = source if again else iter(held)
            with contextlib.suppress(Finished):
                for entry in source:
                    pace.wait(entry.ns)
                    player.play(entry)
            output.flush()
            player.tell_verified()
            player.check_met(path)
        except (Interrupted, WscliError):  # what came before it is shown
            with contextlib.suppress(Interrupted, WscliError, PipeClosed):
                output.flush()
            raise


def _source(path: str, exchange: str | None, signals: Signals, output: Output | None = None) -> Iterator[Entry]:
    """Yield the entries of one exchange, or all. output: is told what is cut off, and flushed before each read."""

    def waiting(file: int) -> None:
        if output is not None:
            output.flush()
        sources: list[int | Signals] = [file, signals]
        select.select(sources, [], [])
        signals.check()

    told = output.note if output is not None else str
    return (e for e in recorded(path, told, waiting) if exchange is None or e.exchange == exchange)


def _readable_twice(path: str) -> bool:
    return path != "-" and Path(path).is_file()


class _Pace:
    """When it is time for the next message: each after the first waits as long as it did, divided by `speed`."""

    def __init__(self, speed: float | None, signals: Signals, output: Output) -> None:
        self._speed, self._signals, self._output = speed, signals, output
        self._first: tuple[int, float] | None = None

    def wait(self, ns: int) -> None:
        self._signals.check()
        if self._speed is None:
            return
        if self._first is None:
            self._first = ns, time.monotonic()
        due = self._first[1] + (ns - self._first[0]) / 1e9 / self._speed
        if due - time.monotonic() >= SILENCE_S:
            self._output.note(f"nothing was recorded in the next {due - time.monotonic():.0f} s")
        while (left := due - time.monotonic()) > 0:
            self._output.flush()
            select.select([self._signals], [], [], min(left, 3600.0))
            self._signals.check()


class _Player:
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
        self._verifiers: dict[str, Verifier] | None = {} if verify else None
        self._options, self._signals, self._output, self._explaining = options, signals, output, explaining
        channels = tuple(c for d in dialects for c in d.channels)
        queries = tuple(q for d in dialects for q in d.queries)
        everything = replace(dialects[0], channels=channels, queries=queries)  # --channel names one of any venue
        wanted = wanted_of(Desk(everything, options, signals))
        self._wanted = replace(wanted, bytes_as=None) if explaining else wanted  # an explanation is not the message
        self._shared: View | None = None  # the view of all exchanges, where its lines are of one table
        self._screens: dict[tuple[str, str | None], tuple[Dialect, View, Screen]] = {}
        self._states: dict[tuple[str, int], State] = {}
        self._apis: dict[tuple[str, int], str] = {}  # of the connections that say which it is
        self._gaps = not explaining and format_of(options) == "event"
        self._count = 0
        self._met = False
        self._began: int | None = None
        if explaining:
            self._as_rows = _explained_as_rows(options)
        elif format_of(options) == "table":
            self._shared = view_of(Desk(everything, options, signals), ())

    def settle_columns(self, source: Iterable[Entry], *, hold: bool) -> list[Entry]:
        """Fix the columns of csv, as a live stream has them: from all that was asked. hold: return the entries."""
        held: list[Entry] = []
        asked: dict[tuple[str, str | None], list[Command]] = {}
        apis: dict[tuple[str, int], str] = {}
        for entry in source:
            self._signals.check()
            if hold:
                held.append(entry)
            _note_api(apis, entry)
            whose = entry.exchange, apis.get((entry.exchange, entry.connection))
            commands = asked.setdefault(whose, [])
            if entry.direction == "sent":
                commands += _meant(_dialect(*whose), entry.text)
        views = [view_of(Desk(_dialect(*whose), self._options, self._signals), told) for whose, told in asked.items()]
        columns = dict.fromkeys(column for view in views if isinstance(view, Csv) for column in view.columns)
        self._shared = Csv(tuple(columns) or ("kind", "channel", "symbol"))
        self._output.data(self._shared.head())
        return held

    def _at(self, exchange: str, api: str | None) -> tuple[Dialect, View, Screen]:
        if (exchange, api) not in self._screens:
            dialect = _dialect(exchange, api)
            if self._explaining:
                view: View = _Explained(dialect, self._as_rows)
            else:
                view = self._shared or view_of(Desk(dialect, self._options, self._signals), ())
            self._screens[exchange, api] = dialect, view, Screen(dialect, self._wanted, view, self._output)
        return self._screens[exchange, api]

    def play(self, entry: Entry) -> None:
        """Fold one line into its connection's state, and show it. Raises Finished once it is enough."""
        self._began = entry.ns if self._began is None else self._began
        if self._wanted.for_s is not None and entry.ns - self._began > self._wanted.for_s * 1e9:
            raise Finished
        place = (entry.exchange, entry.connection)
        _note_api(self._apis, entry)
        dialect, view, screen = self._at(entry.exchange, self._apis.get(place))
        state = self._states.get(place, State())
        match entry.direction:
            case "sent":
                if self._wanted.verbose:
                    self._output.note(f"> {safe(entry.text)}")
                wire = _json(entry.text)
                if isinstance(wire, dict):
                    self._states[place] = dialect.learn(state, wire)
            case "received":
                received = _received(dialect, state, entry)
                self._states[place] = dialect.learn(state, received.event)
                self._verify(dialect, received)
                self._show(dialect, view, screen, received, beat=_answers_ping(state, received.event))
            case "event":
                if entry.event == "opened":
                    self._states[place] = State()
                self._begin_book(dialect, entry)
                self._befell(dialect, view, entry)

    def _befell(self, dialect: Dialect, view: View, entry: Entry) -> None:
        """Tell what befell a connection, as the stream did: a gap is a line of `event`, an opening or farewell nothing."""
        told = _told(entry, *_TOLD.get(entry.event, ("code", "reason")))
        if entry.event == "gap":
            if self._wanted.all or self._gaps:
                self._output.data(view.show(_gap(entry), ()))
            self._output.note(safe(told) or f"{dialect.name}: {note(_gap(entry))}")
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

    def _verify(self, dialect: Dialect, received: Received) -> None:
        """Keep the books a message is of. Raises IntegrityError for a fault."""
        if self._verifiers is None:
            return
        fault = self._verifiers.setdefault(dialect.name, Verifier(dialect)).hear(received)
        self._check(dialect, fault)

    def _begin_book(self, dialect: Dialect, entry: Entry) -> None:
        """Begin the book that was fetched over HTTP, where an entry tells of that."""
        if self._verifiers is not None and entry.event == "http" and dialect.name in self._verifiers:
            url, answer = (literal(entry.about.get(name)) for name in ("url", "text"))
            self._check(dialect, self._verifiers[dialect.name].fetched(entry.connection, url, _json(answer)))

    def _check(self, dialect: Dialect, fault: Fault | None) -> None:
        if fault is not None:
            raise IntegrityError(f"{dialect.name}: {fault.said}", "what came before it was shown")

    def tell_verified(self) -> None:
        """Say which books were kept, and how many messages each had."""
        for name, verifier in (self._verifiers or {}).items():
            for keeping in verifier.books.values():
                told = f"{keeping.messages} messages without a fault"
                bare = "; its beginning was not recorded: only the order was looked at"
                self._output.note(f"{name}: {words(keeping.subscribe)}: {told}{'' if keeping.ready else bare}")
        if self._verifiers is not None and not any(v.books for v in self._verifiers.values()):
            self._output.note("there is no book in it")

    def check_met(self, path: str) -> None:
        """Raise TimedOut where the recording ends, or --for, before --until was met."""
        enough = self._wanted.count is not None and self._count >= self._wanted.count
        if self._wanted.until and not self._met and not enough:
            raise TimedOut(f"{path}: nothing met --until", "the recording ends before it")


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


def _note_api(apis: dict[tuple[str, int], str], entry: Entry) -> None:
    """Keep which API a connection speaks, where its opening says it: an older recording does not."""
    if entry.event == "opened" and isinstance(api := entry.about.get("api"), str):
        apis[entry.exchange, entry.connection] = api


def _dialect(exchange: str, api: str | None = None) -> Dialect:
    if exchange == PLAIN.name:
        return PLAIN
    try:
        return find(exchange, api)
    except UsageError as error:
        raise UsageError(f"the recording is of {exchange!r}, which this wscli does not know", error.hint) from error


# --- one line ------------------------------------------------------------------------------------


def _json(text: str) -> Json:
    try:
        return parsed(text)
    except ValueError:
        return text


def _meant(dialect: Dialect, text: str) -> Sequence[Command]:
    wire = _json(text)
    asked = dialect.asked(wire) if isinstance(wire, dict) else None
    return asked.commands if asked is not None else ()


def _received(dialect: Dialect, state: State, entry: Entry) -> Received:
    """Return a message as the session made it."""
    reason = _unreadable(dialect, entry)
    if reason is None:
        event = dialect.decode(_json(entry.text), state)
    else:
        event = Event(Kind.UNKNOWN, entry.text, reason=reason)
    return Received(event, entry.text, entry.ns, entry.number, entry.connection, entry.binary)


def _unreadable(dialect: Dialect, entry: Entry) -> str | None:
    """Return why a frame's bytes were no text, where they were recorded as 0x…; None for text."""
    if not entry.text.startswith("0x"):
        return None
    try:
        data = bytes.fromhex(entry.text[2:])
    except ValueError:
        return None
    try:
        _ = dialect.inflate(data) if entry.binary else data.decode()
    except ValueError as error:
        return str(error)
    return None


def _gap(entry: Entry) -> Received:
    """Return a gap as the stream shows it: a message of our own."""
    known = {name: value for name, value in entry.about.items() if name not in ("event", "reason")}
    payload = {"gap": {**known, "connection": entry.connection}}
    reason = entry.about.get("reason")
    event = Event(Kind.GAP, payload, reason=None if reason is None else literal(reason))
    return Received(event, written(payload), entry.ns, 0, entry.connection)


def _answers_ping(state: State, event: Event) -> bool:
    """Say whether an event answers a ping, which is mostly the keep-alive's: nobody asked to see it."""
    asked = state.pending.get(event.request_id) if event.request_id is not None else None
    return asked is not None and any(isinstance(command, Ping) for command in asked.commands)
