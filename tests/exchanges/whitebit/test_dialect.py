"""WhiteBIT, where a table says more than a transcript."""

from itertools import count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wscli.commands.parser import parse
from wscli.core.errors import UsageError
from wscli.core.jsontext import Json, literal, parsed, written
from wscli.core.messages import (
    ActiveSubscription,
    Command,
    Event,
    Kind,
    Ping,
    Query,
    Request,
    RequestContext,
    State,
    Subscribe,
    Unsubscribe,
)
from wscli.exchanges.whitebit.catalogue import INTERVALS
from wscli.exchanges.whitebit.channels import CHANNELS_BY_NAME
from wscli.exchanges.whitebit.decoder import decode
from wscli.exchanges.whitebit.dialect import WHITEBIT, spell
from wscli.exchanges.whitebit.encoder import encode, learn, request_of
from wscli.output.rows import rows_of

NOTHING = State()
SUCCESS = {"error": None, "result": {"status": "success"}}
DEPTH = {"limit": 100, "price_interval": "0", "multiple": True}


def stamp(start: int = 1) -> RequestContext:
    return RequestContext(1_700_000_000_000_000_000, count(start), lambda: UUID(int=1))


def frames_of(line: str, state: State = NOTHING, first: int = 1) -> list[str]:
    """Return the frames of a typed line, as they go to the wire."""
    verb, *words = line.split()
    return [written(w, masked=False) for w in encode(parse(WHITEBIT, verb, words), state, stamp(first))]


def after(*lines: str) -> State:
    """Return what is remembered when each line's frames have been sent and acknowledged."""
    state, ids = State(), stamp()
    for line in lines:
        verb, *words = line.split()
        for frame in encode(parse(WHITEBIT, verb, words), state, ids):
            state = learn(state, frame)
            state = learn(state, decode({**SUCCESS, "id": frame["id"]}, state))
    return state


def opened(state: State) -> list[str]:
    return [" ".join((a.subscribe.channel, *a.subscribe.symbols)) for a in state.active.values()]


def pushed(method: str, *params: Any) -> dict[str, Any]:
    return {"method": method, "params": [*params], "id": None}


# --- what we say ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "first", "frames"),
    [
        # the frames of the protocol notes
        ("query lastprice SOL_USDT", 41, ['{"id":41,"method":"lastprice_request","params":["SOL_USDT"]}']),
        ("ping", 1, ['{"id":1,"method":"ping","params":[]}']),
        ("query time", 2, ['{"id":2,"method":"time","params":[]}']),
        ("query candles SOL_USDT start=1767220200 end=1767223800 interval=1800", 3,
         ['{"id":3,"method":"candles_request","params":["SOL_USDT",1767220200,1767223800,1800]}']),
        ("subscribe candles SOL_USDT interval=1800", 4,
         ['{"id":4,"method":"candles_subscribe","params":["SOL_USDT",1800]}']),
        ("subscribe lastprice DOT_USDT SOL_PERP", 6,
         ['{"id":6,"method":"lastprice_subscribe","params":["DOT_USDT","SOL_PERP"]}']),
        ("unsubscribe lastprice", 7, ['{"id":7,"method":"lastprice_unsubscribe","params":[]}']),
        ("query market DOT_USDT period=14400", 8, ['{"id":8,"method":"market_request","params":["DOT_USDT",14400]}']),
        ("subscribe market DOT_USDT SOL_USDT", 9,
         ['{"id":9,"method":"market_subscribe","params":["DOT_USDT","SOL_USDT"]}']),
        ("query marketToday DOT_USDT", 10, ['{"id":10,"method":"marketToday_query","params":["DOT_USDT"]}']),
        ("query trades SOL_USDT limit=2 last_id=990100", 11,
         ['{"id":11,"method":"trades_request","params":["SOL_USDT",2,990100]}']),
        ("subscribe trades SOL_USDT DOT_USDT", 12,
         ['{"id":12,"method":"trades_subscribe","params":["SOL_USDT","DOT_USDT"]}']),
        ("query depth SOL_USDT limit=5 price_interval=0.1", 13,
         ['{"id":13,"method":"depth_request","params":["SOL_USDT",5,"0.1"]}']),
        ("subscribe depth SOL_USDT limit=5", 14, ['{"id":14,"method":"depth_subscribe","params":["SOL_USDT",5,"0",true]}']),
        ("unsubscribe depth SOL_USDT", 15, ['{"id":15,"method":"depth_unsubscribe","params":["SOL_USDT"]}']),
        ("subscribe bookTicker SOL_USDT", 16, ['{"id":16,"method":"bookTicker_subscribe","params":["SOL_USDT"]}']),
        # the same words in other ways
        ("subscribe bookTicker", 1, ['{"id":1,"method":"bookTicker_subscribe","params":[]}']),
        ("subscribe depth A_USDT B_USDT multiple=false", 1,
         ['{"id":1,"method":"depth_subscribe","params":["A_USDT",100,"0",false]}',
          '{"id":2,"method":"depth_subscribe","params":["B_USDT",100,"0",true]}']),
        ("subscribe trades A_USDT market A_USDT trades B_USDT", 1,
         ['{"id":1,"method":"trades_subscribe","params":["A_USDT","B_USDT"]}',
          '{"id":2,"method":"market_subscribe","params":["A_USDT"]}']),
    ],
)  # fmt: skip
def test_the_frames_are_exactly_the_documented_ones(line: str, first: int, frames: list[str]) -> None:
    assert frames_of(line, first=first) == frames


