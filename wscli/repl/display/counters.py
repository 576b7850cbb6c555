"""How many messages arrived for each subscription, and at what rate."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from wscli.core.dialect import Dialect
from wscli.core.messages import Event, Key, Query, Subscribe

RATE_WINDOW_NS = 5_000_000_000  # over which a rate is taken


def counter_key(dialect: Dialect, topic: Key | None, channel: str | None, request: Subscribe | Query | None) -> Key:
    """Return what a subscription is counted under. A topic is one connection's: that of spot may be that of linear, too."""
    product = (
        request.params.get(dialect.facts.prefix_param)
        if request is not None and dialect.facts.prefix_param is not None
        else None
    )
    return channel, topic, product


def key_of(dialect: Dialect, event: Event) -> Key:
    """Return what a message is counted under."""
    topic = event.topic if event.topic is not None else (event.channel, *event.symbols)
    return counter_key(dialect, topic, event.channel, event.subscription)


class MessageCounter:
    """Of one subscription: its symbols, messages, when the last one came (ns), and how many a second came lately.

    The thread that receives counts; any other may read.
    """

    __slots__ = ("count", "last_ns", "marks", "symbols")

    def __init__(self, symbols: Sequence[str] = ()) -> None:
        self.symbols = symbols
        self.count, self.last_ns = 0, 0
        self.marks: deque[tuple[int, int]] = deque(maxlen=8)  # (ns, messages before it), a second apart at least

    def add(self, ns: int) -> None:
        if not self.marks or ns - self.marks[-1][0] >= 1_000_000_000:
            self.marks.append((ns, self.count))
        self.count += 1
        self.last_ns = ns

    def rate(self, now_ns: int) -> float:
        """Return the messages a second of the last RATE_WINDOW_NS.

        >>> tally = MessageCounter()
        >>> for ns in range(0, 2_000_000_000, 100_000_000): tally.add(ns)
        >>> tally.rate(2_000_000_000), tally.rate(60_000_000_000)
        (10.0, 0.0)
        """
        recent = [mark for mark in tuple(self.marks) if now_ns - mark[0] <= RATE_WINDOW_NS]
        if not recent:
            return 0.0
        then_ns, count_before = recent[0]
        return (self.count - count_before) / max((now_ns - then_ns) / 1e9, 0.5)
