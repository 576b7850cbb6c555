"""What is said with a verb, checked, and rehearsed where --dry-run asks for it; only then is socket code imported."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import count
from time import time_ns as wall_ns

from wscli import credentials, rehearsal, stdin
from wscli.desk import Desk, check_places, places, wanted_of
from wscli.dialect import Dialect
from wscli.errors import UsageError
from wscli.grammar import parse
from wscli.model import Command, Stamp, parsed, random_uuid
from wscli.output import Output


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
    commands = parse(desk.dialect, "subscribe", words)
    check_places(desk)
    if desk.options.dry_run:
        _rehearse(desk, commands)
        return
    from wscli.cli import venue

    venue.stream(desk, commands)


def ask(desk: Desk, verb: str, words: Sequence[str], *, every: bool = False) -> None:
    """Run unsubscribe, query, ping or auth: one line of words, its answer."""
    commands = parse(desk.dialect, verb, words, every=every)
    check_places(desk)
    if desk.options.dry_run:
        _rehearse(desk, commands)
        return
    from wscli.cli import venue

    venue.ask(desk, verb, commands)


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
    from wscli.cli import venue

    venue.send(desk, texts)


def _rehearse(desk: Desk, commands: Sequence[Command]) -> None:
    wanted_of(desk)  # a filter that cannot be read is refused in a rehearsal too
    output = Output(quiet=desk.options.quiet)
    known = credentials.find(desk.dialect.name, os.environ, desk.options.profile)
    stamp = Stamp(wall_ns(), count(1), random_uuid)
    for frame in rehearsal.frames(desk.dialect, places(desk), commands, known, stamp, output.note):
        output.data(f"{frame}\n")
    output.flush()


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
