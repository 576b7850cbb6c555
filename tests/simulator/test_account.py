"""The account of the simulated market, by hand-made trades."""

from decimal import Decimal

import pytest

from wscli.simulator.account import SimulatedAccount
from wscli.simulator.account_events import BalanceChange, Fill, OrderUpdate, PositionChange, StopUpdate, rounded_amount
from wscli.simulator.instruments import Instrument, instrument
from wscli.simulator.matching_engine import MarketClock, MatchingEngine
from wscli.simulator.order_book import Side
from wscli.simulator.trade_history import TradeHistory

START_US = 1_700_000_000_000_000
SPOT, PERPETUAL = instrument("BTC", "USD"), instrument("BTC", "USD", perpetual=True)


class TradingAccount:
    """An account and the engine of one instrument, with orders of others at 100 and 101."""

    def __init__(self, item: Instrument) -> None:
        clock = MarketClock(START_US, 1, 501)
        self.account = SimulatedAccount(clock, {item.symbol: item})
        self.engine = MatchingEngine(item, clock, TradeHistory(item, 7, START_US, 501))
        self.engine.on_trade = self.account.apply_trade
        self.others("buy", "10", "100")
        self.others("sell", "10", "101")

    def others(self, side: Side, size: str, price: str) -> None:
        self.engine.submit(side, Decimal(size), Decimal(price))

    def place(self, side: Side, size: str, price: str | None = None) -> int | None:
        return self.account.place(self.engine, side, Decimal(size), None if price is None else Decimal(price))

    def balance(self, currency: str) -> tuple[str, str]:
        funds = self.account.balances[currency]
        return str(funds.free.normalize()), str(funds.locked.normalize())

    def statuses(self) -> list[str]:
        return [event.order.status for event in self.account.log.since(0) if isinstance(event, OrderUpdate)]


def test_a_resting_bid_locks_its_value_until_it_is_cancelled() -> None:
    trader = TradingAccount(SPOT)
    order_id = trader.place("buy", "2", "99")
    while_open = trader.balance("USD")
    assert order_id is not None
    trader.account.cancel(trader.engine, order_id)

    assert while_open == ("899802", "198")
    assert trader.balance("USD") == ("9E+5", "0")
    assert trader.statuses() == ["new", "cancelled"]
    assert trader.account.orders == {}


@pytest.mark.parametrize("price", [None, "99"])
def test_nothing_is_placed_while_the_other_side_of_the_book_is_empty(price: str | None) -> None:
    trader = TradingAccount(SPOT)
    trader.others("buy", "10", "101")

    assert trader.place("buy", "1", price) is None
    assert trader.statuses() == []


AFFORDABLE = [
    # of 900 000 dollars and 40 bitcoin, half is kept
    ("buy",  "2227",  None,  True),   # a market order may cost twice the best price
    ("buy",  "2228",  None,  False),
    ("buy",  "4499",  "100", True),
    ("buy",  "4500",  "100", False),
    ("sell", "19.9",  "102", True),
    ("sell", "20",    "102", False),
    ("sell", "20",    None,  False),
]  # fmt: skip


@pytest.mark.parametrize(("side", "size", "price", "is_placed"), AFFORDABLE)
def test_an_order_that_cannot_be_paid_for_is_not_placed(
    side: Side, size: str, price: str | None, is_placed: bool
) -> None:
    trader = TradingAccount(SPOT)

    assert (trader.place(side, size, price) is not None) == is_placed
    assert bool(trader.statuses()) == is_placed


def test_a_resting_ask_locks_its_size() -> None:
    trader = TradingAccount(SPOT)
    trader.place("sell", "2", "102")

    assert trader.balance("BTC") == ("38", "2")


def test_a_taker_pays_two_thousandths_and_a_maker_one() -> None:
    trader = TradingAccount(SPOT)
    trader.place("buy", "1", "101")
    trader.place("sell", "1", "100.5")
    trader.others("buy", "1", "100.5")
    fills = [event for event in trader.account.log.since(0) if isinstance(event, Fill)]

    assert [(fill.side, fill.is_maker, str(fill.fee.normalize())) for fill in fills] == [
        ("buy", False, "0.202"), ("sell", True, "0.1005"),
    ]  # fmt: skip
    assert trader.balance("BTC") == ("4E+1", "0")
    assert Decimal(trader.balance("USD")[0]) == Decimal("900000") - 101 + Decimal("100.5") - Decimal("0.3025")


