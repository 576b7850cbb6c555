"""One venue for one person: a session for each socket that the words need, one thread that owns them all.

It opens and logs in, speaks, waits for the answers that are due, hands on what comes: to the recording, the filter,
the view. What a person can ask of it stands in `app`.
"""

from __future__ import annotations

import contextlib
import select
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from wscli import transport
from wscli.dialect import Dialect, Endpoint, Places
from wscli.errors import Rejected, TimedOut, UsageError, WscliError
from wscli.explain import meaning, words
from wscli.grammar import needs_login
from wscli.interrupts import Interrupted, Signals
from wscli.model import (
    DATA,
    Auth,
    Command,
    Credentials,
    Grant,
    HttpReply,
    HttpRequest,
    Key,
    Kind,
    Query,
    Received,
    Subscribe,
    Unsubscribe,
    parsed,
    summary,
)
from wscli.output import Output
from wscli.passing import Passing
from wscli.pretty import clipped, safe
from wscli.reach import Reach
from wscli.record import Recorder
from wscli.screen import Finished, Screen, Wanted
from wscli.session import Clock, Session
from wscli.transport import Batch
from wscli.view import View, note

READINGS = 8  # of a socket that always has more, before time, signals and the other sockets are looked at
DRAIN_S = 0.4  # how long a leaving client listens for what was under way


@dataclass(frozen=True, slots=True)
class Venue:
    """One exchange as the flags have it: the dialect, where it is, who we are there."""

    dialect: Dialect
    places: Places
    proxy_never: bool
    reach: Reach
    credentials: Callable[[], Credentials | None]

    def endpoint(self, route: str) -> Endpoint:
        """Return where a route goes. Raises UsageError where there is none of that kind."""
        url = self.places.sockets.get(route)
        if url is None:
            raise UsageError(f"{self.dialect.name} has no {route} endpoint here", "without --testnet there is one")
        return Endpoint(url, self.places.http, "never" if self.proxy_never else "auto")


@dataclass(slots=True)
class _Awaited:
    """An answer that is due: what it answers, since when and until when (monotonic seconds)."""

    what: str
    since: float
    until: float


