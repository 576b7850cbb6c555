"""The entries of a recording as a session has them: a transport that reads them, bytes that were no text, gaps, whose they are."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from wscli.app.replaying.recorded_messages import (
    RecordedTransport,
    answers_ping,
    commands_in,
    dialects_of,
    gap_of,
    uninflated,
    unreadable_bytes,
    value_of,
)
from wscli.core.errors import UsageError
from wscli.core.jsontext import Json
from wscli.core.messages import Command, Event, Kind, Ping, Subscribe
from wscli.exchanges import exchange_dialects, find_dialect
from wscli.session.connection import MAX_UNSENT
from wscli.storage.recording.lines import RecordingEntry

V5, WHITEBIT, DIGIFINEX = find_dialect("bybit", "v5"), find_dialect("whitebit"), find_dialect("digifinex")


@pytest.mark.parametrize(("text", "value"), [("ping", "ping"), ("{", "{"), ("[1]", [1]), ("7", 7)])
def test_a_text_is_json_or_itself(text: str, value: Json) -> None:
    assert value_of(text) == value


def received(text: str, *, binary: bool = False) -> RecordingEntry:
    return RecordingEntry(5, "bybit", 2, "received", text, 1, binary)


def test_messages_are_read_in_the_order_in_which_they_were_recorded() -> None:
    transport = RecordedTransport()
    transport.put(received("first"), None)
    transport.put(received("sécond", binary=True), None)
    transport.put(received("0xff"), b"\\xff")
    read = []
    while transport.has_buffered_data():
        batch = transport.read()
        read.append((batch.runs, batch.ns))

    assert read == [
        ([(False, [b"first"])], 5),
        ([(True, ["sécond".encode()])], 5),
        ([(False, [b"\\xff"])], 5),
    ]


def test_a_recording_is_no_connection() -> None:
    transport = RecordedTransport()

    assert (transport.fileno(), transport.getsubprotocol(), transport.has_buffered_data()) == (-1, None, False)
    assert transport.unsent > MAX_UNSENT  # so nothing is answered
    assert [*transport.close_and_drain(1.0)] == []


BYTES = [
    # the exchange  the text         binary?  the bytes that were no text
    (V5,            "0xff",          False,   b"\xff"),
    (V5,            "0xFF00",        False,   b"\xff\x00"),
    (V5,            "0x6869",        False,   None),        # bytes that are text: the message was "0x6869"
    (V5,            "0xf",           False,   None),
    (V5,            "0xzz",          False,   None),
    (V5,            "abff",          False,   None),
    (V5,            "0x78daff",      True,    b"\x78\xda\xff"),
    (V5,            '{"a":"0xff"}',  False,   None),
    (DIGIFINEX,     "0x6869",        True,    None),
    (DIGIFINEX,     "0x78daff",      True,    b"\x78\xda\xff"),  # it cannot be inflated
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "text", "binary", "data"), BYTES)
def test_bytes_that_were_no_text_are_bytes_again(dialect: Any, text: str, binary: bool, data: bytes | None) -> None:
    assert unreadable_bytes(dialect, received(text, binary=binary)) == data


def test_what_is_recorded_was_inflated_before() -> None:
    assert uninflated(DIGIFINEX).codec.inflate("é".encode()) == "é"


REQUESTS: list[tuple[tuple[str, ...], list[Command]]] = [
    (('{"req_id":"1","op":"subscribe","args":["publicTrade.BTCUSDT"]}',), [Subscribe("publicTrade", ("BTCUSDT",))]),
    (('{"req_id":"1","op":"ping"}', "ping", "[1]", '{"what":1}', '{"req_id":"2","op":"ping"}'), [Ping(), Ping()]),
    ((), []),
]


@pytest.mark.parametrize(("texts", "commands"), REQUESTS)
def test_requests_mean_commands_and_other_texts_none(texts: tuple[str, ...], commands: list[Command]) -> None:
    assert commands_in(V5, texts) == commands


GAPS: list[tuple[dict[str, Json], dict[str, Json], str | None]] = [
    # the fields of the entry                                 of the message                          the reason
    ({"event": "gap", "away_ms": 500, "reason": "away"},      {"away_ms": 500, "connection": 2},      "away"),
    ({"event": "gap", "away_ms": 500},                        {"away_ms": 500, "connection": 2},      None),
    ({"event": "gap", "connection": 9, "reason": 7},          {"connection": 2},                      "7"),
]  # fmt: skip


@pytest.mark.parametrize(("details", "fields", "reason"), GAPS)
def test_a_gap_is_a_message_of_our_own(details: dict[str, Json], fields: dict[str, Json], reason: str | None) -> None:
    gap = gap_of(RecordingEntry(5, "bybit", 2, "event", event="gap", details=details))

    assert (gap.event.kind, gap.event.payload, gap.event.reason) == (Kind.GAP, {"gap": fields}, reason)
    assert (gap.received_ns, gap.number, gap.connection) == (5, 0, 2)


PINGS: list[tuple[list[Command], Any, bool]] = [
    # the commands of request 1       the id of the answer    does it answer a ping?
    ([Ping()],                        1,                      True),
    ([Subscribe("a"), Ping()],        1,                      True),
    ([Subscribe("a")],                1,                      False),
    ([],                              1,                      False),
    ([Ping()],                        2,                      False),
    ([Ping()],                        None,                   False),
]  # fmt: skip


@pytest.mark.parametrize(("commands", "request_id", "answers"), PINGS)
def test_the_answer_to_a_ping_is_known_by_its_request(commands: list[Command], request_id: Any, answers: bool) -> None:
    state: Any = SimpleNamespace(pending={1: SimpleNamespace(commands=commands)})

    assert answers_ping(state, Event(Kind.PONG, {}, request_id=request_id)) is answers


DIALECTS = [
    # the exchange       --api        that was recorded    the APIs
    ("bybit",            "spot-v3",   "v5",                ["spot-v3"]),
    ("bybit",            None,        "v5",                ["v5"]),
    ("bybit",            "other",     "v5",                ["v5"]),
    ("bybit",            None,        None,                [one.api.name for one in exchange_dialects("bybit")]),
    ("a.example",        None,        "plain",             ["plain"]),
    ("connect",          "v5",        None,                ["plain"]),
]  # fmt: skip


@pytest.mark.parametrize(("exchange", "pinned", "recorded", "apis"), DIALECTS)
def test_the_api_is_the_one_of_the_flag_or_that_was_recorded_or_any(
    exchange: str, pinned: str | None, recorded: str | None, apis: list[str]
) -> None:
    dialects = dialects_of(exchange, pinned, recorded)

    assert [one.api.name for one in dialects] == apis
    assert {one.name for one in dialects} == {exchange}


@pytest.mark.parametrize(("exchange", "api", "whose"), [("nobody", "v5", "'nobody'"), ("bybit", "v9", "bybit's 'v9'")])
def test_an_exchange_or_an_api_of_another_version_is_named(exchange: str, api: str, whose: str) -> None:
    with pytest.raises(UsageError) as refused:
        dialects_of(exchange, None, api)

    assert refused.value.message == f"the recording has messages of {whose}, which this version of wscli does not know"
    assert refused.value.hint
