"""What the prompt knows when a key is pressed, gathered from what is open. Cheap: it is asked for at every key."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from wscli.commands.flag_table import PROMPT_FLAGS
from wscli.commands.verb_table import PROMPT_VERBS
from wscli.exchanges import exchange_dialects, known_names, titles
from wscli.repl.syntax.context import Context
from wscli.repl.syntax.setting_table import SETTINGS
from wscli.repl.workspace.worker import subscription_texts
from wscli.repl.workspace.workspace import Workspace

MAX_FILES = 300


def context_of(workspace: Workspace, favourites: tuple[str, ...] = ()) -> Context:
    """Return what the prompt knows now. favourites: their names, for Tab and colours, read once a line."""
    worker = workspace.workers.get(workspace.current_label or "")
    is_known_exchange = worker is not None and worker.label in known_names()
    return Context(
        titles(),
        workspace.dialect_of,
        PROMPT_VERBS,
        PROMPT_FLAGS,
        worker.dialect if worker is not None and is_known_exchange else None,
        tuple(workspace.workers),
        subscription_texts(worker) if worker is not None else (),
        workspace.symbols.of(worker) if worker is not None and is_known_exchange else (),
        favourites,
        paths_starting_with,
        SETTINGS,
        apis_of,
    )


def apis_of(exchange: str) -> Sequence[tuple[str, str]]:
    """Return name and status of each API of an exchange."""
    return (
        [(dialect.api.name, dialect.api.status) for dialect in exchange_dialects(exchange)]
        if exchange in known_names()
        else ()
    )


def paths_starting_with(prefix: str) -> Sequence[str]:
    """Return the paths that begin so, directories with a slash at their end; none where the folder cannot be read."""
    folder, name = os.path.split(prefix)
    try:
        entries = sorted(os.scandir(Path(folder or ".").expanduser()), key=lambda entry: entry.name)[:MAX_FILES]
        return [
            os.path.join(folder, entry.name) + ("/" if entry.is_dir() else "")  # noqa: PTH118 (a prefix is kept as typed)
            for entry in entries
            if entry.name.startswith(name) and (name or not entry.name.startswith("."))
        ]
    except (OSError, RuntimeError, ValueError):
        return []
