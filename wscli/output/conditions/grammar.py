"""The grammar of conditions: text in, a tree out, or where and why it cannot be read.

    condition:   all { or all }                    all:  one { and one }
    one:         not one | ( condition ) | FIELD OP VALUE | FIELD [not] in (VALUE, …) | FIELD [not] between VALUE and VALUE

A value extends to the next `and` or `or` that a condition follows, or to the bracket that closes a group, so that spaces, commas and
brackets need no quotes: `status ~ ^(NEW|FILLED)$`. Quotes hold what would end it.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from typing import NoReturn

from wscli.core.errors import UsageError
from wscli.output.conditions import mistakes
from wscli.output.conditions.comparing import comparison_function
from wscli.output.conditions.mistakes import InvalidCondition, TypedAt, Unreadable
from wscli.output.conditions.tree import AllOf, AnyOf, Comparison, Condition, Negation, Span, conjuncts
from wscli.output.conditions.values import (
    CONDITION_START,
    CONNECTOR,
    CONNECTOR_AT_ONCE,
    FIELD,
    Piece,
    ValueReader,
    unquoted,
)

MAX_DEPTH = 50  # groups and `not` within each other
OPERATORS = ("=", "==", "!=", ">", ">=", "<", "<=", "~", "!~")
_FIELD_AND_OPERATOR = re.compile(rf"({FIELD})\s*([=!<>~]+)")
_FIELD_AND_WORD = re.compile(rf"({FIELD})\s+(?:(not)\s+)?(in|between)(?![\w=!<>~])", re.I)
_NEGATION = re.compile(r"not(?=[\s(])", re.I)


def parse_condition(text: str, typed_at: TypedAt | None = None) -> Condition:
    """Return the condition of a text. Raises InvalidCondition: with a corrected line where there is one, else with the grammar.

    typed_at: where it was typed, for the hint.

    >>> parse_condition("price >= 36500").compare("36500.00"), parse_condition("side=buy").compare("sell")
    (True, False)
    """
    typed_at = typed_at or TypedAt()
    try:
        return _Reader(text).read()
    except Unreadable as error:
        raise InvalidCondition(text, error, typed_at, _readable(error.corrected)) from None


def parse_conditions(texts: Sequence[str], typed_at: TypedAt | None = None) -> tuple[Condition, ...]:
    """Return conditions that must all hold; the parts of an `and` each for itself."""
    return tuple(one for text in texts for one in conjuncts(parse_condition(text, typed_at)))


def pieces_of(text: str) -> list[Piece]:
    """Return the parts of a condition in order, as far as it can be read.

    >>> [(piece.kind, "price>1 and not side = buy"[piece.start:piece.end]) for piece in pieces_of("price>1 and not side = buy")][2:5]
    [('value', '1'), ('keyword', 'and'), ('keyword', 'not')]
    """
    reader = _Reader(text)
    with contextlib.suppress(Unreadable, UsageError):  # a regular expression that is not finished is none
        reader.read()
    return reader.pieces


def _readable(corrected: str | None) -> str | None:
    """Return a corrected text, corrected again until it can be read; None where it cannot."""
    for _ in range(8):
        if corrected is None:
            return None
        try:
            _Reader(corrected).read()
        except Unreadable as error:
            corrected = error.corrected
        else:
            return corrected
    return None


class _Reader(ValueReader):
    """Reads one condition."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.depth = 0

    def read(self) -> Condition:
        condition = self._any_of()
        if self.at < len(self.text):
            self._fail("a bracket is closed that was not opened", (self.at, self.at + 1), self._without(self.at))
        return condition

    # --- and, or, not, groups ---

    def _any_of(self) -> Condition:
        parts = [self._all_of()]
        while self._takes_connector("or"):
            parts.append(self._all_of())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _all_of(self) -> Condition:
        parts = [self._one()]
        while self._takes_connector("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _takes_connector(self, word: str) -> bool:
        """Pass over `and` or `or` where it stands next; raise Unreadable where neither, a bracket, nor the end does."""
        found = CONNECTOR.match(self.text, self.at) or CONNECTOR_AT_ONCE.match(self.text, self.at)
        if found is None:
            self._skip_space()
            if self.at < len(self.text) and self.text[self.at] != ")":
                self._fail_behind_condition()
            return False
        if found[1].lower() != word:
            return False
        self._piece("keyword", *found.span(1))
        if not self.text[self.at :].strip():
            self._fail(f"{found[1]} needs a condition behind it", found.span(1), self.text[: found.start()])
        return True

    def _one(self) -> Condition:
        self._skip_space()
        if self.depth > MAX_DEPTH:
            self._fail("too many brackets", (self.at, self.at + 1))
        if self.text.startswith("(", self.at):
            return self._group()
        if (found := _FIELD_AND_OPERATOR.match(self.text, self.at)) is not None:
            return self._comparison(found[1], found.span(1), found.span(2))
        if (found := _NEGATION.match(self.text, self.at)) is not None:
            self._piece("keyword", *found.span())
            self.depth += 1
            part = self._one()
            self.depth -= 1
            return Negation(part)
        if (found := _FIELD_AND_WORD.match(self.text, self.at)) is not None:
            return self._listed(found)
        raise self._field_error()

    def _group(self) -> Condition:
        opened = self.at
        self._piece("bracket", opened, opened + 1)
        self.depth += 1
        condition = self._any_of()
        self.depth -= 1
        if not self.text.startswith(")", self.at):
            self._fail("a bracket is not closed", (opened, opened + 1), f"{self.text.rstrip()})")
        self._piece("bracket", self.at, self.at + 1)
        return condition

    # --- comparisons ---

    def _comparison(self, field: str, field_span: Span, op_span: Span) -> Comparison:
        self._piece("field", *field_span)
        self._piece("operator", *op_span)
        op = self.text[slice(*op_span)]
        if op not in OPERATORS:
            near = mistakes.NEAR_OPERATORS.get(op)
            corrected = f"{self.text[: op_span[0]]}{near}{self.text[op_span[1] :]}" if near is not None else None
            self._fail(f"{op} is not an operator", op_span, corrected)
        op = "=" if op == "==" else op
        self._skip_space()
        value = self._quoted_value() or self._plain_value(field, op)
        return self._made(field, field_span, op, [value])

    def _listed(self, found: re.Match[str]) -> Condition:
        field, op = found[1], found[3].lower()
        self._piece("field", *found.span(1))
        for group in (2, 3):
            if found[group] is not None:
                self._piece("keyword", *found.span(group))
        self._skip_space()
        spans = self._list() if op == "in" else self._range(field)
        made = self._made(field, found.span(1), op, spans)
        return Negation(made) if found[2] is not None else made

    def _made(self, field: str, field_span: Span, op: str, spans: Sequence[Span]) -> Comparison:
        name = field.removeprefix(".")
        path = tuple(name.split("."))
        if "" in path:
            self._fail(f"{field!r} is not a field or path", field_span)
        values = tuple(self.text[slice(*unquoted(self.text, span))] for span in spans)
        compare = comparison_function(op, values)
        span = field_span[0], self.at
        return Comparison(name, op, values, path, "." in field, compare, span, field_span, tuple(spans))

    # --- what cannot be read ---

    def _fail_behind_condition(self) -> NoReturn:
        rest = self.text[self.at :]
        word = re.match(r"\S+", rest)
        span = self.at, self.at + (word.end() if word is not None else 1)
        joined = re.match(r"(?:&&?|\|\|?|[,;])?\s*", rest)
        follows = rest[joined.end() :] if joined is not None else rest
        corrected = None
        if CONDITION_START.match(follows) is not None:
            connector = "or" if rest.startswith("|") else "and"
            corrected = f"{self.text[: self.at].rstrip()} {connector} {follows}"
        self._fail(
            "two conditions need 'and' or 'or' between them" if corrected else "this stands behind a condition",
            span,
            corrected,
        )

    def _field_error(self) -> Unreadable:
        text, start = self.text, self.at
        rest = text[start:]
        word = re.match(FIELD, rest)
        if word is None:
            span = start, min(start + 1, len(text))
            return Unreadable("a condition begins with a field" if rest else "a condition is missing", span, None)
        span = start, start + word.end()
        if word[0].lower() in ("and", "or"):
            return Unreadable(
                f"{word[0]} must stand between two conditions", span, rest[word.end() :].strip() if start == 0 else None
            )
        corrected = mistakes.with_operator(word[0], rest[word.end() :])
        self._piece("field", *span)
        return Unreadable(
            f"{word[0]} needs an operator behind it",
            span,
            f"{text[:start]}{corrected}" if corrected is not None else None,
        )
