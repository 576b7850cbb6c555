"""Favourites: lines of the prompt under a name, a file each in the configuration directory, for nobody else to read."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Sequence
from pathlib import Path

from wscli.core.errors import UsageError, choices
from wscli.storage import files, private_files
from wscli.storage.paths import config_folder

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def favourites_directory() -> Path:
    """Return where they are: $XDG_CONFIG_HOME/wscli/favourites."""
    return Path(config_folder(os.environ)) / "favourites"


def names() -> list[str]:
    """Return the names there are, in order."""
    with contextlib.suppress(OSError):
        return sorted(path.stem for path in favourites_directory().glob("*.wscli") if _NAME.fullmatch(path.stem))
    return []


def _favourite_path(name: str) -> Path:
    if _NAME.fullmatch(name) is None:
        raise UsageError(f"not a name: {name!r}", "use letters, digits, dots and dashes", word=name)
    return favourites_directory() / f"{name}.wscli"


def write(name: str, lines: Sequence[str]) -> Path:
    """Keep lines under a name, in place of what was there; return where. Raises UsageError where that cannot be."""
    path = _favourite_path(name)
    try:
        private_files.replace(path, "".join(f"{line}\n" for line in lines).encode())
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}", "check that the directory is yours and has space") from error
    return path


def read(name: str) -> list[str]:
    """Return the lines kept under a name. Raises UsageError where there are none."""
    try:
        return files.read_file(_favourite_path(name)).decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        known = names()
        hint = choices(name, known) if known else "save NAME creates one"
        raise UsageError(f"no favourite named {name!r}", hint, word=name) from error
