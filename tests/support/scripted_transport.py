"""A connection on a scripted transport, with a clock that the test turns."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from uuid import UUID

from wscli.core.dialect import Dialect
from wscli.core.errors import ConnectionLost
from wscli.session.connection import Clock, Connection
from wscli.transport.websocket import Batch


class Script:
    """A transport that says what it is told and remembers what it was sent."""

    unsent = 0
    send_timeout_left_s = float("inf")

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.batches: list[Batch] = []

    def fileno(self) -> int:
        return -1

    def has_buffered_data(self) -> bool:
        return bool(self.batches)

    def read(self) -> Batch:
        return self.batches.pop(0) if self.batches else Batch((), 0)

    def send(self, text: str) -> None:
        self.sent.append(text)

    def flush(self) -> None:
        self.unsent = 0

    def close_and_drain(self, timeout_s: float) -> Iterator[Batch]:
        yield from self.batches

    def will_say(self, *frames: str | bytes, closed: ConnectionLost | None = None) -> None:
        data = [(isinstance(f, bytes), [f.encode() if isinstance(f, str) else f]) for f in frames]
        self.batches.append(Batch(data, 1_700_000_000_000_000_000, closed))


class Time:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def session_of(dialect: Dialect, time: Time | None = None) -> tuple[Connection, Script, list[str]]:
    script, sent = Script(), []
    clock = Clock(lambda: 1_700_000_000_000_000_000, time or Time(), count(1), lambda: UUID(int=1))
    return Connection(dialect, script, clock, lambda text, ns: sent.append(text)), script, sent
