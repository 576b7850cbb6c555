"""A recording that goes on in another file: nothing is lost at the seam, and each file can be read by itself."""

from __future__ import annotations

import gzip
import json
import os
import stat
import time
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Sim, Wscli
from wscli.app.replaying.recorded_connections import RecordedConnections
from wscli.app.replaying.recorded_messages import value_of
from wscli.core.errors import UsageError
from wscli.core.messages import Event, Kind, ReceivedMessage
from wscli.exchanges import find_dialect
from wscli.storage.recording.lines import RecordingEntry
from wscli.storage.recording.reader import read_recording
from wscli.storage.recording.recorder import Recorder
from wscli.storage.recording.rotation import Rotation

SECOND = 1_000_000_000
BEGAN = 1_700_000_000 * SECOND  # 2023-11-14T22:13:20Z
BYBIT = find_dialect("bybit", "v5")

STREAMS = [
    ("bybit-v5", "publicTrade.BTCUSDT publicTrade.ETHUSDT orderbook.50.BTCUSDT"),
    ("bybit-spot-v3", "trade.BTCUSDT tickers.BTCUSDT"),
    ("bitfinex-v1", "book BTCUSD ETHUSD"),
    ("bitfinex-v2", "book tBTCUSD tETHUSD flags=sequence"),
    ("bitstamp", "live_trades_btcusd order_book_btcusd"),
    ("whitebit", "depth BTC_USDT ETH_USDT"),
    ("digifinex", "trades BTC_USDT ETH_USDT"),
]


def shown(entries: Iterator[RecordingEntry]) -> list[tuple[Any, ...]]:
    """Return what each message of a recording is taken for."""
    connections, labels = RecordedConnections(None), []
    for entry in entries:
        connection = connections.of(0, entry)
        reader = connection.reader
        if entry.direction == "received":
            event = connection.receive(entry).event
            reader.learn(event)
            if not entry.repeated:
                subscription = repr(event.subscription) if event.subscription is not None else None
                labels.append((entry.number, str(event.kind), event.channel, event.symbols, subscription))
        elif entry.direction == "sent" and isinstance(frame := value_of(entry.text), dict):
            reader.learn(frame)
    return labels


def again(path: Path, entries: Sequence[RecordingEntry], step_ns: int) -> None:
    """Record what was recorded, a message after the other at another pace."""
    recorder, connections = Recorder(str(path), now_ns=lambda: BEGAN), RecordedConnections(None)
    for at, entry in enumerate(entries):
        ns = BEGAN + at * step_ns
        connection = connections.of(0, entry)
        reader = connection.reader
        if entry.event == "opened":
            recorder.opened(reader.dialect, ns, entry.connection)
        elif entry.direction == "event":
            recorder.event(entry.exchange, entry.event, ns, entry.connection)
        elif entry.direction == "sent":
            recorder.sent(entry.exchange, entry.text, ns, entry.connection)
            if isinstance(frame := value_of(entry.text), dict):
                reader.learn(frame)
        else:
            received = connection.receive(entry)
            reader.learn(received.event)
            known = ReceivedMessage(received.event, entry.text, ns, entry.number, entry.connection, entry.binary)
            recorder.received(entry.exchange, known)
    recorder.close()


