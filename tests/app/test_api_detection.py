"""Which API a message without words is of: what only one API says decides, `--api` overrules, and nothing is guessed silently."""

from __future__ import annotations

import doctest
import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Wscli
from wscli.app.api_detection import ApiDetector, ambiguity_note
from wscli.app.catalogue_pages import explain_messages
from wscli.app.settings import Settings
from wscli.commands.options import Options
from wscli.core.jsontext import Json, parsed
from wscli.exchanges import BUILT_IN, api_detector, exchange_dialects, find_dialect, find_exchange
from wscli.exchanges.bitfinex import evidence as bitfinex_evidence
from wscli.exchanges.bybit import evidence as bybit_evidence
from wscli.exchanges.transcript import transcript_of
from wscli.output.rows import rows_of
from wscli.transport.signals import Signals

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("module", [bitfinex_evidence, bybit_evidence])
def test_the_examples_in_the_docstrings_hold(module: Any) -> None:
    assert doctest.testmod(module).failed == 0


ORDER_V1 = '[1,"BTCUSD",0.5,0.5,"LIMIT","ACTIVE",100,0,"2017-01-01T00:00:00Z",0,0,0]'
ORDER_V2 = '[1,null,2,"tBTCUSD",1700000000000,1700000000000,0.5,0.5,"EXCHANGE LIMIT",null,null,null,0,"ACTIVE",null,null,100,0]'
POSITION_V1 = '["BTCUSD","ACTIVE",0.5,100,0,0]'
POSITION_V2 = '["tBTCUSD","ACTIVE",0.5,100,0,0,null,null,null,null,null,7]'
OWN_V1 = '["123-ETHUSD","ETHUSD",1700000000,6,-0.25,1850,"LIMIT",1850]'
OWN_V2 = '[5,"tETHUSD",1700000000123,6,-0.25,1850,"LIMIT",1850,1,null,null,7]'
FUNDING = (
    '[9,"fUSD",1700000000123,1700000000123,500,500,"LIMIT",null,null,0,"ACTIVE",null,null,null,0.0002,30,0,0,null,0]'
)

