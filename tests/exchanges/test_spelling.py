"""Symbols and intervals in other spellings, as each exchange writes them."""

from __future__ import annotations

import pytest

from wscli.exchanges import find_dialect
from wscli.exchanges.bybit.v5.catalogue import spell, spell_interval

INTERVALS = [
    # as it is typed    as v5 writes it
    ("1m",              "1"),
    ("5min",            "5"),
    ("15",              "15"),
    ("1h",              "60"),
    ("4H",              "240"),
    ("1d",              "D"),
    ("24h",             "D"),
    ("1440",            "D"),
    ("day",             "D"),
    ("Week",            "W"),
    ("1w",              "W"),
    ("7d",              "W"),
    ("1M",              "M"),
    ("month",           "M"),
    ("1Mon",            "M"),
    ("1MO",             "M"),
    ("7m",              "7"),
    ("2M",              "2"),
    ("12345m",          "12345m"),
    ("soon",            "soon"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "written"), INTERVALS)
def test_an_interval_is_written_as_v5_does(typed: str, written: str) -> None:
    assert spell_interval(typed) == written


SYMBOLS = [("btc-usdt", "BTCUSDT"), ("BTC/USDT", "BTCUSDT"), ("btcusdt", "BTCUSDT"), ("btcperp", "BTCPERP")]


@pytest.mark.parametrize(("typed", "written"), SYMBOLS)
def test_a_symbol_is_written_as_v5_does(typed: str, written: str) -> None:
    assert spell(typed) == written


SUGGESTIONS = [
    # exchange     API          a symbol in another spelling   what is suggested
    ("bybit",      "v5",        "btc-usdt",                    "BTCUSDT"),
    ("bybit",      "spot-v3",   "btc_usdt",                    "BTCUSDT"),
    ("bitfinex",   "v2",        "btcusd",                      "tBTCUSD"),
    ("bitfinex",   "v1",        "btc-usd",                     "BTCUSD"),
    ("bitstamp",   None,        "BTC/USD",                     "btcusd"),
    ("whitebit",   None,        "btc-usdt",                    "BTC_USDT"),
    ("digifinex",  None,        "btc/usdt",                    "BTC_USDT"),
]  # fmt: skip


@pytest.mark.parametrize(("exchange", "api", "typed", "suggested"), SUGGESTIONS)
def test_each_exchange_suggests_its_own_spelling(exchange: str, api: str | None, typed: str, suggested: str) -> None:
    spelling = find_dialect(exchange, api).facts.symbol_spelling

    assert spelling.suggestion(typed) == suggested
    assert spelling.matches(suggested)
    assert not spelling.matches(typed)
