"""The loop of a session: it waits, reads, dispatches, flushes and looks at the clock. Nothing else does, and it is never entered twice.

A client owns the routes of one exchange and their connections. What takes several messages (connect, log in, subscribe, come back,
be replaced, ask) is a flow: see `session.flows.waits` and `session.flows`. What is done about a loss a supervisor decides. Who wants to know
what happens observes it: see `session.events`.
"""

from __future__ import annotations

import select
from collections.abc import Iterator, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

from wscli.core.dialect import Dialect
from wscli.core.endings import Finished
from wscli.core.errors import ConnectionLost, TimedOut, WscliError
from wscli.core.limits.allocation import allocated, connections_note
from wscli.core.messages import DATA_KINDS, Command, Event, ReceivedMessage, Subscribe
from wscli.core.record import replace
from wscli.core.redaction import Redactor
from wscli.session.connection import Clock, Connection
from wscli.session.dispatch import dispatch_batch
from wscli.session.events import Observers, Role, VerbatimPath
from wscli.session.flows.tasks import Task, Tasks
from wscli.session.flows.waits import Flow
from wscli.session.requests import AwaitedAnswer, RequestGroup, Requests
from wscli.session.route import Route
from wscli.session.route_state import Happening, RouteState
from wscli.session.target import EventSource, SessionOptions, Supervision, Target, description_of

if TYPE_CHECKING:
    from wscli.transport.background import BackgroundCall
    from wscli.transport.signals import Signals

T = TypeVar("T")
READS_PER_TURN = 2  # of a socket that always has more, before time, signals and the other sockets are looked at
PAUSE_S = 120.0  # how long an exchange that pauses is left alone at most
LONGEST_WAIT_S = 3600.0


