"""The verb `doctor`: an aligned row, or a JSON object, for each check as it is done; the exit status is that of the first that failed."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Sequence
from itertools import chain

from wscli.app import api_routing, first_data
from wscli.app.diagnostics import NOT_TRIED, CheckResult, Finding, run_checks
from wscli.app.list_output import wants_json
from wscli.app.settings import Settings, check_location_flags, chosen_places, wanted_output
from wscli.app.targets import retired_note, target_at
from wscli.cli import exchange_commands
from wscli.core.dialect import commands_by_route
from wscli.core.errors import WscliError
from wscli.core.jsontext import written
from wscli.core.messages import Command, Credentials
from wscli.output.json_layout import escape_controls
from wscli.output.stdout import Output
from wscli.session.client import Client
from wscli.session.closing import close
from wscli.session.events import Observers
from wscli.session.flows.ask import authenticate
from wscli.session.flows.connect import hide_connection_secrets
from wscli.session.supervisor import Supervisor
from wscli.session.target import ReconnectPolicy, SessionOptions, Target


def run_doctor(settings: Settings, words: Sequence[str] = ()) -> int:
    """Run every check; with WORDS also measure how long their first message takes. Return the exit status."""
    as_json = wants_json("doctor", settings.options)
    commands: tuple[Command, ...] = ()
    if words:
        routed = exchange_commands.routed_commands(settings, "subscribe", words)
        assert routed is not None  # there is no --dry-run here
        settings, commands = routed.settings, routed.commands
    else:
        settings = api_routing.with_configured_api(settings)
        check_location_flags(settings)
    wanted_output(settings)
    output, status = Output(quiet=settings.options.quiet, timestamps=settings.options.verbose), 0
    with _target(settings, output) as (target, simulator_credentials):
        for route in target.places.sockets:
            hide_connection_secrets(output.veil, target.endpoint(route).url, target.reach)
        failed: set[str] = set()  # the URLs that cannot be reached
        steps = run_checks(target, settings.options.wait_s, lambda: _try_login(settings, target), simulator_credentials)
        for finding in chain(steps, _first_data_findings(settings, target, commands, failed)):
            output.write_text(_finding_as_json(finding) if as_json else _finding_row(finding))
            output.flush()
            status = status or finding.status
            if finding.status and finding.url is not None:
                failed.add(finding.url.partition("?")[0])
    return status


def _first_data_findings(
    settings: Settings, target: Target, commands: Sequence[Command], unreachable_urls: Collection[str]
) -> Iterator[Finding]:
    """Yield how long the first message of each subscription takes, or that it was not tried because its server cannot be reached."""
    if not commands:
        return
    if any(
        target.endpoint(route).url.partition("?")[0] in unreachable_urls
        for route in commands_by_route(settings.dialect, commands)
    ):
        yield Finding(first_data.CHECK, "", None, None, CheckResult(NOT_TRIED, "skipped"))
        return
    with _silent_client(settings, target) as client:
        yield from first_data.first_data_findings(client, commands)


@contextlib.contextmanager
def _target(settings: Settings, output: Output) -> Iterator[tuple[Target, Credentials | None]]:
    """Yield the target that the flags describe, and the simulator's own credentials."""
    if not settings.options.sim:
        if (word := retired_note(settings)) is not None:
            output.note(word)
        yield target_at(settings, chosen_places(settings)), None
        return
    from wscli.cli.simulator_process import start_simulator

    with start_simulator(settings.dialect, settings.options) as simulated:
        yield target_at(settings, simulated.places, simulated.credentials), simulated.credentials


def _try_login(settings: Settings, target: Target) -> None:
    """Log in on a connection of its own. Raises what went wrong."""
    with _silent_client(settings, target) as client:
        client.run(authenticate(client))


@contextlib.contextmanager
def _silent_client(settings: Settings, target: Target) -> Iterator[Client]:
    """Yield a client with connections of its own that shows nothing."""
    client = Client(target, SessionOptions(settings.options.wait_s), settings.signals, Observers())
    Supervisor(client, ReconnectPolicy(reconnect=False))
    with settings.signals.deferred():
        try:
            yield client
        except WscliError as error:
            error.message = client.redactor.redact(error.message)
            raise
        finally:
            close(client, draining=False)


def _finding_row(finding: Finding) -> str:
    """Return a check as a row, with its hint on the next line.

    >>> from wscli.app.diagnostics import CheckResult
    >>> _finding_row(Finding("tcp", "public", None, 1.234, CheckResult("connected")))
    'tcp        public       1.23 ms  ok       connected\\n'
    """
    result = finding.result
    took = f"{finding.ms:.2f} ms" if finding.ms is not None else ""
    row = f"{finding.check:<9}  {finding.route:<8}  {took:>10}  {result.verdict:<7}  {escape_controls(result.text)}\n"
    return row + (f"  hint: {escape_controls(result.hint)}\n" if result.hint is not None else "")


def _finding_as_json(finding: Finding) -> str:
    result = finding.result
    row = {
        "check": finding.check,
        "route": finding.route or None,
        "url": finding.url,
        "ms": round(finding.ms, 3) if finding.ms is not None else None,
        "verdict": result.verdict,
        "said": result.text,
        "hint": result.hint,
        "status": finding.status,
    }
    return f"{written(row)}\n"
