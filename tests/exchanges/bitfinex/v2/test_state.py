"""What our frames of Bitfinex v2 mean, and what is remembered of them: requests, flags, chanIds."""

from __future__ import annotations

from typing import Any

import pytest

from wscli.core.jsontext import parsed
from wscli.core.messages import (
    ActiveSubscription,
    Auth,
    Command,
    Event,
    Kind,
    Ping,
    Request,
    State,
    Subscribe,
    Unsubscribe,
)
from wscli.exchanges.bitfinex.v2.decoder import decode
from wscli.exchanges.bitfinex.v2.state import current_flags, flags_of, learn, request_of, subscription_in, with_flags

TICKER, BOOK = Subscribe("ticker", ("tBTCUSD",)), {"prec": "P0", "freq": "F0", "len": "25"}
FRAMES: list[tuple[str, Any, tuple[Command, ...]]] = [
    # our frame                                                         its key                                          what it means
    ('{"event":"subscribe","channel":"ticker","symbol":"tBTCUSD"}',     ("subscribe", "ticker", "tBTCUSD"),              (TICKER,)),
    ('{"event":"subscribe","channel":"book","symbol":"tBTCUSD","prec":"R0","len":100}', ("subscribe", "book", "tBTCUSD", "R0", "F0", "100"), (Subscribe("book", ("tBTCUSD",), {**BOOK, "prec": "R0", "len": "100"}),)),
    ('{"event":"unsubscribe","chanId":"7"}',                            ("unsubscribe", 7),                              (Unsubscribe(id=7),)),
    ('{"event":"conf","flags":65536}',                                  ("conf", 65536),                                 ()),
    ('{"event":"ping","cid":5}',                                        ("ping", 5),                                     (Ping(),)),
    ('{"event":"ping"}',                                                ("ping", None),                                  (Ping(),)),
    ('{"event":"auth","filter":["a","b"],"dms":4}',                     ("auth",),                                       (Auth(), Subscribe("account", (), {"filter": "a,b", "dms": 4}))),
    ('{"event":"auth","filter":"a"}',                                   ("auth",),                                       (Auth(), Subscribe("account", (), {"filter": "a"}))),
    ('{"event":"unauth"}',                                              ("unauth",),                                     (Unsubscribe("account"),)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "key", "commands"), FRAMES)
def test_a_frame_of_ours_is_read_back(text: str, key: Any, commands: tuple[Command, ...]) -> None:
    assert request_of(parsed(text)) == Request(key, commands)


@pytest.mark.parametrize(
    "text", ['{"event":"subscribe"}', '{"event":"unsubscribe"}', '{"event":"conf","flags":"1"}', '{"event":"x"}', "[0]"]
)
def test_a_frame_that_means_nothing_known_is_no_request(text: str) -> None:
    assert request_of(parsed(text)) is None


SUBSCRIPTIONS: list[tuple[dict[str, Any], Subscribe | None]] = [
    ({"channel": "ticker", "symbol": "BTCUSD"},                             Subscribe("ticker", ("tBTCUSD",))),
    ({"channel": "ticker", "symbol": "fUSD"},                               Subscribe("ticker", ("fUSD",))),
    ({"channel": "ticker", "symbol": "", "key": "k"},                       Subscribe("ticker", ("k",))),
    ({"channel": "ticker", "symbol": 7},                                    Subscribe("ticker")),
    ({"channel": "candles", "key": "trade:1m:fUSD:p30"},                    Subscribe("candles", ("fUSD:p30",), {"timeframe": "1m"})),
    ({"channel": "candles", "key": "BTCUSD"},                               Subscribe("candles", ("tBTCUSD",))),
    ({"channel": "status", "key": "deriv:tBTCF0:USTF0", "subId": 7},        Subscribe("status", ("deriv:tBTCF0:USTF0",), {"subId": "7"})),
    ({"channel": "book", "symbol": "tBTCUSD", "prec": [1]},                 Subscribe("book", ("tBTCUSD",), BOOK)),
    ({"channel": 7},                                                        None),
    ({},                                                                    None),
]  # fmt: skip


@pytest.mark.parametrize(("message", "subscribe"), SUBSCRIPTIONS)
def test_a_subscription_is_read_from_a_message(message: dict[str, Any], subscribe: Subscribe | None) -> None:
    assert subscription_in(message) == subscribe


