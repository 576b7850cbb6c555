"""The trades and candles of one instrument, by hand-made trades."""

from decimal import Decimal

import pytest

from wscli.simulator.instruments import instrument
from wscli.simulator.order_book import Trade
from wscli.simulator.trade_history import HISTORY_TRADES, HOUR, Candle, TradeHistory, flat_candle, history_trades

START_S = 1_700_000_040  # a minute begins
FIRST_ID = 500_100_000


@pytest.fixture
def history() -> TradeHistory:
    return TradeHistory(instrument("BTC", "USD"), 7, START_S * 1_000_000, FIRST_ID)


def record(history: TradeHistory, number: int, second: int, price: str, size: str = "1") -> None:
    time_us = (START_S + second) * 1_000_000
    history.record(Trade(number, time_us, FIRST_ID + number, Decimal(price), Decimal(size), "buy", 1, 2))


def test_a_candle_has_the_first_last_highest_and_lowest_price(history: TradeHistory) -> None:
    for number, (second, price, size) in enumerate(
        [(0, "100", "1"), (1, "120", "2"), (30, "90", "3"), (59, "95", "4")]
    ):
        record(history, number, second, price, size)

    assert history.candle_between(START_S, START_S + 60) == Candle(
        START_S, Decimal(100), Decimal(95), Decimal(120), Decimal(90), Decimal(10), Decimal(100 + 240 + 270 + 380)
    )


WINDOWS = [
    # from  to     open    close
    (0,     1,     "100",  "100"),
    (0,     2,     "100",  "120"),
    (1,     60,    "120",  "95"),
    (30,    31,    "90",   "90"),
    (2,     30,    None,   None),
    (60,    600,   None,   None),
]  # fmt: skip


@pytest.mark.parametrize(("start", "end", "opened", "closed"), WINDOWS)
def test_a_window_holds_the_trades_from_its_start_to_before_its_end(
    history: TradeHistory, start: int, end: int, opened: str | None, closed: str | None
) -> None:
    for number, (second, price) in enumerate([(0, "100"), (1, "120"), (30, "90"), (59, "95")]):
        record(history, number, second, price)
    candle = history.candle_between(START_S + start, START_S + end)
    prices = (str(candle.open), str(candle.close)) if candle is not None else (None, None)

    assert prices == (opened, closed)


def test_of_an_old_minute_or_hour_only_the_whole_is_known(history: TradeHistory) -> None:
    hour = START_S // HOUR * HOUR + HOUR - START_S  # the first whole one
    record(history, 0, hour + 5, "100")
    record(history, 1, hour + 90, "110")
    record(history, 2, hour + 40 * HOUR, "120")  # so that the seconds and the minutes of the first are forgotten
    begun = START_S + hour

    def prices(start: int, end: int) -> tuple[str, str] | None:
        candle = history.candle_between(begun + start, begun + end)
        return None if candle is None else (str(candle.open), str(candle.close))

    assert prices(0, HOUR) == ("100", "110")
    assert prices(0, 30) == ("100", "110")
    assert prices(1, HOUR) is None
    assert prices(60, HOUR) is None


def test_of_a_minute_whose_seconds_are_forgotten_a_part_is_the_whole(history: TradeHistory) -> None:
    hour = START_S // HOUR * HOUR + HOUR - START_S
    record(history, 0, hour + 60 + 5, "100")
    record(history, 1, hour + 60 + 50, "110")
    record(history, 2, hour + 5 * HOUR, "120")
    begun = START_S + hour
    candle = history.candle_between(begun + 60, begun + 90)

    assert candle is not None
    assert (str(candle.open), str(candle.close)) == ("100", "110")
    assert history.candle_between(begun + 61, begun + 120) is None


def test_trades_are_newest_first_and_the_history_ends_before_the_start(history: TradeHistory) -> None:
    for number in range(3):
        record(history, number, number, "100")

    assert [trade.id for trade in history.trades(2)] == [FIRST_ID + 2, FIRST_ID + 1]
    assert [trade.id for trade in history.trades(100, FIRST_ID)] == [FIRST_ID + 2, FIRST_ID + 1]
    assert len(history.trades(1_000)) == 3 + HISTORY_TRADES
    assert all(trade.time_us < START_S * 1_000_000 for trade in history.trades(1_000)[3:])


def test_the_history_goes_back_thirty_days_and_no_further(history: TradeHistory) -> None:
    day = 24 * HOUR

    assert history.candle_between(START_S - 30 * day, START_S - 29 * day) is not None
    assert history.candle_between(START_S - 40 * day, START_S - 35 * day) is None
    assert history.close_before(START_S - 40 * day) is None
    assert history.close_before(START_S) is not None


def test_a_history_that_starts_again_has_no_trades_of_its_own(history: TradeHistory) -> None:
    record(history, 1, 0, "100")
    history.restart((START_S + 600) * 1_000_000)

    assert history.candle_between(START_S + 600, START_S + 660) is None
    assert FIRST_ID + 1 not in {trade.id for trade in history.trades(1_000)}


def test_a_flat_candle_has_one_price_and_no_volume() -> None:
    candle = flat_candle(START_S, Decimal(5))

    assert {candle.open, candle.close, candle.high, candle.low} == {Decimal(5)}
    assert (candle.open_s, candle.volume, candle.quote_volume) == (START_S, 0, 0)


def test_the_single_trades_of_the_history_are_near_the_reference_price_and_numbered_below_the_first() -> None:
    item = instrument("BTC", "USD")
    begin_us, end_us = (START_S - 120) * 1_000_000, START_S * 1_000_000
    trades = [*history_trades(item, 7, begin_us, end_us, FIRST_ID)]
    ids, times = [trade.id for trade in trades], [trade.time_us for trade in trades]
    order_ids = [order_id for trade in trades for order_id in (trade.buy_order_id, trade.sell_order_id)]

    assert len(trades) == HISTORY_TRADES
    assert all(abs(float(trade.price) / item.reference_price - 1) < 0.01 for trade in trades)
    assert all(0 < float(trade.size) <= item.typical_size for trade in trades)
    assert ids == sorted(set(ids)) and ids[-1] < FIRST_ID
    assert times == sorted(times) and begin_us <= times[0] and times[-1] < end_us
    assert order_ids == sorted(set(order_ids)) and order_ids[-1] < 10 * FIRST_ID
