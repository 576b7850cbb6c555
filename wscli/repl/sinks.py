"""Where a command's stream may go instead of the screen: `| jq .data.p`, `> file.jsonl`, `>> file.jsonl`.

What a command says is read through a pseudo-terminal where it is for eyes, since most programs say it line by line only there.
"""

from __future__ import annotations

import contextlib
import os
import pty
import re
import shlex
import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from wscli.errors import UsageError
from wscli.interrupts import PipeClosed
from wscli.output import Output
from wscli.view import safe

LAST_WORDS_S = 2.0  # for a command whose input has ended
STUCK = 30  # times, about a tenth of a second each, that a command takes nothing before a word about it
_COLOURS = re.compile(r"\x1b\[[0-9;]*[mK]")


class Sink:
    """An open file, or a running command.

    told: is given each line that a command says; where it is for eyes, without what drives a terminal.
    note: is told that a command takes nothing.
    """

    def __init__(
        self,
        op: Literal["|", ">", ">>"],
        target: str,
        told: Callable[[str], None],
        note: Callable[[str], None] = lambda text: None,
        *,
        for_eyes: bool = False,
    ) -> None:
        self.words = f"{op} {target}"
        self._told, self._note, self._for_eyes = told, note, for_eyes
        self._waits = 0
        self._given_up = False
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
        ours, theirs = pty.openpty() if self._for_eyes else os.pipe()
        self._child = subprocess.Popen(
            ["/bin/sh", "-c", command],
            stdin=subprocess.PIPE, stdout=theirs, stderr=theirs,
            env={**known, "TERM": "dumb"} if self._for_eyes else known, start_new_session=True, bufsize=0,
        )  # fmt: skip
        os.close(theirs)
        assert self._child.stdin is not None
        self._output = Output(out=self._child.stdin.fileno())
        self._listener = threading.Thread(target=self._listen, args=(ours,), name="piped", daemon=True)
        self._listener.start()

    def _listen(self, ours: int) -> None:
        with os.fdopen(ours, "rb") as said, contextlib.suppress(OSError):  # a terminal without anybody is an error
            for line in said:
                text = line.decode("utf-8", "backslashreplace").rstrip("\r\n")
                self._told(safe(_COLOURS.sub("", text)) if self._for_eyes else text)

    def write(self, text: str, idle: Callable[[], None]) -> None:
        """Write a text whole. Raises PipeClosed where a command reads no more, WscliError for a disk that is full."""
        self._output.idle = lambda: self._idle(idle)
        self._output.data(text)
        self._output.flush()
        self._waits = 0

    def _idle(self, idle: Callable[[], None]) -> None:
        if self._given_up:
            raise PipeClosed
        self._waits += 1
        if self._waits == STUCK:
            self._note(f"{self.words} takes nothing: its venue waits for it; unsubscribe, or Ctrl-C, ends it")
        idle()

    def give_up(self) -> None:
        """Wait no longer for a command that has taken nothing for long; any thread may say so."""
        self._given_up = self._given_up or self._waits >= STUCK

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
            return None  # it was ended: how is no news
        assert self._listener is not None
        self._listener.join(LAST_WORDS_S)
        status = self._child.returncode
        return f"{self.words[2:].split()[0]} ended with status {status}" if status else None


def _opened(target: str, *, appending: bool) -> int:
    try:
        [target] = shlex.split(target)
    except ValueError:
        raise UsageError(f"> {target}: not one file name", "a name with spaces in it is quoted: > 'my file'") from None
    how = os.O_APPEND if appending else os.O_TRUNC
    try:
        return os.open(Path(target).expanduser(), os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | how, 0o600)
    except OSError as error:
        raise UsageError(f"> {target}: {error.strerror}", "it takes a file that can be written") from error
