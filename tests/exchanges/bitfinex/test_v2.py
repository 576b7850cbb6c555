"""Bitfinex v2, where a table says more than a transcript."""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wscli.commands.parser import parse
from wscli.core.errors import UsageError
from wscli.core.jsontext import Json, Secret, parsed, written
from wscli.core.messages import ActiveSubscription, Auth, Event, Kind, RequestContext, State, Subscribe
from wscli.exchanges.bitfinex.v2.account_catalogue import TAGS
from wscli.exchanges.bitfinex.v2.checksum import checksum, checksum_text
from wscli.exchanges.bitfinex.v2.decoder import decode
from wscli.exchanges.bitfinex.v2.dialect import BITFINEX_V2, encode, notice, with_login_options
from wscli.exchanges.bitfinex.v2.state import current_flags, learn, request_of
from wscli.output.rows import rows_of

BOOK = Subscribe("book", ("tBTCUSD",), {"prec": "P0", "freq": "F0", "len": "25"})
OPEN = State(
    active={
        0: ActiveSubscription(Subscribe("account")),
        17: ActiveSubscription(Subscribe("ticker", ("fUSD",))),
        33: ActiveSubscription(Subscribe("trades", ("tBTCUSD",))),
        41: ActiveSubscription(BOOK),
        71: ActiveSubscription(Subscribe("candles", ("tBTCUSD",), {"timeframe": "1m"})),
        81: ActiveSubscription(Subscribe("status", ("deriv:tBTCF0:USTF0",))),
    }
)
LOGIN = {"event": "auth", "apiKey": Secret("a-key"), "authSig": Secret("a-sign")}


def stamp(ids: Iterator[int] | None = None) -> RequestContext:
    return RequestContext(1_700_000_000_000_000_000, ids or count(1), lambda: UUID(int=1))


def after(*messages: Json, state: State | None = None) -> State:
    state = state or State()
    for one in messages:
        state = learn(state, decode(one, state) if one.get("status") or one.get("event") == "subscribed" else one)
    return state


def sent(words: str, state: State) -> list[str]:
    return [written(frame) for frame in encode(parse(BITFINEX_V2, "subscribe", words.split()), state, stamp())]


# --- conf ----------------------------------------------------------------------------------------

FLAGS = [
    # the flags                         what conf sends
    ("timestamp",                       32768),
    ("sequence",                        65536),
    ("checksum",                        131072),
    ("bulk",                            536870912),
    ("bulk,sequence",                   536936448),
    ("checksum,sequence,checksum",      196608),
    ("timestamp,sequence,checksum,bulk", 537100288),
]  # fmt: skip


@pytest.mark.parametrize(("flags", "bits"), FLAGS)
def test_flags_are_asked_for_before_the_subscribe(flags: str, bits: int) -> None:
    frames = sent(f"trades tBTCUSD flags={flags}", State())

    assert frames == [
        f'{{"event":"conf","flags":{bits}}}',
        '{"event":"subscribe","channel":"trades","symbol":"tBTCUSD"}',
    ]


def subscribed_with(flags: int) -> State:
    ask = {"event": "subscribe", "channel": "trades", "symbol": "tBTCUSD"}
    ack = {"event": "subscribed", "channel": "trades", "chanId": 33, "symbol": "tBTCUSD"}
    conf = {"event": "conf", "flags": flags}
    return after(conf, ask, {**conf, "status": "OK"}, ack)


def test_what_is_on_stands_at_what_is_subscribed_so_that_a_come_back_asks_for_it_again() -> None:
    state = subscribed_with(196608)
    wishes = [active.subscribe for active in state.active.values()]
    again = encode(wishes, State(), stamp())

    assert wishes == [Subscribe("trades", ("tBTCUSD",), {"flags": "sequence,checksum"})]
    assert [frame["event"] for frame in again] == ["conf", "subscribe"]
    assert again[0]["flags"] == 196608


def test_what_is_on_is_not_asked_for_again_and_what_is_not_is_added_to_it() -> None:
    state = subscribed_with(196608)

    assert len(sent("book tBTCUSD flags=checksum", state)) == 1
    assert sent("book tBTCUSD flags=bulk", state)[0] == '{"event":"conf","flags":537067520}'
    assert len(sent("book tBTCUSD", state)) == 1


def test_a_conf_of_ones_own_counts_and_so_does_one_that_is_still_under_way() -> None:
    state = after({"event": "conf", "flags": 65536}, state=subscribed_with(131072))

    assert current_flags(state) == {"sequence"}

    state = after({"event": "conf", "flags": 65536, "status": "OK"}, state=state)

    assert state.active[33].subscribe.params == {"flags": "sequence"}
    assert after({"event": "conf", "flags": 0, "status": "OK"}, state=state).active[33].subscribe.params == {}


