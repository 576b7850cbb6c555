"""Bitfinex v1.1, where a table says more than a transcript."""

import re
from collections.abc import Iterator
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wscli.commands.parser import needs_login, parse
from wscli.core.dialect import Endpoint
from wscli.core.errors import CredentialsError, Rejected, UsageError
from wscli.core.jsontext import Json, Secret, parsed, written
from wscli.core.messages import (
    ActiveSubscription,
    Auth,
    Credentials,
    Event,
    Kind,
    LoginResult,
    Ping,
    Request,
    RequestContext,
    State,
    Subscribe,
    Unsubscribe,
)
from wscli.exchanges.bitfinex.v1.catalogue import ACCOUNT_LAYOUTS, CHANNELS, CODES, SIGN_INDEX, SYMBOL_INDEX, TAGS
from wscli.exchanges.bitfinex.v1.dialect import (
    BITFINEX,
    decode,
    encode,
    frame,
    learn,
    login,
    request_of,
    subscription_key,
)
from wscli.output.rows import rows_of

HERE = Endpoint("wss://api.bitfinex.com/ws/1")
NOW_NS = 1_700_000_000_000_000_000
BOOK = Subscribe("book", ("ETHUSD",), {"prec": "P0", "freq": "F0", "len": "25"})
RAW = Subscribe("book", ("ETHUSD",), {"prec": "R0", "freq": "F0", "len": "25"})
TRADES = Subscribe("trades", ("ETHUSD",))
OPEN = State(
    active={
        0: ActiveSubscription(Subscribe("account")),
        17: ActiveSubscription(Subscribe("ticker", ("ETHUSD",))),
        33: ActiveSubscription(TRADES),
        41: ActiveSubscription(BOOK),
        61: ActiveSubscription(RAW),
    }
)


def stamp(now_ns: int = NOW_NS, ids: Iterator[int] | None = None) -> RequestContext:
    return RequestContext(now_ns, ids or count(1), lambda: UUID(int=1))


def decoded(text: str, state: State = OPEN) -> Event:
    return decode(parsed(text), state)


def after(*messages: Json, state: State | None = None) -> State:
    state = state or State()
    for sent in messages:
        state = learn(state, sent)
    return state


# --- the login -----------------------------------------------------------------------------------

SIGNATURE = "d29807f2869bb7de6fa75f6856baebf19da266c223e22d904e69e4dd6711c714cd445e182b701d1aa4cfc7d27f93c308"
DEMO = Credentials(Secret("demo-key"), Secret("demo-secret"))


def test_the_login_is_signed_as_documented() -> None:
    frame = next(login(DEMO, stamp(), HERE))

    assert written(frame, masked=False) == (
        '{"event":"auth","apiKey":"demo-key","authPayload":"AUTH1700000000000000",'
        f'"authSig":"{SIGNATURE}","authNonce":"1700000000000000"}}'
    )
    for shown in (repr(frame), written(frame), repr(request_of(frame)), repr(learn(State(), frame))):
        assert "demo-key" not in shown
        assert SIGNATURE not in shown


def test_nonces_rise_even_within_one_microsecond() -> None:
    ids = count(1)
    nonces = [int(next(login(DEMO, stamp(now, ids), HERE))["authNonce"]) for now in (NOW_NS, NOW_NS, NOW_NS + 999, NOW_NS + 1000)]  # fmt: skip

    assert nonces[0] == 1_700_000_000_000_000
    assert nonces == sorted(set(nonces))


def test_only_ok_is_a_grant() -> None:
    steps = login(DEMO, stamp(), HERE)
    frame = next(steps)
    with pytest.raises(StopIteration) as done:
        steps.send(decode(parsed('{"event":"auth","status":"OK","chanId":0,"userId":4242}'), after(frame)))

    assert done.value.value == LoginResult()


