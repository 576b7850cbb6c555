"""What is asked of an exchange at the prompt: to begin a stream, to stop one or all; with a client that only notes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from wscli.books import stream_check
from wscli.core.errors import ConnectionLost, Rejected, TimedOut, WscliError
from wscli.core.messages import Subscribe, Unsubscribe
from wscli.output.sink import StreamOptions
from wscli.repl.display.streams import Stream
from wscli.repl.workspace import worker_jobs
from wscli.repl.workspace.worker_jobs import begin_stream, connect, end_stream, stop_stream, unsubscribe_all

A, B, AB = (Subscribe("trade", symbols) for symbols in (("A",), ("B",), ("A", "B")))
BOOK, ORDERS = Subscribe("book", ("A",), {"depth": 5}), Subscribe("orders")


class Bench:
    """A client that is subscribed to something, its streams, and what was requested."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, *subscribed: Subscribe, pending: Sequence[Subscribe] = ()
    ) -> None:
        self.requests: list[list[Any]] = []
        self.cancelled: list[list[Subscribe]] = []
        self.failures: list[str] = []
        self.notices: list[str] = []
        self.watched = 0
        self.refusal: WscliError | None = None  # what a request raises
        self.partial: Any = None
        absence = SimpleNamespace(subscriptions=tuple(pending)) if pending else None
        route = SimpleNamespace(absence=absence, cancel=lambda these: self.cancelled.append([*these]))
        connection = SimpleNamespace(state=SimpleNamespace(requested=subscribed))
        self.client: Any = SimpleNamespace(
            connections={"public": connection},
            routes={"public": route},
            dialect=SimpleNamespace(name="bybit"),
            events=SimpleNamespace(notice=self.notices.append),
            redactor="redactor",
            watch_silence=self._watch,
        )
        self.streams: Any = SimpleNamespace(
            running=(),
            unheeded=(),
            unmet_limit=None,
            failure=None,
            finish=lambda stream: None,
            report_failure=lambda error: self.failures.append(error.message),
        )
        monkeypatch.setattr(worker_jobs, "confirm", self._confirm)
        monkeypatch.setattr(worker_jobs, "asks_for_sequence", lambda dialect, commands: False)
        monkeypatch.setattr(
            worker_jobs, "rejection_error", lambda dialect, redactor, received: Rejected(f"rejected: {received}")
        )

    def _watch(self) -> None:
        self.watched += 1

    def _confirm(self, client: object, commands: Sequence[Any]) -> Iterator[None]:
        self.requests.append([*commands])
        if self.refusal is not None:
            raise self.refusal
        return SimpleNamespace(partial=self.partial)
        yield

    def run(self, flow: Any) -> Any:
        """Run a flow to its end; return its result."""
        try:
            while True:
                next(flow)
        except StopIteration as done:
            return done.value


def stream(*subscriptions: Subscribe, redirect: Any = None, **wanted: Any) -> Stream:
    return Stream("words", subscriptions, StreamOptions(**wanted), None, redirect)


# --- begun ---------------------------------------------------------------------------------------


def test_a_stream_that_is_accepted_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, begun, other = Bench(monkeypatch), stream(A, BOOK), stream(B)
    bench.streams.running = (other,)
    bench.run(begin_stream(bench.client, bench.streams, begun))

    assert bench.requests == [[A, BOOK]]
    assert bench.streams.running == (other, begun)
    assert (begun.finished, begun.timer, bench.watched, bench.streams.failure) == (False, None, 1, None)


REFUSALS = [
    # what the request raises      is it forgotten for the next connection?
    (ConnectionLost("gone"),       True),
    (Rejected("no"),               False),
    (TimedOut("late"),             False),
]  # fmt: skip


