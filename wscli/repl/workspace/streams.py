"""What becomes of a venue's messages at the prompt: counted, kept for a while, and shown by the stream they belong to."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from wscli.core.catalogue import Channel
from wscli.core.dialect import Dialect
from wscli.core.errors import WscliError
from wscli.core.messages import COUNTED, Event, Key, Query, Received, Subscribe
from wscli.core.record import replace, value
from wscli.output.filters import Condition, Filter, until
from wscli.output.formats import View
from wscli.output.rows import Row, differs, rows
from wscli.output.signals import PipeClosed
from wscli.output.sink import Screen, Wanted
from wscli.output.stdout import Output
from wscli.repl.workspace.printer import Paper
from wscli.repl.workspace.redirects import Sink

KEPT = 1000  # messages that `last` and `show` find
LATELY_NS = 5_000_000_000  # over which a rate is taken


@value
class Showing:
    """How messages are shown where a command did not say otherwise."""

    filter: Filter
    view: View
    numbered: bool = False  # the number of a message stands before it, for `show`
    project: Callable[[Received], str] | None = None  # --query

    def text(self, number: int, received: Received, found: Callable[[], Sequence[Row]]) -> str:
        """Return a message as it is shown."""
        if self.project is not None:
            return self.project(received)
        try:
            text = self.view.show(received, found() if self.view.wants_rows else ())
        except RecursionError:  # nested deeper than anything documented: shown from its text
            text = self.view.show(received, ())
        return f"#{number} {text}" if self.numbered and text else text


class Stream:
    """What one `subscribe` asked for, and what its flags say.

    text: the line as it was typed. over: it has shown enough, and is being unsubscribed.
    """

    def __init__(
        self, text: str, asked: Sequence[Subscribe], wanted: Wanted, showing: Showing | None, sink: Sink | None
    ) -> None:
        self.text, self.asked, self.wanted, self.showing, self.sink = text, tuple(asked), wanted, showing, sink
        self.timer: threading.Timer | None = None  # of --for
        self.shown = 0
        self.met = False
        self.over = False
        self.ended = threading.Event()

    @property
    def limited(self) -> bool:
        """Whether it ends by itself."""
        return self.wanted.count is not None or self.wanted.for_s is not None or bool(self.wanted.until)

    def carries(self, event: Event, channel: Channel | None = None) -> bool:
        """Say whether a message belongs to it. channel: the catalogue's, by whose parameters subscriptions are told apart."""
        return any(one.channel == event.channel and _same(one, event, channel) for one in self.asked)

    def enough(self, received: Received, labelled: Callable[[], Sequence[Row]]) -> bool:
        """Count a message that was shown; say whether that is enough."""
        self.shown += received.event.kind in COUNTED
        if self.wanted.until and until(self.wanted.until, received, labelled):
            self.met = True
        return self.met or (self.wanted.count is not None and self.shown >= self.wanted.count)


def apiece(asked: Sequence[Subscribe]) -> list[Subscribe]:
    """Return subscriptions with one symbol each, where they have any: as a venue's state holds them."""
    return [replace(one, symbols=(symbol,)) if symbol else one for one in asked for symbol in one.symbols or ("",)]


def _same(asked: Subscribe, event: Event, channel: Channel | None) -> bool:
    if asked.symbols and event.symbols and not set(asked.symbols) & set(event.symbols):
        return False
    told = event.subscription
    return not isinstance(told, Subscribe) or not differs(channel, told, asked)


def tally_key(dialect: Dialect, topic: Key | None, channel: str | None, asked: Subscribe | Query | None) -> Key:
    """Return what a subscription is counted under. A topic is one connection's: that of spot may be that of linear, too."""
    product = asked.params.get(dialect.prefix) if asked is not None and dialect.prefix is not None else None
    return channel, topic, product


class Waiter:
    """Somebody who waits for a message that meets conditions."""

    def __init__(self, conditions: Sequence[Condition]) -> None:
        self.conditions = tuple(conditions)
        self.met = threading.Event()


class Tally:
    """Of one subscription: messages, when the last one came (ns), and how many a second came lately.

    The thread that hears counts; any other may ask.
    """

    __slots__ = ("count", "last_ns", "marks")

    def __init__(self) -> None:
        self.count, self.last_ns = 0, 0
        self.marks: deque[tuple[int, int]] = deque(maxlen=8)  # (ns, messages before it), a second apart at least

    def add(self, ns: int) -> None:
        if not self.marks or ns - self.marks[-1][0] >= 1_000_000_000:
            self.marks.append((ns, self.count))
        self.count += 1
        self.last_ns = ns

    def rate(self, now_ns: int) -> float:
        """Return the messages a second of the last LATELY_NS.

        >>> tally = Tally()
        >>> for ns in range(0, 2_000_000_000, 100_000_000): tally.add(ns)
        >>> tally.rate(2_000_000_000), tally.rate(60_000_000_000)
        (10.0, 0.0)
        """
        lately = [mark for mark in tuple(self.marks) if now_ns - mark[0] <= LATELY_NS]
        if not lately:
            return 0.0
        then_ns, before = lately[0]
        return (self.count - before) / max((now_ns - then_ns) / 1e9, 0.5)


