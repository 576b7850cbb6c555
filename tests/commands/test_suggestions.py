"""What may come next in a command, as a table: the words before, what is typed, and the words that are offered, best first."""

from __future__ import annotations

import pytest

from wscli.commands.suggestions import MAX_SUGGESTIONS, MAX_SYMBOLS_FIRST, may_name_channel, next_words
from wscli.exchanges import find_dialect

SYMBOLS = {
    "bybit": ("BTCUSDT", "ETHUSDT", "BTCPERP"),
    "bitfinex": ("tBTCUSD", "fUSD"),
    "bitstamp": ("btcusd", "ethusd"),
    "whitebit": ("BTC_USDT",),
}
NEXT = [
    # exchange    words before                typed              the part that is replaced, and the first offers
    ("bybit",     "",                         "publicT",         "publicT",         ["publicTrade", "publicTrade."]),
    ("bybit",     "",                         "publicTrade.b",   "publicTrade.b",   ["publicTrade.BTCUSDT", "publicTrade.BTCPERP"]),
    ("bybit",     "",                         "kl",              "kl",              ["kline", "kline.", "orderbook.full"]),
    ("bybit",     "",                         "kline.",          "kline.",          ["kline.1.", "kline.3.", "kline.5."]),
    ("bybit",     "",                         "kline.1",         "kline.1",         ["kline.1.", "kline.15.", "kline.120."]),
    ("bybit",     "",                         "kline.1.e",       "kline.1.e",       ["kline.1.ETHUSDT", "kline.1.BTCPERP"]),
    ("bybit",     "",                         "kline.D.BTCUSDT", "kline.D.BTCUSDT", ["kline.D.BTCUSDT"]),
    ("bybit",     "",                         "kline.7.b",       "kline.7.b",       []),
    ("bybit",     "",                         "order.sp",        "order.sp",        ["order.spot"]),
    ("bybit",     "",                         "order.spot",      "order.spot",      ["order.spot"]),
    ("bybit",     "",                         "orderbook.5",     "orderbook.5",     ["orderbook.50.", "orderbook.25."]),
    ("bybit",     "",                         "walle",           "walle",           ["wallet"]),
    ("bybit",     "",                         "wallet",          "wallet",          ["wallet"]),
    ("bybit",     "",                         "wallets",         "wallets",         []),
    ("bybit",     "",                         "linear:tick",     "tick",            ["tickers", "tickers."]),
    ("bybit",     "publicTrade",              "",                "",                ["BTCUSDT", "ETHUSDT", "BTCPERP", "product="]),
    ("bybit",     "publicTrade BTCUSDT",      "",                "",                ["product=", "ETHUSDT", "BTCPERP", "publicTrade"]),
    ("bybit",     "publicTrade BTCUSDT",      "eth",             "eth",             ["ETHUSDT"]),
    ("bybit",     "publicTrade product=spot", "",                "",                ["BTCUSDT", "ETHUSDT", "BTCPERP"]),
    ("bybit",     "kline BTCUSDT",            "int",             "int",             ["interval="]),
    ("bybit",     "kline BTCUSDT",            "interval=1",      "1",               ["1", "15", "120"]),
    ("bybit",     "kline BTCUSDT",            "nothing=1",       "1",               []),
    ("bybit",     "",                         "interval=1",      "1",               []),
    ("bybit",     "order",                    "",                "",                ["product=", "publicTrade", "orderbook.rpi"]),
    ("bitstamp",  "",                         "live_trades_b",   "live_trades_b",   ["live_trades_btcusd"]),
    ("bitfinex",  "trades",                   "",                "",                ["tBTCUSD", "fUSD", "subId=", "flags="]),
    ("bitfinex",  "trades tBTCUSD",           "",                "",                ["subId=", "flags=", "fUSD", "ticker"]),
    ("whitebit",  "depth BTC_USDT",           "lim",             "lim",             ["limit="]),
    ("whitebit",  "candles BTC_USDT",         "",                "",                ["interval="]),
]  # fmt: skip


@pytest.mark.parametrize(("exchange", "before", "typed", "replaced", "offers"), NEXT)
def test_what_may_come_next(exchange: str, before: str, typed: str, replaced: str, offers: list[str]) -> None:
    dialect = find_dialect(exchange)
    part, found = next_words(dialect, dialect.facts.channels, before.split(), typed, SYMBOLS[exchange])
    texts = [one.text for one in found]

    assert part == replaced
    assert texts[: len(offers)] == offers
    assert len(texts) == len(set(texts))
    if len(offers) < 3:
        assert texts == offers


MEANINGS = [
    # typed                what its first offer means
    ("publicTr",           "public trades, one or more per message"),
    ("order.spot",         "private: your orders, at every change"),
    ("publicTrade.ETHU",   "publicTrade"),
    ("kline.D",            "candles; confirm=true marks a final one"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "meaning"), MEANINGS)
def test_an_offer_has_its_meaning_beside_it(typed: str, meaning: str) -> None:
    bybit = find_dialect("bybit")

    assert next_words(bybit, bybit.facts.channels, [], typed, SYMBOLS["bybit"])[1][0].meaning == meaning


def test_a_channel_that_replaces_the_one_before_is_offered_once() -> None:
    whitebit = find_dialect("whitebit")
    _, first = next_words(whitebit, whitebit.facts.channels, [], "", ())
    _, second = next_words(whitebit, whitebit.facts.channels, ["candles", "BTC_USDT", "interval=60"], "", ())

    assert "candles" in [one.text for one in first]
    assert "candles" not in [one.text for one in second]
    assert "trades" in [one.text for one in second]


@pytest.mark.parametrize(
    ("words", "may"),
    [
        ("", True),
        ("kline", False),
        ("kline BTCUSDT", False),
        ("kline interval=1", False),
        ("kline BTCUSDT interval=1", True),
        ("publicTrade", False),
        ("publicTrade BTCUSDT", True),
        ("order", True),
    ],
)
def test_another_channel_may_be_named_once_the_last_one_is_complete(words: str, may: bool) -> None:
    assert may_name_channel(find_dialect("bybit").facts.channels, words.split()) is may


def test_there_are_no_more_offers_than_anyone_reads() -> None:
    bybit = find_dialect("bybit")
    many = tuple(f"A{number}USDT" for number in range(1000))
    _, symbols = next_words(bybit, bybit.facts.channels, ["publicTrade", "BTCUSDT"], "", many)
    _, named = next_words(bybit, bybit.facts.channels, [], "publicTrade.A", many)

    assert sum(one.text in many for one in symbols) == MAX_SYMBOLS_FIRST
    assert len(named) == MAX_SUGGESTIONS
