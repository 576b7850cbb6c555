"""The verbs of the prompt that change what is shown, and how; nothing is sent."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial

from wscli.app.api_routing import check_condition
from wscli.app.settings import style_name
from wscli.commands.flags import checked_style, parse_duration_s
from wscli.core.errors import UsageError, choices
from wscli.core.record import replace
from wscli.core.tables.listing import aligned_columns
from wscli.output.filters import compile_pattern, parse_condition
from wscli.repl.syntax.setting_table import SETTINGS
from wscli.repl.verbs.invocation import Invocation, require_no_arguments
from wscli.repl.workspace.job_queue import at_once
from wscli.repl.workspace.worker import Worker
from wscli.repl.workspace.workspace import Workspace
from wscli.session.client import Client


def pause(workspace: Workspace, invocation: Invocation) -> None:
    require_no_arguments(invocation)
    workspace.set_paused(True)
    workspace.print_notice("messages are not shown until you type resume; recordings, counters and files continue")


def resume(workspace: Workspace, invocation: Invocation) -> None:
    require_no_arguments(invocation)
    workspace.set_paused(False)


def where(workspace: Workspace, invocation: Invocation) -> None:
    if invocation.expression:
        parse_condition(invocation.expression)
        for worker in workspace.workers.values():
            check_condition(worker.dialect, worker.subscriptions(), "where", invocation.expression)
    workspace.options = replace(workspace.options, where=(invocation.expression,) if invocation.expression else ())
    workspace.refresh_displays()


def grep(workspace: Workspace, invocation: Invocation) -> None:
    if invocation.expression:
        compile_pattern(invocation.expression)
    workspace.options = replace(workspace.options, grep=invocation.expression or None)
    workspace.refresh_displays()


def output(workspace: Workspace, invocation: Invocation) -> None:
    _change_setting(workspace, "output", invocation.arguments)


def set_(workspace: Workspace, invocation: Invocation) -> None:
    if not invocation.arguments:
        workspace.print_result(
            aligned_columns(
                [(name, _setting_text(workspace, name), setting.summary) for name, setting in SETTINGS.items()]
            )
        )
        return
    name = invocation.arguments[0]
    if name not in SETTINGS:
        raise UsageError(f"no setting named {name!r}", choices(name, list(SETTINGS)), word=name)
    if len(invocation.arguments) == 1:
        workspace.print_result(f"{name} {_setting_text(workspace, name)}")
        return
    _change_setting(workspace, name, invocation.arguments[1:])


def _setting_text(workspace: Workspace, name: str) -> str:
    options = workspace.options
    match name:
        case "output":
            return options.output or ("pretty" if workspace.interactive else "json")
        case "wait":
            return f"{options.wait:g}s"
        case "all":
            return "on" if options.all_ else "off"
        case "color":
            return options.color
        case "style":
            return style_name(options)
        case _:
            return workspace.settings[name]


def _change_setting(workspace: Workspace, name: str, values: Sequence[str]) -> None:
    allowed = SETTINGS[name].values
    if len(values) != 1 or (allowed and values[0] not in allowed):
        given = " ".join(values)
        raise UsageError(
            f"{name} cannot be {given!r}",
            choices(given, allowed) if allowed else SETTINGS[name].summary,
            word=values[0] if values else None,
        )
    text = values[0]
    match name:
        case "output" | "color" | "style":
            value = checked_style(text) if name == "style" else text
            workspace.options = replace(workspace.options, **{name: value})
            workspace.refresh_displays()
            if name == "output" and workspace.current_label in workspace.workers:
                workspace.print_result(workspace.current.streams.display.view.header())
        case "wait":
            workspace.options = replace(workspace.options, wait=parse_duration_s(text))
        case "all":
            workspace.options = replace(workspace.options, all_=text == "on")
            for worker in workspace.workers.values():
                workspace.waits.result(worker.submit(at_once(partial(_set_show_all, worker, text == "on"))))
        case _:
            workspace.settings.change(name, text)


def clear(workspace: Workspace, invocation: Invocation) -> None:
    require_no_arguments(invocation)
    if workspace.interactive:
        sys.stdout.write("\x1b[2J\x1b[H")
        sys.stdout.flush()


def _set_show_all(worker: Worker, show_all: bool, client: Client) -> None:
    if worker.observed is not None:
        worker.observed.show_all(show_all)
