"""The numbers that an exchange gives to all messages of one connection, whatever their channel, and what is missing of them.

Pure. A gap is the connection's: which channel the lost message was of is known only where one alone has sent anything.
"""

from __future__ import annotations

from typing import Literal

from wscli.core.book_rules import SequencePoint
from wscli.core.messages import Event, ReceivedMessage, summary
from wscli.core.record import record


@record
class NumberedMessage:
    """A message that had a number: the exchange's own, the one on this connection, and what it was."""

    sequence: int
    number: int
    event: Event


@record
class SequenceFault:
    """A message whose number is not the one that was due. description: in words, with the message before it."""

    kind: Literal["gap", "order"]
    description: str


class ConnectionSequence:
    """The sequence of one connection. messages: how many were in their place."""

    def __init__(self) -> None:
        self.messages = 0
        self._last: NumberedMessage | None = None
        self._senders: set[str] = set()

    def check(self, link: SequencePoint, received: ReceivedMessage) -> SequenceFault | None:
        """Take note of a numbered message; return what is wrong with its place."""
        last, self._last = self._last, NumberedMessage(link.number, received.number, received.event)
        self._senders.add(" ".join([received.event.channel or "an unknown channel", *received.event.symbols]))
        if last is None or link.restarts or link.number == last.sequence + 1:
            self.messages += 1
            return None
        name = link.names[0]
        where = f" of connection {received.connection}" if received.connection > 1 else ""
        text = (
            f"message {received.number}{where} ({summary(received.event)}) has {name} {link.number}; "
            f"message {last.number} ({summary(last.event)}) had {name} {last.sequence}"
        )
        if link.number <= last.sequence:
            return SequenceFault("order", f"order on the connection: {text}")
        first, end = last.sequence + 1, link.number - 1
        lost = f"{name} {first} is missing" if first == end else f"{name} {first} to {end} are missing"
        only = (
            f"all messages so far were of {next(iter(self._senders))}"
            if len(self._senders) == 1
            else "the channel is unknown"
        )
        return SequenceFault("gap", f"gap on the connection: {text}: {lost}, {only}")