BITFINEX = [
    # greetings
    ('{"event":"info","version":1.1}', "v1"),
    ('{"event":"info","version":1,"platform":{"status":1}}', "v1"),
    ('{"event":"info","version":2,"serverId":"x","platform":{"status":1}}', "v2"),
    ('{"event":"info","code":20051,"msg":"Stopping"}', None),
    # our own frames
    ('{"event":"subscribe","channel":"trades","pair":"ETHUSD"}', "v1"),
    ('{"event":"subscribe","channel":"trades","symbol":"tETHUSD"}', "v2"),
    ('{"event":"subscribe","channel":"trades","symbol":"tDUSK:USD"}', "v2"),
    ('{"event":"subscribe","channel":"trades","symbol":"fUSD"}', "v2"),
    ('{"event":"subscribe","channel":"trades","symbol":"ETHUSD"}', None),
    ('{"event":"subscribe","channel":"candles","key":"trade:1m:tBTCUSD"}', "v2"),
    ('{"event":"subscribe","channel":"book","symbol":"ETHUSD","subId":"a"}', "v2"),
    ('{"event":"conf","flags":65536}', "v2"),
    ('{"event":"ping","cid":7}', "v2"),
    ('{"event":"ping"}', None),
    ('{"event":"auth","apiKey":"***","authPayload":"***"}', None),
    ('{"event":"auth","apiKey":"***","filter":["wallet"]}', "v2"),
    ('{"event":"unsubscribe","chanId":4}', None),
    ('[0,"on",null,{"type":"LIMIT"}]', "v2"),
    # acknowledgements and rejections
    ('{"event":"subscribed","channel":"trades","chanId":4,"symbol":"tETHUSD","pair":"ETHUSD"}', "v2"),
    ('{"event":"subscribed","channel":"ticker","chanId":4,"symbol":"fUSD","currency":"USD"}', "v2"),
    ('{"event":"subscribed","channel":"trades","chanId":4,"symbol":"ETHUSD","pair":"ETHUSD"}', None),
    ('{"event":"subscribed","channel":"trades","chanId":4,"pair":"ETHUSD"}', "v1"),
    ('{"event":"subscribed","channel":"trades","chanId":4}', None),
    ('{"event":"subscribed","channel":"status","chanId":4,"key":"liq:global"}', "v2"),
    ('{"event":"conf","status":"OK","flags":65536}', "v2"),
    ('{"event":"pong","ts":1700000000123,"cid":7}', "v2"),
    ('{"event":"pong"}', None),
    ('{"event":"auth","status":"OK","chanId":0,"userId":1,"auth_id":"x","caps":{}}', "v2"),
    ('{"event":"auth","status":"OK","chanId":0,"userId":1}', None),
    ('{"channel":"book","symbol":"tNOPEUSD","event":"error","msg":"symbol: invalid","code":10300,"pair":"NOPEUSD"}', "v2"),
    ('{"event":"error","msg":"subscribe: dup","code":10301,"channel":"ticker","pair":"ETHUSD"}', "v1"),
    ('{"event":"error","msg":"event: invalid","code":10000}', None),
    # data of public channels
    ('[4,"hb"]', None),
    ('[4,"hb",17]', "v2"),
    ('[4,"cs",-1021284721]', "v2"),
    ("[4,[[77,1700000000123,-0.25,1850.5]]]", "v2"),
    ("[4,[[77,1700000000,1850.5,-0.25]]]", "v1"),
    ("[4,[[null,1700000000,1850.5,-0.25]]]", "v1"),
    ('[4,[["90-ETHUSD",1700000000,1850.5,-0.25]]]', "v1"),
    ('[4,"te",[77,1700000000123,-0.25,1850.5]]', "v2"),
    ('[4,"tu","90-ETHUSD",77,1700000000,1850.5,-0.25]', "v1"),
    ('[4,"te","90-ETHUSD",1700000000,1850.5,-0.25]', "v1"),
    ('[4,"90-ETHUSD",1700000000,1850.5,-0.25]', "v1"),
    ('[4,"fte",[77,1700000000123,-500,0.0002,30]]', "v2"),
    ("[4,[[77,1700000000123,-500,0.0002,30]]]", "v2"),
    ("[4,[[1850.5,2,0.5],[1851,1,-3]]]", None),
    ("[4,[]]", None),
    ("[4,[1850.5,2,0.5]]", "v2"),
    ("[4,1850.5,2,0.5]", "v1"),
    ("[4,[[0.0002,30,2,-500]]]", "v2"),
    ("[4,[[0.0002,30,2,-500]],9]", "v2"),
    ("[4,[1850,1,1851,2,0.5,0.01,1850,100,1900,1800]]", "v2"),
    ("[4,1850,1,1851,2,0.5,0.01,1850,100,1900,1800]", "v1"),
    ("[4,[[1700000000000,1,2,3,0.5,9]]]", "v2"),
    ('[4,[["pos",1,1700000000000,null,"tBTCUSD",1,2,null,0,1,null,3]]]', "v2"),
    # the account
    ('[0,"hb"]', None),
    ('[0,"os",[]]', None),
    *((f'[0,"{tag}",{row}]', api) for tag in ("on", "ou", "oc") for row, api in ((ORDER_V1, "v1"), (ORDER_V2, "v2"))),
    *((f'[0,"{tag}",[{row}]]', api) for tag in ("os", "hos") for row, api in ((ORDER_V1, "v1"), (ORDER_V2, "v2"))),
    *((f'[0,"{tag}",{row}]', api) for tag in ("te",) for row, api in ((OWN_V1, "v1"), (OWN_V2, "v2"))),
    ('[0,"tu",["123-ETHUSD",9,"ETHUSD",1700000000,6,-0.25,1850,"LIMIT",1850,-1,"USD"]]', "v1"),
    (f'[0,"tu",{OWN_V2}]', "v2"),
    ('[0,"ts",[[9,"ETHUSD",1700000000,6,-0.25,1850,"LIMIT",1850,-1,"USD"]]]', "v1"),
    (f'[0,"hts",[{OWN_V2}]]', "v2"),
    (f'[0,"ps",[{POSITION_V1}]]', "v1"),
    (f'[0,"ps",[{POSITION_V2}]]', "v2"),
    (f'[0,"pu",{POSITION_V1}]', "v1"),
    (f'[0,"pu",{POSITION_V2}]', "v2"),
    ('[0,"ws",[["exchange","USD",1250.5,0]]]', "v1"),
    ('[0,"ws",[["exchange","USD",1250.5,0,null]]]', "v2"),
    ('[0,"wu",["exchange","USD",1250.5,0]]', "v1"),
    ('[0,"wu",["exchange","USD",1250.5,0,null,null,null]]', "v2"),
    (f'[0,"fon",{FUNDING}]', "v2"),
    ('[0,"bu",[1,2]]', "v2"),
    ('[0,"n",[1700000000123,"on-req",null,null,[],null,"ERROR","no"]]', "v2"),
    # nothing that anybody says
    ("[]", None),
    ("7", None),
    ("{}", None),
    ('["x","hb"]', None),
    ('{"event":7}', None),
]  # fmt: skip

