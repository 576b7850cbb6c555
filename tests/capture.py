"""The picture in the README: a session at the prompt, driven on a pseudo-terminal, its screen drawn as an SVG.

python tests/capture.py          shows the screen as text
python tests/capture.py --write  writes tests/capture.svg

Each simulated market begins to move with the first subscription, so one seed gives one picture. Only the date and the time of the
run differ: they are moved to those of `CLOCK`, and stay as far apart as they were.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "tests" / "capture.svg"
COLUMNS, ROWS = 122, 36
CLOCK = datetime.fromisoformat("2026-11-29T12:00:00.000Z")  # of the first time that is shown
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")

# what is typed                                              what is awaited on the screen
SESSION = [
    ("use bitfinex --sim",                                     r"status: version(?s:.*)bitfinex --sim  open"),
    ("subscribe trades tBTCUSD --where tag=tu -n 3 -o table",    r"(?s)(ack trades.*){2}0 subscribed"),
    ("explain '[17,\"tu\",[500100014,1795953600050,0.0034,36500.46]]' trades tBTCUSD", r"(?s)trade_id  .*^bitfinex> "),
    ("use bybit --sim",                                        r"bybit --sim  open"),
    ("subscribe tickers.BTCUSDT -n 3 --query data.lastPrice",  r"(?s)(ack tickers.*){2}0 subscribed"),
    ("subscribe kline BTCUSDT interval=5min",                  r"did you mean interval="),
]  # fmt: skip
TYPED = "subscribe kline BTCUSDT interval=\t"
AT_REST = r"(?s)BTCUSDT interval=1\n.* 30 .*0 subscribed  0/s  -o pretty  bitfinex 0/s$"  # nothing moves any more


class Cell(NamedTuple):
    """One character of the screen, and how it looks."""

    text: str
    colour: str = "default"
    background: str = "default"
    bold: bool = False
    underlined: bool = False


Screen = list[list[Cell]]


def session() -> Screen:
    """Return the screen at the end of the session."""
    sys.path.insert(0, str(ROOT))
    from tests.support.terminal import terminal

    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        env = dict.fromkeys(("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), folder)
        os.chdir(folder)
        try:
            with terminal(env=env, columns=COLUMNS, rows=ROWS) as one:
                one.see("^wscli>")
                for line, awaited in SESSION:
                    one.enter(line)
                    one.see(awaited)
                one.type(TYPED)
                one.see(AT_REST)
                rows = one.cells
                one.type("\x03\x04")
                one.left()
        finally:
            os.chdir(before)
    return with_fixed_times([[_cell(*each) for each in row] for row in rows])


def _cell(text: str, colour: str, background: str, bold: bool, underlined: bool, reverse: bool) -> Cell:
    if reverse:
        colour, background = background, colour
        colour, background = (
            "ground" if colour == "default" else colour,
            "ink" if background == "default" else background,
        )
    return Cell(text, colour, background, bold, underlined)


def text_of(row: Sequence[Cell]) -> str:
    """Return the characters of a row."""
    return "".join(cell.text for cell in row).rstrip()


def with_fixed_times(screen: Screen) -> Screen:
    """Return a screen with its times moved so that the first one is CLOCK."""
    first = next((match[0] for row in screen if (match := TIME.search(text_of(row)))), None)
    if first is None:
        return screen
    return [_with_times_moved(row, datetime.fromisoformat(first)) for row in screen]


def _with_times_moved(row: list[Cell], first: datetime) -> list[Cell]:
    cells = list(row)
    for match in TIME.finditer("".join(cell.text for cell in row)):
        after = datetime.fromisoformat(match[0]) - first
        if not timedelta(0) <= after < timedelta(hours=1):
            continue  # that one was typed
        shown = (CLOCK + after).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        for place, letter in zip(range(match.start(), match.end()), shown, strict=True):
            cells[place] = cells[place]._replace(text=letter)
    return cells


# --- drawing -------------------------------------------------------------------------------------

WIDTH, HEIGHT, MARGIN = 8.4, 18, 12  # of a character, of a row, around all
DARK = {  # the sixteen colours of a terminal, as pyte names them
    "ground": "#16181d", "ink": "#d7dae0", "black": "#3b4048", "red": "#f07178", "green": "#a5d977", "brown": "#e6c07b",
    "blue": "#6cb6ff", "magenta": "#d2a6ff", "cyan": "#6fd6d0", "white": "#c5c8ce", "brightblack": "#7d8590",
    "brightred": "#ff8b92", "brightgreen": "#bdeb8f", "brightbrown": "#ffd98c", "brightblue": "#8cc8ff",
    "brightmagenta": "#e2c2ff", "brightcyan": "#8fe8e2", "brightwhite": "#ffffff",
}  # fmt: skip
LIGHT = {
    "ground": "#ffffff", "ink": "#24292f", "black": "#d0d7de", "red": "#b3261e", "green": "#2d6a1f", "brown": "#7a5200",
    "blue": "#0a58b0", "magenta": "#7b2fb5", "cyan": "#0b6b6b", "white": "#57606a", "brightblack": "#6e7781",
    "brightred": "#c93a32", "brightgreen": "#37802a", "brightbrown": "#8f6200", "brightblue": "#1c6ecb",
    "brightmagenta": "#8f45c9", "brightcyan": "#107f7f", "brightwhite": "#000000",
}  # fmt: skip


def svg(screen: Screen) -> str:
    """Return a screen as an SVG: text that can be selected, in the colours of a dark or a light page."""
    width, height = round(COLUMNS * WIDTH + 2 * MARGIN), len(screen) * HEIGHT + 2 * MARGIN
    title = escape("A session at the prompt of wscli, against the simulator")
    drawn = "\n".join(line for number, row in enumerate(screen) for line in _drawn(number, row))
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">
<title>{title}</title>
<!-- written by tests/capture.py -->
<style>
text {{ fill: {DARK["ink"]} }}
.b {{ font-weight: bold }} .u {{ text-decoration: underline }}
{_rules(DARK)}
@media (prefers-color-scheme: light) {{
text {{ fill: {LIGHT["ink"]} }}
{_rules(LIGHT)}
}}
</style>
<rect class="ground" width="{width}" height="{height}" rx="8"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" xml:space="preserve">
{drawn}
</g>
</svg>
"""


