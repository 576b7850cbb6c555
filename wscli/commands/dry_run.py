"""`--dry-run`: the frames that would be sent, secrets as ***. Connects to nothing, needs no credentials, no socket code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from wscli.commands.parser import needs_login
from wscli.core.dialect import Dialect, Endpoint, Places, routed
from wscli.core.jsontext import Secret, written
from wscli.core.messages import Auth, Command, Credentials, Event, Grant, HttpRequest, Kind, Stamp, State, Wire
from wscli.core.record import replace


def frames(
    dialect: Dialect,
    places: Places,
    commands: Sequence[Command],
    credentials: Credentials | None,
    stamp: Stamp,
    note: Callable[[str], object],
    where: Callable[[str], object] | None = None,
) -> Iterator[str]:
    """Yield each frame that the commands send, a login's first.

    note: is told of a request that comes before it. where: is told, before each frame, the URL that it goes to.
    """
    state = State()
    for route, group in routed(dialect, commands).items():
        url = socket_of(places, route)
        if needs_login(dialect, group):
            endpoint = Endpoint(url, places.http, "never")
            login, grant = _login(dialect, group, endpoint, credentials, stamp, note)
            for wire in login:
                if where is not None:
                    where(url)
                yield written(wire)
                state = dialect.learn(state, wire)
            state = replace(state, grant=grant)
        for wire in dialect.encode([c for c in group if not isinstance(c, Auth)], state, stamp):
            if where is not None:
                where(url)
            yield written(wire)
            state = dialect.learn(state, wire)


def socket_of(places: Places, route: str) -> str:
    """Return the URL of a route; that of the first where it has no socket of its own."""
    return places.sockets.get(route, next(iter(places.sockets.values())))


def destination(url: str, *, simulated: bool) -> str:
    """Return where a frame goes, in words: without a query, which may hold a secret.

    >>> destination("wss://a.example/ws?token=1", simulated=False), destination("wss://a.example/ws", simulated=True)
    ('to wss://a.example/ws?…', 'to the simulator, in place of wss://a.example/ws')
    """
    from wscli.core.secrets import masked_url  # lazily: few ask where a frame goes

    place, query, _ = masked_url(url).partition("?")
    return f"to {'the simulator, in place of ' if simulated else ''}{place}{query and '?…'}"


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
