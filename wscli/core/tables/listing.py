"""A list in columns of text: all its rows are known, so that each column is as wide as its widest cell.

With too little width, columns that wrap become narrower, then the least important columns are left out; no line is wider than the width.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, TypeAlias

from wscli.core.record import record
from wscli.core.tables.text_width import clipped_to_width, display_width

Alignment: TypeAlias = Literal["left", "right", "point"]  # point: numbers, by their decimal point

SEPARATOR = "  "
MARK = "…"  # at the end of the headings: something is left out
MIN_WRAPPED_WIDTH = 16  # the least width of a column that wraps; with less, others are left out
_NUMBER = re.compile(r"[+-]?[0-9][0-9,]*(?P<rest>(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?%?)")


@record
class ListColumn:
    """A column of a list.

    heading: what stands over it; a list of columns without headings has no line for them. wraps: a text that does not fit goes on in
    the next line, within the column. importance: with too little width the column of the lowest is left out first, of several the last.
    """

    heading: str = ""
    align: Alignment = "left"
    wraps: bool = False
    importance: int = 0


def list_text(columns: Sequence[ListColumn], rows: Iterable[Sequence[str]], width: int = 0) -> str:
    """Return a list as lines, its headings first. width: of the screen; 0 leaves everything as wide as it is.

    The cells are safe to print: who has text from outside escapes it.

    >>> columns = [ListColumn("NAME"), ListColumn("LAST", "point"), ListColumn("WHAT IT IS", wraps=True, importance=-1)]
    >>> rows = [("trade", "36500.1", "public trades, one or more per message"), ("tickers", "7", "statistics")]
    >>> print(list_text(columns, rows), end="")
    NAME        LAST  WHAT IT IS
    trade    36500.1  public trades, one or more per message
    tickers      7    statistics
    >>> print(list_text(columns, rows, 36), end="")
    NAME        LAST  WHAT IT IS
    trade    36500.1  public trades, one
                      or more per
                      message
    tickers      7    statistics
    >>> print(list_text(columns, rows, 30), end="")
    NAME        LAST  …
    trade    36500.1
    tickers      7
    """
    headings = [column.heading for column in columns]
    cells = [
        _point_aligned(column.align, texts) for column, texts in zip(columns, _transposed(columns, rows), strict=True)
    ]
    natural = [
        max([display_width(heading), *map(display_width, texts)])
        for heading, texts in zip(headings, cells, strict=True)
    ]
    places, widths = _fitted(columns, natural, width)
    lines = [] if not any(headings) else [*_lines(columns, places, widths, headings)]
    if lines and len(places) < len(columns):
        lines[0] = f"{lines[0]}{SEPARATOR}{MARK}"
    for row in zip(*cells, strict=True):
        lines += _lines(columns, places, widths, row)
    return "".join(
        f"{clipped_to_width(line, width) if width and display_width(line) > width else line}\n" for line in lines
    )


def aligned_columns(table: Sequence[Sequence[str]], width: int = 0) -> str:
    """Return rows as text columns without headings of their own; the last one wraps where there is a width.

    >>> aligned_columns([("a", "b c"), ("long", "d")])
    'a     b c\\nlong  d\\n'
    """
    count = len(table[0]) if table else 0
    return list_text([ListColumn(wraps=place == count - 1, importance=-place) for place in range(count)], table, width)


def _transposed(columns: Sequence[ListColumn], rows: Iterable[Sequence[str]]) -> list[list[str]]:
    texts: list[list[str]] = [[] for _ in columns]
    for row in rows:
        for column, cell in zip(texts, row, strict=True):
            column.append(cell)
    return texts


def _point_aligned(align: Alignment, texts: list[str]) -> list[str]:
    """Return the cells of a column with what stands behind the decimal point made equally long, where it aligns so."""
    if align != "point":
        return texts
    rests = [len(number["rest"]) if (number := _NUMBER.fullmatch(text)) else 0 for text in texts]
    longest = max(rests, default=0)
    return [
        text + " " * (longest - rest) if _NUMBER.fullmatch(text) else text
        for text, rest in zip(texts, rests, strict=True)
    ]


def _fitted(columns: Sequence[ListColumn], natural: Sequence[int], width: int) -> tuple[list[int], list[int]]:
    """Return which columns are shown, and how wide each is."""
    places = list(range(len(columns)))
    while True:
        mark = len(SEPARATOR) + len(MARK) if len(places) < len(columns) else 0
        room = width - mark - len(SEPARATOR) * (len(places) - 1)
        widths = [natural[place] for place in places]
        excess = sum(widths) - room if width else 0
        for at in sorted(range(len(places)), key=lambda at: -widths[at]):
            if excess > 0 and columns[places[at]].wraps:
                cut = min(excess, max(widths[at] - MIN_WRAPPED_WIDTH, 0))
                widths[at], excess = widths[at] - cut, excess - cut
        if excess <= 0 or len(places) < 2:
            return places, widths
        places.remove(min(places, key=lambda place: (columns[place].importance, -place)))


def _lines(
    columns: Sequence[ListColumn], places: Sequence[int], widths: Sequence[int], row: Sequence[str]
) -> Iterator[str]:
    """Yield the lines of one row."""
    texts = [
        wrapped(row[place], width) if columns[place].wraps else [row[place]]
        for place, width in zip(places, widths, strict=True)
    ]
    for line in range(max(map(len, texts), default=0)):
        cells = [
            _padded(parts[line] if line < len(parts) else "", width, columns[place].align)
            for place, width, parts in zip(places, widths, texts, strict=True)
        ]
        yield SEPARATOR.join(cells).rstrip()


def _padded(cell: str, width: int, align: Alignment) -> str:
    blank = " " * (width - display_width(cell))
    return f"{cell}{blank}" if align == "left" else f"{blank}{cell}"


def wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines of at most `width` columns, broken between words where that is possible; an empty text is one line.

    >>> wrapped("one or more per message", 9), wrapped("order_book_{symbol}", 8), wrapped("币安人生", 5)
    (['one or', 'more per', 'message'], ['order_bo', 'ok_{symb', 'ol}'], ['币安', '人生'])
    """
    if display_width(text) <= width:
        return [text]
    lines, line = [], ""
    for word in text.split():
        if line and display_width(line) + 1 + display_width(word) <= width:
            line = f"{line} {word}"
            continue
        lines += [line] if line else []
        while display_width(word) > width:
            beginning = _beginning(word, width)
            lines.append(beginning)
            word = word[len(beginning) :]
        line = word
    return [*lines, line] if line else lines


def _beginning(word: str, width: int) -> str:
    """Return the beginning of a word that is at most `width` columns wide, and at least one character."""
    taken = 0
    for at, character in enumerate(word):
        taken += display_width(character)
        if taken > width and at:
            return word[:at]
    return word