def test_a_loss_before_the_answers_loses_no_flags() -> None:
    conf, ask = {"event": "conf", "flags": 65536}, {"event": "subscribe", "channel": "ticker", "symbol": "tBTCUSD"}
    pending = [command for request in after(conf, ask).pending.values() for command in request.commands]

    assert pending == [Subscribe("ticker", ("tBTCUSD",), {"flags": "sequence"})]


# --- arrays with more behind them ----------------------------------------------------------------

TAILS = [
    # what comes in                                                     sequence, time stamp
    ('[33,"te",[1,1700000000000,0.1,100]]',                             (None, None)),
    ('[33,"te",[1,1700000000000,0.1,100],7]',                           ("7", None)),
    ('[33,"te",[1,1700000000000,0.1,100],1700000000123]',               (None, "2023-11-14T22:13:20.123Z")),
    ('[33,"te",[1,1700000000000,0.1,100],7,1700000000123]',             ("7", "2023-11-14T22:13:20.123Z")),
    ('[33,[[1,1700000000000,0.1,100]],7,1700000000123]',                ("7", "2023-11-14T22:13:20.123Z")),
    ('[41,[100,1,2],7]',                                                ("7", None)),
    ('[41,[[100,1,2],[99,1,2]],7]',                                     ("7", None)),
    ('[41,"cs",-12,7,1700000000123]',                                   ("7", "2023-11-14T22:13:20.123Z")),
    ('[71,[1700000000000,1,2,3,4,5],7]',                                ("7", None)),
    ('[81,[1700000000000,null,1],7]',                                   ("7", None)),
    ('[17,[0.1,0.2,30,1,0.3,2,1,0.1,0.1,0.2,1,1,1],7]',                 ("7", None)),
    ('[0,"wu",["exchange","USD",1,0],7,3]',                             ("7", None)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "labels"), TAILS)
def test_what_conf_appends_is_labelled(text: str, labels: tuple[str | None, str | None]) -> None:
    rows = list(rows_of(BITFINEX_V2, decode(parsed(text), OPEN)))

    assert rows
    assert {(row.get("sequence"), row.get("timestamp")) for row in rows} == {labels}


def test_in_bulk_only_the_first_frame_of_a_book_is_its_snapshot() -> None:
    state, kinds = OPEN, []
    for text in ('[41,"cs",12]', "[41,[[100,1,2]]]", "[41,[[100,0,1],[99,1,2]]]", "[41,[99,0,1]]"):
        event = decode(parsed(text), state)
        state = learn(state, event)
        kinds.append(str(event.kind))

    assert kinds == ["update", "snapshot", "update", "update"]


# --- the login -----------------------------------------------------------------------------------


def test_a_filter_and_the_switch_go_with_the_login_and_come_back_with_it() -> None:
    (account,) = parse(BITFINEX_V2, "subscribe", "account filter=wallet,trading-tBTCUSD dms=4".split())
    (frame,) = with_login_options(LOGIN, [account])
    state = after(frame, {"event": "auth", "status": "OK", "chanId": 0})

    assert frame["filter"] == ["trading-tBTCUSD", "wallet"]
    assert frame["dms"] == 4
    assert state.active == {0: ActiveSubscription(account)}  # type: ignore[arg-type]
    assert with_login_options(LOGIN, [active.subscribe for active in state.active.values()]) == (frame,)


def test_flags_of_the_account_are_on_before_its_first_snapshot() -> None:
    (account,) = parse(BITFINEX_V2, "subscribe", "account flags=sequence".split())
    conf, login = with_login_options(LOGIN, [account])
    state = after(conf, login)

    assert conf == {"event": "conf", "flags": 65536}
    assert login == LOGIN
    assert encode([account], state, stamp()) == ()


def test_a_login_without_words_asks_for_everything_and_cancels_nothing() -> None:
    for commands in ([], [Auth()], list(parse(BITFINEX_V2, "subscribe", ["account"]))):
        assert with_login_options(LOGIN, commands) == (LOGIN,)


@pytest.mark.parametrize("words", ["account filter=wallet", "account dms=4"])
def test_what_belongs_to_the_login_is_refused_after_it(words: str) -> None:
    with pytest.raises(UsageError, match="with the login"):
        sent(words, OPEN)


FILTERS = [
    ("wallet", True), ("trading,funding,algo,balance,notify", True), ("trading-tAVAX:USD", True), ("funding-fUSD", True),
    ("wallet-exchange-BTC", True), ("wallet-exchange", False), ("money", False), ("trading-", False), ("", False),
]  # fmt: skip


@pytest.mark.parametrize(("filters", "good"), FILTERS)
def test_the_filters_are_those_of_the_documents(filters: str, good: bool) -> None:
    words = ["account", f"filter={filters}"]
    if good:
        (subscription,) = parse(BITFINEX_V2, "subscribe", words)

        assert isinstance(subscription, Subscribe)
        assert set(subscription.params["filter"].split(",")) == set(filters.split(","))
    else:
        with pytest.raises(UsageError, match=r"not allowed: some of trading"):
            parse(BITFINEX_V2, "subscribe", words)


# --- answers, notices ----------------------------------------------------------------------------


