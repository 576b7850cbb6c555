"""One socket's conversation, with a scripted transport and a clock that the test turns."""

from __future__ import annotations

import zlib

import pytest

from tests.support.dialects import changed
from tests.support.scripted_transport import Script, Time, session_of
from wscli.core.dialect import KeepAlive
from wscli.core.errors import ConnectionLost
from wscli.core.jsontext import Secret, parsed
from wscli.core.messages import Kind, LoginResult, Subscribe
from wscli.exchanges import find_dialect
from wscli.session.connection import Connection

BYBIT = find_dialect("bybit", "spot-v3")


def test_what_is_sent_is_remembered_and_its_answer_ends_the_wait() -> None:
    session, script, _ = session_of(BYBIT)
    [key] = session.send_commands([Subscribe("trade", ("BTCUSDT",))])
    assert key in session.state.pending
    script.will_say('{"op":"subscribe","success":true,"req_id":"1","ret_msg":"subscribe"}')
    [answer] = session.read_messages()

    assert (answer.event.kind, answer.event.request_id) == (Kind.ACK, key)
    assert session.state.pending == {}
    assert list(session.state.active) == ["trade.BTCUSDT"]


def test_messages_are_numbered_and_stamped_by_the_reading_that_brought_them() -> None:
    session, script, _ = session_of(BYBIT)
    script.will_say("{}", "[]")
    script.will_say("{}")

    assert [r.number for r in (*session.read_messages(), *session.read_messages())] == [1, 2, 3]


def test_what_came_before_the_loss_is_given_out() -> None:
    session, script, _ = session_of(BYBIT)
    lost = ConnectionLost("gone")
    script.will_say("{}", closed=lost)

    assert len(list(session.read_messages())) == 1
    assert session.lost is lost


def test_secrets_reach_the_wire_and_are_told_as_stars() -> None:
    session, script, told = session_of(BYBIT)
    session.send_frame({"op": "auth", "args": [Secret("the key"), 1, Secret("the signature")]})

    assert parsed(script.sent[0])["args"] == ["the key", 1, "the signature"]
    assert parsed(told[0])["args"] == ["***", 1, "***"]


def test_the_result_of_a_login_is_used_by_the_next_commands() -> None:
    session, script, _ = session_of(find_dialect("bitstamp"))
    session.set_login_result(LoginResult(Secret("the token"), "4242"))
    session.send_commands([Subscribe("private-my_orders", ("btcusd",))])

    assert '"private-my_orders_btcusd-4242"' in script.sent[0]
    assert '"auth":"the token"' in script.sent[0]


@pytest.mark.parametrize(
    "data", [b"\x78\x9c\x00garbage", zlib.compress(b'{"a":1}')[:-5], b"\x00\xff\xfe", zlib.compress(bytes(20_000_000))]
)
def test_a_frame_that_cannot_be_inflated_is_shown_as_unknown_and_says_why(data: bytes) -> None:
    session, script, _ = session_of(find_dialect("digifinex"))
    script.will_say(data, zlib.compress(b'{"error":null,"result":"pong","id":1}'))
    bad, good = session.read_messages()

    assert bad.event.kind is Kind.UNKNOWN
    assert bad.text == "0x" + data.hex()
    assert bad.event.reason
    assert good.event.kind is Kind.PONG


# --- keep-alive ----------------------------------------------------------------------------------


def beating(interval: float, timeout: float, *, idle_only: bool = False) -> tuple[Connection, Script, Time]:
    time = Time()
    session, script, _ = session_of(changed(BYBIT, keepalive=KeepAlive(interval, timeout, idle_only)), time)
    return session, script, time


def test_a_ping_is_sent_when_its_time_has_come_and_not_before() -> None:
    session, script, time = beating(20, 10)
    time.now = 19.9
    session.keep_alive()
    assert (script.sent, round(session.due_s(), 1)) == ([], 0.1)
    time.now = 20
    session.keep_alive()

    assert script.sent == ['{"req_id":"1","op":"ping"}']
    assert session.due_s() == 10


def test_an_answered_ping_is_nobodys_business_and_the_next_one_comes() -> None:
    session, script, time = beating(20, 10)
    time.now = 20
    session.keep_alive()
    script.will_say('{"op":"pong","args":[1],"req_id":"1"}')
    [pong] = session.read_messages()
    assert session.is_keepalive_answer(pong.event)
    time.now = 40
    session.keep_alive()

    assert len(script.sent) == 2


