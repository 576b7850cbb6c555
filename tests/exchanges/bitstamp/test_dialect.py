"""Bitstamp v2, where a table says more than a transcript."""

from collections.abc import Iterator
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wscli.commands.parser import parse
from wscli.core.catalogue import STANDARD_FIELD_NAMES
from wscli.core.dialect import Endpoint
from wscli.core.errors import CredentialsError, Rejected, UsageError
from wscli.core.jsontext import Number, Secret, parsed, written
from wscli.core.messages import (
    ActiveSubscription,
    Command,
    Credentials,
    Event,
    HttpRequest,
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
    summary,
)
from wscli.exchanges.bitstamp.catalogue import CHANNELS, spell, spell_perpetual
from wscli.exchanges.bitstamp.channel_names import channel_names, subscription_of
from wscli.exchanges.bitstamp.decoder import decode
from wscli.exchanges.bitstamp.dialect import BITSTAMP, encode, request_of
from wscli.exchanges.bitstamp.login import login
from wscli.output.rows import rows_of

HERE = Endpoint("wss://ws.bitstamp.net", "https://www.bitstamp.net")
NONCE = UUID("6b1a2f9e-1a2b-4c3d-8e4f-5a6b7c8d9e0f")
DEMO = Credentials(Secret("demo-key"), Secret("demo-secret"), source="the test")
GRANTED = State(login_result=LoginResult(Secret("tok-0001"), "4242"))
NOTHING = State()


def stamp(now_ms: int = 1_700_000_000_000) -> RequestContext:
    return RequestContext(now_ms * 1_000_000, count(1), lambda: NONCE)


def frames_of(line: str, state: State = NOTHING) -> list[str]:
    """Return the frames of a typed line, as they go to the wire."""
    verb, *words = line.split()
    return [written(w, masked=False) for w in encode(parse(BITSTAMP, verb, words), state, stamp())]


def after(*frames: str, state: State = NOTHING) -> State:
    """Return what is remembered after frames of ours (>) and of theirs (<)."""
    for frame in frames:
        wire = parsed(frame[1:])
        state = BITSTAMP.codec.learn(state, wire if frame[0] == ">" else decode(wire, state))
    return state


def subscribed(name: str) -> str:
    return f'>{{"event":"bts:subscribe","data":{{"channel":"{name}"}}}}'


def accepted(name: str, verb: str = "subscription") -> str:
    return f'<{{"event":"bts:{verb}_succeeded","channel":"{name}","data":{{}}}}'


# --- what we say ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "frame"),
    [
        ("subscribe live_trades_ethusd", '{"event":"bts:subscribe","data":{"channel":"live_trades_ethusd"}}'),
        ("unsubscribe live_trades ethusd", '{"event":"bts:unsubscribe","data":{"channel":"live_trades_ethusd"}}'),
        ("subscribe my_orders ethusd",
         '{"event":"bts:subscribe","data":{"channel":"private-my_orders_ethusd-4242","auth":"tok-0001"}}'),
        ("subscribe private-my_orders_ethusd",
         '{"event":"bts:subscribe","data":{"channel":"private-my_orders_ethusd-4242","auth":"tok-0001"}}'),
        ("subscribe private-my_orders_ethusd-perp",
         '{"event":"bts:subscribe","data":{"channel":"private-my_orders_ethusd-perp-4242","auth":"tok-0001"}}'),
        ("subscribe private-my_orders_ethusd-perp-77",
         '{"event":"bts:subscribe","data":{"channel":"private-my_orders_ethusd-perp-77","auth":"tok-0001"}}'),
        ("subscribe my_trades_ethusd-77",
         '{"event":"bts:subscribe","data":{"channel":"private-my_trades_ethusd-77","auth":"tok-0001"}}'),
        ("subscribe private-live_order_trades_ethusd",
         '{"event":"bts:subscribe","data":{"channel":"private-live_order_trades_ethusd-4242","auth":"tok-0001"}}'),
        ("subscribe my_token_settlements user_id=77",
         '{"event":"bts:subscribe","data":{"channel":"private-my_token_settlements-77","auth":"tok-0001"}}'),
        ("subscribe my_liquidations-77",
         '{"event":"bts:subscribe","data":{"channel":"private-my_liquidations-77","auth":"tok-0001"}}'),
        # without a token: an open subscription outlives it
        ("unsubscribe my_settlements", '{"event":"bts:unsubscribe","data":{"channel":"private-my_settlements-4242"}}'),
        ("ping", '{"event":"bts:heartbeat"}'),
    ],
)  # fmt: skip
def test_a_typed_line_is_this_frame(line: str, frame: str) -> None:
    assert frames_of(line, GRANTED) == [frame]


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda c: c.name)
def test_every_frame_is_read_back_as_the_command_it_was_made_of(channel: Any) -> None:
    for verb in ("subscribe", "unsubscribe"):
        for frame in encode(parse(BITSTAMP, verb, channel.example.split()), GRANTED, stamp()):
            request = request_of(frame)
            assert request is not None

            (command,) = request.commands
            assert isinstance(command, Subscribe | Unsubscribe)
            assert command.channel == channel.name
            assert command.params == ({"user_id": 4242} if channel.private else {})
            assert encode([command], GRANTED, stamp()) == (frame,)
            assert request.key == (f"bts:{verb}", frame["data"]["channel"])


