"""What is done about a lost connection: how long is waited, what is subscribed again, and when it is given up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.support.dialects import changed
from tests.support.scripted_client import ScriptedClient
from wscli.core.dialect import Limits
from wscli.core.endings import Finished
from wscli.core.errors import ConnectionFailed, ConnectionLost, InvalidHandshake, Rejected, TimedOut, WscliError
from wscli.core.jsontext import Secret
from wscli.core.messages import Credentials, Subscribe
from wscli.exchanges import find_dialect
from wscli.session.route import subscriptions_of
from wscli.session.route_state import RouteState
from wscli.session.target import ReconnectPolicy

Make = Callable[..., ScriptedClient]
BYBIT = changed(find_dialect("bybit", "spot-v3"), keepalive=None, limits=Limits())
TRADES = (Subscribe("trade", ("BTCUSDT",)), Subscribe("trade", ("ETHUSDT",)))
KEYS = Credentials(Secret("wscli-demo-key"), Secret("wscli-test-secret-0001"))
GONE = ConnectionLost("the connection is gone")


def acknowledge(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return [{"op": frame["op"], "success": True, "ret_msg": "", "req_id": frame["req_id"]}]


def nothing(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return []


def trade(price: str, symbol: str = "BTCUSDT") -> str:
    data = f'{{"v":"1","t":1700000005010,"p":"{price}","q":"0.1","m":true}}'
    return f'{{"topic":"trade.{symbol}","type":"snapshot","ts":1,"data":{data}}}'


def listening(one: ScriptedClient) -> None:
    with pytest.raises(Finished):
        one.listen()


def started(one: ScriptedClient, commands: Sequence[Any] = TRADES) -> ScriptedClient:
    one.start(commands)
    return one


STAY = {"policy": ReconnectPolicy(), "for_s": 60.0}


def test_the_same_set_is_subscribed_again_after_a_loss_in_the_same_order(scripted: Make) -> None:
    one = started(scripted(BYBIT, acknowledge, **STAY))
    one.transport.says(lost=GONE, after_s=1.0)
    listening(one)

    assert [frame["args"] for frame in one.sent[0]] == [["trade.BTCUSDT", "trade.ETHUSDT"]]
    assert [frame["args"] for frame in one.sent[1]] == [["trade.BTCUSDT", "trade.ETHUSDT"]]
    assert len(one.sent) == 2
    assert one.network.transports[0].closed


def test_a_loss_a_reconnect_and_the_time_between_are_reported(scripted: Make) -> None:
    one = started(scripted(BYBIT, acknowledge, **STAY))
    one.transport.says(lost=GONE, after_s=1.0)
    listening(one)

    assert [line for line in one.output.err if "again" in line or "reconnected" in line] == [
        "wscli: the connection is gone; trying again in 0.5 s",
        "wscli: bybit: reconnected after 0.50 s, 1 subscription",
    ]


def test_waits_double_from_half_a_second_to_half_a_minute(scripted: Make) -> None:
    one = started(scripted(BYBIT, acknowledge, ConnectionFailed("no route"), policy=ReconnectPolicy(), for_s=200.0))
    one.transport.says(lost=GONE, after_s=1.0)
    listening(one)

    waits = [line.rpartition("again in ")[2] for line in one.output.err if "trying again" in line]
    assert waits == [
        "0.5 s",
        "1.0 s",
        "2.0 s",
        "4.0 s",
        "8.0 s",
        "16.0 s",
        "30.0 s",
        "30.0 s",
        "30.0 s",
        "30.0 s",
        "30.0 s",
        "30.0 s",
    ]


def test_an_exchange_that_says_how_long_to_stay_away_is_believed(scripted: Make) -> None:
    busy = ConnectionFailed("HTTP 503", retry_after_s=17.0)
    one = started(scripted(BYBIT, acknowledge, busy, acknowledge, **STAY))
    one.transport.says(lost=GONE, after_s=1.0)
    listening(one)

    assert "wscli: HTTP 503; trying again in 17.0 s" in one.output.err


def test_the_limit_of_an_exchange_on_connects_is_kept(scripted: Make) -> None:
    limited = changed(BYBIT, limits=Limits(connects=(2, 20)))
    one = started(scripted(limited, acknowledge, **STAY))
    one.transport.says(lost=GONE, after_s=1.0)
    one.turn_until(lambda: len(one.network.transports) == 2)
    one.transport.says(lost=GONE, after_s=1.0)
    listening(one)

    assert [line.rpartition("; ")[2] for line in one.output.err if "trying again" in line] == [
        "trying again in 0.5 s",
        "trying again in 17.5 s",
    ]


def test_two_routes_that_are_lost_together_come_back_side_by_side(scripted: Make) -> None:
    v5 = changed(find_dialect("bybit", "v5"), keepalive=None, limits=Limits())
    both = [Subscribe("publicTrade", ("BTCUSDT",)), Subscribe("order")]
    one = started(scripted(v5, acknowledge, acknowledge, nothing, acknowledge, credentials=KEYS, **STAY), both)
    for transport in one.network.transports:
        transport.says(lost=GONE, after_s=1.0)
    one.turn_until(lambda: one.client.route("private").state is RouteState.LIVE and one.clock.now > 1)

    assert one.clock.now == 1.5
    assert one.client.route("public").state is RouteState.SUBSCRIBING  # the exchange does not answer it


def test_good_data_begins_the_waits_anew(scripted: Make) -> None:
    one = started(scripted(BYBIT, acknowledge, lambda frame: [*acknowledge(frame), trade("1")], acknowledge, **STAY))
    one.network.transports[0].says(lost=GONE, after_s=1.0)
    one.turn_until(lambda: len(one.network.transports) == 2 and one.client.route("public").state is RouteState.LIVE)
    one.transport.says(lost=GONE, after_s=1.0)
    listening(one)

    assert [line.rpartition("; ")[2] for line in one.output.err if "trying again" in line] == [
        "trying again in 0.5 s"
    ] * 2


def test_it_is_given_up_after_so_many_failures_in_a_row(scripted: Make) -> None:
    one = started(scripted(BYBIT, acknowledge, ConnectionFailed("no route"), policy=ReconnectPolicy(max_failures=2)))
    one.transport.says(lost=GONE, after_s=1.0)

    with pytest.raises(ConnectionLost, match="no route: gave up after 2 failed attempts"):
        one.listen()
    assert len(one.network.endpoints) == 3


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (ConnectionFailed("no route"), True),
        (InvalidHandshake("HTTP 200"), True),
        (ConnectionFailed("HTTP 403", retryable=False), False),
    ],
)
def test_what_cannot_succeed_ends_it(scripted: Make, error: WscliError, again: bool) -> None:
    one = started(scripted(BYBIT, acknowledge, error, acknowledge, **STAY))
    one.transport.says(lost=GONE, after_s=1.0)

    with pytest.raises(Finished if again else ConnectionFailed):
        one.listen()


def test_without_reconnecting_a_loss_is_the_end(scripted: Make) -> None:
    one = started(scripted(BYBIT, acknowledge, policy=ReconnectPolicy(reconnect=False)))
    one.transport.says(lost=GONE, after_s=1.0)

    with pytest.raises(ConnectionLost, match="the connection is gone"):
        one.listen()
    assert len(one.network.endpoints) == 1


def test_time_that_is_up_while_away_ends_the_stream(scripted: Make) -> None:
    one = started(scripted(BYBIT, acknowledge, ConnectionFailed("no route"), policy=ReconnectPolicy(), for_s=3.0))
    one.transport.says(lost=GONE, after_s=1.0)
    listening(one)

    assert one.clock.now == 3.0


# --- the first connection ------------------------------------------------------------------------


FIRST = [
    # the policy                                       connects
    (ReconnectPolicy(reconnect=False),                 1),
    (ReconnectPolicy(),                                1),
    (ReconnectPolicy(max_failures=2),                  3),
    (ReconnectPolicy(max_failures=0),                  1),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "connects"), FIRST)
def test_a_first_connect_that_fails_is_tried_again_only_where_that_was_asked_for(
    scripted: Make, policy: ReconnectPolicy, connects: int
) -> None:
    one = scripted(BYBIT, ConnectionFailed("no route"), policy=policy)

    with pytest.raises(WscliError):
        one.start(TRADES)
    assert len(one.network.endpoints) == connects


def test_a_loss_before_the_first_answer_begins_anew(scripted: Make) -> None:
    one = scripted(BYBIT, nothing, acknowledge, **STAY)
    one.network.on_wait = lambda: (
        one.network.transports[0].says(lost=GONE) if len(one.network.transports) == 1 else None
    )
    one.start(TRADES)

    assert one.client.route("public").state is RouteState.LIVE
    assert one.clock.now == 0.5
    assert [*one.client.connections] == ["public"]
    assert one.network.transports[0].closed


@pytest.mark.parametrize("policy", [ReconnectPolicy(), ReconnectPolicy(max_failures=5)])
def test_a_request_without_an_answer_or_with_a_rejection_is_not_sent_again(
    scripted: Make, policy: ReconnectPolicy
) -> None:
    def reject(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
        return [{"op": frame["op"], "success": False, "ret_msg": "no", "req_id": frame["req_id"]}]

    for answers, error in ((nothing, TimedOut), (reject, Rejected)):
        one = scripted(BYBIT, answers, policy=policy)
        with pytest.raises(error):
            one.start(TRADES)
        assert len(one.network.endpoints) == 1


def test_time_that_is_up_before_the_first_connection_ends_it(scripted: Make) -> None:
    one = scripted(BYBIT, ConnectionFailed("no route"), policy=ReconnectPolicy(max_failures=99), for_s=5.0)
    one.client.start_time_limit()

    with pytest.raises(Finished):
        one.start(TRADES)
    assert one.clock.now == 5.0


# --- logging in again ----------------------------------------------------------------------------


def test_a_private_route_is_logged_in_again_before_it_is_subscribed(scripted: Make) -> None:
    one = started(scripted(BYBIT, acknowledge, credentials=KEYS, **STAY), [Subscribe("order")])
    one.transport.says(lost=GONE, after_s=1.0)
    listening(one)

    assert [frame["op"] for frame in one.sent[1]] == ["auth", "subscribe"]


def test_one_lost_route_leaves_the_other_as_it_is(scripted: Make) -> None:
    one = started(scripted(BYBIT, acknowledge, credentials=KEYS, **STAY), [*TRADES, Subscribe("order")])
    public, private = one.network.transports
    private.says(lost=GONE, after_s=1.0)
    public.says(trade("7"), after_s=1.2)
    listening(one)

    assert [endpoint.url for endpoint in one.network.endpoints] == [
        BYBIT.endpoints.production.sockets[route] for route in ("public", "private", "private")
    ]
    assert '"p":"7"' in one.output.out
    assert len(public.sent) == 1


# --- the gap -------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{"show_gaps": True}, {"all": True}, {}])
def test_a_gap_is_a_message_where_gaps_are_shown(scripted: Make, options: dict[str, bool]) -> None:
    one = started(scripted(BYBIT, acknowledge, recorded=True, **STAY, **options))
    one.transport.says(lost=GONE, after_s=1.0)
    listening(one)
    gap = '{"gap":{"away_ms":500,"connection":2}}'

    assert (gap in one.output.out.splitlines()) is bool(options)
    assert one.recorder is not None
    entries = [entry for entry in one.recorder.entries if entry[0] in ("gap", "closed")]
    assert entries == [
        ("closed", 1, {"reason": "the connection is gone"}),
        ("gap", 2, {"away_ms": 500, "reason": "bybit: disconnected for 0.50 s"}),
    ]


# --- data that stays away ------------------------------------------------------------------------


def test_a_subscription_without_data_for_too_long_is_a_loss(scripted: Make) -> None:
    one = started(scripted(BYBIT, acknowledge, policy=ReconnectPolicy(stale_s=8.0), for_s=10.0))
    one.transport.says(trade("1"), after_s=1.0)
    one.transport.says(trade("1", "ETHUSDT"), after_s=3.0)
    listening(one)

    assert [line for line in one.output.err if "no data" in line] == [
        "wscli: bybit: no data from trade BTCUSDT for 8 s; trying again in 0.5 s"
    ]
    assert len(one.network.transports) == 2


def test_data_that_keeps_coming_is_no_loss(scripted: Make) -> None:
    one = started(scripted(BYBIT, acknowledge, policy=ReconnectPolicy(stale_s=8.0), for_s=20.0))
    for seconds in range(1, 20, 3):
        one.transport.says(trade("1"), trade("1", "ETHUSDT"), after_s=float(seconds))
    listening(one)

    assert len(one.network.transports) == 1


# --- what is wished ------------------------------------------------------------------------------


def test_what_was_asked_for_is_subscribed_again_even_without_an_answer(scripted: Make) -> None:
    one = scripted(BYBIT, nothing)
    one.begin(TRADES)

    assert subscriptions_of(one.client.connections["public"]) == (Subscribe("trade", ("BTCUSDT", "ETHUSDT")),)


def test_a_topic_that_is_rejected_by_now_is_left_out_and_named(scripted: Make) -> None:
    def delisted(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
        if "trade.ETHUSDT" in frame["args"]:
            return [{"op": frame["op"], "success": False, "ret_msg": "no ETHUSDT", "req_id": frame["req_id"]}]
        return acknowledge(frame)

    one = started(scripted(BYBIT, acknowledge, delisted, **STAY))
    one.transport.says(lost=GONE, after_s=1.0)
    listening(one)

    assert [frame["args"] for frame in one.sent[1]] == [
        ["trade.BTCUSDT", "trade.ETHUSDT"],
        ["trade.BTCUSDT"],
        ["trade.ETHUSDT"],
    ]
    assert [line for line in one.output.err if "no ETHUSDT" in line] == [
        "wscli: bybit: error trade ETHUSDT: no ETHUSDT"
    ]
    assert one.client.requests.partial_rejection is not None
    assert [*one.client.connections["public"].state.active] == ["trade.BTCUSDT"]


def test_a_set_that_is_rejected_as_a_whole_ends_it(scripted: Make) -> None:
    def reject(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
        return [{"op": frame["op"], "success": False, "ret_msg": "no", "req_id": frame["req_id"]}]

    one = started(scripted(BYBIT, acknowledge, reject, **STAY))
    one.transport.says(lost=GONE, after_s=1.0)

    with pytest.raises(Rejected, match=r"bybit rejected the request: .*no"):
        one.listen()
