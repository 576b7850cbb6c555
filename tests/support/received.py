"""A message as a connection gives it to a recorder."""

from __future__ import annotations

from wscli.core.messages import Event, Kind, ReceivedMessage


def received(number: int, text: str = '{"p":1.10}', ns: int = 5, binary: bool = False) -> ReceivedMessage:
    return ReceivedMessage(Event(Kind.UPDATE, text), text, ns, number, 1, binary)