def tagged(text: str, tag: str, *, each: bool) -> str:
    """Return lines that say whose they are: each of them, or the first.

    >>> tagged("a\\nb\\n", "bybit: ", each=True)
    'bybit: a\\nbybit: b\\n'
    """
    if not tag or not text:
        return text
    return "".join(tag + line for line in text.splitlines(keepends=True)) if each else tag + text


@value
class Marks:
    """What stands before a message. number: the next number of the prompt. tag: the exchange, where several are open."""

    number: Callable[[], int]
    tag: Callable[[], str]


class Board(Screen):
    """The screen of a line at the prompt."""

    def __init__(
        self,
        dialect: Dialect,
        showing: Showing,
        output: Output,
        paper: Paper,
        marks: Marks,
    ) -> None:
        super().__init__(dialect, Wanted(), showing.view, output)
        self.showing, self.paper = showing, paper
        self.last: deque[tuple[int, Received]] = deque(maxlen=KEPT)
        self.streams: tuple[Stream, ...] = ()
        self.waiters: tuple[Waiter, ...] = ()
        self.tallies: dict[Key, Tally] = {}
        self.total = Tally()
        self.over: Callable[[Stream], None] = lambda stream: None  # is told of a stream that has shown enough
        self.paused = False
        self.failed: WscliError | None = None  # the first thing that went wrong with a stream, told when it did
        self.unmet: str | None = None  # what a stream asked for and did not get before it ended
        self.symbols: dict[str, None] = {}  # those seen
        self._marks = marks

    def show(self, received: Received) -> None:
        """Count, keep and show one message."""
        number, event = self._marks.number(), received.event
        self.last.append((number, received))
        self._count(received)
        made: list[Sequence[Row]] = []

        def labelled() -> Sequence[Row]:
            if not made:
                made.append(tuple(rows(self._dialect, event)))
            return made[0]

        for waiter in self.waiters:
            if until(waiter.conditions, received, labelled):
                waiter.met.set()
        stream = self._stream_of(event)
        if stream is not None and stream.over:
            return
        showing = stream.showing if stream is not None and stream.showing is not None else self.showing
        kept = showing.filter.keep(received, labelled)
        if not kept.shown:
            self.hidden += 1
            return
        self.count += 1
        self._give(stream, showing, lambda: showing.text(number, received, lambda: kept.matching(labelled)))
        if stream is not None and stream.enough(received, labelled):
            self.end(stream)

    def _stream_of(self, event: Event) -> Stream | None:
        """Return the newest stream that a message belongs to."""
        if not self.streams:
            return None
        channel = self._dialect.channel(event.channel)
        return next((s for s in reversed(self.streams) if s.carries(event, channel)), None)

    def _give(self, stream: Stream | None, showing: Showing, text: Callable[[], str]) -> None:
        idle, veil = self._output.idle, self._output.veil
        if stream is None or stream.sink is None:
            if not self.paused:

                def shown() -> str:
                    try:
                        return tagged(veil.over(text()), self._marks.tag(), each=not showing.numbered)
                    except WscliError as error:  # --query found a value that it has no use for
                        self._refuse(stream, error)
                        return ""

                self.paper.message(shown, idle)
            return
        try:
            stream.sink.write(veil.over(text()), idle)
        except PipeClosed:
            self.end(stream)  # who reads it has read enough
        except WscliError as error:
            error.message = f"{stream.sink.words}: {error.message}"
            self._refuse(stream, error)

    def _refuse(self, stream: Stream | None, error: WscliError) -> None:
        """End a stream that cannot be shown, and say so once."""
        if stream is not None and not stream.over:
            self.fail(error)
            self.end(stream)

    def fail(self, error: WscliError) -> None:
        """Say what went wrong with a stream, and keep it for the status of a script."""
        self.failed = self.failed or error
        self.paper.word(f"wscli: {error.message}" + (f"\n  hint: {error.hint}" if error.hint else ""))

    def end(self, stream: Stream) -> None:
        if not stream.over:
            stream.over = True
            self.over(stream)

    def _count(self, received: Received) -> None:
        event = received.event
        topic = event.topic if event.topic is not None else (event.channel, *event.symbols)
        place = tally_key(self._dialect, topic, event.channel, event.subscription)
        tally = self.tallies.get(place)
        if tally is None:
            tally = self.tallies[place] = Tally()
            self.symbols |= dict.fromkeys(event.symbols)
        tally.add(received.ns)
        self.total.add(received.ns)

    def piped(self, line: str) -> None:
        """Show a line that a command said about its stream."""
        if not self.paused:
            self.paper.message(lambda: f"{self._marks.tag()}{line}\n", lambda: None)

    def look_back(self, waiter: Waiter) -> None:
        """Let a waiter have the last message."""
        received = self.last[-1][1]
        if until(waiter.conditions, received, lambda: tuple(self.labelled(received))):
            waiter.met.set()

    def labelled(self, received: Received) -> Iterator[Row]:
        """Return the rows of a message."""
        return rows(self._dialect, received.event)
