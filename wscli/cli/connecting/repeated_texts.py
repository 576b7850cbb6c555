"""The texts of --every: when each is due. Pure: times are a clock's seconds."""

from __future__ import annotations

from collections.abc import Sequence

NEVER = float("inf")


class RepeatedTexts:
    """Messages that are sent again and again, each in its own interval (s); the first time one interval after `start`."""

    def __init__(self, messages: Sequence[tuple[float, bytes]]) -> None:
        self._messages = tuple(messages)
        self._due_at = [NEVER] * len(self._messages)

    def start(self, now: float) -> None:
        """Begin anew, on a new connection."""
        self._due_at = [now + interval_s for interval_s, _ in self._messages]

    def stop(self) -> None:
        """Send nothing until the next `start`."""
        self._due_at = [NEVER] * len(self._messages)

    def take(self, now: float) -> list[bytes]:
        """Return the messages that are due; what was missed meanwhile is not made up for.

        >>> texts = RepeatedTexts([(10.0, b"ping")])
        >>> texts.start(0.0)
        >>> texts.take(9.9), texts.take(10.0), texts.next_at, texts.take(45.0), texts.next_at
        ([], [b'ping'], 20.0, [b'ping'], 55.0)
        """
        due = []
        for place, (interval_s, payload) in enumerate(self._messages):
            if now >= self._due_at[place]:
                due.append(payload)
                on_time = self._due_at[place] + interval_s
                self._due_at[place] = on_time if on_time > now else now + interval_s
        return due

    @property
    def next_at(self) -> float:
        return min(self._due_at, default=NEVER)
