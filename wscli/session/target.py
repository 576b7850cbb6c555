"""An exchange as the flags have it, and what a line of sessions is told to do. Values, and a few words on commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from wscli.core.dialect import Dialect, Endpoint, Places
from wscli.core.errors import UsageError
from wscli.core.messages import Command, Credentials, Query, Subscribe, Unsubscribe
from wscli.core.record import value
from wscli.output.explain import words
from wscli.session.connection import Session
from wscli.transport.dialer import Reach


@value
class Venue:
    """One exchange as the flags have it: the dialect, where it is, who we are there."""

    dialect: Dialect
    places: Places
    proxy_never: bool
    reach: Reach
    credentials: Callable[[], Credentials | None]

    def endpoint(self, route: str) -> Endpoint:
        """Return where a route goes. Raises UsageError where there is none of that kind."""
        url = self.places.sockets.get(route)
        if url is None:
            raise UsageError(f"{self.dialect.name} has no {route} endpoint here", "without --testnet there is one")
        return Endpoint(url, self.places.http, "never" if self.proxy_never else "auto")


@value
class Staying:
    """What is done about a loss. reconnect: come back at all. tries: in vain, one after the other, before giving up.
    stale_s: a subscription without data for so long is a loss too."""

    reconnect: bool = True
    tries: int | None = None
    stale_s: float | None = None


class Beside(Protocol):
    """What a line listens to beside its sockets: a person's own lines, for `connect`.

    opened: hears of every new session. sources: descriptors to wait for, now. step: is told after every wait which of them
    are ready, and may raise Finished. due_s: in how many seconds it has something to do.
    """

    def opened(self, session: Session) -> None: ...
    def sources(self) -> Sequence[int]: ...
    def step(self, ready: Sequence[int]) -> None: ...
    def due_s(self) -> float: ...


def described(command: Command) -> str:
    """Return a command in the words that make it.

    >>> described(Subscribe("kline", ("BTCUSDT",), {"interval": "1m"}))
    'subscribe kline BTCUSDT interval=1m'
    """
    match command:
        case Subscribe() | Query():
            return f"{type(command).__name__.lower()} {words(command)}"
        case Unsubscribe(channel, symbols, params, number):
            end = words(Subscribe(channel, symbols, params)) if number is None else str(number)
            return f"unsubscribe {end}"
        case _:
            return type(command).__name__.lower()
