"""Folders of the person's own."""

from __future__ import annotations

from pathlib import Path


def own_folder(path: Path) -> None:
    """Make a folder, and those above it that are missing, for its owner alone, whatever the umask. Raises OSError."""
    for folder in reversed([one for one in (path, *path.parents) if not one.exists()]):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o700)
