"""An exchange as the flags have it, and what a client is to do. Values, and the texts of commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from wscli.core.dialect import Dialect, Endpoint, ServerUrls
from wscli.core.errors import ConnectionLost, UsageError
from wscli.core.limits.allocation import route_of_connection
from wscli.core.messages import Command, Credentials, Event, Key, Query, Subscribe, Unsubscribe, request_text
from wscli.core.record import record
from wscli.session.connection import Connection
from wscli.session.flows.waits import Flow
from wscli.session.route import Route
from wscli.transport.dialer import NetworkOptions

SILENCE_WARNING_S = 10.0


@record
class Target:
    """One exchange as the flags have it: the dialect, where it is, who we are there."""

    dialect: Dialect
    places: ServerUrls
    never_proxy: bool
    reach: NetworkOptions
    credentials: Callable[[], Credentials | None]

    def endpoint(self, route: str) -> Endpoint:
        """Return where a route goes. Raises UsageError where there is none of that kind."""
        url = self.places.sockets.get(route_of_connection(route))
        if url is None:
            raise UsageError(f"{self.dialect.name} has no {route} endpoint here", "leave out --testnet")
        return Endpoint(url, self.places.http_url, "never" if self.never_proxy else "auto")


@record
class ReconnectPolicy:
    """What is done about a loss. reconnect: come back at all. max_failures: in vain, one after the other, before giving up.
    stale_s: a subscription without data for so long is a loss too."""

    reconnect: bool = True
    max_failures: int | None = None
    stale_s: float | None = None


@record
class SessionOptions:
    """wait_s: bounds every wait for an answer. for_s: seconds of streaming."""

    wait_s: float = 10.0
    for_s: float | None = None

    @property
    def silence_warning_s(self) -> float:
        """Return after how many seconds without a message a busy channel is reported as silent."""
        return min(self.wait_s, SILENCE_WARNING_S)


class EventSource(Protocol):
    """What a client reads beside its sockets: the user's own lines, for `connect`.

    connection_opened: called with every new connection. descriptors: those to wait for, now. step: called after every wait with
    those that are ready; may raise Finished. due_s: in how many seconds it has something to do.
    """

    def connection_opened(self, connection: Connection) -> None: ...
    def descriptors(self) -> Sequence[int]: ...
    def step(self, ready: Sequence[int]) -> None: ...
    def due_s(self) -> float: ...


class Supervision(Protocol):
    """Decides what is done about connections that are lost, grow old, or are to be replaced."""

    def begin_stream(self, commands: Sequence[Command]) -> Flow[None]: ...
    def connecting(self) -> None: ...
    def opened(self, route: Route) -> None: ...
    def lost(self, route: Route, cause: ConnectionLost) -> None: ...
    def attempt_now(self, route: Route) -> None: ...
    def reconnect(self, route: Route) -> None: ...
    def lost_while_replaced(self, route: Route) -> None: ...
    def replacement_requested(self, route: Route, connection: Connection) -> None: ...
    def data_received(self, route: Route, event: Event) -> None: ...
    def check_clock(self, now: float) -> None: ...
    def next_at(self) -> float: ...
    def watches_data(self) -> bool: ...


def command_text(command: Command) -> str:
    """Return a command in the words that make it.

    >>> command_text(Subscribe("kline", ("BTCUSDT",), {"interval": "1m"}))
    'subscribe kline BTCUSDT interval=1m'
    """
    match command:
        case Subscribe() | Query():
            return f"{type(command).__name__.lower()} {request_text(command)}"
        case Unsubscribe(channel, symbols, params, number):
            end = request_text(Subscribe(channel, symbols, params)) if number is None else str(number)
            return f"unsubscribe {end}"
        case _:
            return type(command).__name__.lower()


def description_of(connection: Connection, key: Key) -> str:
    """Return what a pending request asks for, in words."""
    request = connection.state.pending.get(key)
    texts = [command_text(c) for c in request.commands] if request is not None else []
    return ", ".join(dict.fromkeys(texts)) or "the request"
