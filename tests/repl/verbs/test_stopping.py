"""What Ctrl-C stops, `resume` begins again; `reconnect` and `use` keep what is on; `record` takes every exchange, or one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.conftest import Sim
from tests.repl.conftest import Rehearsal
from wscli.core.errors import UsageError
from wscli.core.messages import Subscribe
from wscli.output.sink import StreamOptions
from wscli.repl.display.streams import Stream
from wscli.repl.verbs.stopping import stop_streams
from wscli.repl.workspace.stopped_streams import StoppedStream, stopped_streams

BTC, ETH = (Subscribe("trade", (symbol,)) for symbol in ("BTCUSDT", "ETHUSDT"))
BOTH, KLINE = Subscribe("trade", ("BTCUSDT", "ETHUSDT")), Subscribe("kline", ("BTCUSDT",), {"interval": "1m"})
FILE, COMMAND = SimpleNamespace(op=">", target="a.jsonl"), SimpleNamespace(op="|", target="jq .")


def stream(subscription: Subscribe, redirect: Any = None, shown: int = 0, **wanted: Any) -> Stream:
    made = Stream("typed", [subscription], StreamOptions(**wanted), None, redirect)
    made.shown_count = shown
    return made


KEPT = [
    # the streams                       what is subscribed    what is begun again: subscriptions, count, redirect
    ([stream(BOTH)],                    [BTC, ETH],           [(BOTH, None, None)]),
    ([stream(BOTH)],                    [ETH],                [(ETH, None, None)]),
    ([stream(BTC, count=5, shown=3)],   [BTC],                [(BTC, 2, None)]),
    ([stream(BTC, FILE)],               [BTC],                [(BTC, None, (">>", "a.jsonl"))]),  # it is not begun anew
    ([stream(BTC, COMMAND)],            [BTC],                [(BTC, None, ("|", "jq ."))]),
    ([stream(BTC)],                     [BTC, KLINE],         [(BTC, None, None), (KLINE, None, None)]),  # subscribed with send
    ([stream(KLINE)],                   [BTC],                [(BTC, None, None)]),
    ([],                                [],                   []),
]  # fmt: skip


@pytest.mark.parametrize(("running", "subscribed", "kept"), KEPT)
def test_what_is_subscribed_is_kept(running: list[Stream], subscribed: list[Subscribe], kept: list[Any]) -> None:
    worker = SimpleNamespace(
        label="bybit", subscriptions=lambda: subscribed, streams=SimpleNamespace(running=tuple(running))
    )
    found = stopped_streams(cast(Any, worker))

    assert [(one.subscriptions, one.wanted.count, one.redirect) for one in found] == [
        ((subscription,), count, redirect) for subscription, count, redirect in kept
    ]


def test_what_was_stopped_is_subscribed_again_with_its_file_and_its_filter(
    bybit: Rehearsal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    file = Path("trades")
    bybit.say("subscribe trade.BTCUSDT trade.ETHUSDT --where side=sell")
    bybit.say("subscribe kline.1m.BTCUSDT > trades")
    bybit.sheet.until(lambda: bool(bybit.sheet.messages) and file.read_text().count("\n") > 0)
    before, words = bybit.current.subscriptions(), bybit.sheet.words
    stop_streams(bybit)
    stopped, length = bybit.current.subscriptions(), len(file.read_text())
    bybit.say("resume")
    streams = bybit.current.streams.running

    assert (stopped, bybit.current.subscriptions()) == ([], before)
    assert [word for word in words if "subscri" in word and "ack" not in word] == [
        "wscli: bybit: unsubscribed trade BTCUSDT, trade ETHUSDT, kline BTCUSDT interval=1m",
        "wscli: stopped 3 subscriptions; resume subscribes again",
        "wscli: resumed 3 subscriptions",
    ]
    assert streams[0].display is not None
    assert streams[0].display.filters == ("where side=sell",)
    bybit.sheet.until(lambda: len(file.read_text()) > length)  # it goes on in the file


def test_what_cannot_be_resumed_is_named_and_nothing_to_resume_is_said(opened: Callable[..., Rehearsal]) -> None:
    workspace = opened()
    workspace.stopped = (StoppedStream("bybit", "subscribe trade BTCUSDT", (BTC,), StreamOptions()),)
    workspace.say("resume")
    workspace.say("resume")

    assert workspace.sheet.words == [
        "wscli: bybit: no longer open, not resumed: subscribe trade BTCUSDT",
        "wscli: resumed 0 subscriptions",
        "wscli: nothing is paused or stopped",
    ]


def test_reconnect_drops_the_connection_and_subscribes_again(bybit: Rehearsal) -> None:
    bybit.say("subscribe trade.BTCUSDT trade.ETHUSDT")
    before = bybit.current.subscriptions()
    bybit.say("reconnect")
    bybit.sheet.until(lambda: any("reconnected after" in word for word in bybit.sheet.words))
    bybit.sheet.until(lambda: any(m.connection == 2 for _, m in bybit.current.streams.recent))

    assert bybit.current.subscriptions() == before
    assert "wscli: bybit: reconnecting, with 2 subscriptions" in bybit.sheet.words


def test_reconnect_comes_back_with_no_reconnect_too(opened: Callable[..., Rehearsal], sim: Sim) -> None:
    workspace = opened()
    workspace.say(f"use bybit --api spot-v3 --no-reconnect --url {sim.urls['bybit-spot-v3']}")
    workspace.say("subscribe trade.BTCUSDT")
    workspace.say("reconnect bybit")
    workspace.sheet.until(lambda: any(m.connection == 2 for _, m in workspace.current.streams.recent))


SAME_PLACE = ["use bybit", "bybit", "use bybit --api spot-v3", "use bybit --url {url}", "connect bybit"]


@pytest.mark.parametrize("line", SAME_PLACE)
def test_use_of_an_exchange_that_is_open_keeps_it_as_it_is(bybit: Rehearsal, sim: Sim, line: str) -> None:
    bybit.say("subscribe trade.BTCUSDT")
    worker = bybit.current
    bybit.say(line.format(url=sim.urls["bybit-spot-v3"]))

    assert bybit.current is worker
    assert len(worker.subscriptions()) == 1


def test_use_with_another_flag_opens_it_again_in_the_same_place(bybit: Rehearsal, tmp_path: Path) -> None:
    worker, place = bybit.current, bybit.current.location_flags
    bybit.say(f"use bybit --record {tmp_path / 'a.jsonl'}")

    assert bybit.current is not worker
    assert bybit.current.location_flags == place


@pytest.fixture
def two(bybit: Rehearsal, sim: Sim, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Rehearsal:
    monkeypatch.chdir(tmp_path)
    bybit.say(f"use bitstamp --url {sim.urls['bitstamp']}")
    return bybit


RECORDED = [
    # the lines                              which exchanges are recorded then    the last notice
    (["record all"],                         {"bybit": "all", "bitstamp": "all"}, "bybit, bitstamp: recording to all"),
    (["bybit record one"],                   {"bybit": "one"},                    "bybit: recording to one"),
    (["record all", "bybit record off"],     {"bitstamp": "all"},                 "bybit: recording stopped"),
    (["record all", "record off"],           {},                                  "bybit, bitstamp: recording stopped"),
    (["record off"],                         {},                                  "nothing is being recorded"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "recorded", "notice"), RECORDED)
def test_every_open_exchange_is_recorded_or_the_one_that_is_named(
    two: Rehearsal, lines: list[str], recorded: dict[str, str], notice: str
) -> None:
    for line in lines:
        two.say(line)
    found = {label: worker.recorder.path for label, worker in two.workers.items() if worker.recorder is not None}

    assert found == recorded
    assert two.sheet.words[-1] == f"wscli: {notice}"


def test_a_recording_of_all_holds_what_each_receives_and_stays_where_an_exchange_is_opened_again(
    two: Rehearsal,
) -> None:
    two.say("record all")
    for line in ("bybit ping", "bitstamp ping", "use bitstamp --no-reconnect", "bitstamp ping", "record off"):
        two.say(line)
    lines = [json.loads(line) for line in Path("all").read_text().splitlines()]
    received = [line["exchange"] for line in lines if line["direction"] == "received"]

    assert (received.count("bybit"), received.count("bitstamp")) == (1, 2)


@pytest.mark.parametrize(
    ("line", "message"), [("reconnect nosuch", "nosuch is not open"), ("disconnect nosuch", "nosuch is not open")]
)
def test_an_exchange_that_is_not_open_cannot_be_left(bybit: Rehearsal, line: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as raised:
        bybit.say(line)

    assert raised.value.hint == "one of: bybit"


def test_the_exchange_that_a_line_names_is_the_one_it_is_about(two: Rehearsal) -> None:
    two.say("bybit disconnect")

    assert [*two.workers] == ["bitstamp"]


@pytest.mark.parametrize("verb", ["last", "record a.jsonl", "disconnect", "reconnect", "wait-for price>0"])
def test_an_exchange_that_is_not_open_has_nothing_of_that_kind(two: Rehearsal, verb: str) -> None:
    with pytest.raises(UsageError, match="whitebit is not open") as raised:
        two.say(f"whitebit {verb}")

    assert raised.value.hint == "use whitebit connects to it"
    assert two.current_label == "bitstamp"
