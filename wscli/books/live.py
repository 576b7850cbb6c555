"""A book that is kept live beside a line: shown as it changes, begun by HTTP where it must be, rebuilt after a fault."""

from __future__ import annotations

import time
from collections.abc import Sequence

from wscli.books.ladder import LadderState, ladder_lines
from wscli.books.order_book import SIDES
from wscli.books.sync import BookFault, BookSync
from wscli.core.endings import Finished
from wscli.core.errors import ConnectionFailed, ConnectionLost, IntegrityError, TimedOut
from wscli.core.jsontext import parsed, written
from wscli.core.messages import Event, HttpRequest, HttpResponse, ReceivedMessage, Subscribe, Unsubscribe, request_text
from wscli.core.record import replace
from wscli.output.colors.palette import PLAIN, Palette
from wscli.output.fullscreen import FullScreen
from wscli.session import connector
from wscli.session.client import Client
from wscli.session.connection import Connection
from wscli.session.operations import send_and_confirm
from wscli.transport import connect

DRAW_INTERVAL_S = 0.1  # between two drawings
FIRST_CHECK_S = 0.05
REDRAW_INTERVAL_S = 1.0  # a picture is drawn again after so long, for its age and the size of the screen
MAX_FETCH_DELAY_S = 5.0  # a quiet market is not waited for longer before its book is fetched
FETCH_INTERVAL_S = 2.0  # between two fetches
MAX_REBUILD_DELAY_S = 30.0  # between two rebuildings
GOOD_RUN = 200  # messages without a fault after which the next one is the first again
BODY_LIMIT = 32 << 20
VERIFY_HINT = "without --verify the book is rebuilt and goes on; --record FILE keeps the messages"


