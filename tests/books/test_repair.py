"""What is done about a book, and when: subscribed to again after a fault, its beginning fetched once enough changes wait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from wscli.books import repair
from wscli.books.repair import BookRepair
from wscli.books.sync import BookFault
from wscli.core.book_rules import BookRule, HttpSnapshot
from wscli.core.dialect import Endpoint
from wscli.core.errors import ConnectionFailed, ConnectionLost, TimedOut
from wscli.core.messages import Event, HttpRequest, HttpResponse, Kind, Subscribe, Unsubscribe
from wscli.session.events import Level
from wscli.session.flows.waits import Blocking
from wscli.session.requests import NEVER
from wscli.session.route_state import RouteState
from wscli.transport import connect

BOOK = Subscribe("book", ("A",), {"depth": 5})
HTTP = HttpSnapshot(
    lambda one: f"/book/{one.symbols[0]}",
    lambda payload, one: Event(Kind.SNAPSHOT, payload, one.channel) if payload != [] else None,
)


class Bench:
    """A repair, and all that is around it: the clock, the book, the route, what was sent, fetched and noticed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, rule: BookRule, http_url: str | None = "https://h") -> None:
        self.now = 100.0
        self.resets = 0
        self.outcome: Any = None  # of a fetched beginning
        self.started: list[Event] = []
        self.fetched: list[BookFault | None] = []
        self.confirmed: list[Sequence[Any]] = []
        self.refusal: Exception | None = None  # what a confirmation raises
        self.notices: list[tuple[str, Level]] = []
        self.recorded: list[tuple[Any, ...]] = []
        self.requests: list[tuple[HttpRequest, dict[str, Any]]] = []
        self.answer: HttpResponse | Exception = HttpResponse(200, {}, b'{"n":1}')
        self.flows: list[Any] = []
        self.sync = SimpleNamespace(
            rule=rule, subscribe=BOOK, ready=False, held_count=0, reset=self._reset, start_from=self._start_from
        )
        self.connection = SimpleNamespace(lost=None, number=7, state=SimpleNamespace(active={}))
        self.route = SimpleNamespace(
            name="public", state=RouteState.LIVE, connection=self.connection, live=lambda: self.connection
        )
        self.endpoint = Endpoint("wss://a.example/", http_url)
        client: Any = SimpleNamespace(
            clock=SimpleNamespace(monotonic=lambda: self.now, wall_ns=lambda: 5),
            tasks=SimpleNamespace(start=self.flows.append),
            dialect=SimpleNamespace(name="x", endpoints=SimpleNamespace(route_of=lambda one: "public")),
            route={"public": self.route}.__getitem__,
            target=SimpleNamespace(endpoint={"public": self.endpoint}.__getitem__, reach="network"),
            options=SimpleNamespace(wait_s=4.0),
            events=SimpleNamespace(
                http=lambda *about: self.recorded.append(about),
                notice=lambda text, level: self.notices.append((text, level)),
            ),
        )
        sync: Any = self.sync
        monkeypatch.setattr(repair, "confirm", self._confirm)
        monkeypatch.setattr(connect, "http_request", self._http_request)
        self.repair = BookRepair(client, sync, self.fetched.append)

    def _reset(self) -> None:
        self.resets += 1

    def _start_from(self, event: Event) -> Any:
        self.started.append(event)
        return self.outcome

    def _confirm(self, client: object, commands: Sequence[Any]) -> Iterator[None]:
        self.confirmed.append(commands)
        if self.refusal is not None:
            raise self.refusal
        yield

    def _http_request(self, request: HttpRequest, endpoint: Endpoint, network: object, **limits: Any) -> HttpResponse:
        assert (endpoint, network) == (self.endpoint, "network")
        self.requests.append((request, limits))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def finish(self) -> None:
        """Run the flow that was begun to its end."""
        (flow,) = self.flows
        self.flows.clear()
        result: Any = None
        try:
            while True:
                wait = flow.send(result)
                result = None
                if isinstance(wait, Blocking):
                    try:
                        result = wait._call()
                    except Exception as error:
                        flow.throw(error)
        except StopIteration:
            return


