"""How a line gets a socket and logs in on it: what blocks there does so elsewhere while other sockets are to be served."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from wscli.core.errors import Rejected, TimedOut
from wscli.core.jsontext import parsed, secrets_in, written
from wscli.core.messages import (
    Command,
    Credentials,
    HttpRequest,
    HttpResponse,
    LoginResult,
    ReceivedMessage,
    RequestContext,
)
from wscli.core.record import replace
from wscli.core.redaction import Redactor
from wscli.output.json_layout import clipped, escape_controls
from wscli.session.connection import Connection
from wscli.transport import connect
from wscli.transport.dialer import NetworkOptions, proxy_description
from wscli.transport.urls import parse_websocket_url
from wscli.transport.websocket import Transport

if TYPE_CHECKING:
    from wscli.session.client import Client

T = TypeVar("T")
LONG_URL = 40  # characters: a shorter one has no key in its path
HttpExchange: TypeAlias = tuple[
    HttpRequest, HttpResponse | None, int
]  # what was asked over HTTP, the answer, when (ns)


def open_connection(client: Client, route: str) -> Connection:
    """Return a new session of a route, not yet among the line's. Raises ConnectionFailed."""
    endpoint = client.target.endpoint(route)
    if client.options.verbose:
        from wscli.core.secrets import masked_url  # lazily, for the same

        place, query, _ = masked_url(endpoint.url).partition("?")
        way = proxy_description(parse_websocket_url(endpoint.url), endpoint, client.target.reach)
        client.output.note(f"connecting to {place}{query and '?…'}{way}")
    if client.target.reach.insecure and endpoint.url.startswith("wss:"):
        client.output.note("warning: --insecure: the certificate is not checked")
    client.reconnect.connect_limit.record_connect(client.clock.monotonic())
    reach = _reach_within_limit(client)
    hide_connection_secrets(client.veil, endpoint.url, reach)

    def open_transport() -> Transport:
        return connect.connect(endpoint, reach)

    opened = run_blocking(client, open_transport, _close_now, f"{route} was connected")
    client.connection_count += 1
    number = client.connection_count
    if client.recorder is not None:
        client.recorder.opened(client.dialect, client.clock.wall_ns(), number)

    def on_sent(text: str, ns: int) -> None:
        text = client.veil.redact(text)
        if client.recorder is not None:
            client.recorder.sent(client.dialect.name, text, ns, number)
        if client.options.verbose:
            client.output.note(f"> {text}")

    return Connection(client.dialect, opened, client.clock, on_sent, number, client.veil.add_secrets)


def hide_connection_secrets(veil: Redactor, url: str, reach: NetworkOptions) -> None:
    """Hide the secrets of a URL, of headers and of a proxy's URL, where there are any."""
    if reach.headers or reach.proxy or "?" in url or len(url) > LONG_URL:
        from wscli.core.secrets import connection_secrets  # lazily: most go to an exchange's own URL

        veil.add_secrets(*connection_secrets(url, reach.headers, reach.proxy))


def _close_now(opened: Transport) -> None:
    for _ in opened.close_and_drain(0.0):
        continue


def _reach_within_limit(client: Client) -> NetworkOptions:
    """Return how to connect; coming back may not take longer than --for lasts."""
    reach = client.target.reach
    if client.end_at is None or client.reconnect.reconnecting_route is None:
        return reach
    return replace(reach, timeout_s=min(reach.timeout_s, max(client.end_at - client.clock.monotonic(), 0.001)))


def run_blocking(client: Client, call: Callable[[], T], discard: Callable[[T], None], what: str) -> T:
    """Return what a blocking call gives. Live sockets, and what listens beside them, are served meanwhile; where there is
    nothing of the kind it is called right here. what: completes "--for was over before …".
    """
    if not client.has_other_work():
        with client.signals.raising():
            return call()
    from wscli.transport.background import BackgroundCall  # lazily: the first socket is alone

    under_way = BackgroundCall(call, discard)
    client.background_calls[under_way] = what
    try:
        client.run_until(lambda: under_way.finished)
        return under_way.result()
    finally:
        del client.background_calls[under_way]
        under_way.abandon()


