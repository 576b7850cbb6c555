"""Frames of a retired API in the words of its successor."""

from __future__ import annotations

import pytest

from wscli.commands.retired import (
    accepts,
    successor_channel,
    successor_command,
    successor_frames,
    translated,
    translation_note,
)
from wscli.core.jsontext import parsed
from wscli.core.messages import Auth, Command, Ping, Subscribe, Unsubscribe
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


TRANSLATED = [
    # words of spot v3                        in the words of v5                                   what was translated
    ("trade BTCUSDT",                         "publicTrade BTCUSDT",                  1),
    ("trade BTCUSDT product=linear",          "publicTrade BTCUSDT product=linear",   1),
    ("kline BTCUSDT interval=1m",             "kline BTCUSDT interval=1",             1),
    ("trade BTCUSDT bookticker ETHUSDT",      "publicTrade BTCUSDT orderbook ETHUSDT depth=1", 2),
    ("publicTrade BTCUSDT",                   None,                                                0),
    ("nothing BTCUSDT",                       None,                                                0),
]  # fmt: skip


@pytest.mark.parametrize(("words", "new_words", "count"), TRANSLATED)
def test_each_channel_is_translated_with_its_symbols_and_parameters(
    words: str, new_words: str | None, count: int
) -> None:
    found = translated(OLD, NEW, "subscribe", words.split())

    assert (found and (sorted(found[0]), len(found[1]))) == ((new_words and (sorted(new_words.split()), count)) or None)


def test_a_note_names_what_is_sent_and_all_that_differs() -> None:
    found = translated(OLD, NEW, "subscribe", "trade BTCUSDT bookticker ETHUSDT".split())
    assert found is not None
    note = translation_note(found[1])

    assert "wscli sends publicTrade BTCUSDT orderbook ETHUSDT depth=1 instead of " in note
    assert note.index("trade.BTCUSDT") < note.index("bookticker.ETHUSDT")
    assert note.endswith("; --api spot-v3 sends that; it sends an order book of one level per side")


CHANNELS = [
    ("trade", "publicTrade"),
    ("bookticker", "orderbook"),
    ("kline", "kline"),
    ("stopOrder", None),
    ("no", None),
]


@pytest.mark.parametrize(("old", "new"), CHANNELS)
def test_a_channel_has_a_successor_or_none(old: str, new: str | None) -> None:
    assert successor_channel(OLD, old) == new
    assert successor_channel(NEW, old) is None


COMMANDS: list[tuple[Command, list[str] | None]] = [
    (Ping(),                                               ["ping"]),
    (Auth(),                                               ["auth"]),
    (Subscribe("trade", ("BTCUSDT",)),                     ["subscribe", "publicTrade", "BTCUSDT"]),
    (Unsubscribe("trade", ("BTCUSDT",)),                   ["unsubscribe", "publicTrade", "BTCUSDT"]),
    (Unsubscribe("", id=7),                                None),
    (Unsubscribe("kline", ("BTCUSDT",)),                   None),  # without the interval
    (Subscribe("stopOrder"),                               None),
]  # fmt: skip


@pytest.mark.parametrize(("command", "words"), COMMANDS)
def test_a_command_has_the_words_of_the_successor_or_none(command: Command, words: list[str] | None) -> None:
    assert successor_command(OLD, command) == words
