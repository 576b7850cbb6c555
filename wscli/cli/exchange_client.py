"""The verbs of an exchange once they open a socket: a line of sessions from the flags, and what runs on it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from wscli.app.settings import Desk, places, view_of, wanted_of
from wscli.app.targets import staying_of, venue_at, word_of_retired
from wscli.books.stream_check import check_stream
from wscli.core.messages import Command, State
from wscli.output.stdout import Output
from wscli.session import operations
from wscli.session.client import Line
from wscli.session.connection import Clock


def stream(desk: Desk, commands: Sequence[Command]) -> None:
    with line_of(desk, commands) as line:
        check_stream(line, commands)
        operations.stream(line, commands)


def ask(desk: Desk, verb: str, commands: Sequence[Command]) -> None:
    # what cannot be said is refused before anything is opened
    if verb != "auth":
        desk.dialect.encode(commands, State(), Clock().stamp())
    with line_of(desk, commands) as line:
        if verb == "auth":
            operations.log_in(line)
        else:
            operations.ask(line, commands, timed=verb == "ping")


def send(desk: Desk, texts: Sequence[str]) -> None:
    with line_of(desk, ()) as line:
        operations.send(line, texts, desk.options.product)


@contextlib.contextmanager
def line_of(desk: Desk, commands: Sequence[Command], *, output: Output | None = None) -> Iterator[Line]:
    """Yield the line that the flags describe; leave nothing running behind it."""
    options = desk.options
    wanted, view = wanted_of(desk), view_of(desk, commands)
    with contextlib.ExitStack() as stack:
        recorder = None
        if options.record is not None or options.record_required:
            from wscli.storage.recording.recorder import (
                recording,  # lazily, as what follows: a plain stream begins sooner
            )

            recorder = stack.enter_context(recording(options, Output(timed=options.verbose).say))
        if options.sim:
            from wscli.cli.simulator_process import simulator

            simulated = stack.enter_context(simulator(desk.dialect, options))
            where, otherwise = simulated.places, simulated.credentials
        else:
            where, otherwise = places(desk), None
            if (word := word_of_retired(desk)) is not None:
                Output(quiet=options.quiet, timed=options.verbose).note(word)
        venue = venue_at(desk, where, otherwise)
        yield Line(
            venue,
            wanted,
            view,
            output or Output(quiet=options.quiet, timed=options.verbose),
            desk.signals,
            recorder,
            staying_of(options),
        )
