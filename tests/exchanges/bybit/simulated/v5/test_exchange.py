"""The simulated Bybit v5: the replies and the pushes of each kind of connection."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wscli.exchanges.bybit.simulated.pushes import candle_close_s, candle_open_s
from wscli.exchanges.bybit.simulated.v5.exchange import FULL_BOOK_PATH, LIST_PATH, PATHS, SimulatedBybitV5
from wscli.exchanges.bybit.simulated.v5.trades import INTERVAL_SECONDS
from wscli.simulator.contract import IncomingHttpRequest, Output, Send, SimulatedConnection, credentials_of
from wscli.simulator.market import Market

START_MS = 1_700_000_012_345
WHO = credentials_of(7)
SPOT, LINEAR, INVERSE, OPTION, PRIVATE, TRADE, STATUS = PATHS.values()
CALL = "BTC-26MAR27-20000-C"


class Client:
    """A client of one connection, and the time."""

    def __init__(self, path: str, market: Market | None = None) -> None:
        self.market = market or Market(start_ms=START_MS)
        self.now_ms = START_MS
        self.market.advance(self.now_ms)
        self.connection: SimulatedConnection = SimulatedBybitV5(self.market, WHO).connect(path, self.now_ms)

    def send(self, data: str | bytes) -> list[dict[str, Any]]:
        return messages(self.connection.receive(data, self.now_ms))

    def request(self, **request: Any) -> dict[str, Any]:
        return self.send(json.dumps(request))[-1]

    def listen(self, seconds: float) -> Iterator[dict[str, Any]]:
        for _ in range(round(seconds * 20)):
            self.now_ms += 50
            self.market.advance(self.now_ms)
            yield from messages(self.connection.tick(self.now_ms))

    def login(self, **changes: Any) -> dict[str, Any]:
        expires = changes.get("expires", self.now_ms + 10_000)
        return self.request(op="auth", args=[changes.get("key", WHO.key), expires, changes.get("sig", signed(expires))])


def messages(outs: list[Output]) -> list[dict[str, Any]]:
    return [json.loads(out.data) for out in outs if isinstance(out, Send)]


def signed(expires: object) -> str:
    return hmac.new(WHO.secret.encode(), f"GET/realtime{expires}".encode(), hashlib.sha256).hexdigest()


# --- answers -------------------------------------------------------------------------------------

ID = "conn_id"


@pytest.mark.parametrize(
    ("path", "request_", "answer"),
    [
        (SPOT, {"op": "ping"}, {"success": True, "ret_msg": "pong", ID: "", "op": "ping"}),
        (SPOT, {"op": "ping", "req_id": "a"}, {"success": True, "ret_msg": "pong", ID: "", "req_id": "a", "op": "ping"}),
        (LINEAR, {"op": "ping"}, {"success": True, "ret_msg": "pong", ID: "", "req_id": "", "op": "ping"}),
        (OPTION, {"op": "ping"}, {"args": [str(START_MS)], "op": "pong"}),
        (PRIVATE, {"op": "ping", "req_id": "x"}, {"req_id": "x", "op": "pong", "args": [str(START_MS)], ID: ""}),
        (TRADE, {"op": "ping"}, {"retCode": 0, "retMsg": "OK", "op": "pong", "data": [str(START_MS)], "connId": ""}),
        (SPOT, {"op": "subscribe", "args": ["publicTrade.BTCUSDT"]},
         {"success": True, "ret_msg": "subscribe", ID: "", "op": "subscribe"}),
        (INVERSE, {"op": "subscribe", "args": ["publicTrade.BTCUSD"]},
         {"success": True, "ret_msg": "", ID: "", "req_id": "", "op": "subscribe"}),
        (OPTION, {"op": "subscribe", "args": ["publicTrade.BTC"]},
         {"success": True, ID: "", "data": {"failTopics": [], "successTopics": ["publicTrade.BTC"]}, "type": "COMMAND_RESP"}),
        (SPOT, {"op": "subscribe", "args": ["publicTrade.NOPE"]},
         {"success": False, "ret_msg": "Invalid symbol :[publicTrade.NOPE]", ID: "", "op": "subscribe"}),
        (LINEAR, {"op": "subscribe", "args": ["orderbook.25.BTCUSDT"], "req_id": "q"},
         {"success": False, "ret_msg": "error:handler not found,topic:orderbook.25.BTCUSDT", ID: "", "req_id": "q", "op": "subscribe"}),
        (SPOT, {"op": "subscribe", "args": [f"publicTrade.A{n}" for n in range(11)]},
         {"success": False, "ret_msg": "args size >10", ID: "", "op": "subscribe"}),
        (LINEAR, {"op": "subscribe", "args": ["x" * 21_001]},
         {"success": False, "ret_msg": "args size >21000", ID: "", "req_id": "", "op": "subscribe"}),
        (SPOT, {"op": "nope"}, {"success": False, "ret_msg": "error:invalid op", ID: "", "op": "nope"}),
        (PRIVATE, {"op": "subscribe", "args": ["order"]},
         {"success": False, "ret_msg": "Request not authorized", ID: "", "op": "subscribe"}),
        (TRADE, {"op": "order.create", "reqId": "o"},
         {"reqId": "o", "retCode": 10005, "retMsg": "Not authorized", "op": "order.create", "data": {}, "retExtInfo": {}, "connId": ""}),
    ],
)  # fmt: skip
def test_each_kind_of_connection_replies_in_its_own_shape(
    path: str, request_: dict[str, Any], answer: dict[str, Any]
) -> None:
    reply = Client(path).request(**request_)

    assert {**reply, **{name: "" for name in ("conn_id", "connId") if name in reply}} == answer


def test_one_topic_that_is_subscribed_already_rejects_the_whole_request() -> None:
    client = Client(SPOT)
    client.request(op="subscribe", args=["publicTrade.BTCUSDT"])
    rejection = client.request(op="subscribe", args=["tickers.BTCUSDT", "publicTrade.BTCUSDT"])

    assert rejection["ret_msg"] == "error:already subscribed,topic:publicTrade.BTCUSDT"
    assert {m["topic"] for m in client.listen(3)} == {"publicTrade.BTCUSDT"}
    client.request(op="unsubscribe", args=["publicTrade.BTCUSDT"])
    assert [*client.listen(3)] == []


def test_the_option_connection_subscribes_to_the_valid_topics_of_a_request() -> None:
    client, bad = Client(OPTION), "tickers.BTC-26MAR27-1-C"
    answer = client.request(op="subscribe", args=[f"tickers.{CALL}", bad])
    received = [message["topic"] for message in client.listen(1)]

    assert answer["data"] == {"failTopics": [bad], "successTopics": [f"tickers.{CALL}"]}
    assert set(received) == {f"tickers.{CALL}"}
    assert client.request(op="subscribe", args=[bad])["data"] == {"failTopics": [bad], "successTopics": []}


def test_a_contract_sends_data_before_the_acknowledgement() -> None:
    first, second = Client(LINEAR).send('{"op":"subscribe","args":["tickers.BTCUSDT"],"req_id":"1"}')

    assert (first["type"], second["success"]) == ("snapshot", True)


@pytest.mark.parametrize("path", [SPOT, PRIVATE])
def test_what_is_not_json_gets_an_error(path: str) -> None:
    (answer,) = Client(path).send("{nope")

    assert answer["ret_msg"].startswith("Failed to decode incoming data:")


ANYTHING = st.one_of(
    st.none(), st.integers(), st.text(), st.lists(st.text()), st.lists(st.dictionaries(st.text(), st.text()))
)
OPS = st.sampled_from(["subscribe", "unsubscribe", "ping", "auth", "order.create", ""])
REQUESTS = st.fixed_dictionaries(
    {"op": st.one_of(OPS, ANYTHING), "args": ANYTHING, "req_id": ANYTHING, "reqId": ANYTHING}
)


@settings(max_examples=60)
@given(path=st.sampled_from([*PATHS.values()]), text=st.one_of(st.text(), st.binary(), REQUESTS.map(json.dumps)))
def test_no_message_breaks_a_connection(path: str, text: str | bytes) -> None:
    market = Market(start_ms=START_MS)
    SimulatedBybitV5(market, WHO).connect(path, START_MS).receive(text, START_MS)


@pytest.mark.parametrize("path", [PRIVATE, TRADE])
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, 0),
        ({"key": "other"}, 10003),
        ({"sig": "0" * 64}, 10004),
        ({"expires": START_MS}, None),
        ({"expires": "x"}, None),
    ],
)
def test_a_login_is_checked(path: str, changes: dict[str, Any], code: int | None) -> None:
    answer = Client(path).login(**changes)

    assert answer["op"] == "auth"
    if code == 0:
        assert answer.get("success", answer.get("retCode") == 0)
    else:
        assert answer.get("success") is not True
        assert answer.get("retCode") in ({code} if code else {None, 10001})


def test_an_order_is_checked_and_rejected() -> None:
    client = Client(TRADE)
    client.login()
    good = {"header": {"X-BAPI-TIMESTAMP": str(START_MS)}, "args": [{"category": "spot"}]}

    assert client.request(op="order.create", reqId="1", **good)["retMsg"].startswith("Permission denied")
    assert client.request(op="order.create", reqId="1", **good)["retCode"] == 20006
    assert client.request(op="order.nope", reqId="2", **good)["retCode"] == 10404
    assert client.request(op="order.create", reqId="3", **{**good, "header": {}})["retCode"] == 10002
    assert client.login()["retCode"] == 20001


# --- pushes --------------------------------------------------------------------------------------


class Copy:
    """A book rebuilt from pushes by the rules of the documents."""

    def __init__(self) -> None:
        self.sides: dict[str, dict[Decimal, Decimal]] = {"b": {}, "a": {}}
        self.u: int | None = None
        self.seq = 0

    def take(self, message: dict[str, Any]) -> None:
        data = message["data"]
        if message["type"] == "snapshot":
            self.sides = {"b": {}, "a": {}}
        else:
            assert self.u is not None
            assert data["u"] == self.u + 1, "a gap"
        assert data["seq"] >= self.seq
        assert message["cts"] <= message["ts"]
        self.u, self.seq = data["u"], data["seq"]
        for key, side in self.sides.items():
            for price, size in data[key]:
                if Decimal(size):
                    side[Decimal(price)] = Decimal(size)
                else:
                    side.pop(Decimal(price), None)


BOOKS = [
    (SPOT, "BTCUSDT", 1, "BTC/USDT", 0),
    (SPOT, "BTCUSDT", 50, "BTC/USDT", 0),
    (SPOT, "ETHBTC", 200, "ETH/BTC", 0),
    (LINEAR, "BTCUSDT", 50, "BTC/USDT", 0),
    (LINEAR, "BTCPERP", 1000, "BTC/USD-PERP", 0),
    (INVERSE, "BTCUSD", 200, "BTC/USD", 0),
    (OPTION, CALL, 25, "BTC/USDT", 20_000),
    (OPTION, CALL, 100, "BTC/USDT", 20_000),
]


@pytest.mark.parametrize(("path", "name", "depth", "symbol", "strike"), BOOKS)
def test_a_book_rebuilt_from_pushes_is_the_markets(path: str, name: str, depth: int, symbol: str, strike: int) -> None:
    client, copy = Client(path), Copy()
    first = client.send(json.dumps({"op": "subscribe", "args": [f"orderbook.{depth}.{name}"]}))
    pushes = [*(m for m in first if "topic" in m), *client.listen(20)]
    pushes += messages(client.connection.tick(client.now_ms + 300))  # what the cadence held back
    for message in pushes:
        copy.take(message)
        assert max(copy.sides["b"]) < min(copy.sides["a"]), "crossed"

    assert len(pushes) > 20
    assert pushes[0]["type"] == "snapshot"
    book = client.market.order_book(symbol)
    for side, key in (("buy", "b"), ("sell", "a")):
        rows = book.levels(side, depth)  # type: ignore[arg-type]
        assert copy.sides[key] == {price - strike: size for price, size, _ in rows}
    assert copy.seq == client.market.log(symbol).cursor
    if depth == 1:
        assert {m["type"] for m in pushes} == {"snapshot"}


def test_the_best_prices_are_sent_again_after_three_seconds_without_a_change() -> None:
    client = Client(SPOT)
    client.request(op="subscribe", args=["orderbook.1.ZECUSDT"])
    received = [(m["data"]["u"], m["ts"]) for m in client.listen(12)]
    again = [later - before for (u, before), (v, later) in pairwise(received) if u == v]

    assert again
    assert set(again) == {3_000}


def test_the_full_book_is_sent_in_changes_only() -> None:
    client = Client(SPOT)
    client.request(op="subscribe", args=["orderbook.full.BTCUSDT"])
    pushes = [*client.listen(3)]

    assert {m["type"] for m in pushes} == {"delta"}
    assert [m["data"]["u"] for m in pushes] == [*range(pushes[0]["data"]["u"], pushes[-1]["data"]["u"] + 1)]


def test_the_ticker_of_a_contract_is_complete_once_and_then_has_what_changed() -> None:
    client = Client(LINEAR)
    first, *_ = client.send('{"op":"subscribe","args":["tickers.BTCUSDT"]}')
    ticker = dict(first["data"])
    for message in client.listen(10):
        assert message["type"] == "delta"
        changes = {name: value for name, value in message["data"].items() if name != "symbol"}
        assert changes
        assert all(ticker[name] != value for name, value in changes.items())
        ticker |= changes
    best = client.market.best_prices("BTC/USDT")

    assert (Decimal(ticker["bid1Price"]), Decimal(ticker["ask1Price"])) == best
    assert Decimal(ticker["lastPrice"]) == client.market.last_trade("BTC/USDT").price


def test_the_trades_of_every_product_are_those_of_the_market() -> None:
    market = Market(start_ms=START_MS)
    spot, option = Client(SPOT, market), Client(OPTION, market)
    spot.request(op="subscribe", args=["publicTrade.BTCUSDT"])
    option.request(op="subscribe", args=["publicTrade.BTC"])
    shown = [row for m in spot.listen(10) for row in m["data"]]
    option.now_ms = spot.now_ms
    calls = [row for m in messages(option.connection.tick(spot.now_ms)) for row in m["data"] if row["s"] == CALL]

    assert shown
    assert [row["i"] for row in shown] == [row["i"] for row in calls]
    assert [Decimal(row["p"]) - 20_000 for row in shown] == [Decimal(row["p"]) for row in calls]
    assert all(row["S"] in ("Buy", "Sell") for row in shown)


def test_a_candle_is_confirmed_once_when_the_next_one_opens() -> None:
    client = Client(SPOT)
    client.request(op="subscribe", args=["kline.1.BTCUSDT"])
    rows = [row for m in client.listen(130) for row in m["data"]]
    over = [row["start"] for row in rows if row["confirm"]]

    assert len(over) == len(set(over)) == 2
    assert all(row["end"] - row["start"] == 59_999 for row in rows)


@pytest.mark.parametrize("seconds", INTERVAL_SECONDS.values(), ids=INTERVAL_SECONDS)
def test_a_candle_contains_its_time_and_the_next_begins_where_it_ends(seconds: int) -> None:
    start = candle_open_s(seconds, START_MS // 1000)
    end = candle_close_s(seconds, start)

    assert start <= START_MS // 1000 < end
    assert candle_open_s(seconds, end) == end
    assert candle_open_s(seconds, end - 1) == start


def test_the_account_is_sent_by_category() -> None:
    client = Client(PRIVATE)
    client.login()
    topics = ["order.spot", "execution", "execution.fast.linear", "position", "wallet", "greeks"]
    assert client.request(op="subscribe", args=topics, req_id="1")["success"] is True
    received: dict[str, list[dict[str, Any]]] = {}
    for message in client.listen(60):
        assert isinstance(message["creationTime"], int)
        received.setdefault(message["topic"], []).extend(message["data"])

    assert set(received) == set(topics)
    assert {row["category"] for row in received["order.spot"]} == {"spot"}
    assert {row["category"] for row in received["execution"]} == {"spot", "linear"}
    assert {row["symbol"] for row in received["position"]} == {"BTCPERP"}
    filled = {row["execId"] for row in received["execution"] if row["category"] == "linear"}
    assert {row["execId"] for row in received["execution.fast.linear"]} == filled
    assert Decimal(received["wallet"][-1]["coin"][0]["walletBalance"]) > 0


def test_a_topic_and_its_part_do_not_go_together() -> None:
    client = Client(PRIVATE)
    client.login()

    assert client.request(op="subscribe", args=["order", "order.linear"])["success"] is False


@pytest.mark.parametrize("category", ["spot", "linear", "inverse", "option"])
def test_each_product_lists_the_names_of_its_topics(category: str) -> None:
    exchange = SimulatedBybitV5(Market(start_ms=START_MS), WHO)
    reply = exchange.answer_http(IncomingHttpRequest("GET", LIST_PATH, f"category={category}", {}, b""), START_MS)
    assert reply is not None
    rows = json.loads(reply.body)["result"]["list"]
    connection = exchange.connect(f"/v5/public/{category}", START_MS)
    for row in rows:
        request = {"op": "subscribe", "args": [f"tickers.{row['symbol']}"]}
        assert messages(connection.receive(json.dumps(request), START_MS))[-1]["success"] is True

    assert rows


def test_a_list_of_an_unknown_category_is_rejected() -> None:
    exchange = SimulatedBybitV5(Market(start_ms=START_MS), WHO)
    reply = exchange.answer_http(IncomingHttpRequest("GET", LIST_PATH, "category=nope", {}, b""), START_MS)

    assert reply is not None
    assert json.loads(reply.body)["retCode"] == 10001


BOOKS = [
    ("category=spot&symbol=BTCUSDT", 0),
    ("category=spot&symbol=NOPE", 10001),
    ("category=linear&symbol=BTCUSDT", 10001),
]


@pytest.mark.parametrize(("query", "code"), BOOKS)
def test_the_full_book_of_a_spot_market_is_answered_over_http(query: str, code: int) -> None:
    market = Market(start_ms=START_MS)
    market.advance(START_MS)
    exchange = SimulatedBybitV5(market, WHO)
    reply = exchange.answer_http(IncomingHttpRequest("GET", FULL_BOOK_PATH, query, {}, b""), START_MS)
    assert reply is not None
    answer = json.loads(reply.body)

    assert answer["retCode"] == code
    assert code or (answer["result"]["s"] == "BTCUSDT" and len(answer["result"]["b"]) > 10)


def test_a_maintenance_is_scheduled_ongoing_and_completed_second_by_second() -> None:
    client = Client(STATUS)
    client.request(op="subscribe", args=["system.status"], req_id="1")
    rows = [push["data"][0] for push in client.listen(7.2) if push.get("topic") == "system.status"]
    states = [(row["id"], row["state"]) for row in rows]

    assert states[:6] == [
        (f"sim-{number}", state) for number in (0, 1) for state in ("scheduled", "ongoing", "completed")
    ]
    assert all(int(row["end"]) - int(row["begin"]) == 3_000 for row in rows)
    assert {after - before for before, after in pairwise(int(row["begin"]) for row in rows)} == {1_000}