@pytest.mark.parametrize(
    ("name", "channel", "symbols", "user"),
    [
        ("live_trades_btcusd", "live_trades", ("btcusd",), None),
        ("live_trades_btcusd-perp", "live_trades", ("btcusd-perp",), None),
        ("detail_order_book_btcusd", "detail_order_book", ("btcusd",), None),
        ("announcements", "announcements", (), None),
        ("private-my_orders_btcusd-perp-4242", "private-my_orders", ("btcusd-perp",), 4242),
        ("private-my_orders_btcusd-perp", "private-my_orders", ("btcusd-perp",), None),
        ("private-my_orders_btcusd-***", "private-my_orders", ("btcusd",), None),
        ("private-live_trades_btcusd-7", "private-live_trades", ("btcusd",), 7),
        ("private-my_settlements-4242", "private-my_settlements", (), 4242),
        ("private-my_settlements", "private-my_settlements", (), None),
        # names that nobody documents are channels of their own
        ("order_book", "order_book", (), None),
        ("live_trades_", "live_trades_", (), None),
        ("announcements_btcusd", "announcements_btcusd", (), None),
        ("private-new_btcusd-4242", "private-new_btcusd-4242", (), None),
        ("private-my_orders_btcusd-" + "9" * 5000, "private-my_orders", ("btcusd-" + "9" * 5000,), None),
        ("", "", (), None),
    ],
)
def test_a_wire_name_is_cut_as_documented(name: str, channel: str, symbols: tuple[str, ...], user: int | None) -> None:
    assert subscription_of(name) == Subscribe(channel, symbols, {} if user is None else {"user_id": user})


@pytest.mark.parametrize(
    ("symbol", "meant"),
    [
        ("BTCUSD", "btcusd"),
        ("BTC/USD", "btcusd"),
        ("btc-usd", "btcusd"),
        ("btc_usd", "btcusd"),
        ("BTC:EUR", "btceur"),
        ("1INCH/USD", "1inchusd"),
        ("BTC/USD-PERP", "btcusd-perp"),
        ("BTC_USD_PERP", "btcusd-perp"),
        ("btcusdperp", "btcusd-perp"),
        ("BTCUSD-PERP", "btcusd-perp"),
        ("PERP/USD", "perpusd"),
    ],
)
def test_other_spellings_of_a_market_are_a_near_miss(symbol: str, meant: str) -> None:
    assert BITSTAMP.facts.symbol_spelling.suggestion(symbol) == spell(symbol) == meant
    assert spell_perpetual(symbol) == meant.removesuffix("-perp") + "-perp"
    with pytest.raises(UsageError) as refused:
        frames_of(f"subscribe live_trades {symbol}")

    assert refused.value.hint == f"did you mean {meant}?"


@pytest.mark.parametrize("symbol", BITSTAMP.facts.common_symbols)
def test_the_markets_are_of_the_shape(symbol: str) -> None:
    assert BITSTAMP.facts.symbol_spelling.matches(symbol)
    assert spell(symbol) == symbol


