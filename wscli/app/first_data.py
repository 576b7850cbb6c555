"""The step *data* of `doctor`: subscribed to what was named, how long it takes to the first message of each."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from wscli.app.diagnostics import CheckResult, Finding
from wscli.core.endings import Finished
from wscli.core.errors import WscliError
from wscli.core.messages import COUNTED_KINDS, Command, Key, ReceivedMessage, Subscribe, request_text
from wscli.session.client import Client
from wscli.session.notices import silence_notices

CHECK = "data"


def first_data_findings(client: Client, commands: Sequence[Command]) -> Iterator[Finding]:
    """Yield a finding for each subscription: the time from the request to its first message, or that none came.

    The line shows nothing; it is left open.
    """
    clock, first = client.clock.monotonic, dict[tuple[int, Key], float]()

    def hear(received: ReceivedMessage) -> None:
        event = received.event
        if event.kind in COUNTED_KINDS and event.topic is not None:
            first.setdefault((received.connection, event.topic), clock())

    client.streaming, client.observer = False, hear
    try:
        client.send_commands(commands)
        began = clock()
        client.wait_for_answers()
        client.end_at = clock() + client.options.wait_s
        with contextlib.suppress(Finished):  # the time is up
            client.run_until(lambda: not any(session.silent_subscriptions() for session in client.connections.values()))
    except WscliError as error:
        yield _failed_finding(client, error)
        return
    for route, session in client.connections.items():
        for topic, active in session.state.active.items():
            at = first.get((session.number, topic))
            ms = (at - began) * 1000 if at is not None else None
            yield _finding_for(client, route, active.subscribe, ms)
    if client.partial_rejection is not None:
        yield _failed_finding(client, client.partial_rejection)


def _failed_finding(client: Client, error: WscliError) -> Finding:
    result = CheckResult(client.veil.redact(error.message), "failed", error.hint or error.default_hint)
    return Finding(CHECK, "", None, 0.0, result, error.status)


def _finding_for(client: Client, route: str, subscribe: Subscribe, ms: float | None) -> Finding:
    if ms is not None:
        return Finding(CHECK, route, None, ms, CheckResult(f"the first message of {request_text(subscribe)}"))
    waited = client.options.wait_s
    text = f"acknowledged, and no message of {request_text(subscribe)} within {waited:g} s"
    channel = client.dialect.channel(subscribe.channel)
    if channel is None or not channel.is_frequent:
        usual = CheckResult(f"{text}: such a channel speaks when something happens", "odd")
        return Finding(CHECK, route, None, waited * 1000, usual)
    near = next(silence_notices(client.dialect, [subscribe]), "").partition("; ")[2]
    hint = near or client.dialect.facts.silence_note or "--wait gives it longer"
    return Finding(CHECK, route, None, waited * 1000, CheckResult(text, "failed", hint), 5)