class Client:
    """One exchange: its routes, the answers that are due, the flows under way, and who observes them.

    source: what is read beside the sockets. end_at: when --for is over. silence_at: when to warn about what is silent.
    interrupted: a signal ended it in the middle of a batch.
    """

    supervisor: Supervision

    def __init__(
        self,
        target: Target,
        options: SessionOptions,
        signals: Signals,
        events: Observers,
        clock: Clock | None = None,
    ) -> None:
        self.target, self.options, self.signals, self.events = target, options, signals, events
        self.clock = clock if clock is not None else Clock()
        self.redactor = Redactor()
        self.routes: dict[str, Route] = {}
        self.requests = Requests()
        self.tasks = Tasks()
        self.source: EventSource | None = None
        self.end_at: float | None = None
        self.silence_at: float | None = None
        self.interrupted = False
        self.connection_numbers = count(1)

    @property
    def dialect(self) -> Dialect:
        return self.target.dialect

    @property
    def connections(self) -> dict[str, Connection]:
        """The connections by route, without those that are being replaced."""
        return {route.name: route.connection for route in [*self.routes.values()] if route.connection is not None}

    def route(self, name: str) -> Route:
        """Return a route by its name; it need not be open."""
        return self.routes.setdefault(name, Route(name))

    def allocate(self, commands: Sequence[Command]) -> list[tuple[Route, Sequence[Command]]]:
        """Return the connections that commands go to, each with its own. Raises Unsupported for more than the exchange allows."""
        held = {name: route.wanted() for name, route in self.routes.items()}
        ids = {name: connection.state.active for name, connection in self.connections.items()}
        by_connection = allocated(self.dialect, commands, held, ids)
        if (note := connections_note(self.dialect, by_connection)) is not None:
            self.events.notice(note)
        return [(self.route(name), one) for name, one in by_connection.items()]

    def adopt(self, route: Route, connection: Connection) -> None:
        """Make a connection the one that serves a route."""
        route.connection = connection
        self.supervisor.opened(route)
        if self.source is not None:
            self.source.connection_opened(connection)

    # --- sending

    def send(self, route: Route, commands: Sequence[Command], group: RequestGroup) -> None:
        """Send commands on a route that is connected; their answers are those of `group`. Raises ConnectionLost, UsageError."""
        connection = route.live()
        for key in connection.send_commands(commands):
            self.requests.expect(group, route.name, key, description_of(connection, key), *self._patience())

    def expect(self, route: Route, key: Any, text: str, group: RequestGroup) -> None:
        """Await the answer to something that was sent. key: None where any answer may be it."""
        self.requests.expect(group, route.name, key, text, *self._patience())

    def _patience(self) -> tuple[float, float]:
        return self.clock.monotonic(), self.options.wait_s

    # --- the loop

    def run(self, flow: Flow[T], *, forever: bool = False) -> T:
        """Run the loop until a flow has ended, or for ever once it has; return its result.

        Raises what the flow raises, and what ends the run before: Finished, Interrupted, WscliError.
        """
        main = self.tasks.start(flow, on_end=lambda task: None)
        try:
            self.tasks.resume(self.clock.monotonic())
            while not main.ended or (forever and main.error is None):
                self._turn(main)
                self.tasks.resume(self.clock.monotonic())
                if not main.ended or (forever and main.error is None):
                    self._check_losses(main)
        finally:
            self.tasks.cancel(main)
        return main.result()

    def _turn(self, main: Task[Any]) -> None:
        """Wait for something to happen, once, and deal with it; the flows that it lets go on are resumed after it."""
        self.events.flush()
        self.signals.check()
        verbatim = self._verbatim()  # before the wait: what arrives is not to wait for it
        files = self.source.descriptors() if self.source is not None else ()
        ready = self._wait(files)
        self.signals.check()
        for route in [*self.routes.values()]:
            for connection in [*route.connections()]:
                if connection.lost is None and (connection in ready or connection.has_buffered_data()):
                    self._read(route, connection, verbatim)
        self.events.flush()
        if self.source is not None:
            self.source.step([one for one in files if one in ready])
        self.keep_alive()
        self._check_clock(main)

    def _wait(self, files: Sequence[int]) -> list[Signals | Connection | BackgroundCall[Any] | int]:
        """Wait until something can be read, written, or is due; return what can be read."""
        now = self.clock.monotonic()
        live = [one for one in self.all_connections() if one.lost is None]
        timeout = 0.0 if any(one.has_buffered_data() for one in live) else max(self._next_in_s(now, live), 0.0)
        under_way = [call for call in self.tasks.background_calls() if not call.finished]
        sources: list[Signals | Connection | BackgroundCall[Any] | int] = [self.signals, *live, *files, *under_way]
        ready, roomy, _ = select.select(sources, [one for one in live if one.unsent], [], timeout)
        for connection in roomy:
            connection.flush()
        return ready

    def _next_in_s(self, now: float, live: Sequence[Connection]) -> float:
        """Return the seconds until time brings something."""
        times = [at for at in (self.end_at, self.silence_at) if at is not None]
        times += [now + LONGEST_WAIT_S, self.tasks.next_at(), self.supervisor.next_at()]
        times += [self.requests.next_deadline] if self.requests else []
        source_s = min(self.source.due_s(), LONGEST_WAIT_S) if self.source is not None else LONGEST_WAIT_S
        return min(min(times) - now, source_s, *(one.due_s() for one in live))

    def all_connections(self) -> Iterator[Connection]:
        """Yield every connection, those that are being replaced, too."""
        for route in [*self.routes.values()]:
            yield from route.connections()

    def _verbatim(self) -> VerbatimPath | None:
        """Return what takes messages as bytes, once every subscription has begun (or had its time) and nothing is awaited."""
        if self.requests or self.supervisor.watches_data():
            return None
        if any(route.overlap is not None for route in self.routes.values()):
            return None
        if self.silence_at is not None and any(one.has_silent_subscriptions() for one in self.all_connections()):
            return None
        return self.events.verbatim()

    # --- what arrives

    def _read(self, route: Route, connection: Connection, verbatim: VerbatimPath | None) -> None:
        """Deal with what has arrived, a few readings at most."""
        for _ in range(READS_PER_TURN):
            batch = connection.read()
            dispatch_batch(
                connection,
                batch,
                lambda received: self._received(route, connection, received),
                self._arrived if self.events.records else None,
                verbatim,
            )
            connection.lost = batch.closed or connection.lost
            if not batch.full or batch.closed is not None:
                return
            self.events.flush()

    def _arrived(self, received: ReceivedMessage) -> None:
        self._check_interrupted()
        self.events.arrived(replace(received, text=self.redactor.redact(received.text)))

    def _check_interrupted(self) -> None:
        """Raise Interrupted in the middle of a batch where a signal waits too long for its end: nothing after it is shown."""
        if self.signals.overdue:
            self.interrupted = True
            self.signals.check()

    def _received(self, route: Route, connection: Connection, received: ReceivedMessage) -> None:
        """Deal with one message: settle what it answers, tell the observers, heed what it asks for."""
        self._check_interrupted()
        event = received.event
        is_data = event.kind in DATA_KINDS
        if connection is not route.connection:  # it is being replaced: what it asks for is no concern any more
            first = is_data and route.is_first(connection, received)
            role = Role.OLD_DATA if first else Role.DUPLICATE if is_data else Role.OLD
            self.events.received(received, role)
            return
        answered = self.requests.received(route.name, received, self.clock.monotonic()) if self.requests else None
        role = answered.role_of(event) if answered is not None else Role.MESSAGE
        if is_data and role is Role.MESSAGE:
            if self.requests:
                self.requests.data_received(route.name, event)
            self.supervisor.data_received(route, event)
            role = Role.MESSAGE if route.is_first(connection, received) else Role.DUPLICATE
        elif role is Role.MESSAGE and connection.is_keepalive_answer(event):
            role = Role.KEEPALIVE
        self.events.received(received, role)
        if role in (Role.MESSAGE, Role.KEEPALIVE):
            self._obey(route, connection, event)

    def _obey(self, route: Route, connection: Connection, event: Event) -> None:
        """Do what a notice of the exchange asks for."""
        match self.dialect.codec.requested_action(event):
            case "replace":
                self.supervisor.replacement_requested(route, connection)
            case "reconnect":
                connection.lost = ConnectionLost(f"{self.dialect.name} asks to reconnect")
            case "pause":
                connection.pause_pings(PAUSE_S)
            case _:
                pass

    # --- time

    def start_time_limit(self) -> None:
        """Start the clock of --for."""
        if self.options.for_s is not None:
            self.end_at = self.clock.monotonic() + self.options.for_s

    def watch_silence(self) -> None:
        """Warn in a while about subscriptions from which nothing has come by then."""
        self.silence_at = self.clock.monotonic() + self.options.silence_warning_s

    def keep_alive(self, *, blocked: bool = False) -> None:
        """Keep the connections alive; a missing pong is a loss. blocked: standard output has no room, nobody reads the sockets."""
        self.signals.check()
        for connection in self.all_connections():
            if connection.lost is None:
                try:
                    connection.keep_alive(blocked=blocked)
                except ConnectionLost as lost:
                    connection.lost = lost

    def _check_clock(self, main: Task[Any]) -> None:
        now = self.clock.monotonic()
        if self.end_at is not None and now >= self.end_at:
            due = main.wait.due_text() if main.wait is not None else None
            if due is not None:
                raise TimedOut(f"{self.dialect.name}: --for was over before {due}", "use a longer --for")
            self._warn_of_silence()
            raise Finished
        if self.silence_at is not None and now >= self.silence_at:
            self._warn_of_silence()
        self.supervisor.check_clock(now)
        for late in self.requests.expired(now):
            self._expire(late)

    def _warn_of_silence(self) -> None:
        if self.silence_at is not None:
            self.silence_at = None
            self.events.silent(self.silent_subscriptions())

    def silent_subscriptions(self) -> list[Subscribe]:
        """Return the subscriptions from which nothing has come."""
        return [one for connection in self.connections.values() for one in connection.silent_subscriptions()]

    def _expire(self, late: AwaitedAnswer) -> None:
        """Give up an answer that did not come in time; a subscription whose data comes counts as acknowledged."""
        message = f"{self.dialect.name} did not answer {late.text} within {late.until - late.since:g} s"
        connection = self.route(late.route).connection
        pending = connection.state.pending.get(late.key) if connection is not None else None
        if connection is None or pending is None or not self.requests.has_data_of(late.route, pending.commands):
            late.group.error = late.group.error or TimedOut(message, "use a longer --wait")
            return
        late.answer = connection.assume_acknowledged(late.key)
        self.events.notice(f"{message}, but sends its data: the stream continues")

    # --- losses

    def _check_losses(self, main: Task[Any]) -> None:
        """Handle lost connections: flows that await an answer on one get the error first, then the supervisor decides."""
        for route in [*self.routes.values()]:
            connection, overlap = route.connection, route.overlap
            if overlap is not None and overlap.old is not None and overlap.old.lost is not None:
                self.supervisor.lost_while_replaced(route)
            if connection is None or connection.lost is None:
                continue
            self.requests.forget(route.name, connection.lost)
            self.tasks.resume(self.clock.monotonic())
            if main.error is not None:
                return  # it waited for an answer there
            connection = route.connection  # a failed replacement has put the old one back, which may be lost, too
            if route.state is RouteState.LIVE and connection is not None and connection.lost is not None:
                self.supervisor.lost(route, connection.lost)

    # --- leaving

    def close_now(self, connection: Connection, cause: WscliError | None = None) -> None:
        """Close a connection at once; the observers get the cause where there is one."""
        for _ in connection.close(0.0):
            continue
        if cause is not None:
            reason = self.redactor.redact(cause.message)
            self.events.closed(connection.number, self.clock.wall_ns(), reason)

    def close_route(self, route: Route, cause: WscliError | None = None) -> None:
        """Close a route's connection at once, and await none of its answers any more."""
        self.requests.forget(route.name)
        if route.connection is not None:
            self.close_now(route.connection, cause)
        route.connection = route.absence = None
        route.enter(Happening.CLOSE)

    def forget_lost(self) -> None:
        """Close the routes whose connection is gone for good. Where a flow is setting one up, or replacing it, the flow deals with that."""
        for route in self.routes.values():
            if route.state is RouteState.LIVE and route.connection is not None and route.connection.lost is not None:
                self.close_route(route)
