"""Notices on single messages: two subscriptions that got one id, messages that cannot be read. Each is given once a connection."""

from __future__ import annotations

from collections.abc import Iterator

from wscli.core.messages import Key, Kind, ReceivedMessage, Subscribe, request_text
from wscli.core.record import replace

NOTED_KINDS = frozenset({Kind.ACK, Kind.UNKNOWN})
MAX_IDS = 1000  # ids that are remembered: more than connections have


class MessageNotices:
    """Notices on the messages of a connection. It remembers the subscriptions of each connection, and what was noted already."""

    def __init__(self) -> None:
        self._subscriptions_by_id: dict[
            tuple[int, Key], Subscribe
        ] = {}  # by connection and the id that the exchange gave
        self._unreadable_connections: set[int] = set()  # connections

    def notices_on(self, received: ReceivedMessage) -> Iterator[str]:
        """Yield the notices on a message; none for most."""
        match received.event.kind:
            case Kind.ACK:
                yield from self._acknowledged(received)
            case Kind.UNKNOWN if received.binary and received.event.reason is not None:
                if received.connection not in self._unreadable_connections:
                    self._unreadable_connections.add(received.connection)
                    yield f"a message cannot be decoded: {received.event.reason}; such messages are shown as hex"

    def _acknowledged(self, received: ReceivedMessage) -> Iterator[str]:
        """Yield that an exchange gave one id to two subscriptions: their data cannot be distinguished."""
        event = received.event
        if not isinstance(event.topic, int):
            return
        place = received.connection, event.topic
        before = self._subscriptions_by_id.pop(place, None)
        if not isinstance(event.subscription, Subscribe):
            return  # it ends
        now = self._subscriptions_by_id[place] = event.subscription
        if len(self._subscriptions_by_id) > MAX_IDS:  # an exchange may acknowledge without end what nobody asked for
            del self._subscriptions_by_id[next(iter(self._subscriptions_by_id))]
        if before is not None and _without_connection_params(before) != _without_connection_params(now):
            yield f"{request_text(_without_connection_params(before))} and {request_text(_without_connection_params(now))} have the same channel number, {event.topic}: their messages cannot be distinguished"


def _without_connection_params(subscribe: Subscribe) -> Subscribe:
    """Return a subscription without the flags that hold for its whole connection."""
    return replace(
        subscribe, params={name: held for name, held in subscribe.params.items() if name not in ("flags", "subId")}
    )
