"""A few typed letters and what they may mean, best first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscli.commands.fuzzy import WordIndex, rank

NAMES = ("trade", "orderbook", "bookticker", "tickers", "order_book", "stopOrder", "kline", "1m", "1M")
MEANT = [
    # typed      best first
    ("t",        ["trade", "tickers", "bookticker", "stopOrder"]),
    ("book",     ["bookticker", "order_book", "orderbook"]),
    ("order",    ["orderbook", "order_book", "stopOrder"]),
    ("1M",       ["1M", "1m"]),
    ("1m",       ["1m", "1M"]),
    ("kn",       ["kline"]),
    ("ob",       ["orderbook", "order_book"]),
    ("zz",       []),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "best"), MEANT, ids=[typed for typed, _ in MEANT])
def test_letters_mean(typed: str, best: list[str]) -> None:
    assert [word for _, word in WordIndex(NAMES).matching(typed, 9)] == best


@given(st.text(max_size=4), st.lists(st.text(max_size=6), max_size=30))
def test_sorted_words_give_what_ranking_each_gives(typed: str, texts: list[str]) -> None:
    each = sorted(
        (order, place) for place, text in enumerate(dict.fromkeys(texts)) if (order := rank(typed, text)) is not None
    )
    matches = [text for _, text in WordIndex(texts).matching(typed, 1000)]

    if typed:
        assert matches == [[*dict.fromkeys(texts)][place] for _, place in each]
    else:
        assert matches == [*dict.fromkeys(texts)]