BYBIT = [
    ('{"op":"subscribe","args":["trade.BTCUSDT"]}', "spot-v3"),
    ('{"op":"subscribe","args":["tickers.BTCUSDT","bookticker.BTCUSDT"]}', "spot-v3"),
    ('{"op":"subscribe","args":["orderbook.40.BTCUSDT"]}', "spot-v3"),
    ('{"op":"subscribe","args":["orderbook.50.BTCUSDT"]}', "v5"),
    ('{"op":"subscribe","args":["orderbook.rpi.BTCUSDT"]}', "v5"),
    ('{"op":"subscribe","args":["kline.1m.BTCUSDT"]}', "spot-v3"),
    ('{"op":"subscribe","args":["kline.1M.BTCUSDT"]}', "spot-v3"),
    ('{"op":"subscribe","args":["kline.1.BTCUSDT"]}', "v5"),
    ('{"op":"subscribe","args":["kline.D.BTCUSDT"]}', "v5"),
    ('{"op":"subscribe","args":["publicTrade.BTC"]}', "v5"),
    ('{"op":"subscribe","args":["order"]}', None),
    ('{"op":"subscribe","args":["order.spot"]}', "v5"),
    ('{"op":"subscribe","args":["stopOrder"]}', "spot-v3"),
    ('{"op":"subscribe","args":["wallet"]}', "v5"),
    ('{"op":"unsubscribe","args":["tickers.BTCUSDT"]}', None),
    ('{"req_id":"linear-1","op":"subscribe","args":["tickers.BTCUSDT"]}', "v5"),
    ('{"reqId":"1","op":"order.create","args":[{}]}', "v5"),
    ('{"op":"ping"}', None),
    ('{"op":"pong","args":[1700000000000],"conn_id":"x"}', None),
    ('{"op":"pong","args":["1700000000000"],"conn_id":"x"}', "v5"),
    ('{"success":true,"ret_msg":"pong","conn_id":"x","op":"ping"}', "v5"),
    ('{"op":"subscribe","success":true,"ret_msg":"subscribe","conn_id":"x"}', None),
    ('{"success":true,"type":"COMMAND_RESP","data":{"successTopics":[],"failTopics":[]}}', "v5"),
    ('{"retCode":0,"op":"auth"}', "v5"),
    ('{"topic":"tickers.BTCUSDT","data":{"s":"BTCUSDT"}}', "spot-v3"),
    ('{"topic":"tickers.BTCUSDT","data":{"symbol":"BTCUSDT"}}', "v5"),
    ('{"topic":"order","creationTime":1700000020000,"data":[{}]}', "v5"),
    ('{"topic":"order","type":"snapshot","ts":"1700000006001","data":[{"e":"order"}]}', "spot-v3"),
    ('{"topic":"nothing","data":7}', None),
    ("[1]", None),
    ('"x"', None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "api"), [("bitfinex", *r) for r in BITFINEX] + [("bybit", *r) for r in BYBIT])
def test_what_one_api_alone_says_decides(name: str, text: str, api: str | None) -> None:
    assert api_detector(name)(parsed(text)) == api


def test_each_exchange_with_several_apis_has_evidence() -> None:
    names = {
        name for name in ("bitfinex", "bitstamp", "whitebit", "bybit", "digifinex") if len(exchange_dialects(name)) > 1
    }

    assert names == {name for name in BUILT_IN if find_exchange(name).api_detector}


TRANSCRIPTS = [("bitfinex", "v1"), ("bitfinex", "v2"), ("bybit", "spot-v3"), ("bybit", "v5")]


@pytest.mark.parametrize(("name", "api"), TRANSCRIPTS)
def test_no_message_of_a_transcript_is_taken_for_the_other_api(name: str, api: str) -> None:
    lines = transcript_of(find_dialect(name, api)).splitlines()
    known = [
        line[2:]
        for line, after in pairwise(lines)
        if line.startswith(("< [", "< {"))
        and not after.startswith("= unknown")
        and "wscli supports version" not in after
    ]
    messages = [parsed(text) for text in known]
    detected = [api_detector(name)(message) for message in messages]

    assert set(detected) <= {api, None}, [
        m for m, one in zip(messages, detected, strict=True) if one not in (api, None)
    ]
    assert detected.count(api) > len(detected) / 3


