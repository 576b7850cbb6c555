"""DigiFinex spot v1, where a table says more than a transcript."""

import json
import tracemalloc
import zlib
from collections.abc import Generator
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wscli.commands.parser import needs_login, parse
from wscli.core.decompression import MAX_INFLATED_BYTES
from wscli.core.dialect import Endpoint
from wscli.core.errors import CredentialsError, Rejected, Unsupported, UsageError
from wscli.core.jsontext import Json, Secret, parsed, written
from wscli.core.messages import (
    ActiveSubscription,
    Auth,
    Command,
    Credentials,
    Event,
    HttpResponse,
    Kind,
    LoginResult,
    Ping,
    Query,
    Request,
    RequestContext,
    State,
    Subscribe,
    Unsubscribe,
)
from wscli.core.record import replace
from wscli.exchanges.digifinex.dialect import DIGIFINEX, login, spell
from wscli.output.rows import columns, rows_of

HERE = Endpoint("wss://openapi.digifinex.com/ws/v1/")
SUCCESS = '{"error":null,"result":{"status":"success"},"id":%d}'


def stamp(now_ms: int = 1_700_000_000_000, first: int = 1) -> RequestContext:
    return RequestContext(now_ms * 1_000_000, count(first), lambda: UUID(int=1))


def sent(line: str, state: State = State(), first: int = 1) -> list[str]:  # noqa: B008
    verb, *words = line.split()
    every = "--all-symbols" in words
    commands = parse(DIGIFINEX, verb, [w for w in words if w != "--all-symbols"], all_symbols=every)
    return [written(frame, masked=False) for frame in DIGIFINEX.codec.encode(commands, state, stamp(first=first))]


def after_message(text: str, state: State) -> State:
    return DIGIFINEX.codec.learn(state, DIGIFINEX.codec.decode(parsed(text), state))


def after_requests(*frames: str) -> State:
    """Return the state after these frames of ours, none of them answered."""
    state = State()
    for frame in frames:
        state = DIGIFINEX.codec.learn(state, parsed(frame))
    return state


# --- what goes out -------------------------------------------------------------------------------

SENT = [
    # what is typed                                  its first id, and the frames
    ("ping",                                      1, ['{"id":1,"method":"server.ping","params":[]}']),
    ("query time",                                2, ['{"id":2,"method":"server.time","params":[]}']),
    ("subscribe trades BTC_USDT",                 3, ['{"id":3,"method":"trades.subscribe","params":["BTC_USDT"]}']),
    ("unsubscribe trades BTC_USDT",               4, ['{"id":4,"method":"trades.unsubscribe","params":["BTC_USDT"]}']),
    ("subscribe all_ticker",                      5, ['{"id":5,"method":"all_ticker.subscribe","params":[]}']),
    ("subscribe balance USDT BTC",                7, ['{"id":7,"method":"balance.subscribe","params":["USDT","BTC"]}']),
    ("subscribe depth BTC_USDT ETH_USDT",         7, ['{"id":7,"method":"depth.subscribe","params":["BTC_USDT","ETH_USDT"]}']),
    ("unsubscribe order --all-symbols",           8, ['{"id":8,"method":"order.unsubscribe","params":[]}']),
    ("unsubscribe all_ticker",                    9, ['{"id":9,"method":"all_ticker.unsubscribe","params":[]}']),
    ("subscribe ticker ETH_USDT,BTC_USDT depth 1INCH_USDT ticker XRP_USDT", 1,
                                                     ['{"id":1,"method":"ticker.subscribe","params":["ETH_USDT","BTC_USDT","XRP_USDT"]}',
                                                      '{"id":2,"method":"depth.subscribe","params":["1INCH_USDT"]}']),
]  # fmt: skip


@pytest.mark.parametrize(("line", "first", "frames"), SENT)
def test_the_frames_are_the_documented_ones(line: str, first: int, frames: list[str]) -> None:
    assert sent(line, first=first) == frames


