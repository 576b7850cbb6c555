"""What ends a run and is no error: enough was shown, the reader of standard output left, a signal came."""

from __future__ import annotations

import signal


class Finished(Exception):
    """Enough was shown."""


class PipeClosed(Exception):
    """The reader of standard output went away: end silently, status 141."""


class Interrupted(BaseException):
    """A signal that ends the program: `status` is 130 for Ctrl-C, 143 for TERM and HUP."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.status = 130 if number == signal.SIGINT else 143
