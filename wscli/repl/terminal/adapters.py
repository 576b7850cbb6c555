"""The pure answers to typing (`complete`, `validate`, `hint`) as prompt_toolkit asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.lexers import Lexer
from prompt_toolkit.styles import Style

from wscli.output.formats import safe
from wscli.repl.syntax.completer import Completion as Offered
from wscli.repl.syntax.completer import completions
from wscli.repl.syntax.context import Known
from wscli.repl.syntax.highlighter import Mark, marks

Knowing = Callable[[], Known]
T = TypeVar("T")

LONGEST = 20_000  # characters: of a longer line no key waits for colours and offers

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


class Guarded:
    """Answers to typing that never raise: a fault of ours costs its answer, is told once, and leaves the line as it is.

    told: is given a line that names the fault.
    """

    def __init__(self, told: Callable[[str], None]) -> None:
        self._told = told
        self._known: set[str] = set()

    def __call__(self, answer: Callable[[], T], otherwise: T) -> T:
        try:
            return answer()
        except Exception as fault:  # whatever it is, it would end the prompt
            name = f"{type(fault).__name__}: {fault}"
            if name not in self._known:
                self._known.add(name)
                self._told(f"wscli: a fault in what helps typing, which can be ignored: {safe(name)[:200]}")
            return otherwise


class Completing(Completer):
    """Tab."""

    def __init__(self, knowing: Knowing, guarded: Guarded) -> None:
        self._knowing, self._guarded = knowing, guarded

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        before = document.text_before_cursor
        if len(before) > LONGEST:
            return
        none: list[Offered] = []
        for found in self._guarded(lambda: completions(before, self._knowing()), none):
            yield Completion(found.text, -found.start, display_meta=found.meaning)


class Colouring(Lexer):
    """The colours of the line, and what is wrong with it underlined."""

    def __init__(self, knowing: Knowing, cursor: Callable[[], int], guarded: Guarded) -> None:
        self._knowing, self._cursor, self._guarded = knowing, cursor, guarded

    def invalidation_hash(self) -> object:
        return self._cursor()  # a word that is being typed is not wrong yet: it depends on where the cursor is

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        text, found = document.text, list[Mark]()
        if len(text) <= LONGEST:
            found = self._guarded(lambda: marks(text, self._knowing(), min(self._cursor(), len(text))), [])

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
