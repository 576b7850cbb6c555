"""The picture of a session: what is drawn for a screen, without running a program."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from tests import capture
from tests.capture import Cell


def screen(*lines: str) -> capture.Screen:
    return [[Cell(letter) for letter in line] for line in lines]


TIMES = [
    # on the screen                                           in the picture
    (["no time"],                                             ["no time"]),
    (["2026-01-31T23:59:59.950Z"],                            ["2026-11-29T12:00:00.000Z"]),
    (["a 2026-01-31T23:59:59.950Z b",
      "2026-02-01T00:00:00.150Z"],                            ["a 2026-11-29T12:00:00.000Z b", "2026-11-29T12:00:00.200Z"]),
    (["2026-01-31T12:00:00.000Z 2023-11-14T22:13:33.000Z"],   ["2026-11-29T12:00:00.000Z 2023-11-14T22:13:33.000Z"]),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "shown"), TIMES)
def test_the_times_of_a_run_are_moved_together_and_others_stay(lines: list[str], shown: list[str]) -> None:
    moved = capture.with_fixed_times(screen(*lines))

    assert [capture.text_of(row) for row in moved] == shown


def test_the_text_of_each_row_is_in_the_picture() -> None:
    row = [Cell("a", "red", bold=True), Cell("b", "red", bold=True), Cell("<"), Cell("&", "ff8700", "blue")]
    drawn = ElementTree.fromstring(capture.svg([row, []]))
    texts = [(element.text, element.get("class"), element.get("style")) for element in drawn.iter() if element.text]
    rectangles = [element.get("class") for element in drawn.iter() if element.tag.endswith("rect")]

    assert texts[-3:] == [("ab", "b red", None), ("<", None, None), ("&", None, "fill: #ff8700")]
    assert rectangles == ["ground", "blue"]


@pytest.mark.parametrize("theme", [capture.DARK, capture.LIGHT])
def test_both_themes_paint_every_colour(theme: dict[str, str]) -> None:
    assert theme.keys() == capture.DARK.keys()
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in theme.values())