@pytest.mark.parametrize(
    "word", ["diff_order_bok", "live_trade", "my-orders", "x", "btcusd\n", "btc usd", "-perp", "ბიტ"]
)
def test_a_mistyped_channel_is_no_market(word: str) -> None:
    assert not BITSTAMP.facts.symbol_spelling.matches(word)
    assert BITSTAMP.facts.symbol_spelling.suggestion(word) is None


def test_a_frame_of_512_bytes_is_refused_and_one_of_511_is_sent() -> None:
    bare = len('{"event":"bts:subscribe","data":{"channel":"private-my_orders_ethusd-4242","auth":""}}')

    def with_token(size: int) -> State:
        return State(login_result=LoginResult(Secret("t" * (size - bare)), "4242"))

    (frame,) = frames_of("subscribe my_orders ethusd", with_token(511))
    with pytest.raises(UsageError, match="511 bytes") as refused:
        frames_of("subscribe my_orders ethusd", with_token(512))

    assert len(frame) == 511
    assert "tttt" not in f"{refused.value.message}{refused.value.hint}"


def test_channel_1025_of_a_connection_is_refused() -> None:
    full = State(
        active={
            f"live_trades_a{n}usd": ActiveSubscription(subscription_of(f"live_trades_a{n}usd")) for n in range(1023)
        }
    )

    assert len(frames_of("subscribe live_trades btcusd", full)) == 1
    assert len(frames_of("subscribe live_trades a1usd btcusd", full)) == 2
    with pytest.raises(UsageError, match="1024 channels"):
        frames_of("subscribe live_trades btcusd ethusd", full)
    with pytest.raises(UsageError, match="1024 channels"):
        frames_of("subscribe live_trades btcusd", after(subscribed("live_trades_ethusd"), state=full))


@pytest.mark.parametrize("state", [NOTHING, State(login_result=LoginResult(Secret("***")))])
def test_a_rehearsal_has_stars_for_the_number(state: State) -> None:
    (frame,) = encode([Subscribe("private-my_orders", ("ethusd",))], state, stamp())

    assert written(frame) == '{"event":"bts:subscribe","data":{"channel":"private-my_orders_ethusd-***","auth":"***"}}'
    with pytest.raises(UsageError):
        encode([Query("x")], NOTHING, stamp())


def test_the_token_is_on_the_wire_and_nowhere_else() -> None:
    commands: list[Command] = [Subscribe("private-my_orders", ("ethusd",))]
    (frame,) = encode(commands, GRANTED, stamp())

    assert "tok-0001" in written(frame, masked=False)
    assert "tok-0001" not in written(frame) + repr(frame) + repr(GRANTED) + repr(request_of(frame))


# --- what is remembered --------------------------------------------------------------------------


def test_an_unsubscribe_ends_the_channels_that_are_open_whoever_they_belong_to() -> None:
    names = ["private-my_orders_ethusd-7", "private-my_orders_ethusd-8", "private-my_orders_btcusd-7"]
    state = after(*(f(n) for n in names for f in (subscribed, accepted)), state=GRANTED)
    ended = frames_of("unsubscribe my_orders ethusd ltcusd", state)

    assert list(state.active) == names
    assert [parsed(f)["data"]["channel"] for f in ended] == [*names[:2], "private-my_orders_ltcusd-4242"]
    assert len(frames_of("unsubscribe my_orders ethusd user_id=8", state)) == 1

    state = after(*(f">{f}" for f in ended), accepted(names[0], "unsubscription"), state=state)
    assert list(state.active) == names[1:]
    assert len(state.pending) == 2


def test_what_was_open_can_be_asked_for_again_on_a_new_socket() -> None:
    names = ["live_trades_btcusd-perp", "private-my_settlements-7", "new_channel_of_theirs"]
    state = after(*(f(n) for n in names for f in (subscribed, accepted)))
    again = encode([a.subscribe for a in state.active.values()], GRANTED, stamp())

    assert [w["data"]["channel"] for w in again] == names
    assert ["auth" in w["data"] for w in again] == [False, True, False]


