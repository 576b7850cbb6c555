"""A help page as roff, for the man page: the man macros alone, and ASCII alone, which groff and mandoc both read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wscli.help.markdown import Block, Code, Heading, List, Paragraph, Table, blocks, spans

_NEW_PARAGRAPH, _TAGGED, _CODE, _END_CODE = ".PP", ".TP", ".PP\n.RS 2\n.nf", ".fi\n.RE"


def section(page: str) -> str:
    r"""Return a page as a section, its headings as subsections.

    >>> print(section("# Title\n\nSome `-o json`.\n"), end="")
    .SH TITLE
    .PP
    Some \fB\-o json\fR.
    """
    return "".join(f"{line}\n" for block in blocks(page) for line in _lines(block))


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(level=1, text=text):
            yield f".SH {escaped(text.upper())}"
        case Heading(text=text):
            yield f".SS {escaped(text)}"
        case Paragraph(text=text):
            yield from (_NEW_PARAGRAPH, styled(text))
        case List(items=items):
            for mark, text in items:
                tag = r"\(bu 2" if mark == "- " else f"{mark.strip()} 3"
                yield from (f".IP {tag}", styled(text))
        case Table(rows=rows):
            head, *body = rows
            for first, *rest in body:
                yield from tagged(first, _cells_text(head[1:], rest))
        case Code(lines=lines):
            yield _CODE
            yield from (_guarded(escaped(line)) for line in lines)
            yield _END_CODE


def tagged(tag: str, text: str) -> Iterator[str]:
    """Yield a term and the paragraph that explains it."""
    yield from (_TAGGED, f"\\fB{styled(tag, code=False)}\\fR", styled(text))


def _cells_text(names: tuple[str, ...], cells: list[str]) -> str:
    """Return the cells behind the first one; several of them with the names of their columns."""
    if len(cells) == 1:
        return cells[0]
    return "; ".join(f"{name}: {cell}" for name, cell in zip(names, cells, strict=True))


def styled(text: str, *, code: bool = True) -> str:
    """Return a text in lines, its code and strong words in bold. code: False where all of it is bold already."""
    parts = []
    for span, kind in spans(" ".join(text.split())):
        shown = escaped(span)
        parts.append(f"\\fB{shown}\\fR" if code and kind != "plain" else shown)
    return _guarded("".join(parts))


def escaped(text: str) -> str:
    r"""Return a text whose characters mean themselves: hyphens can be searched for and copied.

    >>> escaped(r"a\n -x …")
    'a\\en \\-x \\[u2026]'
    """
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"[^\x00-\x7f]", lambda character: f"\\[u{ord(character[0]):04X}]", text)


def _guarded(line: str) -> str:
    """Return a line that roff does not take for a request."""
    return f"\\&{line}" if line[:1] in (".", "'") else line
