"""The market behind the simulated exchanges: one run for a seed, books that follow from the log, numbers that agree."""

import itertools
from collections import Counter
from dataclasses import fields, replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wscli.simulator.account import DEPOSITS, MAKER_FEE, TAKER_FEE
from wscli.simulator.account_events import BalanceChange, Fill, OrderUpdate, PositionChange, StopUpdate, rounded_amount
from wscli.simulator.instruments import INSTRUMENTS, instrument
from wscli.simulator.market import Market
from wscli.simulator.order_book import (
    Log,
    Order,
    OrderChanged,
    OrderCreated,
    OrderDeleted,
    SimulatedBook,
    Trade,
    opposite,
)
from wscli.simulator.trade_history import HOUR, MINUTE, Candle, TradeHistory
from wscli.simulator.traders import AccountScript

START_MS = 1_700_000_012_345
ACTIVE = [item.symbol for item in INSTRUMENTS if not item.quiet]
QUIET = [item.symbol for item in INSTRUMENTS if item.quiet]


def run(seconds: float, seed: int = 7, rate: float = 1.0, start_ms: int = START_MS) -> Market:
    """Return a market some seconds after its start."""
    market = Market(seed, rate, start_ms=start_ms)
    market.advance(start_ms + round(seconds * 1000))
    return market


@pytest.fixture(scope="module")
def minute() -> Market:
    """A market after a minute; not to be changed."""
    return run(60)


def timeless(market: Market) -> list[str]:
    """Return all events, without their times."""
    events = [event for log in (*map(market.log, market.instruments), market.account.log) for event in log.since(0)]
    names = {field.name for event in events for field in fields(event)} & {"time_us"}
    assert names == {"time_us"}
    return [_without_times(repr(replace(event, time_us=0))) for event in events]


def _without_times(text: str) -> str:
    fields = text.split(", ")
    return ", ".join(word for word in fields if not word.split("=")[0].endswith("_us"))


def folded(symbol_trades: list[Trade], open_s: int) -> Candle:
    """Return the candle of some trades, computed a second time."""
    prices = [trade.price for trade in symbol_trades]
    return Candle(
        open_s,
        prices[0],
        prices[-1],
        max(prices),
        min(prices),
        sum((trade.size for trade in symbol_trades), Decimal(0)),
        sum((trade.size * trade.price for trade in symbol_trades), Decimal(0)),
    )


def trades_of(market: Market, symbol: str) -> list[Trade]:
    return [event for event in market.log(symbol).since(0) if isinstance(event, Trade)]


class Rebuilt:
    """A book rebuilt from the log alone."""

    def __init__(self) -> None:
        self.book = SimulatedBook()

    def receive(self, event: OrderCreated | OrderChanged | OrderDeleted | Trade) -> None:
        book = self.book
        match event:
            case OrderCreated(order=order):
                assert order.size <= order.original_size
                book.add(order)
            case OrderChanged(order=order, traded=traded):
                before = book.order(order.id)
                assert before is not None and order.size < before.size
                assert traded in (Decimal(0), before.size - order.size)
                book.replace(order)
            case OrderDeleted(order=order, traded=traded, reason=reason):
                before = book.order(order.id)
                assert before is not None
                assert (order.size, traded) == ((0, before.size) if reason == "filled" else (before.size, 0))
                book.remove(before)
            case Trade():
                maker = book.orders(opposite(event.side), 1)[0]
                assert maker.id == event.maker_order_id, "the best and oldest order trades first"
                assert maker.price == event.price
                assert event.size <= maker.size
        bid, ask = book.best("buy"), book.best("sell")
        assert bid is None or ask is None or bid < ask


def test_a_seed_gives_one_run_however_the_time_is_divided() -> None:
    once, often, later, faster = (
        run(3),
        Market(start_ms=START_MS),
        run(3, start_ms=START_MS + 7 * HOUR * 1000 + 123),
        run(0.3, rate=10),
    )
    for now_ms in range(START_MS, START_MS + 3001, 7):
        often.advance(now_ms)
    often.advance(START_MS + 3000)

    assert once.steps == often.steps == later.steps == faster.steps == 61
    assert timeless(once) == timeless(often) == timeless(later) == timeless(faster)
    assert timeless(once) != timeless(run(3, seed=8))


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_log_rebuilds_the_book_at_every_step(seed: int) -> None:
    market = Market(seed, start_ms=START_MS)
    rebuilt = {symbol: Rebuilt() for symbol in market.instruments}
    cursors = dict.fromkeys(market.instruments, 0)
    for step in range(80):
        market.advance(START_MS + step * 50)
        for symbol, mine in rebuilt.items():
            log = market.log(symbol)
            for event in log.since(cursors[symbol]):
                mine.receive(event)
            cursors[symbol] = log.cursor

            assert mine.book.orders("buy") == market.order_book(symbol).orders("buy")
            assert mine.book.orders("sell") == market.order_book(symbol).orders("sell")
            assert mine.book.levels("sell") == market.order_book(symbol).levels("sell")


