"""What is typed is what is sent: the frames that the exchanges document, or a refusal that says what is allowed.

The frames stand here as the documents write them, worked out by hand; nothing in the tables comes from the catalogue.
A line that is refused is refused before anything is dialled.
"""

from __future__ import annotations

import re
import shlex
import signal
import socket
from collections.abc import Iterator
from typing import NoReturn

import pytest

from tests.conftest import Wscli
from tests.support.dialects import changed
from wscli.cli.main import main
from wscli.commands.parser import parse
from wscli.core.errors import Unsupported, UsageError
from wscli.core.messages import Auth, Ping
from wscli.exchanges import find_dialect

NOW_NS = 1_700_000_000_000_000_000
BYBIT_LOGIN = '{"req_id":"1","op":"auth","args":["***",1700000010000,"***"]}'  # good for ten seconds
BITFINEX_LOGIN = (
    '{"event":"auth","apiKey":"***","authPayload":"AUTH1700000000000000","authSig":"***",'
    '"authNonce":"1700000000000000"}'
)
WHITEBIT_LOGIN = ['{"id":1,"method":"authorize","params":["***","public"]}']
V2_LOGIN = (
    '{"event":"auth","apiKey":"***","authNonce":"1700000000000000","authPayload":"AUTH1700000000000000","authSig":"***"'
)
DIGIFINEX_LOGIN = '{"id":1,"method":"server.auth","params":["***","1700000000000","***"]}'


def ticker(pair: str) -> str:
    return f'{{"event":"subscribe","channel":"ticker","pair":"{pair}"}}'


def deals(pair: str) -> str:
    return f'{{"event":"subscribe","channel":"trades","pair":"{pair}"}}'


def book(pair: str, prec: str = "P0", freq: str = "F0", length: str = "25") -> str:
    return f'{{"event":"subscribe","channel":"book","pair":"{pair}","prec":"{prec}","freq":"{freq}","len":"{length}"}}'


def conf(flags: int) -> str:
    return f'{{"event":"conf","flags":{flags}}}'


def v2(channel: str, symbol: str, **more: str) -> str:
    members = "".join(f',"{name}":"{value}"' for name, value in more.items())
    return f'{{"event":"subscribe","channel":"{channel}","symbol":"{symbol}"{members}}}'


def keyed(channel: str, key: str) -> str:
    return f'{{"event":"subscribe","channel":"{channel}","key":"{key}"}}'


def orders(pair: str, length: str = "25") -> str:
    return f'{{"event":"subscribe","channel":"book","pair":"{pair}","prec":"R0","len":"{length}"}}'


def ended(*ids: int) -> list[str]:
    return [f'{{"event":"unsubscribe","chanId":{i}}}' for i in ids]


def bts(*channels: str) -> list[str]:
    return [f'{{"event":"bts:subscribe","data":{{"channel":"{c}"}}}}' for c in channels]


def bts_end(*channels: str) -> list[str]:
    return [f'{{"event":"bts:unsubscribe","data":{{"channel":"{c}"}}}}' for c in channels]


def bts_private(*channels: str) -> list[str]:
    return [f'{{"event":"bts:subscribe","data":{{"channel":"{c}","auth":"***"}}}}' for c in channels]


def rpc(*requests: tuple[str, str], first: int = 1) -> list[str]:
    """Return numbered requests as WhiteBIT and DigiFinex write them."""
    return [f'{{"id":{i},"method":"{m}","params":{p}}}' for i, (m, p) in enumerate(requests, first)]


def topics(op: str, *groups: str, first: int = 1) -> list[str]:
    """Return Bybit's frames, one a group of topics."""
    args = [",".join(f'"{t}"' for t in group.split()) for group in groups]
    return [f'{{"req_id":"{i}","op":"{op}","args":[{a}]}}' for i, a in enumerate(args, first)]


