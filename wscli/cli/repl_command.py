"""`wscli` and `wscli EXCHANGE`: the prompt on a terminal; elsewhere the same lines from standard input."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from wscli.app.settings import Desk
from wscli.cli.simulator_process import simulator
from wscli.commands.options import Options
from wscli.core.dialect import Places
from wscli.core.errors import UsageError, WscliError
from wscli.core.messages import Credentials
from wscli.exchanges import TITLES
from wscli.output.signals import Interrupted, Signals
from wscli.output.stdout import Output
from wscli.repl.verbs.interpreter import Interpreter
from wscli.repl.verbs.table import VERBS
from wscli.repl.workspace.printer import Screenful, Straight
from wscli.repl.workspace.prompt_settings import SHOWN
from wscli.repl.workspace.workspace import Room
from wscli.storage import credentials
from wscli.storage.headers import takes_standard_input
from wscli.storage.recording.recorder import RecordingFailed
from wscli.storage.terminal_input import CUT, cut_by_terminal
from wscli.storage.text_input import without_bom

LOOK_S = 0.1  # between two looks for a signal, or a reader that went away, while no line comes


@contextmanager
def _simulated(desk: Desk) -> Iterator[tuple[Places, Credentials]]:
    with simulator(desk.dialect, desk.options) as found:
        yield found.places, found.credentials


def open_prompt(signals: Signals, options: Options, exchange: str | None) -> int:
    """Open the prompt, or run the lines of standard input; return the exit status."""
    if takes_standard_input(options.header):
        raise UsageError("-H @-: the lines are on standard input", "-H @FILE reads the headers from a file")
    if sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        return _on_terminal(signals, options, exchange)
    return _straight(signals, options, exchange)


def _on_terminal(signals: Signals, options: Options, exchange: str | None) -> int:
    paper = Screenful(SHOWN, lambda: None)
    room = Room(options, paper, signals, _simulated, interactive=True)
    if exchange is not None:
        room.use(exchange, Options())  # it connects in a thread of its own, while the prompt is imported
    import asyncio

    from wscli.repl.terminal.shell import WELCOME, Loop

    sys.setswitchinterval(0.001)  # a key is answered at once, also while a venue's thread is busy
    if not options.quiet:
        paper.word(WELCOME)
    try:
        with signals.noted():
            status = asyncio.run(Loop(room, Interpreter(room, VERBS), paper, _secrets()).run())
    except Interrupted as signal:
        status = signal.status
    early = room.recordings.close()
    for lost in early:
        Output(timed=options.verbose).say(f"wscli: {lost}")
    return 1 if early and not status else status


def _secrets() -> list[str]:
    """Return every secret that is configured, for the history to leave out."""
    found = [
        value
        for name, value in os.environ.items()
        if name.startswith("WSCLI_") and name.endswith(("_KEY", "_SECRET", "_TOKEN"))
    ]
    for name in TITLES:
        try:
            known = credentials.find(
                name, {k: v for k, v in os.environ.items() if not k.startswith(f"WSCLI_{name.upper()}_")}
            )
        except WscliError:
            continue  # who needs them is told why they cannot be read
        parts = (known.key, known.secret, known.token) if known is not None else ()
        found += [part.reveal() for part in parts if part is not None]
    return found


def _straight(signals: Signals, options: Options, exchange: str | None) -> int:
    """Run lines that are not edited here: a script's, or those of a person whose terminal can do nothing but lines."""
    output = Output(quiet=options.quiet, timed=options.verbose)
    paper = Straight(output)
    room = Room(options, paper, signals, _simulated, interactive=False)
    room.csv.alone = exchange is not None
    paper.gone = room.waits.give_up
    person = sys.stdin is not None and sys.stdin.isatty()
    status = 0
    try:
        with signals.noted(), _recorded(room):
            if exchange is not None:
                room.use(exchange, Options())
            lines = _lines(room, paper, prompting=person)
            status = Interpreter(room, VERBS).run_script(lines, keep_going=person or options.keep_going)
    except WscliError:
        if paper.closed is None:
            raise
    if paper.closed is not None:
        raise paper.closed
    return 0 if person else status


@contextmanager
def _recorded(room: Room) -> Iterator[None]:
    """End every recording; report again what ended early, however the run ends. Raises RecordingFailed where nothing else failed."""
    try:
        yield
    except RecordingFailed:
        room.recordings.close()
        raise
    except BaseException:
        for lost in room.recordings.close():
            room.paper.word(f"wscli: {lost}")
        raise
    early = room.recordings.close()
    for lost in early[:-1]:
        room.paper.word(f"wscli: {lost}")
    if early:
        raise RecordingFailed(early[-1])


def _lines(room: Room, paper: Straight, *, prompting: bool) -> Iterator[str]:
    """Yield the lines of standard input. Raises what Waits.check does, PipeClosed when nobody reads what is shown."""
    if sys.stdin is None:
        raise UsageError("standard input is closed", "give the lines there: < FILE")
    rest, ended, begun = b"", False, False
    while not ended:
        if prompting:
            paper.prompt(f"{room.used or 'wscli'}> ")
        while not select.select([0], [], [], LOOK_S)[0]:
            room.waits.check()
            if paper.closed is not None:
                raise paper.closed
        data = os.read(0, 1 << 16)
        ended = not data
        if prompting and cut_by_terminal(0, data):
            paper.word(f"wscli: not run: {CUT}\n  hint: put it in a file: source FILE runs its lines")
            continue
        *lines, rest = (rest + data).split(b"\n")
        if ended and rest:
            lines = [rest]
        if lines and not begun:
            lines[0], begun = without_bom(lines[0]), True
        for line in lines:
            yield line.decode("utf-8", "backslashreplace").rstrip("\r")
