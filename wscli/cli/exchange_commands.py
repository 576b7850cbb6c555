"""The verbs of an exchange that send something: checked first, printed with --dry-run; only then is socket code imported."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from time import time_ns as wall_ns

from wscli.app import api_routing
from wscli.app.settings import Settings, check_location_flags, check_shape, chosen_places, wanted_output
from wscli.commands import dry_run
from wscli.commands.parser import needs_login, route_of_frame
from wscli.core.dialect import Dialect
from wscli.core.errors import UsageError
from wscli.core.jsontext import Json, parsed
from wscli.core.limits.allocation import allocated
from wscli.core.limits.requests import check_requests
from wscli.core.messages import Command, RequestContext, State, random_uuid
from wscli.output.stdout import Output
from wscli.storage import credentials, stdin


def subscribe(settings: Settings, words: Sequence[str]) -> None:
    routed = routed_commands(settings, "subscribe", words)
    if routed is None:
        return
    from wscli.books.sequence_request import asks_for_sequence
    from wscli.cli.open_client import open_client
    from wscli.session import operations

    _check_limits(routed.settings.dialect, routed.commands)
    with api_routing.with_successor_hint(routed), open_client(routed.settings, routed.commands) as opened:
        if asks_for_sequence(routed.settings.dialect, routed.commands):
            from wscli.books.stream_check import StreamCheck  # lazily: few ask

            opened.client.events.add(StreamCheck(opened.client), first=True)
        operations.run_stream(opened.client, routed.commands)


def _check_limits(dialect: Dialect, commands: Sequence[Command]) -> None:
    """Raise UsageError for more than the exchange allows, before anything is opened."""
    allocated(dialect, commands)
    if not needs_login(dialect, commands):  # a login is needed to encode those
        context = RequestContext(wall_ns(), count(1), random_uuid)
        check_requests(dialect, dialect.codec.encode(commands, State(), context))


def unsubscribe(settings: Settings, words: Sequence[str], *, all_symbols: bool = False) -> None:
    _send_request(settings, "unsubscribe", words, all_symbols=all_symbols)


def query(settings: Settings, words: Sequence[str]) -> None:
    _send_request(settings, "query", words)


def ping(settings: Settings, words: Sequence[str]) -> None:
    _send_request(settings, "ping", words)


def _send_request(settings: Settings, verb: str, words: Sequence[str], *, all_symbols: bool = False) -> None:
    """Send one request, and show its answer."""
    routed = routed_commands(settings, verb, words, all_symbols=all_symbols)
    if routed is None:
        return
    from wscli.cli.open_client import open_client
    from wscli.session import operations
    from wscli.session.connection import Clock

    with api_routing.with_successor_hint(routed):
        # what cannot be encoded is rejected before anything is opened
        routed.settings.dialect.codec.encode(routed.commands, State(), Clock().request_context())
        with open_client(routed.settings, routed.commands) as opened:
            operations.run_requests(opened.client, routed.commands, timed=verb == "ping")


def auth(settings: Settings, words: Sequence[str]) -> None:
    routed = routed_commands(settings, "auth", words)
    if routed is None:
        return
    from wscli.cli.open_client import open_client
    from wscli.session import operations

    with api_routing.with_successor_hint(routed), open_client(routed.settings, routed.commands) as opened:
        operations.run_login(opened.client)


def send(settings: Settings, words: Sequence[str]) -> None:
    """Send JSON frames from the words, or from standard input."""
    if "-" in words and "@-" in settings.options.header:
        raise UsageError("send - and -H @- cannot both read standard input", "-H @FILE reads the headers from a file")
    texts = [frame for word in words for frame in (_frames_in(stdin.read_all()) if word == "-" else [word])]
    frames = [_parse_frame(settings.dialect, text) for text in texts]
    if not texts:
        raise UsageError("send needs JSON", f"wscli {settings.dialect.name} send '{{…}}', or - for standard input")
    routed = api_routing.route_frames(settings, frames)
    settings = routed.settings
    check_location_flags(settings)
    check_shape(settings, ())
    _print_note(routed)
    if settings.options.dry_run:
        from wscli.core.secrets import masked  # lazily: needed for frames of the user's own only

        output = Output(quiet=settings.options.quiet, timestamps=settings.options.verbose)
        where = _destination_printer(settings, output) if settings.options.verbose else str
        for text, wire in zip(texts, frames, strict=True):
            where(
                dry_run.socket_url(
                    chosen_places(settings), route_of_frame(settings.dialect, wire, settings.options.product)
                )
            )
            output.write_text(f"{masked(text)}\n")
        output.flush()
        return
    from wscli.cli.open_client import open_client
    from wscli.session import operations

    limits = (settings.options.count, settings.options.rows, settings.options.for_s)
    streaming = bool(settings.options.until) or any(limit is not None for limit in limits)
    with api_routing.with_successor_hint(routed), open_client(settings, (), shows_data=streaming) as opened:
        operations.run_frames(opened.client, texts, settings.options.product, streaming=streaming)


def routed_commands(
    settings: Settings, verb: str, words: Sequence[str], *, all_symbols: bool = False
) -> api_routing.RoutedCommands | None:
    """Return the commands of a line and where they go; None where --dry-run printed them instead."""
    return check_or_dry_run(api_routing.route_command(settings, verb, words, all_symbols=all_symbols))


def check_or_dry_run(routed: api_routing.RoutedCommands) -> api_routing.RoutedCommands | None:
    """Check the flags of routed commands and print their note; return None where --dry-run printed them instead."""
    check_location_flags(routed.settings)
    if routed.note is not None or routed.settings.options.dry_run:
        wanted_output(routed.settings)  # an invalid filter is rejected before anything is printed
    _print_note(routed)
    if not routed.settings.options.dry_run:
        return routed
    print_dry_run(routed.settings, routed.commands)
    return None


def _print_note(routed: api_routing.RoutedCommands) -> None:
    for note in (*([routed.note] if routed.note is not None else []), *routed.remarks):
        Output(quiet=routed.settings.options.quiet, timestamps=routed.settings.options.verbose).note(note)


def print_dry_run(settings: Settings, commands: Sequence[Command]) -> None:
    """Print the frames of commands, without connecting."""
    wanted_output(settings)  # an invalid filter is rejected with --dry-run, too
    output = Output(quiet=settings.options.quiet, timestamps=settings.options.verbose)
    known = None
    if needs_login(settings.dialect, commands):
        known = credentials.find(settings.dialect.name, os.environ, settings.options.profile)
    context = RequestContext(wall_ns(), count(1), random_uuid)
    where = _destination_printer(settings, output) if settings.options.verbose else None
    for frame in dry_run.frames_to_send(
        settings.dialect, chosen_places(settings), commands, known, context, output.note, where
    ):
        output.write_text(f"{frame}\n")
    output.flush()


def _destination_printer(settings: Settings, output: Output) -> Callable[[str], None]:
    """Return a function that prints, between the frames, where the next one goes."""

    def where(url: str) -> None:
        output.flush()
        output.note(f"{settings.dialect.name}: {dry_run.destination(url, simulated=settings.options.sim)}")

    return where


def _frames_in(text: str) -> list[str]:
    """Return the frames of standard input: the whole text if it is JSON, else one a line."""
    try:
        parsed(text)
        return [text.strip()]
    except ValueError:
        return [line.strip() for line in text.splitlines() if line.strip()]


def _parse_frame(dialect: Dialect, text: str) -> Json:
    """Return a typed frame as JSON. Raises UsageError for what is not JSON, or too long."""
    try:
        frame = parsed(text)
    except ValueError as error:
        raise UsageError(f"not JSON: {error}", "put the JSON in quotes") from None
    limit = dialect.endpoints.limits.frame_bytes
    if limit is not None and len(text.encode()) > limit:
        raise UsageError(
            f"{dialect.name} accepts frames of at most {limit} bytes (this one has {len(text.encode())})",
            "a longer one makes it close the connection: send several frames",
        )
    return frame


# What is wanted quickly runs without click (20 ms): see cli/main.py.
FAST_HANDLERS: Mapping[str, Callable[[Settings, Sequence[str]], None]] = {
    "subscribe": subscribe,
    "unsubscribe": unsubscribe,
    "query": query,
    "ping": ping,
    "auth": auth,
    "send": send,
}
