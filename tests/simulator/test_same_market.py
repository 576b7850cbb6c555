"""One seed gives one market, at any time and speed: the data of a client begins with its first subscription."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from websockets.sync.client import connect

from tests.conftest import Wscli
from tests.support.simulated import serving
from wscli.exchanges import simulated
from wscli.simulator import server
from wscli.simulator.instruments import INSTRUMENTS
from wscli.simulator.market import Market

STARTS = (1_700_000_012_345, 1_700_000_000_000, 1_700_000_059_999, 1_700_003_599_950, 1_764_374_400_007)
PATIENCE_S = 60.0


def traded(market: Market, symbol: str) -> list[tuple[Any, ...]]:
    return [(t.id, t.price, t.size, t.side) for t in market.trades(symbol, 1_000)]


@pytest.mark.parametrize("symbol", [item.symbol for item in INSTRUMENTS[:3]])
def test_the_trades_before_the_start_do_not_depend_on_when_it_is(symbol: str) -> None:
    histories = [traded(Market(11, start_ms=start_ms), symbol) for start_ms in STARTS]

    assert len(histories[0]) == 120
    assert all(one == histories[0] for one in histories)
    assert histories[0] != traded(Market(12, start_ms=STARTS[0]), symbol)


def test_the_newest_candles_before_the_start_do_not_depend_on_how_many_there_are() -> None:
    histories = []
    for start_ms in (STARTS[1], STARTS[1] + 20 * 60_000):  # the same minute of another third of an hour
        minute_s = start_ms // 60_000 * 60 - 120
        candles = Market(11, start_ms=start_ms).candles("BTC/USDT", 60, minute_s - 40 * 60, minute_s)
        histories.append([(c.open, c.close, c.volume) for c in candles])

    assert len(histories[0]) == 41
    assert histories[0] == histories[1]


def test_a_market_that_begins_later_is_the_same_one() -> None:
    early, late = Market(11, start_ms=STARTS[0]), Market(11, start_ms=STARTS[0])
    late.start(STARTS[3])
    early.advance(STARTS[0] + 5_000)
    late.advance(STARTS[3] + 5_000)

    assert traded(early, "BTC/USDT") == traded(late, "BTC/USDT")
    assert late.trades("BTC/USDT", 1)[0].time_us >= STARTS[3] * 1000
    assert late.start_ms == STARTS[3]


class Clock:
    """A wall clock that can be put forward: of one server, not of the simulator that serves the other tests beside it."""

    def __init__(self, now_ms: Callable[[], int] = server.wall_clock_ms) -> None:
        self.forward_ms = 0
        self._now_ms = now_ms

    def wall_ms(self) -> int:
        return self._now_ms() + self.forward_ms


CLIENTS = [
    # exchange, what is sent before                            what subscribes
    ("whitebit",    ['{"id":1,"method":"ping","params":[]}'], ['{"id":2,"method":"trades_subscribe","params":["BTC_USDT"]}', '{"id":3,"method":"depth_subscribe","params":["BTC_USDT",10,"0",true]}']),
    ("bybit-spot-v3", ['{"op":"ping"}'],                      ['{"op":"subscribe","args":["trade.BTCUSDT"]}']),
    ("bybit-v5",    ['{"op":"ping"}'],                      ['{"op":"subscribe","args":["publicTrade.BTCUSDT","orderbook.50.BTCUSDT"]}']),
    ("bitfinex-v2", ['{"event":"ping","cid":1}', '{"event":"conf","flags":65536}'], ['{"event":"subscribe","channel":"book","symbol":"tBTCUSD"}', '{"event":"subscribe","channel":"trades","symbol":"fUSD"}']),
]  # fmt: skip
TIMES = ("ts", "T", "t", "cts", "timestamp", "time")


def timeless(value: Any) -> Any:
    """Return a message without what is a time in it."""
    if isinstance(value, dict):
        return {k: timeless(v) for k, v in value.items() if k not in TIMES}
    if isinstance(value, list):
        return [timeless(v) for v in value]
    return None if isinstance(value, int | float) and value > 1e9 and value < 2e12 else value


def seen(name: str, before: Sequence[str], subscribes: Sequence[str], late_ms: int) -> list[Any]:
    """Return the first data that a client sees which takes so long before it subscribes."""
    clock = Clock()
    served = serving(name.partition("-")[0], seed=11, wall_ms=clock.wall_ms)
    with served as facts, connect(facts["urls"][name]) as ws:  # type: ignore[index]
        for text in before:
            ws.send(text)
            ws.recv(timeout=PATIENCE_S)
        clock.forward_ms = late_ms
        for text in subscribes:
            ws.send(text)
        messages: list[Any] = []
        while len(messages) < 30:
            message = json.loads(ws.recv(timeout=PATIENCE_S))
            if isinstance(message, list) or "topic" in message or str(message.get("method", "")).endswith("_update"):
                messages.append(timeless(message))
    return messages


@pytest.mark.parametrize(("name", "before", "subscribes"), CLIENTS, ids=[name for name, *_ in CLIENTS])
def test_what_a_client_sees_begins_with_its_first_subscription(
    name: str, before: list[str], subscribes: list[str]
) -> None:
    soon = seen(name, [], subscribes, 0)
    late = seen(name, before, subscribes, 90_000)

    if "conf" in "".join(before):  # which puts a number behind each
        late = [message[:-1] for message in late]
    assert soon == late


def test_the_market_moves_once_subscriptions_have_settled_and_no_tick_is_left_out() -> None:
    clock = Clock(lambda: 1_700_000_000_000)
    simulation = server.SimulatorServer(simulated(["bybit"]), wall_ms=clock.wall_ms)
    simulation._on_subscribe()
    began = simulation.now_ms()
    clock.forward_ms = 100
    simulation._on_subscribe()  # another one comes soon
    clock.forward_ms = 240
    before = [*simulation._due_tick_times()]
    clock.forward_ms = 1_020
    after = [*simulation._due_tick_times()]
    clock.forward_ms = 3_600_000

    assert before == []
    assert after == [began + 50 * n for n in range(1, 21)]
    assert [*simulation._due_tick_times()] == [began + 3_600_000]


def test_sim_takes_a_seed_and_shows_one_market_for_each(wscli: Wscli) -> None:
    arguments = ("--sim", "whitebit", "query", "trades", "BTC_USDT", "limit=100", "-o", "rows")
    ran = [wscli(*arguments, "--seed", seed) for seed in ("11", "11", "12")]
    rows = [[{k: v for k, v in json.loads(line).items() if k != "time"} for line in one.lines] for one in ran]

    assert [len(one) for one in rows] == [100, 100, 100]
    assert rows[0] == rows[1]
    assert rows[0] != rows[2]


def test_faults_at_a_message_reach_the_simulator(wscli: Wscli) -> None:
    arguments = (
        "--sim",
        "bybit",
        "subscribe",
        "trade.BTCUSDT",
        "--api",
        "spot-v3",
        "-n",
        "12",
        "-o",
        "rows",
        "--seed",
        "11",
    )
    whole = wscli(*arguments, "-q")
    broken = wscli(*arguments, "--fault", "gap@trade:5x1", "--fault", "gap@trade:7x1", "-q")
    ids = [[json.loads(line)["trade_id"] for line in ran.lines] for ran in (whole, broken)]
    left = wscli(*arguments, "--fault", "reconnect@trade:4")

    assert broken.status == 0, broken.err
    assert ids[1][:10] == [one for at, one in enumerate(ids[0], 1) if at not in (5, 7)]
    assert left.status == 0
    assert left.err.count("connection") >= 2


REJECTED = [
    (["bybit", "subscribe", "tickers", "BTCUSDT", "--seed", "3"], "--seed works with the simulator only"),
    (["bybit", "ping", "--fault", "gap@5"], "--fault works with the simulator only"),
    (["--sim", "bybit", "ping", "--seed", "x"], "not a seed: 'x'"),
    (["--sim", "bybit", "subscribe", "tickers", "BTCUSDT", "--fault", "gap@trades"], "this time cannot be read"),
    (["simulate", "--fault", "gpa", "--port", "0"], "'gpa' is not a kind of --fault"),
]


@pytest.mark.parametrize(("arguments", "expected"), REJECTED)
def test_an_invalid_seed_or_fault_is_exit_status_2(wscli: Wscli, arguments: list[str], expected: str) -> None:
    ran = wscli(*arguments)

    assert ran.status == 2
    assert expected in ran.err
