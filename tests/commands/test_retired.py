"""Frames of a retired API in the words of its successor."""

from __future__ import annotations

import pytest

from wscli.commands.retired import accepts, successor_frames
from wscli.core.jsontext import parsed
from wscli.exchanges import find_dialect

OLD, NEW = find_dialect("bybit", "spot-v3"), find_dialect("bybit", "v5")
FRAMES = [
    # what the old API was sent                                      what the new one is sent instead; None: it has no such thing
    ('{"op":"subscribe","args":["trade.BTCUSDT"]}',                  '{"req_id":"spot-1","op":"subscribe","args":["publicTrade.BTCUSDT"]}'),
    ('{"op":"unsubscribe","args":["trade.BTCUSDT"]}',                '{"req_id":"spot-1","op":"unsubscribe","args":["publicTrade.BTCUSDT"]}'),
    ('{"op":"subscribe","args":["kline.1m.BTCUSDT"]}',               '{"req_id":"spot-1","op":"subscribe","args":["kline.1.BTCUSDT"]}'),
    ('{"op":"subscribe","args":["order"]}',                          '{"req_id":"1","op":"subscribe","args":["order.spot"]}'),
    ('{"op":"subscribe","args":["trade.BTC-USDT"]}',                 None),  # no symbol of the new one
    ('{"op":"subscribe","args":["kline.7m.BTCUSDT"]}',               None),
    ('{"op":"subscribe","args":["stopOrder"]}',                      None),
    ('{"op":"subscribe","args":["trade.BTCUSDT","trade.BTC-USDT"]}', None),
    ('{"op":"nope"}',                                                None),
    ('["op"]',                                                       None),
]  # fmt: skip


@pytest.mark.parametrize(("frame", "successor"), FRAMES)
def test_a_frame_of_a_retired_api_has_an_equivalent_or_none(frame: str, successor: str | None) -> None:
    assert successor_frames(OLD, NEW, [parsed(frame)]) == successor


WORDS = [
    # verb           words                   does the new API accept them?
    ("subscribe",    "publicTrade BTCUSDT",  True),
    ("subscribe",    "trade BTCUSDT",        False),
    ("subscribe",    "publicTrade BTC-USDT", False),
    ("unsubscribe",  "publicTrade BTCUSDT",  True),
    ("unsubscribe",  "nope",                 False),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "words", "accepted"), WORDS)
def test_words_are_accepted_as_they_are_or_not(verb: str, words: str, accepted: bool) -> None:
    assert accepts(NEW, verb, words.split()) is accepted