def documented(n: int) -> bool:
    """The rule of the documents: the first size class that fits decides."""
    if n < 60:
        return n >= 1 and 60 % n == 0
    if n < 3600:
        return n % 60 == 0 and 3600 % n == 0
    if n < 86400:
        return n % 3600 == 0 and 86400 % n == 0
    if n < 604800:
        return n % 86400 == 0
    return n in (604800, 2592000)


def test_the_candle_intervals_are_those_of_the_documented_rule() -> None:
    assert set(INTERVALS) == {n for n in range(1, 2_700_000) if documented(n)}
    assert len(INTERVALS) == 37


@pytest.mark.parametrize(
    "interval", [0, -60, 7, 45, 61, 90, 420, 2700, 5400, 18000, 32400, 90000, 691200, 1209600, 2678400]
)
@pytest.mark.parametrize("line", ["subscribe candles SOL_USDT", "query candles SOL_USDT start=1 end=2"])
def test_an_interval_that_the_exchange_refuses_is_not_sent(line: str, interval: int) -> None:
    with pytest.raises(UsageError, match="interval"):
        frames_of(f"{line} interval={interval}")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("btc_usdt", "BTC_USDT"), ("BTC-USDT", "BTC_USDT"), ("btc/eur", "BTC_EUR"), ("BTCUSDT", "BTC_USDT"),
     ("sol-perp", "SOL_PERP"), ("SOLPERP", "SOL_PERP"), ("BTCUAH", "BTC_UAH"), ("ETHBTC", "ETH_BTC")],
)  # fmt: skip
def test_another_spelling_is_refused_with_the_right_one(typed: str, meant: str) -> None:
    assert spell(typed) == meant
    with pytest.raises(UsageError) as refused:
        frames_of(f"subscribe trades {typed}")

    assert refused.value.hint == f"did you mean {meant}?"


# --- lists that replace each other ---------------------------------------------------------------


@pytest.mark.parametrize("channel", ["lastprice", "market", "marketToday", "trades"])
def test_a_second_subscribe_sends_the_union_in_order_of_first_asking(channel: str) -> None:
    state = after(f"subscribe {channel} B_USDT A_USDT")

    assert frames_of(f"subscribe {channel} C_USDT A_USDT", state, 7) == [
        f'{{"id":7,"method":"{channel}_subscribe","params":["B_USDT","A_USDT","C_USDT"]}}'
    ]


