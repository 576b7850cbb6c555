"""WhiteBIT: the public and the private methods of its WebSocket API, on one socket.

Docs    https://docs.whitebit.com/websocket/overview   (first published 2022-04; as of 2026-08)
Symbol  "BTC_USDT": base and quote, upper case, with an underscore; "BTC_PERP" for perpetuals
Size    `amount` in base units, prices in quote units per base; all decimal texts
Time    seconds since the epoch: whole in candles and `time`, with a fraction elsewhere
Beat    we send `ping` every 50 s, or the server closes after 60 s; it never speaks first
Book    `depth_update` [whole?, book, market]; update_id and past_update_id chain the changes; no checksum
Frames  {"id": integer, "method": text, "params": array}; a frame that is not JSON closes the connection without a word
Lists   a second subscribe to candles, lastprice, market, marketToday, trades or a private list replaces the first: the
        whole list is sent
Limits  1000 connections a minute; 200 requests a minute on one of them
List    https://docs.whitebit.com/api-reference/market-data/market-info
Login   for the private methods: `authorize` with a token that a signed HTTP request gives (`login`)
"""

from __future__ import annotations

import re

from wscli.core.book_rules import BookRule, chained_numbers
from wscli.core.catalogue import SymbolSpelling, base_and_quote
from wscli.core.dialect import (
    Api,
    Codec,
    Dialect,
    Endpoints,
    Facts,
    KeepAlive,
    Limits,
    Login,
    LoginTestVector,
    ServerUrls,
    SymbolList,
)
from wscli.core.jsontext import Json
from wscli.exchanges.common import text_values
from wscli.exchanges.whitebit.catalogue import CODES, MARKETS
from wscli.exchanges.whitebit.channels import (
    CHANNELS,
    QUERIES,
)
from wscli.exchanges.whitebit.decoder import decode
from wscli.exchanges.whitebit.encoder import encode, learn, request_of
from wscli.exchanges.whitebit.login import login

# --- what we send ---------------------------------------------------------------------------------


# --- what is remembered --------------------------------------------------------------------------


# --- what we receive --------------------------------------------------------------------------------


# --- the dialect ---------------------------------------------------------------------------------


def symbols(answer: Json) -> list[str]:
    """[{"name":"BTC_USDT","stock":"BTC","money":"USDT",…},…], perpetuals among them."""
    return text_values(answer, "name") if isinstance(answer, list) else []


def spell(symbol: str) -> str:
    """Return a symbol as WhiteBIT spells it, as far as it is known.

    >>> spell("btc-usdt"), spell("ETHBTC"), spell("solperp")
    ('BTC_USDT', 'ETH_BTC', 'SOL_PERP')
    """
    pair = base_and_quote(symbol)
    upper = symbol.upper()
    if pair is None and upper.endswith(("PERP", "UAH")):
        quote = "PERP" if upper.endswith("PERP") else "UAH"
        return f"{upper.removesuffix(quote)}_{quote}"
    return "_".join(pair) if pair else upper


WHITEBIT = Dialect(
    name="whitebit",
    title="WhiteBIT",
    api=Api("v4", "live", "2022-04", "its documentation of 2026-08; the production WebSocket answered on 2026-09-22"),
    endpoints=Endpoints(
        production=ServerUrls({"public": "wss://wss.whitebit.com/ws"}, "https://whitebit.com"),
        alternative_urls={
            "seed": "wss://api.whitebit.com/ws",  # deprecated on 2026-09-01; takes no new connections from 2027-03-01
            "eu": "wss://api.whitebit.eu/ws",
        },
        keepalive=KeepAlive(50),
        limits=Limits(idle_s=60, connects=(1000, 60), requests=(200, 60)),
    ),
    codec=Codec(
        encode=encode,
        decode=decode,
        request_of=request_of,
        learn=learn,
        data_prefix=re.compile(rb'\{"method": ?"(?:' + "|".join(c.name for c in CHANNELS).encode() + rb')_update"'),
    ),
    facts=Facts(
        docs="https://docs.whitebit.com/websocket/overview",
        channels=CHANNELS,
        queries=QUERIES,
        symbol_spelling=SymbolSpelling(
            r"[A-Z0-9]{1,20}_[A-Z0-9]{1,20}", "BTC_USDT", "in capitals, with an underscore", spell
        ),
        code_meanings=CODES,
        common_symbols=MARKETS,
        symbol_list=SymbolList("/api/v4/public/markets", symbols),
        book_rules={
            "depth": BookRule(
                chained_numbers("params.1.update_id", "params.1.past_update_id"), detects_loss=True, depth_param="limit"
            )
        },
        silence_note="whitebit rejects unknown markets: this one may be quiet",
        notes="the exchange closes the connection after a frame that is not JSON",
    ),
    login=Login(
        steps=login,
        summary="token by a signed HTTP request",
        required=("key", "secret"),
        test_vector=LoginTestVector(
            "wscli-demo-key",
            "wscli-demo-secret",
            1_767_225_600_123,
            "9e678c2e23da29b77eea5f5c2e31a316b1afe632338c5920ffab41b5fe469a57"
            "b67e3b1a4efb97956908db3daffb03cecee0c5cd4cd4bd7d888e6585656fa7af",
        ),
    ),
)
