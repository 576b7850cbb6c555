"""How a line gets a socket and logs in on it: what blocks there does so elsewhere while other sockets are to be served."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from wscli.core.errors import Rejected, TimedOut
from wscli.core.jsontext import parsed, secrets_in, written
from wscli.core.messages import Command, Credentials, Grant, HttpReply, HttpRequest, Received, Stamp
from wscli.core.record import replace
from wscli.core.redaction import Veil
from wscli.output.json_layout import clipped, safe
from wscli.session.connection import Session
from wscli.transport import connect as transport
from wscli.transport.dialer import Reach, way_in_words
from wscli.transport.urls import urlsplit_checked
from wscli.transport.websocket import Transport

if TYPE_CHECKING:
    from wscli.session.client import Line

T = TypeVar("T")
LONG_URL = 40  # characters: a shorter one has no key in its path
Exchanged: TypeAlias = tuple[HttpRequest, HttpReply | None, int]  # what was asked over HTTP, the answer, when (ns)


def connected(line: Line, route: str) -> Session:
    """Return a new session of a route, not yet among the line's. Raises ConnectionFailed."""
    endpoint = line.venue.endpoint(route)
    if line.wanted.verbose:
        from wscli.core.secrets import masked_url  # lazily, for the same

        place, query, _ = masked_url(endpoint.url).partition("?")
        way = way_in_words(urlsplit_checked(endpoint.url), endpoint, line.venue.reach)
        line.output.note(f"connecting to {place}{query and '?…'}{way}")
    if line.venue.reach.insecure and endpoint.url.startswith("wss:"):
        line.output.note("warning: --insecure: the certificate is not checked")
    line.comeback.pace.connected(line.clock.monotonic())
    reach = _reach(line)
    hide_way(line.veil, endpoint.url, reach)

    def connect() -> Transport:
        return transport.connect(endpoint, reach)

    opened = blocking(line, connect, _hang_up, f"{route} was connected")
    line.connections += 1
    number = line.connections
    if line.recorder is not None:
        line.recorder.opened(line.dialect, line.clock.wall_ns(), number)

    def told(text: str, ns: int) -> None:
        text = line.veil.over(text)
        if line.recorder is not None:
            line.recorder.sent(line.dialect.name, text, ns, number)
        if line.wanted.verbose:
            line.output.note(f"> {text}")

    return Session(line.dialect, opened, line.clock, told, number, line.veil.hide)


def hide_way(veil: Veil, url: str, reach: Reach) -> None:
    """Hide the secrets of a URL, of headers and of a proxy's URL, where there are any."""
    if reach.headers or reach.proxy or "?" in url or len(url) > LONG_URL:
        from wscli.core.secrets import of_way  # lazily: most go to an exchange's own URL

        veil.hide(*of_way(url, reach.headers, reach.proxy))


def _hang_up(opened: Transport) -> None:
    for _ in opened.leave(0.0):
        continue


def _reach(line: Line) -> Reach:
    """Return how to connect; coming back may not take longer than --for lasts."""
    reach = line.venue.reach
    if line.ends is None or line.comeback.returning is None:
        return reach
    return replace(reach, timeout_s=min(reach.timeout_s, max(line.ends - line.clock.monotonic(), 0.001)))


def blocking(line: Line, call: Callable[[], T], unwanted: Callable[[T], None], what: str) -> T:
    """Return what a blocking call gives. Live sockets, and what listens beside them, are served meanwhile; where there is
    nothing of the kind it is called right here. what: completes "--for was over before …".
    """
    if not line.has_company():
        with line.signals.raising():
            return call()
    from wscli.transport.background import Dialling  # lazily: the first socket is alone

    under_way = Dialling(call, unwanted)
    line.dialling[under_way] = what
    try:
        line.until(lambda: under_way.over)
        return under_way.result()
    finally:
        del line.dialling[under_way]
        under_way.leave()


