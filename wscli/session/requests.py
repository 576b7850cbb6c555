"""Which answers are due: to which request, on which route, since when and until when. It sends nothing and waits for nothing.

Each request that went out is an `AwaitedAnswer`; those that were sent together are a `RequestGroup`, which is what a flow waits for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum, auto
from itertools import chain

from wscli.core.errors import WscliError
from wscli.core.messages import Command, Event, Key, Kind, ReceivedMessage, Subscribe
from wscli.session.events import Role

ANSWER_KINDS = frozenset({Kind.ACK, Kind.ERROR, Kind.REPLY, Kind.PONG, Kind.UNKNOWN})  # what can answer any frame
NEVER = float("inf")
MAX_SEEN = 10_000  # a peer that names ever new symbols costs no more than that
SeenKey = tuple[str, str | None, str]  # route, channel, symbol ("" where a message names none)


class AnswerDisplay(Enum):
    """What becomes of an answer where it stands among the messages."""

    NOTE = auto()  # it confirms something: a line on standard error
    RESULT = auto()  # it is what was asked for; a rejection is reported by who asked
    RESULT_OR_REJECTION = auto()  # a rejection is a result, too


class AwaitedAnswer:
    """One answer that is due. text: what it answers, in words. Times are a clock's seconds."""

    __slots__ = ("answer", "answered_at", "group", "key", "route", "since", "text", "until")

    def __init__(self, group: RequestGroup, route: str, key: Key | None, text: str, since: float, until: float) -> None:
        self.group, self.route, self.key, self.text, self.since, self.until = group, route, key, text, since, until
        self.answer: ReceivedMessage | None = None
        self.answered_at = since

    @property
    def took_s(self) -> float:
        """The seconds from the request to its answer."""
        return self.answered_at - self.since


class RequestGroup:
    """Requests that were sent together.

    rejection: the first answer that rejects a request as a whole; partial: the first that rejects a part of one. error: why no more
    answers come. claims_errors: an error that names no request, on a route where one of them is due, is theirs.
    """

    def __init__(self, display: AnswerDisplay = AnswerDisplay.NOTE, *, claims_errors: bool = False) -> None:
        self.display, self.claims_errors = display, claims_errors
        self.requests: list[AwaitedAnswer] = []
        self.due_count = 0
        self.rejection: ReceivedMessage | None = None
        self.partial: ReceivedMessage | None = None
        self.error: WscliError | None = None

    @property
    def answers(self) -> Iterator[ReceivedMessage]:
        """The answers so far, in the order of the requests."""
        return (one.answer for one in self.requests if one.answer is not None)

    def due_text(self) -> str | None:
        """Return what the first answer that is still due answers, in words."""
        return next((one.text for one in self.requests if one.answer is None), None)

    def role_of(self, event: Event) -> Role:
        """Return what one of its answers is to those who show messages."""
        if event.kind is Kind.ERROR and not event.partial:
            return Role.RESULT if self.display is AnswerDisplay.RESULT_OR_REJECTION else Role.REPORTED
        return Role.MESSAGE if self.display is AnswerDisplay.NOTE else Role.RESULT


