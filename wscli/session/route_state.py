"""The life of a route as a table: which state it is in, and what each happening makes of it.

    CLOSED ─connect→ CONNECTING ─log in→ AUTHENTICATING ─subscribe→ SUBSCRIBING ─ready→ LIVE
    LIVE ─replace→ REPLACING ─ready→ LIVE          any of them ─lost→ WAITING ─connect→ CONNECTING          any ─close→ CLOSED

A route may skip what it does not need: a public one is not logged in, one without subscriptions does not subscribe.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class RouteState(StrEnum):
    """Where a route is. The state says which flow runs, and what a loss or an error without an id means."""

    CLOSED = "closed"  # no connection, and none is wanted
    CONNECTING = "connecting"
    AUTHENTICATING = "authenticating"
    SUBSCRIBING = "subscribing"  # an error that names no request ends the set-up
    LIVE = "live"  # such an error is a message; a loss is reconnected
    WAITING = "waiting"  # lost, until the next attempt
    REPLACING = "replacing"  # the old connection continues while a new one is set up: the only state with two of them

    @property
    def is_settled(self) -> bool:
        """Whether no flow is changing the connection just now."""
        return self in (RouteState.CLOSED, RouteState.LIVE, RouteState.WAITING)


class Happening(StrEnum):
    """What happens to a route."""

    CONNECT = "connect"
    LOG_IN = "log in"
    SUBSCRIBE = "subscribe"
    READY = "ready"  # all that was wanted is acknowledged, or the old connection continues
    REPLACE = "replace"
    LOST = "lost"
    CLOSE = "close"


S, H = RouteState, Happening
TRANSITIONS: Mapping[RouteState, Mapping[Happening, RouteState]] = {
    S.CLOSED: {H.CONNECT: S.CONNECTING, H.CLOSE: S.CLOSED},
    S.CONNECTING: {
        H.LOG_IN: S.AUTHENTICATING,
        H.SUBSCRIBE: S.SUBSCRIBING,
        H.READY: S.LIVE,
        H.LOST: S.WAITING,
        H.CLOSE: S.CLOSED,
    },
    S.AUTHENTICATING: {H.SUBSCRIBE: S.SUBSCRIBING, H.READY: S.LIVE, H.LOST: S.WAITING, H.CLOSE: S.CLOSED},
    S.SUBSCRIBING: {H.READY: S.LIVE, H.LOST: S.WAITING, H.CLOSE: S.CLOSED},
    S.LIVE: {H.REPLACE: S.REPLACING, H.LOST: S.WAITING, H.CLOSE: S.CLOSED},
    S.WAITING: {H.CONNECT: S.CONNECTING, H.CLOSE: S.CLOSED},
    S.REPLACING: {H.READY: S.LIVE, H.CLOSE: S.CLOSED},
}


def following(state: RouteState, happening: Happening) -> RouteState:
    """Return the state after a happening. Raises ValueError for what cannot happen there: a fault of ours.

    >>> following(RouteState.LIVE, Happening.LOST)
    <RouteState.WAITING: 'waiting'>
    """
    try:
        return TRANSITIONS[state][happening]
    except KeyError:
        raise ValueError(f"a route that is {state} cannot {happening}") from None
