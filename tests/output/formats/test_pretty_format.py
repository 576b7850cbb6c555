"""`pretty`: headings and their colours, and what --query found, as a format shows it."""

from __future__ import annotations

import pytest

from wscli.core.jsontext import parsed
from wscli.core.messages import Event, Kind, ReceivedMessage
from wscli.output.colors.palette import DEFAULT_PALETTE, ERROR_HEADING, HEADING, KEY, TIME, Palette
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


STYLED = Palette({TIME: "italic", HEADING: "ansiblue", ERROR_HEADING: "underline", KEY: "bold"})
HEADINGS = [
    # kind          default                                                  another style
    (Kind.UPDATE,   "\x1b[2m22:13:20.123Z\x1b[0m \x1b[1mupdate trade A\x1b[0m", "\x1b[3m22:13:20.123Z\x1b[0m \x1b[34mupdate trade A\x1b[0m"),
    (Kind.ERROR,    "\x1b[2m22:13:20.123Z\x1b[0m \x1b[31merror trade A\x1b[0m", "\x1b[3m22:13:20.123Z\x1b[0m \x1b[4merror trade A\x1b[0m"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "default", "styled"), HEADINGS)
def test_the_time_and_the_heading_have_colours_of_their_own(kind: Kind, default: str, styled: str) -> None:
    received = ReceivedMessage(Event(kind, {"p": "1"}, "trade", ("A",)), '{"p":"1"}', 1_700_000_000_123_000_000, 1)

    for _ in range(2):  # the heading of a message like one before is remembered
        shown = make_format("pretty", palette=DEFAULT_PALETTE).show(received, ())
        assert shown == f'{default}\n{{\x1b[36m"p"\x1b[0m: \x1b[32m"1"\x1b[0m}}\n'
        shown = make_format("pretty", palette=STYLED).show(received, ())
        assert shown == f'{styled}\n{{\x1b[1m"p"\x1b[0m: "1"}}\n'
