"""Folders of the person's own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path  # for the hints alone: every stream begins here, and pathlib is late by a millisecond

NOWHERE = "/dev/null"  # a home in which nothing is, and nothing can be kept


def home(env: Mapping[str, str]) -> str:
    """Return the home directory; NOWHERE for somebody who has none: no HOME, and no entry among the system's users.

    >>> home({"HOME": "/home/me"})
    '/home/me'
    """
    found = env.get("HOME") or os.path.expanduser("~")  # noqa: PTH111
    return found if os.path.isabs(found) else NOWHERE  # noqa: PTH117


def own_folder(path: Path) -> None:
    """Make a folder, and those above it that are missing, for its owner alone, whatever the umask. Raises OSError."""
    for folder in reversed([one for one in (path, *path.parents) if not one.exists()]):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o700)
