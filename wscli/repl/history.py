"""The lines that were typed, kept under the XDG state directory for nobody else to read; none that holds a secret."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from prompt_toolkit.history import History

from wscli.folders import own_folder

MOST = 5000  # lines that are read back
_SECRET = re.compile(
    r"""(?ix) authorization | cookie | :// [^/\s"']* @ | \b(password|passphrase|secret|token|signature|sign|sig|api_?key)\b ["']?\s*[:=]"""
)


def path(env: Mapping[str, str]) -> Path:
    """Return where it is: $XDG_STATE_HOME/wscli/history."""
    return (
        Path(env.get("XDG_STATE_HOME") or Path(env.get("HOME", "~")).expanduser() / ".local" / "state")
        / "wscli"
        / "history"
    )


def worth_keeping(line: str, secrets: Iterable[str] = ()) -> bool:
    """Say whether a line is kept: not one that begins with a space, nor one that holds a secret or looks as if it did.

    >>> worth_keeping("subscribe trade BTCUSDT"), worth_keeping(" ping"), worth_keeping('send {"token": "x"}')
    (True, False, False)
    """
    if not line.strip() or line[0].isspace() or _SECRET.search(line):
        return False
    return not any(secret in line for secret in secrets if len(secret) >= 6)


class Kept(History):
    """A file of lines, each as JSON, so that one may go over several. Where it cannot be written they last for this run."""

    def __init__(self, where: Path, secrets: Iterable[str]) -> None:
        super().__init__()
        self._where, self._secrets = where, tuple(secrets)

    def load_history_strings(self) -> Iterable[str]:
        lines: list[str] = []
        with contextlib.suppress(OSError, UnicodeDecodeError):
            for text in self._where.read_text().splitlines()[-MOST:]:
                with contextlib.suppress(ValueError):
                    if isinstance(line := json.loads(text), str):
                        lines.append(line)
        return reversed(lines)

    def append_string(self, string: str) -> None:
        if worth_keeping(string, self._secrets):
            super().append_string(string)

    def store_string(self, string: str) -> None:
        with contextlib.suppress(OSError):
            own_folder(self._where.parent)
            file = os.open(self._where, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            try:
                os.fchmod(file, 0o600)
                os.write(file, f"{json.dumps(string)}\n".encode())
            finally:
                os.close(file)