def test_the_first_message_begins_a_subscription() -> None:
    message = '<{"event":"data","channel":"order_book_btcusd","data":{"bids":[],"asks":[]}}'
    before = after(subscribed("order_book_btcusd"), accepted("order_book_btcusd"))

    assert not before.active["order_book_btcusd"].has_data
    assert after(message, state=before).active["order_book_btcusd"].has_data
    assert before.pending == {}


def test_an_ack_that_nobody_waits_for_changes_nothing() -> None:
    state = after(subscribed("live_trades_btcusd"))
    again = after(accepted("live_trades_ethusd"), accepted("live_trades_btcusd", "unsubscription"), state=state)

    assert again == state


BEAT = '>{"event":"bts:heartbeat"}'


@pytest.mark.parametrize(
    ("pending", "channel", "code", "blamed"),
    [
        # the only one; else the oldest that it can be about: 4009 a private one, none a heartbeat
        ([BEAT], "", None, ("bts:heartbeat", "")),
        ([subscribed("live_trades_x")], "", 4009, ("bts:subscribe", "live_trades_x")),
        ([subscribed("live_trades_x"), subscribed("live_trades_y")], "", None, ("bts:subscribe", "live_trades_x")),
        ([subscribed("live_trades_x"), subscribed("private-my_trades_x-1")], "", 4009,
         ("bts:subscribe", "private-my_trades_x-1")),
        ([BEAT, subscribed("live_trades_x")], "", None, ("bts:subscribe", "live_trades_x")),
        ([subscribed("live_trades_x"), subscribed("live_trades_y")], "live_trades_y", None,
         ("bts:subscribe", "live_trades_y")),
        ([subscribed("live_trades_x")], "live_trades_y", None, None),
        ([], "", 4009, None),
    ],
)  # fmt: skip
def test_an_error_is_laid_at_the_likeliest_door(pending: list[str], channel: str, code: Any, blamed: Any) -> None:
    error = {"event": "bts:error", "channel": channel, "data": {"code": code, "message": "No."}}
    event = decode(error, after(*pending))

    assert (event.kind, event.request_id, event.code, event.reason) == (Kind.ERROR, blamed, code, "No.")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ('{"code":4009,"message":"No."}', "error: 4009 No."),
        ('{"code":null,"message":null}', "error"),
        ('{"code":true,"message":1.10}', "error: 1.10"),
        ('"No."', "error: No."),
        ("[]", "error: []"),
    ],
)
def test_an_error_keeps_the_words_of_the_exchange(data: str, reason: str) -> None:
    assert summary(decode(parsed(f'{{"event":"bts:error","channel":"","data":{data}}}'), NOTHING)) == reason


def test_a_pong_answers_the_ping() -> None:
    pong = {"event": "bts:heartbeat", "channel": "", "data": {"status": "success"}}

    assert decode(pong, after(BEAT)).request_id == ("bts:heartbeat", "")
    assert decode(pong, NOTHING).kind is Kind.PONG


# --- what we hear --------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda c: c.name)
def test_an_event_says_whose_it_is(channel: Any) -> None:
    name = channel.wire_name.replace("{symbol}", "btcusd-perp").replace("{user_id}", "4242")
    event = decode({"event": "whatever", "channel": name, "data": {}}, NOTHING)

    assert event.channel == channel.name
    assert event.symbols == (("btcusd-perp",) if "{symbol}" in channel.wire_name else ())
    assert event.subscription is not None
    assert event.subscription.params == ({"user_id": 4242} if channel.private else {})
    assert event.topic == name
    assert event.kind is (Kind.SNAPSHOT if channel.name in ("order_book", "detail_order_book") else Kind.UPDATE)


def labelled(text: str) -> list[dict[str, Any]]:
    return list(rows_of(BITSTAMP, decode(parsed(text), NOTHING)))


