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
from wscli.core.messages import Credentials, Kind, ReceivedMessage, Subscribe
from wscli.exchanges import find_dialect
from wscli.output.conditions.grammar import parse_condition
from wscli.output.filters import Filter
from wscli.session.closing import close, close_after_failure
from wscli.session.events import Role, SessionEvents
from wscli.session.flows.ask import ask, send_text
from wscli.session.flows.connect import connect
from wscli.session.requests import AnswerDisplay
from wscli.session.route_state import Happening, RouteState

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
    one.begin(BOTH)
    assert one.client.route("public").state is RouteState.SUBSCRIBING
    one.finish()

    assert one.client.route("public").state is RouteState.LIVE
    assert not one.client.requests
    assert [frame["args"] for frame in one.transport.sent] == [["trade.BTCUSDT", "tickers.BTCUSDT"]]
    assert one.output.err == ["wscli: bybit: ack BTCUSDT"]


def test_a_rejection_during_set_up_ends_it_with_the_words_of_the_exchange(scripted: Make) -> None:
    one = scripted(BYBIT, reject)
    one.begin(TRADE)

    with pytest.raises(Rejected, match=r"bybit rejected the request: .*no such topic"):
        one.finish()


def test_a_rejection_after_set_up_is_reported_and_the_stream_goes_on(scripted: Make) -> None:
    one = scripted(BYBIT, acknowledge)
    one.begin(TRADE)
    one.finish()
    one.transport.says({"op": "subscribe", "success": False, "ret_msg": "too late", "req_id": "77"}, trade("5"))
    one.turn()

    assert prices(one.output.out) == ["5"]
    assert "too late" in one.output.err[-1]


def test_a_rejection_is_reported_even_when_notes_are_not(scripted: Make) -> None:
    one = scripted(BYBIT, acknowledge, quiet=True)
    one.begin(TRADE)
    one.finish()
    assert one.output.err == []
    one.transport.says({"op": "subscribe", "success": False, "ret_msg": "too late", "req_id": "77"})
    one.turn()

    assert len(one.output.err) == 1


def test_an_answer_that_does_not_come_in_time_ends_the_wait(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, nothing, wait_s=7.0)
    one.begin(TRADE)

    with pytest.raises(TimedOut) as caught:
        one.finish()
    assert caught.value.message == "bybit did not answer subscribe trade BTCUSDT within 7 s"
    assert one.clock.now == 7.0


def test_each_answer_has_its_own_deadline(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, nothing, wait_s=7.0)
    one.begin(TRADE)
    one.clock.now = 5.0
    late = one.client.tasks.start(ask(one.client, [Subscribe("tickers", ("BTCUSDT",))]), on_end=lambda task: None)
    one.transport.says({"op": "subscribe", "success": True, "req_id": "1"}, after_s=1.0)
    one.finish()

    one.turn_until(lambda: late.ended)
    with pytest.raises(TimedOut, match="subscribe tickers BTCUSDT"):
        late.result()
    assert one.clock.now == 13.0  # it was sent once the set-up was over


def test_data_that_comes_without_its_acknowledgement_is_taken_as_one(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, nothing, wait_s=7.0)
    one.begin(TRADE)
    one.transport.says(trade("5"), after_s=1.0)
    one.transport.says(trade("6"), after_s=8.0)
    one.finish()
    one.turn_until(lambda: len(prices(one.output.out)) == 2)

    assert prices(one.output.out) == ["5", "6"]
    assert one.client.route("public").state is RouteState.LIVE
    assert one.output.err == [
        "wscli: bybit did not answer subscribe trade BTCUSDT within 7 s, but sends its data: the stream continues"
    ]
    assert [*one.client.connections["public"].state.active] == ["trade.BTCUSDT"]


def test_data_of_another_subscription_acknowledges_nothing(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, nothing, wait_s=7.0)
    one.begin(TRADE)
    one.transport.says(trade("5", "ETHUSDT"), after_s=1.0)

    with pytest.raises(TimedOut):
        one.finish()


