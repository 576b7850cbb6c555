"""The verbs of an exchange that open a socket: subscribe, unsubscribe, query, ping, auth, send."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from urllib.parse import urlsplit

from wscli import app, credentials
from wscli.cli.flags import Options
from wscli.cli.sim import simulator
from wscli.dialect import Channel, Dialect, Endpoint, Places
from wscli.errors import UsageError, WscliError
from wscli.filters import Filter, condition, pattern, projection
from wscli.grammar import nearest, parse
from wscli.interrupts import Signals
from wscli.line import Line, Venue
from wscli.model import Command, Credentials, Kind, Query, State, Subscribe, Unsubscribe, parsed
from wscli.output import Output
from wscli.reach import Reach, urlsplit_checked
from wscli.record import Recorder
from wscli.rows import columns
from wscli.screen import Wanted
from wscli.session import Clock
from wscli.view import View, make, project


@dataclass(frozen=True, slots=True)
class Desk:
    """What a verb works with: the exchange, the flags, the signals' flag."""

    dialect: Dialect
    options: Options
    signals: Signals


def subscribe(desk: Desk, words: Sequence[str]) -> None:
    commands = parse(desk.dialect, "subscribe", words)
    _check_places(desk)
    if desk.options.dry_run:
        _dry_run(desk, commands)
        return
    with _line(desk, commands) as line:
        app.stream(line, commands)


def ask(desk: Desk, verb: str, words: Sequence[str], *, every: bool = False) -> None:
    """Run unsubscribe, query, ping or auth: one line of words, its answer."""
    commands = parse(desk.dialect, verb, words, every=every)
    _check_places(desk)
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
    texts = [frame for word in words for frame in (_frames(sys.stdin.read()) if word == "-" else [word])]
    for text in texts:
        _check_frame(desk.dialect, text)
    if not texts:
        raise UsageError("send what?", f"wscli {desk.dialect.name} send '{{…}}', or - for standard input")
    _check_places(desk)
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
        raise UsageError(f"{dialect.name} takes frames of at most {limit} bytes (this one has {len(text.encode())})")


# --- from flags to values ------------------------------------------------------------------------


def _check_places(desk: Desk) -> None:
    options, dialect = desk.options, desk.dialect
    if sum((options.sim, options.testnet, options.url is not None)) > 1:
        raise UsageError("--sim, --testnet and --url are three places: name one")
    if options.api is not None and options.api != dialect.api.name:
        raise UsageError(f"{dialect.name} has no API named {options.api!r}", f"it has: {dialect.api.name}")
    if options.testnet and dialect.testnet is None:
        raise UsageError(f"{dialect.name} has no test network", "--sim is a simulated one")
    if options.url is not None:
        urlsplit_checked(options.url)
    _headers(options.header)


def _headers(lines: Iterable[str]) -> tuple[tuple[str, str], ...]:
    pairs = []
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name.strip() or any(not c.isprintable() for c in line) or " " in name.strip():
            raise UsageError(f"not a header: {line!r}", "it looks like -H 'Name: value'")
        pairs.append((name.strip(), value.strip()))
    return tuple(pairs)


def _places(desk: Desk) -> Places:
    options, dialect = desk.options, desk.dialect
    if options.url is not None:
        parts = urlsplit(options.url)
        base = f"{'https' if parts.scheme == 'wss' else 'http'}://{parts.netloc}"
        known = parts.hostname in {urlsplit(u).hostname for u in dialect.production.sockets.values()}
        return Places(
            dict.fromkeys(dialect.production.sockets, options.url), dialect.production.http if known else base
        )
    return dialect.testnet if options.testnet and dialect.testnet is not None else dialect.production


def _reach(options: Options) -> Reach:
    return Reach(options.timeout, _headers(options.header), options.proxy, options.cacert, options.insecure)


def _credentials(desk: Desk, otherwise: Credentials | None) -> Callable[[], Credentials | None]:
    def find() -> Credentials | None:
        return credentials.find(desk.dialect.name, os.environ, desk.options.profile) or otherwise

    return find