def test_a_level_keeps_what_an_exchange_adds_to_it() -> None:
    message = '{"event":"data","channel":"diff_order_book_x","data":{"microtimestamp":"1700000001000200","bids":[["1.10",0e-8,"new"]]}}'

    assert labelled(message.replace("_x", "_btcusd")) == [
        {"kind": "update", "channel": "diff_order_book", "symbol": "btcusd", "side": "bid", "action": "delete",
         "price": "1.10", "size": "0e-8", "time": "2023-11-14T22:13:21.000200Z", "2": "new"}
    ]  # fmt: skip


@pytest.mark.parametrize(
    "data",
    ["5", "[1]", '[["1","2"],3]', '{"bids":5}', '{"bids":[7,null,"x",[],{}]}', '{"bids":{},"asks":[[[]]]}', "{}", "null",
     '{"trading_halt_details":7}', '{"timestamp":{},"price":[],"price_str":null}'],
)  # fmt: skip
@pytest.mark.parametrize("channel", CHANNELS, ids=lambda c: c.name)
def test_odd_data_raises_nothing(channel: Any, data: str) -> None:
    name = channel.wire_name.replace("{symbol}", "btcusd").replace("{user_id}", "4242")
    event = decode(parsed(f'{{"event":"data","channel":"{name}","data":{data}}}'), NOTHING)

    assert isinstance(list(rows_of(BITSTAMP, event)), list)


ODD: list[Any] = [
    None, True, 1, 1.5, "x", [], {}, {"event": 5}, {"event": []}, {"event": "bts:error"}, {"event": "bts:error", "data": 5},
    {"event": "bts:error", "channel": [], "data": {"code": [], "message": {}}}, {"event": "bts:error", "channel": {"a": 1}},
    {"event": "bts:error", "data": {"code": True}}, {"event": "bts:subscription_succeeded"},
    {"event": "bts:subscription_succeeded", "channel": 5}, {"event": "bts:subscription_succeeded", "channel": ""},
    {"event": "data", "channel": "live_trades_btcusd"}, {"event": "data", "channel": None, "data": {}},
    {"event": "data", "channel": "", "data": {}}, {"event": "bts:", "channel": "live_trades_btcusd", "data": {}},
    {"event": "bts:subscribe", "data": None}, {"event": "bts:subscribe", "data": {"channel": {}}},
    {"event": "bts:unsubscribe", "data": []}, {"event": "bts:heartbeat", "data": Number("1.0")},
]  # fmt: skip


@pytest.mark.parametrize("payload", ODD, ids=repr)
def test_decode_and_asked_raise_nothing_whatever_comes(payload: Any) -> None:
    busy = after(BEAT, subscribed("live_trades_btcusd"), subscribed("private-my_orders_btcusd-1"))
    event = decode(payload, busy)

    assert event.payload == payload
    assert BITSTAMP.codec.learn(busy, event) is not None
    assert not isinstance(payload, dict) or isinstance(request_of(payload), Request | None)


NAMES = st.sampled_from([c.wire_name for c in CHANNELS]).flatmap(
    lambda frame: st.text("abz019_-*", max_size=12).map(
        lambda hole: frame.replace("{symbol}", hole).replace("{user_id}", hole)
    )
)
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False).map(repr).map(Number) | st.text() | NAMES
)
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["event", "channel", "data", "bids", "asks", "code", "message", "id", "trading_halt_details"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)
EVENTS = st.sampled_from(["data", "trade", "bts:error", "bts:subscribe", "bts:unsubscribe", "bts:heartbeat"])
FRAMES = JSON | st.fixed_dictionaries({"event": EVENTS}, optional={"channel": NAMES | JSON, "data": JSON})


@settings(max_examples=200, deadline=None)
@given(FRAMES, st.lists(FRAMES, max_size=3))
def test_any_json_is_an_event_and_any_object_is_asked(payload: Any, sent: list[Any]) -> None:
    state = NOTHING
    for frame in sent:
        if isinstance(frame, dict):
            state = BITSTAMP.codec.learn(state, frame)
    event = decode(payload, state)
    list(rows_of(BITSTAMP, event))

    assert isinstance(event, Event)
    assert isinstance(BITSTAMP.codec.learn(state, event), State)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(CHANNELS), st.from_regex(r"[a-z0-9]{4,8}(-perp)?", fullmatch=True), st.integers(1, 10**18 - 1))
