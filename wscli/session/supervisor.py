"""What is done about connections that are lost, silent, old, or to be replaced: when, how often, and with what words.

Nothing here waits by itself: `session.backoff` says when, the flows of `session.flows` make one attempt each, and the flows below repeat
them until they succeed or are given up.
"""

from __future__ import annotations

from collections.abc import Sequence

from wscli.core.errors import ConnectionFailed, ConnectionLost, TimedOut, WscliError
from wscli.core.messages import Command, Event, Key, request_text
from wscli.core.record import fields, record
from wscli.session.backoff import Backoff, GiveUp, is_retryable
from wscli.session.client import Client
from wscli.session.connection import Connection
from wscli.session.events import Level
from wscli.session.flows.handover import close_old, replace_connection
from wscli.session.flows.reconnect import bring_back, report_gap
from wscli.session.flows.set_up import set_up
from wscli.session.flows.waits import Flow, Until, When
from wscli.session.requests import NEVER
from wscli.session.route import Absence, Route
from wscli.session.route_state import Happening, RouteState
from wscli.session.target import ReconnectPolicy

LEAD_S = 3600.0  # before the end of a lifetime; a tenth of a short one
STABLE_AFTER_S = 60.0  # a connection that is to be replaced earlier than that is one of a series


@record(frozen=False)
class PlannedReplacement:
    """A connection that is to be replaced: its number, why, after how many failures, whether the exchange asked for it.

    wait: for the time of the next attempt; for ever while nothing is planned.
    """

    wait: Until
    connection: int = 0
    reason: str = ""
    failures: int = 0
    requested: bool = False
    opened_at: float = 0.0  # when the connection of the route was opened
    short_lived: int = 0  # how many connections in a row were to be replaced before they lasted


