"""Words of a retired API: which channel they name there, and which one has taken its place."""

from __future__ import annotations

import pytest

from wscli.app.api_choice import implied_verb, other_dialects, retired_channel, retired_dialects
from wscli.exchanges import find_dialect

V5, SPOT = find_dialect("bybit", "v5"), find_dialect("bybit", "spot-v3")
WORDS = [
    # a word                 what it names in the retired API             the verb before it
    ("trade",                ("trade", "spot-v3", "publicTrade"),         "subscribe"),
    ("trade.BTCUSDT",        ("trade", "spot-v3", "publicTrade"),         "subscribe"),
    ("stopOrder",            ("stopOrder", "spot-v3", None),              "subscribe"),
    ("tickers",              None,                                        "subscribe"),
    ("publicTrade",          None,                                        "subscribe"),
    ("nothing",              None,                                        None),
]  # fmt: skip


@pytest.mark.parametrize(("word", "channel", "verb"), WORDS)
def test_a_word_of_a_retired_api_names_its_channel_and_the_one_that_is_meant_now(
    word: str, channel: tuple[str, str, str | None] | None, verb: str | None
) -> None:
    assert retired_channel(V5, word) == channel
    assert implied_verb(V5, word) == verb
    assert retired_channel(SPOT, word) is None


def test_the_other_apis_of_an_exchange_are_known() -> None:
    assert [other_dialects(V5), other_dialects(SPOT)] == [[SPOT], [V5]]
    assert [retired_dialects(V5), retired_dialects(SPOT)] == [[SPOT], []]
    assert [one.api.name for one in other_dialects(find_dialect("bitfinex", "v2"))] == ["v1"]
    assert other_dialects(find_dialect("whitebit")) == []
