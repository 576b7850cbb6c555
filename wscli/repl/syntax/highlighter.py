"""The line in colours, and what is wrong in it: spans of the text with a class each. A pure function of the text, the cursor
and what is known. A word that is still being typed is not wrong while it can become right."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, TypeAlias

from wscli.app import api_rules
from wscli.commands.book_args import chosen, the_one
from wscli.commands.options import fault
from wscli.commands.parser import spoken
from wscli.commands.suggestions import CONDITION
from wscli.core.catalogue import Channel, Shape
from wscli.core.dialect import Dialect
from wscli.core.errors import UsageError
from wscli.core.jsontext import parsed
from wscli.core.record import replace, value
from wscli.output.filters import condition, pattern
from wscli.repl.syntax.completer import completions
from wscli.repl.syntax.context import Known
from wscli.repl.syntax.error_span import Span, pointed
from wscli.repl.syntax.lexer import Part, Said, Word, read, split

Class: TypeAlias = Literal[
    "command", "exchange", "channel", "symbol", "parameter", "value", "flag", "operator", "string", "comment", "wrong"
]
LONGEST_JSON = 20_000  # a longer frame is coloured, and not read again at each key


@value
class Mark:
    """What text[start:end] is."""

    start: int
    end: int
    kind: Class


def marks(text: str, known: Known, cursor: int | None = None) -> list[Mark]:
    """Return the marks of a line, in order, without overlap. cursor: where the next key goes; the end when not said."""
    line = split(text)
    said = read(line.words, known)
    wrong = _apart(span for span in _faults(text, said, known) if not _becoming(text, span, known, said, cursor))
    found = [Mark(*span, "wrong") for span in wrong]
    for mark in _classes(text, said, known):
        if mark.start < mark.end and not any(mark.start < end and start < mark.end for start, end in wrong):
            found.append(mark)
    if line.tail is not None:
        found.append(Mark(line.tail.start, line.tail.start + len(line.tail.op), "operator"))
        found.append(Mark(line.tail.at, line.tail.at + len(line.tail.text), "string"))
    if line.comment is not None:
        found.append(Mark(line.comment, len(text), "comment"))
    return sorted((m for m in found if m.start < m.end), key=lambda m: m.start)


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that overlap as one.

    >>> _apart([(5, 9), (0, 3), (6, 12)])
    [(0, 3), (5, 12)]
    """
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


# --- what each part is ---------------------------------------------------------------------------


def _classes(text: str, said: Said, known: Known) -> Iterator[Mark]:
    takes = said.facts.takes if said.facts is not None else "nothing"
    for part in said.parts:
        word = part.word
        match part.role:
            case "command":
                yield Mark(word.start, word.end, "command")
            case "exchange":
                yield Mark(word.start, word.end, "exchange")
            case "flag":
                name, equals, _ = text[word.start : word.end].partition("=")
                yield Mark(word.start, word.start + len(name), "flag")
                yield Mark(word.start + len(name) + len(equals), word.end, "value")
            case "value" if part.flag is not None and part.flag.names[-1] in ("--where", "--until"):
                yield from _of_condition(text, word.start, word.end)
            case "value":
                yield Mark(word.start, word.end, "value" if word.plain else "string")
    words = said.words
    if not words:
        return
    match takes:
        case "channels" | "subscriptions" | "query" | "book":
            yield from _of_words(said, words, takes == "query")
        case "message":
            yield Mark(words[0].start, words[0].end, "string")
            yield from _of_words(said, words[1:], False)
        case "condition":
            yield from _of_condition(text, words[0].start, said.expression[-1].end)
        case "exchange" | "open":
            for word in words:
                yield Mark(word.start, word.end, "exchange" if word.text in known.exchanges else "string")
        case "topic" | "channel":
            for word in words:
                kind: Class = "command" if word.text in known.commands else "channel"
                yield Mark(word.start, word.end, "exchange" if word.text in known.exchanges else kind)
        case "setting":
            for word, setting in zip(words, ("parameter", "value"), strict=False):
                yield Mark(word.start, word.end, "parameter" if setting == "parameter" else "value")
        case "format" | "number" | "symbols":
            yield Mark(words[0].start, words[0].end, "value")
        case _:
            yield from (Mark(word.start, word.end, "string") for word in words)


def _of_words(said: Said, words: Sequence[Word], asked: bool) -> Iterator[Mark]:
    """Yield the marks of CHANNEL SYMBOL... key=value...; of the venue's own name, its symbol by itself."""
    channels: Sequence[Channel] = ()
    if said.dialect is not None:
        channels = said.dialect.queries if asked else said.dialect.channels
    for text, start, end in _parts(words):
        group = next(iter(spoken(channels, [text], said.dialect.prefix if said.dialect is not None else None)), None)
        if group is not None:
            at = end - len(group.symbols[0]) if group.symbols and text.endswith(group.symbols[0]) else end
            yield Mark(start, at, "channel")
            yield Mark(at, end, "symbol")
        elif "=" in text:
            at = start + text.index("=") + 1
            yield Mark(start, at, "parameter")
            yield Mark(at, end, "value")
        else:
            yield Mark(start, end, "symbol")


def _parts(words: Iterable[Word]) -> Iterator[tuple[str, int, int]]:
    for word in words:
        if not word.plain:
            yield word.text, word.start, word.end
            continue
        at = word.start
        for part in word.text.split(","):
            yield part, at, at + len(part)
            at += len(part) + 1


