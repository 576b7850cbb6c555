"""A flow that a test moves from wait to wait: it sends the outcomes itself, and no loop runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.support.dialects import changed
from tests.support.scripted_client import ScriptedClient, ScriptedTransport
from wscli.core.errors import ConnectionLost
from wscli.core.jsontext import Secret
from wscli.core.messages import Credentials, Event, Kind, ReceivedMessage, Subscribe
from wscli.exchanges import find_dialect
from wscli.session.connection import Connection
from wscli.session.flows.connect import open_route
from wscli.session.flows.waits import Blocking, Flow, Until, Wait
from wscli.session.route import Absence, Route
from wscli.session.route_state import Happening

BYBIT = changed(find_dialect("bybit", "spot-v3"), keepalive=None)
KEYS = Credentials(Secret("wscli-demo-key"), Secret("wscli-test-secret-0001"), source="config.toml [bybit]")


class ByHand:
    """A flow under way. wait: what it waits for; None once it has ended, with `result` or `error`."""

    def __init__(self, one: ScriptedClient, flow: Flow[Any]) -> None:
        self.one, self.flow = one, flow
        self.wait: Wait | None = None
        self.result: Any = None
        self.error: Exception | None = None
        self._go(lambda: next(flow))

    def _go(self, step: Any) -> None:
        self.wait = None
        try:
            self.wait = step()
        except StopIteration as done:
            self.result = done.value
        except Exception as error:
            self.error = error

    @property
    def waits_for(self) -> str | None:
        """What completes "--for was over before …"; the name of the wait where that is no failure."""
        return self.wait and (self.wait.due_text() or type(self.wait).__name__)

    def give(self, outcome: object = None) -> None:
        """Resume it with an outcome."""
        self._go(lambda: self.flow.send(outcome))

    def fail(self, error: Exception) -> None:
        """Resume it with an error."""
        self._go(lambda: self.flow.throw(error))

    def go_on(self) -> None:
        """Resume it with what its wait has brought: that must be over."""
        assert self.wait is not None
        assert self.wait.is_over(self.one.clock.now), f"it still waits: {self.waits_for}"
        try:
            outcome = self.wait.outcome()
        except Exception as error:
            self.fail(error)
        else:
            self.give(outcome)

    def is_over(self) -> bool:
        return self.wait is not None and self.wait.is_over(self.one.clock.now)

    def connected(self) -> ScriptedTransport:
        """Give it the connection that it waits for; the exchange says what the test says."""
        transport = ScriptedTransport(self.one.clock, lambda frame: (), len(self.one.network.transports) + 1)
        self.one.network.transports.append(transport)
        self.give(transport)
        return transport


def client_by_hand(monkeypatch: pytest.MonkeyPatch, dialect: Any = BYBIT, **options: Any) -> ScriptedClient:
    """Return a client whose loop does not run."""
    return ScriptedClient(monkeypatch, dialect, credentials=options.pop("credentials", KEYS), **options)


def opened(one: ScriptedClient, name: str = "public") -> tuple[Route, ScriptedTransport]:
    """Return a route that is live, and its connection as the exchange has it."""
    flow = ByHand(one, open_route(one.client, one.client.route(name)))
    assert isinstance(flow.wait, Blocking)
    transport = flow.connected()
    assert flow.error is None
    return one.client.route(name), transport


def say(one: ScriptedClient, route: Route, *messages: dict[str, Any], connection: Connection | None = None) -> None:
    """Have the exchange say something on a route, and the answers in it settled."""
    connection = connection or route.live()
    transport: Any = connection._transport
    transport.says(*messages)
    for received in connection.read_messages():
        one.client.requests.received(route.name, received, one.clock.now)


def lose(one: ScriptedClient, route: Route, cause: ConnectionLost) -> None:
    """Have the connection of a route lost, as the loop does where it finds one."""
    route.live().lost = cause
    one.client.requests.forget(route.name, cause)


def away(one: ScriptedClient, route: Route, *subscriptions: Subscribe, logged_in: bool = False) -> Absence:
    """Have a route wait for its next attempt to come back, at 30 s."""
    absence = Absence(one.clock.now, ConnectionLost("gone"), subscriptions, logged_in, Until(30.0))
    route.connection, route.absence = None, absence
    route.enter(Happening.LOST)
    return absence


def yes(frame: dict[str, Any]) -> dict[str, Any]:
    """Return Bybit's acknowledgement of a frame."""
    return {"op": frame["op"], "success": True, "ret_msg": "", "req_id": frame["req_id"]}


def no(frame: dict[str, Any], words: str = "unknown topic") -> dict[str, Any]:
    """Return Bybit's rejection of a frame."""
    return {**yes(frame), "success": False, "ret_msg": words}


def reject_unnamed(one: ScriptedClient, route: Route, words: str = "unknown topic") -> None:
    """Have the exchange send an error that names no request."""
    event = Event(Kind.ERROR, {}, reason=words)
    one.client.requests.received(route.name, ReceivedMessage(event, "{}", 5, 1), one.clock.now)


def topics(transport: ScriptedTransport) -> Sequence[tuple[str, ...]]:
    """Return what each frame on a connection was about."""
    return [(frame["op"], *(frame["args"] if frame["op"] != "auth" else ())) for frame in transport.sent]
