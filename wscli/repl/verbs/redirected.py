"""Lines that end in `> FILE` or `| COMMAND`: what their verb prints is written there, in place of the screen.

A stream (`subscribe`) and a verb with a process of its own (`book`, `doctor`) open the file themselves, by the same rules.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import stat
from collections.abc import Iterator
from pathlib import Path

from wscli.core.errors import UsageError
from wscli.repl.display.redirects import Redirect, open_file
from wscli.repl.syntax.lexer import LexedLine, RedirectClause
from wscli.repl.verbs.invocation import Invocation, VerbHandler
from wscli.repl.verbs.shell_verbs import run_command, running_command
from wscli.repl.workspace.workspace import Workspace

OPEN_THEIR_OWN = frozenset(("subscribe", "book", "doctor"))


def run_redirected(workspace: Workspace, invocation: Invocation, handler: VerbHandler, clause: RedirectClause) -> None:
    """Run a verb, and give what it printed to the file or the command that its line ends in; nothing where the verb fails."""
    check_target(workspace, invocation, clause)
    with workspace.printer.capture() as printed:
        handler(workspace, invocation)
    text = "".join(printed)
    if not text:
        workspace.print_notice(f"nothing was printed for {clause.op} {clause.target}")
    elif clause.op == "|":
        run_command(workspace, clause.target, text)
    else:
        file = Redirect(clause.op, clause.target, workspace.print_result)
        try:
            file.write(text, lambda: None)
        finally:
            file.close()


def check_target(workspace: Workspace, invocation: Invocation, clause: RedirectClause) -> None:
    """Raise UsageError for an operator without a target, and where the user does not want an existing file overwritten.

    Only a line that is typed asks; a script does as it says.
    """
    if not clause.target:
        what, example = ("a command", "jq .") if clause.op == "|" else ("a file", "file.jsonl")
        raise UsageError(f"{clause.op} needs {what}", f"{_before(invocation.line)} {clause.op} {example}")
    if clause.op != "|" and not _is_one_name(clause.target):
        raise UsageError(f"{clause.op} {clause.target}: not one file name", _with_one_name(invocation.line, clause))
    if (
        clause.op != ">"
        or not invocation.is_typed
        or not workspace.interactive
        or workspace.settings["clobber"] == "on"
    ):
        return
    if _holds_something(clause.target) and not workspace.terminal.ask(f"{clause.target} exists: overwrite it?"):
        before = _before(invocation.line)
        raise UsageError(
            f"{clause.target} was not overwritten",
            f"{before} >! {clause.target} overwrites it without asking; {before} >> {clause.target} appends to it",
        )


@contextlib.contextmanager
def process_output(workspace: Workspace, invocation: Invocation) -> Iterator[int | None]:
    """Yield the descriptor to which the process of a verb writes: of the file or the command that the line names; None for the screen.

    The terminal is lent meanwhile; at the end a command is waited for.
    """
    clause = invocation.line.redirect
    if clause is None:
        with workspace.terminal.lend():
            yield None
        return
    check_target(workspace, invocation, clause)
    if clause.op == "|":
        with workspace.terminal.lend_to_command(), running_command(workspace, clause.target) as descriptor:
            yield descriptor
        return
    descriptor = open_file(clause.target, appending=clause.op == ">>")
    os.set_blocking(descriptor, True)  # it is another process that waits
    try:
        with workspace.terminal.lend():
            yield descriptor
    finally:
        os.close(descriptor)


def _before(line: LexedLine) -> str:
    """Return a line without its redirect."""
    return line.text[: line.redirect.operator_start].strip() if line.redirect is not None else line.text


def _is_one_name(target: str) -> bool:
    try:
        return len(shlex.split(target)) == 1
    except ValueError:
        return False


def _with_one_name(line: LexedLine, clause: RedirectClause) -> str:
    """Return the line that was meant: flags stand before the operator, and a name with spaces in quotes."""
    name, _, rest = clause.target.partition(" ")
    if rest.lstrip().startswith("-"):
        return f"{_before(line)} {rest.strip()} {clause.op} {name}"
    return f"{_before(line)} {clause.op} {shlex.quote(clause.target)}"


def _holds_something(target: str) -> bool:
    """Return whether a target names a file with something in it."""
    try:
        [name] = shlex.split(target)
        facts = Path(name).expanduser().stat()
    except (OSError, RuntimeError, ValueError):  # what it is instead is an error where it is opened
        return False
    return stat.S_ISREG(facts.st_mode) and facts.st_size > 0
