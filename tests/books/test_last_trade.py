"""The last trade beside a book: which channel it comes from, and what it says."""

from __future__ import annotations

import pytest

from wscli.books.last_trade import trade_channel, trades_beside
from wscli.core.messages import Subscribe, request_text
from wscli.core.record import replace
from wscli.exchanges import find_dialect

CHANNELS = [
    # exchange, API            the book                                                   the trades
    (("bybit", "v5"),          Subscribe("orderbook", ("BTCUSDT",), {"product": "linear"}), "publicTrade BTCUSDT product=linear"),
    (("bybit", "spot-v3"),     Subscribe("orderbook", ("BTCUSDT",)),                      "trade BTCUSDT"),
    (("bitfinex", "v2"),       Subscribe("book", ("tBTCUSD",), {"prec": "P0"}),           "trades tBTCUSD"),
    (("bitfinex", "v1"),       Subscribe("book", ("BTCUSD",)),                            "trades BTCUSD"),
    (("bitstamp", None),       Subscribe("order_book", ("btcusd",)),                      "live_trades btcusd"),
    (("whitebit", None),       Subscribe("depth", ("BTC_USDT",), {"limit": 100}),         "trades BTC_USDT"),
    (("digifinex", None),      Subscribe("depth", ("BTC_USDT",)),                         "trades BTC_USDT"),
]  # fmt: skip


@pytest.mark.parametrize(("api", "book", "words"), CHANNELS)
def test_each_exchange_has_its_trades_beside_its_book(api: tuple[str, str | None], book: Subscribe, words: str) -> None:
    (command,) = trades_beside(find_dialect(*api), book)

    assert isinstance(command, Subscribe)
    assert request_text(command).startswith(words)


def test_a_symbol_that_has_no_trades_costs_the_trade_alone() -> None:
    assert trades_beside(find_dialect("bitfinex", "v2"), Subscribe("book", ("not a symbol",))) == ()


def test_private_trades_are_not_meant() -> None:
    dialect = find_dialect("bitstamp")
    private_first = replace(dialect, facts=replace(dialect.facts, channels=tuple(reversed(dialect.facts.channels))))
    channel = trade_channel(private_first)

    assert channel is not None
    assert channel.name == "live_trades"
