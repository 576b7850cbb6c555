"""Standard input of `connect`, on a scripted network: what is sent of it, and when its end is the end."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.scripted_client import ScriptedClient
from tests.support.scripted_client import scripted as scripted
from wscli.cli.connecting.stdin_lines import StdinLines
from wscli.cli.connecting.stdin_pump import MAX_LINE_BYTES, SentTexts, StdinPump, encode_payload
from wscli.cli.connecting.typed_lines import TypedLines
from wscli.core.endings import Finished
from wscli.core.errors import ConnectionLost, TimedOut, UsageError, WscliError
from wscli.exchanges.generic import ALL_MESSAGES, generic_dialect
from wscli.output.conditions.grammar import parse_condition
from wscli.session.operations import run_stream
from wscli.session.target import ReconnectPolicy
from wscli.transport.dialer import NetworkOptions
from wscli.transport.websocket import PeerClosed

Make = Callable[..., ScriptedClient]
URL = {"public": "wss://stream.example/ws"}


class Input:
    """Standard input whose other end the test holds."""

    def __init__(self) -> None:
        self.reader, self._writer = os.pipe()

    def fileno(self) -> int:
        return self.reader

    def says(self, data: bytes, *, ends: bool = True) -> None:
        os.write(self._writer, data)
        if ends:
            self.close()

    def close(self) -> None:
        if self._writer >= 0:
            os.close(self._writer)
        self._writer = -1


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Input]:
    made = Input()
    monkeypatch.setattr(sys, "stdin", made)
    yield made
    made.close()
    os.close(made.reader)


def pumped(scripted: Make, *first: bytes, send_as: Any = "text", repeated: Any = (), **options: Any) -> ScriptedClient:
    """Return a client at which a pump stands."""
    one = scripted(generic_dialect(), lambda frame: (), urls=URL, **{"wait_s": 2.0, **options})
    one.client.source = StdinPump(one.observed, SentTexts(first, repeated, send_as), StdinLines())
    return one


def answering(one: ScriptedClient, *, after_s: float = 0.1) -> None:
    """Have the peer answer every message, once connected."""
    one.network.prepare()
    one.transport.on_post = lambda payload: (one.transport.says(f'"{payload.decode()}"', after_s=after_s), ())[1]


LINES = [
    # standard input            what is sent
    (b"one\ntwo\n",             [b"one", b"two"]),
    (b"one\ntwo",               [b"one", b"two"]),
    (b"one\n\ntwo\n",           [b"one", b"", b"two"]),
    (b"one\r\ntwo\r\n",         [b"one", b"two"]),
    (b"\xef\xbb\xbfone\n",      [b"one"]),
    (b"one\n\xef\xbb\xbftwo\n", [b"one", b"\xef\xbb\xbftwo"]),
    (b"one",                    [b"one"]),
]  # fmt: skip


@pytest.mark.parametrize(("data", "sent"), LINES)
def test_each_line_is_a_message(scripted: Make, typed: Input, data: bytes, sent: list[bytes]) -> None:
    one = pumped(scripted)
    answering(one)
    typed.says(data)
    run_stream(one.client, [ALL_MESSAGES])

    assert one.transport.posted == [(line, False) for line in sent]
    assert one.output.out.splitlines() == [f'"{line.decode()}"' for line in sent]


def test_a_line_that_comes_in_pieces_is_one_message(scripted: Make, typed: Input) -> None:
    one = pumped(scripted)
    answering(one)
    pieces = [b"on", b"e\ntw", b"o\n"]
    one.network.on_wait = lambda: typed.says(pieces.pop(0), ends=not pieces) if pieces else None
    run_stream(one.client, [ALL_MESSAGES])

    assert [payload for payload, _ in one.transport.posted] == [b"one", b"two"]


ENCODED = [
    # send as     standard input      what is sent
    ("hex",       b"0x00ff\n 01 \n",  [b"\x00\xff", b"\x01"]),
    ("base64",    b"AP8=\n",          [b"\x00\xff"]),
]  # fmt: skip


@pytest.mark.parametrize(("send_as", "data", "sent"), ENCODED)
def test_a_line_may_stand_for_bytes(scripted: Make, typed: Input, send_as: str, data: bytes, sent: list[bytes]) -> None:
    one = pumped(scripted, send_as=send_as)
    one.network.prepare()
    one.transport.on_post = lambda payload: ['"taken"']
    typed.says(data)
    run_stream(one.client, [ALL_MESSAGES])

    assert one.transport.posted == [(payload, True) for payload in sent]


def test_what_x_says_goes_first(scripted: Make, typed: Input) -> None:
    one = pumped(scripted, b"first")
    answering(one)
    typed.says(b"second\n")
    run_stream(one.client, [ALL_MESSAGES])

    assert [payload for payload, _ in one.transport.posted[-1:]] == [b"second"]


# --- what cannot be sent -------------------------------------------------------------------------


REFUSED = [
    # send as   standard input     the message
    ("text",    b"\xff\n",         "line 1 of standard input is not UTF-8"),
    ("hex",     b"zz\n",           "line 1 of standard input is not hex"),
    ("base64",  b"?\n",            "line 1 of standard input is not base64"),
]  # fmt: skip


@pytest.mark.parametrize(("send_as", "data", "message"), REFUSED)
def test_a_line_that_cannot_be_sent_is_a_usage_error_where_nothing_was_sent(
    scripted: Make, typed: Input, send_as: str, data: bytes, message: str
) -> None:
    one = pumped(scripted, send_as=send_as)
    typed.says(data)

    with pytest.raises(UsageError, match=message):
        run_stream(one.client, [ALL_MESSAGES])
    assert one.transport.posted == []


LATE = [
    # said with -x   standard input           sent             the message
    ((),             b"one\n\xff\ntwo\n",     [b"one"],        "line 2 of standard input is not UTF-8; 1 line before it had been sent"),
    ((),             b"one\ntwo\n\xff\n",     [b"one", b"two"], "line 3 of standard input is not UTF-8; 2 lines before it had been sent"),
    ((b"first",),    b"\xff\n",               [b"first"],      "line 1 of standard input is not UTF-8; what -x says had been sent"),
]  # fmt: skip


@pytest.mark.parametrize(("first", "data", "sent", "message"), LATE)
def test_a_later_line_that_cannot_be_sent_ends_it_once_the_earlier_ones_were_answered(
    scripted: Make, typed: Input, first: tuple[bytes, ...], data: bytes, sent: list[bytes], message: str
) -> None:
    one = pumped(scripted, *first)
    typed.says(data)

    with pytest.raises(WscliError) as caught:
        run_stream(one.client, [ALL_MESSAGES])
    assert caught.value.message == message
    assert not isinstance(caught.value, UsageError)
    assert [payload for payload, _ in one.transport.posted] == sent


def test_a_line_longer_than_a_message_is_refused(scripted: Make, typed: Input, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MAX_LINE_BYTES, "text", 10)
    one = pumped(scripted)
    typed.says(b"12345678901", ends=False)

    with pytest.raises(UsageError, match="line 1 of standard input has more than 16 MiB"):
        run_stream(one.client, [ALL_MESSAGES])


@pytest.mark.parametrize("send_as", ["text", "hex", "base64"])
def test_a_message_of_just_sixteen_mebibytes_is_taken(send_as: Any) -> None:
    most = 16 << 20
    fits = {"text": b"a" * most, "hex": b"61" * most, "base64": b"YWFh" * (most // 3) + b"YQ=="}
    exceeds = {"text": b"a" * (most + 1), "hex": b"61" * (most + 1), "base64": b"YWFh" * (most // 3) + b"YWE="}

    assert len(encode_payload(fits[send_as], send_as, "it")) == most
    with pytest.raises(UsageError, match="it stands for a message of 16,777,217 bytes"):
        encode_payload(exceeds[send_as], send_as, "it")


# --- the end -------------------------------------------------------------------------------------


def test_it_goes_on_until_nothing_more_comes_after_the_last_line(scripted: Make, typed: Input) -> None:
    one = pumped(scripted, wait_s=20.0)
    answering(one, after_s=5.0)
    typed.says(b"one\n")
    run_stream(one.client, [ALL_MESSAGES])

    assert one.output.out == '"one"\n'
    assert one.clock.now == 7.0  # a tenth of --wait after the answer


@pytest.mark.parametrize(("wait_s", "linger_s"), [(20.0, 2.0), (5.0, 1.0), (0.5, 0.5)])
def test_after_an_answer_a_tenth_of_the_wait_is_waited_but_at_least_a_second_and_at_most_all_of_it(
    scripted: Make, typed: Input, wait_s: float, linger_s: float
) -> None:
    one = pumped(scripted, wait_s=wait_s)
    answering(one, after_s=0.25)
    typed.says(b"one\n")
    run_stream(one.client, [ALL_MESSAGES])

    assert one.clock.now == 0.25 + linger_s


def test_no_answer_within_the_wait_is_an_error(scripted: Make, typed: Input) -> None:
    one = pumped(scripted)
    typed.says(b"one\n")

    with pytest.raises(TimedOut, match=r"stream\.example sent no answer within 2 s after the last line was sent"):
        run_stream(one.client, [ALL_MESSAGES])
    assert one.clock.now == 2.0


def test_until_that_nothing_met_is_an_error(scripted: Make, typed: Input) -> None:
    one = pumped(scripted, until=(parse_condition("a=1"),))
    answering(one)
    typed.says(b"one\n")

    with pytest.raises(TimedOut, match="no message matched --until after the last line was sent"):
        run_stream(one.client, [ALL_MESSAGES])


def test_an_input_without_a_line_ends_nothing(scripted: Make, typed: Input) -> None:
    one = pumped(scripted, for_s=60.0)
    typed.says(b"")
    run_stream(one.client, [ALL_MESSAGES])

    assert one.clock.now == 60.0


def test_a_normal_close_of_the_peer_is_the_end_even_with_retry(scripted: Make, typed: Input) -> None:
    one = pumped(scripted, policy=ReconnectPolicy())
    one.network.prepare()
    one.transport.says(lost=PeerClosed("stream.example", 1000, ""), after_s=1.0)

    with pytest.raises(PeerClosed):
        run_stream(one.client, [ALL_MESSAGES])
    assert len(one.network.transports) == 1


def test_after_a_loss_it_comes_back_and_says_again_what_x_says(scripted: Make, typed: Input) -> None:
    one = pumped(scripted, b"first", for_s=5.0, policy=ReconnectPolicy())
    one.network.prepare()
    one.transport.says(lost=ConnectionLost("gone"), after_s=1.0)
    run_stream(one.client, [ALL_MESSAGES])

    assert [transport.posted for transport in one.network.transports] == [[(b"first", False)]] * 2


def test_what_the_peer_did_not_take_before_it_went_is_reported(scripted: Make, typed: Input) -> None:
    one = pumped(scripted)
    one.network.prepare()
    one.transport.says(lost=ConnectionLost("gone"))
    one.transport.unsent = 17
    one.transport.flush = lambda: None  # type: ignore[method-assign]

    with pytest.raises(ConnectionLost, match="gone"):
        run_stream(one.client, [ALL_MESSAGES])
    assert one.output.err == ["wscli: not everything could be sent"]


CHOSEN = [
    # offered        chosen   verbose   what is said
    (("a", "b"),     "b",     True,     ["wscli: the server chose the subprotocol b"]),
    (("a", "b"),     "b",     False,    []),
    (("a", "b"),     None,    False,    ["wscli: the server chose no subprotocol"]),
    ((),             None,    True,     []),
]  # fmt: skip


@pytest.mark.parametrize(("offered", "chosen", "verbose", "notes"), CHOSEN)
def test_the_subprotocol_is_reported(
    scripted: Make, typed: Input, offered: tuple[str, ...], chosen: str | None, verbose: bool, notes: list[str]
) -> None:
    one = pumped(scripted, network_options=NetworkOptions(subprotocols=offered), verbose=verbose)
    one.network.prepare()
    one.transport.subprotocol = chosen
    one.open()
    one.output.err = [line for line in one.output.err if "connecting" not in line]

    assert one.output.err == notes


def test_input_waits_while_the_peer_takes_nothing(scripted: Make, typed: Input) -> None:
    one = pumped(scripted)
    source = one.client.source
    assert source is not None
    assert source.descriptors() == ()
    one.open()

    assert source.descriptors() == (typed.fileno(),)
    one.transport.unsent = (1 << 18) + 1
    assert source.descriptors() == ()
    one.transport.unsent = 1 << 18
    assert source.descriptors() == (typed.fileno(),)
    typed.says(b"")
    with pytest.raises(Finished):
        one.client.end_at = 1.0
        one.listen()
    assert source.descriptors() == ()


# --- texts that are sent again and again ----------------------------------------------------------


def test_the_texts_of_every_are_sent_in_their_intervals_and_begin_anew_after_a_reconnect(
    scripted: Make, typed: Input
) -> None:
    one = pumped(
        scripted, b"hello", repeated=[(10.0, b"ping"), (4.0, b"tick")], for_s=25.0, policy=ReconnectPolicy(True, 3)
    )
    one.network.prepare()
    one.transport.says(lost=ConnectionLost("cut"), after_s=13.0)
    run_stream(one.client, [ALL_MESSAGES])

    first, second = ([payload for payload, _ in each.posted] for each in one.network.transports)
    assert first == [b"hello", b"tick", b"tick", b"ping", b"tick"]
    assert second == [b"hello", b"tick", b"tick", b"ping"]


def test_while_the_connection_is_away_no_text_is_due(scripted: Make, typed: Input) -> None:
    one = pumped(scripted, repeated=[(1.0, b"ping")], for_s=30.0, policy=ReconnectPolicy(True, 3))
    one.network.prepare()
    one.transport.says(lost=ConnectionLost("cut"), after_s=0.5)
    due: list[float] = []

    def look() -> None:
        if one.client.routes and one.client.routes["public"].absence is not None and one.client.source is not None:
            due.append(one.client.source.due_s())

    one.network.on_wait = look
    run_stream(one.client, [ALL_MESSAGES])

    assert due
    assert set(due) == {float("inf")}


# --- lines of an editor ---------------------------------------------------------------------------


def edited(scripted: Make, lines: TypedLines, **options: Any) -> ScriptedClient:
    """Return a client at which a pump of an editor stands."""
    one = scripted(generic_dialect(), lambda frame: (), urls=URL, **{"wait_s": 2.0, **options})
    one.client.source = StdinPump(one.observed, SentTexts(), lines)
    one.network.prepare()
    return one


def test_an_end_that_is_typed_without_a_line_ends_at_once(scripted: Make) -> None:
    lines = TypedLines()
    one = edited(scripted, lines)
    one.network.on_wait = lines.end
    one.transport.says("1")
    run_stream(one.client, [ALL_MESSAGES])

    assert (one.output.out, one.clock.now) == ("1\n", 0.0)


def test_an_end_that_is_typed_waits_for_the_answer_to_the_last_line(scripted: Make) -> None:
    lines = TypedLines()
    one = edited(scripted, lines)
    one.transport.on_post = lambda payload: (one.transport.says('"answer"', after_s=1.5), ())[1]
    lines.add("one")
    lines.end()
    run_stream(one.client, [ALL_MESSAGES])

    assert one.transport.posted == [(b"one", False)]
    assert (one.output.out, one.clock.now) == ('"answer"\n', 2.5)


def test_an_end_that_is_typed_after_the_answer_does_not_wait_although_messages_keep_arriving(scripted: Make) -> None:
    lines = TypedLines()
    one = edited(scripted, lines)
    one.transport.on_post = lambda payload: ['"answer"']
    for second in range(1, 50):
        one.transport.says('"more"', after_s=second)
    lines.add("one")
    one.network.on_wait = lambda: lines.end() if one.clock.now >= 3 else None
    run_stream(one.client, [ALL_MESSAGES])

    assert 3 <= one.clock.now <= 5


def test_a_last_line_without_an_answer_is_a_timeout(scripted: Make) -> None:
    lines = TypedLines()
    one = edited(scripted, lines)
    lines.add("one")
    lines.end()

    with pytest.raises(TimedOut, match=r"stream.example sent no answer within 2 s after the last line was sent"):
        run_stream(one.client, [ALL_MESSAGES])


def test_an_end_that_is_typed_before_until_is_met_is_a_timeout(scripted: Make) -> None:
    lines = TypedLines()
    one = edited(scripted, lines, until=(parse_condition("a=1"),))
    lines.end()

    with pytest.raises(TimedOut, match="no message matched --until before the end"):
        run_stream(one.client, [ALL_MESSAGES])


def test_a_line_that_is_typed_while_the_connection_is_away_is_sent_once_it_is_back(scripted: Make) -> None:
    lines = TypedLines()
    one = edited(scripted, lines, for_s=60.0, policy=ReconnectPolicy(True, 3))
    one.transport.says(lost=ConnectionLost("cut"), after_s=1.0)
    one.network.on_wait = lambda: (
        lines.add("late") if one.clock.now >= 1.0 and not lines.waiting and len(one.network.transports) == 1 else None
    )
    run_stream(one.client, [ALL_MESSAGES])

    assert one.network.transports[0].posted == []
    assert one.network.transports[1].posted == [(b"late", False)]


def test_an_end_while_the_connection_is_away_names_what_could_not_be_sent(scripted: Make) -> None:
    lines = TypedLines()
    one = edited(scripted, lines, policy=ReconnectPolicy(True, 3))
    one.transport.says(lost=ConnectionLost("cut"), after_s=1.0)

    def leave() -> None:
        if one.clock.now >= 1.0 and not lines.ended:
            lines.add("late")
            lines.end()

    one.network.on_wait = leave
    with pytest.raises(ConnectionLost, match="not sent: 1 line, for the connection is lost"):
        run_stream(one.client, [ALL_MESSAGES])


def test_an_edited_line_that_stands_for_no_bytes_is_reported_and_the_next_one_is_sent(scripted: Make) -> None:
    lines = TypedLines()
    one = edited(scripted, lines)
    one.client.source = StdinPump(one.observed, SentTexts(encoding="hex"), lines)
    one.transport.on_post = lambda payload: ['"taken"']
    lines.add("zz")
    lines.add("00ff")
    one.network.on_wait = lambda: lines.end() if one.transport.posted else None
    run_stream(one.client, [ALL_MESSAGES])

    assert one.transport.posted == [(b"\x00\xff", True)]
    assert "wscli: not sent: the line is not hex" in "".join(one.output.err)
