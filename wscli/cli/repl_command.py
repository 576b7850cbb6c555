"""`wscli` and `wscli EXCHANGE`: the prompt on a terminal; elsewhere the same lines from standard input."""

from __future__ import annotations

import os
import select
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from wscli.app.settings import Settings
from wscli.cli.simulator_process import start_simulator
from wscli.commands.options import Options
from wscli.core.dialect import ServerUrls
from wscli.core.errors import UsageError, WscliError
from wscli.core.messages import Credentials
from wscli.exchanges import discover, known_names
from wscli.output.signals import Interrupted, Signals
from wscli.output.stdout import Output
from wscli.repl.verbs.interpreter import Interpreter
from wscli.repl.workspace.printer import ScreenPrinter, StreamPrinter
from wscli.repl.workspace.prompt_settings import DEFAULT_SHOWN_PER_S
from wscli.repl.workspace.workspace import Workspace
from wscli.storage import credentials
from wscli.storage.headers import reads_standard_input
from wscli.storage.recording.recorder import RecordingFailed
from wscli.storage.terminal_input import TRUNCATED_LINE, is_truncated_by_terminal
from wscli.storage.text_input import without_bom

DISCOVERY_DELAY_S = 1.0
POLL_S = 0.1  # between two looks for a signal, or a reader that went away, while no line comes


@contextmanager
def _simulated(settings: Settings) -> Iterator[tuple[ServerUrls, Credentials]]:
    with start_simulator(settings.dialect, settings.options) as found:
        yield found.places, found.credentials


def open_prompt(signals: Signals, options: Options, exchange: str | None) -> int:
    """Open the prompt, or run the lines of standard input; return the exit status."""
    if reads_standard_input(options.header):
        raise UsageError("-H @-: the lines are on standard input", "-H @FILE reads the headers from a file")
    if sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        return _run_on_terminal(signals, options, exchange)
    return _run_script(signals, options, exchange)


def _run_on_terminal(signals: Signals, options: Options, exchange: str | None) -> int:
    paper = ScreenPrinter(DEFAULT_SHOWN_PER_S, lambda: None)
    room = Workspace(options, paper, signals, _simulated, interactive=True)
    if exchange is not None:
        room.use(exchange, Options())  # it connects in a thread of its own, while the prompt is imported
    import asyncio

    from wscli.repl.terminal.shell import WELCOME, Shell

    _discover_later()
    sys.setswitchinterval(0.001)  # a key is answered at once, also while a venue's thread is busy
    if not options.quiet:
        paper.print_notice(WELCOME)
    try:
        with signals.deferred():
            status = asyncio.run(Shell(room, Interpreter(room), paper, _configured_secrets()).run())
    except Interrupted as signal:
        status = signal.status
    early = room.recordings.close()
    for lost in early:
        Output(timestamps=options.verbose).write_stderr(f"wscli: {lost}")
    return 1 if early and not status else status


def _configured_secrets() -> list[str]:
    """Return every secret that is configured, for the history to leave out."""
    found = [
        value
        for name, value in os.environ.items()
        if name.startswith("WSCLI_") and name.endswith(("_KEY", "_SECRET", "_TOKEN"))
    ]
    for name in known_names():
        try:
            known = credentials.find(
                name, {k: v for k, v in os.environ.items() if not k.startswith(f"WSCLI_{name.upper()}_")}
            )
        except WscliError:
            continue  # who needs them is told why they cannot be read
        parts = (known.key, known.secret, known.token) if known is not None else ()
        found += [part.reveal() for part in parts if part is not None]
    return found


def _discover_later() -> None:
    """Look for the exchanges of installed packages once the prompt is there, so that Tab offers them and never waits."""
    timer = threading.Timer(DISCOVERY_DELAY_S, discover)
    timer.daemon = True
    timer.start()


def _run_script(signals: Signals, options: Options, exchange: str | None) -> int:
    """Run lines that are not edited here: a script's, or those of a person whose terminal can do nothing but lines."""
    output = Output(quiet=options.quiet, timestamps=options.verbose)
    paper = StreamPrinter(output)
    room = Workspace(options, paper, signals, _simulated, interactive=False)
    room.csv.alone = exchange is not None
    paper.on_closed = room.waits.give_up
    person = sys.stdin is not None and sys.stdin.isatty()
    status = 0
    try:
        with signals.deferred(), _closing_recordings(room):
            if exchange is not None:
                room.use(exchange, Options())
            lines = _input_lines(room, paper, prompting=person)
            status = Interpreter(room).run_script(lines, keep_going=person or options.keep_going)
    except WscliError:
        if paper.closed is None:
            raise
    if paper.closed is not None:
        raise paper.closed
    return 0 if person else status


@contextmanager
def _closing_recordings(workspace: Workspace) -> Iterator[None]:
    """End every recording; report again what ended early, however the run ends. Raises RecordingFailed where nothing else failed."""
    try:
        yield
    except RecordingFailed:
        workspace.recordings.close()
        raise
    except BaseException:
        for lost in workspace.recordings.close():
            workspace.printer.print_notice(f"wscli: {lost}")
        raise
    early = workspace.recordings.close()
    for lost in early[:-1]:
        workspace.printer.print_notice(f"wscli: {lost}")
    if early:
        raise RecordingFailed(early[-1])


def _input_lines(workspace: Workspace, printer: StreamPrinter, *, prompting: bool) -> Iterator[str]:
    """Yield the lines of standard input. Raises what Waits.check does, PipeClosed when nobody reads what is shown."""
    if sys.stdin is None:
        raise UsageError("standard input is closed", "give the lines there: < FILE")
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
