"""When to come back after a loss: full jitter, the exchange's limit on connects, and what is not worth a second try. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TypeAlias

from wscli.core.errors import ConnectionFailed, ConnectionLost, InvalidHandshake, TimedOut, WscliError
from wscli.core.record import record

FIRST_DELAY_S = 0.5
MAX_DELAY_S = 30.0


def retry_delay_s(failures: int, uniform: Callable[[float, float], float]) -> float:
    """Return how long to wait before the next try, after so many in vain: uniform in [0, min(30 s, 0.5 s · 2^tries)].

    >>> retry_delay_s(0, lambda low, high: high), retry_delay_s(3, lambda low, high: high), retry_delay_s(9999, lambda low, high: high)
    (0.5, 4.0, 30.0)
    """
    return uniform(0.0, min(MAX_DELAY_S, FIRST_DELAY_S * 2 ** min(failures, 16)))


class ConnectRateLimit:
    """An exchange's limit on connects: (how many, in how many seconds), None for none. Times are a clock's seconds."""

    def __init__(self, limit: tuple[int, int] | None) -> None:
        self._limit = limit
        self._connect_times: deque[float] = deque()

    def record_connect(self, now: float) -> None:
        """Remember a connect."""
        self._connect_times.append(now)
        if self._limit is not None and len(self._connect_times) > self._limit[0]:
            self._connect_times.popleft()

    def next_connect_at(self, now: float) -> float:
        """Return when the next connect is allowed: `now`, or later where the period is full."""
        if self._limit is None or len(self._connect_times) < self._limit[0]:
            return now
        return max(now, self._connect_times[0] + self._limit[1])


def is_retryable(error: WscliError, *, was_connected: bool = False) -> bool:
    """Say whether the same thing can succeed later: a network that is away, an exchange that restarts, but not a refusal.

    was_connected: there was a connection before, so that an answer which is no handshake is a loss like any other.
    """
    if was_connected and isinstance(error, InvalidHandshake):
        return True
    if isinstance(error, ConnectionFailed | ConnectionLost):
        return error.retryable
    return isinstance(error, TimedOut)


@record
class Retry:
    """Try again at this time (seconds of the clock)."""

    at: float


@record
class GiveUp:
    """Do not try again: this is the end."""

    error: WscliError


Decision: TypeAlias = Retry | GiveUp


class Backoff:
    """When to connect again, for one exchange. max_failures: attempts in a row before giving up; None for no limit.

    uniform: draws a number between two. limit: the exchange's own on connects.
    """

    def __init__(
        self,
        max_failures: int | None,
        limit: tuple[int, int] | None,
        uniform: Callable[[float, float], float],
    ) -> None:
        self.max_failures, self._uniform = max_failures, uniform
        self.connects = ConnectRateLimit(limit)

    def after_failure(self, cause: WscliError, failures: int, now: float) -> Decision:
        """Decide after a loss or a failed attempt. failures: those before it since the last data."""
        if self.max_failures is not None and failures >= self.max_failures:
            return GiveUp(
                ConnectionLost(
                    f"{cause.message}: gave up after {failures} failed attempts", "--retry sets their number"
                )
            )
        return Retry(self.next_at(failures, now, cause))

    def next_at(self, failures: int, now: float, cause: WscliError | None = None) -> float:
        """Return when to connect next: jitter, what the exchange asked for, its limit on connects."""
        wait_s = max(retry_delay_s(failures, self._uniform), getattr(cause, "retry_after_s", 0.0))
        return max(now + wait_s, self.connects.next_connect_at(now))
