"""An exchange that is open at the prompt, without its thread: how its lines are labelled, and in which state it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import pytest

from tests.repl.conftest import Sheet
from wscli.commands.options import Options
from wscli.core.errors import ConnectionLost, Rejected, WscliError
from wscli.core.messages import Subscribe
from wscli.exchanges import find_dialect
from wscli.output.sink import StreamOptions
from wscli.repl.display.streams import Stream
from wscli.repl.workspace import worker as worker_module
from wscli.repl.workspace.job_queue import StopRequested
from wscli.repl.workspace.worker import PrinterOutput, Worker, _masked, subscription_texts

LINES = [
    # a line of standard error        as it is shown
    ("wscli: gone",                   "wscli: bybit: gone"),
    ("wscli: bybit: gone",            "wscli: bybit: gone"),
    ("wscli: whitebit: gone",         "wscli: bybit: whitebit: gone"),
    ("gone",                          "gone"),
    ("  hint: wscli: x",              "  hint: wscli: x"),
    ("wscli: key-0001",               "wscli: bybit: ***"),
]  # fmt: skip


def output_on(sheet: Sheet, **options: bool) -> PrinterOutput:
    output = PrinterOutput(sheet, "bybit", **options)
    veil: Any = SimpleNamespace(redact=lambda text: text.replace("key-0001", "***"))
    output.veil = veil
    return output


@pytest.mark.parametrize(("line", "shown"), LINES)
def test_a_notice_names_the_exchange_once(line: str, shown: str) -> None:
    sheet = Sheet()
    output_on(sheet).write_stderr(line)

    assert (sheet.words, sheet.answers) == ([shown], [])


def test_results_are_shown_without_secrets_and_notes_unless_quiet() -> None:
    sheet = Sheet()
    output = output_on(sheet)
    output.write_text("text key-0001")
    output.write_bytes(b"\xff")
    output.write_bytes(b"data", end=b"")
    output.note("a note")
    output.flush()
    output_on(sheet, quiet=True).note("another")

    assert sheet.answers == ["text ***", "\\xff\n", "data"]
    assert sheet.words == ["wscli: bybit: a note"]


# --- its state -----------------------------------------------------------------------------------


@pytest.fixture
def worker() -> Iterator[Worker]:
    """An exchange at which nothing was begun."""
    unused: Any = None
    streams: Any = SimpleNamespace(running=())
    sheet = Sheet()
    made = Worker("bybit", find_dialect("bybit"), unused, lambda output: streams, output_on(sheet))
    yield made
    made._started = False
    made.request_close()


def client_with(connections: Sequence[ConnectionLost | None], *absent: Subscribe) -> Any:
    absence = SimpleNamespace(subscriptions=absent) if absent else None
    sockets = {
        str(number): SimpleNamespace(lost=lost, state=SimpleNamespace(requested=(BOOK,), login_result=None))
        for number, lost in enumerate(connections)
    }
    return SimpleNamespace(
        connections=sockets, routes={"public": SimpleNamespace(absence=absence, wanted=lambda: [BOOK, *absent])}
    )


GONE = ConnectionLost("gone", "connect again")
TRADE, BOOK = Subscribe("trade", ("A",)), Subscribe("book", ("B",), {"depth": 5})
STATES = [
    # the client                              begun?  the state
    (None,                                    False,  "not connected"),
    (None,                                    True,   "opening"),
    (client_with([]),                         True,   "not connected"),
    (client_with([None]),                     True,   "open"),
    (client_with([GONE, None]),               True,   "open"),
    (client_with([GONE]),                     True,   "not connected"),
    (client_with([None], TRADE),              True,   "reconnecting"),
]  # fmt: skip


@pytest.mark.parametrize(("client", "begun", "state"), STATES)
def test_the_state_is_a_word_or_two(
    monkeypatch: pytest.MonkeyPatch, worker: Worker, client: Any, begun: bool, state: str
) -> None:
    monkeypatch.setattr(worker._thread, "is_alive", lambda: True)
    worker._jobs.client, worker._started = client, begun
    assert worker.status_text() == state

    worker.failure = WscliError("it failed")
    assert worker.status_text() == "closed"


def test_an_exchange_whose_thread_has_ended_is_closed(worker: Worker) -> None:
    assert worker.alive
    worker._started = True
    assert (worker.alive, worker.status_text()) == (False, "closed")


def test_the_loss_is_raised_only_where_nothing_brings_another_message(
    monkeypatch: pytest.MonkeyPatch, worker: Worker
) -> None:
    monkeypatch.setattr(worker._thread, "is_alive", lambda: True)
    worker.raise_if_lost()
    worker._last_loss = GONE
    for client, begun, state in STATES:
        worker._jobs.client, worker._started = client, begun
        if state == "not connected":
            with pytest.raises(ConnectionLost) as lost:
                worker.raise_if_lost()
            assert (lost.value.message, lost.value.hint) == ("bybit: no more messages: gone", "connect again")
        else:
            worker.raise_if_lost()


def test_subscriptions_are_those_that_the_routes_want(worker: Worker) -> None:
    assert (worker.subscriptions(), worker.sessions(), worker.states()) == ([], {}, [])
    worker._jobs.client = client_with([None], TRADE)

    assert worker.subscriptions() == [BOOK, TRADE]
    assert worker.pending_subscriptions() == [TRADE]
    assert subscription_texts(worker) == ("book B depth=5", "trade A")
    assert [*worker.sessions()] == ["0"]
    assert worker.logged_in() is False

    next(iter(worker.sessions().values())).state.login_result = "accepted"  # type: ignore[assignment]
    assert worker.logged_in() is True


def test_the_place_is_in_the_flags_unless_the_label_says_it(worker: Worker) -> None:
    assert worker.location_flags == ""
    worker.options = Options(sim=True, output="json")
    assert worker.location_flags == " --sim"
    worker.label = "wss://a.example/"
    assert worker.location_flags == ""


def test_what_a_job_raises_quotes_no_secret() -> None:
    client: Any = SimpleNamespace(redactor=SimpleNamespace(redact=lambda text: text.replace("key-0001", "***")))

    def job(_: object) -> Any:
        raise Rejected("bad key-0001", "check key-0001")
        yield

    with pytest.raises(Rejected) as rejected:
        [*_masked(job, client)]
    assert (rejected.value.message, rejected.value.hint) == ("bad ***", "check ***")


# --- its loop ------------------------------------------------------------------------------------


def test_an_error_is_reported_and_what_was_lost_forgotten_until_a_stop_closes_it(
    monkeypatch: pytest.MonkeyPatch, worker: Worker
) -> None:
    outcomes: list[Exception] = [GONE, Rejected("no"), StopRequested()]
    done: list[Any] = []

    def run(flow: object) -> None:
        raise outcomes.pop(0)

    monkeypatch.setattr(worker_module, "close", lambda client, draining: done.append(("closed", draining)))
    client: Any = SimpleNamespace(run=run, forget_lost=lambda: done.append("forgotten"), source=None)
    worker._serve(client)

    assert done == ["forgotten", "forgotten", ("closed", False)]
    assert (client.source, worker._jobs.client) == (worker._jobs, client)
    assert worker._last_loss is not None
    assert worker._last_loss.message == "no"
    assert [line.splitlines()[0] for line in notices_of(worker)] == ["wscli: bybit: gone", "wscli: bybit: no"]
    assert notices_of(worker)[0].splitlines()[1] == "  hint: connect again"


def notices_of(worker: Worker) -> list[str]:
    sheet: Any = worker.output._printer
    return list(sheet.words)


BACKGROUND = [
    # what a job ends with         the first line that is reported
    (None,                         []),
    (Rejected("no"),               ["wscli: bybit: no"]),
    (ZeroDivisionError("a bug"),   ["ZeroDivisionError: a bug"]),
]  # fmt: skip


@pytest.mark.parametrize(("error", "lines"), BACKGROUND)
def test_a_job_that_nobody_waits_for_reports_its_failure(
    monkeypatch: pytest.MonkeyPatch, worker: Worker, error: Exception | None, lines: list[str]
) -> None:
    future: Future[Any] = Future()
    monkeypatch.setattr(worker, "submit", lambda job: future)
    unused: Any = None
    worker.submit_in_background(unused)
    if error is None:
        future.set_result(None)
    else:
        future.set_exception(error)

    shown = "\n".join(notices_of(worker)).splitlines()
    assert [line for line in shown if line in lines] == lines
    assert bool(shown) == bool(lines)


@pytest.mark.parametrize(
    ("error", "failure"),
    [(Rejected("no simulator"), "no simulator"), (ZeroDivisionError("x"), "a bug of wscli ended it")],
)
def test_what_keeps_it_from_opening_is_its_failure_and_ends_its_streams(
    monkeypatch: pytest.MonkeyPatch, worker: Worker, error: Exception, failure: str
) -> None:
    closed: list[str] = []

    def target() -> Any:
        raise error

    opening: Any = SimpleNamespace(target=target)
    worker._open_target = opening
    stream = Stream("words", [TRADE], StreamOptions(), None, None)
    streams: Any = SimpleNamespace(running=(stream,), unmet_limit=None)
    worker.streams = streams
    with monkeypatch.context() as patch:
        patch.setattr(worker._jobs, "close", lambda: closed.append("jobs"))
        patch.setattr(worker._signals, "close", lambda: closed.append("signals"))
        worker._run()

    assert closed == ["jobs", "signals"]
    assert worker.failure is not None
    assert worker.failure.message == failure
    assert (streams.running, stream.finished, worker.status_text()) == ((), True, "closed")
    assert notices_of(worker)
