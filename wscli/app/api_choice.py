"""Which API of an exchange a line of words is for, and what it means there: one rule for every verb, place and prompt. Pure.

1. What is pinned: by --api, the configuration, or the connection that is open.
2. Else the words: a product, then a channel, a symbol, a parameter or value that one API alone has.
3. Else the exchange's default, the first of its APIs.

The words of a retired API mean its successor (`retired`). Where it is pinned, or a URL was given, they are exact.
"""

from __future__ import annotations

from collections.abc import Sequence

from wscli.commands.book_args import subscribe_words
from wscli.commands.parser import parse, verb_implied_by, with_prefix
from wscli.commands.retired import (
    Translation,
    accepts,
    successor_channel,
    successor_words,
    translated,
    translation_of,
)
from wscli.commands.words import groups_so_far, words_by_channel
from wscli.core.dialect import Dialect
from wscli.core.errors import UsageError
from wscli.core.messages import Command
from wscli.core.record import record, replace
from wscli.exchanges import api_names, find_dialect


@record
class TypedCommand:
    """What was typed for one exchange. words: behind the verb.

    product: of --product. pinned_api: the name of an API. exact: a URL was given: nothing is translated.
    all_symbols: --all-symbols was given. is_book: the words are those of `book`, whose channel may be left out. at_open_connection: what pins it is
    a connection.
    """

    exchange: str
    verb: str
    words: tuple[str, ...] = ()
    product: str | None = None
    pinned_api: str | None = None
    exact: bool = False
    all_symbols: bool = False
    is_book: bool = False
    at_open_connection: bool = False


@record
class ResolvedCommands:
    """What a line means. translations: the words that were translated. chosen_by_words: the words chose an API that is not the default."""

    dialect: Dialect
    commands: tuple[Command, ...]
    translations: tuple[Translation, ...] = ()
    chosen_by_words: bool = False
    words: tuple[str, ...] = ()  # as `dialect` has them


def resolve_api(typed: TypedCommand) -> ResolvedCommands:
    """Return which API a line is for, and its commands there. Raises UsageError, in the terms of the API that it is meant for."""
    dialect = _first_dialect(typed)
    try:
        return _resolve_as_typed(dialect, typed)
    except UsageError as error:
        refused = error
    product = typed.product or _product_in(dialect, typed.words)
    if product is None and not typed.exact:
        for old in _retired_predecessors(dialect):
            found = translated(
                old, dialect, _parsed_verb(typed), _words_for(dialect, typed), is_connected=typed.at_open_connection
            )
            if found is not None:
                commands = parse(dialect, _parsed_verb(typed), found[0], all_symbols=typed.all_symbols)
                return ResolvedCommands(dialect, commands, found[1], words=tuple(found[0]))
    if product is None and typed.pinned_api is None:
        for other in _candidate_dialects(dialect, typed):
            if _accepts(other, typed):
                return replace(_resolve_as_typed(other, typed), chosen_by_words=True)
        _check_single_api(dialect, typed)
        raise _error_of_closest_api(dialect, typed, refused)
    raise _with_suggestion(dialect, typed, refused)


def dialect_for(typed: TypedCommand) -> Dialect:
    """Return the API whose words these are: as evidence of what was subscribed, not to be sent, so that none are translated."""
    dialect = _first_dialect(typed)
    if typed.pinned_api is not None or _accepts(dialect, typed):
        return dialect
    return next((other for other in other_dialects(dialect) if _accepts(other, typed)), dialect)


def implied_verb(dialect: Dialect, word: str) -> str | None:
    """Return the verb that was left out before a word of an API, or of a retired one whose place it has taken; None for others."""
    return verb_implied_by(dialect, word) or next(
        (verb for old in _retired_predecessors(dialect) if (verb := verb_implied_by(old, word))), None
    )


def retired_channel(dialect: Dialect, word: str) -> tuple[str, str, str | None] | None:
    """Return the channel that a word of a retired API names, that API, and the channel that is meant now; None for other words."""
    for old in _retired_predecessors(dialect):
        group = next(iter(groups_so_far(old.facts.channels, [word], old.facts.prefix_param)), None)
        if group is not None and verb_implied_by(dialect, word) is None:
            return group.channel.name, old.api.name, successor_channel(old, group.channel.name)
    return None