def read(name: str, texts: Sequence[str]) -> tuple[ApiDetector, list[dict[str, Json]], list[str]]:
    """Return what read these messages, the rows of the last, and what was remarked."""
    reader, rows, notes = ApiDetector(exchange_dialects(name)), list[dict[str, Json]](), list[str]()
    for message in map(parsed, texts):
        reader.detect(message)
        event = reader.dialect.codec.decode(message, reader.state)
        if (other := reader.other_reading(event)) is not None:
            notes.append(ambiguity_note(reader.dialect, *other))
        reader.learn(event)
        rows = [*rows_of(reader.dialect, event)]
    return reader, rows, notes


PLAIN_ACK = '{"event":"subscribed","channel":"%s","chanId":4,"symbol":"ETHUSD","pair":"ETHUSD"}'


def test_what_came_before_the_api_is_known_is_learned_by_the_one_that_it_is() -> None:
    reader, rows, notes = read("bitfinex", [PLAIN_ACK % "trades", "[4,[[77,1700000000123,-0.25,1850.5]]]"])

    assert reader.dialect is find_dialect("bitfinex", "v2")
    assert reader.is_decided
    assert not notes
    assert rows == [
        {"kind": "snapshot", "channel": "trades", "symbol": "tETHUSD", "side": "sell", "price": "1850.5", "size": "0.25",
         "trade_id": "77", "time": "2023-11-14T22:13:20.123Z"}
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "api", "symbol"), [("[4,1850.5,2,0.7]", "v1", "ETHUSD"), ("[4,[1850.5,2,0.7]]", "v2", "tETHUSD")]
)
def test_each_api_keeps_its_subscriptions_in_its_own_spelling(text: str, api: str, symbol: str) -> None:
    reader, rows, _ = read("bitfinex", [PLAIN_ACK % "book", "[4,[[1850.5,2,0.5]]]", text])

    assert reader.dialect is find_dialect("bitfinex", api)
    assert [(row["kind"], row["symbol"], row["side"], row["size"]) for row in rows] == [
        ("update", symbol, "bid", "0.7")
    ]


def test_where_nothing_decides_the_other_reading_is_named() -> None:
    reader, _, notes = read("bitfinex", [PLAIN_ACK % "book", "[4,[[1850.5,2,0.5]]]"])
    ours, theirs = (
        reader.dialect.api.name,
        next(d for d in exchange_dialects("bitfinex") if d is not reader.dialect).api.name,
    )

    assert not reader.is_decided
    assert len(notes) == 1
    assert f"this can belong to two APIs: it is labelled as {ours}; --api {theirs} labels it as {theirs}" in notes[0]


@pytest.mark.parametrize("text", ['[4,"hb"]', "[4,[[1850.5,2,0.5]]]", '{"event":"pong"}', '[0,"os",[]]'])
def test_identical_readings_are_not_mentioned(text: str) -> None:
    assert read("bitfinex", [text])[2] == []


def test_what_is_decided_stays_so_until_the_connection_is_opened_again() -> None:
    reader, _, _ = read("bitfinex", ['{"event":"info","version":1.1}', "[4,[[77,1700000000123,-0.25,1850.5]]]"])

    assert reader.dialect is find_dialect("bitfinex", "v1")


# --- the whole program ---------------------------------------------------------------------------

ACK = '{"event":"subscribed","channel":"trades","chanId":4,"symbol":"tETHUSD","pair":"ETHUSD"}'
TRADE = "[4,[[77,1700000000123,-0.25,1850.5]]]"
AMBIGUOUS = [PLAIN_ACK % "book", "[4,[[1850.5,2,0.5]]]"]


def recorded(texts: Sequence[str], connection: int = 1, exchange: str = "bitfinex", **opened: str) -> str:
    head = {"time": 1700000000000000000, "connection": connection, "exchange": exchange}
    first = [{**head, "direction": "event", "event": "opened", **opened}] if opened else []
    lines = [*first, *({**head, "direction": "received", "number": n, "text": t} for n, t in enumerate(texts, 1))]
    return "".join(json.dumps(line) + "\n" for line in lines)


def sale(row: dict[str, Json]) -> tuple[Json, ...]:
    return row["symbol"], row["side"], row["price"], row["size"], row["time"]


SOLD = ("tETHUSD", "sell", "1850.5", "0.25", "2023-11-14T22:13:20.123Z")
MISTAKEN = ("ETHUSD", "buy", "-0.25", "1850.5")


