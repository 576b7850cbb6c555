"""Which levels of a book are marked, and for how long."""

from __future__ import annotations

import pytest

from wscli.books.level_changes import SHOWN_S, LevelChanges, LevelKey
from wscli.core.book_rules import BookLevel

Side = dict[str, str]  # sizes by price


def levels(side: Side) -> list[BookLevel]:
    return [BookLevel(price, size) for price, size in side.items()]


CHANGES: list[tuple[str, Side, Side, dict[LevelKey, str]]] = [
    # side    before                      after                           the marks
    ("bid",   {"10": "1", "9": "1"},      {"10": "1", "9": "1"},          {}),
    ("bid",   {"10": "1", "9": "1"},      {"10": "2", "9": "0.5"},        {("bid", "10"): "▲", ("bid", "9"): "▼"}),
    ("bid",   {"10": "1", "9": "1"},      {"10": "1.0", "9": "1"},        {}),
    ("bid",   {"10": "1", "9": "1"},      {"11": "3", "10": "1"},         {("bid", "11"): "+"}),
    ("bid",   {"10": "1", "9": "1"},      {"10": "1", "9.5": "2"},        {("bid", "9.5"): "+"}),
    ("bid",   {"10": "1", "9": "1"},      {"9": "1", "8": "1"},           {}),  # it was below those that were shown
    ("ask",   {"10": "1", "11": "1"},     {"11": "1", "12": "1"},         {}),
    ("ask",   {"10": "1", "11": "1"},     {"9": "1", "10": "1"},          {("ask", "9"): "+"}),
    ("bid",   {},                         {"10": "1"},                    {}),  # a book that begins
    ("bid",   {"10": "1"},                {"20": "1"},                    {}),  # and one that begins anew
]  # fmt: skip


@pytest.mark.parametrize(("side", "before", "after", "marks"), CHANGES)
def test_what_changed_is_marked(side: str, before: Side, after: Side, marks: dict[LevelKey, str]) -> None:
    changes = LevelChanges()
    changes.update({side: levels(before)}, 0.0)
    changes.update({side: levels(after)}, 1.0)

    assert changes.shown(1.0) == marks


def test_a_mark_goes_after_a_while() -> None:
    changes = LevelChanges()
    for now, size in ((0.0, "1"), (1.0, "2")):
        changes.update({"bid": [BookLevel("10", size)]}, now)

    assert changes.next_at == 1.0 + SHOWN_S
    assert changes.shown(1.0 + SHOWN_S / 2) == {("bid", "10"): "▲"}
    assert changes.shown(1.0 + SHOWN_S) == {}
    assert changes.next_at == float("inf")
