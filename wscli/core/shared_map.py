"""Mappings that are never changed: with an entry more or less, each is a new one, made for little however large it is.

A connection can have thousands of subscriptions, and each message may change what is remembered of one of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar

K = TypeVar("K")
V = TypeVar("V")

SMALL_SIZE = 64  # entries: a dictionary of so few is copied sooner than looked at
_DELETED: Any = object()


class SharedMap(Mapping[K, V]):
    """A large dictionary, never changed, and the few entries that differ from it; in order of insertion."""

    __slots__ = ("_base", "_differing", "_size")

    def __init__(self, base: dict[K, V], differing: dict[K, V], size: int) -> None:
        self._base, self._differing, self._size = base, differing, size

    def __getitem__(self, key: K) -> V:
        found = self._differing.get(key, self)
        if found is self:
            return self._base[key]
        if found is _DELETED:
            raise KeyError(key)
        return found  # type: ignore[return-value]

    def get(self, key: K, default: Any = None) -> Any:
        found = self._differing.get(key, self)
        if found is self:
            return self._base.get(key, default)
        return default if found is _DELETED else found

    def __contains__(self, key: object) -> bool:
        return self.get(key, _DELETED) is not _DELETED  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[K]:
        differing = self._differing
        yield from (key for key in self._base if differing.get(key) is not _DELETED)
        yield from (key for key in differing if key not in self._base)

    def __reversed__(self) -> Iterator[K]:
        differing = self._differing
        yield from (key for key in reversed(differing) if key not in self._base)
        yield from (key for key in reversed(self._base) if differing.get(key) is not _DELETED)

    def __len__(self) -> int:
        return self._size

    def __repr__(self) -> str:
        return repr(dict(self))

    def updated(self, entries: Collection[tuple[K, V]]) -> Mapping[K, V]:
        """Return one with these entries too; _GONE takes one away."""
        differing, size = dict(self._differing), self._size
        for key, value in entries:
            there = differing[key] is not _DELETED if key in differing else key in self._base
            if there or value is not _DELETED:
                if not there and key in self._base:  # it comes back, and so stands last
                    return _from_dict({k: v for k, v in self.items() if k != key}).updated(entries)
                if value is _DELETED and key not in self._base:
                    del differing[key]
                else:
                    differing[key] = value
                size += (value is not _DELETED) - there
        if len(differing) ** 2 <= 4 * len(self._base):
            return SharedMap(self._base, differing, size)
        whole = self._base | differing
        return _from_dict(whole if len(whole) == size else {k: v for k, v in whole.items() if v is not _DELETED})


def _from_dict(base: dict[K, V]) -> SharedMap[K, V]:
    return SharedMap(base, {}, len(base))


def with_entries(table: Mapping[K, V], more: Mapping[K, V]) -> Mapping[K, V]:
    """Return a mapping with more entries, those of its keys replaced where they stand.

    >>> with_entries({"a": 1, "b": 2}, {"a": 3, "c": 4})
    {'a': 3, 'b': 2, 'c': 4}
    """
    if isinstance(table, SharedMap):
        return table.updated(more.items())
    found = {**table, **more}
    return found if len(found) < SMALL_SIZE else _from_dict(found)


def without_keys(table: Mapping[K, V], keys: Sequence[K]) -> Mapping[K, V]:
    """Return a mapping without the entries of some keys.

    >>> without_keys({"a": 1, "b": 2}, ["a", "z"])
    {'b': 2}
    """
    if isinstance(table, SharedMap):
        there = [(key, _DELETED) for key in dict.fromkeys(keys) if key in table]
        return table.updated(there) if there else table
    return {key: held for key, held in table.items() if key not in keys} if keys else table
