"""The styles as a list: names, JSON, or lines with a sample of each in its colours. Importing all of them takes a tenth of a second."""

from __future__ import annotations

from collections.abc import Iterator

from wscli.core.jsontext import written
from wscli.output.colors.palette import (
    ASK,
    BID,
    CHANNEL,
    DEFAULT_PALETTE,
    FLAG,
    KEY,
    NUMBER,
    PUNCTUATION,
    STRING,
    SYMBOL,
    VERB,
    Palette,
)
from wscli.output.colors.pygments_styles import palette_named, style_names

SAMPLE = (
    (VERB, "subscribe"), ("", " "), (CHANNEL, "trade"), ("", " "), (SYMBOL, "BTCUSDT"), ("", " "), (FLAG, "-n"), ("", " "), (NUMBER, "3"),
    ("", "  "),
    (PUNCTUATION, "{"), (KEY, '"p"'), (PUNCTUATION, ": "), (STRING, '"1.20"'), (PUNCTUATION, "}"),
    ("", "  "), (BID, "buy"), ("", " "), (ASK, "sell"),
)  # fmt: skip


def palettes(default: str, *, truecolor: bool = False) -> Iterator[tuple[str, Palette]]:
    """Yield the name and palette of every style. default: the name of wscli's own, which is the first."""
    yield default, DEFAULT_PALETTE
    for name in style_names():
        if name != default:
            yield name, palette_named(name, truecolor=truecolor)


def name_lines(default: str) -> str:
    return "".join(f"{name}\n" for name in dict.fromkeys((default, *style_names())))


def json_lines(default: str) -> str:
    """Return an object for each style: its name, and the notation of each token type."""
    return "".join(
        f"{written({'name': name, 'colors': {token: style or None for token, style in palette.styles.items()}})}\n"
        for name, palette in palettes(default)
    )


def sample_lines(default: str, *, truecolor: bool) -> str:
    found = [*palettes(default, truecolor=truecolor)]
    width = max(len(name) for name, _ in found)
    return "".join(
        f"{name:{width}}  {''.join(palette.paint(token, text) for token, text in SAMPLE)}\n" for name, palette in found
    )
