"""A byte order mark is skipped wherever text is read: a script, a recording, the configuration, a message."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran, Wscli
from wscli.storage import credentials, favourites
from wscli.storage.recording.reader import read_recording

BOM = "\ufeff"
TRADE = '{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1,"data":[{"T":1700000000123,"s":"BTCUSDT","S":"Buy","v":"1","p":"2","i":"3"}]}'
ENTRY = '{"time":1,"connection":1,"exchange":"bybit","direction":"sent","text":"{}"}\n'

Run = Callable[[Wscli, str], Ran]
READERS: dict[str, Run] = {
    "explain of a word": lambda wscli, mark: wscli("bybit", "explain", mark + TRADE, "-o", "rows"),
    "explain of standard input": lambda wscli, mark: wscli("bybit", "explain", "-", "-o", "rows", stdin=mark + TRADE),
    "send of a word": lambda wscli, mark: wscli("bitstamp", "send", mark + '{"event":"bts:heartbeat"}', "--dry-run"),
    "send of standard input": lambda wscli, mark: wscli(
        "bitstamp", "send", "-", "--dry-run", stdin=mark + '{"event":"bts:heartbeat"}'
    ),
    "-x": lambda wscli, mark: wscli("connect", "ws://localhost/", "-x", mark + "hello", "--dry-run"),
    "a script on standard input": lambda wscli, mark: wscli(stdin=mark + "exchanges\r\n"),
    "a later line of a script": lambda wscli, mark: wscli(stdin=f"exchanges\n{mark}exchanges\n"),
}


@pytest.mark.parametrize("run", READERS.values(), ids=READERS)
def test_a_byte_order_mark_changes_nothing(wscli: Wscli, run: Run) -> None:
    plain, marked = run(wscli, ""), run(wscli, BOM)

    assert marked == plain
    assert "\ufeff" not in marked.out


def test_a_file_of_lines_may_begin_with_one(wscli: Wscli, tmp_path: Path) -> None:
    (tmp_path / "lines").write_text(f"{BOM}exchanges\r\n")
    ran = wscli(stdin=f"source {tmp_path / 'lines'}\n")

    assert ran.status == 0, ran.err
    assert ran.out == wscli(stdin="exchanges\n").out


def test_the_configuration_may_begin_with_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(f'{BOM}[bybit]\r\nkey = "k"\r\nsecret = "s"\r\n'.encode())
    path.chmod(0o600)
    resolved = credentials.find("bybit", {"WSCLI_CONFIG": str(path)})

    assert resolved is not None
    assert resolved.key is not None
    assert resolved.key.reveal() == "k"


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize("text", [ENTRY, ENTRY.strip(), ENTRY * 2, ENTRY.replace("\n", "\r\n") * 2])
def test_a_recording_may_begin_with_one(tmp_path: Path, text: str, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "recording"
    path.write_bytes(pack((BOM + text).encode()))

    assert len([*read_recording(str(path))]) == text.count("time")


def test_a_favourite_that_was_edited_elsewhere_may_begin_with_one() -> None:
    favourites.write("mine", ["ping"])
    (favourites.favourites_directory() / "mine.wscli").write_text(f"{BOM}ping\r\n")

    assert favourites.read("mine") == ["ping"]