def test_a_resubscription_of_one_symbol_each_is_one_frame_a_channel() -> None:
    again = [Subscribe("trades", ("A_USDT",)), Subscribe("depth", ("A_USDT",)), Subscribe("trades", ("B_USDT",))]

    assert [written(w) for w in DIGIFINEX.codec.encode(again, State(), stamp())] == [
        '{"id":1,"method":"trades.subscribe","params":["A_USDT","B_USDT"]}',
        '{"id":2,"method":"depth.subscribe","params":["A_USDT"]}',
    ]


def test_a_refused_symbol_is_not_asked_for_again() -> None:
    state = after_requests('{"id":1,"method":"trades.subscribe","params":["BTC_USDT"]}')
    state = after_message(SUCCESS % 1, state)
    state = DIGIFINEX.codec.learn(
        state, parsed('{"id":2,"method":"trades.subscribe","params":["BTC_USDT","NOPE_USDT"]}')
    )
    state = after_message('{"error":"no such market","result":null,"id":2}', state)

    assert not state.pending
    assert sent("subscribe trades ETH_USDT", state, 3) == [
        '{"id":3,"method":"trades.subscribe","params":["BTC_USDT","ETH_USDT"]}'
    ]


def test_what_is_being_ended_is_not_asked_for_again() -> None:
    state = State(active={("trades", s): ActiveSubscription(Subscribe("trades", (s,))) for s in ("A_USDT", "B_USDT")})
    one = DIGIFINEX.codec.learn(state, parsed('{"id":1,"method":"trades.unsubscribe","params":["A_USDT"]}'))
    every = DIGIFINEX.codec.learn(state, parsed('{"id":1,"method":"trades.unsubscribe","params":[]}'))

    assert sent("subscribe trades C_USDT", one) == ['{"id":1,"method":"trades.subscribe","params":["B_USDT","C_USDT"]}']
    assert sent("subscribe trades C_USDT", every) == ['{"id":1,"method":"trades.subscribe","params":["C_USDT"]}']
    assert sent("subscribe depth C_USDT", state) == ['{"id":1,"method":"depth.subscribe","params":["C_USDT"]}']


def test_what_ends_goes_out_before_what_starts_and_is_left_out_of_it() -> None:
    state = State(active={("trades", s): ActiveSubscription(Subscribe("trades", (s,))) for s in ("A_USDT", "B_USDT")})
    both = [Subscribe("trades", ("C_USDT",)), Unsubscribe("trades", ("A_USDT",)), Ping()]

    assert [written(w) for w in DIGIFINEX.codec.encode(both, state, stamp())] == [
        '{"id":1,"method":"trades.unsubscribe","params":["A_USDT"]}',
        '{"id":2,"method":"trades.subscribe","params":["B_USDT","C_USDT"]}',
        '{"id":3,"method":"server.ping","params":[]}',
    ]


def test_an_acknowledged_unsubscribe_from_all_leaves_the_other_channels() -> None:
    state = after_requests(
        '{"id":1,"method":"trades.subscribe","params":["A_USDT","B_USDT"]}',
        '{"id":2,"method":"depth.subscribe","params":["A_USDT"]}',
    )
    state = after_message(SUCCESS % 2, after_message(SUCCESS % 1, state))
    state = after_message(
        SUCCESS % 3, DIGIFINEX.codec.learn(state, parsed('{"id":3,"method":"trades.unsubscribe","params":[]}'))
    )

    assert [*state.active] == [("depth", "A_USDT")]


def test_everything_is_ended_only_on_purpose() -> None:
    with pytest.raises(UsageError, match="every symbol of trades"):
        DIGIFINEX.codec.encode([Unsubscribe("trades")], State(), stamp())

    with pytest.raises(UsageError, match="every symbol of trades"):
        parse(DIGIFINEX, "unsubscribe", ["trades"])

    assert sent("unsubscribe trades --all-symbols") == ['{"id":1,"method":"trades.unsubscribe","params":[]}']


