"""A stream is verified where its subscription asks for numbers, and only there."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from wscli.books.stream_check import check_stream
from wscli.commands.parser import parse
from wscli.core.jsontext import parsed
from wscli.core.messages import ReceivedMessage, State
from wscli.exchanges import find_dialect
from wscli.session.client import Client

CONF = ('>{"event":"conf","flags":65536}', '{"event":"conf","status":"OK","flags":65536}')
BOOK = '{"event":"subscribed","channel":"book","chanId":7,"symbol":"tBTCUSD","prec":"P0","freq":"F0","len":"25","pair":"BTCUSD"}'
TRADES = '{"event":"subscribed","channel":"trades","chanId":7,"symbol":"tBTCUSD","pair":"BTCUSD"}'


def client(api: str = "v2", observer: object = None) -> tuple[Any, list[str]]:
    """Return what the check needs of a client, and the list of what is reported."""
    reported: list[str] = []
    output = SimpleNamespace(write_stderr=reported.append)
    return SimpleNamespace(dialect=find_dialect("bitfinex", api), observer=observer, output=output), reported


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
    line, _ = client(api)
    check_stream(cast(Client, line), parse(line.dialect, "subscribe", words.split()))

    assert (line.observer is not None) is verified


def test_an_observer_that_is_there_already_stays() -> None:
    line, _ = client(observer=print)
    check_stream(cast(Client, line), parse(line.dialect, "subscribe", "book tBTCUSD flags=sequence".split()))

    assert line.observer is print


FAULTS = [
    # acknowledgement and messages                                what is reported
    ([BOOK, "[7,[[10,1,1]],1]", "[7,[10,2,1],2]"],                None),
    ([BOOK, "[7,[[10,1,1]],1]", "[7,[10,2,1],3]"],                "sequence 2 is missing, only book tBTCUSD has sent anything; what follows is not verified (book rebuilds)"),
    ([TRADES, '[7,"te",[5,1700000000123,1,10],1]', '[7,"hb",4]'], "sequence 2 to 3 are missing, only trades tBTCUSD has sent anything; what follows is not verified"),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "report"), FAULTS)
def test_the_first_fault_is_reported_and_ends_the_check(texts: list[str], report: str | None) -> None:
    line, reported = client()
    check_stream(cast(Client, line), parse(line.dialect, "subscribe", "book tBTCUSD flags=sequence".split()))
    state, number = State(), 0
    for text in (*CONF, *texts):
        if text.startswith(">"):
            state = line.dialect.codec.learn(state, parsed(text[1:]))
            continue
        event = line.dialect.codec.decode(parsed(text), state)
        state, number = line.dialect.codec.learn(state, event), number + 1
        if line.observer is not None:
            line.observer(ReceivedMessage(event, text, 0, number))

    assert (line.observer is None) is (report is not None)
    assert len(reported) == (report is not None)
    assert report is None or (reported[0].startswith("wscli: bitfinex: gap") and reported[0].endswith(report))
