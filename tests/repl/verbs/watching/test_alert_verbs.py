"""Alerts at the prompt, and the mistakes in conditions there: the line that is offered works as it is typed."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.repl.conftest import Rehearsal
from wscli.core.errors import UsageError

MISTAKES = [
    # a line                                          what is said                          the line that is offered
    ("where price>1 side=buy",                        "need 'and' or 'or' between them",    "where price>1 and side=buy"),
    ("where size>0.01,side=BUY",                      "need 'and' or 'or' between them",    "where size>0.01 and side=buy"),
    ("where side = SELL",                             "side is one of: buy sell",           "where side = sell"),
    ("where side = 'SELL' and price > 1",             "side is one of: buy sell",           "where side = sell and price > 1"),
    ("where (side = buy or sied = sell)",             "there is no field sied",             "where (side = buy or side = sell)"),
    ("where price > 36,500",                          "price is a number, '36,500' is not", "where price > 36500"),
    ("where symbol in (btcusdt)",                     "symbols are written like BTCUSDT",   "where symbol in (BTCUSDT)"),
    ("where price => 1",                              "=> is not an operator",              "where price >= 1"),
    ("where side is buy",                             "side needs an operator",             "where side = buy"),
    ("expect price>0 side=buy",                       "need 'and' or 'or' between them",    "expect price>0 and side=buy"),
    ("wait-for prcie>0",                              "trade has no field prcie",           "wait-for price>0"),
    ("on side = SELL bell",                           "side is one of: buy sell",           "on side = sell bell"),
    ("on prcie > 1 exec sh -c 'echo \"$1\"' x {price}", "there is no field prcie",          "on price > 1 exec sh -c 'echo \"$1\"' x {price}"),
    ("on price > 1 size > 2 exec true",               "need 'and' or 'or' between them",    "on price > 1 and size > 2 exec true"),
    ("on price > 1 exec true {prcie}",                "no row has a field prcie",           None),
    ("on price > 1 exec no-such-program",             "no program named 'no-such-program'", None),
    ("on price > 1 exec",                             "on needs a condition, and exec",     None),
    ("on price > 1",                                  "on needs a condition, and exec",     None),
    ("on exec true",                                  "on needs a condition, and exec",     None),
    ("on price > 1 bell now",                         "too many words: 'now'",              None),
    ("on",                                            "on needs a condition, and exec",     None),
    ("alerts on",                                     "alerts has no 'on'",                 None),
    ("alerts off 77",                                 "no alert has the number 77",         None),
    ("alerts off one",                                "no alert has the number one",        None),
]  # fmt: skip


def test_a_mistake_in_a_condition_is_answered_with_a_line_that_works(bybit: Rehearsal) -> None:
    bybit.say("subscribe trade BTCUSDT")
    bybit.sheet.until(lambda: bool(bybit.sheet.messages))
    for line, said, offered in MISTAKES:
        with pytest.raises(UsageError) as raised:
            bybit.say(line)
        hint = bybit.hint_of(raised.value)

        assert said in raised.value.message, line
        assert hint, line
        if offered is not None:
            assert f"did you mean {offered}?" in hint, line
            bybit.say(offered)
    bybit.say("alerts off")


def test_an_alert_runs_its_command_and_is_listed_until_it_is_turned_off(bybit: Rehearsal) -> None:
    bybit.say("subscribe trade BTCUSDT")
    bybit.say("where price < 0")  # alerts see what is not shown
    bybit.say("on price>0 and side in (buy, sell) exec sh -c 'cat; echo $1; exit 3' x {price} # no comment")
    bybit.say("on price < 0 bell")
    bybit.sheet.until(lambda: any("failed with status 3" in word for word in bybit.sheet.words))

    words = [word.removeprefix("wscli: alert 1: ") for word in bybit.sheet.words if word.startswith("wscli: alert 1: ")]
    row = json.loads(words[0])
    assert (row["channel"], words[1]) == ("trade", row["price"])
    listed = [json.loads(line) for line in bybit.say("alerts -o json").splitlines()]
    assert [(entry["alert"], entry["condition"], entry["does"].partition(" ")[0]) for entry in listed] == [
        (1, "price>0 and side in (buy, sell)", "exec"),
        (2, "price < 0", "bell"),
    ]
    assert listed[0]["matches"] >= listed[0]["runs"] >= listed[0]["failed"] >= 1
    assert (listed[1]["matches"], listed[1]["runs"]) == (0, None)

    bybit.say("alerts off 1")
    assert bybit.alerts.count == 1
    assert [line.split()[0] for line in bybit.say("alerts").splitlines()[1:]] == ["2"]
    bybit.say("alerts off")
    assert bybit.alerts.count == 0
    assert bybit.say("alerts").startswith("no alert is on")


def test_an_alert_needs_no_exchange_that_is_open(opened: Callable[..., Rehearsal]) -> None:
    workspace = opened()
    workspace.say("on price > 1 bell")

    assert workspace.alerts.count == 1


def test_last_shows_the_rows_that_match_and_checks_the_condition(bybit: Rehearsal) -> None:
    bybit.say("subscribe orderbook.40.BTCUSDT -n 1")
    bybit.sheet.until(lambda: bool(bybit.sheet.messages))

    lines = bybit.say("last 1 -o rows --where 'side = ask'").splitlines()
    assert {json.loads(line[line.index("{") :])["side"] for line in lines} == {"ask"}
    with pytest.raises(UsageError, match="side is one of: bid ask"):
        bybit.say("last --where 'side = ASK'")
