"""The simulated Bybit spot v3: its replies and its pushes."""

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import websocket
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.simulated import serving
from wscli.exchanges.bybit.simulated.pushes import candle_open_s
from wscli.exchanges.bybit.simulated.spot_v3.account import PRIVATE_TOPICS
from wscli.exchanges.bybit.simulated.spot_v3.connection import SimulatedBybitConnection
from wscli.exchanges.bybit.simulated.spot_v3.exchange import PRIVATE_PATH, PUBLIC_PATH, SimulatedBybit
from wscli.exchanges.bybit.simulated.spot_v3.feeds import INTERVALS
from wscli.simulator.contract import Output, Send, credentials_of
from wscli.simulator.market import Market
from wscli.simulator.order_book import SIDES

START_MS = 1_700_000_012_345
WHO = credentials_of(7)


class Client:
    """A client of one connection, and the time."""

    def __init__(self, path: str) -> None:
        self.market = Market(start_ms=START_MS)
        self.now_ms = START_MS
        self.market.advance(self.now_ms)
        connection = SimulatedBybit(self.market, WHO).connect(path, self.now_ms)
        assert isinstance(connection, SimulatedBybitConnection)
        self.connection = connection

    def send(self, data: str | bytes) -> list[str]:
        return texts(self.connection.receive(data, self.now_ms))

    def request(self, **request: Any) -> dict[str, Any]:
        (answer,) = self.send(json.dumps(request))
        reply = json.loads(answer)
        assert isinstance(reply, dict)
        return reply

    def listen(self, seconds: float) -> Iterator[dict[str, Any]]:
        for _ in range(round(seconds * 20)):
            self.now_ms += 50
            self.market.advance(self.now_ms)
            for text in texts(self.connection.tick(self.now_ms)):
                yield json.loads(text)

    def login(self, **changes: Any) -> dict[str, Any]:
        expires = changes.get("expires", self.now_ms + 10_000)
        return self.request(op="auth", args=[changes.get("key", WHO.key), expires, changes.get("sig", signed(expires))])


def texts(outs: list[Output]) -> list[str]:
    sent = []
    for out in outs:
        assert isinstance(out, Send) and isinstance(out.data, str) and out.delay_ms >= 1
        sent.append(out.data)
    return sent


def signed(expires: object) -> str:
    return hmac.new(WHO.secret.encode(), f"GET/realtime{expires}".encode(), hashlib.sha256).hexdigest()


@pytest.fixture
def public() -> Client:
    return Client(PUBLIC_PATH)


@pytest.fixture
def private() -> Client:
    return Client(PRIVATE_PATH)


@pytest.mark.parametrize("req_id", ["w-1", "", 0, 7, 9_007_199_254_740_993, None, [1], {"a": "é"}, "\ud800", True])
def test_a_request_id_is_echoed_unchanged(public: Client, req_id: object) -> None:
    for request in ({"op": "ping"}, {"op": "subscribe", "args": ["trade.BTCUSDT"]}, {"op": "subscribe", "args": ["x"]}):
        assert public.request(**request, req_id=req_id)["req_id"] == req_id
        assert "req_id" not in public.request(**request)


def test_a_ping_is_answered_with_the_time(public: Client) -> None:
    pong = public.request(op="ping", req_id="w-3")

    assert [*pong] == ["op", "args", "req_id", "conn_id"]
    assert (pong["op"], pong["args"]) == ("pong", [START_MS])
    assert len(pong["conn_id"]) == 8 and int(pong["conn_id"], 16) >= 0


def test_the_acknowledgements_of_a_public_connection(public: Client) -> None:
    topics = ["trade.BTCUSDT", "kline.1M.ETHEUR"]
    common = {"success": True, "req_id": "w-1", "conn_id": public.connection._conn_id}

    assert public.request(op="subscribe", req_id="w-1", args=topics) == {
        "op": "subscribe", "ret_msg": "subscribe", **common,
    }  # fmt: skip
    assert public.request(op="unsubscribe", req_id="w-1", args=topics) == {
        "op": "unsubscribe", "ret_msg": "unsubscribe", **common,
    }  # fmt: skip
    assert list(public.listen(1)) == []


