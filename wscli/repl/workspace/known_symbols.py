"""The symbols that Tab offers: those of the catalogue, those seen in messages, and those of the cached list."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wscli.repl.workspace.worker import Worker
from wscli.storage import symbol_cache


def in_cache(live: Worker) -> Sequence[str]:
    """Return the cached symbols of an open exchange, those of its other APIs included."""
    found = symbol_cache.read_cache(live.dialect)
    return symbol_cache.with_catalogue_symbols(live.dialect, found.symbols if found is not None else ())


class KnownSymbols:
    """The known symbols of each open exchange. They are the same tuple until they change: completion sorts them once."""

    def __init__(self, cached: Callable[[Worker], Sequence[str]] = in_cache) -> None:
        self._cached = cached
        self._known: dict[str, tuple[str, ...]] = {}
        self._seen: dict[str, int] = {}

    def of(self, live: Worker) -> tuple[str, ...]:
        seen = live.streams.symbols
        if live.label not in self._known or self._seen[live.label] != len(seen):
            self._seen[live.label] = len(seen)
            found = [*live.dialect.facts.common_symbols, *tuple(seen), *self._cached(live)]
            self._known[live.label] = tuple(dict.fromkeys(found))
        return self._known[live.label]

    def forget(self) -> None:
        """Read the cache again."""
        self._known.clear()