@pytest.mark.parametrize("status", ["FAILED", "FAIL", "fail", "ok", None, 7])
def test_any_other_status_is_a_refusal_in_the_words_of_the_exchange(status: Json) -> None:
    steps = login(DEMO, stamp(), HERE)
    event = decode({"event": "auth", "status": status, "chanId": 0, "code": 10100, "msg": "apikey: invalid"}, after(next(steps)))  # fmt: skip

    assert (event.kind, event.code, event.request_id) == (Kind.ERROR, 10100, ("auth",))
    with pytest.raises(Rejected, match="apikey: invalid"):
        steps.send(event)


@pytest.mark.parametrize("credentials", [Credentials(), Credentials(Secret("k")), Credentials(secret=Secret("s"))])
def test_a_login_without_a_key_or_a_secret_says_which_variables_to_set(credentials: Credentials) -> None:
    with pytest.raises(CredentialsError) as refused:
        next(login(credentials, stamp(), HERE))

    assert "WSCLI_BITFINEX_SECRET" in str(refused.value.hint)


def test_the_login_opens_the_account_and_unauth_ends_it() -> None:
    state = after({"event": "auth", "apiKey": Secret("k")})
    state = learn(state, decode({"event": "auth", "status": "OK", "chanId": 0}, state))

    assert state.active == {0: ActiveSubscription(Subscribe("account"))}
    assert not state.pending

    state = after({"event": "unauth"}, state=state)
    state = learn(state, decode({"event": "unauth", "status": "OK", "chanId": 0}, state))

    assert state == State()


def test_the_account_needs_a_login_and_no_frame() -> None:
    commands = parse(BITFINEX, "subscribe", ["account"])

    assert needs_login(BITFINEX, commands)
    assert encode(commands, State(), stamp()) == ()


# --- what we say ---------------------------------------------------------------------------------

SENT = [
    ("subscribe book ETHUSD prec=P1", '{"event":"subscribe","channel":"book","pair":"ETHUSD","prec":"P1","freq":"F0","len":"25"}'),
    ("subscribe book len=100 ETHUSD freq=F1", '{"event":"subscribe","channel":"book","pair":"ETHUSD","prec":"P0","freq":"F1","len":"100"}'),
    ("subscribe book ETHUSD prec=R0", '{"event":"subscribe","channel":"book","pair":"ETHUSD","prec":"R0","len":"25"}'),
    ("subscribe ticker ETHUSD", '{"event":"subscribe","channel":"ticker","pair":"ETHUSD"}'),
    ("subscribe trades ETHUSD", '{"event":"subscribe","channel":"trades","pair":"ETHUSD"}'),
    ("unsubscribe 4021", '{"event":"unsubscribe","chanId":4021}'),
    ("unsubscribe trades ETHUSD", '{"event":"unsubscribe","chanId":33}'),
    ("unsubscribe book ETHUSD prec=R0", '{"event":"unsubscribe","chanId":61}'),
    ("unsubscribe book", '{"event":"unsubscribe","chanId":41} {"event":"unsubscribe","chanId":61}'),
    ("unsubscribe book book ETHUSD", '{"event":"unsubscribe","chanId":41} {"event":"unsubscribe","chanId":61}'),
    ("unsubscribe account", '{"event":"unauth"}'),
    ("ping", '{"event":"ping"}'),
]  # fmt: skip


@pytest.mark.parametrize(("line", "frames"), SENT)
def test_what_goes_out(line: str, frames: str) -> None:
    verb, *words = line.split()
    wires = encode(parse(BITFINEX, verb, words), OPEN, stamp())

    assert " ".join(written(frame, masked=False) for frame in wires) == frames
    assert all(request_of(parsed(written(frame))) == request_of(frame) is not None for frame in wires)


@pytest.mark.parametrize("line", ["trades BTCUSD", "trades ETHUSD BTCUSD", "book ETHUSD prec=P3", "ticker BTCUSD"])
def test_an_unsubscribe_of_what_is_not_open_asks_for_the_number(line: str) -> None:
    commands = parse(BITFINEX, "unsubscribe", line.split())
    with pytest.raises(UsageError) as refused:
        encode(commands, OPEN, stamp())

    assert refused.value.status == 2
    assert "wscli bitfinex unsubscribe 17" in str(refused.value.hint)