def test_an_unknown_query_is_refused() -> None:
    with pytest.raises(Unsupported, match="kline"):
        DIGIFINEX.codec.encode([Query("kline")], State(), stamp())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("btc_usdt", "BTC_USDT"), ("BTCUSDT", "BTC_USDT"), ("BTC/USDT", "BTC_USDT"), ("btc-usdt", "BTC_USDT"),
     ("ethbtc", "ETH_BTC"), ("BTC_USDT", "BTC_USDT"), ("X", "X")],
)  # fmt: skip
def test_other_spellings_are_turned_into_the_exchange_s(typed: str, meant: str) -> None:
    assert spell(typed) == meant


@pytest.mark.parametrize("symbol", ["BTC_", "_USDT", "BTC__USDT", "BTC_USDT_X", "BTC USDT", "BTC_USDT\n", "*", "BTC"])
def test_no_other_shape_goes_out(symbol: str) -> None:
    with pytest.raises(UsageError):
        parse(DIGIFINEX, "subscribe", ["trades", symbol])


def test_private_channels_share_the_socket_and_need_the_login() -> None:
    for name, private in [
        ("trades", False),
        ("all_ticker", False),
        ("order", True),
        ("order_algo", True),
        ("balance", True),
    ]:
        command = Subscribe(name)

        assert DIGIFINEX.endpoints.route_of(command) == "public"
        assert needs_login(DIGIFINEX, [command]) is private


# --- our own frames, read back ---------------------------------------------------------------------

READ = [
    ('{"id":7,"method":"depth.subscribe","params":["BTC_USDT","ETH_USDT"]}', 7, (Subscribe("depth", ("BTC_USDT", "ETH_USDT")),)),
    ('{"id":0,"method":"order.unsubscribe","params":["eth_usdt","ETH_USDT"]}', 0, (Unsubscribe("order", ("ETH_USDT",)),)),
    ('{"id":1,"method":"balance.unsubscribe","params":[]}', 1, (Unsubscribe("balance", all_symbols=True),)),
    ('{"id":"a","method":"all_ticker.subscribe"}', "a", (Subscribe("all_ticker"),)),
    ('{"id":1,"method":"all_ticker.unsubscribe","params":[]}', 1, (Unsubscribe("all_ticker"),)),
    ('{"id":1,"method":"server.ping"}', 1, (Ping(),)),
    ('{"id":1,"method":"server.time","params":[]}', 1, (Query("time"),)),
    ('{"id":1,"method":"server.auth","params":["k","1","s"]}', 1, (Auth(),)),
    # answered once, but without a documented meaning: nothing is assumed to be open or ended
    ('{"id":1,"method":"trades.subscribe","params":[]}', 1, ()),
    ('{"id":1,"method":"trades.unsubscribe"}', 1, ()),
    ('{"id":1,"method":"trades.unsubscribe","params":[5]}', 1, ()),
    ('{"id":1,"method":"trades.unsubscribe","params":"BTC_USDT"}', 1, ()),
    ('{"id":1,"method":"depth.query","params":["BTC_USDT"]}', 1, ()),
    ('{"id":1,"method":"server.sign","params":[]}', 1, ()),
    ('{"id":1,"method":""}', 1, ()),
]  # fmt: skip


@pytest.mark.parametrize(("frame", "key", "commands"), READ)
def test_our_frames_are_read_back(frame: str, key: Any, commands: tuple[Command, ...]) -> None:
    assert DIGIFINEX.codec.request_of(parsed(frame)) == Request(key, commands)


@pytest.mark.parametrize("frame", ['{}', '{"method":"server.ping"}', '{"id":null,"method":"server.ping"}', '{"id":[],"method":"x"}',
                                   '{"id":true,"method":"server.ping"}', '{"id":1,"method":null}', '{"id":1.5,"method":"server.ping"}'])  # fmt: skip
def test_a_frame_without_an_id_or_a_method_asks_nothing(frame: str) -> None:
    assert DIGIFINEX.codec.request_of(parsed(frame)) is None


symbols = st.lists(st.from_regex(r"[A-Z0-9]{1,6}_[A-Z]{1,5}", fullmatch=True), min_size=1, max_size=4, unique=True)


