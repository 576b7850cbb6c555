"""The verbs of an exchange that open a socket: subscribe, unsubscribe, query, ping, auth, send."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count

from wscli import app, credentials
from wscli.cli import stdin
from wscli.cli.desk import Desk, check_places, headers, places, view_of, wanted_of
from wscli.cli.flags import Options
from wscli.cli.sim import simulator
from wscli.dialect import Dialect
from wscli.errors import UsageError, WscliError
from wscli.grammar import parse
from wscli.line import Line
from wscli.model import Command, Credentials, State, parsed
from wscli.output import Output
from wscli.reach import Reach
from wscli.record import Recorder
from wscli.session import Clock
from wscli.venue import Staying, Venue


def subscribe(desk: Desk, words: Sequence[str]) -> None:
    commands = parse(desk.dialect, "subscribe", words)
    check_places(desk)
    if desk.options.dry_run:
        _dry_run(desk, commands)
        return
    with _line(desk, commands) as line:
        app.stream(line, commands)


def ask(desk: Desk, verb: str, words: Sequence[str], *, every: bool = False) -> None:
    """Run unsubscribe, query, ping or auth: one line of words, its answer."""
    commands = parse(desk.dialect, verb, words, every=every)
    check_places(desk)
    if desk.options.dry_run:
        _dry_run(desk, commands)
        return
    # what cannot be said is refused before anything is opened
    if verb != "auth":
        desk.dialect.encode(commands, State(), Clock().stamp())
    with _line(desk, commands) as line:
        if verb == "auth":
            app.log_in(line)
        else:
            app.ask(line, commands, timed=verb == "ping")


def send(desk: Desk, words: Sequence[str]) -> None:
    """Send JSON of the user's own: from the words, or standard input."""
    texts = [frame for word in words for frame in (_frames(stdin.text()) if word == "-" else [word])]
    for text in texts:
        _check_frame(desk.dialect, text)
    if not texts:
        raise UsageError("send what?", f"wscli {desk.dialect.name} send '{{…}}', or - for standard input")
    check_places(desk)
    if desk.options.dry_run:
        for text in texts:
            sys.stdout.write(f"{text}\n")
        return
    with _line(desk, ()) as line:
        app.send(line, texts)


def _frames(text: str) -> list[str]:
    """Return the frames of standard input: one JSON text, else one a line."""
    try:
        parsed(text)
        return [text.strip()]
    except ValueError:
        return [line.strip() for line in text.splitlines() if line.strip()]


def _check_frame(dialect: Dialect, text: str) -> None:
    try:
        parsed(text)
    except ValueError as error:
        raise UsageError(f"not JSON: {error}", "a frame is JSON, in one word: quote it") from None
    limit = dialect.limits.frame_bytes
    if limit is not None and len(text.encode()) > limit:
        raise UsageError(
            f"{dialect.name} takes frames of at most {limit} bytes (this one has {len(text.encode())})",
            "a longer one makes it close the connection: send several",
        )


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
        recorder = Recorder(options.record, Output().say) if options.record is not None else None
        if recorder is not None:
            stack.callback(recorder.close)
        if options.sim:
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


def _dry_run(desk: Desk, commands: Sequence[Command]) -> None:
    wanted_of(desk)  # a filter that cannot be read is refused in a rehearsal too
    venue = Venue(desk.dialect, places(desk), True, _reach(desk.options), _credentials(desk, None))
    app.dry_run(venue, commands, Output(quiet=desk.options.quiet), Clock(ids=count(1)))
