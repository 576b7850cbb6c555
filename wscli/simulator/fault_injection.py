"""Faults on request: a lost message, a crossed book, a wrong checksum, silence, a restart, a dropped connection.

`core/fault_words.py` reads when they happen. Messages are counted, and changed, on each connection for itself. How to
recognise and change the messages of an exchange is part of its `SimulatedExchange`.
"""

from collections.abc import Iterable, Sequence

from wscli.core.errors import UsageError
from wscli.core.fault_words import FAULT_KINDS, FaultPlan
from wscli.simulator.contract import Drop, Output, Send, SimulatedConnection, SimulatedExchange

CROSSED_MESSAGES = 3  # in a row: where each message is a complete book, a single one is soon replaced


class FaultInjection:
    """The faults of one server, and how often each may still happen (None: any number of times)."""

    def __init__(self, plans: Sequence[FaultPlan]) -> None:
        self.plans = tuple(plans)
        self._remaining = [plan.max_times for plan in plans]

    def wrap(self, exchange: SimulatedExchange, connection: SimulatedConnection) -> SimulatedConnection:
        """Return a connection to which the faults happen, if the exchange has any that can happen."""
        return FaultyConnection(self, exchange, connection) if _has_data(exchange) else connection

    def use_one(self, index: int) -> bool:
        """Return whether a fault may happen once more; if so, it is counted."""
        left = self._remaining[index]
        if left is not None:
            self._remaining[index] = left - 1
        return left is None or left > 0


def check(plans: Iterable[FaultPlan], exchanges: Sequence[SimulatedExchange]) -> None:
    """Raise UsageError for a fault that none of the exchanges can have."""
    for plan in plans:
        able = (_has_data(exchange) and (plan.kind != "checksum" or exchange.has_checksums) for exchange in exchanges)
        if not any(able):
            raise UsageError(
                f"no simulated exchange started here has a {plan.kind!r} to break",
                f"one of {' '.join(FAULT_KINDS)}, where an exchange has it",
            )


def _has_data(exchange: SimulatedExchange) -> bool:
    return exchange.book_pattern is not None


class _ConnectionFault:
    """A fault on one connection. armed: it happens to the next message that it applies to."""

    def __init__(self, plan: FaultPlan) -> None:
        self.plan = plan
        self.armed = self.silent = False
        self.crossed_remaining = 0  # messages that are still to leave the book crossed
        self._count = 0
        self._next_ms: int | None = None

    def applies_to(self, name: str, book: bool) -> bool:
        """Return whether the fault applies to a message. name: of its channel; book: it is a book message.

        The channel of the plan is a whole name, or the part before a ".", "_" or "-".
        """
        channel = self.plan.channel
        if self.plan.books_only and not book:
            return False
        return not channel or name == channel or name.startswith(tuple(channel + end for end in "._-"))

    def count_message(self) -> None:
        """Count a message that the fault applies to; arm it when the number is reached."""
        self._count += 1
        if self.plan.every_messages is not None and self._count >= self.plan.every_messages:
            self._count, self.armed = 0, True

    def check_time(self, now_ms: int) -> None:
        """Arm the fault when its time is reached; the first call starts the clock."""
        if self.plan.every_ms is None:
            return
        if self._next_ms is None:
            self._next_ms = now_ms + self.plan.every_ms
        while now_ms >= self._next_ms:
            self._next_ms += self.plan.every_ms
            self.armed = True


class FaultyConnection(SimulatedConnection):
    """A connection of an exchange, with faults in what it sends."""

    def __init__(self, faults: FaultInjection, exchange: SimulatedExchange, connection: SimulatedConnection) -> None:
        self._faults, self._exchange, self._inner = faults, exchange, connection
        self._connection_faults = [_ConnectionFault(plan) for plan in faults.plans]
        self._channels: dict[str, str] = {}  # channel number -> name
        self._started = False

    def greet(self, now_ms: int) -> list[Output]:
        """Return the greeting, to which no fault happens."""
        return self._inner.greet(now_ms)

    def receive(self, data: str | bytes, now_ms: int) -> list[Output]:
        """Return the replies to a message."""
        self._started = self._started or self._exchange.starts_market(data)
        return self._with_faults(self._inner.receive(data, now_ms), now_ms)

    def tick(self, now_ms: int) -> list[Output]:
        """Return what is due."""
        return self._with_faults(self._inner.tick(now_ms), now_ms)

    def _with_faults(self, outputs: list[Output], now_ms: int) -> list[Output]:
        sent: list[Output] = []
        for output in outputs:
            sent += self._output_with_faults(output, now_ms)
            if any(isinstance(one, Drop) for one in sent):
                return sent
        return [*sent, *self._timed_faults(now_ms)]

    def _output_with_faults(self, output: Output, now_ms: int) -> list[Output]:
        """Return what is sent instead of an output; an output that is no channel message stays as it is."""
        text = self._exchange.text_of(output.data) if isinstance(output, Send) else None
        name = self._exchange.channel_of(text, self._channels) if text is not None else None
        if not isinstance(output, Send) or text is None or name is None:
            return [output]
        is_book = self._exchange.book_pattern is not None and self._exchange.book_pattern.match(text) is not None
        faults = [
            (index, fault) for index, fault in enumerate(self._connection_faults) if fault.applies_to(name, is_book)
        ]
        for _, fault in faults:
            fault.count_message()
        for index, fault in faults:
            if self._happens(index, fault, text):
                replacement = self._begin(fault, output, text, now_ms)
                if replacement is not None:
                    return replacement
        return self._under_lasting_faults([fault for _, fault in faults], output, text)

    def _happens(self, index: int, fault: _ConnectionFault, text: str) -> bool:
        """Return whether a fault happens to a message; if so, it is disarmed and counted."""
        if not fault.armed or (fault.plan.kind == "checksum" and not self._exchange.carries_checksum(text)):
            return False
        fault.armed = False
        return self._faults.use_one(index)

    def _begin(self, fault: _ConnectionFault, output: Send, text: str, now_ms: int) -> list[Output] | None:
        """Return what a fault makes of a message; None if it begins to last, for this message and later ones."""
        match fault.plan.kind:
            case "gap":
                return []
            case "crossed":
                fault.crossed_remaining = CROSSED_MESSAGES
                return None
            case "checksum":
                return [Send(self._exchange.frame_of(self._exchange.with_wrong_checksum(text)), output.delay_ms)]
            case "stale":
                fault.silent = True
                return None
            case "restart":
                return self._exchange.restart(now_ms)
        return [Drop()]

    def _under_lasting_faults(self, faults: list[_ConnectionFault], output: Send, text: str) -> list[Output]:
        """Return what silence and crossed books leave of a message."""
        if any(fault.silent for fault in faults):
            return []
        for fault in faults:
            if fault.crossed_remaining:
                fault.crossed_remaining -= 1
                texts = self._exchange.crossed_messages(text)
                return [Send(self._exchange.frame_of(one), output.delay_ms) for one in texts]
        return [output]

    def _timed_faults(self, now_ms: int) -> list[Output]:
        """Return the restart or the dropped connection that is due, whether or not anything is sent."""
        for index, fault in enumerate(self._connection_faults):
            if self._started:
                fault.check_time(now_ms)
            if fault.armed and fault.plan.every_ms is not None and fault.plan.kind in ("restart", "reconnect"):
                fault.armed = False
                if self._faults.use_one(index):
                    return [Drop()] if fault.plan.kind == "reconnect" else self._exchange.restart(now_ms)
        return []
