"""Received and sent messages <-> lines of a recording: JSON, one a line, text as it came, secrets masked.

{"time":1700000000123456789,"connection":1,"exchange":"bybit","direction":"received","number":7,"text":"{…}"}
"""

from __future__ import annotations

import os

from wscli.errors import UsageError
from wscli.model import Received, written


class Recorder:
    """A recording being written: appended to, readable by its owner alone, whole lines only.

    failed: why nothing more is recorded, once that is so; the stream itself goes on.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self.failed: str | None = None
        try:
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise UsageError(f"--record {path}: {error.strerror}", "name a file that can be written") from error

    def received(self, exchange: str, received: Received) -> None:
        self._line(
            {
                "time": received.ns,
                "connection": received.connection,
                "exchange": exchange,
                "direction": "received",
                "number": received.number,
                "text": received.text,
            }
        )

    def sent(self, exchange: str, text: str, ns: int, connection: int) -> None:
        """Record a text that went out; the caller masked it."""
        self._line({"time": ns, "connection": connection, "exchange": exchange, "direction": "sent", "text": text})

    def _line(self, entry: dict[str, object]) -> None:
        if self.failed is not None:
            return
        data = f"{written(entry)}\n".encode("utf-8", "backslashreplace")
        start = os.fstat(self._file).st_size
        try:
            if os.write(self._file, data) < len(data):
                os.ftruncate(self._file, start)  # no half line is left
                raise OSError(None, "no room for a whole line")
        except OSError as error:
            self.failed = f"--record {self._path}: {error.strerror}: nothing more is recorded"

    def close(self) -> None:
        os.close(self._file)
