"""A message in words: the catalogue's names, units and notes, the meaning of a code, and honesty about the rest."""

import doctest
import json
import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscli.core.jsontext import parsed
from wscli.core.messages import Event, Kind, ReceivedMessage, State
from wscli.exchanges import find_dialect
from wscli.output import explain
from wscli.output.explain import explanation, explanation_rows

BYBIT = find_dialect("bybit", "spot-v3")
KLINE = (
    '{"topic":"kline.5m.BTCUSDT","data":{"t":1700000100000,"s":"BTCUSDT",'
    '"o":"36490","c":"36500.20","h":"36510","l":"36488.8","v":"3.4021","new":"\\u001b[2J"}}'
)


def message_of(text: str) -> ReceivedMessage:
    try:
        payload = parsed(text)
    except ValueError:
        payload = text
    return ReceivedMessage(BYBIT.codec.decode(payload, State()), text, 0, 1)


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(explain).failed == 0


EXPLAINED = [
    (
        '{"topic":"trade.BTCUSDT","data":{"v":"1","t":1700000100000,"p":"36500.2","q":"1","m":true}}',  # m is what `side` is made of
        [
            "snapshot trade BTCUSDT (subscribed as: trade BTCUSDT)",
            "side      buy                                       side of the taker",
            "price     36500.2                   quote per base",
            "size      1                         base",
            "trade_id  1                                         one counter for all symbols",
            "time      2023-11-14T22:15:00.000Z",
        ],
    ),
    (
        KLINE,
        [
            "snapshot kline BTCUSDT (subscribed as: kline BTCUSDT interval=5m)",
            "time    2023-11-14T22:15:00.000Z                  start of the candle",
            "open    36490                     quote per base",
            "high    36510                     quote per base",
            "low     36488.8                   quote per base",
            "close   36500.20                  quote per base",
            "volume  3.4021                    base",
            "new     \\u001b[2J",
        ],
    ),
    (
        '{"type":"error","ret_code":"10003","ret_msg":"Invalid apikey"}',
        [
            "error",
            "code     10003",
            "meaning  unknown API key, or one of another environment",
            "reason   Invalid apikey",
        ],
    ),
    ('{"type":"error","ret_code":1,"ret_msg":"new"}', ["error", "code    1", "reason  new"]),
    ('{"op":"pong"}', ["pong"]),
    (
        '{"hello":["world",{}]}',
        ["unknown", "not in the catalogue", "{", '  "hello": [', '    "world",', "    {}", "  ]", "}"],
    ),
    ("hi\x07", ["unknown", "not in the catalogue", "hi\\u0007"]),
    (
        '{"topic":"trade.BTCUSDT","data":7e1}',
        [
            "snapshot trade BTCUSDT (subscribed as: trade BTCUSDT)",
            "not in the catalogue",
            '{"topic": "trade.BTCUSDT", "data": 7e1}',
        ],
    ),
    (
        '{"topic":"order","data":7}',
        ["snapshot order (subscribed as: order)", "not in the catalogue", '{"topic": "order", "data": 7}'],
    ),
]


@pytest.mark.parametrize(("text", "lines"), EXPLAINED)
def test_a_message_is_explained_line_by_line(text: str, lines: list[str]) -> None:
    assert explanation(BYBIT, message_of(text)) == "".join(line + "\n" for line in lines)


def book(bids: int, asks: int) -> ReceivedMessage:
    sides = {"b": [[f"1.{at}", "1"] for at in range(bids)], "a": [[f"2.{at}", "1"] for at in range(asks)]}
    return message_of(json.dumps({"topic": "orderbook.40.BTCUSDT", "data": {"t": 1700000002103, **sides}}))


BOOKS = [
    # bids, asks, levels shown, the last line
    (1, 1, ["1.0", "2.0"], None),
    (40, 40, ["1.0", "1.1", "1.2", "1.3", "1.4", "2.0", "2.1", "2.2", "2.3", "2.4"], "… 70 more levels"),
    (11, 0, [f"1.{at}" for at in range(10)], "… 1 more level"),
    (10, 0, [f"1.{at}" for at in range(10)], None),
]


@pytest.mark.parametrize(("bids", "asks", "prices", "last"), BOOKS)
def test_a_book_shows_its_best_levels_and_counts_the_rest(
    bids: int, asks: int, prices: list[str], last: str | None
) -> None:
    lines = explanation(BYBIT, book(bids, asks)).splitlines()

    assert [line.split()[1] for line in lines if line.startswith("price")] == prices
    assert ("" in lines) is (len(prices) > 1)
    assert (lines[-1] == last) if last else lines[-1].startswith("time")


ROWS = [
    ('{"op":"pong"}', [{"kind": "pong"}]),
    (
        '{"type":"error","ret_code":10003,"ret_msg":"no"}',
        [
            {
                "kind": "error",
                "code": "10003",
                "reason": "no",
                "meaning": "unknown API key, or one of another environment",
            }
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_an_event_without_rows_is_one_object_without_nulls(text: str, expected: list[dict[str, Any]]) -> None:
    assert explanation_rows(BYBIT, message_of(text).event) == expected


def test_an_event_with_rows_gives_them() -> None:
    assert [row["side"] for row in explanation_rows(BYBIT, book(2, 1).event)] == ["bid", "bid", "ask"]


def test_blocks_of_one_message_are_set_apart() -> None:
    lines = explanation(BYBIT, book(2, 0)).splitlines()

    assert [after.split()[0] for before, after in pairwise(lines) if before == ""] == ["side"]


@given(st.text(st.characters(codec=None) | st.sampled_from("\x1b\x07\r\n\x9b\u202e")))
def test_nothing_received_can_steer_the_terminal(text: str) -> None:
    inside = json.dumps({"topic": f"trade.{text}", "data": {"p": text, text: text}}, ensure_ascii=False)
    event = Event(Kind.ERROR, text, text, (text,), reason=text, code=text)

    for received in (message_of(inside), ReceivedMessage(event, text, 0, 1), message_of(text)):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", explanation(BYBIT, received))
