"""One market's book as a fold over its messages, and what is wrong with them: gap, order, unknown delete, crossed, checksum.

Pure: it says what it found with the evidence, and begins again from the next snapshot. What is done about it is its caller's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from wscli.books.connection_sequence import ConnectionSequence, Misplaced
from wscli.books.order_book import SIDES, Book, number_of
from wscli.books.proof import Proof
from wscli.core.book_rules import BookRule, Level, Link
from wscli.core.dialect import Dialect, rule_of
from wscli.core.jsontext import Json
from wscli.core.messages import COUNTED, Event, Kind, Query, Received, Subscribe
from wscli.core.record import value
from wscli.output.rows import Row, rows

MOST_HELD = 2_000  # changes held back for a picture that does not come
NO_SNAPSHOT = 20  # changes without a snapshot before them that are waited out

FaultKind: TypeAlias = Literal[
    "gap", "order", "unknown delete", "crossed", "checksum", "unreadable", "no snapshot", "not proven"
]


@value
class Fault:
    """What is wrong with a book. said: in words, with the evidence: the messages' numbers and the fields that tell.

    "not proven" alone leaves the book as it is: its messages lack the numbers that would tell of a loss.
    """

    kind: FaultKind
    said: str


@value
class Place:
    """The place of the last message: its own number on the connection, what the venue calls it, and what it was."""

    at: int
    number: int
    event: Event


class Keeping:
    """The book of one subscription.

    ready: it stands on a snapshot. changed: the last message changed it. time: of the venue, "" where it says none.
    topic: where it is told apart by State's key, the key; else by channel and symbol.
    """

    def __init__(self, dialect: Dialect, subscribe: Subscribe, rule: BookRule, topic: object = None) -> None:
        self.subscribe, self.rule = subscribe, rule
        self._dialect, self._topic = dialect, topic
        self._connection: int | None = None
        self._order = ConnectionSequence()
        self.book = Book()
        self.proof = Proof()
        self.messages = 0
        self._held: list[Received] = []
        self.begin()

    def begin(self) -> None:
        """Forget the book: what comes next must be a snapshot."""
        self.book.clear()
        self.ready = self.changed = False
        self.time = ""
        self._last: Place | None = None
        self._crossed = self._waiting = 0
        self.proof.early += len(self._held)
        self._held = []
        self._from: int | None = None  # the place of a fetched picture: what stands before it is in it

    def hear(self, received: Received) -> Fault | None:
        """Fold one message, of this book or not; return what is wrong with it, where something is."""
        self.changed = False
        event = received.event
        if received.connection != self._connection:
            self._connection, self._order = received.connection, ConnectionSequence()
            self.begin()
        link, mine = self.rule.link(event), self._mine(event)
        fault = self._misplaced(link, received) if link is not None and (mine or link.socket) else None
        if fault is None and mine:
            self.messages += 1
            fault = self._folded(received, anew=link is not None and link.anew)
        if fault is not None:
            self.begin()
            return fault
        return self._lacks_number(received) if mine and link is None else None

    def _lacks_number(self, received: Received) -> Fault | None:
        """Return, once, that a message of the book has no number although the exchange should number it."""
        if received.event.kind not in COUNTED:
            return None
        self.proof.unnumbered += 1
        if self.proof.unnumbered > 1 or not (self.rule.counts and self.rule.numbered(self.subscribe)):
            return None
        asks = {ask.partition("=")[0] for ask in self.rule.asks}
        asked = " ".join(f"{name}={text}" for name, text in self.subscribe.params.items() if name in asks)
        told = f"is not numbered{f', though {asked} was asked for' * bool(asked)}: a lost message cannot be seen"
        return self._fault("not proven", received, told)

    def _mine(self, event: Event) -> bool:
        if event.channel != self.subscribe.channel or isinstance(event.subscription, Query):
            return False
        if self._topic is not None:
            return event.topic == self._topic
        return not event.symbols or not self.subscribe.symbols or bool({*event.symbols} & {*self.subscribe.symbols})

    # --- the order of messages

    def _misplaced(self, link: Link, received: Received) -> Fault | None:
        """Return what is wrong with the place of a message among the others, and remember it."""
        if link.socket:
            return _of_connection(self._order.hear(link, received))
        last, here = self._last, Place(link.at, received.number, received.event)
        snapshot = received.event.kind is Kind.SNAPSHOT
        if snapshot or self.ready or self.rule.seed is not None:
            self._last = here
        if last is None or link.anew:
            return None
        name, back = link.names
        if link.before is not None:
            if link.before == last.at:
                return None
            told = f"{back} {link.before}" if back != name else f"{name} {link.at}"
            return self._fault("gap", received, f"has {told}; message {last.number} had {name} {last.at}")
        if link.at > last.at or (snapshot and link.at == last.at):
            return None
        return self._fault(
            "order", received, f"has {name} {link.at}, and message {last.number} before it had {last.at}"
        )

    # --- what messages say

    def _folded(self, received: Received, *, anew: bool) -> Fault | None:
        event = received.event
        if event.kind not in COUNTED:
            return self._checked(received)
        whole = event.kind is Kind.SNAPSHOT or (anew and self.rule.seed is None)
        if whole:
            self.book.clear()
            self.ready = self.proof.begun = True
        elif not self.ready:
            return self._early(received)
        elif self._in_picture(event):
            return None
        return self._applied(received, whole=whole)

    def _early(self, received: Received) -> Fault | None:
        """Hold a change back, or pass over it, until the book has a beginning."""
        if self.rule.seed is not None:
            self._held.append(received)
            if len(self._held) > MOST_HELD:
                del self._held[0]  # a picture from before it is then too old
                self.proof.early += 1
            return None
        self._waiting += 1
        self.proof.early += 1
        if self._waiting < NO_SNAPSHOT:
            return None
        return self._fault("no snapshot", received, f"is change number {self._waiting}, and no whole book came before")

    def _applied(self, received: Received, *, whole: bool) -> Fault | None:
        found = [row for row in rows(self._dialect, received.event) if row.get("side") in SIDES]
        try:
            fault = self._unknown(found, received) if not whole and self.rule.known_deletes else None
            for row in found:
                self._put(row, received.number)
        except ValueError as error:
            return self._fault("unreadable", received, str(error))
        self._keep()
        self.changed = bool(found) or whole
        self.time = next((str(row["time"]) for row in found if row.get("time")), self.time)
        return fault or self._is_crossed(received) or self._checked(received)

    def _put(self, row: Row, number: int) -> None:
        side, order = str(row["side"]), _text(row.get("order_id"))
        if row.get("action") == "delete":
            self.book.delete(side, _text(row.get("price")), order)
        else:
            self.book.set(side, _text(row.get("price")), _text(row.get("size")), order, number)

    def _unknown(self, found: Iterable[Row], received: Received) -> Fault | None:
        """Return the first delete of a level that is not there, and was not set by the same message either."""
        set_here = {_key(row) for row in found if row.get("action") != "delete"}
        for row in found:
            if row.get("action") == "delete" and _key(row) not in set_here and not self._there(row):
                what = f"order {row['order_id']}" if row.get("order_id") else f"{row['side']} {row.get('price')}"
                return self._fault("unknown delete", received, f"deletes {what}, which is not in the book")
        return None

    def _there(self, row: Row) -> bool:
        return self.book.holds(str(row["side"]), _text(row.get("price")), _text(row.get("order_id")))

    def _keep(self) -> None:
        count = self.subscribe.params.get(self.rule.keeps) if self.rule.keeps else None
        if count is not None and str(count).isdecimal():
            self.book.cut(int(str(count)))

    # --- what must hold

    def _is_crossed(self, received: Received) -> Fault | None:
        self._crossed = self._crossed + 1 if self.book.crossed else 0
        if self._crossed < max(self.rule.crossed_for, 1):
            return None
        bid, ask = (f"{side} {best.price} ({_whence(best)})" for side in SIDES for best in self.book.top(side, 1))
        told = f"{bid} is not below {ask}"
        lasting = f", for {self._crossed} messages" if self._crossed > 1 else ""
        return self._fault("crossed", received, f"leaves it crossed{lasting}: {told}")

    def _checked(self, received: Received) -> Fault | None:
        checked = self.rule.checksum(received.event, self.book) if self.ready else None
        self.proof.checksums += checked is not None
        if checked is None or checked.said == checked.ours:
            return None
        told = f"says checksum {checked.said}, ours is {checked.ours}" + (f" of {checked.of}" if checked.of else "")
        return self._fault("checksum", received, told)

    @property
    def _whose(self) -> str:
        return " ".join([self.subscribe.channel, *self.subscribe.symbols])

    def _fault(self, kind: FaultKind, received: Received, told: str) -> Fault:
        where = f" of connection {received.connection}" if received.connection > 1 else ""
        whose = f"in {self._whose}" if kind != "not proven" else self._whose
        return Fault(kind, f"{kind}{':' * (kind == 'not proven')} {whose}: message {received.number}{where} {told}")

    # --- a beginning by HTTP

    @property
    def held(self) -> int:
        """Changes that wait for the book's beginning."""
        return len(self._held)

    def seeded(self, event: Event) -> Fault | Literal["too old"] | None:
        """Begin from a picture that was fetched, and fold what was held back since.

        Returns "too old" where changes are missing between it and the first that was held back.
        """
        link = self.rule.link(event)
        places = [self.rule.link(one.event) for one in self._held]
        if link is not None and places and places[0] is not None and link.at < places[0].at:
            return "too old"
        held, self._held = self._held, []
        self._from = None if link is None else link.at
        self.book.clear()
        self.ready = self.proof.begun = True
        fault = self._applied(Received(event, "", 0, 0), whole=True)
        for one in held:
            if fault is None and not self._in_picture(one.event):
                fault = self._applied(one, whole=False)
        self.changed = True
        if fault is not None:
            self.begin()
        return fault

    def _in_picture(self, event: Event) -> bool:
        """Say whether a change came before the picture was taken, though it is read after it."""
        link = self.rule.link(event) if self._from is not None else None
        return link is not None and self._from is not None and link.at <= self._from


