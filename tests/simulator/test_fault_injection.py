"""Faults on request: at a time, repeatedly, on every channel, several at once."""

from __future__ import annotations

import doctest
import json
import re
from collections.abc import Sequence
from typing import Any

import pytest

from wscli.core import fault_words
from wscli.core.errors import UsageError
from wscli.core.fault_words import FaultPlan, parse_fault
from wscli.exchanges import simulated
from wscli.exchanges.bitfinex.simulated import messages
from wscli.simulator.contract import (
    Close,
    Drop,
    Output,
    Send,
    SimulatedConnection,
    SimulatedCredentials,
    SimulatedExchange,
)
from wscli.simulator.fault_injection import FaultInjection, check
from wscli.simulator.market import Market

START_MS = 1_700_000_012_345
WHO = SimulatedCredentials("key", "secret")


@pytest.mark.parametrize("module", [fault_words, messages])
def test_the_examples_in_the_docstrings_hold(module: Any) -> None:
    assert doctest.testmod(module).failed == 0


READ = [
    ("gap", FaultPlan("gap", "", 11, None, 1, books_only=True)),
    ("reconnect@5s", FaultPlan("reconnect", "", None, 5_000)),
    ("reconnect@500ms", FaultPlan("reconnect", "", None, 500)),
    ("reconnect@1.5m", FaultPlan("reconnect", "", None, 90_000)),
    ("restart@20", FaultPlan("restart", "", 20)),
    ("gap@trades:20", FaultPlan("gap", "trades", 20)),
    ("gap@trades.tBTCUSD:20x3", FaultPlan("gap", "trades.tBTCUSD", 20, None, 3)),
    ("gap@live_trades:2s", FaultPlan("gap", "live_trades", None, 2_000)),
    ("crossed@depth:20", FaultPlan("crossed", "depth", 20, None, None, books_only=True)),
    ("checksum@30", FaultPlan("checksum", "", 30, None, None, books_only=True)),
    ("stale@3sx1", FaultPlan("stale", "", None, 3_000, 1)),
]


@pytest.mark.parametrize(("text", "plan"), READ)
def test_a_fault_is_read_with_its_time(text: str, plan: FaultPlan) -> None:
    assert parse_fault(text) == plan


REJECTED = [
    ("gpa", "'gpa' is not a kind of --fault"),
    ("", "'' is not a kind of --fault"),
    ("gpa@5s", "'gpa' is not a kind of --fault"),
    ("gap@", "this time cannot be read"),
    ("gap@trades", "this time cannot be read"),
    ("gap@trades:", "this time cannot be read"),
    ("gap@:5", "this time cannot be read"),
    ("gap@5h", "this time cannot be read"),
    ("gap@-5", "this time cannot be read"),
    ("gap@5s5", "this time cannot be read"),
    ("gap@0", "a number from 1"),
    ("gap@0s", "a number from 1"),
    ("gap@5x0", "a number from 1"),
    ("gap@99999999999", "a number from 1"),
    ("gap@" + "9" * 5000, "this time cannot be read"),
    ("gap@٣", "this time cannot be read"),
    ("gap 5s", "'gap 5s' is not a kind of --fault"),
]


