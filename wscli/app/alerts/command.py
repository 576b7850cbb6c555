"""Runs the command of an alert: one at a time, started at most once a second, never waited for by the stream."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence

from wscli.core.errors import error_text
from wscli.core.record import record
from wscli.storage.child_processes import end_process, without_wscli_variables

MIN_INTERVAL_S = 1.0  # between two starts
TERM_GRACE_S = 0.2  # before TERM, and from TERM to KILL
END_TIMEOUT_S = 2.0  # of its thread, once it was ended
MAX_LINE_BYTES = 8192  # of what a command prints at the prompt


@record
class CommandOutput:
    """Where the output of a command goes. descriptor: a file of ours; None: to print_line, line by line."""

    descriptor: int | None
    print_line: Callable[[str], None]
    note: Callable[[str], None]


@record
class Start:
    """One start of a command: its arguments, its variables beside those of wscli's own environment, its standard input."""

    arguments: Sequence[str]
    variables: Mapping[str, str]
    text: str


class CommandRunner:
    """Runs one command again and again, in a thread of its own while it runs. runs, failures: so far. is_closed: nothing is run any more."""

    def __init__(self, name: str, output: CommandOutput, monotonic: Callable[[], float]) -> None:
        self.name = name
        self.runs = self.failures = 0
        self.is_closed = False
        self._output, self._monotonic = output, monotonic
        self._started_at: float | None = None
        self._thread: threading.Thread | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()  # of the child

    @property
    def is_free(self) -> bool:
        """Whether it may be started now."""
        is_running = self._thread is not None and self._thread.is_alive()
        waits = self._started_at is not None and self._monotonic() - self._started_at < MIN_INTERVAL_S
        return not (self.is_closed or is_running or waits)

    def start(self, start: Start) -> None:
        """Start it, and return at once."""
        self._started_at = self._monotonic()
        self.runs += 1
        thread = threading.Thread(target=self._run, args=(start,), name=f"wscli {self.name}", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:  # the system has no more
            self._report(f"cannot be run: {error_text(error)}")
            return
        self._thread = thread

    def close(self, grace_s: float) -> None:
        """Let a command that runs end within a time, else end it, with what it has started."""
        if self._thread is not None:
            self._thread.join(grace_s)
        with self._lock:
            self.is_closed = True  # and nothing is started, or reported, any more
            child = self._child
        if child is not None:
            end_process(child, TERM_GRACE_S, group=True)
            if grace_s > 0:
                self._output.note(f"{self.name} was still running {grace_s:g} s after the stream, and was ended")
        if self._thread is not None:
            self._thread.join(END_TIMEOUT_S)

    def _run(self, start: Start) -> None:
        import tempfile  # lazily: few lines have an alert

        try:
            with tempfile.TemporaryFile() as given:  # not a pipe: a command that reads nothing holds nothing up
                given.write(f"{start.text}\n".encode("utf-8", "backslashreplace"))
                given.seek(0)
                status = self._wait(self._popen(start, given.fileno()))
        except (OSError, ValueError) as error:
            self._report(f"cannot be run: {error_text(error)}")
            return
        if status and not self.is_closed:
            ended_by = f"was ended by {_signal_name(-status)}" if status < 0 else f"failed with status {status}"
            self._report(ended_by)

    def _popen(self, start: Start, given: int) -> subprocess.Popen[bytes]:
        variables = {**without_wscli_variables(os.environ), **start.variables}
        target = subprocess.PIPE if self._output.descriptor is None else self._output.descriptor
        with self._lock:
            if self.is_closed:
                raise InterruptedError("the stream ended")
            self._child = subprocess.Popen(
                [_bytes(word) for word in start.arguments],
                stdin=given,
                stdout=target,
                stderr=subprocess.STDOUT,
                env={_bytes(name): _bytes(text) for name, text in variables.items()},
                process_group=0,
            )
            return self._child

    def _wait(self, child: subprocess.Popen[bytes]) -> int:
        with child:
            if child.stdout is not None:
                while line := child.stdout.readline(MAX_LINE_BYTES):
                    self._output.print_line(line.decode("utf-8", "replace").rstrip("\r\n"))
            status = child.wait()
        with self._lock:
            self._child = None
        return status

    def _report(self, what: str) -> None:
        """Name a command that failed, the first time."""
        self.failures += 1
        if self.failures == 1 and not self.is_closed:
            self._output.note(f"{self.name} {what}")


def command_name(words: Sequence[str]) -> str:
    """Return what a command is called in a notice: its words as they were typed."""
    return f"the command {shlex.join(words)}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _bytes(text: str) -> bytes:
    # os.environ has bytes that are no UTF-8 as surrogates; a message may hold a NUL, which no argument can
    return text.replace("\0", "").encode("utf-8", "surrogateescape" if _is_from_system(text) else "backslashreplace")


def _is_from_system(text: str) -> bool:
    return all(not "\ud800" <= c <= "\udfff" or "\udc80" <= c <= "\udcff" for c in text)
