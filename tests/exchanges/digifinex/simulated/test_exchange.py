"""The simulated DigiFinex spot v1: its replies and its pushes."""

import base64
import hashlib
import hmac
import json
import zlib
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import websocket
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.simulated import serving
from wscli.exchanges.digifinex.simulated.account import AccountFeeds
from wscli.exchanges.digifinex.simulated.exchange import PATH, SimulatedDigifinex
from wscli.simulator.account_events import AccountOrder, BalanceChange, OrderUpdate, StopOrder, StopUpdate
from wscli.simulator.contract import Drop, Output, Send, credentials_of
from wscli.simulator.market import Market
from wscli.simulator.trade_history import DAY

START_MS = 1_700_000_012_345
WHO = credentials_of(7)
BUSY = ("BTC_USDT", "ETH_USDT", "LTC_USDT", "XRP_USDT", "SOL_USDT", "ETH_BTC")
PUBLIC = ("trades", "depth", "ticker", "all_ticker")
PRIVATE = ("order", "order_algo", "balance")
SUCCESS = {"status": "success"}


class Client:
    """A client of one connection, and the time."""

    def __init__(self, seed: int = 7) -> None:
        self.market = Market(seed, start_ms=START_MS)
        self.now_ms = START_MS
        self.market.advance(self.now_ms)
        self.connection = SimulatedDigifinex(self.market, WHO).connect(PATH, self.now_ms)
        self.beats = True

    def text(self, data: str | bytes) -> str:
        (answer,) = texts(self.connection.receive(data, self.now_ms))
        return answer

    def request(self, method: str, *params: object, id: object = 7) -> Any:
        """Return the result, or the code of the rejection."""
        answer = json.loads(self.text(json.dumps({"id": id, "method": method, "params": params})))
        assert [*answer] == ["error", "result", "id"] and answer["id"] == id
        return answer["result"] if answer["error"] is None else answer["error"]["code"]

    def rounds(self, seconds: float) -> Iterator[list[dict[str, Any]]]:
        """Yield the pushes of each 50 ms; a ping every 20 s keeps the connection."""
        for number in range(round(seconds * 20)):
            self.now_ms += 50
            self.market.advance(self.now_ms)
            if self.beats and number % 400 == 399:
                self.request("server.ping")
            yield [json.loads(text, parse_float=Decimal) for text in texts(self.connection.tick(self.now_ms))]

    def listen(self, seconds: float) -> Iterator[dict[str, Any]]:
        for pushes in self.rounds(seconds):
            yield from pushes

    def params(self, seconds: float) -> list[list[Any]]:
        return [push["params"] for push in self.listen(seconds)]

    def login(self, key: object = WHO.key, stamp: object = None, signature: object = None) -> Any:
        stamp = str(self.now_ms) if stamp is None else stamp
        return self.request("server.auth", key, stamp, signed(stamp) if signature is None else signature)


def texts(outs: list[Output]) -> list[str]:
    """Return the texts of frames, each a complete zlib stream."""
    sent = []
    for out in outs:
        assert isinstance(out, Send) and isinstance(out.data, bytes) and out.delay_ms >= 1
        inflater = zlib.decompressobj()
        sent.append(inflater.decompress(out.data).decode())
        assert inflater.eof and not inflater.unused_data
    return sent


def signed(stamp: object, secret: str = WHO.secret) -> str:
    return base64.b64encode(hmac.new(secret.encode(), str(stamp).encode(), hashlib.sha256).digest()).decode()


@pytest.fixture
def client() -> Client:
    return Client()


