"""Help pages as roff: a table of Markdown and what man reads."""

from __future__ import annotations

import pytest

from wscli.help.roff import section, styled, tagged

SECTIONS = [
    # the page                              the lines
    ("# Order books\n\nText.\n",            [".SH ORDER BOOKS", ".PP", "Text."]),
    ("## Keys\n",                           [".SS Keys"]),
    ("One\ntwo `-o json`, **so**.\n",       [".PP", r"One two \fB\-o json\fR, \fBso\fR."]),
    ("- one\n- two\n  lines\n1. three\n",   [r".IP \(bu 2", "one", r".IP \(bu 2", "two lines", ".IP 1. 3", "three"]),
    ("```console\n$ a \\\n.b\n```\n",       [".PP", ".RS 2", ".nf", r"$ a \e", r"\&.b", ".fi", ".RE"]),
    ("| a | b |\n|---|---|\n| `x` | y |\n", [".TP", r"\fBx\fR", "y"]),
    ("| a | b | c |\n|---|---|---|\n| x | y | z |\n", [".TP", r"\fBx\fR", "b: y; c: z"]),
    ("| a | b |\n|---|---|\n| x | y |\n| `-z` | .w |\n", [".TP", r"\fBx\fR", "y", ".TP", r"\fB\-z\fR", r"\&.w"]),
    ("| a | b | c | d |\n|---|---|---|---|\n| x | y | `z` | w |\n", [".TP", r"\fBx\fR", r"b: y; c: \fBz\fR; d: w"]),
    ("<!-- remark -->\n`.x` begins.\n",     [".PP", r"\fB.x\fR begins."]),
    ("# A-b `c`\n",                         [r".SH A\-B `C`"]),
    ("### A-b\n",                           [r".SS A\-b"]),
    ("```\n\n'a\n\u2026-\n```\n",           [".PP", ".RS 2", ".nf", "", r"\&'a", r"\[u2026]\-", ".fi", ".RE"]),
    ("10. one\n",                           [".IP 10. 3", "one"]),
    ("One.\n\nTwo.\n",                     [".PP", "One.", ".PP", "Two."]),
]  # fmt: skip


@pytest.mark.parametrize(("page", "lines"), SECTIONS)
def test_a_page_is_a_section(page: str, lines: list[str]) -> None:
    assert section(page).splitlines() == lines


TEXTS = [
    # the text      what roff reads
    ("a-b",         r"a\-b"),
    (r"\n",         r"\en"),
    ("…, –",        r"\[u2026], \[u2013]"),
    (".x",          r"\&.x"),
    ("'x'",         r"\&'x'"),
    ("two\nlines",  "two lines"),
    ("  two  ",     "two"),
    ("a.b 'c",      "a.b 'c"),
    ("`a-b` \u00e9", r"\fBa\-b\fR \[u00E9]"),
    ("\x7f~",       "\x7f~"),
    ("\U0001f600",  r"\[u1F600]"),
    ("[a](b)",      "a (b)"),
    ("",            ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "roff"), TEXTS)
def test_the_characters_of_a_text_mean_themselves(text: str, roff: str) -> None:
    assert styled(text) == roff


def test_a_term_is_bold_whatever_it_is() -> None:
    assert [*tagged("`-n` N", "Stop after N.")] == [".TP", r"\fB\-n N\fR", "Stop after N."]
