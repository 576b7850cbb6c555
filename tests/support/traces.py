"""What a scripted client did, as text: the frames of each connection, standard error, gaps, statuses, each with its time.

The golden files beside the tests were written by the tests themselves: `WSCLI_REWRITE=1 python -m pytest -n 0 tests/session` writes
them anew.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

REWRITE = os.environ.get("WSCLI_REWRITE") == "1"
HEADING = "=== "


class Trace:
    """The lines of one test."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, clock: Callable[[], float], what: str, text: str = "") -> None:
        self.lines.append(f"{clock():.3f} {what} {text}".rstrip())


def path_of(test_file: Path) -> Path:
    return test_file.parent / "traces" / f"{test_file.stem}.txt"


@cache
def _sections(path: Path) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    for line in path.read_text().splitlines() if path.exists() else ():
        if line.startswith(HEADING):
            current = sections.setdefault(line.removeprefix(HEADING), [])
        else:
            current.append(line)
    return sections


def check(test_file: Path, name: str, lines: list[str]) -> None:
    """Compare the trace of a test with the one that is kept."""
    path, lines = path_of(test_file), [part for line in lines for part in line.split("\n")]
    sections = _sections(path)
    if not REWRITE:
        assert lines == sections.get(name, []), f"the trace differs from {path.name}"
        return
    sections[name] = lines
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        "".join(f"{HEADING}{one}\n" + "".join(f"{line}\n" for line in sections[one]) for one in sorted(sections))
    )
