"""The simulated Bitfinex v1.1: its replies and its pushes."""

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
import websocket
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.simulated import serving
from wscli.exchanges.bitfinex.simulated.v1.exchange import PATH, SimulatedBitfinex, step_of
from wscli.simulator.account_events import BalanceChange
from wscli.simulator.contract import Drop, Output, Send, SimulatedConnection, credentials_of
from wscli.simulator.market import Market
from wscli.simulator.order_book import Side

START_MS = 1_700_000_012_345
WHO = credentials_of(7)
SIDES: tuple[Side, Side] = ("buy", "sell")


class Client:
    """A client of one connection, and the time."""

    def __init__(self, exchange: SimulatedBitfinex | None = None, seed: int = 7) -> None:
        self.market: Market = exchange.market if exchange else Market(seed, start_ms=START_MS)
        self.now_ms = START_MS
        self.market.advance(self.now_ms)
        self.exchange = exchange or SimulatedBitfinex(self.market, WHO)
        self.connection: SimulatedConnection = self.exchange.connect(PATH, self.now_ms)

    def send(self, data: str | bytes) -> list[str]:
        return texts(self.connection.receive(data, self.now_ms))

    def request(self, **request: Any) -> Any:
        (answer,) = self.send(json.dumps(request))
        return loaded(answer)

    def subscribe(self, channel: str, pair: str = "BTCUSD", **more: Any) -> tuple[int, Any]:
        """Return the channel's id and its first frame."""
        ack, first = map(
            loaded, self.send(json.dumps({"event": "subscribe", "channel": channel, "pair": pair, **more}))
        )
        assert ack["event"] == "subscribed" and first[0] == ack["chanId"]
        return ack["chanId"], first[1:]

    def tick(self) -> list[Any]:
        self.now_ms += 50
        self.market.advance(self.now_ms)
        return [loaded(text) for text in texts(self.connection.tick(self.now_ms))]

    def listen(self, seconds: float) -> Iterator[Any]:
        for _ in range(round(seconds * 20)):
            yield from self.tick()

    def login(self, **changes: Any) -> list[Any]:
        payload = changes.pop("authPayload", f"AUTH{self.now_ms * 1000}")
        request = {"event": "auth", "apiKey": WHO.key, "authPayload": payload, "authSig": signature(payload)}
        request = {key: value for key, value in {**request, **changes}.items() if value != "left out"}
        return [loaded(text) for text in self.send(json.dumps(request))]


def login_text(payload: str) -> str:
    return json.dumps(
        {
            "event": "auth",
            "apiKey": WHO.key,
            "authPayload": payload,
            "authSig": signature(payload),
            "filter": ["wallet"],
        }
    )


def loaded(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)


def texts(outs: list[Output]) -> list[str]:
    sent = []
    for out in outs:
        assert isinstance(out, Send) and isinstance(out.data, str) and out.delay_ms >= 1
        sent.append(out.data)
    return sent


def signature(payload: object, secret: str = WHO.secret) -> str:
    return hmac.new(secret.encode(), str(payload).encode(), hashlib.sha384).hexdigest()


@pytest.fixture
def client() -> Client:
    return Client()


def test_the_greeting_has_the_version_and_the_status(client: Client) -> None:
    (greeting,) = texts(client.connection.greet(START_MS))

    assert greeting == '{"event":"info","version":1.1,"platform":{"status":1}}'


def test_a_ping_is_answered_with_nothing_but_pong(client: Client) -> None:
    assert client.send('{"event":"ping","cid":7}') == ['{"event":"pong"}']


ACKS = [
    # request                                                            reply
    ('"channel":"ticker","pair":"ETHUSD"',                               '"channel":"ticker",ID,"pair":"ETHUSD"'),
    ('"channel":"ticker","pair":"tETHUSD"',                              '"channel":"ticker",ID,"pair":"ETHUSD"'),
    ('"channel":"trades","symbol":"ETHBTC"',                             '"channel":"trades",ID,"symbol":"ETHBTC","pair":"ETHBTC"'),
    ('"channel":"trades","symbol":"tETHUSD","pair":null',                '"channel":"trades",ID,"symbol":"tETHUSD","pair":"ETHUSD"'),
    ('"pair":"BTCUST","channel":"trades","len":9,"x":[1]',               '"channel":"trades",ID,"pair":"BTCUST"'),
    ('"channel":"book","pair":"ETHUSD"',                                 '"channel":"book",ID,"pair":"ETHUSD","prec":"P0","freq":"F0","len":"25"'),
    ('"channel":"book","pair":"ETHUSD","prec":null,"len":null',          '"channel":"book",ID,"pair":"ETHUSD","prec":"P0","freq":"F0","len":"25"'),
    ('"channel":"book","pair":"ETHUSD","prec":"P3","freq":"F1","len":100', '"channel":"book",ID,"pair":"ETHUSD","prec":"P3","freq":"F1","len":"100"'),
    ('"channel":"book","pair":"ZECUSD","prec":"R0","len":"25"',          '"channel":"book",ID,"pair":"ZECUSD","prec":"R0","freq":"F0","len":"25"'),
]  # fmt: skip


