"""`wscli` and `wscli EXCHANGE`: the prompt on a terminal; elsewhere the same lines from standard input."""

from __future__ import annotations

import os
import select
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from wscli.app.configuration.configured import configured_options, readable_config
from wscli.app.settings import Settings
from wscli.cli.simulator_process import start_simulator
from wscli.commands.options import Options
from wscli.core.dialect import ServerUrls
from wscli.core.endings import Interrupted
from wscli.core.errors import UsageError, WscliError
from wscli.core.messages import Credentials
from wscli.core.record import fields
from wscli.exchanges import discover
from wscli.output.stdout import Output
from wscli.repl.display.printer import ScreenPrinter, StreamPrinter
from wscli.repl.verbs.interpreter import Interpreter
from wscli.repl.workspace.workspace import Workspace
from wscli.storage import credentials
from wscli.storage.config.setting_table import DEFAULT_SHOWN_PER_S
from wscli.storage.headers import reads_standard_input
from wscli.storage.recording.recorder import RecordingFailed
from wscli.storage.terminal_input import TRUNCATED_LINE, is_truncated_by_terminal
from wscli.storage.text_input import without_bom
from wscli.transport.signals import Signals

DISCOVERY_DELAY_S = 1.0
POLL_S = 0.1  # how often signals and a closed output are checked while no line arrives


@contextmanager
def _simulated(settings: Settings) -> Iterator[tuple[ServerUrls, Credentials]]:
    with start_simulator(settings.dialect, settings.options) as simulated:
        yield simulated.places, simulated.credentials


def open_prompt(signals: Signals, options: Options, exchange: str | None) -> int:
    """Open the prompt, or run the lines of standard input; return the exit status."""
    if reads_standard_input(options.header):
        raise UsageError("-H @-: standard input holds the commands", "-H @FILE reads the headers from a file")
    if sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        return _run_on_terminal(signals, options, exchange)
    return _run_script(signals, options, exchange)


def _run_on_terminal(signals: Signals, options: Options, exchange: str | None) -> int:
    printer = ScreenPrinter(DEFAULT_SHOWN_PER_S, lambda: None)
    workspace = Workspace(options, printer, signals, _simulated, interactive=True)
    configured_exchange = _configure(workspace)
    exchange = exchange or configured_exchange
    if exchange is not None:
        workspace.use(exchange, Options())  # it connects in its own thread while the prompt is imported
    import asyncio

    from wscli.repl.terminal.shell import WELCOME, Shell

    _discover_later()
    sys.setswitchinterval(0.001)  # keys are handled at once, also while the thread of an exchange is busy
    if not options.quiet:
        printer.print_notice(WELCOME)
    try:
        with signals.deferred():
            status = asyncio.run(Shell(workspace, Interpreter(workspace), printer, configured_secrets()).run())
    except Interrupted as signal:
        status = signal.status
    ended_early = workspace.recordings.close()
    for ended in ended_early:
        Output(timestamps=options.verbose).write_stderr(f"wscli: {ended}")
    return 1 if ended_early and not status else status


def _configure(workspace: Workspace) -> str | None:
    """Give a workspace what [defaults] of config.toml says; return the exchange that is opened where none is named."""
    typed = workspace.options
    file = readable_config(quiet=typed.quiet)
    if file is None:
        return None
    workspace.options = configured_options(typed)
    workspace.settings.from_file = {
        name for name, held in fields(workspace.options).items() if held != getattr(typed, name)
    }
    for name in workspace.settings:
        if (path := file.entry("defaults", name)) is not None:
            workspace.settings.change(name, file.value(*path))
    exchange = file.entry("defaults", "exchange")
    return file.value(*exchange) if exchange is not None else None


def configured_secrets() -> list[str]:
    """Return every configured secret: the history leaves them out."""
    try:
        return credentials.configured_secrets(os.environ)
    except WscliError:
        return credentials.configured_secrets({**os.environ, "WSCLI_CONFIG": os.devnull})  # the file is not used


def _discover_later() -> None:
    """Look for the exchanges of installed packages once the prompt is there, so that Tab offers them and never waits."""
    timer = threading.Timer(DISCOVERY_DELAY_S, discover)
    timer.daemon = True
    timer.start()


def _run_script(signals: Signals, options: Options, exchange: str | None) -> int:
    """Run the lines of standard input: a script, or a terminal without cursor control."""
    output = Output(quiet=options.quiet, timestamps=options.verbose)
    printer = StreamPrinter(output)
    workspace = Workspace(options, printer, signals, _simulated, interactive=False)
    _configure(workspace)
    workspace.csv.alone = exchange is not None
    printer.on_closed = workspace.waits.give_up
    is_person = sys.stdin is not None and sys.stdin.isatty()
    status = 0
    try:
        with signals.deferred(), _closing_recordings(workspace):
            if exchange is not None:
                workspace.use(exchange, Options())
            lines = _input_lines(workspace, printer, prompting=is_person)
            status = Interpreter(workspace).run_script(lines, keep_going=is_person or options.keep_going)
    except WscliError:
        if printer.closed is None:
            raise
    if printer.closed is not None:
        raise printer.closed
    return 0 if is_person else status


@contextmanager
def _closing_recordings(workspace: Workspace) -> Iterator[None]:
    """End every recording at the end, and report again those that ended early. Raises RecordingFailed where nothing else failed."""
    try:
        yield
    except RecordingFailed:
        workspace.recordings.close()
        raise
    except BaseException:
        for ended in workspace.recordings.close():
            workspace.printer.print_notice(f"wscli: {ended}")
        raise
    ended_early = workspace.recordings.close()
    for ended in ended_early[:-1]:
        workspace.printer.print_notice(f"wscli: {ended}")
    if ended_early:
        raise RecordingFailed(ended_early[-1])


def _input_lines(workspace: Workspace, printer: StreamPrinter, *, prompting: bool) -> Iterator[str]:
    """Yield the lines of standard input. Raises what Waits.check raises, and PipeClosed when nobody reads the output."""
    if sys.stdin is None:
        raise UsageError("standard input is closed", "give it a file: < FILE")
    rest, ended, begun = b"", False, False
    while not ended:
        if prompting:
            printer.print_prompt(f"{workspace.current_label or 'wscli'}> ")
        while not select.select([0], [], [], POLL_S)[0]:
            workspace.waits.check()
            if printer.closed is not None:
                raise printer.closed
        data = os.read(0, 1 << 16)
        ended = not data
        if prompting and is_truncated_by_terminal(0, data):
            printer.print_notice(
                f"wscli: not run: {TRUNCATED_LINE}\n  hint: put it in a file: source FILE runs its lines"
            )
            continue
        *lines, rest = (rest + data).split(b"\n")
        if ended and rest:
            lines = [rest]
        if lines and not begun:
            lines[0], begun = without_bom(lines[0]), True
        for line in lines:
            yield line.decode("utf-8", "backslashreplace").rstrip("\r")
