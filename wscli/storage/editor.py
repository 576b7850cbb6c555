"""The editor of the user's own: $VISUAL, $EDITOR, or the first there is. It inherits nothing of wscli's."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping

from wscli.core.errors import UsageError, WscliError
from wscli.storage.child_processes import without_wscli_variables

COMMON_EDITORS = ("editor", "nano", "vi", "emacs")
EDITOR_HINT = "set EDITOR=vi before you start wscli"


def editor_command(env: Mapping[str, str]) -> list[str]:
    """Return the words that start the editor. Raises UsageError where there is none.

    >>> editor_command({"EDITOR": "code --wait", "VISUAL": ""})
    ['code', '--wait']
    """
    configured = env.get("VISUAL") or env.get("EDITOR")
    try:
        arguments = (
            shlex.split(configured) if configured else [name for name in COMMON_EDITORS if shutil.which(name)][:1]
        )
    except ValueError:
        raise UsageError(f"not a command: EDITOR={configured}", EDITOR_HINT) from None
    if not arguments:
        raise UsageError("no editor is configured", EDITOR_HINT)
    return arguments


def run_editor(path: str, what: str) -> None:
    """Open a file in the editor, and wait for its end. Raises WscliError where it fails. what: is unchanged then."""
    arguments = editor_command(os.environ)
    try:
        status = subprocess.call([*arguments, path], env=without_wscli_variables(os.environ))
    except OSError as error:
        raise WscliError(f"{arguments[0]}: {error.strerror}", EDITOR_HINT) from error
    if status:
        raise WscliError(f"{arguments[0]} ended with status {status}: {what} is unchanged", EDITOR_HINT)