def test_a_ping_without_an_answer_ends_the_connection() -> None:
    session, _, time = beating(20, 10)
    time.now = 20
    session.keep_alive()
    time.now = 29.9
    session.keep_alive()
    time.now = 30
    with pytest.raises(ConnectionLost, match="did not answer a ping within 10 s"):
        session.keep_alive()


def test_a_short_interval_does_not_hide_a_missing_pong() -> None:
    session, _, time = beating(1, 3)
    with pytest.raises(ConnectionLost):
        for tick in range(1, 40):
            time.now = tick / 4
            session.keep_alive()

    assert time.now == 4.0


def test_an_idle_only_ping_waits_for_our_own_silence() -> None:
    session, script, time = beating(20, 10, idle_only=True)
    time.now = 15
    session.send_commands([Subscribe("trade", ("BTCUSDT",))])
    time.now = 30
    session.keep_alive()
    assert len(script.sent) == 1
    time.now = 35
    session.keep_alive()

    assert script.sent[-1].endswith('"op":"ping"}')


def test_a_pause_puts_off_the_next_ping_and_forgives_the_one_that_was_sent() -> None:
    session, script, time = beating(20, 10)
    time.now = 20
    session.keep_alive()
    session.pause_pings(120)
    time.now = 139.9
    session.keep_alive()
    assert len(script.sent) == 1
    time.now = 140
    session.keep_alive()

    assert len(script.sent) == 2
    assert session.due_s() == 10


def test_what_waits_for_room_is_given_up_on_in_time_without_a_keep_alive_too() -> None:
    session, script, _ = session_of(changed(find_dialect("bybit", "spot-v3"), keepalive=None))
    script.unsent, script.send_timeout_left_s = 17, 4.0

    assert session.due_s() == 4.0
    session.keep_alive()  # which flushes: the transport looks at its clock
    assert script.unsent == 0


def test_a_peer_that_reads_nothing_is_not_answered_for_ever() -> None:
    echo = changed(find_dialect("bybit", "spot-v3"), answer=lambda event, context: ({"op": "pong"},))
    session, script, _ = session_of(echo)
    script.will_say(*['{"op":"ping"}'] * 3)
    received = session.read_messages()
    next(received)
    script.unsent = 70_000
    rest = [*received]

    assert len(rest) == 2
    assert script.sent == ['{"op":"pong"}']


def test_what_is_open_is_unsubscribed_once() -> None:
    session, script, _ = session_of(find_dialect("bybit", "spot-v3"))
    session.send_commands([Subscribe("trade", ("BTCUSDT",))])
    script.will_say('{"op":"subscribe","success":true,"ret_msg":"","req_id":"1"}')
    [*session.read_messages()]
    session.unsubscribe_all()
    session.unsubscribe_all()

    assert [parsed(text)["op"] for text in script.sent] == ["subscribe", "unsubscribe"]


# --- what is typed -------------------------------------------------------------------------------

TYPED = [
    # what is typed                             is it a login?   what is shown of it
    ('{"op":"ping"}',                           False,           '{"op":"ping"}'),
    ('{"op":"x","args":["abc"]}',               True,            '{"op":"x","args":["***"]}'),
    ('{"op":"auth","args":["abc"]}',            False,           '{"op":"auth","args":["***"]}'),
    ('{"token":"abc","x":"y"}',                 False,           '{"token":"***","x":"y"}'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "login", "shown"), TYPED)
def test_of_a_frame_that_is_typed_no_secret_is_shown(text: str, login: bool, shown: str) -> None:
    session, script, told = session_of(BYBIT)
    session.send_typed(text, login=login)

    assert (script.sent, told) == ([text], [shown])


POSTED = [
    # a message of one's own      binary?   what is shown of it
    (b"hello",                    False,    "hello"),
    (b"token=abcdefgh",           False,    "token=***"),
    (b"\x00\xff",                 True,     "0x00ff"),
    (b"hi",                       True,     "0x6869"),
    (b"token=abcdefgh",           True,     "***"),
]  # fmt: skip


@pytest.mark.parametrize(("payload", "binary", "shown"), POSTED)
def test_messages_of_ones_own_are_queued_as_they_are_and_shown_without_secrets(
    monkeypatch: pytest.MonkeyPatch, payload: bytes, binary: bool, shown: str
) -> None:
    session, script, told = session_of(BYBIT)
    queued: list[tuple[list[bytes], bool]] = []
    monkeypatch.setattr(
        script, "queue_messages", lambda payloads, binary: queued.append(([*payloads], binary)), raising=False
    )
    session.post([payload], binary=binary)

    assert (queued, told) == ([([payload], binary)], [shown])
