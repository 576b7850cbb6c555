"""Markdown as lines for a terminal: a table of pages and what is shown."""

from __future__ import annotations

import re

import pytest

from wscli.core.tables.text_width import display_width
from wscli.help.pages import TOPICS, topic_text
from wscli.help.rendering import column_widths, filled, rendered, table_lines, words_of
from wscli.output.colors.palette import DEFAULT_PALETTE, PLAIN

RENDERED = [
    # the page                                   width  the lines
    ("# Title\n\nOne\ntwo.\n",                   80,    ["Title", "", "  One two."]),
    ("one two three\n",                          10,    ["  one two", "  three"]),
    ("one two three\n",                          9,     ["  one two", "  three"]),
    ("a `code span` b\n",                        80,    ["  a `code span` b"]),
    ("**Strong**, [a site](https://x.example).", 80,    ["  Strong, a site (https://x.example)."]),
    ("- one two three\n- four\n",                10,    ["  - one", "    two", "    three", "  - four"]),
    ("1. one two\n2. three\n",                   10,    ["  1. one", "     two", "  2. three"]),
    ("```console\n$ wscli\n\nout  put\n```\n",   10,    ["    $ wscli", "", "    out  put"]),
    ("text\n```text\ncode\n```\nmore\n",         80,    ["  text", "", "    code", "", "  more"]),
    ("<!-- a\nremark -->\ntext\n",               80,    ["  text"]),
    ("| a | b |\n|---|---|\n| `x\\|y` | z |\n",  80,    ["  a      b", "  `x|y`  z"]),
    ("| aaaaaa | b |\n|---|---|\n| a | bbbbbb |\n", 10, ["  aaaaaa  b", "  a       bbbbbb"]),
    ("| a | b |\n|---|---|\n| x | one two three four |\n", 16, ["  a  b", "  x  one two", "     three four"]),
    ("| a | b |\n|---|---|\n| one two three | x |\n",      10, ["  a      b", "  one    x", "  two", "  three"]),
    ("| `a` | b |\n|---|---|\n|  | y |\n",  80,    ["  `a`  b", "       y"]),
    ("```\none two three\n```\n",             10,    ["    one two three"]),
    ("12. one two three\n",                   13,    ["  12. one two", "      three"]),
    ("## Keys\n\n# Title of many words\n",   10,    ["Keys", "", "Title of many words"]),
    ("one\n\ntwo\n",                          80,    ["  one", "", "  two"]),
    (f"{'a' * 76} b\n",                       200,   [f"  {'a' * 76} b"]),
    (f"{'a' * 77} b\n",                       200,   [f"  {'a' * 77}", "  b"]),
    (f"{'a' * 77} b\n",                       79,    [f"  {'a' * 77}", "  b"]),
]  # fmt: skip


@pytest.mark.parametrize(("page", "width", "lines"), RENDERED)
def test_a_page_is_rendered_as_lines(page: str, width: int, lines: list[str]) -> None:
    assert rendered(page, PLAIN, width).splitlines() == lines


def test_headings_code_and_strong_words_are_coloured_and_take_the_room_they_take_without_colours() -> None:
    shown = rendered(
        "# Title\n\nThe `code` is **here**.\n\n```console\n$ wscli \\\n    --help\nout\n```\n", DEFAULT_PALETTE
    )

    assert shown.splitlines() == [
        "\x1b[1mTitle\x1b[0m",
        "",
        "  The \x1b[36mcode\x1b[0m is \x1b[1mhere\x1b[0m.",
        "",
        "    \x1b[36m$ wscli \\\x1b[0m",
        "    \x1b[36m    --help\x1b[0m",
        "    out",
    ]


def test_a_page_ends_with_one_newline() -> None:
    assert rendered("# Title\n\ntext\n\n\n", PLAIN) == "Title\n\n  text\n"


