"""The bottom line, as a table: what is typed before the cursor, and what is said of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.prompt_context import LINES, VENUES, knows
from wscli.exchanges import find_dialect
from wscli.repl.syntax.hint import WIDTH, hint

HINTS = [
    # typed before the cursor              the hint, or its beginning
    ("",                                   "Tab completes, help explains"),
    ("unsu",                               "unsubscribe CHANNEL SYMBOL... [key=value...]: stop channels, and show the answer"),
    ("subscribe ",                         "subscribe CHANNEL SYMBOL..."),
    ("subscribe tickers",                  "tickers SYMBOL...: statistics of the last 24 hours; real time"),
    ("subscribe order",                    "order: private: your orders, at every change"),
    ("subscribe trade ",                   "trade SYMBOL...; a symbol like BTCUSDT"),
    ("subscribe trade btc",                "btc: a symbol of bybit: in capitals, without a separator, like BTCUSDT"),
    ("subscribe kline BTCUSDT ",           "interval=… m minutes, h hours, d day, w week, M month; one of 1m 3m 5m"),
    ("subscribe kline BTCUSDT interval=",  "interval: m minutes, h hours, d day, w week, M month; one of 1m 3m 5m"),
    ("subscribe kline BTCUSDT nope=",      "kline has no parameter nope; it has interval="),
    ("subscribe trade BTCUSDT x=",         "trade has no parameter x"),
    ("whitebit depth BTC_USDT ",           "depth SYMBOL... [limit=…] [price_interval=…] [multiple=…]"),
    ("whitebit depth BTC_USDT limit=",     "limit: levels per side; one of 1 5 10 20 30 50 100, default 100"),
    ("whitebit query trades BTC_USDT limit", "limit: at most this many; a whole number, 1 to 100, default 100"),
    ("whitebit bookTicker ",               "bookTicker [SYMBOL...]; a symbol like BTC_USDT"),
    ("book ",                              "book [CHANNEL] SYMBOL [key=value...]: keep the order book of one symbol"),
    ("book BTC",                           "BTC: a symbol of bybit"),
    ("book BTCUSDT ",                      "depth=… one of 40"),
    ("book BTCUSDT --depth ",              "--depth N: Show N levels per side"),
    ("whitebit ",                          "whitebit subscribe | unsubscribe | query"),
    ("bybit",                              "bybit: Bybit v5, spot v3"),
    ("subscribe trade -o ",                "-o, --output FORMAT: Print messages as json, pretty, rows"),
    ("subscribe trade --for",              "--for TIME: Stop after this time"),
    ("subscribe --nonsense",               "no such flag"),
    ("where ",                             "FIELD OP VALUE, with OP one of"),
    ("where side",                         "side: buy sell bid ask (side of the taker); OP is"),
    ("where price>5",                      "price (quote per base); OP is"),
    ("set keys ",                          "keys: keys that edit the line: emacs vi"),
    ("subscribe trade BTCUSDT | ",         "| COMMAND pipes this stream"),
    ("subscribe trade BTCUSDT > ",         "> FILE writes this stream"),
    ("last 5 | ",                          "| COMMAND pipes what last prints"),
    ("channels >> ",                       ">> FILE appends what channels prints"),
    ("last >! ",                           ">! FILE writes what last prints"),
    ("!ls",                                "! COMMAND: run a command of the shell"),
    ("sub ",                               "subscribe CHANNEL SYMBOL"),
    ("reconnect ",                         "reconnect [EXCHANGE]: drop the connections"),
    ("nonsense",                           "no such command"),
    ("# a remark",                         ""),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "beginning"), HINTS, ids=[typed for typed, _ in HINTS])
def test_the_hint_says(typed: str, beginning: str) -> None:
    shown = hint(typed, len(typed), knows("bybit"))

    assert shown.startswith(beginning)
    assert beginning or not shown


def test_without_an_exchange_the_hint_says_how_to_name_one() -> None:
    assert hint("subscribe tr", 12, knows(None)).startswith("no exchange is selected: type use bybit --sim")
    assert hint("bybit subscribe trade", 21, knows(None)).startswith("trade SYMBOL...")


def test_the_hint_is_about_the_word_under_the_cursor() -> None:
    text = "subscribe kline BTCUSDT interval=1m"

    assert hint(text, 12, knows()).startswith("kline SYMBOL... interval=…: candles")
    assert hint(text, 3, knows()).startswith("subscribe CHANNEL")


def test_what_is_typed_never_reaches_the_terminal_raw() -> None:
    assert hint("subscribe trade 'a\n\x1b[31m", 24, knows()).startswith("a  [31m: a symbol of bybit")


@settings(deadline=None, max_examples=300)
@given(LINES, VENUES, st.integers(0, 40))
def test_a_hint_is_one_line_that_fits(line: str, exchange: str | None, cursor: int) -> None:
    shown = hint(line, min(cursor, len(line)), knows(exchange))

    assert len(shown) <= WIDTH
    assert "\n" not in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("typed", "beginning"),
    [
        ("subscribe trade", "trade: a channel of spot-v3, which is retired; wscli sends publicTrade instead"),
        ("subscribe trade.BTCUSDT", "trade: a channel of spot-v3, which is retired; wscli sends publicTrade instead"),
        ("subscribe bookticker", "bookticker: a channel of spot-v3, which is retired; wscli sends orderbook instead"),
        ("subscribe stopOrder", "stopOrder: a channel of spot-v3, which is retired; no channel replaces it"),
        ("subscribe publicTrade", "publicTrade SYMBOL..."),
        ("bitfinex --api v1 subscribe book BTCUSD prec=", "prec: one of P0 P1 P2 P3 R0, default P0"),
        ("bitfinex subscribe book tBTCUSD prec=", "prec: one of P0 P1 P2 P3 P4 R0, default P0"),
    ],
)
def test_a_retired_word_says_what_is_sent_instead(typed: str, beginning: str) -> None:
    assert hint(typed, len(typed), knows(dialect=find_dialect("bybit"), dialect_of=find_dialect)).startswith(beginning)