REQUESTS = [
    # request                                                              expected
    ('{"id":1,"method":"server.ping","params":[]}',                        '{"error":null,"result":"pong","id":1}'),
    ('{"id":2,"method":"server.time","params":[]}',                        '{"error":null,"result":1700000012,"id":2}'),
    ('{"id":2,"method":"server.time"}',                                    '{"error":null,"result":1700000012,"id":2}'),
    ('{"id":3,"method":"trades.subscribe","params":["BTC_USDT"]}',         '{"error":null,"result":{"status":"success"},"id":3}'),
    ('{"id":3,"method":"depth.subscribe","params":["BTC_USDT","X_Y"],"b":1}', '{"error":null,"result":{"status":"success"},"id":3}'),
    ('{"id":4,"method":"trades.unsubscribe","params":["BTC_USDT"]}',       '{"error":null,"result":{"status":"success"},"id":4}'),
    ('{"id":4,"method":"ticker.unsubscribe","params":[]}',                 '{"error":null,"result":{"status":"success"},"id":4}'),
    ('{"id":5,"method":"all_ticker.subscribe"}',                           '{"error":null,"result":{"status":"success"},"id":5}'),
    ('{"id":5,"method":"all_ticker.unsubscribe","params":[]}',             '{"error":null,"result":{"status":"success"},"id":5}'),
    ('{"id":6,"method":"depth.query","params":[]}',                        '{"error":{"code":4,"message":"method not found"},"result":null,"id":6}'),
    ('{"id":6,"method":"subscribe","params":[]}',                          '{"error":{"code":4,"message":"method not found"},"result":null,"id":6}'),
    ('{"id":6,"method":["depth.subscribe"]}',                              '{"error":{"code":4,"message":"method not found"},"result":null,"id":6}'),
    ('{"id":6}',                                                           '{"error":{"code":4,"message":"method not found"},"result":null,"id":6}'),
    ('{"id":7,"method":"depth.subscribe","params":[]}',                    '{"error":{"code":1,"message":"invalid argument"},"result":null,"id":7}'),
    ('{"id":7,"method":"depth.subscribe"}',                                '{"error":{"code":1,"message":"invalid argument"},"result":null,"id":7}'),
    ('{"id":7,"method":"depth.unsubscribe"}',                              '{"error":{"code":1,"message":"invalid argument"},"result":null,"id":7}'),
    ('{"id":7,"method":"ticker.subscribe","params":["BTC_USDT",5]}',       '{"error":{"code":1,"message":"invalid argument"},"result":null,"id":7}'),
    ('{"id":7,"method":"ticker.subscribe","params":"BTC_USDT"}',           '{"error":{"code":1,"message":"invalid argument"},"result":null,"id":7}'),
    ('{"id":8,"method":"order.subscribe","params":["BTC_USDT"]}',          '{"error":{"code":6,"message":"authentication required"},"result":null,"id":8}'),
    ('{"id":8,"method":"order_algo.subscribe","params":[]}',               '{"error":{"code":6,"message":"authentication required"},"result":null,"id":8}'),
    ('{"id":8,"method":"balance.unsubscribe","params":[]}',                '{"error":{"code":6,"message":"authentication required"},"result":null,"id":8}'),
    ('{"method":"server.ping","params":[]}',                               '{"error":{"code":1,"message":"invalid argument"},"result":null,"id":null}'),
    ('{"id":1E999999999,"method":"server.ping"}',                          '{"error":{"code":1,"message":"invalid argument"},"result":null,"id":null}'),
    ('{"id":{},"method":"server.ping"}',                                   '{"error":{"code":1,"message":"invalid argument"},"result":null,"id":null}'),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "answer"), REQUESTS)
def test_every_request_has_one_reply(client: Client, request_: str, answer: str) -> None:
    assert client.text(request_) == answer
    assert client.text(request_.encode()) == answer


@pytest.mark.parametrize("id", [0, 7, 7, -1, 1_700_000_000_123_456, 9_007_199_254_740_993, 10**30, "", "a-1", "é", "\ud800"])  # fmt: skip
def test_an_id_is_echoed_unchanged(client: Client, id: object) -> None:
    for method in ("server.ping", "depth.subscribe", "no.such"):
        client.request(method, "BTC_USDT", id=id)


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(), st.binary(), st.sampled_from(["[" * 100_000, "[]", "NaN", "7", '{"id":NaN}', "9" * 5000])))
def test_what_is_not_a_json_object_drops_the_connection(data: str | bytes) -> None:
    assert LISTENER.connection.receive(data, START_MS) == [Drop()]


LISTENER = Client()


def test_a_client_without_a_request_for_a_minute_is_dropped_even_while_it_receives(client: Client) -> None:
    client.request("trades.subscribe", "BTC_USDT")
    client.beats = False
    client.now_ms += 10_000
    client.request("server.ping")
    received = [client.connection.tick(client.now_ms + ms) for ms in (59_950, 60_000)]

    assert received == [[*received[0]], [Drop()]] and isinstance(received[0][0], Send)


