"""The verbs of the prompt that change what is shown, and how; nothing is sent."""

from __future__ import annotations

import sys

from wscli.app.condition_checks import check_for_all
from wscli.core.record import replace
from wscli.output.conditions.comparing import compile_pattern
from wscli.output.conditions.mistakes import TypedAt
from wscli.repl.verbs.invocation import Invocation, require_no_arguments
from wscli.repl.verbs.setting_verbs import change_setting
from wscli.repl.workspace.workspace import Workspace


def pause(workspace: Workspace, invocation: Invocation) -> None:
    require_no_arguments(invocation)
    workspace.set_paused(True)
    workspace.print_notice("messages are not shown until you type resume; recordings continue")


def where(workspace: Workspace, invocation: Invocation) -> None:
    if invocation.expression:
        typed_at = TypedAt("where", needs_quotes=False)
        open_exchanges = [(worker.dialect, worker.subscriptions()) for worker in workspace.workers.values()]
        for remark in check_for_all(open_exchanges, typed_at, invocation.expression):
            workspace.print_notice(remark)
    workspace.options = replace(workspace.options, where=(invocation.expression,) if invocation.expression else ())
    _apply_filter(workspace, "where", invocation.expression)


def grep(workspace: Workspace, invocation: Invocation) -> None:
    if invocation.expression:
        compile_pattern(invocation.expression)
    workspace.options = replace(workspace.options, grep=invocation.expression or None)
    _apply_filter(workspace, "grep", invocation.expression)


def _apply_filter(workspace: Workspace, name: str, expression: str) -> None:
    """Let a filter hold from now on, and say so."""
    workspace.refresh_displays()
    streams = [stream for worker in workspace.workers.values() for stream in worker.streams.running]
    own = sum(stream.redirect is not None or bool(getattr(stream.flags, name)) for stream in streams)
    except_own = f"; {own} redirected, or with --{name}, unchanged" if own else ""
    what = f"only messages that match {expression!r} are shown" if expression else "messages are no longer filtered"
    workspace.acknowledge(f"{name}: {what}{except_own}")


def output(workspace: Workspace, invocation: Invocation) -> None:
    change_setting(workspace, "output", invocation.arguments)


def clear(workspace: Workspace, invocation: Invocation) -> None:
    require_no_arguments(invocation)
    if workspace.interactive:
        sys.stdout.write("\x1b[2J\x1b[H")
        sys.stdout.flush()