REJECTED = [
    # request                                                                expected
    ('{"op":"subscribe","args":["trade.FOOUSDT"]}',                          "Invalid symbol :[trade.FOOUSDT]"),
    ('{"op":"subscribe","args":["trade.btcusdt"]}',                          "Invalid symbol :[trade.btcusdt]"),
    ('{"op":"subscribe","args":["trade.BTCUSDT","orderbook.50.BTCUSDT"]}',   "Invalid symbol :[orderbook.50.BTCUSDT]"),
    ('{"op":"subscribe","args":["kline.7m.BTCUSDT"]}',                       "Invalid symbol :[kline.7m.BTCUSDT]"),
    ('{"op":"subscribe","args":["trade.BTCUSDT,trade.ETHUSDT"]}',            "Invalid symbol :[trade.BTCUSDT,trade.ETHUSDT]"),
    ('{"op":"subscribe","args":["order"]}',                                  "Invalid symbol :[order]"),
    ('{"op":"subscribe","args":[7]}',                                        "Invalid symbol :[7]"),
    ('{"op":"subscribe","args":[]}',                                         "Params Error"),
    ('{"op":"subscribe"}',                                                   "Params Error"),
    ('{"op":"sing","args":[]}',                                              "error:invalid op"),
    ('{}',                                                                   "error:invalid op"),
    ('{"op":"auth","args":[]}',                                              "error:invalid op"),
    ('[]',                                                                   "Failed to decode incoming data:not an object"),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "reason"), REJECTED)
def test_a_rejection_is_of_the_whole_request_and_leaves_the_connection_open(
    public: Client, request_: str, reason: str
) -> None:
    (answer,) = public.send(request_)

    assert json.loads(answer)["success"] is False
    assert json.loads(answer)["ret_msg"] == reason
    assert list(public.listen(1)) == []
    assert public.request(op="ping")["op"] == "pong"


def test_eleven_topics_are_one_too_many(public: Client) -> None:
    topics = [f"kline.{interval}.BTCUSDT" for interval in INTERVALS]
    (answer,) = public.send(json.dumps({"op": "subscribe", "args": topics[:11]}))

    assert r'"ret_msg":"args size \u003e10"' in answer
    assert public.request(op="subscribe", args=topics[:10])["success"]


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(), st.binary(), st.sampled_from(["[" * 100_000, "NaN", '{"op":NaN}', "9" * 5000])))
def test_what_is_not_json_gets_an_error(data: str | bytes) -> None:
    client = PUBLIC_CLIENT
    (answer,) = client.send(data)

    assert json.loads(answer)["success"] is False
    answer.encode()


PUBLIC_CLIENT = Client(PUBLIC_PATH)


def test_every_public_topic_has_data_at_once_and_twice_a_second(public: Client) -> None:
    topics = [f"{kind}.BTCUSDT" for kind in ("orderbook.40", "trade", "tickers", "bookticker")]
    topics += [f"kline.{interval}.BTCUSDT" for interval in INTERVALS]
    public.request(op="subscribe", args=topics[:10])
    public.request(op="subscribe", args=topics[10:])

    assert {push["topic"] for push in public.listen(0.5)} == set(topics)
    pushes = list(public.listen(10))
    counts = Counter(push["topic"] for push in pushes)
    assert {push["type"] for push in pushes} == {"snapshot"}
    assert all(counts[topic] >= 20 for topic in topics), counts
    assert counts["orderbook.40.BTCUSDT"] == 100


def test_subscribing_twice_does_not_double_the_data(public: Client) -> None:
    for _ in range(2):
        assert public.request(op="subscribe", args=["orderbook.40.BTCUSDT"])["success"]

    assert len(list(public.listen(1))) == 10


def test_the_quiet_market_is_quiet(public: Client) -> None:
    public.request(op="subscribe", args=["trade.ZECUSDT", "bookticker.ZECUSDT", "tickers.ZECUSDT"])
    first = Counter(push["topic"] for push in public.listen(0.5))

    assert first == {"bookticker.ZECUSDT": 1, "tickers.ZECUSDT": 1}
    assert len(list(public.listen(20))) < 12


