"""What a user has open at the prompt: the exchanges, the one in use, and how things are shown. `run` takes a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from itertools import count
from urllib.parse import urlsplit

from wscli.app import api_routing
from wscli.app.configuration.configured import configured_options, places_in_file
from wscli.app.hints import as_typed_at_prompt
from wscli.app.settings import (
    Settings,
    check_location_flags,
)
from wscli.app.targets import reconnect_options, target_at
from wscli.commands.flag_table import TARGET_FLAGS
from wscli.commands.options import DEFAULTS, Options, merged_options
from wscli.core.catalogue import Channel
from wscli.core.dialect import Dialect, ServerUrls
from wscli.core.errors import UsageError, WscliError, choices
from wscli.core.messages import Command
from wscli.core.record import replace
from wscli.core.secrets import masked_message_and_hint
from wscli.exchanges import api_names, is_exchange, known_names
from wscli.output.formats import Format, format_class
from wscli.output.rows import columns as columns_of
from wscli.output.sink import StreamOptions
from wscli.output.stdout import Output
from wscli.repl.display.captured_results import CapturingPrinter
from wscli.repl.display.choosing import Screen, display_for
from wscli.repl.display.csv_header import CsvHeader
from wscli.repl.display.printer import Printer
from wscli.repl.display.streams import Display, Marks, Streams
from wscli.repl.workspace.known_symbols import KnownSymbols
from wscli.repl.workspace.opener import Opener, Simulator
from wscli.repl.workspace.prompt_alerts import PromptAlerts
from wscli.repl.workspace.prompt_settings import PromptSettings
from wscli.repl.workspace.prompt_terminal import PromptTerminal
from wscli.repl.workspace.stopped_streams import StoppedStream
from wscli.repl.workspace.waits import Waits
from wscli.repl.workspace.worker import Opening, PrinterOutput, Worker
from wscli.repl.workspace.worker_jobs import connect
from wscli.session.target import Target
from wscli.storage.child_processes import GRACE_S
from wscli.storage.headers import reads_standard_input
from wscli.storage.recording.recorder import check_required
from wscli.storage.recording.shared_recorders import SharedRecorders
from wscli.transport.signals import Signals
from wscli.transport.urls import websocket_url

CLOSE_TIMEOUT_S = 6.0


class ExitRequested(Exception):
    """The user leaves."""


class Workspace:
    """The state of one prompt, or of one script. Lines are run one at a time, by whichever thread has them.

    interactive: answers and messages are for eyes. simulator: starts a simulated exchange (handed in: it is the edge's).
    """

    def __init__(
        self, options: Options, printer: Printer, signals: Signals, simulator: Simulator, *, interactive: bool
    ) -> None:
        if options.columns is not None:  # of the program, for whatever is opened
            options = replace(options, columns=replace(options.columns, is_setting=True))
        self.options, self.printer = options, CapturingPrinter(printer)
        self.terminal = PromptTerminal(interactive=interactive)
        self.csv = CsvHeader(alone=interactive)
        self.workers: dict[str, Worker] = {}
        self.current_label: str | None = None
        self.paused = False
        self.stopped: tuple[StoppedStream, ...] = ()  # by Ctrl-C, for `resume`
        check_required(options)
        self._opener = Opener(signals, simulator, printer.print_notice)
        self._message_numbers = count(1)
        self.symbols = KnownSymbols()
        self.alerts = PromptAlerts(self.print_notice, self.workers)
        self.settings = PromptSettings()
        self.recordings = SharedRecorders(printer.print_notice, required=options.record_required)
        self.waits = Waits(signals, self.recordings, self._give_up_jobs)

    @property
    def interactive(self) -> bool:
        """Whether answers and messages are for eyes."""
        return self.terminal.interactive

    # --- what is open

    def hint_of(self, error: WscliError) -> str:
        """Return the hint of an error as it is typed here, in the place where each exchange is open."""

        def options(name: str) -> Options:
            return self.workers[name].options if name in self.workers else self.options

        return as_typed_at_prompt(error.hint or error.default_hint, options)

    @property
    def current(self) -> Worker:
        """The exchange in use. Raises UsageError where there is none."""
        if self.current_label is None or self.current_label not in self.workers:
            raise UsageError("no exchange is selected", f"use EXCHANGE connects to one: {' '.join(known_names())}")
        return self.workers[self.current_label]

    def is_open(self, label: str) -> bool:
        return label in self.workers and self.workers[label].alive

    def dialect_of(self, name: str, api: str | None = None) -> Dialect:
        """Return the dialect of an exchange, once imported."""
        return self._opener.dialect(name, replace(self.options, api=api))

    def use(
        self, name: str, flags: Options, *, in_background: bool = True, reopening_flags: Sequence[str] = TARGET_FLAGS
    ) -> Worker:
        """Make an exchange the one in use; open it where it is not open, or where the flags say another place.

        in_background: at a prompt it connects meanwhile, and the result is reported later. reopening_flags: the flags that open it again.
        """
        if reads_standard_input(flags.header):
            raise UsageError("-H @-: standard input holds the commands", "-H @FILE reads the headers from a file")
        if "://" in name:
            return self._use_url(name, flags)
        if not is_exchange(name):
            raise UsageError(f"no exchange named {name!r}", choices(name, known_names()), word=name)
        worker = self.workers.get(name)
        previous = (
            worker.options if worker is not None else None
        )  # the flags that open it again are added to those it was opened with
        if worker is not None and (_reopens(worker.options, flags, reopening_flags) or not worker.alive):
            self.close(name)
            worker = None
        if worker is None:
            options = merged_options(self._default_options(name) if previous is None else previous, flags)
            pinned = api_routing.with_configured_api(self.settings_for(self.dialect_of(name, options.api), options))
            dialect, options = pinned.dialect, pinned.options
            worker = self._open(
                name, dialect, options, partial(self._opener.target, self.settings_for(dialect, options))
            )
            self.current_label = name
            if self.interactive and in_background:
                worker.submit_in_background(
                    connect
                )  # in a script the first line that needs it connects, and fails where it cannot
        self.current_label = name
        return worker

    def _default_options(self, name: str) -> Options:
        """Return the options of the program for an exchange: an API that is another one's is not meant."""
        options = self.options_for(name)
        foreign = options.api is not None and options.api not in api_names(name)
        return replace(options, api=None) if foreign else options

    def options_for(self, name: str) -> Options:
        """Return the options of the program as they are for an exchange: its table in the file comes before [defaults]."""
        return configured_options(replace(self.options, **self.settings.without_file()), exchange=name)

    def _open(
        self, label: str, dialect: Dialect, options: Options, open_target: Callable[[], AbstractContextManager[Target]]
    ) -> Worker:
        check_location_flags(self.settings_for(dialect, options))
        wanted = StreamOptions(
            wait_s=options.wait_s,
            all=options.all_,
            verbose=options.verbose,
            show_gaps=options.output is not None and format_class(options.output).shows_gaps,
        )
        display = self.display_of(dialect, self.options)
        output = PrinterOutput(self.printer, label, quiet=options.quiet)

        def make_streams(target_output: Output) -> Streams:
            return Streams(
                dialect,
                display,
                target_output,
                self.printer,
                Marks(lambda: next(self._message_numbers), partial(self._prefix, label)),
            )

        recorder = self.recordings.acquire(options.record) if options.record is not None else None
        worker = Worker(
            label,
            dialect,
            Opening(open_target, wanted, reconnect_options(options), self.alerts.observer(dialect)),
            make_streams,
            output,
            recorder,
        )
        worker.options = options
        worker.streams.paused = self.paused
        self.workers[label] = worker
        return worker

    def _use_url(self, url: str, flags: Options) -> Worker:
        from wscli.exchanges.generic import generic_dialect

        url = websocket_url(url)
        label = urlsplit(url).netloc
        dialect, options = replace(generic_dialect(), name=label), self.with_flags(replace(flags, url=url))
        self.close(label)
        target = target_at(self.settings_for(dialect, options), ServerUrls({"public": url}))
        worker, previous = self._open(label, dialect, options, lambda: nullcontext(target)), self.current_label
        try:
            self.waits.result(worker.submit(connect))
        except WscliError:
            self.close(label)
            self.current_label = previous
            raise
        self.current_label = label
        return worker

    def connect_all(self) -> None:
        """Connect every exchange. Raises what one raised that cannot be."""
        for worker in [*self.workers.values()]:
            self.waits.result(worker.submit(connect))

    def close(self, label: str) -> None:
        """Unsubscribe from everything of an exchange, and close it."""
        worker = self.workers.pop(label, None)
        if worker is not None:
            worker.request_close()
            worker.join(CLOSE_TIMEOUT_S)
            self._end_recording(worker)
        if self.current_label == label:
            self.current_label = next(reversed(self.workers), None)

    def close_all(self) -> None:
        workers = [*self.workers.values()]
        for worker in workers:
            worker.request_close()
        for worker in workers:
            worker.join(CLOSE_TIMEOUT_S)
            self._end_recording(worker)
        self.workers.clear()
        self.current_label = None
        self.alerts.close(0.0 if self.interactive else GRACE_S)

    def _give_up_jobs(self) -> None:
        for live in self.workers.values():
            live.cancel()

    def _end_recording(self, worker: Worker) -> None:
        if worker.recorder is not None:
            self.recordings.release(worker.recorder)

    def _prefix(self, label: str) -> str:
        return f"{label}: " if self.interactive and len(self.workers) > 1 else ""

    # --- how things are shown

    def settings_for(self, dialect: Dialect, options: Options) -> Settings:
        return self._opener.settings(dialect, options)

    def with_flags(self, flags: Options) -> Options:
        """Return the room's options with what a line's flags say in place of them: a place in place of a place."""
        return merged_options(self.options, flags)

    def display_of(
        self,
        dialect: Dialect,
        options: Options,
        commands: Sequence[Command] = (),
        *,
        redirected: bool = False,
        numbered: bool = False,
    ) -> Display:
        """Return how messages are shown.

        redirected: in a pipe or a file, whatever standard output is. numbered: with their numbers in every format, where they are for eyes;
        in a table of their own.
        """
        screen = Screen(
            self.interactive,
            self.csv.columns,
            self.printer.table,
            lambda: len(self.workers) > 1,
            self.print_notice,
        )
        settings = self.settings_for(dialect, options)
        return display_for(settings, commands, screen, redirected=redirected, numbered=numbered)

    def print_header(self, view: Format) -> None:
        """Show what stands before the first message of a format: the header of csv, once for the streams that share it."""
        if (header := view.header()) and self.csv.due():
            self.print_result(header)

    def settle_csv(self, channels: Sequence[Channel]) -> None:
        """Have the columns of csv be those of these channels, unless a stream has settled them; at the prompt once none is on, anew."""
        if self.interactive and not any(worker.subscriptions() for worker in self.workers.values()):
            self.csv.forget()
        if channels and not self.csv.columns:
            self.csv.settle(columns_of(channels), one_open=len(self.workers) == 1)
            self.refresh_displays()

    def refresh_displays(self) -> None:
        """Let what is shown from now on be as the options have it."""
        displays = {
            label: self.display_of(live.dialect, self.options, live.subscriptions())
            for label, live in self.workers.items()
        }
        for label, worker in self.workers.items():
            worker.streams.use_display(displays[label])
            for stream in worker.streams.running:
                if stream.display is not None and stream.redirect is None:  # its flags first, then the options
                    options = self.with_flags(stream.flags)
                    stream.display = self.display_of(worker.dialect, options, stream.subscriptions)

    def set_paused(self, paused: bool) -> None:
        """Show no messages for now, or show them again."""
        self.paused = paused
        for worker in self.workers.values():
            worker.streams.paused = paused

    # --- saying

    def print_result(self, text: str) -> None:
        """Show a text that was asked for."""
        if text:
            self.printer.print_result(text if text.endswith("\n") else f"{text}\n", lambda: None)

    def print_notice(self, text: str) -> None:
        if not self.options.quiet:
            self.printer.print_notice(f"wscli: {text}")

    def acknowledge(self, text: str) -> None:
        """Confirm in a line that something changed here; a script needs no confirmation, the start-up script neither."""
        if self.interactive and self.settings.confirms:
            self.print_notice(text)

    def report(self, error: WscliError, mark: str = "") -> None:
        """Show an error in two lines. mark: a line that stands above them."""
        hint = self.hint_of(error)
        typed = replace(self.options, **self.settings.without_file())
        hint += places_in_file(f"{error.message} {hint}", typed, self.current_label)
        message, hint = masked_message_and_hint(error.message, hint, error.default_hint)
        self.printer.print_notice(f"{mark}wscli: {message}\n  hint: {hint}")


def _reopens(options: Options, flags: Options, names: Sequence[str]) -> bool:
    """Return whether flags ask for something else than an exchange was opened with."""
    given = any(getattr(flags, name) != DEFAULTS[name] for name in names)
    combined = merged_options(options, flags)
    return given and any(getattr(combined, name) != getattr(options, name) for name in names)
