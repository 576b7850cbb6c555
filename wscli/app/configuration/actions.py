"""`config`, `config path`, `config init` and `config edit`, in the shell and at the prompt."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from wscli.app.configuration.configured import readable_config
from wscli.app.configuration.listing import HIDDEN, InUse, rows_as_json, rows_as_text, setting_rows
from wscli.commands.options import Options
from wscli.storage.config.reading import config_path, is_ignored, read_config
from wscli.storage.config.writing import create_config, path_in_use
from wscli.storage.editor import run_editor


def config_page(in_use: InUse, width: int, *, as_json: bool, command: str = "wscli config init") -> str:
    """Return every setting with its value and where it comes from. command: what writes a new file, as it is typed. Raises UsageError for a file that is wrong."""
    file = readable_config(quiet=in_use.options.quiet)
    rows = setting_rows(file, in_use)
    if as_json:
        return rows_as_json(rows)
    path = config_path(os.environ)
    if is_ignored(os.environ):
        heading = "no configuration is used: --no-config, or WSCLI_CONFIG=/dev/null"
    else:
        heading = path if file is not None else f"{path}: there is no such file; {command} writes one"
    return f"{heading}\n\n{rows_as_text(rows, width, path.removesuffix(Path(path).name))}"


def check_config() -> None:
    """Raise UsageError for a file that is wrong, CredentialsError for one that holds a secret and that others can read."""
    file = read_config(os.environ)
    if file is None:
        return
    rows = [*setting_rows(file, InUse(Options(), {}, {}))]
    if any(row.value == HIDDEN for row in rows):
        read_config(os.environ, secret=True)


def edit_config(terminal: Callable[[], AbstractContextManager[object]]) -> str:
    """Open the file in the editor, made first where it is not there, and check it; return where it is.

    terminal: lends the terminal to the editor. Raises WscliError for what is wrong with the file afterwards.
    """
    path = path_in_use(os.environ)
    if not Path(path).exists():
        path = create_config(os.environ)
    with terminal():
        run_editor(path, "the configuration")
    check_config()
    return path