def test_a_trade_between_two_own_orders_costs_nothing() -> None:
    trader = TradingAccount(SPOT)
    trader.place("sell", "1", "100.5")
    trader.place("buy", "1", "100.5")
    fills = [event for event in trader.account.log.since(0) if isinstance(event, Fill)]

    assert [(fill.side, fill.is_maker, fill.self_trade, fill.fee) for fill in fills] == [
        ("buy", False, True, 0), ("sell", True, True, 0),
    ]  # fmt: skip
    assert (trader.balance("USD"), trader.balance("BTC")) == (("9E+5", "0"), ("4E+1", "0"))


def test_a_market_order_that_is_not_filled_is_cancelled() -> None:
    trader = TradingAccount(SPOT)
    trader.place("buy", "12")

    assert trader.statuses() == ["new", "partial", "cancelled"]


@pytest.mark.parametrize(("side", "size", "price"), [("buy", "5000", "99"), ("sell", "20", "102")])
def test_an_order_that_needs_half_the_balance_is_not_placed(side: Side, size: str, price: str) -> None:
    trader = TradingAccount(SPOT)

    assert trader.place(side, size, price) is None
    assert trader.account.log.since(0) == []


STOPS: list[tuple[Side, str, str, list[str]]] = [
    # side    trigger  last price  statuses of the stop order
    ("buy",   "101",   "101",      ["new", "triggered"]),
    ("buy",   "102",   "101",      ["new"]),
    ("sell",  "100",   "100",      ["new", "triggered"]),
    ("sell",  "99",    "100",      ["new"]),
]  # fmt: skip


@pytest.mark.parametrize(("side", "trigger", "last_price", "statuses"), STOPS)
def test_a_stop_order_triggers_at_its_price(side: Side, trigger: str, last_price: str, statuses: list[str]) -> None:
    trader = TradingAccount(SPOT)
    trader.others("buy" if last_price == "101" else "sell", "1", last_price)
    trader.account.place_stop(trader.engine, side, Decimal(1), Decimal(trigger), Decimal(trigger))
    trader.account.trigger_stops(trader.engine)
    updates = [event.stop for event in trader.account.log.since(0) if isinstance(event, StopUpdate)]

    assert [stop.status for stop in updates] == statuses
    assert (updates[-1].order_id != 0) == (statuses[-1] == "triggered")


def test_a_cancelled_stop_order_does_not_trigger() -> None:
    trader = TradingAccount(SPOT)
    stop_id = trader.account.place_stop(trader.engine, "buy", Decimal(1), Decimal(101), Decimal(101))
    trader.account.cancel_stop(stop_id)
    trader.account.cancel_stop(stop_id)
    trader.others("buy", "1", "101")
    trader.account.trigger_stops(trader.engine)

    assert [event.stop.status for event in trader.account.log.since(0) if isinstance(event, StopUpdate)] == [
        "new", "cancelled",
    ]  # fmt: skip


def test_a_position_opens_grows_shrinks_and_turns() -> None:
    trader = TradingAccount(PERPETUAL)
    sides: tuple[Side, ...] = ("buy", "buy", "sell", "sell")
    for side, size in zip(sides, ("1", "1", "1", "2"), strict=True):
        trader.place(side, size)
    changes = [event for event in trader.account.log.since(0) if isinstance(event, PositionChange)]

    assert [(change.kind, str(change.position.amount), str(change.realised_profit.normalize())) for change in changes] == [
        ("new", "1", "0"), ("update", "2", "0"), ("update", "1", "-1"), ("update", "-1", "-1"),
    ]  # fmt: skip
    assert [str(change.position.base_price.normalize()) for change in changes] == ["101", "101", "101", "1E+2"]


def test_a_closed_position_pays_its_profit_into_the_quote_balance() -> None:
    trader = TradingAccount(PERPETUAL)
    trader.place("buy", "1")
    trader.place("sell", "1")
    changes = [event for event in trader.account.log.since(0) if isinstance(event, BalanceChange)]

    assert trader.account.positions == {}
    assert [(change.reason, str(change.delta.normalize())) for change in changes] == [
        ("fee", "-0.202"), ("settlement", "-1"), ("fee", "-0.2"),
    ]  # fmt: skip
    assert Decimal(trader.balance("USD")[0]) == Decimal(900_000) - 1 - Decimal("0.402")


@pytest.mark.parametrize(
    ("amount", "rounded"), [("0.000000014", "0.00000001"), ("0.000000015", "0.00000002"), ("0.000000025", "0.00000002")]
)
def test_amounts_have_eight_decimals_and_halves_go_to_the_even_one(amount: str, rounded: str) -> None:
    assert rounded_amount(Decimal(amount)) == Decimal(rounded)