class LiveBook:
    """Keeps one book on a connection; the client hands it every message and lets it act after every wait (`step`).

    verify: the first fault ends the run. stale_s: with verify, so long without a message of the book is one.
    fullscreen: where the ladder is drawn; None: a line of JSON for every change of the best `depth` levels.
    """

    def __init__(
        self,
        client: Client,
        sync: BookSync,
        depth: int,
        *,
        verify: bool = False,
        stale_s: float | None = None,
        fullscreen: FullScreen | None = None,
        palette: Palette = PLAIN,
    ) -> None:
        self.client, self.sync, self.depth = client, sync, depth
        self.verify, self.stale_s, self.fullscreen, self.palette = verify, stale_s, fullscreen, palette
        self.shown_count = 0
        self._last_top: object = None
        self._last_message_number = 0  # of the last message of the book
        self._last_message_at: float | None = None  # when that came, or the setting up was over
        self._messages_seen = 0  # messages of the book so far
        self._acting = False
        self._resubscribe_at: float | None = None  # when to subscribe again
        self._faults_in_a_row, self._good_messages = 0, 0
        self._fetch_at: float | None = None
        self._drawn_at, self._rate_at, self._rate_count, self._messages_per_s = 0.0, 0.0, 0, 0.0
        self._needs_drawing = True
        client.observer, client.event_source, client.streaming = self.message_received, self, False

    @property
    def _subscribe(self) -> Subscribe:
        return self.sync.subscribe

    @property
    def _name(self) -> str:
        return self.client.dialect.name

    # --- messages

    def message_received(self, received: ReceivedMessage) -> None:
        """Fold a message. Raises IntegrityError with verify, Finished once it is enough."""
        fault = self.sync.apply(received)
        if self.sync.messages != self._messages_seen:
            self._messages_seen, self._last_message_number = self.sync.messages, received.number
            self._last_message_at = self.client.clock.monotonic()
        if fault is not None and (self.verify or fault.kind != "not proven"):
            self._handle_fault(fault)
        elif self.sync.changed:
            self._good_messages += 1
            self._show(received.received_ns)

    def _handle_fault(self, fault: BookFault) -> None:
        message = f"{self._name}: {fault.description}"
        if self.verify:
            raise IntegrityError(message, VERIFY_HINT)
        if self._resubscribe_at is not None:
            return  # a new book begins soon: until then messages belong to the old one
        self.client.output.write_stderr(f"wscli: {message}; the book is rebuilt")
        self._needs_drawing = True
        self._faults_in_a_row = 1 if self._good_messages >= GOOD_RUN else self._faults_in_a_row + 1
        self._good_messages = 0
        if not self.sync.rule.full_snapshots and self.sync.rule.http_snapshot is None:
            wait_s = 0.0 if self._faults_in_a_row == 1 else min(2.0 ** (self._faults_in_a_row - 2), MAX_REBUILD_DELAY_S)
            self._resubscribe_at = self.client.clock.monotonic() + wait_s

    # --- what is shown

    def _show(self, ns: int) -> None:
        keeping = self.sync
        if not keeping.ready or keeping.book.crossed:
            return  # crossed, and no fault yet: it is about to pass
        levels = [keeping.book.top(side, self.depth) for side in SIDES]
        top = [[[level.price, level.size] for level in side] for side in levels]
        self._needs_drawing = True
        if top == self._last_top:
            return
        self._last_top = top
        self.shown_count += 1
        self.client.sink.count = self.shown_count
        if self.fullscreen is None:
            prefix, params = self.client.dialect.facts.prefix_param or "", self._subscribe.params
            place = {prefix: params[prefix]} if prefix in params else {}
            about = {
                "exchange": self._name,
                "symbol": " ".join(self._subscribe.symbols),
                **place,
                "time": keeping.time or _utc_time(ns),
            }
            self.client.output.write_text(f"{written({**about, 'bids': top[0], 'asks': top[1]})}\n")
        if self.client.options.count is not None and self.shown_count >= self.client.options.count:
            raise Finished

    def _draw(self, now: float) -> None:
        panel = self.fullscreen
        if panel is None or now - self._drawn_at < (DRAW_INTERVAL_S if self._needs_drawing else REDRAW_INTERVAL_S):
            return
        panel.enter()
        self._drawn_at, self._needs_drawing = now, False
        if now - self._rate_at >= 1.0:
            self._messages_per_s = (
                (self._messages_seen - self._rate_count) / (now - self._rate_at) if self._rate_at else 0.0
            )
            self._rate_at, self._rate_count = now, self._messages_seen
        width, height = panel.size()
        book = self.sync.book
        sides = [book.top(side, max(self.depth, 1)) for side in SIDES]
        picture = LadderState(f"{self._name} {self._title()}", self._status(now), *sides)
        panel.draw(ladder_lines(picture, panel.notes, width, height, self.depth, palette=self.palette))

    def _title(self) -> str:
        """Return what is kept, in words: of its parameters those that are not the channel's defaults."""
        one, channel = self._subscribe, self.client.dialect.channel(self._subscribe.channel)
        usual = {param.name: param.default for param in channel.params} if channel is not None else {}
        return request_text(replace(one, params={k: v for k, v in one.params.items() if usual.get(k) != v}))

    def _status(self, now: float) -> str:
        """Return what stands beside the market's name: the time of the last change, its age where it is old, the rate."""
        if self._last_message_at is None or not self.sync.ready:
            return "waiting for the book"
        age = now - self._last_message_at
        when = (self.sync.time or _utc_time(self.client.clock.wall_ns() - int(age * 1e9))).rpartition("T")[2]
        old = f" ({age:.0f} s ago)" if age >= REDRAW_INTERVAL_S else ""
        return f"{when}{old}  {self._messages_per_s:.1f}/s"

    # --- beside the line

    def connection_opened(self, connection: Connection) -> None:
        """Nothing is sent on a new connection: the client subscribes."""

    def descriptors(self) -> Sequence[int]:
        return ()

    def due_s(self) -> float:
        """Return in how many seconds there is something to do."""
        now = self.client.clock.monotonic()
        at = [t for t in (self._resubscribe_at, self._fetch_at) if t is not None]
        if self.sync.held_count and self._fetch_at is None:
            at.append(now + FIRST_CHECK_S)  # its first changes came with the ack
        if self.fullscreen is not None:
            at.append(self._drawn_at + (DRAW_INTERVAL_S if self._needs_drawing else REDRAW_INTERVAL_S))
        if self.verify and self.stale_s is not None:
            at.append((now if self._last_message_at is None else self._last_message_at) + self.stale_s)
        return max(min(at, default=now + 3600.0) - now, 0.0)

    def step(self, ready: Sequence[int]) -> None:
        """Do what is due: fetch the beginning, subscribe again, draw. Raises IntegrityError for a book gone stale."""
        now = self.client.clock.monotonic()
        if not self._acting and self.client.setup_done and self._is_live():
            self._acting = True
            try:
                self._check_stale(now)
                self._fetch_if_due(now)
                if self._resubscribe_at is not None and now >= self._resubscribe_at:
                    self._resubscribe()
            finally:
                self._acting = False
        self._draw(now)

    def _is_live(self) -> bool:
        session = self.client.connections.get(self._route)
        return session is not None and session.lost is None and self.client.reconnect.reconnecting_route is None

    @property
    def _route(self) -> str:
        return self.client.dialect.endpoints.route_of(self._subscribe)

    def _check_stale(self, now: float) -> None:
        if self._last_message_at is None:
            self._last_message_at = now
        if self.verify and self.stale_s is not None and now - self._last_message_at >= self.stale_s:
            last = f"; the last one was message {self._last_message_number}" if self._last_message_number else ""
            message = f"stale: no message of {request_text(self._subscribe)} for {self.stale_s:g} s{last}"
            raise IntegrityError(f"{self._name}: {message}", VERIFY_HINT)

    def _resubscribe(self) -> None:
        """End the subscription, where it is open, and begin it again; after a loss meanwhile, once more."""
        one = self._subscribe
        self.sync.reset()
        try:
            if any(
                a.subscribe.channel == one.channel for a in self.client.connections[self._route].state.active.values()
            ):
                send_and_confirm(self.client, [Unsubscribe(one.channel, one.symbols, one.params)])
            send_and_confirm(self.client, [one])
            self._resubscribe_at = None
        except ConnectionLost:
            self._resubscribe_at = self.client.clock.monotonic()

    # --- a beginning by HTTP

    def _fetch_if_due(self, now: float) -> None:
        """Fetch the book once enough changes wait for it."""
        seed, keeping = self.sync.rule.http_snapshot, self.sync
        if seed is None or keeping.ready or not keeping.held_count:
            self._fetch_at = None
            return
        if self._fetch_at is None:
            self._fetch_at = now + MAX_FETCH_DELAY_S
        if keeping.held_count < seed.min_held_updates and now < self._fetch_at:
            return
        self._fetch_at = now + FETCH_INTERVAL_S
        event = self._fetch()
        if event is None:
            return
        fault = keeping.start_from(event)
        if isinstance(fault, BookFault):
            self._handle_fault(fault)
        elif fault is None:
            self._show(self.client.clock.wall_ns())

    def _fetch(self) -> Event | None:
        """Return the book as HTTP gives it; None, and a word about it, where it does not."""
        seed, endpoint = self.sync.rule.http_snapshot, self.client.target.endpoint(self._route)
        if seed is None or endpoint.http_url is None:
            return None
        url = endpoint.http_url + seed.path(self._subscribe)
        request, reach, wait_s = HttpRequest("GET", url), self.client.target.reach, self.client.options.wait_s

        def fetch() -> HttpResponse:
            return connect.http_request(request, endpoint, reach, max_body_bytes=BODY_LIMIT, response_timeout_s=wait_s)

        try:
            reply = connector.run_blocking(self.client, fetch, lambda unwanted: None, "the book was fetched")
            self._record(request, reply)
            event = seed.event_of(parsed(reply.body.decode()), self._subscribe) if reply.status == 200 else None
            reason = f"HTTP {reply.status}"
        except ConnectionLost:
            return None  # the line comes back, and the changes begin anew
        except (ConnectionFailed, TimedOut, ValueError) as error:
            event, reason = None, str(error)
        if event is None:
            self.client.output.write_stderr(
                f"wscli: {self._name}: no book from {url}: {reason}; trying again in {FETCH_INTERVAL_S:g} s"
            )
        return event

    def _record(self, request: HttpRequest, reply: HttpResponse) -> None:
        session = self.client.connections.get(self._route)
        if self.client.recorder is not None and session is not None:
            text, ns = reply.body.decode("utf-8", "replace"), self.client.clock.wall_ns()
            self.client.recorder.http(self._name, request, reply, text, ns, session.number)


def _utc_time(ns: int) -> str:
    """Return a time of ours as RFC 3339, in milliseconds."""
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(ns // 1_000_000_000))}.{ns // 1_000_000 % 1000:03d}Z"
