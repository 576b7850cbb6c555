"""The start-up script of the prompt: ~/.config/wscli/startup. Its lines are run before the first line is typed."""

from __future__ import annotations

import os
from collections.abc import Mapping

from wscli.core.errors import UsageError
from wscli.repl.verbs.interpreter import Interpreter
from wscli.repl.workspace.workspace import Workspace
from wscli.storage import files
from wscli.storage.config.reading import is_ignored
from wscli.storage.paths import config_folder
from wscli.storage.private_files import check_owner


def run_startup(workspace: Workspace, interpreter: Interpreter, env: Mapping[str, str]) -> None:
    """Run the script, if there is one: a line that fails is reported with its place, and the others run.

    The exchange that the command line named stays the one in use. Raises WscliError for a script that cannot be read.
    """
    if is_ignored(env):
        return
    path = startup_path(env)
    lines = _lines_of(path)
    named = workspace.current_label
    workspace.settings.confirms = False
    try:
        interpreter.run_lines(lines, path, keep_going=True)
    finally:
        workspace.settings.confirms = True
    if named in workspace.workers:
        workspace.current_label = named


def startup_path(env: Mapping[str, str]) -> str:
    """Return where the script is.

    >>> startup_path({"HOME": "/home/me"})
    '/home/me/.config/wscli/startup'
    """
    return f"{config_folder(env)}/startup"


def _lines_of(path: str) -> list[str]:
    try:
        check_owner(path, os.stat(path))  # noqa: PTH116
        return files.read_file(path).decode("utf-8-sig").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not text"
        raise UsageError(
            f"the start-up script {path} cannot be read: {reason}", "--no-config starts without it"
        ) from error
