"""Shows what a client receives: data on standard output through a sink, everything else as a line on standard error."""

from __future__ import annotations

from collections.abc import Sequence

from wscli.core.dialect import Dialect
from wscli.core.messages import DATA_KINDS, Kind, ReceivedMessage, Subscribe
from wscli.output.formats.base import Format
from wscli.output.note_line import note_line
from wscli.output.sink import MessageSink, StreamOptions
from wscli.output.stdout import Output
from wscli.session.events import Level, Role, SessionEvents, VerbatimPath
from wscli.session.observers.message_notices import NOTED_KINDS, MessageNotices
from wscli.session.observers.notices import hidden_notices, silence_notices


class MessagePrinter(SessionEvents):
    """Prints for a person, or for a pipe. shows_data: data is shown as it arrives; without it only answers and notes are.

    options: may change while it prints.
    """

    def __init__(
        self, dialect: Dialect, options: StreamOptions, output: Output, sink: MessageSink, *, shows_data: bool = True
    ) -> None:
        self.options, self.sink, self.shows_data = options, sink, shows_data
        self._dialect, self._output = dialect, output
        self._message_notices = MessageNotices()

    @property
    def wants_details(self) -> bool:  # type: ignore[override]
        return self.options.verbose

    def begin(self) -> None:
        self._output.write_text(self.sink.format.header())

    def finished(self) -> None:
        if self.shows_data:
            self.sink.check_satisfied(self._dialect.name)

    def received(self, received: ReceivedMessage, role: Role) -> None:
        event = received.event
        if event.kind in NOTED_KINDS and role is not Role.OLD:
            for notice in self._message_notices.notices_on(received):
                self._note(notice)
        match role:
            case Role.RESULT:
                self._show_result(received)
            case Role.MESSAGE | Role.KEEPALIVE | Role.OLD_DATA:
                self._show(received, role)
            case Role.REPORTED if self.options.all:
                self._output.write_text(self._format.show(received, ()))
            case Role.OLD if self.options.all:
                self._show(received, role)
            case _:
                pass

    @property
    def _format(self) -> Format:
        return self.sink.format

    def _show_result(self, received: ReceivedMessage) -> None:
        """Show an answer where it stands among the messages: a reply as data (filters apply), anything else whole."""
        if received.event.kind is Kind.REPLY:
            self.sink.show(received)
        else:
            self._output.write_text(self._format.show(received, ()))

    def _show(self, received: ReceivedMessage, role: Role) -> None:
        """Show data as data, everything else as a note (with --all as data); errors are shown with --quiet too."""
        event = received.event
        if event.kind in DATA_KINDS:
            if self.shows_data:
                self.sink.show(received)
            return
        if self.options.all:
            self._output.write_text(self._format.show(received, ()))
        line = f"{self._dialect.name}: {note_line(received)}"
        if event.kind is Kind.ERROR:
            self._output.write_stderr(f"wscli: {line}")
        elif self.options.verbose or role is not Role.KEEPALIVE:
            self._output.note(line)

    def sent(self, connection: int, ns: int, text: str) -> None:
        if self.options.verbose:
            self._output.note(f"> {text}")

    def gap(self, gap: ReceivedMessage, away_ms: int) -> None:
        if self.options.show_gaps or self.options.all:
            self._output.write_text(self._format.show(gap, ()))

    def silent(self, subscriptions: Sequence[Subscribe]) -> None:
        for notice in silence_notices(self._dialect, subscriptions):
            self._note(notice)
        for notice in hidden_notices(self.sink):
            self._note(notice)

    def _note(self, text: str) -> None:
        self._output.note(f"{self._dialect.name}: {text}")

    def notice(self, text: str, level: Level) -> None:
        if level is Level.WARNING:
            self._output.write_stderr(f"wscli: {text}")
        elif level is Level.NOTE or self.options.verbose:
            self._output.note(text)

    def flush(self) -> None:
        self._output.flush()

    def verbatim(self) -> VerbatimPath | None:
        fast_path = self.sink.fast_path if self.shows_data else None
        return None if fast_path is None else VerbatimPath(fast_path, self.sink)
