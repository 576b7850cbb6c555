"""The verbs that print what is known and open nothing: channels, explain, exchanges, styles, completion."""

from __future__ import annotations

from collections.abc import Sequence

import click

from wscli.app import catalogue_pages
from wscli.app.exchange_list import exchanges_page
from wscli.app.settings import Settings
from wscli.commands.options import Options
from wscli.exchanges import check_packages
from wscli.help.pager import screen_width
from wscli.transport.signals import Signals


def print_channels(settings: Settings, name: str | None = None) -> None:
    click.echo(catalogue_pages.channels_page(settings, name, screen_width(0)), nl=False)


def print_explanations(settings: Settings, words: Sequence[str]) -> None:
    for part in catalogue_pages.explain_messages(settings, tuple(words)):
        click.echo(part, nl=False)


def print_exchanges(signals: Signals, options: Options) -> None:
    click.echo(exchanges_page(options, screen_width(0)), nl=False)
    check_packages()


def print_styles(signals: Signals, options: Options) -> None:
    click.echo(catalogue_pages.styles_page(options), nl=False, color=True)


def print_completion(signals: Signals, options: Options, shell: str) -> None:
    from wscli.cli.completion import completion_script

    click.echo(completion_script(shell), nl=False)
    check_packages()
