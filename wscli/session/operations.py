"""What a person can ask: stream, ask, log in, send, rehearse. Each runs a Line and leaves well, whatever ends it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence

from wscli.core.errors import Rejected, WscliError
from wscli.core.jsontext import Json, parsed
from wscli.core.messages import Auth, Command, Event, HttpReply, Kind, Received
from wscli.output.signals import Interrupted, PipeClosed
from wscli.output.sink import Finished
from wscli.session.client import Line
from wscli.session.notices import refusal


def stream(
    line: Line, commands: Sequence[Command], within: contextlib.AbstractContextManager[None] | None = None
) -> None:
    """Stream until --count, --for, --until, a signal, or the connection is lost. within: is left before the goodbyes."""

    def run() -> None:
        line.output.data(line.view.head())
        line.limit_time()
        with within or contextlib.nullcontext():
            line.comeback.start(commands)
            line.listen()

    _running(line, run)


def ask(line: Line, commands: Sequence[Command], *, timed: bool = False) -> None:
    """Send, show each answer on standard output, done. timed: tell the round trip. Raises Rejected when the venue says no."""

    def run() -> None:
        line.output.data(line.view.head())
        asked(line, commands, timed=timed)

    _running(line, run)


def log_in(line: Line) -> None:
    """Log in, show the venue's answer (a token masked) and the time it took."""
    _running(line, lambda: logged_in(line))


def send(line: Line, texts: Sequence[str], product: str | None = None) -> None:
    """Send frames of the user's own, each with its answer; stream on if --count, --for or --until was said."""
    streaming = line.wanted.count is not None or line.wanted.for_s is not None or bool(line.wanted.until)

    def run() -> None:
        line.streaming = streaming
        line.output.data(line.view.head())
        line.limit_time()
        sent(line, texts, product)
        if streaming:
            line.settle()
            line.listen()

    _running(line, run)


# --- the same on a line that is open, for the prompt too -----------------------------------------


@contextlib.contextmanager
def answering(line: Line, *, sending: bool = False) -> Iterator[None]:
    """Within it answers are what was asked for: they are shown as data. sending: refusals too."""
    before = line.answering, line.sending
    line.answering, line.sending = True, sending
    try:
        yield
    finally:
        line.answering, line.sending = before


def asked(line: Line, commands: Sequence[Command], *, timed: bool = False) -> None:
    """Send, and show each answer. Raises Rejected when the venue says no."""
    with answering(line):
        for route, key in line.say(commands):
            answer = line.answer(route, key)
            if answer.event.kind is Kind.ERROR:
                raise refusal(line.dialect, line.veil, answer)
            if timed:
                line.output.note(f"round trip {line.took[route, key] * 1000:.2f} ms")


def told_yes(line: Line, commands: Sequence[Command]) -> None:
    """Send, and wait until the venue has agreed. Raises Rejected for the first no, once all have been answered.

    What grants a part is no refusal: what it rejects has been reported, and stands in `partly`.
    """
    refused: list[Rejected] = []
    for route, key in line.say(commands):
        answer = line.answer(route, key)
        if answer.event.kind is Kind.ERROR and not answer.event.partial:
            refused.append(refusal(line.dialect, line.veil, answer))
    if refused:
        raise refused[0]


def logged_in(line: Line) -> None:
    """Log in, and show the venue's answer."""
    with answering(line):
        route = line.dialect.route(Auth())
        line.open(route)
        began = line.clock.monotonic()
        answer = line.log_in(route)
        took = line.clock.monotonic() - began
        if isinstance(answer, HttpReply):
            text = answer.body.decode("utf-8", "replace")  # the token in it is hidden where it is shown
            event = Event(Kind.ACK, _json_or_text(text), reason="login")
            line.answered(Received(event, text, line.clock.wall_ns(), 0))
        if answer is None:
            line.output.note(f"{line.dialect.name}: nothing was asked: the token is used as it was given")
            return
        line.output.note(f"{line.dialect.name}: logged in, {took * 1000:.2f} ms")


def sent(line: Line, texts: Sequence[str], product: str | None = None) -> None:
    """Send frames of a person's own, and show each answer. product: whose socket. Raises Rejected for a rejection."""
    with answering(line, sending=True):
        for text in texts:
            answer = line.send_text(text, product)
            if answer.event.kind is Kind.ERROR:
                raise refusal(line.dialect, line.veil, answer)


def _json_or_text(text: str) -> Json:
    try:
        return parsed(text)
    except ValueError:
        return text


def _check_granted(line: Line) -> None:
    """Raise Rejected where a part of what was asked for was rejected."""
    if line.partly is not None:
        raise line.partly


def _running(line: Line, run: Callable[[], None]) -> None:
    """Run, and leave well whatever ends it: close answered, what was under way shown, output flushed."""
    with line.signals.noted():
        try:
            run()
            line.close(draining=False)
            _check_granted(line)
        except Finished:
            line.output.flush()
            line.close(draining=False)
            _check_granted(line)
            line.screen.check_met(line.dialect.name)
        except (Interrupted, WscliError) as error:
            line.leave()
            if isinstance(error, WscliError):
                error.message = line.veil.over(error.message)
                error.hint = line.veil.over(error.hint) if error.hint is not None else None
            raise
        except PipeClosed:
            line.streaming = False
            with contextlib.suppress(PipeClosed):
                line.close(draining=False)
            raise