WORDS = [
    # a text                      its words; with colours, without them
    ("one  two\nthree",           ["one", "two", "three"],          ["one", "two", "three"]),
    ("`a b`, c",                  ["a", "b,", "c"],                 ["`a", "b`,", "c"]),
    ("(`a`)**b** c",              ["(a)b", "c"],                    ["(`a`)b", "c"]),
    ("a `b` c",                   ["a", "b", "c"],                  ["a", "`b`", "c"]),
    (" a ",                       ["a"],                            ["a"]),
    ("",                          [],                               []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "coloured", "plain"), WORDS)
def test_spans_without_a_space_between_are_one_word(text: str, coloured: list[str], plain: list[str]) -> None:
    assert [word.text for word in words_of(text, DEFAULT_PALETTE)] == coloured
    assert [word.text for word in words_of(text, PLAIN)] == plain
    assert [word.shown for word in words_of(text, PLAIN)] == plain


def test_a_word_of_several_spans_has_the_colours_of_each() -> None:
    (word,) = words_of("(`a`)**b**", DEFAULT_PALETTE)

    assert word.shown == "(\x1b[36ma\x1b[0m)\x1b[1mb\x1b[0m"


FILLED = [
    # a text                  width  the lines
    ("aa bb cc",              5,     ["aa bb", "cc"]),
    ("aa bb cc",              4,     ["aa", "bb", "cc"]),
    ("aa bb cc",              8,     ["aa bb cc"]),
    ("a longest b",           3,     ["a", "longest", "b"]),
    ("longest a b",           3,     ["longest", "a b"]),
    ("\u4f8b\u3048 b",        5,     ["\u4f8b\u3048", "b"]),  # two columns each
    ("\u4f8b\u3048 b",        6,     ["\u4f8b\u3048 b"]),
    ("",                      5,     []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "width", "lines"), FILLED)
def test_words_fill_lines_of_a_width(text: str, width: int, lines: list[str]) -> None:
    assert filled(words_of(text, PLAIN), width) == lines


WIDTHS = [
    # the widths of the cells      the longest words  width  the widths of the columns
    ([[4, 10], [6, 2]],            [4, 4],            18,    [6, 10]),
    ([[4, 10], [6, 2]],            [4, 4],            17,    [6, 9]),
    ([[4, 10], [6, 2]],            [4, 4],            12,    [5, 5]),
    ([[4, 10], [6, 2]],            [4, 8],            12,    [4, 8]),  # a word is not broken
    ([[4, 4], [4, 4]],             [1, 1],            9,     [3, 4]),
    ([[4, 4, 4]],                  [1, 1, 1],         16,    [4, 4, 4]),
    ([[4, 4, 4]],                  [1, 1, 4],         13,    [2, 3, 4]),
    ([[9]],                        [3],               9,     [9]),
    ([[9]],                        [3],               8,     [8]),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "longest_words", "width", "expected"), WIDTHS)
def test_the_widest_columns_are_narrowed_until_all_fit(
    cells: list[list[int]], longest_words: list[int], width: int, expected: list[int]
) -> None:
    assert column_widths(cells, longest_words, width) == expected


def test_the_heading_of_a_table_is_bold_unless_it_is_code() -> None:
    lines = [*table_lines([("a b", "`c`"), ("`x`", "**y** z")], DEFAULT_PALETTE, 80)]

    assert lines == [
        "\x1b[1ma\x1b[0m \x1b[1mb\x1b[0m  \x1b[36mc\x1b[0m",
        "\x1b[36mx\x1b[0m    \x1b[1my\x1b[0m z",
    ]


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("topic", TOPICS)
def test_a_page_fits_a_terminal(topic: str, width: int) -> None:
    for palette in (PLAIN, DEFAULT_PALETTE):
        lines = re.sub(r"\x1b\[[0-9;]*m", "", rendered(topic_text(topic), palette, width)).splitlines()

        assert [line for line in lines if display_width(line) > 80] == []
        assert "\x1b" not in "".join(lines)
