"""Markdown as lines for a terminal: a table of pages and what is shown."""

from __future__ import annotations

import re

import pytest

from wscli.help.pages import TOPICS, topic_text
from wscli.help.rendering import rendered
from wscli.output.colors.palette import DEFAULT_PALETTE, PLAIN
from wscli.output.text_width import display_width

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


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("topic", TOPICS)
def test_a_page_fits_a_terminal(topic: str, width: int) -> None:
    for palette in (PLAIN, DEFAULT_PALETTE):
        lines = re.sub(r"\x1b\[[0-9;]*m", "", rendered(topic_text(topic), palette, width)).splitlines()

        assert [line for line in lines if display_width(line) > 80] == []
        assert "\x1b" not in "".join(lines)
