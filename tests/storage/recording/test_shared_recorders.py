"""Recordings of a script or a prompt with several exchanges, and what happens to a run whose recording can no longer be written."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Sim, Wscli
from tests.repl.conftest import Rehearsal, opened  # noqa: F401
from tests.support.terminal import terminal
from wscli.core.errors import UsageError
from wscli.core.messages import Event, Kind, ReceivedMessage
from wscli.storage.recording.lines import RecordingEntry
from wscli.storage.recording.reader import read_recording
from wscli.storage.recording.shared_recorders import SharedRecorders

full_disk = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
EARLY = "wscli: --record /dev/full: No space left on device: the recording is incomplete"
NO_MORE = "wscli: --record /dev/full: No space left on device: nothing more is recorded"


def received(number: int, connection: int = 1) -> ReceivedMessage:
    return ReceivedMessage(Event(Kind.UPDATE, {}), f'{{"n":{number}}}', number, number, connection)


def of(path: Path, exchange: str) -> list[RecordingEntry]:
    return [entry for entry in read_recording(str(path)) if entry.exchange == exchange]


# --- one file, several exchanges -----------------------------------------------------------------


def test_exchanges_that_record_to_the_same_file_share_it_until_the_last_one_leaves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    notices: list[str] = []
    recordings = SharedRecorders(notices.append, required=False)
    first, second = recordings.acquire("day.jsonl"), recordings.acquire(f"./../{tmp_path.name}/day.jsonl")
    first.received("bybit", received(1))
    recordings.release(first)
    second.received("bitstamp", received(2))
    recordings.release(second)
    second.received("bitstamp", received(3))  # a thread that is late

    assert first is second
    assert [entry.number for entry in read_recording("day.jsonl")] == [1, 2]
    assert (recordings.close(), notices) == ([], [])


def test_a_recording_that_is_left_does_not_end_another(tmp_path: Path) -> None:
    recordings = SharedRecorders(str, required=False)
    one, other, shared = (recordings.acquire(str(tmp_path / name)) for name in ("one", "other", "shared"))
    assert recordings.acquire(str(tmp_path / "shared")) is shared
    recordings.release(one)
    for number in (1, 2):
        other.received("bybit", received(number))
        shared.received("bybit", received(number))
        recordings.release(shared)
    recordings.close()

    assert [entry.number for entry in read_recording(str(tmp_path / "other"))] == [1, 2]
    assert [entry.number for entry in read_recording(str(tmp_path / "shared"))] == [1, 2]


def test_a_file_that_was_left_can_be_recorded_to_again(tmp_path: Path) -> None:
    path = str(tmp_path / "day.jsonl.gz")
    recordings = SharedRecorders(str, required=False)
    for number in (1, 2):
        recorder = recordings.acquire(path)
        recorder.received("bybit", received(number))
        recordings.release(recorder)

    assert [entry.number for entry in read_recording(path)] == [1, 2]


def test_a_file_that_cannot_be_recorded_to_is_refused_and_not_kept(tmp_path: Path) -> None:
    recordings = SharedRecorders(str, required=False)
    for _ in range(2):
        with pytest.raises(UsageError, match="Is a directory"):
            recordings.acquire(str(tmp_path))

    assert recordings.close() == []


SCRIPT = [
    ("bybit", "publicTrade.BTCUSDT"),
    ("bitstamp", "live_trades_btcusd"),
    ("whitebit", "trades BTC_USDT"),
]


def script(sim: Sim, flags: str = "") -> str:
    return "".join(f"use {name} --url {sim.urls[name]}\nsubscribe {words} -n 2{flags}\n" for name, words in SCRIPT)


def test_a_script_records_every_exchange_from_its_first_frame(wscli: Wscli, sim: Sim, tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl.gz"
    ran = wscli("--record", str(path), "-q", "-o", "event", stdin=script(sim))
    shown = [json.loads(line) for line in ran.lines]

    assert ran.status == 0, ran.err
    for name, _ in SCRIPT:
        entries = of(path, name)
        assert [entry.event or entry.direction for entry in entries[:2]] == ["opened", "sent"]
        assert [entry.event for entry in entries if entry.event] == ["opened", "closed"]
        numbers = [entry.number for entry in entries if entry.direction == "received"]
        assert numbers == [*range(1, len(numbers) + 1)]
        assert {e["number"] for e in shown if e["exchange"] == name} <= {*numbers}


def test_an_exchange_with_a_recording_of_its_own_is_not_in_that_of_the_others(
    wscli: Wscli, sim: Sim, tmp_path: Path
) -> None:
    path, own = tmp_path / "day.jsonl", tmp_path / "own.jsonl"
    lines = script(sim).replace("use bitstamp", f"use bitstamp --record {own}")
    ran = wscli("--record", str(path), "-q", stdin=lines)

    assert ran.status == 0, ran.err
    assert {entry.exchange for entry in read_recording(str(path))} == {"bybit", "whitebit"}
    assert {entry.exchange for entry in read_recording(str(own))} == {"bitstamp"}


def test_an_exchange_that_is_opened_again_goes_on_in_the_same_recording(wscli: Wscli, sim: Sim, tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    again = f"use bybit --url {sim.urls['bybit']}\nsubscribe publicTrade.BTCUSDT -n 1\ndisconnect bybit\n"
    ran = wscli("--record", str(path), "-q", stdin=again * 2)

    assert ran.status == 0, ran.err
    assert [entry.event for entry in of(path, "bybit") if entry.event] == ["opened", "closed"] * 2


def test_at_the_prompt_exchanges_share_a_recording_and_each_ends_its_own_part(
    opened: Callable[..., Rehearsal],  # noqa: F811
    sim: Sim,
    tmp_path: Path,
) -> None:
    path = tmp_path / "day.jsonl"
    workspace = opened()
    workspace.say(f"use bybit --url {sim.urls['bybit']}")
    workspace.say(f"use bitstamp --url {sim.urls['bitstamp']}")
    workspace.say(f"record {path}")  # all that are open
    workspace.say(f"record {path}")  # again is nothing
    workspace.say("bybit ping")
    workspace.say("bybit record off")
    workspace.say("bybit ping")
    workspace.say("use bitstamp")
    workspace.say("subscribe live_trades btcusd -n 1")
    workspace.sheet.until(lambda: bool(workspace.sheet.messages))
    workspace.say("record off")

    assert [entry.event or entry.direction for entry in of(path, "bybit")] == ["opened", "sent", "received"]
    assert "sent" in [entry.direction for entry in of(path, "bitstamp")]


def test_a_recording_of_any_other_socket_at_the_prompt_is_replayed(wscli: Wscli, sim: Sim, tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    ran = wscli(
        "--record", str(path), "-q", stdin=f'connect {sim.urls["bybit"]}\nsend {{"op":"ping"}}\nexpect op = ping\n'
    )
    again = wscli("replay", str(path))

    assert ran.status == again.status == 0, ran.err + again.err
    assert ["pong" in line for line in again.lines] == [True]


# --- a recording that can no longer be written ---------------------------------------------------


@full_disk
def test_the_loss_of_a_script_s_recording_is_reported_at_once_and_again_at_the_end(wscli: Wscli, sim: Sim) -> None:
    ran = wscli("--record", "/dev/full", "-q", stdin=script(sim))

    assert (ran.status, len(ran.lines)) == (1, 6)
    assert ran.err.splitlines() == [NO_MORE, EARLY, "  hint: free some space, or name a file elsewhere"]


@full_disk
def test_a_recording_that_is_required_ends_a_script_at_once(wscli: Wscli, sim: Sim) -> None:
    lines = script(sim).replace(" -n 2", " -n 1000000")
    ran = wscli("--record", "/dev/full", "--record-required", "--keep-going", "-q", stdin=lines)

    assert ran.status == 1
    assert ran.err.splitlines() == [NO_MORE, EARLY, "  hint: free some space, or name a file elsewhere"]


@full_disk
@pytest.mark.parametrize("verb", ["subscribe", "connect", "ping"])
def test_a_recording_that_is_required_ends_a_run_at_once(wscli: Wscli, sim: Sim, verb: str) -> None:
    words = {
        "subscribe": ("bybit", "subscribe", "publicTrade.BTCUSDT", *sim.at("bybit")),
        "connect": (
            "connect",
            sim.urls["bybit"],
            "-x",
            '{"op":"subscribe","args":["publicTrade.BTCUSDT"]}',
            "--for",
            "50s",
        ),
        "ping": ("bybit", "ping", *sim.at("bybit")),
    }
    ran = wscli(*words[verb], "--record", "/dev/full", "--record-required", "-q")

    assert ran.status == 1
    assert ran.err.splitlines() == [EARLY, "  hint: free some space, or name a file elsewhere"]


@full_disk
def test_without_that_the_loss_is_reported_again_after_ctrl_c(wscli: Wscli, sim: Sim) -> None:
    words = ("bybit", "subscribe", "publicTrade.BTCUSDT", "-q", "--record", "/dev/full", *sim.at("bybit"))
    with wscli.start(*words) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline()
        running.send_signal(signal.SIGINT)
        err = running.stderr.read()

    assert (running.wait(20), err.splitlines()) == (130, [NO_MORE, EARLY])


@full_disk
def test_the_loss_is_reported_before_what_else_ended_the_run(wscli: Wscli, sim: Sim) -> None:
    ran = wscli("bybit", "subscribe", "nosuch.BTCUSDT", "--record", "/dev/full", *sim.at("bybit"))
    rejected = wscli("bybit", "send", '{"op":"nosuch"}', "-q", "--record", "/dev/full", *sim.at("bybit"))

    assert ran.status == 2  # nothing was opened: nothing was lost
    assert "/dev/full" not in ran.err
    assert rejected.status == 4
    assert rejected.err.splitlines()[:2] == [NO_MORE, EARLY]


@pytest.mark.parametrize("words", [("bybit", "subscribe", "publicTrade.BTCUSDT", "--url", "ws://127.0.0.1:9/"), ()])
def test_a_recording_that_is_required_must_be_asked_for(wscli: Wscli, words: tuple[str, ...]) -> None:
    ran = wscli(*words, "--record-required")

    assert (ran.status, ran.out) == (2, "")
    assert ran.err.splitlines()[-2:] == [
        "wscli: --record-required needs --record",
        "  hint: --record FILE --record-required",
    ]


@full_disk
@pytest.mark.parametrize("required", [True, False])
def test_the_prompt_ends_with_a_recording_that_is_required_and_reports_one_that_is_not(
    sim: Sim, required: bool
) -> None:
    flags = ("--record", "/dev/full", *(["--record-required"] if required else []))
    with terminal("bybit", "--url", sim.urls["bybit"], *flags, rows=20) as one:
        one.see("nothing more is recorded")
        if not required:
            one.type("quit\r")
        one.see("the recording is incomplete")

        assert one.left() == 1
