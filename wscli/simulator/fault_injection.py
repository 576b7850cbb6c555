"""What can go wrong, on demand: a message lost, a crossed book, a wrong checksum, silence, a restart, a cut.

When, `moments` says. A message counts, and is broken, on the connection that brings it; what a venue's messages are, and how
those of a book are broken, its `Venue` says.
"""

from collections.abc import Iterable, Sequence

from wscli.core.errors import UsageError
from wscli.core.fault_words import FAULTS, Planned
from wscli.simulator.contract import Connection, Drop, Out, Send, Venue

LASTING = 3  # crossed messages in a row: of a venue that sends whole books, one alone may mend itself


class Faults:
    """The faults of one server, and how often each may still happen (None: without end)."""

    def __init__(self, plans: Sequence[Planned]) -> None:
        self.plans = tuple(plans)
        self._left = [plan.times for plan in plans]

    def over(self, venue: Venue, connection: Connection) -> Connection:
        """Return a connection of the venue that may have the faults."""
        return _Faulty(self, venue, connection) if _has_data(venue) else connection

    def take(self, at: int) -> bool:
        """Return whether the fault may happen once more, and count it."""
        left = self._left[at]
        if left is not None:
            self._left[at] = left - 1
        return left is None or left > 0


def check(plans: Iterable[Planned], venues: Sequence[Venue]) -> None:
    """Raise UsageError where none of the venues can have such a fault."""
    for plan in plans:
        able = [
            venue
            for venue in venues
            if (venue.is_book is not None if plan.book else _has_data(venue))
            and (plan.kind != "checksum" or venue.checksums)
        ]
        if not able:
            raise UsageError(
                f"no simulated venue here has a {plan.kind!r} to break",
                f"one of {' '.join(FAULTS)}, where a venue has it",
            )


def _has_data(venue: Venue) -> bool:
    return venue.is_book is not None


class _Plan:
    """A fault on one connection. armed: it happens to the next message that can have it."""

    def __init__(self, planned: Planned) -> None:
        self.planned = planned
        self.armed = self.silent = False
        self.crossed = 0  # messages still to be crossed
        self._count = 0
        self._next_ms: int | None = None

    def concerns(self, name: str, book: bool) -> bool:
        """Return whether a message is of the channel: by its whole name, or by what it begins with."""
        wanted = self.planned.channel
        if self.planned.book and not book:
            return False
        return not wanted or name == wanted or name.startswith(tuple(wanted + end for end in "._-"))

    def heard(self) -> None:
        """Count a message of the channel."""
        self._count += 1
        if self.planned.messages is not None and self._count >= self.planned.messages:
            self._count, self.armed = 0, True

    def clock(self, now_ms: int) -> None:
        """Look whether it is time; the first call is the beginning."""
        if self.planned.after_ms is None:
            return
        if self._next_ms is None:
            self._next_ms = now_ms + self.planned.after_ms
        while now_ms >= self._next_ms:
            self._next_ms += self.planned.after_ms
            self.armed = True


class _Faulty(Connection):
    """A connection that says what the venue's own says, but for the faults."""

    def __init__(self, faults: Faults, venue: Venue, connection: Connection) -> None:
        self._faults, self._venue, self._inner = faults, venue, connection
        self._plans = [_Plan(planned) for planned in faults.plans]
        self._channels: dict[str, str] = {}  # the names of channels that messages call by a number
        self._begun = False

    def greet(self, now_ms: int) -> list[Out]:
        """Return the greeting."""
        return self._inner.greet(now_ms)

    def hear(self, data: str | bytes, now_ms: int) -> list[Out]:
        """Return the answers."""
        self._begun = self._begun or self._venue.begins(data)
        return self._through(self._inner.hear(data, now_ms), now_ms)

    def tick(self, now_ms: int) -> list[Out]:
        """Return what is due."""
        return self._through(self._inner.tick(now_ms), now_ms)

    def _through(self, outs: list[Out], now_ms: int) -> list[Out]:
        found: list[Out] = []
        for out in outs:
            text = self._venue.opened(out.data) if isinstance(out, Send) else None
            name = self._venue.channel_of(text, self._channels) if text is not None else None
            found += (
                [out]
                if not isinstance(out, Send) or text is None or name is None
                else self._said(out, text, name, now_ms)
            )
            if any(isinstance(one, Drop) for one in found):
                return found
        return [*found, *self._timely(now_ms)]

    def _timely(self, now_ms: int) -> list[Out]:
        """Return what happens at its time, whether anything is said or not."""
        for at, plan in enumerate(self._plans):
            if self._begun:
                plan.clock(now_ms)
            if plan.armed and plan.planned.after_ms is not None and plan.planned.kind in ("restart", "reconnect"):
                plan.armed = False
                if self._faults.take(at):
                    return [Drop()] if plan.planned.kind == "reconnect" else self._venue.restart(now_ms)
        return []

    def _said(self, out: Send, text: str, name: str, now_ms: int) -> list[Out]:
        """Return what becomes of one message."""
        book = self._venue.is_book is not None and self._venue.is_book.match(text) is not None
        concerned = [(at, plan) for at, plan in enumerate(self._plans) if plan.concerns(name, book)]
        for _, plan in concerned:
            plan.heard()
        for at, plan in concerned:
            if not plan.armed or (plan.planned.kind == "checksum" and not self._venue.sums(text)):
                continue
            plan.armed = False
            if not self._faults.take(at):
                continue
            match plan.planned.kind:
                case "gap":
                    return []
                case "crossed":
                    plan.crossed = LASTING
                case "checksum":
                    return [Send(self._venue.sealed(self._venue.missummed(text)), out.delay_ms)]
                case "stale":
                    plan.silent = True
                case "restart":
                    return self._venue.restart(now_ms)
                case _:
                    return [Drop()]
        if any(plan.silent for _, plan in concerned):
            return []
        for _, plan in concerned:
            if plan.crossed:
                plan.crossed -= 1
                return [Send(self._venue.sealed(one), out.delay_ms) for one in self._venue.crossed(text)]
        return [out]
