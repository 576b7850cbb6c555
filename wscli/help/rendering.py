"""A help page as text for a terminal, or without colours for a pipe."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from wscli.core.record import record
from wscli.core.tables.text_width import display_width
from wscli.help.markdown import Block, Code, Heading, List, Paragraph, SpanKind, Table, blocks, is_command, spans
from wscli.output.colors.palette import CHANNEL, HEADING, Palette

MAX_WIDTH = 80  # longer lines are hard to read, whatever the terminal has
INDENT = "  "
TOKENS: dict[SpanKind, str] = {
    "plain": "",
    "code": CHANNEL,
    "strong": HEADING,
}  # the token types whose colours they have


@record
class StyledWord:
    """What stands between two spaces. shown: with its colours."""

    text: str
    shown: str


Cell: TypeAlias = Sequence[StyledWord]


def rendered(page: str, palette: Palette, width: int = MAX_WIDTH) -> str:
    """Return a page as lines that fit a width. Without colours code keeps its backquotes.

    >>> from wscli.output.colors.palette import PLAIN
    >>> print(rendered("# Title\\n\\nA line\\nof `text`.\\n\\n- one\\n- two\\n", PLAIN), end="")
    Title
    <BLANKLINE>
      A line of `text`.
    <BLANKLINE>
      - one
      - two
    """
    width = min(width, MAX_WIDTH) - len(INDENT)
    return "\n\n".join("\n".join(_lines(block, palette, width)) for block in blocks(page)) + "\n"


def _lines(block: Block, palette: Palette, width: int) -> Iterator[str]:
    match block:
        case Heading(text=text):
            yield palette.paint(HEADING, text)
        case Paragraph(text=text):
            yield from (INDENT + line for line in filled(words_of(text, palette), width))
        case List(items=items):
            for mark, text in items:
                lines = filled(words_of(text, palette), width - len(mark))
                yield from (f"{INDENT}{' ' * len(mark) if n else mark}{line}" for n, line in enumerate(lines))
        case Table(rows=rows):
            yield from (INDENT + line for line in table_lines(rows, palette, width))
        case Code(lines=code):
            for line, typed in zip(code, is_command(code), strict=True):
                yield f"{INDENT * 2}{palette.paint(CHANNEL, line) if typed else line}" if line else ""


def words_of(text: str, palette: Palette) -> Cell:
    """Return the words of a text, those of its spans painted."""
    words: list[StyledWord] = []
    starts_word = True
    for span, kind in spans(text):
        span = f"`{span}`" if kind == "code" and not palette else span
        for part in re.split(r"(\s+)", span):
            if not part or part.isspace():
                starts_word = starts_word or bool(part)
                continue
            shown = palette.paint(TOKENS[kind], part)
            if starts_word:
                words.append(StyledWord(part, shown))
            else:
                words[-1] = StyledWord(words[-1].text + part, words[-1].shown + shown)
            starts_word = False
    return words


def filled(words: Cell, width: int) -> list[str]:
    """Return words as lines of at most that width; a longer word has a line of its own."""
    return [" ".join(word.shown for word in line) for line in _filled(words, width)]


def _filled(words: Cell, width: int) -> list[list[StyledWord]]:
    lines: list[list[StyledWord]] = []
    room = 0
    for word in words:
        needed = display_width(word.text) + 1
        if not lines or needed > room:
            lines.append([])
            room = width + 1
        lines[-1].append(word)
        room -= needed
    return lines


# --- tables --------------------------------------------------------------------------------------


def table_lines(rows: Sequence[Sequence[str]], palette: Palette, width: int) -> Iterator[str]:
    """Yield the lines of a table: its columns aligned, long cells over several lines."""
    head, *body = rows
    cells = [[words_of(f"**{cell}**" if "`" not in cell else cell, palette) for cell in head]]
    cells += [[words_of(cell, palette) for cell in row] for row in body]
    longest_words = [
        max(display_width(word.text) for cell in column for word in cell) for column in zip(*cells, strict=True)
    ]
    widths = column_widths([[_width(cell) for cell in row] for row in cells], longest_words, width)
    for row in cells:
        columns = [_filled(cell, room) for cell, room in zip(row, widths, strict=True)]
        for number in range(max(map(len, columns))):
            parts = [column[number] if number < len(column) else [] for column in columns]
            padded = (_shown(part) + " " * (room - _width(part)) for part, room in zip(parts, widths, strict=True))
            yield INDENT.join(padded).rstrip()


def _shown(words: Cell) -> str:
    return " ".join(word.shown for word in words)


def _width(words: Cell) -> int:
    return sum(display_width(word.text) + 1 for word in words) - 1 if words else 0


def column_widths(rows: Sequence[Sequence[int]], least: Sequence[int], width: int) -> list[int]:
    """Return the width of each column: what its cells need, the widest ones narrowed until all fit. least: the longest word of each.

    >>> column_widths([[4, 10], [2, 60]], [4, 8], 40)
    [4, 34]
    """
    widths = [max(column) for column in zip(*rows, strict=True)]
    while sum(widths) + len(INDENT) * (len(widths) - 1) > width:
        wide = [number for number, room in enumerate(widths) if room > least[number]]
        if not wide:
            break
        widths[max(wide, key=widths.__getitem__)] -= 1
    return widths
