"""The colours of a style: one map of token types for JSON, headings, tables, ladders and the command language.

Token types are those of Pygments, written as text ("Literal.String"), and styles are in the notation that Pygments and
prompt_toolkit share ("bold ansimagenta", "#ff4689 bg:#1e0010"): the default needs neither of them imported.
"""

from __future__ import annotations

from collections.abc import Mapping

KEY, STRING, NUMBER, CONSTANT, PUNCTUATION = (
    "Name.Tag",
    "Literal.String",
    "Literal.Number",
    "Keyword.Constant",
    "Punctuation",
)  # of JSON
TIME, HEADING, ERROR_HEADING = "Comment", "Generic.Strong", "Generic.Error"
BID, ASK = "Generic.Inserted", "Generic.Deleted"  # also buy and sell
SPREAD = TIME
VERB, EXCHANGE, CHANNEL, SYMBOL = "Keyword", "Name.Class", "Name.Function", "Name.Constant"  # of the command language
PARAMETER, VALUE, FLAG, OPERATOR = "Name.Attribute", "Literal.String.Symbol", "Name.Builtin", "Operator"
COMMENT, WRONG = "Comment.Single", "Error"

DEFAULT_STYLES: Mapping[str, str] = {
    KEY: "ansicyan",
    STRING: "ansigreen",
    NUMBER: "ansiyellow",
    CONSTANT: "ansimagenta",
    PUNCTUATION: "",
    TIME: "dim",
    HEADING: "bold",
    ERROR_HEADING: "ansired",
    BID: "ansigreen",
    ASK: "ansired",
    VERB: "bold",
    EXCHANGE: "bold ansimagenta",
    CHANNEL: "ansicyan",
    SYMBOL: "ansigreen",
    PARAMETER: "ansiyellow",
    VALUE: "ansiyellow",
    FLAG: "ansiblue",
    OPERATOR: "bold",
    COMMENT: "ansibrightblack",
    WRONG: "ansired",
}
SIDE_TOKENS = {"buy": BID, "bid": BID, "sell": ASK, "ask": ASK}

RESET = "\x1b[0m"
_ATTRIBUTES = {"bold": 1, "dim": 2, "italic": 3, "underline": 4}
_ANSI_NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "gray")
_BRIGHT_ANSI_NAMES = (
    "brightblack", "brightred", "brightgreen", "brightyellow", "brightblue", "brightmagenta", "brightcyan", "white",
)  # fmt: skip
_ANSI_COLORS = {f"ansi{name}": 30 + n for n, name in enumerate(_ANSI_NAMES)} | {
    f"ansi{name}": 90 + n for n, name in enumerate(_BRIGHT_ANSI_NAMES)
}
_CUBE_LEVELS = (0, 95, 135, 175, 215, 255)  # of red, green and blue in colours 16 to 231 of 256; 232 to 255 are greys


class Palette:
    """The colours of one style. styles: the notation for each token type; a type that is not there has no colour.

    truecolor: the terminal shows 24 bits of colour; otherwise the nearest of 256 colours is used. One palette is equal to itself
    alone, so that what was coloured with it can be cached.
    """

    __slots__ = ("_starts", "_truecolor", "styles")

    def __init__(self, styles: Mapping[str, str], *, truecolor: bool = False) -> None:
        self.styles, self._truecolor = styles, truecolor
        self._starts: dict[str, str] = {}  # made when they are first used: a plain stream needs none

    def __bool__(self) -> bool:
        """Whether it colours anything."""
        return bool(self.styles)

    def around(self, token: str) -> tuple[str, str]:
        """Return what goes before and after a text of that token type."""
        start = self._start(token)
        return start, RESET if start else ""

    def paint(self, token: str, text: str) -> str:
        """Return a text in the colour of a token type.

        >>> DEFAULT_PALETTE.paint(KEY, '"price"'), PLAIN.paint(KEY, '"price"')
        ('\\x1b[36m"price"\\x1b[0m', '"price"')
        """
        start = self._start(token)
        return f"{start}{text}{RESET}" if start and text else text

    def _start(self, token: str) -> str:
        start = self._starts.get(token)
        if start is None:
            start = self._starts[token] = sgr(self.styles.get(token, ""), truecolor=self._truecolor)
        return start


def sgr(notation: str, *, truecolor: bool = False) -> str:
    r"""Return the escape sequence that begins a style; "" for a style without colours and attributes.

    >>> sgr("ansired"), sgr("bold #ff8700"), sgr("#ff8700 bg:#101010", truecolor=True), sgr("")
    ('\x1b[31m', '\x1b[1;38;5;208m', '\x1b[38;2;255;135;0;48;2;16;16;16m', '')
    """
    codes: list[int] = []
    for word in notation.split():
        if word in _ATTRIBUTES:
            codes.append(_ATTRIBUTES[word])
        else:
            background = 10 if word.startswith("bg:") else 0
            codes += _color_codes(word.removeprefix("bg:"), background, truecolor)
    return f"\x1b[{';'.join(map(str, codes))}m" if codes else ""


def _color_codes(color: str, background: int, truecolor: bool) -> list[int]:
    if color in _ANSI_COLORS:
        return [_ANSI_COLORS[color] + background]
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    if truecolor:
        return [38 + background, 2, red, green, blue]
    return [38 + background, 5, nearest_of_256(red, green, blue)]


def nearest_of_256(red: int, green: int, blue: int) -> int:
    """Return the number of the nearest of the 240 fixed colours of a terminal with 256 (the first 16 differ everywhere).

    >>> nearest_of_256(255, 135, 0), nearest_of_256(118, 118, 118), nearest_of_256(249, 38, 114)
    (208, 243, 197)
    """
    parts = (red, green, blue)
    steps = [min(range(6), key=lambda step: abs(_CUBE_LEVELS[step] - part)) for part in parts]
    grey_step = min(max(round((sum(parts) / 3 - 8) / 10), 0), 23)
    cube, grey = [_CUBE_LEVELS[step] for step in steps], [8 + 10 * grey_step] * 3
    if _distance(parts, grey) < _distance(parts, cube):
        return 232 + grey_step
    return 16 + 36 * steps[0] + 6 * steps[1] + steps[2]


def _distance(one: tuple[int, ...], other: list[int]) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


PLAIN = Palette({})  # no colours: in a pipe, with NO_COLOR, --color never
DEFAULT_PALETTE = Palette(DEFAULT_STYLES)
