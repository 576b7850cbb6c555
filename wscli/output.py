"""Standard output and standard error, thin: data there, talk here, nothing lost, nothing blocked for ever.

While a pipe has no room the socket's keep-alive goes on (`idle`), and the socket is not read: TCP pushes back.
"""

from __future__ import annotations

import errno
import os
import select
from collections.abc import Callable

from wscli.errors import WscliError

CHUNK = 4096  # what a pipe that select calls writable surely takes (PIPE_BUF)


class PipeClosed(Exception):
    """The reader of standard output went away: end silently, status 141."""


class Output:
    """Where a run's words go. `idle` is called about four times a second while standard output has no room."""

    def __init__(self, out: int = 1, err: int = 2, *, quiet: bool = False) -> None:
        self._out, self._err, self._quiet = out, err, quiet
        self._held: list[str] = []
        self.idle: Callable[[], None] = lambda: None

    def data(self, text: str) -> None:
        """Hold a text for standard output until `flush`."""
        if text:
            self._held.append(text)

    def flush(self) -> None:
        """Write what is held. Raises PipeClosed, or WscliError when it cannot be written."""
        if not self._held:
            return
        data = memoryview("".join(self._held).encode("utf-8", "backslashreplace"))
        self._held.clear()
        while data:
            _, ready, _ = select.select([], [self._out], [], 0.25)
            if not ready:
                self.idle()
                continue
            try:
                data = data[os.write(self._out, data[:CHUNK]) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise PipeClosed from None
            except OSError as error:
                if error.errno == errno.EIO:  # the terminal went away
                    raise PipeClosed from None
                raise WscliError(f"standard output: {error.strerror}") from error

    def note(self, text: str) -> None:
        """Write one line to standard error, after the data that came before it; nothing with --quiet."""
        if not self._quiet:
            self.say(f"wscli: {text}")

    def say(self, line: str) -> None:
        """Write a line to standard error, --quiet or not. A standard error that is gone is no reason to stop."""
        self.flush()
        try:
            os.write(self._err, f"{line}\n".encode("utf-8", "backslashreplace"))
        except OSError:
            self._quiet = True
