"""`--dry-run`: the frames that would be sent, secrets as ***. Connects to nothing, needs no credentials, no socket code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from wscli.dialect import Dialect, Endpoint, Places, routed
from wscli.grammar import needs_login
from wscli.model import Auth, Command, Credentials, Event, Grant, HttpRequest, Kind, Secret, Stamp, State, Wire, written
from wscli.value import replace


def frames(
    dialect: Dialect,
    places: Places,
    commands: Sequence[Command],
    credentials: Credentials | None,
    stamp: Stamp,
    note: Callable[[str], object],
) -> Iterator[str]:
    """Yield each frame that the commands send, a login's first. note: is told of a request that comes before it."""
    state = State()
    for route, group in routed(dialect, commands).items():
        if needs_login(dialect, group):
            url = places.sockets.get(route, next(iter(places.sockets.values())))
            endpoint = Endpoint(url, places.http, "never")
            login, grant = _login(dialect, group, endpoint, credentials, stamp, note)
            for wire in login:
                yield written(wire)
                state = dialect.learn(state, wire)
            state = replace(state, grant=grant)
        for wire in dialect.encode([c for c in group if not isinstance(c, Auth)], state, stamp):
            yield written(wire)
            state = dialect.learn(state, wire)


def _login(
    dialect: Dialect,
    commands: Sequence[Command],
    endpoint: Endpoint,
    credentials: Credentials | None,
    stamp: Stamp,
    note: Callable[[str], object],
) -> tuple[list[Wire], Grant]:
    """Return the frames of a login that is acknowledged at every step, and what it would grant."""
    hidden = Secret("***")
    known = credentials or Credentials(hidden, hidden)
    steps = dialect.login(known, stamp, endpoint)
    wires: list[Wire] = []
    fetched = False
    try:
        said = next(steps)
        while True:
            if not isinstance(said, HttpRequest):
                wires += dialect.login_with(said, commands)
                said = steps.send(Event(Kind.ACK, {}))
            elif fetched:
                return wires, Grant(hidden, known.user_id)
            else:  # what follows the answer is what follows a token at hand
                note(f"first: {said.method} {said.url} (signed), which gives the token")
                fetched, steps = True, dialect.login(replace(known, token=hidden), stamp, endpoint)
                said = next(steps)
    except StopIteration as done:
        return wires, done.value