def test_a_name_means_what_it_was_made_of(channel: Any, symbol: str, user: int) -> None:
    meant = Subscribe(
        channel.name, (symbol,) if "{symbol}" in channel.wire_name else (), {"user_id": user} if channel.private else {}
    )

    assert [subscription_of(name) for name in channel_names(meant)] == [meant]


# --- the catalogue -------------------------------------------------------------------------------

# what the exchange's documents call it, where no word of the vocabulary means that
OWN = frozenset(
    "user_id event event_id pre_event_id order_source is_liquidation trade_account_id activation_price trailing_delta reduce_only "
    "orig_order_id sellers_trade_account_id buyers_trade_account_id trade_type position_id trade_uti announcement_id "
    "announcement_type product product_type start_time end_time corporate_action_details multiplier_update_details "
    "changed_fields published_at amount amount_from_price amount_from_trading_fees amount_from_liquidation_fees "
    "amount_from_funding amount_from_socialised_loss strike_price settlement_type transaction_id alert_type margin_mode "
    "initial_margin_ratio maintenance_margin_ratio tokens_quantity token_security_currency instrument".split()
)


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda c: c.name)
def test_a_column_is_a_name_of_ours_or_of_the_exchange(channel: Any) -> None:
    assert set(channel.columns) <= STANDARD_FIELD_NAMES | OWN
    assert channel.private == channel.name.startswith("private-")
    assert BITSTAMP.endpoints.route_of(Subscribe(channel.name)) == "public"


# --- the login -----------------------------------------------------------------------------------


def asking(credentials: Credentials = DEMO, endpoint: Endpoint = HERE) -> tuple[Any, HttpRequest]:
    steps = login(credentials, stamp(), endpoint)
    request = next(steps)
    assert isinstance(request, HttpRequest)
    return steps, request


def grant(steps: Iterator[Any], reply: Any) -> LoginResult:
    with pytest.raises(StopIteration) as done:
        steps.send(reply)  # type: ignore[attr-defined]
    assert isinstance(done.value.value, LoginResult)
    return done.value.value


def test_the_token_request_is_signed_as_documented() -> None:
    _, request = asking()

    assert (request.method, request.url, request.body) == (
        "POST", "https://www.bitstamp.net/api/v2/websockets_token/", b"",
    )  # fmt: skip
    assert {k: v.reveal() if isinstance(v, Secret) else v for k, v in request.headers.items()} == {
        "X-Auth": "BITSTAMP demo-key",
        "X-Auth-Signature": "ded53e319610a74bcb5c52d04880cf8d3a308d333d21e83f9027f3429f1c9395",
        "X-Auth-Nonce": "6b1a2f9e-1a2b-4c3d-8e4f-5a6b7c8d9e0f",
        "X-Auth-Timestamp": "1700000000000",
        "X-Auth-Version": "v2",
    }
    for secret in ("demo-key", "demo-secret", "ded53e31"):
        assert secret not in repr(request)


def test_the_host_that_is_signed_has_the_port_it_is_asked_on() -> None:
    _, official = asking()
    _, local = asking(endpoint=Endpoint("ws://127.0.0.1:8765", "http://127.0.0.1:8765/"))

    assert local.url == "http://127.0.0.1:8765/api/v2/websockets_token/"
    # printf 'BITSTAMP demo-keyPOST127.0.0.1:8765/api/v2/websockets_token/6b1a…0f1700000000000v2' | openssl dgst -sha256 -hmac demo-secret
    assert local.headers["X-Auth-Signature"] == Secret(
        "d31fa55e576b865eff8f7db9e82d46d776639acf87b4686a720ce116f60d22b5"
    )
    assert official.headers["X-Auth-Signature"] != local.headers["X-Auth-Signature"]


@pytest.mark.parametrize("user", ["4242", '"4242"'])
def test_the_answer_is_a_grant(user: str) -> None:
    steps, _ = asking()
    body = f'{{"token":"demoTokenAbc123","valid_sec":60,"user_id":{user}}}'

    assert grant(steps, HttpResponse(200, {}, body.encode())) == LoginResult(Secret("demoTokenAbc123"), "4242")


