"""The palette: the notation of styles as escape sequences, and the default colours to the byte."""

from __future__ import annotations

import pytest

from wscli.output.colors import palette
from wscli.output.colors.palette import DEFAULT_PALETTE, PLAIN, Palette, nearest_of_256, sgr

NOTATIONS = [
    # notation                    of 256 colours                              of 24 bits
    ("",                          "",                                         ""),
    ("bold",                      "\x1b[1m",                                  "\x1b[1m"),
    ("dim",                       "\x1b[2m",                                  "\x1b[2m"),
    ("bold italic underline",     "\x1b[1;3;4m",                              "\x1b[1;3;4m"),
    ("ansired",                   "\x1b[31m",                                 "\x1b[31m"),
    ("ansigray",                  "\x1b[37m",                                 "\x1b[37m"),
    ("ansibrightblack",           "\x1b[90m",                                 "\x1b[90m"),
    ("ansiwhite bg:ansiblue",     "\x1b[97;44m",                              "\x1b[97;44m"),
    ("bold #ff4689",              "\x1b[1;38;5;204m",                         "\x1b[1;38;2;255;70;137m"),
    ("#ED007E bg:#1e0010",        "\x1b[38;5;198;48;5;233m",                  "\x1b[38;2;237;0;126;48;2;30;0;16m"),
]  # fmt: skip


@pytest.mark.parametrize(("notation", "indexed", "direct"), NOTATIONS)
def test_a_style_is_written_as_an_escape_sequence(notation: str, indexed: str, direct: str) -> None:
    assert (sgr(notation), sgr(notation, truecolor=True)) == (indexed, direct)


NEAREST = [
    # colour              of 256
    ((0, 0, 0),           16),
    ((255, 255, 255),     231),
    ((95, 135, 175),      67),
    ((100, 130, 180),     67),
    ((8, 8, 8),           232),
    ((238, 238, 238),     255),
    ((128, 128, 128),     244),
    ((127, 127, 130),     244),
    ((255, 0, 1),         196),
]  # fmt: skip


@pytest.mark.parametrize(("color", "number"), NEAREST)
def test_the_nearest_of_256_colours_is_found(color: tuple[int, int, int], number: int) -> None:
    assert nearest_of_256(*color) == number


def rgb_of(number: int) -> tuple[int, int, int]:
    """Return what a terminal shows for one of the colours 16 to 255."""
    if number >= 232:
        grey = 8 + 10 * (number - 232)
        return grey, grey, grey
    red, green, blue = (((number - 16) // step) % 6 for step in (36, 6, 1))
    return tuple(0 if level == 0 else 55 + 40 * level for level in (red, green, blue))  # type: ignore[return-value]


def test_every_fixed_colour_of_a_terminal_is_its_own_nearest() -> None:
    nearest = [rgb_of(nearest_of_256(*rgb_of(number))) for number in range(16, 256)]

    assert nearest == [rgb_of(number) for number in range(16, 256)]


DEFAULTS = [
    # token type                  what begins it
    (palette.KEY,                 "\x1b[36m"),
    (palette.STRING,              "\x1b[32m"),
    (palette.NUMBER,              "\x1b[33m"),
    (palette.CONSTANT,            "\x1b[35m"),
    (palette.PUNCTUATION,         ""),
    (palette.TIME,                "\x1b[2m"),
    (palette.SPREAD,              "\x1b[2m"),
    (palette.HEADING,             "\x1b[1m"),
    (palette.ERROR_HEADING,       "\x1b[31m"),
    (palette.BID,                 "\x1b[32m"),
    (palette.ASK,                 "\x1b[31m"),
]  # fmt: skip


@pytest.mark.parametrize(("token", "start"), DEFAULTS)
def test_the_default_colours_are_those_of_the_terminal(token: str, start: str) -> None:
    assert DEFAULT_PALETTE.around(token) == (start, "\x1b[0m" if start else "")
    assert DEFAULT_PALETTE.paint(token, "x") == (f"{start}x\x1b[0m" if start else "x")


def test_without_colours_a_text_stays_as_it_is() -> None:
    assert not PLAIN
    assert PLAIN.paint(palette.KEY, "x") == "x"
    assert PLAIN.around(palette.KEY) == ("", "")


def test_an_empty_text_has_no_colour() -> None:
    assert DEFAULT_PALETTE.paint(palette.BID, "") == ""


def test_a_token_type_that_a_style_leaves_out_has_no_colour() -> None:
    assert Palette({palette.KEY: "bold"}).paint(palette.STRING, "x") == "x"
