"""Tab: what the word before the cursor may become, best first. A pure function of the text and what is known."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Mapping

from wscli.commands import fuzzy
from wscli.commands.book_args import book_channels
from wscli.commands.flags import Flag
from wscli.commands.suggestions import (
    MAX_SUGGESTIONS,
    Suggestion,
    best_first,
    condition_suggestions,
    matching_symbols,
    may_name_channel,
    next_words,
    ranked_matches,
)
from wscli.commands.verbs import ArgumentKind
from wscli.commands.words import groups_so_far, unsubscribe_names
from wscli.core.catalogue import Channel
from wscli.core.fault_words import FAULT_KINDS
from wscli.core.messages import Kind
from wscli.core.record import record, replace
from wscli.repl.syntax.context import Context
from wscli.repl.syntax.lexer import LexedLine, ParsedLine, Token, lex, parse_line


@record
class Completion:
    """A word that may be inserted: `text` replaces the last `start` characters before the cursor."""

    text: str
    replaced_length: int
    summary: str = ""


@record
class CursorPosition:
    """Where the cursor is: in the last word of a line. preceding: the words of the command in front of it. typed_text: it, so far."""

    context: Context
    parsed_line: ParsedLine
    line: LexedLine
    token: Token
    preceding: tuple[str, ...]
    typed_text: str

    @property
    def symbols(self) -> tuple[str, ...]:
        return self.context.symbols_of(self.parsed_line.dialect) if self.parsed_line.dialect is not None else ()


Replacement = tuple[str, Iterable[Suggestion]]  # the part of what is typed that is replaced, and by what


def completions(text: str, context: Context) -> list[Completion]:
    """Return what may stand at the end of `before`, best first."""
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
    """Return the offers as completions: quoted where the word has quotes already or the offer needs them."""
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
    """What begins a line; after an exchange its verbs, or at once its channels and questions."""
    context, dialect = position.context, position.parsed_line.dialect
    follows_exchange = any(
        part.role == "exchange" and part.token is not position.token for part in position.parsed_line.parts
    )
    offers = [
        Suggestion(name, facts.summary)
        for name, facts in context.commands.items()
        if facts.of_exchange or not follows_exchange
    ]
    if not follows_exchange or dialect is None:
        offers += _exchanges(context)
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


def _exchanges(context: Context) -> list[Suggestion]:
    return [
        Suggestion(name, f"{title} (open)" if name in context.open_exchanges else title)
        for name, title in context.exchanges.items()
    ]


def _flag_names(position: CursorPosition) -> list[Suggestion]:
    line, spec = position.parsed_line, position.parsed_line.spec
    given = [part.flag.name for part in line.parts[:-1] if part.flag is not None]
    taken = position.context.flags.values() if spec is None else spec.prompt_flags(opens=line.names_exchange)
    flags = [flag for flag in taken if flag.is_repeatable or flag.name not in given]
    offers = (Suggestion(name, flag.help) for flag in flags for name in reversed(flag.names))
    return best_first(ranked_matches(position.typed_text, offers))


def _flag_values(position: CursorPosition, flag: Flag) -> Replacement:
    """The values of a flag."""
    dialect, typed_text = position.parsed_line.dialect, position.typed_text
    match flag.names[-1]:
        case "--where" | "--until":
            return condition_suggestions(
                dialect, condition_channels(position.parsed_line, position.context), typed_text, position.symbols
            )
        case "--symbol":
            return typed_text, best_first(matching_symbols(typed_text, position.symbols))
        case "--channel":
            offers = [Suggestion(c.name, c.summary) for c in dialect.facts.channels] if dialect is not None else []
        case "--kind":
            offers = [Suggestion(str(kind)) for kind in Kind]
        case "--fault":
            offers = [Suggestion(kind) for kind in FAULT_KINDS]
        case "--record" | "--cacert":
            return typed_text, [Suggestion(name) for name in position.context.complete_path(typed_text)]
        case "--api":
            offers = [Suggestion(*one) for one in position.context.apis_of(dialect.name)] if dialect is not None else []
        case _:
            times = ("500ms", "10s", "30s", "5m", "1h") if flag.metavar == "TIME" else ()
            offers = [Suggestion(value) for value in (*flag.allowed, *flag.offered, *times)]
    return typed_text, best_first(ranked_matches(typed_text, offers))


def condition_channels(parsed_line: ParsedLine, context: Context) -> tuple[Channel, ...]:
    """Return the channels whose rows a condition is about: those of the line, else those that are on, else all."""
    dialect = parsed_line.dialect
    if dialect is None:
        return ()
    is_query = parsed_line.spec is not None and parsed_line.spec.argument_kind == "query"
    channels = dialect.facts.queries if is_query else dialect.facts.channels
    subscribed_words = (
        [] if context.dialect is not dialect else [w for phrase in context.subscriptions for w in phrase.split()]
    )
    argument_texts = (
        [word.text for word in parsed_line.arguments]
        if parsed_line.spec and parsed_line.spec.argument_kind != "condition"
        else []
    )
    groups = groups_so_far(channels, argument_texts) or groups_so_far(channels, subscribed_words)
    return tuple(group.channel for group in groups) or channels


def _channels(position: CursorPosition) -> Replacement:
    dialect = position.parsed_line.dialect
    if dialect is None:
        return position.typed_text, ()
    return next_words(dialect, dialect.facts.channels, position.preceding, position.typed_text, position.symbols)


def _query(position: CursorPosition) -> Replacement:
    dialect = position.parsed_line.dialect
    if dialect is None:
        return position.typed_text, ()
    return next_words(dialect, dialect.facts.queries, position.preceding, position.typed_text, position.symbols)


def _book(position: CursorPosition) -> Replacement:
    """The books, and symbols of the first of them, whose name may be left out."""
    dialect, preceding = position.parsed_line.dialect, position.preceding
    channels_of_books = book_channels(dialect) if dialect is not None else ()
    if dialect is None or not channels_of_books:
        return position.typed_text, ()
    names_channel = bool(groups_so_far(channels_of_books, preceding[:1], dialect.facts.prefix_param))
    full_preceding = preceding if names_channel else (channels_of_books[0].name, *preceding)
    if preceding:
        replaced_text, offers = next_words(
            dialect, channels_of_books, full_preceding, position.typed_text, position.symbols
        )
        groups = groups_so_far(channels_of_books, full_preceding, dialect.facts.prefix_param)
        if groups and groups[-1].symbols and "=" not in position.typed_text:  # one symbol is all that a book takes
            offers = [offer for offer in offers if offer.text.endswith("=")]
        return replaced_text, offers
    replaced_text, offers = next_words(dialect, channels_of_books, preceding, position.typed_text, position.symbols)
    _, symbol_offers = next_words(dialect, channels_of_books, full_preceding, position.typed_text, position.symbols)
    return replaced_text, [*offers, *(offer for offer in symbol_offers if not offer.text.endswith("="))]


def _subscriptions(position: CursorPosition) -> Replacement:
    """What is on first, as it was asked for; then what the catalogue has."""
    dialect, preceding = position.parsed_line.dialect, position.preceding
    if dialect is None:
        return position.typed_text, ()
    subscribed = position.context.subscriptions if dialect is position.context.dialect else ()
    may_start_channel = may_name_channel(dialect.facts.channels, preceding)
    offers = []
    for phrase in subscribed:
        parts = tuple(phrase.split())
        typed_parts = next((n for n in range(len(parts) - 1, 0, -1) if preceding[-n:] == parts[:n]), 0)
        if typed_parts or (may_start_channel and phrase not in " ".join(preceding)):
            offers.append(Suggestion(" ".join(parts[typed_parts:]), "on", is_several_words=True))
    replaced_text, catalogue_offers = _channels(position)
    suffix_offers = [
        Suggestion(word, f"ends {name}")
        for word, name in unsubscribe_names(dialect.facts.channels).items()
        if may_start_channel and position.typed_text
    ]
    ranked = [
        *ranked_matches(position.typed_text, offers),
        *((fuzzy.SCATTERED_RANK, offer) for offer in catalogue_offers),
        *ranked_matches(position.typed_text, suffix_offers),
    ]
    return (
        (position.typed_text, best_first(ranked))
        if replaced_text == position.typed_text
        else (replaced_text, catalogue_offers)
    )


def _channel(position: CursorPosition) -> Replacement:
    dialect = position.parsed_line.dialect
    entries = (
        (*dialect.facts.channels, *dialect.facts.queries) if dialect is not None and not position.preceding else ()
    )
    return position.typed_text, best_first(
        ranked_matches(position.typed_text, (Suggestion(c.name, c.summary) for c in entries))
    )


def _message(position: CursorPosition) -> Replacement:
    return (
        _channels(replace(position, preceding=position.preceding[1:]))
        if position.preceding
        else (position.typed_text, ())
    )


def _condition(position: CursorPosition) -> Replacement:
    tokens = position.parsed_line.expression_tokens
    typed_text = position.line.text[tokens[0].start :]
    if tokens[-1] is not position.token or (typed_text[:1] in ("'", '"') and len(tokens) > 1):
        return position.typed_text, ()
    if typed_text[:1] in ("'", '"'):
        typed_text = position.typed_text
    return condition_suggestions(
        position.parsed_line.dialect,
        condition_channels(position.parsed_line, position.context),
        typed_text,
        position.symbols,
    )


def _exchange(position: CursorPosition) -> Replacement:
    return position.typed_text, best_first(
        ranked_matches(position.typed_text, _exchanges(position.context))
    ) if not position.preceding else ()


def _open(position: CursorPosition) -> Replacement:
    titles = position.context.exchanges
    offers = [Suggestion(name, titles.get(name, "")) for name in position.context.open_exchanges]
    return position.typed_text, best_first(
        ranked_matches(position.typed_text, offers)
    ) if not position.preceding else ()


def _format(position: CursorPosition) -> Replacement:
    flag = position.context.flag("--output")
    return (position.typed_text, ()) if flag is None or position.preceding else _flag_values(position, flag)


def _file(position: CursorPosition) -> Replacement:
    return position.typed_text, [
        Suggestion(name) for name in position.context.complete_path(position.typed_text)
    ] if not position.preceding else ()


def _favourite(position: CursorPosition) -> Replacement:
    offers = [Suggestion(name, "favourite") for name in position.context.favourites]
    return position.typed_text, best_first(
        ranked_matches(position.typed_text, offers)
    ) if not position.preceding else ()


def _setting(position: CursorPosition) -> Replacement:
    settings = position.context.settings
    if not position.preceding:
        return position.typed_text, best_first(
            ranked_matches(position.typed_text, (Suggestion(name, facts.summary) for name, facts in settings.items()))
        )
    setting = settings.get(position.preceding[0])
    values = (*setting.values, *setting.offered) if setting is not None and len(position.preceding) == 1 else ()
    return position.typed_text, best_first(ranked_matches(position.typed_text, (Suggestion(value) for value in values)))


def _symbols(position: CursorPosition) -> Replacement:
    offers = [Suggestion("refresh", "ask the venue for its list, and keep it")] if not position.preceding else []
    return position.typed_text, best_first(ranked_matches(position.typed_text, offers))


def _topic(position: CursorPosition) -> Replacement:
    context = position.context
    if not position.preceding:
        offers = [Suggestion(name, facts.summary) for name, facts in context.commands.items()] + _exchanges(context)
        return position.typed_text, best_first(
            [*ranked_matches(position.typed_text, offers), *((fuzzy.SCATTERED_RANK, o) for o in _channel(position)[1])]
        )
    if len(position.preceding) == 1 and position.preceding[0] in context.exchanges:
        dialect = context.dialect_of(position.preceding[0])
        return _channel(replace(position, preceding=(), parsed_line=replace(position.parsed_line, dialect=dialect)))
    return position.typed_text, ()


def _no_offers(position: CursorPosition) -> Replacement:
    return position.typed_text, ()


OFFERS: Mapping[ArgumentKind, Callable[[CursorPosition], Replacement]] = {
    "nothing": _no_offers,
    "channels": _channels,
    "subscriptions": _subscriptions,
    "query": _query,
    "book": _book,
    "channel": _channel,
    "json": _no_offers,
    "message": _message,
    "exchange": _exchange,
    "open": _open,
    "condition": _condition,
    "regex": _no_offers,
    "format": _format,
    "file": _file,
    "favourite": _favourite,
    "name": _no_offers,
    "number": _no_offers,
    "setting": _setting,
    "symbols": _symbols,
    "topic": _topic,
}