def test_an_acknowledgement_has_no_defaults_of_its_own() -> None:
    assert subscription_in({"channel": "book", "symbol": "tBTCUSD", "len": "1"}, {}) == Subscribe(
        "book", ("tBTCUSD",), {"len": "1"}
    )


def flagged(flags: str) -> Subscribe:
    return Subscribe("ticker", ("tBTCUSD",), {"flags": flags} if flags else {})


def pending(*requests: tuple[Any, tuple[Command, ...]], active: Subscribe | None = None) -> State:
    return State(
        pending={key: Request(key, commands) for key, commands in requests},
        active={} if active is None else {7: ActiveSubscription(active)},
    )


STATES: list[tuple[State, set[str]]] = [
    (State(),                                                                                  set()),
    (pending(active=flagged("sequence,bulk")),                                                 {"sequence", "bulk"}),
    (pending((("a",), (flagged("sequence"),)), active=flagged("bulk")),                        {"sequence"}),
    (pending((("conf", 32768), ()), (("b",), (Ping(),)), active=flagged("bulk")),              {"timestamp"}),
    (pending((("conf", 32768), ()), (("a",), (flagged(""),))),                                 set()),
    (pending((("a",), (flagged("bulk"),)), (("conf", 0), ())),                                 set()),
]  # fmt: skip


@pytest.mark.parametrize(("state", "flags"), STATES)
def test_the_flags_that_hold_are_those_that_were_requested_last(state: State, flags: set[str]) -> None:
    assert current_flags(state) == flags


def test_flags_are_those_that_are_known_and_of_subscriptions_only() -> None:
    assert flags_of(flagged("sequence,nothing,bulk")) == {"sequence", "bulk"}
    assert flags_of(Ping()) == set()
    assert with_flags(Ping(), frozenset({"bulk"})) == Ping()
    assert with_flags(flagged("bulk"), frozenset()) == flagged("")
    assert with_flags(flagged("bulk"), frozenset({"bulk", "timestamp"})) == flagged("timestamp,bulk")
    assert with_flags(flagged("bulk"), frozenset({"bulk"})) == flagged("bulk")


def test_equal_requests_wait_side_by_side_with_the_flags_that_hold() -> None:
    state = learn(State(), parsed('{"event":"conf","flags":65536}'))
    for _ in range(3):
        state = learn(state, parsed('{"event":"subscribe","channel":"ticker","symbol":"tBTCUSD"}'))
    state = learn(state, parsed('{"event":"x"}'))
    name = ("subscribe", "ticker", "tBTCUSD")

    assert [*state.pending] == [("conf", 65536), name, (*name, "#2"), (*name, "#3")]
    assert state.pending[name].commands == (flagged("sequence"),)
    assert learn(state, parsed('{"event":"ping","cid":1}')).pending["ping", 1].commands == (Ping(),)


def test_confirmed_flags_are_those_of_everything_that_is_open_or_asked_for() -> None:
    before = pending((("conf", 65536), ()), (("a",), (flagged(""), Ping())), active=flagged("bulk"))
    granted = decode({"event": "conf", "status": "OK", "flags": 65536}, before)
    rejected = decode({"event": "conf", "status": "FAILED", "flags": 65536}, before)
    after = learn(before, granted)

    assert after.pending["a",].commands == (flagged("sequence"), Ping())
    assert after.active[7].subscribe == flagged("sequence")
    assert learn(before, rejected).active[7].subscribe == flagged("bulk")


def test_a_checksum_does_not_begin_a_book() -> None:
    book = State(active={7: ActiveSubscription(Subscribe("book", ("tBTCUSD",), BOOK))})
    checksum, level = (decode(parsed(text), book) for text in ('[7,"cs",5]', "[7,[1,2,3]]"))

    assert learn(book, checksum) is book
    assert learn(book, level).active[7].has_data


def test_a_channel_is_opened_and_ended_by_acknowledgements_that_nobody_here_asked_for() -> None:
    opened = decode({"event": "subscribed", "channel": "ticker", "chanId": 7, "symbol": "tBTCUSD"}, State())
    state = learn(State(), opened)
    ended = decode({"event": "unsubscribed", "status": "OK", "chanId": 7}, state)

    assert state.active[7].subscribe == TICKER
    assert learn(state, ended).active == {}
    assert learn(state, Event(Kind.ACK, {})) == state
