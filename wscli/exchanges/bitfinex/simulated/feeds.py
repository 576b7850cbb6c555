"""The kinds of feeds that both versions of the Bitfinex API have.

A feed returns what follows the channel id in a message.
"""

from abc import ABC, abstractmethod

from wscli.simulator.common import Cadence

Elements = list[object]


class ChannelFeed(ABC):
    """The data of one subscribed channel."""

    @abstractmethod
    def snapshot(self, now_ms: int) -> Elements:
        """Return the snapshot that follows the acknowledgement."""

    @abstractmethod
    def updates(self, now_ms: int) -> list[Elements]:
        """Return the messages for what happened since the last call."""


class WholeMessageFeed(ChannelFeed):
    """A feed whose messages are all complete: sent after a change, at most every `every_ms` milliseconds.

    always: send also without a change.
    """

    def __init__(self, every_ms: int, *, always: bool = False) -> None:
        self._cadence = Cadence(every_ms)
        self._always = always
        self._last_sent: Elements = []

    def snapshot(self, now_ms: int) -> Elements:
        """Return the current message."""
        self._cadence.is_due(now_ms)
        self._last_sent = self.message(now_ms)
        return self._last_sent

    def updates(self, now_ms: int) -> list[Elements]:
        """Return the current message if it is due and has changed."""
        if not self._cadence.is_due(now_ms):
            return []
        before, self._last_sent = self._last_sent, self.message(now_ms)
        return [self._last_sent] if self._always or self._last_sent != before else []

    @abstractmethod
    def message(self, now_ms: int) -> Elements:
        """Return the current message."""


class TwiceSentFeed(ChannelFeed):
    """A feed that sends everything twice: at once, and again with the next updates."""

    def __init__(self) -> None:
        self._pending: list[Elements] = []

    def _send_twice(self, first: list[Elements], second: list[Elements]) -> list[Elements]:
        """Return the second messages of the last call, then the first messages of this one."""
        pending, self._pending = self._pending, second
        return [*pending, *first]