@given(st.sampled_from(["trades", "depth", "ticker", "order", "order_algo"]), symbols, st.booleans())
@settings(max_examples=100)
def test_what_is_built_is_read_back(channel: str, names: list[str], ending: bool) -> None:
    command = (Unsubscribe if ending else Subscribe)(channel, tuple(names))
    (frame,) = DIGIFINEX.codec.encode([command], State(), stamp())

    assert DIGIFINEX.codec.request_of(parsed(written(frame, masked=False))) == Request(1, (command,))


# --- what is heard -------------------------------------------------------------------------------

PENDING = after_requests(
    '{"id":1,"method":"server.ping","params":[]}',
    '{"id":2,"method":"server.time","params":[]}',
    '{"id":3,"method":"depth.subscribe","params":["BTC_USDT"]}',
    '{"id":4,"method":"news.subscribe","params":[]}',
)
MESSAGES = [
    # what comes in                                                     kind           channel   code  reason      answers
    ('{"error":null,"result":"pong","id":1}',                           Kind.PONG,     None,     None, None,       1),
    ('{"result":"pong"}',                                               Kind.PONG,     None,     None, None,       None),
    ('{"error":null,"result":1700000000,"id":2}',                       Kind.REPLY,    "time",   None, None,       2),
    ('{"error":null,"result":1700000000.5,"id":2}',                     Kind.REPLY,    "time",   None, None,       2),
    ('{"error":null,"result":"1700000000","id":2}',                     Kind.REPLY,    "time",   None, None,       2),
    ('{"error":null,"result":1700000000,"id":99}',                      Kind.REPLY,    "time",   None, None,       None),
    ('{"error":null,"result":17,"id":4}',                               Kind.UNKNOWN,  None,     None, None,       4),
    ('{"error":null,"result":true,"id":2}',                             Kind.UNKNOWN,  None,     None, None,       2),
    ('{"error":null,"result":"soon","id":2}',                           Kind.UNKNOWN,  None,     None, None,       2),
    ('{"error":null,"result":{"status":"success","more":1},"id":3}',    Kind.ACK,      "depth",  None, "success",  3),
    ('{"result":{"status":"success"},"id":3}',                          Kind.ACK,      "depth",  None, "success",  3),
    ('{"error":"","result":{"status":"success"},"id":3}',               Kind.ACK,      "depth",  None, "success",  3),
    ('{"error":null,"result":{"status":"success"},"id":"3"}',           Kind.ACK,      None,     None, "success",  None),
    ('{"error":null,"result":{"status":"success"},"id":true}',          Kind.ACK,      None,     None, "success",  None),
    ('{"error":null,"result":{"status":"fail"},"id":3}',                Kind.ERROR,    "depth",  None, "fail",     3),
    ('{"error":null,"result":{"status":null},"id":3}',                  Kind.ERROR,    "depth",  None, None,       3),
    ('{"error":"bad","result":{"status":"success"},"id":3}',            Kind.ERROR,    "depth",  None, "bad",      3),
    ('{"error":{"code":1,"message":"bad"},"result":null,"id":3}',       Kind.ERROR,    "depth",  1,    "bad",      3),
    ('{"error":{"code":[1],"message":"bad"},"id":3}',                   Kind.ERROR,    "depth",  None, "bad",      3),
    ('{"error":{"code":"1"},"id":3}',                                   Kind.ERROR,    "depth",  "1",  None,       3),
    ('{"error":{},"id":3}',                                             Kind.ERROR,    "depth",  None, None,       3),
    ('{"error":{"code":2,"message":"bad"},"id":null}',                  Kind.ERROR,    None,     2,    "bad",      None),
    ('{"error":10005,"id":4}',                                          Kind.ERROR,    None,     None, "10005",    4),
    ('{"error":["bad"],"id":4}',                                        Kind.ERROR,    None,     None, None,       4),
    ('{"method":"depth.update","params":[true,{"asks":[]},"A_B"]}',     Kind.SNAPSHOT, "depth",  None, None,       None),
    ('{"method":"depth.update","params":[false,{},"A_B",9],"id":null}', Kind.UPDATE,   "depth",  None, None,       None),
    ('{"method":"depth.update","params":[false,[],"A_B"],"id":null}',   Kind.UNKNOWN,  None,     None, None,       None),
    ('{"method":"depth.update","params":[1,{},"A_B"],"id":null}',       Kind.UNKNOWN,  None,     None, None,       None),
    ('{"method":"trades.update","params":[true,[],"A_B"],"id":null}',   Kind.SNAPSHOT, "trades", None, None,       None),
    ('{"method":"trades.update","params":[true,{},"A_B"],"id":null}',   Kind.UNKNOWN,  None,     None, None,       None),
    ('{"method":"trades.update","params":[true,[]],"id":null}',         Kind.UNKNOWN,  None,     None, None,       None),
    ('{"method":"ticker.update","params":[],"id":null}',                Kind.UPDATE,   "ticker", None, None,       None),
    ('{"method":"ticker.update","params":["x"],"id":null}',             Kind.UNKNOWN,  None,     None, None,       None),
    ('{"method":"balance.update","params":[{"free":"1"}],"id":null}',   Kind.UPDATE,   "balance", None, None,      None),
    ('{"method":"depth.subscribe","params":["A_B"],"id":3}',            Kind.UNKNOWN,  None,     None, None,       3),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "channel", "code", "reason", "answers"), MESSAGES)
