"""What is open and what is on, told to programs; and where a rehearsal goes."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Sim
from tests.repl.conftest import Rehearsal
from wscli.core.errors import UsageError


def test_status_is_an_object_for_each_exchange(bybit: Rehearsal, sim: Sim) -> None:
    bybit.say("subscribe trade.BTCUSDT")
    bybit.sheet.until(lambda: len(bybit.sheet.messages) > 2)
    bybit.say(f"use bitstamp --url {sim.urls['bitstamp']}")
    one, other = (json.loads(line) for line in bybit.say("status -o json").splitlines())

    assert (one["exchange"], one["used"], one["state"], one["logged_in"]) == ("bybit", False, "open", False)
    assert (one["subscriptions"], one["urls"]) == (1, [sim.urls["bybit-spot-v3"]])
    assert one["messages"] > 2
    assert one["a_second"] > 0
    assert one["lag_ms"] is not None
    assert (other["exchange"], other["used"], other["subscriptions"], other["lag_ms"]) == ("bitstamp", True, 0, None)


def test_subscriptions_are_an_object_each(bybit: Rehearsal) -> None:
    bybit.say("subscribe trade.BTCUSDT -o rows")
    bybit.sheet.until(lambda: len(bybit.sheet.messages) > 2)
    (one,) = (json.loads(line) for line in bybit.say("subscriptions -o json").splitlines())

    assert (one["exchange"], one["words"].split()[1], one["symbol"]) == ("bybit", "BTCUSDT", "BTCUSDT")
    assert (one["on"], one["goes_to"]) == (True, None)
    assert one["messages"] > 2
    assert 0 <= one["last_s"] < 60


def test_nothing_open_and_nothing_on_are_no_lines(bybit: Rehearsal) -> None:
    assert bybit.say("subscriptions -o json") == ""
    assert bybit.say("subscriptions").startswith("no subscriptions")
    with pytest.raises(UsageError, match="a list has no -o rows"):
        bybit.say("status -o rows")


def test_a_rehearsal_says_where_each_frame_goes(bybit: Rehearsal) -> None:
    before = len(bybit.sheet.words)
    bybit.say("subscribe trade.BTCUSDT --dry-run")
    quiet = bybit.sheet.words[before:]
    bybit.say("subscribe trade.BTCUSDT --dry-run -v")

    assert not any(" to ws" in word for word in quiet)
    assert any(word.startswith("wscli: bybit: to ws://127.0.0.1:") for word in bybit.sheet.words[before:])
