"""The verbs of the prompt that open and leave exchanges, and the prompt itself."""

from __future__ import annotations

from wscli.commands.flag_table import CONNECTION_FLAGS
from wscli.commands.options import Options
from wscli.core.errors import UsageError, choices
from wscli.exchanges import known_names
from wscli.repl.verbs.invocation import Invocation, require_at_most, require_no_arguments
from wscli.repl.verbs.stopping import counted
from wscli.repl.workspace import worker_jobs
from wscli.repl.workspace.workspace import ExitRequested, Workspace


def use(workspace: Workspace, invocation: Invocation) -> None:
    require_at_most(invocation, 1)
    if not invocation.arguments:
        raise UsageError("use needs an exchange", f"one of: {' '.join(known_names())}")
    workspace.use(invocation.arguments[0], invocation.flags, reopening_flags=CONNECTION_FLAGS)


def connect(workspace: Workspace, invocation: Invocation) -> None:
    require_at_most(invocation, 1)
    if not invocation.arguments:
        raise UsageError(
            "connect needs an exchange or a URL", f"an exchange ({' '.join(known_names())}), or a URL: wss://…"
        )
    worker = workspace.use(
        invocation.arguments[0], invocation.flags, in_background=False, reopening_flags=CONNECTION_FLAGS
    )
    workspace.waits.result(worker.submit(worker_jobs.connect))
    workspace.print_notice(f"{worker.label}: connected")


def disconnect(workspace: Workspace, invocation: Invocation) -> None:
    require_at_most(invocation, 1)
    workspace.close(_open_label(workspace, invocation))


def reconnect(workspace: Workspace, invocation: Invocation) -> None:
    """Drop the connections of an exchange, and have them back: they come back as after a loss, with what is subscribed."""
    require_at_most(invocation, 1)
    label = _open_label(workspace, invocation)
    worker = workspace.workers[label]
    if not worker.alive:
        workspace.use(label, Options())
        return
    workspace.acknowledge(f"{label}: reconnecting, with {counted(len(worker.subscriptions()))}")
    workspace.waits.result(worker.submit(worker_jobs.reconnect))


def _open_label(workspace: Workspace, invocation: Invocation) -> str:
    """Return the name of an open exchange: the one that a line names, else the one in use. Raises UsageError for another."""
    label = invocation.arguments[0] if invocation.arguments else workspace.current.label
    if label not in workspace.workers:
        hint = (
            choices(label, list(workspace.workers)) if workspace.workers else f"use {known_names()[0]} connects to one"
        )
        raise UsageError(f"{label} is not open", hint, word=label)
    return label


def quit_(workspace: Workspace, invocation: Invocation) -> None:
    require_no_arguments(invocation)
    raise ExitRequested
