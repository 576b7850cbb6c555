"""`status` and `subscriptions` of an exchange that is open, as tables and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.repl.conftest import Rehearsal
from wscli.core.errors import UsageError
from wscli.core.messages import ActiveSubscription, State, Subscribe
from wscli.exchanges import find_dialect
from wscli.repl.display.counters import MessageCounter, counter_key
from wscli.repl.verbs import status_verbs

NOW_NS = 1_700_000_010_000_000_000
DIALECT = find_dialect("bybit", "spot-v3")
TRADES, BOOK = Subscribe("trade", ("BTCUSDT",)), Subscribe("orderbook", ("BTCUSDT",))
LOST = Subscribe("kline", ("BTCUSDT",), {"interval": "1m"})


def counted(messages: int, last_s: float) -> MessageCounter:
    """Return the counter of messages that came one a second, the last one so long ago."""
    counter = MessageCounter()
    for number in range(messages):
        counter.add(NOW_NS - round((last_s + messages - 1 - number) * 1e9))
    return counter


def display(*filters: str) -> Any:
    return SimpleNamespace(filters=filters)


def stream(subscription: Subscribe, **more: Any) -> Any:
    values = {"subscriptions": (subscription,), "redirect": None, "display": None, "finished": False}
    return SimpleNamespace(**(values | more))


def worker(**more: Any) -> Any:
    """Return an exchange with one stream that goes to a file, one that is silent, and one that is not back yet."""
    redirect = SimpleNamespace(description="> a.jsonl")
    running = [
        stream(Subscribe("trade", ("ETHUSDT", "BTCUSDT")), display=display("where side=buy"), redirect=redirect),
        stream(BOOK),
        stream(TRADES, display=display("grep x")),
        stream(TRADES, display=display("where price>1")),  # it is on the screen in place of the one before
        stream(TRADES, redirect=SimpleNamespace(description="> never"), finished=True),
    ]
    state = State(active={"t": ActiveSubscription(TRADES), "b": ActiveSubscription(BOOK)})
    endpoint = SimpleNamespace(url="wss://h/private?token=canary")
    values = {
        "dialect": DIALECT, "label": "bybit", "location_flags": " --api spot-v3", "status_text": lambda: "open",
        "logged_in": lambda: True, "subscriptions": lambda: (TRADES, BOOK), "pending_subscriptions": lambda: [LOST],
        "recorder": SimpleNamespace(path="a.jsonl"), "states": lambda: [state], "sessions": lambda: {"public": 1, "private": 2},
        "target": SimpleNamespace(endpoint=lambda route: endpoint),
        "streams": SimpleNamespace(
            running=running, recent=[], display=display("grep BTC"), total=counted(5, 1), counters={counter_key(DIALECT, "t", "trade", TRADES): counted(1500, 2.5)},
        ),
    }  # fmt: skip
    return SimpleNamespace(**(values | more))


@pytest.fixture
def workspace(opened: Callable[..., Rehearsal], monkeypatch: pytest.MonkeyPatch) -> Rehearsal:
    monkeypatch.setattr(status_verbs, "time_ns", lambda: NOW_NS)
    return opened(output=None)


def listed(workspace: Rehearsal, verb: str, output: str | None, *workers: Any) -> str:
    """Return what a verb lists of these exchanges; the first one is in use."""
    flags = workspace.options.__class__(output=output)
    invocation = SimpleNamespace(
        arguments=(), flags=flags, parsed_line=SimpleNamespace(command=verb), is_redirected=False
    )
    for one in workers:
        workspace.workers[one.label] = cast(Any, one)
    workspace.current_label = workers[0].label if workers else None
    getattr(status_verbs, verb)(workspace, cast(Any, invocation))
    workspace.workers.clear()
    return "".join(workspace.sheet.answers)


def test_the_status_of_each_exchange_is_an_object(workspace: Rehearsal) -> None:
    other = worker(label="x", target=None, location_flags="", logged_in=lambda: False)
    first, second = map(json.loads, listed(workspace, "status", "json", worker(), other).splitlines())

    assert first == {
        "exchange": "bybit", "api": "spot-v3", "place": "--api spot-v3", "used": True, "state": "open", "logged_in": True,
        "subscriptions": 2, "messages": 5, "a_second": 1.0, "lag_ms": None, "recording": "a.jsonl", "urls": ["wss://h/private"],
    }  # fmt: skip
    assert (second["place"], second["used"], second["logged_in"], second["urls"]) == (None, False, False, [])


def test_each_subscription_is_an_object_with_its_counts(workspace: Rehearsal) -> None:
    trades, book, lost = map(json.loads, listed(workspace, "subscriptions", "json", worker()).splitlines())

    assert trades == {
        "exchange": "bybit", "words": "trade BTCUSDT", "channel": "trade", "symbol": "BTCUSDT", "params": {},
        "goes_to": "> a.jsonl", "sinks": ["screen", "> a.jsonl", "recording a.jsonl"], "filter": "where price>1, where side=buy",
        "on": True, "messages": 1500, "a_second": 0.7, "last_s": 2.5, "lag_ms": None,
    }  # fmt: skip
    assert (book["on"], book["messages"], book["a_second"], book["last_s"], book["goes_to"]) == (
        True,
        0,
        0.0,
        None,
        None,
    )
    assert (lost["words"], lost["on"], lost["messages"], lost["last_s"]) == (
        "kline BTCUSDT interval=1m",
        False,
        None,
        None,
    )


def test_subscriptions_are_a_table(workspace: Rehearsal) -> None:
    _, trades, book, lost = listed(workspace, "subscriptions", None, worker()).splitlines()

    assert (
        trades.split()
        == "bybit trade BTCUSDT screen, > a.jsonl, recording a.jsonl where price>1, where side=buy 1,500 0.7 2.5 s ago".split()
    )
    assert book.split() == "bybit orderbook BTCUSDT screen, recording a.jsonl grep BTC 0 0.0 never".split()
    assert lost.split() == "bybit kline BTCUSDT interval=1m screen, recording a.jsonl grep BTC not connected".split()


def test_the_status_is_a_table_in_which_the_one_in_use_is_marked(workspace: Rehearsal) -> None:
    other = worker(label="x", logged_in=lambda: False)
    _, first, second = listed(workspace, "status", None, worker(), other).splitlines()

    assert first.split() == "* bybit open yes 2 5 1.0 wss://h/private".split()
    assert second.split() == "x open no 2 5 1.0 wss://h/private".split()


@pytest.mark.parametrize(("verb", "output"), [("status", "json"), ("subscriptions", "json")])
def test_without_an_exchange_there_is_no_object(workspace: Rehearsal, verb: str, output: str) -> None:
    assert listed(workspace, verb, output) == ""


@pytest.mark.parametrize("verb", ["status", "subscriptions"])
def test_without_an_exchange_the_next_step_is_named(workspace: Rehearsal, verb: str) -> None:
    assert ("use EXCHANGE" in listed(workspace, verb, None)) == (verb == "status")


def test_a_list_for_a_spreadsheet_has_one_line_each_and_no_text_of_two_lines(workspace: Rehearsal) -> None:
    head, trades, _, lost = listed(workspace, "subscriptions", "csv", worker()).splitlines()

    assert head == "exchange,words,channel,symbol,params,goes_to,sinks,filter,on,messages,a_second,last_s,lag_ms"
    assert (
        trades
        == 'bybit,trade BTCUSDT,trade,BTCUSDT,,> a.jsonl,screen; > a.jsonl; recording a.jsonl,"where price>1, where side=buy",true,1500,0.7,2.5,'
    )
    assert lost.endswith(",interval=1m,,screen; recording a.jsonl,grep BTC,false,,,,")


@pytest.mark.parametrize("width", [60, 80, 120, 160])
def test_a_list_fits_the_screen(workspace: Rehearsal, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setattr("wscli.help.pager.screen_width", lambda otherwise: width)
    lines = listed(workspace, "subscriptions", None, worker()).splitlines()

    assert max(map(len, lines)) <= width
    assert lines[0].startswith("exchange  subscription") or lines[0].startswith("subscription")


def test_a_format_that_a_list_does_not_have_is_refused(workspace: Rehearsal) -> None:
    with pytest.raises(UsageError, match="a list has no -o rows") as raised:
        listed(workspace, "subscriptions", "rows", worker())
    workspace.workers.clear()

    assert raised.value.hint == "one of: json pretty table csv"
