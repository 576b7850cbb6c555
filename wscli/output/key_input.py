"""Single keys from the terminal, while a picture fills it: without Enter, without an echo, and without ever waiting."""

from __future__ import annotations

import contextlib
import os
import termios
from collections.abc import Sequence

TERMINAL = "/dev/tty"  # standard input may be a pipe


class KeyInput:
    """The keys of the controlling terminal between `open` and `close`. Signals (Ctrl-C, Ctrl-Z) stay signals."""

    def __init__(self, path: str = TERMINAL) -> None:
        self._path = path
        self._descriptor: int | None = None
        self._modes_before: list[object] | None = None

    def open(self) -> None:
        """Begin to read keys; without a terminal, or in the background, there are none."""
        try:
            descriptor = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError:
            return
        try:
            if os.tcgetpgrp(descriptor) != os.getpgrp():
                raise OSError
            self._modes_before = termios.tcgetattr(descriptor)
            modes = termios.tcgetattr(descriptor)
            modes[3] &= ~(termios.ECHO | termios.ICANON)
            termios.tcsetattr(descriptor, termios.TCSANOW, modes)
        except (OSError, termios.error):
            os.close(descriptor)
            return
        self._descriptor = descriptor

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._descriptor is None:
            return
        with contextlib.suppress(termios.error):
            termios.tcsetattr(self._descriptor, termios.TCSANOW, self._modes_before)  # type: ignore[arg-type]
        os.close(self._descriptor)
        self._descriptor = None

    def descriptors(self) -> Sequence[int]:
        return () if self._descriptor is None else (self._descriptor,)

    def read(self) -> str:
        """Return the keys that were pressed since, as the terminal sends them."""
        if self._descriptor is None:
            return ""
        try:
            data = os.read(self._descriptor, 64)
        except BlockingIOError:
            return ""
        except OSError:
            data = b""
        if not data:  # the terminal went away
            self.close()
        return data.decode("utf-8", "replace")
