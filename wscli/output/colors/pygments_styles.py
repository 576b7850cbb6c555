"""Pygments styles as palettes. The only module of `output` that imports pygments; imported once a style is named (11 ms)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pygments.style import StyleMeta
from pygments.styles import get_all_styles, get_style_by_name
from pygments.token import Token, _TokenType, string_to_tokentype

from wscli.output.colors.palette import ASK, BID, DEFAULT_STYLES, ERROR_HEADING, STRING, VERB, WRONG, Palette

STAND_INS = {
    BID: STRING,
    ASK: VERB,
    ERROR_HEADING: WRONG,
}  # a style without colours for diffs still distinguishes the sides


def style_names() -> Iterator[str]:
    """Yield the names of all installed styles, sorted."""
    yield from sorted(get_all_styles())


@lru_cache(maxsize=4)
def palette_named(name: str, *, truecolor: bool) -> Palette:
    """Return the palette of a Pygments style. Raises pygments.util.ClassNotFound for an unknown name."""
    style = get_style_by_name(name)
    return Palette({token: _notation(style, token) for token in DEFAULT_STYLES}, truecolor=truecolor)


def _notation(style: StyleMeta, token: str) -> str:
    """Return how a style shows a token type; a type that it shows like any text as its stand-in."""
    notation = _own_notation(style, string_to_tokentype(token))
    if token in STAND_INS and notation == _own_notation(style, Token):
        return _own_notation(style, string_to_tokentype(STAND_INS[token]))
    return notation


def _own_notation(style: StyleMeta, token_type: _TokenType) -> str:
    """Return what a style says of a token type, in the notation of palettes."""
    facts: Any = style.style_for_token(token_type)
    words = [attribute for attribute in ("bold", "italic", "underline") if facts[attribute]]
    color = facts["ansicolor"] or (facts["color"] and f"#{facts['color']}")
    background = facts["bgansicolor"] or (facts["bgcolor"] and f"#{facts['bgcolor']}")
    if color:
        words.append(color)
    if color and background:  # alone it may hide the text: the terminal's own colour is as light as that, or as dark
        words.append(f"bg:{background}")
    return " ".join(words)
