"""How far the messages of an open exchange lag behind the events in them."""

from __future__ import annotations

from wscli.core.messages import Key, ReceivedMessage
from wscli.output import lag
from wscli.output.rows import channel_of
from wscli.repl.display.counters import key_of
from wscli.repl.workspace.worker import Worker

LATELY_NS = 5_000_000_000


def lag_ms(live: Worker, now_ns: int) -> float | None:
    """Return how long ago, when the last message came, the newest event in it had happened.

    None where the message holds no time of an event (the time of a candle is its start), or none came lately.
    """
    if not live.streams.recent:
        return None
    received = live.streams.recent[-1][1]
    return None if now_ns - received.received_ns > LATELY_NS else _lag_of(live, received)


def last_lag_ms(live: Worker, key: Key) -> float | None:
    """Return the lag of the last message that is counted under a key; None where none of those that are kept is, or it has no lag."""
    for _, received in reversed([*live.streams.recent]):
        if key_of(live.dialect, received.event) == key:
            return _lag_of(live, received)
    return None


def _lag_of(live: Worker, received: ReceivedMessage) -> float | None:
    channel = channel_of(live.dialect, received.event)
    if channel is None or not channel.has_event_time:  # no rows are made for it
        return None
    return lag.lag_ms(channel, live.streams.labelled(received), received.received_ns)