FULL = ("subscribe", "book", "ETHUSD", "P0", "F0", "25")
READ = [
    # frames of our own and of other spellings                                       key, commands
    ({"event": "subscribe", "channel": "book", "pair": "ETHUSD"},                     Request(FULL, (BOOK,))),
    ({"event": "subscribe", "channel": "book", "symbol": "ETHUSD", "len": 25},        Request(FULL, (BOOK,))),
    ({"channel": "book", "len": "25", "pair": "ETHUSD", "event": "subscribe", "x": 1}, Request(FULL, (BOOK,))),
    ({"event": "subscribe", "channel": "book", "pair": None, "symbol": "ETHUSD", "prec": None}, Request(FULL, (BOOK,))),
    (frame(RAW),                                                       Request((*FULL[:3], "R0", "F0", "25"), (RAW,))),
    (frame(TRADES),                                                    Request(("subscribe", "trades", "ETHUSD"), (TRADES,))),
    ({"event": "subscribe", "channel": "ticker", "pair": ""},          Request(("subscribe", "ticker"), (Subscribe("ticker"),))),
    ({"event": "subscribe", "channel": "ticker"},                      Request(("subscribe", "ticker"), (Subscribe("ticker"),))),
    ({"event": "unsubscribe", "chanId": "17"},                         Request(("unsubscribe", 17), (Unsubscribe(id=17),))),
    ({"event": "auth"},                                                Request(("auth",), (Auth(), Subscribe("account")))),
    ({"event": "unauth"},                                              Request(("unauth",), (Unsubscribe("account"),))),
    ({"event": "ping", "cid": 5},                                      Request(("ping",), (Ping(),))),
    ({"event": "conf", "flags": 8},                                    None),
    ({"event": "unsubscribe", "chanId": "9" * 5000},                   None),
    ({"event": "subscribe", "channel": ["book"]},                      None),
    ({},                                                               None),
]  # fmt: skip


@pytest.mark.parametrize(("wire", "meaning"), READ)
def test_our_own_frames_are_read_back(wire: dict[str, Json], meaning: Request | None) -> None:
    assert request_of(wire) == meaning


# --- answers without a request id ----------------------------------------------------------------

P1 = Subscribe("book", ("ETHUSD",), {"prec": "P1", "freq": "F0", "len": "25"})
WAITING = after(
    {"event": "ping"}, frame(BOOK), frame(P1), frame(TRADES), *({"event": "unsubscribe", "chanId": n} for n in (60, 61))
)
K_BOOK, K_P1, K_TRADES = FULL, (*FULL[:3], "P1", "F0", "25"), ("subscribe", "trades", "ETHUSD")
TIED = [
    # what comes in                                                                          the request it answers
    ('{"event":"subscribed","channel":"book","chanId":1}',                                   K_BOOK),
    ('{"event":"subscribed","channel":"book","chanId":1,"prec":"P1"}',                       K_P1),
    ('{"event":"subscribed","channel":"book","chanId":1,"pair":"ETHUSD","prec":"P1","len":25}', K_P1),
    ('{"event":"subscribed","channel":"book","chanId":1,"pair":"ETHUSD","prec":"P9"}',       K_BOOK),
    ('{"event":"subscribed","channel":"book","chanId":1,"pair":"LTCUSD"}',                   None),
    ('{"event":"subscribed","channel":"ticker","chanId":1,"pair":"ETHUSD"}',                 None),
    ('{"event":"error","code":10300,"msg":"x","channel":"trades","pair":"ETHUSD"}',          K_TRADES),
    ('{"event":"error","code":10000,"msg":"x","channel":"book","prec":"P1"}',                K_P1),
    ('{"event":"error","code":10300,"msg":"x","channel":"trades","pair":"LTCUSD"}',          None),
    ('{"event":"error","code":10001,"msg":"x"}',                                             K_BOOK),
    ('{"event":"error","code":10011,"msg":"x"}',                                             K_BOOK),
    ('{"event":"error","code":"10012","msg":"x"}',                                           K_BOOK),
    ('{"event":"error","code":10305,"msg":"x"}',                                             K_BOOK),
    ('{"event":"error","code":10400,"msg":"x"}',                                             ("unsubscribe", 60)),
    ('{"event":"error","code":10401,"msg":"x","chanId":61}',                                 ("unsubscribe", 61)),
    ('{"event":"error","code":10100,"msg":"x"}',                                             None),
    ('{"event":"error","code":10201,"status":"FAILED","chanId":0}',                          None),
    ('{"event":"error","code":10000,"msg":"x"}',                                             ("ping",)),
    ('{"event":"error","msg":"x"}',                                                          ("ping",)),
    ('{"event":"unsubscribed","status":"FAILED","chanId":61}',                               ("unsubscribe", 61)),
    ('{"event":"error","code":10301,"msg":"x","chanId":33}',                                 K_BOOK),
    ('{"event":"unsubscribed","status":"OK","chanId":61}',                                   ("unsubscribe", 61)),
    ('{"event":"unsubscribed","status":"OK","chanId":62}',                                   None),
    ('{"event":"pong","ts":1}',                                                              ("ping",)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "request_id"), TIED)