@pytest.mark.parametrize(("requested", "expected"), ACKS)
def test_the_acks_name_the_pair_in_six_letters(client: Client, requested: str, expected: str) -> None:
    ack, first = client.send('{"event":"subscribe",' + requested + "}")
    chan_id = json.loads(ack)["chanId"]

    assert ack == '{"event":"subscribed",' + expected.replace("ID", f'"chanId":{chan_id}') + "}"
    assert isinstance(chan_id, int) and first.startswith(f"[{chan_id},")


REJECTED = [
    # request                                                                            code   expected
    ('{"event":"subscribe","channel":"book","pair":"FOOUSD","len":25}', 10001,
     '"pair: invalid","code":10001,"channel":"book","pair":"FOOUSD","len":25'),
    ('{"event":"subscribe","channel":"ticker","pair":"btcusd"}', 10001,
     '"pair: invalid","code":10001,"channel":"ticker","pair":"btcusd"'),
    ('{"event":"subscribe","channel":"ticker","pair":"BTCUSDT"}', 10001,
     '"pair: invalid","code":10001,"channel":"ticker","pair":"BTCUSDT"'),
    ('{"event":"subscribe","channel":"ticker","symbol":"fUSD"}', 10001,
     '"pair: invalid","code":10001,"channel":"ticker","symbol":"fUSD"'),
    ('{"event":"subscribe","channel":"ticker"}', 10300, '"subscribe: invalid","code":10300,"channel":"ticker"'),
    ('{"event":"subscribe","channel":"ticker","pair":["BTCUSD"]}', 10300,
     '"subscribe: invalid","code":10300,"channel":"ticker"'),
    ('{"event":"subscribe","pair":"BTCUSD"}', 10300, '"subscribe: invalid","code":10300,"pair":"BTCUSD"'),
    ('{"event":"subscribe","channel":7,"pair":"BTCUSD"}', 10300,
     '"subscribe: invalid","code":10300,"channel":7,"pair":"BTCUSD"'),
    ('{"event":"subscribe","channel":"candles","key":"trade:1m:tBTCUSD"}', 10302,
     '"channel: unknown","code":10302,"channel":"candles"'),
    ('{"event":"subscribe","channel":"book","pair":"BTCUSD","prec":"P4"}', 10011,
     '"precision: invalid","code":10011,"channel":"book","pair":"BTCUSD","prec":"P4"'),
    ('{"event":"subscribe","channel":"book","pair":"BTCUSD","prec":[]}', 10011,
     '"precision: invalid","code":10011,"channel":"book","pair":"BTCUSD"'),
    ('{"event":"subscribe","channel":"book","pair":"BTCUSD","len":"250"}', 10012,
     '"length: invalid","code":10012,"channel":"book","pair":"BTCUSD","len":"250"'),
    ('{"event":"subscribe","channel":"book","pair":"BTCUSD","len":1e999999999}', 10012,
     '"length: invalid","code":10012,"channel":"book","pair":"BTCUSD","len":1e+999999999'),
    ('{"event":"subscribe","channel":"book","pair":"BTCUSD","freq":"F2"}', 10300,
     '"subscribe: invalid","code":10300,"channel":"book","pair":"BTCUSD","freq":"F2"'),
    ('{"event":"unsubscribe"}', 10400, '"unsubscribe: invalid","code":10400'),
    ('{"event":"unsubscribe","chanId":true}', 10400, '"unsubscribe: invalid","code":10400'),
    ('{"event":"unsubscribe","chanId":"book"}', 10400, '"unsubscribe: invalid","code":10400'),
    ('{"event":"unsubscribe","chanId":0}', 10401, '"unsubscribe: not subscribed","code":10401'),
    ('{"event":"unsubscribe","chanId":9007199254740993}', 10401, '"unsubscribe: not subscribed","code":10401'),
    ('{"event":"sing"}', 10000, '"event: invalid (sing)","code":10000'),
    ('{"event":7}', 10000, '"event: invalid","code":10000'),
    ('{}', 10000, '"event: invalid","code":10000'),
    ('[0,"on",null,{}]', 10000, '"event: invalid","code":10000'),
]  # fmt: skip