class Verifier:
    """Every book of one venue's messages, whatever was subscribed: for a recording.

    A book that begins by HTTP has a beginning only where that was recorded too (`fetched`); without, only the order of its
    messages is looked at. orphans: messages of channels whose acknowledgement is missing, which may be books.
    orders: the sequence of each connection without a book, where the exchange counts all of its messages.
    """

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.books: dict[tuple[int, object], Keeping] = {}
        self.orders: dict[int, ConnectionSequence] = {}
        self.orphans = 0

    def hear(self, received: Received) -> Fault | None:
        """Fold one message into the books of its connection; return the first fault."""
        event = received.event
        if event.kind is Kind.UNKNOWN and self.dialect.unsubscribe_by_id and isinstance(event.payload, list):
            self.orphans += 1
        channel = self.dialect.channel(event.channel)
        symbol = event.symbols[0] if event.symbols else ""
        rule = rule_of(self.dialect, channel, symbol) if channel is not None and event.kind in COUNTED else None
        if rule is not None and channel is not None and not isinstance(event.subscription, Query):
            key = (received.connection, event.topic if event.topic is not None else (channel.name, event.symbols))
            if key not in self.books:
                known = event.subscription if isinstance(event.subscription, Subscribe) else None
                subscribe = known or Subscribe(channel.name, event.symbols)
                self.books[key] = Keeping(self.dialect, subscribe, rule, event.topic)
        faults = [keeping.hear(received) for place, keeping in self.books.items() if place[0] == received.connection]
        if not faults:
            return self._order(received)
        return next((fault for fault in faults if fault is not None), None)

    def _order(self, received: Received) -> Fault | None:
        """Return what is wrong with the place of a message on a connection without a book."""
        links = (rule.link(received.event) for rule in self.dialect.books.values())
        link = next((link for link in links if link is not None and link.socket), None)
        if link is None:
            return None
        return _of_connection(self.orders.setdefault(received.connection, ConnectionSequence()).hear(link, received))

    def fetched(self, connection: int, url: str, answer: Json) -> Fault | None:
        """Begin the book that was fetched at a URL; return what is wrong with it."""
        for place, keeping in self.books.items():
            seed = keeping.rule.seed
            if place[0] == connection and seed is not None and url.endswith(seed.path(keeping.subscribe)):
                event = seed.event(answer, keeping.subscribe)
                fault = keeping.seeded(event) if event is not None else None
                return fault if isinstance(fault, Fault) else None
        return None


def _of_connection(misplaced: Misplaced | None) -> Fault | None:
    return Fault(misplaced.kind, misplaced.said) if misplaced is not None else None


def _whence(level: Level) -> str:
    return f"message {level.number}" if level.number else "as it was fetched"


def _text(held: Json) -> str:
    return held if isinstance(held, str) else ""


def _key(row: Row) -> tuple[Json, ...]:
    if row.get("order_id"):
        return (row["order_id"],)
    return row["side"], number_of(row.get("price"))
