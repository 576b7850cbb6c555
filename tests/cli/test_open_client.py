"""A client from the flags, without a network: its target, its recording, the simulator that runs meanwhile, what is noted."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from wscli.app.settings import Settings
from wscli.cli import open_client as module
from wscli.cli import simulator_process
from wscli.cli.open_client import open_client
from wscli.commands.options import Options
from wscli.exchanges import find_dialect
from wscli.storage.recording import recorder as recorder_module
from wscli.transport.signals import Signals

SPOT = find_dialect("bybit", "spot-v3")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Return what is done, in order."""
    done: list[tuple[Any, ...]] = []

    @contextlib.contextmanager
    def start_simulator(dialect: object, options: Options) -> Iterator[Any]:
        done.append(("simulator", dialect))
        yield SimpleNamespace(places="simulated places", credentials="simulated keys")
        done.append(("simulator ended",))

    @contextlib.contextmanager
    def open_recorder(options: Options, report: object) -> Iterator[str]:
        done.append(("recorder", options.record))
        yield "a recorder"
        done.append(("recorder closed",))

    def observed(*words: Any, **more: Any) -> Any:
        done.append(("client", words[0], words[5], more))
        return "a client"

    monkeypatch.setattr(simulator_process, "start_simulator", start_simulator)
    monkeypatch.setattr(recorder_module, "open_recorder", open_recorder)
    monkeypatch.setattr(module, "ObservedClient", observed)
    monkeypatch.setattr(module, "chosen_places", lambda settings: "places")
    monkeypatch.setattr(module, "target_at", lambda settings, places, keys: (places, keys))
    monkeypatch.setattr(module, "retired_note", lambda settings: "it was retired")
    monkeypatch.setattr(module, "add_unmatched_notice", lambda client, where: done.append(("watched", where)))
    return done


def opened(**options: Any) -> None:
    settings = Settings(SPOT, Options(api="spot-v3", **options), Signals())
    try:
        with open_client(settings, (), shows_data=options.get("count") is None) as client:
            assert client == "a client"
    finally:
        settings.signals.close()


def test_it_is_at_the_exchange_and_what_was_retired_is_noted(
    made: list[tuple[Any, ...]], capfd: pytest.CaptureFixture[str]
) -> None:
    opened()
    assert made == [("client", ("places", None), None, {"shows_data": True})]
    assert capfd.readouterr().err == "wscli: it was retired\n"

    opened(quiet=True, count=1)
    assert made[-1] == ("client", ("places", None), None, {"shows_data": False})
    assert capfd.readouterr().err == ""


def test_an_exchange_that_is_live_needs_no_note(
    made: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "retired_note", lambda settings: None)
    opened()

    assert capfd.readouterr().err == ""


def test_the_simulator_runs_meanwhile_and_nothing_is_noted(
    made: list[tuple[Any, ...]], capfd: pytest.CaptureFixture[str]
) -> None:
    opened(sim=True)

    assert [step[0] for step in made] == ["simulator", "client", "simulator ended"]
    assert made[1][1] == ("simulated places", "simulated keys")
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("options", [{"record": "day.jsonl"}, {"record_required": True}])
def test_a_recording_is_opened_first_and_closed_last(made: list[tuple[Any, ...]], options: dict[str, Any]) -> None:
    opened(sim=True, **options)

    assert [step[0] for step in made] == ["recorder", "simulator", "client", "simulator ended", "recorder closed"]
    assert made[2][2] == "a recorder"


@pytest.mark.parametrize(
    ("where", "terminal", "watched"), [((), True, False), (("side=buy",), True, True), (("side=buy",), False, False)]
)
def test_a_person_is_told_when_where_lets_nothing_through(
    made: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch, where: tuple[str, ...], terminal: bool, watched: bool
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    opened(where=where)

    assert (("watched", where) in made) is watched
