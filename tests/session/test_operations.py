"""What a person can ask of a client, on a scripted network: streams, requests, logins and frames, and how each ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.support.dialects import changed
from tests.support.scripted_client import ScriptedClient
from wscli.commands.parser import parse
from wscli.core.errors import Rejected, TimedOut
from wscli.core.jsontext import Secret
from wscli.core.messages import Credentials, Event, HttpResponse, Kind, ReceivedMessage, Subscribe
from wscli.exchanges import find_dialect
from wscli.output.conditions.grammar import parse_condition
from wscli.session.flows.ask import confirm
from wscli.session.operations import run_frames, run_login, run_requests, run_stream

Make = Callable[..., ScriptedClient]
BYBIT = changed(find_dialect("bybit", "spot-v3"), keepalive=None)
BITSTAMP = changed(find_dialect("bitstamp"), keepalive=None)
TRADE = [Subscribe("trade", ("BTCUSDT",))]
KEYS = Credentials(Secret("wscli-demo-key"), Secret("wscli-test-secret-0001"))
PING = parse(BYBIT, "ping", [])


def acknowledge(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
    if frame["op"] == "ping":
        return [{"op": "pong", "args": ["1"], "req_id": frame["req_id"]}]
    return [{"op": frame["op"], "success": True, "ret_msg": "", "req_id": frame.get("req_id", "")}]


def reject(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return [{"op": frame["op"], "success": False, "ret_msg": "no such topic", "req_id": frame.get("req_id", "")}]


def trade(price: str) -> str:
    return f'{{"topic":"trade.BTCUSDT","type":"snapshot","ts":1,"data":{{"t":1700000005010,"p":"{price}","q":"1","m":true}}}}'


def streaming(frame: dict[str, Any]) -> Sequence[str | dict[str, Any]]:
    return [*acknowledge(frame), *([trade("1"), trade("2")] if frame["op"] == "subscribe" else [])]


def test_a_stream_shows_so_many_messages_and_leaves_well(scripted: Make) -> None:
    one = scripted(BYBIT, streaming, count=2)
    run_stream(one.client, TRADE)

    assert one.output.out.splitlines() == [trade("1"), trade("2")]
    assert [frame["op"] for frame in one.transport.sent] == ["subscribe", "unsubscribe"]
    assert one.transport.closed


def test_csv_begins_with_its_columns(scripted: Make) -> None:
    one = scripted(BYBIT, streaming, count=1, format="csv")
    run_stream(one.client, TRADE)

    assert one.output.out.startswith("kind,channel,symbol,")


def test_a_context_is_left_before_the_farewell(scripted: Make) -> None:
    order: list[str] = []

    class Context:
        def __enter__(self) -> None:
            order.append("in")

        def __exit__(self, *details: object) -> None:
            order.append("out" if len(one.transport.sent) == 1 else "too late")

    one = scripted(BYBIT, streaming, count=1)
    run_stream(one.client, TRADE, Context())  # type: ignore[arg-type]

    assert order == ["in", "out"]


UNMET = [
    # options                                                            the error
    ({"for_s": 1.0, "count": 3},                                         None),
    ({"for_s": 1.0, "until": (parse_condition("price>9"),)},             "bybit: no message matched --until within --for"),
    ({"for_s": 1.0, "until": (parse_condition("price=2"),)},             None),
]  # fmt: skip


@pytest.mark.parametrize(("options", "error"), UNMET)
def test_a_stream_whose_time_is_up_before_its_end_was_met_is_an_error(
    scripted: Make, options: dict[str, Any], error: str | None
) -> None:
    one = scripted(BYBIT, streaming, **options)
    if error is None:
        run_stream(one.client, TRADE)
    else:
        with pytest.raises(TimedOut, match=error):
            run_stream(one.client, TRADE)


def test_not_one_message_within_the_time_is_an_error(scripted: Make) -> None:
    one = scripted(BYBIT, acknowledge, for_s=1.0, count=1)

    with pytest.raises(TimedOut, match="bybit: no message was shown within --for"):
        run_stream(one.client, TRADE)


def test_a_partial_rejection_is_raised_at_the_end_and_the_rest_is_shown(scripted: Make) -> None:
    one = scripted(BYBIT, streaming, count=2)
    rejection = Event(Kind.ERROR, {}, reason="one of them", partial=True)
    one.client.requests.note_partial_rejection(ReceivedMessage(rejection, "{}", 0, 1))

    with pytest.raises(Rejected, match="one of them"):
        run_stream(one.client, TRADE)
    assert len(one.output.out.splitlines()) == 2


def test_a_failure_closes_the_connection_and_hides_secrets_in_its_words(scripted: Make) -> None:
    one = scripted(BYBIT, reject)
    one.client.redactor.add_secrets(Secret("no such topic"))

    with pytest.raises(Rejected) as caught:
        run_stream(one.client, TRADE)
    assert "no such topic" not in f"{caught.value.message} {caught.value.hint}"
    assert "***" in caught.value.message
    assert one.transport.closed


# --- requests ------------------------------------------------------------------------------------


def test_the_answer_of_a_request_is_shown_and_its_time_where_that_was_asked_for(scripted: Make) -> None:
    for timed in (True, False):
        one = scripted(BYBIT, acknowledge)
        run_requests(one.client, PING, timed=timed)

        assert one.output.out == '{"op": "pong", "args": ["1"], "req_id": "1"}\n'
        assert one.output.err == ["wscli: round trip 0.00 ms"] * timed


def test_a_request_that_is_rejected_is_an_error(scripted: Make) -> None:
    one = scripted(BYBIT, reject)

    with pytest.raises(Rejected, match="no such topic"):
        run_requests(one.client, PING)
    assert one.output.out == ""


def test_what_is_sent_to_be_confirmed_fails_with_its_first_rejection_once_all_is_answered(scripted: Make) -> None:
    def second_rejected(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
        return acknowledge(frame) if frame["req_id"] == "1" else reject(frame)

    one = scripted(BYBIT, second_rejected)
    one.run(confirm(one.client, TRADE))
    with pytest.raises(Rejected, match="no such topic"):
        one.run(confirm(one.client, [Subscribe("tickers", ("BTCUSDT",))]))

    assert not one.client.requests


# --- logins and frames ---------------------------------------------------------------------------


def test_a_login_shows_its_answer_and_the_time_it_took(scripted: Make) -> None:
    one = scripted(BYBIT, acknowledge, credentials=KEYS)
    run_login(one.client)

    assert one.output.out == '{"op": "auth", "success": true, "ret_msg": "", "req_id": "1"}\n'
    assert one.output.err == ["wscli: bybit: logged in, 0.00 ms"]


@pytest.mark.parametrize("body", ['{"token":"the-token-value","valid_sec":60,"user_id":4242}'])
def test_a_login_over_http_shows_its_answer_without_the_token(scripted: Make, body: str) -> None:
    one = scripted(BITSTAMP, lambda frame: (), credentials=KEYS)
    one.network.responses = [HttpResponse(200, {}, body.encode())]
    run_login(one.client)

    assert one.output.out == body.replace("the-token-value", "***") + "\n"
    assert one.output.err == ["wscli: bitstamp: logged in, 0.00 ms"]


def test_a_token_that_was_given_is_not_asked_for(scripted: Make) -> None:
    one = scripted(BITSTAMP, lambda frame: (), credentials=Credentials(token=Secret("the-token-value"), user_id="7"))
    run_login(one.client)

    assert one.output.out == ""
    assert one.output.err == ["wscli: bitstamp: no login request was needed: the configured token is used"]


FRAME = '{"op":"subscribe","args":["trade.BTCUSDT"],"req_id":"a"}'


def test_frames_are_sent_one_after_the_other_with_their_answers(scripted: Make) -> None:
    one = scripted(BYBIT, streaming, shows_data=False)
    run_frames(one.client, [FRAME, FRAME.replace('"a"', '"b"')])

    assert [frame["req_id"] for frame in one.transport.sent[:2]] == ["a", "b"]
    assert [line[:12] for line in one.output.out.splitlines()] == ['{"op": "subs'] * 2


def test_frames_go_on_as_a_stream_where_an_end_was_reported(scripted: Make) -> None:
    for options in ({"count": 2}, {"for_s": 1.0}, {"until": (parse_condition("price=2"),)}):
        one = scripted(BYBIT, streaming, **options)
        run_frames(one.client, [FRAME], streaming=True)
        assert one.output.out.splitlines()[1:] == [trade("1"), trade("2")]


def test_after_frames_of_ones_own_silence_is_watched(scripted: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    one = scripted(BYBIT, streaming, shows_data=False)
    watched: list[int] = []
    monkeypatch.setattr(one.client, "watch_silence", lambda: watched.append(len(one.transport.sent)))
    run_frames(one.client, [FRAME])

    assert watched == [1]


def test_a_frame_that_is_rejected_is_shown_and_is_an_error(scripted: Make) -> None:
    one = scripted(BYBIT, reject)

    with pytest.raises(Rejected, match="no such topic"):
        run_frames(one.client, [FRAME, FRAME])
    assert "no such topic" in one.output.out
    assert [frame["op"] for frame in one.transport.sent] == ["subscribe"]
