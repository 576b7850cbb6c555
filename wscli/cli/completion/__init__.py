"""The completion scripts: the rows of `candidates` in the template of each shell. The folder `completions/` holds the result."""

from __future__ import annotations

import pkgutil
import shlex
from collections.abc import Iterable

from wscli.cli.completion.candidates import SHELLS, Row, completion_rows

TEMPLATES = {"bash": "bash.sh", "zsh": "zsh.sh", "fish": "fish.fish"}
FILES = {"bash": "wscli.bash", "zsh": "_wscli", "fish": "wscli.fish"}  # as the shells look for them

assert list(TEMPLATES) == list(SHELLS)


def completion_script(shell: str) -> str:
    """Return the completion script for a shell."""
    rows = completion_rows()
    data = {"bash": _bash, "zsh": _zsh, "fish": _fish}[shell](rows)
    template = pkgutil.get_data(__name__, TEMPLATES[shell])  # also where the package lies in a zip archive
    assert template is not None
    return template.decode().replace("@DATA@", data)


def _bash(rows: Iterable[Row]) -> str:
    return "\n".join(
        f"        {shlex.quote(key)}) found=({_quoted(word for word, _ in words)}) ;;" for key, words in _grouped(rows)
    )


def _zsh(rows: Iterable[Row]) -> str:
    lines = []
    for key, words in _grouped(rows):
        meanings = (
            f" meant=({_quoted(meaning for _, meaning in words)})" if any(meaning for _, meaning in words) else ""
        )
        lines.append(f"        {shlex.quote(key)}) found=({_quoted(word for word, _ in words)}){meanings} ;;")
    return "\n".join(lines)


def _fish(rows: Iterable[Row]) -> str:
    return " \\\n".join("'" + "\t".join(row).replace("\\", "\\\\").replace("'", "\\'") + "'" for row in rows)


def _grouped(rows: Iterable[Row]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the words and meanings of each key, keys in the order of their first row."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for key, word, meaning in rows:
        groups.setdefault(key, []).append((word, meaning))
    return list(groups.items())


def _quoted(words: Iterable[str]) -> str:
    return " ".join(shlex.quote(word) for word in words)