@contextlib.contextmanager
def _line(desk: Desk, commands: Sequence[Command]) -> Iterator[Line]:
    """Yield the line that the flags describe; leave nothing running behind it."""
    options = desk.options
    wanted, view = wanted_of(desk), view_of(desk, commands)
    with contextlib.ExitStack() as stack:
        recorder = Recorder(options.record) if options.record is not None else None
        if recorder is not None:
            stack.callback(recorder.close)
        if options.sim:
            simulated = stack.enter_context(simulator(desk.dialect))
            places, otherwise = simulated.places, simulated.credentials
        else:
            places, otherwise = _places(desk), None
        venue = Venue(desk.dialect, places, options.sim, _reach(options), _credentials(desk, otherwise))
        output = Output(quiet=options.quiet)
        yield Line(venue, wanted, view, output, desk.signals, recorder)
        if recorder is not None and recorder.failed is not None:
            raise WscliError(recorder.failed)


def _dry_run(desk: Desk, commands: Sequence[Command]) -> None:
    venue = Venue(desk.dialect, _places(desk), True, _reach(desk.options), _credentials(desk, None))
    app.dry_run(venue, commands, Output(quiet=desk.options.quiet), Clock(ids=count(1)))


def wanted_of(desk: Desk) -> Wanted:
    """Return what the flags want shown. Raises UsageError for a filter that cannot be read."""
    options = desk.options
    chosen = Filter(
        where=tuple(condition(text) for text in options.where),
        grep=pattern(options.grep) if options.grep is not None else None,
        symbols=frozenset(options.symbol),
        channels=frozenset(
            _known(name, [c.name for c in (*desk.dialect.channels, *desk.dialect.queries)], "channel")
            for name in options.channel
        ),
        kinds=frozenset(_known(name, [str(k) for k in Kind], "kind") for name in options.kind),
    )
    return Wanted(
        filter=chosen,
        until=tuple(condition(text) for text in options.until),
        count=options.count,
        for_s=options.for_s,
        wait_s=options.wait,
        all=options.all_,
        verbose=options.verbose,
        project=projection(options.query) if options.query is not None else None,
        projected=partial(project, format_of(options), colour=coloured(options)),
    )


def _known(word: str, among: Sequence[str], what: str) -> str:
    if word not in among:
        near = nearest(word, among)
        listed = "one of: " + " ".join(dict.fromkeys(among))
        raise UsageError(f"--{what}: no {what} named {word!r}", f"did you mean {near}? {listed}" if near else listed)
    return word


def format_of(options: Options) -> str:
    return options.output or ("pretty" if sys.stdout.isatty() else "json")


def coloured(options: Options) -> bool:
    """Say whether to colour: on a terminal, unless NO_COLOR or TERM=dumb says no; --color overrules both."""
    if options.color != "auto":
        return options.color == "always"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def view_of(desk: Desk, commands: Sequence[Command]) -> View:
    """Return the view that -o names; csv has its columns from the catalogue."""
    width, limit = (10_000 if desk.options.output == "table" else 100), None
    if sys.stdout.isatty():
        width, limit = os.get_terminal_size(1).columns or 80, 200
    return make(
        format_of(desk.options),
        exchange=desk.dialect.name,
        dialect=desk.dialect,
        columns=columns(channels_of(desk.dialect, commands)),
        colour=coloured(desk.options),
        width=width,
        limit=limit,
    )


def channels_of(dialect: Dialect, commands: Sequence[Command]) -> tuple[Channel, ...]:
    """Return the catalogue entries that commands speak of; all channels when they speak of none."""
    found: list[Channel | None] = []
    for command in commands:
        match command:
            case Subscribe(channel=name) | Unsubscribe(channel=name):
                found.append(dialect.channel(name))
            case Query(name=name):
                found.append(dialect.query(name))
    return tuple(c for c in found if c is not None) or dialect.channels


def endpoint_of(desk: Desk, route: str = "public") -> Endpoint:
    """Return where a route goes with these flags (the simulator apart)."""
    return Venue(desk.dialect, _places(desk), desk.options.sim, _reach(desk.options), lambda: None).endpoint(route)
