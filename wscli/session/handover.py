"""A new connection before the old one goes, where an exchange asks for it or a connection grows old: nothing lost or doubled.

The new one is opened, logged in, subscribed to the same set and acknowledged while the old one streams on. Where it cannot be
had the old one stays for as long as it lives, and it is tried again; the end of the old one is then a loss like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wscli.core.endings import Finished
from wscli.core.errors import ConnectionLost, WscliError
from wscli.core.messages import ReceivedMessage, Subscribe
from wscli.core.record import record
from wscli.session.backoff import is_retryable
from wscli.session.connection import Connection
from wscli.session.reconnect import subscriptions_of

if TYPE_CHECKING:
    from wscli.session.client import Client
    from wscli.session.dedupe import Deduplicator

LEAD_S = 3600.0  # before the end of a lifetime; a tenth of a short one
UNSUBSCRIBE_TIMEOUT_S = 0.4  # how long an old connection has to answer that it is unsubscribed
STABLE_AFTER_S = 60.0  # a connection that is to be replaced earlier than that is one of a series
OVERLAP_S = 2.0  # how long the new connection may repeat late what the old one has brought


@record(frozen=False)
class _PlannedHandover:
    """A connection to be replaced: when (monotonic seconds), why, after how many tries in vain, whether it was asked for."""

    connection: int
    at: float
    reason: str
    failures: int = 0
    requested: bool = False


class Handover:
    """What a line does about connections that are to be replaced. outgoing: the route and session of the one that goes."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.outgoing: tuple[str, Connection] | None = None
        self._planned: dict[str, _PlannedHandover] = {}
        self._opened_at: dict[str, float] = {}  # when the connection of a route was opened
        self._short_lived: dict[
            str, int
        ] = {}  # how many of them, one after the other, were to be replaced before they lasted
        self._incoming: Connection | None = None
        self._deduplicator: Deduplicator | None = None  # of these two
        self._overlap_until: float | None = None  # the end of the goodbye, then of the overlap
        self._replacing = False
        self._setup_started_at: float | None = None  # if the old connection is lost before the new one is ready

    def connection_opened(self, route: str, connection: Connection) -> None:
        """Take note of a new connection, whose lifetime may be limited."""
        self._opened_at[route] = self.client.clock.monotonic()
        lifetime = self.client.dialect.endpoints.limits.lifetime_s
        if lifetime is not None and self.client.reconnect.policy.reconnect:
            at = self.client.clock.monotonic() + lifetime - min(LEAD_S, lifetime / 10)
            why = f"{self.client.dialect.name} ends a connection after {lifetime / 3600:g} h"
            self._planned[route] = _PlannedHandover(connection.number, at, why)

    def request_replacement(self, connection: Connection) -> None:
        """Have a live connection replaced: the exchange asks for it.

        That waits as coming back does, since it asks everybody at once; longer each time, until a connection has lasted.
        """
        route = next((r for r, s in self.client.connections.items() if s is connection), None)
        if route is None:
            return  # it goes already
        due = self._planned.get(route)
        if due is not None and due.connection == connection.number and due.requested:
            return  # it was asked to already: the tries keep their pace
        lasted = self.client.clock.monotonic() - self._opened_at.get(route, 0.0) >= STABLE_AFTER_S
        hasty = 0 if lasted else self._short_lived.get(route, 0)
        self._short_lived[route] = hasty + 1
        at, why = self.client.reconnect.next_retry_at(hasty), f"{self.client.dialect.name} asks to reconnect"
        self._planned[route] = _PlannedHandover(connection.number, at, why, hasty, requested=True)

    def is_overlapping(self) -> bool:
        """Say whether what comes may have been shown already."""
        return self._deduplicator is not None

    def is_first(self, connection: Connection, received: ReceivedMessage) -> bool:
        """Say whether a data message is to be shown: the other connection has not shown it."""
        if self._deduplicator is None:
            return True
        new = connection is self._incoming
        old = self.outgoing is not None and connection is self.outgoing[1]
        return self._deduplicator.should_show(received, new=new) if new or old else True

    # --- time

    def _can_replace(self) -> bool:
        return self.client.setup_done and self.client.reconnect.reconnecting_route is None and not self._replacing

    def due_times(self) -> list[float]:
        """Return when there is something to do."""
        at = [
            due.at
            for route, due in self._planned.items()
            if self._can_replace() and not self.client.awaits_answer(route)
        ]
        return at if self._overlap_until is None else [*at, self._overlap_until]

    def check_clock(self, now: float) -> None:
        """Do what the time asks for."""
        if self.outgoing is not None and self.outgoing[1].lost is not None and self._setup_started_at is not None:
            self.client.reconnect.report_gap(self.outgoing[0], now - self._setup_started_at)
            self._setup_started_at = None
        if self._overlap_until is not None and now >= self._overlap_until:
            self._overlap_until = None
            if self.outgoing is None:
                self._deduplicator = self._incoming = None
        if not self._can_replace():
            return
        for route, due in [*self._planned.items()]:
            session = self.client.connections.get(route)
            if session is None or session.number != due.connection:
                del self._planned[route]
            elif now >= due.at and session.lost is None and not self.client.awaits_answer(route):
                due.at = self.client.reconnect.connect_limit.next_connect_at(now)
                if now >= due.at:
                    self._replace(route, session, due)

    # --- the exchange

    def _replace(self, route: str, old: Connection, planned: _PlannedHandover) -> None:
        self._replacing = True
        try:
            wishes = self._open_replacement(route, old, planned)
            if wishes is not None:
                number = len(wishes)
                message = f"a new connection took over, {number} subscription{'s' * (number != 1)}"
                self.client.output.write_stderr(f"wscli: {planned.reason}: {message}")
                self._close_old(old)
        finally:
            self._replacing = False

    def _open_replacement(self, route: str, old: Connection, planned: _PlannedHandover) -> Sequence[Subscribe] | None:
        """Put a new connection in the place of the old one; return what is subscribed there, None where it failed."""
        from wscli.session.dedupe import Deduplicator  # lazily, as it is seldom needed

        line, self._setup_started_at = self.client, self.client.clock.monotonic()
        line.setup_done, line.reconnect.reconnecting_route = False, route
        try:
            new = line.new_connection(route)
            line.run_until(lambda: not line.awaits_answer(route))
            self.outgoing, self._incoming = (route, old), new
            self._deduplicator, self._overlap_until = Deduplicator(), None
            line.adopt(route, new)
            wishes = subscriptions_of(old)
            line.reconnect.log_in(route, wishes, logged_in=old.state.login_result is not None)
            line.reconnect.subscribe(route, wishes)
        except WscliError as error:
            self._keep_old(route, old, planned, error)
            return None
        finally:
            self._setup_started_at = None
            line.setup_done, line.reconnect.reconnecting_route = True, None
        return wishes

    def _keep_old(self, route: str, old: Connection, planned: _PlannedHandover, error: WscliError) -> None:
        """Go on with the old connection."""
        line, now = self.client, self.client.clock.monotonic()
        self.outgoing = self._incoming = self._deduplicator = None
        new = line.connections[route]
        if new is not old:
            line.close_now(new, error)
            line.connections[route] = old
            line.forget_answers(route)
            self._planned[route] = planned
        if line.end_at is not None and now >= line.end_at:
            raise Finished from error
        if old.lost is not None:
            return
        if is_retryable(error, was_connected=True):
            planned.at, planned.failures = line.reconnect.next_retry_at(planned.failures, error), planned.failures + 1
            again = f"trying again in {planned.at - now:.1f} s"
        else:
            del self._planned[route]
            again = "it is not tried again"
        line.output.write_stderr(f"wscli: {planned.reason}: {error.message}; the old connection goes on, {again}")

    def _close_old(self, old: Connection) -> None:
        """Unsubscribe the old connection, read what it had under way, close it."""
        clock = self.client.clock.monotonic
        end = self._overlap_until = clock() + UNSUBSCRIBE_TIMEOUT_S
        if old.lost is None:
            old.unsubscribe_all()
        while old.lost is None and old.state.active and clock() < end:
            self.client.step()
        self.client.close_now(old, ConnectionLost("replaced by a new connection"))
        self.outgoing, self._overlap_until = None, clock() + OVERLAP_S
