"""A page of Markdown as text for a terminal: headings, paragraphs, lists, tables and code; nothing else is used in the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from wscli.core.record import record
from wscli.output.colors.palette import CHANNEL, HEADING, Palette
from wscli.output.text_width import display_width

MAX_WIDTH = 80  # longer lines are hard to read, whatever the terminal has
INDENT = "  "
CODE = CHANNEL  # the token type of code: the colour that names of channels have
_BLOCK = re.compile(
    r"^```[^\n]*\n(?P<code>.*?)^```$|^<!--.*?-->$|^(?P<text>(?!```|<!--)\S.*?)(?=\n\n|\n```|\n<!--|\n*\Z)", re.M | re.S
)
_SPAN = re.compile(r"(?P<code>`[^`]+`)|\*\*(?P<strong>.+?)\*\*|\[(?P<label>[^\]]+)\]\((?P<url>[^)]+)\)")
_ITEM = re.compile(r"^(?:- |\d+\. )", re.M)


@record
class Word:
    """What stands between two spaces. shown: with its colours."""

    text: str
    shown: str


Cell: TypeAlias = Sequence[Word]


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
    blocks = [[*_block_lines(match, palette, width)] for match in _BLOCK.finditer(page)]
    return "\n\n".join("\n".join(lines) for lines in blocks if lines) + "\n"


def _block_lines(match: re.Match[str], palette: Palette, width: int) -> Iterator[str]:
    if (code := match["code"]) is not None:
        goes_on = False  # a command over several lines
        for line in code.splitlines():
            is_command = line.startswith("$ ") or goes_on
            goes_on = is_command and line.endswith(("\\", "|"))
            yield f"{INDENT * 2}{palette.paint(CODE, line) if is_command else line}" if line else ""
    elif (text := match["text"]) is None:
        return
    elif text.startswith("#"):
        yield palette.paint(HEADING, text.lstrip("# "))
    elif text.startswith("|"):
        yield from (INDENT + line for line in table_lines(text, palette, width))
    elif _ITEM.match(text):
        for item in re.split(r"\n(?=- |\d+\. )", text):
            mark, body = item[: item.index(" ") + 1], item[item.index(" ") + 1 :]
            lines = filled(words_of(body, palette), width - len(mark))
            yield from (INDENT + (" " * len(mark) if number else mark) + line for number, line in enumerate(lines))
    else:
        yield from (INDENT + line for line in filled(words_of(text, palette), width))


def words_of(text: str, palette: Palette) -> Cell:
    """Return the words of a text, those of its spans painted."""
    words: list[Word] = []
    starts_word = True
    for piece, token in _pieces(text, palette):
        for part in re.split(r"(\s+)", piece):
            if not part or part.isspace():
                starts_word = starts_word or bool(part)
                continue
            shown = palette.paint(token, part) if token else part
            if starts_word:
                words.append(Word(part, shown))
            else:
                words[-1] = Word(words[-1].text + part, words[-1].shown + shown)
            starts_word = False
    return words


def _pieces(text: str, palette: Palette) -> Iterator[tuple[str, str]]:
    """Yield the parts of a text with the token type of each."""
    end = 0
    for span in _SPAN.finditer(text):
        yield text[end : span.start()], ""
        end = span.end()
        if span["code"]:
            yield (span["code"][1:-1], CODE) if palette else (span["code"], "")
        elif span["strong"]:
            yield span["strong"], HEADING
        else:
            yield f"{span['label']} ({span['url']})", ""
    yield text[end:], ""


def filled(words: Cell, width: int) -> list[str]:
    """Return words as lines of at most that width; a longer word has a line of its own."""
    lines: list[list[str]] = []
    room = 0
    for word in words:
        needed = display_width(word.text)
        if not lines or needed + 1 > room:
            lines.append([])
            room = width + 1
        lines[-1].append(word.shown)
        room -= needed + 1
    return [" ".join(line) for line in lines]


# --- tables --------------------------------------------------------------------------------------


def table_lines(text: str, palette: Palette, width: int) -> Iterator[str]:
    """Yield the lines of a table: its columns aligned, long cells over several lines."""
    rows = [_cells(line) for line in text.splitlines() if not re.fullmatch(r"[|\s:-]+", line)]
    cells = [[words_of(cell, palette) for cell in row] for row in rows]
    cells[0] = [words_of(f"**{cell}**" if cell else "", palette) for cell in rows[0]]
    least = [
        max(max((display_width(w.text) for w in cell), default=0) for cell in column)
        for column in zip(*cells, strict=True)
    ]
    widths = column_widths([[_text_width(cell) for cell in row] for row in cells], least, width)
    for row in cells:
        if not any(row):
            continue  # the empty head of a table that has none
        columns = [filled(cell, room) for cell, room in zip(row, widths, strict=True)]
        unstyled = [filled([Word(w.text, w.text) for w in cell], room) for cell, room in zip(row, widths, strict=True)]
        for number in range(max(map(len, columns))):
            parts = []
            for column, plain, room in zip(columns, unstyled, widths, strict=True):
                line = column[number] if number < len(column) else ""
                parts.append(line + " " * (room - display_width(plain[number] if number < len(plain) else "")))
            yield INDENT.join(parts).rstrip()


def _cells(line: str) -> list[str]:
    r"""Return the cells of a row; `\|` is a bar within a cell."""
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def _text_width(cell: Cell) -> int:
    return sum(display_width(word.text) + 1 for word in cell) - 1 if cell else 0


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
