"""The Markdown of the help pages, read: headings, paragraphs, lists, tables and code. Nothing else is used in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, TypeAlias

from wscli.core.record import record

SpanKind: TypeAlias = Literal["plain", "code", "strong"]
_BLOCK = re.compile(
    r"^```[^\n]*\n(?P<code>.*?)^```$|^<!--.*?-->$|^(?P<text>(?!```|<!--)\S.*?)(?=\n\n|\n```|\n<!--|\n*\Z)", re.M | re.S
)
_SPAN = re.compile(r"`(?P<code>[^`]+)`|\*\*(?P<strong>.+?)\*\*|\[(?P<label>[^\]]+)\]\((?P<url>[^)]+)\)", re.S)
_ITEM_START = re.compile(r"- |\d+\. ")


@record
class Heading:
    """level: 1 for the title of a page."""

    level: int
    text: str


@record
class Paragraph:
    text: str


@record
class List:
    """items: the mark of each ("- ", "1. ") and its text."""

    items: tuple[tuple[str, str], ...]


@record
class Table:
    """rows: the cells of each; the first row is the heading."""

    rows: tuple[tuple[str, ...], ...]


@record
class Code:
    lines: tuple[str, ...]


Block: TypeAlias = Heading | Paragraph | List | Table | Code


def blocks(page: str) -> Iterator[Block]:
    """Yield the blocks of a page; comments are left out.

    >>> [*blocks("# Title\\n\\nOne\\nline.\\n\\n- a\\n- b\\n")]
    [Heading(level=1, text='Title'), Paragraph(text='One\\nline.'), List(items=(('- ', 'a'), ('- ', 'b')))]
    """
    for match in _BLOCK.finditer(page):
        text = match["text"]
        if match["code"] is not None:
            yield Code(tuple(match["code"].splitlines()))
        elif text is None:
            continue
        elif text.startswith("#"):
            marks, _, title = text.partition(" ")
            yield Heading(len(marks), title)
        elif text.startswith("|"):
            lines = [line for line in text.splitlines() if not re.fullmatch(r"[|\s:-]+", line)]
            yield Table(tuple(map(_cells, lines)))
        elif _ITEM_START.match(text):
            yield List(tuple(map(_item, re.split(r"\n(?=- |\d+\. )", text))))
        else:
            yield Paragraph(text)


def _cells(line: str) -> tuple[str, ...]:
    r"""Return the cells of a row; `\|` is a bar within a cell."""
    return tuple(cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip()[1:-1]))


def _item(text: str) -> tuple[str, str]:
    mark, _, rest = text.partition(" ")
    return f"{mark} ", rest


def spans(text: str) -> Iterator[tuple[str, SpanKind]]:
    """Yield the parts of a text, each with what it is. A link is its text and its URL.

    >>> [*spans("see `wscli` **now**")]
    [('see ', 'plain'), ('wscli', 'code'), (' ', 'plain'), ('now', 'strong')]
    """
    end = 0
    for span in _SPAN.finditer(text):
        if span.start() > end:
            yield text[end : span.start()], "plain"
        end = span.end()
        if span["code"]:
            yield span["code"], "code"
        elif span["strong"]:
            yield span["strong"], "strong"
        else:
            yield f"{span['label']} ({span['url']})", "plain"
    if end < len(text):
        yield text[end:], "plain"


def is_command(lines: tuple[str, ...]) -> list[bool]:
    """Return which lines of code are typed: those behind a `$`, and those that a backslash or a pipe continues."""
    typed: list[bool] = []
    goes_on = False
    for line in lines:
        typed.append(line.startswith("$ ") or goes_on)
        goes_on = typed[-1] and line.endswith(("\\", "|"))
    return typed
