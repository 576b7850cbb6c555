"""Conditions and projections on a path that only the messages of a retired API have: refused, with what means the same now. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from wscli.commands.retired_commands import successor_channel
from wscli.core.dialect import Dialect
from wscli.core.errors import UsageError
from wscli.core.messages import Command, Subscribe

CONDITION = re.compile(r"\s*(?P<field>[^\s=!<>~]+)(?P<op>\s*(?:==|!=|!~|>=|<=|[=<>~])\s*)(?P<value>.*?)\s*", re.S)


def check_conditions(old: Dialect, new: Dialect, commands: Sequence[Command], flag: str, texts: Iterable[str]) -> None:
    """Raise UsageError for a condition on what only the old messages have; the hint is the same with the row's field.

    flag: or the verb of the prompt that it stands behind.
    """
    channels = _paths_by_channel(old, new, commands)
    for text in texts:
        found = CONDITION.fullmatch(text)
        if found is None:
            continue
        path = re.sub(r"(?<=\.)\d+(?=\.|$)", "0", found["field"].removeprefix("."))
        for channel, (name, paths) in channels.items():
            if path not in paths:
                continue
            *before, field = paths[path][0].split()
            value = _code_names(old, channel, path).get(found["value"].strip("'\""), found["value"])
            conditions = [*before, f"{field}{found['op']}{value}"]
            raise UsageError(
                f"{flag} {text!r}: {path} is of {old.name} {old.api.name}; {name} of {new.api.name} has none",
                _hint(flag, name, conditions),
                word=text,
            )


def _hint(flag: str, channel: str, conditions: Sequence[str]) -> str:
    """Return conditions as they are typed behind a flag; a verb of the prompt takes one."""
    if flag.startswith("-") or len(conditions) == 1:
        return " ".join(f"{flag} '{one}'" for one in conditions)
    return f"subscribe {channel} … {_hint('--where', channel, conditions)}"


def check_projection(old: Dialect, new: Dialect, commands: Sequence[Command], expression: str) -> None:
    """Raise UsageError for a projection of what only the old messages have; the hint is the same with the new path."""
    for name, paths in _paths_by_channel(old, new, commands).values():
        for path, (_, there) in paths.items():
            spelled = re.escape(re.sub(r"\.0(?=\.|$)", "[0]", path))
            if "." in path and re.search(rf"(?<![\w.]){spelled}(?!\w)", expression):
                again = re.sub(rf"(?<![\w.]){spelled}(?!\w)", there, expression)
                raise UsageError(
                    f"--query {expression!r}: {path} is of {old.name} {old.api.name}; {name} of {new.api.name} has none",
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
    found = {name: (successor_channel(old, name), paths) for name, paths in successor.paths.items()}
    return {name: (there, paths) for name, (there, paths) in found.items() if there is not None and there in channels}


def _code_names(old: Dialect, channel: str, path: str) -> Mapping[str, str]:
    """Return the codes of an old field in words, as the rows have them."""
    known = old.channel(channel)
    fields = known.layouts.get("row", ()) if known is not None else ()
    return next((field.code_names for field in fields if field.key == path.rpartition(".")[2]), {})
