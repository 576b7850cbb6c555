"""What becomes of an exchange's messages at the prompt: counted, kept for a while, and shown by the stream they belong to."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, TypeAlias

from wscli.commands.options import Options
from wscli.core.catalogue import Channel
from wscli.core.dialect import Dialect
from wscli.core.endings import PipeClosed
from wscli.core.errors import WscliError
from wscli.core.messages import COUNTED_KINDS, Event, Key, Kind, ReceivedMessage, Subscribe
from wscli.core.record import record, replace
from wscli.core.tables.column_choice import NUMBER_COLUMN
from wscli.output.conditions.tree import Condition
from wscli.output.conditions.unmatched import UnmatchedWatch
from wscli.output.filters import Filter, FilterResult, any_row_matches
from wscli.output.formats.base import Format
from wscli.output.rows import Row, differs, rows_of
from wscli.output.sink import MessageSink, RowLimit, StreamOptions
from wscli.output.stdout import Output
from wscli.repl.display.counters import MessageCounter, key_of
from wscli.repl.display.printer import Printer
from wscli.repl.display.redirects import Redirect

Numbers: TypeAlias = Literal[
    "none", "message", "line", "column"
]  # before a message, before each of its lines, in a column
KEPT_MESSAGES = 1000  # messages that `last` and `show` find


@record
class Display:
    """How messages are shown. filters: in words, for `subscriptions` and the toolbar. watch: whether its conditions let nothing through."""

    filter: Filter
    view: Format
    numbers: Numbers = "none"  # where the number of a message stands, for `show` and `explain`
    projection: Callable[[ReceivedMessage], str] | None = None  # --query
    filters: tuple[str, ...] = ()
    names_exchange: bool = False  # its lines say of which exchange they are, where several are open
    watch: UnmatchedWatch | None = None

    def render(self, number: int, received: ReceivedMessage, rows_of_message: Callable[[], Sequence[Row]]) -> str:
        """Return a message as it is shown."""
        if self.projection is not None:
            return self.projection(received)
        try:
            text = self.view.show(
                received, self._numbered_rows(number, rows_of_message) if self.view.needs_rows else ()
            )
        except RecursionError:  # nested deeper than anything documented: shown from its text
            text = self.view.show(received, ())
        if self.numbers == "line":
            return prefixed(text, f"#{number} ", every_line=True)
        return f"#{number} {text}" if self.numbers == "message" and text else text

    def _numbered_rows(self, number: int, rows_of_message: Callable[[], Sequence[Row]]) -> Sequence[Row]:
        rows = rows_of_message()
        return [{NUMBER_COLUMN: str(number), **row} for row in rows] if self.numbers == "column" else rows


class Stream:
    """What one `subscribe` asked for, and what its flags say.

    text: the line as it was typed. flags: those of the line. display: how its messages are shown, where the line has flags or a
    redirection. finished: it has shown enough, and is being unsubscribed.
    """

    def __init__(
        self,
        text: str,
        subscriptions: Sequence[Subscribe],
        wanted: StreamOptions,
        display: Display | None,
        redirect: Redirect | None,
        flags: Options | None = None,
    ) -> None:
        self.flags = flags if flags is not None else Options()
        self.source_line, self.subscriptions, self.wanted, self.display, self.redirect = (
            text,
            tuple(subscriptions),
            wanted,
            display,
            redirect,
        )
        self.timer: threading.Timer | None = None  # of --for
        self.shown_count = 0
        self.limit = RowLimit(wanted.rows)
        self.until_met = False
        self.finished = False
        self.ended = threading.Event()

    @property
    def has_limit(self) -> bool:
        """Whether it ends by itself."""
        limits = (self.wanted.count, self.wanted.rows, self.wanted.for_s)
        return bool(self.wanted.until) or any(limit is not None for limit in limits)

    def includes(self, event: Event, channel: Channel | None = None) -> bool:
        """Say whether a message belongs to it. channel: the catalogue's, by whose parameters subscriptions differ."""
        return any(
            one.channel == event.channel and _is_subscription_of(one, event, channel) for one in self.subscriptions
        )

    def count_shown(self, received: ReceivedMessage, labelled: Callable[[], Sequence[Row]]) -> bool:
        """Count a message that was shown; say whether that is enough."""
        self.shown_count += received.event.kind in COUNTED_KINDS
        if self.wanted.until and any_row_matches(self.wanted.until, received, labelled):
            self.until_met = True
        is_enough = self.limit.is_reached or self.until_met
        return is_enough or (self.wanted.count is not None and self.shown_count >= self.wanted.count)


