"""The numbers that an exchange gives to all messages of one connection, whatever their channel, and what is missing of them.

Pure. A gap is the connection's: which channel the lost message was of can be said only where one alone has sent anything.
"""

from __future__ import annotations

from typing import Literal

from wscli.core.book_rules import Link
from wscli.core.messages import Event, Received, summary
from wscli.core.record import value


@value
class Numbered:
    """A message that had a number: the exchange's own, the one on this connection, and what it was."""

    at: int
    number: int
    event: Event


@value
class Misplaced:
    """A message whose number is not the one that was due. said: in words, with the message before it."""

    kind: Literal["gap", "order"]
    said: str


class ConnectionSequence:
    """The sequence of one connection. messages: how many were in their place."""

    def __init__(self) -> None:
        self.messages = 0
        self._last: Numbered | None = None
        self._senders: set[str] = set()

    def hear(self, link: Link, received: Received) -> Misplaced | None:
        """Take note of a numbered message; return what is wrong with its place."""
        last, self._last = self._last, Numbered(link.at, received.number, received.event)
        self._senders.add(" ".join([received.event.channel or "an unknown channel", *received.event.symbols]))
        if last is None or link.anew or link.at == last.at + 1:
            self.messages += 1
            return None
        name = link.names[0]
        where = f" of connection {received.connection}" if received.connection > 1 else ""
        told = (
            f"message {received.number}{where} ({summary(received.event)}) has {name} {link.at}; "
            f"message {last.number} ({summary(last.event)}) had {name} {last.at}"
        )
        if link.at <= last.at:
            return Misplaced("order", f"order on the connection: {told}")
        first, end = last.at + 1, link.at - 1
        lost = f"{name} {first} is missing" if first == end else f"{name} {first} to {end} are missing"
        only = (
            f"only {next(iter(self._senders))} has sent anything"
            if len(self._senders) == 1
            else "of which channel is not certain"
        )
        return Misplaced("gap", f"gap on the connection: {told}: {lost}, {only}")
