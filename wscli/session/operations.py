"""What a user can do: stream, request, log in, send frames. Each is a flow; the `run_…` functions run it and close, whatever ends it."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from wscli.core.endings import Finished, Interrupted, PipeClosed
from wscli.core.errors import Rejected, WscliError
from wscli.core.jsontext import Json, parsed
from wscli.core.messages import Command, Event, HttpResponse, Kind, ReceivedMessage
from wscli.session.client import Client
from wscli.session.closing import close, close_after_failure
from wscli.session.events import Role
from wscli.session.flows.ask import ask, authenticate, send_text
from wscli.session.flows.waits import Flow
from wscli.session.observers.notices import rejection_error
from wscli.session.requests import AnswerDisplay

PARTIAL_HINT = "the other subscriptions were accepted: leave this one out"


def run_stream(
    client: Client, commands: Sequence[Command], context: contextlib.AbstractContextManager[None] | None = None
) -> None:
    """Stream until --count, --for, --until, a signal, or the connection is lost. context: is left before the goodbyes."""
    client.start_time_limit()
    _run_and_close(client, client.supervisor.begin_stream(commands), context, forever=True)


def run_requests(client: Client, commands: Sequence[Command], *, timed: bool = False) -> None:
    """Send, show each answer on standard output, done. timed: show the round trip. Raises Rejected when the exchange rejects it."""
    _run_and_close(client, request(client, commands, timed=timed, claims_errors=True))


def run_login(client: Client) -> None:
    """Log in, show the exchange's answer (a token masked) and the time it took."""
    _run_and_close(client, log_in_and_show(client))


def run_frames(client: Client, texts: Sequence[str], product: str | None = None, *, streaming: bool = False) -> None:
    """Send frames of the user's own, each with its answer. streaming: then stream on."""
    client.start_time_limit()
    _run_and_close(client, send_frames(client, texts, product, claims_errors=True), forever=streaming)


# --- the same as flows, for the prompt too -------------------------------------------------------


def request(
    client: Client, commands: Sequence[Command], *, timed: bool = False, claims_errors: bool = False
) -> Flow[None]:
    """Send, and show each answer. Raises Rejected when the exchange says no."""
    group = yield from ask(client, commands, AnswerDisplay.RESULT, claims_errors=claims_errors)
    if group.rejection is not None:
        raise rejection_error(client.dialect, client.redactor, group.rejection)
    if timed:
        for one in group.requests:
            client.events.notice(f"round trip {one.took_s * 1000:.2f} ms")


def log_in_and_show(client: Client) -> Flow[None]:
    """Log in, and show the exchange's answer."""
    answer, took_s = yield from authenticate(client, AnswerDisplay.RESULT)
    name = client.dialect.name
    if isinstance(answer, HttpResponse):
        text = answer.body.decode("utf-8", "replace")  # the token in it is hidden where it is shown
        event = Event(Kind.ACK, _json_or_text(text), reason="login")
        client.events.received(ReceivedMessage(event, text, client.clock.wall_ns(), 0), Role.RESULT)
    if answer is None:
        client.events.notice(f"{name}: no login request was needed: the configured token is used")
    else:
        client.events.notice(f"{name}: logged in, {took_s * 1000:.2f} ms")


def send_frames(
    client: Client, texts: Sequence[str], product: str | None = None, *, claims_errors: bool = False
) -> Flow[None]:
    """Send frames of the user's own, and show each answer. product: whose socket. Raises Rejected for a rejection."""
    for text in texts:
        answer = yield from send_text(client, text, product, claims_errors=claims_errors)
        if answer.event.kind is Kind.ERROR:
            raise rejection_error(client.dialect, client.redactor, answer)
    client.watch_silence()


def _json_or_text(text: str) -> Json:
    try:
        return parsed(text)
    except ValueError:
        return text


# --- the end -------------------------------------------------------------------------------------


def partial_rejection_error(client: Client) -> Rejected:
    """Return the first rejection of a part of what was asked for as an error."""
    received = client.requests.partial_rejection
    assert received is not None
    rejected = rejection_error(client.dialect, client.redactor, received)
    rejected.hint = rejected.hint or PARTIAL_HINT
    return rejected


def _raise_partial_rejection(client: Client) -> None:
    if client.requests.partial_rejection is not None:
        raise partial_rejection_error(client)


def _run_and_close(
    client: Client,
    flow: Flow[None],
    context: contextlib.AbstractContextManager[None] | None = None,
    *,
    forever: bool = False,
) -> None:
    """Run a flow, and leave well whatever ends it: close answered, what was under way shown, output flushed."""
    with client.signals.deferred():
        try:
            client.events.begin()
            with context or contextlib.nullcontext():
                client.run(flow, forever=forever)
            close(client, draining=False)
            _raise_partial_rejection(client)
        except Finished:
            client.events.flush()
            close(client, draining=False)
            _raise_partial_rejection(client)
            client.events.finished()
        except (Interrupted, WscliError) as error:
            close_after_failure(client)
            if isinstance(error, WscliError):
                error.message = client.redactor.redact(error.message)
                error.hint = client.redactor.redact(error.hint) if error.hint is not None else None
            raise
        except PipeClosed:
            with contextlib.suppress(PipeClosed):
                close(client, draining=False)
            raise
