"""Data that comes without an acknowledgement: some relays and some exchanges send none, and the stream is no worse for it."""

from __future__ import annotations

from collections.abc import Iterable

from wscli.core.messages import Command, Event, Kind, Subscribe

MOST_SEEN = 10_000  # a peer that names ever new symbols costs no more than that
Seen = tuple[str, str | None, str]  # route, channel, symbol ("" where a message names none)


class Flowing:
    """Which data came while an acknowledgement was due."""

    def __init__(self) -> None:
        self._seen: set[Seen] = set()

    def heard(self, route: str, event: Event) -> None:
        """Take note of a data message. An array of an unknown number (Bitfinex) is of a subscription nobody can tell."""
        if len(self._seen) > MOST_SEEN:
            return
        if event.kind is not Kind.UNKNOWN:
            self._seen |= {(route, event.channel, symbol) for symbol in event.symbols or ("",)}
        elif isinstance(event.payload, list):
            self._seen.add((route, None, ""))

    def come(self, route: str, commands: Iterable[Command]) -> bool:
        """Say whether data of one of these subscriptions has come."""
        wanted = [c for c in commands if isinstance(c, Subscribe)]
        places = [(route, c.channel, symbol) for c in wanted for symbol in (*c.symbols, "")]
        if wanted and (route, None, "") in self._seen:
            return True
        every = {c.channel for c in wanted if not c.symbols}
        return any(place in self._seen for place in places) or any(
            (route, channel) == seen[:2] for channel in every for seen in self._seen
        )
