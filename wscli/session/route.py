"""A route of an exchange (public, private, …) and the connection that serves it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wscli.core.dialect import merged
from wscli.core.errors import ConnectionLost, WscliError
from wscli.core.messages import Key, Kind, ReceivedMessage, Subscribe
from wscli.core.record import record
from wscli.session.connection import Connection
from wscli.session.flows.waits import Until
from wscli.session.route_state import Happening, RouteState, following

MAX_TEXTS = 20_000  # texts remembered of each connection: those of some seconds


class Deduplicator:
    """What each of two connections has shown and the other one has not brought yet: texts, counted.

    A snapshot that only the new connection has brought begins its topic anew: what changed before it, as the old one brings it
    it, would be applied to it wrongly; from then on that topic is the new connection's.
    """

    def __init__(self, max_texts: int = MAX_TEXTS) -> None:
        self._max_texts = max_texts
        self._old: dict[str, int] = {}
        self._new: dict[str, int] = {}
        self._taken_over: set[Key] = set()

    @property
    def new_was_shown(self) -> bool:
        """Whether the new connection has brought data first."""
        return bool(self._taken_over or self._new)

    def should_show(self, received: ReceivedMessage, *, new: bool) -> bool:
        """Say whether to show a data message of the new connection, or of the old one."""
        event, text = received.event, received.text
        if event.topic in self._taken_over:
            return new
        mine, others = (self._new, self._old) if new else (self._old, self._new)
        if text in others:
            others[text] -= 1
            if not others[text]:
                del others[text]
            return False
        if new and event.kind is Kind.SNAPSHOT and event.topic is not None:
            self._taken_over.add(event.topic)
            return True
        mine[text] = mine.get(text, 0) + 1
        if len(mine) > self._max_texts:
            del mine[next(iter(mine))]
        return True


@record(frozen=False)
class Absence:
    """A route without a connection: since when, why, what is subscribed again, whether it was logged in.

    wait: for the next attempt.
    """

    since: float
    cause: WscliError
    subscriptions: tuple[Subscribe, ...]
    logged_in: bool
    wait: Until


@record(frozen=False)
class Overlap:
    """Two connections that bring the same for a while.

    old: None once it is closed. since: when the new one was begun, until it is ready. until: when both have surely brought it all.
    """

    old: Connection | None
    new: Connection
    deduplicator: Deduplicator
    since: float | None
    until: float | None = None


class Route:
    """A route and its connection. absence: while there is none and it comes back. overlap: while, and shortly after, it is replaced.

    cancelled: subscriptions that are not to be subscribed again, although the connection had them. failures: attempts since the last data.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.state = RouteState.CLOSED
        self.connection: Connection | None = None
        self.absence: Absence | None = None
        self.overlap: Overlap | None = None
        self.failures = 0
        self._cancelled: list[Subscribe] = []

    def enter(self, happening: Happening) -> None:
        """Change the state as the table says."""
        self.state = following(self.state, happening)

    def live(self) -> Connection:
        """Return the connection. Raises ConnectionLost where there is none any more."""
        connection = self.connection
        if connection is None and self.absence is not None:
            raise ConnectionLost(f"not connected: {self.absence.cause.message}")
        if connection is None:
            raise ConnectionLost(f"the {self.name} connection is closed")
        if connection.lost is not None:
            raise connection.lost.with_traceback(None)
        return connection

    def connections(self) -> Iterator[Connection]:
        """Yield its connections, one that is being replaced before the one that replaces it."""
        if self.overlap is not None and self.overlap.old is not None and self.overlap.old is not self.connection:
            yield self.overlap.old
        if self.connection is not None:
            yield self.connection

    def is_first(self, connection: Connection, received: ReceivedMessage) -> bool:
        """Return whether data is shown: the other connection of an overlap has not brought it."""
        overlap = self.overlap
        if overlap is None or connection not in (overlap.old, overlap.new):
            return True
        return overlap.deduplicator.should_show(received, new=connection is overlap.new)

    # --- what is wanted

    def wanted(self) -> list[Subscribe]:
        """Return what is subscribed, or will be once the connection is back, or the new one is ready. Other threads may ask, too."""
        absence, connection, overlap = self.absence, self.connection, self.overlap
        if absence is not None:
            return [*absence.subscriptions]
        requested = connection.state.requested if connection is not None else []
        old = overlap.old if overlap is not None and self.state is RouteState.REPLACING else None
        before = old.state.requested if old is not None else []
        return [*before, *(one for one in requested if one not in before)]

    def cancel(self, subscriptions: Sequence[Subscribe]) -> None:
        """Do not subscribe to these again after a loss."""
        if self.absence is not None:
            self.absence.subscriptions = _without(self.absence.subscriptions, subscriptions)
        elif self.connection is not None and self.connection.lost is not None:
            self._cancelled += subscriptions

    def take_wanted(self, connection: Connection) -> tuple[Subscribe, ...]:
        """Return what a connection that is gone was subscribed to and is still wanted."""
        wanted, self._cancelled = _without(subscriptions_of(connection), self._cancelled), []
        return wanted


def _without(wanted: Sequence[Subscribe], cancelled: Sequence[Subscribe]) -> tuple[Subscribe, ...]:
    return tuple(
        wish
        for wish in wanted
        if not any(one.channel == wish.channel and set(wish.symbols) <= set(one.symbols) for one in cancelled)
    )


def subscriptions_of(connection: Connection) -> tuple[Subscribe, ...]:
    """Return what a connection is subscribed to, and what it asked for."""
    pending = [c for a in connection.state.pending.values() for c in a.commands if isinstance(c, Subscribe)]
    return tuple(merged([*connection.state.requested, *pending]))
