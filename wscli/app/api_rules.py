"""Which API of an exchange a line of words is for, and what it means there: one rule for every verb, place and prompt. Pure.

1. What is pinned: by --api, the configuration, or the connection that is open.
2. Else the words: a product, then a channel, a symbol, a parameter or value that one API alone has.
3. Else the exchange's default, the first of its APIs.

The words of a retired API mean its successor (`retired`). Where it is pinned, or a URL was given, they are exact.
"""

from __future__ import annotations

from collections.abc import Sequence

from wscli.commands.book_args import chosen
from wscli.commands.parser import opens, parse, segments, spoken, with_prefix
from wscli.commands.retired import Translation, in_words_of_the_successor, instead, successor_channel, takes, translated
from wscli.core.dialect import Dialect
from wscli.core.errors import UsageError
from wscli.core.messages import Command
from wscli.core.record import replace, value
from wscli.exchanges import APIS, find_dialect


@value
class Line:
    """What was typed for one exchange. words: behind the verb.

    product: of --product. pinned: the name of an API. exact: a URL was given: nothing is translated.
    every: --all-symbols was given. book: the words are those of `book`, whose channel may be left out. open: what pins it is
    a connection.
    """

    exchange: str
    verb: str
    words: tuple[str, ...] = ()
    product: str | None = None
    pinned: str | None = None
    exact: bool = False
    every: bool = False
    book: bool = False
    open: bool = False


@value
class Meaning:
    """What a line means. retired: the words that were translated. picked: the words chose an API that is not the default."""

    dialect: Dialect
    commands: tuple[Command, ...]
    retired: tuple[Translation, ...] = ()
    picked: bool = False
    words: tuple[str, ...] = ()  # as `dialect` has them


def meaning(line: Line) -> Meaning:
    """Return which API a line is for, and its commands there. Raises UsageError, in the terms of the API that it is meant for."""
    dialect = _first(line)
    try:
        return _as_typed(dialect, line)
    except UsageError as error:
        refused = error
    product = line.product or _product(dialect, line.words)
    if product is None and not line.exact:
        for old in _retired(dialect):
            found = translated(old, dialect, _verb(line), _spoken(dialect, line), open=line.open)
            if found is not None:
                commands = parse(dialect, _verb(line), found[0], every=line.every)
                return Meaning(dialect, commands, found[1], words=tuple(found[0]))
    if product is None and line.pinned is None:
        for other in _others(dialect, line):
            if _takes(other, line):
                return replace(_as_typed(other, line), picked=True)
        _check_one(dialect, line)
        raise _answered_by(dialect, line, refused)
    raise _with_what_works(dialect, line, refused)


def dialect_of(line: Line) -> Dialect:
    """Return the API whose words these are: as evidence of what was subscribed, not to be sent, so that none are translated."""
    dialect = _first(line)
    if line.pinned is not None or _takes(dialect, line):
        return dialect
    return next((other for other in siblings_of(dialect) if _takes(other, line)), dialect)


def verb_of(dialect: Dialect, word: str) -> str | None:
    """Return the verb that was left out before a word of an API, or of a retired one whose place it has taken; None for others."""
    return opens(dialect, word) or next((verb for old in _retired(dialect) if (verb := opens(old, word))), None)


def retired_word(dialect: Dialect, word: str) -> tuple[str, str, str | None] | None:
    """Return the channel that a word of a retired API names, that API, and the channel that is meant now; None for other words."""
    for old in _retired(dialect):
        group = next(iter(spoken(old.channels, [word], old.prefix)), None)
        if group is not None and opens(dialect, word) is None:
            return group.channel.name, old.api.name, successor_channel(old, group.channel.name)
    return None


def siblings_of(dialect: Dialect) -> list[Dialect]:
    """Return the other APIs of the exchange."""
    return [find_dialect(dialect.name, api) for api in APIS.get(dialect.name, ()) if api != dialect.api.name]


def _retired(dialect: Dialect) -> list[Dialect]:
    """Return the retired APIs whose place one has taken."""
    return [
        one
        for one in siblings_of(dialect)
        if one.api.status == "retired" and one.successor is not None and one.successor.api == dialect.api.name
    ]


def _first(line: Line) -> Dialect:
    """Return the API that is pinned, else the one that has the product, else the default."""
    default = find_dialect(line.exchange, line.pinned)
    if line.pinned is not None or line.product is None or default.prefix is not None:
        return default
    return next((one for one in siblings_of(default) if one.prefix is not None), default)


def _others(dialect: Dialect, line: Line) -> list[Dialect]:
    """Return the other APIs that words may pick: a retired one only at a URL."""
    return [one for one in siblings_of(dialect) if one.api.status != "retired" or line.exact]


def _product(dialect: Dialect, words: Sequence[str]) -> str | None:
    """Return the product that one of the words names: linear:kline.1.BTCUSDT, product=linear."""
    if dialect.prefix is None:
        return None
    values = {str(v) for c in dialect.channels for p in c.params if p.name == dialect.prefix for v in p.allowed}
    for word in ",".join(words).split(","):
        name, equals, text = word.partition("=")
        before, colon, _ = word.partition(":")
        if (equals and name == dialect.prefix) or (colon and before in values):
            return text if equals else before
    return None


# --- a line in one API ---------------------------------------------------------------------------


def _verb(line: Line) -> str:
    return "subscribe" if line.book else line.verb


