"""What the prompt knows when a key is pressed, gathered from what is open. Cheap: it is asked for at every key."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from wscli.exchanges import TITLES, exchange_dialects
from wscli.repl.syntax.command_table import COMMANDS, FLAGS, SETTINGS
from wscli.repl.syntax.context import Known
from wscli.repl.workspace.worker import on_words
from wscli.repl.workspace.workspace import Room

MOST_FILES = 300


def known(room: Room, favourites: tuple[str, ...] = ()) -> Known:
    """Return what the prompt knows now. favourites: their names, for Tab and colours, read once a line."""
    live = room.lives.get(room.used or "")
    own = live is not None and live.label in TITLES
    return Known(
        TITLES,
        room.dialect,
        COMMANDS,
        FLAGS,
        live.dialect if live is not None and own else None,
        tuple(room.lives),
        on_words(live) if live is not None else (),
        room.symbols.of(live) if live is not None and own else (),
        favourites,
        files,
        SETTINGS,
        apis,
    )


def apis(exchange: str) -> Sequence[tuple[str, str]]:
    """Return name and status of each API of an exchange."""
    return (
        [(dialect.api.name, dialect.api.status) for dialect in exchange_dialects(exchange)]
        if exchange in TITLES
        else ()
    )


def files(prefix: str) -> Sequence[str]:
    """Return the paths that begin so, directories with a slash at their end; none where the folder cannot be read."""
    folder, name = os.path.split(prefix)
    try:
        entries = sorted(os.scandir(Path(folder or ".").expanduser()), key=lambda entry: entry.name)[:MOST_FILES]
        return [
            os.path.join(folder, entry.name) + ("/" if entry.is_dir() else "")  # noqa: PTH118 (a prefix is kept as typed)
            for entry in entries
            if entry.name.startswith(name) and (name or not entry.name.startswith("."))
        ]
    except (OSError, RuntimeError, ValueError):
        return []