def test_messages_are_told_apart(
    text: str, kind: Kind, channel: str | None, code: Any, reason: str | None, answers: Any
) -> None:
    event = DIGIFINEX.codec.decode(parsed(text), PENDING)

    assert (event.kind, event.channel, event.code, event.reason, event.request_id) == (
        kind,
        channel,
        code,
        reason,
        answers,
    )


TOPICS = [
    ('{"method":"trades.update","params":[false,[],"BTC_USDT"]}', ("trades", "BTC_USDT"), Subscribe("trades", ("BTC_USDT",))),
    ('{"method":"all_ticker.update","params":[{"symbol":"A_B"}]}', ("all_ticker",), Subscribe("all_ticker")),
    ('{"method":"balance.update","params":[{"currency":"BTC"}]}', ("balance", "BTC"), Subscribe("balance", ("BTC",))),
    ('{"method":"order.update","params":[{"symbol":"A_B"},{"symbol":"C_D"}]}', ("order", "C_D"), Subscribe("order", ("A_B", "C_D"))),
    ('{"method":"order_algo.update","params":[{"symbol":"A_B"},{"symbol":"C_D"}]}', ("order_algo", "A_B"), Subscribe("order_algo", ("A_B", "C_D"))),
]  # fmt: skip


@pytest.mark.parametrize(("text", "topic", "subscription"), TOPICS)
def test_data_is_tied_to_its_subscription(text: str, topic: Any, subscription: Subscribe) -> None:
    state = State(active={("order", "C_D"): ActiveSubscription(Subscribe("order", ("C_D",)))})
    event = DIGIFINEX.codec.decode(parsed(text), state)

    assert (event.topic, event.subscription) == (topic, subscription)


def test_the_first_data_begins_a_subscription() -> None:
    state = after_message(SUCCESS % 1, after_requests('{"id":1,"method":"depth.subscribe","params":["BTC_USDT"]}'))

    assert not state.active["depth", "BTC_USDT"].has_data
    state = after_message('{"method":"depth.update","params":[true,{"asks":[],"bids":[]},"BTC_USDT"],"id":null}', state)
    assert state.active["depth", "BTC_USDT"].has_data


def labelled(text: str) -> list[dict[str, Json]]:
    return list(rows_of(DIGIFINEX, DIGIFINEX.codec.decode(parsed(text), State())))


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        (
            "order",
            {0: "open", 1: "partly filled", 2: "filled", 3: "cancelled", 4: "partly filled and cancelled", 5: "5"},
        ),
        ("order_algo", {-2: "failed", -1: "cancelled", 0: "waiting", 1: "taking effect", 2: "done", 3: "3"}),
    ],
)
def test_a_status_is_reported_in_words(name: str, codes: dict[int, str]) -> None:
    orders = [{"symbol": "A_B", "status": code} for code in codes]
    rows = labelled(json.dumps({"method": f"{name}.update", "params": orders, "id": None}))

    assert [row["status"] for row in rows] == [*codes.values()]


