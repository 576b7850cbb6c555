"""The example of a verb, in the words of an exchange: for the pages of help, in the shell and at the prompt."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping

from wscli.commands.verbs import Verb
from wscli.core.catalogue import Channel
from wscli.core.dialect import Dialect


def shell_example(verb: Verb, dialect: Dialect) -> str:
    """Return a command line that works as typed: "wscli bybit subscribe publicTrade BTCUSDT -n 3"; "" where the exchange lacks what it needs."""
    place = "wscli {exchange}" if verb.of_exchange else "wscli"
    return _filled(verb.shell_example or f"{place} {verb.example}", dialect, quote=shlex.quote)


def prompt_example(verb: Verb, dialect: Dialect, *, names_exchange: bool = False) -> str:
    """Return a line that works at the prompt, or "". names_exchange: it begins with the exchange, which is not in use there."""
    line = f"{{exchange}} {verb.example}" if names_exchange and verb.of_exchange else verb.example
    return _filled(line, dialect, quote=str)


def _filled(line: str, dialect: Dialect, quote: Callable[[str], str]) -> str:
    for placeholder, find in PLACEHOLDERS.items():
        if placeholder in line:
            found = find(dialect)
            if not found:
                return ""
            line = line.replace(placeholder, quote(found) if placeholder == "{frame}" else found)
    return line


def _public_channel(dialect: Dialect) -> Channel | None:
    return next((channel for channel in dialect.facts.channels if not channel.private), None)


def _words(channel: Channel | None) -> str:
    return "" if channel is None else channel.example or channel.name


def _query(dialect: Dialect) -> str:
    """Return a query: of an order book where there is one, which shows most."""
    queries = dialect.facts.queries
    return _words(next((query for query in queries if query.is_book), next(iter(queries), None)))


def _frame(dialect: Dialect) -> str:
    from wscli.commands.reference import example_frames  # lazily: only the page of `send` shows a frame

    channel = _public_channel(dialect)
    return "" if channel is None else example_frames(dialect, "subscribe", channel)[0]


def _subscription(dialect: Dialect) -> str:
    """Return what `unsubscribe` takes where nothing was subscribed before: on some exchanges the id that the server gave."""
    return "17" if dialect.facts.unsubscribe_by_id else _words(_public_channel(dialect))


PLACEHOLDERS: Mapping[str, Callable[[Dialect], str]] = {
    "{exchange}": lambda dialect: dialect.name,
    "{channel}": lambda dialect: _words(_public_channel(dialect)),
    "{subscription}": _subscription,
    "{name}": lambda dialect: channel.name if (channel := _public_channel(dialect)) is not None else "",
    "{symbol}": lambda dialect: next(iter(dialect.facts.common_symbols), dialect.facts.symbol_spelling.example),
    "{query}": _query,
    "{frame}": _frame,
}
