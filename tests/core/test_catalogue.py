"""Symbols in pieces and in another spelling; the columns of a channel."""

from __future__ import annotations

import pytest

from wscli.core.catalogue import Channel, Field, Param, SymbolSpelling, base_and_quote

PAIRS = [
    # as it is spelled    base and quote
    ("btc-usdt",          ("BTC", "USDT")),
    ("BTC_USDT",          ("BTC", "USDT")),
    ("btc/xyz",           ("BTC", "XYZ")),
    ("A:B",               ("A", "B")),
    ("a-b-c",             None),
    ("btcusdt",           ("BTC", "USDT")),
    ("BTCUSD",            ("BTC", "USD")),
    ("ETHUSDC",           ("ETH", "USDC")),
    ("tBTCUST",           ("TBTC", "UST")),
    ("ABUSD",             ("AB", "USD")),
    ("AUSD",              None),  # one letter is no base: fUSD is a currency of Bitfinex's funding
    ("USDT",              None),
    ("BTCXYZ",            None),
    ("",                  None),
]  # fmt: skip


@pytest.mark.parametrize(("symbol", "pair"), PAIRS)
def test_a_symbol_is_split_at_its_sign_or_before_a_known_quote(symbol: str, pair: tuple[str, str] | None) -> None:
    assert base_and_quote(symbol) == pair


SPELLED = [
    # typed       does it match?  what is suggested
    ("BTC_USD",   True,           None),
    ("btc_usd",   False,          "BTC_USD"),
    ("btc-usd",   False,          None),
    ("BTC_USDX",  False,          None),
    ("xBTC_USD",  False,          None),
]  # fmt: skip


@pytest.mark.parametrize(("symbol", "matches", "suggestion"), SPELLED)
def test_a_near_miss_of_a_spelling_is_suggested(symbol: str, matches: bool, suggestion: str | None) -> None:
    spelling = SymbolSpelling("[A-Z]{3}_[A-Z]{3}", "BTC_USD", "capitals", str.upper)

    assert spelling.matches(symbol) is matches
    assert spelling.suggestion(symbol) == suggestion


def test_the_columns_are_those_of_parameters_and_layouts_each_once() -> None:
    fields = (Field("p", "price"), Field("s", "size", type="signed"))
    channel = Channel(
        "x", "", params=(Param("depth", "", column="depth"), Param("y", "")), extra_columns=("symbol",),
        layouts={"a": fields, "b": (Field("q", "price"), Field("i", "id"))},
    )  # fmt: skip

    assert channel.columns == ("depth", "symbol", "price", "side", "size", "id")


@pytest.mark.parametrize(
    ("event_times", "is_event_time"), [((), False), ((True,), True), ((True, True), True), ((True, False), False)]
)
def test_the_time_is_that_of_an_event_where_it_is_in_each_layout(
    event_times: tuple[bool, ...], is_event_time: bool
) -> None:
    layouts = {str(n): (Field("t", "time", is_event_time=one),) for n, one in enumerate(event_times)}

    assert Channel("x", "", layouts=layouts).has_event_time is is_event_time
