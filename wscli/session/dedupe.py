"""Two connections that say the same for a while, one about to go: each message is shown once. Pure."""

from __future__ import annotations

from wscli.core.messages import Key, Kind, ReceivedMessage

MAX_TEXTS = 20_000  # texts remembered of each connection: those of some seconds


class Deduplicator:
    """What each of two connections has shown and the other one has not brought yet: texts, counted.

    A snapshot that only the new connection has brought begins its topic anew: what changed before it, as the old one brings it
    it, would be applied to it wrongly; from then on that topic is the new connection's.
    """

    def __init__(self, max_texts: int = MAX_TEXTS) -> None:
        self._max_texts = max_texts
        self._old: dict[str, int] = {}
        self._new: dict[str, int] = {}
        self._taken_over: set[Key] = set()

    def should_show(self, received: ReceivedMessage, *, new: bool) -> bool:
        """Say whether to show a data message of the new connection, or of the old one."""
        event, text = received.event, received.text
        if event.topic in self._taken_over:
            return new
        mine, others = (self._new, self._old) if new else (self._old, self._new)
        if text in others:
            others[text] -= 1
            if not others[text]:
                del others[text]
            return False
        if new and event.kind is Kind.SNAPSHOT and event.topic is not None:
            self._taken_over.add(event.topic)
            return True
        mine[text] = mine.get(text, 0) + 1
        if len(mine) > self._max_texts:
            del mine[next(iter(mine))]
        return True