def test_sequences_chains_and_times_increase(minute: Market) -> None:
    for symbol in minute.instruments:
        events = minute.log(symbol).since(0)
        orders = [event for event in events if not isinstance(event, Trade)]

        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        assert [event.previous_seq for event in orders] == [0, *(event.seq for event in orders[:-1])]
        assert all(a.time_us < b.time_us for a, b in itertools.pairwise(events))


def test_every_price_and_size_is_on_its_step(minute: Market) -> None:
    for symbol, item in minute.instruments.items():
        for order in minute.order_book(symbol).orders("buy"):
            assert order.price % item.tick == 0 and order.size % item.step == 0 and order.size > 0


def test_active_markets_are_busy_and_quiet_ones_are_not(minute: Market) -> None:
    live_us = START_MS * 1000 + 1_000_000
    for symbol in ACTIVE:
        kinds = Counter(type(event) for event in minute.log(symbol).since(0) if event.time_us > live_us)
        assert kinds[Trade] >= 4 * 60, symbol
        assert kinds.total() - kinds[Trade] >= 10 * 60, symbol
        assert min(minute.order_book(symbol).level_count("buy"), minute.order_book(symbol).level_count("sell")) >= 60
    for symbol in QUIET:
        events = [event for event in minute.log(symbol).since(0) if event.time_us > live_us]
        assert 1 <= len(events) <= 30, symbol


def test_an_active_market_trades_within_half_a_second(minute: Market) -> None:
    for symbol in ACTIVE:
        times = [trade.time_us for trade in trades_of(minute, symbol)]
        assert max(b - a for a, b in itertools.pairwise(times)) < 500_000, symbol


def test_quotes_of_a_base_agree(minute: Market) -> None:
    dollars, tethers = minute.mark_price("BTC/USD"), minute.mark_price("BTC/USDT")

    assert abs(dollars / tethers - 1) < Decimal("0.001")


def test_the_rate_multiplies_events() -> None:
    assert run(2, rate=10).steps == pytest.approx(run(20).steps, abs=1)


def test_after_a_sleep_of_the_machine_the_market_skips_the_time() -> None:
    market = Market(start_ms=START_MS)

    assert market.advance(START_MS + 8 * HOUR * 1000, max_steps=100) == 100
    assert market.advance(START_MS + 8 * HOUR * 1000 + 50) == 1
    assert market.last_trade("BTC/USD").time_us < (START_MS + 8 * HOUR * 1000 + 51) * 1000
    market.advance(START_MS + 8 * HOUR * 1000 + 2_000)
    assert market.last_trade("BTC/USD").time_us > (START_MS + 8 * HOUR * 1000) * 1000


