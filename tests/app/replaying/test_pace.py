"""At its own pace a recording waits as long as it did: by a clock that only waiting moves."""

from __future__ import annotations

import select
import time
from types import SimpleNamespace
from typing import Any

import pytest

from wscli.app.replaying.replay import _Pace

SECOND = 1_000_000_000
PACES = [
    # speed   seconds of the messages    the waits               the notes
    (None,    (0.0, 5.0, 60.0),          [],                     []),
    (1.0,     (0.0, 5.0, 9.0),           [5.0, 4.0],             []),
    (2.0,     (0.0, 5.0, 9.0),           [2.5, 2.0],             []),
    (1.0,     (0.0, 0.0, 3.0, 2.0),      [3.0],                  []),
    (1.0,     (0.0, 9.75),               [9.75],                 []),
    (1.0,     (0.0, 10.0),               [10.0],                 ["nothing was recorded for the next 10 s"]),
    (0.5,     (0.0, 6.0),                [12.0],                 ["nothing was recorded for the next 12 s"]),
    (1.0,     (0.0, 5000.0),             [3600.0, 1400.0],       ["nothing was recorded for the next 5000 s"]),
]  # fmt: skip


@pytest.mark.parametrize(("speed", "times_s", "waits", "notes"), PACES)
def test_each_message_waits_as_long_as_it_did_divided_by_the_speed(
    monkeypatch: pytest.MonkeyPatch,
    speed: float | None,
    times_s: tuple[float, ...],
    waits: list[float],
    notes: list[str],
) -> None:
    now, waited, noted, checks = [50.0], list[float](), list[str](), list[float]()
    signals: Any = SimpleNamespace(check=lambda: checks.append(now[0]))
    output: Any = SimpleNamespace(note=noted.append, flush=lambda: None)

    def wait(readers: list[Any], writers: list[Any], errors: list[Any], timeout: float) -> None:
        assert readers == [signals]
        waited.append(timeout)
        now[0] += timeout

    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(select, "select", wait)
    pace = _Pace(speed, signals, output)
    for time_s in times_s:
        pace.wait(round(time_s * SECOND))

    assert (waited, noted) == (waits, notes)
    assert len(checks) == len(times_s) + len(waits)
