"""One venue, open at the prompt: a thread that owns its line. Others ask it to do things, and read its counters.

It connects with the first thing that it is asked to do.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from wscli.app.hints import at_prompt
from wscli.commands import options
from wscli.commands.options import PLACES, Options
from wscli.core.dialect import Dialect
from wscli.core.errors import ConnectionLost, WscliError
from wscli.core.messages import State, Subscribe
from wscli.core.record import value
from wscli.exchanges import TITLES
from wscli.output.explain import words
from wscli.output.signals import Signals
from wscli.output.sink import Wanted
from wscli.output.stdout import Output
from wscli.repl.workspace.job_queue import Inbox, Job, Leaving
from wscli.repl.workspace.printer import Paper
from wscli.repl.workspace.redirects import IMPATIENT, STUCK, close_all
from wscli.repl.workspace.streams import Board
from wscli.repl.workspace.worker_jobs import active, end, stop, wished
from wscli.session.client import Line
from wscli.session.connection import Session
from wscli.session.target import Staying, Venue
from wscli.storage.recording.recorder import Recorder

LOOK_S = 0.1


class PaperOutput(Output):
    """The output of a line at the prompt: its words go to the paper, and say whose they are."""

    def __init__(self, paper: Paper, label: str, *, quiet: bool = False) -> None:
        super().__init__()
        self._paper, self._label, self._hushed = paper, label, quiet

    def data(self, text: str) -> None:
        self._paper.answer(self.veil.over(text), self.idle)

    def lines(self, data: bytes, end: bytes = b"\n") -> None:
        self.data((data + end).decode("utf-8", "backslashreplace"))

    def flush(self) -> None:
        return

    def note(self, text: str) -> None:
        if not self._hushed:
            self.say(f"wscli: {text}")

    def say(self, line: str, end: str = "\n") -> None:
        if line.startswith("wscli: ") and not line.startswith(f"wscli: {self._label}"):
            line = f"wscli: {self._label}: {line.removeprefix('wscli: ')}"
        self._paper.word(self.veil.over(line))


@value
class Opening:
    """How an exchange is opened. venue: reaches it, a simulator running meanwhile with --sim."""

    venue: Callable[[], AbstractContextManager[Venue]]
    wanted: Wanted
    staying: Staying


class Live:
    """A venue that is open. label: its name at the prompt. failed: why it is no more, once it is."""

    def __init__(
        self,
        label: str,
        dialect: Dialect,
        opening: Opening,
        board: Callable[[Output], Board],
        output: PaperOutput,
        recorder: Recorder | None = None,
    ) -> None:
        self.label, self.dialect, self.output = label, dialect, output
        self.board = board(output)
        self.board.over = lambda stream: self.ask_quietly(lambda line: stop(line, self.board, stream))
        self.failed: WscliError | None = None
        self._lost: WscliError | None = None  # what ended a connection last
        self.recorder = recorder  # that others may use too: it is closed by who made it
        self.options = Options()  # that it was opened with
        self.venue: Venue | None = None
        self._opening = opening
        self._inbox, self._signals = Inbox(), Signals()
        self._thread = threading.Thread(target=self._run, name=f"wscli {label}", daemon=True)
        self._begun = False  # it begins with the first job: words that need no connection make none
        self._beginning = threading.Lock()

    @property
    def place(self) -> str:
        """The flags that say where it is, as they are typed, with a space before each."""
        if self.label not in TITLES:  # its label says it
            return ""
        said = Options(**{name: getattr(self.options, name) for name in PLACES})
        return "".join(f" {word}" for word in options.words(said))

    # --- for other threads

    def ask(self, job: Job) -> Future[Any]:
        """Have something done with the line by the thread that owns it."""
        with self._beginning:
            if not self._begun:
                self._begun = True
                try:
                    self._thread.start()
                except RuntimeError as error:  # the system has no more
                    raise WscliError(f"{self.label}: {error}", "ulimit -u says how many there may be") from error
        return self._inbox.ask(partial(_veiled, job))

    def give_up(self) -> None:
        self.unstick(IMPATIENT)
        self._inbox.give_up()

    def unstick(self, after: int = STUCK) -> None:
        """Let go of commands that have taken nothing of their stream for so long, so that it can be ended."""
        for stream in self.board.streams:
            if stream.sink is not None:
                stream.sink.give_up(after)

    def leave(self) -> None:
        """Have it closed: unsubscribed, goodbye said."""
        with self._beginning:
            if self._begun:
                self._inbox.leave()
                return
            self._begun = True  # and over: nothing was ever said
        self._inbox.close()
        self._signals.close()

    def join(self, seconds: float) -> None:
        """Wait for its end; a command that takes nothing of its stream does not hold it up."""
        deadline = time.monotonic() + seconds
        while self.alive and time.monotonic() < deadline:
            self.unstick(IMPATIENT)
            self._thread.join(LOOK_S)

    @property
    def alive(self) -> bool:
        return self._thread.is_alive() or not self._begun

    def sessions(self) -> dict[str, Session]:
        """Return its open sockets by route."""
        line = self._inbox.line
        return dict(line.sessions) if line is not None else {}

    def states(self) -> list[State]:
        return [session.state for session in self.sessions().values()]

    def on(self) -> list[Subscribe]:
        """Return what is subscribed, and what will be once a lost connection is back."""
        line = self._inbox.line
        return [*(active(line) if line is not None else ()), *self.wished()]

    def wished(self) -> list[Subscribe]:
        """Return what will be subscribed once a lost connection is back."""
        line = self._inbox.line
        return wished(line) if line is not None else []

    def situation(self) -> str:
        """Return the state of its sockets in a word or two."""
        line = self._inbox.line
        if self.failed is not None or not self.alive:
            return "closed"
        if not self._begun:
            return "not connected"
        if line is None:
            return "opening"
        if line.comeback.away:
            return "reconnecting"
        return "open" if any(s.lost is None for s in line.sessions.values()) else "not connected"

    def check(self) -> None:
        """Raise what ended its connection for good, where nothing brings another message."""
        if self._lost is not None and self.situation() in ("closed", "not connected"):
            raise ConnectionLost(f"{self.label}: nothing more comes: {self._lost.message}", self._lost.hint)

    def logged_in(self) -> bool:
        return any(state.grant is not None for state in self.states())

    # --- the thread

    def _run(self) -> None:
        try:
            with self._opening.venue() as venue:
                self.venue = venue
                view, output, opening = self.board.showing.view, self.output, self._opening
                line = Line(venue, opening.wanted, view, output, self._signals, self.recorder, opening.staying)
                line.screen, line.beside, line.settled = self.board, self._inbox, True
                self._inbox.line = line
                self._serve(line)
        except WscliError as error:
            self.failed = error
            self._tell(error)
        except Exception as fault:  # the end of a thread: what is not told here is told nowhere
            self.failed = WscliError("a fault of wscli's own ended it")
            self._tell_fault(fault)
        finally:
            self._inbox.close()
            self._signals.close()
            close_all([stream.sink for stream in self.board.streams if stream.sink is not None])
            for stream in self.board.streams:
                end(self.board, stream)  # what a command has still to say is waited for

    def _serve(self, line: Line) -> None:
        while True:
            try:
                line.listen()
            except Leaving:
                line.close(draining=False)
                return
            except WscliError as error:
                self._lost = error
                self._tell(error)
                _let_go(line)

    def _tell(self, error: WscliError) -> None:
        hint = at_prompt(error.hint or error.otherwise, lambda name: self.options)
        self.output.say(f"wscli: {error.message}\n  hint: {hint}")

    def _tell_fault(self, fault: BaseException) -> None:
        """Show a fault of wscli's own, whole."""
        self.output.say("".join(traceback.format_exception(fault)).rstrip())

    def ask_quietly(self, job: Job) -> None:
        """Have something done that nobody waits for; a failure is told."""

        def told(future: Future[Any]) -> None:
            error = future.exception()
            if isinstance(error, WscliError):
                self._tell(error)
            elif error is not None:
                self._tell_fault(error)

        self.ask(job).add_done_callback(told)


def _veiled(job: Job, line: Line) -> Any:
    """Do a job; what it raises quotes no secret."""
    try:
        return job(line)
    except WscliError as error:
        error.message = line.veil.over(error.message)
        error.hint = line.veil.over(error.hint) if error.hint is not None else None
        raise


def _let_go(line: Line) -> None:
    """Forget the sockets that are gone for good."""
    for route, session in [*line.sessions.items()]:
        if session.lost is not None:
            for _ in session.close(0.0):
                continue
            del line.sessions[route]
            line.awaited = {place: due for place, due in line.awaited.items() if place[0] != route}
    line.comeback.away.clear()


def on_words(live: Live) -> tuple[str, ...]:
    """Return the words of what is on: "trade BTCUSDT"."""
    return tuple(words(one) for one in live.on())