def test_an_answer_finds_its_request(text: str, request_id: Any) -> None:
    assert decoded(text, WAITING).request_id == request_id


@pytest.mark.parametrize(
    ("text", "request_id", "channel"),
    [
        ('{"event":"error","code":10102,"msg":"x"}', ("auth",), "account"),
        ('{"event":"error","code":10201,"msg":"x"}', ("unauth",), "account"),
        ('{"event":"error","code":10400,"msg":"x","channel":"trades","pair":"ETHUSD"}', ("unsubscribe", 60), "trades"),
        ('{"event":"unsubscribed","status":"FAILED","chanId":61}', ("unsubscribe", 61), "book"),
        ('{"event":"error","code":10300,"msg":"x","channel":"trades","pair":"LTCUSD"}', None, "trades"),
        ('{"event":"error","code":10301,"msg":"x","channel":"ticker","pair":"LTCUSD"}', None, "ticker"),
    ],
)
def test_a_refusal_says_what_it_refuses(text: str, request_id: Any, channel: str) -> None:
    state = after({"event": "auth"}, {"event": "unauth"}, frame(P1), frame(TRADES), frame(TRADES), state=WAITING)
    event = decoded(text, State(state.pending, OPEN.active))

    assert (event.kind, event.request_id, event.channel) == (Kind.ERROR, request_id, channel)


def test_two_equal_requests_wait_side_by_side() -> None:
    state = after({"event": "ping"}, {"event": "ping"}, {"event": "ping"})
    answered = []
    for _ in range(4):
        event = decoded('{"event":"pong"}', state)
        answered.append(event.request_id)
        state = learn(state, event)

    assert answered == [("ping",), ("ping", "#2"), ("ping", "#3"), None]


@pytest.mark.parametrize("echo", ['"channel":"trades","pair":"ETHUSD"', '"x":1'])
def test_a_repeated_request_is_the_one_refused(echo: str) -> None:
    dup = f'{{"event":"error","code":10301,"msg":"subscribe: dup",{echo}}}'
    state = after(frame(BOOK), frame(TRADES), frame(TRADES))

    assert decoded(dup, state).request_id == ("subscribe", "trades", "ETHUSD", "#2")
    assert decoded(dup, after(frame(BOOK), frame(TRADES), state=OPEN)).request_id in (K_BOOK, K_TRADES)

    known = State(active={33: ActiveSubscription(TRADES)})

    assert decoded(dup, after(frame(P1), frame(TRADES), state=known)).request_id == K_TRADES


def test_an_ack_teaches_its_number_even_when_nobody_here_asked() -> None:
    ack = '{"event":"subscribed","channel":"book","chanId":61,"pair":"ETHUSD","prec":"R0","freq":"F0","len":"25"}'
    state = learn(State(), decoded(ack, State()))

    assert state.active == {61: ActiveSubscription(RAW)}
    assert learn(state, decoded('{"event":"unsubscribed","status":"OK","chanId":61}', state)).active == {}