def one_per_symbol(subscriptions: Sequence[Subscribe]) -> list[Subscribe]:
    """Return subscriptions with one symbol each, where they have any: as an exchange's state holds them."""
    return [
        replace(subscription, symbols=(symbol,)) if symbol else subscription
        for subscription in subscriptions
        for symbol in subscription.symbols or ("",)
    ]


def _is_subscription_of(subscription: Subscribe, event: Event, channel: Channel | None) -> bool:
    if subscription.symbols and event.symbols and not set(subscription.symbols) & set(event.symbols):
        return False
    event_subscription = event.subscription
    return not isinstance(event_subscription, Subscribe) or not differs(channel, event_subscription, subscription)


class Waiter:
    """A wait for a message that meets conditions. met_by: the message, with its number at the prompt and the row that does."""

    def __init__(self, conditions: Sequence[Condition]) -> None:
        self._filter = Filter(tuple(conditions))
        self.met = threading.Event()
        self.met_by: tuple[int, ReceivedMessage, Row] | None = None

    def look_at(self, number: int, received: ReceivedMessage, labelled: Callable[[], Sequence[Row]]) -> None:
        """End the wait where a message meets the conditions."""
        if self.met.is_set() or not self._filter.active:
            return
        found = self._filter.keep(received, labelled)
        if found.shown:
            self.met_by = number, received, next(iter(found.matching(labelled)), {})
            self.met.set()


def prefixed(text: str, prefix: str, *, every_line: bool) -> str:
    """Return lines that say whose they are: each of them, or the first.

    >>> prefixed("a\\nb\\n", "bybit: ", every_line=True)
    'bybit: a\\nbybit: b\\n'
    """
    if not prefix or not text:
        return text
    return "".join(prefix + line for line in text.splitlines(keepends=True)) if every_line else prefix + text


@record
class Marks:
    """What stands before a message. number: the next number of the prompt. tag: the exchange, where several are open."""

    number: Callable[[], int]
    tag: Callable[[], str]


