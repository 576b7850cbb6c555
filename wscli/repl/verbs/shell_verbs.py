"""Commands of the shell at the prompt: `! COMMAND`, and `VERB … | COMMAND`, which have the terminal while they run."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import IO

from wscli.core.errors import UsageError, WscliError
from wscli.repl.verbs.invocation import Invocation
from wscli.repl.workspace.workspace import Workspace
from wscli.storage.child_processes import end_process, without_wscli_variables

POLL_S = 0.05


def run_shell(workspace: Workspace, invocation: Invocation) -> None:
    """Run a command of the shell. In a script raises WscliError where it fails."""
    command = " ".join(invocation.arguments).strip()
    if not command:
        raise UsageError("! needs a command", "!date")
    run_command(workspace, command, None)


def run_command(workspace: Workspace, command: str, text: str | None) -> None:
    """Run a command, with a text for its standard input, until it ends.

    At the prompt it has the terminal, and how it ends is its own affair. In a script its output is that of the script; raises
    WscliError where it fails.
    """
    if workspace.interactive:
        with workspace.terminal.lend_to_command():
            if _run(workspace, command, text, None) in (-signal.SIGINT, 128 + signal.SIGINT):
                sys.stdout.write("\n")  # the terminal has shown ^C
                sys.stdout.flush()
        return
    status = _run(workspace, command, text, workspace.print_result)
    if status:
        raise WscliError(f"{command.split()[0]} ended with status {status}", "its own messages are above")


@contextlib.contextmanager
def running_command(workspace: Workspace, command: str) -> Iterator[int]:
    """Run a command meanwhile; yield the descriptor of its standard input. At the end that is closed, and the command is waited for."""
    child = _started(command, stdin=subprocess.PIPE)
    assert child.stdin is not None
    try:
        yield child.stdin.fileno()
        child.stdin.close()
        _wait(workspace, child)
    finally:
        child.stdin.close()
        end_process(child, 0.0)


def _run(workspace: Workspace, command: str, text: str | None, show: Callable[[str], None] | None) -> int:
    """Return the exit status of a command. show: is given each line of its output; without it the terminal is."""
    child = _started(
        command,
        stdin=subprocess.PIPE if text is not None else None if show is None else subprocess.DEVNULL,
        stdout=subprocess.PIPE if show is not None else None,
    )
    threads = []
    if text is not None and child.stdin is not None:
        threads.append(threading.Thread(target=_feed, args=(child.stdin, text), daemon=True))
    if show is not None and child.stdout is not None:
        threads.append(threading.Thread(target=_show_lines, args=(child.stdout, show), daemon=True))
    for thread in threads:
        thread.start()
    try:
        _wait(workspace, child)
        for thread in threads:
            thread.join()
    finally:
        end_process(child, 0.0)
    return child.returncode


def _started(command: str, *, stdin: int | None, stdout: int | None = None) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            ["/bin/sh", "-c", command], stdin=stdin, stdout=stdout, env=without_wscli_variables(os.environ)
        )
    except (OSError, ValueError) as error:  # no process is left, or there is a NUL in the command
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(f"{command}: {reason}", "check the command") from error


def _wait(workspace: Workspace, child: subprocess.Popen[bytes]) -> None:
    while child.poll() is None:
        workspace.waits.check()
        with suppress(subprocess.TimeoutExpired):
            child.wait(POLL_S)


def _feed(command_input: IO[bytes], text: str) -> None:
    with suppress(OSError), command_input:  # it may end before it has read everything
        command_input.write(text.encode("utf-8", "backslashreplace"))


def _show_lines(command_output: IO[bytes], show: Callable[[str], None]) -> None:
    with command_output:
        for line in command_output:
            show(line.decode("utf-8", "backslashreplace"))
