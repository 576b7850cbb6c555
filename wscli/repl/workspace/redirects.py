"""Where a command's stream may go instead of the screen: `| jq .data.p`, `> file.jsonl`, `>> file.jsonl`.

What a command says is read through a pseudo-terminal where it is for eyes, since most programs say it line by line only there.
"""

from __future__ import annotations

import contextlib
import errno
import os
import pty
import re
import shlex
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Literal

from wscli.core.errors import UsageError, WscliError, cause, shortage
from wscli.output.formats import safe
from wscli.output.signals import PipeClosed
from wscli.output.stdout import Output
from wscli.storage.child_processes import end, inherited
from wscli.transport.frames import MAX_MESSAGE

LAST_WORDS_S = 2.0  # for a command whose input has ended
STUCK = 30  # times, about a tenth of a second each, that a command takes nothing before a word about it
IMPATIENT = 10  # the same, where somebody leaves
MOST_SEEN = 1 << 16  # characters of a line that are for eyes
CUT = "… the rest of this line is left out"
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
        self._given_up = self._closed = False
        self._closing = threading.Lock()  # over `_closed` and how it ended
        self._ended: str | None = None
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
        try:
            self._start_shell(command)
        except (OSError, RuntimeError) as refused:  # no process, no descriptor, no thread
            raise shortage(refused) or WscliError(f"| {command}: {cause(refused)}", "is there a /bin/sh?") from refused

    def _start_shell(self, command: str) -> None:
        known = inherited(os.environ)
        with contextlib.ExitStack() as opened:
            try:
                ours, theirs = pty.openpty() if self._for_eyes else os.pipe()
                opened.callback(os.close, ours)
                with contextlib.closing(os.fdopen(theirs, "wb")):  # no use for ours but to hand it on
                    self._child = subprocess.Popen(
                        ["/bin/sh", "-c", command],
                        stdin=subprocess.PIPE, stdout=theirs, stderr=theirs,
                        env={**known, "TERM": "dumb"} if self._for_eyes else known, start_new_session=True, bufsize=0,
                    )  # fmt: skip
            except (OSError, ValueError) as error:  # no process or descriptor is left, or there is a NUL in it
                said = error.strerror if isinstance(error, OSError) else str(error)
                raise UsageError(f"| {command}: {said}", "… | jq .") from error
            opened.pop_all()
        assert self._child.stdin is not None
        self._output = Output(out=self._child.stdin.fileno())
        self._listener = threading.Thread(target=self._listen, args=(ours,), name="piped", daemon=True)
        self._listener.start()

    def _listen(self, ours: int) -> None:
        with os.fdopen(ours, "rb") as said, contextlib.suppress(OSError):  # a terminal without anybody is an error
            for line in lines_of(said, MOST_SEEN if self._for_eyes else MAX_MESSAGE):
                text = line.decode("utf-8", "backslashreplace").rstrip("\r\n")
                self._told(safe(_COLOURS.sub("", text)) if self._for_eyes else text)

    def write(self, text: str, idle: Callable[[], None]) -> None:
        """Write a text whole. Raises PipeClosed where a command reads no more, WscliError for a disk that is full."""
        self._output.idle = lambda: self._idle(idle)
        self._output.data(text)
        self._output.flush()
        self._waits, self._given_up = 0, False

    def _idle(self, idle: Callable[[], None]) -> None:
        if self._given_up:
            raise PipeClosed
        self._waits += 1
        if self._waits == STUCK:
            self._note(f"{self.words} takes nothing: its venue waits for it; unsubscribe, or Ctrl-C, ends it")
        idle()

    def give_up(self, after: int = STUCK) -> None:
        """Wait no longer for a command that has taken nothing for so long; any thread may say so."""
        self._given_up = self._given_up or self._waits >= after

    def close(self) -> str | None:
        """End it; return how a command that failed ended. Again is the same."""
        with self._closing:
            if not self._closed:
                self._closed, self._ended = True, self._close()
            return self._ended

    def _close(self) -> str | None:
        self._output.close()
        if self._child is None:
            return None
        with contextlib.suppress(OSError):
            self._child.stdin.close()  # type: ignore[union-attr]
        if not end(self._child, LAST_WORDS_S, group=True):
            return None  # it was ended: how is no news
        assert self._listener is not None
        self._listener.join(LAST_WORDS_S)
        status = self._child.returncode
        return f"{self.words[2:].split()[0]} ended with status {status}" if status else None


def close_all(sinks: Iterable[Sink]) -> None:
    """Close several at once: each may take seconds."""
    closing = [threading.Thread(target=sink.close, daemon=True) for sink in sinks]
    for one in closing:
        one.start()
    for one in closing:
        one.join()


def lines_of(said: IO[bytes], most: int) -> Iterator[bytes]:
    """Yield the lines of a command; of one that is longer than `most` bytes its beginning, and that the rest is left out.

    >>> import io
    >>> [line.decode() for line in lines_of(io.BytesIO(b"one\\nabcdefgh\\ntwo"), 5)]
    ['one\\n', 'abcde… the rest of this line is left out', 'two']
    """
    while line := said.readline(most):
        if len(line) < most or line.endswith(b"\n"):
            yield line
            continue
        rest = said.readline(most)
        yield line + (CUT.encode() if rest.rstrip(b"\r\n") else b"")
        while rest and not rest.endswith(b"\n"):
            rest = said.readline(most)


def _opened(target: str, *, appending: bool) -> int:
    try:
        [target] = shlex.split(target)
    except ValueError:
        raise UsageError(f"> {target}: not one file name", "a name with spaces in it is quoted: > 'my file'") from None
    how = os.O_APPEND if appending else os.O_TRUNC
    flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY | how
    try:
        return os.open(Path(target).expanduser(), flags, 0o600)
    except (OSError, RuntimeError, ValueError) as error:  # also ~nobody, and a name with a NUL in it
        if isinstance(error, OSError) and error.errno == errno.ENXIO:
            raise UsageError(f"> {target}: a pipe that nobody reads", "begin with who reads it") from error
        said = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(f"> {target}: {said}", "it takes a file that can be written") from error
