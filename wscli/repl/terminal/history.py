"""The lines that were typed, kept under the XDG state directory for nobody else to read; none that holds a secret."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from prompt_toolkit.history import History

from wscli.core.jsontext import Secret
from wscli.core.redaction import Redactor
from wscli.core.secrets import has_secret
from wscli.storage import files, private_files
from wscli.storage.paths import state_folder

MAX_LINES = 5000  # lines that are read back
MAX_FILE_BYTES = 4 << 20  # of the file, which are read at every start
MAX_LINE_LENGTH = 1 << 16  # characters of a line: a longer one is looked for in vain, and slows every key down


def history_path(env: Mapping[str, str], name: str = "history") -> Path:
    """Return where it is: $XDG_STATE_HOME/wscli/history; that of `connect` has another name."""
    return Path(state_folder(env)) / name


def may_be_stored(line: str, veil: Redactor) -> bool:
    """Say whether a line is kept: not one that begins with a space, nor one that holds a secret or looks as if it did.

    >>> redactor = Redactor()
    >>> may_be_stored("subscribe trade BTCUSDT", redactor), may_be_stored(" ping", redactor), may_be_stored('send {"token": "x"}', redactor)
    (True, False, False)
    """
    return bool(line.strip()) and not line[0].isspace() and not has_secret(line) and veil.redact(line) == line


class HistoryFile(History):
    """A file of lines, each as JSON, so that one may go over several. Where it cannot be written they last for this run."""

    def __init__(self, file_path: Path, secrets: Iterable[str]) -> None:
        super().__init__()
        self._file_path, self._veil = file_path, Redactor()
        self._veil.add_secrets(*map(Secret, secrets))

    def load_history_strings(self) -> Iterable[str]:
        lines: list[str] = []
        with contextlib.suppress(OSError, UnicodeDecodeError):
            for text in files.read_tail(self._file_path, MAX_FILE_BYTES).decode().splitlines()[-MAX_LINES:]:
                with contextlib.suppress(ValueError, RecursionError):
                    if isinstance(line := json.loads(text), str) and len(line) <= MAX_LINE_LENGTH:
                        lines.append(line)
        return reversed(lines)

    def append_string(self, string: str) -> None:
        if len(string) <= MAX_LINE_LENGTH and may_be_stored(string, self._veil):
            super().append_string(string)

    def store_string(self, string: str) -> None:
        with contextlib.suppress(OSError):
            private_files.append(self._file_path, f"{json.dumps(string)}\n".encode())
