"""A recording that goes on in another file where its name, a pattern of times, gives another name."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from wscli.core.dialect import Dialect
from wscli.core.errors import UsageError
from wscli.core.messages import ReceivedMessage
from wscli.storage.private_files import make_private_directory
from wscli.storage.recording.connection_setup import ConnectionSetup
from wscli.storage.recording.file import RecordingFile
from wscli.storage.recording.file_names import file_name_at
from wscli.storage.recording.lines import as_repeated, event_line

NS_PER_SECOND = 10**9
MAX_BACKWARD_NS = (
    10 * NS_PER_SECOND
)  # lines of several connections come so much out of order at most; further back, the clock was set


class Rotation:
    """Which file it is now, and how each begins. run: distinguishes the connections of this run from those of others."""

    def __init__(self, pattern: str, ns: int) -> None:
        self.pattern, self.run_id = pattern, os.urandom(4).hex()
        self.file_name = file_name_at(pattern, ns)
        self._second = ns // NS_PER_SECOND
        self._setups: dict[tuple[str, int], ConnectionSetup] = {}

    def advance(self, ns: int) -> bool:
        """Say whether what happens then is for another file than `name`, which is that one from here on."""
        second = ns // NS_PER_SECOND
        if second == self._second or 0 < (self._second - second) * NS_PER_SECOND <= MAX_BACKWARD_NS:
            return False
        self._second = second
        name = file_name_at(self.pattern, ns)
        turns, self.file_name = name != self.file_name, name
        return turns

    def open_file(self, report: Callable[[str], object]) -> RecordingFile:
        """Return the file of that name, in a folder that is made where it is named by the time. Raises UsageError."""
        if "%" in os.path.dirname(self.pattern):  # noqa: PTH120
            folder = Path(self.file_name).parent
            try:
                make_private_directory(folder)
            except OSError as error:
                raise UsageError(
                    f"--record {self.file_name}: {error.strerror}", f"mkdir -p {folder} creates it"
                ) from error
        return RecordingFile(self.file_name, report)

    def initial_lines(self, ns: int) -> Iterator[str]:
        """Yield the lines with which a file begins at that time: what a reader needs of each connection."""
        for (exchange, connection), setup in self._setups.items():
            about = {"api": setup.dialect.api.name, "run": self.run_id, "number": setup.last_number}
            yield as_repeated(event_line(exchange, "opened", ns, connection, about))
            yield from map(as_repeated, setup.lines())

    # --- what happens to connections

    def opened(self, dialect: Dialect, connection: int) -> None:
        self._setups[dialect.name, connection] = ConnectionSetup(dialect)

    def closed(self, exchange: str, connection: int) -> None:
        self._setups.pop((exchange, connection), None)

    def sent(self, exchange: str, connection: int, text: str, line: str) -> None:
        setup = self._setups.get((exchange, connection))
        if setup is not None:
            setup.sent(text, line)

    def received(self, exchange: str, received: ReceivedMessage, line: str) -> None:
        setup = self._setups.get((exchange, received.connection))
        if setup is not None:
            setup.received(received.event, received.number, line)