@pytest.mark.parametrize(("refusal", "is_cancelled"), REFUSALS)
def test_a_stream_that_is_not_accepted_never_began(
    monkeypatch: pytest.MonkeyPatch, refusal: WscliError, is_cancelled: bool
) -> None:
    bench, begun = Bench(monkeypatch), stream(A, count=5, for_s=9.0)
    bench.refusal = refusal
    with pytest.raises(type(refusal)):
        bench.run(begin_stream(bench.client, bench.streams, begun))

    assert (bench.streams.running, begun.finished, begun.ended.is_set()) == ((), True, True)
    assert bench.streams.unmet_limit is None  # the five that it did not show are no failure of their own
    assert bench.cancelled == ([[A]] if is_cancelled else [])
    assert bench.watched == 0


def test_a_part_that_is_rejected_is_a_failure_and_the_first_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(monkeypatch)
    for partial in ("first", "second"):
        bench.partial = partial
        bench.run(begin_stream(bench.client, bench.streams, stream(A)))

    assert bench.streams.failure.message == "rejected: first"
    assert len(bench.streams.running) == 2


def test_a_stream_for_some_time_has_a_timer_that_ends_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, begun = Bench(monkeypatch), stream(A, for_s=500.0)
    bench.run(begin_stream(bench.client, bench.streams, begun))
    assert begun.timer is not None
    assert (begun.timer.interval, begun.timer.daemon, begun.timer.args) == (500.0, True, (begun,))

    end_stream(bench.streams, begun)
    assert begun.timer.finished.is_set()


# --- stopped -------------------------------------------------------------------------------------

STOPPED = [
    # stopped    subscribed    the other streams  what is unsubscribed
    ((A,),       (A,),         [],                [Unsubscribe("trade", ("A",), {})]),
    ((AB,),      (A, B),       [(B,)],            [Unsubscribe("trade", ("A",), {})]),
    ((AB,),      (A, B),       [(A,), (B,)],      []),
    ((A,),       (A,),         [(AB,)],           []),
    ((A,),       (A,),         [(BOOK,)],         [Unsubscribe("trade", ("A",), {})]),
    ((A,),       (),           [],                []),
    ((A,),       (BOOK,),      [],                []),
    ((BOOK,),    (BOOK,),      [],                [Unsubscribe("book", ("A",), {"depth": 5})]),
    ((A, BOOK),  (A, BOOK),    [],                [Unsubscribe("trade", ("A",), {}), Unsubscribe("book", ("A",), {"depth": 5})]),
    ((ORDERS,),  (ORDERS,),    [],                [Unsubscribe("orders", (), {})]),
    ((ORDERS,),  (ORDERS,),    [(ORDERS,)],       []),
]  # fmt: skip


@pytest.mark.parametrize(("stopped", "subscribed", "others", "unsubscribed"), STOPPED)
def test_what_no_other_stream_needs_is_unsubscribed(
    monkeypatch: pytest.MonkeyPatch,
    stopped: Sequence[Subscribe],
    subscribed: Sequence[Subscribe],
    others: Sequence[Sequence[Subscribe]],
    unsubscribed: list[Unsubscribe],
) -> None:
    bench, ended = Bench(monkeypatch, *subscribed), stream(*stopped)
    running = [stream(*one) for one in others]
    bench.streams.running = (ended, *running)
    bench.run(stop_stream(bench.client, bench.streams, ended))

    assert bench.requests == ([unsubscribed] if unsubscribed else [])
    assert bench.cancelled == [[*stopped]]
    assert bench.streams.running == tuple(running)
    assert (ended.finished, bench.streams.unheeded) == (True, ())


def test_a_stream_that_has_finished_needs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, ended, finished = Bench(monkeypatch, A), stream(A), stream(A)
    finished.finished = True
    bench.streams.running = (ended, finished)
    bench.run(stop_stream(bench.client, bench.streams, ended))

    assert bench.requests == [[Unsubscribe("trade", ("A",), {})]]