def test_the_exchange_s_own_choice_of_parameters_is_what_is_remembered() -> None:
    state = after(frame(BOOK))
    state = learn(
        state, decoded('{"event":"subscribed","channel":"book","chanId":9,"pair":"ETHUSD","len":"100"}', state)
    )

    assert state.active[9].subscribe.params == {"prec": "P0", "freq": "F0", "len": "100"}
    assert not state.pending


def test_only_the_first_ticker_is_a_snapshot() -> None:
    state, kinds = OPEN, []
    for _ in range(3):
        event = decoded("[17,1,2,3,4,5,6,7,8,9,10]", state)
        kinds.append(str(event.kind))
        state = learn(state, event)

    assert kinds == ["snapshot", "update", "update"]


# --- what we hear --------------------------------------------------------------------------------

U, S, H, N = Kind.UPDATE, Kind.SNAPSHOT, Kind.HEARTBEAT, Kind.UNKNOWN
MESSAGES = [
    # what comes in                                            kind  channel    symbols       rows
    ("[17,1,2,3,4,5,6,7,8,9,10,11,12]",                        S,    "ticker",  ("ETHUSD",),  1),
    ("[17,null,2,3,4,5,6,null,8,9,10]",                        S,    "ticker",  ("ETHUSD",),  1),
    ("[17,1,2,3,4,5,6,7,8,9]",                                 N,    "ticker",  ("ETHUSD",),  0),
    ("[17,[1,2,3,4,5,6,7,8,9,10]]",                            N,    "ticker",  ("ETHUSD",),  0),
    ("[33,[]]",                                                S,    "trades",  ("ETHUSD",),  0),
    ("[33,[[1,1700000000,2,3,4],[null,1700000000,2,-3]],5]",   S,    "trades",  ("ETHUSD",),  2),
    ("[33,[1,1700000000,2,3]]",                                N,    "trades",  ("ETHUSD",),  0),
    ('[33,"te","1-ETHUSD",1700000000,2,3,4]',                  U,    "trades",  ("ETHUSD",),  1),
    ('[33,"te","1-ETHUSD",1700000000,2]',                      N,    "trades",  ("ETHUSD",),  0),
    ('[33,"tu","1-ETHUSD",5,1700000000,2,3]',                  U,    "trades",  ("ETHUSD",),  1),
    ('[33,"tu","1-ETHUSD",1700000000,2,3]',                    N,    "trades",  ("ETHUSD",),  0),
    ('[33,"1-ETHUSD",1700000000,2,3]',                         U,    "trades",  ("ETHUSD",),  1),
    ("[33,77,1700000000,2,3]",                                 U,    "trades",  ("ETHUSD",),  1),
    ('[33,"te",[7,1700000000000,0.1,2]]',                      N,    "trades",  ("ETHUSD",),  0),  # as v2 has it
    ("[41,[[1,2,3],[4,0,-1,9]]]",                              S,    "book",    ("ETHUSD",),  2),
    ("[41,1,2,3,4]",                                           U,    "book",    ("ETHUSD",),  1),
    ("[41,1,2]",                                               N,    "book",    ("ETHUSD",),  0),
    ("[41,[1,2,3]]",                                           N,    "book",    ("ETHUSD",),  0),  # as v2 has it
    ('[41,"te","1-ETHUSD",1700000000,2,3]',                    N,    "book",    ("ETHUSD",),  0),
    ('[41,"hb"]',                                              H,    "book",    ("ETHUSD",),  0),
    ('[99,"hb",5]',                                            H,    None,      (),           0),
    ('[99,"te","1-LTCUSD",1700000000,2,3]',                    U,    "trades",  ("LTCUSD",),  1),
    ('[99,"tu",null,5,1700000000,2,3]',                        U,    "trades",  (),           1),
    ('[99,"tu","1-LTCUSD",5,1700000000,2,3]',                  U,    "trades",  ("LTCUSD",),  1),
    ("[99,1,2,3]",                                             N,    None,      (),           0),
    ("[99,[[1,2,3]]]",                                         N,    None,      (),           0),
    ('[0,"hb"]',                                               H,    "account", (),           0),
    ('[0,"os",[[1,"ETHUSD"],[2,"BTCUSD"],[3,"ETHUSD"]]]',      S,    "account", ("ETHUSD", "BTCUSD"), 3),
    ('[0,"os",["ETHUSD"]]',                                    N,    "account", (),           0),
    ('[0,"on",[1]]',                                           U,    "account", (),           1),
    ('[0,"bu",[1,2]]',                                         N,    "account", (),           0),
    ("[0]",                                                    N,    "account", (),           0),
    ("[true,[]]",                                              N,    None,      (),           0),
    ("[17.0,1]",                                               N,    None,      (),           0),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "channel", "symbols", "how_many"), MESSAGES)
