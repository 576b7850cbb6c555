"""Data that flows without an acknowledgement is no silence: it is said once, and the stream goes on."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from itertools import count
from uuid import UUID

import pytest

from tests.conftest import Wscli
from tests.support.hostile import TEXT, Peer, frame, hostile, trade
from tests.support.scripted_transport import session_of
from wscli.commands.parser import parse
from wscli.core.jsontext import parsed
from wscli.core.messages import Kind, RequestContext, State, Subscribe
from wscli.exchanges import find_dialect
from wscli.session.requests import UnacknowledgedData

STAMP = RequestContext(0, count(1), lambda: UUID(int=1))

FLOWS = [
    # API                     what is asked                     what comes                                               is it that?
    ("bybit", "v5",           "publicTrade.BTCUSDT",            '{"topic":"publicTrade.BTCUSDT","type":"snapshot","data":[]}', True),
    ("bybit", "v5",           "publicTrade BTCUSDT ETHUSDT",    '{"topic":"publicTrade.ETHUSDT","type":"snapshot","data":[]}', True),
    ("bybit", "v5",           "publicTrade.BTCUSDT",            '{"topic":"publicTrade.ETHUSDT","type":"snapshot","data":[]}', False),
    ("bybit", "v5",           "publicTrade.BTCUSDT",            '{"topic":"tickers.BTCUSDT","type":"snapshot","data":{}}', False),
    ("bybit", "v5",           "publicTrade.BTCUSDT",            '{"hello":"world"}',                                      False),
    ("bybit", "spot-v3",      "trade.BTCUSDT",                  trade(1).decode(),                                        True),
    ("bitstamp", None,        "live_trades btcusd",             '{"event":"trade","channel":"live_trades_btcusd","data":{}}', True),
    ("bitstamp", None,        "live_trades btcusd",             '{"event":"trade","channel":"live_trades_ethusd","data":{}}', False),
    ("whitebit", None,        "lastprice BTC_USDT",             '{"method":"lastprice_update","params":["BTC_USDT","1"],"id":null}', True),
    ("whitebit", None,        "lastprice BTC_USDT",             '{"method":"lastprice_update","params":["ETH_USDT","1"],"id":null}', False),
    ("digifinex", None,       "all_ticker",                     '{"method":"all_ticker.update","params":[{"symbol":"A_B"}],"id":null}', True),
    ("digifinex", None,       "trades BTC_USDT",                '{"method":"trades.update","params":[true,[],"BTC_USDT"],"id":null}', True),
    ("bitfinex", "v2",        "trades tBTCUSD",                 '[17,"te",[1,1700000000123,0.1,36500]]', True),
    ("bitfinex", "v2",        "book tBTCUSD",                   '[17,[36500,1,0.5]]',                                     True),
    ("bitfinex", "v2",        "book tBTCUSD",                   '[17,"hb"]',                                              False),
    ("bitfinex", "v1",        "book BTCUSD",                    '[17,36500,1,0.5]',                                       True),
    ("bitfinex", "v1",        "book BTCUSD",                    '{"event":"info","version":1.1}',                         False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "api", "words", "text", "flows"), FLOWS)
def test_data_is_told_from_what_is_none_of_a_subscription(
    name: str, api: str | None, words: str, text: str, flows: bool
) -> None:
    dialect, state, flowing = find_dialect(name, api), State(), UnacknowledgedData()
    commands = parse(dialect, "subscribe", words.split())
    for sent in dialect.codec.encode(commands, state, STAMP):
        state = dialect.codec.learn(state, sent)
    event = dialect.codec.decode(parsed(text), state)
    if event.kind in (Kind.SNAPSHOT, Kind.UPDATE, Kind.UNKNOWN):
        flowing.add("public", event)

    assert flowing.has_data_of("public", commands) is flows
    assert not flowing.has_data_of("private", commands)


@pytest.mark.parametrize(("name", "api"), [("bybit", "v5"), ("bitfinex", "v2"), ("bitstamp", None), ("whitebit", None)])
def test_what_is_taken_as_acknowledged_is_asked_for_again_after_a_loss(name: str, api: str | None) -> None:
    dialect = find_dialect(name, api)
    session, _, _ = session_of(dialect)
    channel = next(c for c in dialect.facts.channels if not c.private and c.symbol_limits[0] == 1)
    (requested, *_) = parse(dialect, "subscribe", channel.example.split())
    assert isinstance(requested, Subscribe)
    for key in session.send_commands([requested]):
        assert session.assume_acknowledged(key).event.kind is Kind.ACK

    assert session.state.pending == {}
    assert {active.subscribe.channel for active in session.state.active.values()} == {requested.channel}


def unacknowledged(message: Callable[[int], str], first: str = "") -> Callable[[Peer], None]:
    """Send data without end, and never an acknowledgement."""

    def serve(peer: Peer) -> None:
        peer.upgrade(frame(TEXT, first.encode()) if first else b"")
        peer.hear()
        for number in count():
            peer.send(frame(TEXT, message(number).encode()))
            threading.Event().wait(0.02)

    return serve


def spot(number: int) -> str:
    return json.dumps({"topic": "publicTrade.BTCUSDT", "ts": number, "type": "snapshot", "data": []})


def test_wait_does_not_end_a_stream_whose_data_comes(wscli: Wscli) -> None:
    with hostile(unacknowledged(spot)) as server:
        flags = ("--api", "v5", "--wait", "800ms", "-n", "80", "--url", server.url)
        ran = wscli("bybit", "subscribe", "publicTrade.BTCUSDT", *flags)

    assert (ran.status, ran.lines) == (0, [spot(n) for n in range(80)]), ran.err
    told = "wscli: bybit did not answer subscribe publicTrade BTCUSDT product=spot within 0.8 s, but sends its data: the stream continues"
    assert ran.err.splitlines().count(told) == 1


def test_wait_ends_what_only_hears_of_something_else(wscli: Wscli) -> None:
    with hostile(unacknowledged(spot)) as server:
        flags = ("--api", "v5", "-q", "--wait", "300ms", "-n", "600", "--url", server.url)
        ran = wscli("bybit", "subscribe", "publicTrade.ETHUSDT", *flags)

    assert ran.status == 5
    assert "did not answer subscribe publicTrade ETHUSDT product=spot within 0.3 s" in ran.err


def heeded_in_silence(peer: Peer) -> None:
    """Send data and acknowledge nothing; an unsubscription ends the data."""
    peer.upgrade()
    peer.hear()
    over = threading.Event()

    def listen() -> None:
        while b"unsubscribe" not in peer.hear()[1]:
            pass
        over.set()
        peer.until_gone()

    listening = threading.Thread(target=listen)
    listening.start()
    for number in count():
        if over.wait(0.02):
            break
        peer.send(frame(TEXT, spot(number).encode()))
    listening.join()


@pytest.mark.parametrize("serve", [heeded_in_silence, unacknowledged(spot)], ids=["heeded", "not heeded"])
def test_a_script_goes_on_too(wscli: Wscli, serve: Callable[[Peer], None]) -> None:
    with hostile(serve) as server:
        flags = ("--api", "v5", "--wait", "800ms", "-o", "json", "--url", server.url)
        ran = wscli("bybit", *flags, stdin="subscribe publicTrade.BTCUSDT -n 80\n")

    assert (ran.status, len(ran.lines)) == (0, 80), ran.err
    assert "but sends its data: the stream continues" in ran.err
