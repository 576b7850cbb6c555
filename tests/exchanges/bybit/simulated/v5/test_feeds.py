"""The public topics of the simulated Bybit v5: which there are, and what the rarer ones push."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from wscli.exchanges.bybit.simulated.v5.books import FullBook
from wscli.exchanges.bybit.simulated.v5.feeds import BybitV5Feeds
from wscli.exchanges.bybit.simulated.v5.listings import instrument_row, listings
from wscli.simulator.market import Market
from wscli.simulator.order_book import Side

START_MS = 1_700_000_012_345
CALL = "BTC-26MAR27-20000-C"


@pytest.fixture(scope="module")
def market() -> Market:
    market = Market(start_ms=START_MS)
    market.advance(START_MS)
    return market


TOPICS = [
    # topic                      the products that have it
    ("orderbook.1.BTCUSDT",      "spot linear"),
    ("orderbook.50.ETHBTC",      "spot"),
    ("orderbook.25.BTCUSDT",     ""),
    (f"orderbook.25.{CALL}",     "option"),
    (f"orderbook.1.{CALL}",      ""),
    ("orderbook.rpi.BTCUSDT",    "spot linear"),
    (f"orderbook.rpi.{CALL}",    ""),
    ("orderbook.full.BTCUSDT",   "spot"),
    ("orderbook.200.BTCPERP",    "linear"),
    ("orderbook.200.BTCUSD",     "inverse"),
    ("orderbook.50.NOPE",        ""),
    ("orderbook.50",             ""),
    ("kline.1.BTCUSDT",          "spot linear"),
    ("kline.7.BTCUSDT",          ""),
    (f"kline.1.{CALL}",          ""),
    ("publicTrade.BTCUSDT",      "spot linear"),
    ("publicTrade.BTC",          "option"),
    (f"publicTrade.{CALL}",      ""),
    ("tickers.BTCUSDT",          "spot linear"),
    (f"tickers.{CALL}",          "option"),
    ("priceLimit.BTCUSD",        "inverse"),
    (f"priceLimit.{CALL}",       ""),
    ("allLiquidation.BTCUSDT",   "linear"),
    ("allLiquidation.ETHBTC",    ""),
    ("insurance.USDT",           "linear"),
    ("insurance.inverse",        "inverse"),
    ("adlAlert.USDC",            "linear"),
    ("adlAlert.BTC",             ""),
    ("sing.BTCUSDT",             ""),
    ("BTCUSDT",                  ""),
    ("",                         ""),
]  # fmt: skip


@pytest.mark.parametrize(("topic", "products"), TOPICS)
def test_each_product_has_its_own_topics(market: Market, topic: str, products: str) -> None:
    listed = listings(market)
    having = [product for product in listed if BybitV5Feeds(market, product, listed[product]).feed(topic) is not None]

    assert " ".join(having) == products


def pushes(product: str, topic: str, seconds: int = 20) -> Iterator[Any]:
    market = Market(start_ms=START_MS)
    feed = BybitV5Feeds(market, product, listings(market)[product]).feed(topic)
    assert feed is not None
    for now_ms in range(START_MS, START_MS + seconds * 1000, 50):
        market.advance(now_ms)
        yield from feed(now_ms)


def test_a_third_of_the_size_at_every_fifth_price_is_price_improvement() -> None:
    first = next(pushes("spot", "orderbook.rpi.XRPUSDT"))
    rows = [[Decimal(number) for number in row] for key in "ba" for row in first["data"][key]]
    improved = [row for row in rows if row[2]]

    assert improved
    assert all(price / Decimal("0.00001") % 5 == 0 for price, _, _ in improved)
    assert all(0 <= size - 2 * rpi < 3 for _, size, rpi in improved)


def test_a_price_limit_is_two_percent_from_the_mark() -> None:
    (first, *_) = pushes("linear", "priceLimit.BTCUSDT", 1)
    highest, lowest = (float(first["data"][key]) for key in ("buyLmt", "sellLmt"))

    assert first["data"]["symbol"] == "BTCUSDT"
    assert highest / lowest == pytest.approx(1.02 / 0.98, rel=1e-5)


def test_an_option_costs_the_price_of_its_base_minus_the_strike() -> None:
    ticker = next(pushes("option", f"tickers.{CALL}"))["data"]
    spot = next(pushes("spot", "tickers.BTCUSDT"))["data"]

    assert Decimal(ticker["lastPrice"]) == Decimal(spot["lastPrice"]) - 20_000
    assert Decimal(ticker["bidPrice"]) < Decimal(ticker["askPrice"])
    assert Decimal(ticker["indexPrice"]) - Decimal(ticker["markPrice"]) == 20_000


def test_every_liquidation_is_a_fifth_trade_from_the_side_of_the_position() -> None:
    trades = [row for push in pushes("linear", "publicTrade.BTCUSDT", 60) for row in push["data"]]
    rows = [row for push in pushes("linear", "allLiquidation.BTCUSDT", 60) for row in push["data"]]
    opposite = {"Buy": "Sell", "Sell": "Buy"}
    fifths = [(row["T"], row["p"], row["v"], opposite[row["S"]]) for row in trades if int(row["i"]) % 5 == 0]

    assert rows
    assert [(row["T"], row["p"], row["v"], row["S"]) for row in rows] == fifths[: len(rows)]


@pytest.mark.parametrize(
    ("topic", "keys"),
    [
        ("insurance.USDT", ["coin", "symbols", "balance", "updateTime"]),
        ("adlAlert.USDT", ["c", "s", "b", "mb", "i_pr", "pr", "adl_tt", "adl_sr"]),
    ],
)
def test_a_pool_is_pushed_once_a_second(topic: str, keys: list[str]) -> None:
    sent = [*pushes("linear", topic, 5)]

    assert [*sent[0]["data"][0]] == keys
    assert len(sent) == 5


def test_a_full_book_counts_its_changes_and_keeps_the_last_state() -> None:
    sizes = {"buy": {Decimal(9): Decimal(1)}, "sell": {Decimal(11): Decimal(1)}}
    current: dict[Side, dict[Decimal, Decimal]] = {"buy": sizes["buy"], "sell": sizes["sell"]}
    book = FullBook(lambda side: dict(current[side]), 5)
    book.step(0)
    current["buy"] = {Decimal(9): Decimal(2), Decimal(8): Decimal(1)}
    book.step(100)
    before = [*book.changes]
    book.step(200)

    assert before == []
    assert [*book.changes] == [(6, {"b": [["9", "2"], ["8", "1"]], "a": []})]
    assert (book.update_id, book.rows()) == (6, {"b": [["9", "2"], ["8", "1"]], "a": [["11", "1"]]})


ROWS = [
    # product    name        fields of the row
    ("spot",     "BTCUSDT",  {"baseCoin": "BTC", "quoteCoin": "USDT"}),
    ("linear",   "BTCPERP",  {"settleCoin": "USDC", "contractType": "LinearPerpetual", "deliveryTime": "0"}),
    ("inverse",  "BTCUSD",   {"settleCoin": "BTC", "contractType": "InversePerpetual", "deliveryTime": "0"}),
    ("option",   CALL,       {"settleCoin": "USDC", "optionsType": "Call", "deliveryTime": "1806048000000"}),
]  # fmt: skip


@pytest.mark.parametrize(("product", "name", "fields"), ROWS)
def test_the_row_of_a_listing_has_the_fields_of_its_product(
    market: Market, product: str, name: str, fields: dict[str, object]
) -> None:
    listing = listings(market)[product][name]
    row = instrument_row(product, listing, market.instruments[listing.symbol])

    assert row["symbol"] == name
    assert {key: row.get(key) for key in fields} == fields
    assert ("contractType" in row, "leverageFilter" in row) == (product in ("linear", "inverse"),) * 2


COMMON_KEYS = ["i", "T", "p", "v", "S", "seq", "s", "BT", "RPI"]
TRADE_KEYS = [
    ("spot", "publicTrade.BTCUSDT", COMMON_KEYS),
    ("linear", "publicTrade.BTCUSDT", [*COMMON_KEYS, "L"]),
    ("inverse", "publicTrade.BTCUSD", [*COMMON_KEYS, "L"]),
    ("option", "publicTrade.BTC", [*COMMON_KEYS, "mP", "iP", "mIv", "iv"]),
]


@pytest.mark.parametrize(("product", "topic", "keys"), TRADE_KEYS)
def test_a_trade_has_the_fields_of_its_product(product: str, topic: str, keys: list[str]) -> None:
    rows = [row for push in pushes(product, topic, 5) for row in push["data"]]
    ticks = {row["L"]: row["S"] for row in rows if "L" in row}

    assert {tuple(row) for row in rows} == {tuple(keys)}
    assert ticks in ({}, {"PlusTick": "Buy", "MinusTick": "Sell"})


def test_a_candle_comes_once_a_second_and_is_confirmed_at_its_end() -> None:
    rows = [(push["ts"], row) for push in pushes("spot", "kline.1.BTCUSDT", 61) for row in push["data"]]
    current, confirmed = ([each for each in rows if each[1]["confirm"] is is_over] for is_over in (False, True))

    assert len(current) == 61
    assert [row["timestamp"] - row["end"] for _, row in confirmed] == [0]
    assert all(row["start"] <= ts and row["timestamp"] <= ts for ts, row in current)
    assert all(row["end"] - row["start"] == 59_999 and row["interval"] == "1" for _, row in rows)


def test_a_current_candle_has_the_time_of_the_last_trade() -> None:
    times = [row["T"] for push in pushes("spot", "publicTrade.BTCUSDT", 20) for row in push["data"]]
    rows = [(push["ts"], row["timestamp"]) for push in pushes("spot", "kline.1.BTCUSDT", 20) for row in push["data"]]
    late = [(ts, stamp) for ts, stamp in rows if ts > times[0]]

    assert late
    assert all(stamp == max(time_ms for time_ms in times if time_ms <= ts) for ts, stamp in late)


@pytest.mark.parametrize("topic", ["orderbook.1.BTCUSDT", "orderbook.50.BTCUSDT", "orderbook.rpi.BTCUSDT"])
def test_a_book_in_which_nothing_changed_is_not_pushed_again(topic: str) -> None:
    market = Market(start_ms=START_MS)
    feed = BybitV5Feeds(market, "spot", listings(market)["spot"]).feed(topic)
    assert feed is not None
    kinds = [push["type"] for after_ms in (0, 100, 200, 2_000) for push in feed(START_MS + after_ms)]

    assert kinds == ["snapshot"]


def test_liquidations_come_at_most_twice_a_second() -> None:
    times = [push["ts"] for push in pushes("linear", "allLiquidation.BTCUSDT", 30)]

    assert times
    assert {(time_ms - START_MS) % 500 for time_ms in times} == {0}


def test_the_best_levels_are_pushed_when_they_change_and_every_three_seconds() -> None:
    market = Market(start_ms=START_MS)
    feed = BybitV5Feeds(market, "linear", listings(market)["linear"]).feed("orderbook.1.BTCUSDT")
    assert feed is not None
    times = (0, 50, 2_950, 3_000, 3_050, 6_000)
    pushes_at = {after_ms: feed(START_MS + after_ms) for after_ms in times}
    sent = [push for pushed in pushes_at.values() for push in pushed]

    assert [after_ms for after_ms, pushed in pushes_at.items() if pushed] == [0, 3_000, 6_000]
    assert {push["type"] for push in sent} == {"snapshot"}
    assert len({push["data"]["u"] for push in sent}) == 1
    assert [len(sent[0]["data"][side]) for side in "ba"] == [1, 1]


def test_an_update_of_the_best_levels_has_the_next_number() -> None:
    numbers = [push["data"]["u"] for push in pushes("linear", "orderbook.1.BTCUSDT", 5)]

    assert numbers == [*range(numbers[0], numbers[0] + len(numbers))]
    assert len(numbers) > 5
