"""The line in an editor of the person's own: $VISUAL, $EDITOR, or the first there is. It inherits nothing of wscli's."""

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
from wscli.storage.child_processes import inherited

USUAL = ("editor", "nano", "vi", "emacs")
SETS = "EDITOR=vi sets one, before wscli is started"


def command(env: Mapping[str, str]) -> list[str]:
    """Return the words that start the editor. Raises UsageError where there is none.

    >>> command({"EDITOR": "code --wait", "VISUAL": ""})
    ['code', '--wait']
    """
    named = env.get("VISUAL") or env.get("EDITOR")
    try:
        words = shlex.split(named) if named else [one for one in USUAL if shutil.which(one)][:1]
    except ValueError:
        raise UsageError(f"not a command: EDITOR={named}", SETS) from None
    if not words:
        raise UsageError("there is no editor", SETS)
    return words


def edited(text: str) -> str:
    """Return a text as the person's editor leaves it. Raises WscliError where it fails, or leaves no text."""
    words = command(os.environ)
    number, name = tempfile.mkstemp(suffix=".wscli", prefix="line-")
    try:
        with open(number, "w", encoding="utf-8", errors="surrogateescape") as file:  # noqa: PTH123
            file.write(text)
        status = subprocess.call([*words, name], env=inherited(os.environ))
        if status:
            raise WscliError(f"{words[0]} ended with status {status}: the line is left as it was", SETS)
        return files.content(name).decode().removesuffix("\n")
    except OSError as error:
        raise WscliError(f"{words[0]}: {error.strerror}", SETS) from error
    except UnicodeDecodeError:
        raise WscliError(f"{words[0]} left a text that is not UTF-8", "the line is left as it was") from None
    finally:
        Path(name).unlink(missing_ok=True)