def test_the_book_is_the_top_forty(public: Client) -> None:
    public.request(op="subscribe", args=["orderbook.40.BTCUSDT", "bookticker.BTCUSDT"])
    book, best = list(public.listen(0.05))
    data = book["data"]

    assert [*book] == ["topic", "ts", "type", "data"] and [*data] == ["s", "t", "b", "a"]
    assert len(data["b"]) == len(data["a"]) == 40
    bids, asks = ([Decimal(price) for price, _ in data[side]] for side in "ba")
    assert bids == sorted(bids, reverse=True) and asks == sorted(asks) and bids[0] < asks[0]
    assert [best["data"]["bp"], best["data"]["bq"]] == data["b"][0]
    assert [best["data"]["ap"], best["data"]["aq"]] == data["a"][0]
    assert not any(text.endswith("0") and "." in text for row in data["b"] for text in row)


def test_trades_candles_and_tickers_agree(public: Client) -> None:
    public.request(op="subscribe", args=["trade.BTCUSDT", "kline.1M.BTCUSDT", "tickers.BTCUSDT"])
    last: dict[str, Any] = {}
    for push in public.listen(5):
        last[push["topic"].split(".")[0]] = push["data"]
    trade, candle, ticker = last["trade"], last["kline"], last["tickers"]

    assert trade["p"] == candle["c"] == ticker["c"] and trade["t"] == ticker["t"]
    assert isinstance(trade["v"], str) and isinstance(trade["m"], bool) and trade["type"] == "0"
    change = (Decimal(ticker["c"]) - Decimal(ticker["o"])) / Decimal(ticker["o"])
    assert abs(Decimal(ticker["m"]) - change) < Decimal("0.0001")


def test_m_is_true_if_the_buyer_was_the_taker(public: Client) -> None:
    public.request(op="subscribe", args=["trade.BTCUSDT"])
    received = [push["data"] for push in public.listen(3)]
    took = {trade.id: trade.side for trade in public.market.trades("BTC/USDT", 500)}

    assert {row["m"] for row in received} == {True, False}
    assert all(row["m"] == (took[int(row["v"]) - 2_290_000_000_000_000_000] == "buy") for row in received)


@pytest.mark.parametrize(
    ("interval", "start_s"),
    [("1m", 1_699_999_980), ("12h", 1_699_963_200), ("1d", 1_699_920_000), ("1w", 1_699_833_600), ("1M", 1_698_796_800)],
)  # fmt: skip
def test_where_a_candle_opens(interval: str, start_s: int) -> None:
    assert candle_open_s(INTERVALS[interval], START_MS // 1000) == start_s


def test_private_topics_need_a_login(private: Client) -> None:
    assert private.request(op="subscribe", args=["order"]) == {
        "type": "error", "ret_code": "-1004", "ret_msg": "Request not authorized",
    }  # fmt: skip
    assert private.login()["success"] is True
    assert private.request(op="subscribe", args=["trade.BTCUSDT"])["ret_msg"] == "Invalid symbol :[trade.BTCUSDT]"
    assert private.request(op="subscribe", args=["order"])["ret_msg"] == ""


@pytest.mark.parametrize("expires", [START_MS + 1, str(START_MS + 10_000)])
def test_expires_is_text_or_a_number(private: Client, expires: object) -> None:
    assert private.login(expires=expires) == {
        "op": "auth", "success": True, "ret_msg": "", "conn_id": private.connection._conn_id,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"key": "nobody"}, "10003"),
        ({"key": "é"}, "10003"),
        ({"sig": "0" * 64}, "10004"),
        ({"sig": "é\ud800"}, "10004"),
        ({"expires": START_MS}, "10002"),
        ({"expires": str(START_MS - 1)}, "10002"),
        ({"expires": "9" * 5000}, "10002"),
        ({"expires": "soon"}, "10001"),
        ({"expires": "٣" * 13}, "10001"),
        ({"expires": True}, "10001"),
        ({"sig": None}, "10001"),
    ],
)  # fmt: skip
def test_a_wrong_login_gets_its_code(private: Client, changes: dict[str, Any], code: str) -> None:
    answer = private.login(**changes)

    assert answer == {"op": "auth", "type": "error", "ret_code": code, "ret_msg": answer["ret_msg"]}
    assert answer["ret_msg"]
    assert WHO.secret not in json.dumps(answer)
    assert private.request(op="subscribe", args=["order"])["ret_code"] == "-1004"
    assert private.login()["success"] is True


