"""What a received message of Bitfinex v2 is, as a table: its kind, channel and symbols, and the request that it answers."""

from __future__ import annotations

from typing import Any

import pytest

from wscli.core.jsontext import Json, parsed
from wscli.core.messages import ActiveSubscription, Auth, Kind, Ping, Request, State, Subscribe
from wscli.exchanges.bitfinex.v2.decoder import decode, greeting, matching_conf, rejected_flags

U, S, H, N = Kind.UPDATE, Kind.SNAPSHOT, Kind.HEARTBEAT, Kind.UNKNOWN
CHANNELS = {7: "ticker", 8: "trades", 9: "book", 10: "candles", 11: "status"}


def state(*, begun: bool = False, **pending: Any) -> State:
    active = {
        number: ActiveSubscription(Subscribe(name, ("tBTCUSD",)), has_data=begun) for number, name in CHANNELS.items()
    }
    return State(active=active, pending=pending)


TEN = "1,2,3,4,5,6,7,8,9,10"
ARRAYS = [
    # the message                                first?  kind  channel     symbols?
    (f"[7,[{TEN}]]",                             True,   S,    "ticker",   True),
    (f"[7,[{TEN}]]",                             False,  U,    "ticker",   True),
    ("[7,[1,2,3,4,5,6,null]]",                   True,   S,    "ticker",   True),
    ("[7,[1,2,3,4,5,6]]",                        True,   N,    "ticker",   True),
    ('[7,[1,2,3,4,5,6,"7"]]',                    True,   N,    "ticker",   True),
    ("[7,[1,2,3,4,5,6,true]]",                   True,   N,    "ticker",   True),
    ('[7,"hb"]',                                 True,   H,    "ticker",   True),
    ('[7,"cs",5]',                               True,   N,    "ticker",   True),
    ("[8,[[1,2,3,4]]]",                          True,   S,    "trades",   True),
    ("[8,[[1,2,3,4]]]",                          False,  S,    "trades",   True),
    ("[8,[]]",                                   True,   S,    "trades",   True),
    ("[8,[1,2,3,4]]",                            True,   N,    "trades",   True),
    ('[8,"te",[1,2,3,4]]',                       True,   U,    "trades",   True),
    ('[8,"ftu",[1,2,3,4,5]]',                    True,   U,    "trades",   True),
    ('[8,"te",[1,2,3]]',                         True,   N,    "trades",   True),
    ('[8,"tx",[1,2,3,4]]',                       True,   N,    "trades",   True),
    ("[9,[[1,2,3]]]",                            True,   S,    "book",     True),
    ("[9,[[1,2,3]]]",                            False,  U,    "book",     True),
    ("[9,[1,2,3]]",                              True,   U,    "book",     True),
    ("[9,[1,2,3,4]]",                            True,   U,    "book",     True),
    ('[9,[1,2,"3"]]',                            True,   N,    "book",     True),
    ('[9,[1,2,3,"4"]]',                          True,   U,    "book",     True),
    ("[9,[1,2]]",                                True,   N,    "book",     True),
    ('[9,"cs",-5]',                              True,   U,    "book",     True),
    ('[9,"cs","5"]',                             True,   N,    "book",     True),
    ('[9,"te",[1,2,3,4]]',                       True,   N,    "book",     True),
    ("[10,[[1,2,3,4,5,6]]]",                     True,   S,    "candles",  True),
    ("[10,[1,2,3,4,5,6]]",                       True,   U,    "candles",  True),
    ('[10,[1,2,3,4,5,"6"]]',                     True,   U,    "candles",  True),
    ('[10,[1,2,3,4,"5"]]',                       True,   N,    "candles",  True),
    ("[10,[1,2,3,4]]",                           True,   N,    "candles",  True),
    ("[11,[1700000000000,null]]",                True,   S,    "status",   True),
    ("[11,[1700000000000,null]]",                False,  U,    "status",   True),
    ('[11,[["pos",1],["pos",2]]]',               True,   U,    "status",   True),
    ('[11,["pos",1]]',                           True,   U,    "status",   True),
    ('[11,["neg",1]]',                           True,   N,    "status",   True),
    ("[11,[]]",                                  True,   U,    "status",   True),
    ('[99,"hb"]',                                True,   H,    None,       False),
    ('[99,"tu",[1,2,3,4]]',                      True,   U,    "trades",   False),
    ("[99,[1,2,3]]",                             True,   N,    None,       False),
    ("[true,[1,2,3]]",                           True,   N,    None,       False),
    ("[1.0,[1,2,3]]",                            True,   N,    None,       False),
    ('["7",[1,2,3]]',                            True,   N,    None,       False),
    ("[]",                                       True,   N,    None,       False),
    ("7",                                        True,   N,    None,       False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "first", "kind", "channel", "has_symbols"), ARRAYS)
