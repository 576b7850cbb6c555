"""Where a command's stream may go instead of the screen: `| jq .data.p`, `> file.jsonl`, `>> file.jsonl`."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from wscli.errors import UsageError
from wscli.output import Output

LAST_WORDS_S = 2.0  # for a command whose input has ended


class Sink:
    """An open file, or a running command. `told` is given each line that a command writes, and how it ended."""

    def __init__(self, op: Literal["|", ">", ">>"], target: str, told: Callable[[str], None]) -> None:
        self.words = f"{op} {target}"
        self._told = told
        self._child: subprocess.Popen[bytes] | None = None
        self._listener: threading.Thread | None = None
        if not target:
            raise UsageError(
                f"{op} needs {'a command' if op == '|' else 'a file'}",
                f"… {op} " + ("jq ." if op == "|" else "file.jsonl"),
            )
        if op == "|":
            self._start(target)
        else:
            self._output = Output(out=_opened(target, appending=op == ">>"))

    def _start(self, command: str) -> None:
        known = {name: held for name, held in os.environ.items() if not name.startswith("WSCLI_")}
        self._child = subprocess.Popen(
            ["/bin/sh", "-c", command],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=known, start_new_session=True, bufsize=0,
        )  # fmt: skip
        assert self._child.stdin is not None
        self._output = Output(out=self._child.stdin.fileno())
        self._listener = threading.Thread(target=self._listen, name="piped", daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self._child is not None
        assert self._child.stdout is not None
        for line in self._child.stdout:
            self._told(line.decode("utf-8", "backslashreplace").rstrip("\r\n"))

    def write(self, text: str, idle: Callable[[], None]) -> None:
        """Write a text whole. Raises PipeClosed where a command reads no more, WscliError for a disk that is full."""
        self._output.idle = idle
        self._output.data(text)
        self._output.flush()

    def close(self) -> str | None:
        """End it; return how a command that failed ended."""
        self._output.close()
        if self._child is None:
            return None
        with contextlib.suppress(OSError):
            self._child.stdin.close()  # type: ignore[union-attr]
        try:
            self._child.wait(LAST_WORDS_S)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(OSError):
                os.killpg(self._child.pid, signal.SIGTERM)
            self._child.wait()
        assert self._listener is not None
        self._listener.join(LAST_WORDS_S)
        status = self._child.returncode
        return f"{self.words[2:].split()[0]} ended with status {status}" if status else None


def _opened(target: str, *, appending: bool) -> int:
    how = os.O_APPEND if appending else os.O_TRUNC
    try:
        return os.open(Path(target).expanduser(), os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | how, 0o600)
    except OSError as error:
        raise UsageError(f"> {target}: {error.strerror}", "it takes a file that can be written") from error
