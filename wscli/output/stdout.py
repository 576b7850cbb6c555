"""Standard output for data, standard error for messages; nothing is lost, nothing blocks for ever.

While a pipe is full the keep-alive of the connection goes on (`on_blocked`), and the socket is not read: TCP applies back-pressure.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import select
import stat
import time
from collections.abc import Callable

from wscli.core.endings import Interrupted, PipeClosed
from wscli.core.errors import WscliError
from wscli.core.redaction import Redactor

CHUNK = 4096  # what a pipe that select calls writable surely takes (PIPE_BUF)
MAX_WRITE = 1 << 20
TIMESTAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z "  # of a line on standard error
SIGNAL_GRACE_S = 0.4  # after a signal, for a reader that is about to go on
PIPE_SIZE = getattr(fcntl, "F_SETPIPE_SZ", -1)


class Output:
    """The output of a run. `on_blocked` is called about ten times a second while standard output is full.

    timestamps: lines on standard error carry the time, which is that of `clock` (ns).
    """

    def __init__(self, out: int = 1, err: int = 2, *, quiet: bool = False, timestamps: bool = False) -> None:
        self._out, self._err, self._quiet, self._timestamps = out, err, quiet, timestamps
        self.clock: Callable[[], int] = time.time_ns
        self._buffer: list[bytes] = []
        self._write_size = CHUNK
        self._prepared = self._cut_off = False  # _cut: a signal ended the output, perhaps inside a line
        self.on_blocked: Callable[[], None] = lambda: None
        self.veil = Redactor()

    def write_text(self, text: str) -> None:
        """Buffer a text for standard output until `flush`."""
        if text:
            self._buffer.append(text.encode("utf-8", "backslashreplace"))

    def write_bytes(self, data: bytes, end: bytes = b"\n") -> None:
        """Buffer bytes until `flush`. end: what completes their last line."""
        if len(data) < CHUNK:
            self._buffer.append(data + end)
            return
        self._buffer.append(data)
        if end:
            self._buffer.append(end)

    def flush(self) -> None:
        """Write what is buffered. Raises PipeClosed, or WscliError when it cannot be written."""
        if not self._buffer:
            return
        if self._cut_off:
            self._buffer.clear()
            return
        if not self._prepared:
            self._prepare()
        parts, self._buffer = self._buffer, []
        if len(parts) == 1:
            self._write(parts[0])
            return
        if sum(map(len, parts)) < MAX_WRITE:
            self._write(b"".join(parts))
            return
        parts.reverse()
        while parts:
            self._write(parts.pop())

    def _write(self, text: bytes) -> None:
        data: bytes | memoryview = self.veil.redact_bytes(text)
        grace: float | None = None
        while data:
            if self._write_size == CHUNK and not self._wait_writable(self._out):
                grace = self._keep_alive(grace)
                continue
            try:
                written = os.write(self._out, data[: self._write_size])
                if written == len(data):
                    return
                data = memoryview(data)[written:]
            except BlockingIOError:
                if not self._wait_writable(self._out):
                    grace = self._keep_alive(grace)
            except BrokenPipeError:
                raise PipeClosed from None
            except OSError as error:
                if error.errno == errno.EIO:  # the terminal went away
                    raise PipeClosed from None
                raise WscliError(f"standard output: {error.strerror}", "is the disk full, or was it closed?") from error

    def _prepare(self) -> None:
        """Open a pipe anew where the system allows it, so that it never blocks for us and stays as it is for other processes."""
        self._prepared = True
        try:
            kind = os.fstat(self._out).st_mode
            if stat.S_ISFIFO(kind):
                self._out = os.open(f"/proc/self/fd/{self._out}", os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
                self._write_size = MAX_WRITE
                with contextlib.suppress(OSError, ValueError):
                    fcntl.fcntl(self._out, PIPE_SIZE, MAX_WRITE)  # fewer turns between us and the reader
            elif stat.S_ISREG(kind):
                self._write_size = MAX_WRITE - 1
        except OSError:
            return  # no /proc, or closed: small pieces then, each after a look for room

    def close(self) -> None:
        """Close the descriptor."""
        with contextlib.suppress(OSError):
            os.close(self._out)

    def _keep_alive(self, deadline: float | None) -> float | None:
        """Keep the connection alive while nobody reads the output. After a signal the reader has SIGNAL_GRACE_S more."""
        try:
            self.on_blocked()
        except Interrupted:
            now = time.monotonic()
            if deadline is not None and now >= deadline:
                self._cut_off = True
                raise
            return now + SIGNAL_GRACE_S if deadline is None else deadline
        return deadline

    def _wait_writable(self, descriptor: int) -> bool:
        """Return whether a descriptor can be written, after waiting a moment for it."""
        try:
            _, ready, _ = select.select([], [descriptor], [], 0.1)
        except (OSError, ValueError) as error:
            raise WscliError("standard output is closed", "redirect it, for example: > /dev/null") from error
        return bool(ready)

    def note(self, text: str) -> None:
        """Write one line to standard error, after the data that came before it; nothing with --quiet."""
        if not self._quiet:
            self.write_stderr(f"wscli: {text}")

    def write_stderr(self, line: str, end: str = "\n") -> None:
        """Write a line to standard error, --quiet or not. A closed standard error ends nothing."""
        self.flush()
        line = with_timestamp(line, self.clock()) if self._timestamps else line
        grace: float | None = None
        try:
            while not self._wait_writable(self._err):
                grace = self._keep_alive(grace)
            os.write(self._err, self.veil.redact(f"{line}{end}").encode("utf-8", "backslashreplace"))
        except (OSError, WscliError):
            self._quiet = True


def with_timestamp(line: str, ns: int) -> str:
    """Return a line of standard error with the time at its beginning, in UTC; a line of a child process has it already.

    >>> with_timestamp("wscli: bybit: ack trade BTCUSDT", 1_700_000_000_123_456_789)
    'wscli: 2023-11-14T22:13:20.123Z bybit: ack trade BTCUSDT'
    """
    begin, text = ("wscli: ", line.removeprefix("wscli: ")) if line.startswith("wscli: ") else ("", line)
    if re.match(TIMESTAMP, text):
        return line
    at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(ns // 10**9))
    return f"{begin}{at}.{ns // 10**6 % 1000:03d}Z {text}"
