"""Text of others in our own lines: nothing of it steers a terminal."""

from __future__ import annotations

import pytest

from wscli.core.errors import edit_distance, error_text, printable

FOREIGN = [
    ("HTTP 403 Forbidden", "HTTP 403 Forbidden"),
    ("a\x1b[2Jb", "a?[2Jb"),
    ("title\x1b]0;x\x07", "title?]0;x?"),
    ("one\r\ntwo\tthree", "one??two?three"),
    ("\u202eright to left", "?right to left"),
    ("zero\u200bwidth", "zero?width"),
    ("C1 \x9b31m", "C1 ?31m"),
    ("del\x7f and nul\0", "del? and nul?"),
    ("lone \ud800 surrogate", "lone ? surrogate"),
    ("Straße 币安 ünïcode", "Straße 币安 ünïcode"),
]


@pytest.mark.parametrize(("text", "shown"), FOREIGN)
def test_text_of_others_is_shown_without_what_steers_a_terminal(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(("text", "shown"), FOREIGN)
def test_the_cause_of_a_failure_is_shown_without_it_too(text: str, shown: str) -> None:
    assert error_text(OSError(text)) == shown


SLIPS = [
    # two words             letters missing, added, changed or exchanged
    ("",       "abc",       3),
    ("abc",    "abc",       0),
    ("a",      "aa",        1),
    ("aaa",    "a",         2),
    ("ab",     "ba",        1),
    ("ab",     "ca",        2),
    ("ab",     "bc",        2),
    ("tsop",   "stop",      1),
    ("sotp",   "stop",      1),
    ("stpo",   "stop",      1),
    ("subscirbe", "unsubscribe", 3),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "count"), SLIPS)
def test_the_distance_of_two_words_counts_their_slips(one: str, other: str, count: int) -> None:
    assert edit_distance(one, other) == edit_distance(other, one) == count