@pytest.mark.parametrize(
    ("lines", "then"),
    [
        (["subscribe trades A_USDT B_USDT", "unsubscribe trades A_USDT"], ["trades B_USDT"]),
        (["subscribe trades A_USDT B_USDT", "unsubscribe trades A_USDT B_USDT"], []),
        (["subscribe trades A_USDT B_USDT", "unsubscribe trades C_USDT"], ["trades A_USDT", "trades B_USDT"]),
        (["subscribe trades A_USDT", "subscribe market A_USDT", "unsubscribe trades"], ["market A_USDT"]),
        (["subscribe candles A_USDT interval=60", "subscribe candles B_USDT interval=60"], ["candles B_USDT"]),
        (["subscribe candles A_USDT interval=60", "unsubscribe candles B_USDT"], ["candles A_USDT"]),
        (["subscribe candles A_USDT interval=60", "unsubscribe candles A_USDT interval=300"], ["candles A_USDT"]),
        (["subscribe candles A_USDT interval=60", "unsubscribe candles A_USDT"], []),
        (["subscribe depth A_USDT B_USDT", "subscribe depth C_USDT"], ["depth A_USDT", "depth B_USDT", "depth C_USDT"]),
        (["subscribe depth A_USDT B_USDT", "unsubscribe depth A_USDT"], ["depth B_USDT"]),
        (["subscribe depth A_USDT B_USDT", "unsubscribe depth"], []),
        (["subscribe depth A_USDT trades A_USDT", "subscribe depth B_USDT multiple=false"],
         ["trades A_USDT", "depth B_USDT"]),
        (["subscribe depth A_USDT", "subscribe depth B_USDT C_USDT multiple=false"], ["depth B_USDT", "depth C_USDT"]),
        (["subscribe bookTicker A_USDT", "subscribe bookTicker"], ["bookTicker A_USDT", "bookTicker"]),
        (["subscribe bookTicker A_USDT B_USDT", "unsubscribe bookTicker B_USDT"], ["bookTicker A_USDT"]),
    ],
)  # fmt: skip
def test_what_stays_open(lines: list[str], then: list[str]) -> None:
    assert opened(after(*lines)) == then


def test_the_interval_of_the_last_candles_is_remembered() -> None:
    state = after("subscribe candles A_USDT interval=60", "subscribe candles A_USDT interval=300")

    assert state.active == {
        ("candles", "A_USDT"): ActiveSubscription(Subscribe("candles", ("A_USDT",), {"interval": 300}))
    }


def test_after_a_reconnect_one_frame_brings_a_list_back() -> None:
    once = after("subscribe trades A_USDT B_USDT", "subscribe depth A_USDT multiple=false")
    frames = encode([a.subscribe for a in once.active.values()], State(), stamp())

    assert [written(w) for w in frames] == [
        '{"id":1,"method":"trades_subscribe","params":["A_USDT","B_USDT"]}',
        '{"id":2,"method":"depth_subscribe","params":["A_USDT",100,"0",false]}',
    ]


def test_candles_are_not_a_list_the_last_ones_stay() -> None:
    wanted = [Subscribe("candles", (s,), {"interval": 60}) for s in ("A_USDT", "B_USDT")]
    frames = encode(wanted, NOTHING, stamp())

    assert [frame["params"] for frame in frames] == [["A_USDT", 60], ["B_USDT", 60]]


def test_a_refused_list_leaves_the_earlier_one_in_memory() -> None:
    state = after("subscribe trades A_USDT")
    for frame in encode(parse(WHITEBIT, "subscribe", ["trades", "X_Y"]), state, stamp(9)):
        state = learn(state, frame)
    event = decode({"error": {"code": 9, "message": "market X_Y does not exist"}, "result": None, "id": 9}, state)
    state = learn(state, event)

    assert (event.kind, event.channel, event.symbols, event.code) == (Kind.ERROR, "trades", ("A_USDT", "X_Y"), 9)
    assert opened(state) == ["trades A_USDT"]
    assert state.pending == {}