def test_what_comes_in(text: str, kind: Kind, channel: str | None, symbols: tuple[str, ...], how_many: int) -> None:
    event = decoded(text)

    assert (event.kind, event.channel, event.symbols) == (kind, channel, symbols)
    assert len(list(rows_of(BITFINEX, event))) == how_many


def test_the_account_comes_without_a_subscription() -> None:
    event = decoded('[0,"wu",["exchange","USD",1200,0]]', State())

    assert (event.kind, event.channel, event.topic) == (Kind.UPDATE, "account", None)
    assert [row["total"] for row in rows_of(BITFINEX, event)] == ["1200"]


@pytest.mark.parametrize(
    ("text", "side", "action"),
    [
        ("[41,1802.1,2,1.9]", "bid", "set"),
        ("[41,1802.1,0,1]", "bid", "delete"),
        ("[41,1803.3,0,-1]", "ask", "delete"),
        ("[41,1803.3,0.0,-1]", "ask", "delete"),
        ("[61,8800007,1802.4,-6]", "ask", "set"),
        ("[61,0,1802.4,6]", "bid", "set"),
        ("[61,8800020,0,-1]", "ask", "delete"),
        ("[61,8800020,1,0]", None, "set"),
    ],
)
def test_the_sides_of_a_book(text: str, side: str | None, action: str) -> None:
    (row,) = rows_of(BITFINEX, decoded(text))

    assert (row["side"], row["action"]) == (side, action)


@pytest.mark.parametrize(
    ("text", "reason", "code"),
    [
        ('{"event":"info","code":20051,"msg":"m"}', "m", 20051),
        ('{"event":"info","code":"20061"}', None, 20061),
        ('{"event":"info","code":"soon","msg":"m"}', "m", "soon"),
        ('{"event":"info","version":1.10}', "version 1.10", None),
        ('{"event":"info","version":"1.1"}', "version 1.1, wscli supports version 1.1", None),
        ('{"event":"info","version":1e999}', "version 1e999, wscli supports version 1.1", None),
        ('{"event":"info"}', None, None),
        ('{"event":"info","platform":{}}', None, None),
        ('{"event":"info","platform":{"status":false}}', None, None),
        ('{"event":"info","platform":{"status":1}}', None, None),
        ('{"event":"info","platform":{"status":0}}', "maintenance", None),
    ],
)
def test_notices_are_told_by_their_code(text: str, reason: str | None, code: Json) -> None:
    event = decoded(text)

    assert (event.kind, event.reason, event.code) == (Kind.STATUS, reason, code)


@pytest.mark.parametrize(
    "payload",
    [None, True, 1, "x", [], {}, [[]], [{}], [0, "os"], [0, "os", 5], [0, "wu", [[]]], [0, [], {}], {"event": 1},
     {"event": "subscribed"}, {"event": "subscribed", "chanId": [], "channel": {}}, {"event": "error", "code": []},
     {"event": "error", "code": {}, "msg": [1], "channel": 5, "chanId": True}, {"event": "unsubscribed"},
     {"event": "unsubscribed", "chanId": None}, {"event": "auth"}, {"event": "info", "code": None, "platform": 5},
     {"event": "info", "platform": {"status": []}}, [10**400, 1, 2, 3], [41, 10**400, 10**400, -(10**400)],
     [33, "te", None, 10**400, 1, 1], {"event": "subscribed", "chanId": 1, "channel": "book", "prec": [[]]}],
)  # fmt: skip
def test_decode_raises_nothing_whatever_comes(payload: Any) -> None:
    for state in (State(), OPEN, WAITING):
        event = decode(payload, state)
        learn(state, event)
        list(rows_of(BITFINEX, event))

        assert event.payload == payload


