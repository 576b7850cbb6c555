"""A client without a network: connections that a script answers, a clock that only waiting moves, output that is kept."""

from __future__ import annotations

import json
import select
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from tests.support import traces
from tests.support.traces import Trace
from wscli.core.dialect import Dialect, Endpoint, ServerUrls
from wscli.core.errors import ConnectionLost
from wscli.core.jsontext import parsed
from wscli.core.messages import Command, Credentials, HttpRequest, HttpResponse
from wscli.output.formats import make_format
from wscli.output.sink import StreamOptions
from wscli.output.stdout import Output
from wscli.session.connection import Clock, Connection
from wscli.session.flows.ask import ask
from wscli.session.flows.connect import open_route
from wscli.session.flows.login import log_in
from wscli.session.flows.set_up import set_up
from wscli.session.flows.tasks import Task
from wscli.session.flows.waits import Flow, Forever, Wait, When
from wscli.session.observed import ObservedClient
from wscli.session.route_state import RouteState
from wscli.session.target import ReconnectPolicy, Target
from wscli.transport import connect
from wscli.transport.background import BackgroundCall
from wscli.transport.dialer import NetworkOptions
from wscli.transport.signals import Signals
from wscli.transport.websocket import Batch

START_NS = 1_700_000_000_000_000_000
REALLY_SELECT = select.select
LONGEST_S = 20_000.0  # of what a test tells: after that nobody comes any more
Answers = Callable[[dict[str, Any]], Sequence[str | dict[str, Any]]]  # what the server says to a frame of ours


class ScriptedTransport:
    """One connection: it answers what is sent as `answers` says, and says more when told to."""

    unsent = 0
    send_timeout_left_s = float("inf")
    clock_skew_s: float | None = None

    def __init__(self, clock: ScriptedClock, answers: Answers, number: int) -> None:
        self.number = number
        self.sent: list[dict[str, Any]] = []
        self.posted: list[tuple[bytes, bool]] = []  # messages of a person's own, and whether they are binary
        self.on_post: Callable[[bytes], Sequence[str]] = lambda payload: ()
        self.subprotocol: str | None = None
        self.closed = False
        self._clock, self.answers = clock, answers
        self._batches: list[Batch] = []
        self._later: list[tuple[float, Batch]] = []

    def says(self, *messages: str | dict[str, Any], lost: ConnectionLost | None = None, after_s: float = 0.0) -> None:
        """Have the server say something, now or later. lost: and then the connection is gone."""
        texts = [message if isinstance(message, str) else json.dumps(message) for message in messages]
        batch = Batch([(False, [text.encode() for text in texts])], self._clock.wall_ns(), lost)
        if after_s:
            self._later.append((self._clock.now + after_s, batch))
            self._later.sort(key=lambda later: later[0])
        else:
            self._batches.append(batch)

    def due_at(self) -> float | None:
        """Return when the server says something next, that it has not said yet."""
        return self._later[0][0] if self._later else None

    def fileno(self) -> int:
        return -1

    def has_buffered_data(self) -> bool:
        while self._later and self._later[0][0] <= self._clock.now:
            self._batches.append(self._later.pop(0)[1])
        return bool(self._batches)

    def read(self) -> Batch:
        return self._batches.pop(0) if self.has_buffered_data() else Batch((), self._clock.wall_ns())

    def send(self, text: str) -> None:
        self.sent.append(parsed(text))
        self._clock.note(f"connection {self.number} <", text)
        if replies := self.answers(self.sent[-1]):
            self.says(*replies)

    def queue_messages(self, payloads: Sequence[bytes], *, binary: bool = False) -> None:
        for payload in payloads:
            self.posted.append((payload, binary))
            self._clock.note(f"connection {self.number} <", repr(payload))
            if replies := self.on_post(payload):
                self.says(*replies)

    def flush(self) -> None:
        self.unsent = 0

    def close_and_drain(self, timeout_s: float) -> Iterator[Batch]:
        if not self.closed:
            self._clock.note(f"connection {self.number} closed")
        self.closed = True
        while self.has_buffered_data() and timeout_s:
            yield self._batches.pop(0)

    def getsubprotocol(self) -> str | None:
        return self.subprotocol


