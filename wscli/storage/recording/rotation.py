"""A recording that goes on in another file where its name, a pattern of times, gives another name."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from wscli.core.dialect import Dialect
from wscli.core.errors import UsageError
from wscli.core.messages import Received
from wscli.storage.private_files import own_folder
from wscli.storage.recording.file import RecordingFile
from wscli.storage.recording.lines import event_line, repeated
from wscli.storage.recording.names import name_at
from wscli.storage.recording.setup import Setup

SECOND = 10**9
BACK_NS = 10 * SECOND  # lines of several connections come so much out of order at most; further back, the clock was set


class Rotation:
    """Which file it is now, and how each begins. run: tells the connections of this run from those of others."""

    def __init__(self, pattern: str, ns: int) -> None:
        self.pattern, self.run = pattern, os.urandom(4).hex()
        self.name = name_at(pattern, ns)
        self._second = ns // SECOND
        self._setups: dict[tuple[str, int], Setup] = {}

    def turns(self, ns: int) -> bool:
        """Say whether what happens then is for another file than `name`, which is that one from here on."""
        second = ns // SECOND
        if second == self._second or 0 < (self._second - second) * SECOND <= BACK_NS:
            return False
        self._second = second
        name = name_at(self.pattern, ns)
        turns, self.name = name != self.name, name
        return turns

    def opened_file(self, told: Callable[[str], object]) -> RecordingFile:
        """Return the file of that name, in a folder that is made where it is named by the time. Raises UsageError."""
        if "%" in os.path.dirname(self.pattern):  # noqa: PTH120
            folder = Path(self.name).parent
            try:
                own_folder(folder)
            except OSError as error:
                raise UsageError(f"--record {self.name}: {error.strerror}", f"mkdir -p {folder} makes it") from error
        return RecordingFile(self.name, told)

    def head(self, ns: int) -> Iterator[str]:
        """Yield the lines with which a file begins at that time: what a reader needs of each connection."""
        for (exchange, connection), setup in self._setups.items():
            about = {"api": setup.dialect.api.name, "run": self.run, "number": setup.number}
            yield repeated(event_line(exchange, "opened", ns, connection, about))
            yield from map(repeated, setup.lines())

    # --- what happens to connections

    def opened(self, dialect: Dialect, connection: int) -> None:
        self._setups[dialect.name, connection] = Setup(dialect)

    def closed(self, exchange: str, connection: int) -> None:
        self._setups.pop((exchange, connection), None)

    def sent(self, exchange: str, connection: int, text: str, line: str) -> None:
        setup = self._setups.get((exchange, connection))
        if setup is not None:
            setup.sent(text, line)

    def received(self, exchange: str, received: Received, line: str) -> None:
        setup = self._setups.get((exchange, received.connection))
        if setup is not None:
            setup.received(received.event, received.number, line)