@pytest.mark.parametrize(("requested", "code", "expected"), REJECTED)
def test_a_rejection_repeats_the_request_and_leaves_the_connection_open(
    client: Client, requested: str, code: int, expected: str
) -> None:
    assert client.send(requested) == ['{"event":"error","msg":' + expected + "}"]
    assert json.loads("{" + f'"msg":{expected}' + "}")["code"] == code
    assert list(client.listen(1.5)) == []
    assert client.request(event="ping") == {"event": "pong"}


def test_an_error_repeats_texts_numbers_and_null_of_the_request_and_nothing_else(client: Client) -> None:
    answer = client.request(event="subscribe", channel="book", pair=None, prec=["P0"], len=25, more="x")

    assert answer == {"event": "error", "msg": answer["msg"], "code": 10300, "channel": "book", "pair": None, "len": 25}


def test_a_second_subscription_is_a_dup_but_another_precision_is_not(client: Client) -> None:
    book = {"event": "subscribe", "channel": "book", "pair": "ETHUSD"}
    client.subscribe("ticker", "ETHUSD")
    client.subscribe("book", "ETHUSD")

    assert client.send('{"event":"subscribe","channel":"ticker","pair":"ETHUSD"}') == [
        '{"event":"error","msg":"subscribe: dup","code":10301,"channel":"ticker","pair":"ETHUSD"}'
    ]
    assert client.request(**book, prec="P0", len=25)["code"] == 10301
    client.subscribe("book", "ETHUSD", prec="P1")
    client.subscribe("book", "ETHUSD", prec="P1", freq="F1")
    client.subscribe("book", "ETHUSD", len="100")
    client.subscribe("ticker", "LTCUSD")


def test_the_fifty_first_channel_is_one_too_many(client: Client) -> None:
    wanted = [(channel, pair) for channel in ("ticker", "trades", "book") for pair in client.exchange.symbols]
    ids = [client.subscribe(*one)[0] for one in wanted[:50]]
    channel, pair = wanted[50]

    assert ids == sorted(set(ids))
    assert client.request(event="subscribe", channel=channel, pair=pair) == {
        "event": "error", "msg": "subscribe: limit", "code": 10305, "channel": channel, "pair": pair,
    }  # fmt: skip
    client.request(event="unsubscribe", chanId=ids[0])
    client.subscribe(channel, pair)


def test_unsubscribing_is_by_id_and_ends_the_data(client: Client) -> None:
    number, _ = client.subscribe("trades")
    text, _ = client.subscribe("book")

    assert client.send(f'{{"event":"unsubscribe","chanId":{number}}}') == [
        f'{{"event":"unsubscribed","status":"OK","chanId":{number}}}'
    ]
    assert client.request(event="unsubscribe", chanId=str(text)) == {
        "event": "unsubscribed", "status": "OK", "chanId": text,
    }  # fmt: skip
    assert list(client.listen(2)) == []
    assert client.request(event="unsubscribe", chanId=number)["code"] == 10401
    assert client.subscribe("trades")[0] > text


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(), st.binary(), st.sampled_from(["[" * 100_000, "NaN", '{"event":NaN}', "9" * 5000])))
def test_what_is_not_json_gets_no_reply_and_does_no_harm(data: str | bytes) -> None:
    for answer in FUZZED.send(data):
        assert json.loads(answer)["code"] == 10000
        answer.encode()
    assert FUZZED.request(event="ping") == {"event": "pong"}


FUZZED = Client()


@pytest.mark.parametrize("data", ["", "ping", '{"event":"ping"', b"\xff\xfe\xfd", "[" * 100_000])
def test_text_that_is_not_json_is_ignored(client: Client, data: str | bytes) -> None:
    assert client.send(data) == []


def test_half_a_surrogate_pair_is_echoed_as_the_escape_it_was(client: Client) -> None:
    (answer,) = client.send('{"event":"\\ud800"}')

    assert json.loads(answer)["msg"] == "event: invalid (\ud800)" and answer.encode()


