"""The line at the bottom: the exchange, its sockets, what is subscribed, how it is shown, and what is not shown.

Where it does not fit, the least important parts are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath
from time import time_ns

from wscli.app.settings import output_format
from wscli.core.record import record
from wscli.core.secrets import masked
from wscli.core.tables.text_width import clipped_to_width, display_width
from wscli.output.json_layout import escape_controls
from wscli.repl.display.filter_text import filter_texts
from wscli.repl.display.printer import ScreenPrinter
from wscli.repl.workspace.lag import lag_ms
from wscli.repl.workspace.worker import Worker
from wscli.repl.workspace.workspace import Workspace

SHORT_PLACE = 10  # columns of a place that is shown on a narrow screen, too
MAX_PART = 40  # columns of a filter or of the name of a file


@record
class Part:
    """A part of the line. rank: those of the highest are left out first."""

    rank: int
    text: str
    joint: str = "  "  # what stands before it


def toolbar(workspace: Workspace, printer: ScreenPrinter, width: int = 1000) -> str:
    """Return the line, at most so many columns wide."""
    worker = workspace.workers.get(workspace.current_label or "")
    if worker is None:
        parts = [Part(0, "no exchange is selected"), Part(1, "type use EXCHANGE --sim, or help", ": ")]
        return fitted(parts, width)
    now = time_ns()
    return fitted([*_exchange_parts(worker, now), *_display_parts(workspace, printer), *_others(workspace, now)], width)


def fitted(parts: Sequence[Part], width: int) -> str:
    """Return the parts in a line, without those that it has no room for: the least important first, the last of them first.

    >>> parts = [Part(0, "bybit"), Part(5, "--sim", " "), Part(1, "open"), Part(9, "12/s")]
    >>> fitted(parts, 40), fitted(parts, 20), fitted(parts, 14), fitted(parts, 4)
    ('bybit --sim  open  12/s', 'bybit --sim  open', 'bybit  open', 'bybi')
    """
    kept = list(parts)
    while len(kept) > 1 and display_width(_joined(kept)) > width:
        kept.remove(max(reversed(kept), key=lambda part: part.rank))
    return _joined(kept)[:width]


def _joined(parts: Sequence[Part]) -> str:
    return "".join(part.joint + part.text for part in parts).strip()


def _exchange_parts(worker: Worker, now: int) -> Iterator[Part]:
    yield Part(0, worker.label)
    if place := masked(worker.location_flags).strip():
        yield Part(
            1 if len(place) <= SHORT_PLACE else 5, place, " "
        )  # --sim is known at a glance; an address can be asked for
    yield Part(1, worker.status_text())
    if worker.dialect.login.summary:
        yield Part(8, "logged in" if worker.logged_in() else "not logged in")
    yield Part(3, f"{len(worker.subscriptions())} subscribed")
    yield Part(4, f"{worker.streams.total.rate(now):,.0f}/s")
    if (lag := lag_ms(worker, now)) is not None:
        yield Part(7, f"lag {lag:,.0f} ms")


def _display_parts(workspace: Workspace, printer: ScreenPrinter) -> Iterator[Part]:
    """Yield what changes what is seen: pause, filters, format, recording, messages that were left out."""
    if workspace.paused:
        yield Part(1, "paused")
    if workspace.stopped:
        yield Part(2, f"{len(workspace.stopped)} stopped")
    filters, worker = filter_texts(workspace.options), workspace.current
    yield from (Part(2, shortened(text)) for text in filters)
    displays = [stream.display for stream in worker.streams.running if stream.display is not None]
    if number := sum(display.filters not in ((), filters) for display in displays):
        yield Part(3, f"{number} filtered")
    yield Part(6, f"-o {output_format(workspace.options)}")
    if (recorder := worker.recorder) is not None:
        name = shortened(PurePath(recorder.path).name)
        yield Part(3, f"rec {name}") if recorder.failed is None else Part(1, f"rec {name} failed")
    if number := workspace.alerts.count:
        yield Part(3, f"{number} alert{'s' if number > 1 else ''}")
    if printer.omitted:
        yield Part(4, f"{printer.omitted:,} not shown")


def _others(workspace: Workspace, now: int) -> Iterator[Part]:
    """Yield the other exchanges that are open."""
    for other in workspace.workers.values():
        if other is not workspace.current:
            yield Part(9, f"{other.label} {other.streams.total.rate(now):,.0f}/s")


def shortened(text: str) -> str:
    """Return a text of the user's own as a part of the line: without control characters, and cut where it is long."""
    safe = escape_controls(text)
    return safe if display_width(safe) <= MAX_PART else clipped_to_width(safe, MAX_PART)
