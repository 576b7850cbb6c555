"""The parts of a typed command, as spans of the text with a class each: for the prompt, and for the Pygments lexer.

A pure function of the text, the cursor and what the prompt knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from wscli.commands.words import groups_so_far
from wscli.core.catalogue import Channel
from wscli.core.record import record
from wscli.repl.syntax.condition_words import condition_pieces, condition_text
from wscli.repl.syntax.context import Context
from wscli.repl.syntax.lexer import LexedLine, ParsedLine, ParsedToken, Token, lex, parse_line
from wscli.repl.syntax.token_types import StyleClass
from wscli.repl.syntax.validator import invalid_spans

NO_CURSOR = -1  # nothing is being typed
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?(?:ms|[smh])?")
_JSON_TOKEN = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*+"(?=\s*:))|(?P<string>"(?:[^"\\]|\\.)*+"?)|(?P<number>-?[0-9][-+.0-9eE]*)'
    r"|(?P<constant>true|false|null)|(?P<punctuation>[][{}:,]+)",
    re.S,
)


@record
class Highlight:
    """What text[start:end] is."""

    start: int
    end: int
    style_class: StyleClass


def highlights(text: str, context: Context, cursor: int | None = None) -> list[Highlight]:
    """Return the highlights of a command, in order, without overlap. cursor: where the next key goes; None for the end."""
    line = lex(text)
    return highlights_of(line, parse_line(line.tokens, context), context, len(text) if cursor is None else cursor)


def highlights_of(line: LexedLine, parsed_line: ParsedLine, context: Context, cursor: int) -> list[Highlight]:
    """Return the highlights of a command that is parsed already. cursor: NO_CURSOR where nothing is being typed."""
    text = line.text
    wrong = [(start, end) for start, end in invalid_spans(text, parsed_line, context, cursor) if start < end]
    found = [Highlight(*span, "wrong") for span in wrong]
    for highlight in (*_valid_highlights(text, parsed_line, context), *_ending_highlights(line)):
        if highlight.start < highlight.end and not any(
            highlight.start < end and start < highlight.end for start, end in wrong
        ):
            found.append(highlight)
    return sorted(found, key=lambda highlight: highlight.start)


def _ending_highlights(line: LexedLine) -> Iterator[Highlight]:
    """Yield the highlights of what follows the command: a redirect, a comment."""
    if (redirect := line.redirect) is not None:
        yield Highlight(redirect.operator_start, redirect.operator_start + len(redirect.op), "operator")
        yield Highlight(redirect.text_start, redirect.text_start + len(redirect.target), "string")
    if line.comment_start is not None:
        yield Highlight(line.comment_start, len(line.text), "comment")


# --- what each part is ---------------------------------------------------------------------------


def _valid_highlights(text: str, parsed_line: ParsedLine, context: Context) -> Iterator[Highlight]:
    for part in parsed_line.parts:
        yield from _part_highlights(text, part)
    arguments = parsed_line.arguments
    if not arguments:
        return
    argument_kind = parsed_line.spec.argument_kind if parsed_line.spec is not None else "nothing"
    match argument_kind:
        case "channels" | "subscriptions" | "query" | "book":
            yield from _argument_highlights(parsed_line, arguments, argument_kind)
        case "message":
            yield from _json_highlights(text, arguments[0])
            yield from _argument_highlights(parsed_line, arguments[1:], "channels")
        case "json":
            yield from _json_highlights(text, arguments[0])
            yield from (Highlight(token.start, token.end, "string") for token in arguments[1:])
        case "condition" | "alert":
            condition_tokens = parsed_line.condition_tokens
            if condition_tokens:
                yield from _condition_highlights(text, condition_tokens)
            for token in arguments[len(condition_tokens) :]:
                is_keyword = token is arguments[len(condition_tokens)]
                yield Highlight(token.start, token.end, "command" if is_keyword else "string")
        case "setting":
            yield Highlight(arguments[0].start, arguments[0].end, "parameter")
            yield from (_value(text, token.start, token.end) for token in arguments[1:])
        case "format" | "number" | "symbols" | "config":
            yield _value(text, arguments[0].start, arguments[0].end)
        case _:
            other: StyleClass = "channel" if argument_kind in ("topic", "channel") else "string"
            for token in arguments:
                yield Highlight(token.start, token.end, _name_class(token.text, argument_kind, context, other))


def _part_highlights(text: str, part: ParsedToken) -> Iterator[Highlight]:
    """Yield the highlights of an exchange, a verb, a flag or its value."""
    token = part.token
    match part.role:
        case "command":
            yield Highlight(token.start, token.end, "command")
        case "exchange":
            yield Highlight(token.start, token.end, "exchange")
        case "flag":
            name, equals, _ = text[token.start : token.end].partition("=")
            yield Highlight(token.start, token.start + len(name), "flag")
            yield _value(text, token.start + len(name) + len(equals), token.end)
        case "value" if part.flag is not None and part.flag.names[-1] in ("--where", "--until"):
            yield from _condition_highlights(text, [token])
        case "value":
            yield _value(text, token.start, token.end)


def _value(text: str, start: int, end: int) -> Highlight:
    return Highlight(start, end, _value_class(text[start:end]))


def _value_class(text: str) -> StyleClass:
    """Return the class of a value as it is typed.

    >>> _value_class("0.25"), _value_class("500ms"), _value_class("'a b'"), _value_class("1m.x")
    ('number', 'number', 'string', 'value')
    """
    return "string" if text[:1] in ("'", '"') else "number" if _NUMBER.fullmatch(text) else "value"


def _name_class(name: str, argument_kind: str, context: Context, other: StyleClass) -> StyleClass:
    """Return the class of an argument that may name an exchange, and after `help` a verb."""
    if argument_kind in ("exchange", "open", "topic", "channel") and name in context.exchanges:
        return "exchange"
    return "command" if argument_kind in ("topic", "channel") and context.verb_name(name) is not None else other


def _argument_highlights(parsed_line: ParsedLine, tokens: Sequence[Token], argument_kind: str) -> Iterator[Highlight]:
    """Yield the highlights of CHANNEL SYMBOL... key=value...; in an exchange's own name, the symbol apart.

    Where no exchange is in use the first word is taken for the channel, but for that of `book`.
    """
    dialect = parsed_line.dialect
    channels: Sequence[Channel] = ()
    if dialect is not None:
        channels = dialect.facts.queries if argument_kind == "query" else dialect.facts.channels
    is_channel = dialect is None and argument_kind != "book"
    for text, start, end in _comma_parts(tokens):
        groups = groups_so_far(channels, [text], dialect.facts.prefix_param if dialect is not None else None)
        if groups:
            symbols = groups[0].symbols
            boundary = end - len(symbols[0]) if symbols and text.endswith(symbols[0]) else end
            yield Highlight(start, boundary, "channel")
            yield Highlight(boundary, end, "symbol")
        elif "=" in text:
            boundary = start + text.index("=") + 1
            yield Highlight(start, boundary, "parameter")
            yield Highlight(boundary, end, _value_class(text[boundary - start :]))
        else:
            yield Highlight(start, end, "channel" if is_channel else "symbol")
        is_channel = False


def _comma_parts(tokens: Iterable[Token]) -> Iterator[tuple[str, int, int]]:
    for token in tokens:
        if not token.is_unquoted:
            yield token.text, token.start, token.end
            continue
        position = token.start
        for part in token.text.split(","):
            yield part, position, position + len(part)
            position += len(part) + 1


def _condition_highlights(text: str, tokens: Sequence[Token]) -> Iterator[Highlight]:
    for piece, (start, end) in condition_pieces(condition_text(text, tokens)):
        match piece.kind:
            case "field":
                yield Highlight(start, end, "parameter")
            case "value":
                yield _value(text, start, end)
            case "bracket":
                yield Highlight(start, end, "punctuation")
            case _:
                yield Highlight(start, end, "operator")


def _json_highlights(text: str, token: Token) -> Iterator[Highlight]:
    """Yield the highlights of JSON; in single quotes, too, as a shell needs them."""
    start, end = token.start, token.end
    if text[start] == "'":
        yield Highlight(start, start + 1, "string")
        start += 1
        if end > start and text[end - 1] == "'":
            end -= 1
            yield Highlight(end, end + 1, "string")
    if text[start : start + 1] not in ("{", "["):
        yield Highlight(start, end, "string")
        return
    for match in _JSON_TOKEN.finditer(text, start, end):
        yield Highlight(match.start(), match.end(), match.lastgroup)  # type: ignore[arg-type]
