"""What may stand at the cursor, by the kind of argument that a verb takes. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from wscli.commands import fuzzy
from wscli.commands.book_args import book_channels
from wscli.commands.suggestions import (
    Suggestion,
    best_first,
    may_name_channel,
    next_words,
    ranked_matches,
)
from wscli.commands.verb_table import CONFIG_ACTIONS
from wscli.commands.verbs import CONDITION_KINDS, ArgumentKind
from wscli.commands.words import groups_so_far, unsubscribe_names
from wscli.core.catalogue import Channel
from wscli.core.record import record, replace
from wscli.core.registry import FORMATS
from wscli.repl.syntax.condition_words import condition_end, condition_suggestions
from wscli.repl.syntax.context import Context
from wscli.repl.syntax.lexer import ALERT_WORDS, LexedLine, ParsedLine, Token

ALERTS: Mapping[str, str] = {
    "exec": "run a command: {price} in it is a field of the row",
    "bell": "ring the bell of the terminal",
}


@record
class CursorPosition:
    """Where the cursor is: in the last word of a line. preceding: the words of the verb before it. typed_text: that word, so far."""

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


def exchange_suggestions(context: Context) -> list[Suggestion]:
    """Return every exchange, with its title."""
    return [
        Suggestion(name, f"{title} (open)" if name in context.open_exchanges else title)
        for name, title in context.exchanges.items()
    ]


def condition_channels(parsed_line: ParsedLine, context: Context) -> tuple[Channel, ...]:
    """Return the channels whose rows a condition is about: those of the line, else those subscribed to, else all."""
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
        if parsed_line.spec and parsed_line.spec.argument_kind not in CONDITION_KINDS
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
    """Return the books, and symbols of the first of them, whose name may be left out."""
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
    """Return what is subscribed to first, as it was typed; then what the catalogue has."""
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
        Suggestion(word, f"unsubscribes {name}")
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


def _alert(position: CursorPosition) -> Replacement:
    """Return what a condition offers, and behind one `exec` and `bell`."""
    if any(word in ALERT_WORDS for word in position.preceding):
        return position.typed_text, ()
    replaced, offers = _condition(position)
    tokens = position.parsed_line.expression_tokens
    end = condition_end(position.line.text[tokens[0].start :])
    if end.expected == "connector":
        offers = [
            *offers,
            *(Suggestion(word, meaning) for word, meaning in ALERTS.items() if word.startswith(end.typed)),
        ]
    return replaced, offers


def _alerts(position: CursorPosition) -> Replacement:
    offers = [Suggestion("off", "turn one off, or all")] if not position.preceding else []
    return position.typed_text, best_first(ranked_matches(position.typed_text, offers))


def _exchange(position: CursorPosition) -> Replacement:
    return position.typed_text, best_first(
        ranked_matches(position.typed_text, exchange_suggestions(position.context))
    ) if not position.preceding else ()


def _open(position: CursorPosition) -> Replacement:
    titles = position.context.exchanges
    offers = [Suggestion(name, titles.get(name, "")) for name in position.context.open_exchanges]
    return position.typed_text, best_first(
        ranked_matches(position.typed_text, offers)
    ) if not position.preceding else ()


def _format(position: CursorPosition) -> Replacement:
    offers = [Suggestion(name) for name in FORMATS] if not position.preceding else []
    return position.typed_text, best_first(ranked_matches(position.typed_text, offers))


def _file(position: CursorPosition) -> Replacement:
    if position.preceding:
        return position.typed_text, ()
    off = [Suggestion("off", "stop recording")] if position.parsed_line.command == "record" else []
    paths = [Suggestion(name) for name in position.context.complete_path(position.typed_text)]
    return position.typed_text, [*(one for _, one in ranked_matches(position.typed_text, off)), *paths]


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
    offers = [Suggestion("refresh", "fetch the exchange's list and store it")] if not position.preceding else []
    return position.typed_text, best_first(ranked_matches(position.typed_text, offers))


def _config(position: CursorPosition) -> Replacement:
    offers = [Suggestion(name) for name in CONFIG_ACTIONS] if not position.preceding else []
    return position.typed_text, best_first(ranked_matches(position.typed_text, offers))


def _topic(position: CursorPosition) -> Replacement:
    context = position.context
    if not position.preceding:
        offers = [
            *(Suggestion(name, facts.summary) for name, facts in context.commands.items()),
            *exchange_suggestions(context),
            *(Suggestion(topic, summary) for topic, summary in context.topics().items()),
        ]
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
    "alert": _alert,
    "alerts": _alerts,
    "regex": _no_offers,
    "format": _format,
    "file": _file,
    "favourite": _favourite,
    "name": _no_offers,
    "number": _no_offers,
    "setting": _setting,
    "symbols": _symbols,
    "config": _config,
    "topic": _topic,
    "shell": _no_offers,
}