class ScriptedClock:
    """Seconds that pass when somebody waits, and never by themselves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.trace = Trace()

    def note(self, what: str, text: str = "") -> None:
        """Keep a line of the trace."""
        self.trace.add(self.monotonic, what, text)

    def monotonic(self) -> float:
        return self.now

    def wall_ns(self) -> int:
        return START_NS + round(self.now * 1e9)


class ScriptedNetwork:
    """What each connect meets, in order; the last of them for ever. transports: what was opened. waits: in select, in seconds."""

    def __init__(self, clock: ScriptedClock, *outcomes: Answers | Exception) -> None:
        self.clock, self.outcomes = clock, [*outcomes]
        self.transports: list[ScriptedTransport] = []
        self.endpoints: list[Endpoint] = []
        self.network: list[NetworkOptions] = []
        self.requests: list[HttpRequest] = []
        self.responses: list[HttpResponse | Exception] = []
        self.on_wait: Callable[[], None] = lambda: None
        self._prepared: ScriptedTransport | None = None

    def prepare(self) -> None:
        """Make the transport of the next connect beforehand, so that a test can script what it says."""
        self._prepared = ScriptedTransport(self.clock, lambda frame: (), len(self.transports) + 1)
        self.transports.append(self._prepared)

    def connect(self, endpoint: Endpoint, network: NetworkOptions) -> ScriptedTransport:
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        self.endpoints.append(endpoint)
        self.network.append(network)
        if isinstance(outcome, Exception):
            self.clock.note(f"no connection to {endpoint.url}:", str(outcome))
            raise outcome
        if self._prepared is not None:
            self._prepared.answers, self._prepared = outcome, None
        else:
            self.transports.append(ScriptedTransport(self.clock, outcome, len(self.transports) + 1))
        self.clock.note(f"connection {len(self.transports)} to", endpoint.url)
        return self.transports[-1]

    def http_request(
        self, request: HttpRequest, endpoint: Endpoint, network: NetworkOptions, **limits: Any
    ) -> HttpResponse:
        self.requests.append(request)
        self.clock.note(request.method, request.url)
        response = self.responses.pop(0)
        if isinstance(response, Exception):
            raise response
        return response

    def select(self, readers: Any, writers: Any, errors: Any, timeout: float | None = None) -> tuple[Any, Any, Any]:
        """Return what is ready; where nothing is, let the time pass until something is, or the wait is over."""
        self.on_wait()
        if calls := [one for one in readers if isinstance(one, BackgroundCall)]:  # a thread of its own takes real time
            REALLY_SELECT(calls, [], [], 60)
            return [*calls, *self._ready(readers)], [*writers], []
        ready = self._ready(readers)
        if not ready and timeout != 0:
            ends = [at for one in self.transports if not one.closed and (at := one.due_at()) is not None]
            ends += [self.clock.now + timeout] if timeout is not None else []
            assert ends, "it would wait for ever"
            self.clock.now = max(min(ends), self.clock.now)
            assert self.clock.now < LONGEST_S, "it would wait for ever"
            ready = self._ready(readers)
        return ready, [*writers], []

    def _ready(self, readers: Any) -> list[Any]:
        files = [one for one in readers if isinstance(one, int)]
        talking = [one for one in readers if isinstance(one, Connection) and one.has_buffered_data()]
        return [*talking, *(REALLY_SELECT(files, [], [], 0)[0] if files else ())]


class KeptOutput(Output):
    """Standard output and standard error as text."""

    def __init__(self, clock: ScriptedClock | None = None, *, quiet: bool = False) -> None:
        super().__init__(quiet=quiet)
        self._clock = clock
        self.out = ""
        self.err: list[str] = []

    def flush(self) -> None:
        self.out += self.veil.redact(b"".join(self._buffer).decode())
        self._buffer.clear()

    def write_stderr(self, line: str, end: str = "\n") -> None:
        self.flush()
        self.err.append(self.veil.redact(line))
        if self._clock is not None:
            self._clock.note("2>", self.err[-1])


class KeptRecorder:
    """A recording as a list: what was recorded, and of which connection."""

    def __init__(self) -> None:
        self.entries: list[tuple[Any, ...]] = []

    def opened(self, dialect: Dialect, ns: int, connection: int) -> None:
        self.entries.append(("opened", connection))

    def sent(self, exchange: str, text: str, ns: int, connection: int) -> None:
        self.entries.append(("sent", connection, text))

    def received(self, exchange: str, received: Any) -> None:
        self.entries.append(("received", received.connection, received.text))

    def event(self, exchange: str, event: str, ns: int, connection: int, **about: Any) -> None:
        self.entries.append((event, connection, about))

    def http(self, exchange: str, request: HttpRequest, reply: Any, text: str, ns: int, connection: int) -> None:
        self.entries.append(("http", connection, reply.status if reply is not None else None, text))

    def flush(self) -> None:
        pass

    def check_failure(self) -> None:
        pass


class NextTurn(Wait):
    """The end of one turn of the loop."""

    def __init__(self) -> None:
        self._looks = 0

    def is_over(self, now: float) -> bool:
        self._looks += 1
        return self._looks > 1


def _next_turn() -> Flow[None]:
    yield NextTurn()


def _forever() -> Flow[None]:
    yield Forever()


def _until(condition: Callable[[], bool]) -> Flow[None]:
    yield When(condition)


class ScriptedClient:
    """A client, and all that is scripted about it."""

    def __init__(
        self,
        monkeypatch: pytest.MonkeyPatch,
        dialect: Dialect,
        *outcomes: Answers | Exception,
        urls: Mapping[str, str] | None = None,
        credentials: Credentials | None = None,
        policy: ReconnectPolicy | None = None,
        network_options: NetworkOptions | None = None,
        format: str = "json",
        quiet: bool = False,
        recorded: bool = False,
        shows_data: bool = True,
        **options: Any,
    ) -> None:
        self.clock = ScriptedClock()
        self.network = ScriptedNetwork(self.clock, *outcomes)
        self.output = KeptOutput(self.clock, quiet=quiet)
        self.recorder = KeptRecorder() if recorded else None
        self.signals = Signals()
        self.close = weakref.finalize(
            self, self.signals.close
        )  # once, at the latest when the client is gone: two descriptors each
        monkeypatch.setattr(select, "select", self.network.select)
        monkeypatch.setattr(connect, "connect", self.network.connect)
        monkeypatch.setattr(connect, "http_request", self.network.http_request)
        self.observed = ObservedClient(
            Target(
                dialect,
                ServerUrls(dict(urls or dialect.endpoints.production.sockets), dialect.endpoints.production.http_url),
                True,
                network_options or NetworkOptions(),
                lambda: credentials,
            ),
            StreamOptions(**options),
            make_format(format),
            self.output,
            self.signals,
            self.recorder,  # type: ignore[arg-type]
            policy,
            Clock(self.clock.wall_ns, self.clock.monotonic, count(1), lambda: UUID(int=1), lambda low, high: high),
            shows_data=shows_data,
        )
        self.client = self.observed.client
        self.under_way: Task[Any] | None = None

    def start(self, commands: Sequence[Command]) -> None:
        """Set up a stream."""
        self.client.start_time_limit()
        self.client.run(self.client.supervisor.begin_stream(commands))

    def begin(self, commands: Sequence[Command]) -> None:
        """Begin to set up a stream, or to ask on what is open: until its requests were sent."""
        client = self.client
        closed = all(route.state is RouteState.CLOSED for route in client.routes.values())
        flow: Flow[Any] = set_up(client, commands) if closed else ask(client, commands, every=True)
        self.under_way = task = client.tasks.start(flow, on_end=lambda task: None)
        self.turn_until(lambda: task.ended or bool(client.requests))
        if task.error is not None:
            raise task.error

    def finish(self) -> Any:
        """Go on until what was begun has ended; return its result, or raise what ended it."""
        task = self.under_way
        assert task is not None
        self.turn_until(lambda: task.ended)
        return task.result()

    def run(self, flow: Flow[Any]) -> Any:
        """Run a flow to its end."""
        return self.client.run(flow)

    def open(self, route: str = "public") -> Connection:
        """Connect a route."""
        return self.run(open_route(self.client, self.client.route(route)))  # type: ignore[no-any-return]

    def log_in(self, route: str, commands: Sequence[Command] = ()) -> Any:
        """Connect a route and log in on it; return the answer."""
        self.open(route)
        return self.run(log_in(self.client, self.client.route(route), commands))

    def listen(self) -> None:
        """Let the client go on until something ends it."""
        self.client.run(_forever())

    def turn(self) -> None:
        """Let the loop turn once."""
        self.client.run(_next_turn())

    def turn_until(self, condition: Callable[[], bool]) -> None:
        """Let the loop turn until something is so."""
        self.client.run(_until(condition))

    @property
    def transport(self) -> ScriptedTransport:
        """The newest connection."""
        return self.network.transports[-1]

    @property
    def sent(self) -> list[list[dict[str, Any]]]:
        """What was sent on each connection."""
        return [transport.sent for transport in self.network.transports]


@pytest.fixture
def scripted(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Callable[..., ScriptedClient]]:
    """Make clients whose network is scripted: scripted(dialect, answers of the first connection, of the second, …)."""
    made: list[ScriptedClient] = []

    def make(dialect: Dialect, *outcomes: Answers | Exception, **more: Any) -> ScriptedClient:
        made.append(ScriptedClient(monkeypatch, dialect, *outcomes, **more))
        return made[-1]

    yield make
    lines: list[str] = []
    for one in made:
        one.close()
        lines += [*one.clock.trace.lines, *(f"1> {line}" for line in one.output.out.splitlines())]
    traces.check(request.path, request.node.name, lines)
