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

from wscli.core.endings import PipeClosed
from wscli.core.errors import UsageError, WscliError, error_text, resource_error
from wscli.output.json_layout import escape_controls
from wscli.output.stdout import Output
from wscli.storage.child_processes import end_process, without_wscli_variables
from wscli.transport.frames import MAX_MESSAGE_BYTES

EXIT_TIMEOUT_S = 2.0  # for a command whose input has ended
STALLED_POLLS = 30  # times, about a tenth of a second each, that a command takes nothing before a word about it
STALLED_POLLS_ON_CLOSE = 10  # the same, where the user leaves
MAX_SEEN = 1 << 16  # characters of a line that are for eyes
TRUNCATED_NOTE = "… the rest of this line is omitted"
_COLOURS = re.compile(r"\x1b\[[0-9;]*[mK]")


class Redirect:
    """An open file, or a running command.

    on_line: is given each line that a command says; where it is for eyes, without what drives a terminal.
    on_stalled: called when a command reads nothing.
    """

    def __init__(
        self,
        op: Literal["|", ">", ">>", ">!"],
        target: str,
        on_line: Callable[[str], None],
        on_stalled: Callable[[str], None] = lambda text: None,
        *,
        for_terminal: bool = False,
    ) -> None:
        self.op, self.target = op, target
        self._on_line, self._on_stalled, self._for_terminal = on_line, on_stalled, for_terminal
        self._stalled_polls = 0
        self._cancelled = self._closed = False
        self._close_lock = threading.Lock()  # over `_closed` and how it ended
        self._failure: str | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        if op == "|":
            self._start(target)
        else:
            self._output = Output(out=open_file(target, appending=op == ">>"))

    @property
    def description(self) -> str:
        """Where the stream goes, as it was typed."""
        return f"{self.op} {self.target}"

    def _start(self, command: str) -> None:
        try:
            self._start_shell(command)
        except (OSError, RuntimeError) as refused:  # no process, no descriptor, no thread
            raise resource_error(refused) or WscliError(
                f"| {command}: {error_text(refused)}", "check that /bin/sh exists"
            ) from refused

    def _start_shell(self, command: str) -> None:
        environment = without_wscli_variables(os.environ)
        with contextlib.ExitStack() as opened:
            try:
                read_end, write_end = pty.openpty() if self._for_terminal else os.pipe()
                opened.callback(os.close, read_end)
                with contextlib.closing(os.fdopen(write_end, "wb")):  # no use for ours but to hand it on
                    self._child = subprocess.Popen(
                        ["/bin/sh", "-c", command],
                        stdin=subprocess.PIPE, stdout=write_end, stderr=write_end,
                        env={**environment, "TERM": "dumb"} if self._for_terminal else environment, start_new_session=True, bufsize=0,
                    )  # fmt: skip
            except (OSError, ValueError) as error:  # no process or descriptor is left, or there is a NUL in it
                reason = error.strerror if isinstance(error, OSError) else str(error)
                raise UsageError(f"| {command}: {reason}", "… | jq .") from error
            opened.pop_all()
        assert self._child.stdin is not None
        self._output = Output(out=self._child.stdin.fileno())
        self._reader = threading.Thread(target=self._read_output, args=(read_end,), name="piped", daemon=True)
        self._reader.start()

    def _read_output(self, descriptor: int) -> None:
        with (
            os.fdopen(descriptor, "rb") as command_output,
            contextlib.suppress(OSError),
        ):  # a terminal without anybody is an error
            for line in bounded_lines(command_output, MAX_SEEN if self._for_terminal else MAX_MESSAGE_BYTES):
                text = line.decode("utf-8", "backslashreplace").rstrip("\r\n")
                self._on_line(escape_controls(_COLOURS.sub("", text)) if self._for_terminal else text)

    def write(self, text: str, idle: Callable[[], None]) -> None:
        """Write a text whole. Raises PipeClosed where a command reads no more, WscliError for a disk that is full."""
        self._output.on_blocked = lambda: self._idle(idle)
        self._output.write_text(text)
        self._output.flush()
        self._stalled_polls, self._cancelled = 0, False

    def _idle(self, idle: Callable[[], None]) -> None:
        if self._cancelled:
            raise PipeClosed
        self._stalled_polls += 1
        if self._stalled_polls == STALLED_POLLS:
            self._on_stalled(
                f"{self.description} reads nothing, and its exchange waits for it; unsubscribe or Ctrl-C stops it"
            )
        idle()

    def cancel_if_stalled(self, after_polls: int = STALLED_POLLS) -> None:
        """Wait no longer for a command that has taken nothing for so long; any thread may say so."""
        self._cancelled = self._cancelled or self._stalled_polls >= after_polls

    def close(self) -> str | None:
        """End it; return how a command that failed ended. Again is the same."""
        with self._close_lock:
            if not self._closed:
                self._closed, self._failure = True, self._close()
            return self._failure

    def _close(self) -> str | None:
        self._output.close()
        if self._child is None:
            return None
        with contextlib.suppress(OSError):
            self._child.stdin.close()  # type: ignore[union-attr]
        if not end_process(self._child, EXIT_TIMEOUT_S, group=True):
            return None  # it was ended: how is no news
        assert self._reader is not None
        self._reader.join(EXIT_TIMEOUT_S)
        status = self._child.returncode
        return f"{self.description[2:].split()[0]} ended with status {status}" if status else None


def close_all(redirects: Iterable[Redirect]) -> None:
    """Close several at once: each may take seconds."""
    threads = [threading.Thread(target=sink.close, daemon=True) for sink in redirects]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def bounded_lines(command_output: IO[bytes], max_bytes: int) -> Iterator[bytes]:
    """Yield the lines of a command; of one that is longer than `most` bytes its beginning, and that the rest is left out.

    >>> import io
    >>> [line.decode() for line in bounded_lines(io.BytesIO(b"one\\nabcdefgh\\ntwo"), 5)]
    ['one\\n', 'abcde… the rest of this line is omitted', 'two']
    """
    while line := command_output.readline(max_bytes):
        if len(line) < max_bytes or line.endswith(b"\n"):
            yield line
            continue
        rest = command_output.readline(max_bytes)
        yield line + (TRUNCATED_NOTE.encode() if rest.rstrip(b"\r\n") else b"")
        while rest and not rest.endswith(b"\n"):
            rest = command_output.readline(max_bytes)


def open_file(target: str, *, appending: bool) -> int:
    """Return the descriptor of a file that a line names, open for writing. Raises UsageError."""
    try:
        [name] = shlex.split(target)
    except ValueError:
        raise UsageError(f"> {target}: not one file name", f"> {shlex.quote(target)}") from None
    mode = os.O_APPEND if appending else os.O_TRUNC
    flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY | mode
    try:
        return os.open(Path(name).expanduser(), flags, 0o600)
    except (OSError, RuntimeError, ValueError) as error:  # also ~nobody, and a name with a NUL in it
        if isinstance(error, OSError) and error.errno == errno.ENXIO:
            raise UsageError(f"> {target}: a pipe without a reader", "start its reader first") from error
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(f"> {target}: {reason}", "name a file that can be written") from error
