"""`--dry-run`: the frames that would be sent, secrets as ***. Connects to nothing, needs no credentials, no socket code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from wscli.commands.parser import logs_in_first, signed_frame
from wscli.core.dialect import Dialect, Endpoint, ServerUrls
from wscli.core.jsontext import Secret, written
from wscli.core.limits.allocation import allocated, connections_note, held_in_order, route_of_connection
from wscli.core.limits.requests import check_requests
from wscli.core.messages import (
    Auth,
    Command,
    Credentials,
    Event,
    Frame,
    HttpRequest,
    Kind,
    LoginResult,
    RequestContext,
    State,
    Subscribe,
)
from wscli.core.record import replace


def frames_to_send(
    dialect: Dialect,
    places: ServerUrls,
    commands: Sequence[Command],
    credentials: Credentials | None,
    context: RequestContext,
    show_note: Callable[[str], object],
    show_url: Callable[[str], object] | None = None,
    subscribed: Sequence[Subscribe] = (),
) -> Iterator[str]:
    """Yield each frame that the commands send, those of a login first.

    subscribed: what is subscribed already. show_note: is called with an HTTP request that precedes them. show_url: is called, before each frame, with the URL that it goes to.
    """
    state = State()
    by_connection = allocated(dialect, commands, held_in_order(dialect, subscribed))
    if (note := connections_note(dialect, by_connection)) is not None:
        show_note(note)
    for route, group in by_connection.items():
        url = socket_url(places, route)
        if logs_in_first(dialect, group):
            endpoint = Endpoint(url, places.http_url, "never")
            login, login_result = _login_frames(dialect, group, endpoint, credentials, context, show_note)
            for frame in login:
                if show_url is not None:
                    show_url(url)
                yield written(frame)
                state = dialect.codec.learn(state, frame)
            state = replace(state, login_result=login_result)
        frames = dialect.codec.encode([c for c in group if not isinstance(c, Auth)], state, context)
        check_requests(dialect, frames)
        for frame in frames:
            if show_url is not None:
                show_url(url)
            frame = signed_frame(dialect, frame, credentials or _hidden_credentials(), context)
            yield written(frame)
            state = dialect.codec.learn(state, frame)


def socket_url(places: ServerUrls, route: str) -> str:
    """Return the URL of a route; the first URL where the route has none of its own."""
    return places.sockets.get(route_of_connection(route), next(iter(places.sockets.values())))


def destination(url: str, *, simulated: bool) -> str:
    """Return where a frame goes, in words, without the query of the URL, which may hold a secret.

    >>> destination("wss://a.example/ws?token=1", simulated=False), destination("wss://a.example/ws", simulated=True)
    ('to wss://a.example/ws?…', 'to the simulator, in place of wss://a.example/ws')
    """
    from wscli.core.secrets import masked_url  # lazily: few ask where a frame goes

    place, query, _ = masked_url(url).partition("?")
    return f"to {'the simulator, in place of ' if simulated else ''}{place}{query and '?…'}"


def _hidden_credentials() -> Credentials:
    hidden = Secret("***")
    return Credentials(hidden, hidden)


def _login_frames(
    dialect: Dialect,
    commands: Sequence[Command],
    endpoint: Endpoint,
    credentials: Credentials | None,
    context: RequestContext,
    show_note: Callable[[str], object],
) -> tuple[list[Frame], LoginResult]:
    """Return the frames of a login whose every step is acknowledged, and the routes that it opens."""
    hidden = Secret("***")
    known = credentials or _hidden_credentials()
    steps = dialect.login.steps(known, context, endpoint)
    frames: list[Frame] = []
    fetched = False
    try:
        step = next(steps)
        while True:
            if not isinstance(step, HttpRequest):
                frames += dialect.login.frames(step, commands)
                step = steps.send(Event(Kind.ACK, {}))
            elif fetched:
                return frames, LoginResult(hidden, known.user_id)
            else:  # what follows the answer is what follows a token at hand
                show_note(f"first: {step.method} {step.url} (signed), which returns the token")
                fetched, steps = True, dialect.login.steps(replace(known, token=hidden), context, endpoint)
                step = next(steps)
    except StopIteration as done:
        return frames, done.value
