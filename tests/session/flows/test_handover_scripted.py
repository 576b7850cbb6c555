"""A connection that is replaced by a new one, on a scripted network: nothing is lost, shown twice, or given up too early."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.support.dialects import changed
from tests.support.scripted_client import ScriptedClient
from wscli.core.dialect import Limits
from wscli.core.endings import Finished
from wscli.core.errors import ConnectionFailed, ConnectionLost
from wscli.core.messages import Kind, Subscribe
from wscli.exchanges import find_dialect
from wscli.session.target import ReconnectPolicy

Make = Callable[..., ScriptedClient]
BYBIT = changed(
    find_dialect("bybit", "spot-v3"),
    keepalive=None,
    limits=Limits(),
    requested_action=lambda event: "replace" if event.kind is Kind.UNKNOWN else None,
)
AGEING = changed(BYBIT, limits=Limits(lifetime_s=1000))
TRADE = [Subscribe("trade", ("BTCUSDT",))]
ASK = '{"please":"reconnect"}'


def acknowledge(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return [{"op": frame["op"], "success": True, "ret_msg": "", "req_id": frame["req_id"]}]


def trade(price: str) -> str:
    return f'{{"topic":"trade.BTCUSDT","type":"snapshot","ts":1,"data":{{"t":1700000005010,"p":"{price}","q":"1","m":true}}}}'


def started(scripted: Make, *outcomes: Any, dialect: Any = BYBIT, **options: Any) -> ScriptedClient:
    options.setdefault("for_s", 60.0)
    one = scripted(dialect, *outcomes, policy=ReconnectPolicy(), **options)
    one.start(TRADE)
    return one


def listening(one: ScriptedClient) -> None:
    with pytest.raises(Finished):
        one.listen()


def test_a_replacement_subscribes_the_same_set_before_the_old_connection_is_left(scripted: Make) -> None:
    one = started(scripted, acknowledge)
    one.transport.says(ASK, after_s=5.0)
    closed_at: list[float] = []
    one.network.on_wait = lambda: closed_at.extend([one.clock.now] * one.network.transports[0].closed)
    listening(one)
    old, new = one.network.transports

    assert [frame["op"] for frame in new.sent] == ["subscribe"]
    assert [frame["op"] for frame in old.sent] == ["subscribe", "unsubscribe"]
    assert closed_at[0] == 5.5  # at once: its unsubscribe was acknowledged
    assert not new.closed
    assert one.client.route("public").overlap is None
    assert [line for line in one.output.err if "took over" in line] == [
        "wscli: bybit asks to reconnect: a new connection took over, 1 subscription"
    ]


def test_what_both_connections_say_is_shown_once(scripted: Make) -> None:
    def new(frame: dict[str, Any]) -> Sequence[str | dict[str, Any]]:
        return [*acknowledge(frame), trade("1"), trade("2")]

    def old(frame: dict[str, Any]) -> Sequence[str | dict[str, Any]]:
        return [trade("1"), trade("2"), *acknowledge(frame)] if frame["op"] == "unsubscribe" else acknowledge(frame)

    one = started(scripted, old, new)
    one.transport.says(ASK, after_s=5.0)
    listening(one)

    assert one.output.out.splitlines() == [ASK, trade("1"), trade("2")]


def test_after_the_overlap_a_message_that_is_repeated_is_shown_again(scripted: Make) -> None:
    one = started(scripted, acknowledge)
    one.transport.says(ASK, after_s=5.0)
    one.transport.says(trade("1"), after_s=5.2)
    one.network.on_wait = lambda: (
        one.transport.says(trade("1"), after_s=10.0)
        if len(one.network.transports) == 2 and one.transport.due_at() is None and one.clock.now < 20
        else None
    )
    listening(one)

    assert one.output.out.splitlines()[1:3] == [trade("1"), trade("1")]


def test_the_wait_before_a_replacement_is_longer_for_each_that_comes_too_soon(scripted: Make) -> None:
    one = started(scripted, acknowledge, for_s=30.0)
    one.network.transports[0].says(ASK, after_s=5.0)
    opened: list[float] = []

    def look() -> None:
        if len(one.network.transports) > len(opened) + 1:
            opened.append(one.clock.now)
            one.transport.says(ASK, after_s=1.0)

    one.network.on_wait = look
    listening(one)

    assert [round(at, 1) for at in opened[:4]] == [5.5, 7.5, 10.5, 15.5]


def test_the_wait_before_a_replacement_has_a_bound_and_is_short_again_once_a_connection_has_lasted(
    scripted: Make,
) -> None:
    one = started(scripted, acknowledge, for_s=400.0)
    one.network.transports[0].says(ASK, after_s=1.0)
    asked: list[float] = []
    waits: list[float] = []

    def look() -> None:
        if len(one.network.transports) == len(waits) + 2:
            waits.append(round(one.clock.now - (asked[-1] if asked else 1.0), 1))
            lasts = 1.0 if len(waits) < 8 else 61.0
            one.transport.says(ASK, ASK, after_s=lasts)
            asked.append(one.clock.now + lasts)

    one.network.on_wait = look
    listening(one)

    assert waits[:9] == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 0.5]


def test_a_request_to_reconnect_that_is_repeated_is_one_request(scripted: Make) -> None:
    one = started(scripted, acknowledge)
    one.transport.says(ASK, ASK, ASK, after_s=5.0)
    listening(one)

    assert len(one.network.transports) == 2


def test_a_replacement_that_cannot_be_had_leaves_the_old_connection_and_is_tried_again(scripted: Make) -> None:
    one = started(scripted, acknowledge, ConnectionFailed("no route"), acknowledge)
    one.transport.says(ASK, after_s=5.0)
    one.transport.says(trade("7"), after_s=5.6)
    listening(one)

    assert [line for line in one.output.err if "old connection" in line] == [
        "wscli: bybit asks to reconnect: no route; the old connection continues, trying again in 0.5 s"
    ]
    assert trade("7") in one.output.out
    assert len(one.network.transports) == 2
    assert one.network.transports[0].closed


def test_a_replacement_that_cannot_succeed_is_not_tried_again(scripted: Make) -> None:
    one = started(scripted, acknowledge, ConnectionFailed("HTTP 403", retryable=False), acknowledge)
    one.transport.says(ASK, after_s=5.0)
    listening(one)

    assert [line for line in one.output.err if "old connection" in line] == [
        "wscli: bybit asks to reconnect: HTTP 403; the old connection continues, wscli does not try again"
    ]
    assert not one.transport.closed


def test_a_connection_is_replaced_before_its_lifetime_ends(scripted: Make) -> None:
    one = started(scripted, acknowledge, dialect=AGEING, for_s=950.0)
    opened: list[float] = []
    one.network.on_wait = lambda: opened.extend([one.clock.now] * (len(one.network.transports) - len(opened) - 1))
    listening(one)

    assert opened == [900.0]
    assert (
        "wscli: bybit closes a connection after 0.277778 h: a new connection took over, 1 subscription"
        in one.output.err
    )


def test_without_reconnecting_a_lifetime_is_left_to_end(scripted: Make) -> None:
    one = scripted(AGEING, acknowledge, policy=ReconnectPolicy(reconnect=False), for_s=950.0)
    one.start(TRADE)
    listening(one)

    assert len(one.network.transports) == 1


def test_an_old_connection_that_is_lost_meanwhile_leaves_a_gap(scripted: Make) -> None:
    def slow(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
        one.network.transports[0].says(lost=ConnectionLost("gone"), after_s=0.2)
        one.transport.says(*acknowledge(frame), after_s=0.5)
        return []

    one = started(scripted, acknowledge, slow, recorded=True)
    one.transport.says(ASK, after_s=5.0)
    listening(one)

    assert one.recorder is not None
    assert [entry for entry in one.recorder.entries if entry[0] == "gap"] == [
        ("gap", 2, {"away_ms": 200, "reason": "bybit: disconnected for 0.20 s"})
    ]
    assert one.client.connections["public"].number == 2


def test_both_connections_that_are_lost_while_one_replaces_the_other_are_come_back_for(scripted: Make) -> None:
    one = started(scripted, acknowledge, lambda frame: (), acknowledge)
    old = one.network.transports[0]
    old.says(ASK, after_s=5.0)

    def look() -> None:
        if len(one.network.transports) == 2 and old.due_at() is None and one.clock.now < 6:
            old.says(lost=ConnectionLost("the old one is gone"), after_s=1.0)
            one.transport.says(lost=ConnectionLost("the new one is gone"), after_s=2.0)

    one.network.on_wait = look
    listening(one)

    assert [line for line in one.output.err if "gone" in line or "reconnected" in line] == [
        "wscli: bybit asks to reconnect: the new one is gone; the old connection is lost, too",
        "wscli: the old one is gone; trying again in 0.5 s",
        "wscli: bybit: reconnected after 0.50 s, 1 subscription",
    ]


def test_a_snapshot_of_a_new_connection_that_fails_leaves_a_gap(scripted: Make) -> None:
    snapshot = '{"topic":"orderbook.40.BTCUSDT","type":"snapshot","ts":1,"data":{"s":"BTCUSDT","t":1,"b":[],"a":[]}}'
    one = started(scripted, acknowledge, lambda frame: [snapshot], show_gaps=True, wait_s=3.0)
    one.network.transports[0].says(ASK, after_s=5.0)
    listening(one)

    gaps = [line for line in one.output.out.splitlines() if "gap" in line]
    assert gaps[:1] == ['{"gap":{"away_ms":3000,"connection":1}}']


def test_data_of_an_earlier_set_up_does_not_stand_for_an_acknowledgement(scripted: Make) -> None:
    def silent(frame: dict[str, Any]) -> Sequence[str]:
        return []

    one = started(scripted, lambda frame: [trade("1"), *acknowledge(frame)], silent, wait_s=3.0)
    one.network.transports[0].says(ASK, after_s=5.0)
    listening(one)

    assert any("did not answer" in line and "old connection continues" in line for line in one.output.err)
