"""The verb `connect`: any WebSocket server. Lines of standard input are sent while messages are received, in one thread."""

from __future__ import annotations

import os
import sys
from typing import Any

from wscli.app.settings import Settings, check_location_flags, wanted_output
from wscli.cli.connecting.connect_flags import (
    ConnectOptions,
    challenges,
    check_flags,
    checked_url,
    network_options,
    rehearsal,
    sent_texts,
)
from wscli.cli.connecting.opening import ConnectSetup, opened_client, plain_output, stream
from wscli.cli.connecting.stdin_lines import StdinLines
from wscli.cli.connecting.stdin_pump import StdinPump
from wscli.commands.options import Options
from wscli.core.dialect import ServerUrls
from wscli.core.record import replace
from wscli.exchanges.generic import GENERIC, generic_dialect
from wscli.output.stdout import Output
from wscli.session.target import Target
from wscli.storage.terminal_input import is_in_foreground
from wscli.transport.signals import Signals


def run_connect(signals: Signals, options: Options, url: str, **own_flags: Any) -> None:
    """Run the verb. own_flags: the fields of ConnectOptions."""
    connect(signals, options, url, ConnectOptions(**own_flags))


def connect(signals: Signals, options: Options, url: str, own_options: ConnectOptions) -> None:
    """Show the messages of a server; send it the texts of -x and the lines of standard input.

    Raises ConnectionLost for a close that is not a normal one.
    """
    settings = Settings(GENERIC, options, signals)
    url = checked_url(url)
    check_flags(settings, own_options)
    check_location_flags(settings)
    sent, answered = sent_texts(own_options), challenges(own_options)
    dialect = generic_dialect(own_options.binary, own_options.ping_s, own_options.inflate, answered)
    settings = replace(settings, dialect=dialect)
    network = network_options(options, own_options, url)
    wanted_output(settings)  # an invalid filter is rejected with --dry-run, too
    if options.dry_run:
        _print_rehearsal(options, own_options)
        return
    target = Target(dialect, ServerUrls({"public": url}), False, network, lambda: None)
    setup = ConnectSetup(settings, target, sent, answered, own_options.binary)
    if has_editor():
        from wscli.cli.connecting.editor_run import run_with_editor  # lazily: it is for terminals

        run_with_editor(setup)
        return
    with opened_client(setup, plain_output(setup)) as opened:
        opened.client.source = StdinPump(opened, sent, StdinLines())
        stream(setup, opened)


def has_editor() -> bool:
    """Say whether lines are typed in an editor: where a user is at both ends, in the foreground of a terminal that can."""
    if sys.stdin is None or not sys.stdin.isatty() or not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        return False
    return is_in_foreground(sys.stdin.fileno())


def _print_rehearsal(options: Options, own_options: ConnectOptions) -> None:
    texts, notes = rehearsal(own_options)
    sys.stdout.write("".join(f"{text}\n" for text in texts))
    sys.stdout.flush()
    for note in notes:
        Output(quiet=options.quiet, timestamps=options.verbose).note(note)
