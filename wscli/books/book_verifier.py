"""Verifies every book of a connection, or of a recording: the first fault of any of them."""

from __future__ import annotations

from wscli.books.connection_sequence import ConnectionSequence
from wscli.books.sync import BookFault, BookSync, connection_fault
from wscli.core.dialect import Dialect, book_rule_of
from wscli.core.jsontext import Json
from wscli.core.messages import COUNTED_KINDS, Kind, Query, ReceivedMessage, Subscribe


class BookVerifier:
    """Every book of one exchange's messages, whatever was subscribed: for a recording.

    A book that begins by HTTP has a beginning only where that was recorded too (`fetched`); without, only the order of its
    messages is looked at. orphans: messages of channels whose acknowledgement is missing, which may be books.
    orders: the sequence of each connection without a book, where the exchange counts all of its messages.
    """

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.books: dict[tuple[int, object], BookSync] = {}
        self.sequences: dict[int, ConnectionSequence] = {}
        self.unattributed = 0

    def verify(self, received: ReceivedMessage) -> BookFault | None:
        """Fold one message into the books of its connection; return the first fault."""
        event = received.event
        if event.kind is Kind.UNKNOWN and self.dialect.facts.unsubscribe_by_id and isinstance(event.payload, list):
            self.unattributed += 1
        channel = self.dialect.channel(event.channel)
        symbol = event.symbols[0] if event.symbols else ""
        rule = (
            book_rule_of(self.dialect, channel, symbol) if channel is not None and event.kind in COUNTED_KINDS else None
        )
        if rule is not None and channel is not None and not isinstance(event.subscription, Query):
            key = (received.connection, event.topic if event.topic is not None else (channel.name, event.symbols))
            if key not in self.books:
                known = event.subscription if isinstance(event.subscription, Subscribe) else None
                subscribe = known or Subscribe(channel.name, event.symbols)
                self.books[key] = BookSync(self.dialect, subscribe, rule, event.topic)
        faults = [keeping.apply(received) for place, keeping in self.books.items() if place[0] == received.connection]
        if not faults:
            return self._sequence_fault(received)
        return next((fault for fault in faults if fault is not None), None)

    def _sequence_fault(self, received: ReceivedMessage) -> BookFault | None:
        """Return what is wrong with the place of a message on a connection without a book."""
        links = (rule.sequence_of(received.event) for rule in self.dialect.facts.book_rules.values())
        link = next((link for link in links if link is not None and link.per_connection), None)
        if link is None:
            return None
        return connection_fault(
            self.sequences.setdefault(received.connection, ConnectionSequence()).check(link, received)
        )

    def apply_fetched(self, connection: int, url: str, answer: Json) -> BookFault | None:
        """Begin the book that was fetched at a URL; return what is wrong with it."""
        for place, keeping in self.books.items():
            seed = keeping.rule.http_snapshot
            if place[0] == connection and seed is not None and url.endswith(seed.path(keeping.subscribe)):
                event = seed.event_of(answer, keeping.subscribe)
                fault = keeping.start_from(event) if event is not None else None
                return fault if isinstance(fault, BookFault) else None
        return None
