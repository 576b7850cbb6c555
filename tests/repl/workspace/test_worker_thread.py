"""What other threads ask of an exchange that is open at the prompt: to begin, to stop, to wait for its end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from tests.repl.conftest import Sheet
from wscli.core.errors import WscliError
from wscli.exchanges import find_dialect
from wscli.repl.display.redirects import STALLED_POLLS, STALLED_POLLS_ON_CLOSE
from wscli.repl.workspace import worker as worker_module
from wscli.repl.workspace.worker import POLL_S, PrinterOutput, Worker


class Thread:
    """A thread that does not run. ends_after: so many looks at it. error: what its start raises."""

    def __init__(self, target: Callable[[], None], *, error: Exception | None = None, ends_after: int = 0) -> None:
        self.starts, self.joined = 0, list[float]()
        self._error, self._looks_left = error, ends_after

    def start(self) -> None:
        self.starts += 1
        if self._error is not None:
            raise self._error

    def is_alive(self) -> bool:
        self._looks_left -= 1
        return self._looks_left >= 0

    def join(self, seconds: float) -> None:
        self.joined.append(seconds)


def made(monkeypatch: pytest.MonkeyPatch, *streams: Any, **thread: Any) -> tuple[Worker, Any, list[str]]:
    """Return a worker with such a thread, the thread, and what its queue of jobs and its signals are told."""
    told: list[str] = []
    monkeypatch.setattr(worker_module.threading, "Thread", lambda target, name, daemon: Thread(target, **thread))
    unused: Any = None
    running: Any = SimpleNamespace(running=streams)
    one = Worker("bybit", find_dialect("bybit"), unused, lambda output: running, PrinterOutput(Sheet(), "bybit"))
    one._signals.close()
    jobs: Any = SimpleNamespace(
        client=None, submit=lambda job: told.append("job"), cancel=lambda: told.append("cancel"),
        request_stop=lambda: told.append("stop"), close=lambda: told.append("closed"),
    )  # fmt: skip
    signals: Any = SimpleNamespace(close=lambda: told.append("signals closed"))
    one._jobs, one._signals = jobs, signals
    return one, one._thread, told


def redirect(stalls: list[int]) -> Any:
    return SimpleNamespace(redirect=SimpleNamespace(cancel_if_stalled=stalls.append))


def test_the_first_job_begins_it_and_the_others_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    one, thread, told = made(monkeypatch)
    one.submit(lambda client: iter(()))
    one.submit(lambda client: iter(()))

    assert (thread.starts, told) == (1, ["job", "job"])


def test_where_the_system_has_no_more_threads_that_is_said_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    one, _, told = made(monkeypatch, error=RuntimeError("can't start new thread"))
    with pytest.raises(WscliError) as refused:
        one.submit(lambda client: iter(()))

    assert refused.value.message == "bybit: can't start new thread"
    assert refused.value.hint == "ulimit -u shows the limit"
    assert told == []


def test_commands_that_take_nothing_are_let_go_of_and_the_other_streams_have_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stalls: list[int] = []
    one, _, told = made(monkeypatch, redirect(stalls), SimpleNamespace(redirect=None), redirect(stalls))
    one.release_stalled_redirects()
    assert stalls == [STALLED_POLLS] * 2

    one.cancel()
    assert stalls[2:] == [STALLED_POLLS_ON_CLOSE] * 2
    assert told == ["cancel"]


def test_it_is_closed_by_its_thread_or_at_once_where_it_never_began(monkeypatch: pytest.MonkeyPatch) -> None:
    one, _, told = made(monkeypatch)
    one.request_close()
    assert told == ["closed", "signals closed"]
    assert not one.alive

    other, _, told = made(monkeypatch)
    other.submit(lambda client: iter(()))
    other.request_close()
    assert told == ["job", "stop"]


def test_its_end_is_waited_for_as_long_as_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    stalls: list[int] = []
    one, thread, _ = made(monkeypatch, redirect(stalls), ends_after=3)
    one._started = True
    one.join(60.0)
    assert thread.joined == [POLL_S] * 3
    assert stalls == [STALLED_POLLS_ON_CLOSE] * 3

    late, thread, _ = made(monkeypatch, ends_after=1000)
    late._started = True
    now = [5.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(thread, "join", lambda seconds: now.__setitem__(0, now[0] + seconds))
    late.join(0.25)
    assert now[0] == pytest.approx(5.3)


def test_it_is_a_thread_that_holds_no_program_up(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[dict[str, Any]] = []
    monkeypatch.setattr(threading, "Thread", lambda **about: begun.append(about) or Thread(about["target"]))
    unused: Any = None
    streams: Any = SimpleNamespace(running=())
    one = Worker("bybit", find_dialect("bybit"), unused, lambda output: streams, PrinterOutput(Sheet(), "bybit"))
    one.request_close()

    assert [(about["name"], about["daemon"]) for about in begun] == [("wscli bybit", True)]