SENT: list[tuple[str, list[str]]] = [
    # --- Bitfinex v2: what only v2 knows is said to it; flags go out as conf, before the subscribe
    ("bitfinex subscribe ticker tBTCUSD fUSD",                             [v2("ticker", "tBTCUSD"), v2("ticker", "fUSD")]),
    ("bitfinex subscribe trades tBTCUSD flags=timestamp,sequence",         [conf(98304), v2("trades", "tBTCUSD")]),
    ("bitfinex subscribe trades,tBTCUSD,flags=sequence,bulk",              [conf(536936448), v2("trades", "tBTCUSD")]),
    ("bitfinex subscribe book tBTCUSD flags=checksum ticker tBTCUSD flags=sequence",
     [conf(196608), v2("book", "tBTCUSD", prec="P0", freq="F0", len="25"), v2("ticker", "tBTCUSD")]),
    ("bitfinex subscribe book fUSD prec=R0 len=250 subId=mine",            [v2("book", "fUSD", prec="R0", len="250", subId="mine")]),
    ("bitfinex subscribe book tBTCUSD prec=P4 len=1",                      [v2("book", "tBTCUSD", prec="P4", freq="F0", len="1")]),
    ("bitfinex subscribe candles key=trade:1m:tBTCUSD",                    [keyed("candles", "trade:1m:tBTCUSD")]),
    ("bitfinex subscribe trade:5m:tAVAX:USD",                              [keyed("candles", "trade:5m:tAVAX:USD")]),
    ("bitfinex subscribe candles tBTCUSD tETHUSD timeframe=1D",            [keyed("candles", "trade:1D:tBTCUSD"), keyed("candles", "trade:1D:tETHUSD")]),
    ("bitfinex subscribe candles fUSD:p30 fUSD:a30:p2:p30",                [keyed("candles", "trade:1m:fUSD:p30"), keyed("candles", "trade:1m:fUSD:a30:p2:p30")]),
    ("bitfinex subscribe status liq:global deriv:tBTCF0:USTF0",            [keyed("status", "liq:global"), keyed("status", "deriv:tBTCF0:USTF0")]),
    ("bitfinex --api v2 ping",                                             ['{"event":"ping","cid":1}']),
    ("bitfinex --api v2 subscribe account",                                [V2_LOGIN + "}"]),
    ("bitfinex subscribe account filter=wallet,trading-tBTCUSD",           [V2_LOGIN + ',"filter":["trading-tBTCUSD","wallet"]}']),
    ("bitfinex subscribe account flags=sequence dms=4",                    [conf(65536), V2_LOGIN + ',"dms":4}']),
    # --- Bitfinex: one pair a frame, no ids
    ("bitfinex --api v1 subscribe ticker BTCUSD",                                   [ticker("BTCUSD")]),
    ("bitfinex --api v1 subscribe ticker BTCUSD ETHUSD",                            [ticker("BTCUSD"), ticker("ETHUSD")]),
    ("bitfinex --api v1 subscribe ticker BTCUSD,ETHUSD,LTCBTC",                     [ticker("BTCUSD"), ticker("ETHUSD"), ticker("LTCBTC")]),
    ("bitfinex --api v1 subscribe trades ETHBTC",                                   [deals("ETHBTC")]),
    ("bitfinex --api v1 subscribe trades BTCUSD,ETHUSD",                            [deals("BTCUSD"), deals("ETHUSD")]),
    ("bitfinex --api v1 subscribe trades BTCUSD BTCUSD",                            [deals("BTCUSD")]),
    ("bitfinex --api v1 subscribe trades BTCUSD ticker BTCUSD",                     [deals("BTCUSD"), ticker("BTCUSD")]),
    ("bitfinex --api v1 subscribe trades,BTCUSD,ticker,ETHUSD",                     [deals("BTCUSD"), ticker("ETHUSD")]),
    ("bitfinex --api v1 subscribe book BTCUSD",                                     [book("BTCUSD")]),
    ("bitfinex --api v1 subscribe book BTCUSD prec=P0",                             [book("BTCUSD")]),
    ("bitfinex --api v1 subscribe book BTCUSD prec=P1",                             [book("BTCUSD", "P1")]),
    ("bitfinex --api v1 subscribe book BTCUSD prec=P2",                             [book("BTCUSD", "P2")]),
    ("bitfinex --api v1 subscribe book BTCUSD prec=P3",                             [book("BTCUSD", "P3")]),
    ("bitfinex --api v1 subscribe book BTCUSD freq=F0",                             [book("BTCUSD")]),
    ("bitfinex --api v1 subscribe book BTCUSD freq=F1",                             [book("BTCUSD", freq="F1")]),
    ("bitfinex --api v1 subscribe book BTCUSD len=25",                              [book("BTCUSD")]),
    ("bitfinex --api v1 subscribe book BTCUSD len=100",                             [book("BTCUSD", length="100")]),
    ("bitfinex --api v1 subscribe book ETHUSD prec=P1 freq=F0 len=25",              [book("ETHUSD", "P1")]),
    ("bitfinex --api v1 subscribe book ETHUSD len=100 freq=F1 prec=P2",             [book("ETHUSD", "P2", "F1", "100")]),
    ("bitfinex --api v1 subscribe book prec=P3 BTCUSD ETHUSD",                      [book("BTCUSD", "P3"), book("ETHUSD", "P3")]),
    ("bitfinex --api v1 subscribe book BTCUSD,ETHUSD prec=P1",                      [book("BTCUSD", "P1"), book("ETHUSD", "P1")]),
    ("bitfinex --api v1 subscribe book BTCUSD prec=P1,len=100",                     [book("BTCUSD", "P1", length="100")]),
    ("bitfinex --api v1 subscribe book BTCUSD prec=R0",                             [orders("BTCUSD")]),
    ("bitfinex --api v1 subscribe book BTCUSD prec=R0 len=100",                     [orders("BTCUSD", "100")]),
    ("bitfinex --api v1 subscribe book BTCUSD prec=P1 book BTCUSD prec=R0",         [book("BTCUSD", "P1"), orders("BTCUSD")]),
    ("bitfinex --api v1 subscribe book BTCUSD book ETHUSD len=100",                 [book("BTCUSD"), book("ETHUSD", length="100")]),
    ("bitfinex --api v1 subscribe ticker BTCUSD trades BTCUSD book BTCUSD",         [ticker("BTCUSD"), deals("BTCUSD"), book("BTCUSD")]),
    ("bitfinex --api v1 unsubscribe 17",                                            ended(17)),
    ("bitfinex --api v1 unsubscribe 4021 33",                                       ended(4021, 33)),
    ("bitfinex --api v1 unsubscribe 17,33,61",                                      ended(17, 33, 61)),
    ("bitfinex --api v1 ping",                                                      ['{"event":"ping"}']),
    ("bitfinex --api v1 auth",                                                      [BITFINEX_LOGIN]),
    ("bitfinex --api v1 subscribe account",                                         [BITFINEX_LOGIN]),
    ("bitfinex --api v1 unsubscribe account",                                       [BITFINEX_LOGIN, '{"event":"unauth"}']),
    ("""bitfinex --api v1 send '{"event":"ping","cid":77}'""",                      ['{"event":"ping","cid":77}']),
    # --- Bitstamp: one channel a frame, the market in its name
    ("bitstamp subscribe live_trades btcusd",                              bts("live_trades_btcusd")),
    ("bitstamp subscribe live_trades_btcusd",                              bts("live_trades_btcusd")),
    ("bitstamp subscribe live_trades ethbtc",                              bts("live_trades_ethbtc")),
    ("bitstamp subscribe live_trades btcusd-perp",                         bts("live_trades_btcusd-perp")),
    ("bitstamp subscribe live_trades_btcusd-perp",                         bts("live_trades_btcusd-perp")),
    ("bitstamp subscribe live_trades btcusd ethusd",                       bts("live_trades_btcusd", "live_trades_ethusd")),
    ("bitstamp subscribe live_trades btcusd,ethusd",                       bts("live_trades_btcusd", "live_trades_ethusd")),
    ("bitstamp subscribe live_trades_btcusd,live_trades_ethusd",           bts("live_trades_btcusd", "live_trades_ethusd")),
    ("bitstamp subscribe live_trades_btcusd ethusd",                       bts("live_trades_btcusd", "live_trades_ethusd")),
    ("bitstamp subscribe live_orders ltcusd",                              bts("live_orders_ltcusd")),
    ("bitstamp subscribe live_orders_ltcusd",                              bts("live_orders_ltcusd")),
    ("bitstamp subscribe order_book btceur",                               bts("order_book_btceur")),
    ("bitstamp subscribe order_book_btceur",                               bts("order_book_btceur")),
    ("bitstamp subscribe detail_order_book btcusd",                        bts("detail_order_book_btcusd")),
    ("bitstamp subscribe detail_order_book_btcusd",                        bts("detail_order_book_btcusd")),
    ("bitstamp subscribe diff_order_book btcusd",                          bts("diff_order_book_btcusd")),
    ("bitstamp subscribe diff_order_book_btcusd-perp",                     bts("diff_order_book_btcusd-perp")),
    ("bitstamp subscribe funding_rate btcusd-perp",                        bts("funding_rate_btcusd-perp")),
    ("bitstamp subscribe funding_rate_ethusd-perp",                        bts("funding_rate_ethusd-perp")),
    ("bitstamp subscribe announcements",                                   bts("announcements")),
    ("bitstamp subscribe order_book btcusd diff_order_book btcusd",        bts("order_book_btcusd", "diff_order_book_btcusd")),
    ("bitstamp subscribe announcements live_orders btcusd",                bts("announcements", "live_orders_btcusd")),
    ("bitstamp unsubscribe live_trades btcusd",                            bts_end("live_trades_btcusd")),
    ("bitstamp unsubscribe live_trades_btcusd,order_book_btcusd",          bts_end("live_trades_btcusd", "order_book_btcusd")),
    ("bitstamp unsubscribe diff_order_book btcusd ethusd",                 bts_end("diff_order_book_btcusd", "diff_order_book_ethusd")),
    ("bitstamp unsubscribe announcements",                                 bts_end("announcements")),
    ("bitstamp ping",                                                      ['{"event":"bts:heartbeat"}']),
    ("bitstamp auth",                                                      []),
    ("bitstamp subscribe private-my_orders_btcusd-4242",                   bts_private("private-my_orders_btcusd-4242")),
    ("bitstamp subscribe private-my_orders_btcusd-perp-4242",              bts_private("private-my_orders_btcusd-perp-4242")),
    ("bitstamp subscribe private-my_orders btcusd",                        bts_private("private-my_orders_btcusd-***")),
    ("bitstamp subscribe private-my_orders_btcusd",                        bts_private("private-my_orders_btcusd-***")),
    ("bitstamp subscribe private-my_orders_btcusd-perp",                   bts_private("private-my_orders_btcusd-perp-***")),
    ("bitstamp subscribe private-my_orders btcusd user_id=4242",           bts_private("private-my_orders_btcusd-4242")),
    ("bitstamp subscribe private-my_orders btcusd ethusd user_id=7",       bts_private("private-my_orders_btcusd-7", "private-my_orders_ethusd-7")),
    ("bitstamp subscribe private-my_trades_ethusd-4242",                   bts_private("private-my_trades_ethusd-4242")),
    ("bitstamp subscribe private-my_trades ethusd",                        bts_private("private-my_trades_ethusd-***")),
    ("bitstamp subscribe private-live_trades_ethusd-4242",                 bts_private("private-live_trades_ethusd-4242")),
    ("bitstamp subscribe private-live_trades ethusd-perp user_id=1",       bts_private("private-live_trades_ethusd-perp-1")),
    ("bitstamp subscribe private-live_order_trades_ethusd-4242",           bts_private("private-live_order_trades_ethusd-4242")),
    ("bitstamp subscribe private-live_order_trades ethusd",                bts_private("private-live_order_trades_ethusd-***")),
    ("bitstamp subscribe private-my_settlements-4242",                     bts_private("private-my_settlements-4242")),
    ("bitstamp subscribe private-my_settlements",                          bts_private("private-my_settlements-***")),
    ("bitstamp subscribe private-my_settlements user_id=4242",             bts_private("private-my_settlements-4242")),
    ("bitstamp subscribe private-my_liquidations-4242",                    bts_private("private-my_liquidations-4242")),
    ("bitstamp subscribe private-my_token_settlements-4242",               bts_private("private-my_token_settlements-4242")),
    ("bitstamp subscribe private-my_orders_btcusd-7,private-my_trades_btcusd-7", bts_private("private-my_orders_btcusd-7", "private-my_trades_btcusd-7")),
    ("bitstamp subscribe live_trades btcusd private-my_trades_btcusd-7",   [*bts("live_trades_btcusd"), *bts_private("private-my_trades_btcusd-7")]),
    ("bitstamp unsubscribe private-my_orders_ethusd-4242",                 bts_end("private-my_orders_ethusd-4242")),
    ("bitstamp unsubscribe private-my_settlements user_id=4242",           bts_end("private-my_settlements-4242")),
    # --- WhiteBIT: positional params, ids from 1, one frame a channel (depth, bookTicker: one a market)
    ("whitebit ping",                                                      rpc(("ping", "[]"))),
    ("whitebit query time",                                                rpc(("time", "[]"))),
    ("whitebit subscribe candles BTC_USD interval=900",                    rpc(("candles_subscribe", '["BTC_USD",900]'))),
    ("whitebit subscribe candles interval=900 BTC_USD",                    rpc(("candles_subscribe", '["BTC_USD",900]'))),
    ("whitebit subscribe candles_subscribe SOL_USDT interval=1",           rpc(("candles_subscribe", '["SOL_USDT",1]'))),
    *((f"whitebit subscribe candles SOL_PERP interval={n}",                rpc(("candles_subscribe", f'["SOL_PERP",{n}]')))
      for n in (30, 60, 1800, 3600, 43200, 86400, 518400, 604800, 2592000)),
    ("whitebit unsubscribe candles",                                       rpc(("candles_unsubscribe", "[]"))),
    ("whitebit unsubscribe candles SOL_USDT",                              rpc(("candles_unsubscribe", "[]"))),
    ("whitebit query candles ETH_BTC start=1579569940 end=1580894800 interval=900", rpc(("candles_request", '["ETH_BTC",1579569940,1580894800,900]'))),
    ("whitebit query candles_request ETH_BTC interval=60 end=2 start=1",   rpc(("candles_request", '["ETH_BTC",1,2,60]'))),
    ("whitebit subscribe lastprice ETH_BTC BTC_USDT",                      rpc(("lastprice_subscribe", '["ETH_BTC","BTC_USDT"]'))),
    ("whitebit subscribe lastprice ETH_BTC,BTC_USDT",                      rpc(("lastprice_subscribe", '["ETH_BTC","BTC_USDT"]'))),
    ("whitebit subscribe lastprice_subscribe DOT_USDT SOL_PERP",           rpc(("lastprice_subscribe", '["DOT_USDT","SOL_PERP"]'))),
    ("whitebit subscribe lastprice ETH_BTC lastprice BTC_USDT",            rpc(("lastprice_subscribe", '["ETH_BTC","BTC_USDT"]'))),
    ("whitebit unsubscribe lastprice",                                     rpc(("lastprice_unsubscribe", "[]"))),
    ("whitebit unsubscribe lastprice_unsubscribe",                         rpc(("lastprice_unsubscribe", "[]"))),
    ("whitebit query lastprice ETH_BTC",                                   rpc(("lastprice_request", '["ETH_BTC"]'))),
    ("whitebit query lastprice_request ETH_BTC",                           rpc(("lastprice_request", '["ETH_BTC"]'))),
    ("whitebit subscribe market ETH_BTC BTC_USDT",                         rpc(("market_subscribe", '["ETH_BTC","BTC_USDT"]'))),
    ("whitebit subscribe market_subscribe ETH_BTC",                        rpc(("market_subscribe", '["ETH_BTC"]'))),
    ("whitebit unsubscribe market",                                        rpc(("market_unsubscribe", "[]"))),
    ("whitebit query market ETH_BTC",                                      rpc(("market_request", '["ETH_BTC",86400]'))),
    ("whitebit query market ETH_BTC period=14400",                         rpc(("market_request", '["ETH_BTC",14400]'))),
    ("whitebit query market_request ETH_BTC period=1",                     rpc(("market_request", '["ETH_BTC",1]'))),
    ("whitebit subscribe marketToday ETH_BTC BTC_USDT",                    rpc(("marketToday_subscribe", '["ETH_BTC","BTC_USDT"]'))),
    ("whitebit subscribe marketToday_subscribe ETH_BTC",                   rpc(("marketToday_subscribe", '["ETH_BTC"]'))),
    ("whitebit unsubscribe marketToday",                                   rpc(("marketToday_unsubscribe", "[]"))),
    ("whitebit query marketToday ETH_BTC",                                 rpc(("marketToday_query", '["ETH_BTC"]'))),
    ("whitebit query marketToday_query ETH_BTC",                           rpc(("marketToday_query", '["ETH_BTC"]'))),
    ("whitebit subscribe trades ETH_BTC BTC_USDT",                         rpc(("trades_subscribe", '["ETH_BTC","BTC_USDT"]'))),
    ("whitebit subscribe trades_subscribe ETH_BTC,BTC_USDT",               rpc(("trades_subscribe", '["ETH_BTC","BTC_USDT"]'))),
    ("whitebit unsubscribe trades",                                        rpc(("trades_unsubscribe", "[]"))),
    ("whitebit unsubscribe trades ETH_BTC",                                rpc(("trades_unsubscribe", "[]"))),
    ("whitebit query trades ETH_BTC",                                      rpc(("trades_request", '["ETH_BTC",100,0]'))),
    ("whitebit query trades ETH_BTC limit=100 last_id=41358445",           rpc(("trades_request", '["ETH_BTC",100,41358445]'))),
    ("whitebit query trades_request ETH_BTC limit=1",                      rpc(("trades_request", '["ETH_BTC",1,0]'))),
    ("whitebit subscribe depth ETH_BTC",                                   rpc(("depth_subscribe", '["ETH_BTC",100,"0",true]'))),
    ("whitebit subscribe depth ETH_BTC limit=100 price_interval=0",        rpc(("depth_subscribe", '["ETH_BTC",100,"0",true]'))),
    ("whitebit subscribe depth_subscribe ETH_BTC limit=5",                 rpc(("depth_subscribe", '["ETH_BTC",5,"0",true]'))),
    *((f"whitebit subscribe depth ETH_BTC limit={n}",                      rpc(("depth_subscribe", f'["ETH_BTC",{n},"0",true]')))
      for n in (1, 10, 20, 30, 50)),
    *((f"whitebit subscribe depth ETH_BTC price_interval={p}",             rpc(("depth_subscribe", f'["ETH_BTC",100,"{p}",true]')))
      for p in ("0.00000001", "0.0000001", "0.000001", "0.00001", "0.0001", "0.001", "0.01", "0.1")),
    ("whitebit subscribe depth ETH_BTC multiple=true",                     rpc(("depth_subscribe", '["ETH_BTC",100,"0",true]'))),
    ("whitebit subscribe depth ETH_BTC multiple=false",                    rpc(("depth_subscribe", '["ETH_BTC",100,"0",false]'))),
    ("whitebit subscribe depth ETH_BTC BTC_USDT",                          rpc(("depth_subscribe", '["ETH_BTC",100,"0",true]'), ("depth_subscribe", '["BTC_USDT",100,"0",true]'))),
    ("whitebit subscribe depth ETH_BTC limit=5 depth BTC_USDT limit=10",   rpc(("depth_subscribe", '["ETH_BTC",5,"0",true]'), ("depth_subscribe", '["BTC_USDT",10,"0",true]'))),
    ("whitebit unsubscribe depth",                                         rpc(("depth_unsubscribe", "[]"))),
    ("whitebit unsubscribe depth ETH_BTC",                                 rpc(("depth_unsubscribe", '["ETH_BTC"]'))),
    ("whitebit unsubscribe depth ETH_BTC,BTC_USDT",                        rpc(("depth_unsubscribe", '["ETH_BTC"]'), ("depth_unsubscribe", '["BTC_USDT"]'))),
    ("whitebit query depth ETH_BTC",                                       rpc(("depth_request", '["ETH_BTC",100,"0"]'))),
    ("whitebit query depth ETH_BTC limit=7 price_interval=0.1",            rpc(("depth_request", '["ETH_BTC",7,"0.1"]'))),
    ("whitebit query depth_request ETH_BTC limit=1",                       rpc(("depth_request", '["ETH_BTC",1,"0"]'))),
    ("whitebit subscribe bookTicker",                                      rpc(("bookTicker_subscribe", "[]"))),
    ("whitebit subscribe bookTicker SOL_USDT",                             rpc(("bookTicker_subscribe", '["SOL_USDT"]'))),
    ("whitebit subscribe bookTicker_subscribe SOL_USDT,DOT_USDT",          rpc(("bookTicker_subscribe", '["SOL_USDT"]'), ("bookTicker_subscribe", '["DOT_USDT"]'))),
    ("whitebit unsubscribe bookTicker",                                    rpc(("bookTicker_unsubscribe", "[]"))),
    ("whitebit unsubscribe bookTicker SOL_USDT",                           rpc(("bookTicker_unsubscribe", '["SOL_USDT"]'))),
    ("whitebit subscribe trades ETH_BTC lastprice ETH_BTC depth ETH_BTC limit=5", rpc(("trades_subscribe", '["ETH_BTC"]'), ("lastprice_subscribe", '["ETH_BTC"]'), ("depth_subscribe", '["ETH_BTC",5,"0",true]'))),
    ("whitebit auth",                                                      WHITEBIT_LOGIN),
    ("whitebit subscribe balanceSpot USDT BTC",                            [*WHITEBIT_LOGIN, *rpc(("balanceSpot_subscribe", '["USDT","BTC"]'), first=2)]),
    ("whitebit subscribe balanceMargin_subscribe USDT",                    [*WHITEBIT_LOGIN, *rpc(("balanceMargin_subscribe", '["USDT"]'), first=2)]),
    ("whitebit subscribe ordersPending ETH_BTC BTC_USDT",                  [*WHITEBIT_LOGIN, *rpc(("ordersPending_subscribe", '["ETH_BTC","BTC_USDT"]'), first=2)]),
    ("whitebit subscribe ordersExecuted ETH_BTC,BTC_USDT",                 [*WHITEBIT_LOGIN, *rpc(("ordersExecuted_subscribe", '[["ETH_BTC","BTC_USDT"],0]'), first=2)]),
    *((f"whitebit subscribe ordersExecuted ETH_BTC filter={n}",            [*WHITEBIT_LOGIN, *rpc(("ordersExecuted_subscribe", f'[["ETH_BTC"],{n}]'), first=2)])
      for n in (0, 1, 2)),
    ("whitebit subscribe deals ETH_BTC deals BTC_USDT",                    [*WHITEBIT_LOGIN, *rpc(("deals_subscribe", '[["ETH_BTC","BTC_USDT"]]'), first=2)]),
    ("whitebit subscribe positionsMargin borrowsMargin",                   [*WHITEBIT_LOGIN, *rpc(("positionsMargin_subscribe", "[]"), ("borrowsMargin_subscribe", "[]"), first=2)]),
    ("whitebit subscribe positionsAccountMargin_update",                   [*WHITEBIT_LOGIN, *rpc(("positionsAccountMargin_subscribe", "[]"), first=2)]),
    ("whitebit subscribe borrowsAccountMargin",                            [*WHITEBIT_LOGIN, *rpc(("borrowsAccountMargin_subscribe", "[]"), first=2)]),
    ("whitebit subscribe ADLQuantile BTC_PERP",                            [*WHITEBIT_LOGIN, *rpc(("ADLQuantile_subscribe", '["BTC_PERP"]'), first=2)]),
    ("whitebit subscribe trades ETH_BTC deals ETH_BTC",                    [*WHITEBIT_LOGIN, *rpc(("trades_subscribe", '["ETH_BTC"]'), ("deals_subscribe", '[["ETH_BTC"]]'), first=2)]),
    ("whitebit unsubscribe deals ETH_BTC",                                 [*WHITEBIT_LOGIN, *rpc(("deals_unsubscribe", "[]"), first=2)]),
    ("whitebit unsubscribe ADLQuantile BTC_PERP",                          [*WHITEBIT_LOGIN, *rpc(("ADLQuantile_unsubscribe", "[]"), first=2)]),
    ("whitebit query balanceSpot",                                         [*WHITEBIT_LOGIN, *rpc(("balanceSpot_request", "[]"), first=2)]),
    ("whitebit query balanceMargin_request USDT",                          [*WHITEBIT_LOGIN, *rpc(("balanceMargin_request", '["USDT"]'), first=2)]),
    ("whitebit query ordersPending ETH_BTC",                               [*WHITEBIT_LOGIN, *rpc(("ordersPending_request", '["ETH_BTC",0,30]'), first=2)]),
    ("whitebit query ordersExecuted ETH_BTC order_types=2 offset=5 limit=100", [*WHITEBIT_LOGIN, *rpc(("ordersExecuted_request", '[{"market":"ETH_BTC","order_types":[2]},5,100]'), first=2)]),
    ("whitebit query deals ETH_BTC limit=1",                               [*WHITEBIT_LOGIN, *rpc(("deals_request", '["ETH_BTC",0,1]'), first=2)]),
    ("whitebit unsubscribe trades market",                                 rpc(("trades_unsubscribe", "[]"), ("market_unsubscribe", "[]"))),
    ("""whitebit send '{"id":0,"method":"ping","params":[]}'""",           ['{"id":0,"method":"ping","params":[]}']),
    # --- Bybit: the topics of a line together, ten a frame
    ("bybit --api spot-v3 subscribe trade.BTCUSDT",                                      topics("subscribe", "trade.BTCUSDT")),
    ("bybit --api spot-v3 subscribe trade BTCUSDT",                                      topics("subscribe", "trade.BTCUSDT")),
    ("bybit --api spot-v3 subscribe trade.BTCUSDT trade.ETHUSDT",                        topics("subscribe", "trade.BTCUSDT trade.ETHUSDT")),
    ("bybit --api spot-v3 subscribe trade.BTCUSDT,trade.ETHUSDT",                        topics("subscribe", "trade.BTCUSDT trade.ETHUSDT")),
    ("bybit --api spot-v3 subscribe trade BTCUSDT ETHUSDT",                              topics("subscribe", "trade.BTCUSDT trade.ETHUSDT")),
    ("bybit --api spot-v3 subscribe trade BTCUSDT,ETHUSDT",                              topics("subscribe", "trade.BTCUSDT trade.ETHUSDT")),
    ("bybit --api spot-v3 subscribe trade.BTCUSDT ETHUSDT",                              topics("subscribe", "trade.BTCUSDT trade.ETHUSDT")),
    ("bybit --api spot-v3 subscribe trade.BTCUSDT trade BTCUSDT",                        topics("subscribe", "trade.BTCUSDT")),
    ("bybit --api spot-v3 subscribe tickers.BTCUSDT",                                    topics("subscribe", "tickers.BTCUSDT")),
    ("bybit --api spot-v3 subscribe tickers ETHUSDT",                                    topics("subscribe", "tickers.ETHUSDT")),
    ("bybit --api spot-v3 subscribe bookticker.BTCUSDT",                                 topics("subscribe", "bookticker.BTCUSDT")),
    ("bybit --api spot-v3 subscribe bookticker ETHUSDC",                                 topics("subscribe", "bookticker.ETHUSDC")),
    ("bybit --api spot-v3 subscribe orderbook.40.BTCUSDT",                               topics("subscribe", "orderbook.40.BTCUSDT")),
    ("bybit --api spot-v3 subscribe orderbook BTCUSDT",                                  topics("subscribe", "orderbook.40.BTCUSDT")),
    ("bybit --api spot-v3 subscribe orderbook BTCUSDT depth=40",                         topics("subscribe", "orderbook.40.BTCUSDT")),
    ("bybit --api spot-v3 subscribe orderbook.40 BTCUSDT ETHUSDT",                       topics("subscribe", "orderbook.40.BTCUSDT orderbook.40.ETHUSDT")),
    *((f"bybit --api spot-v3 subscribe kline.{i}.BTCUSDT",                               topics("subscribe", f"kline.{i}.BTCUSDT"))
      for i in "1m 3m 5m 15m 30m 1h 2h 4h 6h 12h 1d 1w 1M".split()),
    ("bybit --api spot-v3 subscribe kline BTCUSDT interval=1m",                          topics("subscribe", "kline.1m.BTCUSDT")),
    ("bybit --api spot-v3 subscribe kline BTCUSDT ETHUSDT interval=1M",                  topics("subscribe", "kline.1M.BTCUSDT kline.1M.ETHUSDT")),
    ("bybit --api spot-v3 subscribe kline.1m BTCUSDT",                                   topics("subscribe", "kline.1m.BTCUSDT")),
    ("bybit --api spot-v3 subscribe kline.1m.BTCUSDT,kline.1h.BTCUSDT",                  topics("subscribe", "kline.1m.BTCUSDT kline.1h.BTCUSDT")),
    ("bybit --api spot-v3 subscribe trade.BTCUSDT trade.ETHUSDT tickers.BTCUSDT bookticker.BTCUSDT", topics("subscribe", "trade.BTCUSDT trade.ETHUSDT tickers.BTCUSDT bookticker.BTCUSDT")),
    ("bybit --api spot-v3 subscribe trade BTCUSDT kline BTCUSDT interval=5m",            topics("subscribe", "trade.BTCUSDT kline.5m.BTCUSDT")),
    ("bybit --api spot-v3 subscribe trade A0USDT,A1USDT,A2USDT,A3USDT,A4USDT,A5USDT,A6USDT,A7USDT,A8USDT,A9USDT", topics("subscribe", "trade.A0USDT trade.A1USDT trade.A2USDT trade.A3USDT trade.A4USDT trade.A5USDT trade.A6USDT trade.A7USDT trade.A8USDT trade.A9USDT")),
    ("bybit --api spot-v3 subscribe trade A0USDT,A1USDT,A2USDT,A3USDT,A4USDT,A5USDT,A6USDT,A7USDT,A8USDT,A9USDT tickers B0USDT", topics("subscribe", "trade.A0USDT trade.A1USDT trade.A2USDT trade.A3USDT trade.A4USDT trade.A5USDT trade.A6USDT trade.A7USDT trade.A8USDT trade.A9USDT", "tickers.B0USDT")),
    ("bybit --api spot-v3 unsubscribe trade.BTCUSDT",                                    topics("unsubscribe", "trade.BTCUSDT")),
    ("bybit --api spot-v3 unsubscribe trade BTCUSDT",                                    topics("unsubscribe", "trade.BTCUSDT")),
    ("bybit --api spot-v3 unsubscribe trade.BTCUSDT,trade.ETHUSDT",                      topics("unsubscribe", "trade.BTCUSDT trade.ETHUSDT")),
    ("bybit --api spot-v3 unsubscribe kline.1m.BTCUSDT tickers.BTCUSDT",                 topics("unsubscribe", "kline.1m.BTCUSDT tickers.BTCUSDT")),
    ("bybit --api spot-v3 unsubscribe kline BTCUSDT interval=1m",                        topics("unsubscribe", "kline.1m.BTCUSDT")),
    ("bybit --api spot-v3 unsubscribe orderbook BTCUSDT",                                topics("unsubscribe", "orderbook.40.BTCUSDT")),
    ("bybit --api spot-v3 unsubscribe trade A0USDT,A1USDT,A2USDT,A3USDT,A4USDT,A5USDT,A6USDT,A7USDT,A8USDT,A9USDT,B0USDT", topics("unsubscribe", "trade.A0USDT trade.A1USDT trade.A2USDT trade.A3USDT trade.A4USDT trade.A5USDT trade.A6USDT trade.A7USDT trade.A8USDT trade.A9USDT", "trade.B0USDT")),
    ("bybit --api spot-v3 ping",                                                         ['{"req_id":"1","op":"ping"}']),
    ("bybit --api spot-v3 auth",                                                         [BYBIT_LOGIN]),
    ("bybit --api spot-v3 subscribe order",                                              [BYBIT_LOGIN, *topics("subscribe", "order", first=2)]),
    ("bybit --api spot-v3 subscribe stopOrder",                                          [BYBIT_LOGIN, *topics("subscribe", "stopOrder", first=2)]),
    ("bybit --api spot-v3 subscribe ticketInfo",                                         [BYBIT_LOGIN, *topics("subscribe", "ticketInfo", first=2)]),
    ("bybit --api spot-v3 subscribe outboundAccountInfo",                                [BYBIT_LOGIN, *topics("subscribe", "outboundAccountInfo", first=2)]),
    ("bybit --api spot-v3 subscribe order,stopOrder ticketInfo",                         [BYBIT_LOGIN, *topics("subscribe", "order stopOrder ticketInfo", first=2)]),
    ("bybit --api spot-v3 unsubscribe order",                                            [BYBIT_LOGIN, *topics("unsubscribe", "order", first=2)]),
    # --- DigiFinex: the symbols of a channel in one list, ids from 1
    ("digifinex ping",                                                     rpc(("server.ping", "[]"))),
    ("digifinex query time",                                               rpc(("server.time", "[]"))),
    ("digifinex query server.time",                                        rpc(("server.time", "[]"))),
    ("digifinex subscribe trades ETH_USDT BTC_USDT",                       rpc(("trades.subscribe", '["ETH_USDT","BTC_USDT"]'))),
    ("digifinex subscribe trades ETH_USDT,BTC_USDT",                       rpc(("trades.subscribe", '["ETH_USDT","BTC_USDT"]'))),
    ("digifinex subscribe trades.subscribe ETH_USDT",                      rpc(("trades.subscribe", '["ETH_USDT"]'))),
    ("digifinex subscribe trades ETH_USDT trades BTC_USDT",                rpc(("trades.subscribe", '["ETH_USDT","BTC_USDT"]'))),
    ("digifinex unsubscribe trades ETH_USDT BTC_USDT",                     rpc(("trades.unsubscribe", '["ETH_USDT","BTC_USDT"]'))),
    ("digifinex unsubscribe trades.unsubscribe ETH_USDT",                  rpc(("trades.unsubscribe", '["ETH_USDT"]'))),
    ("digifinex unsubscribe trades --all-symbols",                         rpc(("trades.unsubscribe", "[]"))),
    ("digifinex subscribe depth ETH_USDT BTC_USDT",                        rpc(("depth.subscribe", '["ETH_USDT","BTC_USDT"]'))),
    ("digifinex subscribe depth.subscribe ETH_USDT",                       rpc(("depth.subscribe", '["ETH_USDT"]'))),
    ("digifinex unsubscribe depth ETH_USDT",                               rpc(("depth.unsubscribe", '["ETH_USDT"]'))),
    ("digifinex unsubscribe --all-symbols depth",                          rpc(("depth.unsubscribe", "[]"))),
    ("digifinex subscribe ticker ETH_USDT,BTC_USDT",                       rpc(("ticker.subscribe", '["ETH_USDT","BTC_USDT"]'))),
    ("digifinex subscribe ticker.subscribe ETH_USDT",                      rpc(("ticker.subscribe", '["ETH_USDT"]'))),
    ("digifinex unsubscribe ticker ETH_USDT",                              rpc(("ticker.unsubscribe", '["ETH_USDT"]'))),
    ("digifinex subscribe all_ticker",                                     rpc(("all_ticker.subscribe", "[]"))),
    ("digifinex subscribe all_ticker.subscribe",                           rpc(("all_ticker.subscribe", "[]"))),
    ("digifinex unsubscribe all_ticker",                                   rpc(("all_ticker.unsubscribe", "[]"))),
    ("digifinex subscribe trades BTC_USDT depth BTC_USDT all_ticker",      rpc(("trades.subscribe", '["BTC_USDT"]'), ("depth.subscribe", '["BTC_USDT"]'), ("all_ticker.subscribe", "[]"))),
    ("digifinex auth",                                                     [DIGIFINEX_LOGIN]),
    ("digifinex subscribe order ETH_USDT BTC_USDT",                        [DIGIFINEX_LOGIN, *rpc(("order.subscribe", '["ETH_USDT","BTC_USDT"]'), first=2)]),
    ("digifinex subscribe order.subscribe ETH_USDT",                       [DIGIFINEX_LOGIN, *rpc(("order.subscribe", '["ETH_USDT"]'), first=2)]),
    ("digifinex subscribe order_algo BTC_USDT",                            [DIGIFINEX_LOGIN, *rpc(("order_algo.subscribe", '["BTC_USDT"]'), first=2)]),
    ("digifinex subscribe balance USDT BTC",                               [DIGIFINEX_LOGIN, *rpc(("balance.subscribe", '["USDT","BTC"]'), first=2)]),
    ("digifinex subscribe balance USDT,BTC order BTC_USDT",                [DIGIFINEX_LOGIN, *rpc(("balance.subscribe", '["USDT","BTC"]'), ("order.subscribe", '["BTC_USDT"]'), first=2)]),
    ("digifinex unsubscribe order BTC_USDT",                               [DIGIFINEX_LOGIN, *rpc(("order.unsubscribe", '["BTC_USDT"]'), first=2)]),
    ("digifinex unsubscribe order_algo --all-symbols",                     [DIGIFINEX_LOGIN, *rpc(("order_algo.unsubscribe", "[]"), first=2)]),
    ("digifinex unsubscribe balance USDT",                                 [DIGIFINEX_LOGIN, *rpc(("balance.unsubscribe", '["USDT"]'), first=2)]),
    # --- flags stand anywhere
    ("--dry-run bybit --api spot-v3 subscribe trade.BTCUSDT",                            topics("subscribe", "trade.BTCUSDT")),
    ("bybit --api spot-v3 --dry-run subscribe trade.BTCUSDT",                            topics("subscribe", "trade.BTCUSDT")),
    ("bybit --api spot-v3 subscribe --dry-run trade.BTCUSDT",                            topics("subscribe", "trade.BTCUSDT")),
    ("bybit --api spot-v3 subscribe trade.BTCUSDT --dry-run tickers.BTCUSDT",            topics("subscribe", "trade.BTCUSDT tickers.BTCUSDT")),
    ("-n 3 bybit --api spot-v3 subscribe trade.BTCUSDT -o rows --for 5m",                topics("subscribe", "trade.BTCUSDT")),
    ("bybit --api spot-v3 -n3 subscribe trade BTCUSDT -orows ETHUSDT",                   topics("subscribe", "trade.BTCUSDT trade.ETHUSDT")),
    ("bybit --api spot-v3 subscribe trade --count=3 BTCUSDT --output=json",              topics("subscribe", "trade.BTCUSDT")),
    ("bybit --api spot-v3 subscribe trade.BTCUSDT --where 'p>1' --until side=buy --grep x --query data.p", topics("subscribe", "trade.BTCUSDT")),
    ("bybit --api spot-v3 subscribe trade.BTCUSDT --testnet",                            topics("subscribe", "trade.BTCUSDT")),
    ("--url ws://127.0.0.1:9/ bybit subscribe trade.BTCUSDT -H 'X-A: b'",  topics("subscribe", "trade.BTCUSDT")),
    ("--sim bybit --api spot-v3 subscribe trade.BTCUSDT",                                topics("subscribe", "trade.BTCUSDT")),
    ("bybit --api spot-v3 subscribe -- trade.BTCUSDT",                                   topics("subscribe", "trade.BTCUSDT")),
    ("whitebit -v query depth ETH_BTC -q limit=5",                         rpc(("depth_request", '["ETH_BTC",5,"0"]'))),
]  # fmt: skip


