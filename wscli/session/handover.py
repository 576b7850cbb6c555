"""A new connection before the old one goes, where a venue asks for it or a connection grows old: nothing lost or doubled.

The new one is opened, logged in, subscribed to the same set and acknowledged while the old one streams on. Where it cannot be
had the old one stays for as long as it lives, and it is tried again; the end of the old one is then a loss like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wscli.core.errors import ConnectionLost, WscliError
from wscli.core.messages import Received, Subscribe
from wscli.core.record import value
from wscli.output.sink import Finished
from wscli.session.backoff import worth_another_try
from wscli.session.connection import Session
from wscli.session.reconnect import wishes_of

if TYPE_CHECKING:
    from wscli.session.client import Line
    from wscli.session.dedupe import Overlap

AHEAD_S = 3600.0  # before the end of a lifetime; a tenth of a short one
GOODBYE_S = 0.4  # how long an old connection has to answer that it is unsubscribed
LASTED_S = 60.0  # a connection that is to be replaced earlier than that is one of a series
LINGER_S = 2.0  # how long the new connection may say late what the old one has said


@value(frozen=False)
class _Due:
    """A connection to be replaced: when (monotonic seconds), why, after how many tries in vain, whether it was asked for."""

    connection: int
    at: float
    why: str
    vain: int = 0
    asked: bool = False


class Handover:
    """What a line does about connections that are to be replaced. outgoing: the route and session of the one that goes."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.outgoing: tuple[str, Session] | None = None
        self._due: dict[str, _Due] = {}
        self._since: dict[str, float] = {}  # when the connection of a route was opened
        self._hasty: dict[
            str, int
        ] = {}  # how many of them, one after the other, were to be replaced before they lasted
        self._incoming: Session | None = None
        self._overlap: Overlap | None = None  # of these two
        self._until: float | None = None  # the end of the goodbye, then of the overlap
        self._busy = False
        self._gap_since: float | None = None  # if the old connection is lost before the new one is ready

    def opened(self, route: str, session: Session) -> None:
        """Take note of a new connection, whose lifetime may be limited."""
        self._since[route] = self.line.clock.monotonic()
        lifetime = self.line.dialect.limits.lifetime_s
        if lifetime is not None and self.line.comeback.staying.reconnect:
            at = self.line.clock.monotonic() + lifetime - min(AHEAD_S, lifetime / 10)
            why = f"{self.line.dialect.name} ends a connection after {lifetime / 3600:g} h"
            self._due[route] = _Due(session.connection, at, why)

    def ask(self, session: Session) -> None:
        """Have a live connection replaced: the venue asks for it.

        That waits as coming back does, since it asks everybody at once; longer each time, until a connection has lasted.
        """
        route = next((r for r, s in self.line.sessions.items() if s is session), None)
        if route is None:
            return  # it goes already
        due = self._due.get(route)
        if due is not None and due.connection == session.connection and due.asked:
            return  # it was asked to already: the tries keep their pace
        lasted = self.line.clock.monotonic() - self._since.get(route, 0.0) >= LASTED_S
        hasty = 0 if lasted else self._hasty.get(route, 0)
        self._hasty[route] = hasty + 1
        at, why = self.line.comeback.next_try(hasty), f"{self.line.dialect.name} asks to reconnect"
        self._due[route] = _Due(session.connection, at, why, hasty, asked=True)

    def overlapping(self) -> bool:
        """Say whether what comes may have been shown already."""
        return self._overlap is not None

    def first(self, session: Session, received: Received) -> bool:
        """Say whether a data message is to be shown: the other connection has not shown it."""
        if self._overlap is None:
            return True
        new = session is self._incoming
        old = self.outgoing is not None and session is self.outgoing[1]
        return self._overlap.shows(received, new=new) if new or old else True

    # --- time

    def _idle(self) -> bool:
        return self.line.settled and self.line.comeback.returning is None and not self._busy

    def times(self) -> list[float]:
        """Return when there is something to do."""
        at = [due.at for route, due in self._due.items() if self._idle() and not self.line.awaits(route)]
        return at if self._until is None else [*at, self._until]

    def look(self, now: float) -> None:
        """Do what the time asks for."""
        if self.outgoing is not None and self.outgoing[1].lost is not None and self._gap_since is not None:
            self.line.comeback.tell_gap(self.outgoing[0], now - self._gap_since)
            self._gap_since = None
        if self._until is not None and now >= self._until:
            self._until = None
            if self.outgoing is None:
                self._overlap = self._incoming = None
        if not self._idle():
            return
        for route, due in [*self._due.items()]:
            session = self.line.sessions.get(route)
            if session is None or session.connection != due.connection:
                del self._due[route]
            elif now >= due.at and session.lost is None and not self.line.awaits(route):
                due.at = self.line.comeback.pace.earliest(now)
                if now >= due.at:
                    self._replace(route, session, due)

    # --- the exchange

    def _replace(self, route: str, old: Session, due: _Due) -> None:
        self._busy = True
        try:
            wishes = self._subscribed_anew(route, old, due)
            if wishes is not None:
                number = len(wishes)
                told = f"a new connection took over, {number} subscription{'s' * (number != 1)}"
                self.line.output.say(f"wscli: {due.why}: {told}")
                self._say_goodbye(old)
        finally:
            self._busy = False

    def _subscribed_anew(self, route: str, old: Session, due: _Due) -> Sequence[Subscribe] | None:
        """Put a new connection in the place of the old one; return what is subscribed there, None where it failed."""
        from wscli.session.dedupe import Overlap  # lazily, as it is seldom needed

        line, self._gap_since = self.line, self.line.clock.monotonic()
        line.settled, line.comeback.returning = False, route
        try:
            new = line.connected(route)
            line.until(lambda: not line.awaits(route))
            self.outgoing, self._incoming = (route, old), new
            self._overlap, self._until = Overlap(), None
            line.take(route, new)
            wishes = wishes_of(old)
            line.comeback.log_in(route, wishes, logged_in=old.state.grant is not None)
            line.comeback.subscribe(route, wishes)
        except WscliError as error:
            self._keep(route, old, due, error)
            return None
        finally:
            self._gap_since = None
            line.settled, line.comeback.returning = True, None
        return wishes

    def _keep(self, route: str, old: Session, due: _Due, error: WscliError) -> None:
        """Go on with the old connection."""
        line, now = self.line, self.line.clock.monotonic()
        self.outgoing = self._incoming = self._overlap = None
        new = line.sessions[route]
        if new is not old:
            line.drop(new, error)
            line.sessions[route] = old
            line.forget(route)
            self._due[route] = due
        if line.ends is not None and now >= line.ends:
            raise Finished from error
        if old.lost is not None:
            return
        if worth_another_try(error, back=True):
            due.at, due.vain = line.comeback.next_try(due.vain, error), due.vain + 1
            again = f"trying again in {due.at - now:.1f} s"
        else:
            del self._due[route]
            again = "it is not tried again"
        line.output.say(f"wscli: {due.why}: {error.message}; the old connection goes on, {again}")

    def _say_goodbye(self, old: Session) -> None:
        """Unsubscribe the old connection, hear what it had under way, close it."""
        clock = self.line.clock.monotonic
        end = self._until = clock() + GOODBYE_S
        if old.lost is None:
            old.farewell()
        while old.lost is None and old.state.active and clock() < end:
            self.line.step()
        self.line.drop(old, ConnectionLost("replaced by a new connection"))
        self.outgoing, self._until = None, clock() + LINGER_S