def _of_condition(text: str, start: int, end: int) -> Iterator[Mark]:
    quote = text[start : start + 1] if text[start : start + 1] in ("'", '"') else ""
    last = end - 1 if quote and end - start > 1 and text[end - 1] == quote else end
    said = CONDITION.fullmatch(text[start + len(quote) : last])
    if said is None:
        yield Mark(start, end, "string")
        return
    at = start + len(quote)
    yield Mark(at + said.start("field"), at + said.end("field"), "parameter")
    yield Mark(at + said.start("op"), at + said.end("op"), "operator")
    yield Mark(at + said.start("value"), at + said.end("value"), "value")


# --- what is wrong -------------------------------------------------------------------------------


def _faults(text: str, said: Said, known: Known) -> Iterator[Span]:
    if said.command is not None and said.facts is None:
        yield from (p.span for p in said.parts if p.role == "command")
        return
    for part in said.parts:
        if part.role == "flag" and (part.flag is None or "=" in part.word.text):
            yield from _flag_faults(part, part.word.text.partition("=")[2])
        elif part.role == "value":
            yield from _flag_faults(part, part.word.text)
    yield from _word_faults(text, said, known)


def _flag_faults(part: Part, value: str) -> Iterator[Span]:
    flag = part.flag
    if (
        flag is None
        or (flag.values and value not in flag.values)
        or (flag.names[-1] in ("--where", "--until", "--grep", "--fault") and _refused(flag.names[-1], value))
    ):
        yield part.span


def _refused(name: str, value: str) -> bool:
    try:
        if name == "--grep":
            pattern(value)
        elif name == "--fault":
            fault(value)
        else:
            condition(value)
    except UsageError:
        return True
    return False


def _word_faults(text: str, said: Said, known: Known) -> Iterator[Span]:
    words = said.words
    if said.facts is None or not words:
        return
    texts = [word.text for word in words]
    match said.facts.takes:
        case "channels" | "subscriptions" | "query" if said.dialect is not None:
            span = _refused_word(text, said, said.command or "", texts)
            yield from [span] if span is not None else []
        case "book" if said.dialect is not None:
            span = _refused_book(text, said.dialect, texts)
            yield from [span] if span is not None else []
        case "message" if said.dialect is not None and len(words) > 1:
            other = api_rules.dialect_of(
                api_rules.Line(said.dialect.name, "subscribe", tuple(texts[1:]))
            )  # evidence: of any API
            span = _refused_word(text, replace(said, dialect=other), "subscribe", texts[1:])
            yield from [span] if span is not None else []
        case "condition" | "regex" as kind:
            expression = " ".join(word.text for word in said.expression)
            if _refused("--grep" if kind == "regex" else "--where", expression):
                yield words[0].start, said.expression[-1].end
        case "json":
            if texts[0] != "-" and (words[0].open or not _is_json(texts[0])):
                yield words[0].start, words[0].end
        case takes:
            allowed = _allowed(said, known).get(takes)
            if allowed is not None and texts[0] not in allowed and "://" not in texts[0]:
                yield words[0].start, words[0].end


def _refused_word(text: str, said: Said, verb: str, words: Sequence[str]) -> Span | None:
    if said.dialect is None:
        return None
    try:
        api_rules.meaning(
            api_rules.Line(said.dialect.name, verb, tuple(words), pinned=said.dialect.api.name, open=True)
        )
    except UsageError as error:
        return pointed(text, error) if error.word is not None else None
    return None


def _refused_book(text: str, dialect: Dialect, words: Sequence[str]) -> Span | None:
    try:
        line = api_rules.Line(dialect.name, "book", tuple(words), pinned=dialect.api.name, book=True, open=True)
        the_one(dialect, api_rules.meaning(line).commands, words)
    except UsageError as error:
        return pointed(text, error) if error.word is not None else None
    return None


def _allowed(said: Said, known: Known) -> dict[str, Iterable[str]]:
    """Return what the first word may be, for commands that take one of a few."""
    output = known.flag("--output")
    names = (c.name for c in (*said.dialect.channels, *said.dialect.queries)) if said.dialect is not None else ()
    few: dict[str, Iterable[str]] = {
        "exchange": known.exchanges,
        "open": known.open,
        "favourite": known.favourites,
        "setting": known.settings,
        "symbols": ("refresh",),
        "topic": {*known.commands, *known.exchanges, *names},
    }
    return few | ({"format": output.values} if output is not None and output.values else {})


def _is_json(text: str) -> bool:
    if len(text) > LONGEST_JSON:
        return True
    try:
        parsed(text)
    except (ValueError, RecursionError):
        return False
    return True


def _becoming(text: str, span: Span, known: Known, said: Said, cursor: int | None) -> bool:
    """Say whether a span is being typed (the cursor touches it) and can still become right."""
    at = len(text) if cursor is None else cursor
    if not span[0] <= at <= span[1]:
        return False
    takes = said.facts.takes if said.facts is not None else ""
    if takes in ("condition", "regex", "json") or any(p.word.end == at and p.role == "value" for p in said.parts):
        return True
    if completions(text[:at], known):
        return True
    typed = text[span[0] : at]
    return said.dialect is not None and bool(re.fullmatch(r"[\w-]+", typed)) and _may_fit(typed, said, takes)


def _may_fit(typed: str, said: Said, takes: str) -> bool:
    """Say whether the beginning of a symbol can become one: with the end of the example put behind it, it fits."""
    if said.dialect is None or takes not in ("channels", "subscriptions", "query", "book"):
        return False
    channels = said.dialect.queries if takes == "query" else said.dialect.channels
    words = [word.text for word in said.words]
    groups = spoken(channels, words)
    if not groups and takes == "book" and words:
        with contextlib.suppress(UsageError):  # it has no book
            groups = spoken(channels, chosen(said.dialect, words))
    if not groups or groups[-1].channel.symbols[1] == 0:
        return False
    shape: Shape = groups[-1].channel.shape or said.dialect.shape
    return any(shape.fits(typed + shape.example[n:]) for n in range(len(shape.example)))
