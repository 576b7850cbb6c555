"""The columns of a terminal that a text takes, and its beginning that fits."""

from __future__ import annotations


def display_width(text: str) -> int:
    """Return how many columns of a terminal a text takes: two for a wide character, none for a combining one.

    >>> display_width("BTC"), display_width("币安")
    (3, 4)
    """
    if text.isascii():
        return len(text)
    import unicodedata  # lazily: markets and words are ASCII

    return sum(
        0 if unicodedata.category(c) in ("Mn", "Me", "Cf") else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def clipped_to_width(text: str, width: int) -> str:
    """Return the beginning of `text` that fits, with … as its last character.

    >>> clipped_to_width("BTCUSDT", 4), clipped_to_width("币安人生", 4)
    ('BTC…', '币…')
    """
    taken = 0
    for at, c in enumerate(text):
        taken += display_width(c)
        if taken > width - 1:
            return text[:at] + "…"
    return text