# --- reading our own frames back -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "params", "command"),
    [
        ("ping", [], Ping()),
        ("time", [], Query("time")),
        ("marketToday_query", ["A_B"], Query("marketToday", ("A_B",))),
        ("market_request", ["A_B", 60], Query("market", ("A_B",), {"period": 60})),
        ("candles_request", ["A_B", 1, 2, 60], Query("candles", ("A_B",), {"start": 1, "end": 2, "interval": 60})),
        ("depth_request", ["A_B", 5, "0"], Query("depth", ("A_B",), {"limit": 5, "price_interval": "0"})),
        ("depth_subscribe", ["A_B", 100, "0", True], Subscribe("depth", ("A_B",), DEPTH)),
        # the three-element form was accepted too
        ("depth_subscribe", ["A_B", 5, "0"], Subscribe("depth", ("A_B",), {"limit": 5, "price_interval": "0"})),
        ("trades_subscribe", [], Subscribe("trades")),
        ("bookTicker_subscribe", ["A_B", "C_D"], Subscribe("bookTicker", ("A_B", "C_D"))),
        ("bookTicker_unsubscribe", ["A_B"], Unsubscribe("bookTicker", ("A_B",))),
        ("depth_unsubscribe", [], Unsubscribe("depth")),
        # the exchange's playground sends limit and interval along, and market and interval to end candles
        ("depth_unsubscribe", ["A_B", 100, "0"], Unsubscribe("depth", ("A_B",))),
        ("candles_unsubscribe", ["A_B", 60], Unsubscribe("candles")),
        # a list ends as a whole, whatever the params say
        ("trades_unsubscribe", ["A_B"], Unsubscribe("trades")),
    ],
)  # fmt: skip
def test_a_frame_is_read_back(method: str, params: list[Any], command: Command) -> None:
    assert request_of({"id": 5, "method": method, "params": params}) == Request(5, (command,))


@pytest.mark.parametrize(
    "method", ["order_cancel", "deals_update", "trades_update", "time_subscribe", "_subscribe", ""]
)
def test_a_method_of_no_command_still_awaits_its_answer(method: str) -> None:
    assert request_of({"id": 5, "method": method, "params": ["x"]}) == Request(5, ())


@pytest.mark.parametrize(
    "wire", [{}, {"id": 1}, {"method": "ping"}, {"id": "1", "method": "ping"}, {"id": True, "method": "ping"}, {"id": 1, "method": 2}]
)  # fmt: skip
def test_a_frame_whose_answer_cannot_be_told_is_not_awaited(wire: dict[str, Any]) -> None:
    assert request_of(wire) is None


# --- what we hear --------------------------------------------------------------------------------


def test_a_trade_without_an_ack_before_it_is_an_update() -> None:
    event = decode(pushed("trades_update", "A_B", []), State())

    assert (event.kind, event.topic, event.subscription) == (Kind.UPDATE, ("trades", "A_B"), None)


def test_trades_of_every_market_belong_to_the_subscription_without_one() -> None:
    everything = Subscribe("trades")
    event = decode(pushed("trades_update", "A_B", []), State(active={("trades",): ActiveSubscription(everything)}))

    assert (event.kind, event.topic, event.subscription) == (Kind.UPDATE, ("trades",), everything)


def test_only_the_answer_with_its_id_ends_the_wait() -> None:
    state = learn(State(), {"id": 3, "method": "ping", "params": []})
    stranger = decode({"error": None, "result": "pong", "id": 4}, state)
    answer = decode({"error": None, "result": "pong", "id": 3}, state)

    assert (stranger.kind, stranger.request_id) == (Kind.PONG, None)
    assert (answer.kind, answer.request_id) == (Kind.PONG, 3)
    assert learn(state, stranger).pending == state.pending
    assert learn(state, answer).pending == {}


@pytest.mark.parametrize(
    ("result", "reason"),
    [({"status": "failed"}, "failed"), ("no", "no"), (None, "null"), ([], "[]"), ({"state": 1}, '{"state":1}')],
)
def test_a_subscribe_that_is_not_answered_with_success_failed(result: Any, reason: str) -> None:
    state = learn(State(), {"id": 3, "method": "depth_subscribe", "params": ["A_B", 5, "0", True]})
    event = decode({"error": None, "result": result, "id": 3}, state)

    assert (event.kind, event.channel, event.reason, event.request_id) == (Kind.ERROR, "depth", reason, 3)
    assert learn(state, event) == State()


def test_a_result_that_has_a_status_among_others_is_no_failure() -> None:
    event = decode({"error": None, "result": {"orderId": 5, "status": "OPEN"}, "id": 3}, NOTHING)

    assert event.kind is Kind.REPLY