def test_what_the_exchange_adds_later_is_shown_too() -> None:
    (row,) = labelled('{"method":"balance.update","params":[{"currency":"BTC","free":"1","debt":0.10}],"id":null}')

    assert row == {
        "kind": "update",
        "channel": "balance",
        "symbol": "BTC",
        "currency": "BTC",
        "available": "1",
        "debt": "0.10",
    }


def test_odd_levels_raise_nothing() -> None:
    bids = [["1", "0E-8"], ["2", 10**400], [], 7]
    text = json.dumps({"method": "depth.update", "params": [False, {"asks": 5, "bids": bids}, "A_B"]})

    assert [(row.get("price"), row["action"]) for row in labelled(text)] == [
        ("1", "delete"), ("2", "set"), (None, "set"), ("7", "set"),
    ]  # fmt: skip


def test_what_is_no_row_is_passed_over() -> None:
    rows = labelled('{"method":"order.update","params":[{"symbol":"A_B","mode":9},true,{"symbol":"C_D"}],"id":null}')

    assert [(row["symbol"], row.get("mode")) for row in rows] == [("A_B", "9"), ("C_D", None)]


def test_both_tickers_label_alike() -> None:
    ticker, all_ticker = DIGIFINEX.channel("ticker"), DIGIFINEX.channel("all_ticker")

    assert ticker is not None
    assert all_ticker is not None
    assert columns([ticker]) == columns([all_ticker])


# --- frames --------------------------------------------------------------------------------------

PONG = '{"error":null,"result":"pong","id":7}'
VECTORS = [
    ("78daab564a2d2aca2f52b2ca2bcdc9d1512a4a2d2ecd2951b2522ac8cf4b57d251ca4c51b232af0500f5c30c4b", PONG),
    ("ab564a2d2aca2f52b2ca2bcdc9d1512a4a2d2ecd2951b2522ac8cf4b57d251ca4c51b232af0500", PONG),
    ("78da458e410a83301444ef32ebcfc744457057eb0ddaae24484a024ab5064d56e2ddfba5d02edfbcb7981db38fc3e250c3f910074ec1d9e8"
     "410876b5f386ba8b6bf2b4c36eaf933aa84c732941ce0a86be5c08675cc118c27374ff508b50accb5fa96428a43b0897e6da3f6eed5d1c46"
     "79f04ed3747c00fdeb27b8",
     '{"method":"depth.update","params":[true,{"asks":[["102.5","3.1"],["102.4","0.7"]],"bids":[["102.2","1.25"],["102.1","4"]]},"ABC_USDT"],"id":null}'),
]  # fmt: skip


