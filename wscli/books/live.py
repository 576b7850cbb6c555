"""A book that is kept live beside a line: shown as it changes, begun by HTTP where it must be, rebuilt after a fault."""

from __future__ import annotations

import time
from collections.abc import Sequence

from wscli.books.ladder import Picture, drawn
from wscli.books.order_book import SIDES
from wscli.books.sync import Fault, Keeping
from wscli.core.errors import ConnectionFailed, ConnectionLost, IntegrityError, TimedOut
from wscli.core.jsontext import parsed, written
from wscli.core.messages import Event, HttpReply, HttpRequest, Received, Subscribe, Unsubscribe
from wscli.core.record import replace
from wscli.output.explain import words
from wscli.output.fullscreen import Panel
from wscli.output.sink import Finished
from wscli.session import connector
from wscli.session.client import Line
from wscli.session.connection import Session
from wscli.session.operations import told_yes
from wscli.transport import connect

DRAW_S = 0.1  # between two drawings
SOON_S = 0.05
LOOK_S = 1.0  # a picture is drawn again after so long, for its age and the size of the screen
PATIENCE_S = 5.0  # a quiet market is not waited for longer before its book is fetched
AGAIN_S = 2.0  # between two fetches
MOST_S = 30.0  # between two rebuildings
GOOD = 200  # messages without a fault after which the next one is the first again
BODY_LIMIT = 32 << 20
HINT = "without --verify the book is rebuilt and goes on; --record FILE keeps the messages"


