"""A stream is verified where its subscription asks for numbers, and only there."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from wscli.books.sequence_request import asks_for_sequence
from wscli.books.stream_check import StreamCheck
from wscli.commands.parser import parse
from wscli.core.jsontext import parsed
from wscli.core.messages import ReceivedMessage, State
from wscli.exchanges import find_dialect
from wscli.session.client import Client
from wscli.session.events import Level, Observers, Role, SessionEvents

CONF = ('>{"event":"conf","flags":65536}', '{"event":"conf","status":"OK","flags":65536}')
BOOK = '{"event":"subscribed","channel":"book","chanId":7,"symbol":"tBTCUSD","prec":"P0","freq":"F0","len":"25","pair":"BTCUSD"}'
TRADES = '{"event":"subscribed","channel":"trades","chanId":7,"symbol":"tBTCUSD","pair":"BTCUSD"}'


class Notices(SessionEvents):
    """What is reported."""

    def __init__(self) -> None:
        self.reported: list[str] = []

    def notice(self, text: str, level: Level) -> None:
        self.reported.append(text)


REQUESTS = [
    # API   what is subscribed                            is it verified?
    ("v2",  "book tBTCUSD flags=sequence",                True),
    ("v2",  "trades tBTCUSD flags=sequence",              True),
    ("v2",  "ticker tBTCUSD book tETHUSD flags=checksum", True),
    ("v2",  "book tBTCUSD",                               False),
    ("v1",  "book BTCUSD",                                False),
]  # fmt: skip


@pytest.mark.parametrize(("api", "words", "verified"), REQUESTS)
def test_a_stream_is_verified_where_it_asks_for_numbers(api: str, words: str, verified: bool) -> None:
    dialect = find_dialect("bitfinex", api)

    assert asks_for_sequence(dialect, parse(dialect, "subscribe", words.split())) is verified


FAULTS = [
    # acknowledgement and messages                                what is reported
    ([BOOK, "[7,[[10,1,1]],1]", "[7,[10,2,1],2]"],                None),
    ([BOOK, "[7,[[10,1,1]],1]", "[7,[10,2,1],3]"],                "sequence 2 is missing, all messages so far were of book tBTCUSD; what follows is not verified (book rebuilds)"),
    ([TRADES, '[7,"te",[5,1700000000123,1,10],1]', '[7,"hb",4]'], "sequence 2 to 3 are missing, all messages so far were of trades tBTCUSD; what follows is not verified"),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "report"), FAULTS)
def test_the_first_fault_is_reported_and_ends_the_check(texts: list[str], report: str | None) -> None:
    dialect, notices = find_dialect("bitfinex", "v2"), Notices()
    events = Observers(notices)
    check = StreamCheck(cast(Client, SimpleNamespace(dialect=dialect, events=events)))
    events.add(check)
    state, number = State(), 0
    for text in (*CONF, *texts):
        if text.startswith(">"):
            state = dialect.codec.learn(state, parsed(text[1:]))
            continue
        event = dialect.codec.decode(parsed(text), state)
        state, number = dialect.codec.learn(state, event), number + 1
        events.received(ReceivedMessage(event, text, 0, number), Role.MESSAGE)

    assert (check not in events) is (report is not None)
    assert len(notices.reported) == (report is not None)
    assert report is None or (notices.reported[0].startswith("bitfinex: gap") and notices.reported[0].endswith(report))
