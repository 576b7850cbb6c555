"""What --query found, as a format shows it."""

from __future__ import annotations

import pytest

from wscli.core.jsontext import parsed
from wscli.output.formats import make_format

LONG = ["a" * 100, "b" * 100, "c" * 100]  # five rows of a screen that is wide enough, eight of one of 80 columns
ON_ONE_LINE = "[" + ", ".join(['"0123456789"'] * 6) + "]"  # 84 characters
SHOWN = [
    # format    value                width  shown
    ("json",    '{"p": 36500.10}',   80,    '{"p":36500.10}\n'),
    ("json",    "[1, 2]",            80,    "[1,2]\n"),
    ("raw",     '"a b"',             80,    "a b\n"),
    ("raw",     "1.10",              80,    "1.10\n"),
    ("pretty",  '{"p": 36500.10}',   80,    '{"p": 36500.10}\n'),
    ("pretty",  ON_ONE_LINE,         120,   ON_ONE_LINE + "\n"),
    ("pretty",  ON_ONE_LINE,         80,    "[\n  " + ",\n  ".join(['"0123456789"'] * 6) + "\n]\n"),
]  # fmt: skip


@pytest.mark.parametrize(("format", "value", "width", "shown"), SHOWN)
def test_a_query_result_is_shown_in_the_format(format: str, value: str, width: int, shown: str) -> None:
    assert make_format(format, width=width).show_value(parsed(value)) == shown


def test_a_query_result_is_laid_out_for_the_width_of_the_terminal() -> None:
    wide = make_format("pretty", width=120, max_rows=5).show_value(LONG)

    assert wide == "[\n" + ",\n".join(f'  "{text}"' for text in LONG) + "\n]\n"
    narrow = make_format("pretty", width=80, max_rows=5).show_value(LONG)
    assert "more lines" in narrow
    assert make_format("pretty", width=0, max_rows=5).show_value(LONG) == narrow
