"""One venue for one person: a session for each socket that the words need, one thread that owns them all.

It opens and logs in, speaks, waits for the answers that are due, hands on what comes (to the recording, the filter, the
view), and comes back after a loss: logged in, subscribed to the same set. What a person can ask of it stands in `app`.
"""

from __future__ import annotations

import contextlib
import select
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

from wscli.commands.parser import needs_login, route_of_frame
from wscli.core.dialect import routed
from wscli.core.errors import ConnectionLost, Rejected, TimedOut, WscliError
from wscli.core.jsontext import parsed
from wscli.core.messages import (
    DATA,
    Auth,
    Command,
    Credentials,
    Event,
    HttpReply,
    Key,
    Kind,
    Received,
    Stamp,
    Subscribe,
)
from wscli.core.record import replace, value
from wscli.core.redaction import Veil
from wscli.output.fast_path import Passing
from wscli.output.formats import View, note
from wscli.output.signals import Interrupted, Signals
from wscli.output.sink import Finished, Screen, Wanted
from wscli.output.stdout import Output
from wscli.session import connector
from wscli.session import notices as remarks
from wscli.session.connection import Clock, Session
from wscli.session.dispatch import deal
from wscli.session.handover import Handover
from wscli.session.message_notices import LOOKED_AT, Flowing, MessageRemarks
from wscli.session.reconnect import Comeback
from wscli.session.target import Beside, Staying, Venue, described

if TYPE_CHECKING:
    from wscli.storage.recording.recorder import Recorder
    from wscli.transport.background import Dialling

READINGS = 2  # of a socket that always has more, before time, signals and the other sockets are looked at
DRAIN_S = 0.4  # how long a leaving client listens for what was under way
GOODBYE_S = 0.05  # and how long at least for the answer to its close
PAUSE_S = 120.0  # how long a venue that pauses is left alone at most


@value(frozen=False)
class _Awaited:
    """An answer that is due: what it answers, since when and until when (monotonic seconds)."""

    what: str
    since: float
    until: float


