"""A client and its exchange: what is sent, which answer is whose, what is shown, when it is over. No network, no waiting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.support.dialects import changed
from tests.support.scripted_client import ScriptedClient
from wscli.commands.parser import parse
from wscli.core.endings import Finished, Interrupted
from wscli.core.errors import ConnectionFailed, ConnectionLost, CredentialsError, Rejected, TimedOut
from wscli.core.jsontext import Secret
from wscli.core.messages import Credentials, Kind, Subscribe
from wscli.exchanges import find_dialect
from wscli.output.filters import Filter, parse_condition

Make = Callable[..., ScriptedClient]
BYBIT = find_dialect("bybit", "spot-v3")
V5 = find_dialect("bybit", "v5")
QUIET_BYBIT = changed(BYBIT, keepalive=None)
TRADE = (Subscribe("trade", ("BTCUSDT",)),)
BOTH = (Subscribe("trade", ("BTCUSDT",)), Subscribe("tickers", ("BTCUSDT",)))


def acknowledge(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
    if frame["op"] == "ping":
        return [{"op": "pong", "args": ["1"], "req_id": frame["req_id"]}]
    return [{"op": frame["op"], "success": True, "ret_msg": "", "req_id": frame["req_id"]}]


def reject(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return [{"op": frame["op"], "success": False, "ret_msg": "no such topic", "req_id": frame["req_id"]}]


def nothing(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return []


def trade(price: str, symbol: str = "BTCUSDT") -> str:
    data = f'{{"v":"1","t":1700000005010,"p":"{price}","q":"0.1","m":true}}'
    return f'{{"topic":"trade.{symbol}","type":"snapshot","ts":1,"data":{data}}}'


def prices(out: str) -> list[str]:
    return [line.partition('"p":"')[2].partition('"')[0] for line in out.splitlines()]


# --- subscribing ---------------------------------------------------------------------------------


def test_commands_are_sent_and_set_up_ends_with_the_last_acknowledgement(scripted: Make) -> None:
    one = scripted(BYBIT, acknowledge)
    assert one.client.send_commands(BOTH) == [*one.client.awaited_answers]
    assert not one.client.setup_done
    one.client.wait_for_answers()

    assert one.client.setup_done
    assert not one.client.awaited_answers
    assert [frame["args"] for frame in one.transport.sent] == [["trade.BTCUSDT", "tickers.BTCUSDT"]]
    assert one.output.err == ["wscli: bybit: ack BTCUSDT"]


def test_a_rejection_during_set_up_ends_it_with_the_words_of_the_exchange(scripted: Make) -> None:
    one = scripted(BYBIT, reject)
    one.client.send_commands(TRADE)

    with pytest.raises(Rejected, match=r"bybit refused: .*no such topic"):
        one.client.wait_for_answers()


def test_a_rejection_after_set_up_is_reported_and_the_stream_goes_on(scripted: Make) -> None:
    one = scripted(BYBIT, acknowledge)
    one.client.send_commands(TRADE)
    one.client.wait_for_answers()
    one.transport.says({"op": "subscribe", "success": False, "ret_msg": "too late", "req_id": "77"}, trade("5"))
    one.client.step()

    assert prices(one.output.out) == ["5"]
    assert "too late" in one.output.err[-1]


def test_a_rejection_is_reported_even_when_notes_are_not(scripted: Make) -> None:
    one = scripted(BYBIT, acknowledge, quiet=True)
    one.client.send_commands(TRADE)
    one.client.wait_for_answers()
    assert one.output.err == []
    one.transport.says({"op": "subscribe", "success": False, "ret_msg": "too late", "req_id": "77"})
    one.client.step()

    assert len(one.output.err) == 1


def test_an_answer_that_does_not_come_in_time_ends_the_wait(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, nothing, wait_s=7.0)
    one.client.send_commands(TRADE)

    with pytest.raises(TimedOut) as caught:
        one.client.wait_for_answers()
    assert caught.value.message == "bybit did not answer subscribe trade BTCUSDT within 7 s"
    assert one.clock.now == 7.0


def test_each_answer_has_its_own_deadline(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, nothing, wait_s=7.0)
    [(_, first)] = one.client.send_commands(TRADE)
    one.clock.now = 5.0
    one.client.send_commands([Subscribe("tickers", ("BTCUSDT",))])
    one.transport.says({"op": "subscribe", "success": True, "req_id": first}, after_s=1.0)

    with pytest.raises(TimedOut, match="subscribe tickers BTCUSDT"):
        one.client.wait_for_answers()
    assert one.clock.now == 12.0


def test_data_that_comes_without_its_acknowledgement_is_taken_as_one(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, nothing, wait_s=7.0)
    one.client.send_commands(TRADE)
    one.transport.says(trade("5"), after_s=1.0)
    one.transport.says(trade("6"), after_s=8.0)
    one.client.wait_for_answers()

    assert prices(one.output.out) == ["5", "6"]
    assert one.client.setup_done
    assert one.output.err == [
        "wscli: bybit did not answer subscribe trade BTCUSDT within 7 s, but its data comes: the stream goes on"
    ]
    assert [*one.client.connections["public"].state.active] == ["trade.BTCUSDT"]


def test_data_of_another_subscription_acknowledges_nothing(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, nothing, wait_s=7.0)
    one.client.send_commands(TRADE)
    one.transport.says(trade("5", "ETHUSDT"), after_s=1.0)

    with pytest.raises(TimedOut):
        one.client.wait_for_answers()


def test_each_route_has_a_connection_of_its_own_that_is_opened_once(scripted: Make) -> None:
    one = scripted(V5, acknowledge)
    one.client.send_commands(parse(V5, "subscribe", ["tickers.BTCUSDT", "linear:tickers.BTCUSDT"]))
    one.client.send_commands(parse(V5, "subscribe", ["tickers.ETHUSDT"]))
    one.client.wait_for_answers()

    assert [endpoint.url.rpartition("/")[2] for endpoint in one.network.endpoints] == ["spot", "linear"]
    assert sorted(one.client.connections) == ["linear", "public"]
    assert [connection.number for connection in one.client.connections.values()] == [1, 2]


# --- the answers of requests ---------------------------------------------------------------------


def test_the_answer_to_a_request_is_given_back_once_with_its_round_trip(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, nothing)
    [(route, key)] = one.client.send_commands(parse(BYBIT, "ping", []))
    one.transport.says({"op": "pong", "args": ["1"], "req_id": key}, after_s=0.25)
    answer = one.client.wait_for_answer(route, key)

    assert answer.event.kind is Kind.PONG
    assert one.client.round_trips_s[route, key] == 0.25
    assert not one.client.answers
    assert not one.client.awaited_answers


def test_an_answer_is_shown_as_data_only_where_answers_are_what_was_asked_for(scripted: Make) -> None:
    for shown in (False, True):
        one = scripted(QUIET_BYBIT, acknowledge)
        one.client.shows_answers = shown
        [(route, key)] = one.client.send_commands(parse(BYBIT, "ping", []))
        one.client.wait_for_answer(route, key)
        one.output.flush()

        assert (one.output.out != "") is shown
        assert (one.output.err != []) is not shown


def test_a_rejection_that_its_caller_handles_is_neither_raised_nor_shown(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, reject)
    [(route, key)] = one.client.send_commands(TRADE)

    assert one.client.wait_for_answer(route, key).event.kind is Kind.ERROR
    assert one.client.rejection is None
    assert one.output.err == []


def test_a_frame_of_ones_own_is_answered_by_its_id(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, acknowledge)
    answer = one.client.send_text('{"op":"subscribe","args":["trade.BTCUSDT"],"req_id":"mine"}')

    assert (answer.event.kind, answer.event.request_id) == (Kind.ACK, "mine")
    assert one.transport.sent == [{"op": "subscribe", "args": ["trade.BTCUSDT"], "req_id": "mine"}]
    assert not one.client.awaited_answers


def test_a_frame_whose_answer_cannot_be_told_takes_the_first_message_that_can_be_one(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, nothing)
    one.client.open("public")
    one.transport.says(trade("5"), '{"hello":1}', '{"hello":2}', after_s=1.0)
    answer = one.client.send_text('{"what":"is this"}')

    assert answer.text == '{"hello":1}'
    assert not one.client.awaited_answers
    assert not one.client.awaits_uncorrelated


def test_a_frame_that_is_never_answered_times_out(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, nothing, wait_s=3.0)

    with pytest.raises(TimedOut, match="bybit did not answer the frame within 3 s"):
        one.client.send_text('{"what":"is this"}')


def test_what_has_no_answer_is_not_waited_for(scripted: Make) -> None:
    with pytest.raises(Exception, match="bybit: the login has no answer to wait for"):
        scripted(BYBIT, nothing).client.answer_to("public", None, "the login")


# --- streaming -----------------------------------------------------------------------------------


def streaming(one: ScriptedClient) -> None:
    """Subscribe, and listen until it is over."""
    one.client.start_time_limit()
    one.client.reconnect.start(TRADE)
    with pytest.raises(Finished):
        one.client.listen()


def test_so_many_messages_are_shown_and_no_more(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, acknowledge, count=2)
    one.client.reconnect.start(TRADE)
    one.transport.says(trade("1"), trade("2"), trade("3"))
    with pytest.raises(Finished):
        one.client.listen()
    one.output.flush()

    assert prices(one.output.out) == ["1", "2"]


def test_a_stream_ends_when_its_time_is_up(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, lambda frame: [*acknowledge(frame), trade("1")], for_s=5.0)
    streaming(one)

    assert one.clock.now == 5.0
    assert prices(one.output.out) == ["1"]


def test_time_that_is_up_before_the_answer_is_an_error_that_names_the_request(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, nothing, for_s=5.0, wait_s=60.0)
    one.client.start_time_limit()

    with pytest.raises(TimedOut, match="bybit: --for was over before subscribe trade BTCUSDT was answered"):
        one.client.reconnect.start(TRADE)


def test_a_silent_busy_channel_is_remarked_upon_once(scripted: Make) -> None:
    one = scripted(changed(QUIET_BYBIT, silence_note="the market may be quiet"), acknowledge, for_s=30.0)
    streaming(one)

    assert [line for line in one.output.err if "nothing yet from" in line] == [
        "wscli: bybit: nothing yet from trade BTCUSDT (the market may be quiet)"
    ]


def test_a_channel_that_has_sent_something_is_not_silent(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, lambda frame: [*acknowledge(frame), trade("1")], for_s=30.0)
    streaming(one)

    assert [line for line in one.output.err if "nothing yet" in line] == []


def test_messages_that_are_all_hidden_are_remarked_upon(scripted: Make) -> None:
    chosen = Filter((parse_condition("price>9"),))
    one = scripted(QUIET_BYBIT, lambda frame: [*acknowledge(frame), trade("1")], for_s=30.0, filter=chosen)
    streaming(one)

    assert one.output.out == ""
    assert "wscli: bybit: 1 messages came, and nothing is shown: the filters let none through" in one.output.err


def test_acknowledgements_are_data_too_where_all_is_shown(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, lambda frame: [*acknowledge(frame), trade("1")], for_s=1.0, all=True)
    streaming(one)

    assert [line.partition('"')[2].partition('"')[0] for line in one.output.out.splitlines()] == ["op", "topic"]


def test_a_ping_of_the_keep_alive_is_sent_in_time_and_its_answer_is_not_shown(scripted: Make) -> None:
    one = scripted(BYBIT, acknowledge, for_s=50.0)
    streaming(one)

    assert [frame["op"] for frame in one.transport.sent] == ["subscribe", "ping", "ping"]
    assert [line for line in one.output.err if "pong" in line] == []


def test_a_ping_without_an_answer_loses_the_connection(scripted: Make) -> None:
    one = scripted(BYBIT, lambda frame: [] if frame["op"] == "ping" else acknowledge(frame))
    one.client.reconnect.start(TRADE)

    with pytest.raises(ConnectionLost, match="did not answer a ping"):
        one.client.listen()
    assert one.clock.now == 30.0


def test_what_came_before_a_loss_is_shown(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, acknowledge)
    one.client.reconnect.start(TRADE)
    one.transport.says(trade("1"), lost=ConnectionLost("gone"))

    with pytest.raises(ConnectionLost, match="gone"):
        one.client.listen()
    assert prices(one.output.out) == ["1"]


def test_a_signal_ends_the_stream(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, acknowledge)
    one.client.reconnect.start(TRADE)
    one.signals.received = 2

    with pytest.raises(Interrupted) as caught:
        one.client.listen()
    assert caught.value.status == 130


def test_a_signal_that_waits_too_long_ends_a_reading_in_its_middle(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, acknowledge)
    one.client.reconnect.start(TRADE)

    def interrupt(received: object) -> None:
        one.signals.received = 15  # and it came when the machine was started

    one.client.observer = interrupt
    one.transport.says(trade("1"), trade("2"))
    with pytest.raises(Interrupted) as caught:
        one.client.step()
    one.transport.says(trade("3"))
    one.client.close_after_failure()

    assert caught.value.status == 143
    assert prices(one.output.out) == ["1"]
    assert one.transport.closed


def test_an_observer_sees_every_message_of_a_live_connection(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, lambda frame: [*acknowledge(frame), trade("1")])
    seen: list[Kind] = []
    one.client.observer = lambda received: seen.append(received.event.kind)
    one.client.reconnect.start(TRADE)
    one.client.step()

    assert seen == [Kind.ACK, Kind.SNAPSHOT]


# --- what an exchange asks for -------------------------------------------------------------------


@pytest.mark.parametrize("action", ["reconnect", "replace"])
def test_an_exchange_that_asks_to_reconnect_is_left_where_nobody_reconnects(scripted: Make, action: str) -> None:
    asking = changed(QUIET_BYBIT, requested_action=lambda event: action if event.kind is Kind.UNKNOWN else None)
    one = scripted(asking, acknowledge)
    one.client.reconnect.start(TRADE)
    one.transport.says('{"maintenance":1}')

    with pytest.raises(ConnectionLost, match="bybit asks to reconnect"):
        one.client.listen()


def test_an_exchange_that_pauses_gets_no_pings_meanwhile(scripted: Make) -> None:
    asking = changed(BYBIT, requested_action=lambda event: "pause" if event.kind is Kind.UNKNOWN else None)
    one = scripted(asking, acknowledge, for_s=119.0)
    one.client.start_time_limit()
    one.client.reconnect.start(TRADE)
    one.transport.says('{"maintenance":1}')
    with pytest.raises(Finished):
        one.client.listen()

    assert [frame["op"] for frame in one.transport.sent] == ["subscribe"]


# --- recording -----------------------------------------------------------------------------------


def test_everything_is_recorded_in_order_before_it_is_shown(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, acknowledge, recorded=True, count=1)
    one.client.reconnect.start(TRADE)
    one.transport.says(trade("1"), trade("2"))
    with pytest.raises(Finished):
        one.client.listen()
    one.client.close(draining=False)

    assert one.recorder is not None
    assert [entry[0] for entry in one.recorder.entries] == [
        "opened", "sent", "received", "received", "received", "sent", "received", "closed",
    ]  # fmt: skip
    assert prices(one.output.out) == ["1"]


def test_a_secret_is_neither_recorded_nor_shown(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, acknowledge, recorded=True, all=True)
    one.client.veil.add_secrets(Secret("the-secret-value"))
    one.client.reconnect.start(TRADE)
    one.transport.says('{"hello":"the-secret-value"}')
    one.client.step()

    assert one.recorder is not None
    assert one.recorder.entries[-1] == ("received", 1, '{"hello":"***"}')
    assert one.output.out.splitlines()[-1] == '{"hello":"***"}'


# --- closing -------------------------------------------------------------------------------------


def test_leaving_unsubscribes_and_closes(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, acknowledge)
    one.client.reconnect.start(TRADE)
    one.client.close(draining=False)

    assert [(frame["op"], frame["args"]) for frame in one.transport.sent] == [
        ("subscribe", ["trade.BTCUSDT"]),
        ("unsubscribe", ["trade.BTCUSDT"]),
    ]
    assert one.transport.closed


@pytest.mark.parametrize("draining", [True, False])
def test_what_was_under_way_is_shown_only_where_the_end_drains(scripted: Make, draining: bool) -> None:
    one = scripted(QUIET_BYBIT, acknowledge)
    one.client.reconnect.start(TRADE)
    one.transport.says(trade("9"))
    one.client.close(draining=draining)

    assert prices(one.output.out) == (["9"] if draining else [])


def test_a_count_that_is_reached_while_closing_loses_nothing_and_closes_every_connection(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, acknowledge, acknowledge, count=1)
    one.client.reconnect.start(TRADE)
    one.client.adopt("other", one.client.new_connection("public"))
    one.network.transports[0].says(trade("9"), trade("10"))
    one.client.close_after_failure()

    assert prices(one.output.out) == ["9"]
    assert all(transport.closed for transport in one.network.transports)


def test_a_connection_that_is_gone_is_not_spoken_to(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, acknowledge)
    one.client.reconnect.start(TRADE)
    one.client.connections["public"].lost = ConnectionLost("gone")
    one.client.close(draining=True)

    assert [frame["op"] for frame in one.transport.sent] == ["subscribe"]


def test_a_failure_is_not_hidden_by_one_while_closing(scripted: Make) -> None:
    one = scripted(
        QUIET_BYBIT, lambda frame: acknowledge(frame) if frame["op"] == "subscribe" else [trade("1")], count=1
    )
    one.client.reconnect.start(TRADE)
    one.client.close_after_failure()

    assert one.transport.closed
    assert one.client.sink.count == 1


# --- logging in ----------------------------------------------------------------------------------

KEYS = Credentials(Secret("wscli-demo-key"), Secret("wscli-test-secret-0001"), source="the test")
ORDERS = parse(BYBIT, "subscribe", ["order"])


def test_a_private_channel_is_subscribed_after_its_login(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, acknowledge, credentials=KEYS)
    one.client.reconnect.start(ORDERS)

    assert [frame["op"] for frame in one.transport.sent] == ["auth", "subscribe"]
    assert one.client.connections["private"].state.login_result is not None


def test_a_second_private_channel_needs_no_second_login(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, acknowledge, credentials=KEYS)
    one.client.reconnect.start(ORDERS)
    one.client.send_commands(parse(BYBIT, "subscribe", ["stopOrder"]))

    assert [frame["op"] for frame in one.transport.sent] == ["auth", "subscribe", "subscribe"]


def test_nothing_is_opened_where_credentials_are_missing(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, acknowledge)

    with pytest.raises(CredentialsError):
        one.client.send_commands([*TRADE, *ORDERS])
    assert one.network.endpoints == []


def test_an_exchange_that_cannot_be_reached_is_an_error(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, ConnectionFailed("no route"))

    with pytest.raises(ConnectionFailed, match="no route"):
        one.client.reconnect.start(TRADE)
    assert one.client.connections == {}


WHITEBIT = changed(find_dialect("whitebit"), keepalive=None)


def succeed(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return [{"id": frame["id"], "result": {"status": "success"}, "error": None}]


def test_a_subscription_that_replaces_another_is_remarked_upon_and_a_single_one_is_not(scripted: Make) -> None:
    one = scripted(WHITEBIT, lambda frame: ())
    one.client.send_commands(parse(WHITEBIT, "subscribe", ["lastprice", "BTC_USDT"]))
    assert one.output.err == []
    one.client.send_commands(parse(WHITEBIT, "subscribe", ["lastprice", "ETH_USDT"]))

    assert one.output.err == [
        "wscli: whitebit replaces lastprice at every subscribe: asked for BTC_USDT ETH_USDT together"
    ]