def _rules(colours: dict[str, str]) -> str:
    return "\n".join(f".{name} {{ fill: {value} }}" for name, value in colours.items())


def _drawn(number: int, row: Sequence[Cell]) -> Iterator[str]:
    """Yield the elements of one row: a rectangle for each background, a text for each run of one look."""
    top, column = MARGIN + number * HEIGHT, 0
    for _, run in groupby(row, key=lambda cell: cell._replace(text="")):
        cells = list(run)
        text, look, length = "".join(cell.text for cell in cells), cells[0], len(cells)
        if look.background != "default":
            place = f'x="{_left(column)}" y="{top}" width="{length * WIDTH:.1f}"'
            yield f'<rect {place} height="{HEIGHT}" {_paint(look.background)}/>'
        if shown := text.strip():
            marks = " ".join(mark for mark, on in (("b", look.bold), ("u", look.underlined)) if on)
            paint = "" if look.colour == "default" and not marks else f" {_paint(look.colour, marks)}"
            left = _left(column + text.index(shown))
            place = f'x="{left}" y="{top + HEIGHT - 5}" textLength="{len(shown) * WIDTH:.1f}"'
            yield f"<text {place}{paint}>{escape(shown)}</text>"
        column += length


def _left(column: int) -> str:
    return f"{MARGIN + column * WIDTH:.1f}"


def _paint(colour: str, classes: str = "") -> str:
    """Return the attribute for a colour: one of the sixteen by its class, any other as it is.

    >>> _paint("red", "b"), _paint("bbbbbb")
    ('class="b red"', 'style="fill: #bbbbbb"')
    """
    names = [*classes.split(), *([colour] if colour in DARK else [])]
    attributes = [f'class="{" ".join(names)}"'] if names else []
    if colour not in DARK and colour != "default":
        attributes.append(f'style="fill: #{colour}"')
    return " ".join(attributes)


def main(words: Sequence[str]) -> None:
    screen = session()
    if "--write" in words:
        PICTURE.write_text(svg(screen), encoding="utf-8")
    else:
        print("\n".join(text_of(row) for row in screen))


if __name__ == "__main__":
    main(sys.argv[1:])
