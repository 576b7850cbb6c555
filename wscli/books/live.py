"""A book that is kept live beside a client: shown as it changes, begun by HTTP where it must be, rebuilt after a fault."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wscli.books.display import BookDisplay
from wscli.books.order_book import SIDES
from wscli.books.repair import BookRepair
from wscli.books.sync import BookFault, BookSync
from wscli.core.endings import Finished
from wscli.core.errors import IntegrityError, TimedOut
from wscli.core.messages import ReceivedMessage, request_text
from wscli.core.record import record
from wscli.output.sink import StreamOptions
from wscli.session.client import Client
from wscli.session.connection import Connection
from wscli.session.events import Level, Role, SessionEvents
from wscli.session.requests import NEVER

LONGEST_WAIT_S = 3600.0
VERIFY_HINT = "without --verify the book is rebuilt; --record FILE saves the messages"


@record
class LiveBookOptions:
    """depth: how many levels of each side are shown. verify: the first fault ends the run.

    stale_s: with verify, so long without a message of the book is one. wanted: when it is enough.
    """

    depth: int = 10
    verify: bool = False
    stale_s: float | None = None
    wanted: StreamOptions = StreamOptions()


class LiveBook(SessionEvents):
    """Keeps one book on a connection: it observes the client, and acts after every turn of its loop (`step`).

    on_ready: called whenever a complete book is shown.
    """

    needs_every_message = True

    def __init__(
        self,
        client: Client,
        sync: BookSync,
        display: BookDisplay,
        options: LiveBookOptions,
        on_ready: Callable[[], None] = lambda: None,
    ) -> None:
        self.client, self.sync, self.options, self._on_ready = client, sync, options, on_ready
        self.shown_count = 0
        self._display = display
        self._repair = BookRepair(client, sync, self._fetched)
        self._last_top: object = None
        self._last_message_number = 0  # of the last message of the book
        self._last_message_at: float | None = None  # when that came, or the setting up was over
        self._messages_seen = 0  # messages of the book so far
        client.events.add(self, first=True)
        client.source = self

    @property
    def _name(self) -> str:
        return self.client.dialect.name

    # --- messages

    def received(self, received: ReceivedMessage, role: Role) -> None:
        """Fold a message. Raises IntegrityError with verify, Finished once it is enough."""
        if role in (Role.OLD, Role.OLD_DATA):
            return
        fault = self.sync.apply(received)
        if self.sync.messages != self._messages_seen:
            self._messages_seen, self._last_message_number = self.sync.messages, received.number
            self._last_message_at = self.client.clock.monotonic()
        if fault is not None and (self.options.verify or fault.kind != "not proven"):
            self._handle_fault(fault)
        elif self.sync.changed:
            self._repair.good_message()
            self._show(received.received_ns)

    def _handle_fault(self, fault: BookFault) -> None:
        message = f"{self._name}: {fault.description}"
        if self.options.verify:
            raise IntegrityError(message, VERIFY_HINT)
        if self._repair.resubscribe_at is not None:
            return  # a new book begins soon: until then messages belong to the old one
        self.client.events.notice(f"{message}; the book is rebuilt", Level.WARNING)
        self._repair.fault()

    def _fetched(self, fault: BookFault | None) -> None:
        """Go on with a book whose beginning was fetched."""
        if fault is not None:
            self._handle_fault(fault)
        else:
            self._show(self.client.clock.wall_ns())

    def _show(self, ns: int) -> None:
        sync = self.sync
        if not sync.ready or sync.book.crossed:
            return  # crossed, and no fault yet: it is about to pass
        self._on_ready()
        levels = [sync.book.top(side, self.options.depth) for side in SIDES]
        top = [[[level.price, level.size] for level in side] for side in levels]
        if top == self._last_top:
            return
        self._last_top = top
        self.shown_count += 1
        self._display.changed(top, ns)
        count = self.options.wanted.count
        if count is not None and self.shown_count >= count:
            raise Finished

    def finished(self) -> None:
        unmet = self.options.wanted.unmet(self.shown_count, until_met=False)
        if unmet is not None:
            raise TimedOut(f"{self._name}: {unmet}", "use a longer --for")

    # --- beside the sockets

    def connection_opened(self, connection: Connection) -> None:
        """Nothing is sent on a new connection: the client subscribes."""

    def descriptors(self) -> Sequence[int]:
        return self._display.descriptors()

    def due_s(self) -> float:
        """Return in how many seconds there is something to do."""
        now = self.client.clock.monotonic()
        at = min(self._repair.next_at(), self._display.draw_at())
        if self.options.verify and self.options.stale_s is not None:
            at = min(at, (now if self._last_message_at is None else self._last_message_at) + self.options.stale_s)
        return LONGEST_WAIT_S if at == NEVER else max(at - now, 0.0)

    def step(self, ready: Sequence[int]) -> None:
        """Do what is due: fetch the beginning, subscribe again, draw. Raises IntegrityError for a book gone stale, Finished for a key
        that leaves.
        """
        if ready and self._display.press():
            raise Finished
        now = self.client.clock.monotonic()
        if self._repair.is_live:
            self._check_stale(now)
            self._repair.act(now)
        self._display.draw(now, self.client.clock.wall_ns())

    def _check_stale(self, now: float) -> None:
        if self._last_message_at is None:
            self._last_message_at = now
        stale_s = self.options.stale_s
        if self.options.verify and stale_s is not None and now - self._last_message_at >= stale_s:
            last = f"; the last one was message {self._last_message_number}" if self._last_message_number else ""
            message = f"stale: no message of {request_text(self.sync.subscribe)} for {stale_s:g} s{last}"
            raise IntegrityError(f"{self._name}: {message}", VERIFY_HINT)
