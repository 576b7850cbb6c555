"""The verbs without a channel: what they take, and of which exchange."""

from __future__ import annotations

import pytest

from wscli.commands.parser import parse
from wscli.core.errors import Unsupported, UsageError
from wscli.core.messages import Auth, Ping
from wscli.core.record import replace
from wscli.exchanges import find_dialect

BYBIT = find_dialect("bybit")
WITHOUT_LOGIN = replace(BYBIT, login_summary="")


def test_only_the_login_needs_an_exchange_that_has_one() -> None:
    assert parse(BYBIT, "auth", []) == (Auth(),)
    assert parse(BYBIT, "ping", []) == parse(WITHOUT_LOGIN, "ping", []) == (Ping(),)
    with pytest.raises(Unsupported, match="bybit has no login here: all its channels are public"):
        parse(WITHOUT_LOGIN, "auth", [])


@pytest.mark.parametrize("verb", ["ping", "auth"])
def test_a_verb_without_words_names_the_word_it_was_given(verb: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(BYBIT, verb, ["now", "please"])
    assert caught.value.message == f"{verb} takes no words (got 'now please')"
    assert caught.value.word == "now"


def test_an_unknown_verb_is_refused_with_the_closest_one() -> None:
    with pytest.raises(UsageError) as caught:
        parse(BYBIT, "subscrib", [])
    assert caught.value.message == "no verb named 'subscrib'"
    assert "subscribe" in str(caught.value.hint)
