"""How a route gets its connection."""

from __future__ import annotations

from wscli.commands.parser import signed_frame
from wscli.core.dialect import Endpoint
from wscli.core.jsontext import secrets_in
from wscli.core.messages import Frame
from wscli.core.redaction import Redactor
from wscli.session.client import Client
from wscli.session.connection import Connection
from wscli.session.events import Level
from wscli.session.flows.waits import Blocking, Flow, When
from wscli.session.route import Route
from wscli.session.route_state import Happening, RouteState
from wscli.transport import connect as transport
from wscli.transport.dialer import NetworkOptions, proxy_description
from wscli.transport.urls import parse_websocket_url
from wscli.transport.websocket import Transport

LONG_URL = 40  # characters: a shorter one has no key in its path


def connect(client: Client, route: Route) -> Flow[Connection]:
    """Return a new connection of a route, which does not serve it yet. Raises ConnectionFailed."""
    endpoint, network = client.target.endpoint(route.name), client.target.reach
    if client.events.wants_details:
        _announce(client, endpoint)
    if network.insecure and endpoint.url.startswith("wss:"):
        client.events.notice("warning: --insecure: the certificate is not verified")
    client.supervisor.connecting()
    hide_connection_secrets(client.redactor, endpoint.url, network)
    opened = yield Blocking(lambda: transport.connect(endpoint, network), _close_now, f"{route.name} was connected")
    number = next(client.connection_numbers)
    client.events.opened(number, client.clock.wall_ns())

    def on_sent(text: str, ns: int) -> None:
        client.events.sent(number, ns, client.redactor.redact(text))

    def signed(frame: Frame) -> Frame:
        frame = signed_frame(client.dialect, frame, client.target.credentials(), client.clock.request_context())
        client.redactor.add_secrets(*secrets_in(frame))
        return frame

    signer = signed if client.dialect.login.sign is not None else None
    return Connection(client.dialect, opened, client.clock, on_sent, number, client.redactor.add_secrets, signer)


def open_route(client: Client, route: Route) -> Flow[Connection]:
    """Return the connection of a route, connected where it has none yet. Raises ConnectionFailed, ConnectionLost.

    A route that waits for its next attempt to come back makes it now. One that is being set up or replaced is waited for: what is asked
    of a new connection would be lost with it.
    """
    attempted = False
    while True:
        if _is_usable(route):
            return route.live()
        if route.state is RouteState.CLOSED:
            yield from connect_route(client, route)
            route.enter(Happening.READY)
        elif route.state is RouteState.WAITING:
            if attempted:
                return route.live()  # which says why there is none
            attempted = True
            client.supervisor.attempt_now(route)
            yield When(lambda: route.state is not RouteState.WAITING)
        else:  # the loop, or another flow, is about to change it
            yield When(lambda: _is_usable(route) or route.state in (RouteState.CLOSED, RouteState.WAITING))


def _is_usable(route: Route) -> bool:
    """Return whether a connection serves a route, and goes on to: also while the one that replaces it is only being connected."""
    serves = route.state is RouteState.LIVE or (route.state is RouteState.REPLACING and route.overlap is None)
    return serves and route.connection is not None and route.connection.lost is None


def connect_route(client: Client, route: Route) -> Flow[None]:
    """Connect a route that has no connection; it is still to be logged in, or subscribed. Raises ConnectionFailed."""
    route.enter(Happening.CONNECT)
    try:
        connection = yield from connect(client, route)
    except BaseException:
        if route.absence is None:
            route.enter(Happening.CLOSE)
        raise
    client.adopt(route, connection)


def _announce(client: Client, endpoint: Endpoint) -> None:
    from wscli.core.secrets import masked_url  # lazily: for --verbose only

    place, query, _ = masked_url(endpoint.url).partition("?")
    way = proxy_description(parse_websocket_url(endpoint.url), endpoint, client.target.reach)
    client.events.notice(f"connecting to {place}{query and '?…'}{way}", Level.DETAIL)


def hide_connection_secrets(redactor: Redactor, url: str, network: NetworkOptions) -> None:
    """Hide the secrets of a URL, of headers and of a proxy's URL, where there are any."""
    if network.headers or network.proxy or "?" in url or len(url) > LONG_URL:
        from wscli.core.secrets import connection_secrets  # lazily: most go to an exchange's own URL

        redactor.add_secrets(*connection_secrets(url, network.headers, network.proxy))


def _close_now(opened: Transport) -> None:
    for _ in opened.close_and_drain(0.0):
        continue
