"""Where the caret goes: the span of the word that a refusal is about."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wscli.core.errors import UsageError
from wscli.repl.syntax.lexer import split

Span = tuple[int, int]  # from, up to


def pointed(line: str, error: UsageError) -> Span | None:
    """Return where in `line` the word stands that `error` is about; None where it is about none, or none is found.

    >>> pointed("subscribe trade btc", UsageError("no", word="btc"))
    (16, 19)
    """
    for wanted in _meant(error):
        spans = [*_spans(line)]
        for text, start, end in spans:
            if text == wanted:
                return start, end
        for text, start, _ in spans:  # a symbol or a value inside the venue's own name: trade.btcusdt
            found = re.search(rf"(?<![A-Za-z0-9]){re.escape(wanted)}(?![A-Za-z0-9])", text)
            if found is not None and line.startswith(text, start):
                return start + found.start(), start + found.end()
    return None


def _meant(error: UsageError) -> Iterator[str]:
    """Yield the words that an error may be about: the one it names, the value of it, what its message quotes."""
    if error.word:
        yield error.word
        if "=" in error.word and error.word.partition("=")[2]:
            yield error.word.partition("=")[2]
    for quoted in re.findall(r"'((?:[^'\\]|\\.)+)'|\"((?:[^\"\\]|\\.)+)\"", error.message):
        yield quoted[0] or quoted[1]


def _spans(line: str) -> Iterator[tuple[str, int, int]]:
    """Yield the words of a line, then the parts of comma lists, then a command's words taken together."""
    words = split(line).words
    for word in words:
        yield word.text, word.start, word.end
    for word in words:
        if word.plain and "," in word.text:
            at = word.start
            for part in word.text.split(","):
                yield part, at, at + len(part)
                at += len(part) + 1
    for first in words[1:3]:
        last = words[-1]
        yield line[first.start : last.end], first.start, last.end
