"""What is said about single messages as they come, each kind of remark once a connection."""

from __future__ import annotations

from collections.abc import Iterator

from wscli.core.messages import Key, Kind, Received, Subscribe
from wscli.core.record import replace
from wscli.output.explain import words

LOOKED_AT = frozenset({Kind.ACK, Kind.UNKNOWN})
MOST_GIVEN = 1000  # ids that are remembered: more than connections have


class MessageRemarks:
    """Remarks on the messages of a line. It remembers what each connection was given, and what was said already."""

    def __init__(self) -> None:
        self._given: dict[tuple[int, Key], Subscribe] = {}  # by connection and the id that the exchange gave
        self._unreadable: set[int] = set()  # connections

    def on(self, received: Received) -> Iterator[str]:
        """Yield what is to be said about a message; nothing about most."""
        match received.event.kind:
            case Kind.ACK:
                yield from self._acknowledged(received)
            case Kind.UNKNOWN if received.binary and received.event.reason is not None:
                if received.connection not in self._unreadable:
                    self._unreadable.add(received.connection)
                    yield f"a message cannot be read: {received.event.reason}; such messages are shown as hex"

    def _acknowledged(self, received: Received) -> Iterator[str]:
        """Yield that an exchange gave one id to two subscriptions: their data cannot be told apart."""
        event = received.event
        if not isinstance(event.topic, int):
            return
        place = received.connection, event.topic
        before = self._given.pop(place, None)
        if not isinstance(event.subscription, Subscribe):
            return  # it ends
        now = self._given[place] = event.subscription
        if len(self._given) > MOST_GIVEN:  # an exchange may acknowledge without end what nobody asked for
            del self._given[next(iter(self._given))]
        if before is not None and _bare(before) != _bare(now):
            yield f"{words(_bare(before))} and {words(_bare(now))} have the same number, {event.topic}: their messages cannot be told apart"


def _bare(subscribe: Subscribe) -> Subscribe:
    """Return a subscription without the flags that hold for its whole connection."""
    return replace(
        subscribe, params={name: held for name, held in subscribe.params.items() if name not in ("flags", "subId")}
    )
