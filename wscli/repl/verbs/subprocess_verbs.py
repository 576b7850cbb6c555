"""The verbs that need the whole terminal, `book` and `doctor`: a wscli process of their own, with the flags that the exchange was opened with."""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from typing import Any

from wscli.commands.flag_table import flags_of
from wscli.commands.options import DEFAULTS, Options, merged_options, option_words
from wscli.core.endings import PipeClosed
from wscli.core.errors import UsageError, WscliError
from wscli.core.record import fields, replace
from wscli.exchanges import is_exchange, known_names
from wscli.output.stdout import TIMESTAMP
from wscli.repl.verbs.invocation import Invocation
from wscli.repl.verbs.redirected import process_output
from wscli.repl.workspace.workspace import Workspace
from wscli.storage.child_processes import end_process, python_command, without_wscli_variables, wscli_variables

INHERITED_FLAGS = (  # of the flags that the exchange was opened with: those of the connection, and of every verb
    "sim", "seed", "testnet", "url", "api", "profile", "proxy", "header", "cacert", "insecure", "timeout", "no_reconnect", "retry",
    "wait", "color", "style", "verbose", "quiet", "dry_run",
)  # fmt: skip
STREAM_LIMIT_FLAGS = ("count", "for_s", "stale")  # and those that end a stream, for a verb that has one
FAILURE_TEXT = re.compile(rf"wscli: (?:{TIMESTAMP})?(.*)\n  hint: (.*)")
CHILD_PROGRAM = """
import json, os, signal
if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
told = json.loads(sys.stdin.buffer.read())
os.environ.update(told["env"])
from wscli.cli.main import main
sys.exit(main(told["words"]))
"""
POLL_S = 0.1
EXIT_TIMEOUT_S = 2.0


def run_subprocess(workspace: Workspace, invocation: Invocation) -> None:
    """Run a verb of an exchange until it ends, or Ctrl-C. In a script, raises its last error, with its status."""
    parsed_line = invocation.parsed_line
    label = (
        parsed_line.dialect.name
        if parsed_line.names_exchange and parsed_line.dialect is not None
        else workspace.current.label
    )
    if not is_exchange(label):
        raise UsageError(f"{parsed_line.command} needs an exchange", f"one of: {' '.join(known_names())}")
    taken = [flag.name for flag in flags_of(parsed_line.command or "")]
    allowed_flags = [
        *(name for name in INHERITED_FLAGS if name in taken),
        *(STREAM_LIMIT_FLAGS if parsed_line.command == "book" else ()),
    ]
    arguments = [
        label,
        parsed_line.command or "",
        *option_words(options_for(workspace, label, invocation.flags, allowed_flags)),
        *invocation.arguments,
    ]
    with process_output(workspace, invocation) as descriptor:
        _run_child(workspace, arguments, descriptor)


def options_for(workspace: Workspace, label: str, flags: Options, allowed: Sequence[str]) -> Options:
    """Return the flags that an exchange was opened with, the colours that are set now, and what the command says instead of them."""
    base = workspace.workers[label].options if label in workspace.workers else workspace.options
    base = replace(base, color=workspace.options.color, style=workspace.options.style)
    combined: Mapping[str, object] = fields(merged_options(base, flags))
    given = fields(flags)
    kept: dict[str, Any] = {
        name: combined[name] for name in combined if name in allowed or given[name] != DEFAULTS[name]
    }
    return Options(**kept)


def _run_child(workspace: Workspace, arguments: list[str], out: int | None) -> None:
    """Run another wscli until it ends. out: its standard output, where that is not ours."""
    errors = None if workspace.interactive else subprocess.PIPE
    with _start_child(errors, out) as child:
        try:
            _send_arguments(child, arguments)
            last_lines = _wait_and_forward(workspace, child)
        finally:
            _end_child(child)
    if not workspace.interactive and child.returncode == 141 and out is None:
        raise PipeClosed  # nobody reads what we would show either
    failed = not workspace.interactive and child.returncode not in (0, 130, 141)
    failure = FAILURE_TEXT.fullmatch("\n".join(last_lines)) if failed else None
    if failure is None:
        for line in last_lines:
            workspace.printer.print_notice(line)
    if failed:
        message = failure[1] if failure is not None else f"{' '.join(arguments[:2])} failed"
        error = WscliError(message, failure[2] if failure is not None else "its messages are above")
        error.status = child.returncode
        raise error


def _start_child(errors: int | None, out: int | None) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            python_command(CHILD_PROGRAM),
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=errors,
            env=without_wscli_variables(os.environ),
        )
    except OSError as error:
        raise WscliError(
            f"another wscli cannot be started: {error.strerror}", "ulimit -u and ulimit -n show the limits"
        ) from error


def _send_arguments(child: subprocess.Popen[bytes], arguments: list[str]) -> None:
    """Send the arguments and our variables over standard input: a header or a proxy may hold a secret, and anyone may list the arguments of
    processes.
    """
    assert child.stdin is not None
    with contextlib.suppress(BrokenPipeError), child.stdin:
        child.stdin.write(json.dumps({"words": arguments, "env": wscli_variables(os.environ)}).encode())


def _wait_and_forward(workspace: Workspace, child: subprocess.Popen[bytes]) -> list[str]:
    """Wait for its end, forwarding its standard error; return the last two lines, which may be the error that ended it."""
    lines: list[str] = []
    partial, given_up_at = b"", None
    while True:
        workspace.waits.check()
        if (
            workspace.waits.given_up.is_set()
        ):  # Ctrl-C is the terminal's, and reaches it too; another end of ours does not
            given_up_at = given_up_at or time.monotonic()
            if time.monotonic() - given_up_at > EXIT_TIMEOUT_S:
                return lines
        if child.stderr is None:
            try:
                child.wait(POLL_S)
                return lines
            except subprocess.TimeoutExpired:
                continue
        if not select.select([child.stderr], [], [], POLL_S)[0]:
            continue
        data = os.read(child.stderr.fileno(), 65_536)
        *complete, partial = (partial + data).split(b"\n")
        lines += [line.decode("utf-8", "backslashreplace") for line in complete]
        while len(lines) > 2:
            workspace.printer.print_notice(lines.pop(0))
        if not data:
            return lines


def _end_child(child: subprocess.Popen[bytes]) -> None:
    """End the process, where it has not ended."""
    try:
        child.wait(POLL_S)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGTERM)
        end_process(child, EXIT_TIMEOUT_S)