class Supervisor:
    """Looks after the connections of a client. setup_failures: attempts to begin since the last data."""

    def __init__(self, client: Client, policy: ReconnectPolicy) -> None:
        self.client, self.policy = client, policy
        self.backoff = Backoff(policy.max_failures, client.dialect.endpoints.limits.connects, client.clock.uniform)
        self.setup_failures = 0
        self._replacements: dict[str, PlannedReplacement] = {}
        self._last_data_at: dict[tuple[str, Key], float] = {}  # when data last came, where staleness is watched
        client.supervisor = self

    def _now(self) -> float:
        return self.client.clock.monotonic()

    def _warn(self, text: str) -> None:
        self.client.events.notice(text, Level.WARNING)

    # --- beginning

    def begin_stream(self, commands: Sequence[Command]) -> Flow[None]:
        """Set up a stream; after a loss meanwhile begin again (with --retry, also where there was no connection at all).

        Raises Rejected, TimedOut, ConnectionFailed, ConnectionLost.
        """
        while True:
            try:
                yield from set_up(self.client, commands)
                return
            except WscliError as error:
                never_connected = isinstance(error, ConnectionFailed)
                stays = self.policy.reconnect and (self.policy.max_failures is not None or not never_connected)
                if not stays or isinstance(error, TimedOut) or not is_retryable(error):
                    raise
                for route in self.client.routes.values():
                    self.client.close_route(route)
                at = self._next_attempt_at(error, self.setup_failures)
                self.setup_failures += 1
                yield Until(at)

    def _next_attempt_at(self, cause: WscliError, failures: int) -> float:
        """Return when to try again, and say so. Raises the cause where that was tried often enough."""
        now = self._now()
        decision = self.backoff.after_failure(cause, failures, now)
        if isinstance(decision, GiveUp):
            raise decision.error
        self._warn(f"{cause.message}; trying again in {decision.at - now:.1f} s")
        return decision.at

    def connecting(self) -> None:
        """Count a connect, for the exchange's limit on them."""
        self.backoff.connects.record_connect(self._now())

    def opened(self, route: Route) -> None:
        """Take note of a new connection, whose lifetime may be limited."""
        planned, connection = self._replacement_of(route), route.connection
        planned.opened_at = self._now()
        lifetime_s = self.client.dialect.endpoints.limits.lifetime_s
        if lifetime_s is not None and connection is not None and self.policy.reconnect:
            planned.connection, planned.failures, planned.requested = connection.number, 0, False
            planned.reason = f"{self.client.dialect.name} closes a connection after {lifetime_s / 3600:g} h"
            planned.wait.at = self._now() + lifetime_s - min(LEAD_S, lifetime_s / 10)

    # --- data

    def data_received(self, route: Route, event: Event) -> None:
        """Take note of good data."""
        route.failures = self.setup_failures = 0
        if self.policy.stale_s is not None and event.topic is not None:
            self._last_data_at[route.name, event.topic] = self._now()

    def watches_data(self) -> bool:
        """Return whether every data message is to be looked at."""
        return self.policy.stale_s is not None

    def next_at(self) -> float:
        """Return when there is something to do."""
        at = [route.overlap.until or NEVER for route in self.client.routes.values() if route.overlap is not None]
        if self.policy.stale_s is not None and self._last_data_at:
            at.append(min(self._last_data_at.values()) + self.policy.stale_s)
        return min(at, default=NEVER)

    def check_clock(self, now: float) -> None:
        """Do what the time asks for."""
        for route in self.client.routes.values():
            if route.overlap is not None and route.overlap.until is not None and now >= route.overlap.until:
                route.overlap = None
        if self.policy.stale_s is not None:
            self._check_stale(now, self.policy.stale_s)

    def _check_stale(self, now: float, limit_s: float) -> None:
        watched: set[tuple[str, Key]] = set()
        for name, connection in self.client.connections.items():
            for topic, active in connection.state.active.items():
                since = self._last_data_at.setdefault((name, topic), now)
                if connection.lost is not None:
                    continue
                watched.add((name, topic))
                if topic not in connection.state.unrequested and now - since >= limit_s:
                    connection.lost = ConnectionLost(
                        f"{self.client.dialect.name}: no data from {request_text(active.subscribe)} for {limit_s:g} s"
                    )
        self._last_data_at = {place: at for place, at in self._last_data_at.items() if place in watched}

    # --- losses

    def lost(self, route: Route, cause: ConnectionLost) -> None:
        """Come back for a route that lost its connection. Raises the cause where that is not to be tried."""
        connection = route.connection
        if connection is None or not self.policy.reconnect or not is_retryable(cause):
            raise cause.with_traceback(None)  # it may be raised again: each time would add to its traceback
        absence = self._leave(route, connection, cause)
        self._schedule(route, absence, cause)
        self.client.tasks.start(self._come_back(route, absence))

    def reconnect(self, route: Route) -> None:
        """Drop the connection of a route, and come back at once: the user asks for it, so that it is done with --no-reconnect, too."""
        if (connection := route.connection) is not None:
            cause = connection.lost or ConnectionLost(f"{self.client.dialect.name}: dropped, as requested")
            self.client.requests.forget(route.name, cause)
            absence = self._leave(route, connection, cause)
            self.client.tasks.start(self._come_back(route, absence))
        self.attempt_now(route)

    def _leave(self, route: Route, connection: Connection, cause: ConnectionLost) -> Absence:
        """Close a connection, and keep what its route is to have again; no attempt is planned yet."""
        route.absence = Absence(
            self._now(), cause, route.take_wanted(connection), connection.state.login_result is not None, Until(NEVER)
        )
        route.connection = None
        self._last_data_at = {place: at for place, at in self._last_data_at.items() if place[0] != route.name}
        self.client.close_now(connection, cause)
        route.enter(Happening.LOST)
        return route.absence

    def _schedule(self, route: Route, absence: Absence, cause: WscliError) -> None:
        """Set the time of the next attempt. Raises the cause where that was tried often enough."""
        absence.cause = cause
        try:
            absence.wait.at = self._next_attempt_at(cause, route.failures)
        except WscliError:
            self.client.close_route(route)
            raise
        route.failures += 1

    def attempt_now(self, route: Route) -> None:
        """Make the next attempt to come back at once, or as soon as the exchange's limit on connects allows: somebody waits for it."""
        if route.absence is not None:
            at = self.backoff.connects.next_connect_at(self._now())
            route.absence.wait.at = min(route.absence.wait.at, at)

    def _come_back(self, route: Route, absence: Absence) -> Flow[None]:
        """Try until the route is back. Raises what makes that impossible."""
        while True:
            yield absence.wait
            try:
                yield from bring_back(self.client, route, absence)
            except WscliError as error:
                self._attempt_failed(route, absence, error)
            else:
                break
        route.absence = None
        route.enter(Happening.READY)
        self.client.watch_silence()
        message, number = f"reconnected after {self._now() - absence.since:.2f} s", len(absence.subscriptions)
        message += f", {number} subscription{'s' * (number != 1)}" if self.client.source is None else ""
        self._warn(f"{self.client.dialect.name}: {message}")

    def _attempt_failed(self, route: Route, absence: Absence, error: WscliError) -> None:
        self.client.requests.forget(route.name)
        if route.connection is not None:
            self.client.close_now(route.connection, error)
            route.connection = None
        if not is_retryable(error, was_connected=True):
            self.client.close_route(route)
            raise error
        route.enter(Happening.LOST)
        self._schedule(route, absence, error)

    # --- replacements

    def _replacement_of(self, route: Route) -> PlannedReplacement:
        """Return what is planned for a route, with the flow that does it."""
        planned = self._replacements.get(route.name)
        if planned is None:
            planned = self._replacements[route.name] = PlannedReplacement(Until(NEVER))
            if self.policy.reconnect:
                self.client.tasks.start(self._replace_when_due(route, planned))
        return planned

    def replacement_requested(self, route: Route, connection: Connection) -> None:
        """Have a live connection replaced: the exchange asks for it.

        That waits as coming back does, since it asks everybody at once; longer each time, until a connection has lasted.
        """
        reason = f"{self.client.dialect.name} asks to reconnect"
        if not self.policy.reconnect:
            connection.lost = ConnectionLost(reason)
            return
        planned = self._replacement_of(route)
        if planned.requested and planned.connection == connection.number and planned.wait.at != NEVER:
            return  # it was asked to already: the attempts keep their pace
        lasted = self._now() - planned.opened_at >= STABLE_AFTER_S
        planned.failures = 0 if lasted else planned.short_lived
        planned.short_lived = planned.failures + 1
        planned.connection, planned.reason, planned.requested = connection.number, reason, True
        planned.wait.at = self.backoff.next_at(planned.failures, self._now())

    def _replace_when_due(self, route: Route, planned: PlannedReplacement) -> Flow[None]:
        """Replace the connection of a route whenever that is due."""
        while True:
            yield planned.wait
            yield When(lambda: self._can_replace(route) or not self._is_current(route, planned))
            now = self._now()
            at = self.backoff.connects.next_connect_at(now)
            if not self._is_current(route, planned):
                planned.wait.at = NEVER
            elif now < at:
                planned.wait.at = at
            else:
                yield from self._replace(route, planned)

    def _is_current(self, route: Route, planned: PlannedReplacement) -> bool:
        connection = route.connection
        return connection is not None and connection.number == planned.connection and connection.lost is None

    def _can_replace(self, route: Route) -> bool:
        settled = all(one.state.is_settled for one in self.client.routes.values())
        return settled and route.state is RouteState.LIVE and not self.client.requests.is_due(route.name)

    def _replace(self, route: Route, planned: PlannedReplacement) -> Flow[None]:
        old, plan = route.live(), fields(planned)  # the plan of the new connection takes its place: see `opened`
        planned.wait.at = NEVER
        route.enter(Happening.REPLACE)
        try:
            number = yield from replace_connection(self.client, route)
        except WscliError as error:
            for name, value in plan.items():
                setattr(planned, name, value)
            self._keep_old(route, old, planned, error)
            return
        self._warn(f"{plan['reason']}: a new connection took over, {number} subscription{'s' * (number != 1)}")
        yield from close_old(self.client, route, old)
        route.enter(Happening.READY)

    def _keep_old(self, route: Route, old: Connection, planned: PlannedReplacement, error: WscliError) -> None:
        """Go on with the old connection. Where it is lost, too, the loop finds the route live with a lost connection, and reconnects."""
        new, overlap, route.overlap = route.connection, route.overlap, None
        if new is not None and new is not old:
            self.client.close_now(new, error)
            route.connection = old
            self.client.requests.forget(route.name, error)
        route.enter(Happening.READY)
        planned.wait.at = NEVER
        if old.lost is not None:
            self._warn(f"{planned.reason}: {error.message}; the old connection is lost, too")
            return
        if overlap is not None and overlap.since is not None and overlap.deduplicator.new_was_shown:
            # what the old one brought after a snapshot of the new one was not shown
            report_gap(self.client, route, self._now() - overlap.since)
        again = "wscli does not try again"
        if is_retryable(error, was_connected=True):
            now = self._now()
            planned.wait.at = self.backoff.next_at(planned.failures, now, error)
            planned.failures += 1
            again = f"trying again in {planned.wait.at - now:.1f} s"
        self._warn(f"{planned.reason}: {error.message}; the old connection continues, {again}")

    def lost_while_replaced(self, route: Route) -> None:
        """Report the gap where the old connection is lost before the new one is ready."""
        overlap = route.overlap
        if overlap is not None and overlap.since is not None:
            report_gap(self.client, route, self._now() - overlap.since)
            overlap.since = None
