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


RANKED = [
    # typed     the ranks and the words
    ("trade",   [(0, "trade"), (1, "trades"), (2, "Trades"), (3, "publicTrade"), (3, "last_trade"), (4, "xtrade"), (5, "t_rade")]),
    ("",        [(1, "xtrade"), (1, "trade"), (1, "trades")]),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "ranked"), RANKED)
def test_each_match_has_its_rank_and_there_are_no_more_than_are_wanted(
    typed: str, ranked: list[tuple[int, str]]
) -> None:
    index = WordIndex(["xtrade", "trade", "trades", "Trades", "publicTrade", "last_trade", "t_rade", "rate"])

    for limit in range(1, len(ranked) + 1):
        assert [*index.matching(typed, limit)] == ranked[:limit]


def test_letters_that_stand_apart_are_looked_for_up_to_32_of_them() -> None:
    text = "-".join("abcdefghijklmnopqrstuvwxyz012345" + "6")

    assert [*WordIndex([text]).matching("abcdefghijklmnopqrstuvwxyz012345", 9)] == [(5, text)]
    assert [*WordIndex([text]).matching("abcdefghijklmnopqrstuvwxyz0123456", 9)] == []


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
