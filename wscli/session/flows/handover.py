"""A new connection before the old one goes: opened, logged in, subscribed to the same set and acknowledged while the old one streams on."""

from __future__ import annotations

from wscli.commands.parser import logs_in_first
from wscli.core.errors import ConnectionLost
from wscli.session.client import Client
from wscli.session.connection import Connection
from wscli.session.flows.connect import connect
from wscli.session.flows.login import log_in
from wscli.session.flows.resubscribe import resubscribe
from wscli.session.flows.waits import Flow, When
from wscli.session.route import Deduplicator, Overlap, Route, subscriptions_of

UNSUBSCRIBE_TIMEOUT_S = 0.4  # how long an old connection has to answer that it is unsubscribed
OVERLAP_S = 2.0  # how long the new connection may repeat late what the old one has brought


def replace_connection(client: Client, route: Route) -> Flow[int]:
    """Put a new connection in the place of the old one; return how many subscriptions it has.

    Raises the error that prevents it; the caller then goes on with the old one.
    """
    old, began = route.live(), client.clock.monotonic()
    new = yield from connect(client, route)
    try:
        yield When(lambda: not client.requests.is_due(route.name))
    except GeneratorExit:
        client.close_now(new)
        raise
    route.overlap = Overlap(old, new, Deduplicator(), began)
    client.adopt(route, new)
    wanted = subscriptions_of(old)
    if old.state.login_result is not None or logs_in_first(client.dialect, wanted):
        yield from log_in(client, route, wanted)
    yield from resubscribe(client, route, wanted)
    route.overlap.since = None
    return len(wanted)


def close_old(client: Client, route: Route, old: Connection) -> Flow[None]:
    """Unsubscribe the old connection, read what it had under way, close it."""
    if old.lost is None:
        old.unsubscribe_all()
    end = client.clock.monotonic() + UNSUBSCRIBE_TIMEOUT_S
    yield When(lambda: old.lost is not None or not old.state.active, end)
    client.close_now(old, ConnectionLost("replaced by a new connection"))
    if route.overlap is not None:
        route.overlap.old, route.overlap.until = None, client.clock.monotonic() + OVERLAP_S
