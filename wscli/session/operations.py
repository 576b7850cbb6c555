"""What a user can do: stream, query, log in, send, rehearse. Each runs a Client and closes it, whatever ends it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence

from wscli.core.endings import Finished, Interrupted, PipeClosed
from wscli.core.errors import Rejected, WscliError
from wscli.core.jsontext import Json, parsed
from wscli.core.messages import Auth, Command, Event, HttpResponse, Kind, ReceivedMessage
from wscli.session.client import Client
from wscli.session.notices import rejection_error


def run_stream(
    client: Client, commands: Sequence[Command], context: contextlib.AbstractContextManager[None] | None = None
) -> None:
    """Stream until --count, --for, --until, a signal, or the connection is lost. context: is left before the goodbyes."""

    def run() -> None:
        client.output.write_text(client.format.header())
        client.start_time_limit()
        with context or contextlib.nullcontext():
            client.reconnect.start(commands)
            client.listen()

    _run_and_close(client, run)


def run_requests(client: Client, commands: Sequence[Command], *, timed: bool = False) -> None:
    """Send, show each answer on standard output, done. timed: show the round trip. Raises Rejected when the exchange rejects it."""

    def run() -> None:
        client.output.write_text(client.format.header())
        send_requests(client, commands, timed=timed)

    _run_and_close(client, run)


def run_login(client: Client) -> None:
    """Log in, show the exchange's answer (a token masked) and the time it took."""
    _run_and_close(client, lambda: log_in_and_show(client))


def run_frames(client: Client, texts: Sequence[str], product: str | None = None) -> None:
    """Send frames of the user's own, each with its answer; stream on if --count, --for or --until was given."""
    streaming = client.options.count is not None or client.options.for_s is not None or bool(client.options.until)

    def run() -> None:
        client.streaming = streaming
        client.output.write_text(client.format.header())
        client.start_time_limit()
        send_frames(client, texts, product)
        if streaming:
            client.wait_for_answers()
            client.listen()

    _run_and_close(client, run)


# --- the same on a line that is open, for the prompt too -----------------------------------------


@contextlib.contextmanager
def showing_answers(client: Client, *, rejections_too: bool = False) -> Iterator[None]:
    """Within it answers are what was asked for: they are shown as data. rejections_too: refusals too."""
    before = client.shows_answers, client.shows_rejections
    client.shows_answers, client.shows_rejections = True, rejections_too
    try:
        yield
    finally:
        client.shows_answers, client.shows_rejections = before


def send_requests(client: Client, commands: Sequence[Command], *, timed: bool = False) -> None:
    """Send, and show each answer. Raises Rejected when the exchange says no."""
    with showing_answers(client):
        for route, key in client.send_commands(commands):
            answer = client.wait_for_answer(route, key)
            if answer.event.kind is Kind.ERROR:
                raise rejection_error(client.dialect, client.veil, answer)
            if timed:
                client.output.note(f"round trip {client.round_trips_s[route, key] * 1000:.2f} ms")


def send_and_confirm(client: Client, commands: Sequence[Command]) -> None:
    """Send, and wait until the exchange has agreed. Raises Rejected for the first rejection, once all have been answered.

    An answer that grants a part is no rejection: what it rejects was reported, and stands in `client.partial_rejection`.
    """
    refused: list[Rejected] = []
    for route, key in client.send_commands(commands):
        answer = client.wait_for_answer(route, key)
        if answer.event.kind is Kind.ERROR and not answer.event.partial:
            refused.append(rejection_error(client.dialect, client.veil, answer))
    if refused:
        raise refused[0]


def log_in_and_show(client: Client) -> None:
    """Log in, and show the exchange's answer."""
    with showing_answers(client):
        route = client.dialect.endpoints.route_of(Auth())
        client.open(route)
        began = client.clock.monotonic()
        answer = client.log_in(route)
        took = client.clock.monotonic() - began
        if isinstance(answer, HttpResponse):
            text = answer.body.decode("utf-8", "replace")  # the token in it is hidden where it is shown
            event = Event(Kind.ACK, _json_or_text(text), reason="login")
            client.show_answer(ReceivedMessage(event, text, client.clock.wall_ns(), 0))
        if answer is None:
            client.output.note(f"{client.dialect.name}: nothing was asked: the token is used as it was given")
            return
        client.output.note(f"{client.dialect.name}: logged in, {took * 1000:.2f} ms")


def send_frames(client: Client, texts: Sequence[str], product: str | None = None) -> None:
    """Send frames of the user's own, and show each answer. product: whose socket. Raises Rejected for a rejection."""
    with showing_answers(client, rejections_too=True):
        for text in texts:
            answer = client.send_text(text, product)
            if answer.event.kind is Kind.ERROR:
                raise rejection_error(client.dialect, client.veil, answer)


def _json_or_text(text: str) -> Json:
    try:
        return parsed(text)
    except ValueError:
        return text


def _raise_partial_rejection(client: Client) -> None:
    """Raise Rejected where a part of what was asked for was rejected."""
    if client.partial_rejection is not None:
        raise client.partial_rejection


def _run_and_close(client: Client, run: Callable[[], None]) -> None:
    """Run, and leave well whatever ends it: close answered, what was under way shown, output flushed."""
    with client.signals.deferred():
        try:
            run()
            client.close(draining=False)
            _raise_partial_rejection(client)
        except Finished:
            client.output.flush()
            client.close(draining=False)
            _raise_partial_rejection(client)
            client.sink.check_satisfied(client.dialect.name)
        except (Interrupted, WscliError) as error:
            client.close_after_failure()
            if isinstance(error, WscliError):
                error.message = client.veil.redact(error.message)
                error.hint = client.veil.redact(error.hint) if error.hint is not None else None
            raise
        except PipeClosed:
            client.streaming = False
            with contextlib.suppress(PipeClosed):
                client.close(draining=False)
            raise
