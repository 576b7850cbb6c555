"""Words that match a few typed letters, best first: those that begin with them, then those in which a part begins with them, then those
that contain them, together or apart. Letter case only breaks ties."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache

SCATTERED_RANK = 5  # the rank of letters that stand apart
_WORD_STARTS = re.compile(r"(?<=[^A-Za-z0-9])(?=[A-Za-z0-9])|(?<=[a-z])(?=[A-Z0-9])")


def rank(typed: str, text: str) -> int | None:
    """Return how well `typed` matches `text`: 0 is best, None no match.

    >>> rank("tr", "trade"), rank("book", "order_book"), rank("usd", "BTCUSDT"), rank("ob", "order_book"), rank("x", "trade")
    (1, 3, 4, 5, None)
    """
    if typed == text:
        return 0
    folded, folded_typed = text.lower(), typed.lower()
    if folded.startswith(folded_typed):
        return 1 if text.startswith(typed) else 2
    if folded_typed in folded:
        begun = any(folded.startswith(folded_typed, m.start()) for m in _WORD_STARTS.finditer(text))
        return 3 if begun else 4
    return SCATTERED_RANK if _scattered_pattern(folded_typed).search(folded) else None


@lru_cache(maxsize=64)
def _scattered_pattern(typed: str) -> re.Pattern[str]:
    # Each gap may not hold the letter that ends it: one way to match, so that no text takes long.
    letters = [re.escape(letter) for letter in typed[:32]]
    return re.compile("".join([letters[0], *(f"[^{letter}]*{letter}" for letter in letters[1:])]) if letters else "")


class WordIndex:
    """Many words, sorted once, so that those with a prefix are found quickly."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = tuple(dict.fromkeys(texts))
        self._sorted = sorted((text.lower(), place) for place, text in enumerate(self.texts))

    def matching(self, typed: str, limit: int) -> Iterator[tuple[int, str]]:
        """Yield up to `limit` (rank, word): by rank, then in the given order."""
        if not typed:
            yield from ((1, text) for text in self.texts[:limit])
            return
        begun = sorted(self._with_prefix(typed.lower()))
        matches = sorted((rank(typed, self.texts[place]) or 0, place) for place in begun)[:limit]
        if len(matches) < limit and len(typed) <= 32:
            matches = sorted([*matches, *self._other_matches(typed.lower(), set(begun))])[:limit]
        yield from ((order, self.texts[place]) for order, place in matches)

    def _with_prefix(self, letters: str) -> Iterator[int]:
        for at in range(bisect_left(self._sorted, (letters, -1)), len(self._sorted)):
            folded, place = self._sorted[at]
            if not folded.startswith(letters):
                return
            yield place

    def _other_matches(self, letters: str, excluded: set[int]) -> Iterator[tuple[int, int]]:
        search = _scattered_pattern(letters).search
        for folded, place in self._sorted:
            if search(folded) is not None and place not in excluded:
                yield rank(letters, self.texts[place]) or SCATTERED_RANK, place