BOOKS: list[dict[str, Any]] = [
    *({"prec": prec} for prec in ("P0", "P1", "P2", "P3", "R0")),
    {"prec": "P0", "len": 100},
    {"prec": "R0", "len": "100"},
    {"prec": "P1", "freq": "F1"},
]  # fmt: skip


def test_every_channel_has_data_at_once_and_twice_a_second(client: Client) -> None:
    ids = {client.subscribe(channel)[0]: channel for channel in ("ticker", "trades")}
    ids |= {client.subscribe("book", **more)[0]: str(more) for more in BOOKS}
    frames = list(client.listen(10))
    counts = Counter(ids[frame[0]] for frame in frames if frame[1] != "hb")

    assert counts.keys() == set(ids.values()) and min(counts.values()) >= 20, counts


def test_the_quiet_market_has_a_heartbeat_each_second(client: Client) -> None:
    ids = [client.subscribe(channel, "ZECUSD")[0] for channel in ("ticker", "trades", "book")]
    frames = list(client.listen(20))

    for chan_id in ids:
        own = [frame[1:] for frame in frames if frame[0] == chan_id]
        assert 15 <= own.count(["hb"]) <= 20 and len(own) - own.count(["hb"]) < 20


def test_a_heartbeat_comes_after_a_second_of_silence_and_not_before(client: Client) -> None:
    chan_id, _ = client.subscribe("trades", "ZECUSD")
    silent_ms = 0
    for _ in range(20 * 40):
        frames = client.tick()
        silent_ms += 50
        if silent_ms == 1000 or frames:
            assert frames and (frames == [[chan_id, "hb"]]) == (silent_ms == 1000 and len(frames[0]) == 2)
            assert frames[0][1] != "hb" or silent_ms == 1000
            silent_ms = 0


RowsByKey = dict[Any, tuple[Any, ...]]


def applied(rows: RowsByKey, row: list[Any], raw: bool) -> None:
    """Apply a row by the rule of section 6; an invalid row fails an assertion."""
    if raw:
        order_id, price, amount = row
        if price == 0:
            assert amount in (1, -1) and (rows.pop(order_id)[1] > 0) == (amount > 0)
        else:
            rows[order_id] = price, amount
        return
    price, count, amount = row
    key = ("buy" if amount > 0 else "sell", price)
    if count == 0:
        assert amount in (1, -1)
        del rows[key]
    else:
        rows[key] = count, amount


def checked_uncrossed(rows: RowsByKey, raw: bool, length: int) -> None:
    sides: dict[bool, list[Decimal]] = {True: [], False: []}
    for key, row in rows.items():
        sides[row[1] > 0].append(row[0] if raw else key[1])
    assert max(sides[True], default=Decimal(0)) < min(sides[False], default=Decimal("Infinity"))
    assert all(len(prices) <= length for prices in sides.values())


@pytest.mark.parametrize("pair", ["BTCUSD", "ETHBTC", "XRPEUR"])
@pytest.mark.parametrize("more", BOOKS)
def test_a_rebuilt_book_is_the_market_s_at_every_step(client: Client, pair: str, more: dict[str, Any]) -> None:
    symbol, raw, length = client.exchange.symbols[pair], more["prec"] == "R0", int(more.get("len", 25))
    _, (snapshot,) = client.subscribe("book", pair, **more)
    rows: RowsByKey = {}
    for row in snapshot:
        applied(rows, row, raw)
    assert snapshot == sorted(snapshot, key=lambda row: place(row, raw))
    changes = 0
    for number in range(1, 20 * 6 + 1):
        for frame in client.tick():
            if frame[1] == "hb":
                continue
            assert len(frame) == 4
            applied(rows, frame[1:], raw)
            checked_uncrossed(rows, raw, length)
            changes += 1
        if more.get("freq") != "F1" or number % 40 == 0:
            assert rows == wanted(client, symbol, more["prec"], length)
    assert changes


def place(row: list[Any], raw: bool) -> tuple[Any, ...]:
    """Return the sort key of a snapshot: bids, then asks, each from the best on, then from the oldest on."""
    price, bid = row[1 if raw else 0], row[-1] > 0
    return not bid, -price if bid else price, row[0] if raw else 0