def test_each_route_has_a_connection_of_its_own_that_is_opened_once(scripted: Make) -> None:
    one = scripted(V5, acknowledge)
    one.begin(parse(V5, "subscribe", ["tickers.BTCUSDT", "linear:tickers.BTCUSDT"]))
    one.finish()
    one.begin(parse(V5, "subscribe", ["tickers.ETHUSDT"]))
    one.finish()

    assert [endpoint.url.rpartition("/")[2] for endpoint in one.network.endpoints] == ["spot", "linear"]
    assert sorted(one.client.connections) == ["linear", "public"]
    assert [connection.number for connection in one.client.connections.values()] == [1, 2]


# --- the answers of requests ---------------------------------------------------------------------


def test_the_answer_to_a_request_is_given_back_once_with_its_round_trip(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, nothing)
    one.open()
    one.transport.says({"op": "pong", "args": ["1"], "req_id": "1"}, after_s=0.25)
    group = one.run(ask(one.client, parse(BYBIT, "ping", [])))

    assert [answer.event.kind for answer in group.answers] == [Kind.PONG]
    assert [request.took_s for request in group.requests] == [0.25]
    assert not one.client.requests


def test_an_answer_is_shown_as_data_only_where_answers_are_what_was_asked_for(scripted: Make) -> None:
    for shown in (False, True):
        one = scripted(QUIET_BYBIT, acknowledge)
        one.run(ask(one.client, parse(BYBIT, "ping", []), AnswerDisplay.RESULT if shown else AnswerDisplay.NOTE))
        one.output.flush()

        assert (one.output.out != "") is shown
        assert (one.output.err != []) is not shown


def test_a_rejection_that_its_caller_handles_is_neither_raised_nor_shown(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, reject)
    group = one.run(ask(one.client, TRADE))

    assert [answer.event.kind for answer in group.answers] == [Kind.ERROR]
    assert one.output.err == []


def test_a_frame_of_ones_own_is_answered_by_its_id(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, acknowledge)
    answer = one.run(send_text(one.client, '{"op":"subscribe","args":["trade.BTCUSDT"],"req_id":"mine"}'))

    assert (answer.event.kind, answer.event.request_id) == (Kind.ACK, "mine")
    assert one.transport.sent == [{"op": "subscribe", "args": ["trade.BTCUSDT"], "req_id": "mine"}]
    assert not one.client.requests


def test_a_frame_whose_answer_cannot_be_told_takes_the_first_message_that_can_be_one(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, nothing)
    one.open()
    one.transport.says(trade("5"), '{"hello":1}', '{"hello":2}', after_s=1.0)
    answer = one.run(send_text(one.client, '{"what":"is this"}'))

    assert answer.text == '{"hello":1}'
    assert not one.client.requests


def test_a_frame_that_is_never_answered_times_out(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, nothing, wait_s=3.0)

    with pytest.raises(TimedOut, match="bybit did not answer the frame within 3 s"):
        one.run(send_text(one.client, '{"what":"is this"}'))


# --- streaming -----------------------------------------------------------------------------------


def streaming(one: ScriptedClient) -> None:
    """Subscribe, and listen until it is over."""
    one.start(TRADE)
    with pytest.raises(Finished):
        one.listen()


def test_so_many_messages_are_shown_and_no_more(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, acknowledge, count=2)
    one.start(TRADE)
    one.transport.says(trade("1"), trade("2"), trade("3"))
    with pytest.raises(Finished):
        one.listen()
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
        one.start(TRADE)


