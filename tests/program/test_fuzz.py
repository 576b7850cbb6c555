"""The fuzzing harnesses hold on their seeds, and on what they found once."""

from __future__ import annotations

import importlib

import pytest

from tests.fuzz.__main__ import HARNESSES
from tests.fuzz.decoders import check
from wscli.core.messages import State
from wscli.exchanges import DIALECTS, qualified_name

FINDINGS = [
    ("inflating", b"x\x9c\3\0\0\0\0\1\3\0\0\0\0\1"),  # what follows a stream, and ends as it does, was dropped
    (
        "typing",
        b"\x008-ags=checksum,sequencte,miestampubscribe book tBTCUSD fl!ags=checksum,sequencte,miestamp",
    ),  # a part of what was wrong was marked again
    ("conditions", b"wdata.4 <.w1Ap"),  # -0 before a text: the fast way compared 0
    ("conditions", b"qnot_null(a& data)"),  # an expression is no value: it was written for ever
    ("conditions", b"wdata.p=36500.20"),  # the fast way, before a message nested beyond reading, was a traceback
]

FINDING_MESSAGES = [  # each was found with one API, and is nothing to stop at for any
    '{"event":"subscribed","channel":{"a":{}},"chanId":7,"pair":"BTCUSD"}',  # a channel that is an object, in a table
    '{"event":"bts:error","channel":{"a":{}},"data":{"code":[],"message":{}}}',
    '{"topic":"trade.BTCUSDT","ts":1e999999999,"type":"snapshot","data":{"v":"1","t":1e999999999,"p":"1","q":"1","m":true}}',
    '{"topic":"publicTrade.BTCUSDT","ts":1e999999999,"type":"snapshot","data":[{"T":1e999999999,"s":"BTCUSDT","p":"1"}]}',
    "[7,[[77,1e999999999,-0.25,1850.5]]]",
    '{"method":"trades_update","params":["BTC_USDT",[{"id":1,"time":1e999999999,"price":"1"}]],"id":null}',
    '{"op":"subscribe","req_id":{"a":1},"args":["trade.BTCUSDT"]}',  # a frame of one's own whose req_id is an object
    '{"method":"ping","params":[],"id":{"a":1}}',
    '{"event":"subscribe","channel":"ticker","pair":{"a":1},"subId":[]}',
]


@pytest.mark.parametrize("name", HARNESSES)
def test_a_harness_finds_no_fault_in_its_seeds(name: str) -> None:
    harness = importlib.import_module(f"tests.fuzz.{name}")
    for seed in harness.seeds():
        harness.one(seed)


@pytest.mark.parametrize(("name", "data"), FINDINGS)
def test_what_was_found_once_stays_mended(name: str, data: bytes) -> None:
    importlib.import_module(f"tests.fuzz.{name}").one(data)


@pytest.mark.parametrize("text", FINDING_MESSAGES)
@pytest.mark.parametrize("number", range(len(DIALECTS)), ids=map(qualified_name, DIALECTS))
def test_a_message_that_was_found_once_stops_no_api(number: int, text: str) -> None:
    check(DIALECTS[number], State(), text)
