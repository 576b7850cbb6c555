"""An exchange of an installed package: one made-up exchange, installed by hand, used as those that are built in."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

import pytest

from tests.conftest import Wscli
from tests.support.terminal import terminal
from tests.support.transcript_player import Play
from wscli.exchanges import BUILT_IN
from wscli.exchanges.transcript import transcript_lines

PACKAGE = Path(__file__).parents[1] / "support" / "exchange_package" / "madeup_wscli"


# An entry whose dialect was written for another version of wscli.
OLD = """
import wscli.core.dialect
from wscli.exchanges.entry import Exchange

EXCHANGE = Exchange("madeup", "Madeup v1", {"v1": "madeup_wscli.old:MADEUP"})


def __getattr__(name):
    return wscli.core.dialect.Gone
"""


def install(folder: Path, reference: str) -> Mapping[str, str]:
    """Install the package in a folder as pip would, with its entry point; return the environment that finds it."""
    shutil.copytree(PACKAGE, folder / PACKAGE.name, ignore=shutil.ignore_patterns("__pycache__"))
    info = folder / "madeup_wscli-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: madeup-wscli\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[wscli.exchanges]\nmadeup = {reference}\n")
    return {"PYTHONPATH": str(folder)}


@pytest.fixture
def installed(tmp_path: Path) -> Mapping[str, str]:
    return install(tmp_path / "site", "madeup_wscli:EXCHANGE")


def test_its_channels_are_listed_and_explained(wscli: Wscli, installed: Mapping[str, str]) -> None:
    everything = wscli("madeup", "channels", env=installed)
    trades = wscli("madeup", "channels", "trades", env=installed)

    assert (everything.status, trades.status) == (0, 0), everything.err
    assert "ten levels a side, whole each time" in everything.out
    assert "trade_id" in trades.out


def test_it_is_in_the_list_of_exchanges_and_nobody_else_is_missing(wscli: Wscli, installed: Mapping[str, str]) -> None:
    ran = wscli("exchanges", "-o", "json", env=installed)
    names = [json.loads(line)["name"] for line in ran.lines]

    assert list(dict.fromkeys(names)) == [*BUILT_IN, "madeup"]


def test_a_dry_run_shows_its_frames(wscli: Wscli, installed: Mapping[str, str]) -> None:
    ran = wscli("madeup", "subscribe", "trades", "BTC-USD", "ETH-USD", "--dry-run", env=installed)

    assert (ran.status, ran.lines) == (
        0,
        [
            '{"id":1,"op":"subscribe","channel":"trades","market":"BTC-USD"}',
            '{"id":2,"op":"subscribe","channel":"trades","market":"ETH-USD"}',
        ],
    )


def test_its_simulated_exchange_streams_labelled_rows(wscli: Wscli, installed: Mapping[str, str]) -> None:
    ran = wscli("madeup", "--sim", "subscribe", "trades", "BTC-USD", "-n", "2", "-o", "rows", env=installed)
    rows = [json.loads(line) for line in ran.lines]

    assert ran.status == 0, ran.err
    assert {row["symbol"] for row in rows} == {"BTC-USD"}
    assert {"side", "price", "size", "trade_id", "time"} <= rows[0].keys()


def test_its_book_is_kept(wscli: Wscli, installed: Mapping[str, str]) -> None:
    ran = wscli("madeup", "--sim", "book", "BTC-USD", "-n", "2", env=installed)

    assert (ran.status, len(ran.lines)) == (0, 2), ran.err


def test_its_rejections_are_rejections(wscli: Wscli, installed: Mapping[str, str]) -> None:
    ran = wscli("madeup", "--sim", "subscribe", "trades", "NONE-USD", env=installed)

    assert (ran.status, ran.out) == (4, "")
    assert "no market NONE-USD" in ran.err


def test_completions_know_it_once_they_are_made_again(wscli: Wscli, installed: Mapping[str, str]) -> None:
    without, with_it = wscli("completion", "bash"), wscli("completion", "bash", env=installed)

    assert "madeup" not in without.out
    assert with_it.status == 0
    assert "madeup" in with_it.out


def test_lines_from_standard_input_use_it(wscli: Wscli, installed: Mapping[str, str]) -> None:
    ran = wscli("-o", "rows", stdin="use madeup --sim\nsubscribe trades BTC-USD -n 1\n", env=installed)

    assert (ran.status, len(ran.lines)) == (0, 1), ran.err


def test_the_prompt_completes_its_words(installed: Mapping[str, str]) -> None:
    with terminal("madeup", "--sim", env=installed) as person:
        person.see("^madeup>")
        person.type("subscribe tr\t")
        person.see("^madeup> subscribe trades")
        person.enter(" BTC-USD -n 1")
        person.see(r'"channel":"trades"|trade_id|36\d\d\d')
        person.enter("quit")


def test_its_transcript_is_what_happens(installed: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(installed["PYTHONPATH"])
    from madeup_wscli.dialect import MADEUP  # type: ignore[import-not-found]

    lines = [line for line in transcript_lines((PACKAGE / "transcript.txt").read_text()) if line.mark != "#"]
    for _, connection in groupby(lines, key=lambda line: line.connection):
        Play(MADEUP, list(connection)).run()


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("madeup_nowhere:EXCHANGE", "ModuleNotFoundError"),
        ("madeup_wscli:NOTHING", "AttributeError"),
        ("madeup_wscli.dialect:MADEUP", "it is not an Exchange named 'madeup' with an API"),
        ("madeup_wscli.old:EXCHANGE", "AttributeError: module 'wscli.core.dialect' has no attribute 'Gone'"),
    ],
)
def test_a_package_that_cannot_be_used_is_named_and_the_others_go_on(
    wscli: Wscli, tmp_path: Path, reference: str, reason: str
) -> None:
    env = install(tmp_path / "site", reference)
    (tmp_path / "site" / "madeup_wscli" / "old.py").write_text(OLD)
    alone, listed, completed = (
        wscli(*words, env=env) for words in (("madeup", "channels"), ("exchanges",), ("completion", "fish"))
    )

    for ran in (alone, listed, completed):
        assert (ran.status, len(ran.err.splitlines())) == (1, 2)
        assert ran.err.startswith("wscli: exchange 'madeup' cannot be loaded from madeup_")
        assert reason in ran.err
        assert "update or remove madeup-wscli" in ran.err
    assert alone.out == ""
    assert listed.out == wscli("exchanges").out
    assert "digifinex" in completed.out
    assert wscli("bybit", "channels", env=env).status == 0


def test_an_unknown_name_gets_its_near_miss_from_installed_ones_too(wscli: Wscli, installed: Mapping[str, str]) -> None:
    ran = wscli("madup", "channels", env=installed)

    assert ran.status == 2
    assert "did you mean madeup?" in ran.err
