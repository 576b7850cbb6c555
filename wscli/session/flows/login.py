"""How a route logs in: the steps of its dialect, over the socket or over HTTP, and what a rejection means."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from itertools import count
from typing import TypeAlias

from wscli.core.errors import Rejected, TimedOut, WscliError
from wscli.core.jsontext import parsed, secrets_in, written
from wscli.core.messages import (
    Command,
    Credentials,
    Frame,
    HttpRequest,
    HttpResponse,
    LoginResult,
    ReceivedMessage,
    RequestContext,
)
from wscli.core.record import replace
from wscli.output.json_layout import clipped, escape_controls
from wscli.session.client import Client
from wscli.session.events import Level
from wscli.session.flows.waits import Answers, Blocking, Flow
from wscli.session.observers.notices import rejection_error
from wscli.session.requests import AnswerDisplay, RequestGroup
from wscli.session.route import Route
from wscli.transport import connect as transport

LoginAnswer: TypeAlias = ReceivedMessage | HttpResponse
HttpExchange: TypeAlias = tuple[HttpRequest, HttpResponse | None, int]  # request, answer, when (ns)


def check_credentials(client: Client, route: str) -> None:
    """Raise CredentialsError, before anything is opened, where the login lacks what it needs."""
    context = RequestContext(client.clock.wall_ns(), count(1), client.clock.token)
    known, login = client.target.credentials() or Credentials(), client.dialect.login
    if login.sign is not None:
        login.sign({}, known, context)
        return
    steps = login.steps(known, context, client.target.endpoint(route))
    with contextlib.suppress(StopIteration):
        next(steps)
    steps.close()


def log_in(
    client: Client, route: Route, commands: Sequence[Command] = (), display: AnswerDisplay = AnswerDisplay.NOTE
) -> Flow[LoginAnswer | None]:
    """Log in on a route that is connected, for `commands`; return the exchange's answer.

    Raises Rejected, TimedOut, ConnectionLost, CredentialsError.
    """
    login = _Login(client, route, commands, display)
    try:
        return (yield from login.run())
    except Rejected as rejected:
        if not login.judges:
            raise
        raise login.explained(rejected) from None
    except TimedOut as late:
        from wscli.session.flows import login_rejection  # lazily: few logins are rejected

        late.hint = login_rejection.wrong_url_hint(client.dialect, login.endpoint) or late.hint
        raise
    finally:  # once a token that was obtained is known, and hidden
        login.report_http()


class _Login:
    """A login under way. judges: the dialect judges an answer just now, so that a rejection is the login's and no other request's."""

    def __init__(self, client: Client, route: Route, commands: Sequence[Command], display: AnswerDisplay) -> None:
        self.client, self.route, self.commands, self.display = client, route, commands, display
        self.endpoint = client.target.endpoint(route.name)
        self.connection = route.live()
        self.judges = False
        self._answer: LoginAnswer | None = None
        self._exchanges: list[HttpExchange] = []
        self._credentials = client.target.credentials()

    def run(self) -> Flow[LoginAnswer | None]:
        """Do what the dialect's login yields, step by step."""
        client, known = self.client, self._credentials or Credentials()
        client.redactor.add_secrets(known.key, known.secret, known.token)
        steps = client.dialect.login.steps(known, self._context(), self.endpoint)
        try:
            request = next(steps)
            while True:
                self.judges = False
                secret_part = request.headers if isinstance(request, HttpRequest) else request
                client.redactor.add_secrets(*secrets_in(secret_part))
                outcome = yield from (
                    self._over_http(request) if isinstance(request, HttpRequest) else self._over_socket(request)
                )
                self._answer, self.judges = outcome, True
                request = steps.send(outcome if isinstance(outcome, HttpResponse) else outcome.event)
        except StopIteration as done:
            login_result: LoginResult = done.value
            client.redactor.add_secrets(login_result.token)
            self.connection.set_login_result(login_result)
            return self._answer

    def _over_socket(self, frame: Frame) -> Flow[ReceivedMessage]:
        self.route.live()
        frames = self.client.dialect.login.frames(frame, self.commands)
        key = [self.connection.send_frame(one) for one in frames][-1]
        if key is None:
            raise WscliError(f"{self.client.dialect.name}: the login has no answer")
        group = RequestGroup(self.display, claims_errors=True)
        self.client.expect(self.route, key, "the login", group)
        try:
            yield Answers(group)
        finally:
            self.client.requests.drop(group)
        answer = group.requests[0].answer
        if answer is None:  # an error that names no request, while only the login is awaited
            assert group.rejection is not None
            raise rejection_error(self.client.dialect, self.client.redactor, group.rejection)
        return answer

    def _over_http(self, request: HttpRequest) -> Flow[HttpResponse]:
        client, network = self.client, self.client.target.reach
        client.events.notice(f"> {request.method} {request.url}", Level.DETAIL)
        self._exchanges.append((request, None, client.clock.wall_ns()))
        answer: HttpResponse = yield Blocking(
            lambda: transport.http_request(request, self.endpoint, network),
            lambda answer: None,
            "the login was answered",
        )
        self._exchanges[-1] = (request, answer, client.clock.wall_ns())
        self.route.live()
        return answer

    def _context(self) -> RequestContext:
        """Return the request context: by the exchange's clock, where the login holds the time and the handshake showed that ours is wrong."""
        client = self.client
        context = client.clock.request_context()
        if not client.dialect.login.has_timestamp:
            return context
        from wscli.transport.clock_skew import skew_warning

        ahead = self.connection.clock_ahead_s
        warning = skew_warning(ahead, client.dialect.name)
        if ahead is None or warning is None:
            return context
        client.events.notice(f"{warning}: the login uses the time of the exchange")
        return replace(context, now_ns=context.now_ns - round(ahead * 1e9))

    # --- what went wrong

    def explained(self, rejected: Rejected) -> Rejected:
        """Return a rejection of the login with what its code means, and what to do."""
        from wscli.session.flows import login_rejection  # lazily: few logins are rejected

        dialect, answer = self.client.dialect, self._answer
        message = login_rejection.with_code_meaning(dialect, rejected.message, answer)
        hint = self._clock_hint() or login_rejection.wrong_url_hint(dialect, self.endpoint)
        if hint is None:
            source = self._credentials.source if self._credentials is not None else "nowhere"
            over_http = isinstance(answer, HttpResponse)
            hint = rejected.hint or f"the credentials were read from {source}"
            hint += f"; {login_rejection.host_hint(dialect, self.endpoint, message, over_http=over_http)}"
        return Rejected(clipped(escape_controls(message), 400), hint)

    def _clock_hint(self) -> str | None:
        """Return that our clock is wrong, where the last answer before a rejection shows it."""
        from wscli.transport.clock_skew import skew_s, skew_warning  # lazily: few logins are rejected

        replied = [(reply, ns) for _, reply, ns in self._exchanges if reply is not None]
        ahead = skew_s(replied[-1][0].headers, replied[-1][1]) if replied else self.connection.clock_ahead_s
        return skew_warning(ahead, self.client.dialect.name)

    def report_http(self) -> None:
        """Tell the observers what went over HTTP; of a reply that should hold a token, and was not understood, no text is kept."""
        client, connection = self.client, self.connection
        for request, reply, ns in self._exchanges:
            text = reply.body.decode("utf-8", "replace") if reply is not None else ""
            if reply is not None and reply.status == 200 and connection.state.login_result is None:
                text = _with_masked_strings(text)
            client.events.http(connection.number, ns, request, reply, client.redactor.redact(text))


def _with_masked_strings(text: str) -> str:
    """Return a JSON text with *** for every text in it; nothing of what is no JSON."""
    try:
        from wscli.core.secrets import login_as_secrets  # lazily: hardly any login is misunderstood

        return written(login_as_secrets(parsed(text)))
    except ValueError:
        return "***"