@pytest.fixture
def changes(monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A book that begins with a snapshot of its channel."""
    return Bench(monkeypatch, BookRule())


@pytest.fixture
def fetching(monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A book whose beginning is fetched once six changes wait for it."""
    return Bench(monkeypatch, BookRule(http_snapshot=HTTP))


# --- after a fault -------------------------------------------------------------------------------


def test_faults_in_a_row_are_waited_out_twice_as_long_each_time(changes: Bench) -> None:
    waits = []
    for _ in range(9):
        changes.repair.fault()
        assert changes.repair.resubscribe_at is not None
        waits.append(changes.repair.resubscribe_at - changes.now)

    assert waits == [0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]


@pytest.mark.parametrize(("good_messages", "wait_s"), [(0, 1.0), (199, 1.0), (200, 0.0)])
def test_after_two_hundred_good_messages_a_fault_is_the_first_again(
    changes: Bench, good_messages: int, wait_s: float
) -> None:
    changes.repair.fault()
    for _ in range(good_messages):
        changes.repair.good_message()
    changes.repair.fault()

    assert changes.repair.resubscribe_at == changes.now + wait_s


def test_good_messages_are_counted_from_the_last_fault(changes: Bench) -> None:
    for _ in range(2):
        changes.repair.fault()
        for _ in range(150):
            changes.repair.good_message()
    changes.repair.fault()

    assert changes.repair.resubscribe_at == changes.now + 2.0


@pytest.mark.parametrize("rule", [BookRule(full_snapshots=True), BookRule(http_snapshot=HTTP)])
def test_a_book_that_mends_itself_is_not_subscribed_to_again(monkeypatch: pytest.MonkeyPatch, rule: BookRule) -> None:
    bench = Bench(monkeypatch, rule)
    bench.repair.fault()

    assert bench.repair.resubscribe_at is None
    assert bench.repair.next_at() == NEVER


def active(channel: str) -> dict[str, Any]:
    return {"key": SimpleNamespace(subscribe=Subscribe(channel, ("A",)))}


RESUBSCRIBED = [
    # what is subscribed   the requests
    (active("book"),       [[Unsubscribe("book", ("A",), {"depth": 5})], [BOOK]]),
    (active("trade"),      [[BOOK]]),
    ({},                   [[BOOK]]),
]  # fmt: skip


@pytest.mark.parametrize(("subscribed", "requests"), RESUBSCRIBED)
def test_a_book_is_subscribed_to_again_once_it_is_due(
    changes: Bench, subscribed: dict[str, Any], requests: list[Sequence[Any]]
) -> None:
    changes.connection.state.active = subscribed
    changes.repair.resubscribe_at = 101.0
    changes.repair.act(100.9)
    assert (changes.flows, changes.repair.next_at()) == ([], 101.0)

    changes.repair.act(101.0)
    assert not changes.repair.is_live  # one flow at a time
    changes.finish()

    assert changes.confirmed == requests
    assert changes.resets == 1
    assert changes.repair.resubscribe_at is None
    assert changes.repair.is_live


def test_a_loss_meanwhile_has_it_subscribed_to_again_at_once(changes: Bench) -> None:
    changes.refusal = ConnectionLost("gone")
    changes.repair.resubscribe_at = 100.0
    changes.repair.act(100.0)
    changes.now = 103.0
    changes.finish()

    assert changes.repair.resubscribe_at == 103.0
    assert changes.repair.is_live


def test_a_flow_that_fails_lets_the_next_one_begin(changes: Bench) -> None:
    changes.refusal = TimedOut("no answer")
    changes.repair.resubscribe_at = 100.0
    changes.repair.act(100.0)
    with pytest.raises(TimedOut):
        changes.finish()

    assert changes.repair.is_live


@pytest.mark.parametrize("state", [state for state in RouteState if state is not RouteState.LIVE])
def test_nothing_is_done_while_the_route_is_not_live(changes: Bench, state: RouteState) -> None:
    assert changes.repair.is_live
    changes.route.state = state
    assert not changes.repair.is_live


def test_nothing_is_done_on_a_connection_that_is_gone_or_lost(changes: Bench) -> None:
    changes.connection.lost = ConnectionLost("gone")
    assert not changes.repair.is_live

    changes.route.connection = None
    assert not changes.repair.is_live


# --- a beginning over HTTP -----------------------------------------------------------------------


def test_a_book_is_looked_at_soon_after_its_first_change(fetching: Bench) -> None:
    assert fetching.repair.next_at() == NEVER
    fetching.sync.held_count = 1
    assert fetching.repair.next_at() == 100.05

    fetching.repair.act(100.0)
    assert fetching.repair.next_at() == 105.0
    fetching.repair.resubscribe_at = 102.0
    assert fetching.repair.next_at() == 102.0


DUE = [
    # changes that wait   looked at after, s   ready?   is it fetched?
    (6,                   0.0,                 False,   True),
    (5,                   0.0,                 False,   False),
    (5,                   4.9,                 False,   False),
    (5,                   5.0,                 False,   True),
    (1,                   5.0,                 False,   True),
    (0,                   5.0,                 False,   False),
    (6,                   5.0,                 True,    False),
]  # fmt: skip


@pytest.mark.parametrize(("held", "after_s", "ready", "is_fetched"), DUE)
def test_a_book_is_fetched_once_enough_changes_wait_or_after_five_seconds(
    fetching: Bench, held: int, after_s: float, ready: bool, is_fetched: bool
) -> None:
    fetching.sync.held_count, fetching.sync.ready = min(held, 1), ready
    fetching.repair.act(100.0)
    fetching.sync.held_count = held
    fetching.repair.act(100.0 + after_s)

    assert bool(fetching.flows) == is_fetched
    if is_fetched:
        assert fetching.repair.next_at() == 102.0 + after_s
        fetching.finish()
        assert fetching.requests == [
            (HttpRequest("GET", "https://h/book/A"), {"max_body_bytes": 33_554_432, "response_timeout_s": 4.0})
        ]


def test_once_a_book_has_begun_no_fetch_is_due(fetching: Bench) -> None:
    fetching.sync.held_count = 1
    fetching.repair.act(100.0)
    fetching.sync.ready, fetching.sync.held_count = True, 0
    fetching.repair.act(100.0)

    assert fetching.repair.next_at() == NEVER


def test_without_a_place_for_http_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(monkeypatch, BookRule(http_snapshot=HTTP), http_url=None)
    bench.sync.held_count = 6
    bench.repair.act(100.0)

    assert (bench.flows, bench.repair.next_at()) == ([], 102.0)


def fetched(bench: Bench) -> None:
    bench.sync.held_count = 6
    bench.repair.act(100.0)
    bench.finish()


FAULT = BookFault("gap", "a gap")
OUTCOMES = [
    # what the book made of it   what is passed on
    (None,                       [None]),
    (FAULT,                      [FAULT]),
    ("too old",                  []),
]  # fmt: skip


@pytest.mark.parametrize(("outcome", "passed_on"), OUTCOMES)
def test_what_became_of_a_fetched_beginning_is_passed_on(fetching: Bench, outcome: Any, passed_on: list[Any]) -> None:
    fetching.outcome = outcome
    fetched(fetching)

    assert fetching.started == [Event(Kind.SNAPSHOT, {"n": 1}, "book")]
    assert fetching.fetched == passed_on
    assert [(number, ns, reply.status, text) for number, ns, _, reply, text in fetching.recorded] == [
        (7, 5, 200, '{"n":1}')
    ]
    assert fetching.notices == []


FAILED = [
    # the answer                              the reason that is given
    (HttpResponse(503, {}, b'{"n":1}'),       "HTTP 503"),
    (HttpResponse(201, {}, b'{"n":1}'),       "HTTP 201"),
    (HttpResponse(200, {}, b"[]"),            "HTTP 200"),
    (HttpResponse(200, {}, b"\xff"),          "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
    (ConnectionFailed("no route"),            "no route"),
    (TimedOut("too slow"),                    "too slow"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "reason"), FAILED)
def test_a_fetch_that_brings_no_book_is_reported(
    fetching: Bench, answer: HttpResponse | Exception, reason: str
) -> None:
    fetching.answer = answer
    fetched(fetching)

    assert fetching.notices == [(f"x: no book from https://h/book/A: {reason}; trying again in 2 s", Level.WARNING)]
    assert (fetching.started, fetching.fetched) == ([], [])
    assert len(fetching.recorded) == isinstance(answer, HttpResponse)


def test_a_connection_that_is_lost_during_a_fetch_is_not_reported_again(fetching: Bench) -> None:
    def lost() -> Any:
        raise ConnectionLost("gone")

    fetching.route.live = lost
    fetched(fetching)

    assert (fetching.notices, fetching.started, fetching.recorded) == ([], [], [])
