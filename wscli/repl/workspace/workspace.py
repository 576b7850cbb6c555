"""What a person has open at the prompt: the venues, the one in use, and how things are shown. `run` takes a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from itertools import count
from urllib.parse import urlsplit

from wscli.app import api_routing
from wscli.app.hints import at_prompt
from wscli.app.settings import Desk, channels_of, check_places, format_of, view_of, wanted_of
from wscli.app.targets import staying_of, venue_at
from wscli.commands.options import PLACES, Options, laid
from wscli.core.dialect import Dialect, Places
from wscli.core.errors import UsageError, WscliError, choices
from wscli.core.messages import Command, Received
from wscli.core.record import fields, replace
from wscli.core.secrets import told
from wscli.exchanges import APIS, TITLES
from wscli.output.formats import View
from wscli.output.rows import columns as columns_of
from wscli.output.signals import Signals
from wscli.output.sink import Wanted
from wscli.output.stdout import Output
from wscli.repl.workspace.csv_header import CsvHeader
from wscli.repl.workspace.known_symbols import KnownSymbols
from wscli.repl.workspace.opener import Opener, Simulator
from wscli.repl.workspace.printer import Paper
from wscli.repl.workspace.prompt_settings import PromptSettings
from wscli.repl.workspace.streams import Board, Marks, Showing
from wscli.repl.workspace.waits import Waits
from wscli.repl.workspace.worker import Live, Opening, PaperOutput
from wscli.repl.workspace.worker_jobs import opened
from wscli.session.target import Venue
from wscli.storage.headers import takes_standard_input
from wscli.storage.recording.recorder import check_required
from wscli.storage.recording.shared import Recordings
from wscli.transport.urls import websocket_url

LEAVE_S = 6.0
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
        self.csv = CsvHeader()
        self.lives: dict[str, Live] = {}
        self.used: str | None = None
        self.paused = False
        self.away = False  # the terminal is lent to another program
        check_required(options)
        self._opener = Opener(signals, simulator, paper.word)
        self._numbers = count(1)
        self.symbols = KnownSymbols()
        self.settings = PromptSettings()
        self.recordings = Recordings(paper.word, required=options.record_required)
        self.waits = Waits(signals, self.recordings, self._give_up_jobs)

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
        return self._opener.dialect(name, replace(self.options, api=api))

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
            live = self._open(name, dialect, options, partial(self._opener.venue, self.desk(dialect, options)))
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
            return Board(
                dialect, showing, to, self.paper, Marks(lambda: next(self._numbers), partial(self._tag, label))
            )

        recorder = self.recordings.take(options.record) if options.record is not None else None
        live = Live(label, dialect, Opening(opening, wanted, staying_of(options)), board, output, recorder)
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
            self.waits.result(live.ask(opened))
        except WscliError:
            self.close(label)
            self.used = before
            raise
        self.used = label
        return live

    def open_all(self) -> None:
        """Connect every venue. Raises what one raised that cannot be."""
        for live in [*self.lives.values()]:
            self.waits.result(live.ask(opened))

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

    def _give_up_jobs(self) -> None:
        for live in self.lives.values():
            live.give_up()

    def _end_recording(self, live: Live) -> None:
        if live.recorder is not None:
            self.recordings.leave(live.recorder)

    def _tag(self, label: str) -> str:
        return f"{label}: " if self.interactive and len(self.lives) > 1 else ""

    # --- how things are shown

    def desk(self, dialect: Dialect, options: Options) -> Desk:
        return self._opener.desk(dialect, options)

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
        columns: Sequence[str] = ()
        if format_of(options) == "csv" and not elsewhere:
            columns = self.csv.columns
            if commands and not columns and not self.interactive:
                columns = self.csv.settle(columns_of(channels_of(dialect, commands)), one_open=len(self.lives) == 1)
        wanted = wanted_of(desk)
        view = view_of(desk, commands, columns=columns, named=lambda: len(self.lives) > 1, tell=self.note)
        project, projected = wanted.project, wanted.projected

        def projection(received: Received) -> str:
            value = project(received.event.payload) if project is not None else None
            return projected(value) if value is not None and projected is not None else ""

        numbered = self.interactive and not elsewhere and format_of(options) == "pretty"
        return Showing(wanted.filter, view, numbered, projection if project is not None else None)

    def head(self, view: View) -> None:
        """Show what comes before everything else; in a script once."""
        if self.csv.due():
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

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Within it another program has the terminal: what comes meanwhile is shown afterwards."""
        self.away = True
        try:
            yield
        finally:
            self.away = False

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
