"""One exchange for one person: a session for each socket that the words need, one thread that owns them all.

It opens and logs in, speaks, waits for the answers that are due, hands on what comes (to the recording, the filter, the
view), and comes back after a loss: logged in, subscribed to the same set. What a user can ask of it stands in `app`.
"""

from __future__ import annotations

import contextlib
import select
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

from wscli.commands.parser import needs_login, route_of_frame
from wscli.core.dialect import commands_by_route
from wscli.core.endings import Finished, Interrupted
from wscli.core.errors import ConnectionLost, Rejected, TimedOut, WscliError
from wscli.core.jsontext import parsed
from wscli.core.messages import (
    DATA_KINDS,
    Auth,
    Command,
    Credentials,
    Event,
    HttpResponse,
    Key,
    Kind,
    ReceivedMessage,
    RequestContext,
    Subscribe,
)
from wscli.core.record import record, replace
from wscli.core.redaction import Redactor
from wscli.output.fast_path import FastPath
from wscli.output.formats.base import Format
from wscli.output.note_line import note_line
from wscli.output.sink import MessageSink, StreamOptions
from wscli.output.stdout import Output
from wscli.session import connector
from wscli.session.connection import Clock, Connection
from wscli.session.dispatch import dispatch_batch
from wscli.session.handover import Handover
from wscli.session.message_notices import NOTED_KINDS, MessageNotices, UnacknowledgedData
from wscli.session.notices import hidden_notices, rejection_error, silence_notices
from wscli.session.reconnect import Reconnect
from wscli.session.target import EventSource, ReconnectPolicy, Target, command_text
from wscli.transport.signals import Signals

if TYPE_CHECKING:
    from wscli.storage.recording.recorder import Recorder
    from wscli.transport.background import BackgroundCall

READS_PER_STEP = 2  # of a socket that always has more, before time, signals and the other sockets are looked at
DRAIN_S = 0.4  # how long a leaving client listens for what was under way
CLOSE_TIMEOUT_S = 0.05  # and how long at least for the answer to its close
PAUSE_S = 120.0  # how long an exchange that pauses is left alone at most


@record(frozen=False)
class _AwaitedAnswer:
    """An answer that is due: what it answers, since when and until when (monotonic seconds)."""

    what: str
    since: float
    until: float


RequestKey = tuple[str, Key]  # the route and the key of a request


