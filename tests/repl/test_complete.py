"""Tab, as tables: what is typed before the cursor, and what is offered first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wscli.cli.flags import facts
from wscli.exchanges import TITLES, find
from wscli.repl.commands import COMMANDS, SETTINGS
from wscli.repl.complete import completions
from wscli.repl.known import Known

FILES = ("a.txt", "my notes.txt", "morning/")


def knows(name: str | None = "bybit", **more: object) -> Known:
    dialect = find(name) if name else None
    known = Known(
        TITLES,
        find,
        COMMANDS,
        facts(),
        dialect,
        open=(name,) if name else (),
        symbols=dialect.markets if dialect else (),
        favourites=("morning", "night watch"),
        files=lambda prefix: [f for f in FILES if f.startswith(prefix)],
        settings=SETTINGS,
    )
    return replace(known, **more)  # type: ignore[arg-type]


def offered(before: str, known: Known) -> list[str]:
    """Return the lines that the completions make, from where the word begins that they change."""
    return [c.text for c in completions(before, known)]


BYBIT = [
    # typed before the cursor            offered first
    ("sub",                              ["subscribe", "subscriptions", "unsubscribe"]),
    ("bi",                               ["bitfinex", "bitstamp"]),
    ("subscribe ",                       ["trade", "orderbook", "bookticker", "tickers", "kline", "order", "stopOrder"]),
    ("subscribe t",                      ["trade", "tickers", "ticketInfo"]),
    ("subscribe book",                   ["bookticker", "bookticker."]),
    ("subscribe trade ",                 ["BTCUSDT", "ETHUSDT"]),
    ("subscribe trade eth",              ["ETHUSDT", "ETHEUR"]),
    ("subscribe trade eur",              ["BTCEUR", "ETHEUR"]),
    ("subscribe trade.BTC",              ["trade.BTCUSDT", "trade.BTCEUR"]),
    ("subscribe trade BTCUSDT,et",       ["ETHUSDT", "ETHEUR"]),
    ("subscribe kline.",                 ["kline.1m.", "kline.3m."]),
    ("subscribe kline.1m.LT",            ["kline.1m.LTCUSDT"]),
    ("subscribe kline BTCUSDT ",         ["interval=", "ETHUSDT"]),
    ("subscribe kline BTCUSDT int",      ["interval="]),
    ("subscribe kline BTCUSDT interval=", ["1m", "3m", "5m"]),
    ("subscribe kline BTCUSDT interval=1", ["1m", "15m", "1h", "12h", "1d", "1w", "1M"][:1]),
    ("subscribe kline BTCUSDT nothing=", []),
    ("subscribe --o",                    ["--output"]),
    ("subscribe trade -o ",              ["json", "pretty", "rows"]),
    ("subscribe trade --kind re",        ["reply"]),
    ("subscribe trade BTCUSDT --where ", ["side", "price", "size"]),
    ("subscribe trade BTCUSDT --where pr", ["price"]),
    ("subscribe trade BTCUSDT --where side", ["side", "side=", "side!="]),
    ("subscribe trade BTCUSDT --where side=", ["buy", "sell"]),
    ("subscribe orderbook BTCUSDT --where side=", ["bid", "ask"]),
    ("subscribe trade BTCUSDT --where 'side = b", ["'side = buy"]),
    ("where side = ",                    ["buy", "sell"]),
    ("where ki",                         ["kind"]),
    ("where price ",                     ["=", "!=", ">"]),
    ("where price>36500 | ",             []),
    ("unsubscribe ",                     ["trade BTCUSDT", "kline BTCUSDT interval=1m", "trade"]),
    ("unsubscribe k",                    ["kline BTCUSDT interval=1m", "kline"]),
    ("unsubscribe kline ",               ["BTCUSDT interval=1m"]),
    ("use w",                            ["whitebit"]),
    ("connect bybit --s",                ["--sim"]),
    ("connect bybit --",                 ["--sim", "--testnet", "--url"]),
    ("disconnect ",                      ["bybit"]),
    ("source m",                         ["'my notes.txt'", "morning/"]),
    ("record 'my",                       ["'my notes.txt"]),
    ("subscribe trade BTCUSDT > m",      ["'my notes.txt'", "morning/"]),
    ("subscribe trade BTCUSDT | j",      []),
    ("run ",                             ["morning", "'night watch'"]),
    ("set co",                           ["color"]),
    ("set color ",                       ["auto", "always", "never"]),
    ("help s",                           ["subscribe", "send"]),
    ("help bybit k",                     ["kline"]),
    ("symbols ",                         ["refresh"]),
    ("-o r",                             ["rows", "raw"]),
    ("output r",                         ["rows", "raw"]),
    ("bybit tr",                         ["trade", "trade."]),
    ("bybit trade ",                     ["BTCUSDT"]),
    ("bybit subscribe trade ",           ["BTCUSDT"]),
    ("whitebit ",                        ["subscribe", "unsubscribe", "query"]),
    ("whitebit depth ",                  ["BTC_USDT", "ETH_USDT"]),
    ("whitebit query candles BTC_USDT ", ["start=", "end=", "interval="]),
    ("whitebit depth BTC_USDT multiple=", ["true", "false"]),
    ("bitstamp live_trades_",            ["live_trades_btcusd"]),
    ("bitstamp live_trades_eth",         ["live_trades_ethusd"]),
    ("whitebit premiumIndex ",           ["BTC_PERP"]),
    ("digifinex balance ",               ["BTC", "USDT"]),
    ("explain {\"a\": [1, 2]} tr",       ["trade", "trade."]),
    ("# a remark ",                      []),
    ("nonsense ",                        []),
]  # fmt: skip


@pytest.mark.parametrize(("before", "first"), BYBIT, ids=[line for line, _ in BYBIT])
def test_tab_offers(before: str, first: list[str]) -> None:
    known = knows("bybit", subscriptions=("trade BTCUSDT", "kline BTCUSDT interval=1m"))

    found = offered(before, known)

    assert found[: len(first)] == first
    assert first or not found
