"""The words of a condition at the prompt: where they stand, what each is, what may come next, which of them are wrong. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

from wscli.commands.suggestions import MAX_SUGGESTIONS, Suggestion, best_first, ranked_matches, spelled_index
from wscli.core.catalogue import Channel
from wscli.core.dialect import Dialect
from wscli.core.errors import UsageError
from wscli.core.record import record
from wscli.output.conditions.checking import mistakes_in
from wscli.output.conditions.fields import KnownFields, RowField, known_fields
from wscli.output.conditions.grammar import parse_condition, pieces_of
from wscli.output.conditions.mistakes import InvalidCondition
from wscli.output.conditions.values import Piece
from wscli.repl.syntax.error_span import Span
from wscli.repl.syntax.lexer import Token

Expected: TypeAlias = Literal["field", "operator", "value", "connector"]

OPERATORS: Mapping[str, str] = {
    "=": "is",
    "!=": "is not",
    ">": "is more than",
    ">=": "is at least",
    "<": "is less than",
    "<=": "is at most",
    "~": "matches the regular expression",
    "!~": "does not match the regular expression",
}
OPERATOR_WORDS: Mapping[str, str] = {
    "in (": "is one of: in (A, B)",
    "between": "is at least A and at most B: between A and B",
    "not in (": "is none of",
    "not between": "is less than A or more than B",
}
CONNECTORS: Mapping[str, str] = {"and": "both hold", "or": "one of them holds"}


@record
class ConditionText:
    """A condition in a line: text stands at offset, without the quotes around it."""

    text: str
    offset: int

    def span(self, start: int, end: int) -> Span:
        """Return where a part of it stands in the line."""
        return self.offset + start, self.offset + end


def condition_text(line: str, tokens: Sequence[Token]) -> ConditionText:
    """Return the condition that words of a line are: as it is typed, or without its quotes where it is one word in quotes."""
    start, end = tokens[0].start, tokens[-1].end
    quote = line[start : start + 1]
    if len(tokens) == 1 and quote in ("'", '"') and quote:
        is_closed = end - start > 1 and line[end - 1] == quote and not tokens[0].unclosed
        return ConditionText(line[start + 1 : end - 1 if is_closed else end], start + 1)
    return ConditionText(line[start:end], start)


_KNOWN_FIELDS: dict[
    tuple[int, ...], tuple[Sequence[Channel], KnownFields]
] = {}  # by the identity of channels: constants
MAX_KNOWN_FIELDS = 16


def fields_of(dialect: Dialect | None, channels: Sequence[Channel]) -> KnownFields:
    """Return what is known of the messages of channels: once for each choice of them, since every key asks three times."""
    if not channels:
        return _fields_of(dialect, ())
    key = tuple(id(channel) for channel in channels)
    if key not in _KNOWN_FIELDS:
        if len(_KNOWN_FIELDS) >= MAX_KNOWN_FIELDS:
            _KNOWN_FIELDS.clear()
        _KNOWN_FIELDS[key] = tuple(channels), _fields_of(dialect, channels)
    return _KNOWN_FIELDS[key][1]


def _fields_of(dialect: Dialect | None, channels: Sequence[Channel]) -> KnownFields:
    facts = dialect.facts if dialect is not None else None
    entries = (*facts.channels, *facts.queries) if facts is not None else ()
    return known_fields(channels, channel_names=[channel.name for channel in (*channels, *entries)], spellings=())


# --- what may follow -----------------------------------------------------------------------------


@record
class ConditionEnd:
    """What is typed at the end of a condition. field: that of the last comparison. typed: so far, of what is expected. in_list: of in (…)."""

    expected: Expected
    typed: str
    field: str = ""
    in_list: bool = False


def condition_end(text: str) -> ConditionEnd:
    """Return what is typed at the end of a condition.

    >>> condition_end("price > 1 and si").typed, condition_end("side = b"), condition_end("price ").expected
    ('si', ConditionEnd(expected='value', typed='b', field='side', in_list=False), 'operator')
    """
    pieces = pieces_of(text)
    if not pieces:
        return ConditionEnd("field", text.lstrip())
    last, rest = pieces[-1], text[pieces[-1].end :]
    field = next((text[piece.start : piece.end] for piece in reversed(pieces) if piece.kind == "field"), "")
    in_list = _is_in_list(text, pieces)
    word = text[last.start : last.end].lower()
    match last.kind:
        case "field" if not rest:
            return ConditionEnd("field", word and text[last.start :])
        case "field":
            return ConditionEnd("operator", rest.lstrip(), field)
        case "operator":
            return ConditionEnd("value", rest.lstrip(), field)
        case "keyword" if word == "between":
            return ConditionEnd("value", rest.lstrip(), field)
        case "keyword" if word == "in" or (word == "not" and _follows_field(pieces)):
            return ConditionEnd("operator", f"{text[last.start :].rstrip()} " if rest else text[last.start :], field)
        case "keyword" if rest:
            return condition_end(rest)
        case "keyword":
            return ConditionEnd("connector", text[last.start :])
        case "bracket" if in_list:
            return ConditionEnd("value", rest.lstrip(), field, in_list=True)
        case "bracket" if word == "(":
            return condition_end(rest)
        case "bracket":
            return ConditionEnd("connector", rest.lstrip())
    typed = text[last.start :]
    if in_list:
        return ConditionEnd("value", typed, field, in_list=True)
    behind = re.search(r"[\w'\")\]}]\s+(\S*)$", typed)
    return ConditionEnd("connector", behind[1]) if behind is not None else ConditionEnd("value", typed, field)


def _is_in_list(text: str, pieces: Sequence[Piece]) -> bool:
    """Return whether the values of in (…) are typed at the end."""
    for piece in reversed(pieces):
        word = text[piece.start : piece.end]
        if piece.kind == "bracket" and word == ")":
            return False
        if piece.kind == "keyword":
            return word.lower() == "in"
        if piece.kind == "field":
            return False
    return False


def _follows_field(pieces: Sequence[Piece]) -> bool:
    return len(pieces) > 1 and pieces[-2].kind == "field"


def condition_suggestions(
    dialect: Dialect | None, channels: Sequence[Channel], typed: str, symbols: tuple[str, ...]
) -> tuple[str, list[Suggestion]]:
    """Return which part of a condition is replaced, and by what. channels: those whose rows the condition is about."""
    end = condition_end(typed)
    fields = fields_of(dialect, channels).fields
    match end.expected:
        case "field":
            return end.typed, _field_suggestions(fields, end.typed)
        case "operator":
            operators = [
                *(Suggestion(op, f"{end.field} {meaning}") for op, meaning in OPERATORS.items()),
                *(Suggestion(op, meaning, is_several_words=True) for op, meaning in OPERATOR_WORDS.items()),
            ]
            return end.typed, [one for one in operators if one.text.startswith(end.typed.lower())]
        case "connector":
            words = [*(Suggestion(word, meaning) for word, meaning in CONNECTORS.items())]
            return end.typed, [one for one in words if one.text.startswith(end.typed.lower())]
    value = end.typed.lstrip("'\"")
    known = fields.get(end.field.removeprefix("."), RowField())
    ranked = [*ranked_matches(value, (Suggestion(text, meaning) for text, meaning in known.values.items()))]
    if end.field == "symbol" and dialect is not None:
        index = spelled_index(symbols, dialect.facts.symbol_spelling)
        ranked += ((order, Suggestion(symbol)) for order, symbol in index.matching(value, MAX_SUGGESTIONS))
    return value, best_first(ranked)


def _field_suggestions(fields: Mapping[str, RowField], typed: str) -> list[Suggestion]:
    ranked = [*ranked_matches(typed, (Suggestion(name, about.meaning) for name, about in fields.items()))]
    if typed in fields:
        ranked += ((1, Suggestion(typed + op, meaning)) for op, meaning in OPERATORS.items())
    return best_first(ranked)


# --- what is wrong -------------------------------------------------------------------------------


def wrong_spans(expression: str, condition: ConditionText, known: KnownFields, cursor: int) -> Iterator[Span]:
    """Yield the parts of a condition that are wrong, as they stand in the line.

    expression: the condition as it is read. cursor: where the next key goes. What is typed there may still become a condition.
    """
    whole = condition.span(0, len(condition.text))
    try:
        parse_condition(expression)
    except UsageError:
        if not whole[0] <= cursor <= whole[1]:
            yield _error_span(condition) or whole
        return
    try:
        parsed = parse_condition(condition.text)
    except UsageError:
        return  # it is read otherwise than it stands there: a backslash
    for mistake in mistakes_in(condition.text, parsed, known):
        if mistake.is_fatal:
            yield condition.span(*mistake.span)


def _error_span(condition: ConditionText) -> Span | None:
    try:
        parse_condition(condition.text)
    except InvalidCondition as error:
        start, end = error.span
        return condition.span(start, end) if end > start else None
    except UsageError:
        return None  # of a regular expression
    return None


def condition_pieces(condition: ConditionText) -> Iterable[tuple[Piece, Span]]:
    """Yield the parts of a condition, each with where it stands in the line."""
    for piece in pieces_of(condition.text):
        yield piece, condition.span(piece.start, piece.end)
