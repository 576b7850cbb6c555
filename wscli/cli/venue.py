"""The verbs of an exchange once they open a socket: a line of sessions from the flags, and what runs on it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence

from wscli import app, credentials
from wscli.desk import Desk, headers, places, view_of, wanted_of
from wscli.errors import WscliError
from wscli.flags import Options
from wscli.line import Line
from wscli.model import Command, Credentials, State
from wscli.output import Output
from wscli.reach import Reach
from wscli.session import Clock
from wscli.value import replace
from wscli.venue import Staying, Venue


def stream(desk: Desk, commands: Sequence[Command]) -> None:
    with _line(desk, commands) as line:
        app.stream(line, commands)


def ask(desk: Desk, verb: str, commands: Sequence[Command]) -> None:
    # what cannot be said is refused before anything is opened
    if verb != "auth":
        desk.dialect.encode(commands, State(), Clock().stamp())
    with _line(desk, commands) as line:
        if verb == "auth":
            app.log_in(line)
        else:
            app.ask(line, commands, timed=verb == "ping")


def send(desk: Desk, texts: Sequence[str]) -> None:
    with _line(desk, ()) as line:
        app.send(line, texts)


# --- from flags to values ------------------------------------------------------------------------


def _reach(options: Options) -> Reach:
    return Reach(options.timeout, headers(options.header), options.proxy, options.cacert, options.insecure)


def _credentials(desk: Desk, otherwise: Credentials | None) -> Callable[[], Credentials | None]:
    def find() -> Credentials | None:
        found = credentials.find(desk.dialect.name, os.environ, desk.options.profile)
        if found is not None and otherwise is not None:
            return replace(found, source=f"{found.source}; with none configured --sim uses its own")
        return found or otherwise

    return find


@contextlib.contextmanager
def _line(desk: Desk, commands: Sequence[Command]) -> Iterator[Line]:
    """Yield the line that the flags describe; leave nothing running behind it."""
    options = desk.options
    wanted, view = wanted_of(desk), view_of(desk, commands)
    with contextlib.ExitStack() as stack:
        recorder = None
        if options.record is not None:
            from wscli.record import Recorder  # lazily, as what follows: a plain stream begins sooner

            recorder = Recorder(options.record, Output().say)
            stack.callback(recorder.close)
        if options.sim:
            from wscli.cli.sim import simulator

            simulated = stack.enter_context(simulator(desk.dialect))
            where, otherwise = simulated.places, simulated.credentials
        else:
            where, otherwise = places(desk), None
            _warn_of_retired(desk)
        venue = Venue(desk.dialect, where, options.sim, _reach(options), _credentials(desk, otherwise))
        output = Output(quiet=options.quiet)
        staying = Staying(not options.no_reconnect, options.retry, options.stale)
        yield Line(venue, wanted, view, output, desk.signals, recorder, staying)
        if recorder is not None:
            recorder.close()
            if recorder.failed is not None:
                raise WscliError(recorder.failed, "make room, or name a file elsewhere")


def _warn_of_retired(desk: Desk) -> None:
    """Say that the venue's own endpoint is not expected to answer, where that is known."""
    api = desk.dialect.api
    if api.status == "retired" and desk.options.url is None:
        said = f"{desk.dialect.title} was retired in {api.since} and may not answer; --sim does"
        Output(quiet=desk.options.quiet).note(said)
