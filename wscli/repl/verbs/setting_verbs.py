"""The verbs `set` and `config`: they list the settings, change one, and keep it in config.toml."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial

from wscli.app.list_output import wants_json
from wscli.app.settings import channels_of
from wscli.commands.verb_table import CONFIG_ACTIONS
from wscli.core.errors import UsageError, choices
from wscli.core.record import replace
from wscli.core.tables.listing import aligned_columns
from wscli.help.pager import screen_width
from wscli.repl.syntax.setting_table import SETTINGS
from wscli.repl.verbs.invocation import Invocation, require_at_most
from wscli.repl.workspace.job_queue import at_once
from wscli.repl.workspace.worker import Worker
from wscli.repl.workspace.workspace import Workspace
from wscli.session.client import Client
from wscli.storage.config import setting_table
from wscli.storage.config.reading import config_path
from wscli.storage.config.setting_table import value_text


def set_(workspace: Workspace, invocation: Invocation) -> None:
    if not invocation.arguments:
        workspace.print_result(
            aligned_columns([(name, setting_text(workspace, name), row.summary) for name, row in SETTINGS.items()])
        )
        return
    name = invocation.arguments[0]
    if name == "exchange" and len(invocation.arguments) > 1:
        _save_exchange(workspace, invocation)
        return
    if name not in SETTINGS:
        raise UsageError(f"no setting named {name!r}", choices(name, list(SETTINGS)), word=name)
    if invocation.flags.save and len(invocation.arguments) == 1:
        raise UsageError(
            f"--save keeps a value, and {name} is given none", f"set {name} {SETTINGS[name].example} --save"
        )
    if len(invocation.arguments) == 1:
        workspace.print_result(f"{name} {setting_text(workspace, name)}")
        return
    change_setting(workspace, name, invocation.arguments[1:])
    if invocation.flags.save:
        _save(workspace, name, invocation.arguments[1])


def _save(workspace: Workspace, name: str, text: str) -> None:
    from wscli.storage.config.writing import save_setting  # lazily, as below: few lines need it

    path = save_setting(os.environ, name, text)
    workspace.settings.note_save(setting_table.SETTINGS[name])
    workspace.print_notice(f"{name} = {text} is kept in {path}")


def _save_exchange(workspace: Workspace, invocation: Invocation) -> None:
    """Keep which exchange the prompt opens at the next start: there is no other use of that setting."""
    name, *more = invocation.arguments[1:]
    if more or not invocation.flags.save:
        raise UsageError(
            "exchange is used at the start alone", f"set exchange {name} --save; use {name} selects it now"
        )
    _save(workspace, "exchange", name)
    workspace.settings.change("exchange", name)


def config(workspace: Workspace, invocation: Invocation) -> None:
    from wscli.app.configuration.actions import config_page, edit_config
    from wscli.app.configuration.listing import InUse
    from wscli.storage.config.writing import create_config

    require_at_most(invocation, 1)
    match invocation.arguments:
        case ():
            changed = {name: setting_text(workspace, name) for name in workspace.settings.set_here}
            in_use = InUse(replace(workspace.options, **workspace.settings.without_file()), os.environ, changed)
            page = config_page(
                in_use,
                screen_width(0) if workspace.interactive else 0,
                as_json=wants_json("config", invocation.flags),
                command="config init",
            )
            workspace.print_result(page)
        case ("path",):
            workspace.print_result(config_path(os.environ))
        case ("init",):
            workspace.print_notice(f"{create_config(os.environ)} is written; config edit opens it")
        case ("edit",):
            path = edit_config(workspace.terminal.lend_to_command)
            workspace.print_notice(f"{path}: nothing is wrong with it; it is read at the next start")
        case (word,):
            raise UsageError(f"config has no {word!r}", choices(word, CONFIG_ACTIONS), word=word)


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
        what = f"cannot be {given!r}" if words else "needs a value"
        raise UsageError(f"{name} {what}", hint, word=words[0] if words else None)
    value = setting.checked(words[0])
    workspace.settings.note_change(setting)
    if setting.flag:
        workspace.options = replace(workspace.options, **{setting.flag: value})
    match name:
        case _ if not setting.flag:
            workspace.settings.change(name, words[0])
        case "all":
            for worker in workspace.workers.values():
                workspace.waits.result(worker.submit(at_once(partial(_set_show_all, worker, value))))
        case _ if setting.holds == "terminal":
            workspace.csv.forget()
            workspace.settle_csv(
                [
                    channel
                    for worker in workspace.workers.values()
                    if (subscribed := worker.subscriptions())
                    for channel in channels_of(worker.dialect, subscribed)
                ]
            )
            workspace.refresh_displays()
            if workspace.options.output == "csv" and workspace.current_label in workspace.workers:
                workspace.print_header(workspace.current.streams.display.view)
    workspace.acknowledge(f"{name} is now {setting_text(workspace, name)}")


def _set_show_all(worker: Worker, show_all: bool, client: Client) -> None:
    if worker.observed is not None:
        worker.observed.show_all(show_all)
