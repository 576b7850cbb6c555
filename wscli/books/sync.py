"""One market's book as a fold over its messages, and what is wrong with them: gap, order, unknown delete, crossed, checksum.

Pure: it says what it found with the evidence, and begins again from the next snapshot. What is done about it is its caller's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from wscli.books.connection_sequence import ConnectionSequence, SequenceFault
from wscli.books.order_book import SIDES, OrderBook, exact_number
from wscli.books.verification import VerificationCounts
from wscli.core.book_rules import BookLevel, BookRule, SequencePoint
from wscli.core.dialect import Dialect
from wscli.core.jsontext import Json
from wscli.core.messages import COUNTED_KINDS, Event, Kind, Query, ReceivedMessage, Subscribe
from wscli.core.record import field, record
from wscli.output.rows import Row, rows_of

MAX_HELD = 2_000  # changes held back for a picture that does not come


MAX_BEFORE_SNAPSHOT = 20  # changes without a snapshot before them that are waited out


FaultKind: TypeAlias = Literal[
    "gap", "order", "unknown delete", "crossed", "checksum", "unreadable", "no snapshot", "not proven"
]


@record
class BookFault:
    """What is wrong with a book. description: in words, with the evidence: the messages' numbers and fields.

    "not proven" alone leaves the book as it is: its messages lack the numbers that would show a loss.
    """

    kind: FaultKind
    description: str


@record
class SequencedMessage:
    """The place of the last message: its own number on the connection, what the exchange calls it, and what it was."""

    sequence: int
    number: int
    event: Event


@record(frozen=False)
class SinceReset:
    """What is remembered until the book begins again.

    crossed_count: messages in a row that left it crossed. ignored_changes: those before a snapshot. held: changes that wait for a
    fetched beginning. fetched_sequence: the place of that beginning: what stands before it is in it.
    """

    crossed_count: int = 0
    ignored_changes: int = 0
    held: list[ReceivedMessage] = field(default_factory=list)
    fetched_sequence: int | None = None


class BookSync:
    """The book of one subscription.

    ready: it stands on a snapshot. changed: the last message changed it. time: of the exchange, "" where it says none.
    topic: where State's key identifies it, the key; else by channel and symbol.
    """

    def __init__(self, dialect: Dialect, subscribe: Subscribe, rule: BookRule, topic: object = None) -> None:
        self.subscribe, self.rule = subscribe, rule
        self._dialect, self._topic = dialect, topic
        self._connection: int | None = None
        self._connection_sequence = ConnectionSequence()
        self.book = OrderBook()
        self.verification = VerificationCounts()
        self.messages = 0
        self._since_reset = SinceReset()
        self.reset()

    def reset(self) -> None:
        """Forget the book: what comes next must be a snapshot."""
        self.book.clear()
        self.ready = self.changed = False
        self.time = ""
        self._last_message: SequencedMessage | None = None
        self.verification.before_snapshot += len(self._since_reset.held)
        self._since_reset = SinceReset()

    def apply(self, received: ReceivedMessage) -> BookFault | None:
        """Fold one message, of this book or not; return what is wrong with it, where something is."""
        self.changed = False
        event = received.event
        if received.connection != self._connection:
            self._connection, self._connection_sequence = received.connection, ConnectionSequence()
            self.reset()
        link, mine = self.rule.sequence_of(event), self._belongs_here(event)
        fault = self._sequence_fault(link, received) if link is not None and (mine or link.per_connection) else None
        if fault is None and mine:
            self.messages += 1
            fault = self._apply_event(received, restarts=link is not None and link.restarts)
        if fault is not None:
            self.reset()
            return fault
        return self._unnumbered_fault(received) if mine and link is None else None

    def _unnumbered_fault(self, received: ReceivedMessage) -> BookFault | None:
        """Return, once, that a message of the book has no number although the exchange should number it."""
        if received.event.kind not in COUNTED_KINDS:
            return None
        self.verification.unnumbered += 1
        if self.verification.unnumbered > 1 or not (self.rule.detects_loss and self.rule.is_numbered(self.subscribe)):
            return None
        names = {argument.partition("=")[0] for argument in self.rule.required_args}
        requested = " ".join(f"{name}={text}" for name, text in self.subscribe.params.items() if name in names)
        although = f", although {requested} was requested" if requested else ""
        return self._fault(
            "not proven", received, f"has no sequence number{although}: a lost message cannot be detected"
        )

    def _belongs_here(self, event: Event) -> bool:
        if event.channel != self.subscribe.channel or isinstance(event.subscription, Query):
            return False
        if self._topic is not None:
            return event.topic == self._topic
        return not event.symbols or not self.subscribe.symbols or bool({*event.symbols} & {*self.subscribe.symbols})

    # --- the order of messages

    def _sequence_fault(self, link: SequencePoint, received: ReceivedMessage) -> BookFault | None:
        """Return what is wrong with the place of a message among the others, and remember it."""
        if link.per_connection:
            return connection_fault(self._connection_sequence.check(link, received))
        last, here = self._last_message, SequencedMessage(link.number, received.number, received.event)
        snapshot = received.event.kind is Kind.SNAPSHOT
        if snapshot or self.ready or self.rule.http_snapshot is not None:
            self._last_message = here
        if last is None or link.restarts:
            return None
        name, back = link.names
        if link.previous is not None:
            if link.previous == last.sequence:
                return None
            expected = f"{back} {link.previous}" if back != name else f"{name} {link.number}"
            return self._fault("gap", received, f"has {expected}; message {last.number} had {name} {last.sequence}")
        if link.number > last.sequence or (snapshot and link.number == last.sequence):
            return None
        return self._fault(
            "order", received, f"has {name} {link.number}, and message {last.number} before it had {last.sequence}"
        )

    # --- what messages say

    def _apply_event(self, received: ReceivedMessage, *, restarts: bool) -> BookFault | None:
        event = received.event
        if event.kind not in COUNTED_KINDS:
            return self._checksum_fault(received)
        whole = event.kind is Kind.SNAPSHOT or (restarts and self.rule.http_snapshot is None)
        if whole:
            self.book.clear()
            self.ready = self.verification.has_snapshot = True
        elif not self.ready:
            return self._before_snapshot(received)
        elif self._in_fetched_snapshot(event):
            return None
        return self._apply_rows(received, replaces=whole)

    def _before_snapshot(self, received: ReceivedMessage) -> BookFault | None:
        """Hold a change back, or pass over it, until the book has a beginning."""
        if self.rule.http_snapshot is not None:
            self._since_reset.held.append(received)
            if len(self._since_reset.held) > MAX_HELD:
                del self._since_reset.held[0]  # a picture from before it is then too old
                self.verification.before_snapshot += 1
            return None
        self._since_reset.ignored_changes += 1
        self.verification.before_snapshot += 1
        if self._since_reset.ignored_changes < MAX_BEFORE_SNAPSHOT:
            return None
        return self._fault(
            "no snapshot",
            received,
            f"is change number {self._since_reset.ignored_changes}, and there was no snapshot before it",
        )

    def _apply_rows(self, received: ReceivedMessage, *, replaces: bool) -> BookFault | None:
        found = [row for row in rows_of(self._dialect, received.event) if row.get("side") in SIDES]
        try:
            fault = (
                self._unknown_delete_fault(found, received) if not replaces and self.rule.deletes_must_exist else None
            )
            for row in found:
                self._apply_row(row, received.number)
        except ValueError as error:
            return self._fault("unreadable", received, str(error))
        self._limit_depth()
        self.changed = bool(found) or replaces
        self.time = next((str(row["time"]) for row in found if row.get("time")), self.time)
        return fault or self._crossed_fault(received) or self._checksum_fault(received)

    def _apply_row(self, row: Row, number: int) -> None:
        side, order = str(row["side"]), _text_or_empty(row.get("order_id"))
        if row.get("action") == "delete":
            self.book.delete(side, _text_or_empty(row.get("price")), order)
        else:
            self.book.set(side, _text_or_empty(row.get("price")), _text_or_empty(row.get("size")), order, number)

    def _unknown_delete_fault(self, rows: Iterable[Row], received: ReceivedMessage) -> BookFault | None:
        """Return the first delete of a level that is not there, and was not set by the same message either."""
        set_here = {_level_key(row) for row in rows if row.get("action") != "delete"}
        for row in rows:
            if row.get("action") == "delete" and _level_key(row) not in set_here and not self._is_in_book(row):
                what = f"order {row['order_id']}" if row.get("order_id") else f"{row['side']} {row.get('price')}"
                return self._fault("unknown delete", received, f"deletes {what}, which is not in the book")
        return None

    def _is_in_book(self, row: Row) -> bool:
        return self.book.contains(
            str(row["side"]), _text_or_empty(row.get("price")), _text_or_empty(row.get("order_id"))
        )

    def _limit_depth(self) -> None:
        count = self.subscribe.params.get(self.rule.depth_param) if self.rule.depth_param else None
        if count is not None and str(count).isdecimal():
            self.book.keep_best(int(str(count)))

    # --- what must hold

    def _crossed_fault(self, received: ReceivedMessage) -> BookFault | None:
        self._since_reset.crossed_count = self._since_reset.crossed_count + 1 if self.book.crossed else 0
        if self._since_reset.crossed_count < max(self.rule.crossed_limit, 1):
            return None
        bid, ask = (f"{side} {best.price} ({_origin_of(best)})" for side in SIDES for best in self.book.top(side, 1))
        text = f"{bid} is not below {ask}"
        lasting = f", for {self._since_reset.crossed_count} messages" if self._since_reset.crossed_count > 1 else ""
        return self._fault("crossed", received, f"leaves the book crossed{lasting}: {text}")

    def _checksum_fault(self, received: ReceivedMessage) -> BookFault | None:
        checked = self.rule.checksum(received.event, self.book) if self.ready else None
        self.verification.checksums += checked is not None
        if checked is None or checked.expected == checked.computed:
            return None
        text = f"has checksum {checked.expected}, but the computed checksum is {checked.computed}" + (
            f" (of {checked.checksum_input})" if checked.checksum_input else ""
        )
        return self._fault("checksum", received, text)

    @property
    def _label(self) -> str:
        return " ".join([self.subscribe.channel, *self.subscribe.symbols])

    def _fault(self, kind: FaultKind, received: ReceivedMessage, text: str) -> BookFault:
        where = f" of connection {received.connection}" if received.connection > 1 else ""
        whose = f"in {self._label}" if kind != "not proven" else self._label
        return BookFault(kind, f"{kind}{':' * (kind == 'not proven')} {whose}: message {received.number}{where} {text}")

    # --- a beginning by HTTP

    @property
    def held_count(self) -> int:
        """Changes that wait for the book's beginning."""
        return len(self._since_reset.held)

    def start_from(self, event: Event) -> BookFault | Literal["too old"] | None:
        """Begin from a picture that was fetched, and fold what was held back since.

        Returns "too old" where changes are missing between it and the first that was held back.
        """
        link = self.rule.sequence_of(event)
        places = [self.rule.sequence_of(one.event) for one in self._since_reset.held]
        if link is not None and places and places[0] is not None and link.number < places[0].number:
            return "too old"
        held, self._since_reset.held = self._since_reset.held, []
        self._since_reset.fetched_sequence = None if link is None else link.number
        self.book.clear()
        self.ready = self.verification.has_snapshot = True
        fault = self._apply_rows(ReceivedMessage(event, "", 0, 0), replaces=True)
        for one in held:
            if fault is None and not self._in_fetched_snapshot(one.event):
                fault = self._apply_rows(one, replaces=False)
        self.changed = True
        if fault is not None:
            self.reset()
        return fault

    def _in_fetched_snapshot(self, event: Event) -> bool:
        """Say whether a change came before the picture was taken, though it is read after it."""
        link = self.rule.sequence_of(event) if self._since_reset.fetched_sequence is not None else None
        return (
            link is not None
            and self._since_reset.fetched_sequence is not None
            and link.number <= self._since_reset.fetched_sequence
        )


def connection_fault(misplaced: SequenceFault | None) -> BookFault | None:
    return BookFault(misplaced.kind, misplaced.description) if misplaced is not None else None


def _origin_of(level: BookLevel) -> str:
    return f"message {level.message_number}" if level.message_number else "from the HTTP snapshot"


def _text_or_empty(held: Json) -> str:
    return held if isinstance(held, str) else ""


def _level_key(row: Row) -> tuple[Json, ...]:
    if row.get("order_id"):
        return (row["order_id"],)
    return row["side"], exact_number(row.get("price"))
