"""A client with those who observe it: what a program run and the prompt use."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from wscli.core.record import replace
from wscli.output.formats.base import Format
from wscli.output.sink import MessageSink, StreamOptions
from wscli.output.stdout import Output
from wscli.session.client import Client
from wscli.session.connection import Clock
from wscli.session.events import Observers, SessionEvents
from wscli.session.observers.printer import MessagePrinter
from wscli.session.supervisor import Supervisor
from wscli.session.target import ReconnectPolicy, SessionOptions, Target
from wscli.transport.signals import Signals

if TYPE_CHECKING:
    from wscli.storage.recording.recorder import Recorder  # 3 ms that a plain stream does not pay


class ObservedClient:
    """A client, its supervisor, and the printer that shows what it receives."""

    def __init__(
        self,
        target: Target,
        options: StreamOptions,
        format: Format,
        output: Output,
        signals: Signals,
        recorder: Recorder | None = None,
        policy: ReconnectPolicy | None = None,
        clock: Clock | None = None,
        *,
        sink: MessageSink | None = None,
        shows_data: bool = True,
    ) -> None:
        sink = sink if sink is not None else MessageSink(target.dialect, options, format, output)
        self.output = output
        self.printer = MessagePrinter(target.dialect, options, output, sink, shows_data=shows_data)
        self.client = Client(
            target, SessionOptions(options.wait_s, options.for_s), signals, Observers(self.printer), clock
        )
        output.veil = self.client.redactor
        output.on_blocked = lambda: self.client.keep_alive(blocked=True)
        Supervisor(self.client, policy if policy is not None else ReconnectPolicy(reconnect=False))
        self._recording: SessionEvents | None = None
        if recorder is not None:
            self.set_recorder(recorder)

    def set_recorder(self, recorder: Recorder | None) -> None:
        """Record from now on; None ends it."""
        if self._recording is not None:
            self.client.events.remove(self._recording)
            self._recording = None
        if recorder is None:
            return
        from wscli.session.observers.recording import RecordingObserver  # lazily: a plain stream begins sooner

        self._recording = RecordingObserver(self.client.dialect, recorder)
        self.client.events.add(self._recording, first=True)
        for connection in self.client.connections.values():
            self._recording.opened(connection.number, self.client.clock.wall_ns())

    def show_all(self, show_all: bool) -> None:
        """Show acknowledgements, heartbeats and the like as data, too, or no longer."""
        self.printer.options = replace(self.printer.options, all=show_all)

    @contextlib.contextmanager
    def with_options(self, *, wait_s: float, show_all: bool, verbose: bool) -> Iterator[None]:
        """Within it, wait as long for an answer, and show as much."""
        shown, session = self.printer.options, self.client.options
        self.printer.options = replace(shown, all=show_all, verbose=verbose)
        self.client.options = replace(session, wait_s=wait_s)
        try:
            yield
        finally:
            self.printer.options, self.client.options = shown, session