def test_an_array_is_known_by_its_channel_and_shape(
    text: str, first: bool, kind: Kind, channel: str | None, has_symbols: bool
) -> None:
    payload = parsed(text)
    event = decode(payload, state(begun=not first))
    is_open = isinstance(payload, list) and payload[:1] != [] and payload[0] in CHANNELS and payload[0] is not True

    assert (event.kind, event.channel) == (kind, channel)
    assert event.symbols == (("tBTCUSD",) if has_symbols else ())
    assert event.topic == (payload[0] if is_open else None)
    assert (event.subscription is not None) is is_open


ACCOUNT: list[tuple[str, Kind, tuple[str, ...]]] = [
    ('[0,"hb"]',                           H,  ()),
    ('[0,"ps",[["tBTCUSD"],["tETHUSD"]]]', S,  ("tBTCUSD", "tETHUSD")),
    ('[0,"pu",["tBTCUSD"],5,6]',           U,  ("tBTCUSD",)),
    ('[0,"ps",["tBTCUSD"]]',               N,  ()),
    ('[0,"pu",[["tBTCUSD"]]]',             N,  ()),
    ('[0,"zz",["tBTCUSD"]]',               N,  ()),
    ('[0,"pu","tBTCUSD"]',                 N,  ()),
    ("[0]",                                N,  ()),
]  # fmt: skip


@pytest.mark.parametrize("logged_in", [True, False])
@pytest.mark.parametrize(("text", "kind", "symbols"), ACCOUNT)
def test_channel_0_is_the_account(text: str, kind: Kind, symbols: tuple[str, ...], logged_in: bool) -> None:
    account = ActiveSubscription(Subscribe("account"))
    event = decode(parsed(text), State(active={0: account} if logged_in else {}))

    assert (event.kind, event.channel, event.symbols) == (kind, "account", symbols)
    assert (event.topic, event.subscription) == ((0, account.subscribe) if logged_in else (None, None))


