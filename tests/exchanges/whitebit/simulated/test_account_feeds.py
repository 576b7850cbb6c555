"""The feeds of the private channels of the simulated WhiteBIT, from events made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal

import pytest

from wscli.exchanges.whitebit.simulated.account_data import AccountData
from wscli.exchanges.whitebit.simulated.account_feeds import WhiteBitAccountFeeds
from wscli.simulator.account_events import AccountOrder, Balance, BalanceChange, OrderUpdate, Position
from wscli.simulator.market import Market

START_MS = 1_700_000_000_000
PERPETUAL = "BTC/USD-PERP"
D = Decimal


class Account:
    """The account of a market in which nothing happens by itself, and its feeds."""

    def __init__(self) -> None:
        self.market = Market(start_ms=START_MS)
        self.log = self.market.account.log
        self.data = AccountData(self.market, {"BTC_USDT": "BTC/USDT", "BTC_PERP": PERPETUAL})
        self.feeds = WhiteBitAccountFeeds(self.data)

    def change(self, currency: str, free: str, locked: str) -> None:
        balance = Balance(currency, D(free), D(locked))
        self.log.append(BalanceChange(self.log.next_seq, 1, balance, D(0), "order"))

    def order(self, status: Any, filled: str, kind: Literal["limit", "market"], number: int) -> None:
        value = D(filled) * 40_000
        head = number, "mine", "BTC/USDT", "buy", kind, D(40_000), D(2), D(filled), value, D(0)
        self.log.append(OrderUpdate(self.log.next_seq, 1, AccountOrder(*head, status, 1, 2)))  # type: ignore[arg-type]


CHOSEN = [
    # currencies    margin?  what is pushed of BTC (1 free, 2 locked) and ETH (3 free)
    ((),            False,   [{"BTC": {"available": "1", "freeze": "2"}, "ETH": {"available": "3", "freeze": "0"}}]),
    (("ETH",),      False,   [{"ETH": {"available": "3", "freeze": "0"}}]),
    (("LTC",),      False,   None),
    ((),            True,    [{"a": "BTC", "B": "3", "b": "0", "av": "1", "ab": "5"}, {"a": "ETH", "B": "3", "b": "0", "av": "3", "ab": "15"}]),
]  # fmt: skip


@pytest.mark.parametrize(("currencies", "margin", "pushed"), CHOSEN)
def test_the_balances_that_changed_are_pushed_every_half_a_second(
    currencies: Sequence[str], margin: bool, pushed: list[dict[str, Any]] | None
) -> None:
    account = Account()
    feed = account.feeds.balances(currencies, margin=margin)
    first = feed(START_MS)
    account.change("BTC", "9", "9")
    account.change("BTC", "1", "2")
    account.change("ETH", "3", "0")
    second = feed(START_MS + 50)
    account.change("BTC", "1", "2")
    too_early, third = feed(START_MS + 400), feed(START_MS + 550)

    assert (first, second) == ([], [] if pushed is None else [pushed])
    assert too_early == []
    assert len(third) == (pushed is not None and "BTC" in str(pushed))


EXECUTED = [
    # order types  the orders that are pushed: 1 is a limit order, 2 a market order; 3 rests, 4 was cancelled unfilled
    (0,            [1, 2]),
    (1,            [1]),
    (2,            [2]),
]  # fmt: skip


@pytest.mark.parametrize(("types", "numbers"), EXECUTED)
def test_executed_orders_are_pushed_by_their_type(types: int, numbers: list[int]) -> None:
    account = Account()
    feed = account.feeds.executed_orders(["BTC_USDT"], types)
    elsewhere = account.feeds.executed_orders(["BTC_PERP"], types)
    account.order("filled", "2", "limit", 1)
    account.order("filled", "2", "market", 2)
    account.order("new", "0", "limit", 3)
    account.order("cancelled", "0", "limit", 4)
    rows: list[Any] = [push[0] for push in feed(START_MS)]

    assert [row["id"] for row in rows] == numbers
    assert elsewhere(START_MS) == []
    assert feed(START_MS + 50) == []


@pytest.mark.parametrize(("amount", "liquidation"), [("2", "24000"), ("-0.5", "36000")])
def test_a_position_is_valued_at_the_mark_price(amount: str, liquidation: str) -> None:
    account = Account()
    account.market.account.positions[PERPETUAL] = Position(3, PERPETUAL, D(amount), D(30_000), START_MS * 1000)
    feed = account.feeds.positions()
    (push,), too_early = feed(START_MS), feed(START_MS + 450)
    page: Any = push
    (row,) = page["records"]
    mark = account.market.mark_price(PERPETUAL)

    assert (page["total"], too_early) == (1, [])
    assert (row["id"], row["market"], row["amount"], row["base_price"]) == (3, "BTC_PERP", amount, "30000")
    assert D(row["amount_in_money"]) == abs(D(amount)) * mark
    assert D(row["margin"]) == abs(D(amount)) * mark / 5
    assert D(row["pnl"]) == (mark - 30_000) * D(amount)
    assert D(row["liq_price"]) == D(liquidation)
    assert len(feed(START_MS + 500)) == 1


def test_without_a_loan_the_page_of_loans_is_empty() -> None:
    account = Account()
    feed = account.feeds.borrows()

    assert feed(START_MS) == [{"total": 0, "records": []}]
    assert feed(START_MS + 450) == []
    assert len(feed(START_MS + 500)) == 1


SIDES = [
    # the position   its long and short quantile
    (None,           [None, None]),
    ("1",            [2, None]),
    ("-1",           [None, 1]),
]  # fmt: skip


@pytest.mark.parametrize(("amount", "quantiles"), SIDES)
def test_a_quantile_is_that_of_the_side_of_the_position(amount: str | None, quantiles: list[int | None]) -> None:
    account = Account()
    account.market.account.positions.clear()
    if amount is not None:
        account.market.account.positions[PERPETUAL] = Position(3, PERPETUAL, D(amount), D(30_000), 0)

    assert account.feeds.quantiles("BTC_PERP")(START_MS) == [[["BTC_PERP", *quantiles]]]
    assert account.feeds.quantiles(None)(START_MS) == ([] if amount is None else [[["BTC_PERP", *quantiles]]])


def test_the_pages_of_the_account_are_the_newest_first() -> None:
    account = Account()
    account.market.account.balances["BTC"] = Balance("BTC", D(1), D(2))
    for number in (5, 7, 6):
        head = number, "mine", "BTC/USDT", "buy", "limit", D(40_000), D(2), D(0), D(0), D(0), "new", 1, 2
        account.market.account.orders[number] = AccountOrder(*head)  # type: ignore[arg-type]
    page: Any = account.data.open_orders("BTC_USDT", 1, 1)

    assert (page["total"], page["offset"], page["limit"], [row["id"] for row in page["records"]]) == (3, 1, 1, [6])
    assert account.data.spot(["BTC"]) == {"BTC": {"available": "1", "freeze": "2"}}
    assert account.data.margin(["BTC"]) == {
        "BTC": {"balance": "3", "borrow": "0", "available_without_borrow": "1", "available_with_borrow": "5"}
    }
    assert [*account.data.spot([])] == sorted(account.data.currencies) == [*account.data.margin([])]