class Bookkeeper:
    """Keeps one book on a line; the line tells it of every message (`heard`) and lets it act after every wait (`step`).

    verify: the first fault ends the run. stale_s: with verify, so long without a message of the book is one.
    panel: where the ladder is drawn; None: a line of JSON for every change of the best `depth` levels.
    """

    def __init__(
        self,
        line: Line,
        keeping: Keeping,
        depth: int,
        *,
        verify: bool = False,
        stale_s: float | None = None,
        panel: Panel | None = None,
        colour: bool = False,
    ) -> None:
        self.line, self.keeping, self.depth = line, keeping, depth
        self.verify, self.stale_s, self.panel, self.colour = verify, stale_s, panel, colour
        self.count = 0
        self._top: object = None
        self._number = 0  # of the last message of the book
        self._since: float | None = None  # when that came, or the setting up was over
        self._seen = 0  # messages of the book so far
        self._busy = False
        self._again_at: float | None = None  # when to subscribe again
        self._faults, self._good = 0, 0
        self._fetch_at: float | None = None
        self._drawn_at, self._rated_at, self._rated, self._rate = 0.0, 0.0, 0, 0.0
        self._dirty = True
        line.witness, line.beside, line.streaming = self.heard, self, False

    @property
    def _subscribe(self) -> Subscribe:
        return self.keeping.subscribe

    @property
    def _name(self) -> str:
        return self.line.dialect.name

    # --- what comes

    def heard(self, received: Received) -> None:
        """Fold a message. Raises IntegrityError with verify, Finished once it is enough."""
        fault = self.keeping.hear(received)
        if self.keeping.messages != self._seen:
            self._seen, self._number = self.keeping.messages, received.number
            self._since = self.line.clock.monotonic()
        if fault is not None and (self.verify or fault.kind != "not proven"):
            self._broken(fault)
        elif self.keeping.changed:
            self._good += 1
            self._show(received.ns)

    def _broken(self, fault: Fault) -> None:
        said = f"{self._name}: {fault.said}"
        if self.verify:
            raise IntegrityError(said, HINT)
        if self._again_at is not None:
            return  # it is begun anew soon: what comes until then is of the old one
        self.line.output.say(f"wscli: {said}; the book is rebuilt")
        self._dirty = True
        self._faults = 1 if self._good >= GOOD else self._faults + 1
        self._good = 0
        if not self.keeping.rule.whole and self.keeping.rule.seed is None:
            wait_s = 0.0 if self._faults == 1 else min(2.0 ** (self._faults - 2), MOST_S)
            self._again_at = self.line.clock.monotonic() + wait_s

    # --- what is shown

    def _show(self, ns: int) -> None:
        keeping = self.keeping
        if not keeping.ready or keeping.book.crossed:
            return  # crossed, and no fault yet: it is about to pass
        levels = [keeping.book.top(side, self.depth) for side in SIDES]
        top = [[[level.price, level.size] for level in side] for side in levels]
        self._dirty = True
        if top == self._top:
            return
        self._top = top
        self.count += 1
        self.line.screen.count = self.count
        if self.panel is None:
            prefix, params = self.line.dialect.prefix or "", self._subscribe.params
            place = {prefix: params[prefix]} if prefix in params else {}
            about = {
                "exchange": self._name,
                "symbol": " ".join(self._subscribe.symbols),
                **place,
                "time": keeping.time or _utc(ns),
            }
            self.line.output.data(f"{written({**about, 'bids': top[0], 'asks': top[1]})}\n")
        if self.line.wanted.count is not None and self.count >= self.line.wanted.count:
            raise Finished

    def _draw(self, now: float) -> None:
        panel = self.panel
        if panel is None or now - self._drawn_at < (DRAW_S if self._dirty else LOOK_S):
            return
        panel.enter()
        self._drawn_at, self._dirty = now, False
        if now - self._rated_at >= 1.0:
            self._rate = (self._seen - self._rated) / (now - self._rated_at) if self._rated_at else 0.0
            self._rated_at, self._rated = now, self._seen
        width, height = panel.size()
        book = self.keeping.book
        sides = [book.top(side, max(self.depth, 1)) for side in SIDES]
        picture = Picture(f"{self._name} {self._about()}", self._state(now), *sides)
        panel.draw(drawn(picture, panel.notes, width, height, self.depth, colour=self.colour))

    def _about(self) -> str:
        """Return what is kept, in words: of its parameters those that are not the channel's defaults."""
        one, channel = self._subscribe, self.line.dialect.channel(self._subscribe.channel)
        usual = {param.name: param.default for param in channel.params} if channel is not None else {}
        return words(replace(one, params={k: v for k, v in one.params.items() if usual.get(k) != v}))

    def _state(self, now: float) -> str:
        """Return what stands beside the market's name: the time of the last change, its age where it is old, the rate."""
        if self._since is None or not self.keeping.ready:
            return "waiting for the book"
        age = now - self._since
        when = (self.keeping.time or _utc(self.line.clock.wall_ns() - int(age * 1e9))).rpartition("T")[2]
        old = f" ({age:.0f} s ago)" if age >= LOOK_S else ""
        return f"{when}{old}  {self._rate:.1f}/s"

    # --- beside the line

    def opened(self, session: Session) -> None:
        """Nothing is said to a new session: the line subscribes."""

    def sources(self) -> Sequence[int]:
        return ()

    def due_s(self) -> float:
        """Return in how many seconds there is something to do."""
        now = self.line.clock.monotonic()
        at = [t for t in (self._again_at, self._fetch_at) if t is not None]
        if self.keeping.held and self._fetch_at is None:
            at.append(now + SOON_S)  # its first changes came with the ack
        if self.panel is not None:
            at.append(self._drawn_at + (DRAW_S if self._dirty else LOOK_S))
        if self.verify and self.stale_s is not None:
            at.append((now if self._since is None else self._since) + self.stale_s)
        return max(min(at, default=now + 3600.0) - now, 0.0)

    def step(self, ready: Sequence[int]) -> None:
        """Do what is due: fetch the beginning, subscribe again, draw. Raises IntegrityError for a book gone stale."""
        now = self.line.clock.monotonic()
        if not self._busy and self.line.settled and self._live():
            self._busy = True
            try:
                self._check_stale(now)
                self._begin(now)
                if self._again_at is not None and now >= self._again_at:
                    self._resubscribe()
            finally:
                self._busy = False
        self._draw(now)

    def _live(self) -> bool:
        session = self.line.sessions.get(self._route)
        return session is not None and session.lost is None and self.line.comeback.returning is None

    @property
    def _route(self) -> str:
        return self.line.dialect.route(self._subscribe)

    def _check_stale(self, now: float) -> None:
        if self._since is None:
            self._since = now
        if self.verify and self.stale_s is not None and now - self._since >= self.stale_s:
            last = f"; the last one was message {self._number}" if self._number else ""
            said = f"stale: no message of {words(self._subscribe)} for {self.stale_s:g} s{last}"
            raise IntegrityError(f"{self._name}: {said}", HINT)

    def _resubscribe(self) -> None:
        """End the subscription, where it is open, and begin it again; after a loss meanwhile, once more."""
        one = self._subscribe
        self.keeping.begin()
        try:
            if any(a.subscribe.channel == one.channel for a in self.line.sessions[self._route].state.active.values()):
                told_yes(self.line, [Unsubscribe(one.channel, one.symbols, one.params)])
            told_yes(self.line, [one])
            self._again_at = None
        except ConnectionLost:
            self._again_at = self.line.clock.monotonic()

    # --- a beginning by HTTP

    def _begin(self, now: float) -> None:
        """Fetch the book once enough changes wait for it."""
        seed, keeping = self.keeping.rule.seed, self.keeping
        if seed is None or keeping.ready or not keeping.held:
            self._fetch_at = None
            return
        if self._fetch_at is None:
            self._fetch_at = now + PATIENCE_S
        if keeping.held < seed.after and now < self._fetch_at:
            return
        self._fetch_at = now + AGAIN_S
        event = self._fetched()
        if event is None:
            return
        fault = keeping.seeded(event)
        if isinstance(fault, Fault):
            self._broken(fault)
        elif fault is None:
            self._show(self.line.clock.wall_ns())

    def _fetched(self) -> Event | None:
        """Return the book as HTTP gives it; None, and a word about it, where it does not."""
        seed, endpoint = self.keeping.rule.seed, self.line.venue.endpoint(self._route)
        if seed is None or endpoint.http_url is None:
            return None
        url = endpoint.http_url + seed.path(self._subscribe)
        request, reach, wait_s = HttpRequest("GET", url), self.line.venue.reach, self.line.wanted.wait_s

        def fetch() -> HttpReply:
            return connect.http(request, endpoint, reach, limit=BODY_LIMIT, wait_s=wait_s)

        try:
            reply = connector.blocking(self.line, fetch, lambda unwanted: None, "the book was fetched")
            self._record(request, reply)
            event = seed.event(parsed(reply.body.decode()), self._subscribe) if reply.status == 200 else None
            told = f"HTTP {reply.status}"
        except ConnectionLost:
            return None  # the line comes back, and the changes begin anew
        except (ConnectionFailed, TimedOut, ValueError) as error:
            event, told = None, str(error)
        if event is None:
            self.line.output.say(f"wscli: {self._name}: no book from {url}: {told}; trying again in {AGAIN_S:g} s")
        return event

    def _record(self, request: HttpRequest, reply: HttpReply) -> None:
        session = self.line.sessions.get(self._route)
        if self.line.recorder is not None and session is not None:
            text, ns = reply.body.decode("utf-8", "replace"), self.line.clock.wall_ns()
            self.line.recorder.http(self._name, request, reply, text, ns, session.connection)


def _utc(ns: int) -> str:
    """Return a time of ours as RFC 3339, in milliseconds."""
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(ns // 1_000_000_000))}.{ns // 1_000_000 % 1000:03d}Z"
