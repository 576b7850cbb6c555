"""Pygments styles as palettes: the colours of the style, and what stands in where a style has none."""

from __future__ import annotations

import pytest
from pygments.style import Style
from pygments.token import Error, Keyword, Name, Number, String, Token

from wscli.commands.flag_table import STYLES
from wscli.commands.flags import DEFAULT_STYLE
from wscli.output.colors import palette, pygments_styles
from wscli.output.colors.pygments_styles import palette_named, style_names


class Demo(Style):
    """A style without colours for diffs."""

    styles = {
        Token: "#f8f8f2",
        String: "italic #e6db74",
        Number: "bg:#fff0f0",
        Keyword: "bold ansigreen",
        Error: "#ed007e bg:#1e0010",
        Name.Tag: "underline",
    }


NOTATIONS = [
    # token type             how the style shows it
    (palette.STRING,         "italic #e6db74"),
    (palette.VALUE,          "italic #e6db74"),  # a kind of string
    (palette.VERB,           "bold ansigreen"),
    (palette.WRONG,          "#ed007e bg:#1e0010"),
    (palette.KEY,            "underline #f8f8f2"),
    (palette.SYMBOL,         "#f8f8f2"),
    (palette.NUMBER,         "#f8f8f2 bg:#fff0f0"),
    (palette.BID,            "italic #e6db74"),  # as strings
    (palette.ASK,            "bold ansigreen"),  # as verbs
    (palette.ERROR_HEADING,  "#ed007e bg:#1e0010"),
]  # fmt: skip


@pytest.mark.parametrize(("token", "notation"), NOTATIONS)
def test_a_token_type_has_the_colours_of_the_style(token: str, notation: str) -> None:
    assert pygments_styles._notation(Demo, token) == notation


def test_a_background_without_a_colour_is_left_out() -> None:
    class Light(Style):
        styles = {String: "bg:#fff0f0"}

    assert pygments_styles._notation(Light, palette.STRING) == ""


def test_every_installed_style_is_a_palette_in_both_depths() -> None:
    for name in style_names():
        for truecolor in (False, True):
            chosen = palette_named(name, truecolor=truecolor)
            assert {*chosen.styles} == {*palette.DEFAULT_STYLES}
            assert "x" in chosen.paint(palette.STRING, "x")


def test_the_sides_of_a_book_differ() -> None:
    palettes = {name: palette_named(name, truecolor=False) for name in style_names()}
    alike = {name for name, one in palettes.items() if one.around(palette.BID) == one.around(palette.ASK)}

    assert alike <= {"sas"}  # which shows all of Generic alike


def test_monokai_has_the_colours_of_monokai() -> None:
    one = palette_named("monokai", truecolor=True)

    assert one.paint(palette.KEY, '"p"') == '\x1b[38;2;255;70;137m"p"\x1b[0m'
    assert one.paint(palette.NUMBER, "1") == "\x1b[38;2;174;129;255m1\x1b[0m"


def test_every_style_that_tab_offers_exists() -> None:
    assert {*STYLES} - {DEFAULT_STYLE} <= {*style_names()}
