"""A client from the flags: its target, what it shows, its recording, and the simulator where --sim asks for it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence

from wscli.app.settings import Settings, chosen_places, make_view, wanted_output
from wscli.app.targets import reconnect_options, retired_note, target_at
from wscli.core.messages import Command
from wscli.output.stdout import Output
from wscli.session.events import SessionEvents
from wscli.session.observed import ObservedClient


@contextlib.contextmanager
def open_client(
    settings: Settings, commands: Sequence[Command], *, output: Output | None = None, shows_data: bool = True
) -> Iterator[ObservedClient]:
    """Yield the client that the flags describe; leave nothing running behind it. shows_data: as it arrives."""
    options = settings.options
    wanted, format = wanted_output(settings), make_view(settings, commands)
    with contextlib.ExitStack() as stack:
        recorder = None
        if options.record is not None or options.record_required:
            from wscli.storage.recording.recorder import (
                open_recorder,  # lazily, as what follows: a plain stream begins sooner
            )

            recorder = stack.enter_context(open_recorder(options, Output(timestamps=options.verbose).write_stderr))
        if options.sim:
            from wscli.cli.simulator_process import start_simulator

            simulated = stack.enter_context(start_simulator(settings.dialect, options))
            servers, credentials = simulated.places, simulated.credentials
        else:
            servers, credentials = chosen_places(settings), None
            if (note := retired_note(settings)) is not None:
                Output(quiet=options.quiet, timestamps=options.verbose).note(note)
        observed = ObservedClient(
            target_at(settings, servers, credentials),
            wanted,
            format,
            output or Output(quiet=options.quiet, timestamps=options.verbose),
            settings.signals,
            recorder,
            reconnect_options(options),
            shows_data=shows_data,
        )
        if options.where and sys.stderr.isatty():
            add_unmatched_notice(observed, options.where)
        if options.on:
            from wscli.app.alerts.running import observed_alerts

            stack.enter_context(observed_alerts(observed, options))
        yield observed


def add_unmatched_notice(observed: ObservedClient, conditions: Sequence[str]) -> SessionEvents:
    """Let a person know when --where lets nothing through; return what observes that."""
    from wscli.output.conditions.unmatched import UnmatchedWatch  # lazily: a plain stream begins sooner
    from wscli.session.observers.unmatched import UnmatchedNotice

    watch = UnmatchedWatch(conditions, "--where")
    client = observed.client
    notice = UnmatchedNotice(observed.printer.sink, watch, client.clock.monotonic, observed.output.note)
    client.events.add(notice)
    return notice
