"""What is asked of an exchange on a route that is open, or is opened for it: requests, a login, frames of the user's own."""

from __future__ import annotations

from collections.abc import Sequence

from wscli.commands.parser import logs_in_first, needs_login, route_of_frame
from wscli.core.jsontext import parsed
from wscli.core.messages import Auth, Command, Kind, ReceivedMessage, Subscribe
from wscli.output.note_line import note_line
from wscli.session.client import Client
from wscli.session.events import Level
from wscli.session.flows.connect import open_route
from wscli.session.flows.login import LoginAnswer, check_credentials, log_in
from wscli.session.flows.waits import Answers, Flow
from wscli.session.observers.notices import rejection_error
from wscli.session.requests import AnswerDisplay, RequestGroup


def ask(
    client: Client,
    commands: Sequence[Command],
    display: AnswerDisplay = AnswerDisplay.NOTE,
    *,
    every: bool = False,
    claims_errors: bool = False,
) -> Flow[RequestGroup]:
    """Send commands, logged in where they need it, and return their answers. every: wait for all, whatever they say.

    Raises TimedOut, ConnectionFailed, ConnectionLost, Rejected (of a login).
    """
    by_route = client.allocate(commands)
    for route, its_commands in by_route:
        if needs_login(client.dialect, its_commands):
            check_credentials(client, route.name)
    group = RequestGroup(display, claims_errors=claims_errors)
    try:
        for route, its_commands in by_route:
            connection = yield from open_route(client, route)
            if logs_in_first(client.dialect, its_commands) and connection.state.login_result is None:
                yield from log_in(client, route, its_commands)
            client.send(route, its_commands, group)
        note_replaced_subscription(client, commands)
        yield Answers(group, every=every)
    finally:
        client.requests.drop(group)
    return group


def confirm(client: Client, commands: Sequence[Command]) -> Flow[RequestGroup]:
    """Send commands, and wait until the exchange has agreed. Raises Rejected for the first rejection, once all have been answered.

    An answer that grants a part is no rejection: what it rejects was shown, and stands in `partial` of what is returned.
    """
    group = yield from ask(client, commands, every=True)
    rejected = [one for one in group.answers if one.event.kind is Kind.ERROR and not one.event.partial]
    for answer in rejected[1:]:
        client.events.notice(f"{client.dialect.name}: {note_line(answer)}", Level.WARNING)
    if rejected:
        raise rejection_error(client.dialect, client.redactor, rejected[0])
    return group


def authenticate(client: Client, display: AnswerDisplay = AnswerDisplay.NOTE) -> Flow[tuple[LoginAnswer | None, float]]:
    """Log in; return the exchange's answer, and the seconds it took."""
    route = client.route(client.dialect.endpoints.route_of(Auth()))
    yield from open_route(client, route)
    began = client.clock.monotonic()
    answer = yield from log_in(client, route, display=display)
    return answer, client.clock.monotonic() - began


def send_text(
    client: Client, text: str, product: str | None = None, *, claims_errors: bool = False
) -> Flow[ReceivedMessage]:
    """Send a frame as it was typed; return its answer, or the first message that can be one. product: whose socket."""
    frame = parsed(text)
    request = client.dialect.codec.request_of(frame) if isinstance(frame, dict) else None
    commands = request.commands if request is not None else ()
    route = client.route(route_of_frame(client.dialect, frame, product))
    connection = yield from open_route(client, route)
    if logs_in_first(client.dialect, [c for c in commands if not isinstance(c, Auth)]):
        yield from log_in(client, route)
    connection.send_typed(text, login=any(isinstance(c, Auth) for c in commands))
    key = connection.remember_sent(frame) if isinstance(frame, dict) else None
    group = RequestGroup(AnswerDisplay.RESULT_OR_REJECTION, claims_errors=claims_errors)
    client.expect(route, key, "the frame", group)
    try:
        yield Answers(group)
    finally:
        client.requests.drop(group)
    answer = group.requests[0].answer or group.rejection
    assert answer is not None
    return answer


def note_replaced_subscription(client: Client, commands: Sequence[Command]) -> None:
    """Say so where an exchange replaces a channel at every subscribe, and more was asked for together than this."""
    for command in (c for c in commands if isinstance(c, Subscribe)):
        channel = client.dialect.channel(command.channel)
        if channel is None or not channel.replaces_previous:
            continue
        sent = [
            c
            for connection in client.connections.values()
            for request in connection.state.pending.values()
            for c in request.commands
            if isinstance(c, Subscribe) and c.channel == channel.name
        ]
        symbols = tuple(dict.fromkeys(s for c in sent for s in c.symbols))
        if sent and symbols != command.symbols:
            listed = " ".join(symbols)
            client.events.notice(
                f"{client.dialect.name} replaces {channel.name} with every request: requesting {listed} together"
            )
