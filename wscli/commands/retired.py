"""What is typed for a retired API, in the terms of its successor: words are translated, with a note; conditions and projections on paths
that only the old messages have are rejected, with what means the same now. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import count

from wscli.commands.parser import parse, verb_implied_by
from wscli.commands.words import groups_so_far, words_by_channel
from wscli.core.dialect import Dialect
from wscli.core.errors import Unsupported, UsageError
from wscli.core.jsontext import Json, literal, written
from wscli.core.messages import Auth, Command, Ping, Query, RequestContext, State, Subscribe
from wscli.core.record import record

MAX_FRAMES_LENGTH = 400  # characters of the old frames in a note; beyond that only the first is shown


@record
class Translation:
    """Some words of a retired API. commands: what they mean there. words: those of the successor. difference: how its data differs."""

    old: Dialect
    commands: tuple[Command, ...]
    words: tuple[str, ...]
    difference: str = ""


def translated(
    old: Dialect, new: Dialect, verb: str, words: Sequence[str], *, is_connected: bool = False
) -> tuple[list[str], tuple[Translation, ...]] | None:
    """Return a line in the words of the successor, and what was translated in it; None where nothing was.

    is_connected: it was typed at an open connection. Raises Unsupported for a retired channel that nothing in the successor means.
    """
    new_words: list[str] = []
    translations: list[Translation] = []
    for segment in words_by_channel((new, old), words):
        translation = (
            None if accepts(new, verb, segment) else translation_of(old, new, verb, segment, is_connected=is_connected)
        )
        new_words += translation.words if translation is not None else segment
        translations += [translation] if translation is not None else []
    return (new_words, tuple(translations)) if translations else None


def translation_of(
    old: Dialect, new: Dialect, verb: str, segment: Sequence[str], *, is_connected: bool = False
) -> Translation | None:
    """Return one channel with its symbols and parameters in the successor's words; None where they are not retired.

    Raises Unsupported where nothing there means the same.
    """
    group = next(iter(groups_so_far(old.facts.channels, segment, old.facts.prefix_param)), None)
    if group is None or old.facts.successor is None:
        return None
    known, commands = verb_implied_by(new, segment[0]) is not None, _parsed_or_empty(old, verb, segment)
    if known and not commands:
        return None  # the successor has that channel: the mistake is answered there
    words = successor_words(old, group.channel.name, group.param_texts, group.symbols)
    if words is None and known:
        return None
    if words is None:
        raise no_equivalent(old, group.channel.name, is_connected=is_connected)
    own = {param.name for param in group.channel.params}
    words += [f"{name}={text}" for name, text in group.param_texts.items() if name not in own]
    return Translation(old, commands, tuple(words), old.facts.successor.differences.get(group.channel.name, ""))


def successor_words(old: Dialect, channel: str, params: dict[str, str], symbols: Sequence[str]) -> list[str] | None:
    """Return a channel, its parameters as texts and its symbols in the successor's words; None where nothing means the same."""
    if old.facts.successor is None:
        return None
    whole = " ".join([channel, *(f"{name}={text}" for name, text in params.items())])
    form = old.facts.successor.equivalents.get(whole, old.facts.successor.equivalents.get(channel))
    if form is None:
        return None
    try:
        name, *rest = form.format(**params).split()
    except KeyError:  # an unsubscribe that leaves a parameter out, which the successor must have
        return None
    return [name, *map(old.facts.successor.translate_symbol, symbols), *rest]


def successor_command(old: Dialect, command: Command) -> list[str] | None:
    """Return the words of a command in the successor's terms, its verb first; None where nothing means the same there."""
    verb = type(command).__name__.lower()
    if isinstance(command, Ping | Auth):
        return [verb]
    channel = command.name if isinstance(command, Query) else command.channel
    if not channel:  # an unsubscribe by its number
        return None
    params = {name: literal(value) for name, value in command.params.items()}
    words = successor_words(old, channel, params, command.symbols)
    return None if words is None else [verb, *words]


def translation_note(translations: Sequence[Translation]) -> str:
    """Return the note on a translation: what is sent, instead of which frames, and the flag that sends the old ones."""
    old = translations[0].old
    sent = " ".join(word for one in translations for word in one.words)
    commands = [command for one in translations for command in one.commands]
    differs = "".join(f"; {one.difference}" for one in translations if one.difference)
    return f"{retirement_text(old)}: wscli sends {sent} instead of {frames_text(old, commands)}; --api {old.api.name} sends that{differs}"


def successor_channel(old: Dialect, channel: str) -> str | None:
    """Return the channel that replaces a retired one; None where there is none."""
    words = old.facts.successor.equivalents if old.facts.successor is not None else {}
    form = words.get(channel) or next((there for name, there in words.items() if name.split()[0] == channel), None)
    return form.split()[0] if form is not None else None