def raw(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(("frame", "text"), VECTORS)
def test_the_documented_frames_inflate(frame: str, text: str) -> None:
    assert DIGIFINEX.codec.inflate(bytes.fromhex(frame)) == text


@pytest.mark.parametrize("text", [PONG, "[1]", '"x"', "", "é€😀", "7" * 100_000])
@pytest.mark.parametrize("pack", [zlib.compress, lambda data: zlib.compress(data, 0), raw])
def test_text_survives_either_compression(text: str, pack: Any) -> None:
    assert DIGIFINEX.codec.inflate(pack(text.encode())) == text


@given(st.text(max_size=80))
@settings(max_examples=100)
def test_json_in_a_binary_frame_that_is_not_compressed_is_read_as_it_is(text: str) -> None:
    for plain in (json.dumps({"error": text}, ensure_ascii=False), json.dumps([text]), PONG):
        assert DIGIFINEX.codec.inflate(plain.encode()) == plain


def test_a_text_frame_is_left_alone() -> None:
    assert DIGIFINEX.codec.inflate(PONG) == PONG


def test_each_frame_is_a_stream_of_its_own() -> None:
    frame = zlib.compress(PONG.encode())

    assert [DIGIFINEX.codec.inflate(frame), DIGIFINEX.codec.inflate(frame)] == [PONG, PONG]


WHOLE = zlib.compress(VECTORS[2][1].encode())


@pytest.mark.parametrize("length", range(len(WHOLE)))
def test_a_frame_cut_short_is_an_error_wherever_it_is_cut(length: int) -> None:
    with pytest.raises(ValueError, match="is incomplete"):
        DIGIFINEX.codec.inflate(WHOLE[:length])


def test_a_raw_frame_cut_short_is_an_error() -> None:
    with pytest.raises(ValueError, match="neither zlib nor deflate nor UTF-8"):
        DIGIFINEX.codec.inflate(raw(VECTORS[2][1].encode())[:-2])


@pytest.mark.parametrize("more", [b"\0", b"x", WHOLE])
def test_what_follows_a_stream_is_an_error_and_not_dropped(more: bytes) -> None:
    with pytest.raises(ValueError, match="continues after its end"):
        DIGIFINEX.codec.inflate(WHOLE + more)


def test_a_damaged_frame_is_told_by_its_first_bytes() -> None:
    with pytest.raises(ValueError, match="starts 1f 8b 08 00 ff"):
        DIGIFINEX.codec.inflate(b"\x1f\x8b\x08\x00\xff")
    with pytest.raises(ValueError, match=f"starts {WHOLE[:8].hex(' ')}"):
        DIGIFINEX.codec.inflate(WHOLE[:-1] + bytes([WHOLE[-1] ^ 1]))  # the check sum
    with pytest.raises(ValueError, match="UTF-8"):
        DIGIFINEX.codec.inflate(zlib.compress(b"\xff\xfe"))


@pytest.mark.parametrize("pack", [zlib.compress, raw])
def test_a_bomb_is_an_error_and_costs_little(pack: Any) -> None:
    bomb = pack(bytes(128 << 20))
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="more than 16 MiB"):
            DIGIFINEX.codec.inflate(bomb)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(bomb) * 1000 < 140 << 20
    assert peak < 50 << 20


def test_the_largest_frame_is_let_through() -> None:
    assert len(DIGIFINEX.codec.inflate(zlib.compress(b" " * MAX_INFLATED_BYTES))) == MAX_INFLATED_BYTES
    with pytest.raises(ValueError, match="16 MiB"):
        DIGIFINEX.codec.inflate(zlib.compress(b" " * (MAX_INFLATED_BYTES + 1)))


@given(st.binary(max_size=60))
@settings(max_examples=200)
def test_any_bytes_are_a_text_or_a_value_error(data: bytes) -> None:
    try:
        assert isinstance(DIGIFINEX.codec.inflate(data), str)
    except ValueError as error:
        assert str(error)


# --- the login -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("secret", "now", "signature"),
    [
        # the vectors of the protocol notes: standard base64 of HMAC-SHA256 over the milliseconds alone
        ("wscli-test-secret-0001", 1700000000000, "lw7U+bsrKObEC4Z/UNMeEevGvX+SSI1exzXh9WIwn38="),
        ("digifinexSecretExample9", 1735689600123, "JL61ufCQ68X5beFw1XtIE/JY5KwWpM6u93cQaNorNvo="),
    ],
)
def test_the_login_is_signed_as_documented(secret: str, now: int, signature: str) -> None:
    steps = login(Credentials(Secret("wscli-test-key"), Secret(secret)), stamp(now, 6), HERE)
    frame = next(steps)

    assert written(frame, masked=False) == (
        f'{{"id":6,"method":"server.auth","params":["wscli-test-key","{now}","{signature}"]}}'
    )
    for shown in (repr(frame), str(frame), written(frame)):
        assert not any(secret_text in shown for secret_text in ("wscli-test-key", secret, signature))


def finish(steps: Generator[Any, Any, LoginResult], event: Event) -> LoginResult:
    next(steps)
    with pytest.raises(StopIteration) as done:
        steps.send(event)
    login_result: LoginResult = done.value.value
    return login_result


