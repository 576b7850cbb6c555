"""An alert counts the rows that match, and starts its command for some of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from wscli.app.alerts.alert import Alert, AlertSpec, Surroundings
from wscli.app.alerts.command import CommandOutput, Start
from wscli.app.alerts.observer import AlertObserver
from wscli.core.jsontext import parsed
from wscli.core.messages import Event, Kind, ReceivedMessage, State
from wscli.exchanges import find_dialect
from wscli.output.conditions.grammar import parse_conditions
from wscli.session.events import Role

BYBIT = find_dialect("bybit", "spot-v3")


class FakeRunner:
    """Keeps what would be started."""

    def __init__(self) -> None:
        self.is_free = True
        self.starts: list[Start] = []

    def start(self, start: Start) -> None:
        self.starts.append(start)


def trade(price: str) -> ReceivedMessage:
    text = f'{{"topic":"trade.BTCUSDT","data":{{"v":"9","t":1700000005010,"p":"{price}","q":"1","m":true}}}}'
    return ReceivedMessage(BYBIT.codec.decode(parsed(text), State()), text, 0, 1)


BOOK = (
    '{"topic":"orderbook.40.BTCUSDT","ts":1,"type":"snapshot","data":'
    '{"s":"BTCUSDT","t":1700000002103,"b":[["1","5"],["2","7"]],"a":[["3","4"]]}}'
)


class Watched:
    """An alert with a runner, a bell and a clock that a test moves."""

    def __init__(self, condition: str, *command: str, bell: bool = False) -> None:
        self.now, self.rings = 0.0, 0
        output = CommandOutput(None, str, str)
        surroundings = Surroundings(output, self._ring, str, lambda: self.now)
        self.alert = Alert(AlertSpec(condition, parse_conditions([condition]), command, bell), surroundings)
        self.runner = FakeRunner()
        if command:
            self.alert.runner = self.runner  # type: ignore[assignment]
        self._observer = AlertObserver(BYBIT, lambda: [self.alert])

    def _ring(self) -> None:
        self.rings += 1

    def see(self, *messages: ReceivedMessage, role: Role = Role.MESSAGE) -> None:
        for message in messages:
            self._observer.received(message, role)


def test_the_command_has_the_row_in_its_words_its_variables_and_its_standard_input() -> None:
    watched = Watched("price > 2 and side = buy", "say", "{price}")
    watched.see(trade("1"), trade("3"))

    [start] = watched.runner.starts
    assert start.arguments == ["say", "3"]
    assert (start.variables["WSCLI_ROW_PRICE"], start.variables["WSCLI_ROW_SIDE"]) == ("3", "buy")
    assert json.loads(start.text)["price"] == "3"


def test_what_matches_while_the_command_runs_is_counted_for_the_next_run() -> None:
    watched = Watched("price > 0", "say", "{price}")
    watched.see(trade("1"))
    watched.runner.is_free = False
    watched.see(trade("2"), trade("3"))
    watched.runner.is_free = True
    watched.see(trade("4"))
    watched.runner.is_free = False
    watched.see(trade("5"))

    assert [(start.arguments[1], start.variables["WSCLI_MATCHES"]) for start in watched.runner.starts] == [
        ("1", "1"),
        ("4", "3"),
    ]
    assert watched.alert.matches == 5
    assert watched.alert.summary() == "1 of 5 rows matched 'price > 0' after the last start of its command"


def test_the_first_of_several_rows_is_the_one_of_the_command() -> None:
    watched = Watched("side = bid", "say", "{price}")
    watched.see(ReceivedMessage(BYBIT.codec.decode(parsed(BOOK), State()), BOOK, 0, 1))

    assert [start.arguments for start in watched.runner.starts] == [["say", "1"]]
    assert watched.alert.matches == 2


def test_a_message_without_rows_is_a_row_of_its_members() -> None:
    watched = Watched("price > 2", "say", "{price} {kind}")
    event = Event(Kind.UNKNOWN, parsed('{"price":3.10}'))
    watched.see(ReceivedMessage(event, '{"price":3.10}', 0, 1))

    assert [start.arguments for start in watched.runner.starts] == [["say", "3.10 unknown"]]


def test_the_bell_rings_once_a_second() -> None:
    watched = Watched("price > 2", bell=True)
    for watched.now in (0.0, 0.5, 0.9, 1.0, 1.5, 2.1):
        watched.see(trade("3"), trade("1"))

    assert watched.rings == 3


@pytest.mark.parametrize(
    ("role", "seen"),
    [(Role.MESSAGE, True), (Role.RESULT, True), (Role.OLD_DATA, True), (Role.DUPLICATE, False), (Role.REPORTED, False)],
)
def test_a_message_that_comes_twice_is_seen_once(role: Role, seen: bool) -> None:
    watched = Watched("price > 0", "say")
    watched.see(trade("1"), role=role)

    assert bool(watched.runner.starts) is seen


def test_an_acknowledgement_is_no_row() -> None:
    watched: Any = Watched("kind = ack", "say")
    watched.see(ReceivedMessage(Event(Kind.ACK, {}, "trade"), "{}", 0, 1))

    assert watched.runner.starts == []