class Line:
    """One venue, live: its sessions, what they still owe us, and where what they say goes."""

    def __init__(
        self,
        venue: Venue,
        wanted: Wanted,
        view: View,
        output: Output,
        signals: Signals,
        recorder: Recorder | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.venue, self.dialect, self.wanted, self.view = venue, venue.dialect, wanted, view
        self.output, self.signals, self.recorder = output, signals, recorder
        self.screen = Screen(self.dialect, wanted, view, output)
        self.clock = clock if clock is not None else Clock()
        self.sessions: dict[str, Session] = {}
        self.awaited: dict[tuple[str, Key], _Awaited] = {}
        self.answers: dict[tuple[str, Key], Received] = {}
        self.loose: list[Received] = []  # what came first after a frame whose answer cannot be told
        self.hoping = False  # and whether it is still due
        self.settled = False  # the set-up is over: later errors do not end the stream
        self.streaming = True  # data is shown as it comes
        self.answering = False  # answers are what was asked for: they are shown as data
        self.sending = False  # and refusals too, for `send`
        self.ends: float | None = None
        self.took: dict[tuple[str, Key], float] = {}
        output.idle = self._idle

    # --- opening

    def open(self, route: str) -> Session:
        """Return the session of a route, connected. Raises ConnectionFailed."""
        if route not in self.sessions:
            endpoint = self.venue.endpoint(route)
            number = len(self.sessions) + 1
            if self.wanted.verbose:
                self.output.note(f"connecting to {endpoint.url}")
            if self.venue.reach.insecure and endpoint.url.startswith("wss:"):
                self.output.note("warning: --insecure: the certificate is not checked")
            with self.signals.raising():
                opened = transport.connect(endpoint, self.venue.reach)

            def told(text: str, ns: int) -> None:
                if self.recorder is not None:
                    self.recorder.sent(self.dialect.name, text, ns, number)
                if self.wanted.verbose:
                    self.output.note(f"> {text}")

            self.sessions[route] = Session(self.dialect, opened, self.clock, told, number)
        return self.sessions[route]

    def log_in(self, route: str) -> Received | HttpReply | None:
        """Log in on a route; return the venue's answer. Raises Rejected, TimedOut, CredentialsError."""
        session = self.open(route)
        credentials = self.venue.credentials()
        steps = self.dialect.login(credentials or Credentials(), self.clock.stamp(), self.venue.endpoint(route))
        answer: Received | HttpReply | None = None
        try:
            said = next(steps)
            while True:
                if isinstance(said, HttpRequest):
                    if self.wanted.verbose:
                        self.output.note(f"> {said.method} {said.url}")
                    with self.signals.raising():
                        answer = transport.http(said, self.venue.endpoint(route), self.venue.reach)
                    said = steps.send(answer)
                else:
                    key = session.send(said)
                    answer = self.answer_to(route, key, "the login")
                    said = steps.send(answer.event)
        except StopIteration as done:
            grant: Grant = done.value
            session.granted(grant)
            return answer
        except Rejected as refused:
            source = credentials.source if credentials is not None else "nowhere"
            raise Rejected(refused.message, refused.hint or f"the credentials came from {source}") from None

    def answer_to(self, route: str, key: Key | None, what: str) -> Received:
        """Return the answer to one request, whatever it says. Raises TimedOut."""
        if key is None:
            raise WscliError(f"{self.dialect.name}: {what} has no answer to wait for")
        self._await((route, key), what)
        return self.answer(route, key)

    # --- speaking

    def say(self, commands: Sequence[Command]) -> list[tuple[str, Key]]:
        """Open what `commands` need, log in where it must be, send; return where answers are due."""
        due: list[tuple[str, Key]] = []
        for route, group in routed(self.dialect, commands).items():
            self.open(route)
            if needs_login(self.dialect, group):
                self._prepared(route)
            for key in self.sessions[route].say(group):
                self._await((route, key), _asked(self.dialect, self.sessions[route], key))
                due.append((route, key))
        self._say_union(commands)
        return due

    def _prepared(self, route: str) -> None:
        """Log in on the way to something else: its answer is not what was asked for."""
        answering, self.answering = self.answering, False
        try:
            self.log_in(route)
        finally:
            self.answering = answering

    def _say_union(self, commands: Sequence[Command]) -> None:
        for command in (c for c in commands if isinstance(c, Subscribe)):
            channel = self.dialect.channel(command.channel)
            if channel is None or not channel.replaces:
                continue
            sent = [
                c
                for session in self.sessions.values()
                for asked in session.state.pending.values()
                for c in asked.commands
                if isinstance(c, Subscribe) and c.channel == channel.name
            ]
            symbols = tuple(dict.fromkeys(s for c in sent for s in c.symbols))
            if sent and symbols != command.symbols:
                self.output.note(
                    f"{self.dialect.name} replaces {channel.name} at every subscribe: asked for {' '.join(symbols)} together"
                )

    def _await(self, place: tuple[str, Key], what: str) -> None:
        now = self.clock.monotonic()
        self.awaited[place] = _Awaited(what, now, now + self.wanted.wait_s)

    def answer(self, route: str, key: Key) -> Received:
        """Return the answer to a request that `say` sent. Raises TimedOut, ConnectionLost."""
        self._until(lambda: (route, key) in self.answers, self.sessions[route], (route, key))
        return self.answers.pop((route, key))

    def _until(self, done: Callable[[], bool], session: Session, forgiving: tuple[str, Key]) -> None:
        """Listen until `done`, which counts even if the connection was lost with it."""
        while not done():
            self._lost(session)
            self._step(forgiving)

    def answered(self, received: Received) -> None:
        """Show an answer where it stands among the messages: a reply as data (filters apply), anything else whole."""
        if received.event.kind is Kind.ERROR and not self.sending:
            return  # told on standard error
        if received.event.kind is Kind.REPLY:
            self.screen.show(received)
        else:
            self.output.data(self.view.show(received, ()))

    def send_text(self, text: str) -> Received:
        """Send a frame as it was typed; return its answer, or the first message that can be one."""
        wire = parsed(text)
        asked = self.dialect.asked(wire) if isinstance(wire, dict) else None
        commands = asked.commands if asked is not None else ()
        route = self.dialect.route(commands[0]) if commands else "public"
        session = self.open(route)
        if needs_login(self.dialect, [c for c in commands if not isinstance(c, Auth)]):
            self._prepared(route)
        session.say_text(text, text)
        key = session.sent(wire) if isinstance(wire, dict) else None
        if key is not None:
            self._await((route, key), "the frame")
            return self.answer(route, key)
        place = (route, text)
        self._await(place, "the frame")
        self.hoping = True
        self._until(lambda: not self.hoping, session, place)
        del self.awaited[place]
        return self.loose[-1]

    # --- listening

    def settle(self) -> None:
        """Listen until every answer that is due has come. Raises Rejected, TimedOut, ConnectionLost, Finished."""
        while self.awaited:
            self._lost()
            self._step()
        self.settled = True

    def listen(self) -> None:
        """Listen until it is enough (Finished), the time is up, a signal comes or the connection is lost."""
        while True:
            self._lost()
            self._step()

    def _step(self, forgiving: tuple[str, Key] | None = None) -> None:
        """Wait for something to happen, once, and deal with it."""
        self.output.flush()
        self.signals.check()
        now = self.clock.monotonic()
        late = next((a for a in self.awaited.values() if a.until <= now), None)
        if late is not None:
            raise TimedOut(
                f"{self.dialect.name} did not answer {late.what} within {self.wanted.wait_s:g} s",
                "--wait gives it longer",
            )
        waits = [a.until - now for a in self.awaited.values()] + [s.due_s() for s in self.sessions.values()]
        if self.ends is not None:
            waits.append(self.ends - now)
        timeout = max(min([*waits, 3600.0]), 0.0)
        if any(s.waiting() for s in self.sessions.values()):
            timeout = 0.0
        sources: list[Signals | Session] = [self.signals, *self.sessions.values()]
        ready, _, _ = select.select(sources, [], [], timeout)
        self.signals.check()
        for route, session in self.sessions.items():
            if session in ready or session.waiting():
                self._hear(route, session, forgiving)
        self.output.flush()
        self._idle()
        if self.ends is not None and self.clock.monotonic() >= self.ends:
            raise Finished

    def _hear(self, route: str, session: Session, forgiving: tuple[str, Key] | None) -> None:
        """Deal with what has arrived, a few readings at most: as bytes where that is all that is wanted, else each by itself."""
        passing = self.screen.passing if self.streaming and self.recorder is None else None
        for _ in range(READINGS):
            batch = session.read()
            self._deal(route, session, batch, passing, forgiving)
            session.lost = batch.closed
            if not batch.full or batch.closed is not None:
                return
            self.output.flush()

    def _deal(
        self,
        route: str,
        session: Session,
        batch: Batch,
        passing: Passing | None,
        forgiving: tuple[str, Key] | None,
    ) -> None:
        for binary, payloads in batch.runs:
            if passing is None:
                for data in payloads:
                    self._heard(route, session, session.received(data, binary, batch.ns), forgiving)
            else:
                self._pass(route, session, passing, payloads, binary, batch.ns, forgiving)

    def _pass(
        self,
        route: str,
        session: Session,
        passing: Passing,
        payloads: list[bytes],
        binary: bool,
        ns: int,
        forgiving: tuple[str, Key] | None,
    ) -> None:
        """Pass on what is surely data; deal with the rest in its place."""
        keep = passing.keep
        inflate = self.dialect.inflate_fast if binary else None
        if keep is None and not binary and passing.all_data(payloads):
            run, rest = payloads, []
        else:
            run, rest = [], payloads
        for payload in rest:
            text = payload if not binary else inflate(payload) if inflate is not None else None
            verdict = None if text is None or not passing.data(text) else True if keep is None else keep(text)
            if verdict:
                run.append(text)  # type: ignore[arg-type]
            elif verdict is None:
                self._put(route, session, run, ns, forgiving)
                run = []
                self._heard(route, session, session.received(payload, binary, ns), forgiving)
            else:
                session.passed(1)
        self._put(route, session, run, ns, forgiving)

    def _put(self, route: str, session: Session, run: list[bytes], ns: int, forgiving: tuple[str, Key] | None) -> None:
        while run:
            before = len(run)
            run = self.screen.put(run)
            session.passed(before - len(run))
            if run:  # the first one holds a newline
                self._heard(route, session, session.received(run[0], False, ns), forgiving)
                run = run[1:]

    def _idle(self) -> None:
        if self.signals.came is None:
            for session in self.sessions.values():
                if session.lost is None:
                    session.idle()
        else:
            self.signals.check()

    def _lost(self, session: Session | None = None) -> None:
        for one in self.sessions.values() if session is None else (session,):
            if one.lost is not None:
                raise one.lost

    def _heard(self, route: str, session: Session, received: Received, forgiving: tuple[str, Key] | None) -> None:
        """Deal with one message: record it, settle what it answers, show it."""
        event = received.event
        if self.recorder is not None:
            self.recorder.received(self.dialect.name, received)
        place = (route, event.request_id) if event.request_id is not None else None
        awaited = self.awaited.pop(place, None) if place is not None else None
        if awaited is not None and place is not None:
            self.answers[place] = received
            self.took[place] = self.clock.monotonic() - awaited.since
            if self.answering:
                self.answered(received)
                return
        if self.hoping and event.kind in (Kind.ACK, Kind.ERROR, Kind.REPLY, Kind.PONG, Kind.UNKNOWN):
            self.loose, self.hoping = [received], False
            self.answered(received)
            return
        mine = awaited is not None or (place is None and bool(self.awaited))
        if event.kind is Kind.ERROR and mine and not self.settled and place != forgiving:
            raise self.refusal(received)
        self._show(session, received)

    def refusal(self, received: Received) -> Rejected:
        """Return a venue's refusal as an error: its words, and what its code means."""
        event = received.event
        told = event.reason is not None or event.code is not None
        said = summary(event).removeprefix("error").strip(" :") if told else received.text
        return Rejected(f"{self.dialect.name} refused: {clipped(safe(said), 400)}", meaning(self.dialect, event))

    # --- showing

    def _show(self, session: Session, received: Received) -> None:
        """Show data as data, everything else as a note (with --all as data)."""
        event = received.event
        if event.kind in DATA:
            if self.streaming:
                self.screen.show(received)
            return
        if self.wanted.all:
            self.output.data(self.view.show(received, ()))
        if self.wanted.verbose or not (self.wanted.all or session.beats(event)):
            self.output.note(f"{self.dialect.name}: {note(received)}")

    def limit_time(self) -> None:
        """Start the clock of --for."""
        if self.wanted.for_s is not None:
            self.ends = self.clock.monotonic() + self.wanted.for_s

    # --- leaving

    def leave(self) -> None:
        """Close after a signal or a failure: show what was under way, and let nothing hide the cause."""
        with contextlib.suppress(Finished, WscliError, Interrupted):
            self.close(draining=True)

    def close(self, *, draining: bool) -> None:
        """Close every socket; with `draining`, show what was still under way."""
        for session in self.sessions.values():
            for received in session.close(DRAIN_S if draining else 0.05):
                if self.recorder is not None:
                    self.recorder.received(self.dialect.name, received)
                if draining:
                    self._show(session, received)
        self.output.flush()


def routed(dialect: Dialect, commands: Iterable[Command]) -> Mapping[str, list[Command]]:
    """Return the commands by the socket they belong to, in order."""
    groups: dict[str, list[Command]] = {}
    for command in commands:
        groups.setdefault(dialect.route(command), []).append(command)
    return groups


def _asked(dialect: Dialect, session: Session, key: Key) -> str:
    asked = session.state.pending.get(key)
    told = [described(c) for c in asked.commands] if asked is not None else []
    return ", ".join(dict.fromkeys(told)) or "the request"


def described(command: Command) -> str:
    """Return a command in the words that make it.

    >>> described(Subscribe("kline", ("BTCUSDT",), {"interval": "1m"}))
    'subscribe kline BTCUSDT interval=1m'
    """
    match command:
        case Subscribe() | Query():
            return f"{type(command).__name__.lower()} {words(command)}"
        case Unsubscribe(channel, symbols, params, number):
            end = words(Subscribe(channel, symbols, params)) if number is None else str(number)
            return f"unsubscribe {end}"
        case _:
            return type(command).__name__.lower()
