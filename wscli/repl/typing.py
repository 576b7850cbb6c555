"""The pure answers to typing (`complete`, `validate`, `hint`) as prompt_toolkit asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.lexers import Lexer
from prompt_toolkit.styles import Style

from wscli.repl.complete import completions
from wscli.repl.known import Known
from wscli.repl.validate import Mark, marks

Knowing = Callable[[], Known]

STYLE = Style.from_dict(
    {
        "command": "bold",
        "exchange": "bold ansimagenta",
        "channel": "ansicyan",
        "symbol": "ansigreen",
        "parameter": "ansiyellow",
        "value": "ansiyellow",
        "flag": "ansiblue",
        "operator": "bold",
        "string": "ansigreen",
        "comment": "ansibrightblack",
        "wrong": "ansired underline",
        "bottom-toolbar": "noreverse",
        "hint": "ansibrightblack",
        "status": "reverse",
    }
)


class Completing(Completer):
    """Tab."""

    def __init__(self, knowing: Knowing) -> None:
        self._knowing = knowing

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        for found in completions(document.text_before_cursor, self._knowing()):
            yield Completion(found.text, -found.start, display_meta=found.meaning)


class Colouring(Lexer):
    """The colours of the line, and what is wrong with it underlined."""

    def __init__(self, knowing: Knowing, cursor: Callable[[], int]) -> None:
        self._knowing, self._cursor = knowing, cursor

    def invalidation_hash(self) -> object:
        return self._cursor()  # a word that is being typed is not wrong yet: it depends on where the cursor is

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        text = document.text
        found = marks(text, self._knowing(), min(self._cursor(), len(text)))

        def line(number: int) -> StyleAndTextTuples:
            lines = document.lines
            if number >= len(lines):
                return []
            start = document.translate_row_col_to_index(number, 0)
            return coloured(text, found, start, start + len(lines[number]))

        return line


def coloured(text: str, found: Iterable[Mark], start: int, end: int) -> StyleAndTextTuples:
    """Return text[start:end] with its classes."""
    parts: StyleAndTextTuples = []
    at = start
    for mark in found:
        begin, stop = max(mark.start, start), min(mark.end, end)
        if begin >= stop:
            continue
        if begin > at:
            parts.append(("", text[at:begin]))
        parts.append((f"class:{mark.kind}", text[begin:stop]))
        at = stop
    if at < end:
        parts.append(("", text[at:end]))
    return parts
