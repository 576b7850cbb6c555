"""How an exchange's order book is kept, as data: where its order stands in a message, what is a fault, where it begins.

A channel that is marked as a book and has no rule in `Dialect.books` is kept by the plainest one: a snapshot replaces,
an update sets and deletes, and a book whose best bid is not below its best ask is a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from wscli.core.jsontext import Json, value_at
from wscli.core.messages import Event, Kind, Subscribe
from wscli.core.record import record


@record
class SequencePoint:
    """Where one message stands in the order its exchange gives them.

    number:     its number, or its time. names: what the exchange calls `at` and `before`, for the evidence.
    previous: what the message before it must have had; None where it is only promised that `at` rises.
    per_connection: it counts every message of the connection, not of this book alone.
    restarts:   the count, and the book, begin again with it, whatever came before.
    """

    number: int
    previous: int | None = None
    names: tuple[str, str] = ("at", "before")
    per_connection: bool = False
    restarts: bool = False


@record
class BookLevel:
    """One price of a side. price, size: as they were sent (the sum, where several orders stand there).

    message_number: of the message that set it last. orders: [(order id, size)], in the order they came; one without an id where
    the book is by price.
    """

    price: str
    size: str
    message_number: int = 0
    orders: tuple[tuple[str, str], ...] = ()


class BookSides(Protocol):
    """A book as a checksum reads it."""

    def top(self, side: str, count: int) -> Sequence[BookLevel]:
        """Return the best levels of "bid" or "ask", best first."""


@record
class ChecksumResult:
    """A checksum: what the exchange says, what ours is, and from what it was made."""

    expected: int
    computed: int
    checksum_input: str = ""


@record
class HttpSnapshot:
    """Where a book of changes begins: a picture that is fetched by HTTP while the changes are held back.

    path:  of the request, below ServerUrls.http_url. event_of: the answer as the message it would be; None for another shape.
    min_held_updates: changes held back before it is fetched, for a picture that lags behind them.
    """

    path: Callable[[Subscribe], str]
    event_of: Callable[[Json, Subscribe], Event | None]
    min_held_updates: int = 6


SequenceReader: TypeAlias = Callable[[Event], "SequencePoint | None"]


def no_sequence(event: Event) -> SequencePoint | None:
    """The exchange says nothing of the order of its messages."""
    return None


def no_checksum(event: Event, sides: BookSides) -> ChecksumResult | None:
    """The exchange sends no checksum."""
    return None


def always_numbered(subscribe: Subscribe) -> bool:
    """The exchange numbers messages without being asked to."""
    return True


@record
class BookRule:
    """How the book of one channel is kept.

    link(event) -> its place in the order, None where it has none.
    checksum(event, sides) -> both checksums where the message brings one, else None.
    detects_loss:        its numbers show that a message was lost.
    numbered(subscribe) -> whether the exchange numbers the messages of this subscription.
    full_snapshots:         every message is the whole book, so that the next one mends what was wrong.
    deletes_must_exist: a delete names a level that is there; another one is a fault.
    crossed_limit:   so many messages in a row leave the book crossed before that is a fault.
    depth_param:         the parameter that says how many levels a side are kept; what lies behind them is cut.
    http_snapshot:          where a book begins whose channel brings no snapshot.
    symbol_pattern:       a pattern of the symbols that have such a book; all where it is empty.
    required_args:          words that a book is subscribed with (`flags=checksum`), unless the user chose others.
    """

    sequence_of: SequenceReader = no_sequence
    checksum: Callable[[Event, BookSides], ChecksumResult | None] = no_checksum
    detects_loss: bool = False
    is_numbered: Callable[[Subscribe], bool] = always_numbered
    full_snapshots: bool = False
    deletes_must_exist: bool = False
    crossed_limit: int = 1
    depth_param: str = ""
    http_snapshot: HttpSnapshot | None = None
    symbol_pattern: str = ""
    required_args: tuple[str, ...] = ()


# --- the ways exchanges number ----------------------------------------------------------------------


def rising_number(path: str) -> SequenceReader:
    """Return a reader of a number, or a time, that rises from message to message.

    >>> from wscli.core.messages import Kind
    >>> rising_number("data.t")(Event(Kind.SNAPSHOT, {"data": {"t": 7}})).number
    7
    """
    steps, name = path.split("."), path.rpartition(".")[2]

    def sequence_of(event: Event) -> SequencePoint | None:
        number = integer_at(event.payload, steps)
        return None if number is None else SequencePoint(number, None, (name, name))

    return sequence_of


def chained_numbers(path: str, previous_path: str) -> SequenceReader:
    """Return a reader of a number, and of the number of the message before, where there is one.

    >>> from wscli.core.messages import Kind
    >>> found = chained_numbers("id", "past")(Event(Kind.UPDATE, {"id": 9, "past": 7}))
    >>> found.number, found.previous, found.names
    (9, 7, ('id', 'past'))
    """
    steps, back = path.split("."), previous_path.split(".")
    names = (steps[-1], back[-1])

    def sequence_of(event: Event) -> SequencePoint | None:
        number = integer_at(event.payload, steps)
        return None if number is None else SequencePoint(number, integer_at(event.payload, back), names)

    return sequence_of


def consecutive_number(path: str) -> SequenceReader:
    """Return a reader of a number that each change has one higher; a snapshot, and 1, begin anew.

    >>> link = consecutive_number("data.u")
    >>> link(Event(Kind.UPDATE, {"data": {"u": 7}})).previous, link(Event(Kind.SNAPSHOT, {"data": {"u": 7}})).restarts
    (6, True)
    """
    steps, name = path.split("."), path.rpartition(".")[2]

    def sequence_of(event: Event) -> SequencePoint | None:
        number = integer_at(event.payload, steps)
        if number is None:
            return None
        restarts = event.kind is Kind.SNAPSHOT or number == 1
        return SequencePoint(number, None if restarts else number - 1, (name, name), restarts=restarts)

    return sequence_of


def integer_at(payload: Json, steps: Sequence[str]) -> int | None:
    """Return the whole number (or its digits) that stands at a path of keys and places; None where there is none."""
    number = value_at(payload, steps)
    if isinstance(number, str) and number.isascii() and number.isdecimal() and len(number) <= 30:
        return int(number)
    return number if isinstance(number, int) and not isinstance(number, bool) else None
