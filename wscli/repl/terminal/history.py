"""The lines that were typed, kept under the XDG state directory for nobody else to read; none that holds a secret."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from prompt_toolkit.history import History

from wscli.core.jsontext import Secret
from wscli.core.redaction import Veil
from wscli.core.secrets import reveals
from wscli.storage import files, private_files
from wscli.storage.paths import state_folder

MOST = 5000  # lines that are read back
MOST_BYTES = 4 << 20  # of the file, which are read at every start
LONGEST = 1 << 16  # characters of a line: a longer one is looked for in vain, and slows every key down


def path(env: Mapping[str, str]) -> Path:
    """Return where it is: $XDG_STATE_HOME/wscli/history."""
    return Path(state_folder(env)) / "history"


def worth_keeping(line: str, veil: Veil) -> bool:
    """Say whether a line is kept: not one that begins with a space, nor one that holds a secret or looks as if it did.

    >>> veil = Veil()
    >>> worth_keeping("subscribe trade BTCUSDT", veil), worth_keeping(" ping", veil), worth_keeping('send {"token": "x"}', veil)
    (True, False, False)
    """
    return bool(line.strip()) and not line[0].isspace() and not reveals(line) and veil.over(line) == line


class Kept(History):
    """A file of lines, each as JSON, so that one may go over several. Where it cannot be written they last for this run."""

    def __init__(self, where: Path, secrets: Iterable[str]) -> None:
        super().__init__()
        self._where, self._veil = where, Veil()
        self._veil.hide(*map(Secret, secrets))

    def load_history_strings(self) -> Iterable[str]:
        lines: list[str] = []
        with contextlib.suppress(OSError, UnicodeDecodeError):
            for text in files.end(self._where, MOST_BYTES).decode().splitlines()[-MOST:]:
                with contextlib.suppress(ValueError, RecursionError):
                    if isinstance(line := json.loads(text), str) and len(line) <= LONGEST:
                        lines.append(line)
        return reversed(lines)

    def append_string(self, string: str) -> None:
        if len(string) <= LONGEST and worth_keeping(string, self._veil):
            super().append_string(string)

    def store_string(self, string: str) -> None:
        with contextlib.suppress(OSError):
            private_files.append(self._where, f"{json.dumps(string)}\n".encode())
