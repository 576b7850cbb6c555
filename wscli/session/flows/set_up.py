"""How a stream begins: every route that its commands need is connected, logged in where it must be, and subscribed."""

from __future__ import annotations

from collections.abc import Sequence

from wscli.commands.parser import logs_in_first, needs_login
from wscli.core.errors import WscliError
from wscli.core.messages import Command
from wscli.session.client import Client
from wscli.session.flows.ask import note_replaced_subscription
from wscli.session.flows.connect import connect_route
from wscli.session.flows.login import check_credentials, log_in
from wscli.session.flows.waits import Answers, Flow, unless
from wscli.session.observers.notices import rejection_error
from wscli.session.requests import RequestGroup
from wscli.session.route import Route
from wscli.session.route_state import Happening


def set_up(client: Client, commands: Sequence[Command]) -> Flow[None]:
    """Connect, log in and subscribe on every route that the commands need; wait until all is acknowledged.

    Raises Rejected, TimedOut, ConnectionFailed, ConnectionLost.
    """
    by_route = client.allocate(commands)
    for route, its_commands in by_route:
        if needs_login(client.dialect, its_commands):
            check_credentials(client, route.name)
    group = RequestGroup(claims_errors=True)

    def failure() -> WscliError | None:
        """Return why the routes that were subscribed already make the rest useless."""
        if group.rejection is not None:
            return rejection_error(client.dialect, client.redactor, group.rejection)
        return group.error

    try:
        for route, its_commands in by_route:
            yield from unless(failure, _connect_and_log_in(client, route, its_commands))
            route.enter(Happening.SUBSCRIBE)
            client.send(route, its_commands, group)
        note_replaced_subscription(client, commands)
        yield Answers(group)
    finally:
        client.requests.drop(group)
    if (rejection := failure()) is not None:
        raise rejection
    for route, _ in by_route:
        route.enter(Happening.READY)
    client.watch_silence()


def _connect_and_log_in(client: Client, route: Route, commands: Sequence[Command]) -> Flow[None]:
    yield from connect_route(client, route)
    if logs_in_first(client.dialect, commands):
        route.enter(Happening.LOG_IN)
        yield from log_in(client, route, commands)
