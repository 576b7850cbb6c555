"""The account of the simulated Bitfinex v2: how an order tells of its fills."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from wscli.exchanges.bitfinex.simulated.v2.account import BitfinexV2AccountFeed
from wscli.simulator.account_events import AccountOrder, Fill, OrderUpdate, Position, PositionChange
from wscli.simulator.market import Market

START_MS = 1_700_000_012_345
D = Decimal


@pytest.fixture
def market() -> Market:
    made = Market(start_ms=START_MS)
    made.advance(START_MS)
    return made


def feed_of(market: Market) -> BitfinexV2AccountFeed:
    return BitfinexV2AccountFeed(market, {symbol: f"t{symbol}" for symbol in market.instruments}, None, START_MS)


def order(status: Any, filled: str) -> AccountOrder:
    return AccountOrder(
        77, "7", "BTC/USD", "buy", "limit", D("40000"), D("3"), D(filled), D(filled) * 40_000, D(0), status, 1, 2
    )


def fill(market: Market, size: str) -> Fill:
    head = market.account.log.next_seq, 2, 5, "BTC/USD", 77, 78, "7", "buy"
    return Fill(*head, "limit", D("40000"), D(size), D("40000"), True, D(0), "USD", False)


def test_the_status_of_an_order_names_its_fills_the_newest_first(market: Market) -> None:
    feed, log = feed_of(market), market.account.log
    feed.snapshots()
    feed.messages(START_MS)
    for status, size, filled in (
        ("new", None, "0"),
        ("partial", "1", "1"),
        ("partial", "0.5", "1.5"),
        ("cancelled", None, "1.5"),
    ):
        if size is not None:
            log.append(fill(market, size))
        log.append(OrderUpdate(log.next_seq, 2, order(status, filled)))
    statuses = [row[13] for tag, row in feed.messages(START_MS) if tag in ("on", "ou", "oc")]

    assert statuses[-1] == ("CANCELED was: PARTIALLY FILLED @ 40000(0.5) was: PARTIALLY FILLED @ 40000(1)")
    assert "PARTIALLY FILLED @ 40000(1)" in statuses


def test_an_order_remembers_its_fills_from_before_the_login(market: Market) -> None:
    log = market.account.log
    log.append(OrderUpdate(log.next_seq, 2, order("new", "0")))
    log.append(fill(market, "1"))
    feed = feed_of(market)
    feed.snapshots()
    log.append(fill(market, "0.5"))
    log.append(OrderUpdate(log.next_seq, 2, order("partial", "1.5")))
    (status,) = [row[13] for tag, row in feed.messages(START_MS) if tag == "ou"]

    assert status == "PARTIALLY FILLED @ 40000(0.5) was: PARTIALLY FILLED @ 40000(1)"


def test_each_round_of_the_script_is_about_one_offer_one_loan_and_one_credit(market: Market) -> None:
    feed = feed_of(market)
    rows: list[tuple[str, Any]] = [
        message
        for after_ms in range(0, 60_000, 100)
        for message in feed.messages(START_MS + after_ms)
        if message[0].startswith("f")
    ]
    begun = [at for at, (tag, _) in enumerate(rows) if tag == "fon"]
    first, second = (rows[at : at + 11] for at in begun[:2])

    for round_, other in ((first, second), (second, first)):
        numbers = {name: {row[0] for tag, row in round_ if tag.startswith(name)} for name in ("fo", "fl", "fc")}
        assert [tag for tag, _ in round_] == "fon fou fte ftu fln flu fcn fcu fcc flc foc".split()
        assert {name: len(ids) for name, ids in numbers.items()} == {"fo": 1, "fl": 1, "fc": 1}
        assert {row[3] for tag, row in round_ if tag.startswith("ft")} == numbers["fo"]
        assert numbers["fo"].isdisjoint(row[0] for tag, row in other if tag.startswith("fo"))


POSITIONS = [
    # amount  status     collateral and its least
    ("0.5",   "ACTIVE",  ("5.0", "2.5")),
    ("-2",    "ACTIVE",  ("20", "10")),
    ("0",     "CLOSED",  ("0", "0")),
]  # fmt: skip


@pytest.mark.parametrize(("amount", "status", "collateral"), POSITIONS)
def test_a_position_has_its_profit_at_the_mark_price(
    market: Market, amount: str, status: str, collateral: tuple[str, str]
) -> None:
    position = Position(9, "BTC/USD-PERP", D(amount), D(30_000), START_MS * 1000 - 5_000_000)
    kind = "closed" if status == "CLOSED" else "update"
    feed, log = feed_of(market), market.account.log
    feed.snapshots()
    log.append(PositionChange(log.next_seq, 2, kind, position, D(31_000), D(0), D(0)))
    (row,) = [row for tag, row in feed.messages(START_MS) if tag in ("pu", "pc")]
    profit = (market.mark_price("BTC/USD-PERP") - 30_000) * D(amount)
    share = profit / (D(300) * abs(D(amount))) if D(amount) else D(0)

    assert len(row) == 20
    assert row[:6] == ["tBTC/USD-PERP", status, D(amount), D(30_000), 0, 0]
    assert [float(value) for value in row[6:8]] == pytest.approx([float(profit), float(share)])
    assert row[11:14] == [9, START_MS - 5_000, START_MS]
    assert row[17:19] == [D(value) for value in collateral]