def test_each_public_channel_has_data_at_once_and_twice_a_second(client: Client) -> None:
    for channel in PUBLIC:
        assert client.request(f"{channel}.subscribe", *BUSY) == SUCCESS
    first = Counter((push["method"], symbol) for push in client.listen(0.5) for symbol in named(push))
    wanted = {(f"{channel}.update", symbol) for channel in PUBLIC for symbol in BUSY}

    assert wanted - {("all_ticker.update", symbol) for symbol in BUSY} <= first.keys()
    assert any(method == "all_ticker.update" for method, _ in first)
    counts = Counter((push["method"], symbol) for push in client.listen(20) for symbol in named(push))
    assert all(counts[key] >= 38 for key in wanted), counts


def named(push: dict[str, Any]) -> list[str]:
    """Return the symbols of a public push."""
    assert [*push] == ["method", "params", "id"] and push["id"] is None
    if "ticker" in push["method"]:
        return [row["symbol"] for row in push["params"]]
    full, _, symbol = push["params"]
    assert isinstance(full, bool)
    return [symbol]


def test_a_subscribe_adds_and_a_repeated_one_begins_anew(client: Client) -> None:
    for channel in ("trades", "depth"):
        client.request(f"{channel}.subscribe", "BTC_USDT")
        client.request(f"{channel}.subscribe", "eth_usdt", "ETH_USDT")
    assert fulls(client) == {("trades", "BTC_USDT"): 1, ("depth", "BTC_USDT"): 1, ("trades", "ETH_USDT"): 1, ("depth", "ETH_USDT"): 1}  # fmt: skip

    client.request("depth.subscribe", "ETH_USDT")
    client.request("trades.subscribe", "btc_usdt")
    assert fulls(client) == {("depth", "ETH_USDT"): 1, ("trades", "BTC_USDT"): 1}


def fulls(client: Client) -> Counter[tuple[str, str]]:
    updates = [(push["method"].removesuffix(".update"), push["params"]) for push in client.listen(2)]
    assert len({(channel, params[2]) for channel, params in updates}) == 4
    return Counter((channel, params[2]) for channel, params in updates if params[0])


def test_unsubscribe_takes_symbols_out_and_without_any_the_channel(client: Client) -> None:
    client.request("depth.subscribe", *BUSY)
    client.request("trades.subscribe", "BTC_USDT")
    client.request("depth.unsubscribe", "btc_usdt", "X_Y")
    assert {named(push)[0] for push in client.listen(1) if push["method"] == "depth.update"} == {*BUSY} - {"BTC_USDT"}

    client.request("depth.unsubscribe")
    assert {push["method"] for push in client.listen(1)} == {"trades.update"}
    client.request("trades.unsubscribe", "BTC_USDT")
    client.request("all_ticker.subscribe")
    assert {push["method"] for push in client.listen(1)} == {"all_ticker.update"}
    client.request("all_ticker.unsubscribe")
    assert list(client.listen(1)) == []


def test_an_unknown_symbol_is_acknowledged_and_has_no_data(client: Client) -> None:
    for channel in ("trades", "depth", "ticker"):
        assert client.request(f"{channel}.subscribe", "FOO_USDT", "BTCUSDT", "BTC_EUR", "BTC_USD") == SUCCESS

    assert list(client.listen(2)) == []


def test_the_quiet_market_is_quiet(client: Client) -> None:
    for channel in ("trades", "depth", "ticker"):
        client.request(f"{channel}.subscribe", "ZEC_USDT")

    assert [push["method"] for push in client.listen(0.5)] == ["trades.update", "depth.update", "ticker.update"]
    assert len(list(client.listen(20))) < 12


