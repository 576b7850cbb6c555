"""Text of others in our own lines: nothing of it steers a terminal."""

from __future__ import annotations

import pytest

from wscli.core.errors import error_text, printable

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