Place = tuple[str, Key]  # the route and the key of a request


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
        staying: Staying | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.venue, self.dialect, self.wanted, self.view = venue, venue.dialect, wanted, view
        self.output, self.signals, self.recorder = output, signals, recorder
        self.screen = Screen(self.dialect, wanted, view, output)
        self.clock = clock if clock is not None else Clock()
        self.sessions: dict[str, Session] = {}
        self.awaited: dict[Place, _Awaited] = {}
        self._late_at = float("inf")  # no answer is late before: looked at in every step, and there can be thousands
        self.answers: dict[Place, Received] = {}
        self.took: dict[Place, float] = {}
        self.forgiving: Collection[Place] = ()  # the caller handles a rejection of these requests
        self.partly: Rejected | None = None  # the first of what was rejected while the rest was granted
        self.refused: Rejected | None = None  # told once the batch that brought it is dealt with
        self.loose: list[Received] = []  # what came first after a frame whose answer cannot be told
        self.hoping = False  # and whether it is still due
        self.cut = False  # a signal ended it in the middle of a batch
        self.settled = False  # the set-up is over: later errors do not end the stream
        self.streaming = True  # data is shown as it comes
        self.answering = False  # answers are what was asked for: they are shown as data
        self.sending = False  # and refusals too, for `send`
        self.ends: float | None = None
        self.beside: Beside | None = None
        self.witness: Callable[[Received], None] | None = None  # is told of every message, before all else
        self.veil = output.veil = Veil()
        self.remarks = MessageRemarks()
        self.flowing = Flowing()
        self.connections = 0
        self.dialling: dict[Dialling[Any], str] = {}  # blocking calls elsewhere, and what each is for
        self.comeback = Comeback(self, staying if staying is not None else Staying(reconnect=False))
        self.handover = Handover(self)
        self.quiet_at: float | None = None  # when what is still silent gets a word
        output.idle = lambda: self._idle(blocked=True)

    # --- opening

    def open(self, route: str) -> Session:
        """Return the session of a route, connected. Raises ConnectionFailed."""
        if route not in self.sessions:
            session = self.connected(route)
            if route in self.sessions:  # what listens beside asked for it meanwhile
                self.drop(session, ConnectionLost("not needed"))
            else:
                self.take(route, session)
        return self.sessions[route]

    def connected(self, route: str) -> Session:
        """Return a new session of a route, to be taken. Raises ConnectionFailed."""
        return connector.connected(self, route)

    def take(self, route: str, session: Session) -> None:
        """Make a session that of its route."""
        self.sessions[route] = session
        self.handover.opened(route, session)
        if self.beside is not None:
            self.beside.opened(session)

    def log_in(self, route: str, commands: Sequence[Command] = ()) -> Received | HttpReply | None:
        """Log in on a route, for `commands`; return the venue's answer. Raises Rejected, TimedOut, CredentialsError."""
        return connector.log_in(self, route, commands)

    def has_company(self) -> bool:
        """Say whether something is to be served while one waits: a live socket, or what listens beside."""
        return any(s.lost is None for _, s in self._sockets()) or (
            self.beside is not None and bool(self.beside.sources())
        )

    def _sockets(self) -> list[tuple[str, Session]]:
        """Return every socket with its route, one that is being replaced before the one that replaces it."""
        outgoing = self.handover.outgoing
        return [*([outgoing] if outgoing is not None else []), *self.sessions.items()]

    def answer_to(self, route: str, key: Key | None, what: str) -> Received:
        """Return the answer to one request, whatever it says. Raises TimedOut."""
        if key is None:
            raise WscliError(f"{self.dialect.name}: {what} has no answer to wait for")
        self._await((route, key), what)
        return self.answer(route, key)

    # --- speaking

    def say(self, commands: Sequence[Command]) -> list[Place]:
        """Open what `commands` need, log in where it must be, send; return where answers are due."""
        due: list[Place] = []
        groups = routed(self.dialect, commands)
        for route, group in groups.items():
            if needs_login(self.dialect, group):
                self._check_credentials(route)
        for route, group in groups.items():
            self.open(route)
            if needs_login(self.dialect, group) and self.sessions[route].state.grant is None:
                self.prepared(route, group)
            due += self.said(route, group)
        self._say_union(commands)
        return due

    def _check_credentials(self, route: str) -> None:
        """Raise CredentialsError before anything is opened where the login has not what it needs."""
        stamp = Stamp(self.clock.wall_ns(), count(1), self.clock.token)
        steps = self.dialect.login(self.venue.credentials() or Credentials(), stamp, self.venue.endpoint(route))
        with contextlib.suppress(StopIteration):
            next(steps)
        steps.close()

    def said(self, route: str, commands: Sequence[Command]) -> list[Place]:
        session = self.sessions[route]
        due = [(route, key) for key in session.say(commands)]
        for place in due:
            self._await(place, _asked(session, place[1]))
        return due

    def prepared(self, route: str, commands: Sequence[Command] = ()) -> None:
        """Log in on the way to something else: its answer is not what was asked for."""
        answering, self.answering = self.answering, False
        try:
            self.log_in(route, commands)
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
                told = " ".join(symbols)
                self.output.note(
                    f"{self.dialect.name} replaces {channel.name} at every subscribe: asked for {told} together"
                )

    def send_text(self, text: str, product: str | None = None) -> Received:
        """Send a frame as it was typed; return its answer, or the first message that can be one. product: whose socket."""
        wire = parsed(text)
        asked = self.dialect.asked(wire) if isinstance(wire, dict) else None
        commands = asked.commands if asked is not None else ()
        route = route_of_frame(self.dialect, wire, product)
        session = self.open(route)
        if needs_login(self.dialect, [c for c in commands if not isinstance(c, Auth)]):
            self.prepared(route)
        session.send_typed(text, login=any(isinstance(c, Auth) for c in commands))
        key = session.sent(wire) if isinstance(wire, dict) else None
        if key is not None:
            self._await((route, key), "the frame")
            return self.answer(route, key)
        place = (route, text)
        self._await(place, "the frame")
        self.hoping = True
        self.until(lambda: not self.hoping, (place,))
        del self.awaited[place]
        return self.loose[-1]

    # --- answers

    def _await(self, place: Place, what: str) -> None:
        now = self.clock.monotonic()
        self.awaited[place] = _Awaited(what, now, now + self.wanted.wait_s)
        self._late_at = min(self._late_at, now + self.wanted.wait_s)

    def answer(self, route: str, key: Key) -> Received:
        """Return the answer to a request that `say` sent. Raises TimedOut, ConnectionLost."""
        self.until(lambda: (route, key) in self.answers, ((route, key),))
        return self.answers.pop((route, key))

    def until(self, done: Callable[[], bool], forgiving: Collection[Place] = ()) -> None:
        """Listen until `done`, which counts even if the connection was lost with it."""
        before, self.forgiving = self.forgiving, forgiving
        try:
            while not done():
                self._raise_lost()
                self.step()
        finally:
            self.forgiving = before

    def rejected_in_part(self, received: Received) -> None:
        """Keep the first rejection of a part of what was asked for: the rest streams, and the status at its end is 4."""
        if self.partly is None:
            self.partly = remarks.refusal(self.dialect, self.veil, received)
            self.partly.hint = self.partly.hint or "the rest was granted and shown: leave this out"

    def answered(self, received: Received) -> None:
        """Show an answer where it stands among the messages: a reply as data (filters apply), anything else whole."""
        if received.event.kind is Kind.ERROR and not self.sending:
            return  # told on standard error
        if received.event.kind is Kind.REPLY:
            self.screen.show(received)
        else:
            self.output.data(self.view.show(received, ()))

    # --- listening

    def settle(self) -> None:
        """Listen until every answer that is due has come. Raises Rejected, TimedOut, ConnectionLost, Finished."""
        self.until(lambda: not self.awaited)
        self.settled = True
        self.quiet_at = self.clock.monotonic() + self.wanted.quiet_s

    def listen(self) -> None:
        """Listen until it is enough (Finished), the time is up, a signal comes or the connection is lost for good."""
        while True:
            if self.comeback.staying.reconnect:
                self.comeback.leave_lost()
            self._raise_lost()
            self.step()

    def step(self) -> None:
        """Wait for something to happen, once, and deal with it."""
        self.output.flush()
        if self.recorder is not None:
            self.recorder.flush()
            self.recorder.check()
        self.signals.check()
        now = self.clock.monotonic()
        self._check_answers(now)
        live = [s for _, s in self._sockets() if s.lost is None]
        timeout = 0.0 if any(s.waiting() for s in live) else max(min(self._waits(now)), 0.0)
        others = self.beside.sources() if self.beside is not None else ()
        under_way = [d for d in self.dialling if not d.over]
        sources: list[Signals | Session | Dialling[Any] | int] = [self.signals, *live, *others, *under_way]
        passing = self._passing()  # before the wait: what comes is not to wait for it
        ready, roomy, _ = select.select(sources, [s for s in live if s.unsent], [], timeout)
        self.signals.check()
        for session in roomy:
            session.flush()
        for route, session in self._sockets():
            if session.lost is None and (session in ready or session.waiting()):
                self._hear(route, session, passing)
        self.output.flush()
        if self.refused is not None:
            refused, self.refused = self.refused, None
            raise refused
        if self.beside is not None:
            self.beside.step([one for one in others if one in ready])
        self._idle()
        self._look_at_the_clock()

    def _waits(self, now: float) -> list[float]:
        """Return the seconds until each thing that time brings."""
        at = ([self._late_at] if self.awaited else []) + self.comeback.times() + self.handover.times()
        at += [t for t in (self.ends, self.quiet_at) if t is not None]
        beats = [s.due_s() for _, s in self._sockets() if s.lost is None]
        return [*(t - now for t in at), *beats, self._beside_s()]

    def _beside_s(self) -> float:
        return 3600.0 if self.beside is None else min(self.beside.due_s(), 3600.0)

    def _check_answers(self, now: float) -> None:
        if now < self._late_at or not self.awaited:
            return
        for place in [place for place, due in self.awaited.items() if due.until <= now]:
            what = self.awaited.pop(place).what
            said = f"{self.dialect.name} did not answer {what} within {self.wanted.wait_s:g} s"
            if not self._goes_without(place):
                raise TimedOut(said, "--wait gives it longer")
            self.output.note(f"{said}, but its data comes: the stream goes on")
        self._late_at = min((due.until for due in self.awaited.values()), default=float("inf"))

    def _goes_without(self, place: Place) -> bool:
        """Take a subscription whose data comes as acknowledged; say whether it is one."""
        route, key = place
        session = self.sessions.get(route)
        request = session.state.pending.get(key) if session is not None else None
        if session is None or request is None or not self.flowing.come(route, request.commands):
            return False
        self.answers[place] = session.assume(key)
        return True

    def _hear(self, route: str, session: Session, passing: Passing | None) -> None:
        """Deal with what has arrived, a few readings at most."""
        recorded = self._recorded_at_once if self.recorder is not None else None
        for _ in range(READINGS):
            batch = session.read()
            deal(session, batch, lambda received: self._heard(route, session, received), recorded, self.screen, passing)
            session.lost = batch.closed or session.lost
            if self.recorder is not None:
                self.recorder.flush()
            if not batch.full or batch.closed is not None:
                return
            self.output.flush()

    def _passing(self) -> Passing | None:
        """Return the fast path, once every subscription has begun (or had its time), where nothing has to be looked at."""
        if not self.streaming or self.recorder is not None or self.comeback.staying.stale_s is not None:
            return None
        if self.handover.overlapping() or self.witness is not None or self.awaited:
            return None
        silent = self.quiet_at is not None and any(session.is_silent() for session in self.sessions.values())
        return None if silent else self.screen.passing

    def _silent(self) -> list[Subscribe]:
        return [one for session in self.sessions.values() for one in session.silent()]

    def _hurry(self) -> None:
        """Raise Interrupted in the middle of a batch where a signal waits too long for its end: nothing after it is shown."""
        if self.signals.overdue:
            self.cut = True
            self.signals.check()

    def _recorded(self, received: Received) -> None:
        if self.recorder is not None:
            self.recorder.received(self.dialect.name, replace(received, text=self.veil.over(received.text)))

    def _recorded_at_once(self, received: Received) -> None:
        self._hurry()
        self._recorded(received)

    def _heard(self, route: str, session: Session, received: Received) -> None:
        """Deal with one message: settle what it answers, show it, heed what it asks for."""
        self._hurry()
        event = received.event
        if session is not self.sessions.get(route):  # it is being replaced: what is asked there is no concern any more
            told = self.handover.first(session, received) if event.kind in DATA else self.wanted.all
            if told:
                self._show(session, received)
            return
        if self.witness is not None:
            self.witness(received)
        if event.kind in LOOKED_AT:
            self._note(self.remarks.on(received))
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
        mine = awaited is not None or (place is None and self.awaits(route))
        if event.partial and mine:
            self.rejected_in_part(received)
        elif event.kind is Kind.ERROR and mine and not self.settled and place not in self.forgiving:
            self.refused = self.refused or remarks.refusal(self.dialect, self.veil, received)
            return
        if event.kind in DATA:
            if self.awaited:
                self.flowing.heard(route, event)
            self.comeback.heard(route, event)
            if not self.handover.first(session, received):
                return
        if event.kind is Kind.ERROR and place in self.forgiving and not event.partial and not self.wanted.all:
            return  # the caller reports it
        self._show(session, received)
        self._heed(session, event)

    def _show(self, session: Session, received: Received) -> None:
        """Show data as data, everything else as a note (with --all as data); errors are told with --quiet too."""
        event = received.event
        if event.kind in DATA:
            if self.streaming:
                self.screen.show(received)
            return
        if self.wanted.all:
            self.output.data(self.view.show(received, ()))
        line = f"{self.dialect.name}: {note(received)}"
        if event.kind is Kind.ERROR:
            self.output.say(f"wscli: {line}")
        elif self.wanted.verbose or not session.beats(event):
            self.output.note(line)

    # --- time

    def limit_time(self) -> None:
        """Start the clock of --for."""
        if self.wanted.for_s is not None:
            self.ends = self.clock.monotonic() + self.wanted.for_s

    def _idle(self, *, blocked: bool = False) -> None:
        """Keep the connections alive; a missing pong is a loss. blocked: standard output has no room, nobody reads."""
        self.signals.check()
        for _, session in self._sockets():
            if session.lost is None:
                try:
                    session.idle(blocked=blocked)
                except ConnectionLost as lost:
                    session.lost = lost

    def _look_at_the_clock(self) -> None:
        now = self.clock.monotonic()
        if self.ends is not None and now >= self.ends:
            due = [f"{a.what} was answered" for a in self.awaited.values()] + [*self.dialling.values()]
            if due and not self.settled and self.comeback.returning is None:
                raise TimedOut(f"{self.dialect.name}: --for was over before {due[0]}", "--for gives it longer")
            if self.quiet_at is not None:
                self._note(remarks.of_silent(self.dialect, self._silent()))
                self._note(remarks.of_hidden(self.screen))
            raise Finished
        if self.quiet_at is not None and now >= self.quiet_at:
            self.quiet_at = None
            self._note(remarks.of_silent(self.dialect, self._silent()))
            self._note(remarks.of_hidden(self.screen))
        self.comeback.look(now)
        self.handover.look(now)

    def _note(self, remarks: Iterable[str]) -> None:
        for remark in remarks:
            self.output.note(f"{self.dialect.name}: {remark}")

    # --- losses

    def _raise_lost(self) -> None:
        for route, session in self.sessions.items():
            if session.lost is not None and self.comeback.returning in (None, route):
                raise session.lost.with_traceback(None)  # it may be raised again: each time would add to its traceback

    def _heed(self, session: Session, event: Event) -> None:
        """Do what a notice of the venue asks for."""
        match self.dialect.notice(event):
            case "replace" if self.comeback.staying.reconnect:
                self.handover.ask(session)
            case "reconnect" | "replace":
                session.lost = ConnectionLost(f"{self.dialect.name} asks to reconnect")
            case "pause":
                session.pause(PAUSE_S)
            case _:
                pass

    # --- leaving

    def awaits(self, route: str) -> bool:
        """Say whether an answer is due on a route."""
        return any(place[0] == route for place in self.awaited)

    def forget(self, route: str) -> None:
        """Wait no longer for the answers of a route: the socket they were asked on is gone."""
        self.awaited = {place: due for place, due in self.awaited.items() if place[0] != route}

    def drop(self, session: Session, cause: WscliError | None = None) -> None:
        """Close a session at once; the recording is told the cause where there is one."""
        for _ in session.close(0.0):
            continue
        if self.recorder is not None and cause is not None:
            said = self.veil.over(cause.message)
            self.recorder.event(self.dialect.name, "closed", self.clock.wall_ns(), session.connection, reason=said)

    def leave(self) -> None:
        """Close after a signal or a failure: show what was under way, and let nothing hide the cause."""
        with contextlib.suppress(Finished, WscliError, Interrupted):
            self.close(draining=True)

    def _drain(self, session: Session, seconds: float, *, shown: bool) -> None:
        """Close a session: record what still comes until the peer's close, show it where it is to be shown."""
        late = self.clock.monotonic() + seconds + GOODBYE_S
        with contextlib.closing(session.close(seconds)) as under_way:
            for received in under_way:
                self._recorded(received)
                if shown and (received.event.kind not in DATA or self.handover.first(session, received)):
                    self._show(session, received)
                if self.clock.monotonic() >= late:
                    return  # in the middle of a flood

    def close(self, *, draining: bool) -> None:
        """Unsubscribe from and close every socket; with `draining`, show what was still under way."""
        live = [session for _, session in self._sockets() if session.lost is None]
        for session in live:
            session.farewell()
        end = self.clock.monotonic() + DRAIN_S
        for _, session in self._sockets():
            left = max(end - self.clock.monotonic(), GOODBYE_S) if draining else GOODBYE_S
            self._drain(session, 0.0 if self.cut else left, shown=draining)
            if self.recorder is not None:
                self.recorder.event(self.dialect.name, "closed", self.clock.wall_ns(), session.connection)
        self.output.flush()


def _asked(session: Session, key: Key) -> str:
    asked = session.state.pending.get(key)
    told = [described(c) for c in asked.commands] if asked is not None else []
    return ", ".join(dict.fromkeys(told)) or "the request"