@pytest.mark.parametrize(("text", "expected"), REJECTED)
def test_an_invalid_fault_is_a_usage_error(text: str, expected: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_fault(text)

    assert expected in error.value.message


class Counting(SimulatedConnection):
    """Sends a numbered message of each of two channels in each tick, and a heartbeat."""

    def __init__(self) -> None:
        self._number = 0

    def receive(self, data: str | bytes, now_ms: int) -> list[Output]:
        return [Send("ok")]

    def tick(self, now_ms: int) -> list[Output]:
        self._number += 1
        return [Send(f"book.X {self._number}"), Send(f"trades.Y {self._number}"), Send("beat")]


class Two(SimulatedExchange):
    """An exchange with a book and trades."""

    name = "two"
    paths = {"two": "/two"}
    data_pattern = re.compile(r"((?:book|trades)\.\w)")
    book_pattern = re.compile("book")

    def connect(self, path: str, now_ms: int) -> SimulatedConnection:
        return Counting()

    def crossed_messages(self, text: str) -> list[str]:
        return [f"{text} crossed"]


@pytest.fixture(scope="module")
def two() -> SimulatedExchange:
    return Two(Market(start_ms=START_MS), WHO)


def run(exchange: SimulatedExchange, texts: Sequence[str], ticks: int, *, connections: int = 1) -> list[list[str]]:
    """Return what each connection, one after the other, sent in a number of ticks of 50 ms after it subscribed."""
    faults, deliveries = FaultInjection([parse_fault(one) for one in texts]), list[list[str]]()
    for _ in range(connections):
        connection, received = faults.wrap(exchange, Counting()), list[str]()
        connection.receive("subscribe", START_MS)
        for tick in range(1, ticks + 1):
            outs = connection.tick(START_MS + 50 * tick)
            received += [out.data if isinstance(out, Send) else type(out).__name__ for out in outs]  # type: ignore[misc]
            if any(isinstance(out, Drop | Close) for out in outs):
                break
        deliveries.append(received)
    return deliveries


def numbers(received: Sequence[str], channel: str) -> list[int]:
    return [int(text.split()[1]) for text in received if text.startswith(channel)]


def without(ticks: int, *lost: int) -> list[int]:
    return [n for n in range(1, ticks + 1) if n not in lost]


LOST = [
    # faults                              of the book     of the trades
    (["gap"],                             [11],           []),
    (["gap@5"],                           [3, 8, 13, 18], [5, 10, 15, 20]),
    (["gap@trades:5"],                    [],             [5, 10, 15, 20]),
    (["gap@trades.Y:5"],                  [],             [5, 10, 15, 20]),
    (["gap@trade:5"],                     [],             []),
    (["gap@trades:5x2"],                  [],             [5, 10]),
    (["gap@book:7x1"],                    [7],            []),
    (["gap@trades:5x1", "gap@book:6x1"],  [6],            [5]),
    (["gap@trades:5x1", "gap@trades:6x1"], [],            [5, 6]),
    (["gap", "gap@trades:4x1"],           [11],           [4]),
    (["gap@trades:500ms"],                [],             [11]),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "book", "trades"), LOST)
def test_messages_are_lost_at_the_planned_numbers(
    two: SimulatedExchange, texts: list[str], book: list[int], trades: list[int]
) -> None:
    (received,) = run(two, texts, 20)

    assert numbers(received, "book") == without(20, *book)
    assert numbers(received, "trades") == without(20, *trades)
    assert received.count("beat") == 20


def test_a_time_counts_on_each_connection_and_repeats(two: SimulatedExchange) -> None:
    received = run(two, ["reconnect@500ms"], 40, connections=3)

    assert [one[-1] for one in received] == ["Drop"] * 3
    assert [max(numbers(one, "book")) for one in received] == [10] * 3


def test_a_fault_that_was_to_happen_twice_happens_no_third_time(two: SimulatedExchange) -> None:
    received = run(two, ["reconnect@500msx2"], 40, connections=3)

    assert [one[-1] for one in received] == ["Drop", "Drop", "beat"]


def test_silence_begins_at_its_message_and_only_on_its_channel(two: SimulatedExchange) -> None:
    (received,) = run(two, ["stale@trades:5"], 20)

    assert numbers(received, "trades") == [1, 2, 3, 4]
    assert numbers(received, "book") == without(20)


def test_several_faults_of_different_kinds_happen_in_one_run(two: SimulatedExchange) -> None:
    (received,) = run(two, ["gap@trades:3x1", "crossed@book:5x1", "restart@1s"], 40)

    assert numbers(received, "trades") == without(20, 3)
    assert [text for text in received if text.endswith("crossed")] == [f"book.X {n} crossed" for n in (5, 6, 7)]
    assert received[-1] == "Close"