def wanted(client: Client, symbol: str, prec: str, length: int) -> RowsByKey:
    book, instrument = client.market.order_book(symbol), client.market.instruments[symbol]
    signs = {"buy": 1, "sell": -1}
    if prec == "R0":
        orders = [order for side in SIDES for order in book.orders(side, length)]
        return {order.id: (order.price, order.size * signs[order.side]) for order in orders}
    step = step_of(instrument, prec)
    return {
        (side, price): (count, size * signs[side])
        for side in SIDES
        for price, size, count in book.levels(side, length, step)
    }


@pytest.mark.parametrize(
    ("pair", "steps"),
    [
        ("BTCUSD", ("0.01", "0.1", "1", "10")),
        ("ETHUSD", ("0.0001", "0.001", "0.01", "0.1")),
        ("LTCUST", ("0.0001", "0.001", "0.01", "0.1")),
        ("ETHBTC", ("0.000001", "0.00001", "0.0001", "0.001")),
        ("XRPUSD", ("0.00001", "0.0001", "0.001", "0.01")),
        ("SOLEUR", ("0.01", "0.1", "1", "10")),
    ],
)
def test_the_steps_of_the_precisions(client: Client, pair: str, steps: tuple[str, ...]) -> None:
    instrument = client.market.instruments[client.exchange.symbols[pair]]

    assert [step_of(instrument, prec) for prec in ("P0", "P1", "P2", "P3")] == [Decimal(step) for step in steps]


def test_f1_sends_every_two_seconds(client: Client) -> None:
    chan_id, _ = client.subscribe("book", freq="F1")
    times = {client.now_ms - START_MS for _ in range(20 * 9) for frame in client.tick() if frame[1] != "hb"}

    assert times == {2000, 4000, 6000, 8000} and chan_id


