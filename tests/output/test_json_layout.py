"""JSON for a person: what stands on one line at which width, and how a long text is cut to the rows of a screen."""

from __future__ import annotations

import pytest

from wscli.output.json_layout import SHORT_MESSAGE, clipped_rows, indented_json

ONE_LINE = [
    # the text                         the width at which it just fits (with room for a comma)
    ("[1, 2]",                         7),
    ('["a", "b"]',                     11),
    ('{"a": 1}',                       9),
    ('{"a": 1, "b": "x"}',             19),
    ("[true, null, -1.50]",            20),
]  # fmt: skip


@pytest.mark.parametrize(("text", "width"), ONE_LINE)
def test_a_list_or_an_object_of_scalars_stays_on_one_line_where_it_fits(text: str, width: int) -> None:
    compact = text.replace(", ", ",").replace(": ", ":")

    for _ in range(3):  # a layout is kept from the second time on
        assert indented_json(compact, width=width) == text
        assert "\n" in indented_json(compact, width=width - 1)


def test_a_long_text_is_laid_out_as_a_short_one_is() -> None:
    short = '{"a":{"b":[[1,2],[3,4]],"c":[]},"d":"x"}'
    padding = f'"{"p" * SHORT_MESSAGE}"'
    long = f'{{"p":{padding},{short[1:]}'

    assert indented_json(long, width=40).replace(f'  "p": {padding},\n', "") == indented_json(short, width=40)


INSIDE = [
    # a list inside: its margin and its key count
    ('{"key":[1,2]}', 16, '{\n  "key": [1, 2]\n}'),
    ('{"key":[1,2]}', 15, '{\n  "key": [\n    1,\n    2\n  ]\n}'),
    ("[[1,2]]",       9,  "[\n  [1, 2]\n]"),
    ("[[1,2]]",       8,  "[\n  [\n    1,\n    2\n  ]\n]"),
    ('{"a":{},"b":[]}', 1, '{\n  "a": {},\n  "b": []\n}'),
    ('{"a":[1,[2]],"b":3}', 80, '{\n  "a": [\n    1,\n    [2]\n  ],\n  "b": 3\n}'),
    ("7",             80, "7"),
    ('"text"',        80, '"text"'),
    ("[]",            80, "[]"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "width", "laid_out"), INSIDE)
def test_what_holds_more_than_scalars_is_indented(text: str, width: int, laid_out: str) -> None:
    for _ in range(3):
        assert indented_json(text, width=width) == laid_out


def test_texts_of_one_shape_keep_their_own_contents() -> None:
    texts = [
        '{"s":"AB","n":[1.50,2]}',
        '{"s":"CD","n":[3.75,4]}',
        '{"s":"\\n","n":[0.10,9]}',
        '{"s":"EF","n":[1e10,2]}',
    ]

    for text in (*texts, *texts):
        assert indented_json(text).replace("\n", "").replace(" ", "") == text


CLIPPED = [
    # the text         width  rows   what is shown
    ("a\nb\nc",        10,    3,     "a\nb\nc"),
    ("a\nb\nc",        10,    2,     "a\nb\n… 1 more line (1 character)"),
    ("a\nb\nc\ndd",    10,    2,     "a\nb\n… 2 more lines (3 characters)"),
    ("a\nb",           10,    None,  "a\nb"),
    ("a" * 10,         10,    1,     "a" * 10),
    ("a" * 11,         10,    1,     "a" * 10 + "\n… 1 more line (1 character)"),
    ("a" * 20,         10,    2,     "a" * 20),
    ("a\n" + "b" * 20, 10,    2,     "a\n… 1 more line (20 characters)"),
    ("a\n" + "b" * 40, 10,    3,     "a\n" + "b" * 20 + "\n… 1 more line (20 characters)"),
    ("a\n\nb",         10,    3,     "a\n\nb"),
    ("a\n\nb",         10,    2,     "a\n\n… 1 more line (1 character)"),
    ("\x1b[31m" + "a" * 10 + "\x1b[0m\nb", 10, 2, "\x1b[31m" + "a" * 10 + "\x1b[0m\nb"),
    ("\x1b[31m" + "a" * 11 + "\x1b[0m\nb", 10, 2, "\x1b[31m" + "a" * 11 + "\x1b[0m\n… 1 more line (1 character)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "width", "rows", "shown"), CLIPPED)
def test_a_text_is_cut_to_the_rows_of_a_screen_and_the_rest_is_counted(
    text: str, width: int, rows: int | None, shown: str
) -> None:
    assert clipped_rows(text, width=width, max_rows=rows) == shown