def test_a_stream_that_cannot_be_unsubscribed_has_ended_and_its_data_is_unwanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bench, ended = Bench(monkeypatch, A), stream(A)
    bench.streams.running, bench.refusal = (ended,), TimedOut("late")
    with pytest.raises(TimedOut):
        bench.run(stop_stream(bench.client, bench.streams, ended))

    assert (bench.streams.running, bench.streams.unheeded, ended.finished) == ((), (ended,), True)


@pytest.mark.parametrize("refusal", [None, TimedOut("late")])
def test_everything_is_unsubscribed_and_every_stream_ended(
    monkeypatch: pytest.MonkeyPatch, refusal: WscliError | None
) -> None:
    bench, streams = Bench(monkeypatch, A, BOOK, pending=[B]), [stream(A), stream(BOOK)]
    bench.streams.running, bench.refusal = tuple(streams), refusal
    flow = unsubscribe_all(bench.client, bench.streams)
    if refusal is None:
        assert bench.run(flow) == 3
    else:
        with pytest.raises(TimedOut):
            bench.run(flow)

    assert bench.requests == [[Unsubscribe("trade", ("A",), {}), Unsubscribe("book", ("A",), {"depth": 5})]]
    assert bench.cancelled == [[B]]
    assert bench.streams.running == ()
    assert all(one.finished for one in streams)


@pytest.mark.parametrize(("failure", "reported"), [(None, []), ("jq: no such file", ["jq: no such file"])])
def test_the_redirect_of_a_stream_is_closed_once_and_its_failure_reported(
    monkeypatch: pytest.MonkeyPatch, failure: str | None, reported: list[str]
) -> None:
    closed = []

    def close() -> str | None:
        closed.append(1)
        return failure

    bench, ended = Bench(monkeypatch), stream(A, redirect=SimpleNamespace(close=close))
    bench.streams.running = (ended,)
    end_stream(bench.streams, ended)
    end_stream(bench.streams, ended)

    assert (len(closed), bench.failures, ended.ended.is_set()) == (1, reported, True)


def test_the_first_limit_that_was_not_met_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(monkeypatch)
    end_stream(bench.streams, stream(A))
    assert not bench.streams.unmet_limit

    end_stream(bench.streams, stream(A, count=5, for_s=9.0))
    end_stream(bench.streams, stream(A, until=("price > 1",), for_s=9.0))
    end_stream(bench.streams, stream(A))
    assert bench.streams.unmet_limit == "no message was shown within --for"


def test_connect_opens_the_public_route(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []

    def open_route(client: object, route: str) -> Iterator[None]:
        opened.append(route)
        yield

    monkeypatch.setattr(worker_jobs, "open_route", open_route)
    client: Any = SimpleNamespace(route=lambda name: f"the {name} route")
    assert [*connect(client)] == [None]
    assert opened == ["the public route"]


CHECKED = [
    # numbers are asked for   a check is there already   a check is added
    (True,                    False,                     True),
    (True,                    True,                      False),
    (False,                   False,                     False),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "there", "added"), CHECKED)
def test_numbers_that_reveal_a_lost_message_are_checked_once(
    monkeypatch: pytest.MonkeyPatch, asked: bool, there: bool, added: bool
) -> None:
    class StreamCheck:
        def __init__(self, client: object) -> None:
            self.client = client

    class Observers(list[Any]):
        def add(self, one: object, *, first: bool = False) -> None:
            self.insert(0 if first else len(self), one)

    bench = Bench(monkeypatch)
    monkeypatch.setattr(stream_check, "StreamCheck", StreamCheck)
    monkeypatch.setattr(worker_jobs, "asks_for_sequence", lambda dialect, commands: asked)
    bench.client.events = Observers(["printer", *([StreamCheck(bench.client)] if there else [])])
    bench.run(begin_stream(bench.client, bench.streams, stream(BOOK)))
    checks = [one for one in bench.client.events if isinstance(one, StreamCheck)]

    assert len(checks) == (added or there)
    assert isinstance(bench.client.events[0], StreamCheck) is added
    assert all(one.client is bench.client for one in checks)
