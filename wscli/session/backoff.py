"""When to come back after a loss: full jitter, the venue's limit on connects, and what is not worth a second try. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from wscli.core.errors import ConnectionFailed, ConnectionLost, Garbled, TimedOut, WscliError

FIRST_S = 0.5
MOST_S = 30.0


def wait_s(tries: int, uniform: Callable[[float, float], float]) -> float:
    """Return how long to wait before the next try, after so many in vain: uniform in [0, min(30 s, 0.5 s · 2^tries)].

    >>> wait_s(0, lambda low, high: high), wait_s(3, lambda low, high: high), wait_s(9999, lambda low, high: high)
    (0.5, 4.0, 30.0)
    """
    return uniform(0.0, min(MOST_S, FIRST_S * 2 ** min(tries, 16)))


class Pace:
    """A venue's limit on connects: (how many, in how many seconds), None for none. Times are a clock's seconds."""

    def __init__(self, limit: tuple[int, int] | None) -> None:
        self._limit = limit
        self._times: deque[float] = deque()

    def connected(self, now: float) -> None:
        """Remember a connect."""
        self._times.append(now)
        if self._limit is not None and len(self._times) > self._limit[0]:
            self._times.popleft()

    def earliest(self, now: float) -> float:
        """Return when the next connect is allowed: `now`, or later where the period is full."""
        if self._limit is None or len(self._times) < self._limit[0]:
            return now
        return max(now, self._times[0] + self._limit[1])


def worth_another_try(error: WscliError, *, back: bool = False) -> bool:
    """Say whether the same thing can succeed later: a network that is away, a venue that restarts, but not a refusal.

    back: there was a connection before, so that an answer which is no handshake is a loss like any other.
    """
    if back and isinstance(error, Garbled):
        return True
    if isinstance(error, ConnectionFailed | ConnectionLost):
        return error.retryable
    return isinstance(error, TimedOut)
