"""The private topics of the simulated Bybit spot v3, from events made by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

import pytest

from wscli.exchanges.bybit.simulated.spot_v3.account import PRIVATE_TOPICS, BybitPrivateFeeds
from wscli.simulator.account_events import (
    AccountOrder,
    Balance,
    BalanceChange,
    Fill,
    OrderUpdate,
    StopOrder,
    StopUpdate,
)

US = 1_700_000_012_345_678
D = Decimal
FEEDS = BybitPrivateFeeds({"BTC/USDT": "BTCUSDT"}, 4242)


def a_fill(*, self_trade: bool = False, symbol: str = "BTC/USDT") -> Fill:
    ids = 9, US, 5, symbol, 7, 8, "mine"
    return Fill(*ids, "buy", "limit", D(40_000), D("0.5"), D(40_100), True, D("0.1"), "USDT", self_trade)


def an_order(
    status: Any, filled: str, fill: Fill | None = None, kind: Literal["limit", "market"] = "limit"
) -> OrderUpdate:
    value = D(filled) * 40_000
    order = AccountOrder(
        7, "mine", "BTC/USDT", "buy", kind, D(40_000), D(2), D(filled), value, D(0), status, US - 10**6, US
    )
    return OrderUpdate(4, US, order, fill)


@pytest.mark.parametrize(("self_trade", "other"), [(False, "10000001"), (True, "4242")])
def test_a_fill_is_a_ticket_that_names_both_sides(self_trade: bool, other: str) -> None:
    ((topic, [row]),) = FEEDS.pushes([a_fill(self_trade=self_trade)], {"ticketInfo"})

    assert topic == "ticketInfo"
    assert row == {
        "e": "ticketInfo", "E": "1700000012345", "s": "BTCUSDT", "q": "0.5", "t": "1700000012345", "p": "40000",
        "T": "2290000000000000005", "o": "7", "c": "mine", "O": "8", "a": "4242", "A": other, "m": True, "S": "BUY", "b": "",
    }  # fmt: skip


NO_FILL = {"M": "0", "l": "0", "L": "0", "n": "0", "N": "", "u": True, "A": "0", "t": "0"}
FILLED = {
    "M": "8",
    "l": "0.5",
    "L": "40000",
    "n": "0.1",
    "N": "USDT",
    "u": True,
    "A": "10000001",
    "t": "2290000000000000005",
}
ORDERS = [
    # the update                                              what the row says
    (an_order("new", "0"),                                    {"X": "NEW", "o": "LIMIT", "f": "GTC", "z": "0", "w": True, "C": False, **NO_FILL}),
    (an_order("partial", "0.5", a_fill()),                    {"X": "PARTIALLY_FILLED", "z": "0.5", "Z": "20000", "w": True, "C": False, **FILLED}),
    (an_order("partial", "0.5", a_fill(self_trade=True)),     {**FILLED, "u": False, "A": "4242"}),
    (an_order("filled", "2", kind="market"),                  {"X": "FILLED", "o": "MARKET_OF_BASE", "f": "IOC", "w": False, "C": True}),
    (an_order("cancelled", "0"),                              {"X": "CANCELED", "w": False, "C": True}),
    (an_order("cancelled", "0.5"),                            {"X": "PARTIALLY_FILLED_CANCELED", "z": "0.5", "C": True}),
]  # fmt: skip


@pytest.mark.parametrize(("update", "fields"), ORDERS)
def test_an_order_has_the_fields_of_its_status_and_of_its_last_fill(
    update: OrderUpdate, fields: dict[str, object]
) -> None:
    ((topic, [row]),) = FEEDS.pushes([update], {"order"})
    common = {"s": "BTCUSDT", "S": "BUY", "c": "mine", "i": "7", "q": "2", "p": "40000", "O": "1700000011345"}

    assert topic == "order"
    assert {name: row[name] for name in (*common, *fields)} == common | fields


STOPS = [
    # status       its order   what the row says
    ("new",        0,          {"X": "ORDER_NEW", "eo": "", "t": "0"}),
    ("triggered",  9,          {"X": "ORDER_FILLED", "eo": "9", "t": "1700000012345"}),
    ("cancelled",  0,          {"X": "ORDER_CANCELED", "eo": "", "t": "0"}),
]  # fmt: skip


@pytest.mark.parametrize(("status", "order_id", "fields"), STOPS)
def test_a_stop_order_has_a_topic_of_its_own(status: Any, order_id: int, fields: dict[str, str]) -> None:
    prices = D(41_000), D(41_010), D("0.5"), D(40_000)
    triggered_us = US if order_id else 0
    one = StopOrder(77, "mine", "BTC/USDT", "sell", *prices, status, US - 10**6, triggered_us, order_id)
    ((topic, [row]),) = FEEDS.pushes([StopUpdate(3, US, one)], {"stopOrder"})
    common = {"s": "BTCUSDT", "S": "SELL", "i": "77", "q": "0.5", "p": "41010", "tp": "41000", "qp": "40000"}

    assert topic == "stopOrder"
    assert {name: row[name] for name in (*common, *fields)} == common | fields


def test_the_wallet_comes_once_and_last_with_what_changed() -> None:
    def change(currency: str, free: str, time_us: int) -> BalanceChange:
        return BalanceChange(1, time_us, Balance(currency, D(free), D(1)), D(0), "order")

    events = [change("BTC", "1", US - 10**6), change("XYZ", "1", US), a_fill(), change("BTC", "2", US)]
    pushes = [*FEEDS.pushes(events, {"outboundAccountInfo", "ticketInfo"})]

    assert [topic for topic, _ in pushes] == ["ticketInfo", "outboundAccountInfo"]
    assert pushes[-1][1][0]["B"] == [{"a": "BTC", "f": "2", "l": "1"}]
    assert pushes[-1][1][0]["E"] == "1700000012345"


def test_what_is_not_subscribed_or_not_listed_is_passed_over() -> None:
    everything = {*PRIVATE_TOPICS}

    assert [*FEEDS.pushes([a_fill(), an_order("new", "0")], set())] == []
    assert [*FEEDS.pushes([a_fill(symbol="NONE/NONE")], everything)] == []
