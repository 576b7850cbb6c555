"""The caret under the word that is wrong, as a table: a line, and the part of it that is pointed at."""

from __future__ import annotations

import pytest

from tests.support.prompt_context import knows
from wscli.commands.parser import parse
from wscli.core.errors import UsageError
from wscli.output.conditions.grammar import parse_condition
from wscli.repl.syntax.error_span import error_span
from wscli.repl.syntax.lexer import lex, parse_line

POINTED = [
    # what is typed                                the word
    ("subscribe nonsense BTCUSDT",                 "nonsense"),
    ("subscribe BTCUSDT",                          "BTCUSDT"),
    ("subscribe trade btcusdt",                    "btcusdt"),
    ("subscribe trade BTCUSDT,eth",                "eth"),
    ("subscribe trade.btcusdt",                    "btcusdt"),
    ("subscribe kline BTCUSDT interval=7m",        "interval=7m"),
    ("subscribe kline BTCUSDT 'interval=7m'",      "'interval=7m'"),
    ("subscribe kline.7m.BTCUSDT",                 "7m"),
    ("subscribe kline BTCUSDT intervall=1m",       "intervall=1m"),
    ("subscribe kline BTCUSDT interval=1m interval=3m", "interval=3m"),
    ("subscribe order BTCUSDT",                    "BTCUSDT"),
    ("subscribe kline BTCUSDT",                    None),
    ("subscribe",                                  None),
    ("whitebit subscribe candles BTC_USDT ETH_USDT interval=60", "ETH_USDT"),
    ("whitebit query time depth",                  "depth"),
    ("ping now",                                   "now"),
    ("where price >",                              ">"),
    ("where price > 1 side = buy",                 "side"),
    ("where price ~ (",                            "("),
    ("where 'price >> 5'",                         ">>"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "word"), POINTED, ids=[line for line, _ in POINTED])
def test_the_caret_points_at(line: str, word: str | None) -> None:
    parsed = parse_line(lex(line).tokens, knows("bybit"))
    assert parsed.dialect is not None
    texts = [w.text for w in parsed.arguments]

    with pytest.raises(UsageError) as refused:
        if parsed.command == "where":
            parse_condition(" ".join(texts))
        parse(parsed.dialect, parsed.command or "", texts)
    span = error_span(line, refused.value)

    assert (line[slice(*span)] if span else None) == word


NAMED = [
    # what is typed              the word of the error     where it stands
    ("alias a=b c",              "a=b",                    (6, 9)),
    ("subscribe kline 'i'=7m",   "interval=7m",            (20, 22)),
    ("subscribe kline (7m)",     "interval=",              None),
    ("subscribe kline (7m)",     "interval",               None),
    ("subscribe kline a,b,c",    "b",                      (18, 19)),
    ("subscribe kline a b c",    "kline a b c",            (10, 21)),
    ("subscribe kline a b c",    "a b c",                  (16, 21)),
    ("subscribe kline a b c",    "b c",                    (18, 21)),
    ("subscribe kline a b c",    "d",                      None),
]  # fmt: skip


@pytest.mark.parametrize(("line", "word", "span"), NAMED)
def test_the_word_that_an_error_names_is_found_or_else_its_value(
    line: str, word: str, span: tuple[int, int] | None
) -> None:
    assert error_span(line, UsageError("no", word=word)) == span


@pytest.mark.parametrize("quote", ["'", '"'])
def test_what_a_message_quotes_is_found_in_the_order_of_the_message(quote: str) -> None:
    error = UsageError(f"neither {quote}zz{quote} nor {quote}two{quote} nor {quote}one{quote}")

    assert error_span("one two", error) == (4, 7)