def test_the_documented_signature_is_what_is_compared() -> None:
    secret, expires = "wscli-test-secret-0001", 1_700_000_000_000

    signature = hmac.new(secret.encode(), f"GET/realtime{expires}".encode(), hashlib.sha256).hexdigest()
    assert signature == "411c8807247652a39e6b53f3fe83808a4fe138f49699fe0a33b346a067c3f711"


def test_every_private_topic_has_data_at_once_and_twice_a_second(private: Client) -> None:
    private.login()
    private.request(op="subscribe", args=[*PRIVATE_TOPICS])

    assert {push["topic"] for push in private.listen(0.5)} == set(PRIVATE_TOPICS)
    pushes = list(private.listen(10))
    counts = Counter(push["topic"] for push in pushes)
    assert all(counts[topic] >= 20 for topic in PRIVATE_TOPICS), counts
    assert all(isinstance(push["ts"], str) and isinstance(push["data"], list) for push in pushes)
    assert {row.get("s", "BTCUSDT") for push in pushes for row in push["data"]} <= {"BTCUSDT", "ETHUSDT"}
    assert {balance["a"] for push in pushes for row in push["data"] for balance in row.get("B", ())} == {
        "BTC",
        "ETH",
        "USDT",
    }


def test_a_fill_is_an_order_push_and_a_ticket(private: Client) -> None:
    private.login()
    private.request(op="subscribe", args=["order", "ticketInfo"])
    tickets, orders = {}, []
    for push in private.listen(5):
        (row,) = push["data"]
        if push["topic"] == "ticketInfo":
            tickets[row["T"], row["o"]] = row
        else:
            orders.append(row)
    filled = {(row["t"], row["i"]): row for row in orders if row["t"] != "0"}

    assert tickets.keys() == filled.keys() and len(filled) > 10
    for key, order in filled.items():
        ticket = tickets[key]
        assert (order["l"], order["L"], order["M"], order["S"]) == (ticket["q"], ticket["p"], ticket["O"], ticket["S"])
        assert order["u"] == (ticket["A"] != ticket["a"])
    assert {row["X"] for row in orders} >= {"NEW", "FILLED", "CANCELED"}
    assert {row["o"] for row in orders} == {"LIMIT", "MARKET_OF_BASE"}
    for row in orders:
        assert row["C"] != row["w"] and len(row) == 32


def test_stop_orders_come_and_go(private: Client) -> None:
    private.login()
    private.request(op="subscribe", args=["stopOrder"])
    rows = [push["data"][0] for push in private.listen(10)]

    assert {row["X"] for row in rows} == {"ORDER_NEW", "ORDER_FILLED", "ORDER_CANCELED"}
    assert all((row["X"] == "ORDER_FILLED") == (row["t"] != "0") == bool(row["eo"]) for row in rows)


def test_a_real_connection() -> None:
    with serving("bybit", seed=7) as facts:
        urls: Any = facts["urls"]
        ws = websocket.create_connection(urls["bybit-spot-v3"], timeout=60)
        ws.send('{"op":"subscribe","args":["trade.BTCUSDT"],"req_id":"a"}')

        assert json.loads(ws.recv())["req_id"] == "a"
        assert json.loads(ws.recv())["topic"] == "trade.BTCUSDT"
        ws.close()


def test_the_best_prices_are_pushed_at_once_and_after_each_change() -> None:
    client = Client(PUBLIC_PATH)
    client.request(op="subscribe", args=["bookticker.BTCUSDT"], req_id="1")
    times = []
    for push in client.listen(3):
        if push.get("topic") == "bookticker.BTCUSDT":
            row = push["data"]
            best = [client.market.order_book("BTC/USDT").levels(side, 1)[0] for side in SIDES]
            times.append(row["t"])
            assert (row["s"], row["t"], push["ts"]) == ("BTCUSDT", client.now_ms, client.now_ms)
            assert [Decimal(row[key]) for key in ("bp", "ap")] == [level.price for level in best]
            assert [Decimal(row[key]) for key in ("bq", "aq")] == [level.size for level in best]

    assert times[0] == START_MS + 50
    assert 15 < len(times) <= 30  # ten a second at most
