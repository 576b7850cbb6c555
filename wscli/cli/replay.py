"""`replay`: a recording through the views and filters of a live stream, at once or at the pace it had."""

from __future__ import annotations

import contextlib
import select
import time
from collections.abc import Iterator
from pathlib import Path

from wscli.cli.player import Player
from wscli.desk import format_of
from wscli.dialect import Dialect
from wscli.errors import UsageError, WscliError
from wscli.exchanges import DIALECTS, find, siblings
from wscli.flags import Options
from wscli.interrupts import Interrupted, PipeClosed, Signals
from wscli.output import Output
from wscli.recording_lines import Entry
from wscli.recording_reader import recorded
from wscli.screen import Finished

SILENCE_S = 10.0  # a wait that is told


def replay(
    signals: Signals,
    options: Options,
    path: str,
    *,
    exchange: str | None = None,
    speed: float | None = None,
    explaining: bool = False,
    verify: bool = False,
) -> None:
    """Show what a recording holds. exchange: of that one only. speed: times its own pace; None is at once.

    verify: keep its books, too, and raise IntegrityError for the first fault. Raises UsageError for a file that is none,
    TimedOut where it ends before --until is met.
    """
    dialects = _dialects(exchange, options.api)
    output = Output(quiet=options.quiet)
    output.idle = signals.check
    with signals.noted():
        try:
            player = Player(dialects, options, signals, output, explaining, verify)
            pace = _Pace(speed, signals, output)
            source = _source(path, exchange, signals, output)
            if not explaining and format_of(options) == "csv":
                again = _readable_twice(path)
                held = player.settle_columns(source if not again else _source(path, exchange, signals), hold=not again)
                source = source if again else iter(held)
            with contextlib.suppress(Finished):
                for entry in source:
                    pace.wait(entry.ns)
                    player.play(entry)
            output.flush()
            player.tell_verified()
            player.check_met(path)
        except (Interrupted, WscliError):  # what came before it is shown
            with contextlib.suppress(Interrupted, WscliError, PipeClosed):
                output.flush()
            raise


def _dialects(exchange: str | None, api: str | None) -> tuple[Dialect, ...]:
    """Return the dialects whose messages may be shown. Raises UsageError for an exchange, or an API, that is not known."""
    if exchange is not None:
        return siblings(exchange) if api is None else (find(exchange, api),)
    names = {dialect.api.name for dialect in DIALECTS}
    if api is not None and api not in names:
        raise UsageError(f"no exchange has an API named {api!r}", f"one of: {' '.join(sorted(names))}")
    return DIALECTS


def _source(path: str, exchange: str | None, signals: Signals, output: Output | None = None) -> Iterator[Entry]:
    """Yield the entries of one exchange, or all. output: is told what is cut off, and flushed before each read."""

    def waiting(file: int) -> None:
        if output is not None:
            output.flush()
        sources: list[int | Signals] = [file, signals]
        select.select(sources, [], [])
        signals.check()

    told = output.note if output is not None else str
    return (e for e in recorded(path, told, waiting, signals.check) if exchange is None or e.exchange == exchange)


def _readable_twice(path: str) -> bool:
    return path != "-" and Path(path).is_file()


class _Pace:
    """When it is time for the next message: each after the first waits as long as it did, divided by `speed`."""

    def __init__(self, speed: float | None, signals: Signals, output: Output) -> None:
        self._speed, self._signals, self._output = speed, signals, output
        self._first: tuple[int, float] | None = None

    def wait(self, ns: int) -> None:
        self._signals.check()
        if self._speed is None:
            return
        if self._first is None:
            self._first = ns, time.monotonic()
        due = self._first[1] + (ns - self._first[0]) / 1e9 / self._speed
        if due - time.monotonic() >= SILENCE_S:
            self._output.note(f"nothing was recorded in the next {due - time.monotonic():.0f} s")
        while (left := due - time.monotonic()) > 0:
            self._output.flush()
            select.select([self._signals], [], [], min(left, 3600.0))
            self._signals.check()