# --- what is sent --------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _signals_stay() -> Iterator[None]:
    """A run in this process takes the signals; they are given back."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.fixture(autouse=True)
def _nothing_dialled(monkeypatch: pytest.MonkeyPatch) -> None:
    def dialled(*place: object, **more: object) -> NoReturn:
        raise OSError(f"dialled {place}")

    monkeypatch.setattr(socket.socket, "connect", dialled)
    monkeypatch.setattr(socket, "getaddrinfo", dialled)


@pytest.fixture
def _frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wscli.cli.exchange_commands.wall_ns", lambda: NOW_NS)


def rehearsed(line: str) -> list[str]:
    words = shlex.split(line)
    return words if "--dry-run" in words else [*words[: _end(words)], "--dry-run", *words[_end(words) :]]


def _end(words: list[str]) -> int:
    return words.index("--") if "--" in words else len(words)


@pytest.mark.usefixtures("_frozen")
@pytest.mark.parametrize(("line", "frames"), SENT, ids=[line for line, _ in SENT])
def test_a_line_sends_exactly_the_documented_frames(
    line: str, frames: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    status = main(rehearsed(line))

    out, err = capfd.readouterr()
    assert (status, out.splitlines()) == (0, frames), err


CREDENTIALS = {"KEY": "k-very-secret", "SECRET": "s-very-secret", "TOKEN": "t-very-secret", "USER_ID": "4242"}


@pytest.mark.usefixtures("_frozen")
@pytest.mark.parametrize(
    ("line", "frames"),
    [
        ("bitfinex --api v1 auth",                             [BITFINEX_LOGIN]),
        ("bybit --api spot-v3 subscribe order",                     [BYBIT_LOGIN, *topics("subscribe", "order", first=2)]),
        ("digifinex subscribe balance USDT",          [DIGIFINEX_LOGIN, *rpc(("balance.subscribe", '["USDT"]'), first=2)]),
        ("bitstamp subscribe private-my_orders btcusd",          bts_private("private-my_orders_btcusd-4242")),
        ("bitstamp subscribe private-my_settlements",            bts_private("private-my_settlements-4242")),
        ("bitstamp unsubscribe private-my_trades btcusd",        bts_end("private-my_trades_btcusd-4242")),
        ("bitstamp subscribe private-my_orders_btcusd-7",        bts_private("private-my_orders_btcusd-7")),
    ],
)  # fmt: skip
def test_configured_credentials_fill_in_the_number_of_the_user_and_nothing_secret(
    line: str, frames: list[str], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(f"WSCLI_{line.split()[0].upper()}_{name}", value)

    status = main(rehearsed(line))

    out, err = capfd.readouterr()
    assert (status, out.splitlines()) == (0, frames), err
    assert "very-secret" not in out + err


def test_the_token_of_bitstamp_is_a_note_and_no_frame(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(rehearsed("bitstamp subscribe private-my_orders_btcusd-4242")) == 0

    out, err = capfd.readouterr()
    assert "websockets_token" not in out
    assert re.fullmatch(r"wscli: .*POST https://www\.bitstamp\.net/api/v2/websockets_token/ .*\n", err)


@pytest.mark.parametrize("verb", ["subscribe", "unsubscribe"])
def test_the_topics_of_bybit_go_out_ten_a_frame(verb: str, capfd: pytest.CaptureFixture[str]) -> None:
    names = [f"A{n:02}USDT" for n in range(25)]

    assert main(rehearsed(f"bybit --api spot-v3 {verb} trade {','.join(names)}")) == 0

    frames = [f"trade.{name}" for name in names]
    groups = [" ".join(frames[i : i + 10]) for i in (0, 10, 20)]
    assert capfd.readouterr().out.splitlines() == topics(verb, *groups)


def test_the_frames_of_bitstamp_stay_below_512_bytes(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WSCLI_BITSTAMP_USER_ID", "4242")
    line = "bitstamp subscribe private-my_orders btcusd"
    empty = len('{"event":"bts:subscribe","data":{"channel":"private-my_orders_btcusd-4242","auth":""}}')

    monkeypatch.setenv("WSCLI_BITSTAMP_TOKEN", "t" * (511 - empty))
    assert main(rehearsed(line)) == 0
    monkeypatch.setenv("WSCLI_BITSTAMP_TOKEN", "t" * (512 - empty))
    assert main(rehearsed(line)) == 2

    out, err = capfd.readouterr()
    assert out.splitlines() == bts_private("private-my_orders_btcusd-4242")
    assert "511 bytes" in err
    assert "tttt" not in err


# The same by the real program: one line of each kind.
RUN = [
    "bitfinex --api v1 subscribe book BTCUSD prec=R0 len=100",
    "bitfinex --api v1 subscribe trades BTCUSD,ETHUSD",
    "bitfinex --api v1 unsubscribe 17,33,61",
    "bitfinex --api v1 ping",
    "bitstamp subscribe live_trades_btcusd,live_trades_ethusd",
    "bitstamp subscribe private-my_settlements",
    "whitebit query candles ETH_BTC start=1579569940 end=1580894800 interval=900",
    "whitebit unsubscribe depth ETH_BTC,BTC_USDT",
    "whitebit -v query depth ETH_BTC -q limit=5",
    "bybit --api spot-v3 subscribe trade.BTCUSDT,trade.ETHUSDT",
    "-n 3 bybit --api spot-v3 subscribe trade.BTCUSDT -o rows --for 5m",
    "--sim bybit --api spot-v3 subscribe trade.BTCUSDT",
    "bybit --api spot-v3 subscribe -- trade.BTCUSDT",
    "digifinex query server.time",
    "digifinex unsubscribe trades --all-symbols",
]


@pytest.mark.parametrize("line", RUN)
def test_the_program_itself_prints_the_same_frames(line: str, wscli: Wscli) -> None:
    ran = wscli(*rehearsed(line))

    assert (ran.status, ran.lines) == (0, dict(SENT)[line]), ran.err


# --- what is refused -----------------------------------------------------------------------------

LIMITS = "1 5 10 20 30 50 100"
INTERVALS = (
    "1 2 3 4 5 6 10 12 15 20 30 60 120 180 240 300 360 600 720 900 1200 1800 3600 7200 10800 14400 21600 28800 43200 "
    "86400 172800 259200 345600 432000 518400 604800 2592000"
)
CANDLES = "1m 3m 5m 15m 30m 1h 2h 4h 6h 12h 1d 1w 1M"
VENUES = "bitfinex bitstamp whitebit bybit digifinex"

# What has to be named, in the message or in the hint.
REFUSED: list[tuple[str, list[str]]] = [
    # --- exchange and verb
    ("bybitt subscribe trade.BTCUSDT",                              ["'bybitt'", "did you mean bybit?", VENUES]),
    ("BYBIT subscribe trade.BTCUSDT",                               ["did you mean bybit?"]),
    ("kraken subscribe trade.BTCUSDT",                              ["'kraken'", "one of: " + VENUES]),
    ("binance ping",                                                ["'binance'", "hint: one of: " + VENUES]),
    ("bybit,bitstamp ping",                                         ["one exchange at a time", VENUES]),
    ("subscribe trade.BTCUSDT",                                     ["subscribe needs an exchange", "wscli EXCHANGE subscribe", VENUES]),
    ("subscribe bybit trades",                                      ["subscribe needs an exchange", "the exchange comes first: wscli bybit subscribe trades"]),
    ("subscribe trades bybit BTCUSDT --sim",                        ["wscli bybit --sim subscribe trades BTCUSDT"]),
    ("ping",                                                        ["ping needs an exchange", VENUES]),
    ("exchange",                                                    ["did you mean exchanges?"]),
    ("simulat",                                                     ["did you mean simulate?"]),
    ("bybit subscrib trade.BTCUSDT",                                ["'subscrib'", "did you mean subscribe?"]),
    ("bybit Subscribe trade.BTCUSDT",                               ["did you mean subscribe?"]),
    ("bybit sub trade.BTCUSDT",                                     ["did you mean subscribe?"]),
    ("bybit pong",                                                  ["did you mean ping?"]),
    ("bybit listen",                                                ["'listen'", "one of: subscribe unsubscribe query book ping auth send channels explain"]),
    ("bybit trade.BTCUSDT",                                         ["wscli bybit subscribe trade.BTCUSDT"]),
    ("bitstamp live_trades btcusd",                                 ["wscli bitstamp subscribe live_trades btcusd"]),
    ("digifinex time",                                              ["wscli digifinex query time"]),
    # --- a channel that is left out, or is not there
    ("bybit --api spot-v3 subscribe",                                             ["no channel given", "trade orderbook bookticker tickers kline order stopOrder ticketInfo outboundAccountInfo"]),
    ("bitfinex --api v1 unsubscribe",                                        ["no channel given", "ticker trades book account"]),
    ("whitebit query",                                              ["no query given", "time candles lastprice market marketToday trades depth"]),
    ("digifinex query",                                             ["no query given", "time"]),
    ("bybit --api spot-v3 subscribe BTCUSDT",                                     ["the channel must come before the symbol", "trade BTCUSDT"]),
    ("bitfinex subscribe trade BTCUSD",                             ["'trade'", "did you mean trades?", "ticker trades book"]),
    ("bitfinex subscribe tickers BTCUSD",                           ["did you mean ticker?"]),
    ("bitstamp subscribe trades btcusd",                            ["did you mean live_trades?"]),
    ("bitstamp subscribe orderbook btcusd",                         ["did you mean order_book?"]),
    ("bitstamp subscribe livetrades_btcusd",                        ["did you mean live_trades?"]),
    ("bitstamp subscribe ticker btcusd",                            ["'ticker'", "one of: live_trades live_orders order_book detail_order_book diff_order_book funding_rate announcements"]),
    ("bitstamp subscribe private-my_order btcusd",                  ["did you mean private-my_orders?"]),
    ("bitstamp subscribe private-my_settlements-me",                ["did you mean private-my_settlements?"]),
    ("whitebit subscribe trade BTC_USDT",                           ["did you mean trades?"]),
    ("whitebit subscribe markettoday BTC_USDT",                     ["did you mean marketToday?"]),
    ("whitebit subscribe kline BTC_USDT",                           ["one of: candles lastprice market marketToday trades depth bookTicker"]),
    ("bybit --api spot-v3 subscribe trades BTCUSDT",                              ["did you mean trade?"]),
    ("bybit subscribe publicTrade.BTCUSDT --api spot-v3",           ["v5 has it: wscli bybit subscribe publicTrade.BTCUSDT --api v5"]),
    ("bybit --api spot-v3 subscribe Trade.BTCUSDT",                               ["did you mean trade.BTCUSDT?"]),
    ("bybit subscribe klines.1m.BTCUSDT",                           ["did you mean kline.1m.BTCUSDT?"]),
    ("bybit --api spot-v3 subscribe stoporder",                                   ["did you mean stopOrder?"]),
    ("digifinex subscribe tickers BTC_USDT",                        ["did you mean ticker?"]),
    ("digifinex subscribe all-ticker",                              ["did you mean all_ticker?"]),
    ("digifinex subscribe kline BTC_USDT",                          ["one of: trades depth ticker all_ticker order order_algo balance"]),
    ("digifinex subscribe trades.unsubscribe BTC_USDT",             ["'trades.unsubscribe'"]),
    ("bybit channels trades",                                       ["did you mean trade?"]),
    ("bybit --api spot-v3 explain '{}' trades BTCUSDT",                           ["did you mean trade?"]),
    # --- queries
    ("bitfinex query ticker BTCUSD",                                ["bitfinex has no queries"]),
    ("bitstamp query order_book btcusd",                            ["bitstamp has no queries"]),
    ("bybit query tickers BTCUSDT",                                 ["bybit has no queries"]),
    ("whitebit query tradez BTC_USDT",                              ["did you mean trades?"]),
    ("whitebit query bookTicker BTC_USDT",                          ["can be subscribed, not queried", "time candles lastprice market marketToday trades depth"]),
    ("whitebit query ping",                                         ["wscli whitebit ping"]),
    ("whitebit query lastprice BTC_USDT market BTC_USDT",           ["query sends one query"]),
    ("whitebit subscribe time",                                     ["wscli whitebit query time"]),
    ("digifinex query depth BTC_USDT",                              ["can be subscribed, not queried", "queries: time"]),
    ("digifinex query tim",                                         ["did you mean time?"]),
    # --- symbols
    ("bitfinex --api v1 subscribe trades btcusd",                            ["'btcusd'", "did you mean BTCUSD?"]),
    ("bitfinex --api v1 subscribe trades BTC/USD",                           ["did you mean BTCUSD?"]),
    ("bitfinex --api v1 subscribe trades tBTCUSD",                  ["did you mean BTCUSD?"]),
    ("bitfinex --api v2 subscribe trades BTCUSD",                   ["did you mean tBTCUSD?"]),
    ("bitfinex --api v2 subscribe book tBTCUSD flags=sequenc",      ["flags=sequenc", "some of timestamp sequence checksum bulk", "did you mean flags=sequence?"]),
    ("bitfinex --api v2 subscribe book tBTCUSD flags=bulk,x",       ["flags=x"]),
    ("bitfinex subscribe candles tBTCUSD timeframe=2m",             ["timeframe=2m", "one of 1m 5m"]),
    ("bitfinex --api v2 subscribe account filter=money",              ["filter=money", "trading-{symbol}"]),
    ("bitfinex --api v1 subscribe trades BTCUSD,etheur",                     ["'etheur'", "did you mean ETHEUR?"]),
    ("bitfinex --api v1 subscribe trades BTC",                               ["six capital letters", "like BTCUSD"]),
    ("bitstamp subscribe live_trades BTCUSD",                       ["did you mean btcusd?"]),
    ("bitstamp subscribe live_trades_BTC/USD",                      ["did you mean btcusd?"]),
    ("bitstamp subscribe live_trades BTC/USD-PERP",                 ["did you mean btcusd-perp?"]),
    ("bitstamp subscribe funding_rate btcusd",                      ["did you mean btcusd-perp?"]),
    ("whitebit subscribe trades BTCUSDT",                           ["did you mean BTC_USDT?"]),
    ("whitebit query depth btc-usdt",                               ["did you mean BTC_USDT?"]),
    ("bybit subscribe trade.btcusdt",                               ["did you mean BTCUSDT?"]),
    ("bybit subscribe kline.1m.BTC_USDT",                           ["did you mean BTCUSDT?"]),
    ("digifinex subscribe trades btc_usdt",                         ["did you mean BTC_USDT?"]),
    ("digifinex subscribe balance usdt",                            ["did you mean USDT?"]),
    ("digifinex subscribe balance BTC_USDT",                        ["one currency", "like USDT"]),
    ("bitfinex --api v1 subscribe ticker",                                   ["needs a symbol, like BTCUSD"]),
    ("bitfinex --api v1 subscribe account BTCUSD",                           ["takes no symbol"]),
    ("bitstamp subscribe live_trades",                              ["needs a symbol, like btcusd"]),
    ("bitstamp subscribe announcements btcusd",                     ["takes no symbol"]),
    ("bitstamp unsubscribe live_trades",                            ["needs a symbol, like btcusd"]),
    ("whitebit subscribe depth",                                    ["needs a symbol, like BTC_USDT"]),
    ("whitebit subscribe candles BTC_USDT,ETH_USDT interval=60",    ["takes 1 symbol", "BTC_USDT ETH_USDT"]),
    ("whitebit query lastprice BTC_USDT ETH_USDT",                  ["takes 1 symbol"]),
    ("whitebit query lastprice",                                    ["needs a symbol"]),
    ("whitebit query time BTC_USDT",                                ["takes no symbol"]),
    ("bybit --api spot-v3 subscribe trade",                                       ["needs a symbol, like BTCUSDT"]),
    ("bybit --api spot-v3 unsubscribe trade",                                     ["needs a symbol, like BTCUSDT"]),
    ("bybit --api spot-v3 subscribe order BTCUSDT",                               ["takes no symbol"]),
    ("digifinex subscribe trades",                                  ["needs a symbol, like BTC_USDT"]),
    ("digifinex subscribe all_ticker BTC_USDT",                     ["takes no symbol"]),
    ("digifinex query time BTC_USDT",                               ["takes no symbol"]),
    # --- parameters
    ("bitfinex --api v1 subscribe book BTCUSD pre=P0",                       ["'pre'", "did you mean prec?", "prec freq len"]),
    ("bitfinex --api v1 subscribe book BTCUSD length=25",                    ["did you mean len?"]),
    ("bitfinex --api v1 subscribe book BTCUSD depth=25",                     ["'depth'", "one of: prec freq len"]),
    ("bitfinex --api v1 subscribe trades BTCUSD len=25",                     ["takes no parameters"]),
    ("bitfinex --api v1 subscribe book BTCUSD prec=P0 prec=P1",              ["prec is given twice"]),
    ("bitfinex --api v1 subscribe book BTCUSD prec=P4",                      ["prec=P4", "one of P0 P1 P2 P3 R0"]),
    ("bitfinex --api v1 subscribe book BTCUSD prec=p1",                      ["did you mean prec=P1?"]),
    ("bitfinex --api v1 subscribe book BTCUSD freq=F2",                      ["one of F0 F1"]),
    ("bitfinex --api v1 subscribe book BTCUSD len=50",                       ["len=50", "one of 25 100"]),
    ("bitfinex --api v1 subscribe book BTCUSD len=",                         ["one of 25 100"]),
    ("bitstamp subscribe live_trades btcusd limit=5",               ["takes no parameters"]),
    ("bitstamp subscribe private-my_orders btcusd user=4242",       ["did you mean user_id?"]),
    ("bitstamp subscribe private-my_orders btcusd user_id=me",      ["user_id=me", "a whole number"]),
    ("whitebit subscribe candles BTC_USDT",                         ["needs interval=", "one of " + INTERVALS]),
    *((f"whitebit subscribe candles BTC_USDT interval={n}",         [f"interval={n}", "one of " + INTERVALS])
      for n in ("0", "-60", "7", "45", "61", "90", "420", "2700", "5400", "18000", "32400", "90000", "691200", "1209600", "2678400", "1m", "60.0")),
    ("whitebit subscribe candles BTC_USDT interval=60 start=1",     ["'start'", "one of: interval"]),
    ("whitebit subscribe candles BTC_USDT interval=60 candles BTC_USDT interval=300", ["the second would replace the first"]),
    ("whitebit subscribe depth BTC_USDT limit=25",                  ["limit=25", "one of " + LIMITS]),
    ("whitebit subscribe depth BTC_USDT limit=200",                 ["one of " + LIMITS]),
    ("whitebit subscribe depth BTC_USDT limit=ten",                 ["one of " + LIMITS]),
    ("whitebit subscribe depth BTC_USDT price_interval=1",          ["one of 0 0.00000001 0.0000001 0.000001 0.00001 0.0001 0.001 0.01 0.1"]),
    ("whitebit subscribe depth BTC_USDT multiple=1",                ["true or false"]),
    ("whitebit subscribe trades BTC_USDT limit=5",                  ["takes no parameters"]),
    ("whitebit subscribe market BTC_USDT period=3600",              ["takes no parameters"]),
    ("whitebit query depth BTC_USDT limit=101",                     ["1 to 100"]),
    ("whitebit query depth BTC_USDT limit=0",                       ["1 to 100"]),
    ("whitebit query depth BTC_USDT multiple=true",                 ["'multiple'", "limit price_interval"]),
    ("whitebit query trades BTC_USDT limit=101",                    ["1 to 100"]),
    ("whitebit query trades BTC_USDT last_id=-1",                   ["at least 0"]),
    ("whitebit query market BTC_USDT period=0",                     ["at least 1"]),
    ("whitebit query candles BTC_USDT interval=60",                 ["start=", "end="]),
    ("whitebit query candles BTC_USDT start=2 end=1 interval=60",   ["end is before start"]),
    ("whitebit query candles BTC_USDT start=0 end=1 interval=60",   ["start=0", "is not a time"]),
    ("whitebit query candles BTC_USDT start=soon end=1 interval=60", ["seconds since the epoch"]),
    ("bybit --api spot-v3 subscribe kline BTCUSDT",                               ["needs interval=", "one of " + CANDLES]),
    ("bybit --api spot-v3 subscribe kline.BTCUSDT",                               ["one of " + CANDLES]),
    ("bybit subscribe kline BTCUSDT interval=1 --api spot-v3",      ["interval=1 ", "one of " + CANDLES]),
    ("bybit subscribe kline BTCUSDT interval=60 --api spot-v3",     ["one of " + CANDLES]),
    ("bybit --api spot-v3 subscribe kline.7m.BTCUSDT",                            ["one of " + CANDLES]),
    ("bybit --api spot-v3 subscribe kline BTCUSDT interval=1D",                   ["did you mean interval=1d?"]),
    ("bybit subscribe orderbook.50.BTCUSDT --api spot-v3",          ["depth=50", "40"]),
    ("bybit --api spot-v3 subscribe trade BTCUSDT depth=40",                      ["takes no parameters"]),
    ("digifinex subscribe depth BTC_USDT limit=10",                 ["takes no parameters"]),
    # --- ends, logins, pings
    ("bitfinex --api v1 unsubscribe trades BTCUSD",                          ["trades BTCUSD", "wscli bitfinex --api v1 unsubscribe 17"]),
    ("bitfinex --api v1 unsubscribe book BTCUSD prec=R0",                    ["wscli bitfinex --api v1 unsubscribe 17"]),
    ("digifinex unsubscribe trades",                                ["every symbol of trades", "--all-symbols"]),
    ("digifinex unsubscribe balance",                               ["--all-symbols"]),
    ("digifinex unsubscribe trades BTC_USDT --all-symbols",         ["exclude each other"]),
    ("bybit --api spot-v3 unsubscribe trade --all-symbols",                       ["needs a symbol"]),
    ("bybit ping now",                                              ["ping takes no words", "wscli bybit ping"]),
    ("bybit auth me",                                               ["auth takes no words"]),
    # --- frames of one's own
    ("bybit send",                                                  ["send needs JSON", "wscli bybit send '{"]),
    ("bybit send hello",                                            ["not JSON", "put the JSON in quotes"]),
    ("""bybit send '{"op":"ping"'""",                               ["not JSON"]),
    ("bybit send '{op:ping}'",                                      ["not JSON"]),
    ("""bybit send '{"op": NaN}'""",                                ["not JSON", "NaN"]),
    (f"""bitstamp send '{{"event":"{"x" * 500}"}}'""",              ["at most 511 bytes", "512"]),
    ("bybit explain",                                               ["explain needs a message"]),
    ("bybit explain nonsense",                                      ["not JSON"]),
    # --- filters
    ("bybit subscribe trade.BTCUSDT --where price",                 ["not a condition: 'price'", "FIELD OP VALUE"]),
    ("bybit subscribe trade.BTCUSDT --where 'price=>5'",            ["'price=>5'", "did you mean --where 'price>=5'?"]),
    ("bybit subscribe trade.BTCUSDT --where 'price >'",             ["FIELD OP VALUE"]),
    ("bybit subscribe trade.BTCUSDT --where ''",                    ["FIELD OP VALUE"]),
    ("bybit subscribe trade.BTCUSDT --where 'a..b=1'",              ["'a..b'"]),
    ("bybit subscribe trade.BTCUSDT --where 'side ~ ('",            ["not a regular expression: '('"]),
    ("bybit subscribe trade.BTCUSDT --until nonsense",              ["not a condition: 'nonsense'", "FIELD OP VALUE"]),
    ("bybit subscribe trade.BTCUSDT --until 'price ~ ['",           ["not a regular expression: '['"]),
    ("bybit subscribe trade.BTCUSDT --grep '*'",                    ["not a regular expression: '*'", "BTC|ETH"]),
    ("bybit subscribe trade.BTCUSDT --query 'data['",               ["--query 'data['", "character 6", "JMESPath"]),
    ("bybit subscribe trade.BTCUSDT --query data.0.p",              ["data[0]"]),
    ("bybit subscribe trade.BTCUSDT --query 'nofun(data)'",         ["'nofun'", "max_by"]),
    ("bybit subscribe trade.BTCUSDT --kind updat",                  ["did you mean update?"]),
    ("bybit --api spot-v3 subscribe trade.BTCUSDT --channel trades",              ["did you mean trade?"]),
    ("bybit subscribe trade.BTCUSDT --dry-run --where price",       ["not a condition: 'price'"]),
    # --- values of flags
    *((f"bybit subscribe trade.BTCUSDT {flag} {text}",              [f"not a duration: {text!r}", "10, 500ms, 30s, 5m"])
      for flag, text in (("--for", "soon"), ("--for", "5x"), ("--for", "-5"), ("--wait", "1d"), ("--timeout", "10sec"))),
    *((f"bybit subscribe trade.BTCUSDT -n {text}",                  [f"not a count: {text!r}", "at least 1"])
      for text in ("0", "-1", "many", "1.5")),
    ("bybit subscribe trade.BTCUSDT -n",                            ["-n needs a value"]),
    ("bybit subscribe trade.BTCUSDT --where",                       ["--where needs a value"]),
    ("bybit subscribe trade.BTCUSDT -o jsn",                        ["'jsn'", "did you mean json?"]),
    ("bybit subscribe trade.BTCUSDT -o yaml",                       ["'yaml'", "one of: json pretty rows table event csv raw"]),
    ("bybit subscribe trade.BTCUSDT --color sometimes",             ["one of: auto always never"]),
    ("bybit subscribe trade.BTCUSDT --url http://localhost/",       ["'http://localhost/'", "did you mean ws://localhost/?"]),
    ("bybit subscribe trade.BTCUSDT --url localhost:8765",          ["wss://host/path"]),
    ("bybit subscribe trade.BTCUSDT --url wss://host:99999/",       ["wss://host/path"]),
    ("bybit subscribe trade.BTCUSDT -H nocolon",                    ["not a header: 'nocolon'", "-H 'Name: value'"]),
    ("bybit subscribe trade.BTCUSDT -H ': value'",                  ["-H 'Name: value'"]),
    ("bybit ping --cacert /nowhere.pem",                            ["/nowhere.pem", "certificates"]),
    ("bybit ping --proxy socks7://host:1",                          ["not a proxy: socks7://…", "http://host:port", "socks5h"]),
    ("bybit ping --proxy https://host:1",                           ["not a proxy: https://…", "http://host:port"]),
    ("bybit ping --proxy http://host:port",                         ["not a proxy", "http://host:port"]),
    ("bybit ping --proxy socks5://me:hunter22Straße@host:1",        ["255 characters of ASCII"]),
    ("bybit auth --profile nobody",                                 ["no profile 'nobody'"]),
    *((f"{name} ping --testnet",                                    [f"{name} has no test network", "--sim"])
      for name in ("bitfinex", "bitstamp", "whitebit", "digifinex")),
    ("bybit ping --sim --testnet",                                  ["--sim, --testnet and --url"]),
    ("bybit ping --api v9",                                         ["no API named 'v9'", "one of: v5 spot-v3"]),
    ("bitfinex ping --api 9",                                       ["no API named '9'", "one of: v2 v1"]),
    # --- flags that are none
    ("bybit subscribe trade.BTCUSDT --cout 3",                      ["'--cout'", "did you mean --count?"]),
    ("bybit subscribe trade.BTCUSDT --dryrun",                      ["did you mean --dry-run?"]),
    ("--vebose bybit ping",                                         ["did you mean --verbose?"]),
    ("bybit subscribe trade.BTCUSDT -z",                            ["'-z'", "--help"]),
    ("bybit subscribe trade.BTCUSDT --dry-run=yes",                 ["--dry-run takes no value", "'yes'"]),
    ("digifinex unsubscribe trades --all-symbol",                   ["did you mean --all-symbols?"]),
    ("exchanges now",                                               ["wscli exchanges --help"]),
    ("simulate nobody",                                             ["'nobody'", "bybit"]),
    ("simulate bybit --port 99999",                                 ["--port"]),
]  # fmt: skip


@pytest.mark.parametrize(("line", "named"), REFUSED, ids=[line[:80] for line, _ in REFUSED])
def test_a_refused_line_names_what_is_allowed(line: str, named: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    status = main(shlex.split(line))

    out, err = capfd.readouterr()
    assert (status, out) == (2, ""), err
    assert re.fullmatch(r"wscli: [^\n]+\n  hint: [^\n]+\n", err), err
    for words in named:
        assert words in err


@pytest.mark.parametrize(
    "line", ["bybitt ping", "bitfinex --api v1 unsubscribe trades BTCUSD", "whitebit subscribe depth BTC_USDT limit=25", "bybit send '{'"]
)  # fmt: skip
def test_the_program_itself_refuses_with_two_lines(line: str, wscli: Wscli) -> None:
    ran = wscli(*shlex.split(line))

    assert (ran.status, ran.out) == (2, "")
    assert re.fullmatch(r"wscli: [^\n]+\n  hint: [^\n]+\n", ran.err)


def test_the_tables_hold_what_they_promise() -> None:
    lines = [line for line, _ in SENT]

    assert len(lines) >= 150
    assert len(REFUSED) >= 80
    assert len(set(lines)) == len(lines)
    assert len({line for line, _ in REFUSED}) == len(REFUSED)


BYBIT = find_dialect("bybit")
WITHOUT_LOGIN = changed(BYBIT, summary="")


def test_only_the_login_needs_an_exchange_that_has_one() -> None:
    assert parse(BYBIT, "auth", []) == (Auth(),)
    assert parse(BYBIT, "ping", []) == parse(WITHOUT_LOGIN, "ping", []) == (Ping(),)
    with pytest.raises(Unsupported, match="this API of bybit has no login: all its channels are public"):
        parse(WITHOUT_LOGIN, "auth", [])


@pytest.mark.parametrize("verb", ["ping", "auth"])
def test_a_verb_without_words_names_the_word_it_was_given(verb: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(BYBIT, verb, ["now", "please"])
    assert caught.value.message == f"{verb} takes no words (got 'now please')"
    assert caught.value.word == "now"


def test_an_unknown_verb_is_refused_with_the_closest_one() -> None:
    with pytest.raises(UsageError) as caught:
        parse(BYBIT, "subscrib", [])
    assert caught.value.message == "no verb named 'subscrib'"
    assert "subscribe" in str(caught.value.hint)