def log_in(line: Line, route: str, commands: Sequence[Command] = ()) -> Received | HttpReply | None:
    """Log in on a route, for `commands`; return the venue's answer. Raises Rejected, TimedOut, CredentialsError."""
    session = line.open(route)
    credentials = line.venue.credentials()
    known = credentials or Credentials()
    line.veil.hide(known.key, known.secret, known.token)
    endpoint = line.venue.endpoint(route)
    steps = line.dialect.login(known, _stamp(line, session), endpoint)
    answer: Received | HttpReply | None = None
    over_http: list[Exchanged] = []
    judging = False  # the login judges its answer: a rejection is the login's, not that of another request meanwhile
    try:
        said = next(steps)
        while True:
            judging = False
            line.veil.hide(*secrets_in(said.headers if isinstance(said, HttpRequest) else said))
            if isinstance(said, HttpRequest):
                over_http.append((said, None, line.clock.wall_ns()))
                answer = _asked(line, route, said)
                over_http[-1] = (said, answer, line.clock.wall_ns())
                judging = True
                said = steps.send(answer)
            else:
                key = [session.send(wire) for wire in line.dialect.login_with(said, commands)][-1]
                answer = line.answer_to(route, key, "the login")
                judging = True
                said = steps.send(answer.event)
    except StopIteration as done:
        grant: Grant = done.value
        line.veil.hide(grant.token)
        session.granted(grant)
        return answer
    except Rejected as refused:
        if not judging:
            raise
        from wscli.session import login_rejection  # lazily: few logins are refused

        message = login_rejection.explained(line.dialect, refused.message, answer)
        source = credentials.source if credentials is not None else "nowhere"
        hint = _word_of_clocks(line, session, over_http) or login_rejection.misplaced(line.dialect, endpoint)
        if hint is None:
            http = isinstance(answer, HttpReply)
            hint = refused.hint or f"the credentials came from {source}"
            hint += f"; {login_rejection.asked(line.dialect, endpoint, message, over_http=http)}"
        raise Rejected(clipped(safe(message), 400), hint) from None
    except TimedOut as late:
        from wscli.session import login_rejection

        late.hint = login_rejection.misplaced(line.dialect, endpoint) or late.hint
        raise
    finally:  # when a token that was won is known, and hidden
        for exchanged in over_http:
            _recorded(line, session, *exchanged)


def _stamp(line: Line, session: Session) -> Stamp:
    """Return the stamp of a login: by the venue's clock, where its login holds the time and the handshake told that ours is wrong."""
    stamp = line.clock.stamp()
    if not line.dialect.dated:
        return stamp
    from wscli.transport.clock_skew import told_of

    ahead = session.ahead_s
    word = told_of(ahead, line.dialect.name)
    if ahead is None or word is None:
        return stamp
    line.output.note(f"{word}: the login is dated by theirs")
    return replace(stamp, now_ns=stamp.now_ns - round(ahead * 1e9))


def _word_of_clocks(line: Line, session: Session, over_http: list[Exchanged]) -> str | None:
    """Return that our clock is wrong, where the last answer before a refusal tells so."""
    from wscli.transport.clock_skew import ahead_s, told_of  # lazily: few logins are refused

    replied = [(reply, ns) for _, reply, ns in over_http if reply is not None]
    ahead = ahead_s(replied[-1][0].headers, replied[-1][1]) if replied else session.ahead_s
    return told_of(ahead, line.dialect.name)


def _recorded(line: Line, session: Session, request: HttpRequest, reply: HttpReply | None, ns: int) -> None:
    """Record a step of a login; of a reply that should hold a token, and was not understood, no text is kept."""
    if line.recorder is None:
        return
    text = reply.body.decode("utf-8", "replace") if reply is not None else ""
    if reply is not None and reply.status == 200 and session.state.grant is None:
        text = _without_texts(text)
    line.recorder.http(line.dialect.name, request, reply, line.veil.over(text), ns, session.connection)


def _without_texts(text: str) -> str:
    """Return a JSON text with *** for every text in it; nothing of what is no JSON."""
    try:
        from wscli.core.secrets import veiled  # lazily: hardly any login is misunderstood

        return written(veiled(parsed(text)))
    except ValueError:
        return "***"


def _asked(line: Line, route: str, request: HttpRequest) -> HttpReply:
    if line.wanted.verbose:
        line.output.note(f"> {request.method} {request.url}")
    endpoint, reach = line.venue.endpoint(route), line.venue.reach
    return blocking(
        line, lambda: transport.http(request, endpoint, reach), lambda reply: None, "the login was answered"
    )
