"""What is said with a verb, checked, and rehearsed where --dry-run asks for it; only then is socket code imported."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from itertools import count
from time import time_ns as wall_ns

from wscli.app import api_routing
from wscli.app.settings import Desk, check_places, places, wanted_of
from wscli.commands import dry_run
from wscli.commands.parser import route_of_frame
from wscli.core.dialect import Dialect
from wscli.core.errors import UsageError
from wscli.core.jsontext import Json, parsed
from wscli.core.messages import Command, Stamp, random_uuid
from wscli.output.stdout import Output
from wscli.storage import credentials, stdin


def run(desk: Desk, verb: str, words: Sequence[str]) -> None:
    """Run a verb that speaks."""
    match verb:
        case "subscribe":
            subscribe(desk, words)
        case "send":
            send(desk, words)
        case _:
            ask(desk, verb, words)


def subscribe(desk: Desk, words: Sequence[str]) -> None:
    line = addressed(desk, "subscribe", words)
    if line is None:
        return
    from wscli.cli import exchange_client

    with api_routing.hinted(line):
        exchange_client.stream(line.desk, line.commands)


def ask(desk: Desk, verb: str, words: Sequence[str], *, every: bool = False) -> None:
    """Run unsubscribe, query, ping or auth: one line of words, its answer."""
    line = addressed(desk, verb, words, every=every)
    if line is None:
        return
    from wscli.cli import exchange_client

    with api_routing.hinted(line):
        exchange_client.ask(line.desk, verb, line.commands)


def send(desk: Desk, words: Sequence[str]) -> None:
    """Send JSON of the user's own: from the words, or standard input."""
    if "-" in words and "@-" in desk.options.header:
        raise UsageError("send - and -H @- both read standard input", "-H @FILE reads the headers from a file")
    texts = [frame for word in words for frame in (_frames(stdin.text()) if word == "-" else [word])]
    wires = [_frame(desk.dialect, text) for text in texts]
    if not texts:
        raise UsageError("send what?", f"wscli {desk.dialect.name} send '{{…}}', or - for standard input")
    line = api_routing.frames(desk, wires)
    desk = line.desk
    check_places(desk)
    _told(line)
    if desk.options.dry_run:
        from wscli.core.secrets import masked  # lazily: most rehearsals are of frames of ours

        output = Output(quiet=desk.options.quiet, timed=desk.options.verbose)
        where = _destinations(desk, output) if desk.options.verbose else str
        for text, wire in zip(texts, wires, strict=True):
            where(dry_run.socket_of(places(desk), route_of_frame(desk.dialect, wire, desk.options.product)))
            output.data(f"{masked(text)}\n")
        output.flush()
        return
    from wscli.cli import exchange_client

    with api_routing.hinted(line):
        exchange_client.send(desk, texts)


def addressed(desk: Desk, verb: str, words: Sequence[str], *, every: bool = False) -> api_routing.Addressed | None:
    """Return what is to be said, to whom; None where that was only rehearsed: what is rehearsed is what is sent."""
    return checked(api_routing.said(desk, verb, words, every=every))


def checked(line: api_routing.Addressed) -> api_routing.Addressed | None:
    """Return a line once its flags are checked and its note is told; None where it was only rehearsed."""
    check_places(line.desk)
    if line.note is not None or line.desk.options.dry_run:
        wanted_of(line.desk)  # a filter that cannot be read is refused before anything is told
    _told(line)
    if not line.desk.options.dry_run:
        return line
    rehearse(line.desk, line.commands)
    return None


def _told(line: api_routing.Addressed) -> None:
    if line.note is not None:
        Output(quiet=line.desk.options.quiet, timed=line.desk.options.verbose).note(line.note)


def rehearse(desk: Desk, commands: Sequence[Command]) -> None:
    """Print the frames of commands, and connect to nothing."""
    wanted_of(desk)  # a filter that cannot be read is refused in a rehearsal too
    output = Output(quiet=desk.options.quiet, timed=desk.options.verbose)
    known = credentials.find(desk.dialect.name, os.environ, desk.options.profile)
    stamp = Stamp(wall_ns(), count(1), random_uuid)
    where = _destinations(desk, output) if desk.options.verbose else None
    for frame in dry_run.frames(desk.dialect, places(desk), commands, known, stamp, output.note, where):
        output.data(f"{frame}\n")
    output.flush()


def _destinations(desk: Desk, output: Output) -> Callable[[str], None]:
    """Return what says, between the frames, where the next one goes."""

    def where(url: str) -> None:
        output.flush()
        output.note(f"{desk.dialect.name}: {dry_run.destination(url, simulated=desk.options.sim)}")

    return where


def _frames(text: str) -> list[str]:
    """Return the frames of standard input: one JSON text, else one a line."""
    try:
        parsed(text)
        return [text.strip()]
    except ValueError:
        return [line.strip() for line in text.splitlines() if line.strip()]


def _frame(dialect: Dialect, text: str) -> Json:
    """Return a frame of the user's own, read. Raises UsageError for what is none, or too long."""
    try:
        wire = parsed(text)
    except ValueError as error:
        raise UsageError(f"not JSON: {error}", "a frame is JSON, in one word: quote it") from None
    limit = dialect.limits.frame_bytes
    if limit is not None and len(text.encode()) > limit:
        raise UsageError(
            f"{dialect.name} takes frames of at most {limit} bytes (this one has {len(text.encode())})",
            "a longer one makes it close the connection: send several",
        )
    return wire
