"""What a client tells those who observe it: a printer, a recorder, the check of a book, the streams of the prompt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import Enum, auto
from typing import Protocol

from wscli.core.messages import HttpRequest, HttpResponse, ReceivedMessage, Subscribe
from wscli.core.record import record


class Role(Enum):
    """What a received message is to those who show it."""

    MESSAGE = auto()  # data is shown as data, anything else as a note
    RESULT = auto()  # the answer to the user's request: it is shown as data
    REPORTED = auto()  # a rejection that the sender of the request reports
    KEEPALIVE = auto()  # the answer to a ping of our own
    DUPLICATE = auto()  # data that the other connection of a handover has brought already
    OLD_DATA = auto()  # data that only the old connection of a handover has brought
    OLD = auto()  # what it sends that is no data


class Level(Enum):
    """How much a notice matters."""

    DETAIL = auto()  # with --verbose
    NOTE = auto()  # unless --quiet
    WARNING = auto()  # always


class DataRecognizer(Protocol):
    """Recognises data by its bytes: `output.fast_path.FastPath`."""

    keep: Callable[[bytes], bool | None] | None

    def all_data(self, payloads: list[bytes]) -> bool: ...
    def is_data(self, payload: bytes) -> bool: ...
    def breaks_lines(self, payloads: list[bytes]) -> bool: ...


class VerbatimSink(Protocol):
    """Shows messages as their bytes: `output.sink.MessageSink`. hidden: how many messages were not shown."""

    hidden: int

    def show_verbatim(self, payloads: list[bytes]) -> list[bytes]: ...


@record
class VerbatimPath:
    """What takes messages as bytes, where that is all that is wanted: see `session.dispatch`."""

    fast_path: DataRecognizer
    sink: VerbatimSink


class SessionEvents:
    """What can be observed; each method does nothing until it is overridden. Times are wall-clock nanoseconds."""

    needs_every_message = False  # no message may pass as its bytes alone
    wants_details = False  # it shows notices of Level.DETAIL
    records = False  # it takes every message of a reading before the first of them is dealt with

    def begin(self) -> None:
        """The run begins."""

    def finished(self) -> None:
        """The run ends: enough was shown, or --for is over. Raises TimedOut if --until or --count was not met."""

    def opened(self, connection: int, ns: int) -> None:
        """A connection was opened."""

    def closed(self, connection: int, ns: int, reason: str | None) -> None:
        """A connection was closed. reason: None where we closed it ourselves, in the end."""

    def sent(self, connection: int, ns: int, text: str) -> None:
        """A text went out; its secrets are masked."""

    def http(self, connection: int, ns: int, request: HttpRequest, reply: HttpResponse | None, text: str) -> None:
        """An HTTP request was made. text: the body of the reply, with secrets masked."""

    def arrived(self, received: ReceivedMessage) -> None:
        """A message has arrived: called for all of one reading, before the first of them is `received`."""

    def received(self, received: ReceivedMessage, role: Role) -> None:
        """A message is dealt with. May raise Finished, or WscliError, which end the run."""

    def gap(self, gap: ReceivedMessage, away_ms: int) -> None:
        """Between what came before and what comes now something may be missing."""

    def silent(self, subscriptions: Sequence[Subscribe]) -> None:
        """Time to warn about missing data. subscriptions: those that have sent nothing yet."""

    def notice(self, text: str, level: Level) -> None:
        """Something to tell the user."""

    def flush(self) -> None:
        """What is held is to be written: the client is about to wait. May raise WscliError."""

    def verbatim(self) -> VerbatimPath | None:
        """Return what takes messages as bytes, where that is all that is wanted just now."""
        return None


class Observers(SessionEvents):
    """The observers of a client, in the order in which they are called."""

    def __init__(self, *observers: SessionEvents) -> None:
        self._observers = observers

    @property
    def wants_details(self) -> bool:  # type: ignore[override]
        return any(one.wants_details for one in self._observers)

    @property
    def records(self) -> bool:  # type: ignore[override]
        return any(one.records for one in self._observers)

    def add(self, observer: SessionEvents, *, first: bool = False) -> None:
        """Add an observer. first: it is called before the others."""
        self._observers = (observer, *self._observers) if first else (*self._observers, observer)

    def remove(self, observer: SessionEvents) -> None:
        self._observers = tuple(one for one in self._observers if one is not observer)

    def __iter__(self) -> Iterator[SessionEvents]:
        return iter(self._observers)

    def begin(self) -> None:
        for one in self._observers:
            one.begin()

    def finished(self) -> None:
        for one in self._observers:
            one.finished()

    def opened(self, connection: int, ns: int) -> None:
        for one in self._observers:
            one.opened(connection, ns)

    def closed(self, connection: int, ns: int, reason: str | None) -> None:
        for one in self._observers:
            one.closed(connection, ns, reason)

    def sent(self, connection: int, ns: int, text: str) -> None:
        for one in self._observers:
            one.sent(connection, ns, text)

    def http(self, connection: int, ns: int, request: HttpRequest, reply: HttpResponse | None, text: str) -> None:
        for one in self._observers:
            one.http(connection, ns, request, reply, text)

    def arrived(self, received: ReceivedMessage) -> None:
        for one in self._observers:
            one.arrived(received)

    def received(self, received: ReceivedMessage, role: Role) -> None:
        for one in self._observers:
            one.received(received, role)

    def gap(self, gap: ReceivedMessage, away_ms: int) -> None:
        for one in self._observers:
            one.gap(gap, away_ms)

    def silent(self, subscriptions: Sequence[Subscribe]) -> None:
        for one in self._observers:
            one.silent(subscriptions)

    def notice(self, text: str, level: Level = Level.NOTE) -> None:
        for one in self._observers:
            one.notice(text, level)

    def flush(self) -> None:
        for one in self._observers:
            one.flush()

    def verbatim(self) -> VerbatimPath | None:
        if any(one.needs_every_message for one in self._observers):
            return None
        return next((sink for one in self._observers if (sink := one.verbatim()) is not None), None)
