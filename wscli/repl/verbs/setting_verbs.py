"""The verb `set`: it lists the settings of the prompt, and changes one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from wscli.core.errors import UsageError, choices
from wscli.core.record import replace
from wscli.core.tables.listing import aligned_columns
from wscli.repl.syntax.setting_table import SETTINGS
from wscli.repl.verbs.invocation import Invocation
from wscli.repl.workspace.job_queue import at_once
from wscli.repl.workspace.worker import Worker
from wscli.repl.workspace.workspace import Workspace
from wscli.session.client import Client
from wscli.storage.config.setting_table import value_text


def set_(workspace: Workspace, invocation: Invocation) -> None:
    if not invocation.arguments:
        workspace.print_result(
            aligned_columns([(name, setting_text(workspace, name), row.summary) for name, row in SETTINGS.items()])
        )
        return
    name = invocation.arguments[0]
    if name not in SETTINGS:
        raise UsageError(f"no setting named {name!r}", choices(name, list(SETTINGS)), word=name)
    if len(invocation.arguments) == 1:
        workspace.print_result(f"{name} {setting_text(workspace, name)}")
        return
    change_setting(workspace, name, invocation.arguments[1:])


def setting_text(workspace: Workspace, name: str) -> str:
    """Return the value of a setting as it is typed; "none" where it has none."""
    setting = SETTINGS[name]
    if not setting.flag:
        return workspace.settings[name] or "none"
    text = value_text(getattr(workspace.options, setting.flag)) or setting.default
    return text or (("pretty" if workspace.interactive else "json") if name == "output" else "none")


def change_setting(workspace: Workspace, name: str, words: Sequence[str]) -> None:
    """Give a setting the value that the words of a line are. Raises UsageError."""
    setting = SETTINGS[name]
    if len(words) != 1:
        given = " ".join(words)
        hint = choices(given, setting.values) if setting.values else f"{name}: {setting.summary}"
        raise UsageError(f"{name} cannot be {given!r}", hint, word=words[0] if words else None)
    value = setting.checked(words[0])
    if setting.flag:
        workspace.options = replace(workspace.options, **{setting.flag: value})
    match name:
        case _ if not setting.flag:
            workspace.settings.change(name, words[0])
        case "all":
            for worker in workspace.workers.values():
                workspace.waits.result(worker.submit(at_once(partial(_set_show_all, worker, value))))
        case _ if setting.holds == "terminal":
            workspace.refresh_displays()
            if name == "output" and workspace.current_label in workspace.workers:
                workspace.print_result(workspace.current.streams.display.view.header())
    workspace.acknowledge(f"{name} is now {setting_text(workspace, name)}")


def _set_show_all(worker: Worker, show_all: bool, client: Client) -> None:
    if worker.observed is not None:
        worker.observed.show_all(show_all)
