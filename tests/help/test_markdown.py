"""The Markdown of the help pages, read: tables of a page and its blocks, a text and its spans, code and what is typed in it."""

from __future__ import annotations

import pytest

from wscli.help.markdown import Code, Heading, List, Paragraph, SpanKind, Table, blocks, is_command, spans

BLOCKS = [
    # the page                                 its blocks
    ("# One\n\n## Two parts\n\n### Three\n",   [Heading(1, "One"), Heading(2, "Two parts"), Heading(3, "Three")]),
    ("one\ntwo\n\nthree\n",                    [Paragraph("one\ntwo"), Paragraph("three")]),
    ("one\n\n\n\n",                            [Paragraph("one")]),
    ("no newline",                             [Paragraph("no newline")]),
    ("```\na\n\n  b\n```\n",                   [Code(("a", "", "  b"))]),
    ("```console\n$ a\n```\n",                 [Code(("$ a",))]),
    ("```\n```\n",                             [Code(())]),
    ("```\n# no heading\n| no | table |\n- no item\n```\n", [Code(("# no heading", "| no | table |", "- no item"))]),
    ("one\n```\na\n```\ntwo\n",                [Paragraph("one"), Code(("a",)), Paragraph("two")]),
    ("```\na\n```\n\n```\nb\n```\n",           [Code(("a",)), Code(("b",))]),
    ("a ``` b\n",                              [Paragraph("a ``` b")]),
    ("<!-- a -->\none\n",                      [Paragraph("one")]),
    ("one\n<!-- a\n\nb -->\ntwo\n",            [Paragraph("one"), Paragraph("two")]),
    ("- one\n  more\n- two\n",                 [List((("- ", "one\n  more"), ("- ", "two")))]),
    ("1. one\n12. two\n- three\n",             [List((("1. ", "one"), ("12. ", "two"), ("- ", "three")))]),
    ("- one - two\n",                          [List((("- ", "one - two"),))]),
    ("-one\n",                                 [Paragraph("-one")]),
    ("1.5 one\n",                              [Paragraph("1.5 one")]),
    ("one\n- two\n",                           [Paragraph("one\n- two")]),
    ("| a | b c |\n|---|:-:|\n| x |  |\n",     [Table((("a", "b c"), ("x", "")))]),
    ("| a |\n|---|\n| `x\\|y` |\n",            [Table((("a",), ("`x|y`",)))]),
    ("| - | a-b |\n|---|---|\n",               [Table((("-", "a-b"),))]),
    ("",                                       []),
]  # fmt: skip


@pytest.mark.parametrize(("page", "expected"), BLOCKS)
def test_a_page_has_its_blocks_in_order(page: str, expected: list[object]) -> None:
    assert [*blocks(page)] == expected


SPANS: list[tuple[str, list[tuple[str, SpanKind]]]] = [
    # the text                    its spans
    ("plain",                     [("plain", "plain")]),
    ("`a`",                       [("a", "code")]),
    ("`a``b`",                    [("a", "code"), ("b", "code")]),
    ("**a**",                     [("a", "strong")]),
    ("a **b\nc**, d",             [("a ", "plain"), ("b\nc", "strong"), (", d", "plain")]),
    ("**a** and **b**",           [("a", "strong"), (" and ", "plain"), ("b", "strong")]),
    ("`**a**`",                   [("**a**", "code")]),
    ("[a b](https://x/?y=1), c",  [("a b (https://x/?y=1)", "plain"), (", c", "plain")]),
    ("[a](b) [c](d)",             [("a (b)", "plain"), (" ", "plain"), ("c (d)", "plain")]),
    ("[a] (b)",                   [("[a] (b)", "plain")]),
    ("a*b, ** and ` alone",       [("a*b, ** and ` alone", "plain")]),
    ("",                          []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SPANS)
def test_a_text_has_its_spans_in_order(text: str, expected: list[tuple[str, SpanKind]]) -> None:
    assert [*spans(text)] == expected


TYPED = [
    # the lines                                     which of them are typed
    (("$ a", "out"),                                [True, False]),
    (("$ a \\", "  b |", "  c", "out"),             [True, True, True, False]),
    (("out \\", "out |", "out"),                    [False, False, False]),
    (("$a", " $ a", "$ a"),                         [False, False, True]),
    ((),                                            []),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), TYPED)
def test_what_a_dollar_begins_and_a_backslash_or_a_pipe_continues_is_typed(
    lines: tuple[str, ...], expected: list[bool]
) -> None:
    assert is_command(lines) == expected