def test_an_acknowledged_login_is_a_grant() -> None:
    steps = login(Credentials(Secret("k"), Secret("s")), stamp(), HERE)
    state = after_requests('{"id":1,"method":"server.auth","params":["k","1","s"]}')

    assert finish(steps, DIGIFINEX.codec.decode(parsed(SUCCESS % 1), state)) == LoginResult()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ('{"error":{"code":6,"message":"bad signature"},"result":null,"id":1}', "login: 6 bad signature"),
        ('{"error":"wrong api key","result":null,"id":1}', "login: wrong api key"),
        ('{"error":null,"result":{"status":"fail"},"id":1}', "login: fail"),
        ('{"error":{},"result":null,"id":1}', "login: no reason given"),
        ('{"error":null,"result":null,"id":1}', "login: no reason given"),
    ],
)
def test_a_refused_login_keeps_the_words_of_the_exchange(answer: str, words: str) -> None:
    steps = login(Credentials(Secret("k"), Secret("s")), stamp(), HERE)
    next(steps)
    with pytest.raises(Rejected) as refused:
        steps.send(DIGIFINEX.codec.decode(parsed(answer), State()))

    assert refused.value.message == f"digifinex rejected the {words}"


def test_an_http_reply_is_no_login() -> None:
    steps = login(Credentials(Secret("k"), Secret("s")), stamp(), HERE)
    next(steps)
    with pytest.raises(Rejected):
        steps.send(HttpResponse(200, {}, b""))


@pytest.mark.parametrize("credentials", [Credentials(), Credentials(Secret("k")), Credentials(None, Secret("s"))])
def test_a_login_without_key_and_secret_says_which_variables_to_set(credentials: Credentials) -> None:
    with pytest.raises(CredentialsError) as refused:
        next(login(credentials, stamp(), HERE))

    assert "WSCLI_DIGIFINEX_KEY and WSCLI_DIGIFINEX_SECRET" in str(refused.value.hint)


# --- anything ------------------------------------------------------------------------------------

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
)
anything = st.recursive(
    scalars | st.sampled_from(["BTC_USDT", "success", "pong", "buy", "1700000000"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.text(max_size=6) | st.sampled_from(["status", "code", "message", "symbol", "currency", "asks", "bids", "price"]),
        inner, max_size=4),
    max_leaves=12,
)  # fmt: skip
methods = st.sampled_from(
    [f"{c.name}.{verb}" for c in DIGIFINEX.facts.channels for verb in ("update", "subscribe", "unsubscribe")]
    + ["server.auth", "server.ping", "server.time", ".update", ".", "server."]
)
alike = st.fixed_dictionaries(
    {},
    optional={
        "id": st.integers(0, 5) | anything,
        "method": methods | anything,
        "params": st.lists(anything, max_size=4)
        | st.tuples(st.booleans(), anything, st.just("BTC_USDT")).map(list)
        | anything,
        "result": anything,
        "error": st.none() | anything,
    },
)


@given(anything | alike)
@settings(max_examples=300)
def test_decode_raises_nothing_whatever_comes(value: Any) -> None:
    payload = parsed(json.dumps(value))
    event = DIGIFINEX.codec.decode(payload, PENDING)

    assert event.payload is payload
    DIGIFINEX.codec.learn(
        replace(PENDING, active={("trades", "BTC_USDT"): ActiveSubscription(Subscribe("trades", ("BTC_USDT",)))}), event
    )
    list(rows_of(DIGIFINEX, event))


@given(alike | st.dictionaries(st.text(max_size=6), anything, max_size=4))
@settings(max_examples=200)
def test_asked_raises_nothing_whatever_is_sent(value: Any) -> None:
    DIGIFINEX.codec.learn(PENDING, parsed(json.dumps(value)))


@pytest.mark.parametrize(
    "text",
    ['{"id":-0,"result":"pong"}', '{"error":%s,"id":1}' % ("[" * 400 + "]" * 400), '{"error":{"message":%s}}' % ("[" * 400 + "]" * 400),
     '{"result":{"status":%s}}' % ("[" * 400 + "]" * 400), '{"id":%s,"result":1}' % ("9" * 5000), '{"result":%s}' % ("9" * 5000)],
)  # fmt: skip
def test_deep_and_long_payloads_raise_nothing(text: str) -> None:
    payload = parsed(text)

    assert DIGIFINEX.codec.decode(payload, PENDING).payload is payload
