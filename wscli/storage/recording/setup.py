"""How a connection became what it is: the requests and acknowledgements without which what follows cannot be read.

A run that records to one file after the other repeats them at the beginning of each. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator

from wscli.core.dialect import Dialect
from wscli.core.jsontext import parsed
from wscli.core.messages import DATA, Auth, Event, Key, Kind, State
from wscli.core.record import value

MOST_OTHERS = 20  # lines that a connection begins with and that change nothing that is known of it: a greeting, say
SPARE = 64  # lines that are kept although they are needed no longer, before they are looked through


@value
class _Line:
    """A line. asks, settles: the keys of requests; sets: those of subscriptions. lasting: it is needed while the connection is."""

    text: str
    asks: frozenset[Key] = frozenset()
    settles: frozenset[Key] = frozenset()
    sets: frozenset[Key] = frozenset()
    lasting: bool = False


class Setup:
    """One connection. number: of its last message."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect, self.number = dialect, 0
        self._state = State()
        self._lines: list[_Line] = []
        self._others = 0
        self._most = SPARE

    def sent(self, text: str, line: str) -> None:
        """Take note of a request, and its line."""
        try:
            wire = parsed(text)
        except ValueError:
            wire = text
        if not isinstance(wire, dict):
            self._keep_other(line)
            return
        before, self._state = self._state, self.dialect.learn(self._state, wire)
        asks = frozenset(self._state.pending.keys() - before.pending.keys())
        asked = self.dialect.asked(wire)
        if asked is None:
            self._keep_other(line)
        elif asks:
            lasting = not asked.commands or any(isinstance(command, Auth) for command in asked.commands)
            self._keep(_Line(line, asks, lasting=lasting))

    def received(self, event: Event, number: int, line: str) -> None:
        """Take note of a message, and its line."""
        self.number = number
        if event.kind is Kind.HEARTBEAT or (event.kind in DATA and event.request_id is None):
            return
        before, self._state = self._state, self.dialect.learn(self._state, event)
        if self._state is before:
            if event.kind in (Kind.ACK, Kind.STATUS):
                self._keep_other(line)
            return
        settles = frozenset(before.pending.keys() - self._state.pending.keys())
        sets = frozenset(key for key, one in self._state.active.items() if before.active.get(key) is not one)
        lasting = any(one.lasting and one.asks & settles for one in self._lines)
        self._keep(_Line(line, settles=settles, sets=sets, lasting=lasting))

    def _keep(self, line: _Line) -> None:
        self._lines.append(line)
        if len(self._lines) > self._most:
            self._lines = [*self._needed()]
            self._most = 2 * len(self._lines) + SPARE

    def _keep_other(self, line: str) -> None:
        if self._others < MOST_OTHERS:
            self._others += 1
            self._keep(_Line(line, lasting=True))

    def _needed(self) -> Iterator[_Line]:
        active = self._state.active.keys()
        asked = set(self._state.pending)
        for line in self._lines:
            if not active.isdisjoint(line.sets):
                asked |= line.settles
        for line in self._lines:
            if line.lasting or not active.isdisjoint(line.sets) or not asked.isdisjoint(line.asks):
                yield line

    def lines(self) -> list[str]:
        """Return the lines that are needed, in their order."""
        return [line.text for line in self._needed()]