class Requests:
    """The answers that are due on all routes. partial_rejection: the first answer that rejected a part of what was asked for."""

    def __init__(self) -> None:
        self.partial_rejection: ReceivedMessage | None = None
        self.next_deadline = NEVER  # no answer is late before: looked at in every turn, and there can be thousands
        self._due: dict[tuple[str, Key], list[AwaitedAnswer]] = {}
        self._any: list[AwaitedAnswer] = []  # what the next answer of their route answers, for its own names none
        self._data = UnacknowledgedData()

    def __bool__(self) -> bool:
        return bool(self._due or self._any)

    def _all(self) -> Iterator[AwaitedAnswer]:
        return chain(self._any, chain.from_iterable(self._due.values()))

    def is_due(self, route: str) -> bool:
        """Return whether an answer is due on a route."""
        return any(one.route == route for one in self._any) or any(place[0] == route for place in self._due)

    def expect(self, group: RequestGroup, route: str, key: Key | None, text: str, since: float, wait_s: float) -> None:
        """Add a request that was sent. key: of its answer; None where the next message that can be an answer is one."""
        if not self:
            self._data = UnacknowledgedData()  # what came before says nothing about this one
        one = AwaitedAnswer(group, route, key, text, since, since + wait_s)
        group.requests.append(one)
        group.due_count += 1
        self.next_deadline = min(self.next_deadline, one.until)
        if key is None:
            self._any.append(one)
        else:
            self._due.setdefault((route, key), []).append(one)

    def received(self, route: str, received: ReceivedMessage, now: float) -> RequestGroup | None:
        """Take a message; return the requests that it answers, None for a message that answers none."""
        event = received.event
        if event.request_id is not None and (found := self._due.pop((route, event.request_id), None)) is not None:
            return self._settle(found, received, now)
        if self._any and event.kind in ANSWER_KINDS:
            found = [one for one in self._any if one.route == route]
            if found:
                self._any = [one for one in self._any if one.route != route]
                return self._settle(found, received, now)
        if event.kind is Kind.ERROR and event.request_id is None:
            return self._claimed(route, received)
        return None

    def _settle(self, found: Sequence[AwaitedAnswer], received: ReceivedMessage, now: float) -> RequestGroup:
        for one in found:
            one.answer, one.answered_at = received, now
            one.group.due_count -= 1
            self._reject(one.group, received)
        return found[-1].group

    def _claimed(self, route: str, received: ReceivedMessage) -> RequestGroup | None:
        """Return the requests whose rejection an error must be that names none."""
        groups = [one.group for one in self._all() if one.route == route and one.group.claims_errors]
        for group in groups:
            self._reject(group, received)
        return groups[-1] if groups else None

    def _reject(self, group: RequestGroup, received: ReceivedMessage) -> None:
        if received.event.partial:
            group.partial = group.partial or received
            self.note_partial_rejection(received)
        elif received.event.kind is Kind.ERROR:
            group.rejection = group.rejection or received

    def note_partial_rejection(self, received: ReceivedMessage) -> None:
        """Keep the first rejection of a part of what was asked for: the rest streams, and the status at its end is 4."""
        self.partial_rejection = self.partial_rejection or received

    # --- data that comes although nothing was acknowledged

    def data_received(self, route: str, event: Event) -> None:
        """Take note of data while an answer is due."""
        self._data.add(route, event)

    def has_data_of(self, route: str, commands: Sequence[Command]) -> bool:
        """Return whether data came of subscriptions that are not acknowledged."""
        return self._data.has_data_of(route, commands)

    # --- what is no longer awaited

    def expired(self, now: float) -> list[AwaitedAnswer]:
        """Remove and return the requests whose time is up."""
        if now < self.next_deadline:
            return []
        late = self._remove(lambda one: one.until <= now)
        self.next_deadline = min((one.until for one in self._all()), default=NEVER)
        return late

    def drop(self, group: RequestGroup) -> None:
        """Await the answers of a group no longer."""
        if group.due_count:
            self._remove(lambda one: one.group is group)

    def forget(self, route: str, error: WscliError | None = None) -> None:
        """Await no answer of a route any longer: its connection is gone. error: what those who wait are told."""
        for one in self._remove(lambda one: one.route == route):
            one.group.error = one.group.error or error

    def _remove(self, is_over: Callable[[AwaitedAnswer], bool]) -> list[AwaitedAnswer]:
        removed = [one for one in self._all() if is_over(one)]
        if removed:
            self._any = [one for one in self._any if not is_over(one)]
            kept = {place: [one for one in due if not is_over(one)] for place, due in self._due.items()}
            self._due = {place: due for place, due in kept.items() if due}
        for one in removed:
            one.group.due_count -= 1
        return removed


class UnacknowledgedData:
    """Which data came while an acknowledgement was due: some relays and some exchanges acknowledge nothing."""

    def __init__(self) -> None:
        self._seen: set[SeenKey] = set()

    def add(self, route: str, event: Event) -> None:
        """Take note of a data message. An array of an unknown number (Bitfinex) is of an unknown subscription."""
        if len(self._seen) > MAX_SEEN:
            return
        if event.kind is not Kind.UNKNOWN:
            self._seen |= {(route, event.channel, symbol) for symbol in event.symbols or ("",)}
        elif isinstance(event.payload, list):
            self._seen.add((route, None, ""))

    def has_data_of(self, route: str, commands: Iterable[Command]) -> bool:
        """Say whether data of one of these subscriptions has come."""
        wanted = [c for c in commands if isinstance(c, Subscribe)]
        places = [(route, c.channel, symbol) for c in wanted for symbol in (*c.symbols, "")]
        if wanted and (route, None, "") in self._seen:
            return True
        every = {c.channel for c in wanted if not c.symbols}
        return any(place in self._seen for place in places) or any(
            (route, channel) == seen[:2] for channel in every for seen in self._seen
        )
