"""The line in colours, as a table: what is typed, and what its words are. `wrong` is what is underlined."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.prompt_context import LINES, VENUES, knows, seed
from wscli.exchanges import find_dialect, titles
from wscli.repl.syntax.highlighter import highlights

MARKED = [
    # what is typed                        its marks
    ("subscribe trade BTCUSDT ",           "command:subscribe channel:trade symbol:BTCUSDT"),
    ("subscribe trade.BTCUSDT ",           "command:subscribe channel:trade. symbol:BTCUSDT"),
    ("subscribe kline BTCUSDT interval=1m ", "command:subscribe channel:kline symbol:BTCUSDT parameter:interval= number:1m"),
    ("subscribe kline BTCUSDT interval=7m ", "command:subscribe channel:kline symbol:BTCUSDT wrong:interval=7m"),
    ("subscribe kline.7m.BTCUSDT ",        "command:subscribe wrong:7m symbol:BTCUSDT"),
    ("subscribe trade BTCUSDT,ethusdt ",   "command:subscribe channel:trade symbol:BTCUSDT wrong:ethusdt"),
    ("subscribe nonsense BTCUSDT ",        "command:subscribe wrong:nonsense symbol:BTCUSDT"),
    ("subscribe order BTCUSDT ",           "command:subscribe channel:order wrong:BTCUSDT"),
    ("book BTCUSDT --depth 5 ",            "command:book symbol:BTCUSDT flag:--depth number:5"),
    ("book orderbook BTCUSDT ",            "command:book channel:orderbook symbol:BTCUSDT"),
    ("book trade BTCUSDT ",                "command:book wrong:trade symbol:BTCUSDT"),
    ("book BTCUSDT ETHUSDT ",              "command:book symbol:BTCUSDT wrong:ETHUSDT"),
    ("book BTC",                           "command:book symbol:BTC"),
    ("book -x",                            "command:book wrong:-x"),
    ("book --depth",                       "command:book flag:--depth"),
    ("book |",                             "command:book operator:|"),
    ("bybit trade BTCUSDT ",               "exchange:bybit channel:trade symbol:BTCUSDT"),
    ("whitebit query time ",               "exchange:whitebit command:query channel:time"),
    ("subscribe trade -o rows ",           "command:subscribe channel:trade flag:-o value:rows"),
    ("subscribe trade -o rose ",           "command:subscribe channel:trade flag:-o wrong:rose"),
    ("subscribe trade --output=rose ",     "command:subscribe channel:trade wrong:--output=rose"),
    ("subscribe trade --nonsense ",        "command:subscribe channel:trade wrong:--nonsense"),
    ("status --where price>5 ",            "command:status wrong:--where parameter:price operator:> number:5"),
    ("status -o json ",                    "command:status flag:-o value:json"),
    ("bybit trade --sim ",                 "exchange:bybit channel:trade flag:--sim"),
    ("subscribe trade --where price>5 ",   "command:subscribe channel:trade flag:--where parameter:price operator:> number:5"),
    ("subscribe trade --where 'price > 5' ", "command:subscribe channel:trade flag:--where parameter:price operator:> number:5"),
    ("subscribe trade --where price ",     "command:subscribe channel:trade flag:--where wrong:price"),
    ("subscribe trade | jq .data.p",       "command:subscribe channel:trade operator:| string:jq .data.p"),
    ("subscribe trade > a.jsonl",          "command:subscribe channel:trade operator:> string:a.jsonl"),
    ("where status ~ ^(NEW|FILLED)$ ",     "command:where parameter:status operator:~ value:^(NEW|FILLED)$"),
    ("wait-for price>5 --wait 5s ",        "command:wait-for parameter:price operator:> number:5 flag:--wait number:5s"),
    ("where not (price>5 or side in (buy)) ", "command:where operator:not punctuation:( parameter:price operator:> number:5 operator:or "
     "parameter:side operator:in punctuation:( value:buy punctuation:) punctuation:)"),
    ("where price>5 side=buy ",           "command:where parameter:price operator:> wrong:side"),
    ("where price>abc and size=1 ",       "command:where parameter:price operator:> wrong:abc operator:and parameter:size operator:= number:1"),
    ("where side = SELL ",                "command:where parameter:side operator:= wrong:SELL"),
    ("where status ~ ( ",                  "command:where wrong:status ~ ("),
    ("grep BTC|ETH ",                      "command:grep string:BTC|ETH"),
    ("send {\"op\": \"ping\"} ",           "command:send punctuation:{ key:\"op\" punctuation:: string:\"ping\" punctuation:}"),
    ("send '[1,-2.5e3,null]' ",             "command:send string:' punctuation:[ number:1 punctuation:, number:-2.5e3 punctuation:, constant:null punctuation:] string:'"),
    ("send - ",                            "command:send string:-"),
    ("send {\"op\" \"ping\"} ",            "command:send wrong:{\"op\" \"ping\"}"),
    ("explain [true] trade BTCUSDT ",      "command:explain punctuation:[ constant:true punctuation:] channel:trade symbol:BTCUSDT"),
    ("use bybit ",                         "command:use exchange:bybit"),
    ("use krakn ",                         "command:use wrong:krakn"),
    ("connect wss://localhost:1/ ",        "command:connect string:wss://localhost:1/"),
    ("set color always ",                  "command:set parameter:color value:always"),
    ("output rose ",                       "command:output wrong:rose"),
    ("nonsense ",                          "wrong:nonsense"),
    ("status # here",                      "command:status comment:# here"),
    # what is still being typed is not wrong while it can become right
    ("nonse",                              "wrong:nonse"),
    ("subs",                               "command:subs"),
    ("subscribe tra",                      "command:subscribe symbol:tra"),
    ("subscribe trade btc",                "command:subscribe channel:trade symbol:btc"),
    ("subscribe trade NEWC",               "command:subscribe channel:trade symbol:NEWC"),
    ("subscribe trade N$",                 "command:subscribe channel:trade wrong:N$"),
    ("subscribe kline BTCUSDT inter",      "command:subscribe channel:kline symbol:BTCUSDT symbol:inter"),
    ("subscribe kline BTCUSDT interval=",  "command:subscribe channel:kline symbol:BTCUSDT parameter:interval="),
    ("subscribe kline BTCUSDT interval=7", "command:subscribe channel:kline symbol:BTCUSDT wrong:interval=7"),
    ("subscribe trade -o ro",              "command:subscribe channel:trade flag:-o value:ro"),
    ("where pri",                          "command:where parameter:pri"),
    ("send {\"op\": ",                     "command:send punctuation:{ key:\"op\" punctuation::"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "marks"), MARKED, ids=[text for text, _ in MARKED])
def test_a_line_is_marked(text: str, marks: str) -> None:
    assert " ".join(f"{m.style_class}:{text[m.start : m.end]}" for m in highlights(text, knows("bybit"))) == marks


def test_without_an_exchange_the_first_word_is_the_channel() -> None:
    marks = highlights("subscribe trade,kline BTCUSDT interval=1m", knows(None))

    assert [m.style_class for m in marks] == ["command", "channel", "symbol", "symbol", "parameter", "number"]


def test_a_word_is_wrong_once_the_cursor_has_left_it() -> None:
    text = "subscribe tra BTCUSDT"

    assert not [m for m in highlights(text, knows(), 13) if m.style_class == "wrong"]
    assert [text[m.start : m.end] for m in highlights(text, knows(), 21) if m.style_class == "wrong"] == ["tra"]


@pytest.mark.parametrize("exchange", titles())
def test_nothing_is_wrong_in_the_examples_of_the_catalogue(exchange: str) -> None:
    dialect = seed(exchange)
    lines = [f"subscribe {c.example} " for c in dialect.facts.channels] + [
        f"query {q.example} " for q in dialect.facts.queries
    ]

    assert [line for line in lines if any(m.style_class == "wrong" for m in highlights(line, knows(exchange)))] == []


@settings(deadline=None, max_examples=300)
@given(LINES, VENUES, st.integers(0, 40))
def test_marks_stay_inside_the_line_and_apart(line: str, exchange: str | None, cursor: int) -> None:
    marks = highlights(line, knows(exchange), min(cursor, len(line)))

    assert all(0 <= one.start < one.end <= len(line) for one in marks)
    assert all(one.end <= other.start for one, other in pairwise(marks))


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("subscribe trade.BTCUSDT", ""),  # retired: translated
        ("bybit trade.BTCUSDT", ""),
        ("subscribe trade.BTCUSDT publicTrade.ETHUSDT", ""),
        ("subscribe kline BTCUSDT interval=1m", ""),
        ("book orderbook.40.BTCUSDT", ""),
        ("explain {} trade.BTCUSDT", ""),
        ("subscribe stopOrder", "stopOrder"),
        ("subscribe trade.btcusdt ", "btcusdt"),
        ("bitfinex --api v1 subscribe trades BTCUSD", ""),
        ("bitfinex subscribe trades BTCUSD ", "BTCUSD"),
        ("bitfinex --api v1 subscribe trades tBTCUSD ", "tBTCUSD"),
    ],
)
def test_what_the_api_in_use_understands_is_not_wrong(line: str, wrong: str) -> None:
    known = knows(dialect=find_dialect("bybit"), dialect_of=find_dialect)
    wrong_words = [line[m.start : m.end] for m in highlights(line, known) if m.style_class == "wrong"]

    assert wrong_words == ([wrong] if wrong else [])
