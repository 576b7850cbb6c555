"""Which request an answer of Bitfinex answers, where no frame carries an id."""

from __future__ import annotations

from typing import Any

import pytest

from wscli.core.errors import UsageError
from wscli.core.jsontext import Json, parsed
from wscli.core.messages import ActiveSubscription, Event, Kind, Ping, Request, State, Subscribe, Unsubscribe
from wscli.exchanges.bitfinex.answers import (
    MAX_CHANNELS,
    ChannelIds,
    code_of,
    merged,
    rejection,
    subscribe_ack,
    text_or_none,
    unsubscribe_ack,
    verbs_of_code,
    with_ack_applied,
    without_duplicates,
)

BTC, ETH = Subscribe("ticker", ("BTCUSD",)), Subscribe("ticker", ("ETHUSD",))
P0, P1 = (Subscribe("book", ("BTCUSD",), {"prec": prec, "freq": "F0", "len": "25"}) for prec in ("P0", "P1"))


def key(subscribe: Subscribe, *more: str) -> Any:
    return ("subscribe", subscribe.channel, *subscribe.symbols, *subscribe.params.values(), *more)


STATE = State(
    pending={
        key(P1): Request(key(P1), (P1,)),
        key(P0): Request(key(P0), (P0,)),
        key(BTC): Request(key(BTC), (BTC,)),
        ("unsubscribe", 7): Request(("unsubscribe", 7), (Unsubscribe(id=7),)),
        ("unsubscribe", 8): Request(("unsubscribe", 8), (Unsubscribe(id=8),)),
        ("ping",): Request(("ping",), (Ping(),)),
    },
    active={7: ActiveSubscription(ETH), 8: ActiveSubscription(P0)},
)
ACKS: list[tuple[str, Any, Subscribe]] = [
    # what is acknowledged                                                   the request it answers   what is open
    ('{"channel":"ticker","chanId":3,"pair":"BTCUSD"}',                      key(BTC),                BTC),
    ('{"channel":"ticker","chanId":"3"}',                                    key(BTC),                BTC),
    ('{"channel":"ticker","chanId":3,"pair":"LTCUSD"}',                      None,                    Subscribe("ticker", ("LTCUSD",))),
    ('{"channel":"book","chanId":3,"pair":"BTCUSD"}',                        key(P1),                 P1),
    ('{"channel":"book","chanId":3,"pair":"BTCUSD","prec":"P0"}',            key(P0),                 P0),
    ('{"channel":"book","chanId":3,"pair":"BTCUSD","prec":"P0","freq":"F0","len":"25"}', key(P0),     P0),
    ('{"channel":"book","chanId":3,"symbol":"BTCUSD","prec":"P3"}',          key(P1),                 Subscribe("book", ("BTCUSD",), {"prec": "P3", "freq": "F0", "len": "25"})),
]  # fmt: skip


@pytest.mark.parametrize(("text", "request_", "opened"), ACKS)
def test_an_acknowledgement_answers_what_it_repeats(text: str, request_: Any, opened: Subscribe) -> None:
    event = subscribe_ack(parsed(text), STATE)

    assert (event.kind, event.request_id, event.topic, event.subscription) == (Kind.ACK, request_, 3, opened)
    assert (event.channel, event.symbols) == (opened.channel, opened.symbols)


@pytest.mark.parametrize("text", ['{"chanId":3}', '{"channel":"ticker","chanId":"x"}', '{"channel":7,"chanId":3}'])
def test_an_acknowledgement_of_nothing_is_unknown(text: str) -> None:
    assert subscribe_ack(parsed(text), STATE).kind is Kind.UNKNOWN


ENDS: list[tuple[Json, Any, str | None, Any]] = [
    # chanId   the request              the channel   its number
    (8,        ("unsubscribe", 8),      "book",       8),
    ("7",      ("unsubscribe", 7),      "ticker",     7),
    (9,        None,                    None,         9),
    ("x",      None,                    None,         None),
]  # fmt: skip


