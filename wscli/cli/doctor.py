"""`doctor`: one aligned row for each check as it is done, or one JSON object; the exit status of the first that failed."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from wscli import siblings
from wscli.desk import Desk, check_places, places, view_of, wanted_of
from wscli.doctor import Finding, findings
from wscli.errors import UsageError, WscliError
from wscli.line import Line
from wscli.model import Auth, Credentials, written
from wscli.offline import wants_json
from wscli.opening import hide_way, log_in
from wscli.output import Output
from wscli.pretty import safe
from wscli.reaching import venue_at, word_of_retired
from wscli.venue import Venue


def examine(desk: Desk) -> int:
    """Run every check; return the exit status."""
    desk = siblings.pinned(desk)
    check_places(desk)
    as_json = wants_json(desk.options)
    if desk.options.dry_run:
        raise UsageError("doctor is there to connect: it has no --dry-run", f"wscli {desk.dialect.name} doctor")
    wanted_of(desk)
    output, status = Output(quiet=desk.options.quiet, timed=desk.options.verbose), 0
    with _venue(desk, output) as (venue, own):
        for route in venue.places.sockets:
            hide_way(output.veil, venue.endpoint(route).url, venue.reach)
        for finding in findings(venue, desk.options.wait, lambda: _logged_in(desk, venue), own):
            output.data(_object(finding) if as_json else _row(finding))
            output.flush()
            status = status or finding.status
    return status


@contextlib.contextmanager
def _venue(desk: Desk, output: Output) -> Iterator[tuple[Venue, Credentials | None]]:
    """Yield the venue that the flags describe, and the simulator's own credentials."""
    if not desk.options.sim:
        if (word := word_of_retired(desk)) is not None:
            output.note(word)
        yield venue_at(desk, places(desk)), None
        return
    from wscli.cli.sim import simulator

    with simulator(desk.dialect, desk.options) as simulated:
        yield venue_at(desk, simulated.places, simulated.credentials), simulated.credentials


def _logged_in(desk: Desk, venue: Venue) -> None:
    """Log in on a connection of its own, and say nothing of it. Raises what went wrong."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        line = Line(venue, wanted_of(desk), view_of(desk, ()), Output(nowhere, nowhere, quiet=True), desk.signals)
        try:
            log_in(line, desk.dialect.route(Auth()))
        except WscliError as error:
            error.message = line.veil.over(error.message)
            raise
        finally:
            line.close(draining=False)
    finally:
        os.close(nowhere)


def _row(finding: Finding) -> str:
    """Return a check as a row; a hint stands under it.

    >>> from wscli.doctor import Said
    >>> _row(Finding("tcp", "public", None, 1.234, Said("connected")))
    'tcp        public       1.23 ms  ok       connected\\n'
    """
    said = finding.said
    took = f"{finding.ms:.2f} ms" if finding.ms is not None else ""
    row = f"{finding.check:<9}  {finding.route:<8}  {took:>10}  {said.verdict:<7}  {safe(said.text)}\n"
    return row + (f"  hint: {safe(said.hint)}\n" if said.hint is not None else "")


def _object(finding: Finding) -> str:
    said = finding.said
    told = {
        "check": finding.check,
        "route": finding.route or None,
        "url": finding.url,
        "ms": round(finding.ms, 3) if finding.ms is not None else None,
        "verdict": said.verdict,
        "said": said.text,
        "hint": said.hint,
        "status": finding.status,
    }
    return f"{written(told)}\n"
