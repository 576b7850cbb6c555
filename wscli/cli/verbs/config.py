"""`wscli config`: the settings and where each comes from; where the file is, the file made, and the file edited."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping

import click

from wscli.app.configuration.actions import check_config, config_page, edit_config
from wscli.app.configuration.listing import InUse
from wscli.app.list_output import wants_json
from wscli.commands.options import Options
from wscli.core.record import replace
from wscli.help.pager import screen_width
from wscli.output.stdout import Output
from wscli.storage.config.reading import config_path
from wscli.storage.config.writing import create_config
from wscli.transport.signals import Signals


def run_config(signals: Signals, options: Options, action: str | None = None) -> None:
    ACTIONS[action](options)


def _show(options: Options) -> None:
    in_use = InUse(replace(options, output=None), os.environ, {})
    click.echo(config_page(in_use, screen_width(0), as_json=wants_json("config", options)), nl=False)
    check_config()


def _show_path(options: Options) -> None:
    click.echo(config_path(os.environ))


def _edit(options: Options) -> None:
    Output(quiet=options.quiet).note(f"{edit_config(contextlib.nullcontext)}: nothing is wrong with it")


def _create(options: Options) -> None:
    Output(quiet=options.quiet).note(f"{create_config(os.environ)} is written; wscli config edit opens it")


ACTIONS: Mapping[str | None, Callable[[Options], None]] = {
    None: _show,
    "path": _show_path,
    "edit": _edit,
    "init": _create,
}