def frames_text(dialect: Dialect, commands: Sequence[Command]) -> str:
    """Return the frames of commands, without a login, in one line."""
    from uuid import UUID  # lazily: it brings platform, and few lines come here

    context = RequestContext(0, count(1), lambda: UUID(int=0))
    texts = [
        written(frame)
        for frame in dialect.codec.encode([c for c in commands if not isinstance(c, Auth)], State(), context)
    ]
    whole = " ".join(texts)
    return whole if len(whole) <= MAX_FRAMES_LENGTH or len(texts) == 1 else f"{texts[0]} and {len(texts) - 1} more"


def successor_frames(old: Dialect, new: Dialect, frames: Sequence[Json]) -> str | None:
    """Return frames that only a retired API has as its successor's; None where they have no equivalent there."""
    successors: list[Command] = []
    for frame in frames:
        request = old.codec.request_of(frame) if isinstance(frame, dict) else None
        for command in request.commands if request is not None else ():
            words = successor_command(old, command)
            if words is None or (commands := _parsed_or_empty(new, words[0], words[1:])) == ():
                return None
            successors += commands
    return frames_text(new, successors) if successors else None


def retirement_text(old: Dialect) -> str:
    return f"{old.name} {old.api.name} was retired in {old.api.since}"


def no_equivalent(old: Dialect, channel: str, *, is_connected: bool = False) -> Unsupported:
    there = old.facts.successor.api if old.facts.successor is not None else "the others"
    pin = f"--api {old.api.name}"
    return Unsupported(
        f"{retirement_text(old)}, and {there} has no equivalent of {channel}",
        f"wscli {old.name} channels lists the channels of {there}; "
        + (f"use {old.name} {pin} connects to the old API" if is_connected else f"{pin} sends it anyway"),
        word=channel,
    )


def accepts(dialect: Dialect, verb: str, words: Sequence[str]) -> bool:
    """Return whether an API accepts the words as they are."""
    return bool(_parsed_or_empty(dialect, verb, words))


def _parsed_or_empty(dialect: Dialect, verb: str, words: Sequence[str]) -> tuple[Command, ...]:
    for all_symbols in (False, True) if verb == "unsubscribe" else (False,):
        with suppress(UsageError):
            return parse(dialect, verb, words, all_symbols=all_symbols)
    return ()


# --- conditions and projections ------------------------------------------------------------------


@record
class SuccessorField:
    """What means the same as a path of a retired API. channel: the new one. conditions: that must hold, too ("side=bid"). codes: the old
    values in the words of the rows."""

    channel: str
    conditions: tuple[str, ...]
    field: str
    codes: Mapping[str, str]


def successor_field(old: Dialect, new: Dialect, commands: Sequence[Command], path: str) -> SuccessorField | None:
    """Return what means the same as a path, or a field, that only the old messages have; None where it is none of those."""
    path = re.sub(r"(?<=\.)\d+(?=\.|$)", "0", path)
    for channel, (name, paths) in _paths_by_channel(old, new, commands).items():
        if path in paths:
            *before, field = paths[path][0].split()
            return SuccessorField(name, tuple(before), field, _code_names(old, channel, path))
    return None


def check_projection(old: Dialect, new: Dialect, commands: Sequence[Command], expression: str) -> None:
    """Raise UsageError for a projection of what only the old messages have; the hint is the same with the new path."""
    for name, paths in _paths_by_channel(old, new, commands).values():
        for path, (_, there) in paths.items():
            spelled = re.escape(re.sub(r"\.0(?=\.|$)", "[0]", path))
            if "." in path and re.search(rf"(?<![\w.]){spelled}(?!\w)", expression):
                again = re.sub(rf"(?<![\w.]){spelled}(?!\w)", there, expression)
                raise UsageError(
                    f"--query {expression!r}: {path} belongs to {old.name} {old.api.name}; {name} of {new.api.name} does not have it",
                    f"--query '{again}'",
                )


PathEquivalents = Mapping[str, tuple[str, str]]


def _paths_by_channel(
    old: Dialect, new: Dialect, commands: Sequence[Command]
) -> dict[str, tuple[str, PathEquivalents]]:
    """Return by old channel what took its place in the commands, and the paths that only the old messages have."""
    successor = old.facts.successor
    if successor is None or successor.api != new.api.name:
        return {}
    channels = {command.channel for command in commands if isinstance(command, Subscribe)}
    successors = {name: (successor_channel(old, name), paths) for name, paths in successor.paths.items()}
    return {
        name: (there, paths) for name, (there, paths) in successors.items() if there is not None and there in channels
    }


def _code_names(old: Dialect, channel: str, path: str) -> Mapping[str, str]:
    """Return the codes of an old field in words, as the rows have them."""
    known = old.channel(channel)
    fields = known.layouts.get("row", ()) if known is not None else ()
    return next((field.code_names for field in fields if field.key == path.rpartition(".")[2]), {})