@pytest.mark.parametrize("symbol", ["BTC_USDT", "XRP_USDT"])
def test_a_book_rebuilt_from_the_pushes_is_the_book(client: Client, symbol: str) -> None:
    client.request("depth.subscribe", symbol)
    book: dict[str, dict[Decimal, Decimal]] = {}
    seen: Counter[str] = Counter()
    for pushes in client.rounds(70):
        for push in pushes:
            full, sides, _ = push["params"]
            assert [*sides] == ["asks", "bids"]
            seen["full" if full else "changes"] += 1
            assert sides["asks"] or sides["bids"]
            book = {"asks": {}, "bids": {}} if full else book
            for side, rows in sides.items():
                prices = [Decimal(price) for price, _ in rows]
                if full:
                    assert len(rows) == 50 and prices == sorted(prices, reverse=True)
                seen["out of order"] += prices not in (sorted(prices), sorted(prices, reverse=True))
                deletions = [amount == "0" for _, amount in rows]
                seen["deletion first"] += deletions != sorted(deletions)
                for price, amount in rows:
                    assert isinstance(price, str) and isinstance(amount, str)
                    book[side].pop(Decimal(price), None)
                    if Decimal(amount):
                        book[side][Decimal(price)] = Decimal(amount)
                    else:
                        assert amount == "0" and not full
        if pushes:
            live = client.market.order_book(symbol.replace("_", "/"))
            for side, ours in (("asks", "sell"), ("bids", "buy")):
                assert book[side] == {row.price: row.size for row in live.levels(ours, 50)}  # type: ignore[arg-type]
            assert max(book["bids"]) < min(book["asks"])

    assert seen["full"] == 2 and seen["changes"] > 500
    assert seen["out of order"] > 50 and seen["deletion first"] > 50


def test_trades_are_complete_in_order_and_newest_first(client: Client) -> None:
    client.request("trades.subscribe", "BTC_USDT")
    (full, *rest) = client.params(20)

    assert full[0] is True and len(full[1]) == 100
    assert all(later[0] is False and later[1] for later in rest)
    ids = [row["id"] for params in (*rest[::-1], full) for row in params[1]]
    truth = client.market.trades("BTC/USDT", len(ids))
    assert ids == [trade.id for trade in truth]
    received = {row["id"]: row for params in (full, *rest) for row in params[1]}
    for trade in truth:
        row = received[trade.id]
        assert [*row] == ["id", "time", "price", "amount", "type"]
        assert (row["time"], row["type"]) == (Decimal(trade.time_us) / 1_000_000, trade.side)
        assert (Decimal(row["price"]), Decimal(row["amount"])) == (trade.price, trade.size)
    assert {row["type"] for row in received.values()} == {"buy", "sell"}
    assert max(len(params[1]) for params in rest) > 1


def test_a_reader_that_is_too_slow_gets_the_complete_list_again(client: Client) -> None:
    client.request("trades.subscribe", "BTC_USDT")
    client.params(0.1)
    while client.market.log("BTC/USDT").is_complete_since(100):
        client.now_ms += 10_000
        client.market.advance(client.now_ms)
        client.request("server.ping")
    (params,) = client.params(0.05)

    assert params[0] is True and len(params[1]) == 100


def test_numbers_are_texts_without_idle_zeros_and_times_in_seconds(client: Client) -> None:
    client.request("trades.subscribe", "BTC_USDT")
    (text,) = texts(client.connection.tick(client.now_ms))
    first = json.loads(text, parse_float=str)["params"][1][0]

    assert text.startswith('{"method":"trades.update","params":[true,[{"id":')
    assert first["time"].startswith("1700000012.") or first["time"].startswith("1700000011.")
    assert not any(value.endswith("0") and "." in value for value in (first["price"], first["amount"], first["time"]))


FIGURES = [
    "symbol", "open_24h", "high_24h", "low_24h", "base_volume_24h", "quote_volume_24h", "last", "last_qty",
    "best_bid", "best_bid_size", "best_ask", "best_ask_size", "timestamp",
]  # fmt: skip


@pytest.mark.parametrize("channel", ["ticker", "all_ticker"])
def test_a_ticker_agrees_with_trades_candles_and_book(client: Client, channel: str) -> None:
    client.request("trades.subscribe", *BUSY)
    client.request(f"{channel}.subscribe", *BUSY)
    last: dict[str, dict[str, Any]] = {}
    checked = 0
    for pushes in client.rounds(5):
        for push in pushes:
            if push["method"] == "trades.update":
                last[push["params"][2]] = push["params"][1][0]
                continue
            assert push["method"] == f"{channel}.update"
            for row in push["params"]:
                checked += 1
                ours = row["symbol"].replace("_", "/")
                day = client.market.stats(ours, DAY, client.now_ms)
                bid, ask = (client.market.order_book(ours).levels(side, 1)[0] for side in ("buy", "sell"))
                assert [*row] == FIGURES and row["timestamp"] == client.now_ms
                assert all(isinstance(row[key], str) for key in FIGURES[:-1])
                if row["symbol"] in last:
                    assert (row["last"], row["last_qty"]) == (
                        last[row["symbol"]]["price"],
                        last[row["symbol"]]["amount"],
                    )
                assert [Decimal(row[key]) for key in FIGURES[1:7]] == [
                    day.open, day.high, day.low, day.volume, day.quote_volume, day.close,
                ]  # fmt: skip
                assert [Decimal(row[key]) for key in FIGURES[8:12]] == [bid.price, bid.size, ask.price, ask.size]

    assert checked >= 50


