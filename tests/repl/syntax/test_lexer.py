"""The line as words: what the shell would make of it, and the few places where the prompt spares a quote."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.prompt_context import LINES, VENUES, knows
from wscli.repl.syntax.lexer import lex, parse_line

SPLIT = [
    # what is typed                      its words                                   its tail
    ("",                                 [],                                         None),
    ("subscribe  trade BTCUSDT ",        ["subscribe", "trade", "BTCUSDT"],          None),
    ("a 'b c' \"d e\" f\\ g",            ["a", "b c", "d e", "f g"],                 None),
    ("a 'b c",                           ["a", "b c"],                               None),
    ("a b'c d'e",                        ["a", "bc de"],                             None),
    (r'a "b\"c\d"',                      ["a", r'b"c\d'],                            None),
    ("subscribe trade | jq '.data | .p'", ["subscribe", "trade"],                    ("|", "jq '.data | .p'")),
    ("subscribe trade > a.jsonl ",       ["subscribe", "trade"],                     (">", "a.jsonl")),
    ("subscribe trade >> a.jsonl",       ["subscribe", "trade"],                     (">>", "a.jsonl")),
    ("subscribe trade |",                ["subscribe", "trade"],                     ("|", "")),
    ("subscribe trade --where price>5",  ["subscribe", "trade", "--where", "price>5"], None),
    ("where price > 5",                  ["where", "price", ">", "5"],               None),
    ("bybit where price > 5",            ["bybit", "where", "price", ">", "5"],      None),
    ("grep BTC|ETH",                     ["grep", "BTC|ETH"],                        None),
    ('send {"op": "a b", "x": [1, 2]}',  ["send", '{"op": "a b", "x": [1, 2]}'],     None),
    ('send {"a": "}"} | jq .',           ["send", '{"a": "}"}'],                     ("|", "jq .")),
    ("send '{\"op\": \"ping\"}'",        ["send", '{"op": "ping"}'],                 None),
    ('explain [1, "b c"] trade',         ["explain", '[1, "b c"]', "trade"],         None),
    ("status # and more",                ["status"],                                 None),
    ("a#b",                              ["a#b"],                                    None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "tail"), SPLIT, ids=[text for text, *_ in SPLIT])
def test_a_line_in_words(text: str, words: list[str], tail: tuple[str, str] | None) -> None:
    line = lex(text)

    assert [word.text for word in line.tokens] == words
    assert (line.redirect and (line.redirect.op, line.redirect.target)) == tail


UNFINISHED = ["send {", 'send {"a": [1, ', 'send {"a', "a 'b", 'a "b', 'a "b\\"', "[["]


@pytest.mark.parametrize("text", UNFINISHED)
def test_a_line_that_goes_on(text: str) -> None:
    assert lex(text).unfinished


@pytest.mark.parametrize("text", ["send {}", 'send {"a": "{"}', "a 'b'"])
def test_a_line_that_is_complete(text: str) -> None:
    assert not lex(text).unfinished


@given(st.lists(st.text(max_size=12), max_size=5))
def test_what_is_quoted_for_the_shell_is_one_word_here(words: list[str]) -> None:
    line = lex(" ".join(shlex.quote(word) for word in words))

    assert [word.text for word in line.tokens] == words


@given(LINES, VENUES)
def test_words_stand_where_they_say(text: str, exchange: str | None) -> None:
    line = lex(text)
    parsed = parse_line(line.tokens_to_cursor(), knows(exchange))

    assert [part.token for part in parsed.parts] == [*line.tokens_to_cursor()]
    at = 0
    for word in line.tokens:
        assert at <= word.start < word.end <= len(text)
        assert not word.is_unquoted or text[word.start : word.end] == word.text
        at = word.end


SHORT = [
    # what is typed                        the verb        its words
    ("sub trade BTCUSDT",                  "subscribe",    ["trade", "BTCUSDT"]),
    ("bybit sub trade BTCUSDT",            "subscribe",    ["trade", "BTCUSDT"]),
    ("unsub trade",                        "unsubscribe",  ["trade"]),
    ("? filters",                          "help",         ["filters"]),
    ("q",                                  "quit",         []),
    ("\\q",                                "quit",         []),
    ("!ls -l | wc # all",                  "!",            ["ls -l | wc # all"]),
    ("! --version",                        "!",            ["--version"]),
    ("!",                                  "!",            []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "verb", "words"), SHORT)
def test_a_short_name_is_that_of_its_verb(text: str, verb: str, words: list[str]) -> None:
    line = lex(text)
    parsed = parse_line(line.tokens, knows())

    assert (parsed.command, [word.text for word in parsed.arguments]) == (verb, words)
    assert parsed.spec is not None
    assert (line.redirect, line.comment_start) == (None, None)


CONDITIONS = [
    # a line                                        its condition
    ("where side = buy",                            "side = buy"),
    ("where 'side = buy'",                          "side = buy"),
    ("bybit where side   =   buy --wait 5s",        "side = buy"),
    ("where reason = 'a and b=c' and x=1",          "reason = 'a and b=c' and x=1"),
    ("where reason='a and b=c'",                    "reason='a and b=c'"),
    ('where reason = "it\'s" and x=1',              'reason = "it\'s" and x=1'),
    ("where (x in ('a b', c) or y=1)",              "(x in ('a b', c) or y=1)"),
    (r"where x ~ \\(",                              r"x ~ \("),
    ("where x ~ '\\('",                             "x ~ '\\('"),
    ("where x~'a b'c",                              "x~a bc"),
    ("where",                                       ""),
]  # fmt: skip


@pytest.mark.parametrize(("line", "condition"), CONDITIONS)
def test_quotes_around_a_value_belong_to_the_condition_and_others_to_the_line(line: str, condition: str) -> None:
    assert parse_line(lex(line).tokens, knows("bybit")).condition(line) == condition


APIS = [
    # the line                                     the API that is meant
    ("bybit --api v5 trade",                  "v5"),
    ("bybit trade --api v5",                  "v5"),
    ("bybit --api nothing trade",                  "spot-v3"),
    ("subscribe trade --api v5",              "spot-v3"),
    ("bybit --profile v5 trade",              "spot-v3"),
    ("--api v5 bybit trade",                  "spot-v3"),
    ("bybit trade",                                "spot-v3"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "api"), APIS)
def test_an_api_that_a_line_names_is_that_of_the_exchange_that_it_names(line: str, api: str) -> None:
    parsed = parse_line(lex(line).tokens, knows("bybit"))

    assert parsed.dialect is not None
    assert parsed.dialect.api.name == api
