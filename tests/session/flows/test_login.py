"""How a route is logged in: with a frame or over HTTP, dated by which clock, what is hidden, and what a rejection hints at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.support.by_hand import ByHand, client_by_hand, lose, opened, reject_unnamed
from tests.support.dialects import changed
from tests.support.scripted_client import START_NS, ScriptedClient, ScriptedTransport
from wscli.core.errors import ConnectionFailed, ConnectionLost, CredentialsError, Rejected, TimedOut
from wscli.core.jsontext import Secret
from wscli.core.messages import Credentials, HttpResponse, Kind, ReceivedMessage
from wscli.exchanges import find_dialect
from wscli.session.flows.login import log_in
from wscli.session.flows.waits import Blocking

Make = Callable[..., ScriptedClient]
BYBIT = changed(find_dialect("bybit", "spot-v3"), keepalive=None)
BITSTAMP = changed(find_dialect("bitstamp"), keepalive=None)
KEYS = Credentials(Secret("wscli-demo-key"), Secret("wscli-test-secret-0001"), source="config.toml [bybit]")


def acknowledge(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return [{"op": frame["op"], "success": True, "ret_msg": "", "req_id": frame["req_id"]}]


def nothing(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return []


def rejecting(code: int, words: str) -> Callable[[dict[str, Any]], Sequence[dict[str, Any]]]:
    return lambda frame: [
        {"op": "auth", "success": False, "ret_code": code, "ret_msg": words, "req_id": frame["req_id"]}
    ]


# --- logging in with a frame ---------------------------------------------------------------------


def test_a_login_gives_back_the_answer_and_hides_what_it_was_made_of(scripted: Make) -> None:
    one = scripted(BYBIT, acknowledge, credentials=KEYS)
    answer = one.log_in("private")
    signature = one.transport.sent[0]["args"][2]

    assert isinstance(answer, ReceivedMessage)
    assert answer.event.kind is Kind.ACK
    assert one.client.connections["private"].state.login_result is not None
    for secret in ("wscli-demo-key", "wscli-test-secret-0001", signature):
        assert one.client.redactor.redact(f"it is {secret}") == "it is ***"


def test_a_login_without_credentials_sends_nothing(scripted: Make) -> None:
    one = scripted(BYBIT, acknowledge)

    with pytest.raises(CredentialsError):
        one.log_in("private")
    assert one.transport.sent == []


HINTS = [
    # code   words               message                                                     a part of the hint
    (10004,  "sign check error", "bybit rejected the login: sign check error (10004: the signature does not match: check the secret)",
        "the credentials were read from config.toml [bybit]; the request went to stream.bybit.com"),
    (10003,  "10003 bad key",    "bybit rejected the login: 10003 bad key",
        "the request went to stream.bybit.com, which does not accept testnet keys: those need --testnet"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "words", "message", "hint"), HINTS)
def test_a_rejected_login_says_what_the_code_means_and_who_was_asked(
    scripted: Make, code: int, words: str, message: str, hint: str
) -> None:
    one = scripted(BYBIT, rejecting(code, words), credentials=KEYS)

    with pytest.raises(Rejected) as caught:
        one.log_in("private")
    assert caught.value.message.startswith(message)
    assert hint in str(caught.value.hint)


def test_a_login_at_a_socket_of_public_channels_says_where_logins_go(scripted: Make) -> None:
    urls = {"private": BYBIT.endpoints.production.sockets["public"]}
    for answers, error in ((rejecting(10004, "no"), Rejected), (nothing, TimedOut)):
        one = scripted(BYBIT, answers, credentials=KEYS, urls=urls)
        with pytest.raises(error) as caught:
            one.log_in("private")
        assert "has public channels only: log in at" in str(caught.value.hint)


def test_a_login_that_is_not_answered_times_out(scripted: Make) -> None:
    one = scripted(BYBIT, nothing, credentials=KEYS, wait_s=4.0)

    with pytest.raises(TimedOut, match="bybit did not answer the login within 4 s"):
        one.log_in("private")
    assert one.clock.now == 4.0


# --- the clock -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("ahead_s", "corrected_s"), [(None, 0), (1.9, 0), (-3600.0, 3600), (60.0, -60)])
def test_a_login_is_dated_by_the_clock_of_the_exchange_where_ours_is_wrong(
    scripted: Make, monkeypatch: pytest.MonkeyPatch, ahead_s: float | None, corrected_s: int
) -> None:
    monkeypatch.setattr(ScriptedTransport, "clock_skew_s", ahead_s)
    dated = changed(BYBIT, has_timestamp=True)
    one = scripted(dated, acknowledge, credentials=KEYS)
    one.log_in("private")

    assert one.transport.sent[0]["args"][1] == START_NS // 1_000_000 + 10_000 + corrected_s * 1000
    assert len([line for line in one.output.err if "the login uses the time of the exchange" in line]) == bool(
        corrected_s
    )


def test_a_login_that_holds_no_time_is_left_as_it_is(scripted: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScriptedTransport, "clock_skew_s", 60.0)
    one = scripted(changed(BYBIT, has_timestamp=False), acknowledge, credentials=KEYS)
    one.log_in("private")

    assert one.transport.sent[0]["args"][1] == START_NS // 1_000_000 + 10_000


def test_a_rejected_login_of_a_wrong_clock_blames_the_clock(scripted: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScriptedTransport, "clock_skew_s", 60.0)
    one = scripted(BYBIT, rejecting(10002, "expired"), credentials=KEYS)

    with pytest.raises(Rejected) as caught:
        one.log_in("private")
    assert caught.value.hint == "your clock is 60 s ahead of bybit's"


# --- logging in over HTTP ------------------------------------------------------------------------

TOKEN = HttpResponse(200, {}, b'{"token":"the-token-value","valid_sec":60,"user_id":4242}')


def test_a_token_is_asked_for_over_http_and_hidden_in_the_recording(scripted: Make) -> None:
    one = scripted(BITSTAMP, nothing, credentials=KEYS, recorded=True, verbose=True)
    one.network.responses = [TOKEN]
    answer = one.log_in("public")

    assert answer is TOKEN
    assert [request.url for request in one.network.requests] == ["https://www.bitstamp.net/api/v2/websockets_token/"]
    assert "wscli: > POST https://www.bitstamp.net/api/v2/websockets_token/" in one.output.err
    assert one.recorder is not None
    assert one.recorder.entries == [
        ("opened", 1),
        ("http", 1, 200, '{"token":"***","valid_sec":60,"user_id":4242}'),
    ]


def test_a_token_at_hand_is_used_without_asking(scripted: Make) -> None:
    one = scripted(BITSTAMP, nothing, credentials=Credentials(token=Secret("the-token-value"), user_id="4242"))

    assert one.log_in("public") is None
    assert one.network.requests == []
    login_result = one.client.connections["public"].state.login_result
    assert login_result is not None
    assert login_result.token == Secret("the-token-value")


MISUNDERSTOOD = [
    # status   body                                       what is recorded of it
    (200,      b'{"other":["the-token-value"],"n":7}',    '{"other":["***"],"n":7}'),
    (200,      b"the-token-value",                        "***"),
    (403,      b'{"reason":"no such key"}',               '{"reason":"no such key"}'),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "recorded"), MISUNDERSTOOD)
def test_of_an_answer_that_should_hold_a_token_no_text_is_recorded(
    scripted: Make, status: int, body: bytes, recorded: str
) -> None:
    one = scripted(BITSTAMP, nothing, credentials=KEYS, recorded=True)
    one.network.responses = [HttpResponse(status, {}, body)]

    with pytest.raises(Rejected):
        one.log_in("public")
    assert one.recorder is not None
    assert one.recorder.entries[-1] == ("http", 1, status, recorded)


def test_a_request_that_fails_is_recorded_without_an_answer(scripted: Make) -> None:
    one = scripted(BITSTAMP, nothing, credentials=KEYS, recorded=True)
    one.network.responses = [ConnectionFailed("no route")]

    with pytest.raises(ConnectionFailed, match="no route"):
        one.log_in("public")
    assert one.recorder is not None
    assert one.recorder.entries[-1] == ("http", 1, None, "")


def test_the_date_of_a_rejection_over_http_tells_of_a_wrong_clock(scripted: Make) -> None:
    one = scripted(BITSTAMP, nothing, credentials=KEYS)
    one.network.responses = [HttpResponse(403, {"Date": "Tue, 14 Nov 2023 22:12:20 GMT"}, b'{"reason":"no"}')]

    with pytest.raises(Rejected) as caught:
        one.log_in("public")
    assert caught.value.hint == "your clock is 60 s ahead of bitstamp's"


# --- step by step: what is waited for, and what ends it ------------------------------------------


def test_a_login_over_http_waits_for_the_answer_and_then_has_its_token(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch, BITSTAMP)
    route, transport = opened(one)
    flow = ByHand(one, log_in(one.client, route))
    assert (type(flow.wait), flow.waits_for) == (Blocking, "the login was answered")
    assert route.live().state.login_result is None
    flow.give(TOKEN)

    assert (flow.result, transport.sent) == (TOKEN, [])
    assert route.live().state.login_result is not None
    assert one.client.redactor.redact("the-token-value") == "***"


def test_a_connection_that_is_lost_during_a_login_over_http_gets_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    one = client_by_hand(monkeypatch, BITSTAMP)
    route, _ = opened(one)
    connection = route.live()
    flow = ByHand(one, log_in(one.client, route))
    lose(one, route, ConnectionLost("gone"))
    flow.give(TOKEN)

    assert str(flow.error) == "gone"
    assert connection.state.login_result is None


def test_a_rejection_that_names_no_request_is_the_login_s_while_only_that_is_awaited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = client_by_hand(monkeypatch)
    route, _ = opened(one, "private")
    flow = ByHand(one, log_in(one.client, route))
    reject_unnamed(one, route, "who are you?")
    flow.go_on()

    assert isinstance(flow.error, Rejected)
    assert "who are you?" in flow.error.message
    assert not one.client.requests


def test_a_loss_during_a_login_is_raised_and_whoever_ends_it_leaves_no_answer_due(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = client_by_hand(monkeypatch)
    route, _ = opened(one, "private")
    ByHand(one, log_in(one.client, route)).flow.close()
    assert not one.client.requests
    flow = ByHand(one, log_in(one.client, route))
    lose(one, route, ConnectionLost("gone"))
    flow.go_on()

    assert str(flow.error) == "gone"
