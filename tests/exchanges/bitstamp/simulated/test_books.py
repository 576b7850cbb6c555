"""How the simulated Bitstamp writes a market, and when it publishes a book."""

from decimal import Decimal
from typing import Any

import pytest

from wscli.exchanges.bitstamp.simulated.books import MarketFormat, PublishedBooks, market_formats, market_name
from wscli.simulator.instruments import Instrument, instrument
from wscli.simulator.market import Market

START_MS = 1_700_000_000_000

FORMATS = [
    # instrument                                       name            price         size          id of trade 7
    (instrument("BTC", "USD"),                         "btcusd",       "36500.10",   "0.25000000", 7),
    (instrument("XRP", "USDT"),                        "xrpusdt",      "36500.10000", "0.25000000", 7),
    (instrument("BTC", "USD", perpetual=True),         "btcusd-perp",  "36500.10",   "0.25000",    9_100_000_000_000_007),
]  # fmt: skip


@pytest.mark.parametrize(("item", "name", "price", "size", "trade_id"), FORMATS)
def test_a_market_has_a_name_and_fixed_decimals(
    item: Instrument, name: str, price: str, size: str, trade_id: int
) -> None:
    market_format = MarketFormat(item, 1)

    assert (market_format.name, market_name(item)) == (name, name)
    assert market_format.price_text(Decimal("36500.1")) == price
    assert market_format.size_text(Decimal("0.25")) == size
    assert market_format.trade_id(7) == trade_id


def test_the_event_ids_of_a_market_and_a_source_are_its_own() -> None:
    first, second = MarketFormat(instrument("BTC", "USD"), 1), MarketFormat(instrument("ETH", "USD"), 2)

    assert first.event_id(7) == "00aa11bb-0000-0007-0000-000100000020"
    assert second.event_id(7, 0x40) == "00aa11bb-0000-0007-0000-000200000040"
    assert first.event_id(8) > first.event_id(7)


@pytest.mark.parametrize(("symbol", "grid_ms"), [("BTC/USD", 100), ("BTC/USD-PERP", 200)])
def test_a_book_is_published_once_in_an_interval_and_only_after_a_change(symbol: str, grid_ms: int) -> None:
    market = Market(start_ms=START_MS)
    books = PublishedBooks(market, market_formats(market))
    first = books.book(symbol, START_MS)
    unchanged = books.book(symbol, START_MS + grid_ms)
    market.advance(START_MS + 2_000)
    too_early = books.book(symbol, START_MS + grid_ms - 1)
    second = books.book(symbol, START_MS + grid_ms)

    assert first is unchanged is too_early
    assert second is not first
    assert second.log_position == market.log(symbol).cursor


def test_the_books_of_a_moment_agree() -> None:
    market = Market(start_ms=START_MS)
    book = PublishedBooks(market, market_formats(market)).book("BTC/USD", START_MS)
    pictures: Any = (book.order_book(5), book.detail_order_book(5), book.rest_order_book())
    levels, orders, rest = pictures

    assert [len(levels["bids"]), len(orders["asks"])] == [5, 5]
    assert orders["bids"][0][:2] == rest["bids"][0]
    assert levels["bids"][0][0] == orders["bids"][0][0]
    assert levels["timestamp"] == orders["timestamp"] == rest["timestamp"]
