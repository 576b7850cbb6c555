"""The private topics of the simulated Bybit v5: what a stop order looks like, and which topics an event goes to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

import pytest

from wscli.exchanges.bybit.simulated.v5.account import BybitV5PrivateFeeds
from wscli.exchanges.bybit.simulated.v5.listings import listings
from wscli.simulator.account_events import (
    AccountOrder,
    Balance,
    BalanceChange,
    Fill,
    OrderUpdate,
    Position,
    PositionChange,
    StopOrder,
    StopUpdate,
)
from wscli.simulator.market import Market

START_MS = 1_700_000_012_345


@pytest.fixture(scope="module")
def feeds() -> BybitV5PrivateFeeds:
    market = Market(start_ms=START_MS)
    market.advance(START_MS)
    listed = listings(market)
    return BybitV5PrivateFeeds(market, listed["spot"], listed["linear"])


def stop(status: Literal["new", "triggered", "cancelled"], symbol: str = "BTC/USDT") -> StopUpdate:
    prices = Decimal("41000"), Decimal("41010"), Decimal("0.5"), Decimal("40000")
    return StopUpdate(
        3, 1_700_000_012_345_000, StopOrder(77, "mine", symbol, "buy", *prices, status, 1_700_000_001_000_000)
    )


STATUSES = [
    # the stop order   its status       what is still open
    ("new",            "Untriggered",   "0.5"),
    ("triggered",      "Triggered",     "0"),
    ("cancelled",      "Deactivated",   "0"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "shown", "left"), STATUSES)
def test_a_stop_order_is_an_order_with_a_status_and_a_trigger_of_its_own(
    feeds: BybitV5PrivateFeeds, status: Literal["new", "triggered", "cancelled"], shown: str, left: str
) -> None:
    ((topic, [row]),) = feeds.pushes([stop(status)], {"order"})

    assert topic == "order"
    assert (row["category"], row["symbol"], row["side"]) == ("spot", "BTCUSDT", "Buy")
    assert (row["orderId"], row["orderLinkId"], row["price"], row["qty"]) == ("77", "mine", "41010", "0.5")
    assert (row["orderStatus"], row["leavesQty"], row["triggerPrice"]) == (shown, left, "41000")
    assert (row["stopOrderType"], row["triggerDirection"]) == ("Stop", 1)
    assert (row["createdTime"], row["updatedTime"]) == ("1700000001000", "1700000012345")


TOPICS = [
    # subscribed to                     pushed to
    ({"order"},                         ["order"]),
    ({"order.spot"},                    ["order.spot"]),
    ({"order", "order.spot"},           ["order", "order.spot"]),
    ({"order.linear"},                  []),
    ({"execution", "wallet"},           []),
]  # fmt: skip


@pytest.mark.parametrize(("subscribed", "pushed"), TOPICS)
def test_an_event_goes_to_the_topic_of_all_and_to_that_of_its_category(
    feeds: BybitV5PrivateFeeds, subscribed: set[str], pushed: list[str]
) -> None:
    assert [topic for topic, _ in feeds.pushes([stop("new")], subscribed)] == pushed


def test_a_market_that_the_exchange_does_not_list_is_passed_over(feeds: BybitV5PrivateFeeds) -> None:
    assert [*feeds.pushes([stop("new", "NONE/NONE")], {"order"})] == []


US = 1_700_000_012_345_678
D = Decimal


def an_order(status: Any, filled: str, kind: Literal["limit", "market"] = "limit", fee: str = "0.4") -> OrderUpdate:
    value = D(filled) * 40_000
    order = AccountOrder(
        7, "mine", "BTC/USDT", "sell", kind, D(40_000), D(2), D(filled), value, D(fee), status, US - 10**6, US
    )
    return OrderUpdate(4, US, order)


ORDERS = [
    # status      filled  type      what the row says
    ("new",       "0",    "limit",  {"orderStatus": "New", "timeInForce": "GTC", "avgPrice": "", "leavesQty": "2", "leavesValue": "80000", "cancelType": "UNKNOWN"}),
    ("partial",   "0.5",  "limit",  {"orderStatus": "PartiallyFilled", "avgPrice": "40000", "leavesQty": "1.5", "leavesValue": "60000", "cumExecQty": "0.5", "cumExecValue": "20000"}),
    ("filled",    "2",    "market", {"orderStatus": "Filled", "orderType": "Market", "timeInForce": "IOC", "leavesQty": "0", "leavesValue": "0"}),
    ("cancelled", "0",    "limit",  {"orderStatus": "Cancelled", "cancelType": "CancelByUser", "leavesQty": "0", "leavesValue": "0", "avgPrice": ""}),
    ("cancelled", "0.5",  "limit",  {"orderStatus": "PartiallyFilledCanceled", "cancelType": "CancelByUser", "leavesQty": "0", "avgPrice": "40000"}),
]  # fmt: skip


@pytest.mark.parametrize(("status", "filled", "kind", "fields"), ORDERS)
def test_an_order_has_the_fields_of_its_status(
    feeds: BybitV5PrivateFeeds, status: str, filled: str, kind: Literal["limit", "market"], fields: dict[str, str]
) -> None:
    ((_, [row]),) = feeds.pushes([an_order(status, filled, kind)], {"order"})
    common = {"orderId": "7", "orderLinkId": "mine", "side": "Sell", "price": "40000", "qty": "2", "stopOrderType": ""}
    fee = {"cumExecFee": "0.4", "feeCurrency": "USDT", "cumFeeDetail": {"USDT": "0.4"}}
    times = {"createdTime": "1700000011345", "updatedTime": "1700000012345"}

    assert {name: row[name] for name in (*common, *fee, *times, *fields)} == common | fee | times | fields


def test_without_a_fee_there_is_no_currency_of_one(feeds: BybitV5PrivateFeeds) -> None:
    ((_, [row]),) = feeds.pushes([an_order("new", "0", fee="0")], {"order"})

    assert (row["cumExecFee"], row["feeCurrency"], row["cumFeeDetail"]) == ("0", "", {})


def a_fill(*, is_maker: bool) -> Fill:
    ids = 9, US, 5, "BTC/USDT", 7, 8, "mine"
    return Fill(*ids, "buy", "limit", D(40_000), D("0.5"), D(40_100), is_maker, D("0.1"), "USDT", False)


@pytest.mark.parametrize(("is_maker", "rate"), [(True, "0.001"), (False, "0.002")])
def test_a_fill_is_an_execution_and_a_fast_execution(feeds: BybitV5PrivateFeeds, is_maker: bool, rate: str) -> None:
    (_, [row]), (_, [fast]) = feeds.pushes([a_fill(is_maker=is_maker)], {"execution", "execution.fast"})
    both = {
        "category": "spot", "symbol": "BTCUSDT", "orderId": "7", "orderLinkId": "mine", "side": "Buy", "execQty": "0.5",
        "execId": "2290000000000000005", "execPrice": "40000", "execTime": "1700000012345", "isMaker": is_maker, "seq": 9,
    }  # fmt: skip
    more = {
        "orderPrice": "40100", "orderQty": "0.5", "leavesQty": "0", "execValue": "20000", "execFee": "0.1",
        "feeCurrency": "USDT", "feeRate": rate, "orderType": "Limit", "execType": "Trade",
    }  # fmt: skip

    assert fast == both
    assert {name: row[name] for name in (*both, *more)} == both | more


POSITIONS = [
    # amount  side    size    entry     value
    ("2",     "Buy",  "2",    "30000",  "60000"),
    ("-0.5",  "Sell", "0.5",  "30000",  "15000"),
    ("0",     "",     "0",    "0",      "0"),
]  # fmt: skip


@pytest.mark.parametrize(("amount", "side", "size", "entry", "value"), POSITIONS)
def test_a_position_has_a_side_a_size_and_its_profit(
    feeds: BybitV5PrivateFeeds, amount: str, side: str, size: str, entry: str, value: str
) -> None:
    position = Position(3, "BTC/USD-PERP", D(amount), D(30_000), US - 10**6)
    change = PositionChange(6, US, "update", position, D(31_000), D("2.5"), D("0.5"))
    (topic, [row]), (_, [greeks]) = feeds.pushes([change], {"position.linear", "greeks"})

    assert (topic, row["symbol"], row["category"]) == ("position.linear", "BTCPERP", "linear")
    assert (row["side"], row["size"], row["entryPrice"], row["positionValue"]) == (side, size, entry, value)
    assert D(row["unrealisedPnl"]) == D(amount) * (D(row["markPrice"]) - 30_000)
    assert (row["curRealisedPnl"], row["seq"]) == ("2", 6)
    assert (row["createdTime"], row["updatedTime"]) == ("1700000011345", "1700000012345")
    assert D(greeks["totalDelta"]) == D(amount)


def test_the_wallet_comes_once_and_last_with_what_changed(feeds: BybitV5PrivateFeeds) -> None:
    def change(currency: str, free: str, locked: str) -> BalanceChange:
        return BalanceChange(1, US, Balance(currency, D(free), D(locked)), D(0), "order")

    events = [change("BTC", "1", "2"), change("USDT", "5", "0"), an_order("new", "0"), change("BTC", "2", "1.5")]
    (first, _), (last, [row]) = feeds.pushes(events, {"wallet", "order"})

    assert (first, last) == ("order", "wallet")
    assert [(coin["coin"], coin["walletBalance"], coin["locked"]) for coin in row["coin"]] == [
        ("BTC", "3.5", "1.5"), ("USDT", "5", "0"),
    ]  # fmt: skip
    assert D(row["totalEquity"]) >= D(row["totalAvailableBalance"]) > 900_000
    assert [*feeds.pushes([change("XYZ", "1", "0")], {"wallet"})] == []
