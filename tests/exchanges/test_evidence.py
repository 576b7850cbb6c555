"""Which API of an exchange a message is of: by what only one of them says, and by nothing where both may."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wscli.core.jsontext import Json, parsed
from wscli.exchanges.bitfinex.evidence import api_of as bitfinex
from wscli.exchanges.bybit.evidence import api_of as bybit

BITFINEX = [
    ('{"event":"info","version":1.1}',                                      "v1"),
    ('{"event":"info","version":2}',                                        "v2"),
    ('{"event":"info","version":3}',                                        None),
    ('{"event":"info","version":"2"}',                                      None),
    ('{"event":"conf","status":"OK"}',                                      "v2"),
    ('{"event":"ping","cid":1}',                                            "v2"),
    ('{"event":"pong","ts":1}',                                             "v2"),
    ('{"event":"ping","ts":1}',                                             None),
    ('{"event":"ping"}',                                                    None),
    ('{"event":"auth","status":"OK","caps":{}}',                            "v2"),
    ('{"event":"auth","dms":4}',                                            "v2"),
    ('{"event":"auth","status":"OK","userId":1}',                           None),
    ('{"event":"subscribe","channel":"candles"}',                           "v2"),
    ('{"event":"subscribe","channel":"ticker","key":"x"}',                  "v2"),
    ('{"event":"subscribe","channel":"ticker","subId":"x","pair":"BTCUSD"}', "v2"),
    ('{"event":"subscribe","channel":"ticker","symbol":"tBTCUSD"}',         "v2"),
    ('{"event":"subscribe","channel":"ticker","symbol":"tAB:USD"}',         "v2"),
    ('{"event":"subscribe","channel":"ticker","symbol":"fUSD:p30"}',        "v2"),
    ('{"event":"subscribe","channel":"ticker","symbol":"BTCUSD"}',          None),
    ('{"event":"subscribe","channel":"ticker","pair":"BTCUSD"}',            "v1"),
    ('{"event":"error","pair":"BTCUSD"}',                                   "v1"),
    ('{"event":"subscribe","channel":"ticker","pair":"tBTCUSD"}',           None),
    ('{"event":"unsubscribed","pair":"BTCUSD"}',                            None),
    ('{"event":7}',                                                         None),
    ('[0,"on",null,{"type":"LIMIT"}]',                                      "v2"),
    ('[0,"",null,{}]',                                                      None),
    ('[0,"hb"]',                                                            None),
    ('[0,"hb",5]',                                                          "v2"),
    ('[7,"hb",5]',                                                          "v2"),
    ('[7,"cs",5]',                                                          "v2"),
    ('[7,"ftu",[1]]',                                                       "v2"),
    ('[7,"te",[1,2,3,4]]',                                                  "v2"),
    ('[7,"te","1-BTCUSD",1,2,3]',                                           "v1"),
    ('[7,"1-BTCUSD",1700000000,2,3]',                                       "v1"),
    ('[7,"1-BTC",1700000000,2,3]',                                          None),
    ("[7,[[1,1700000000,2,3]]]",                                            "v1"),
    ("[7,[[1,1000000000,2,3]]]",                                            "v1"),
    ("[7,[[1,999999999999,2,3]]]",                                          "v1"),
    ("[7,[[1,999999999,2,3]]]",                                             "v2"),
    ("[7,[[1,1700000000123,2,3]]]",                                         "v2"),
    ("[7,[[1,2,3]]]",                                                       None),
    ("[7,[[1,2,3]],5]",                                                     "v2"),
    ("[7,[1,2,3]]",                                                         "v2"),
    ("[7,[]]",                                                              None),
    ("[7,1,2,3]",                                                           "v1"),
    ("[7,1,2]",                                                             None),
    ('[0,"fos",[]]',                                                        "v2"),
    ('[0,"ts",[]]',                                                         "v1"),
    ('[0,"ws",[["exchange","USD",1,0]]]',                                   "v1"),
    ('[0,"wu",["exchange","USD",1,0,null]]',                                "v2"),
    ('[0,"ps",[["tBTCUSD","ACTIVE",1]]]',                                   "v2"),
    ('[0,"ps",[["BTCUSD","ACTIVE",1]]]',                                    "v1"),
    ('[0,"pu",["ACTIVE","CLOSED",1]]',                                      None),
    ('[0,"on",[1,2,3,"tBTCUSD"]]',                                          "v2"),
    ('[0,"on",[1,2,3,4,"tBTCUSD"]]',                                        None),
    ('[0,"os",[]]',                                                         None),
    ("7",                                                                   None),
]  # fmt: skip
BYBIT = [
    ('{"topic":"trade.A","data":[]}',                                       "spot-v3"),
    ('{"topic":"publicTrade.A","data":[]}',                                 "v5"),
    ('{"topic":"orderbook.40.A","data":{}}',                                "spot-v3"),
    ('{"topic":"orderbook.50.A","data":{}}',                                "v5"),
    ('{"topic":"kline.1m.A","data":{}}',                                    "spot-v3"),
    ('{"topic":"kline.1w.A","data":{}}',                                    "spot-v3"),
    ('{"topic":"kline.1.A","data":{}}',                                     "v5"),
    ('{"topic":"kline.2w.A","data":{}}',                                    "v5"),
    ('{"topic":"order.spot","data":[]}',                                    "v5"),
    ('{"topic":"order","data":[]}',                                         None),
    ('{"topic":"order","creationTime":1,"data":[]}',                        "v5"),
    ('{"topic":"order","type":"snapshot","data":[]}',                       "spot-v3"),
    ('{"topic":"order","type":"snapshot","data":{}}',                       None),
    ('{"topic":"tickers.A","data":{"s":"A"}}',                              "spot-v3"),
    ('{"topic":"tickers.A","data":{"symbol":"A","s":"A"}}',                 "v5"),
    ('{"topic":"tickers.A","data":{}}',                                     None),
    ('{"op":"subscribe","req_id":"spot-1","args":["trade.A"]}',             "v5"),
    ('{"op":"subscribe","req_id":"other-1","args":["trade.A"]}',            "spot-v3"),
    ('{"op":"unsubscribe","args":[7,"tickers.A","wallet"]}',                "v5"),
    ('{"op":"subscribe","args":["tickers.A"]}',                             None),
    ('{"op":"subscribe"}',                                                  None),
    ('{"op":"order.create"}',                                               "v5"),
    ('{"type":"COMMAND_RESP"}',                                             "v5"),
    ('{"retCode":0}',                                                       "v5"),
    ('{"ret_msg":"pong"}',                                                  "v5"),
    ('{"op":"pong","args":["1"]}',                                          "v5"),
    ('{"op":"pong","args":[1]}',                                            None),
    ('{"op":"ping"}',                                                       None),
    ("[]",                                                                  None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("api_of", "text", "api"), [(bitfinex, *row) for row in BITFINEX] + [(bybit, *row) for row in BYBIT]
)
def test_a_message_is_of_the_api_that_alone_has_it(
    api_of: Callable[[Json], str | None], text: str, api: str | None
) -> None:
    assert api_of(parsed(text)) == api
