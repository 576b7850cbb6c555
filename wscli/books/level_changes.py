"""Which levels of a book changed lately, and how: for the marks beside them. Pure: times are a clock's seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from wscli.core.book_rules import BookLevel

SHOWN_S = 0.7  # how long a change is marked: a tenth of a second is not seen
NEW, GREW, SHRANK = "+", "▲", "▼"
LevelKey = tuple[str, str]  # side and price, as text


class LevelChanges:
    """The marks of the levels that are shown."""

    def __init__(self) -> None:
        self._sizes: dict[LevelKey, str] = {}
        self._marks: dict[LevelKey, tuple[str, float]] = {}  # with the time until which it is shown

    def update(self, sides: Mapping[str, Sequence[BookLevel]], now: float) -> None:
        """Compare the levels with those of the last time. The first ones are not marked, nor is a book that begins anew, nor a level
        that is shown only because a better one has gone.

        >>> changes, level = LevelChanges(), BookLevel("100", "1.0")
        >>> changes.update({"bid": [level]}, 0.0)
        >>> changes.update({"bid": [BookLevel("101", "5"), BookLevel("100", "2")]}, 1.0)
        >>> changes.shown(1.1), changes.shown(2.0)
        ({('bid', '101'): '+', ('bid', '100'): '▲'}, {})
        """
        sizes = {(side, level.price): level.size for side, levels in sides.items() for level in levels}
        if not self._sizes.keys().isdisjoint(sizes):
            worst = self._worst_prices()
            for key, size in sizes.items():
                before = self._sizes.get(key)
                if before == size or (before is None and _is_beyond(*key, worst)):
                    continue
                if mark := _mark(before, size):
                    self._marks[key] = mark, now + SHOWN_S
        self._sizes = sizes

    def _worst_prices(self) -> dict[str, Decimal]:
        """Return the worst price of each side that was shown the last time."""
        prices: dict[str, list[Decimal]] = {}
        for side, price in self._sizes:
            prices.setdefault(side, []).append(Decimal(price))
        return {side: min(those) if side == "bid" else max(those) for side, those in prices.items()}

    def shown(self, now: float) -> dict[LevelKey, str]:
        """Return the marks that are shown now, by side and price."""
        self._marks = {key: (mark, until) for key, (mark, until) in self._marks.items() if until > now}
        return {key: mark for key, (mark, _) in self._marks.items()}

    @property
    def next_at(self) -> float:
        """When the next mark goes."""
        return min((until for _, until in self._marks.values()), default=float("inf"))


def _mark(before: str | None, size: str) -> str:
    if before is None:
        return NEW
    old, new = Decimal(before), Decimal(size)
    return GREW if new > old else SHRANK if new < old else ""


def _is_beyond(side: str, price: str, worst: Mapping[str, Decimal]) -> bool:
    """Say whether a price lies beyond the worst that was shown."""
    if side not in worst:
        return False
    return Decimal(price) < worst[side] if side == "bid" else Decimal(price) > worst[side]