@pytest.mark.parametrize(
    ("payload", "code", "reason"),
    [
        ({"error": {"code": 6, "message": "require authentication"}, "result": None, "id": 1}, 6, "require authentication"),
        ({"error": {"code": 99}, "id": 1}, 99, None),
        ({"error": "closed", "result": None, "id": 1}, None, "closed"),
        ({"error": [1], "result": None, "id": 1}, None, "[1]"),
        ({"error": {"code": {}, "message": {}}, "result": 5, "id": 1}, None, "{}"),
    ],
)  # fmt: skip
def test_a_failure_keeps_the_words_of_the_exchange(payload: Any, code: Any, reason: str | None) -> None:
    event = decode(payload, State())

    assert (event.kind, event.code, event.reason) == (Kind.ERROR, code, reason)


def labelled(text: str, state: State = NOTHING) -> list[dict[str, Any]]:
    return list(rows_of(WHITEBIT, decode(parsed(text), state)))


def test_more_than_is_documented_is_shown_too() -> None:
    ticker = '[[1700000000.5, 1700000000.6, "A_B", 7, "1.0", "2", "1.1", "3", "new"]]'
    (best,) = labelled(f'{{"method":"bookTicker_update","params":{ticker},"id":null}}')
    book = '[true, {"bids": [["1.0", "2", "new"]], "also": 1.50}, "A_B", "later"]'
    (level,) = labelled(f'{{"method":"depth_update","params":{book}}}')

    assert (best["bid"], best["8"]) == ("1.0", "new")
    assert (level["price"], level["size"], level["2"], level["also"]) == ("1.0", "2", "new", "1.50")


def test_candles_without_a_known_subscription_name_no_interval() -> None:
    (row,) = labelled('{"method":"candles_update","params":[1700000000,"1","2","3","0.5","9","18","A_B"],"id":null}')

    assert "interval" not in row
    assert [row[k] for k in ("open", "high", "low", "close")] == ["1", "3", "0.5", "2"]


@pytest.mark.parametrize(
    "payload",
    [None, True, 1, "x", [], {}, {"id": 1}, {"id": True, "result": 1}, {"id": "1", "result": 1}, {"id": None, "result": 1},
     {"id": 1, "error": None}, {"method": 1, "params": []}, {"method": "trades_update"}, pushed("candles_update"),
     {"method": "trades_update", "params": {}, "id": None}, pushed("trades_update", "A_B"), pushed("trades_update", 1, []),
     pushed("depth_update", 1, {}, "A_B"), pushed("depth_update", True, [], "A_B"), pushed("depth_update", True, {}),
     pushed("lastprice_update", "A_B", []), pushed("market_update", "A_B", "1"), pushed("candles_update", []),
     pushed("candles_update", [1, "1"], "x"), pushed("candles_update", 1, 2, 3, 4, 5, 6, 7, 8),
     pushed("bookTicker_update", [1, 1, ["A_B"], 1, 1, 1, 1, 1]), pushed("time_update", 1), pushed("ping"),
     {"method": "trades_update", "params": ["A_B", []], "id": 5}],
)  # fmt: skip
def test_what_is_not_documented_is_unknown(payload: Any) -> None:
    event = decode(payload, State())

    assert (event.kind, event.payload) == (Kind.UNKNOWN, payload)


@pytest.mark.parametrize("result", [None, 1, "x", [], [[]], [1, None], {}, {"asks": 5, "bids": [1, [], ["1"]]}, [{}]])
@pytest.mark.parametrize("query", WHITEBIT.facts.queries, ids=lambda q: q.name)
def test_an_odd_result_has_no_rows_or_odd_ones_and_raises_nothing(query: Any, result: Any) -> None:
    state = State(pending={1: Request(1, (Query(query.name, ("A_B",)),))})
    event = decode({"error": None, "result": result, "id": 1}, state)

    assert (event.kind, event.channel, event.request_id) == (Kind.REPLY, query.name, 1)
    assert all(row["channel"] == query.name for row in rows_of(WHITEBIT, event))