@pytest.mark.parametrize(("chan_id", "request_", "channel", "topic"), ENDS)
def test_the_end_of_a_channel_answers_the_request_with_its_number(
    chan_id: Json, request_: Any, channel: str | None, topic: Any
) -> None:
    event = unsubscribe_ack({"chanId": chan_id}, STATE)

    assert (event.request_id, event.channel, event.topic) == (request_, channel, topic)


REJECTIONS: list[tuple[str, Any, str | None, Any]] = [
    # the rejection                                                                   the request              the channel   the code
    ('{"event":"error","code":10300,"msg":"no"}',                                     key(P1),                 "book",       10300),
    ('{"event":"error","code":"10300","channel":"ticker","pair":"BTCUSD"}',           key(BTC),                "ticker",     10300),
    ('{"event":"error","code":10300,"channel":"ticker","pair":"LTCUSD"}',             None,                    "ticker",     10300),
    ('{"event":"error","code":10001}',                                                key(P1),                 "book",       10001),
    ('{"event":"error","code":10400}',                                                ("unsubscribe", 7),      "ticker",     10400),
    ('{"event":"error","code":10400,"chanId":8}',                                     ("unsubscribe", 8),      "book",       10400),
    ('{"event":"error","code":10100}',                                                None,                    None,         10100),
    ('{"event":"error","code":20000}',                                                key(P1),                 "book",       20000),
    ('{"event":"error","code":"E1"}',                                                 key(P1),                 "book",       "E1"),
    ('{"event":"error"}',                                                             key(P1),                 "book",       None),
    ('{"event":"unsubscribed","status":"FAILED","chanId":8}',                         ("unsubscribe", 8),      "book",       None),
    ('{"event":"auth","status":"FAILED"}',                                            None,                    None,         None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "request_", "channel", "code"), REJECTIONS)
def test_a_rejection_is_of_what_it_repeats_or_its_code_can_answer_or_the_oldest(
    text: str, request_: Any, channel: str | None, code: Any
) -> None:
    event = rejection(parsed(text), STATE)

    assert (event.kind, event.request_id, event.channel, event.code) == (Kind.ERROR, request_, channel, code)


def test_a_dup_rejects_the_second_of_two_equals() -> None:
    twice = State(pending={key(BTC): Request(key(BTC), (BTC,)), key(BTC, "#2"): Request(key(BTC, "#2"), (BTC,))})
    is_open = State(pending={key(BTC): Request(key(BTC), (BTC,))}, active={3: ActiveSubscription(BTC)})
    dup = parsed('{"event":"error","code":10301,"channel":"ticker","pair":"BTCUSD"}')

    assert rejection(dup, twice).request_id == key(BTC, "#2")
    assert rejection(dup, is_open).request_id == key(BTC)
    assert rejection({**dup, "code": 10300}, twice).request_id == key(BTC)


CODES: list[tuple[Any, list[str]]] = [
    (10001, ["subscribe"]), (10011, ["subscribe"]), (10012, ["subscribe"]), (10100, ["auth"]), (10199, ["auth"]),
    (10200, ["unauth"]), (10300, ["subscribe"]), (10400, ["unsubscribe"]), (10500, []), (10002, []), ("10300", []), (None, []),
]  # fmt: skip


@pytest.mark.parametrize(("code", "verbs"), CODES)
def test_a_code_answers_its_verb(code: Any, verbs: list[str]) -> None:
    assert verbs_of_code(code) == verbs


def test_a_code_is_a_number_or_its_digits_or_a_text() -> None:
    assert [code_of({"code": code}) for code in (5, "05", "x", True, None, [1])] == [5, 5, "x", "true", None, None]
    assert [text_or_none(value) for value in ("a", 1, 1.5, None, [])] == ["a", "1", "1.5", None, None]


