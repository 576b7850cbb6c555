"""Every transcript beside a dialect is a table of tests: what is typed, sent, heard, and what we call it."""

from itertools import pairwise

import pytest

from tests.support.transcript_player import Play
from tests.support.transcripts import connections, transcript_of
from wscli.core.dialect import Dialect
from wscli.exchanges import DIALECTS, qualified_name
from wscli.exchanges.transcript import TranscriptLine

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