def _spoken(dialect: Dialect, line: Line) -> list[str]:
    """Return the words of a line as they are said to an API: of a book, with the channel that may be left out."""
    if not line.book:
        return [*line.words]
    first = line.words[0].partition(",")[0] if line.words else ""
    symbol = dialect.shape.fits(first) or opens(dialect, first.rpartition(":")[2]) is not None
    if not symbol and any(opens(one, first) for one in siblings_of(dialect)):
        return [*line.words]
    return chosen(dialect, line.words)


def _as_typed(dialect: Dialect, line: Line) -> Meaning:
    words = with_prefix(dialect, _verb(line), _spoken(dialect, line), line.product)
    return Meaning(dialect, parse(dialect, _verb(line), words, every=line.every), words=tuple(words))


def _takes(dialect: Dialect, line: Line) -> bool:
    try:
        words = with_prefix(dialect, _verb(line), _spoken(dialect, line), line.product)
    except UsageError:
        return False
    return takes(dialect, _verb(line), words)


# --- what is wrong -------------------------------------------------------------------------------


def _check_one(dialect: Dialect, line: Line) -> None:
    """Raise UsageError for a line of which some words are one API's alone and some another's."""
    every = [dialect, *_others(dialect, line)]
    if len(every) < 2:
        return
    whose: dict[str, str] = {}
    for segment in segments(every, _spoken(dialect, line)):
        for part in _by_symbol(every, segment):
            taking = [one.api.name for one in every if takes(one, _verb(line), part)]
            if len(taking) == 1:
                whose.setdefault(taking[0], " ".join(part))
    if len(whose) > 1:
        told = ", ".join(f"{part} is of {api}" for api, part in whose.items())
        raise UsageError(f"one API a line: {told}", _all_in(dialect, every[1:], line) or "say them in two commands")


def _by_symbol(dialects: Sequence[Dialect], segment: Sequence[str]) -> list[list[str]]:
    """Return a channel with each of its symbols by itself."""
    group = next((g for one in dialects for g in spoken(one.channels, segment, one.prefix)), None)
    if group is None or len(group.symbols) < 2:
        return [[*segment]]
    typed = [f"{name}={text}" for name, text in group.typed.items()]
    return [[group.channel.name, symbol, *typed] for symbol in group.symbols]


def _all_in(dialect: Dialect, others: Sequence[Dialect], line: Line) -> str | None:
    """Return the line in the words of one API, as a hint; None where some have none."""
    said: list[str] = []
    for segment in segments([dialect, *others], _spoken(dialect, line)):
        for part in _by_symbol([dialect, *others], segment):
            if takes(dialect, _verb(line), part):
                said += part
                continue
            there = next((w for o in others if (w := _words_there(o, dialect, part)) is not None), None)
            if there is None or not takes(dialect, _verb(line), there):
                return None
            said += there
    return f"in the words of {dialect.api.name}: {line.verb} {' '.join(said)}"


def _words_there(old: Dialect, new: Dialect, words: Sequence[str]) -> list[str] | None:
    """Return one channel of an API in the words of the one that takes its place; None where it is no other's, or has none."""
    if old.successor is None or old.successor.api != new.api.name:
        return None
    group = next(iter(spoken(old.channels, words, old.prefix)), None)
    if group is None:
        return None
    return in_words_of_the_successor(old, group.channel.name, _with_defaults(group.typed, group.channel), group.symbols)


def _with_defaults(typed: dict[str, str], channel: object) -> dict[str, str]:
    params = getattr(channel, "params", ())
    return {p.name: typed.get(p.name, str(p.default)) for p in params if p.name in typed or p.default is not None}


def _answered_by(dialect: Dialect, line: Line, refused: UsageError) -> UsageError:
    """Return the refusal of the API that the words are of: that takes them but for their parameters, or knows their channel."""
    first = line.words[0].partition(",")[0] if line.words else ""
    plain = Line(line.exchange, line.verb, tuple(w for w in line.words if "=" not in w), book=line.book)
    others = _others(dialect, line)
    fitting = (one for one in others if not _takes(dialect, plain) and _takes(one, plain))
    knowing = (one for one in others if first and opens(dialect, first) is None and opens(one, first) is not None)
    other = next(fitting, None) or next(knowing, None)
    if other is None:
        return refused
    try:
        _as_typed(other, line)
    except UsageError as error:
        return error
    return refused


def _with_what_works(dialect: Dialect, line: Line, refused: UsageError) -> UsageError:
    """Return a refusal with what works where the line was said, if another API takes the words."""
    near = str(refused.hint).startswith("did you mean") and "has no channel named" not in refused.message
    for old in siblings_of(dialect):
        for segment in segments((dialect, old), _spoken(dialect, line)):
            bare = [word.rpartition(":")[2] if ":" in word and dialect.prefix else word for word in segment]
            if near or line.exact or takes(dialect, _verb(line), segment) or not takes(old, _verb(line), bare):
                continue
            try:
                there = instead(old, dialect, _verb(line), bare)
            except UsageError:
                there = None
            if there is not None and old.successor is not None and old.successor.api == dialect.api.name:
                refused.hint = f"did you mean {' '.join(there.words)}?"
                near = True
    if not near and line.product is None and _product(dialect, line.words) is None:
        other = next((one for one in siblings_of(dialect) if _takes(one, line)), None)
        if other is not None:
            words = f"use {dialect.name}" if line.open else f"wscli {dialect.name} {line.verb} {' '.join(line.words)}"
            refused.hint = f"{other.api.name} has it: {words} --api {other.api.name}"
    return refused
