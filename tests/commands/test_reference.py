"""The frames that a channel's page shows: those of its example, the same every time, without secrets."""

from __future__ import annotations

import pytest

from wscli.commands.reference import example_frames
from wscli.exchanges import find_dialect

FRAMES = [
    # exchange, API       verb          channel             the frames
    (("bybit", "v5"),     "subscribe",  "tickers",          ['{"req_id":"spot-1","op":"subscribe","args":["tickers.BTCUSDT"]}']),
    (("bybit", "v5"),     "subscribe",  "order",            ['{"req_id":"1","op":"subscribe","args":["order"]}']),
    (("whitebit", None),  "query",      "time",             ['{"id":1,"method":"time","params":[]}']),
    (("bitstamp", None),  "subscribe",  "private-my_settlements",
        ['{"event":"bts:subscribe","data":{"channel":"private-my_settlements-***","auth":"***"}}']),
]  # fmt: skip


@pytest.mark.parametrize(("api", "verb", "name", "frames"), FRAMES)
def test_a_channel_has_the_frames_of_its_example(
    api: tuple[str, str | None], verb: str, name: str, frames: list[str]
) -> None:
    dialect = find_dialect(*api)
    channel = dialect.query(name) if verb == "query" else dialect.channel(name)

    assert channel is not None
    assert example_frames(dialect, verb, channel) == frames


def test_a_frame_that_no_verb_makes_is_its_own_example() -> None:
    frame = find_dialect("bybit", "v5").facts.send_only[0]

    assert example_frames(find_dialect("bybit", "v5"), "send", frame) == [frame.example]
