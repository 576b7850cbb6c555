"""The line in an editor of the user's own: $VISUAL, $EDITOR, or the first there is. It inherits nothing of wscli's."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from wscli.core.errors import UsageError, WscliError
from wscli.storage import files
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


def edited_in_editor(text: str) -> str:
    """Return a text as the user's editor leaves it. Raises WscliError where it fails, or leaves no text."""
    arguments = editor_command(os.environ)
    descriptor, name = tempfile.mkstemp(suffix=".wscli", prefix="line-")
    try:
        with open(descriptor, "w", encoding="utf-8", errors="surrogateescape") as file:  # noqa: PTH123
            file.write(text)
        status = subprocess.call([*arguments, name], env=without_wscli_variables(os.environ))
        if status:
            raise WscliError(f"{arguments[0]} ended with status {status}: the line is unchanged", EDITOR_HINT)
        return files.read_file(name).decode().removesuffix("\n")
    except OSError as error:
        raise WscliError(f"{arguments[0]}: {error.strerror}", EDITOR_HINT) from error
    except UnicodeDecodeError:
        raise WscliError(f"{arguments[0]} saved a text that is not UTF-8", "the line is unchanged") from None
    finally:
        Path(name).unlink(missing_ok=True)
