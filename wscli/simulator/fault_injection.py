"""What can go wrong, on demand: a message lost, a crossed book, a wrong checksum, silence, a restart, a cut.

When, `moments` says. A message counts, and is broken, on the connection that brings it; what a venue's messages are, and how
those of a book are broken, its `Venue` says.
"""

from collections.abc import Iterable, Sequence

from wscli.core.errors import UsageError
from wscli.core.fault_words import FAULT_KINDS, FaultPlan
from wscli.simulator.contract import Drop, Output, Send, SimulatedConnection, SimulatedExchange

CROSSED_MESSAGES = 3  # crossed messages in a row: of a venue that sends whole books, one alone may mend itself


class FaultInjection:
    """The faults of one server, and how often each may still happen (None: without end)."""

    def __init__(self, plans: Sequence[FaultPlan]) -> None:
        self.plans = tuple(plans)
        self._remaining = [plan.max_times for plan in plans]

    def wrap(self, exchange: SimulatedExchange, connection: SimulatedConnection) -> SimulatedConnection:
        """Return a connection of the venue that may have the faults."""
        return FaultyConnection(self, exchange, connection) if _has_data(exchange) else connection

    def use_one(self, index: int) -> bool:
        """Return whether the fault may happen once more, and count it."""
        left = self._remaining[index]
        if left is not None:
            self._remaining[index] = left - 1
        return left is None or left > 0


def check(plans: Iterable[FaultPlan], exchanges: Sequence[SimulatedExchange]) -> None:
    """Raise UsageError where none of the venues can have such a fault."""
    for plan in plans:
        able = [
            venue
            for venue in exchanges
            if (venue.book_pattern is not None if plan.books_only else _has_data(venue))
            and (plan.kind != "checksum" or venue.has_checksums)
        ]
        if not able:
            raise UsageError(
                f"no simulated venue here has a {plan.kind!r} to break",
                f"one of {' '.join(FAULT_KINDS)}, where a venue has it",
            )


def _has_data(exchange: SimulatedExchange) -> bool:
    return exchange.book_pattern is not None


class _ConnectionFault:
    """A fault on one connection. armed: it happens to the next message that can have it."""

    def __init__(self, planned: FaultPlan) -> None:
        self.plan = planned
        self.armed = self.silent = False
        self.crossed_remaining = 0  # messages still to be crossed
        self._count = 0
        self._next_ms: int | None = None

    def applies_to(self, name: str, book: bool) -> bool:
        """Return whether a message is of the channel: by its whole name, or by what it begins with."""
        wanted = self.plan.channel
        if self.plan.books_only and not book:
            return False
        return not wanted or name == wanted or name.startswith(tuple(wanted + end for end in "._-"))

    def count_message(self) -> None:
        """Count a message of the channel."""
        self._count += 1
        if self.plan.every_messages is not None and self._count >= self.plan.every_messages:
            self._count, self.armed = 0, True

    def check_time(self, now_ms: int) -> None:
        """Look whether it is time; the first call is the beginning."""
        if self.plan.every_ms is None:
            return
        if self._next_ms is None:
            self._next_ms = now_ms + self.plan.every_ms
        while now_ms >= self._next_ms:
            self._next_ms += self.plan.every_ms
            self.armed = True


class FaultyConnection(SimulatedConnection):
    """A connection that says what the venue's own says, but for the faults."""

    def __init__(self, faults: FaultInjection, venue: SimulatedExchange, connection: SimulatedConnection) -> None:
        self._faults, self._exchange, self._inner = faults, venue, connection
        self._faults_here = [_ConnectionFault(planned) for planned in faults.plans]
        self._channels: dict[str, str] = {}  # the names of channels that messages call by a number
        self._started = False

    def greet(self, now_ms: int) -> list[Output]:
        """Return the greeting."""
        return self._inner.greet(now_ms)

    def receive(self, data: str | bytes, now_ms: int) -> list[Output]:
        """Return the answers."""
        self._started = self._started or self._exchange.starts_market(data)
        return self._with_faults(self._inner.receive(data, now_ms), now_ms)

    def tick(self, now_ms: int) -> list[Output]:
        """Return what is due."""
        return self._with_faults(self._inner.tick(now_ms), now_ms)

    def _with_faults(self, outputs: list[Output], now_ms: int) -> list[Output]:
        found: list[Output] = []
        for out in outputs:
            text = self._exchange.text_of(out.data) if isinstance(out, Send) else None
            name = self._exchange.channel_of(text, self._channels) if text is not None else None
            found += (
                [out]
                if not isinstance(out, Send) or text is None or name is None
                else self._message_with_faults(out, text, name, now_ms)
            )
            if any(isinstance(one, Drop) for one in found):
                return found
        return [*found, *self._timed_faults(now_ms)]

    def _timed_faults(self, now_ms: int) -> list[Output]:
        """Return what happens at its time, whether anything is said or not."""
        for at, plan in enumerate(self._faults_here):
            if self._started:
                plan.check_time(now_ms)
            if plan.armed and plan.plan.every_ms is not None and plan.plan.kind in ("restart", "reconnect"):
                plan.armed = False
                if self._faults.use_one(at):
                    return [Drop()] if plan.plan.kind == "reconnect" else self._exchange.restart(now_ms)
        return []

    def _message_with_faults(self, out: Send, text: str, name: str, now_ms: int) -> list[Output]:
        """Return what becomes of one message."""
        book = self._exchange.book_pattern is not None and self._exchange.book_pattern.match(text) is not None
        concerned = [(at, plan) for at, plan in enumerate(self._faults_here) if plan.applies_to(name, book)]
        for _, plan in concerned:
            plan.count_message()
        for at, plan in concerned:
            if not plan.armed or (plan.plan.kind == "checksum" and not self._exchange.carries_checksum(text)):
                continue
            plan.armed = False
            if not self._faults.use_one(at):
                continue
            match plan.plan.kind:
                case "gap":
                    return []
                case "crossed":
                    plan.crossed_remaining = CROSSED_MESSAGES
                case "checksum":
                    return [Send(self._exchange.frame_of(self._exchange.with_wrong_checksum(text)), out.delay_ms)]
                case "stale":
                    plan.silent = True
                case "restart":
                    return self._exchange.restart(now_ms)
                case _:
                    return [Drop()]
        if any(plan.silent for _, plan in concerned):
            return []
        for _, plan in concerned:
            if plan.crossed_remaining:
                plan.crossed_remaining -= 1
                return [
                    Send(self._exchange.frame_of(one), out.delay_ms) for one in self._exchange.crossed_messages(text)
                ]
        return [out]
