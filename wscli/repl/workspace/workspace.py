"""What a person has open at the prompt: the venues, the one in use, and how things are shown. `run` takes a line."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from wscli.app import api_routing
from wscli.app.hints import at_prompt
from wscli.app.settings import Desk, channels_of, check_places, format_of, places, view_of, wanted_of
from wscli.app.targets import staying_of, venue_at, word_of_retired
from wscli.commands.options import PLACES, Options, laid
from wscli.commands.parser import choices
from wscli.core.dialect import Dialect, Places
from wscli.core.errors import UsageError, WscliError
from wscli.core.messages import Command, Credentials, Received
from wscli.core.record import fields, replace
from wscli.core.secrets import told
from wscli.exchanges import APIS, TITLES, find_dialect
from wscli.output.formats import View
from wscli.output.rows import columns as columns_of
from wscli.output.signals import Signals
from wscli.output.sink import Wanted
from wscli.output.stdout import Output
from wscli.repl.workspace.job_queue import GivenUp
from wscli.repl.workspace.known_symbols import KnownSymbols
from wscli.repl.workspace.printer import Paper
from wscli.repl.workspace.streams import Board, Showing
from wscli.repl.workspace.worker import Live, PaperOutput
from wscli.repl.workspace.worker_jobs import opened
from wscli.session.target import Venue
from wscli.storage.headers import takes_standard_input
from wscli.storage.recording.recorder import check_required
from wscli.storage.recording.shared import Recordings
from wscli.transport.urls import websocket_url

Simulator = Callable[[Desk], AbstractContextManager[tuple[Places, Credentials]]]
LEAVE_S = 6.0
SHOWN, MOST_SHOWN = 20, 1000  # messages a second that reach a screen
UNSAID = fields(Options())


class Closing(Exception):
    """The person leaves."""


class Room:
    """The state of one prompt, or of one script. Lines are run one at a time, by whichever thread has them.

    interactive: answers and messages are for eyes. simulator: starts a simulated venue (handed in: it is the edge's).
    """

    def __init__(
        self, options: Options, paper: Paper, signals: Signals, simulator: Simulator, *, interactive: bool
    ) -> None:
        self.options, self.paper, self.interactive = options, paper, interactive
        self.alone = False  # it was opened for one exchange
        self.columns: Sequence[str] = ()  # of csv, in a script
        self._headed = False  # and its header was shown
        self.lives: dict[str, Live] = {}
        self.used: str | None = None
        self.paused = False
        self.given_up = threading.Event()
        self.away = False  # the terminal is lent to another program
        self.favourites: tuple[str, ...] = ()  # their names, for Tab
        check_required(options)
        self._signals, self._simulator = signals, simulator
        self._numbers = count(1)
        self._dialects: dict[tuple[str, str | None], Dialect] = {}
        self.symbols = KnownSymbols()
        self.settings: dict[str, str] = {"keys": "emacs", "shown": str(SHOWN)}
        self.recordings = Recordings(paper.word, required=options.record_required)
        self.changed: Callable[[str], None] = lambda name: None  # is told of a setting that is new

    # --- what is open

    def hint(self, error: WscliError) -> str:
        """Return the hint of an error as it is typed here, in the place where each exchange is open."""

        def options(name: str) -> Options:
            return self.lives[name].options if name in self.lives else self.options

        return at_prompt(error.hint or error.otherwise, options)

    @property
    def live(self) -> Live:
        """The venue in use. Raises UsageError where there is none."""
        if self.used is None or self.used not in self.lives:
            raise UsageError("no venue is in use", f"use EXCHANGE opens one: {' '.join(TITLES)}")
        return self.lives[self.used]

    def is_open(self, label: str) -> bool:
        return label in self.lives and self.lives[label].alive

    def dialect(self, name: str, api: str | None = None) -> Dialect:
        """Return the dialect of an exchange, once imported."""
        if (name, api) not in self._dialects:
            found = find_dialect(name, api)
            self._dialects[name, api] = api_routing.pinned(self.desk(found, replace(self.options, api=api))).dialect
        return self._dialects[name, api]

    def use(self, name: str, said: Options, *, quietly: bool = True, anew: Sequence[str] = PLACES) -> Live:
        """Make a venue the one in use; open it where it is not open, or where the flags say another place.

        quietly: at a prompt it connects meanwhile, and whether it could is told later. anew: the flags that open it again.
        """
        if takes_standard_input(said.header):
            raise UsageError("-H @-: the lines are on standard input", "-H @FILE reads the headers from a file")
        if "://" in name:
            return self._plain(name, said)
        if name not in TITLES:
            raise UsageError(f"no exchange named {name!r}", choices(name, list(TITLES)), word=name)
        live = self.lives.get(name)
        before = (
            live.options if live is not None else None
        )  # what opens it again is said beside what it was opened with
        elsewhere = any(getattr(said, flag) != UNSAID[flag] for flag in anew)
        if live is not None and (elsewhere or not live.alive):
            self.close(name)
            live = None
        if live is None:
            options = laid(self._own(name) if before is None else before, said)
            chosen = api_routing.pinned(self.desk(self.dialect(name, options.api), options))
            dialect, options = chosen.dialect, chosen.options
            live = self._open(name, dialect, options, partial(self._venue, self.desk(dialect, options)))
            self.used = name
            if self.interactive and quietly:
                live.ask_quietly(opened)  # in a script the first line that needs it connects, and fails where it cannot
        self.used = name
        return live

    def _own(self, name: str) -> Options:
        """Return the options of the program for an exchange: an API that is another one's is not meant."""
        foreign = self.options.api is not None and self.options.api not in APIS[name]
        return replace(self.options, api=None) if foreign else self.options

    def _open(
        self, label: str, dialect: Dialect, options: Options, opening: Callable[[], AbstractContextManager[Venue]]
    ) -> Live:
        check_places(self.desk(dialect, options))
        wanted = Wanted(wait_s=options.wait, all=options.all_, verbose=options.verbose, gaps=options.output == "event")
        showing = self.showing(dialect, self.options)
        output = PaperOutput(self.paper, label, quiet=options.quiet)

        def board(to: Output) -> Board:
            return Board(dialect, showing, to, self.paper, lambda: next(self._numbers), partial(self._tag, label))

        recorder = self.recordings.take(options.record) if options.record is not None else None
        live = Live(label, dialect, opening, board, output, wanted, staying_of(options), recorder)
        live.options = options
        live.board.paused = self.paused
        self.lives[label] = live
        return live

    def _plain(self, url: str, said: Options) -> Live:
        from wscli.exchanges.generic import generic_dialect

        url = websocket_url(url)
        label = urlsplit(url).netloc
        dialect, options = replace(generic_dialect(), name=label), self.with_flags(replace(said, url=url))
        self.close(label)
        venue = venue_at(self.desk(dialect, options), Places({"public": url}))
        live, before = self._open(label, dialect, options, lambda: _just(venue)), self.used
        try:
            self.wait(live.ask(opened))
        except WscliError:
            self.close(label)
            self.used = before
            raise
        self.used = label
        return live

    @contextmanager
    def _venue(self, desk: Desk) -> Iterator[Venue]:
        """Yield the venue that the flags name, its simulator running where they say --sim."""
        with ExitStack() as stack:
            if desk.options.sim:
                where, known = stack.enter_context(self._simulator(desk))
                yield venue_at(desk, where, known)
                return
            if (word := word_of_retired(desk)) is not None:
                self.paper.word(f"wscli: {word}")
            yield venue_at(desk, places(desk))

    def open_all(self) -> None:
        """Connect every venue. Raises what one raised that cannot be."""
        for live in [*self.lives.values()]:
            self.wait(live.ask(opened))

    def close(self, label: str) -> None:
        """Leave a venue: unsubscribed, goodbye said."""
        live = self.lives.pop(label, None)
        if live is not None:
            live.leave()
            live.join(LEAVE_S)
            self._end_recording(live)
        if self.used == label:
            self.used = next(reversed(self.lives), None)

    def close_all(self) -> None:
        lives = [*self.lives.values()]
        for live in lives:
            live.leave()
        for live in lives:
            live.join(LEAVE_S)
            self._end_recording(live)
        self.lives.clear()
        self.used = None

    def _end_recording(self, live: Live) -> None:
        if live.recorder is not None:
            self.recordings.leave(live.recorder)

    def _tag(self, label: str) -> str:
        return f"{label}: " if self.interactive and len(self.lives) > 1 else ""

    # --- how things are shown

    def desk(self, dialect: Dialect, options: Options) -> Desk:
        return Desk(dialect, options, self._signals)

    def with_flags(self, said: Options) -> Options:
        """Return the room's options with what a line's flags say in place of them: a place in place of a place."""
        return laid(self.options, said)

    def showing(
        self, dialect: Dialect, options: Options, commands: Sequence[Command] = (), *, elsewhere: bool = False
    ) -> Showing:
        """Return how messages are shown. elsewhere: in a pipe or a file, whatever standard output is."""
        if elsewhere:
            options = replace(
                options, output=options.output or "json", color="never" if options.color == "auto" else options.color
            )
        desk = self.desk(dialect, options)
        columns = self._columns(dialect, commands) if format_of(options) == "csv" and not elsewhere else ()
        wanted = wanted_of(desk)
        view = view_of(desk, commands, columns=columns, named=lambda: len(self.lives) > 1, tell=self.note)
        project, projected = wanted.project, wanted.projected

        def projection(received: Received) -> str:
            value = project(received.event.payload) if project is not None else None
            return projected(value) if value is not None and projected is not None else ""

        numbered = self.interactive and not elsewhere and format_of(options) == "pretty"
        return Showing(wanted.filter, view, numbered, projection if project is not None else None)

    def _columns(self, dialect: Dialect, commands: Sequence[Command]) -> Sequence[str]:
        """Return the columns of csv: in a script those of the first stream, so that there is one header."""
        if self.interactive or not commands:
            return self.columns
        if not self.columns:
            found = columns_of(channels_of(dialect, commands))
            self.columns = found if self.alone and len(self.lives) == 1 else ("exchange", *found)
        return self.columns

    def head(self, view: View) -> None:
        """Show what comes before everything else; in a script once."""
        if not self.columns:
            self.answer(view.head())
        elif not self._headed:
            self._headed = True
            self.answer(view.head())

    def show_again(self) -> None:
        """Let what is shown from now on be as the options have it."""
        shown = {label: self.showing(live.dialect, self.options, live.on()) for label, live in self.lives.items()}
        for label, live in self.lives.items():
            live.board.showing = shown[label]

    def pause(self, on: bool) -> None:
        """Show no messages for now, or show them again."""
        self.paused = on
        for live in self.lives.values():
            live.board.paused = on

    def set(self, name: str, text: str) -> None:
        """Change a setting that is no flag. Raises UsageError."""
        if name == "shown" and not (text.isdecimal() and 0 < int(text) <= MOST_SHOWN):
            raise UsageError(f"shown cannot be {text!r}", f"messages a second: 1 to {MOST_SHOWN}", word=text)
        self.settings[name] = text
        self.changed(name)

    # --- waiting

    def check(self) -> None:
        """Raise Interrupted where a signal has come, RecordingFailed where a recording that is required has failed."""
        self._signals.check()
        self.recordings.check()

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Within it another program has the terminal: what comes meanwhile is shown afterwards."""
        self.away = True
        try:
            yield
        finally:
            self.away = False

    def wait(self, future: Future[Any], meanwhile: Callable[[], None] = lambda: None) -> Any:
        """Return what a job gave, or raise what it raised. Ctrl-C gives it up. meanwhile: is called again and again."""
        while True:
            self.check()
            try:
                return future.result(timeout=0.05)
            except NotYet:
                if future.done():
                    raise
                meanwhile()
                if self.given_up.is_set():
                    self.given_up.clear()
                    for live in self.lives.values():
                        live.give_up()

    def wait_for(self, event: threading.Event, seconds: float, check: Callable[[], None] = lambda: None) -> bool:
        """Wait until something is so, or so many seconds; say whether it is. Raises GivenUp, and what `check` raises."""
        left = seconds
        while not event.wait(min(0.05, max(left, 0.001))):
            left -= 0.05
            self.check()
            check()
            if self.given_up.is_set():
                self.given_up.clear()
                raise GivenUp("not waited for any longer")
            if left <= 0:
                return False
        return True

    def give_up(self) -> None:
        """Let what is awaited be given up: Ctrl-C."""
        self.given_up.set()

    # --- saying

    def answer(self, text: str) -> None:
        """Show a text that was asked for."""
        if text:
            self.paper.answer(text if text.endswith("\n") else f"{text}\n", lambda: None)

    def note(self, text: str) -> None:
        if not self.options.quiet:
            self.paper.word(f"wscli: {text}")

    def report(self, error: WscliError, mark: str = "") -> None:
        """Show an error in two lines. mark: a line that stands above them."""
        message, hint = told(error.message, self.hint(error), error.otherwise)
        self.paper.word(f"{mark}wscli: {message}\n  hint: {hint}")


@contextmanager
def _just(venue: Venue) -> Iterator[Venue]:
    yield venue
