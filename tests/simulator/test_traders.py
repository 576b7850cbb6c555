"""What the traders of the simulated market do with a book of a few orders, made by hand."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

import pytest

from wscli.simulator.account import SimulatedAccount
from wscli.simulator.account_events import Fill
from wscli.simulator.instruments import instrument
from wscli.simulator.matching_engine import MarketClock, MatchingEngine
from wscli.simulator.order_book import Side
from wscli.simulator.trade_history import TradeHistory
from wscli.simulator.traders import AccountScript, Traders

START_US = 1_700_000_000_000_000
D = Decimal
SPOT = instrument("BTC", "USD")


class Bench:
    """An engine with orders of others, and the account's script."""

    def __init__(self, *orders: tuple[Side, str]) -> None:
        clock = MarketClock(START_US, 1, 501)
        self.account = SimulatedAccount(clock, {SPOT.symbol: SPOT})
        self.engine = MatchingEngine(SPOT, clock, TradeHistory(SPOT, 7, START_US, 501))
        self.engine.on_trade = self.account.apply_trade
        self.script = AccountScript(self.account, {SPOT.symbol: self.engine}, {}, Random(1))
        for side, price in orders:
            self.engine.submit(side, D(10), D(price))

    def fills(self) -> list[Fill]:
        return [event for event in self.account.log.since(0) if isinstance(event, Fill)]


BOOK: list[tuple[Side, str]] = [("buy", "100"), ("buy", "99"), ("buy", "98"), ("sell", "101"), ("sell", "102")]


@pytest.mark.parametrize("seed", range(8))
def test_on_a_side_with_few_levels_an_order_leaves_a_price_that_has_others(seed: int) -> None:
    bench = Bench()
    traders: Any = Traders(bench.engine, Random(seed))
    for side in ("buy", "sell"):
        for order in bench.engine.book.orders(side):
            bench.engine.cancel(order.id)
    for price in ("100", "99", "99", "98"):
        bench.engine.submit("buy", D(10), D(price))
    traders._cancel_or_reduce("buy", cancel=True)

    assert [level[2] for level in bench.engine.book.levels("buy")] == [1, 1, 1]


TURNS = [
    # turn  what the account buys at once   the price at which it bids
    (0,     [(False, D(101))],              None),
    (2,     [(False, D(101))],              None),
    (1,     [],                             D("100.01")),  # one tick better than the best
    (3,     [],                             D(98)),        # too far away to be filled
    (5,     [],                             D("100.01")),
]  # fmt: skip


@pytest.mark.parametrize(("turn", "taken", "price"), TURNS)
def test_every_second_turn_takes_from_the_book_and_the_others_bid(
    turn: int, taken: list[tuple[bool, Decimal]], price: Decimal | None
) -> None:
    bench = Bench(*BOOK)
    bench.script._place_order(bench.engine, turn)

    assert [(fill.is_maker, fill.price) for fill in bench.fills()] == taken
    assert [order.price for order in bench.account.orders.values()] == ([] if price is None else [price])


STOPS = [
    # turn  side    trigger: above the best ask or below the best bid; of every second turn 400 ticks further
    (0,     "buy",  "101.01"),
    (1,     "buy",  "105.01"),
    (2,     "sell", "100"),
    (3,     "sell", "96"),
    (4,     "buy",  "101.01"),
]  # fmt: skip


@pytest.mark.parametrize(("turn", "side", "trigger"), STOPS)
def test_a_stop_order_is_placed_beyond_the_last_price_and_cancelled_later(turn: int, side: str, trigger: str) -> None:
    bench = Bench(*BOOK)
    bench.engine.submit("buy", D(1), D(101))
    bench.script._place_or_cancel_stop(bench.engine, turn, 0)
    placed = [(stop.side, stop.trigger_price, stop.price > stop.trigger_price) for stop in bench.account.stops.values()]
    bench.script._place_or_cancel_stop(bench.engine, turn, 8)

    assert placed == [(side, D(trigger), side == "buy")]
    assert bench.account.stops == {}
