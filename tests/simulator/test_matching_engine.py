"""The matching of one instrument, by hand-made orders."""

from decimal import Decimal

import pytest

from wscli.simulator.instruments import Instrument, instrument
from wscli.simulator.matching_engine import MarketClock, MatchingEngine
from wscli.simulator.order_book import OrderChanged, OrderCreated, OrderDeleted, Side, Trade
from wscli.simulator.trade_history import TradeHistory

START_US = 1_700_000_000_000_000


@pytest.fixture
def engine() -> MatchingEngine:
    item = instrument("BTC", "USD")
    return MatchingEngine(item, MarketClock(START_US, 1, 501), TradeHistory(item, 7, START_US, 501))


def submit(
    engine: MatchingEngine, side: Side, size: str, price: str | None = None, *, may_rest: bool = True,
    owner: int | None = None, max_trades: int | None = None,
) -> Decimal:  # fmt: skip
    limit = Decimal(price) if price is not None else None
    return engine.submit(side, Decimal(size), limit, may_rest=may_rest, owner=owner, max_trades=max_trades)


def events(engine: MatchingEngine) -> list[str]:
    """Return what was logged, in short."""
    descriptions = []
    for event in engine.log.since(0):
        match event:
            case Trade():
                descriptions.append(
                    f"trade {event.size} at {event.price}, {event.side} {event.buy_order_id}/{event.sell_order_id}"
                )
            case OrderCreated():
                descriptions.append(f"created {event.order.id} {event.order.size}")
            case OrderChanged():
                descriptions.append(f"changed {event.order.id} {event.order.size} by {event.traded}")
            case OrderDeleted():
                descriptions.append(f"{event.reason} {event.order.id} {event.order.size} by {event.traded}")
    return descriptions


def test_an_order_without_a_match_rests(engine: MatchingEngine) -> None:
    assert submit(engine, "buy", "2", "100") == 2
    assert events(engine) == ["created 1 2"]


def test_a_taker_takes_the_best_price_and_the_oldest_order_first(engine: MatchingEngine) -> None:
    for price in ("101", "100", "100"):
        submit(engine, "sell", "1", price)
    unfilled = submit(engine, "buy", "2.5", "101")

    assert unfilled == 0
    assert events(engine)[3:] == [
        "trade 1 at 100, buy 4/2", "filled 2 0 by 1",
        "trade 1 at 100, buy 4/3", "filled 3 0 by 1",
        "trade 0.5 at 101, buy 4/1", "changed 1 0.5 by 0.5",
    ]  # fmt: skip


def test_the_rest_of_a_taker_is_created_after_its_fills(engine: MatchingEngine) -> None:
    submit(engine, "buy", "1", "100")
    unfilled = submit(engine, "sell", "3", "99")
    order = engine.book.order(2)

    assert unfilled == 2
    assert events(engine)[1:] == ["trade 1 at 100, sell 1/2", "filled 1 0 by 1", "created 2 2"]
    assert order is not None
    assert (order.size, order.original_size) == (2, 3)


TAKERS: list[tuple[str | None, bool, int | None, str]] = [
    # price   may rest   at most trades   unfilled
    (None,    True,      None,            "2"),
    ("100",   False,     None,            "4"),
    ("101",   False,     None,            "3"),
    (None,    False,     1,               "4"),
    (None,    False,     2,               "3"),
]  # fmt: skip


@pytest.mark.parametrize(("price", "may_rest", "max_trades", "unfilled"), TAKERS)
def test_a_market_order_and_one_that_may_not_rest_leave_nothing_in_the_book(
    engine: MatchingEngine, price: str | None, may_rest: bool, max_trades: int | None, unfilled: str
) -> None:
    for ask in ("100", "101", "102"):
        submit(engine, "sell", "1", ask)

    assert submit(engine, "buy", "5", price, may_rest=may_rest, max_trades=max_trades) == Decimal(unfilled)
    assert engine.book.best("buy") is None


def test_an_order_is_cancelled_or_reduced_by_its_id(engine: MatchingEngine) -> None:
    submit(engine, "buy", "2", "100")
    engine.reduce(1, Decimal("1.5"))
    engine.reduce(1, Decimal(3))  # not smaller
    engine.cancel(7)
    engine.cancel(1)

    assert events(engine)[1:] == ["changed 1 1.5 by 0", "cancelled 1 1.5 by 0"]


def test_order_events_refer_to_the_order_event_before(engine: MatchingEngine) -> None:
    submit(engine, "buy", "1", "100")
    submit(engine, "sell", "2", "100")
    chain = [(event.seq, event.previous_seq) for event in engine.log.since(0) if not isinstance(event, Trade)]

    assert chain == [(1, 0), (3, 1), (4, 3)]


def test_only_trades_of_an_account_are_reported(engine: MatchingEngine) -> None:
    reported: list[tuple[Instrument, Trade]] = []
    engine.on_trade = lambda item, trade: reported.append((item, trade))
    submit(engine, "buy", "1", "100")
    submit(engine, "sell", "1", "100")
    submit(engine, "buy", "1", "100", owner=4242)
    submit(engine, "sell", "1", "100")

    assert [(trade.buyer, trade.seller) for _, trade in reported] == [(4242, None)]


def test_the_clock_gives_increasing_times_and_ids() -> None:
    clock = MarketClock(100, 7, 501)
    times = [clock.next_time_us(), clock.next_time_us()]
    clock.now_us = 200
    times += [clock.next_time_us(), clock.next_time_us()]
    clock.start(150)

    assert times == [101, 102, 200, 201]
    assert clock.next_time_us() == 202
    assert (clock.next_order_id(), clock.next_order_id(), clock.next_trade_id()) == (7, 8, 501)