def test_a_token_at_hand_needs_no_request() -> None:
    steps = login(Credentials(token=Secret("mine"), user_id="7"), stamp(), HERE)
    with pytest.raises(StopIteration) as done:
        next(steps)

    assert done.value.value == LoginResult(Secret("mine"), "7")


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (403, '{"status":"error","reason":"Invalid signature","code":"API0005"}',
         "HTTP 403: API0005 Invalid signature (bad signature: check the secret)"),
        (400, '{"status":"error","reason":{"__all__":["No."]},"code":"400.047"}', 'HTTP 400: 400.047 {"__all__":["No."]}'),
        (200, '{"status":"error","reason":"Frozen","code":"API0006"}', "HTTP 200: API0006 Frozen (account frozen)"),
        (502, "<html>\n\x1b[31mBad\x07 gateway", "HTTP 502: <html>  [31mBad  gateway"),
        (502, "x" * 1000, "HTTP 502: " + "x" * 200),
        (500, "", "HTTP 500: no token and user id"),
        (403, '{"reason":"no such key: demo-key","code":"API0001"}', "HTTP 403: API0001 no such key: *** (key not found)"),
        # an answer that cannot be used is not repeated: it may hold the token
        (200, '{"token":"hush"}', "HTTP 200: no token and user id"),
        (200, '{"token":"hush","user_id":"../7"}', "HTTP 200: no token and user id"),
        (200, '{"token":"hush","user_id":true}', "HTTP 200: no token and user id"),
        (200, '{"token":"","user_id":7}', "HTTP 200: no token and user id"),
        (403, '{"token":"hush","user_id":7}', "HTTP 403: no token and user id"),
        (200, "hush", "HTTP 200: no token and user id"),
        (200, "[]", "HTTP 200: no token and user id"),
    ],
)  # fmt: skip
def test_a_refused_login_keeps_the_words_of_the_exchange(status: int, body: str, words: str) -> None:
    steps, _ = asking()
    with pytest.raises(Rejected) as refused:
        steps.send(HttpResponse(status, {}, body.encode()))

    assert refused.value.message == f"bitstamp rejected the token request: {words}"
    assert refused.value.hint == "the credentials were read from the test"


def test_bytes_that_are_no_text_are_a_refusal_too() -> None:
    steps, _ = asking()
    with pytest.raises(Rejected, match="HTTP 502"):
        steps.send(HttpResponse(502, {}, b"\xff\xfe\x00"))


def test_something_else_than_an_answer_is_a_refusal() -> None:
    steps, _ = asking()
    with pytest.raises(Rejected):
        steps.send(Event(Kind.UNKNOWN, {}))


@pytest.mark.parametrize(
    ("credentials", "endpoint", "words"),
    [
        (Credentials(), HERE, "WSCLI_BITSTAMP_SECRET"),
        (Credentials(key=Secret("k")), HERE, "WSCLI_BITSTAMP_KEY"),
        (Credentials(token=Secret("t")), HERE, "token and a user id"),
        (Credentials(user_id="7"), HERE, "token and a user id"),
        (DEMO, Endpoint("ws://127.0.0.1:1"), "HTTP address"),
        (Credentials(Secret("k\nX-Evil: 1"), Secret("s"), source="a file"), HERE, "a header cannot contain"),
        (Credentials(Secret("ключ"), Secret("s"), source="a file"), HERE, "a header cannot contain"),
    ],
)
def test_a_login_that_cannot_be_asked_for_says_what_is_missing(
    credentials: Credentials, endpoint: Endpoint, words: str
) -> None:
    with pytest.raises(UsageError) as refused:
        next(login(credentials, stamp(), endpoint))

    error = f"{refused.value.message} {refused.value.hint}"
    assert words in error
    assert "Evil" not in error
    assert isinstance(refused.value, CredentialsError) or endpoint is not HERE


def test_a_ping_is_one_frame_and_nothing_is_asked_of_it() -> None:
    (frame,) = encode([Ping()], GRANTED, stamp())

    assert request_of(frame) == Request(("bts:heartbeat", ""), (Ping(),))