LEAF = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=4)
    | st.sampled_from([0, 17, 33, 41, 61, 10301, "te", "tu", "hb", "os", "wu", "tu", "OK", "book", "trades", "ETHUSD", "17"])
    | st.sampled_from(["1.10", "-7e-7", "1e999", "-0"]).map(parsed)
)  # fmt: skip
WORD = st.sampled_from(["event", "channel", "chanId", "pair", "symbol", "prec", "freq", "len", "code", "msg", "status"])
ANY = st.recursive(LEAF, lambda inner: st.lists(inner, max_size=12) | st.dictionaries(WORD, inner, max_size=6))
EVENTS = "info pong subscribed unsubscribed auth unauth error subscribe unsubscribe ping".split()
CONTROL = st.builds(
    lambda event, rest: {"event": event, **rest}, st.sampled_from(EVENTS), st.dictionaries(WORD, LEAF, max_size=8)
)
DATA = st.builds(lambda chan, rest: [chan, *rest], st.sampled_from([0, 17, 33, 41, 61, 99]), st.lists(ANY, max_size=12))


@settings(max_examples=200, deadline=None)
@given(ANY | CONTROL | DATA)
def test_nothing_that_comes_stops_it(payload: Any) -> None:
    for state in (State(), OPEN, WAITING):
        event = decode(payload, state)
        learn(state, event)
        list(rows_of(BITFINEX, event))
        subscription_key(payload, TRADES)

        assert event.payload is payload
        assert event.request_id is None or event.request_id in state.pending


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(WORD, ANY, max_size=6) | CONTROL)
def test_no_frame_stops_it(wire: dict[str, Any]) -> None:
    meaning = request_of(wire)
    state = after(wire, wire)

    assert len(state.pending) == (0 if meaning is None else 2)


# --- the catalogue -------------------------------------------------------------------------------


def test_every_account_tag_of_the_documents_has_a_layout() -> None:
    assert set(TAGS) == set("ps pn pu pc ws wu os on ou oc hos ts hts te tu".split())
    assert set(TAGS.values()) == set(ACCOUNT_LAYOUTS)
    assert {name: len(fields) for name, fields in ACCOUNT_LAYOUTS.items()} == {
        "position": 6, "wallet": 4, "order": 12, "trade": 10, "te": 8, "tu": 11,
    }  # fmt: skip


def test_a_layout_names_every_place_once_and_signs_are_read_where_the_sizes_are() -> None:
    for channel in CHANNELS:
        for name, fields in channel.layouts.items():
            assert sorted(f.key for f in fields) == list(range(len(fields))), (channel.name, name)  # type: ignore[type-var]
    for name, place_of in SIGN_INDEX.items():
        assert next(f for f in ACCOUNT_LAYOUTS[name] if f.key == place_of).type == "abs"
        assert next(f for f in ACCOUNT_LAYOUTS[name] if f.key == SYMBOL_INDEX[name]).name == "symbol"


def test_explain_files_what_it_is_reported_under_the_number() -> None:
    assert subscription_key([61, 1, 2, 3], RAW) == 61
    assert subscription_key({"event": "info"}, TRADES) == ("trades", "ETHUSD")

    state = State(active={subscription_key([61, 1, 2, 3], RAW): ActiveSubscription(RAW)})

    assert next(rows_of(BITFINEX, decoded("[61,8800007,1802.4,6]", state)))["order_id"] == "8800007"


def test_every_market_fits_and_every_code_is_a_number() -> None:
    assert all(BITFINEX.facts.symbol_spelling.matches(market) for market in BITFINEX.facts.common_symbols)
    assert all(
        re.fullmatch(r"[0-9]{5}( [a-z]+: .+)?", code, re.ASCII) for code in CODES
    )  # a code, or one with its words