def test_a_trade_is_te_and_a_tick_later_tu(client: Client) -> None:
    chan_id, (snapshot,) = client.subscribe("trades")
    before = client.market.trades("BTC/USD", 30)
    trades: dict[str, tuple[int, list[Any]]] = {}
    received: list[list[Any]] = []
    for number in range(20 * 5):
        for frame in client.tick():
            assert frame[0] == chan_id
            if frame[1] == "te":
                trades[frame[2]] = number, frame[3:]
            elif frame[1] == "tu":
                when, facts = trades[frame[2]]
                assert number == when + 1 and facts == frame[4:]
                received.append(frame[3:])
    signs = {"buy": 1, "sell": -1}
    rows = [
        [trade.id, trade.time_us // 1_000_000, trade.price, trade.size * signs[trade.side]]
        for trade in [*reversed(client.market.trades("BTC/USD", 500, before[0].id)), *before]
    ]

    assert len(snapshot) == 30 and [row[0] for row in snapshot] == sorted((row[0] for row in snapshot), reverse=True)
    assert received == rows[: len(received)] and len(received) > 20
    assert snapshot == rows[-30:]
    assert all(seq.endswith("-BTCUSD") and seq.split("-")[0].isdigit() for seq in trades)
    assert {row[3] > 0 for row in received} == {True, False}


def test_ticker_trades_and_book_agree(client: Client) -> None:
    ticker_id, ticker = client.subscribe("ticker", "ETHUSD")
    trades_id, (snapshot,) = client.subscribe("trades", "ETHUSD")
    last = snapshot[0][2]
    seen = 0
    for _ in range(20 * 5):
        frames = client.tick()
        last = next((frame[4] for frame in reversed(frames) if frame[:2] == [trades_id, "te"]), last)
        for frame in frames:
            if frame[0] == ticker_id and frame[1] != "hb":
                ticker, seen = frame[1:], seen + 1
                day = client.market.stats("ETH/USD", 86_400, client.now_ms)
                rows = [client.market.order_book("ETH/USD").levels(side, 1)[0] for side in SIDES]
                assert ticker[:4] == [rows[0].price, rows[0].size, rows[1].price, rows[1].size]
                assert ticker[4] == day.close - day.open and abs(ticker[5] - ticker[4] / day.open) <= Decimal("0.00005")
                assert ticker[6:] == [last, day.volume, day.high, day.low]

    assert len(ticker) == 10 and seen >= 15
    assert ticker[9] <= ticker[6] <= ticker[8]


def test_a_ticker_that_did_not_change_is_not_sent(client: Client) -> None:
    client.subscribe("ticker", "ZECUSD")
    frames = [frame[1:] for frame in client.listen(30) if frame[1] != "hb"]

    assert len(frames) < 10 and all(one != other for one, other in pairwise(frames))


def test_numbers_keep_no_zero_at_the_end_and_no_quotes(client: Client) -> None:
    outs = client.send('{"event":"subscribe","channel":"book","pair":"BTCUSD"}')
    numbers = outs[1].replace("[", " ").replace("]", " ").replace(",", " ").split()

    assert '"' not in outs[1]
    assert not [text for text in numbers if "." in text and text.endswith("0")]


def test_a_seed_gives_one_run() -> None:
    stories = []
    for seed in (7, 7, 8):
        client = Client(seed=seed)
        received = client.send('{"event":"subscribe","channel":"trades","pair":"BTCUSD"}')
        received += client.send('{"event":"subscribe","channel":"book","pair":"BTCUSD","prec":"R0"}')
        received += client.send(login_text("AUTH7"))
        for _ in range(40):
            client.now_ms += 50
            client.market.advance(client.now_ms)
            received += texts(client.connection.tick(client.now_ms))
        stories.append(received)

    assert stories[0] == stories[1] != stories[2]


def test_a_connection_without_channels_is_dropped_after_a_minute_without_a_request(client: Client) -> None:
    for now_ms in range(START_MS, START_MS + 59_950, 50):
        assert client.connection.tick(now_ms) == []
    client.connection.receive('{"event":"ping"}', START_MS + 59_950)

    assert client.connection.tick(START_MS + 119_900) == []
    assert client.connection.tick(START_MS + 119_950) == [Drop()]


def test_a_channel_or_a_login_keeps_the_connection_open(client: Client) -> None:
    other = Client(client.exchange)
    client.subscribe("ticker", "ZECUSD")
    other.login()

    for one in (client, other):
        assert Drop() not in one.connection.tick(START_MS + 200_000)


def test_the_documented_signature_is_what_is_compared() -> None:
    assert signature("AUTH1700000000000000", "demo-secret") == (
        "d29807f2869bb7de6fa75f6856baebf19da266c223e22d904e69e4dd6711c714cd445e182b701d1aa4cfc7d27f93c308"
    )


def test_a_login_is_answered_with_the_snapshots(client: Client) -> None:
    list(client.listen(10))
    ack, *frames = client.send(login_text("AUTH7"))
    rows = {}
    for frame in map(loaded, frames):
        assert frame[0] == 0 and len(frame) == 3
        rows[frame[1]] = frame[2]

    assert ack == '{"event":"auth","status":"OK","chanId":0,"userId":4242}'
    assert [*rows] == ["ps", "ws", "os", "hos", "ts"]
    assert {row[1] for row in rows["ws"]} == {"USD", "UST", "EUR", "BTC", "ETH", "LTC", "XRP", "SOL", "ZEC"}
    assert all(len(row) == 4 for row in rows["ws"]) and '["deposit","BTC",0.4,7e-7]' in frames[1]
    assert all(len(row) == 12 for tag in ("os", "hos") for row in rows[tag])
    assert rows["hos"] and all(row[5].startswith(("EXECUTED @ ", "CANCELED")) for row in rows["hos"])
    account = client.market.account
    assert {row[0] for row in rows["os"]} == {order.stop_id or order.id for order in account.orders.values()} | {
        *account.stops
    }
    per_pair = Counter(row[1] for row in rows["ts"])
    assert per_pair == {"BTCUSD": 30, "BTCUST": 30, "ETHUST": 30}
    assert all(len(row) == 10 and row[9] in ("USD", "UST") for row in rows["ts"])
    assert [row[0] for row in rows["ts"]] == sorted((row[0] for row in rows["ts"]), reverse=True)


@pytest.mark.parametrize(
    ("changes", "code", "msg"),
    [
        ({"apiKey": "nobody"}, 10100, "apikey: invalid"),
        ({"apiKey": "é\ud800"}, 10100, "apikey: invalid"),
        ({"apiKey": "left out"}, 10100, "apikey: invalid"),
        ({"authPayload": "1700000000000000"}, 10102, "payload: invalid"),
        ({"authPayload": "AUTHsoon"}, 10102, "payload: invalid"),
        ({"authPayload": "AUTH7\n"}, 10102, "payload: invalid"),
        ({"authPayload": "AUTH" + "٣" * 16}, 10102, "payload: invalid"),
        ({"authPayload": "AUTH" + "9" * 5000}, 10102, "payload: invalid"),
        ({"authPayload": None}, 10102, "payload: invalid"),
        ({"authSig": "0" * 96}, 10103, "signature: invalid"),
        ({"authSig": "é\ud800"}, 10103, "signature: invalid"),
        ({"authSig": signature("AUTH1")}, 10103, "signature: invalid"),
        ({"authSig": "left out"}, 10104, "hmac: invalid"),
    ],
)  # fmt: skip
def test_a_wrong_login_gets_its_code(client: Client, changes: dict[str, Any], code: int, msg: str) -> None:
    (answer,) = client.login(**changes)

    assert answer == {"event": "auth", "status": "FAILED", "chanId": 0, "code": code, "msg": msg}
    assert list(client.listen(1.5)) == []
    assert client.login()[0]["status"] == "OK"


def test_nonces_increase_over_all_connections_of_a_key(client: Client) -> None:
    other = Client(client.exchange)
    wrong = client.login(authPayload="AUTH99", authSig="0" * 96)
    good = client.login(authPayload="AUTH10")
    again = other.login(authPayload="AUTH10")
    less = other.login(authPayload="AUTH9")
    more = other.login(authPayload="AUTH11", authNonce="11")

    assert (wrong[0]["code"], good[0]["status"], more[0]["status"]) == (10103, "OK", "OK")
    assert again == less == [{"event": "auth", "status": "FAILED", "chanId": 0, "code": 10114, "msg": "nonce: small"}]


def test_a_second_login_is_rejected_and_unauth_ends_the_first(client: Client) -> None:
    rejection = {"event": "error", "status": "FAILED", "chanId": 0, "code": 10201}

    assert client.request(event="unauth") == rejection
    assert client.login()[0]["status"] == "OK"
    assert client.login(authPayload="AUTH99999999999999999")[0]["code"] == 10101
    assert [frame for frame in client.listen(1) if frame[0] == 0]
    assert client.send('{"event":"unauth"}') == ['{"event":"unauth","status":"OK","chanId":0}']
    assert list(client.listen(2)) == []
    assert client.request(event="unauth") == rejection
    assert [frame[1] for frame in client.login()[1:]] == ["ps", "ws", "os", "hos", "ts"]


def test_the_account_has_data_at_once_and_in_every_tag(client: Client) -> None:
    client.login()

    assert list(client.listen(0.5))
    frames = list(client.listen(20))
    counts = Counter(frame[1] for frame in frames)
    assert counts.keys() - {"hb"} == {"on", "ou", "oc", "te", "tu", "wu", "pn", "pu", "pc"}
    assert min(counts[tag] for tag in ("on", "ou", "oc", "te", "tu", "wu")) >= 40 and len(frames) >= 400
    lengths = {"on": 12, "ou": 12, "oc": 12, "te": 8, "tu": 11, "wu": 4, "pn": 6, "pu": 6, "pc": 6}
    assert all(len(frame) == 3 and len(frame[2]) == lengths[frame[1]] for frame in frames if frame[1] != "hb")


def test_orders_live_and_their_trades_add_up(client: Client) -> None:
    snapshots = {frame[1]: frame[2] for frame in client.login()[1:]}
    open_, done, filled = {row[0] for row in snapshots["os"]}, [], Counter[int]()
    begun: dict[int, list[Any]] = {}
    rested: set[int] = set()
    te: dict[str, list[Any]] = {}
    for _, tag, *payload in client.listen(20):
        if tag not in ("on", "ou", "oc", "te", "tu"):
            continue
        (row,) = payload
        match tag:
            case "on":
                assert row[0] not in open_ and row[5] == "ACTIVE" and row[2] == row[3]
                open_.add(row[0])
                begun[row[0]] = row
            case "ou":
                assert row[0] in open_ and row[5].startswith(("ACTIVE", "PARTIALLY FILLED @ "))
                rested.add(row[0])
            case "oc":
                open_.remove(row[0])
                done.append(row)
                assert (row[2] == 0) == row[5].startswith("EXECUTED @ ")
                assert row[2] == 0 or row[5].startswith("CANCELED")
                assert row[3] - row[2] == filled[row[0]]
                assert row[0] not in begun or [row[6], row[8]] == [begun[row[0]][6], begun[row[0]][8]]
                if row[5] == "CANCELED" and row[4].endswith("LIMIT"):
                    assert row[0] in rested or row[0] not in begun
                assert row[5].count("(") == row[5].count(" @ ") and (row[7] > 0) == (" @ " in row[5])
            case "te":
                assert row[3] in open_ and row[0] not in te
                te[row[0]] = row
                filled[row[3]] += row[4]
            case "tu":
                assert [row[0], *row[2:9]] == te.pop(row[0]) and row[9] <= 0
    assert len(te) < 10
    assert {row[4] for row in done} == {
        "LIMIT", "MARKET", "STOP", "EXCHANGE LIMIT", "EXCHANGE MARKET", "EXCHANGE STOP",
    }  # fmt: skip
    statuses = {row[5] for row in done}
    assert "CANCELED" in statuses and any(" was: PARTIALLY FILLED @ " in status for status in statuses)
    assert any(row[4].endswith("STOP") and row[5].startswith("EXECUTED") for row in done)
    assert all(row[8].endswith("Z") and row[8][10] == "T" for row in done)
    assert {row[3] > 0 for row in done} == {True, False}
    account = client.market.account
    assert open_ == {order.stop_id or order.id for order in account.orders.values()} | {*account.stops}


def test_wallets_and_positions_end_where_the_account_is(client: Client) -> None:
    snapshots = {frame[1]: frame[2] for frame in client.login()[1:]}
    wallets = {row[1]: row for row in snapshots["ws"] if row[0] == "exchange"}
    positions = {row[0]: row for row in snapshots["ps"]}
    for _, tag, *payload in client.listen(10):
        if tag == "wu":
            wallets[payload[0][1]] = payload[0]
        elif tag in ("pn", "pu", "pc"):
            (row,) = payload
            assert (row[0] in positions) == (tag != "pn")
            assert (row[1], row[2] == 0) == (("CLOSED", True) if tag == "pc" else ("ACTIVE", False))
            positions.pop(row[0], None)
            if tag != "pc":
                positions[row[0]] = row
    account = client.market.account

    assert {name: row[2] for name, row in wallets.items()} == {
        name.replace("USDT", "UST"): holding.total for name, holding in account.balances.items()
    }
    assert [*positions.values()] == [
        ["BTCUSD", "ACTIVE", holding.amount, holding.base_price, 0, 0] for holding in account.positions.values()
    ]


def test_a_client_that_was_too_slow_gets_the_snapshots_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.login()
    monkeypatch.setattr("wscli.simulator.order_book.LOG_SIZE", 50)
    client.now_ms += 5_000
    received = [frame[1] for frame in client.tick() if frame[0] == 0]

    assert received == ["ps", "ws", "os", "hos", "ts"]
    assert "ps" not in {frame[1] for frame in client.tick()}


def test_a_wallet_is_sent_once_a_tick_and_only_after_a_change(client: Client) -> None:
    client.login()
    log = client.market.account.log
    for _ in range(100):
        cursor = log.cursor
        received = [frame[2][1].replace("UST", "USDT") for frame in client.tick() if frame[1] == "wu"]
        moved = [event for event in log.since(cursor) if isinstance(event, BalanceChange) and event.delta]
        assert sorted(received) == sorted({event.balance.currency for event in moved})


def test_the_account_channel_has_heartbeats_too() -> None:
    client = Client()
    client.login()
    beats = [text for now_ms in (1_000, 2_050) for text in texts(client.connection.tick(START_MS + now_ms))]

    assert beats == ['[0,"hb"]', '[0,"hb"]']  # the market stands still here


def test_a_real_connection() -> None:
    with serving("bitfinex", seed=7) as facts:
        urls: Any = facts["urls"]
        ws = websocket.create_connection(urls["bitfinex-v1"], timeout=60)
        assert json.loads(ws.recv())["version"] == 1.1
        ws.send('{"event":"subscribe","channel":"trades","pair":"BTCUSD","len":null}')
        ack, snapshot = json.loads(ws.recv()), json.loads(ws.recv())

        assert (ack["event"], ack["pair"], snapshot[0], len(snapshot[1])) == ("subscribed", "BTCUSD", ack["chanId"], 30)
        assert json.loads(ws.recv())[1] in ("te", "hb")
        payload = "AUTH1700000000000000"
        ws.send(json.dumps({"event": "auth", "apiKey": WHO.key, "authPayload": payload, "authSig": signature(payload)}))
        seen, account = [], []
        while len(account) < 5:  # among trades, of which a slow machine sees many
            seen.append(json.loads(ws.recv()))
            account = [frame[1] for frame in seen if isinstance(frame, list) and frame[0] == 0]
        assert {"event": "auth", "status": "OK", "chanId": 0, "userId": 4242} in seen
        assert account == ["ps", "ws", "os", "hos", "ts"]
        ws.close()
