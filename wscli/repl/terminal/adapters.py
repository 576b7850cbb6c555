"""The pure answers to typing (`complete`, `validate`, `hint`) as prompt_toolkit asks for them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import TypeVar

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.lexers import Lexer
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.styles import Style

from wscli.app.settings import has_truecolor, palette_of
from wscli.commands.options import Options
from wscli.output.colors.palette import PLAIN, Palette
from wscli.output.json_layout import escape_controls
from wscli.repl.syntax.completer import Completion as Offered
from wscli.repl.syntax.completer import completions
from wscli.repl.syntax.context import Context
from wscli.repl.syntax.highlighter import Highlight, highlights
from wscli.repl.syntax.token_types import TOKEN_TYPES

ContextSource = Callable[[], Context]
T = TypeVar("T")

MAX_STYLED_LENGTH = 20_000  # characters: of a longer line no key waits for colours and offers

WRONG_ATTRIBUTE = "underline"  # in every style: a red that is not seen, or is the style's own, says nothing
FIXED_CLASSES = {"bottom-toolbar": "noreverse", "hint": "ansibrightblack", "status": "reverse"}


@lru_cache(maxsize=4)
def prompt_style(palette: Palette) -> Style:
    """Return the style of the prompt: what is typed has the colours of a palette; what stands below it keeps its own."""
    rules: dict[str, str] = {name: palette.styles.get(token, "") for name, token in TOKEN_TYPES.items()}
    rules["wrong"] = f"{rules['wrong']} {WRONG_ATTRIBUTE}".lstrip()
    return Style.from_dict(rules | FIXED_CLASSES)


def color_depth(env: Mapping[str, str]) -> ColorDepth | None:
    """Return how many colours the typed line has; None where prompt_toolkit knows better: NO_COLOR, its own variable."""
    if not has_truecolor(env) or ColorDepth.from_env() is not None:
        return None
    return ColorDepth.DEPTH_24_BIT


class CrashGuard:
    """Answers to typing that never raise: a fault of ours costs its answer, is reported once, and leaves the line as it is.

    report: is given a line that names the fault.
    """

    def __init__(self, report: Callable[[str], None]) -> None:
        self._report = report
        self._reported: set[str] = set()

    def __call__(self, compute: Callable[[], T], default: T) -> T:
        try:
            return compute()
        except Exception as fault:  # whatever it is, it would end the prompt
            name = f"{type(fault).__name__}: {fault}"
            if name not in self._reported:
                self._reported.add(name)
                self._report(
                    f"wscli: a fault in what helps typing, which can be ignored: {escape_controls(name)[:200]}"
                )
            return default


def current_prompt_style(crash_guard: CrashGuard, options: Options) -> Style:
    """Return the style of what is typed now."""
    return crash_guard(lambda: prompt_style(palette_of(options)), prompt_style(PLAIN))


class PromptCompleter(Completer):
    """Tab."""

    def __init__(self, current_context: ContextSource, crash_guard: CrashGuard) -> None:
        self._current_context, self._crash_guard = current_context, crash_guard

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        text = document.text_before_cursor
        if len(text) > MAX_STYLED_LENGTH:
            return
        none: list[Offered] = []
        for completion in self._crash_guard(lambda: completions(text, self._current_context()), none):
            yield Completion(completion.text, -completion.replaced_length, display_meta=completion.summary)


class PromptLexer(Lexer):
    """The colours of the line, and what is wrong with it underlined."""

    def __init__(self, current_context: ContextSource, cursor: Callable[[], int], crash_guard: CrashGuard) -> None:
        self._current_context, self._cursor, self._crash_guard = current_context, cursor, crash_guard

    def invalidation_hash(self) -> object:
        return self._cursor()  # a word that is being typed is not wrong yet: it depends on where the cursor is

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        text, highlights_found = document.text, list[Highlight]()
        if len(text) <= MAX_STYLED_LENGTH:
            highlights_found = self._crash_guard(
                lambda: highlights(text, self._current_context(), min(self._cursor(), len(text))), []
            )

        def fragments_of_line(number: int) -> StyleAndTextTuples:
            lines = document.lines
            if number >= len(lines):
                return []
            start = document.translate_row_col_to_index(number, 0)
            return styled_fragments(text, highlights_found, start, start + len(lines[number]))

        return fragments_of_line


def styled_fragments(text: str, highlights_found: Sequence[Highlight], start: int, end: int) -> StyleAndTextTuples:
    """Return text[start:end] with its classes. highlights_found: in order, without overlap."""
    parts: StyleAndTextTuples = []
    position = start
    first = bisect_right(
        highlights_found, start, key=lambda highlight: highlight.end
    )  # JSON over many rows has thousands
    for highlight in islice(highlights_found, first, None):
        begin, stop = max(highlight.start, start), min(highlight.end, end)
        if begin >= stop:
            break
        if begin > position:
            parts.append(("", text[position:begin]))
        parts.append((f"class:{highlight.style_class}", text[begin:stop]))
        position = stop
    if position < end:
        parts.append(("", text[position:end]))
    return parts
