"""The words that name one order book: SYMBOL for the first book channel, CHANNEL SYMBOL, or the exchange's own name. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wscli.commands.parser import verb_implied_by
from wscli.commands.words import groups_so_far as groups
from wscli.core.catalogue import Channel
from wscli.core.dialect import Dialect, book_rule_of
from wscli.core.errors import Unsupported, UsageError, choices
from wscli.core.messages import Command, Subscribe


def book_channels(dialect: Dialect) -> tuple[Channel, ...]:
    """Return the channels that are order books; the first is the one that a symbol alone means."""
    order = [*dialect.facts.book_rules]
    channels = (c for c in dialect.facts.channels if c.is_book)
    return tuple(sorted(channels, key=lambda c: order.index(c.name) if c.name in order else len(order)))


def subscribe_words(dialect: Dialect, words: Sequence[str]) -> list[str]:
    """Return the words that subscribe to the order book that `words` name. Raises UsageError.

    `words` are SYMBOL for the first book channel, CHANNEL SYMBOL, or the exchange's own name.
    """
    names = [channel.name for channel in book_channels(dialect)]
    if not names:
        raise Unsupported(f"{dialect.name} has no order book channel", f"wscli {dialect.name} channels")
    if not words:
        raise UsageError(
            "book needs a symbol",
            f"wscli {dialect.name} book {dialect.facts.symbol_spelling.example}; books: {' '.join(names)}",
        )
    if verb_implied_by(dialect, _first_name(words)) == "subscribe":
        return [*words]
    place, colon, symbol = words[0].partition(":")
    if colon and re.fullmatch("[a-z]+", place):  # linear:BTCUSDT, but not tBTCF0:USTF0
        return [f"{place}:{names[0]}", symbol, *words[1:]]
    return [names[0], *words]


def with_required_args(dialect: Dialect, words: Sequence[str], *, verify: bool = False) -> list[str]:
    """Return the words of the subscription to a book, with the arguments that its rule requires.

    A parameter that was typed stays as it is; with verify the values that prove the book are added (flags=bulk becomes
    flags=bulk,sequence,checksum).
    """
    group = next(iter(groups(dialect.facts.channels, [_first_name(words)])), None)
    rule = dialect.facts.book_rules.get(group.channel.name) if group is not None else None
    completed = [*words]
    for ask in rule.required_args if rule is not None else ():
        name, _, values = ask.partition("=")
        index = next((at for at, word in enumerate(completed) if word.partition("=")[0] == name), None)
        if index is None:
            completed.append(ask)
        elif verify:
            values_given = [v for v in completed[index].partition("=")[2].split(",") if v]
            completed[index] = f"{name}={','.join(dict.fromkeys([*values_given, *values.split(',')]))}"
    return completed


def _first_name(words: Sequence[str]) -> str:
    return words[0].partition(",")[0].rpartition(":")[2]


def single_subscription(dialect: Dialect, commands: Sequence[Command], words: Sequence[str]) -> Subscribe:
    """Return the one subscription to a book among commands. Raises UsageError for another channel, and for several."""
    one, names = commands[0], [channel.name for channel in book_channels(dialect)]
    assert isinstance(one, Subscribe)
    if one.channel not in names:
        raise UsageError(f"{one.channel} is not an order book channel", choices(one.channel, names), word=words[0])
    if len(commands) > 1 or len(one.symbols) != 1:
        raise UsageError(
            "book shows one order book",
            f"wscli {dialect.name} book {' '.join([one.channel, *one.symbols[:1]])}",
            word=words[-1],
        )
    channel = dialect.channel(one.channel)
    if channel is not None and book_rule_of(dialect, channel, one.symbols[0]) is None:
        raise Unsupported(
            f"wscli cannot keep an order book of {one.symbols[0]}", "use subscribe to see its messages", word=words[-1]
        )
    return one
