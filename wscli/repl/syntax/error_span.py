"""Where the caret goes: the span of the word that a refusal is about."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wscli.core.errors import UsageError
from wscli.repl.syntax.lexer import lex

Span = tuple[int, int]  # from, up to


def error_span(line: str, error: UsageError) -> Span | None:
    """Return where in `line` the word stands that `error` is about; None where it is about none, or none is found.

    >>> error_span("subscribe trade btc", UsageError("no", word="btc"))
    (16, 19)
    """
    for candidate in _quoted_texts(error):
        spans = [*_token_spans(line)]
        for text, start, end in spans:
            if text == candidate:
                return start, end
        for text, start, _ in spans:  # a symbol or a value inside the exchange's own name: trade.btcusdt
            match = re.search(rf"(?<![A-Za-z0-9]){re.escape(candidate)}(?![A-Za-z0-9])", text)
            if match is not None and line.startswith(text, start):
                return start + match.start(), start + match.end()
    return None


def _quoted_texts(error: UsageError) -> Iterator[str]:
    """Yield the words that an error may be about: the one it names, the value of it, what its message quotes."""
    if error.word:
        yield error.word
        if "=" in error.word and error.word.partition("=")[2]:
            yield error.word.partition("=")[2]
    for quoted in re.findall(r"'((?:[^'\\]|\\.)+)'|\"((?:[^\"\\]|\\.)+)\"", error.message):
        yield quoted[0] or quoted[1]


def _token_spans(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the words of a line, then the parts of comma lists, then a command's words taken together."""
    tokens = lex(text).tokens
    for token in tokens:
        yield token.text, token.start, token.end
    for token in tokens:
        if token.is_unquoted and "," in token.text:
            position = token.start
            for part in token.text.split(","):
                yield part, position, position + len(part)
                position += len(part) + 1
    for first in tokens[1:3]:
        last = tokens[-1]
        yield text[first.start : last.end], first.start, last.end
