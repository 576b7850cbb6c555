"""What is wrong in a typed command: spans of its text. A word that is still being typed is not wrong while it can become valid."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence

from wscli.app import api_choice
from wscli.commands.book_args import single_subscription, subscribe_words
from wscli.commands.flag_table import is_taken_at_prompt
from wscli.commands.flags import Flag, checked_fault
from wscli.commands.verb_table import CONFIG_ACTIONS
from wscli.commands.verbs import CONDITION_KINDS
from wscli.commands.words import groups_so_far
from wscli.core.catalogue import SymbolSpelling
from wscli.core.dialect import Dialect
from wscli.core.errors import UsageError
from wscli.core.jsontext import parsed
from wscli.core.record import replace
from wscli.exchanges import find_dialect
from wscli.help.pages import TOPICS
from wscli.output.conditions.comparing import compile_pattern
from wscli.output.conditions.grammar import parse_condition
from wscli.repl.syntax.completer import completions
from wscli.repl.syntax.condition_words import condition_text, fields_of, wrong_spans
from wscli.repl.syntax.context import Context
from wscli.repl.syntax.error_span import Span, error_span
from wscli.repl.syntax.lexer import ParsedLine, ParsedToken, Token
from wscli.repl.syntax.offers import condition_channels

MAX_CHECKED_JSON = 20_000  # characters: longer JSON is not parsed at every key


def invalid_spans(text: str, parsed_line: ParsedLine, context: Context, cursor: int) -> list[Span]:
    """Return the spans that are wrong, in order, without overlap. cursor: what touches it may still be typed; -1 for none."""
    return _merged(
        span
        for span in _error_spans(text, parsed_line, context, cursor)
        if not _may_become_valid(text, span, context, parsed_line, cursor)
    )


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that overlap as one.

    >>> _merged([(5, 9), (0, 3), (6, 12)])
    [(0, 3), (5, 12)]
    """
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _error_spans(text: str, parsed_line: ParsedLine, context: Context, cursor: int) -> Iterator[Span]:
    if parsed_line.command is not None and parsed_line.spec is None:
        yield from (p.span for p in parsed_line.parts if p.role == "command")
        return
    for part in parsed_line.parts:
        if part.role == "flag" and part.flag is not None and not _is_taken(part.flag, parsed_line):
            yield part.span
        elif part.role == "value" and part.flag is not None and part.flag.long_name in ("--where", "--until"):
            yield from _condition_spans(text, [part.token], part.token.text, parsed_line, context, cursor)
        elif part.role == "flag" and (part.flag is None or "=" in part.token.text):
            yield from _flag_error_spans(part, part.token.text.partition("=")[2])
        elif part.role == "value":
            yield from _flag_error_spans(part, part.token.text)
    if parsed_line.spec is not None and parsed_line.spec.argument_kind in CONDITION_KINDS:
        if tokens := parsed_line.condition_tokens:
            yield from _condition_spans(text, tokens, parsed_line.condition(text), parsed_line, context, cursor)
    else:
        yield from _argument_error_spans(text, parsed_line, context)


def _condition_spans(
    text: str, tokens: Sequence[Token], expression: str, parsed_line: ParsedLine, context: Context, cursor: int
) -> Iterator[Span]:
    known = fields_of(parsed_line.dialect, condition_channels(parsed_line, context))
    yield from wrong_spans(expression, condition_text(text, tokens), known, cursor)


def _is_taken(flag: Flag, parsed_line: ParsedLine) -> bool:
    """Say whether the verb of a line takes a flag; where no verb is named yet, any may follow."""
    verb = parsed_line.spec
    return verb is None or is_taken_at_prompt(flag, verb.name, follows_exchange=verb.of_exchange)


def _flag_error_spans(part: ParsedToken, value: str) -> Iterator[Span]:
    flag = part.flag
    if (
        flag is None
        or (flag.allowed and value not in flag.allowed)
        or (flag.names[-1] in ("--where", "--until", "--grep", "--fault") and _is_rejected(flag.names[-1], value))
    ):
        yield part.span


def _is_rejected(name: str, value: str) -> bool:
    try:
        if name == "--grep":
            compile_pattern(value)
        elif name == "--fault":
            checked_fault(value)
        else:
            parse_condition(value)
    except UsageError:
        return True
    return False


def _argument_error_spans(text: str, parsed_line: ParsedLine, context: Context) -> Iterator[Span]:
    arguments = parsed_line.arguments
    if parsed_line.spec is None or not arguments:
        return
    argument_texts = [word.text for word in arguments]
    match parsed_line.spec.argument_kind:
        case "channels" | "subscriptions" | "query" if parsed_line.dialect is not None:
            span = _rejected_argument_span(text, parsed_line, parsed_line.command or "", argument_texts)
            yield from [span] if span is not None else []
        case "book" if parsed_line.dialect is not None:
            span = _rejected_book_span(text, parsed_line.dialect, argument_texts)
            yield from [span] if span is not None else []
        case "message" if parsed_line.dialect is not None and len(arguments) > 1:
            other_dialect = api_choice.dialect_for(
                api_choice.TypedCommand(parsed_line.dialect.name, "subscribe", tuple(argument_texts[1:]))
            )  # evidence: of any API
            span = _rejected_argument_span(
                text, replace(parsed_line, dialect=other_dialect), "subscribe", argument_texts[1:]
            )
            yield from [span] if span is not None else []
        case "regex":
            expression = " ".join(word.text for word in parsed_line.expression_tokens)
            if _is_rejected("--grep", expression):
                yield arguments[0].start, parsed_line.expression_tokens[-1].end
        case "json":
            if argument_texts[0] != "-" and (arguments[0].unclosed or not _is_json(argument_texts[0])):
                yield arguments[0].start, arguments[0].end
        case takes:
            allowed = _allowed_values(parsed_line, context).get(takes)
            if allowed is not None and argument_texts[0] not in allowed and "://" not in argument_texts[0]:
                yield arguments[0].start, arguments[0].end


