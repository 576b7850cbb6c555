"""How a client leaves: unsubscribed, what was under way shown or recorded, every connection closed. The loop has ended before."""

from __future__ import annotations

import contextlib

from wscli.core.endings import Finished, Interrupted
from wscli.core.errors import WscliError
from wscli.core.messages import DATA_KINDS
from wscli.core.record import replace
from wscli.session.client import Client
from wscli.session.connection import Connection
from wscli.session.events import Role
from wscli.session.route import Route

DRAIN_S = 0.4  # how long what was under way is read
CLOSE_TIMEOUT_S = 0.05  # and how long at least the answer to a close is waited for


def close(client: Client, *, draining: bool) -> None:
    """Unsubscribe from and close every connection; with `draining`, show what was still under way."""
    client.tasks.cancel_all()
    for connection in [one for one in client.all_connections() if one.lost is None]:
        connection.unsubscribe_all()
    end = client.clock.monotonic() + DRAIN_S
    for route in client.routes.values():
        for connection in route.connections():
            left = max(end - client.clock.monotonic(), CLOSE_TIMEOUT_S) if draining else CLOSE_TIMEOUT_S
            try:
                _drain(client, route, connection, 0.0 if client.interrupted else left, shown=draining)
            except Finished:  # enough is shown: the others are closed all the same, and nothing more of them is shown
                draining = False
            client.events.closed(connection.number, client.clock.wall_ns(), None)
    client.events.flush()


def close_after_failure(client: Client) -> None:
    """Close after a signal or a failure: show what was under way, and let nothing hide the cause."""
    with contextlib.suppress(Finished, WscliError, Interrupted):
        close(client, draining=True)


def _drain(client: Client, route: Route, connection: Connection, seconds: float, *, shown: bool) -> None:
    """Close a connection: record what still comes until the peer's close, show it where it is to be shown."""
    late = client.clock.monotonic() + seconds + CLOSE_TIMEOUT_S
    with contextlib.closing(connection.close(seconds)) as under_way:
        for received in under_way:
            if client.events.records:
                client.events.arrived(replace(received, text=client.redactor.redact(received.text)))
            if shown and (received.event.kind not in DATA_KINDS or route.is_first(connection, received)):
                keepalive = connection.is_keepalive_answer(received.event)
                client.events.received(received, Role.KEEPALIVE if keepalive else Role.MESSAGE)
            if client.clock.monotonic() >= late:
                return  # in the middle of a flood
