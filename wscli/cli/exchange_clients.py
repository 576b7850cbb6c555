"""The verbs of an exchange once they open a socket: a line of sessions from the flags, and what runs on it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from wscli.app.settings import Settings, chosen_places, make_view, wanted_output
from wscli.app.targets import reconnect_options, retired_note, target_at
from wscli.books.stream_check import check_stream
from wscli.core.messages import Command, State
from wscli.output.stdout import Output
from wscli.session import operations
from wscli.session.client import Client
from wscli.session.connection import Clock


def run_stream(settings: Settings, commands: Sequence[Command]) -> None:
    with open_client(settings, commands) as line:
        check_stream(line, commands)
        operations.run_stream(line, commands)


def run_request(settings: Settings, verb: str, commands: Sequence[Command]) -> None:
    # what cannot be said is refused before anything is opened
    if verb != "auth":
        settings.dialect.encode(commands, State(), Clock().stamp())
    with open_client(settings, commands) as line:
        if verb == "auth":
            operations.run_login(line)
        else:
            operations.run_requests(line, commands, timed=verb == "ping")


def run_send(settings: Settings, texts: Sequence[str]) -> None:
    with open_client(settings, ()) as line:
        operations.run_frames(line, texts, settings.options.product)


@contextlib.contextmanager
def open_client(settings: Settings, commands: Sequence[Command], *, output: Output | None = None) -> Iterator[Client]:
    """Yield the line that the flags describe; leave nothing running behind it."""
    options = settings.options
    wanted, view = wanted_output(settings), make_view(settings, commands)
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
            where, otherwise = simulated.places, simulated.credentials
        else:
            where, otherwise = chosen_places(settings), None
            if (word := retired_note(settings)) is not None:
                Output(quiet=options.quiet, timestamps=options.verbose).note(word)
        venue = target_at(settings, where, otherwise)
        yield Client(
            venue,
            wanted,
            view,
            output or Output(quiet=options.quiet, timestamps=options.verbose),
            settings.signals,
            recorder,
            reconnect_options(options),
        )
