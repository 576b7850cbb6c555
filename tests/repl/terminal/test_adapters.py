"""The typed line as prompt_toolkit shows it: its colours, and how many of them there are."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from prompt_toolkit.output import ColorDepth

from wscli.commands.options import Options
from wscli.output.colors.palette import DEFAULT_PALETTE, PLAIN
from wscli.output.colors.pygments_styles import palette_named
from wscli.repl.terminal.adapters import CrashGuard, color_depth, current_prompt_style, prompt_style

MONOKAI = palette_named("monokai", truecolor=False)
CLASSES = [
    # class          default: colour, attributes         monokai
    ("command",     ("", "bold"),                        ("66d9ef", "")),
    ("exchange",    ("ansimagenta", "bold"),             ("a6e22e", "")),
    ("channel",     ("ansicyan", ""),                    ("a6e22e", "")),
    ("symbol",      ("ansigreen", ""),                   ("66d9ef", "")),
    ("parameter",   ("ansiyellow", ""),                  ("a6e22e", "")),
    ("value",       ("ansiyellow", ""),                  ("e6db74", "")),
    ("number",      ("ansiyellow", ""),                  ("ae81ff", "")),
    ("flag",        ("ansiblue", ""),                    ("a6e22e", "")),
    ("operator",    ("", "bold"),                        ("ff4689", "")),
    ("string",      ("ansigreen", ""),                   ("e6db74", "")),
    ("key",         ("ansicyan", ""),                    ("ff4689", "")),
    ("constant",    ("ansimagenta", ""),                 ("66d9ef", "")),
    ("punctuation", ("", ""),                            ("f8f8f2", "")),
    ("comment",     ("ansibrightblack", ""),             ("959077", "")),
    ("wrong",       ("ansired", "underline"),            ("ed007e", "underline")),
    ("hint",        ("ansibrightblack", ""),             ("ansibrightblack", "")),
    ("status",      ("", "reverse"),                     ("", "reverse")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "default", "monokai"), CLASSES)
def test_each_part_has_the_colours_of_the_palette(
    name: str, default: tuple[str, str], monokai: tuple[str, str]
) -> None:
    for palette, expected in ((DEFAULT_PALETTE, default), (MONOKAI, monokai)):
        attributes = prompt_style(palette).get_attrs_for_style_str(f"class:{name}")
        on = [each for each in ("bold", "italic", "underline", "reverse") if getattr(attributes, each)]
        assert (attributes.color, " ".join(on)) == expected


def test_without_colours_what_is_wrong_is_underlined_still() -> None:
    style = prompt_style(PLAIN)

    assert style.get_attrs_for_style_str("class:wrong").underline
    assert style.get_attrs_for_style_str("class:command").color == ""


DEPTHS = [
    # environment                                             depth of the typed line
    ({"COLORTERM": "truecolor"},                              ColorDepth.DEPTH_24_BIT),
    ({"COLORTERM": "24bit"},                                  ColorDepth.DEPTH_24_BIT),
    ({},                                                      None),
    ({"COLORTERM": "truecolor", "NO_COLOR": "1"},             None),
    ({"COLORTERM": "truecolor", "PROMPT_TOOLKIT_COLOR_DEPTH": "DEPTH_4_BIT"}, None),
]  # fmt: skip


@pytest.mark.parametrize(("env", "depth"), DEPTHS)
def test_the_line_has_24_bits_of_colour_where_the_terminal_says_so(
    monkeypatch: pytest.MonkeyPatch, env: Mapping[str, str], depth: ColorDepth | None
) -> None:
    for name in ("NO_COLOR", "PROMPT_TOOLKIT_COLOR_DEPTH"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)

    assert color_depth(env) == depth


def test_a_style_that_cannot_be_found_costs_the_colours_and_not_the_prompt() -> None:
    reported: list[str] = []
    style = current_prompt_style(CrashGuard(reported.append), Options(color="always", style="nosuch"))

    assert style is prompt_style(PLAIN)
    assert len(reported) == 1
