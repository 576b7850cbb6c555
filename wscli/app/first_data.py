"""The step *data* of `doctor`: subscribed to what was named, how long it takes to the first message of each."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from wscli.app.diagnostics import Finding, Said
from wscli.core.errors import WscliError
from wscli.core.messages import COUNTED, Command, Key, Received, Subscribe
from wscli.output.explain import words
from wscli.output.sink import Finished
from wscli.session.client import Line
from wscli.session.notices import of_silent

CHECK = "data"


def findings(line: Line, commands: Sequence[Command]) -> Iterator[Finding]:
    """Yield a finding for each subscription: the time from the request to its first message, or that none came.

    The line shows nothing; it is left open.
    """
    clock, first = line.clock.monotonic, dict[tuple[int, Key], float]()

    def hear(received: Received) -> None:
        event = received.event
        if event.kind in COUNTED and event.topic is not None:
            first.setdefault((received.connection, event.topic), clock())

    line.streaming, line.witness = False, hear
    try:
        line.say(commands)
        began = clock()
        line.settle()
        line.ends = clock() + line.wanted.wait_s
        with contextlib.suppress(Finished):  # the time is up
            line.until(lambda: not any(session.silent() for session in line.sessions.values()))
    except WscliError as error:
        yield _failed(line, error)
        return
    for route, session in line.sessions.items():
        for topic, active in session.state.active.items():
            at = first.get((session.connection, topic))
            ms = (at - began) * 1000 if at is not None else None
            yield _found(line, route, active.subscribe, ms)
    if line.partly is not None:
        yield _failed(line, line.partly)


def _failed(line: Line, error: WscliError) -> Finding:
    said = Said(line.veil.over(error.message), "failed", error.hint or error.otherwise)
    return Finding(CHECK, "", None, 0.0, said, error.status)


def _found(line: Line, route: str, subscribe: Subscribe, ms: float | None) -> Finding:
    if ms is not None:
        return Finding(CHECK, route, None, ms, Said(f"the first message of {words(subscribe)}"))
    waited = line.wanted.wait_s
    told = f"acknowledged, and no message of {words(subscribe)} within {waited:g} s"
    channel = line.dialect.channel(subscribe.channel)
    if channel is None or not channel.busy:
        usual = Said(f"{told}: such a channel speaks when something happens", "odd")
        return Finding(CHECK, route, None, waited * 1000, usual)
    near = next(of_silent(line.dialect, [subscribe]), "").partition("; ")[2]
    hint = near or line.dialect.silence or "--wait gives it longer"
    return Finding(CHECK, route, None, waited * 1000, Said(told, "failed", hint), 5)