def other_dialects(dialect: Dialect) -> list[Dialect]:
    """Return the other APIs of the exchange."""
    return [find_dialect(dialect.name, api) for api in api_names(dialect.name) if api != dialect.api.name]


def retired_dialects(dialect: Dialect) -> list[Dialect]:
    """Return the retired APIs of the exchange, but for this one."""
    return [one for one in other_dialects(dialect) if one.api.status == "retired"]


def _retired_predecessors(dialect: Dialect) -> list[Dialect]:
    """Return the retired APIs whose place one has taken."""
    return [
        one
        for one in retired_dialects(dialect)
        if one.facts.successor is not None and one.facts.successor.api == dialect.api.name
    ]


def _first_dialect(typed: TypedCommand) -> Dialect:
    """Return the API that is pinned, else the one that has the product, else the default."""
    default = find_dialect(typed.exchange, typed.pinned_api)
    if typed.pinned_api is not None or typed.product is None or default.facts.prefix_param is not None:
        return default
    return next((one for one in other_dialects(default) if one.facts.prefix_param is not None), default)


def _candidate_dialects(dialect: Dialect, typed: TypedCommand) -> list[Dialect]:
    """Return the other APIs that words may pick: a retired one only at a URL."""
    return [one for one in other_dialects(dialect) if one.api.status != "retired" or typed.exact]


def _product_in(dialect: Dialect, words: Sequence[str]) -> str | None:
    """Return the product that one of the words names: linear:kline.1.BTCUSDT, product=linear."""
    if dialect.facts.prefix_param is None:
        return None
    values = {
        str(v)
        for c in dialect.facts.channels
        for p in c.params
        if p.name == dialect.facts.prefix_param
        for v in p.allowed
    }
    for word in ",".join(words).split(","):
        name, equals, text = word.partition("=")
        before, colon, _ = word.partition(":")
        if (equals and name == dialect.facts.prefix_param) or (colon and before in values):
            return text if equals else before
    return None


# --- a line in one API ---------------------------------------------------------------------------


def _parsed_verb(typed: TypedCommand) -> str:
    return "subscribe" if typed.is_book else typed.verb


def _words_for(dialect: Dialect, typed: TypedCommand) -> list[str]:
    """Return the words of a line as an API takes them: those of a book with its channel, which may be omitted."""
    if not typed.is_book:
        return [*typed.words]
    first = typed.words[0].partition(",")[0] if typed.words else ""
    symbol = (
        dialect.facts.symbol_spelling.matches(first) or verb_implied_by(dialect, first.rpartition(":")[2]) is not None
    )
    if not symbol and any(verb_implied_by(one, first) for one in other_dialects(dialect)):
        return [*typed.words]
    return subscribe_words(dialect, typed.words)


def _resolve_as_typed(dialect: Dialect, typed: TypedCommand) -> ResolvedCommands:
    words = with_prefix(dialect, _parsed_verb(typed), _words_for(dialect, typed), typed.product)
    return ResolvedCommands(
        dialect, parse(dialect, _parsed_verb(typed), words, all_symbols=typed.all_symbols), words=tuple(words)
    )


def _accepts(dialect: Dialect, typed: TypedCommand) -> bool:
    try:
        words = with_prefix(dialect, _parsed_verb(typed), _words_for(dialect, typed), typed.product)
    except UsageError:
        return False
    return accepts(dialect, _parsed_verb(typed), words)


# --- what is wrong -------------------------------------------------------------------------------


def _check_single_api(dialect: Dialect, typed: TypedCommand) -> None:
    """Raise UsageError for a line of which some words are one API's alone and some another's."""
    every = [dialect, *_candidate_dialects(dialect, typed)]
    if len(every) < 2:
        return
    whose: dict[str, str] = {}
    for segment in words_by_channel(every, _words_for(dialect, typed)):
        for part in _one_symbol_each(every, segment):
            taking = [one.api.name for one in every if accepts(one, _parsed_verb(typed), part)]
            if len(taking) == 1:
                whose.setdefault(taking[0], " ".join(part))
    if len(whose) > 1:
        parts = ", ".join(f"{part} belongs to {api}" for api, part in whose.items())
        raise UsageError(
            f"one line can use one API only: {parts}",
            _words_in_one_api(dialect, every[1:], typed) or "use two commands",
        )


