"""Coming back after a loss: the waits, the tries, the same set subscribed again, and a word about the gap."""

from __future__ import annotations

import select
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wscli.commands.parser import needs_login
from wscli.core.dialect import merged
from wscli.core.endings import Finished
from wscli.core.errors import ConnectionFailed, ConnectionLost, TimedOut, WscliError
from wscli.core.jsontext import written
from wscli.core.messages import Command, Event, Key, Kind, ReceivedMessage, Subscribe, request_text
from wscli.core.record import record
from wscli.session import resubscribe
from wscli.session.backoff import ConnectRateLimit, is_retryable, retry_delay_s
from wscli.session.connection import Connection
from wscli.session.target import ReconnectPolicy

if TYPE_CHECKING:
    from wscli.session.client import Client


@record(frozen=False)
class LostRoute:
    """A route whose socket is gone: since when, what was subscribed there, whether it was logged in, when to try again."""

    since: float
    subscriptions: tuple[Subscribe, ...]
    logged_in: bool
    retry_at: float


class Reconnect:
    """What a line does about its losses. away: the routes without a socket; vain: tries since the last good data."""

    def __init__(self, client: Client, policy: ReconnectPolicy) -> None:
        self.client, self.policy = client, policy
        self.connect_limit = ConnectRateLimit(client.dialect.endpoints.limits.connects)
        self.lost_routes: dict[str, LostRoute] = {}
        self.failures: dict[str, int] = {}
        self.last_data_at: dict[tuple[str, Key], float] = {}  # when data last came, where staleness is watched
        self.reconnecting_route: str | None = None

    def data_received(self, route: str, event: Event) -> None:
        """Take note of good data."""
        self.failures.pop(route, None)
        self.failures.pop("", None)
        if self.policy.stale_s is not None and event.topic is not None:
            self.last_data_at[route, event.topic] = self.client.clock.monotonic()

    def due_times(self) -> list[float]:
        """Return when there is something to do."""
        at = [away.retry_at for away in self.lost_routes.values()] if self.reconnecting_route is None else []
        if self.policy.stale_s is not None and self.last_data_at:
            at.append(min(self.last_data_at.values()) + self.policy.stale_s)
        return at

    def check_clock(self, now: float) -> None:
        """Do what the time asks for."""
        if self.policy.stale_s is not None:
            self._check_stale(now, self.policy.stale_s)
        if self.reconnecting_route is None:
            for route, away in [*self.lost_routes.items()]:
                if now >= away.retry_at:
                    self._reconnect_route(route, away)

    def start(self, commands: Sequence[Command]) -> None:
        """Say and settle; begin again where the connection was lost meanwhile (and, with --retry, where there was none)."""
        while True:
            try:
                self.client.send_commands(commands)
                self.client.wait_for_answers()
                return
            except WscliError as error:
                first = isinstance(error, ConnectionFailed)
                stay = self.policy.reconnect and (self.policy.max_failures is not None or not first)
                if not stay or isinstance(error, TimedOut) or not is_retryable(error):
                    raise
                self._close_all()
                away = LostRoute(self.client.clock.monotonic(), (), False, 0.0)
                self._schedule_retry("", away, error)
                del self.lost_routes[""]
                self._sleep_until(away.retry_at)

    def _close_all(self) -> None:
        for session in self.client.connections.values():
            self.client.close_now(session)
        self.client.connections.clear()
        self.client.awaited_answers.clear()

    def _sleep_until(self, at: float) -> None:
        """Wait for a time, for a signal, or for the end of --for."""
        until = at if self.client.end_at is None else min(at, self.client.end_at)
        select.select([self.client.signals], [], [], max(until - self.client.clock.monotonic(), 0.0))
        self.client.signals.check()
        if self.client.end_at is not None and self.client.clock.monotonic() >= self.client.end_at:
            raise Finished

    def _check_stale(self, now: float, limit_s: float) -> None:
        watched: set[tuple[str, Key]] = set()
        for route, session in self.client.connections.items():
            for topic, active in session.state.active.items():
                since = self.last_data_at.setdefault((route, topic), now)
                if session.lost is None:
                    watched.add((route, topic))
                if session.lost is None and topic not in session.state.unrequested and now - since >= limit_s:
                    session.lost = ConnectionLost(
                        f"{self.client.dialect.name}: no data from {request_text(active.subscribe)} for {limit_s:g} s"
                    )
        self.last_data_at = {place: at for place, at in self.last_data_at.items() if place in watched}

    def schedule_lost(self) -> None:
        """Put every lost socket among those to come back for. Raises ConnectionLost where that was tried often enough."""
        for route, session in [*self.client.connections.items()]:
            if session.lost is not None and is_retryable(session.lost):
                self._schedule_reconnect(route, session, session.lost)

    def _schedule_reconnect(self, route: str, connection: Connection, cause: ConnectionLost) -> None:
        now = self.client.clock.monotonic()
        del self.client.connections[route]
        self.last_data_at = {place: at for place, at in self.last_data_at.items() if place[0] != route}
        self.client.forget_answers(route)
        self.client.close_now(connection, cause)
        self._schedule_retry(
            route, LostRoute(now, subscriptions_of(connection), connection.state.login_result is not None, now), cause
        )

    def _schedule_retry(self, route: str, lost_route: LostRoute, cause: WscliError) -> None:
        """Set the time of the next try and say so. Raises the cause once it was tried often enough."""
        vain = self.failures.get(route, 0)
        if self.policy.max_failures is not None and vain >= self.policy.max_failures:
            raise ConnectionLost(f"{cause.message}: given up after {vain} tries", "--retry says how many")
        now = self.client.clock.monotonic()
        lost_route.retry_at = self.next_retry_at(vain, cause)
        self.failures[route] = vain + 1
        self.lost_routes[route] = lost_route
        self.client.output.write_stderr(f"wscli: {cause.message}; trying again in {lost_route.retry_at - now:.1f} s")

    def next_retry_at(self, failures: int, cause: WscliError | None = None) -> float:
        """Return when to connect next after so many tries in failures: jitter, what the exchange asked for, its limit on connects."""
        now = self.client.clock.monotonic()
        wait = max(retry_delay_s(failures, self.client.clock.uniform), getattr(cause, "retry_after_s", 0.0))
        return max(now + wait, self.connect_limit.next_connect_at(now))

    def log_in(self, route: str, subscriptions: Sequence[Subscribe], *, logged_in: bool) -> None:
        """Log in on a new connection where it was so before, or must be for what is wished."""
        if logged_in or needs_login(self.client.dialect, subscriptions):
            self.client.log_in_unshown(route, subscriptions)

    def subscribe(self, route: str, subscriptions: Sequence[Subscribe]) -> None:
        """Subscribe to what is wished, and wait until the exchange has answered. Raises Rejected where it grants nothing."""
        resubscribe.subscribe(self.client, route, subscriptions)

    def _reconnect_route(self, route: str, lost_route: LostRoute) -> None:
        """Connect again, log in where it was, subscribe to the same set in the same order, wait for the answers."""
        settled, self.client.setup_done, self.reconnecting_route = self.client.setup_done, False, route
        try:
            self.client.open(route)
            self.log_in(route, lost_route.subscriptions, logged_in=lost_route.logged_in)
            self.report_gap(route, self.client.clock.monotonic() - lost_route.since)
            self.subscribe(route, lost_route.subscriptions)
        except WscliError as error:
            lost = self.client.connections.pop(route, None)
            if lost is not None:
                self.client.close_now(lost, error)
            self.client.forget_answers(route)
            if not is_retryable(error, was_connected=True):
                raise
            if self.client.end_at is not None and self.client.clock.monotonic() >= self.client.end_at:
                raise Finished from error
            self._schedule_retry(route, lost_route, error)
            return
        finally:
            self.client.setup_done, self.reconnecting_route = settled, None
        del self.lost_routes[route]
        now, number = self.client.clock.monotonic(), len(lost_route.subscriptions)
        self.client.silence_warning_at = now + self.client.options.silence_warning_s
        message = f"back after {now - lost_route.since:.2f} s"
        message += f", {number} subscription{'s' * (number != 1)}" if self.client.event_source is None else ""
        self.client.output.write_stderr(f"wscli: {self.client.dialect.name}: {message}")

    def report_gap(self, route: str, away_s: float) -> None:
        """Put a mark between what came before and what comes now: something may be missing."""
        session, ns = self.client.connections[route], self.client.clock.wall_ns()
        message, away_ms = f"{self.client.dialect.name}: away for {away_s:.2f} s", round(away_s * 1000)
        payload = {"gap": {"away_ms": away_ms, "connection": session.number}}
        gap = ReceivedMessage(Event(Kind.GAP, payload, reason=message), written(payload), ns, 0, session.number)
        if self.client.options.show_gaps or self.client.options.all:
            self.client.output.write_text(self.client.format.show(gap, ()))
        if self.client.recorder is not None:
            self.client.recorder.event(
                self.client.dialect.name, "gap", ns, session.number, away_ms=away_ms, reason=message
            )


def subscriptions_of(connection: Connection) -> tuple[Subscribe, ...]:
    """Return what a session is subscribed to, and what it asked for."""
    pending = [c for a in connection.state.pending.values() for c in a.commands if isinstance(c, Subscribe)]
    return tuple(merged([*connection.state.requested, *pending]))