MERGED: list[tuple[Subscribe | None, Subscribe, tuple[str, ...]]] = [
    # what the number stood for                    what is acknowledged       its symbols
    (None,                                         BTC,                       ("BTCUSD",)),
    (ETH,                                          BTC,                       ("ETHUSD", "BTCUSD")),
    (BTC,                                          BTC,                       ("BTCUSD",)),
    (P0,                                           BTC,                       ("BTCUSD",)),
    (P1,                                           P0,                        ("BTCUSD",)),
    (Subscribe("ticker", ("X",), {"flags": "a"}),  BTC,                       ("X", "BTCUSD")),
]  # fmt: skip


@pytest.mark.parametrize(("before", "now", "symbols"), MERGED)
def test_one_number_for_two_symbols_of_a_channel_stands_for_both(
    before: Subscribe | None, now: Subscribe, symbols: tuple[str, ...]
) -> None:
    found = merged(ActiveSubscription(before) if before is not None else None, now)

    assert (found.channel, found.params, found.symbols) == (now.channel, now.params, symbols)


def acknowledged(number: int, subscribe: Subscribe | None) -> Event:
    return Event(Kind.ACK, {}, topic=number, subscription=subscribe)


def test_of_channels_that_nobody_asked_for_the_oldest_goes_where_there_are_too_many() -> None:
    state = State()
    for number in range(MAX_CHANNELS + 1):
        state = with_ack_applied(state, acknowledged(number, BTC), None, is_our_request=False)
    asked = State(active=dict.fromkeys(range(MAX_CHANNELS), ActiveSubscription(BTC)))

    assert [*state.active] == [*range(1, MAX_CHANNELS + 1)]
    assert [*state.unrequested] == [*range(1, MAX_CHANNELS + 1)]
    assert state.requested == []
    assert with_ack_applied(asked, acknowledged(99, BTC), None, is_our_request=False) is asked
    assert 99 in with_ack_applied(asked, acknowledged(99, BTC), None, is_our_request=True).active


def test_a_channel_that_was_asked_for_stays_wished_when_its_number_is_given_again() -> None:
    state = State(active={3: ActiveSubscription(ETH)})
    after = with_ack_applied(state, acknowledged(3, BTC), state.active[3], is_our_request=False)

    assert after.active[3].subscribe.symbols == ("ETHUSD", "BTCUSD")
    assert after.requested == [ETH]
    assert with_ack_applied(after, acknowledged(3, None), after.active[3], is_our_request=False) == State()


NAMED: list[tuple[Unsubscribe, list[int] | None]] = [
    (Unsubscribe(id=5),                            [5]),
    (Unsubscribe(id=0),                            [0]),
    (Unsubscribe("ticker", ("ETHUSD",)),           [7]),
    (Unsubscribe("ticker"),                        [7, 9]),
    (Unsubscribe("book", ("BTCUSD",)),             [8]),
    (Unsubscribe("ticker", ("LTCUSD",)),           None),
    (Unsubscribe("ticker", ("ETHUSD", "LTCUSD")),  None),
    (Unsubscribe("candles"),                       None),
]  # fmt: skip


@pytest.mark.parametrize(("end", "numbers"), NAMED)
def test_an_unsubscribe_by_name_is_of_the_numbers_that_are_known(end: Unsubscribe, numbers: list[int] | None) -> None:
    three = State(active={**STATE.active, 9: ActiveSubscription(BTC), "x": ActiveSubscription(BTC)})
    if numbers is not None:
        assert ChannelIds(three)(end) == numbers
        return
    with_numbers = ChannelIds(three)
    with pytest.raises(UsageError, match=r"which is not known for (ticker LTCUSD|candles)$"):
        with_numbers(end)


def test_equal_frames_are_sent_once_in_their_order() -> None:
    assert without_duplicates([{"a": 1}, {"b": 1}, {"a": 1}]) == ({"a": 1}, {"b": 1})