PINGS = State(pending={("ping", 5): Request(("ping", 5), (Ping(),)), ("ping", 6): Request(("ping", 6), (Ping(),))})
CONFS = State(
    pending={("conf", 1, "a"): Request(("conf", 1, "a"), ()), ("conf", 65536, "b"): Request(("conf", 65536, "b"), ())}
)
LOGIN = State(pending={("auth",): Request(("auth",), (Auth(), Subscribe("account", (), {"filter": "wallet"})))})
CONTROLS: list[tuple[State, str, Kind, str | None, Any]] = [
    # the state, the message                                        kind          the reason               the request it answers
    (State(), '{"event":"info","version":2}',                       Kind.STATUS,  "version 2",             None),
    (State(), '{"event":"info","code":20051,"msg":"Stopping"}',     Kind.STATUS,  "Stopping",              None),
    (PINGS,   '{"event":"pong","cid":6}',                           Kind.PONG,    None,                    ("ping", 6)),
    (PINGS,   '{"event":"pong","cid":9}',                           Kind.PONG,    None,                    ("ping", 5)),
    (PINGS,   '{"event":"pong"}',                                   Kind.PONG,    None,                    ("ping", 5)),
    (State(), '{"event":"pong"}',                                   Kind.PONG,    None,                    None),
    (CONFS,   '{"event":"conf","status":"OK","flags":65536}',       Kind.ACK,     "conf",                  ("conf", 65536, "b")),
    (CONFS,   '{"event":"conf","status":"OK"}',                     Kind.ACK,     "conf",                  ("conf", 1, "a")),
    (CONFS,   '{"event":"conf","status":"FAILED","msg":"no"}',      Kind.ERROR,   "no",                    ("conf", 1, "a")),
    (CONFS,   '{"event":"conf","status":"FAILED"}',                 Kind.ERROR,   "FAILED",                ("conf", 1, "a")),
    (LOGIN,   '{"event":"auth","status":"OK"}',                     Kind.ACK,     "auth",                  ("auth",)),
    (State(), '{"event":"unauth","status":"OK"}',                   Kind.ACK,     "unauth",                None),
    (State(), '{"event":"sing"}',                                   Kind.UNKNOWN, None,                    None),
    (State(), "{}",                                                 Kind.UNKNOWN, None,                    None),
]  # fmt: skip


@pytest.mark.parametrize(("before", "text", "kind", "reason", "request_id"), CONTROLS)
def test_an_object_is_known_by_its_event(
    before: State, text: str, kind: Kind, reason: str | None, request_id: Any
) -> None:
    event = decode(parsed(text), before)

    assert (event.kind, event.reason, event.request_id) == (kind, reason, request_id)


def test_a_login_opens_the_account_as_it_was_asked_for_and_its_end_opens_nothing() -> None:
    granted = decode({"event": "auth", "status": "OK"}, LOGIN)
    unasked = decode({"event": "auth", "status": "OK"}, State())
    ended = decode({"event": "unauth", "status": "OK"}, State())

    assert granted.subscription == Subscribe("account", (), {"filter": "wallet"})
    assert unasked.subscription == Subscribe("account")
    assert (granted.topic, ended.topic, ended.subscription) == (0, 0, None)


FLAGS: list[tuple[Json, Any, list[str]]] = [
    # granted     the request              not granted
    (65536,       ("conf", 65536),         []),
    (0,           ("conf", 65536),         ["sequence"]),
    (131072,      ("conf", 196608),        ["sequence"]),
    (0,           ("conf", 0),             []),
    (None,        ("conf", 65536),         []),
    ("65536",     ("conf", 65536),         []),
    (0,           ("ping", 65536),         []),
    (0,           None,                    []),
]  # fmt: skip


@pytest.mark.parametrize(("granted", "request_", "rejected"), FLAGS)
def test_flags_that_an_answer_does_not_repeat_were_not_granted(
    granted: Json, request_: Any, rejected: list[str]
) -> None:
    assert rejected_flags({"flags": granted}, request_) == rejected


def test_without_a_conf_under_way_an_answer_is_of_none() -> None:
    assert matching_conf({"flags": 1}, State()) is None


GREETINGS: list[tuple[dict[str, Json], str | None]] = [
    ({"version": 2},                                  "version 2"),
    ({"version": 2.5, "platform": {"status": 1}},     "version 2.5"),
    ({"version": 3},                                  "version 3, wscli supports version 2"),
    ({"version": 1.9},                                "version 1.9, wscli supports version 2"),
    ({"version": "2"},                                "version 2, wscli supports version 2"),
    ({"version": 2, "platform": {"status": 0}},       "version 2, maintenance"),
    ({"platform": {"status": "0"}},                   "maintenance"),
    ({"platform": [0]},                               None),
    ({},                                              None),
]  # fmt: skip


@pytest.mark.parametrize(("payload", "text"), GREETINGS)
def test_a_greeting_in_a_few_words(payload: dict[str, Json], text: str | None) -> None:
    assert greeting(payload) == text