@pytest.mark.parametrize(("place", "words"), STREAMS)
def test_each_file_labels_its_messages_as_the_whole_does_and_all_together_are_the_whole(
    wscli: Wscli, sim: Sim, tmp_path: Path, place: str, words: str
) -> None:
    whole, exchange = tmp_path / "whole.jsonl", place.partition("-")[0]
    ran = wscli(exchange, "subscribe", *words.split(), "-n", "25", "-q", "--record", str(whole), *sim.at(place))
    entries = [*read_recording(str(whole))]
    again(tmp_path / "cap-%H%M%S.jsonl.gz", entries, SECOND // 2)
    files = sorted(tmp_path.glob("cap-*.jsonl.gz"))
    parts = [label for file in files for label in shown(read_recording(str(file)))]
    flags = ("-o", "event", "--all", "-q")
    at_once = wscli("replay", str(tmp_path / "cap-%H%M%S.jsonl.gz"), *flags).lines
    plain = wscli("replay", str(whole), *flags).lines

    def without_time(line: str) -> dict[str, Any]:
        return {name: value for name, value in json.loads(line).items() if name != "time"}

    assert ran.status == 0, ran.err
    assert len(files) > 5
    assert parts == shown(iter(entries))
    assert [*map(without_time, at_once)] == [*map(without_time, plain)]


@pytest.mark.parametrize("place", ["bybit-v5", "bitfinex-v2"])
def test_a_book_is_proven_over_a_seam_and_not_from_behind_it_or_with_a_file_missing(
    wscli: Wscli, sim: Sim, tmp_path: Path, place: str
) -> None:
    whole, exchange = tmp_path / "whole.jsonl", place.partition("-")[0]
    words = {"bybit-v5": "orderbook.50.BTCUSDT", "bitfinex-v2": "book tBTCUSD flags=sequence"}[place]
    wscli(exchange, "subscribe", *words.split(), "-n", "15", "-q", "--record", str(whole), *sim.at(place))
    again(tmp_path / "cap-%M%S.jsonl", [*read_recording(str(whole))], SECOND // 4)
    files = [str(file) for file in sorted(tmp_path.glob("cap-*.jsonl"))]

    together = wscli("replay", *reversed(files), "--verify")
    behind = wscli("replay", *files[2:], "--verify")
    missing = wscli("replay", *files[:2], *files[3:], "--verify")

    assert (together.status, "without a fault" in together.err) == (0, True), together.err
    assert behind.status == 7
    assert "not proven: its first snapshot was not recorded" in behind.err
    assert missing.status == 7


def test_the_files_of_a_run_that_were_joined_and_split_are_put_together(wscli: Wscli, sim: Sim, tmp_path: Path) -> None:
    whole = tmp_path / "whole.jsonl"
    words = ("book", "tBTCUSD", "tETHUSD", "flags=sequence", "-n", "15", "-q")
    wscli("bitfinex", "subscribe", *words, "--record", str(whole), *sim.at("bitfinex-v2"))
    again(tmp_path / "cap-%M%S.jsonl", [*read_recording(str(whole))], SECOND // 4)
    joined = [line for file in sorted(tmp_path.glob("cap-*")) for line in file.read_text().splitlines(keepends=True)]
    plain = wscli("replay", str(whole), "--verify")
    for lines in (5, 7):
        for at in range(0, len(joined), lines):
            (tmp_path / f"part{lines}-{at:03}").write_text("".join(joined[at : at + lines]))
        together = wscli("replay", str(tmp_path / f"part{lines}-*"), "--verify")

        assert (together.status, together.out) == (0, plain.out), together.err


@pytest.mark.parametrize("lines", [3, 4, 10])
def test_a_recording_that_was_split_is_put_together_and_its_books_are_proven(
    wscli: Wscli, sim: Sim, tmp_path: Path, lines: int
) -> None:
    whole = tmp_path / "whole.jsonl"
    words = ("book", "tBTCUSD", "tETHUSD", "flags=sequence", "-n", "15", "-q")
    wscli("bitfinex", "subscribe", *words, "--record", str(whole), *sim.at("bitfinex-v2"))
    pieces = whole.read_text().splitlines(keepends=True)
    for at in range(0, len(pieces), lines):
        (tmp_path / f"part-{at:03}").write_text("".join(pieces[at : at + lines]))
    flags = ("-o", "event", "--all", "--verify")
    plain, together = wscli("replay", str(whole), *flags), wscli("replay", str(tmp_path / "part-*"), *flags)
    (tmp_path / f"part-{lines if lines == 10 else 3 * lines:03}").unlink()
    missing = wscli("replay", str(tmp_path / "part-*"), *flags)

    assert together == plain
    assert together.status == 0, together.err
    assert missing.status == 7


def test_a_file_begins_with_what_set_its_connections_up_marked_as_repeated(tmp_path: Path) -> None:
    seconds = count()
    recorder = Recorder(str(tmp_path / "%S.jsonl"), now_ns=lambda: BEGAN)

    def received(text: str, kind: Kind, request_id: str | None = None) -> None:
        number = next(seconds)
        event = Event(kind, value_of(text), request_id=request_id)
        recorder.received("bybit", ReceivedMessage(event, text, BEGAN + number * SECOND // 10, number))

    asks = {n: f'{{"req_id":"{n}","op":"{op}","args":["{topic}"]}}' for n, op, topic in [
        ("1", "subscribe", "publicTrade.BTCUSDT"),
        ("2", "subscribe", "publicTrade.ETHUSDT"),
        ("3", "unsubscribe", "publicTrade.BTCUSDT"),
        ("4", "subscribe", "tickers.BTCUSDT"),
    ]}  # fmt: skip
    recorder.opened(BYBIT, BEGAN, 1)
    for name in ("1", "2", "3"):
        recorder.sent("bybit", asks[name], BEGAN, 1)
        received(f'{{"success":true,"req_id":"{name}","op":"subscribe"}}', Kind.ACK, name)
    recorder.sent("bybit", '{"req_id":"9","op":"ping"}', BEGAN, 1)
    received('{"success":true,"req_id":"9","op":"ping","ret_msg":"pong"}', Kind.PONG, "9")
    recorder.sent("bybit", asks["4"], BEGAN, 1)
    for _ in range(20):
        received("{}", Kind.UPDATE)
    recorder.event("bybit", "closed", BEGAN + 3 * SECOND, 1)
    recorder.opened(BYBIT, BEGAN + 3 * SECOND, 2)
    recorder.event("bybit", "gap", BEGAN + 4 * SECOND, 2)
    recorder.close()

    def head(name: str) -> list[tuple[Any, ...]]:
        entries = [entry for entry in read_recording(str(tmp_path / name)) if entry.repeated]
        return [(e.event or e.direction, e.connection, e.details.get("number", e.number), e.text) for e in entries]

    setup = [
        ("sent", 1, 0, asks["2"]),
        ("received", 1, 1, '{"success":true,"req_id":"2","op":"subscribe"}'),
        ("sent", 1, 0, asks["4"]),
    ]
    assert head("20.jsonl") == []
    assert head("21.jsonl") == [("opened", 1, 9, ""), *setup]
    assert head("22.jsonl") == [("opened", 1, 19, ""), *setup]
    assert head("23.jsonl") == [("opened", 1, 23, ""), *setup]
    assert head("24.jsonl") == [("opened", 2, 0, "")]


TURNS = [
    # the second of a line, and which file it is in: %M%S of 22:13:20
    ([0, 0, 1, 2, 2], ["20", "20", "21", "22", "22"]),
    ([0, 5, 4, 5, 6], ["20", "25", "25", "25", "26"]),  # a line of another connection that is a little late
    ([0, 3600, 20, 21], ["20", "20", "40", "41"]),  # the clock was set an hour ahead, and back
    ([0, -5, 0], ["20", "20", "20"]),
]


@pytest.mark.parametrize(("seconds", "names"), TURNS)
def test_a_line_is_in_the_file_of_its_time_unless_it_is_a_little_late(seconds: list[int], names: list[str]) -> None:
    rotation, file_names = Rotation("%S", BEGAN), []
    for second in seconds:
        rotation.advance(BEGAN + second * SECOND)
        file_names.append(rotation.file_name)

    assert file_names == names


def test_what_a_connection_is_set_up_with_does_not_grow_with_what_it_asks(tmp_path: Path) -> None:
    rotation = Rotation("%S", BEGAN)
    rotation.opened(BYBIT, 1)
    for n in range(5000):
        op, key = ("subscribe", "unsubscribe")[n % 2], str(n)
        rotation.sent("bybit", 1, f'{{"req_id":"{key}","op":"{op}","args":["tickers.BTCUSDT"]}}', f"{n}\n")
        ack = Event(Kind.ACK, {}, request_id=key)
        rotation.received("bybit", ReceivedMessage(ack, "", BEGAN, n), f"{n}\n")
    for n in range(1000):
        rotation.received("bybit", ReceivedMessage(Event(Kind.STATUS, {}), "", BEGAN, n), f"{n}\n")

    assert len([*rotation.initial_lines(BEGAN)]) <= 21
    assert len(rotation._setups["bybit", 1]._lines) <= 150


# --- files ---------------------------------------------------------------------------------------


def trades(recorder: Recorder, seconds: Sequence[int]) -> None:
    for number, second in enumerate(seconds, 1):
        event = Event(Kind.UPDATE, {})
        recorder.received("bybit", ReceivedMessage(event, "{}", BEGAN + second * SECOND, number))


def test_folders_that_are_named_by_the_time_are_made_and_each_file_ends_whole(tmp_path: Path) -> None:
    recorder = Recorder(str(tmp_path / "%Y%m%d" / "%H%M.jsonl.gz"), now_ns=lambda: BEGAN)
    trades(recorder, [0, 1, 60, 7200, 86400])
    numbers = {
        str(file.relative_to(tmp_path)): gzip.decompress(file.read_bytes()).count(b"\n")
        for file in tmp_path.rglob("*.gz")
        if file != Path(recorder._path)
    }
    recorder.close()

    assert numbers == {"20231114/2213.jsonl.gz": 2, "20231114/2214.jsonl.gz": 1, "20231115/0013.jsonl.gz": 1}
    assert stat.S_IMODE((tmp_path / "20231115").stat().st_mode) == 0o700
    assert [e.number for e in read_recording(str(tmp_path / "20231115" / "2213.jsonl.gz"))] == [5]


REFUSED = [
    ("cap-%Q.jsonl", "%Q is not a part of a time", "%Y %m %d"),
    ("none/cap-%S.jsonl", "No such file or directory", "mkdir -p"),
    ("notes-%S.jsonl", "notes-20.jsonl: contains something else than a recording", "another file"),
]


@pytest.mark.parametrize(("pattern", "message", "hint"), REFUSED)
def test_a_pattern_that_cannot_be_recorded_to_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str, message: str, hint: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("notes-20.jsonl").write_text("my notes\n")
    with pytest.raises(UsageError, match=message) as refused:
        Recorder(pattern, now_ns=lambda: BEGAN)

    assert hint in str(refused.value.hint)


@pytest.mark.parametrize("trouble", ["locked", "no recording", "no folder"])
def test_a_file_that_cannot_follow_ends_the_recording_and_that_is_reported(tmp_path: Path, trouble: str) -> None:
    notices: list[str] = []
    folder = tmp_path / "here"
    folder.mkdir()
    recorder = Recorder(str(folder / "%S.jsonl"), notices.append, now_ns=lambda: BEGAN)
    trades(recorder, [0])
    message = f"wscli: --record {folder}/21.jsonl: "
    other: Recorder | None = None
    match trouble:
        case "locked":
            other = Recorder(str(folder / "21.jsonl"))
            message += "another wscli is recording to it"
        case "no recording":
            (folder / "21.jsonl").write_text("my notes\n")
            message += "contains something else than a recording"
        case _:
            os.rename(folder, tmp_path / "there")  # noqa: PTH104
            message += "No such file or directory"
    trades(recorder, [1, 2])
    recorder.close()
    if other is not None:
        other.close()

    assert notices == [f"{message}: nothing more is recorded"]
    assert recorder.failed is not None
    assert len([*read_recording(str((tmp_path / "there" if trouble == "no folder" else folder) / "20.jsonl"))]) == 1


def test_a_run_goes_on_in_file_after_file_and_loses_nothing(wscli: Wscli, sim: Sim, tmp_path: Path) -> None:
    pattern = str(tmp_path / "cap-%Y%m%dT%H%M%S.jsonl.gz")
    words = ("publicTrade.BTCUSDT", "orderbook.50.BTCUSDT", "-q", "--record", pattern, *sim.at("bybit"))
    with wscli.start("bybit", "subscribe", *words) as running:
        assert running.stdout is not None
        lines, end = [], time.monotonic() + 60
        while len([*tmp_path.glob("cap-*")]) < 4 and time.monotonic() < end:
            lines.append(running.stdout.readline())
        running.terminate()
        lines += running.stdout
    ran = wscli("replay", pattern, "--verify", "-q")

    assert len([*tmp_path.glob("cap-*")]) >= 4
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == "".join(lines)