def test_a_silent_busy_channel_is_remarked_upon_once(scripted: Make) -> None:
    one = scripted(changed(QUIET_BYBIT, silence_note="the market may be quiet"), acknowledge, for_s=30.0)
    streaming(one)

    assert [line for line in one.output.err if "no message yet from" in line] == [
        "wscli: bybit: no message yet from trade BTCUSDT (the market may be quiet)"
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
    assert "wscli: bybit: 1 messages were received and none was shown: none matches the filters" in one.output.err


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
    one.start(TRADE)

    with pytest.raises(ConnectionLost, match="did not answer a ping"):
        one.listen()
    assert one.clock.now == 30.0


def test_what_came_before_a_loss_is_shown(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, acknowledge)
    one.start(TRADE)
    one.transport.says(trade("1"), lost=ConnectionLost("gone"))

    with pytest.raises(ConnectionLost, match="gone"):
        one.listen()
    assert prices(one.output.out) == ["1"]


def test_a_signal_ends_the_stream(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, acknowledge)
    one.start(TRADE)
    one.signals.received = 2

    with pytest.raises(Interrupted) as caught:
        one.listen()
    assert caught.value.status == 130


def test_a_signal_that_waits_too_long_ends_a_reading_in_its_middle(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, acknowledge)
    one.start(TRADE)

    class Interrupting(SessionEvents):
        def received(self, received: ReceivedMessage, role: Role) -> None:
            one.signals.received = 15  # and it came when the machine was started

    one.client.events.add(Interrupting(), first=True)
    one.transport.says(trade("1"), trade("2"))
    with pytest.raises(Interrupted) as caught:
        one.turn()
    one.transport.says(trade("3"))
    close_after_failure(one.client)

    assert caught.value.status == 143
    assert prices(one.output.out) == ["1"]
    assert one.transport.closed


def test_an_observer_sees_every_message_of_a_live_connection(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, lambda frame: [*acknowledge(frame), trade("1")])
    seen: list[Kind] = []

    class Seeing(SessionEvents):
        needs_every_message = True

        def received(self, received: ReceivedMessage, role: Role) -> None:
            seen.append(received.event.kind)

    one.client.events.add(Seeing())
    one.start(TRADE)
    one.turn()

    assert seen == [Kind.ACK, Kind.SNAPSHOT]


# --- what an exchange asks for -------------------------------------------------------------------


@pytest.mark.parametrize("action", ["reconnect", "replace"])
def test_an_exchange_that_asks_to_reconnect_is_left_where_nobody_reconnects(scripted: Make, action: str) -> None:
    asking = changed(QUIET_BYBIT, requested_action=lambda event: action if event.kind is Kind.UNKNOWN else None)
    one = scripted(asking, acknowledge)
    one.start(TRADE)
    one.transport.says('{"maintenance":1}')

    with pytest.raises(ConnectionLost, match="bybit asks to reconnect"):
        one.listen()


def test_an_exchange_that_pauses_gets_no_pings_meanwhile(scripted: Make) -> None:
    asking = changed(BYBIT, requested_action=lambda event: "pause" if event.kind is Kind.UNKNOWN else None)
    one = scripted(asking, acknowledge, for_s=119.0)
    one.start(TRADE)
    one.transport.says('{"maintenance":1}')
    with pytest.raises(Finished):
        one.listen()

    assert [frame["op"] for frame in one.transport.sent] == ["subscribe"]


# --- recording -----------------------------------------------------------------------------------


def test_everything_is_recorded_in_order_before_it_is_shown(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, acknowledge, recorded=True, count=1)
    one.start(TRADE)
    one.transport.says(trade("1"), trade("2"))
    with pytest.raises(Finished):
        one.listen()
    close(one.client, draining=False)

    assert one.recorder is not None
    assert [entry[0] for entry in one.recorder.entries] == [
        "opened", "sent", "received", "received", "received", "sent", "received", "closed",
    ]  # fmt: skip
    assert prices(one.output.out) == ["1"]


def test_a_secret_is_neither_recorded_nor_shown(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, acknowledge, recorded=True, all=True)
    one.client.redactor.add_secrets(Secret("the-secret-value"))
    one.start(TRADE)
    one.transport.says('{"hello":"the-secret-value"}')
    one.turn()

    assert one.recorder is not None
    assert one.recorder.entries[-1] == ("received", 1, '{"hello":"***"}')
    assert one.output.out.splitlines()[-1] == '{"hello":"***"}'


# --- closing -------------------------------------------------------------------------------------


def test_leaving_unsubscribes_and_closes(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, acknowledge)
    one.start(TRADE)
    close(one.client, draining=False)

    assert [(frame["op"], frame["args"]) for frame in one.transport.sent] == [
        ("subscribe", ["trade.BTCUSDT"]),
        ("unsubscribe", ["trade.BTCUSDT"]),
    ]
    assert one.transport.closed


@pytest.mark.parametrize("draining", [True, False])
def test_what_was_under_way_is_shown_only_where_the_end_drains(scripted: Make, draining: bool) -> None:
    one = scripted(QUIET_BYBIT, acknowledge)
    one.start(TRADE)
    one.transport.says(trade("9"))
    close(one.client, draining=draining)

    assert prices(one.output.out) == (["9"] if draining else [])


def test_a_count_that_is_reached_while_closing_loses_nothing_and_closes_every_connection(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, acknowledge, acknowledge, count=1)
    one.start(TRADE)
    one.client.route("other").enter(Happening.CONNECT)
    one.client.adopt(one.client.route("other"), one.run(connect(one.client, one.client.route("public"))))
    one.network.transports[0].says(trade("9"), trade("10"))
    close_after_failure(one.client)

    assert prices(one.output.out) == ["9"]
    assert all(transport.closed for transport in one.network.transports)


def test_a_connection_that_is_gone_is_not_spoken_to(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, acknowledge)
    one.start(TRADE)
    one.client.connections["public"].lost = ConnectionLost("gone")
    close(one.client, draining=True)

    assert [frame["op"] for frame in one.transport.sent] == ["subscribe"]


def test_a_failure_is_not_hidden_by_one_while_closing(scripted: Make) -> None:
    one = scripted(
        QUIET_BYBIT, lambda frame: acknowledge(frame) if frame["op"] == "subscribe" else [trade("1")], count=1
    )
    one.start(TRADE)
    close_after_failure(one.client)

    assert one.transport.closed
    assert one.observed.printer.sink.count == 1


# --- logging in ----------------------------------------------------------------------------------

KEYS = Credentials(Secret("wscli-demo-key"), Secret("wscli-test-secret-0001"), source="the test")
ORDERS = parse(BYBIT, "subscribe", ["order"])


def test_a_private_channel_is_subscribed_after_its_login(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, acknowledge, credentials=KEYS)
    one.start(ORDERS)

    assert [frame["op"] for frame in one.transport.sent] == ["auth", "subscribe"]
    assert one.client.connections["private"].state.login_result is not None


def test_a_second_private_channel_needs_no_second_login(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, acknowledge, credentials=KEYS)
    one.start(ORDERS)
    one.begin(parse(BYBIT, "subscribe", ["stopOrder"]))

    assert [frame["op"] for frame in one.transport.sent] == ["auth", "subscribe", "subscribe"]


def test_nothing_is_opened_where_credentials_are_missing(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, acknowledge)

    with pytest.raises(CredentialsError):
        one.begin([*TRADE, *ORDERS])
    assert one.network.endpoints == []


def test_an_exchange_that_cannot_be_reached_is_an_error(scripted: Make) -> None:
    one = scripted(QUIET_BYBIT, ConnectionFailed("no route"))

    with pytest.raises(ConnectionFailed, match="no route"):
        one.start(TRADE)
    assert one.client.connections == {}


WHITEBIT = changed(find_dialect("whitebit"), keepalive=None)


def succeed(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return [{"id": frame["id"], "result": {"status": "success"}, "error": None}]


def test_a_subscription_that_replaces_another_is_remarked_upon_and_a_single_one_is_not(scripted: Make) -> None:
    one = scripted(WHITEBIT, succeed)
    one.start(parse(WHITEBIT, "subscribe", ["lastprice", "BTC_USDT"]))
    assert not any("replaces" in line for line in one.output.err)
    one.begin(parse(WHITEBIT, "subscribe", ["lastprice", "ETH_USDT"]))

    assert [line for line in one.output.err if "replaces" in line] == [
        "wscli: whitebit replaces lastprice with every request: requesting BTC_USDT ETH_USDT together"
    ]
