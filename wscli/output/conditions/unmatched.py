"""Notices that conditions have let nothing through although messages are received. Pure: the times are handed in."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote

PATIENCE_NS = 3_000_000_000


class UnmatchedWatch:
    """Watches what conditions hide, until they let something through or the notice was given. texts: the conditions as they were typed."""

    def __init__(self, texts: Sequence[str], typed_at: str) -> None:
        self._text = " ".join(f"{typed_at} {quote(text) if typed_at.startswith('-') else text}" for text in texts)
        self._first_ns: int | None = None
        self._first_count = 0
        self._over = False
        self._hidden = self._shown = 0

    def after(self, *, shown: bool, now_ns: int) -> str | None:
        """Count a message, and return the notice where it is due."""
        self._shown += shown
        self._hidden += not shown
        return self.notice(self._hidden, self._shown, now_ns)

    def notice(self, hidden: int, shown: int, now_ns: int) -> str | None:
        """Return the notice where it is due: once. hidden, shown: the messages so far.

        >>> watch = UnmatchedWatch(["price > 9"], "--where")
        >>> watch.notice(1, 0, 10**9), watch.notice(7, 0, 4 * 10**9)
        (None, "no message has matched --where 'price > 9' for 3 s, and 7 were received")
        """
        if self._over or shown:
            self._over = True
            return None
        if self._first_ns is None:
            self._first_ns, self._first_count = (now_ns, hidden) if hidden else (None, 0)
            return None
        if now_ns - self._first_ns < PATIENCE_NS or hidden == self._first_count:
            return None
        self._over = True
        return f"no message has matched {self._text} for 3 s, and {hidden} were received"
