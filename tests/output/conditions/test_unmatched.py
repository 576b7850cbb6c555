"""When a person is told that conditions let nothing through."""

from __future__ import annotations

import doctest

import pytest

from tests.support.scripted_client import KeptOutput
from wscli.exchanges import find_dialect
from wscli.output.conditions import unmatched
from wscli.output.conditions.unmatched import UnmatchedWatch
from wscli.output.formats import make_format
from wscli.output.sink import MessageSink, StreamOptions
from wscli.session.observers.unmatched import UnmatchedNotice


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(unmatched).failed == 0


CASES = [
    # (second, hidden, shown) one after the other      the notices
    ([(0, 1, 0), (3, 2, 0)],                           [2]),
    ([(0, 1, 0), (2.9, 2, 0)],                         []),
    ([(0, 1, 0), (3, 1, 0), (9, 1, 0)],                []),    # nothing was received meanwhile
    ([(0, 1, 0), (3, 1, 0), (9, 2, 0)],                [2]),
    ([(0, 0, 0), (5, 1, 0), (7, 9, 0)],                []),    # the time begins with the first message
    ([(0, 1, 0), (1, 1, 1), (9, 9, 1)],                []),
    ([(0, 1, 0), (3, 2, 0), (6, 3, 0), (9, 4, 0)],     [2]),   # once
]  # fmt: skip


@pytest.mark.parametrize(("looks", "counts"), CASES)
def test_it_is_noticed_once_after_three_seconds_of_hidden_messages(
    looks: list[tuple[float, int, int]], counts: list[int]
) -> None:
    now = 0.0
    notes: list[str] = []
    sink = MessageSink(find_dialect("bybit"), StreamOptions(), make_format("json"), KeptOutput())
    observer = UnmatchedNotice(sink, UnmatchedWatch(["a = 'b'"], "--where"), lambda: now, notes.append)
    for now, sink.hidden, sink.count in looks:  # noqa: B007 (the clock reads it)
        observer.flush()

    assert notes == [
        f"no message has matched --where 'a = '\"'\"'b'\"'\"'' for 3 s, and {count} were received" for count in counts
    ]
