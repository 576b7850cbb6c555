"""The private topics of the simulated Bybit v5: what a stop order looks like, and which topics an event goes to."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import pytest

from wscli.exchanges.bybit.simulated.v5.account import BybitV5PrivateFeeds
from wscli.exchanges.bybit.simulated.v5.listings import listings
from wscli.simulator.account_events import StopOrder, StopUpdate
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