def _one_symbol_each(dialects: Sequence[Dialect], segment: Sequence[str]) -> list[list[str]]:
    """Return a channel with each of its symbols by itself."""
    group = next(
        (g for one in dialects for g in groups_so_far(one.facts.channels, segment, one.facts.prefix_param)), None
    )
    if group is None or len(group.symbols) < 2:
        return [[*segment]]
    typed = [f"{name}={text}" for name, text in group.param_texts.items()]
    return [[group.channel.name, symbol, *typed] for symbol in group.symbols]


def _words_in_one_api(dialect: Dialect, others: Sequence[Dialect], typed: TypedCommand) -> str | None:
    """Return the line in the words of one API, as a hint; None where some have none."""
    texts: list[str] = []
    for segment in words_by_channel([dialect, *others], _words_for(dialect, typed)):
        for part in _one_symbol_each([dialect, *others], segment):
            if accepts(dialect, _parsed_verb(typed), part):
                texts += part
                continue
            there = next((w for o in others if (w := _successor_words(o, dialect, part)) is not None), None)
            if there is None or not accepts(dialect, _parsed_verb(typed), there):
                return None
            texts += there
    return f"for {dialect.api.name}: {typed.verb} {' '.join(texts)}"


def _successor_words(old: Dialect, new: Dialect, words: Sequence[str]) -> list[str] | None:
    """Return one channel of an API in the words of the one that takes its place; None where it is no other's, or has none."""
    if old.facts.successor is None or old.facts.successor.api != new.api.name:
        return None
    group = next(iter(groups_so_far(old.facts.channels, words, old.facts.prefix_param)), None)
    if group is None:
        return None
    return successor_words(old, group.channel.name, _with_defaults(group.param_texts, group.channel), group.symbols)


def _with_defaults(typed: dict[str, str], channel: object) -> dict[str, str]:
    params = getattr(channel, "params", ())
    return {p.name: typed.get(p.name, str(p.default)) for p in params if p.name in typed or p.default is not None}


def _error_of_closest_api(dialect: Dialect, typed: TypedCommand, rejection: UsageError) -> UsageError:
    """Return the refusal of the API that the words are of: that takes them but for their parameters, or knows their channel."""
    first = typed.words[0].partition(",")[0] if typed.words else ""
    plain = TypedCommand(
        typed.exchange, typed.verb, tuple(w for w in typed.words if "=" not in w), is_book=typed.is_book
    )
    others = _candidate_dialects(dialect, typed)
    fitting = (one for one in others if not _accepts(dialect, plain) and _accepts(one, plain))
    knowing = (
        one
        for one in others
        if first and verb_implied_by(dialect, first) is None and verb_implied_by(one, first) is not None
    )
    other = next(fitting, None) or next(knowing, None)
    if other is None:
        return rejection
    try:
        _resolve_as_typed(other, typed)
    except UsageError as error:
        return error
    return rejection


def _with_suggestion(dialect: Dialect, typed: TypedCommand, rejection: UsageError) -> UsageError:
    """Return the error with a hint that works in the same place, if another API accepts the words."""
    near = str(rejection.hint).startswith("did you mean") and "has no channel named" not in rejection.message
    for old in other_dialects(dialect):
        for segment in words_by_channel((dialect, old), _words_for(dialect, typed)):
            bare = [word.rpartition(":")[2] if ":" in word and dialect.facts.prefix_param else word for word in segment]
            if (
                near
                or typed.exact
                or accepts(dialect, _parsed_verb(typed), segment)
                or not accepts(old, _parsed_verb(typed), bare)
            ):
                continue
            try:
                there = translation_of(old, dialect, _parsed_verb(typed), bare)
            except UsageError:
                there = None
            if there is not None and old.facts.successor is not None and old.facts.successor.api == dialect.api.name:
                rejection.hint = f"did you mean {' '.join(there.words)}?"
                near = True
    if not near and typed.product is None and _product_in(dialect, typed.words) is None:
        other = next((one for one in other_dialects(dialect) if _accepts(one, typed)), None)
        if other is not None:
            words = (
                f"use {dialect.name}"
                if typed.at_open_connection
                else f"wscli {dialect.name} {typed.verb} {' '.join(typed.words)}"
            )
            rejection.hint = f"{other.api.name} has it: {words} --api {other.api.name}"
    return rejection