def test_all_ticker_has_only_the_markets_with_events(client: Client) -> None:
    client.request("all_ticker.subscribe")
    pushes = client.params(60)
    received = Counter(row["symbol"] for params in pushes for row in params)

    assert 118 <= len(pushes) <= 120
    assert received.keys() == {*BUSY, "ZEC_USDT"}
    assert received["ZEC_USDT"] < 20 < min(received[symbol] for symbol in BUSY)
    assert any(len(params) < len(BUSY) for params in pushes)


def test_a_login_opens_the_private_channels(client: Client) -> None:
    assert client.request("balance.subscribe", "BTC") == 6
    assert client.login() == SUCCESS
    assert client.request("balance.subscribe", "BTC") == SUCCESS
    assert client.request("balance.subscribe") == 1
    assert client.login() == SUCCESS
    assert client.login(key="nobody") == 10002
    assert client.request("order.subscribe", "BTC_USDT") == SUCCESS
    assert client.request("trades.subscribe", "BTC_USDT") == SUCCESS


@pytest.mark.parametrize(
    "stamp", [START_MS, str(START_MS), str(START_MS - 60_000), str(START_MS + 60_000), f"0{START_MS}"]
)
def test_the_time_of_a_login_is_text_or_a_number(client: Client, stamp: object) -> None:
    assert client.login(stamp=stamp) == SUCCESS


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"key": "nobody"}, 10002),
        ({"key": "é\ud800"}, 10002),
        ({"signature": signed(START_MS + 1)}, 10003),
        ({"signature": signed(START_MS).rstrip("=")}, 10003),
        ({"signature": hmac.new(WHO.secret.encode(), str(START_MS).encode(), hashlib.sha256).hexdigest()}, 10003),
        ({"signature": "é\ud800"}, 10003),
        ({"stamp": str(START_MS - 60_001)}, 10008),
        ({"stamp": str(START_MS + 60_001)}, 10008),
        ({"stamp": str(START_MS // 1000)}, 10008),
        ({"stamp": "soon"}, 1),
        ({"stamp": "٣" * 13}, 1),
        ({"stamp": "9" * 5000}, 1),
        ({"stamp": True}, 1),
        ({"signature": 7}, 1),
        ({"key": None}, 1),
    ],
)
def test_a_wrong_login_gets_its_code(client: Client, wrong: dict[str, Any], code: int) -> None:
    assert client.login(**wrong) == code
    assert client.request("order.subscribe", "BTC_USDT") == 6
    assert client.login() == SUCCESS


def test_a_login_has_three_parts(client: Client) -> None:
    assert client.request("server.auth") == 1
    assert client.request("server.auth", WHO.key, str(START_MS)) == 1
    assert client.text('{"id":7,"method":"server.auth"}').startswith('{"error":{"code":1,')


def test_the_documented_signature_is_what_is_compared() -> None:
    assert signed(1_700_000_000_000, "wscli-test-secret-0001") == "lw7U+bsrKObEC4Z/UNMeEevGvX+SSI1exzXh9WIwn38="
    assert signed(1_735_689_600_123, "digifinexSecretExample9") == "JL61ufCQ68X5beFw1XtIE/JY5KwWpM6u93cQaNorNvo="


@pytest.mark.parametrize("symbols", [["BTC_USDT"], ["eth_usdt"]])
def test_each_private_channel_has_data_at_once_and_twice_a_second(client: Client, symbols: list[str]) -> None:
    client.login()
    for channel, names in zip(PRIVATE, (symbols, symbols, ["usdt", "BTC"]), strict=True):
        assert client.request(f"{channel}.subscribe", *names) == SUCCESS
    pushes = [*client.listen(0.5)]

    assert {push["method"] for push in pushes} == {f"{channel}.update" for channel in PRIVATE}
    pushes = [*client.listen(20)]
    counts = Counter(push["method"] for push in pushes)
    assert all(count >= 40 for count in counts.values()), counts
    rows = [row for push in pushes for row in push["params"]]
    assert {row["symbol"] for row in rows if "symbol" in row} == {symbol.upper() for symbol in symbols}
    assert {row["currency"] for row in rows if "currency" in row} == {"USDT", "BTC"}


def test_private_lists_add_up_and_empty_ones_drop_all(client: Client) -> None:
    client.login()
    client.request("order.subscribe", "BTC_USDT")
    client.request("order.subscribe", "ETH_USDT", "FOO_USDT")
    assert {row["symbol"] for params in client.params(5) for row in params} == {"BTC_USDT", "ETH_USDT"}
    client.request("order.unsubscribe", "eth_usdt")
    assert {row["symbol"] for params in client.params(5) for row in params} == {"BTC_USDT"}
    client.request("balance.subscribe", "BTC")
    client.request("order.unsubscribe")
    assert {push["method"] for push in client.listen(5)} == {"balance.update"}
    client.request("balance.unsubscribe")
    assert client.params(2) == []
    client.request("balance.subscribe", "USD", "EUR", "DOGE", "LTC")
    assert client.params(5) == []


def test_orders_are_what_the_account_did(client: Client) -> None:
    client.login()
    client.request("order.subscribe", "BTC_USDT")
    begin = client.market.account.log.cursor
    rows = [row for params in client.params(30) for row in params]
    updates = [
        event
        for event in client.market.account.log.since(begin)
        if isinstance(event, OrderUpdate) and event.order.symbol == "BTC/USDT"
    ]

    assert len(rows) == len(updates) and {row["status"] for row in rows} >= {0, 1, 2, 3}
    assert {row["type"] for row in rows} == {"limit", "market"} and {row["side"] for row in rows} == {"buy", "sell"}
    numbers: dict[str, int] = {}
    for row, update in zip(rows, updates, strict=True):
        order = update.order
        assert [*row] == sorted(row) and len(row) == 12 and row["mode"] == 1
        assert numbers.setdefault(row["id"], order.id) == order.id and int(row["id"], 16) and len(row["id"]) == 32
        assert row["timestamp"] == order.updated_us // 1000 and row["side"] == order.side
        money = [Decimal(row[key]) for key in ("amount", "filled", "price", "price_avg", "notional")]
        assert money == [order.size, order.filled, order.price, order.average_price, order.price * order.size]
        assert (row["type"] == "market") == (row["price"] == "0") == (row["notional"] == "0")
        assert (row["status"] == 2) == (row["filled"] == row["amount"])
    assert len(set(numbers.values())) == len(numbers)


@pytest.mark.parametrize(
    ("status", "filled", "code"),
    [("new", "0", 0), ("partial", "0.2", 1), ("filled", "0.5", 2), ("cancelled", "0", 3), ("cancelled", "0.2", 4)],
)  # fmt: skip
def test_the_status_of_an_order(status: Any, filled: str, code: int) -> None:
    size, price, done = Decimal("0.50"), Decimal("36500.00"), Decimal(filled)
    order = AccountOrder(
        5, "c", "BTC/USDT", "buy", "limit", price, size, done, done * price, Decimal(0), status, 1, 1_700_000_004_000_999
    )  # fmt: skip
    feeds = AccountFeeds({"BTC/USDT": "BTC_USDT"}, seed=7)
    ((channel, (row,)),) = feeds.pushes([OrderUpdate(1, 2, order)], wanting(order={"BTC_USDT"}))

    assert isinstance(row, dict) and len(row.pop("id")) == 32
    assert (channel, row) == ("order", {
        "amount": "0.5", "filled": filled, "mode": 1, "notional": "18250", "price": "36500",
        "price_avg": "36500" if done else "0", "side": "buy", "status": code, "symbol": "BTC_USDT",
        "timestamp": 1_700_000_004_000, "type": "limit",
    })  # fmt: skip


@pytest.mark.parametrize(
    ("status", "order_id", "codes"),
    [("new", 0, [0]), ("cancelled", 0, [-1]), ("triggered", 9, [1, 2]), ("triggered", 0, [1, -2])],
)
def test_the_status_of_an_order_that_waits(status: Any, order_id: int, codes: list[int]) -> None:
    price = Decimal("36010.50")
    stop = StopOrder(5, "c", "BTC/USDT", "sell", price, price - 1, Decimal("0.1"), price, status, 1, 2, order_id)
    update = StopUpdate(1, 1_700_000_005_000_000, stop)
    pushes = [*AccountFeeds({"BTC/USDT": "BTC_USDT"}, seed=7).pushes([update], wanting(order_algo={"BTC_USDT"}))]
    rows: list[Any] = [row for _, params in pushes for row in params]

    assert {channel for channel, _ in pushes} == {"order_algo"} and [row.pop("status") for row in rows] == codes
    assert len({row["id"] for row in rows}) == 1 and len(rows[0].pop("id")) == 32
    assert rows[0] == {
        "algo_price": "36009.5", "amount": "0.1", "mode": 1, "side": "sell", "symbol": "BTC_USDT",
        "timestamp": 1_700_000_005_000, "trigger_price": "36010.5",
    }  # fmt: skip


def wanting(**wanted: set[str]) -> dict[str, set[str]]:
    return {channel: wanted.get(channel, set()) for channel in PRIVATE}


def test_orders_that_wait_come_and_go(client: Client) -> None:
    client.login()
    client.request("order_algo.subscribe", "BTC_USDT", "ETH_USDT")
    rows = [row for params in client.params(10) for row in params]
    lives: dict[str, list[int]] = {}
    for row in rows:
        assert [*row] == sorted(row) and len(row) == 9
        lives.setdefault(row["id"], []).append(row["status"])

    assert {tuple(life) for life in lives.values()} >= {(0, -1), (0, 1, 2)}
    assert sum(life[0] != 0 for life in lives.values()) <= 2  # those that waited when the client came


def test_balances_are_what_the_account_holds(client: Client) -> None:
    client.login()
    client.request("balance.subscribe", "USDT", "BTC", "ETH")
    balances: dict[str, Any] = {}
    for pushes in client.rounds(5):
        for push in pushes:
            for row in push["params"]:
                assert [*row] == ["currency", "free", "total", "used"]
                assert Decimal(row["free"]) + Decimal(row["used"]) == Decimal(row["total"])
                balances[row["currency"]] = (Decimal(row["free"]), Decimal(row["used"]))
        assert len(pushes) <= 1
        for name, figures in balances.items():
            balance = client.market.account.balances[name]
            assert figures == (balance.free, balance.locked)

    assert balances.keys() == {"USDT", "BTC", "ETH"}
    assert any(isinstance(event, BalanceChange) and event.delta for event in client.market.account.log.recent())


def test_a_seed_is_a_run() -> None:
    runs = []
    for seed in (7, 7, 8):
        client = Client(seed)
        client.login()
        for channel in (*PUBLIC, *PRIVATE):
            client.request(f"{channel}.subscribe", "BTC_USDT", "USDT")
        runs.append([*client.listen(2)])

    assert runs[0] == runs[1] != runs[2]


def test_a_real_connection() -> None:
    with serving("digifinex", seed=7) as facts:
        urls: Any = facts["urls"]
        ws = websocket.create_connection(urls["digifinex"], timeout=60)
        ws.send('{"id":1,"method":"server.ping","params":[]}')
        ws.send('{"id":2,"method":"trades.subscribe","params":["BTC_USDT"]}')
        frames = [ws.recv_data() for _ in range(3)]
        pong, ack, push = (json.loads(zlib.decompress(data)) for _, data in frames)

        assert {opcode for opcode, _ in frames} == {websocket.ABNF.OPCODE_BINARY}
        assert (pong["result"], ack["result"], push["method"]) == ("pong", SUCCESS, "trades.update")
        ws.close()


def test_what_is_not_json_ends_a_real_connection_without_a_close_frame() -> None:
    with serving("digifinex", seed=7) as facts:
        urls: Any = facts["urls"]
        ws = websocket.create_connection(urls["digifinex"].rstrip("/"), timeout=60)
        ws.send("hello")

        with pytest.raises((websocket.WebSocketConnectionClosedException, ConnectionResetError)):
            ws.recv()
        ws.close()
