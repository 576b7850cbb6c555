"""`replay`: a recording through the views and filters of a live stream, at once or at the pace it had."""

from __future__ import annotations

import contextlib
import os
import select
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from wscli.app.replaying.player import Player, ReplayDisplay
from wscli.app.replaying.recorded_exchanges import several_exchanges
from wscli.app.settings import output_format
from wscli.commands.options import Options
from wscli.core.dialect import Dialect
from wscli.core.endings import Finished, Interrupted, PipeClosed
from wscli.core.errors import UsageError, WscliError
from wscli.exchanges import DIALECTS, exchange_dialects, find_dialect
from wscli.output.stdout import Output
from wscli.storage.recording.file_names import matching_files
from wscli.storage.recording.lines import RecordingEntry
from wscli.storage.recording.reader import merged_by_time, read_recording
from wscli.transport.signals import Signals

SILENCE_S = 10.0  # a longer wait is announced


def replay(
    signals: Signals,
    options: Options,
    names: Sequence[str],
    *,
    exchange: str | None = None,
    speed: float | None = None,
    explaining: bool = False,
    verify: bool = False,
) -> None:
    """Show what recordings hold, in order of time. names: of files, or patterns of them. exchange: of that one only. speed: times its own pace; None is at once.

    verify: keep its books, too, and raise IntegrityError for the first fault. Raises UsageError for a file that is none,
    TimedOut where it ends before --until is met.
    """
    dialects = _dialects(exchange, options.api)
    output = Output(quiet=options.quiet, timestamps=options.verbose)
    output.on_blocked = signals.check
    with signals.deferred(), contextlib.ExitStack() as stack:
        try:
            display = ReplayDisplay(dialects, options, signals, output, explaining=explaining)
            if options.on:
                from wscli.app.alerts.running import alerts_of  # lazily: few lines have any

                display.alerts = stack.enter_context(alerts_of(options, output.veil.redact))
            player = Player(display, options, signals, output, verify=verify)
            output.clock = player.clock
            pace = _Pace(speed, signals, output)
            paths = _paths(names)
            source = _source(paths, exchange, signals, output)
            if not explaining and output_format(options) == "csv":
                again = all(_readable_twice(path) for path in paths)
                held = player.settle_columns(source if not again else _source(paths, exchange, signals), hold=not again)
                source = source if again else iter(held)
            elif not explaining and output_format(options) == "rows" and exchange is None:
                display.several = several_exchanges([path for path in paths if _readable_twice(path)])
            with contextlib.suppress(Finished):
                for file, entry in source:
                    pace.wait(player.over_ns(entry))
                    player.play(file, entry)
            output.flush()
            player.report_verified()
            player.check_met(" ".join(names))
        except (Interrupted, WscliError):  # what came before it is shown
            with contextlib.suppress(Interrupted, WscliError, PipeClosed):
                output.flush()
            raise


def _dialects(exchange: str | None, api: str | None) -> tuple[Dialect, ...]:
    """Return the dialects whose messages may be shown. Raises UsageError for an exchange, or an API, that is not known."""
    if exchange is not None:
        return exchange_dialects(exchange) if api is None else (find_dialect(exchange, api),)
    names = {dialect.api.name for dialect in DIALECTS}
    if api is not None and api not in names:
        raise UsageError(f"no exchange has an API named {api!r}", f"one of: {' '.join(sorted(names))}")
    return DIALECTS


def _paths(names: Sequence[str]) -> Sequence[str]:
    """Return the files that names are of, each once. Raises UsageError."""
    paths = {os.path.realpath(path) if path != "-" else path: path for name in names for path in matching_files(name)}
    other = next(
        (path for path in paths.values() if path == "-" or (Path(path).exists() and not Path(path).is_file())), None
    )
    if len(paths) > 1 and other is not None:
        raise UsageError(
            f"{other} must be the only recording: several are merged by time, which needs files", "join them with cat"
        )
    return [*paths.values()]


def _source(
    paths: Sequence[str], exchange: str | None, signals: Signals, output: Output | None = None
) -> Iterator[tuple[int, RecordingEntry]]:
    """Yield the entries of one exchange, or all, with the place of their file. output: where a cut end is reported, and flushed
    before each read.
    """

    def waiting(file: int) -> None:
        if output is not None:
            output.flush()
        sources: list[int | Signals] = [file, signals]
        select.select(sources, [], [])
        signals.check()

    note = output.note if output is not None else str

    def entries(path: str) -> Iterator[RecordingEntry]:
        return read_recording(path, note, waiting, signals.check)

    def begin(path: str) -> Iterator[RecordingEntry]:
        return read_recording(path, check=signals.check)

    return (
        (file, e) for file, e in merged_by_time(paths, entries, begin) if exchange is None or e.exchange == exchange
    )


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
            self._output.note(f"nothing was recorded for the next {due - time.monotonic():.0f} s")
        while (left := due - time.monotonic()) > 0:
            self._output.flush()
            select.select([self._signals], [], [], min(left, 3600.0))
            self._signals.check()