def test_explain_and_replay_label_a_cut_recording_by_the_evidence(wscli: Wscli) -> None:
    explained = wscli("bitfinex", "explain", "-", "-o", "rows", stdin=f"{ACK}\n{TRADE}\n")
    replayed = wscli("replay", "-", "-o", "rows", stdin=recorded([ACK, TRADE]))
    pinned = wscli("replay", "-", "--api", "v1", "-o", "rows", stdin=recorded([ACK, TRADE]))
    columns = wscli("replay", "-", "-o", "csv", stdin=recorded([ACK, TRADE]))

    assert sale(json.loads(explained.lines[-1])) == SOLD
    assert [sale(json.loads(line)) for line in replayed.lines] == [SOLD]
    assert sale(json.loads(pinned.lines[0]))[:4] == MISTAKEN
    assert explained.err == ""
    assert "which API" not in replayed.err
    assert columns.status == 0


WORDS = [
    # the message                                     its words         symbol     side    price     size
    ("[4,[[77,1700000000123,-0.25,1850.5]]]",         "trades ETHUSD",  "tETHUSD", "sell", "1850.5", "0.25"),
    ("[4,[[77,1700000000123,-0.25,1850.5]]]",         "trades tETHUSD", "tETHUSD", "sell", "1850.5", "0.25"),
    ('[4,"te","90-ETHUSD",1700000000,1850.5,-0.25]',  "trades tETHUSD", "ETHUSD",  "sell", "1850.5", "0.25"),
    ("[4,[1850.5,2,0.5]]",                            "book ETHUSD",    "tETHUSD", "bid",  "1850.5", "0.5"),
    ("[4,1850.5,2,0.5]",                              "book tETHUSD",   "ETHUSD",  "bid",  "1850.5", "0.5"),
    ("[4,[[1850.5,2,0.5]]]",                          "book tETHUSD",   "tETHUSD", "bid",  "1850.5", "0.5"),
    ("[4,[[1850.5,2,0.5]]]",                          "book ETHUSD",    "ETHUSD",  "bid",  "1850.5", "0.5"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "symbol", "side", "price", "size"), WORDS)
def test_words_are_evidence_and_a_shape_that_one_api_has_is_more(
    text: str, words: str, symbol: str, side: str, price: str, size: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/nonexistent")
    settings = Settings(find_dialect("bitfinex"), Options(output="rows"), Signals())
    (line,) = explain_messages(settings, [text, *words.split()])
    row = json.loads(line.splitlines()[0])

    assert (row["symbol"], row["side"], row["price"], row["size"]) == (symbol, side, price, size)


def test_a_recording_that_says_its_api_is_read_as_that(wscli: Wscli) -> None:
    ran = wscli("replay", "-", "-o", "rows", stdin=recorded([ACK, TRADE], api="v1"))

    assert sale(json.loads(ran.lines[0]))[:4] == MISTAKEN


def test_what_nothing_decides_is_remarked_once_and_not_certified(wscli: Wscli) -> None:
    recording = recorded([*AMBIGUOUS, "[4,[[1850.5,2,0.7]]]"])
    plain, verified = wscli("replay", "-", stdin=recording), wscli("replay", "-", "--verify", stdin=recording)
    with_api = wscli("replay", "-", "--verify", "--api", "v2", stdin=recording)

    assert plain.status == 0
    assert plain.err.count("this can belong to two APIs") == 1
    assert verified.status == 7
    assert "bitfinex: not proven: the recording does not show which API it used" in verified.err
    assert with_api.status == 0
    assert "messages without a fault" in with_api.err


def test_2_an_api_that_no_exchange_has(wscli: Wscli) -> None:
    ran = wscli("replay", "-", "--api", "v9", stdin="")

    assert ran.status == 2
    assert "no exchange has an API named 'v9'" in ran.err


def test_a_recording_from_which_the_first_lines_are_gone_is_not_certified(wscli: Wscli) -> None:
    book = '{"event":"subscribed","channel":"book","chanId":4,"symbol":"tETHUSD","prec":"P0","freq":"F0","len":"25","pair":"ETHUSD"}'
    changes = [f"[4,[1850.{n},2,0.5],{n + 1}]" for n in range(1, 19)]
    whole = recorded([book, "[4,[[1850.5,2,0.5],[1860,1,-1]],1]", *changes], api="v2")
    cut = "".join(line + "\n" for line in whole.splitlines()[3:])
    half = "".join(line + "\n" for at, line in enumerate(whole.splitlines()) if at != 2)

    assert wscli("replay", "-", "--verify", stdin=whole).status == 0
    for text, message in (
        (cut, "18 messages of channels whose acknowledgement"),
        (half, "its first snapshot was not recorded"),
    ):
        ran = wscli("replay", "-", "--verify", "-q", stdin=text)

        assert ran.status == 7
        assert "not proven: " in ran.err
        assert message in ran.err
