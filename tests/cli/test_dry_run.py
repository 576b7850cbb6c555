"""`--dry-run -v` says where each frame goes."""

from __future__ import annotations

import re

import pytest

from tests.conftest import Wscli

BYBIT = "wss://stream.bybit.com/v5"
TRADES = '{"op":"subscribe","args":["publicTrade.BTCUSDT"]}'
SUBSCRIBE = '{"op":"subscribe","args":["order"]}'

FRAMES = [
    (("bybit", "subscribe", "publicTrade.BTCUSDT", "linear:tickers.BTCUSDT", "order"),
     [f"bybit: to {BYBIT}/public/spot", f"bybit: to {BYBIT}/public/linear", *[f"bybit: to {BYBIT}/private"] * 2]),
    (("--sim", "bybit", "ping"), [f"bybit: to the simulator, in place of {BYBIT}/public/spot"]),
    (("bybit", "--testnet", "ping"), ["bybit: to wss://stream-testnet.bybit.com/v5/public/spot"]),
    (("bybit", "ping", "--url", "ws://a.example/ws?token=secret"), ["bybit: to ws://a.example/ws?…"]),
    (("bybit", "send", SUBSCRIBE), [f"bybit: to {BYBIT}/private"]),
    (("bybit", "send", SUBSCRIBE, "--product", "linear"), [f"bybit: to {BYBIT}/private"]),  # private: of all products
    (("bybit", "send", TRADES), [f"bybit: to {BYBIT}/public/spot"]),
    (("bybit", "send", TRADES, "--product", "linear"), [f"bybit: to {BYBIT}/public/linear"]),
    (("bybit", "send", '{"op":"ping"}', "--product", "inverse"), [f"bybit: to {BYBIT}/public/inverse"]),
    (("whitebit", "query", "time"), ["whitebit: to wss://wss.whitebit.com/ws"]),
    (("bitfinex", "book", "tBTCUSD"), ["bitfinex: to wss://api-pub.bitfinex.com/ws/2"] * 2),
    (("bitstamp", "subscribe", "my_orders", "btcusd"),
     ["first: POST https://www.bitstamp.net/api/v2/websockets_token/ (signed), which returns the token",
      "bitstamp: to wss://ws.bitstamp.net"]),
]  # fmt: skip


@pytest.mark.parametrize(("words", "notes"), FRAMES)
def test_each_frame_s_url_is_shown_with_v(wscli: Wscli, words: tuple[str, ...], notes: list[str]) -> None:
    verbose, plain = wscli(*words, "--dry-run", "-v"), wscli(*words, "--dry-run")

    assert [re.sub(r"^wscli: (\S+Z )?", "", line) for line in verbose.err.splitlines()] == notes
    assert len(verbose.lines) == len(plain.lines) == sum(": to " in line for line in notes)
    assert " to " not in plain.err