SCALAR = st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.just(parsed("1.50"))
METHOD = st.sampled_from(
    [*(f"{c}_{v}" for c in CHANNELS_BY_NAME for v in ("update", "subscribe", "unsubscribe", "request")), "time", "ping", "authorize"]
)  # fmt: skip
WORD = st.sampled_from(
    ["A_B", "success", "pong", "method", "params", "result", "error", "id", "status", "asks", "bids"]
)
JSON = st.recursive(
    SCALAR | WORD, lambda inner: st.lists(inner, max_size=9) | st.dictionaries(WORD, inner, max_size=4), max_leaves=20
)
FRAME = st.fixed_dictionaries(
    {}, optional={"id": st.integers(0, 2) | SCALAR, "method": METHOD | JSON, "params": JSON, "result": JSON, "error": JSON}
)  # fmt: skip
BUSY = State(
    pending={
        0: Request(0, (Subscribe("trades", ("A_B",)),)),
        1: Request(1, (Query("depth", ("A_B",), {"limit": 5, "price_interval": "0"}),)),
        2: Request(2, ()),
    },
    active={("trades", "A_B"): ActiveSubscription(Subscribe("trades", ("A_B",)))},
)


@settings(max_examples=200, deadline=None)
@given(JSON | FRAME)
def test_decode_raises_nothing_whatever_comes(payload: Any) -> None:
    event = decode(payload, BUSY)
    list(rows_of(WHITEBIT, event))
    after = learn(BUSY, event)

    assert event.payload is payload
    assert event.reason is None or event.reason == literal(event.reason)
    assert len(after.pending) == len(BUSY.pending) - (event.request_id is not None)


@settings(max_examples=200, deadline=None)
@given(FRAME)
def test_asked_raises_nothing_whatever_a_person_sends(wire: dict[str, Any]) -> None:
    state = learn(State(), wire)
    request = request_of(wire)

    assert (request is None) == (not state.pending)
    for id in state.pending:
        assert isinstance(learn(state, Event(Kind.ACK, {}, request_id=id)), State)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_every_frame_is_read_back_as_what_was_asked(data: st.DataObject) -> None:
    channel = data.draw(st.sampled_from(WHITEBIT.facts.channels))
    most = channel.symbol_limits[1] or 4
    symbols = data.draw(
        st.lists(st.sampled_from(WHITEBIT.facts.common_symbols), min_size=1, max_size=most, unique=True)
    )
    params = {p.name: data.draw(st.sampled_from(p.allowed or (True,))) for p in channel.params}
    frames = encode([Subscribe(channel.name, tuple(symbols), params)], State(), stamp())
    commands = [c for w in frames for a in [request_of(w)] if a is not None for c in a.commands]

    assert [s for c in commands if isinstance(c, Subscribe) for s in c.symbols] == symbols
    assert isinstance(commands[0], Subscribe)
    assert commands[0].params == params


def test_a_depth_of_one_market_has_one_set_of_parameters() -> None:
    with pytest.raises(UsageError) as refused:
        frames_of("subscribe depth BTC_USDT limit=5 depth ETH_USDT BTC_USDT limit=10")
    same = frames_of("subscribe depth BTC_USDT limit=5 depth ETH_USDT limit=10 depth BTC_USDT limit=5")

    assert (
        "one depth of a market per connection (requested: limit=5 price_interval=0 and limit=10"
        in refused.value.message
    )
    assert len(same) == 2


PUSHES: list[tuple[Json, Kind, tuple[str, ...]]] = [
    # the params of a push of candles                          its kind       its markets
    ([[1, "1", "1", "1", "1", "1", "1", "BTC_USDT"]],          Kind.UPDATE,   ("BTC_USDT",)),
    ([{"market": "BTC_USDT"}],                                 Kind.UNKNOWN,  ()),
    ([dict.fromkeys(range(9))],                                Kind.UNKNOWN,  ()),
    (["BTC_USDT, and more"],                                   Kind.UNKNOWN,  ()),
    ([[1, "1", "1", "1", "1", "1", "1", 7]],                   Kind.UNKNOWN,  ()),
    ([[1]],                                                    Kind.UNKNOWN,  ()),
    ([None],                                                   Kind.UNKNOWN,  ()),
]  # fmt: skip


@pytest.mark.parametrize(("params", "kind", "symbols"), PUSHES)
def test_a_push_of_another_shape_is_unknown(params: Json, kind: Kind, symbols: tuple[str, ...]) -> None:
    event = decode({"method": "candles_update", "params": params, "id": None}, NOTHING)

    assert (event.kind, event.symbols) == (kind, symbols)
