"""The APIs of one venue: which of them a line is for, and where it goes instead when that one is gone.

--api chooses, else `api = ` in config.toml, else the words (a name that only one API knows), else the venue's default.
The production endpoint of a retired API is not dialled unless it was chosen so: what means the same in its successor goes
there. The simulator, and a URL that was given, are what they are.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from wscli import credentials
from wscli.desk import Desk
from wscli.dialect import Dialect
from wscli.errors import ConnectionFailed, ConnectionLost, TimedOut, Unsupported, UsageError
from wscli.exchanges import APIS, find
from wscli.grammar import channel_named, opens, parse, with_prefix
from wscli.model import Auth, Command, Json, Ping, Query, Subscribe, Unsubscribe, literal
from wscli.value import replace, value


@value
class Addressed:
    """What a line says, to whom. note: what a person is told of it, where it goes to another API than it names."""

    desk: Desk
    commands: tuple[Command, ...]
    note: str | None = None


# --- which one -----------------------------------------------------------------------------------


def pinned(desk: Desk) -> Desk:
    """Return the desk with the API that the configuration chooses, where no flag does. Raises UsageError."""
    name, options = desk.dialect.name, desk.options
    if options.api is not None or len(APIS.get(name, ())) < 2:
        return desk
    api = credentials.api(name, os.environ, options.profile)
    return desk if api is None else replace(desk, dialect=find(name, api), options=replace(options, api=api))


def named(desk: Desk, verb: str, words: Sequence[str]) -> Desk:
    """Return the desk with the API that the words name: the first that takes them, else the first that takes them without
    their parameters, else the first that knows their name.
    """
    desk = pinned(desk)
    others = _others(desk)
    if not others or _takes(desk.dialect, verb, words, desk.options.product):
        return desk
    every = [desk.dialect, *(find(desk.dialect.name, api) for api in others)]
    taking = (d for d in every[1:] if _takes(d, verb, words, desk.options.product))
    if (dialect := next(taking, None)) is not None:
        return replace(desk, dialect=dialect)
    _check_one(every, words)
    knowing = (d for d in every if words and opens(d, words[0].partition(",")[0]))
    plain = [word for word in words if "=" not in word]
    fitting = (d for d in every if _takes(d, verb, plain, desk.options.product))
    return replace(desk, dialect=next(fitting, None) or next(knowing, desk.dialect))


def _check_one(dialects: Sequence[Dialect], words: Sequence[str]) -> None:
    """Raise UsageError for words of which some are one API's alone and some another's."""
    whose: dict[str, str] = {}
    for word in ",".join(words).split(","):
        knowing = [d.api.name for d in dialects if opens(d, word)]
        if len(knowing) == 1:
            whose.setdefault(knowing[0], word)
    if len(whose) > 1:
        told = ", ".join(f"{word} is of {api}" for api, word in whose.items())
        raise UsageError(
            f"one API a line: {told}", f"say them in two commands, or all in the words of {dialects[-1].api.name}"
        )


def _others(desk: Desk) -> list[str]:
    """Return the APIs that the words may name beside the default one."""
    if desk.options.api is not None:
        return []
    return [api for api in APIS.get(desk.dialect.name, ()) if api != desk.dialect.api.name]


def _takes(dialect: Dialect, verb: str, words: Sequence[str], product: str | None) -> bool:
    try:
        parse(dialect, verb, with_prefix(dialect, verb, words, product), every=True)
    except UsageError:
        return False
    return True


# --- what it says, and where that goes -------------------------------------------------------------


def said(desk: Desk, verb: str, words: Sequence[str], *, every: bool = False) -> Addressed:
    """Return what a line says to the API it names. Raises UsageError."""
    desk = named(desk, verb, words)
    spoken = with_prefix(desk.dialect, verb, words, desk.options.product)
    return Addressed(desk, parse(desk.dialect, verb, spoken, every=every))


def gone(desk: Desk) -> bool:
    """Say whether the API is retired and was not chosen on purpose, nor a place of one's own for it."""
    options = desk.options
    return desk.dialect.api.status == "retired" and options.api is None and not options.sim and options.url is None


def instead(line: Addressed) -> Addressed:
    """Return where a line goes: as it is, or what means the same to the successor. Raises Unsupported where nothing does."""
    if not gone(line.desk):
        return line
    dialect = line.desk.dialect
    successor = dialect.successor
    texts = [_there(dialect, command) for command in line.commands]
    if successor is None or not all(texts):
        missing = next((c for c, text in zip(line.commands, texts, strict=True) if text is None), None)
        raise _no_equivalent(dialect, missing)
    there = find(dialect.name, successor.api)
    commands = tuple(
        one
        for command, text in zip(line.commands, texts, strict=True)
        for one in (
            (command,) if isinstance(command, Ping | Auth) else parse(there, _verb(command), (text or "").split())
        )
    )
    told = f"{_was(dialect)}: this goes to {successor.api} as {'; '.join(t for t in texts if t)}"
    return Addressed(replace(line.desk, dialect=there), commands, f"{told} (--api {dialect.api.name} pins it)")