class Streams(MessageSink):
    """The screen of a line at the prompt."""

    def __init__(
        self,
        dialect: Dialect,
        display: Display,
        output: Output,
        printer: Printer,
        marks: Marks,
    ) -> None:
        super().__init__(dialect, StreamOptions(), display.view, output)
        self.display, self.printer = display, printer
        self.recent: deque[tuple[int, ReceivedMessage]] = deque(maxlen=KEPT_MESSAGES)
        self.running: tuple[Stream, ...] = ()
        self.unheeded: tuple[Stream, ...] = ()  # ended here, though the exchange did not confirm it
        self.waiters: tuple[Waiter, ...] = ()
        self.counters: dict[Key, MessageCounter] = {}
        self.total = MessageCounter()
        self.on_finished: Callable[[Stream], None] = lambda stream: None  # called with a stream that has shown enough
        self.paused = False
        self.failure: WscliError | None = None  # the first thing that went wrong with a stream, reported when it did
        self.unmet_limit: str | None = None  # what a stream asked for and did not get before it ended
        self.display_of_replies: Display | None = None  # while a line that says how they are shown is run
        self._marks = marks

    def show(self, received: ReceivedMessage) -> None:
        """Count, keep and show one message."""
        number, event = self._marks.number(), received.event
        self.recent.append((number, received))
        self._count(received)
        rows_made: list[Sequence[Row]] = []

        def labelled() -> Sequence[Row]:
            if not rows_made:
                rows_made.append(tuple(rows_of(self._dialect, event)))
            return rows_made[0]

        for waiter in self.waiters:
            waiter.look_at(number, received, labelled)
        if event.kind is Kind.REPLY:
            self._show_reply(number, received, labelled)
            return
        for stream in self._targets_of(event):
            self._show_in(stream, number, received, labelled)

    def _show_in(
        self, stream: Stream | None, number: int, received: ReceivedMessage, labelled: Callable[[], Sequence[Row]]
    ) -> None:
        """Show a message where a stream goes. None: on the screen, as everything is shown."""
        display = stream.display if stream is not None and stream.display is not None else self.display
        filtered = display.filter.keep(received, labelled)
        self.tally(shown=filtered.shown)
        if display.watch is not None:
            notice = display.watch.after(shown=filtered.shown, now_ns=received.received_ns)
            if notice is not None:
                self.printer.print_notice(f"wscli: {notice}")
        if not filtered.shown:
            return
        if stream is not None and stream.wanted.rows is not None:
            rows = stream.limit.take(filtered.matching(labelled), event_kind=received.event.kind)
            filtered = FilterResult(True, rows)
        self._write(stream, display, lambda: display.render(number, received, lambda: filtered.matching(labelled)))
        if stream is not None and stream.count_shown(received, labelled):
            self.finish(stream)

    def _show_reply(self, number: int, received: ReceivedMessage, labelled: Callable[[], Sequence[Row]]) -> None:
        """Show the answer to a query, also while messages are paused or a flood is cut short."""
        display = self.display_of_replies or self.display
        filtered = display.filter.keep(received, labelled)
        self.tally(shown=filtered.shown)
        if filtered.shown:
            text = display.render(number, received, lambda: filtered.matching(labelled))
            every_line = display.numbers == "none"
            shown = prefixed(self._output.veil.redact(text), self._marks.tag(), every_line=every_line)
            self.printer.print_result(shown, self._output.on_blocked)

    def _targets_of(self, event: Event) -> Sequence[Stream | None]:
        """Return the streams that show a message: each that goes to a file or a command, and of those on the screen the newest."""
        if not self.running and not self.unheeded:
            return (None,)
        channel = self._dialect.channel(event.channel)
        if len(self.running) == 1 and self.running[0].includes(event, channel):
            return () if self.running[0].finished else self.running
        asked_for = [stream for stream in self.running if stream.includes(event, channel)]
        if not asked_for:
            return () if any(stream.includes(event, channel) for stream in self.unheeded) else (None,)
        unfinished = [stream for stream in asked_for if not stream.finished]
        on_screen = [stream for stream in unfinished if stream.redirect is None]
        return [*(stream for stream in unfinished if stream.redirect is not None), *on_screen[-1:]]

    def _write(self, stream: Stream | None, display: Display, text: Callable[[], str]) -> None:
        idle, veil = self._output.on_blocked, self._output.veil
        if stream is None or stream.redirect is None:
            if not self.paused:

                def rendered() -> str:
                    tag = "" if display.names_exchange else self._marks.tag()
                    try:
                        return prefixed(veil.redact(text()), tag, every_line=display.numbers == "none")
                    except WscliError as error:  # --query found a value that it has no use for
                        self._fail_stream(stream, error)
                        return ""

                self.printer.print_message(rendered, idle)
            return
        try:
            stream.redirect.write(veil.redact(text()), idle)
        except PipeClosed:
            self.finish(stream)  # who reads it has read enough
        except WscliError as error:
            error.message = f"{stream.redirect.description}: {error.message}"
            self._fail_stream(stream, error)

    def _fail_stream(self, stream: Stream | None, error: WscliError) -> None:
        """End a stream that cannot be shown, and say so once."""
        if stream is not None and not stream.finished:
            self.report_failure(error)
            self.finish(stream)

    def report_failure(self, error: WscliError) -> None:
        """Say what went wrong with a stream, and keep it for the status of a script."""
        self.failure = self.failure or error
        self.printer.print_notice(f"wscli: {error.message}" + (f"\n  hint: {error.hint}" if error.hint else ""))

    def use_display(self, display: Display) -> None:
        """Show messages so from now on, but for streams with a display of their own."""
        self.display, self.format = display, display.view

    @contextlib.contextmanager
    def showing_replies(self, display: Display | None) -> Iterator[None]:
        """Within it answers are shown in another way. None: as everything is."""
        if display is None:
            yield
            return
        before, self.format, self.display_of_replies = self.format, display.view, display
        try:
            yield
        finally:
            self.format, self.display_of_replies = before, None

    def finish(self, stream: Stream) -> None:
        if not stream.finished:
            stream.finished = True
            self.on_finished(stream)

    @property
    def symbols(self) -> dict[str, None]:
        """The symbols of which something came, in the order in which they began."""
        return dict.fromkeys(symbol for counter in tuple(self.counters.values()) for symbol in counter.symbols)

    def _count(self, received: ReceivedMessage) -> None:
        event = received.event
        key = key_of(self._dialect, event)
        counter = self.counters.get(key)
        if counter is None:
            counter = self.counters[key] = MessageCounter(event.symbols)
        counter.add(received.received_ns)
        self.total.add(received.received_ns)

    def print_command_output(self, line: str) -> None:
        """Show a line that a command printed about its stream."""
        if not self.paused:
            self.printer.print_message(lambda: f"{self._marks.tag()}{line}\n", lambda: None)

    def check_last(self, waiter: Waiter) -> None:
        """Let a waiter have the last message."""
        number, received = self.recent[-1]
        waiter.look_at(number, received, lambda: tuple(self.labelled(received)))

    def labelled(self, received: ReceivedMessage) -> Iterator[Row]:
        """Return the rows of a message."""
        return rows_of(self._dialect, received.event)
