"""Whatever happens to the routes of a client, in whatever order: what holds at every moment of it.

Connections are refused, lost, silent, replaced and rejected, and commands come in between, as hypothesis draws them: on a scripted network,
under a made-up clock. A failure is printed as the shortest sequence that shows it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.dialects import changed
from tests.support.scripted_client import ScriptedClient, ScriptedTransport
from wscli.core.dialect import Endpoint, Limits
from wscli.core.endings import Finished
from wscli.core.errors import ConnectionFailed, ConnectionLost, WscliError
from wscli.core.jsontext import Secret
from wscli.core.messages import Credentials, Kind, Subscribe, Unsubscribe
from wscli.exchanges import find_dialect
from wscli.session.flows.ask import confirm
from wscli.session.flows.tasks import Task
from wscli.session.flows.waits import Flow, Forever
from wscli.session.route import Route
from wscli.session.route_state import RouteState
from wscli.session.target import ReconnectPolicy

Topic = tuple[str, str]  # channel, symbol
Step = tuple[float, str, int]  # how long after the one before, what happens, to which topic or connection
BYBIT = changed(
    find_dialect("bybit", "spot-v3"),
    keepalive=None,
    limits=Limits(lifetime_s=200),
    requested_action=lambda event: event.payload.get("please") if event.kind is Kind.UNKNOWN else None,
)
KEYS = Credentials(Secret("wscli-demo-key"), Secret("wscli-test-secret-0001"))
TOPICS: list[Topic] = [("trade", "BTCUSDT"), ("trade", "ETHUSDT"), ("trade", "SOLUSDT"), ("order", "")]
LASTS_S = 90.0

FATES = ["answers"] * 4 + [
    "is silent",
    "rejects ETHUSDT",
    "rejects everything",
    "dies when asked",
    "fails",
    "is forbidden",
]
COMMANDS = ["subscribe"] * 3 + ["unsubscribe"]
TROUBLE = ["lost", "lost", "replace", "replace", "reconnect", "data"]


def steps(happenings: list[str]) -> st.SearchStrategy[Step]:
    after_s = st.sampled_from([0.0, 0.0, 0.2, 0.5, 1.0, 4.0])
    return st.tuples(after_s, st.sampled_from(happenings), st.integers(0, len(TOPICS) - 1))


def commands_of(topics: Sequence[Topic], kind: type[Any]) -> list[Any]:
    return [kind(channel, (symbol,) if symbol else ()) for channel, symbol in topics]


def topics_of(subscriptions: Sequence[Subscribe]) -> set[Topic]:
    return {(one.channel, symbol) for one in subscriptions for symbol in one.symbols or ("",)}


class Life:
    """A client that things happen to. source of the client: it makes them happen, at their time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, fates: Sequence[str], happenings: Sequence[Step]) -> None:
        self.one = ScriptedClient(
            monkeypatch,
            BYBIT,
            *(self._outcome(fate) for fate in fates),
            self._outcome("answers"),
            credentials=KEYS,
            policy=ReconnectPolicy(),
            wait_s=3.0,
        )
        self.client = self.one.client
        self.client.source = self
        self.client.end_at = LASTS_S
        self.urls: list[str] = []  # of the connections, in the order in which they were opened
        times = accumulate(after_s for after_s, _, _ in happenings)
        self._plan = [(at, what, number) for at, (_, what, number) in zip(times, happenings, strict=True)]
        self.asked: set[Topic] = set()
        self.granted: set[Topic] = set()  # and not ended since, as far as the client was told
        self.under_way: set[Topic] = set()  # what commands are about that have not ended
        self.errors: list[str] = []
        self.one.network.on_wait = self.check
        connect = self.one.network.connect

        def connect_and_note(endpoint: Endpoint, *more: Any) -> ScriptedTransport:
            opened = connect(endpoint, *more)
            self.urls.append(endpoint.url)
            return opened

        monkeypatch.setattr("wscli.transport.connect.connect", connect_and_note)

    # --- the exchange

    def _outcome(self, fate: str) -> Callable[[dict[str, Any]], Sequence[Any]] | Exception:
        if fate == "fails":
            return ConnectionFailed("no route")
        if fate == "is forbidden":
            return ConnectionFailed("HTTP 403", retryable=False)
        return lambda frame: self._answer(fate, frame)

    def _answer(self, fate: str, frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
        reply = {"op": frame["op"], "success": True, "ret_msg": "", "req_id": frame["req_id"]}
        if fate == "is silent":
            return []
        if fate == "dies when asked":
            transport = next(one for one in self.one.network.transports if one.sent and one.sent[-1] is frame)
            transport.says(lost=ConnectionLost("gone at once"))
            return []
        rejects = fate == "rejects everything" or (fate == "rejects ETHUSDT" and "trade.ETHUSDT" in frame["args"])
        if rejects and frame["op"] == "subscribe":
            reply |= {"success": False, "ret_msg": f"rejected: {' '.join(frame['args'])}"}
        return [reply]

    # --- what happens

    def connection_opened(self, connection: Any) -> None:
        pass

    def descriptors(self) -> Sequence[int]:
        return ()

    def due_s(self) -> float:
        return max(self._plan[0][0] - self.one.clock.now, 0.0) if self._plan else LASTS_S

    def step(self, ready: Sequence[int]) -> None:
        while self._plan and self._plan[0][0] <= self.one.clock.now:
            _, what, number = self._plan.pop(0)
            if what in ("subscribe", "unsubscribe"):
                self._command(what, TOPICS[number])
            else:
                self._befall(what, number)

    def _befall(self, what: str, number: int) -> None:
        up = [one for one in self.one.network.transports if not one.closed]
        if not up:
            return
        transport = up[number % len(up)]
        if what == "lost":
            transport.says(lost=ConnectionLost("the connection is gone"))
        elif what == "data":
            transport.says({"topic": "trade.BTCUSDT", "type": "snapshot", "ts": 1, "data": {"p": "1"}})
        else:
            transport.says({"please": what})

    def _command(self, what: str, topic: Topic) -> None:
        kind = Subscribe if what == "subscribe" else Unsubscribe
        if topic in self.under_way or (what == "unsubscribe" and topic not in self.granted):
            return
        self.under_way.add(topic)
        self.asked.add(topic)

        def ended(task: Task[Any]) -> None:
            self.under_way.discard(topic)
            if task.error is not None:
                self.errors.append(str(task.error))
                self.granted.discard(topic)
                return
            group = task.result()
            assert group.due_count == 0
            assert [one.answer for one in group.requests if one.answer is None] == []
            if what == "subscribe":
                self.granted.add(topic)
            else:
                self.granted.discard(topic)
                self.asked.discard(topic)

        self.client.tasks.start(confirm(self.client, commands_of([topic], kind)), ended)

    # --- what always holds

    def check(self) -> None:
        for route in self.client.routes.values():
            self.check_connections(route)
        wanted = {topic for route in self.client.routes.values() for topic in topics_of(route.wanted())}
        reported = " ".join([*self.errors, *self.one.output.err])
        for channel, symbol in self.granted - wanted:
            assert f"rejected: {channel}.{symbol}".rstrip(".") in reported, f"{channel} {symbol} was forgotten"
        assert wanted <= self.asked, "it is wanted, and nobody asked for it"

    def check_connections(self, route: Route) -> None:
        url = self.client.target.endpoint(route.name).url
        pairs = zip(self.one.network.transports, self.urls, strict=False)
        up = [one for one, its_url in pairs if its_url == url and not one.closed]
        known = [one for one in route.connections() if one.lost is None]
        most = 2 if route.state is RouteState.REPLACING else 1
        assert len(up) <= most, f"{len(up)} sockets of the {route.name} route, which is {route.state}"
        assert len(known) <= most
        if route.state in (RouteState.CLOSED, RouteState.WAITING):
            assert not known

    def check_settled(self) -> None:
        """In the end, when nothing has happened for a while and the exchange answers, nothing is stuck."""
        assert {route.state for route in self.client.routes.values()} <= {RouteState.LIVE, RouteState.CLOSED}
        assert self.under_way == set()

    def serve(self) -> None:
        """Live to the end as the prompt does: an error is reported, and what is left goes on."""
        while True:
            try:
                self.client.run(forever())
            except Finished:
                self.check_settled()
                return
            except WscliError as error:
                self.errors.append(str(error))
                self.client.forget_lost()
                self.granted.clear()  # that it ends was reported
                self.check()

    def stream(self, topics: Sequence[Topic]) -> None:
        """Live to the end as a stream does: an error is the end."""

        def flow() -> Flow[None]:
            yield from self.client.supervisor.begin_stream(commands_of(topics, Subscribe))
            self.granted |= {*topics}
            yield Forever()

        self.asked |= {*topics}
        try:
            self.client.run(flow())
        except Finished:
            self.check_settled()
        except WscliError:
            return


def forever() -> Flow[None]:
    yield Forever()


@contextlib.contextmanager
def life(fates: Sequence[str], happenings: Sequence[Step]) -> Iterator[Life]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        life = Life(monkeypatch, fates, happenings)
        yield life
        life.one.close()


any_fates = st.lists(st.sampled_from(FATES), max_size=6)


@settings(max_examples=200, derandomize=True)
@given(any_fates, st.lists(steps(COMMANDS + TROUBLE), max_size=12))
def test_at_the_prompt_no_subscription_is_forgotten_and_no_connection_is_left_over(
    fates: list[str], happenings: list[Step]
) -> None:
    with life(fates, happenings) as one:
        one.serve()


@settings(max_examples=100, derandomize=True)
@given(any_fates, st.lists(steps(TROUBLE), max_size=8), st.lists(st.sampled_from(TOPICS), min_size=1, unique=True))
def test_in_a_stream_no_subscription_is_forgotten_and_no_connection_is_left_over(
    fates: list[str], happenings: list[Step], topics: list[Topic]
) -> None:
    with life(fates, happenings) as one:
        one.stream(topics)
