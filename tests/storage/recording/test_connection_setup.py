"""What the next file of a run begins with: the requests and answers without which a connection cannot be read."""

from __future__ import annotations

import json

import pytest

from wscli.core.jsontext import parsed
from wscli.exchanges import find_dialect
from wscli.storage.recording.connection_setup import MAX_OTHER_LINES, PRUNE_MARGIN, ConnectionSetup

V5, BITFINEX, WHITEBIT = find_dialect("bybit", "v5"), find_dialect("bitfinex", "v2"), find_dialect("whitebit")
SUBSCRIBE = '{"req_id":"%s","op":"%s","args":["publicTrade.%s"]}'
ACK = '{"success":true,"ret_msg":"","op":"%s","req_id":"%s"}'
LOGIN, LOGGED_IN = '{"req_id":"9","op":"auth","args":["***",1,"***"]}', '{"success":true,"op":"auth","req_id":"9"}'
PING, PONG = '{"req_id":"8","op":"ping"}', '{"success":true,"ret_msg":"pong","req_id":"8","op":"ping"}'
TRADE = '{"topic":"publicTrade.A","type":"snapshot","ts":1,"data":[]}'


class Setup(ConnectionSetup):
    """A setup that takes messages as texts; the line of each is its text."""

    def exchange(self, *texts: str) -> list[str]:
        """Take requests ("> …") and messages ("< …"); return the lines that are needed."""
        for number, text in enumerate(texts, 1):
            if text.startswith("> "):
                self.sent(text[2:], text[2:])
            else:
                event = self.dialect.codec.decode(parsed(text[2:]), self._state)
                self.received(event, number, text[2:])
        return self.lines()


SETUPS = [
    # what is sent and received                                                                          the lines that are needed
    ([],                                                                                                 []),
    ([f"> {SUBSCRIBE % ('1', 'subscribe', 'A')}"],                                                       [SUBSCRIBE % ("1", "subscribe", "A")]),
    ([f"> {SUBSCRIBE % ('1', 'subscribe', 'A')}", f"< {ACK % ('subscribe', '1')}", f"< {TRADE}"],        [SUBSCRIBE % ("1", "subscribe", "A"), ACK % ("subscribe", "1")]),
    ([f"> {SUBSCRIBE % ('1', 'subscribe', 'A')}", f"< {ACK % ('subscribe', '1')}", f"> {SUBSCRIBE % ('2', 'unsubscribe', 'A')}", f"< {ACK % ('unsubscribe', '2')}"], []),
    ([f"> {LOGIN}", f"< {LOGGED_IN}"],                                                                   [LOGIN, LOGGED_IN]),
    ([f"> {PING}", f"< {PONG}"],                                                                         []),
    (["> text", "> [1]", '> {"what":1}'],                                                                ["text", "[1]", '{"what":1}']),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "needed"), SETUPS)
def test_what_a_connection_became_what_it_is_by_is_kept(texts: list[str], needed: list[str]) -> None:
    assert Setup(V5).exchange(*texts) == needed


def test_a_heartbeat_and_data_say_nothing_and_a_status_is_kept() -> None:
    info = '{"event":"info","version":2,"serverId":"a","platform":{"status":1}}'
    subscribed = '{"event":"subscribed","channel":"trades","chanId":7,"symbol":"tBTCUSD","pair":"BTCUSD"}'

    assert Setup(BITFINEX).exchange(f"< {info}", f"< {subscribed}", '< [7,"hb"]', '< [7,"te",[1,2,3,4]]') == [
        info,
        subscribed,
    ]


def test_of_lines_that_change_nothing_the_first_ones_are_kept() -> None:
    lines = [f"> line {number}" for number in range(MAX_OTHER_LINES + 5)]

    assert Setup(V5).exchange(*lines) == [line[2:] for line in lines[:MAX_OTHER_LINES]]


def test_what_is_needed_no_longer_is_forgotten_in_time() -> None:
    setup = Setup(V5)
    kept = setup.exchange(f"> {SUBSCRIBE % ('1', 'subscribe', 'A')}", f"< {ACK % ('subscribe', '1')}")
    for number in range(2, 4 * PRUNE_MARGIN, 2):
        setup.exchange(
            f"> {SUBSCRIBE % (number, 'subscribe', 'B')}", f"< {ACK % ('subscribe', number)}",
            f"> {SUBSCRIBE % (number + 1, 'unsubscribe', 'B')}", f"< {ACK % ('unsubscribe', number + 1)}",
        )  # fmt: skip

    assert setup.lines() == kept
    assert len(setup._lines) <= 2 * len(kept) + PRUNE_MARGIN


def test_the_number_is_that_of_the_last_message() -> None:
    setup = Setup(WHITEBIT)
    setup.exchange(
        f"> {json.dumps({'id': 1, 'method': 'ping', 'params': []})}", '< {"id":1,"result":"pong","error":null}'
    )

    assert setup.last_number == 2
