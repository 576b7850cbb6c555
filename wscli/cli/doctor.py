"""`doctor`: one aligned row for each check as it is done, or one JSON object; the exit status of the first that failed."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Iterator, Sequence
from itertools import chain

from wscli.app import api_routing, first_data
from wscli.app.catalogue_pages import wants_json
from wscli.app.diagnostics import NOT_TRIED, Finding, Said, findings
from wscli.app.settings import Desk, check_places, places, view_of, wanted_of
from wscli.app.targets import venue_at, word_of_retired
from wscli.cli import exchange_commands
from wscli.core.dialect import routed
from wscli.core.errors import UsageError, WscliError
from wscli.core.jsontext import written
from wscli.core.messages import Auth, Command, Credentials
from wscli.core.record import replace
from wscli.output.json_layout import safe
from wscli.output.stdout import Output
from wscli.session.client import Line
from wscli.session.connector import hide_way, log_in
from wscli.session.target import Venue


def examine(desk: Desk, words: Sequence[str] = ()) -> int:
    """Run every check, with WORDS also how long their first message takes; return the exit status."""
    as_json = wants_json(desk.options)
    if desk.options.dry_run:
        raise UsageError("doctor is there to connect: it has no --dry-run", f"wscli {desk.dialect.name} doctor")
    commands: tuple[Command, ...] = ()
    if words:
        line = exchange_commands.addressed(desk, "subscribe", words)
        assert line is not None  # nothing is rehearsed here
        desk, commands = line.desk, line.commands
    else:
        desk = api_routing.pinned(desk)
        check_places(desk)
    wanted_of(desk)
    output, status = Output(quiet=desk.options.quiet, timed=desk.options.verbose), 0
    with _venue(desk, output) as (venue, own):
        for route in venue.places.sockets:
            hide_way(output.veil, venue.endpoint(route).url, venue.reach)
        failed: set[str] = set()  # the URLs that cannot be reached
        steps = findings(venue, desk.options.wait, lambda: _logged_in(desk, venue), own)
        for finding in chain(steps, _of_data(desk, venue, commands, failed)):
            output.data(_object(finding) if as_json else _row(finding))
            output.flush()
            status = status or finding.status
            if finding.status and finding.url is not None:
                failed.add(finding.url.partition("?")[0])
    return status


def _of_data(desk: Desk, venue: Venue, commands: Sequence[Command], failed: Collection[str]) -> Iterator[Finding]:
    """Yield how long the first message of each subscription takes; that it was not tried where its socket cannot be reached."""
    if not commands:
        return
    if any(venue.endpoint(route).url.partition("?")[0] in failed for route in routed(desk.dialect, commands)):
        yield Finding(first_data.CHECK, "", None, None, Said(NOT_TRIED, "skipped"))
        return
    with _own_line(desk, venue) as line:
        yield from first_data.findings(line, commands)


@contextlib.contextmanager
def _venue(desk: Desk, output: Output) -> Iterator[tuple[Venue, Credentials | None]]:
    """Yield the venue that the flags describe, and the simulator's own credentials."""
    if not desk.options.sim:
        if (word := word_of_retired(desk)) is not None:
            output.note(word)
        yield venue_at(desk, places(desk)), None
        return
    from wscli.cli.simulator_process import simulator

    with simulator(desk.dialect, desk.options) as simulated:
        yield venue_at(desk, simulated.places, simulated.credentials), simulated.credentials


def _logged_in(desk: Desk, venue: Venue) -> None:
    """Log in on a connection of its own. Raises what went wrong."""
    with _own_line(desk, venue) as line:
        log_in(line, desk.dialect.route(Auth()))


@contextlib.contextmanager
def _own_line(desk: Desk, venue: Venue) -> Iterator[Line]:
    """Yield a line with connections of its own that shows and says nothing."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        wanted = replace(wanted_of(desk), count=None, for_s=None, until=())
        line = Line(venue, wanted, view_of(desk, ()), Output(nowhere, nowhere, quiet=True), desk.signals)
        try:
            yield line
        except WscliError as error:
            error.message = line.veil.over(error.message)
            raise
        finally:
            line.close(draining=False)
    finally:
        os.close(nowhere)


def _row(finding: Finding) -> str:
    """Return a check as a row; a hint stands under it.

    >>> from wscli.app.diagnostics import Said
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
