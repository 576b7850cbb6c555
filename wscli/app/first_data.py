"""The step *data* of `doctor`: subscribed to what was named, how long it takes to the first message of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wscli.app.diagnostics import CheckResult, Finding
from wscli.core.errors import WscliError
from wscli.core.messages import COUNTED_KINDS, Command, Key, ReceivedMessage, Subscribe, request_text
from wscli.session.client import Client
from wscli.session.events import Role, SessionEvents
from wscli.session.flows.set_up import set_up
from wscli.session.flows.waits import Flow, When
from wscli.session.observers.notices import silence_notices
from wscli.session.operations import partial_rejection_error

CHECK = "data"


class _FirstData(SessionEvents):
    """When the subscriptions were sent, and when the first message of each came."""

    needs_every_message = True

    def __init__(self, client: Client) -> None:
        self._clock = client.clock.monotonic
        self.at: dict[tuple[int, Key], float] = {}
        self.sent_at: float | None = None
        self.is_set_up = False

    def sent(self, connection: int, ns: int, text: str) -> None:
        if not self.is_set_up:
            self.sent_at = self._clock()

    def received(self, received: ReceivedMessage, role: Role) -> None:
        event = received.event
        if event.kind in COUNTED_KINDS and event.topic is not None:
            self.at.setdefault((received.connection, event.topic), self._clock())


def first_data_findings(client: Client, commands: Sequence[Command]) -> Iterator[Finding]:
    """Yield a finding for each subscription: the time from the request to its first message, or that none came.

    The client shows nothing; it is left open.
    """
    first = _FirstData(client)
    client.events.add(first)

    def wait_for_data() -> Flow[None]:
        """Wait until each subscription has brought something, or the time is up."""
        yield from set_up(client, commands)
        first.is_set_up = True
        deadline = client.clock.monotonic() + client.options.wait_s
        yield When(lambda: not client.silent_subscriptions(), deadline)

    try:
        client.run(wait_for_data())
    except WscliError as error:
        yield _failed_finding(client, error)
        return
    for route, connection in client.connections.items():
        for topic, active in connection.state.active.items():
            at = first.at.get((connection.number, topic))
            ms = (at - first.sent_at) * 1000 if at is not None and first.sent_at is not None else None
            yield _finding_for(client, route, active.subscribe, ms)
    if client.requests.partial_rejection is not None:
        yield _failed_finding(client, partial_rejection_error(client))


def _failed_finding(client: Client, error: WscliError) -> Finding:
    result = CheckResult(client.redactor.redact(error.message), "failed", error.hint or error.default_hint)
    return Finding(CHECK, "", None, 0.0, result, error.status)


def _finding_for(client: Client, route: str, subscribe: Subscribe, ms: float | None) -> Finding:
    if ms is not None:
        return Finding(CHECK, route, None, ms, CheckResult(f"the first message of {request_text(subscribe)}"))
    waited = client.options.wait_s
    text = f"acknowledged, but no message of {request_text(subscribe)} within {waited:g} s"
    channel = client.dialect.channel(subscribe.channel)
    if channel is None or not channel.is_frequent:
        usual = CheckResult(f"{text}: such a channel sends a message only when something happens", "odd")
        return Finding(CHECK, route, None, waited * 1000, usual)
    near = next(silence_notices(client.dialect, [subscribe]), "").partition("; ")[2]
    hint = near or client.dialect.facts.silence_note or "use a longer --wait"
    return Finding(CHECK, route, None, waited * 1000, CheckResult(text, "failed", hint), 5)