CHANNELS = [
    # exchange       requests                                                                        its channels
    ("bybit-spot-v3", ['{"op":"subscribe","args":["trade.BTCUSDT","orderbook.40.BTCUSDT","kline.1m.BTCUSDT","tickers.BTCUSDT"]}'],
     {"trade.BTCUSDT", "orderbook.40.BTCUSDT", "kline.1m.BTCUSDT", "tickers.BTCUSDT"}),
    ("bybit-v5", ['{"op":"subscribe","args":["publicTrade.BTCUSDT","orderbook.50.BTCUSDT","kline.1.BTCUSDT","tickers.BTCUSDT","orderbook.rpi.BTCUSDT"]}'],
     {"publicTrade.BTCUSDT", "orderbook.50.BTCUSDT", "kline.1.BTCUSDT", "tickers.BTCUSDT", "orderbook.rpi.BTCUSDT"}),
    ("bitstamp", [json.dumps({"event": "bts:subscribe", "data": {"channel": f"{name}_btcusd"}}, separators=(",", ":"))
                  for name in ("live_trades", "live_orders", "order_book", "diff_order_book")],
     {"live_trades_btcusd", "live_orders_btcusd", "order_book_btcusd", "diff_order_book_btcusd"}),
    ("whitebit", ['{"id":1,"method":"trades_subscribe","params":["BTC_USDT"]}', '{"id":2,"method":"depth_subscribe","params":["BTC_USDT",100,"0",true]}',
                  '{"id":3,"method":"lastprice_subscribe","params":["BTC_USDT"]}'], {"trades", "depth", "lastprice"}),
    ("digifinex", ['{"id":1,"method":"trades.subscribe","params":["BTC_USDT"]}', '{"id":2,"method":"depth.subscribe","params":["BTC_USDT"]}'],
     {"trades", "depth"}),
    ("bitfinex-v1", ['{"event":"subscribe","channel":"trades","pair":"BTCUSD"}', '{"event":"subscribe","channel":"book","pair":"BTCUSD"}'],
     {"trades.BTCUSD", "book.BTCUSD"}),
    ("bitfinex-v2", ['{"event":"subscribe","channel":"trades","symbol":"tBTCUSD"}', '{"event":"subscribe","channel":"candles","key":"trade:1m:tBTCUSD"}',
                     '{"event":"subscribe","channel":"ticker","symbol":"fUSD"}'],
     {"trades.tBTCUSD", "candles.trade:1m:tBTCUSD", "ticker.fUSD"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "requests", "channels"), CHANNELS)
def test_every_channel_of_an_exchange_has_its_name(name: str, requests: list[str], channels: set[str]) -> None:
    market = Market(start_ms=START_MS)
    every = simulated()
    exchange = next(cls for cls in every if cls.name == name)(market, WHO)
    connection, known = exchange.connect(next(iter(exchange.paths.values())), START_MS), dict[str, str]()
    outs = [*connection.greet(START_MS), *(out for text in requests for out in connection.receive(text, START_MS))]
    for tick in range(1, 60):
        market.advance(START_MS + 50 * tick)
        outs += connection.tick(START_MS + 50 * tick)
    texts = [exchange.text_of(out.data) for out in outs if isinstance(out, Send)]

    assert {exchange.channel_of(text, known) for text in texts if text is not None} - {None} == channels


@pytest.mark.parametrize("cls", simulated(), ids=lambda cls: cls.name)
def test_every_exchange_can_have_a_fault_at_a_time(cls: type[SimulatedExchange]) -> None:
    exchange = cls(Market(start_ms=START_MS), WHO)
    check([parse_fault("gap@5"), parse_fault("reconnect@5s"), parse_fault("crossed")], [exchange])

    if not exchange.has_checksums:
        with pytest.raises(UsageError, match="'checksum' to break"):
            check([parse_fault("checksum@5")], [exchange])
