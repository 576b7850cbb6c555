"""Every transcript beside a dialect is a table of tests: what is typed, sent, heard, and what we call it."""

from itertools import pairwise

import pytest

from tests.support.transcript_player import Play
from tests.support.transcripts import connections
from wscli.core.dialect import Dialect
from wscli.exchanges import DIALECTS, find_dialect, qualified_name
from wscli.exchanges.transcript import TranscriptLine, received_example, transcript_of

TABLE = [pytest.param(d, told, id=f"{qualified_name(d)}:{told[0].number}") for d, told in connections() if told]


@pytest.mark.parametrize(("dialect", "lines"), TABLE)
def test_the_transcript_is_what_happens(dialect: Dialect, lines: list[TranscriptLine]) -> None:
    Play(dialect, lines).run()


@pytest.mark.parametrize("dialect", DIALECTS, ids=qualified_name)
def test_a_transcript_shows_every_channel_and_query(dialect: Dialect) -> None:
    text = transcript_of(dialect)
    lines = [line for owner, lines in connections() if owner is dialect for line in lines]
    seen = {name for line in lines if line.mark == "=" for name in line.text.split()[1:2]}

    for entry in (*dialect.facts.channels, *dialect.facts.queries):
        assert entry.name in seen, f"no message of {entry.name} is shown"
        assert f" {entry.name}" in text


@pytest.mark.parametrize("dialect", DIALECTS, ids=qualified_name)
def test_every_channel_labels_a_row_in_the_transcript(dialect: Dialect) -> None:
    labelled: set[str] = set()
    for owner, lines in connections():
        if owner is dialect:
            for before, after in pairwise(lines):
                if before.mark == "=" and after.mark == "+":
                    labelled.add(before.text.split()[1].rstrip(":"))

    assert {entry.name for entry in (*dialect.facts.channels, *dialect.facts.queries) if entry.layouts} <= labelled


EXAMPLES = [
    # API                  kind        channel        what is received
    ("bybit", "v5",        "channel",  "priceLimit",  '{"topic":"priceLimit.BTCUSDT"'),
    ("bybit", "v5",        "channel",  "dcp",         ""),  # arms a switch, and sends nothing
    ("bybit", "v5",        "frame",    "order.create", '{"reqId":"o-1","retCode":0,'),
    ("whitebit", "v4",     "query",    "time",        '{"error": null, "result": 1700000004,'),
    ("bitfinex", "v2",     "channel",  "ticker",      "["),
]  # fmt: skip


@pytest.mark.parametrize(("exchange", "api", "kind", "channel", "begins"), EXAMPLES)
def test_the_example_of_a_channel_is_its_first_message(
    exchange: str, api: str, kind: str, channel: str, begins: str
) -> None:
    example = received_example(find_dialect(exchange, api), kind, channel)

    assert example.startswith(begins)
    assert bool(example) == bool(begins)