@pytest.mark.parametrize("interval", [1, 2, 5, 15, 60])
def test_a_candle_is_made_of_its_trades(minute: Market, interval: int) -> None:
    for symbol in ("BTC/USDT", "ETH/BTC"):
        first_s = START_MS // 1000 // 60 * 60 + 60
        buckets: dict[int, list[Trade]] = {}
        for trade in trades_of(minute, symbol):
            second = trade.time_us // 1_000_000
            if second >= first_s:
                buckets.setdefault(second // interval * interval, []).append(trade)

        rows = minute.candles(symbol, interval, first_s, START_MS // 1000 + 61)

        assert rows == [folded(trades, at) for at, trades in sorted(buckets.items())]
        assert len(rows) > 0


def test_history_trades_are_in_the_last_candles(minute: Market) -> None:
    market = Market(start_ms=START_MS)
    trades = market.trades("BTC/USD", 1000)[::-1]
    begin_s = trades[0].time_us // 60_000_000 * 60

    assert len(trades) >= 100
    assert all(a.id < b.id and a.time_us < b.time_us for a, b in itertools.pairwise(trades))
    assert trades[-1].time_us < START_MS * 1000
    for row in market.candles("BTC/USD", 60, begin_s, START_MS // 1000):
        inside = [trade for trade in trades if row.open_s <= trade.time_us // 1_000_000 < row.open_s + 60]
        assert row == folded(inside, row.open_s)
    assert market.trades("BTC/USD", 5, after_id=trades[-3].id) == [trades[-1], trades[-2]]
    assert trades[-1].id < min(trade.id for trade in trades_of(minute, "BTC/USD"))


def test_there_are_26_hours_of_minutes_and_a_month_of_hours_at_once() -> None:
    market, now_s = Market(start_ms=START_MS), START_MS // 1000

    minutes = market.candles("ETH/USDT", MINUTE, now_s - 24 * HOUR, now_s)
    older = market.candles("ETH/USDT", MINUTE, now_s - 26 * HOUR, now_s - 24 * HOUR)

    assert len(minutes) == 1440 and len(older) == 120
    assert len(market.candles("ETH/USDT", HOUR, now_s - 30 * 24 * HOUR, now_s)) >= 719
    assert all(row.low <= min(row.open, row.close) <= max(row.open, row.close) <= row.high for row in minutes)
    assert all(row.low * row.volume <= row.quote_volume <= row.high * row.volume for row in minutes)


def test_the_history_does_not_depend_on_when_it_is_made() -> None:
    early = Market(start_ms=START_MS)
    early.trades("SOL/USD")
    early.advance(START_MS + 5_000)
    late = run(5)
    now_s = START_MS // 1000 + 5

    assert early.candles("SOL/USD", 300, now_s - HOUR, now_s) == late.candles("SOL/USD", 300, now_s - HOUR, now_s)
    assert early.trades("SOL/USD", 500) == late.trades("SOL/USD", 500)


@pytest.mark.parametrize("interval", [60, 300, 3600])
def test_statistics_are_made_of_the_candles(minute: Market, interval: int) -> None:
    end_s = START_MS // 1000 // interval * interval
    rows = minute.candles("BTC/USD", interval, end_s - 24 * HOUR, end_s - interval)

    whole = minute.candle_between("BTC/USD", end_s - 24 * HOUR, end_s)

    assert whole is not None and len(rows) == 24 * HOUR // interval
    assert (whole.open, whole.close) == (rows[0].open, rows[-1].close)
    assert (whole.high, whole.low) == (max(row.high for row in rows), min(row.low for row in rows))
    assert whole.volume == sum(row.volume for row in rows)
    assert whole.quote_volume == sum(row.quote_volume for row in rows)


def test_the_last_price_is_one_number_everywhere(minute: Market) -> None:
    now_ms = START_MS + 60_000
    for symbol in minute.instruments:
        last = minute.last_trade(symbol).price
        assert last == minute.trades(symbol, 1)[0].price
        assert last == minute.stats(symbol, 24 * HOUR, now_ms).close == minute.today(symbol, now_ms).close
        assert last == minute.candle(symbol, 24 * HOUR, now_ms).close
    assert minute.stats("BTC/USD", 10, now_ms) == minute.candle_between(
        "BTC/USD", now_ms // 1000 - 9, now_ms // 1000 + 1
    )


def test_gaps_are_flat_candles_on_request(minute: Market) -> None:
    now_s = START_MS // 1000 + 60
    rows = minute.candles("ZEC/USD", 1, now_s - 30, now_s, include_empty=True)

    assert [row.open_s for row in rows] == list(range(now_s - 30, now_s + 1))
    assert any(row.volume == 0 and row.open == row.high == row.low == row.close for row in rows)


@settings(max_examples=20, deadline=None)
@given(steps=st.lists(st.integers(1, 1800), min_size=1, max_size=60), start=st.integers(0, 86_400))
def test_a_history_that_drops_its_seconds_keeps_its_sums(steps: list[int], start: int) -> None:
    begin_s = 1_700_000_000 + start
    tape = TradeHistory(instrument("BTC", "USD"), 1, begin_s * 1_000_000, 10**9)
    trades, at = [], begin_s
    for number, step in enumerate(steps):
        at += step
        price, size = Decimal(100 + number * 7 % 13), Decimal(1 + number % 5)
        trades.append(Trade(number + 1, at * 1_000_000, 10**9 + number, price, size, "buy", 1, 2))
        tape.record(trades[-1])
    first_s = begin_s // 60 * 60 + 60
    for width in (60, 600, 3600, 86_400):
        for open_s in range(first_s // width * width + width, at + 1, width):
            inside = [trade for trade in trades if open_s <= trade.time_us // 1_000_000 < open_s + width]
            assert tape.candle_between(open_s, open_s + width) == (folded(inside, open_s) if inside else None)


@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_money_is_conserved(seed: int) -> None:
    market = run(12, seed)
    account = market.account
    expected = {name: Decimal(amount) for name, amount in DEPOSITS.items()}
    for event in account.log.since(0):
        match event:
            case Fill(symbol=symbol, side=side, price=price, size=size, fee=fee, self_trade=own):
                item, sign = market.instruments[symbol], 1 if side == "buy" else -1
                value = price * size
                assert fee == (0 if own else rounded_amount(value * (MAKER_FEE if event.is_maker else TAKER_FEE)))
                assert event.fee_currency == item.quote
                if not item.perpetual:
                    expected[item.base] += sign * size
                    expected[item.quote] -= sign * value
                expected[item.quote] -= fee
            case PositionChange(realised_profit=settled):
                expected["USD"] += settled
    changes = Counter[str]()
    for event in account.log.since(0):
        if isinstance(event, BalanceChange):
            changes[event.balance.currency] += event.delta  # type: ignore[assignment]

    assert {name: balance.total for name, balance in account.balances.items()} == expected
    assert all(expected[name] - Decimal(DEPOSITS[name]) == changes[name] for name in expected)
    assert all(balance.free >= 0 <= balance.locked for balance in account.balances.values())


def test_what_is_locked_is_what_rests() -> None:
    market = Market(start_ms=START_MS)
    for step in range(400):
        market.advance(START_MS + step * 50)
        locked = Counter[str]()
        for order in market.account.orders.values():
            item = market.instruments[order.symbol]
            resting = market.order_book(order.symbol).order(order.id)
            assert resting is not None and resting.size == order.remaining and resting.owner == 4242
            if not item.perpetual:
                buying = order.side == "buy"
                locked[item.quote if buying else item.base] += (
                    order.price * order.remaining if buying else order.remaining
                )  # type: ignore[assignment]
        assert all(balance.locked == locked[name] for name, balance in market.account.balances.items())


def test_the_perpetual_position_is_the_sum_of_its_fills() -> None:
    market = run(25)
    assert market.account.log.is_complete_since(0)
    fills = [event for event in market.account.log.since(0) if isinstance(event, Fill)]
    amount = sum(
        (fill.size if fill.side == "buy" else -fill.size for fill in fills if fill.symbol == "BTC/USD-PERP"), Decimal(0)
    )
    position = market.account.positions.get("BTC/USD-PERP")

    assert (position.amount if position else 0) == amount


def test_fills_are_trades_of_the_market(minute: Market) -> None:
    trades = {trade.id: trade for symbol in AccountScript.MARKETS for trade in trades_of(minute, symbol)}
    for fill in minute.account.log.since(0):
        if isinstance(fill, Fill):
            trade = trades[fill.trade_id]
            assert (fill.price, fill.size) == (trade.price, trade.size)
            assert fill.is_maker == (fill.order_id == trade.maker_order_id)
            assert fill.self_trade == (trade.buyer == trade.seller == 4242)


def test_the_account_is_busy_on_each_of_its_markets() -> None:
    market = run(30)
    log = market.account.log
    assert log.is_complete_since(0)
    events = log.since(0)
    for symbol in AccountScript.MARKETS:
        orders = [
            event.order.status for event in events if isinstance(event, OrderUpdate) and event.order.symbol == symbol
        ]
        fills = [event for event in events if isinstance(event, Fill) and event.symbol == symbol]
        stops = [event.stop.status for event in events if isinstance(event, StopUpdate) and event.stop.symbol == symbol]

        assert set(orders) == {"new", "partial", "filled", "cancelled"}, symbol
        assert set(stops) == {"new", "triggered", "cancelled"}, symbol
        assert len(fills) >= 60 and len(stops) >= 60
        assert {fill.is_maker for fill in fills} == {True, False} == {fill.self_trade for fill in fills}


def test_the_balances_of_the_account_stay_near_the_deposits(minute: Market) -> None:
    change = minute.account.balances["BTC"].total - Decimal(DEPOSITS["BTC"])

    assert abs(change) < Decimal("0.5")


def test_a_coarser_book_adds_up() -> None:
    book = SimulatedBook()
    for number, price in enumerate(("10.07", "10.05", "9.99", "9.90")):
        book.add(Order(number, "buy", Decimal(price), Decimal(number + 1), Decimal(9), 0))
    book.add(Order(9, "sell", Decimal("10.11"), Decimal(1), Decimal(9), 0))

    assert book.levels("buy", None, Decimal("0.1")) == [(Decimal("10.0"), 3, 2), (Decimal("9.9"), 7, 2)]
    assert book.levels("buy", 1, Decimal("0.1")) == [(Decimal("10.0"), 3, 2)]
    assert book.levels("sell", 5, Decimal("0.1")) == [(Decimal("10.2"), 1, 1)]
    assert book.levels("buy", 1, Decimal(10)) == [(Decimal(10), 3, 2)]


def test_a_log_drops_the_oldest_events_and_knows_it() -> None:
    log: Log[Trade] = Log()
    for number in range(1, 12_001):
        log.append(Trade(number, number, number, Decimal(1), Decimal(1), "buy", 1, 2))

    assert log.cursor == 12_000
    assert [trade.seq for trade in log.since(11_998)] == [11_999, 12_000]
    assert not log.is_complete_since(0) and log.is_complete_since(11_000)
    assert len(log.since(0)) < 10_001