class Client:
    """One target, live: its sessions, what they still owe us, and where what they say goes."""

    def __init__(
        self,
        target: Target,
        options: StreamOptions,
        format: Format,
        output: Output,
        signals: Signals,
        recorder: Recorder | None = None,
        policy: ReconnectPolicy | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.target, self.dialect, self.options, self.format = target, target.dialect, options, format
        self.output, self.signals, self.recorder = output, signals, recorder
        self.sink = MessageSink(self.dialect, options, format, output)
        self.clock = clock if clock is not None else Clock()
        self.connections: dict[str, Connection] = {}
        self.awaited_answers: dict[RequestKey, _AwaitedAnswer] = {}
        self._next_deadline = float(
            "inf"
        )  # no answer is late before: looked at in every step, and there can be thousands
        self.answers: dict[RequestKey, ReceivedMessage] = {}
        self.round_trips_s: dict[RequestKey, float] = {}
        self.caller_handled: Collection[RequestKey] = ()  # the caller handles a rejection of these requests
        self.partial_rejection: Rejected | None = None  # the first of what was rejected while the rest was granted
        self.rejection: Rejected | None = None  # raised once the batch that brought it is dealt with
        self.uncorrelated_answers: list[
            ReceivedMessage
        ] = []  # what came first after a frame whose answer cannot be identified
        self.awaits_uncorrelated = False  # and whether it is still due
        self.interrupted = False  # a signal ended it in the middle of a batch
        self.setup_done = False  # the set-up is over: later errors do not end the stream
        self.streaming = True  # data is shown as it comes
        self.shows_answers = False  # answers are what was asked for: they are shown as data
        self.shows_rejections = False  # and refusals too, for `send`
        self.end_at: float | None = None
        self.event_source: EventSource | None = None
        self.observer: Callable[[ReceivedMessage], None] | None = None  # called with every message, before all else
        self.veil = output.veil = Redactor()
        self.message_notices = MessageNotices()
        self.unacknowledged_data = UnacknowledgedData()
        self.connection_count = 0
        self.background_calls: dict[BackgroundCall[Any], str] = {}  # blocking calls elsewhere, and what each is for
        self.reconnect = Reconnect(self, policy if policy is not None else ReconnectPolicy(reconnect=False))
        self.handover = Handover(self)
        self.silence_warning_at: float | None = None  # when what is still silent gets a word
        output.on_blocked = lambda: self._keep_alive(blocked=True)

    # --- opening

    def open(self, route: str) -> Connection:
        """Return the session of a route, connected. Raises ConnectionFailed."""
        if route not in self.connections:
            session = self.new_connection(route)
            if route in self.connections:  # what listens beside asked for it meanwhile
                self.close_now(session, ConnectionLost("not needed"))
            else:
                self.adopt(route, session)
        return self.connections[route]

    def new_connection(self, route: str) -> Connection:
        """Return a new session of a route, to be taken. Raises ConnectionFailed."""
        return connector.open_connection(self, route)

    def adopt(self, route: str, connection: Connection) -> None:
        """Make a session that of its route."""
        self.connections[route] = connection
        self.handover.connection_opened(route, connection)
        if self.event_source is not None:
            self.event_source.connection_opened(connection)

    def log_in(self, route: str, commands: Sequence[Command] = ()) -> ReceivedMessage | HttpResponse | None:
        """Log in on a route, for `commands`; return the exchange's answer. Raises Rejected, TimedOut, CredentialsError."""
        return connector.log_in(self, route, commands)

    def has_other_work(self) -> bool:
        """Say whether something is to be served while one waits: a live socket, or what listens beside."""
        return any(s.lost is None for _, s in self._all_connections()) or (
            self.event_source is not None and bool(self.event_source.descriptors())
        )

    def _all_connections(self) -> list[tuple[str, Connection]]:
        """Return every socket with its route, one that is being replaced before the one that replaces it."""
        outgoing = self.handover.outgoing
        return [*([outgoing] if outgoing is not None else []), *self.connections.items()]

    def answer_to(self, route: str, key: Key | None, what: str) -> ReceivedMessage:
        """Return the answer to one request, whatever it says. Raises TimedOut."""
        if key is None:
            raise WscliError(f"{self.dialect.name}: {what} has no answer to wait for")
        self._expect_answer((route, key), what)
        return self.wait_for_answer(route, key)

    # --- speaking

    def send_commands(self, commands: Sequence[Command]) -> list[RequestKey]:
        """Open what `commands` need, log in where it must be, send; return where answers are due."""
        due: list[RequestKey] = []
        groups = commands_by_route(self.dialect, commands)
        for route, group in groups.items():
            if needs_login(self.dialect, group):
                self._check_credentials(route)
        for route, group in groups.items():
            self.open(route)
            if needs_login(self.dialect, group) and self.connections[route].state.login_result is None:
                self.log_in_unshown(route, group)
            due += self.send_on_route(route, group)
        self._note_replaced_subscription(commands)
        return due

    def _check_credentials(self, route: str) -> None:
        """Raise CredentialsError before anything is opened where the login has not what it needs."""
        context = RequestContext(self.clock.wall_ns(), count(1), self.clock.token)
        steps = self.dialect.login.steps(
            self.target.credentials() or Credentials(), context, self.target.endpoint(route)
        )
        with contextlib.suppress(StopIteration):
            next(steps)
        steps.close()

    def send_on_route(self, route: str, commands: Sequence[Command]) -> list[RequestKey]:
        session = self.connections[route]
        due = [(route, key) for key in session.send_commands(commands)]
        for place in due:
            self._expect_answer(place, _description_of(session, place[1]))
        return due

    def log_in_unshown(self, route: str, commands: Sequence[Command] = ()) -> None:
        """Log in on the way to something else: its answer is not what was asked for."""
        answering, self.shows_answers = self.shows_answers, False
        try:
            self.log_in(route, commands)
        finally:
            self.shows_answers = answering

    def _note_replaced_subscription(self, commands: Sequence[Command]) -> None:
        for command in (c for c in commands if isinstance(c, Subscribe)):
            channel = self.dialect.channel(command.channel)
            if channel is None or not channel.replaces_previous:
                continue
            sent = [
                c
                for session in self.connections.values()
                for request in session.state.pending.values()
                for c in request.commands
                if isinstance(c, Subscribe) and c.channel == channel.name
            ]
            symbols = tuple(dict.fromkeys(s for c in sent for s in c.symbols))
            if sent and symbols != command.symbols:
                listed = " ".join(symbols)
                self.output.note(
                    f"{self.dialect.name} replaces {channel.name} at every subscribe: asked for {listed} together"
                )

    def send_text(self, text: str, product: str | None = None) -> ReceivedMessage:
        """Send a frame as it was typed; return its answer, or the first message that can be one. product: whose socket."""
        frame = parsed(text)
        request = self.dialect.codec.request_of(frame) if isinstance(frame, dict) else None
        commands = request.commands if request is not None else ()
        route = route_of_frame(self.dialect, frame, product)
        session = self.open(route)
        if needs_login(self.dialect, [c for c in commands if not isinstance(c, Auth)]):
            self.log_in_unshown(route)
        session.send_typed(text, login=any(isinstance(c, Auth) for c in commands))
        key = session.remember_sent(frame) if isinstance(frame, dict) else None
        if key is not None:
            self._expect_answer((route, key), "the frame")
            return self.wait_for_answer(route, key)
        place = (route, text)
        self._expect_answer(place, "the frame")
        self.awaits_uncorrelated = True
        self.run_until(lambda: not self.awaits_uncorrelated, (place,))
        del self.awaited_answers[place]
        return self.uncorrelated_answers[-1]

    # --- answers

    def _expect_answer(self, request: RequestKey, what: str) -> None:
        now = self.clock.monotonic()
        self.awaited_answers[request] = _AwaitedAnswer(what, now, now + self.options.wait_s)
        self._next_deadline = min(self._next_deadline, now + self.options.wait_s)

    def wait_for_answer(self, route: str, key: Key) -> ReceivedMessage:
        """Return the answer to a request that was sent. Raises TimedOut, ConnectionLost."""
        self.run_until(lambda: (route, key) in self.answers, ((route, key),))
        return self.answers.pop((route, key))

    def run_until(self, done: Callable[[], bool], caller_handled: Collection[RequestKey] = ()) -> None:
        """Listen until `done`, which counts even if the connection was lost with it."""
        before, self.caller_handled = self.caller_handled, caller_handled
        try:
            while not done():
                self._raise_if_lost()
                self.step()
        finally:
            self.caller_handled = before

    def note_partial_rejection(self, received: ReceivedMessage) -> None:
        """Keep the first rejection of a part of what was asked for: the rest streams, and the status at its end is 4."""
        if self.partial_rejection is None:
            self.partial_rejection = rejection_error(self.dialect, self.veil, received)
            self.partial_rejection.hint = (
                self.partial_rejection.hint or "the rest was granted and shown: leave this out"
            )

    def show_answer(self, received: ReceivedMessage) -> None:
        """Show an answer where it stands among the messages: a reply as data (filters apply), anything else whole."""
        if received.event.kind is Kind.ERROR and not self.shows_rejections:
            return  # reported on standard error
        if received.event.kind is Kind.REPLY:
            self.sink.show(received)
        else:
            self.output.write_text(self.format.show(received, ()))

    # --- listening

    def wait_for_answers(self) -> None:
        """Listen until every answer that is due has come. Raises Rejected, TimedOut, ConnectionLost, Finished."""
        self.run_until(lambda: not self.awaited_answers)
        self.setup_done = True
        self.silence_warning_at = self.clock.monotonic() + self.options.silence_warning_s

    def listen(self) -> None:
        """Listen until it is enough (Finished), the time is up, a signal comes or the connection is lost for good."""
        while True:
            if self.reconnect.policy.reconnect:
                self.reconnect.schedule_lost()
            self._raise_if_lost()
            self.step()

    def step(self) -> None:
        """Wait for something to happen, once, and deal with it."""
        self.output.flush()
        if self.recorder is not None:
            self.recorder.flush()
            self.recorder.check_failure()
        self.signals.check()
        now = self.clock.monotonic()
        self._check_deadlines(now)
        live = [s for _, s in self._all_connections() if s.lost is None]
        timeout = 0.0 if any(s.has_buffered_data() for s in live) else max(min(self._waits_s(now)), 0.0)
        others = self.event_source.descriptors() if self.event_source is not None else ()
        under_way = [d for d in self.background_calls if not d.finished]
        sources: list[Signals | Connection | BackgroundCall[Any] | int] = [self.signals, *live, *others, *under_way]
        passing = self._fast_path()  # before the wait: what comes is not to wait for it
        ready, roomy, _ = select.select(sources, [s for s in live if s.unsent], [], timeout)
        self.signals.check()
        for session in roomy:
            session.flush()
        for route, session in self._all_connections():
            if session.lost is None and (session in ready or session.has_buffered_data()):
                self._read_connection(route, session, passing)
        self.output.flush()
        if self.rejection is not None:
            refused, self.rejection = self.rejection, None
            raise refused
        if self.event_source is not None:
            self.event_source.step([one for one in others if one in ready])
        self._keep_alive()
        self._check_clock()

    def _waits_s(self, now: float) -> list[float]:
        """Return the seconds until each thing that time brings."""
        at = (
            ([self._next_deadline] if self.awaited_answers else [])
            + self.reconnect.due_times()
            + self.handover.due_times()
        )
        at += [t for t in (self.end_at, self.silence_warning_at) if t is not None]
        beats = [s.due_s() for _, s in self._all_connections() if s.lost is None]
        return [*(t - now for t in at), *beats, self._event_source_due_s()]

    def _event_source_due_s(self) -> float:
        return 3600.0 if self.event_source is None else min(self.event_source.due_s(), 3600.0)

    def _check_deadlines(self, now: float) -> None:
        if now < self._next_deadline or not self.awaited_answers:
            return
        for place in [place for place, due in self.awaited_answers.items() if due.until <= now]:
            what = self.awaited_answers.pop(place).what
            message = f"{self.dialect.name} did not answer {what} within {self.options.wait_s:g} s"
            if not self._assume_acknowledged(place):
                raise TimedOut(message, "--wait gives it longer")
            self.output.note(f"{message}, but its data comes: the stream goes on")
        self._next_deadline = min((due.until for due in self.awaited_answers.values()), default=float("inf"))

    def _assume_acknowledged(self, request_key: RequestKey) -> bool:
        """Take a subscription whose data comes as acknowledged; say whether it is one."""
        route, key = request_key
        session = self.connections.get(route)
        request = session.state.pending.get(key) if session is not None else None
        if session is None or request is None or not self.unacknowledged_data.has_data_of(route, request.commands):
            return False
        self.answers[request_key] = session.assume_acknowledged(key)
        return True

    def _read_connection(self, route: str, connection: Connection, fast_path: FastPath | None) -> None:
        """Deal with what has arrived, a few readings at most."""
        recorded = self._record_at_once if self.recorder is not None else None
        for _ in range(READS_PER_STEP):
            batch = connection.read()
            dispatch_batch(
                connection,
                batch,
                lambda received: self._dispatch(route, connection, received),
                recorded,
                self.sink,
                fast_path,
            )
            connection.lost = batch.closed or connection.lost
            if self.recorder is not None:
                self.recorder.flush()
            if not batch.full or batch.closed is not None:
                return
            self.output.flush()

    def _fast_path(self) -> FastPath | None:
        """Return the fast path, once every subscription has begun (or had its time), where nothing has to be looked at."""
        if not self.streaming or self.recorder is not None or self.reconnect.policy.stale_s is not None:
            return None
        if self.handover.is_overlapping() or self.observer is not None or self.awaited_answers:
            return None
        silent = self.silence_warning_at is not None and any(
            session.has_silent_subscriptions() for session in self.connections.values()
        )
        return None if silent else self.sink.fast_path

    def _silent_subscriptions(self) -> list[Subscribe]:
        return [one for session in self.connections.values() for one in session.silent_subscriptions()]

    def _check_interrupted(self) -> None:
        """Raise Interrupted in the middle of a batch where a signal waits too long for its end: nothing after it is shown."""
        if self.signals.overdue:
            self.interrupted = True
            self.signals.check()

    def _record(self, received: ReceivedMessage) -> None:
        if self.recorder is not None:
            self.recorder.received(self.dialect.name, replace(received, text=self.veil.redact(received.text)))

    def _record_at_once(self, received: ReceivedMessage) -> None:
        self._check_interrupted()
        self._record(received)

    def _dispatch(self, route: str, connection: Connection, received: ReceivedMessage) -> None:
        """Deal with one message: settle what it answers, show it, heed what it asks for."""
        self._check_interrupted()
        event = received.event
        if connection is not self.connections.get(
            route
        ):  # it is being replaced: what is asked there is no concern any more
            shown = self.handover.is_first(connection, received) if event.kind in DATA_KINDS else self.options.all
            if shown:
                self._show(connection, received)
            return
        if self.observer is not None:
            self.observer(received)
        if event.kind in NOTED_KINDS:
            self._write_notices(self.message_notices.notices_on(received))
        place = (route, event.request_id) if event.request_id is not None else None
        awaited = self.awaited_answers.pop(place, None) if place is not None else None
        if awaited is not None and place is not None:
            self.answers[place] = received
            self.round_trips_s[place] = self.clock.monotonic() - awaited.since
            if self.shows_answers:
                self.show_answer(received)
                return
        if self.awaits_uncorrelated and event.kind in (Kind.ACK, Kind.ERROR, Kind.REPLY, Kind.PONG, Kind.UNKNOWN):
            self.uncorrelated_answers, self.awaits_uncorrelated = [received], False
            self.show_answer(received)
            return
        mine = awaited is not None or (place is None and self.awaits_answer(route))
        if event.partial and mine:
            self.note_partial_rejection(received)
        elif event.kind is Kind.ERROR and mine and not self.setup_done and place not in self.caller_handled:
            self.rejection = self.rejection or rejection_error(self.dialect, self.veil, received)
            return
        if event.kind in DATA_KINDS:
            if self.awaited_answers:
                self.unacknowledged_data.add(route, event)
            self.reconnect.data_received(route, event)
            if not self.handover.is_first(connection, received):
                return
        if event.kind is Kind.ERROR and place in self.caller_handled and not event.partial and not self.options.all:
            return  # the caller reports it
        self._show(connection, received)
        self._obey_notice(connection, event)

    def _show(self, connection: Connection, received: ReceivedMessage) -> None:
        """Show data as data, everything else as a note (with --all as data); errors are shown with --quiet too."""
        event = received.event
        if event.kind in DATA_KINDS:
            if self.streaming:
                self.sink.show(received)
            return
        if self.options.all:
            self.output.write_text(self.format.show(received, ()))
        line = f"{self.dialect.name}: {note_line(received)}"
        if event.kind is Kind.ERROR:
            self.output.write_stderr(f"wscli: {line}")
        elif self.options.verbose or not connection.is_keepalive_answer(event):
            self.output.note(line)

    # --- time

    def start_time_limit(self) -> None:
        """Start the clock of --for."""
        if self.options.for_s is not None:
            self.end_at = self.clock.monotonic() + self.options.for_s

    def _keep_alive(self, *, blocked: bool = False) -> None:
        """Keep the connections alive; a missing pong is a loss. blocked: standard output has no room, nobody reads."""
        self.signals.check()
        for _, session in self._all_connections():
            if session.lost is None:
                try:
                    session.keep_alive(blocked=blocked)
                except ConnectionLost as lost:
                    session.lost = lost

    def _check_clock(self) -> None:
        now = self.clock.monotonic()
        if self.end_at is not None and now >= self.end_at:
            due = [f"{a.what} was answered" for a in self.awaited_answers.values()] + [*self.background_calls.values()]
            if due and not self.setup_done and self.reconnect.reconnecting_route is None:
                raise TimedOut(f"{self.dialect.name}: --for was over before {due[0]}", "--for gives it longer")
            if self.silence_warning_at is not None:
                self._write_notices(silence_notices(self.dialect, self._silent_subscriptions()))
                self._write_notices(hidden_notices(self.sink))
            raise Finished
        if self.silence_warning_at is not None and now >= self.silence_warning_at:
            self.silence_warning_at = None
            self._write_notices(silence_notices(self.dialect, self._silent_subscriptions()))
            self._write_notices(hidden_notices(self.sink))
        self.reconnect.check_clock(now)
        self.handover.check_clock(now)

    def _write_notices(self, notices: Iterable[str]) -> None:
        for remark in notices:
            self.output.note(f"{self.dialect.name}: {remark}")

    # --- losses

    def _raise_if_lost(self) -> None:
        for route, session in self.connections.items():
            if session.lost is not None and self.reconnect.reconnecting_route in (None, route):
                raise session.lost.with_traceback(None)  # it may be raised again: each time would add to its traceback

    def _obey_notice(self, connection: Connection, event: Event) -> None:
        """Do what a notice of the exchange asks for."""
        match self.dialect.codec.requested_action(event):
            case "replace" if self.reconnect.policy.reconnect:
                self.handover.request_replacement(connection)
            case "reconnect" | "replace":
                connection.lost = ConnectionLost(f"{self.dialect.name} asks to reconnect")
            case "pause":
                connection.pause_pings(PAUSE_S)
            case _:
                pass

    # --- leaving

    def awaits_answer(self, route: str) -> bool:
        """Say whether an answer is due on a route."""
        return any(place[0] == route for place in self.awaited_answers)

    def forget_answers(self, route: str) -> None:
        """Wait no longer for the answers of a route: the socket they were asked on is gone."""
        self.awaited_answers = {place: due for place, due in self.awaited_answers.items() if place[0] != route}

    def close_now(self, connection: Connection, cause: WscliError | None = None) -> None:
        """Close a session at once; the recording gets the cause where there is one."""
        for _ in connection.close(0.0):
            continue
        if self.recorder is not None and cause is not None:
            reason = self.veil.redact(cause.message)
            self.recorder.event(self.dialect.name, "closed", self.clock.wall_ns(), connection.number, reason=reason)

    def close_after_failure(self) -> None:
        """Close after a signal or a failure: show what was under way, and let nothing hide the cause."""
        with contextlib.suppress(Finished, WscliError, Interrupted):
            self.close(draining=True)

    def _drain(self, connection: Connection, seconds: float, *, shown: bool) -> None:
        """Close a connection: record what still comes until the peer's close, show it where it is to be shown."""
        late = self.clock.monotonic() + seconds + CLOSE_TIMEOUT_S
        with contextlib.closing(connection.close(seconds)) as under_way:
            for received in under_way:
                self._record(received)
                if shown and (received.event.kind not in DATA_KINDS or self.handover.is_first(connection, received)):
                    self._show(connection, received)
                if self.clock.monotonic() >= late:
                    return  # in the middle of a flood

    def close(self, *, draining: bool) -> None:
        """Unsubscribe from and close every socket; with `draining`, show what was still under way."""
        live = [session for _, session in self._all_connections() if session.lost is None]
        for session in live:
            session.unsubscribe_all()
        end = self.clock.monotonic() + DRAIN_S
        for _, session in self._all_connections():
            left = max(end - self.clock.monotonic(), CLOSE_TIMEOUT_S) if draining else CLOSE_TIMEOUT_S
            try:
                self._drain(session, 0.0 if self.interrupted else left, shown=draining)
            except Finished:  # enough is shown: the others are closed all the same, and nothing more of them is shown
                draining = False
            if self.recorder is not None:
                self.recorder.event(self.dialect.name, "closed", self.clock.wall_ns(), session.number)
        self.output.flush()


def _description_of(connection: Connection, key: Key) -> str:
    request = connection.state.pending.get(key)
    texts = [command_text(c) for c in request.commands] if request is not None else []
    return ", ".join(dict.fromkeys(texts)) or "the request"
