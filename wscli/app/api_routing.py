"""Which API of an exchange a line is for, as the flags, the configuration and an open connection have it (the rule: `apis`)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache

from wscli.app.api_rules import Line, Meaning, dialect_of, meaning, siblings_of
from wscli.app.settings import Desk
from wscli.commands.options import Options
from wscli.commands.parser import channel_named, check_product
from wscli.core.dialect import Dialect
from wscli.core.errors import ConnectionFailed, ConnectionLost, CredentialsError, TimedOut, Unsupported, UsageError
from wscli.core.jsontext import Json
from wscli.core.messages import Command, Ping, Subscribe, Unsubscribe
from wscli.core.record import replace, value
from wscli.exchanges import APIS, find_dialect
from wscli.storage import credentials


@value
class Addressed:
    """What a line says, to whom. note: what a person is told of it, where that is not what was typed."""

    desk: Desk
    commands: tuple[Command, ...]
    note: str | None = None
    words: tuple[str, ...] = ()  # in the terms of the desk's API


# --- which one -----------------------------------------------------------------------------------


def pinned(desk: Desk) -> Desk:
    """Return the desk with the API that the configuration chooses, where no flag does. Raises UsageError."""
    name, options = desk.dialect.name, desk.options
    if options.api is not None or len(APIS.get(name, ())) < 2:
        return desk
    where = credentials.config_path(os.environ)
    try:
        api = credentials.api(name, os.environ, options.profile)
    except CredentialsError as error:
        if options.profile is not None:
            raise
        _say_unread(error.message, options.quiet)
        return desk
    if api is None:
        return desk
    return replace(desk, dialect=find_dialect(name, api), options=replace(options, api=api), pinned_by=where)


@cache
def _say_unread(why: str, quiet: bool) -> None:
    """Say, once, that the configuration was not read: nothing that needs no key has to end for it."""
    from wscli.output.stdout import Output

    Output(quiet=quiet).note(f"the configuration is not read: {why}")


def named(desk: Desk, verb: str, words: Sequence[str]) -> Desk:
    """Return the desk with the API whose words these are: as evidence, so that none are translated."""
    desk = pinned(desk)
    return replace(desk, dialect=dialect_of(_line(desk, verb, words)))


def said(desk: Desk, verb: str, words: Sequence[str], *, every: bool = False, book: bool = False) -> Addressed:
    """Return what a line says, to which API. Raises UsageError."""
    desk = pinned(desk)
    return _addressed(desk, replace(_line(desk, verb, words), every=every, book=book))


def understood(desk: Desk, verb: str, words: Sequence[str], *, exact: bool = False) -> Addressed:
    """Return what a line says at an exchange that is open: its API is pinned. exact: it was opened at a URL."""
    line = replace(_line(desk, verb, words), pinned=desk.dialect.api.name, exact=exact, open=True)
    return _addressed(desk, line)


def check_condition(dialect: Dialect, on: Sequence[Command], verb: str, text: str) -> None:
    """Raise UsageError for a condition of the prompt on what only the messages of a retired API have. on: what is subscribed."""
    from wscli.commands.retired_paths import check_conditions  # lazily, as below

    for old in siblings_of(dialect):
        if old.api.status == "retired":
            check_conditions(old, dialect, on, verb, (text,))


def _line(desk: Desk, verb: str, words: Sequence[str]) -> Line:
    options = desk.options
    return Line(desk.dialect.name, verb, tuple(words), options.product, options.api, options.url is not None)


def _addressed(desk: Desk, line: Line) -> Addressed:
    if desk.options.product is not None and line.verb in ("auth", "query"):
        raise UsageError(f"{line.verb} is of all products: it takes no --product", "leave out --product")
    try:
        found = meaning(line)
        if line.verb == "ping":
            check_product(found.dialect, desk.options.product)
    except UsageError as error:
        _name_the_file(desk, line, error)
        raise
    _check_paths(desk.options, found)
    desk = replace(desk, dialect=found.dialect, options=_with_channels(desk, found.dialect))
    commands = tuple(_in_product(command, desk.options.product) for command in found.commands)
    return Addressed(desk, commands, _note(line, found), found.words)


def _check_paths(options: Options, found: Meaning) -> None:
    """Raise UsageError for a condition, or a projection, on what only the messages of a retired API have."""
    conditions = [*options.where, *options.until]
    if not conditions and options.query is None:
        return
    from wscli.commands.retired_paths import (  # lazily, as what they ask of: most lines have none
        check_conditions,
        check_projection,
    )

    for old in siblings_of(found.dialect):
        if old.api.status == "retired":
            check_conditions(old, found.dialect, found.commands, "--where", options.where)
            check_conditions(old, found.dialect, found.commands, "--until", options.until)
            if options.query is not None:
                check_projection(old, found.dialect, found.commands, options.query)


def _in_product(command: Command, product: str | None) -> Command:
    return Ping(product) if isinstance(command, Ping) else command


def _name_the_file(desk: Desk, line: Line, error: UsageError) -> None:
    """Say which file pins the API, where the line is right for another."""
    if desk.pinned_by is None:
        return
    bare = replace(line, pinned=None)
    try:
        other = meaning(bare).dialect
    except UsageError:
        return
    if other.api.name != line.pinned:
        error.hint = f'api = "{line.pinned}" in {desk.pinned_by} pins it; --api {other.api.name} has it'


def _with_channels(desk: Desk, dialect: Dialect) -> Options:
    """Return the options with --channel in the terms of an API: the name of a retired channel means what is sent instead."""
    options = desk.options
    if not options.channel:
        return options
    names = tuple(_channel(dialect, name) for name in options.channel)
    return replace(options, channel=names)


def _channel(dialect: Dialect, name: str) -> str:
    if dialect.channel(name) is not None:
        return name
    for old in siblings_of(dialect):
        if old.successor is not None and old.successor.api == dialect.api.name and old.channel(name) is not None:
            from wscli.commands.retired import successor_channel

            return successor_channel(old, name) or name
    return name


def _note(line: Line, found: Meaning) -> str | None:
    if found.retired:
        from wscli.commands.retired import note

        return note(found.retired)
    api, successor = found.dialect.api, found.dialect.successor
    if found.picked and api.status == "unverified" and successor is not None:
        from wscli.commands.retired import command_there

        texts = [there for command in found.commands if (there := command_there(found.dialect, command)) is not None]
        words = "; ".join(" ".join(text) for text in texts)
        return f"{found.dialect.name} {api.name} may not answer (unverified, {api.since}): in {successor.api} this is {words}"
    return None


# --- frames of one's own ---------------------------------------------------------------------------


def frames(desk: Desk, wires: Sequence[Json], *, open: bool = False) -> Addressed:
    """Return which API frames of one's own go to: the first that knows what they name. They are never rewritten.

    open: at an open connection, whose API is pinned. Raises Unsupported for what only a retired API knows, unless it is pinned.
    """
    desk = desk if open else pinned(desk)
    check_product(desk.dialect, desk.options.product)
    if desk.options.api is not None or len(APIS.get(desk.dialect.name, ())) < 2 or not wires:
        return Addressed(desk, ())
    every = [desk.dialect, *siblings_of(desk.dialect)]
    knows = [dialect for dialect in every if _knows(dialect, wires)]
    if open or not knows or knows[0] is desk.dialect:
        chosen = desk.dialect
    else:
        chosen = knows[0]
    retired = next((one for one in knows if one.api.status == "retired"), None)
    if retired is not None and knows == [retired] and desk.options.url is None and desk.dialect is not retired:
        raise _only_retired(desk, retired, wires)
    return Addressed(replace(desk, dialect=chosen), ())


def _only_retired(desk: Desk, retired: Dialect, wires: Sequence[Json]) -> Unsupported:
    from wscli.commands.retired import frame_instead, was

    there = find_dialect(retired.name, retired.successor.api if retired.successor is not None else None)
    frame = frame_instead(retired, there, wires)
    pin = f"--api {retired.api.name} sends it as it is"
    return Unsupported(
        f"{was(retired)}: this frame is its own", f"{frame} in {there.api.name}; {pin}" if frame else pin
    )


def _knows(dialect: Dialect, wires: Sequence[Json]) -> bool:
    """Say whether every frame asks for what the catalogue has."""
    requests = [dialect.asked(wire) if isinstance(wire, dict) else None for wire in wires]
    return all(
        request is not None and all(_fits(dialect, command) for command in request.commands) for request in requests
    )


def _fits(dialect: Dialect, command: Command) -> bool:
    """Say whether a command speaks of what the catalogue has: its channel, its symbols, the values of its parameters."""
    if not channel_named(dialect, command):
        return False
    if not isinstance(command, Subscribe | Unsubscribe) or (channel := dialect.channel(command.channel)) is None:
        return True
    shape = channel.shape or dialect.shape
    known = {param.name: param for param in channel.params}
    values = all(
        name not in known or not known[name].allowed or known[name].many or held in known[name].allowed
        for name, held in command.params.items()
    )
    enough = isinstance(command, Unsubscribe) or len(command.symbols) >= channel.symbols[0]
    return values and enough and all(shape.fits(symbol) for symbol in command.symbols)


# --- when it does not answer -----------------------------------------------------------------------


@contextmanager
def hinted(line: Addressed) -> Iterator[None]:
    """Let a failure to reach an API that is not known to live name the successor's command."""
    try:
        yield
    except (ConnectionFailed, ConnectionLost, TimedOut) as error:
        desk, dialect = line.desk, line.desk.dialect
        elsewhere = desk.options.sim or desk.options.url is not None
        if dialect.api.status != "live" and dialect.successor is not None and not elsewhere:
            from wscli.commands.retired import command_there

            texts = (command_there(dialect, command) for command in line.commands)
            words = next((f" {' '.join(text)}" for text in texts if text), "")
            error.hint = (
                f"{dialect.api.name} may be gone ({dialect.api.status} {dialect.api.since}): "
                f"wscli {dialect.name} --api {dialect.successor.api}{words}"
            )
        raise
