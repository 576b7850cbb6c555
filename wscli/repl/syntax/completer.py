"""Tab: what the word before the cursor may become, best first. A pure function of the text and what is known."""

from __future__ import annotations

import re
import shlex

from wscli.commands.flags import Flag
from wscli.commands.suggestions import (
    MAX_SUGGESTIONS,
    Suggestion,
    best_first,
    matching_symbols,
    next_words,
    ranked_matches,
)
from wscli.core.messages import DATA_KINDS
from wscli.core.record import record, replace
from wscli.repl.syntax.column_words import column_suggestions
from wscli.repl.syntax.condition_words import condition_suggestions
from wscli.repl.syntax.context import Context
from wscli.repl.syntax.lexer import LexedLine, lex, parse_line
from wscli.repl.syntax.offers import OFFERS, CursorPosition, Replacement, condition_channels, exchange_suggestions


@record
class Completion:
    """A word that may be inserted: `text` replaces the last `replaced_length` characters before the cursor."""

    text: str
    replaced_length: int
    summary: str = ""


def completions(text: str, context: Context) -> list[Completion]:
    """Return what the word at the end of `text` may become, best first."""
    line = lex(text)
    if line.comment_start is not None:
        return []
    if line.redirect is not None:
        return _redirect_completions(line, context)
    parsed_line = parse_line(line.tokens_to_cursor(), context)
    part = parsed_line.parts[-1]
    preceding = tuple(
        word.text for word in (parsed_line.arguments[:-1] if part.role == "word" else parsed_line.arguments)
    )
    position = CursorPosition(context, parsed_line, line, part.token, preceding, part.token.text)
    if part.role == "flag":
        _, equals, value = position.typed_text.partition("=")
        if equals and part.flag is not None:
            return _completions_of(position, _flag_values(replace(position, typed_text=value), part.flag))
        return _completions_of(position, (position.typed_text, _flag_names(position)))
    if part.role == "value" and part.flag is not None:
        return _completions_of(position, _flag_values(position, part.flag))
    if part.role in ("command", "exchange"):
        return _completions_of(position, _first_token(position))
    return (
        _completions_of(position, OFFERS[parsed_line.spec.argument_kind](position))
        if parsed_line.spec is not None
        else []
    )


def _redirect_completions(line: LexedLine, context: Context) -> list[Completion]:
    redirect = line.redirect
    if redirect is None or redirect.op == "|":
        return []
    token = lex(line.text[redirect.text_start :]).tokens_to_cursor()[-1]
    names = context.complete_path(token.text)
    return [Completion(shlex.quote(name), token.end - token.start, "") for name in names][:MAX_SUGGESTIONS]


def _completions_of(position: CursorPosition, replacement: Replacement) -> list[Completion]:
    """Return suggestions as completions: quoted where the word has quotes already, or the suggestion needs them."""
    replaced, offers = replacement
    token = position.token
    unchanged = token.text.removesuffix(replaced)
    completions_made: list[Completion] = []
    for offer in [*offers][:MAX_SUGGESTIONS]:
        if token.is_unquoted and (offer.is_several_words or _needs_no_quotes(offer.text)):
            completions_made.append(Completion(offer.text, len(replaced), offer.meaning))
        else:
            full_text = unchanged + offer.text
            text = (
                token.unclosed + full_text
                if token.unclosed in ("'", '"') and token.unclosed not in full_text
                else shlex.quote(full_text)
            )
            completions_made.append(Completion(text, token.end - token.start, offer.meaning))
    return completions_made


def _needs_no_quotes(text: str) -> bool:
    return re.fullmatch(r"[^\s'\"\\#|{\[][^\s'\"\\]*", text) is not None


# --- what may stand there ------------------------------------------------------------------------


def _first_token(position: CursorPosition) -> Replacement:
    """Return what may begin a line; after an exchange its verbs, and its channels and queries."""
    context, dialect = position.context, position.parsed_line.dialect
    follows_exchange = any(
        part.role == "exchange" and part.token is not position.token for part in position.parsed_line.parts
    )
    offers = [
        Suggestion(name, facts.summary)
        for name, facts in context.commands.items()
        if facts.of_exchange or facts.of_open_exchange or not follows_exchange
    ]
    if not follows_exchange or dialect is None:
        offers += exchange_suggestions(context)
        return position.typed_text, best_first(ranked_matches(position.typed_text, offers))
    channels = next_words(dialect, dialect.facts.channels, (), position.typed_text, position.symbols)[1]
    queries = [Suggestion(q.name, q.summary) for q in dialect.facts.queries if position.typed_text]
    return position.typed_text, best_first(
        [
            *ranked_matches(position.typed_text, offers),
            *((1, o) for o in channels),
            *ranked_matches(position.typed_text, queries),
        ]
    )


def _flag_names(position: CursorPosition) -> list[Suggestion]:
    line, spec = position.parsed_line, position.parsed_line.spec
    given = [part.flag.name for part in line.parts[:-1] if part.flag is not None]
    taken = position.context.flags.values() if spec is None else spec.prompt_flags(opens=line.names_exchange)
    flags = [flag for flag in taken if flag.is_repeatable or flag.name not in given]
    offers = (Suggestion(name, flag.help) for flag in flags for name in reversed(flag.names))
    return best_first(ranked_matches(position.typed_text, offers))


def _flag_values(position: CursorPosition, flag: Flag) -> Replacement:
    """Return the values that a flag may have."""
    dialect, typed_text = position.parsed_line.dialect, position.typed_text
    if flag.takes_file:
        return typed_text, [Suggestion(name) for name in position.context.complete_path(typed_text)]
    match flag.long_name:
        case "--where" | "--until":
            return condition_suggestions(
                dialect, condition_channels(position.parsed_line, position.context), typed_text, position.symbols
            )
        case "--symbol":
            return typed_text, best_first(matching_symbols(typed_text, position.symbols))
        case "--columns":
            return column_suggestions(dialect, condition_channels(position.parsed_line, position.context), typed_text)
        case "--channel":
            offers = [Suggestion(c.name, c.summary) for c in dialect.facts.channels] if dialect is not None else []
        case "--kind":
            offers = [Suggestion(str(kind)) for kind in sorted(DATA_KINDS)]
        case "--api":
            offers = [Suggestion(*one) for one in position.context.apis_of(dialect.name)] if dialect is not None else []
        case _:
            times = ("500ms", "10s", "30s", "5m", "1h") if flag.metavar == "TIME" else ()
            offers = [Suggestion(value) for value in (*flag.allowed, *flag.offered, *times)]
    return typed_text, best_first(ranked_matches(typed_text, offers))
