"""The command language as a lexer of Pygments: found by its name, every part by its token type, and no text lost."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pygments.lexers import get_lexer_by_name
from pygments.token import Error, Text, Whitespace

from wscli.output.colors.palette import DEFAULT_STYLES
from wscli.repl.syntax.pygments_lexer import WscliLexer
from wscli.repl.syntax.token_types import TOKEN_TYPES, StyleClass

SHORT = {
    "Keyword": "verb",
    "Name.Class": "exchange",
    "Name.Function": "channel",
    "Name.Constant": "symbol",
    "Name.Attribute": "parameter",
    "Literal.String.Symbol": "value",
    "Literal.Number": "number",
    "Name.Builtin": "flag",
    "Operator": "operator",
    "Literal.String": "string",
    "Name.Tag": "key",
    "Keyword.Constant": "constant",
    "Punctuation": "punctuation",
    "Comment.Single": "comment",
    "Error": "wrong",
}


def parts_of(text: str) -> str:
    """Return the parts of a script that are not white space, each as "type:text"."""
    return " ".join(
        f"{SHORT[str(token).removeprefix('Token.')]}:{part}"
        for _, token, part in WscliLexer().get_tokens_unprocessed(text)
        if token not in (Text, Whitespace)
    )


SCRIPTS = [
    # a script                                      its parts
    ("# morning",                                   "comment:# morning"),
    ("bybit subscribe kline BTCUSDT interval=1m",   "exchange:bybit verb:subscribe channel:kline symbol:BTCUSDT parameter:interval= number:1m"),
    ("bybit publicTrade.BTCUSDT",                   "exchange:bybit channel:publicTrade. symbol:BTCUSDT"),
    ("subscribe trade BTCUSDT -n 3",                "verb:subscribe channel:trade symbol:BTCUSDT flag:-n number:3"),
    ("status --output=rows",                          "verb:status flag:--output value:rows"),
    ("where price>36500 # high",                    "verb:where parameter:price operator:> number:36500 comment:# high"),
    ("use bybit\nsubscribe publicTrade BTCUSDT --where 'side = buy'", "verb:use exchange:bybit verb:subscribe channel:publicTrade symbol:BTCUSDT flag:--where parameter:side operator:= value:buy"),
    ("subscribe trade | jq .data",                  "verb:subscribe channel:trade operator:| string:jq .data"),
    ("subscribe trade >> all.jsonl",                "verb:subscribe channel:trade operator:>> string:all.jsonl"),
    ("connect 'wss://a b'",                         "verb:connect string:'wss://a b'"),
    ('send {"n":\n  [true, -1.50]}\nping',          'verb:send punctuation:{ key:"n" punctuation:: punctuation:[ constant:true punctuation:, number:-1.50 punctuation:]} verb:ping'),
    ("send '{\"op\":\"ping\"}'",                    "verb:send string:' punctuation:{ key:\"op\" punctuation:: string:\"ping\" punctuation:} string:'"),
    # what is wrong, whatever is open
    ("subscribes trade",                            "wrong:subscribes string:trade"),
    ("ping --nosuch",                               "verb:ping wrong:--nosuch"),
    ("output rose",                                 "verb:output wrong:rose"),
    # what depends on what is open, or on the exchange in use, is not judged
    ("run morning",                                 "verb:run string:morning"),
    ("disconnect bybit",                            "verb:disconnect exchange:bybit"),
    ("help trade",                                  "verb:help channel:trade"),
    ("subscribe nosuch btcusdt",                    "verb:subscribe channel:nosuch symbol:btcusdt"),
    # the exchange in use is the one that was opened last
    ("use bybit\nsubscribe nosuch BTCUSDT",         "verb:use exchange:bybit verb:subscribe wrong:nosuch symbol:BTCUSDT"),
    ("bybit ping\nsubscribe nosuch BTCUSDT",        "exchange:bybit verb:ping verb:subscribe wrong:nosuch symbol:BTCUSDT"),
    ("bybit channels\nsubscribe nosuch BTCUSDT",    "exchange:bybit verb:channels verb:subscribe channel:nosuch symbol:BTCUSDT"),
    ("use bybit\nconnect ws://localhost/\nsubscribe nosuch", "verb:use exchange:bybit verb:connect string:ws://localhost/ verb:subscribe channel:nosuch"),
    ("use bybit --api spot-v3\nsubscribe bookticker BTCUSDT", "verb:use exchange:bybit flag:--api value:spot-v3 verb:subscribe channel:bookticker symbol:BTCUSDT"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "parts"), SCRIPTS, ids=[text for text, _ in SCRIPTS])
def test_each_part_of_a_script_has_its_token_type(text: str, parts: str) -> None:
    assert parts_of(text) == parts


def test_pygments_finds_the_lexer_by_its_name() -> None:
    lexer = get_lexer_by_name("wscli", stripnl=False)
    text = "\nuse bybit\n\nsubscribe nosuch\n\n"
    tokens = [*lexer.get_tokens(text)]

    assert lexer.name == "wscli"
    assert "".join(part for _, part in tokens) == text
    assert (Error, "nosuch") in tokens


WORDS = st.sampled_from(
    ["use", "bybit", "subscribe", "trade", "BTCUSDT", "--where", "price>5", "'", '"', "{", "}", "[1,", "#", "|", ">", "\n", " ", "\\"]
)  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(st.one_of(st.text(), st.lists(WORDS, max_size=12).map(" ".join), st.lists(WORDS, max_size=12).map("".join)))
@example("--where '")
def test_no_text_is_lost_and_every_part_stands_where_it_says(text: str) -> None:
    position = 0
    for index, _, part in WscliLexer().get_tokens_unprocessed(text):
        assert (index, text[index : index + len(part)]) == (position, part)
        assert part
        position += len(part)

    assert position == len(text)


def test_every_part_of_the_language_has_a_colour_of_its_own_to_take() -> None:
    assert {*get_args(StyleClass)} == {*TOKEN_TYPES}
    assert {*TOKEN_TYPES.values()} <= {*DEFAULT_STYLES}
