"""What is wrong in a typed command: where the cursor is decides whether it may still become valid."""

from __future__ import annotations

import pytest

from tests.support.prompt_context import knows
from wscli.core.record import replace
from wscli.exchanges import find_dialect
from wscli.repl.syntax.lexer import lex, parse_line
from wscli.repl.syntax.validator import MAX_CHECKED_JSON, invalid_spans


def wrong(text: str, cursor: int, exchange: str | None = "bybit", **more: object) -> list[str]:
    context = replace(knows(exchange), **more)  # type: ignore[arg-type]
    return [
        text[start:end] for start, end in invalid_spans(text, parse_line(lex(text).tokens, context), context, cursor)
    ]


SPANS = [
    # a command                                 cursor   what is wrong
    ("subs trade",                              4,       []),  # it may become subscribe
    ("subs trade",                              10,      ["subs"]),
    ("subs",                                    -1,      ["subs"]),
    ("subscribe kline BTCUSDT interval=7",      34,      ["interval=7"]),
    ("subscribe kline BTCUSDT interval=1",      34,      []),
    ("subscribe kline BTCUSDT interval=1",      -1,      ["interval=1"]),
    ("subscribe trade BTC",                     19,      []),
    ("subscribe BTCU",                          14,      ["BTCU"]),  # a symbol, where a channel is due
    ("unsubscribe BTCU",                        16,      ["BTCU"]),
    ("book ZZZQ",                               9,       []),  # it has one channel; ZZZQUSDT would be one
    ("book ZZZQ",                               -1,      ["ZZZQ"]),
    ("book zzz",                                8,       ["zzz"]),
    ("subscribe tra -o ro",                     19,      ["tra"]),
    ("subscribe trade -o ro",                   21,      []),
    ("subscribe trade -o ro",                   -1,      ["ro"]),
    ("subscribe trade --where pri",             27,      []),
    ("subscribe trade --where pri",             -1,      ["pri"]),
    ("where price >",                           13,      []),
    ("where price >",                           -1,      [">"]),
    ('send {"op"',                              10,      []),
    ('send {"op"',                              -1,      ['{"op"']),
    ("send -",                                  -1,      []),
    ("set nothing on",                          -1,      ["nothing"]),
    ("run nosuch",                              -1,      ["nosuch"]),
    ("disconnect bitstamp",                     -1,      ["bitstamp"]),
    ("help order-books",                        -1,      []),
    ("? unsub",                                 -1,      []),
    ("explain 17",                              -1,      []),
    ("explain #17",                             -1,      []),
    ("!ls '(",                                  -1,      []),
    ("record off",                              -1,      []),
    ("bybit record day.jsonl",                  -1,      []),
    ("reconnect bybit",                         -1,      []),
    ("reconnect bitstamp",                      -1,      ["bitstamp"]),
    ("last 5 >! out.jsonl",                     -1,      []),
    ("set clobber maybe",                       -1,      []),  # refused where it is run
    ("help oder-books",                         -1,      ["oder-books"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "cursor", "expected"), SPANS)
def test_a_span_is_wrong_unless_it_is_being_typed(text: str, cursor: int, expected: list[str]) -> None:
    assert wrong(text, cursor) == expected


@pytest.mark.parametrize("text", ["run nosuch", "disconnect bitstamp", "help nosuch"])
def test_what_depends_on_the_state_is_not_judged_without_it(text: str) -> None:
    assert wrong(text, -1) != []
    assert wrong(text, -1, has_state=False) == []


def test_long_json_is_not_parsed_at_every_key() -> None:
    broken = "{" + '"' * MAX_CHECKED_JSON + "}"

    assert wrong(f"send {broken[:100]}}}", -1) != []
    assert wrong(f"send '{broken}'", -1) == []


BOOKS = [
    # the API in use        the line                    what is wrong
    (("bitfinex", None),    "book BTCUSD",              []),  # of the other API, which a book may have
    (("bitfinex", None),    "bitfinex book BTCUSD",     []),
    (("bitfinex", "v2"),    "book tBTCUSD prec=P0",     []),
    (("bitfinex", "v2"),    "book tBTCUSD prec=P9",     ["prec=P9"]),
    (("bitfinex", "v2"),    "book NOPE!",               ["NOPE!"]),
]  # fmt: skip


@pytest.mark.parametrize(("place", "line", "wrong"), BOOKS)
def test_a_book_may_be_of_another_api_than_the_one_in_use(
    place: tuple[str, str | None], line: str, wrong: list[str]
) -> None:
    dialect = find_dialect(*place)
    context = replace(knows("bitfinex"), dialect=dialect, dialect_of=find_dialect)
    spans = invalid_spans(line, parse_line(lex(line).tokens, context), context, -1)

    assert [line[start:end] for start, end in spans] == wrong