def test_a_pong_answers_the_ping_of_its_number() -> None:
    state = after({"event": "ping", "cid": 1}, {"event": "ping", "cid": 2})

    assert decode({"event": "pong", "ts": 1, "cid": 2}, state).request_id == ("ping", 2)
    assert decode({"event": "pong", "ts": 1}, state).request_id == ("ping", 1)


def test_a_pair_without_its_t_is_answered_with_it() -> None:
    state = after({"event": "subscribe", "channel": "trades", "symbol": "BTCUSD"})
    event = decode({"event": "subscribed", "channel": "trades", "chanId": 3, "symbol": "tBTCUSD"}, state)

    assert event.request_id in state.pending


NOTICES = [(20051, "reconnect"), ("20060", "pause"), (20061, "reconnect"), (20099, None), (None, None)]


@pytest.mark.parametrize(("code", "wish"), NOTICES)
def test_notices_are_heeded_by_their_code(code: Json, wish: str | None) -> None:
    assert notice(decode({"event": "info", "code": code, "msg": "any"} if code else {"event": "info"}, State())) == wish


def test_every_tag_of_the_account_is_known_and_a_torn_one_is_not() -> None:
    for tag in TAGS:
        assert decode([0, tag, [[1, "tBTCUSD"]] if tag.endswith("s") else [1, "tBTCUSD"]], OPEN).kind in (
            Kind.SNAPSHOT,
            Kind.UPDATE,
        )
        assert decode([0, tag, "text"], OPEN).kind is Kind.UNKNOWN


ACCOUNT_MESSAGES = [
    # channel 0                                         open: kind      its topic
    ('[0,"wu",["exchange","USD",1200,0,null,null,null]]', Kind.UPDATE,    0),
    ('[0,"hb"]',                                        Kind.HEARTBEAT, 0),
    ('[0,"xx",[]]',                                     Kind.UNKNOWN,   0),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "topic"), ACCOUNT_MESSAGES)
def test_a_message_of_channel_0_is_of_the_account_once_that_is_open(text: str, kind: Kind, topic: int) -> None:
    event, before = decode(parsed(text), OPEN), decode(parsed(text), State())

    assert (event.kind, event.channel, event.topic, event.subscription) == (
        kind,
        "account",
        topic,
        Subscribe("account"),
    )
    assert (before.kind, before.channel, before.topic, before.subscription) == (kind, "account", None, None)


@settings(max_examples=300, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.sampled_from(sorted(TAGS)),
        lambda inner: st.lists(inner, max_size=6),
        max_leaves=20,
    ),
    st.sampled_from(sorted(OPEN.active, key=str)),
    st.sampled_from(["", "cs", "hb", "te", "pos", *TAGS]),
)
def test_nothing_that_can_arrive_is_too_much(payload: Json, number: Any, tag: str) -> None:
    for message in (payload, [number, payload], [number, tag, payload], [number, [payload], 1]):
        event = decode(message, OPEN)
        learn(OPEN, event)

        assert list(rows_of(BITFINEX_V2, event)) is not None
        assert event.payload is message


# --- the checksum --------------------------------------------------------------------------------


def levels(side: Sequence[str]) -> list[tuple[str, str]]:
    return [(price, amount) for price, _, amount in (level.partition(":") for level in side)]


CHECKED = [
    # bids                                         asks                              what is summed up
    (["1:2"],                                      [],                               "1:2"),
    ([],                                           ["3:-4"],                         "3:-4"),
    (["1:2", "0.9:7e-7"],                          ["3:-4"],                         "1:2:3:-4:0.9:7e-7"),
    (["1:2"],                                      ["3:-4", "4:-5"],                 "1:2:3:-4:4:-5"),
    ([f"{n}:1" for n in range(50, 20, -1)],        [],                               ":".join(f"{n}:1" for n in range(50, 25, -1))),
]  # fmt: skip


@pytest.mark.parametrize(("bids", "asks", "text"), CHECKED)
def test_the_best_levels_are_interleaved_as_they_were_written(bids: list[str], asks: list[str], text: str) -> None:
    assert checksum_text(levels(bids), levels(asks)) == text


def test_one_digit_changes_the_checksum() -> None:
    assert checksum([("1", "0.10")], []) != checksum([("1", "0.1")], [])


def test_our_own_frames_are_read_back() -> None:
    for words in ("book tBTCUSD prec=R0 len=250", "candles fUSD:a30:p2:p30 timeframe=1W", "status liq:global subId=x"):
        (command,) = parse(BITFINEX_V2, "subscribe", words.split())
        (frame,) = encode([command], State(), stamp())
        request = request_of(frame)

        assert request is not None
        assert request.commands == (command,)


def test_an_event_of_another_connection_is_no_answer_here() -> None:
    event = decode({"event": "conf", "status": "OK", "flags": 8}, State())

    assert event == Event(Kind.ACK, {"event": "conf", "status": "OK", "flags": 8}, reason="conf")
