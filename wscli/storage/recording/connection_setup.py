"""How a connection became what it is: the requests and acknowledgements without which what follows cannot be read.

A run that records to one file after the other repeats them at the beginning of each. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator

from wscli.core.dialect import Dialect
from wscli.core.jsontext import parsed
from wscli.core.messages import DATA_KINDS, Auth, Event, Key, Kind, State
from wscli.core.record import record

MAX_OTHER_LINES = 20  # lines that a connection begins with and that change nothing that is known of it: a greeting, say
PRUNE_MARGIN = 64  # lines that are kept although they are needed no longer, before they are looked through


@record
class _SetupLine:
    """A line. request_keys, answered_keys: the keys of requests; subscription_keys: those of subscriptions. permanent: it is needed while the connection is."""

    text: str
    request_keys: frozenset[Key] = frozenset()
    answered_keys: frozenset[Key] = frozenset()
    subscription_keys: frozenset[Key] = frozenset()
    permanent: bool = False


class ConnectionSetup:
    """One connection. number: of its last message."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect, self.last_number = dialect, 0
        self._state = State()
        self._lines: list[_SetupLine] = []
        self._other_count = 0
        self._prune_at = PRUNE_MARGIN

    def sent(self, text: str, line: str) -> None:
        """Take note of a request, and its line."""
        try:
            frame = parsed(text)
        except ValueError:
            frame = text
        if not isinstance(frame, dict):
            self._add_other(line)
            return
        before, self._state = self._state, self.dialect.codec.learn(self._state, frame)
        asks = frozenset(self._state.pending.keys() - before.pending.keys())
        request = self.dialect.codec.request_of(frame)
        if request is None:
            self._add_other(line)
        elif asks:
            lasting = not request.commands or any(isinstance(command, Auth) for command in request.commands)
            self._add(_SetupLine(line, asks, permanent=lasting))

    def received(self, event: Event, number: int, line: str) -> None:
        """Take note of a message, and its line."""
        self.last_number = number
        if event.kind is Kind.HEARTBEAT or (event.kind in DATA_KINDS and event.request_id is None):
            return
        before, self._state = self._state, self.dialect.codec.learn(self._state, event)
        if self._state is before:
            if event.kind in (Kind.ACK, Kind.STATUS):
                self._add_other(line)
            return
        settles = frozenset(before.pending.keys() - self._state.pending.keys())
        sets = frozenset(key for key, one in self._state.active.items() if before.active.get(key) is not one)
        lasting = any(one.permanent and one.request_keys & settles for one in self._lines)
        self._add(_SetupLine(line, answered_keys=settles, subscription_keys=sets, permanent=lasting))

    def _add(self, line: _SetupLine) -> None:
        self._lines.append(line)
        if len(self._lines) > self._prune_at:
            self._lines = [*self._needed_lines()]
            self._prune_at = 2 * len(self._lines) + PRUNE_MARGIN

    def _add_other(self, line: str) -> None:
        if self._other_count < MAX_OTHER_LINES:
            self._other_count += 1
            self._add(_SetupLine(line, permanent=True))

    def _needed_lines(self) -> Iterator[_SetupLine]:
        active = self._state.active.keys()
        pending = set(self._state.pending)
        for line in self._lines:
            if not active.isdisjoint(line.subscription_keys):
                pending |= line.answered_keys
        for line in self._lines:
            if (
                line.permanent
                or not active.isdisjoint(line.subscription_keys)
                or not pending.isdisjoint(line.request_keys)
            ):
                yield line

    def lines(self) -> list[str]:
        """Return the lines that are needed, in their order."""
        return [line.text for line in self._needed_lines()]