def living(desk: Desk) -> tuple[Desk, str | None]:
    """Return the desk with the API that a conversation is opened with, and what a person is told of it."""
    desk = pinned(desk)
    dialect = desk.dialect
    if not gone(desk):
        return desk, None
    if dialect.successor is None:
        raise _no_equivalent(dialect, None)
    there = find(dialect.name, dialect.successor.api)
    told = f"{_was(dialect)}: this is {there.api.name} (--api {dialect.api.name} pins the old one)"
    return replace(desk, dialect=there), told


def understood(desk: Desk, verb: str, words: Sequence[str], *, every: bool = False) -> Addressed:
    """Return what a line says at a venue that is open: in the terms of its API, or of one that it took the place of.

    A rehearsal is of the line as it was said.
    """
    dialect = desk.dialect
    try:
        spoken = with_prefix(dialect, verb, words, desk.options.product)
        return Addressed(desk, parse(dialect, verb, spoken, every=every))
    except UsageError as error:
        for old in (find(dialect.name, api) for api in APIS.get(dialect.name, ()) if api != dialect.api.name):
            if not _takes(old, verb, words, desk.options.product):
                continue
            if old.successor is not None and old.successor.api == dialect.api.name and gone(replace(desk, dialect=old)):
                line = Addressed(replace(desk, dialect=old), parse(old, verb, words, every=every))
                there = instead(line)
                return replace(line, note=there.note) if desk.options.dry_run else there
            error.hint = f"{old.api.name} has it: use {dialect.name} --api {old.api.name}"
        raise


def _was(dialect: Dialect) -> str:
    return f"{dialect.name} {dialect.api.name} was retired in {dialect.api.since}"


def _no_equivalent(dialect: Dialect, command: Command | None) -> Unsupported:
    what = command.channel or "this" if isinstance(command, Subscribe | Unsubscribe) else "this"
    other = f"wscli {dialect.name} channels shows what {dialect.successor.api} has; " if dialect.successor else ""
    return Unsupported(
        f"{_was(dialect)}, and nothing in its place means {what}",
        f"{other}--api {dialect.api.name} dials the old endpoint all the same",
    )


def _verb(command: Command) -> str:
    return type(command).__name__.lower()


def _there(dialect: Dialect, command: Command) -> str | None:
    """Return the words of a command in the successor's terms; None where nothing means the same there."""
    if isinstance(command, Ping | Auth):
        return _verb(command)
    channel = command.name if isinstance(command, Query) else command.channel
    successor = dialect.successor
    if successor is None or channel is None:
        return None
    params = {name: literal(held) for name, held in command.params.items()}
    whole = " ".join([channel, *(f"{name}={text}" for name, text in params.items())])
    words = successor.words.get(whole, successor.words.get(channel))
    if words is None:
        return None
    try:
        name, *rest = words.format(**params).split()
    except KeyError:  # an unsubscribe that leaves a parameter out, which the successor must have
        return None
    return " ".join([name, *(successor.spell(symbol) for symbol in command.symbols), *rest])


# --- frames of one's own ---------------------------------------------------------------------------


def frames(desk: Desk, wires: Sequence[Json]) -> Addressed:
    """Return which API frames of one's own go to: the first that knows what they name.

    Raises Unsupported for what only a retired API knows: a text of one's own is not rewritten.
    """
    desk = pinned(desk)
    knows = [d for d in (desk.dialect, *(find(desk.dialect.name, a) for a in _others(desk))) if _knows(d, wires)]
    chosen = replace(desk, dialect=knows[0]) if knows else desk
    if not gone(chosen):
        return Addressed(chosen, ())
    successor = chosen.dialect.successor
    there = find(desk.dialect.name, successor.api) if successor is not None else None
    if there is None or (knows and there not in knows):
        raise _no_equivalent(chosen.dialect, None)
    told = f"{_was(chosen.dialect)}: this goes to {there.api.name} (--api {chosen.dialect.api.name} pins it)"
    return Addressed(replace(chosen, dialect=there), (), told)


def _knows(dialect: Dialect, wires: Sequence[Json]) -> bool:
    """Say whether every frame asks for what the catalogue has."""
    requests = [dialect.asked(wire) if isinstance(wire, dict) else None for wire in wires]
    return all(
        request is not None and all(channel_named(dialect, command) for command in request.commands)
        for request in requests
    )


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
            texts = [_there(dialect, command) for command in line.commands]
            first = next(((c, t) for c, t in zip(line.commands, texts, strict=True) if t), None)
            words = f" {_verb(first[0])}" if first else ""
            words += f" {first[1]}" if first and not isinstance(first[0], Ping | Auth) else ""
            error.hint = (
                f"{dialect.api.name} may be gone ({dialect.api.status} {dialect.api.since}): "
                f"wscli {dialect.name} --api {dialect.successor.api}{words}"
            )
        raise