def _rejected_argument_span(
    text: str, parsed_line: ParsedLine, verb: str, argument_texts: Sequence[str]
) -> Span | None:
    if parsed_line.dialect is None:
        return None
    try:
        api_choice.resolve_api(
            api_choice.TypedCommand(
                parsed_line.dialect.name,
                verb,
                tuple(argument_texts),
                pinned_api=parsed_line.dialect.api.name,
                at_open_connection=True,
            )
        )
    except UsageError as error:
        return error_span(text, error) if error.word is not None else None
    return None


def _rejected_book_span(text: str, dialect: Dialect, argument_texts: Sequence[str]) -> Span | None:
    """Return what neither the API in use accepts nor the one that the words choose: a book has a connection of its own."""
    error = _book_error(dialect, argument_texts, dialect.api.name)
    if error is None or (_is_default_api(dialect) and _book_error(dialect, argument_texts, None) is None):
        return None
    return error_span(text, error) if error.word is not None else None


def _is_default_api(dialect: Dialect) -> bool:
    """Return whether an API is that of an exchange that was opened without --api, so that words may choose another."""
    return find_dialect(dialect.name).api.name == dialect.api.name


def _book_error(dialect: Dialect, argument_texts: Sequence[str], api: str | None) -> UsageError | None:
    line = api_choice.TypedCommand(
        dialect.name,
        "book",
        tuple(argument_texts),
        pinned_api=api,
        is_book=True,
        at_open_connection=api is not None,
    )
    try:
        resolved = api_choice.resolve_api(line)
        single_subscription(dialect if api is not None else resolved.dialect, resolved.commands, argument_texts)
    except UsageError as error:
        return error
    return None


def _allowed_values(parsed_line: ParsedLine, context: Context) -> dict[str, Iterable[str]]:
    """Return what the first argument may be, for verbs that take one of a few values."""
    output = context.flag("--output")
    names = (
        (c.name for c in (*parsed_line.dialect.facts.channels, *parsed_line.dialect.facts.queries))
        if parsed_line.dialect is not None
        else ()
    )
    values_by_kind: dict[str, Iterable[str]] = {
        "exchange": context.exchanges,
        "setting": context.settings,
        "symbols": ("refresh",),
        "config": CONFIG_ACTIONS,
    }
    if context.has_state:
        values_by_kind["open"] = context.open_exchanges
        values_by_kind["favourite"] = context.favourites
        values_by_kind["topic"] = {
            *context.commands,
            *(alias for verb in context.commands.values() for alias in verb.aliases),
            *context.exchanges,
            *names,
            *TOPICS,
        }
    return values_by_kind | ({"format": output.allowed} if output is not None and output.allowed else {})


def _is_json(text: str) -> bool:
    if len(text) > MAX_CHECKED_JSON:
        return True
    try:
        parsed(text)
    except (ValueError, RecursionError):
        return False
    return True


def _may_become_valid(text: str, span: Span, context: Context, parsed_line: ParsedLine, position: int) -> bool:
    """Return whether a span is being typed (the cursor touches it) and can still become valid."""
    if not span[0] <= position <= span[1]:
        return False
    argument_kind = parsed_line.spec.argument_kind if parsed_line.spec is not None else ""
    if argument_kind in (*CONDITION_KINDS, "regex", "json") or any(
        p.token.end == position and p.role == "value" for p in parsed_line.parts
    ):
        return True
    if completions(text[:position], context):
        return True
    typed_text = text[span[0] : position]
    return (
        parsed_line.dialect is not None
        and bool(re.fullmatch(r"[\w-]+", typed_text))
        and _may_become_symbol(typed_text, parsed_line, argument_kind)
    )


def _may_become_symbol(typed_text: str, parsed_line: ParsedLine, argument_kind: str) -> bool:
    """Say whether the beginning of a symbol can become one: with the end of the example put behind it, it fits."""
    if parsed_line.dialect is None or argument_kind not in ("channels", "subscriptions", "query", "book"):
        return False
    channels = parsed_line.dialect.facts.queries if argument_kind == "query" else parsed_line.dialect.facts.channels
    argument_texts = [word.text for word in parsed_line.arguments]
    groups = groups_so_far(channels, argument_texts)
    if not groups and argument_kind == "book" and argument_texts:
        with contextlib.suppress(UsageError):  # it has no book
            groups = groups_so_far(channels, subscribe_words(parsed_line.dialect, argument_texts))
    if not groups or groups[-1].channel.symbol_limits[1] == 0:
        return False
    shape: SymbolSpelling = groups[-1].channel.symbol_spelling or parsed_line.dialect.facts.symbol_spelling
    return any(shape.matches(typed_text + shape.example[n:]) for n in range(len(shape.example)))
