"""What a connection remembers of its keep-alive, and of which subscriptions have begun."""

from __future__ import annotations

from collections.abc import Mapping

from wscli.core.dialect import KeepAlive
from wscli.core.errors import ConnectionLost
from wscli.core.messages import ActiveSubscription, Event, Key


class KeepAliveClock:
    """When the next ping is due, and since when a pong is. Times are a clock's seconds.

    pong_due_since: since when the oldest pong is due that could have been read. pending: the keys of pings without an answer.
    """

    def __init__(self, now: float) -> None:
        self.last_sent_at = self.last_ping_at = self.pong_due_since = now
        self.pending: set[Key] = set()
        self.last_pong: Event | None = None
        self.paused_until = 0.0

    def pong(self, event: Event, now: float) -> None:
        """Take a message that may answer a ping."""
        if event.request_id is not None and event.request_id in self.pending:
            self.pending.discard(event.request_id)
            self.last_pong, self.pong_due_since = event, now

    def protocol_pong(self, now: float) -> None:
        """Take the pongs of a reading, where WebSocket's own pings are sent."""
        self.pending.clear()
        self.pong_due_since = now

    def check(self, settings: KeepAlive, name: str, now: float, *, blocked: bool) -> bool:
        """Return whether a ping is due, and count it as sent. Raises ConnectionLost for one that was not answered in time.

        blocked: nobody reads the socket just now, so that a pong may be waiting in it: its deadline is put off.
        """
        if blocked:
            self.pong_due_since = now
        elif self.pending and now - self.pong_due_since >= settings.pong_timeout_s:
            raise ConnectionLost(f"{name} did not answer a ping within {settings.pong_timeout_s:g} s")
        if now < self.next_ping_at(settings) or (self.pending and not blocked):
            return False
        self.last_ping_at = self.pong_due_since = now
        return True

    def due_at(self, settings: KeepAlive) -> float:
        """Return when there is something to do."""
        return self.pong_due_since + settings.pong_timeout_s if self.pending else self.next_ping_at(settings)

    def next_ping_at(self, settings: KeepAlive) -> float:
        last = self.last_sent_at if settings.idle_only else self.last_ping_at
        return max(last + settings.interval_s, self.paused_until)

    def pause(self, until: float) -> None:
        """Send no pings until then, and forgive those that are not answered yet: the exchange asked for it."""
        self.paused_until = until
        self.pending.clear()


class Beginnings:
    """Which subscriptions have sent something: asked at every reading, so that each is looked at once where all begin."""

    def __init__(self) -> None:
        self._all_begun_in: Mapping[Key, ActiveSubscription] | None = None  # in which nothing was silent
        self._unchecked_keys: list[Key] = []  # the keys that are not known to have begun, the first one last

    def some_are_silent(self, active: Mapping[Key, ActiveSubscription], unasked: Mapping[Key, object]) -> bool:
        """Return whether a subscription has sent nothing yet. unasked: those that do not count."""
        if self._all_begun_in is active:
            return False
        if self._all_begun(active, unasked):
            self._unchecked_keys = [*reversed([*active])]  # those that came later too
            if self._all_begun(active, unasked):
                self._all_begun_in = active
        return self._all_begun_in is not active

    def _all_begun(self, active: Mapping[Key, ActiveSubscription], unasked: Mapping[Key, object]) -> bool:
        """Return whether all that were left to look at have begun; look no further than the first one that has not."""
        while self._unchecked_keys:
            key = self._unchecked_keys[-1]
            one = active.get(key)
            if one is not None and not one.has_data and key not in unasked:
                return False
            self._unchecked_keys.pop()
        return True
