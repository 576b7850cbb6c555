"""The statements of a TOML text with the lines they stand on, which `tomllib` does not give. Pure.

Each statement is TOML by itself, so a statement is as many lines as it takes until they are.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from wscli.core.record import record


@record
class Statement:
    """One `name = value`, or the heading of a table. path: the tables it is in, and its name. first, last: its lines, from 0."""

    path: tuple[str, ...]
    value: Any
    first: int
    last: int
    is_heading: bool = False


def statements(text: str) -> list[Statement]:
    r"""Return the statements of a text that is TOML.

    >>> [(one.path, one.first) for one in statements('style = "vs"\n\n[bybit]\nkey = "a" # mine\n')]
    [(('style',), 0), (('bybit',), 2), (('bybit', 'key'), 3)]
    """
    found: list[Statement] = []
    table: tuple[str, ...] = ()
    begun: list[str] = []
    for number, line in enumerate(text.split("\n")):
        begun.append(line.removesuffix("\r"))
        try:
            parsed = tomllib.loads("\n".join(begun))
        except tomllib.TOMLDecodeError:
            continue  # a text or a list of several lines goes on
        first, begun = number + 1 - len(begun), []
        if not parsed:
            continue
        path, value = _path_and_value(parsed)
        is_heading = line.lstrip().startswith("[")
        table = path if is_heading else table
        found.append(Statement(path if is_heading else (*table, *path), value, first, number, is_heading))
    return found


def _path_and_value(parsed: Mapping[str, Any]) -> tuple[tuple[str, ...], Any]:
    """Return the names down to the value of one statement: a table of a single name is on the way, not the value."""
    path: list[str] = []
    value: Any = parsed
    while isinstance(value, dict) and len(value) == 1:
        name, value = next(iter(value.items()))
        path.append(name)
    return tuple(path), value


def line_of(text: str, path: tuple[str, ...]) -> int:
    """Return the line of an entry or a table, from 1; of the statement that it is a part of, where it has none of its own.

    >>> line_of('[bybit]\\nkey = "a"\\n', ("bybit", "key")), line_of('bybit = { key = "a", api = "v5" }', ("bybit", "api"))
    (2, 1)
    """
    every = statements(text)
    exact = (one.first + 1 for one in every if one.path == path)
    below = (one.first + 1 for one in every if one.path[: len(path)] == path)
    around = (one.first + 1 for one in every if one.path == path[: len(one.path)])
    return next(exact, None) or next(below, None) or next(around, 1)
