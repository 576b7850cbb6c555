"""The verbs of the prompt that open and leave exchanges, and the prompt itself."""

from __future__ import annotations

from wscli.commands.flag_table import CONNECTION_FLAGS
from wscli.core.errors import UsageError, choices
from wscli.exchanges import known_names
from wscli.repl.verbs.invocation import Invocation, require_at_most, require_no_arguments
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
    label = invocation.arguments[0] if invocation.arguments else workspace.current.label
    if label not in workspace.workers:
        raise UsageError(
            f"{label} is not open",
            choices(label, list(workspace.workers)) if workspace.workers else "nothing is",
            word=label,
        )
    workspace.close(label)


def quit_(workspace: Workspace, invocation: Invocation) -> None:
    require_no_arguments(invocation)
    raise ExitRequested
