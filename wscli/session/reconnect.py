"""Coming back after a loss: the waits, the tries, the same set subscribed again, and a word about the gap."""

from __future__ import annotations

import select
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wscli.commands.parser import needs_login
from wscli.core.dialect import joined
from wscli.core.errors import ConnectionFailed, ConnectionLost, TimedOut, WscliError
from wscli.core.jsontext import written
from wscli.core.messages import Command, Event, Key, Kind, Received, Subscribe
from wscli.core.record import value
from wscli.output.explain import words
from wscli.output.sink import Finished
from wscli.session import resubscribe
from wscli.session.backoff import Pace, wait_s, worth_another_try
from wscli.session.connection import Session
from wscli.session.target import Staying

if TYPE_CHECKING:
    from wscli.session.client import Line


@value(frozen=False)
class Away:
    """A route whose socket is gone: since when, what was subscribed there, whether it was logged in, when to try again."""

    since: float
    wishes: tuple[Subscribe, ...]
    logged_in: bool
    at: float


class Comeback:
    """What a line does about its losses. away: the routes without a socket; vain: tries since the last good data."""

    def __init__(self, line: Line, staying: Staying) -> None:
        self.line, self.staying = line, staying
        self.pace = Pace(line.dialect.limits.connects)
        self.away: dict[str, Away] = {}
        self.vain: dict[str, int] = {}
        self.fresh: dict[tuple[str, Key], float] = {}  # when data last came, where staleness is watched
        self.returning: str | None = None

    def heard(self, route: str, event: Event) -> None:
        """Take note of good data."""
        self.vain.pop(route, None)
        self.vain.pop("", None)
        if self.staying.stale_s is not None and event.topic is not None:
            self.fresh[route, event.topic] = self.line.clock.monotonic()

    def times(self) -> list[float]:
        """Return when there is something to do."""
        at = [away.at for away in self.away.values()] if self.returning is None else []
        if self.staying.stale_s is not None and self.fresh:
            at.append(min(self.fresh.values()) + self.staying.stale_s)
        return at

    def look(self, now: float) -> None:
        """Do what the time asks for."""
        if self.staying.stale_s is not None:
            self._look_for_stale(now, self.staying.stale_s)
        if self.returning is None:
            for route, away in [*self.away.items()]:
                if now >= away.at:
                    self._come_back(route, away)

    def start(self, commands: Sequence[Command]) -> None:
        """Say and settle; begin again where the connection was lost meanwhile (and, with --retry, where there was none)."""
        while True:
            try:
                self.line.say(commands)
                self.line.settle()
                return
            except WscliError as error:
                first = isinstance(error, ConnectionFailed)
                stay = self.staying.reconnect and (self.staying.tries is not None or not first)
                if not stay or isinstance(error, TimedOut) or not worth_another_try(error):
                    raise
                self._drop_all()
                away = Away(self.line.clock.monotonic(), (), False, 0.0)
                self._try_later("", away, error)
                del self.away[""]
                self._sleep_until(away.at)

    def _drop_all(self) -> None:
        for session in self.line.sessions.values():
            self.line.drop(session)
        self.line.sessions.clear()
        self.line.awaited.clear()

    def _sleep_until(self, at: float) -> None:
        """Wait for a time, for a signal, or for the end of --for."""
        until = at if self.line.ends is None else min(at, self.line.ends)
        select.select([self.line.signals], [], [], max(until - self.line.clock.monotonic(), 0.0))
        self.line.signals.check()
        if self.line.ends is not None and self.line.clock.monotonic() >= self.line.ends:
            raise Finished

    def _look_for_stale(self, now: float, limit_s: float) -> None:
        watched: set[tuple[str, Key]] = set()
        for route, session in self.line.sessions.items():
            for topic, active in session.state.active.items():
                since = self.fresh.setdefault((route, topic), now)
                if session.lost is None:
                    watched.add((route, topic))
                if session.lost is None and topic not in session.state.unasked and now - since >= limit_s:
                    session.lost = ConnectionLost(
                        f"{self.line.dialect.name}: no data from {words(active.subscribe)} for {limit_s:g} s"
                    )
        self.fresh = {place: at for place, at in self.fresh.items() if place in watched}

    def leave_lost(self) -> None:
        """Put every lost socket among those to come back for. Raises ConnectionLost where that was tried often enough."""
        for route, session in [*self.line.sessions.items()]:
            if session.lost is not None and worth_another_try(session.lost):
                self._leave(route, session, session.lost)

    def _leave(self, route: str, session: Session, cause: ConnectionLost) -> None:
        now = self.line.clock.monotonic()
        del self.line.sessions[route]
        self.fresh = {place: at for place, at in self.fresh.items() if place[0] != route}
        self.line.forget(route)
        self.line.drop(session, cause)
        self._try_later(route, Away(now, wishes_of(session), session.state.grant is not None, now), cause)

    def _try_later(self, route: str, away: Away, cause: WscliError) -> None:
        """Set the time of the next try and say so. Raises the cause once it was tried often enough."""
        vain = self.vain.get(route, 0)
        if self.staying.tries is not None and vain >= self.staying.tries:
            raise ConnectionLost(f"{cause.message}: given up after {vain} tries", "--retry says how many")
        now = self.line.clock.monotonic()
        away.at = self.next_try(vain, cause)
        self.vain[route] = vain + 1
        self.away[route] = away
        self.line.output.say(f"wscli: {cause.message}; trying again in {away.at - now:.1f} s")

    def next_try(self, vain: int, cause: WscliError | None = None) -> float:
        """Return when to connect next after so many tries in vain: jitter, what the venue asked for, its limit on connects."""
        now = self.line.clock.monotonic()
        wait = max(wait_s(vain, self.line.clock.uniform), getattr(cause, "retry_after_s", 0.0))
        return max(now + wait, self.pace.earliest(now))

    def log_in(self, route: str, wishes: Sequence[Subscribe], *, logged_in: bool) -> None:
        """Log in on a new connection where it was so before, or must be for what is wished."""
        if logged_in or needs_login(self.line.dialect, wishes):
            self.line.prepared(route, wishes)

    def subscribe(self, route: str, wishes: Sequence[Subscribe]) -> None:
        """Subscribe to what is wished, and wait until the venue has answered. Raises Rejected where it grants nothing."""
        resubscribe.subscribe(self.line, route, wishes)

    def _come_back(self, route: str, away: Away) -> None:
        """Connect again, log in where it was, subscribe to the same set in the same order, wait for the answers."""
        settled, self.line.settled, self.returning = self.line.settled, False, route
        try:
            self.line.open(route)
            self.log_in(route, away.wishes, logged_in=away.logged_in)
            self.tell_gap(route, self.line.clock.monotonic() - away.since)
            self.subscribe(route, away.wishes)
        except WscliError as error:
            lost = self.line.sessions.pop(route, None)
            if lost is not None:
                self.line.drop(lost, error)
            self.line.forget(route)
            if not worth_another_try(error, back=True):
                raise
            if self.line.ends is not None and self.line.clock.monotonic() >= self.line.ends:
                raise Finished from error
            self._try_later(route, away, error)
            return
        finally:
            self.line.settled, self.returning = settled, None
        del self.away[route]
        now, number = self.line.clock.monotonic(), len(away.wishes)
        self.line.quiet_at = now + self.line.wanted.quiet_s
        told = f"back after {now - away.since:.2f} s"
        told += f", {number} subscription{'s' * (number != 1)}" if self.line.beside is None else ""
        self.line.output.say(f"wscli: {self.line.dialect.name}: {told}")

    def tell_gap(self, route: str, away_s: float) -> None:
        """Put a mark between what came before and what comes now: something may be missing."""
        session, ns = self.line.sessions[route], self.line.clock.wall_ns()
        said, away_ms = f"{self.line.dialect.name}: away for {away_s:.2f} s", round(away_s * 1000)
        payload = {"gap": {"away_ms": away_ms, "connection": session.connection}}
        gap = Received(Event(Kind.GAP, payload, reason=said), written(payload), ns, 0, session.connection)
        if self.line.wanted.gaps or self.line.wanted.all:
            self.line.output.data(self.line.view.show(gap, ()))
        if self.line.recorder is not None:
            self.line.recorder.event(
                self.line.dialect.name, "gap", ns, session.connection, away_ms=away_ms, reason=said
            )


def wishes_of(session: Session) -> tuple[Subscribe, ...]:
    """Return what a session is subscribed to, and what it asked for."""
    asked = [c for a in session.state.pending.values() for c in a.commands if isinstance(c, Subscribe)]
    return tuple(joined([*session.state.wished, *asked]))
