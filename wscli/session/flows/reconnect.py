"""One attempt to come back after a loss: connected, logged in, subscribed to the same set, with a word about the gap."""

from __future__ import annotations

from wscli.commands.parser import logs_in_first
from wscli.core.jsontext import written
from wscli.core.messages import Event, Kind, ReceivedMessage
from wscli.session.client import Client
from wscli.session.flows.connect import connect_route
from wscli.session.flows.login import log_in
from wscli.session.flows.resubscribe import resubscribe
from wscli.session.flows.waits import Flow
from wscli.session.route import Absence, Route
from wscli.session.route_state import Happening


def bring_back(client: Client, route: Route, absence: Absence) -> Flow[None]:
    """Connect again, log in where it was logged in, subscribe to the same set in the same order, wait for the answers."""
    yield from connect_route(client, route)
    if absence.logged_in or logs_in_first(client.dialect, absence.subscriptions):
        route.enter(Happening.LOG_IN)
        yield from log_in(client, route, absence.subscriptions)
    report_gap(client, route, client.clock.monotonic() - absence.since)
    route.enter(Happening.SUBSCRIBE)
    yield from resubscribe(client, route, absence.subscriptions)


def report_gap(client: Client, route: Route, away_s: float) -> None:
    """Put a mark between what came before and what comes now: something may be missing."""
    connection = route.connection
    number = connection.number if connection is not None else 0
    message, away_ms = f"{client.dialect.name}: disconnected for {away_s:.2f} s", round(away_s * 1000)
    payload = {"gap": {"away_ms": away_ms, "connection": number}}
    gap = ReceivedMessage(Event(Kind.GAP, payload, reason=message), written(payload), client.clock.wall_ns(), 0, number)
    client.events.gap(gap, away_ms)
