"""How the simulated Bitstamp writes the orders and trades of an account."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from wscli.exchanges.bitstamp.simulated.account_rows import order_events, order_trade_data, self_trade_data, trade_data
from wscli.exchanges.bitstamp.simulated.books import MarketFormat
from wscli.simulator.account_events import AccountOrder, Fill, OrderUpdate
from wscli.simulator.instruments import instrument

TIME_US = 1_700_000_000_000_001
SPOT = MarketFormat(instrument("BTC", "USD"), 1)
PERPETUAL = MarketFormat(instrument("BTC", "USD", perpetual=True), 2)
FILL = Fill(
    9, TIME_US, 500_100_007, "BTC/USD", 11, 22, "sim-1", "buy", "limit", Decimal("36500.1"), Decimal("0.25"),
    Decimal("36501"), False, Decimal("18.25"), "USD", False,
)  # fmt: skip
ORDER = AccountOrder(
    11, "sim-1", "BTC/USD", "buy", "limit", Decimal("36501"), Decimal("1"), Decimal("0.25"), Decimal("9125.025"),
    Decimal("18.25"), "partial", TIME_US, TIME_US,
)  # fmt: skip
CANCELLED_BUY = replace(ORDER, id=10, status="cancelled")
CANCELLED_SALE = replace(CANCELLED_BUY, side="sell")

EVENTS: list[tuple[dict[str, Any], Fill | None, AccountOrder | None, list[tuple[str, str]]]] = [
    # the order                                       its fill   cancelled before   events, with the size each filled
    ({"status": "new"},                               None,      None,              [("order_created", "0.00000000")]),
    ({"status": "new"},                               None,      CANCELLED_BUY,     [("order_replaced", "0.00000000")]),
    ({"status": "new"},                               None,      CANCELLED_SALE,    [("order_created", "0.00000000")]),
    ({"status": "new", "stop_id": 5},                 None,      CANCELLED_BUY,     [("order_created", "0.00000000")]),
    ({"status": "partial"},                           FILL,      None,              [("order_changed", "0.25000000")]),
    ({"status": "filled"},                            FILL,      None,              [("order_deleted", "0.25000000")]),
    ({"status": "cancelled"},                         None,      None,              [("order_deleted", "0.00000000")]),
    ({"status": "filled", "type": "market"},          FILL,      None,              [("order_changed", "0.25000000"), ("order_deleted", "0.00000000")]),
    ({"status": "cancelled", "type": "market"},       None,      None,              [("order_deleted", "0.00000000")]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "fill", "cancelled", "events"), EVENTS)
def test_an_update_is_one_event_or_two(
    changes: dict[str, Any], fill: Fill | None, cancelled: AccountOrder | None, events: list[tuple[str, str]]
) -> None:
    update = OrderUpdate(9, TIME_US, replace(ORDER, **changes), fill)
    published = [(name, data["amount_traded"]) for name, data in order_events(update, SPOT, cancelled)]

    assert published == events


PRICES: list[tuple[dict[str, Any], Fill | None, str, str, int]] = [
    # the order                                              its fill   price          size at creation   subtype
    ({"status": "new"},                                      None,      "36501.00",    "1.00000000",      0),
    ({"status": "new", "stop_id": 5},                        None,      "36501.00",    "1.00000000",      22),
    ({"status": "new", "type": "market"},                    None,      "999999999",   "0",               2),
    ({"status": "new", "type": "market", "side": "sell"},    None,      "0",           "0",               2),
    ({"status": "partial", "type": "market"},                FILL,      "36500.10",    "1.00000000",      2),
    ({"status": "cancelled", "type": "market"},              None,      "36500.10",    "1.00000000",      2),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "fill", "price", "created", "subtype"), PRICES)
def test_a_market_order_has_no_price_of_its_own(
    changes: dict[str, Any], fill: Fill | None, price: str, created: str, subtype: int
) -> None:
    update = OrderUpdate(9, TIME_US, replace(ORDER, **changes), fill)
    _, data = next(order_events(update, SPOT, None))

    assert (data["price_str"], data["amount_at_create"], data["order_subtype"]) == (price, created, subtype)


def test_an_order_event_has_the_fields_of_the_documentation_in_order() -> None:
    _, data = next(order_events(OrderUpdate(9, TIME_US, ORDER, FILL), SPOT, None))

    assert data == {
        "id": 1_900_000_000_000_011, "id_str": "1900000000000011", "order_type": 0, "order_subtype": 0,
        "datetime": "1700000000", "microtimestamp": "1700000000000001", "amount": Decimal("0.75"),
        "amount_str": "0.75000000", "amount_traded": "0.25000000", "amount_at_create": "1.00000000",
        "price": Decimal("36501"), "price_str": "36501.00", "trade_account_id": 0, "client_order_id": "sim-1",
        "is_liquidation": False,
    }  # fmt: skip


def test_a_trade_of_a_perpetual_names_its_position() -> None:
    spot = trade_data(FILL, SPOT, None, perpetual=False)
    perpetual = trade_data(FILL, PERPETUAL, "77", perpetual=True)

    assert (spot["id"], spot["position_id"], spot["is_liquidation"]) == (500_100_007, None, None)
    assert (perpetual["id"], perpetual["position_id"], perpetual["is_liquidation"]) == (
        9_100_000_500_100_007,
        "77",
        False,
    )
    assert (spot["amount"], perpetual["amount"], spot["fee"]) == ("0.25000000", "0.25000", "18.25")


SIDES: list[tuple[dict[str, Any], int]] = [
    ({"side": "buy", "is_maker": False}, 0),
    ({"side": "buy", "is_maker": True}, 1),
    ({"side": "sell", "is_maker": False}, 1),
    ({"side": "sell", "is_maker": True}, 0),
]


@pytest.mark.parametrize(("changes", "type_number"), SIDES)
def test_the_type_of_a_public_trade_is_the_side_of_its_taker(changes: dict[str, Any], type_number: int) -> None:
    data = order_trade_data(replace(FILL, **changes), SPOT, perpetual=False)
    own, other = 1_900_000_000_000_011, 1_900_000_000_000_022

    assert data["type"] == type_number
    assert "id_str" not in data
    assert (data["buy_order_id"], data["sell_order_id"]) == ((own, other) if changes["side"] == "buy" else (other, own))


def test_a_self_trade_names_the_account_on_both_sides() -> None:
    data = self_trade_data(FILL, SPOT)

    assert (data["sellers_trade_account_id"], data["buyers_trade_account_id"], data["type"]) == (0, 0, 0)
    assert (data["amount_str"], data["price_str"]) == ("0.25000000", "36500.10")
