"""`connect` on a terminal: the session runs in a thread of its own, below its messages a line is edited in this one."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import PurePath
from time import time_ns
from urllib.parse import urlsplit

from wscli.cli.connecting.live_view import LiveView, changed_options, flag_offers, is_change, sent_text
from wscli.cli.connecting.opening import ConnectSetup, opened_client, stream
from wscli.cli.connecting.stdin_pump import StdinPump
from wscli.cli.connecting.typed_lines import TypedLines
from wscli.cli.repl_command import configured_secrets
from wscli.core.endings import Interrupted
from wscli.core.messages import ReceivedMessage
from wscli.core.secrets import connection_secrets, masked_url
from wscli.output.stdout import Output, with_timestamp
from wscli.repl.display.counters import MessageCounter
from wscli.repl.display.filter_text import filter_texts
from wscli.repl.display.printer import ScreenPrinter
from wscli.session.events import Role, SessionEvents
from wscli.session.observed import ObservedClient
from wscli.session.route_state import RouteState
from wscli.transport.signals import Signals

HISTORY_NAME = "connect-history"
SHOWN_PER_S = 200.0  # messages a second that are shown: more than anybody reads, and few enough to type below
OMITTED_HINT = "--record FILE keeps them all"


class ScreenOutput(Output):
    """The output of a session whose messages stand above a line that is typed."""

    def __init__(self, printer: ScreenPrinter, *, quiet: bool = False, timestamps: bool = False) -> None:
        super().__init__(quiet=quiet, timestamps=timestamps)
        self._printer = printer

    def write_text(self, text: str) -> None:
        if text:
            shown = self.veil.redact(text)
            self._printer.print_message(lambda: shown, self.on_blocked)

    def write_bytes(self, data: bytes, end: bytes = b"\n") -> None:
        self.write_text((data + end).decode("utf-8", "backslashreplace"))

    def flush(self) -> None:
        """Nothing is held back: the thread of the line prints."""

    def write_stderr(self, line: str, end: str = "\n") -> None:
        line = with_timestamp(line, self.clock()) if self._timestamps else line
        self._printer.print_notice(self.veil.redact(line))


class ArrivalCounter(SessionEvents):
    """Counts messages, for the rate at the bottom."""

    def __init__(self) -> None:
        self.counter = MessageCounter()

    def received(self, received: ReceivedMessage, role: Role) -> None:
        self.counter.add(received.received_ns)


class SessionThread:
    """A session in a thread of its own. error: what ended it; None where it has not ended, or ended well."""

    def __init__(self, run: Callable[[], None], on_end: Callable[[], None]) -> None:
        self.ended = False
        self.error: BaseException | None = None
        self._run, self._on_end = run, on_end
        self._thread = threading.Thread(target=self._main, name="wscli session", daemon=True)
        self._thread.start()

    def _main(self) -> None:
        try:
            self._run()
        except BaseException as error:  # it is raised again in the other thread, whatever it is
            self.error = error
        finally:
            self.ended = True
            self._on_end()


def run_with_editor(setup: ConnectSetup) -> None:
    """Run `connect` until its session ends. Raises what ended it, once the terminal is as it was."""
    options, main_signals = setup.settings.options, setup.settings.signals
    rate = max(SHOWN_PER_S, float(options.count or 0))  # -n shows each of its messages
    printer = ScreenPrinter(rate, lambda: None, omitted_hint=OMITTED_HINT)
    output = ScreenOutput(printer, quiet=options.quiet, timestamps=options.verbose)
    signals, lines = Signals(), TypedLines()
    with main_signals.deferred(), opened_client(setup, output, signals, output.write_stderr) as opened:
        opened.client.source = StdinPump(opened, setup.sent, lines)
        session = SessionThread(lambda: stream(setup, opened), lambda: printer.wake())
        try:
            _edit_lines(EditedSession(setup, opened, output, lines, printer), session, signals, main_signals)
        finally:
            if session.ended:
                signals.close()
        if session.error is not None:
            raise session.error
        main_signals.check()


class EditedSession:
    """What the line at the bottom knows of its session."""

    def __init__(
        self, setup: ConnectSetup, opened: ObservedClient, output: Output, lines: TypedLines, printer: ScreenPrinter
    ) -> None:
        self._opened, self._lines, self.printer = opened, lines, printer
        self._network = setup.target.reach
        self._url = setup.target.places.sockets["public"]
        self._arrivals = ArrivalCounter()
        opened.client.events.add(self._arrivals)
        self._view = LiveView(setup.settings, opened, output)

    def enter(self, line: str) -> None:
        """Send a line, or change what is shown. Raises UsageError."""
        if not is_change(line):
            self._lines.add(sent_text(line))
            return
        options = changed_options(self._view.options, line)
        sink = self._view.sink_for(options)
        self._lines.call(lambda: self._view.use(options, sink))
        shown = ", ".join(filter_texts(options)) or "no filter"
        self.printer.print_notice(f"wscli: -o {options.output or self._view.format_name()}, {shown}")

    def end(self) -> None:
        """The input has ended."""
        self._lines.end()

    @property
    def prompt(self) -> str:
        return f"{urlsplit(self._url).netloc.rpartition('@')[2]}> "

    def secrets(self) -> Iterator[str]:
        """Yield what no line of the history may hold."""
        yield from configured_secrets()
        network = self._network
        yield from (one.reveal() for one in connection_secrets(self._url, network.headers, network.proxy))

    def bottom(self, width: int) -> str:
        """Return the line at the bottom, without the parts that a narrow screen has no room for."""
        from wscli.repl.terminal.toolbar import Part, fitted, shortened

        options, now = self._view.options, time_ns()
        parts = [Part(0, masked_url(self._url)), Part(1, self._state())]
        if waiting := self._lines.waiting:
            parts.append(Part(1, f"{waiting} not sent yet"))
        parts.append(Part(2, f"{self._arrivals.counter.rate(now):,.0f}/s"))
        parts += [Part(3, shortened(text)) for text in filter_texts(options)]
        parts.append(Part(5, f"-o {self._view.format_name()}"))
        if options.record is not None:
            parts.append(Part(4, f"rec {shortened(PurePath(options.record).name)}"))
        if self.printer.omitted:
            parts.append(Part(4, f"{self.printer.omitted:,} not shown"))
        return fitted(parts, width)

    def _state(self) -> str:
        route = self._opened.client.routes.get("public")
        if route is None or (route.connection is None and route.absence is None):
            return "connecting"
        if route.absence is not None:
            return "reconnecting"
        return "open" if route.state is RouteState.LIVE else "connecting"


def _edit_lines(one: EditedSession, session: SessionThread, signals: Signals, main_signals: Signals) -> None:
    """Take lines until the session has ended."""
    # lazily, with all of prompt_toolkit: it connects meanwhile
    from wscli.repl.terminal.history import HistoryFile, history_path
    from wscli.repl.terminal.message_line import LineActions, MessageLine

    if main_signals.received is not None:  # a signal arrived while that was imported
        signals.take(main_signals.received)
    sys.setswitchinterval(0.001)  # keys are handled at once, also while the session is busy
    actions = LineActions(one.enter, one.end, signals.take, lambda: session.ended, flag_offers, one.bottom)
    history = HistoryFile(history_path(os.environ, HISTORY_NAME), one.secrets())
    try:
        asyncio.run(MessageLine(one.printer, one.prompt, history, actions).run())
    finally:
        main_signals.install()  # the loop took the handlers with it
    if not session.ended:  # Ctrl-C twice
        raise Interrupted(signals.received or signal.SIGINT)
