"""What is said with a verb, checked, and rehearsed where --dry-run asks for it; only then is socket code imported."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from itertools import count
from time import time_ns as wall_ns

from wscli.app import api_routing
from wscli.app.settings import Settings, check_location_flags, chosen_places, wanted_output
from wscli.commands import dry_run
from wscli.commands.parser import route_of_frame
from wscli.core.dialect import Dialect
from wscli.core.errors import UsageError
from wscli.core.jsontext import Json, parsed
from wscli.core.messages import Command, RequestContext, random_uuid
from wscli.output.stdout import Output
from wscli.storage import credentials, stdin


def run_verb(settings: Settings, verb: str, words: Sequence[str]) -> None:
    """Run a verb that speaks."""
    match verb:
        case "subscribe":
            subscribe(settings, words)
        case "send":
            send(settings, words)
        case _:
            send_request(settings, verb, words)


def subscribe(settings: Settings, words: Sequence[str]) -> None:
    line = routed_commands(settings, "subscribe", words)
    if line is None:
        return
    from wscli.cli import exchange_clients

    with api_routing.with_successor_hint(line):
        exchange_clients.run_stream(line.settings, line.commands)


def send_request(settings: Settings, verb: str, words: Sequence[str], *, all_symbols: bool = False) -> None:
    """Run unsubscribe, query, ping or auth: one line of words, its answer."""
    line = routed_commands(settings, verb, words, all_symbols=all_symbols)
    if line is None:
        return
    from wscli.cli import exchange_clients

    with api_routing.with_successor_hint(line):
        exchange_clients.run_request(line.settings, verb, line.commands)


def send(settings: Settings, words: Sequence[str]) -> None:
    """Send JSON of the user's own: from the words, or standard input."""
    if "-" in words and "@-" in settings.options.header:
        raise UsageError("send - and -H @- both read standard input", "-H @FILE reads the headers from a file")
    texts = [frame for word in words for frame in (_frames_in(stdin.read_all()) if word == "-" else [word])]
    wires = [_parse_frame(settings.dialect, text) for text in texts]
    if not texts:
        raise UsageError("send what?", f"wscli {settings.dialect.name} send '{{…}}', or - for standard input")
    line = api_routing.route_frames(settings, wires)
    settings = line.settings
    check_location_flags(settings)
    _print_note(line)
    if settings.options.dry_run:
        from wscli.core.secrets import masked  # lazily: most rehearsals are of frames of ours

        output = Output(quiet=settings.options.quiet, timestamps=settings.options.verbose)
        where = _destination_printer(settings, output) if settings.options.verbose else str
        for text, wire in zip(texts, wires, strict=True):
            where(
                dry_run.socket_url(
                    chosen_places(settings), route_of_frame(settings.dialect, wire, settings.options.product)
                )
            )
            output.write_text(f"{masked(text)}\n")
        output.flush()
        return
    from wscli.cli import exchange_clients

    with api_routing.with_successor_hint(line):
        exchange_clients.run_send(settings, texts)


def routed_commands(
    settings: Settings, verb: str, words: Sequence[str], *, all_symbols: bool = False
) -> api_routing.RoutedCommands | None:
    """Return what is to be said, to whom; None where that was only rehearsed: what is rehearsed is what is sent."""
    return check_or_dry_run(api_routing.route_command(settings, verb, words, all_symbols=all_symbols))


def check_or_dry_run(routed: api_routing.RoutedCommands) -> api_routing.RoutedCommands | None:
    """Return a line once its flags are checked and its note is told; None where it was only rehearsed."""
    check_location_flags(routed.settings)
    if routed.note is not None or routed.settings.options.dry_run:
        wanted_output(routed.settings)  # a filter that cannot be read is refused before anything is told
    _print_note(routed)
    if not routed.settings.options.dry_run:
        return routed
    print_dry_run(routed.settings, routed.commands)
    return None


def _print_note(routed: api_routing.RoutedCommands) -> None:
    if routed.note is not None:
        Output(quiet=routed.settings.options.quiet, timestamps=routed.settings.options.verbose).note(routed.note)


def print_dry_run(settings: Settings, commands: Sequence[Command]) -> None:
    """Print the frames of commands, and connect to nothing."""
    wanted_output(settings)  # a filter that cannot be read is refused in a rehearsal too
    output = Output(quiet=settings.options.quiet, timestamps=settings.options.verbose)
    known = credentials.find(settings.dialect.name, os.environ, settings.options.profile)
    stamp = RequestContext(wall_ns(), count(1), random_uuid)
    where = _destination_printer(settings, output) if settings.options.verbose else None
    for frame in dry_run.frames_to_send(
        settings.dialect, chosen_places(settings), commands, known, stamp, output.note, where
    ):
        output.write_text(f"{frame}\n")
    output.flush()


def _destination_printer(settings: Settings, output: Output) -> Callable[[str], None]:
    """Return what says, between the frames, where the next one goes."""

    def where(url: str) -> None:
        output.flush()
        output.note(f"{settings.dialect.name}: {dry_run.destination(url, simulated=settings.options.sim)}")

    return where


def _frames_in(text: str) -> list[str]:
    """Return the frames of standard input: one JSON text, else one a line."""
    try:
        parsed(text)
        return [text.strip()]
    except ValueError:
        return [line.strip() for line in text.splitlines() if line.strip()]


def _parse_frame(dialect: Dialect, text: str) -> Json:
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