def log_in(client: Client, route: str, commands: Sequence[Command] = ()) -> ReceivedMessage | HttpResponse | None:
    """Log in on a route, for `commands`; return the exchange's answer. Raises Rejected, TimedOut, CredentialsError."""
    session = client.open(route)
    credentials = client.target.credentials()
    known = credentials or Credentials()
    client.veil.add_secrets(known.key, known.secret, known.token)
    endpoint = client.target.endpoint(route)
    steps = client.dialect.login.steps(known, _request_context(client, session), endpoint)
    answer: ReceivedMessage | HttpResponse | None = None
    http_exchanges: list[HttpExchange] = []
    login_judges = (
        False  # the login judges its answer: a rejection is the login's, not that of another request meanwhile
    )
    try:
        request = next(steps)
        while True:
            login_judges = False
            client.veil.add_secrets(*secrets_in(request.headers if isinstance(request, HttpRequest) else request))
            if isinstance(request, HttpRequest):
                http_exchanges.append((request, None, client.clock.wall_ns()))
                answer = _http_reply(client, route, request)
                http_exchanges[-1] = (request, answer, client.clock.wall_ns())
                login_judges = True
                request = steps.send(answer)
            else:
                key = [session.send_frame(frame) for frame in client.dialect.login.frames(request, commands)][-1]
                answer = client.answer_to(route, key, "the login")
                login_judges = True
                request = steps.send(answer.event)
    except StopIteration as done:
        login_result: LoginResult = done.value
        client.veil.add_secrets(login_result.token)
        session.set_login_result(login_result)
        return answer
    except Rejected as refused:
        if not login_judges:
            raise
        from wscli.session import login_rejection  # lazily: few logins are refused

        message = login_rejection.with_code_meaning(client.dialect, refused.message, answer)
        source = credentials.source if credentials is not None else "nowhere"
        hint = _clock_hint(client, session, http_exchanges) or login_rejection.wrong_url_hint(client.dialect, endpoint)
        if hint is None:
            http = isinstance(answer, HttpResponse)
            hint = refused.hint or f"the credentials came from {source}"
            hint += f"; {login_rejection.host_hint(client.dialect, endpoint, message, over_http=http)}"
        raise Rejected(clipped(escape_controls(message), 400), hint) from None
    except TimedOut as late:
        from wscli.session import login_rejection

        late.hint = login_rejection.wrong_url_hint(client.dialect, endpoint) or late.hint
        raise
    finally:  # when a token that was won is known, and hidden
        for exchanged in http_exchanges:
            _record_http(client, session, *exchanged)


def _request_context(client: Client, connection: Connection) -> RequestContext:
    """Return the request context of a login: by the exchange's clock, where its login holds the time and the handshake showed that ours is wrong."""
    context = client.clock.request_context()
    if not client.dialect.login.has_timestamp:
        return context
    from wscli.transport.clock_skew import skew_warning

    ahead = connection.clock_ahead_s
    word = skew_warning(ahead, client.dialect.name)
    if ahead is None or word is None:
        return context
    client.output.note(f"{word}: the login is dated by theirs")
    return replace(context, now_ns=context.now_ns - round(ahead * 1e9))


def _clock_hint(client: Client, connection: Connection, http_exchanges: list[HttpExchange]) -> str | None:
    """Return that our clock is wrong, where the last answer before a rejection shows it."""
    from wscli.transport.clock_skew import skew_s, skew_warning  # lazily: few logins are refused

    replied = [(reply, ns) for _, reply, ns in http_exchanges if reply is not None]
    ahead = skew_s(replied[-1][0].headers, replied[-1][1]) if replied else connection.clock_ahead_s
    return skew_warning(ahead, client.dialect.name)


def _record_http(
    client: Client, connection: Connection, request: HttpRequest, reply: HttpResponse | None, ns: int
) -> None:
    """Record a step of a login; of a reply that should hold a token, and was not understood, no text is kept."""
    if client.recorder is None:
        return
    text = reply.body.decode("utf-8", "replace") if reply is not None else ""
    if reply is not None and reply.status == 200 and connection.state.login_result is None:
        text = _with_masked_strings(text)
    client.recorder.http(client.dialect.name, request, reply, client.veil.redact(text), ns, connection.number)


def _with_masked_strings(text: str) -> str:
    """Return a JSON text with *** for every text in it; nothing of what is no JSON."""
    try:
        from wscli.core.secrets import login_as_secrets  # lazily: hardly any login is misunderstood

        return written(login_as_secrets(parsed(text)))
    except ValueError:
        return "***"


def _http_reply(client: Client, route: str, request: HttpRequest) -> HttpResponse:
    if client.options.verbose:
        client.output.note(f"> {request.method} {request.url}")
    endpoint, reach = client.target.endpoint(route), client.target.reach
    return run_blocking(
        client, lambda: connect.http_request(request, endpoint, reach), lambda reply: None, "the login was answered"
    )
