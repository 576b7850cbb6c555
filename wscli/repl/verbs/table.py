"""What each word that begins a line does: the table, and the venues that are opened and left.

The table of `commands` says how a line is written; these do it. Each takes the room and what was asked. What a person asked for
is shown with `room.answer`; what goes wrong is a WscliError.
"""

from __future__ import annotations

from collections.abc import Mapping

from wscli.commands.options import CONNECTION_FLAGS
from wscli.core.errors import UsageError, choices
from wscli.exchanges import TITLES
from wscli.repl.verbs.display_verbs import clear, grep, output, pause, resume, set_, where
from wscli.repl.verbs.exchange_verbs import auth, ping, query, send, subscribe, unsubscribe
from wscli.repl.verbs.inspect_verbs import channels, exchanges, explain, help_, last, show, styles, symbols_
from wscli.repl.verbs.invocation import Invocation, Verb, require_at_most, require_no_arguments
from wscli.repl.verbs.script_verbs import expect, record, run_, save, source, wait_for
from wscli.repl.verbs.status_verbs import status, subscriptions
from wscli.repl.verbs.subprocess_verbs import run_subprocess
from wscli.repl.workspace import worker_jobs
from wscli.repl.workspace.workspace import ExitRequested, Workspace


def use(workspace: Workspace, invocation: Invocation) -> None:
    require_at_most(invocation, 1)
    if not invocation.arguments:
        raise UsageError("use which exchange?", f"one of: {' '.join(TITLES)}")
    workspace.use(invocation.arguments[0], invocation.flags, reopening_flags=CONNECTION_FLAGS)


def connect(workspace: Workspace, invocation: Invocation) -> None:
    require_at_most(invocation, 1)
    if not invocation.arguments:
        raise UsageError("connect to what?", f"an exchange ({' '.join(TITLES)}), or a URL: wss://…")
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


VERBS: Mapping[str, Verb] = {
    "subscribe": subscribe,
    "unsubscribe": unsubscribe,
    "query": query,
    "ping": ping,
    "auth": auth,
    "send": send,
    "explain": explain,
    "book": run_subprocess,
    "doctor": run_subprocess,
    "channels": channels,
    "exchanges": exchanges,
    "symbols": symbols_,
    "styles": styles,
    "use": use,
    "connect": connect,
    "disconnect": disconnect,
    "status": status,
    "subscriptions": subscriptions,
    "pause": pause,
    "resume": resume,
    "last": last,
    "show": show,
    "where": where,
    "grep": grep,
    "output": output,
    "-o": output,
    "set": set_,
    "clear": clear,
    "help": help_,
    "source": source,
    "save": save,
    "run": run_,
    "expect": expect,
    "wait-for": wait_for,
    "record": record,
    "quit": quit_,
    "exit": quit_,
}
