"""The simulated Bitstamp v2: its replies, its pushes and its token."""

import hashlib
import hmac
import http.client
import json
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import pytest
import websocket
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosedError
from websockets.frames import Close as WireClose
from websockets.sync.client import connect

from tests.support.simulated import serving
from wscli.exchanges.bitstamp.simulated.exchange import SimulatedBitstamp
from wscli.exchanges.bitstamp.simulated.token import TOKEN_PATH
from wscli.simulator.contract import (
    Close,
    Drop,
    IncomingHttpRequest,
    OutgoingHttpReply,
    Output,
    Send,
    SimulatedConnection,
    credentials_of,
)
from wscli.simulator.market import Market
from wscli.simulator.order_book import Trade
from wscli.simulator.trade_history import DAY

START_MS = 1_700_000_012_345
WHO = credentials_of(7)
PERP = "btcusd-perp"
USER = "4242"


class Client:
    """A client of one connection, and the time. JSON numbers are read as Decimal."""

    def __init__(self, *, seed: int = 7, rate: float = 1.0) -> None:
        self.market = Market(seed, rate, start_ms=START_MS)
        self.now_ms = START_MS
        self.market.advance(self.now_ms)
        self.exchange = SimulatedBitstamp(self.market, WHO)
        self.connection: SimulatedConnection = self.exchange.connect("/", self.now_ms)

    def send(self, data: str | bytes) -> str:
        (answer,) = texts(self.connection.receive(data, self.now_ms))
        return answer

    def request(self, event: str, channel: object = None, **data: object) -> Any:
        return json.loads(self.send(json.dumps({"event": event, "data": {"channel": channel, **data}})))

    def subscribe(self, *channels: str) -> None:
        for channel in channels:
            auth = {"auth": self.token()} if channel.startswith("private-") else {}
            answer = self.request("bts:subscribe", channel, **auth)
            assert answer == {"event": "bts:subscription_succeeded", "channel": channel, "data": {}}

    def step(self) -> list[str]:
        self.now_ms += 50
        self.market.advance(self.now_ms)
        return texts(self.connection.tick(self.now_ms))

    def listen(self, seconds: float) -> Iterator[dict[str, Any]]:
        for _ in range(round(seconds * 20)):
            yield from (read(text) for text in self.step())

    def post(self, **changes: Any) -> OutgoingHttpReply:
        reply = self.exchange.answer_http(request(self.now_ms, **changes), self.now_ms)
        assert reply is not None
        return reply

    def token(self) -> str:
        reply = self.post()
        assert reply.status == 200, reply
        return str(json.loads(reply.body)["token"])


def texts(outs: list[Output]) -> list[str]:
    sent = []
    for out in outs:
        assert isinstance(out, Send) and isinstance(out.data, str) and out.delay_ms >= 1
        sent.append(out.data)
    return sent


def read(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)


def request(
    now_ms: int,
    *,
    method: str = "POST",
    path: str = TOKEN_PATH,
    query: str = "",
    body: bytes = b"",
    host: str = "www.bitstamp.net",
    signed_host: str | None = None,
    key: str = WHO.key,
    secret: str = WHO.secret,
    nonce: str | None = None,
    without: str = "",
    **headers: str,
) -> IncomingHttpRequest:
    """Return a signed request; `headers` replace (x_auth="…") or join the right ones, after the signing."""
    nonce = nonce or str(uuid.uuid4())
    stamp = headers.pop("stamp", str(now_ms))
    kind = headers.get("content_type", "")
    text = f"BITSTAMP {key}{method}{signed_host or host}{path}{'?' if query else ''}{query}{kind}{nonce}{stamp}v2"
    given = {
        "host": host,
        "x-auth": f"BITSTAMP {key}",
        "x-auth-signature": hmac.new(secret.encode(), text.encode() + body, hashlib.sha256).hexdigest(),
        "x-auth-nonce": nonce,
        "x-auth-timestamp": stamp,
        "x-auth-version": "v2",
    }
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    given.pop(without, None)
    return IncomingHttpRequest(method, path, query, given, body)


def private(kind: str, market: str = "btcusd") -> str:
    return f"private-{kind}-{USER}" if kind in WHOLE else f"private-{kind}_{market}-{USER}"


WHOLE = ("my_settlements", "my_liquidations", "my_token_settlements")
PUBLIC_KINDS = ("live_trades", "live_orders", "order_book", "detail_order_book", "diff_order_book")
PRIVATE_KINDS = ("my_orders", "my_trades", "live_trades", "live_order_trades")


@pytest.fixture
def client() -> Client:
    return Client()


# Requests and replies.


def test_the_exchange_sends_nothing_without_a_request(client: Client) -> None:
    assert client.connection.greet(START_MS) == []
    assert list(client.listen(1)) == []


ANSWERS = [
    # request                                                                      expected
    ('{"event":"bts:heartbeat"}',
     '{"event":"bts:heartbeat","channel":"","data":{"status":"success"}}'),
    ('{"event":"bts:heartbeat","data":{},"id":7}',
     '{"event":"bts:heartbeat","channel":"","data":{"status":"success"}}'),
    ('{"event":"bts:subscribe","data":{"channel":"live_trades_ethusd"}}',
     '{"event":"bts:subscription_succeeded","channel":"live_trades_ethusd","data":{}}'),
    ('{"id":1,"data":{"x":[],"channel":"live_trades_btcusd-perp"},"event":"bts:subscribe"}',
     '{"event":"bts:subscription_succeeded","channel":"live_trades_btcusd-perp","data":{}}'),
    ('{"event":"bts:unsubscribe","data":{"channel":"live_trades_ethusd"}}',
     '{"event":"bts:unsubscription_succeeded","channel":"live_trades_ethusd","data":{}}'),
    ('{"event":"bts:unsubscribe","data":{"channel":"private-my_orders_ethusd-4242"}}',
     '{"event":"bts:unsubscription_succeeded","channel":"private-my_orders_ethusd-4242","data":{}}'),
    ('{"event":"bts:unsubscribe","data":{"channel":"private-my_orders_ethusd-4242","auth":"old"}}',
     '{"event":"bts:unsubscription_succeeded","channel":"private-my_orders_ethusd-4242","data":{}}'),
]  # fmt: skip


@pytest.mark.parametrize(("requested", "expected"), ANSWERS)
def test_requests_have_their_replies(client: Client, requested: str, expected: str) -> None:
    assert client.send(requested) == expected


REJECTED = [
    # request                                                          code  expected
    ("hello",                                                          None, "Incorrect JSON format."),
    ("",                                                               None, "Incorrect JSON format."),
    ('{"event":',                                                      None, "Incorrect JSON format."),
    ('{"event":NaN}',                                                  None, "Incorrect JSON format."),
    ("[" * 500,                                                        None, "Incorrect JSON format."),
    ("[]",                                                             None, "Bad subscription string."),
    ("7",                                                              None, "Bad subscription string."),
    ("{}",                                                             None, "Bad subscription string."),
    ('{"event":"bts:ping"}',                                           None, "Bad subscription string."),
    ('{"event":"subscribe","data":{"channel":"live_trades_btcusd"}}',  None, "Bad subscription string."),
    ('{"event":"bts:subscribe"}',                                      None, "Bad subscription string."),
    ('{"event":"bts:subscribe","data":{}}',                            None, "Bad subscription string."),
    ('{"event":"bts:subscribe","data":"live_trades_btcusd"}',          None, "Bad subscription string."),
    ('{"event":"bts:subscribe","data":{"channel":7}}',                 None, "Bad subscription string."),
    ('{"event":"bts:unsubscribe","data":{"channel":""}}',              None, "Bad subscription string."),
]  # fmt: skip
BAD_NAMES = (
    "live_trades_BTCUSD", "live_trades_btc/usd", "live_trades", "order_book", "live_trades_", "ticker_btcusd", "é",
    "announcements_btcusd", "live_trades_btcusd ", "private-my_orders_btcusd", "private-my_orders_btcusd-perp",
    "private-my_orders-4242", "private-my_settlements_btcusd-4242", "private-my_settlements", "private-my_orders_BTC-4242",
    "private-order_book_btcusd-4242", "private-my_orders_btcusd-٤٢",
)  # fmt: skip


@pytest.mark.parametrize(("requested", "code", "expected"), REJECTED)
def test_a_rejection_leaves_the_connection_open(
    client: Client, requested: str, code: int | None, expected: str
) -> None:
    answer = client.send(requested)

    assert answer.startswith('{"event":"bts:error","channel":"","data":{"code":')
    assert json.loads(answer)["data"] == {"code": code, "message": expected}
    assert client.request("bts:heartbeat")["data"] == {"status": "success"}


@pytest.mark.parametrize("channel", BAD_NAMES)
def test_an_invalid_channel_name_is_rejected(client: Client, channel: str) -> None:
    for event in ("bts:subscribe", "bts:unsubscribe"):
        answer = client.request(event, channel, auth=client.token())

        assert answer["data"] == {"code": None, "message": "Invalid channel provided."}
    assert list(client.listen(0.5)) == []


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=100), st.binary(max_size=400)))
def test_any_message_gets_one_reply(data: str | bytes) -> None:
    assert json.loads(LISTENER.send(data))["event"] == "bts:error"


LISTENER = Client()


def sized(size: int) -> str:
    frame = '{"event":"bts:heartbeat","pad":"' + "é" * 20
    return frame + "x" * (size - len(frame.encode()) - 2) + '"}'


def test_a_message_of_513_bytes_is_one_too_long(client: Client) -> None:
    assert json.loads(client.send(sized(512)))["event"] == "bts:heartbeat"

    for data in (sized(513), sized(700), b"x" * 513):
        assert client.connection.receive(data, START_MS) == [Close(1009, "read limited at 513 bytes")]


def test_an_unknown_market_is_acknowledged_and_has_no_data(client: Client) -> None:
    client.subscribe("live_trades_nosuch", "order_book_foo-perp", private("my_orders", "nosuch"))
    client.subscribe("funding_rate_btcusd")

    assert list(client.listen(2)) == []


def test_subscribing_twice_does_not_double_the_data(client: Client) -> None:
    client.subscribe("order_book_btcusd", "order_book_btcusd")

    assert 8 <= len(list(client.listen(1))) <= 10


def test_unsubscribing_ends_the_data(client: Client) -> None:
    client.subscribe("order_book_btcusd", "live_trades_btcusd", private("my_orders"))
    client.request("bts:unsubscribe", "order_book_btcusd")
    client.request("bts:unsubscribe", private("my_orders"))

    assert {frame["channel"] for frame in client.listen(1)} == {"live_trades_btcusd"}


def test_the_1025th_channel_drops_the_connection(client: Client) -> None:
    names = [f"live_trades_m{number}" for number in range(1_024)]
    client.subscribe(*names, names[0])

    frame = '{"event":"bts:subscribe","data":{"channel":"live_trades_btcusd"}}'
    assert client.connection.receive(frame, START_MS) == [Drop()]
    client.request("bts:unsubscribe", names[5])
    client.subscribe("live_trades_btcusd")


# The public channels.


def test_every_public_channel_has_data_at_once_and_twice_a_second(client: Client) -> None:
    names = [f"{kind}_{market}" for kind in PUBLIC_KINDS for market in ("btcusd", "btcusdt", "ethbtc", PERP)]
    names += [f"funding_rate_{PERP}", "announcements"]
    client.subscribe(*names)

    assert {frame["channel"] for frame in client.listen(0.5)} == set(names)
    counts = Counter(frame["channel"] for frame in client.listen(10))
    assert all(counts[name] >= 20 for name in names), counts


def test_the_quiet_market_is_quiet(client: Client) -> None:
    client.subscribe(*(f"{kind}_zecusd" for kind in PUBLIC_KINDS))

    assert list(client.listen(2)) == []
    assert 0 < len(list(client.listen(60))) < 40


def test_keys_and_types_of_a_trade(client: Client) -> None:
    client.subscribe("live_trades_btcusd", f"live_trades_{PERP}")
    frames = {frame["channel"]: frame for frame in client.listen(2)}
    data, perp = frames["live_trades_btcusd"]["data"], frames[f"live_trades_{PERP}"]["data"]

    assert [*frames["live_trades_btcusd"]] == ["event", "channel", "data"]
    assert [*data] == [
        "id", "timestamp", "amount", "amount_str", "price", "price_str", "type", "microtimestamp", "buy_order_id",
        "sell_order_id",
    ]  # fmt: skip
    assert [*perp][:2] == ["id", "id_str"] and perp["id_str"] == str(perp["id"]) and perp["id"] > 2**53
    assert data["timestamp"] == data["microtimestamp"][:10]
    assert len(str(data["buy_order_id"])) == 16
    assert len(data["amount_str"].partition(".")[2]) == 8 and len(perp["amount_str"].partition(".")[2]) == 5


def test_trades_are_the_markets(client: Client) -> None:
    client.subscribe("live_trades_btcusd")
    before = client.market.last_trade("BTC/USD").id
    received = [frame["data"] for frame in client.listen(5)]
    traded = client.market.trades("BTC/USD", 500, before)[::-1]

    assert [row["id"] for row in received] == [trade.id for trade in traded]
    for row, trade in zip(received, traded, strict=True):
        assert Decimal(row["amount_str"]) == row["amount"] == trade.size
        assert Decimal(row["price_str"]) == row["price"] == trade.price
        assert row["microtimestamp"] == str(trade.time_us)
        assert row["type"] == (0 if trade.side == "buy" else 1)
    assert {row["type"] for row in received} == {0, 1}
    assert received[-1]["price"] == client.market.stats("BTC/USD", DAY, client.now_ms).close
    volume = sum(row["amount"] for row in received)
    start_s = START_MS // 1000
    candle = client.market.candle_between("BTC/USD", start_s, client.now_ms // 1000 + 1)
    older = [trade for trade in client.market.trades("BTC/USD", 500) if trade.id <= before]
    earlier = sum(trade.size for trade in older if trade.time_us >= start_s * 1_000_000)
    assert candle is not None and candle.volume == volume + earlier


def test_the_chain_of_order_events_is_unbroken(client: Client) -> None:
    client.subscribe("live_orders_btcusd", f"live_orders_{PERP}")
    chains: dict[str, list[tuple[str, str]]] = defaultdict(list)
    names: Counter[str] = Counter()
    for frame in client.listen(5):
        assert [*frame] == ["event", "channel", "event_id", "pre_event_id", "order_source", "data"]
        assert frame["order_source"] == "orderbook" and len(frame["event_id"]) == 36
        chains[frame["channel"]].append((frame["pre_event_id"], frame["event_id"]))
        names[frame["event"]] += 1

    assert set(names) == {"order_created", "order_changed", "order_deleted"}
    assert len(chains) == 2
    for chain in chains.values():
        assert len(chain) > 50 and all(left[1] == right[0] for left, right in pairwise(chain))
        assert len({event for _, event in chain}) == len(chain)


def test_a_book_kept_from_orders_is_the_markets(client: Client) -> None:
    book = {1_900_000_000_000_000 + order.id: order.size for side in sides(client) for order in side}
    client.subscribe("live_orders_btcusd")
    for _ in range(200):
        for text in client.step():
            frame = read(text)
            data = frame["data"]
            number, amount, traded = data["id"], data["amount"], Decimal(data["amount_traded"])
            assert data["id_str"] == str(number) and Decimal(data["amount_str"]) == amount
            if frame["event"] == "order_created":
                assert number not in book and traded == 0 and Decimal(data["amount_at_create"]) >= amount
                book[number] = amount
            elif frame["event"] == "order_changed":
                assert amount < book[number] and traded in (0, book[number] - amount)
                book[number] = amount
            else:
                remaining = book.pop(number)
                assert (amount, traded) in ((0, remaining), (remaining, 0))

        assert book == {1_900_000_000_000_000 + order.id: order.size for side in sides(client) for order in side}


def sides(client: Client) -> list[Any]:
    return [client.market.order_book("BTC/USD").orders("buy"), client.market.order_book("BTC/USD").orders("sell")]


def test_the_complete_book_is_the_top_hundred_of_the_market(client: Client) -> None:
    client.subscribe("order_book_btcusd", "detail_order_book_btcusd")
    stamps: list[int] = []
    for _ in range(100):
        for text in client.step():
            frame = read(text)
            data = frame["data"]
            bids, asks = ([tuple(row) for row in data[side]] for side in ("bids", "asks"))
            assert [*data] == ["timestamp", "microtimestamp", "bids", "asks"]
            assert data["timestamp"] == data["microtimestamp"][:10]
            assert len(bids) == len(asks) == 100 and Decimal(bids[0][0]) < Decimal(asks[0][0])
            assert all(isinstance(cell, str) for row in bids for cell in row)
            if frame["channel"].startswith("detail"):
                numbers = [[str(1_900_000_000_000_000 + order.id) for order in side[:100]] for side in sides(client)]
                assert [[row[2] for row in side] for side in (bids, asks)] == numbers
                assert [Decimal(row[1]) for row in bids] == [order.size for order in sides(client)[0][:100]]
            else:
                stamps.append(int(data["microtimestamp"]))
                assert [(Decimal(price), Decimal(size)) for price, size in bids] == best(client, "BTC/USD", "buy")
                assert [(Decimal(price), Decimal(size)) for price, size in asks] == best(client, "BTC/USD", "sell")

    assert len(stamps) > 40 and stamps == sorted(set(stamps))


def best(client: Client, symbol: str, side: Any, most: int | None = 100) -> list[tuple[Decimal, Decimal]]:
    return [(row.price, row.size) for row in client.market.order_book(symbol).levels(side, most)]


class DiffBook:
    """A book kept by the rule of section 6.2."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.time = int(data["microtimestamp"])
        self.levels = {side: {Decimal(price): Decimal(size) for price, size in data[side]} for side in ("bids", "asks")}

    def apply(self, data: dict[str, Any], *, whole: bool = True) -> None:
        if int(data["microtimestamp"]) <= self.time:
            return
        self.time = int(data["microtimestamp"])
        for side, levels in self.levels.items():
            for price, size in ((Decimal(price), Decimal(size)) for price, size in data[side]):
                if size:
                    assert levels.get(price) != size
                    levels[price] = size
                else:
                    removed = levels.pop(price, None)
                    assert removed is not None or not whole, "a level that was not there went"
        assert max(self.levels["bids"]) < min(self.levels["asks"])


@pytest.mark.parametrize(("name", "symbol", "zero"), [
    ("btcusd", "BTC/USD", "0.00000000"), (PERP, "BTC/USD-PERP", "0.00000"), ("ethbtc", "ETH/BTC", "0.00000000"),
])  # fmt: skip
def test_a_book_kept_from_diffs_is_the_markets(client: Client, name: str, symbol: str, zero: str) -> None:
    list(client.listen(0.25))
    client.subscribe(f"diff_order_book_{name}", f"order_book_{name}")
    waiting: list[dict[str, Any]] = []
    book: DiffBook | None = None
    zeros, empty, compared = set(), 0, 0
    for _ in range(400):
        received = False
        for text in client.step():
            frame = read(text)
            data = frame["data"]
            if frame["channel"].startswith("diff"):
                received = True
                zeros |= {row[1] for side in ("bids", "asks") for row in data[side] if not Decimal(row[1])}
                empty += not data["bids"] or not data["asks"]
                assert [Decimal(row[0]) for row in data["asks"]] == sorted(Decimal(row[0]) for row in data["asks"])
                if book is None:
                    waiting.append(data)
                else:
                    book.apply(data)
            elif book is None and waiting:
                assert int(data["microtimestamp"]) >= int(waiting[0]["microtimestamp"])
                whole = client.exchange.answer_http(
                    IncomingHttpRequest("GET", f"/api/v2/order_book/{name}/", "group=1", {}, b""), client.now_ms
                )
                assert whole is not None
                book = DiffBook(json.loads(whole.body))
                assert book.levels["bids"] == dict(best(client, symbol, "buy", None))
                for diff in waiting:
                    book.apply(diff)
        if book is not None and received:
            compared += 1
            assert book.levels["bids"] == dict(best(client, symbol, "buy", None))
            assert book.levels["asks"] == dict(best(client, symbol, "sell", None))

    assert compared > 80 and zeros == {zero} and empty


def test_a_diff_book_may_start_from_the_first_complete_book(client: Client) -> None:
    client.subscribe("order_book_btcusd")
    (first,) = list(client.listen(0.1))[:1]
    client.subscribe("diff_order_book_btcusd")
    book = DiffBook(first["data"])
    for _ in range(200):
        frames = [read(text) for text in client.step()]
        for frame in frames:
            if frame["channel"].startswith("diff"):
                book.apply(frame["data"], whole=False)
        for frame in frames:
            if frame["channel"].startswith("order_book"):
                top = [[str(price), size] for price, size in sorted(book.levels["bids"].items(), reverse=True)[:20]]
                assert [[price, Decimal(size)] for price, size in frame["data"]["bids"][:20]] == top


def test_the_rest_book_in_its_three_groupings(client: Client) -> None:
    replies = [
        client.exchange.answer_http(IncomingHttpRequest("GET", "/api/v2/order_book/btcusd/", query, {}, b""), START_MS)
        for query in ("group=0", "", "group=2")
    ]
    ungrouped, grouped, detail = (json.loads(reply.body) for reply in replies if reply is not None)

    orders = client.market.order_book("BTC/USD").orders("buy")
    assert [Decimal(row[1]) for row in ungrouped["bids"]] == [order.size for order in orders]
    assert [Decimal(row[1]) for row in grouped["bids"]] == [size for _, size in best(client, "BTC/USD", "buy", None)]
    assert [row[:2] for row in detail["bids"]] == ungrouped["bids"] and len(detail["bids"][0]) == 3


def test_the_list_of_markets(client: Client) -> None:
    reply = client.exchange.answer_http(IncomingHttpRequest("GET", "/api/v2/markets/", "", {}, b""), START_MS)
    assert reply is not None
    rows = {row["market_symbol"]: row for row in json.loads(reply.body)}

    assert {"btcusd", "btcusdt", "btceur", "ethusd", "ethbtc", PERP, "zecusd"} <= rows.keys()
    assert [name for name, row in rows.items() if row["market_type"] == "PERPETUAL"] == [PERP]
    assert rows[PERP]["base_decimals"] == 5 and rows["btcusd"]["counter_decimals"] == 2
    assert (rows["ethbtc"]["base_currency"], rows["ethbtc"]["counter_currency"]) == ("ETH", "BTC")
    assert (rows[PERP]["base_currency"], rows[PERP]["counter_currency"]) == ("BTC", "USD")
    assert {name: row["payoff_type"] for name, row in rows.items() if "payoff_type" in row} == {PERP: "Linear"}


def test_the_older_list_of_pairs(client: Client) -> None:
    reply = client.exchange.answer_http(
        IncomingHttpRequest("GET", "/api/v2/trading-pairs-info/", "", {}, b""), START_MS
    )
    assert reply is not None
    rows = {row["url_symbol"]: row for row in json.loads(reply.body)}

    assert {"btcusd", "ethbtc", "zecusd"} <= rows.keys() and PERP not in rows
    assert all(row["trading"] == "Enabled" and row["name"].count("/") == 1 for row in rows.values())
    assert rows["btceur"]["minimum_order"] == "10 EUR" and rows["ethbtc"]["minimum_order"] == "0.0002 BTC"


def test_funding_rates(client: Client) -> None:
    client.subscribe(f"funding_rate_{PERP}")
    frame = list(client.listen(3))[-1]
    data = frame["data"]

    assert frame["event"] == "funding_rate_saved" and data["market"] == PERP
    assert [*data] == ["market", "mark_price", "index_price", "funding_rate", "timestamp", "next_funding_time"]
    assert all(isinstance(value, str) for value in data.values())
    assert int(data["next_funding_time"]) % (8 * 3600) == 0
    assert 0 < int(data["next_funding_time"]) - int(data["timestamp"]) <= 8 * 3600


def test_announcements_name_their_status(client: Client) -> None:
    client.subscribe("announcements")
    frames = list(client.listen(6))
    published: dict[int, str] = {}

    assert {frame["event"] for frame in frames} == {"published", "in_progress", "completed"}
    for frame in frames:
        data = frame["data"]
        assert data["status"] == frame["event"]
        assert data[f"{data['announcement_type']}_details"]
        assert ("changed_fields" in data) == (frame["event"] != "published")
        assert published.setdefault(data["announcement_id"], data["published_at"]) == data["published_at"]
        assert data["published_at"] <= data["updated_at"]


# The private channels.


@pytest.mark.parametrize("market", ["btcusd", PERP])
def test_every_private_channel_has_data_soon_and_twice_a_second(client: Client, market: str) -> None:
    names = [private(kind, market) for kind in (*PRIVATE_KINDS, *WHOLE)]
    client.subscribe(*names)

    assert {frame["channel"] for frame in client.listen(0.5)} == set(names)
    counts = Counter(frame["channel"] for frame in client.listen(10))
    assert all(counts[name] >= 20 for name in names), counts


@pytest.mark.parametrize(
    "auth", [{}, {"auth": ""}, {"auth": "wrong"}, {"auth": None}, {"auth": 7}, {"auth": "é\ud800"}]
)
def test_private_channels_need_a_token(client: Client, auth: dict[str, object]) -> None:
    client.token()

    assert client.request("bts:subscribe", private("my_orders"), **auth) == {
        "event": "bts:error", "channel": "", "data": {"code": 4009, "message": "Connection is unauthorized."},
    }  # fmt: skip
    assert list(client.listen(1)) == []


def test_a_token_is_for_one_user_and_one_minute(client: Client) -> None:
    token = client.token()

    assert client.request("bts:subscribe", "private-my_orders_btcusd-4243", auth=token)["data"]["code"] == 4009
    client.now_ms += 59_999
    assert client.request("bts:subscribe", private("my_orders"), auth=token)["event"] == "bts:subscription_succeeded"
    assert client.request("bts:subscribe", private("my_trades"), auth=token)["event"] == "bts:subscription_succeeded"
    client.now_ms += 1
    assert client.request("bts:subscribe", private("live_trades"), auth=token)["data"]["code"] == 4009
    assert {frame["channel"] for frame in client.listen(2)} == {private("my_orders"), private("my_trades")}


def test_own_orders_live_and_die(client: Client) -> None:
    client.subscribe(private("my_orders", PERP))
    frames = list(client.listen(15))
    open_: dict[int, Decimal] = {}
    events = [frame["event_id"] for frame in frames]

    assert {frame["event"] for frame in frames} == {
        "order_created", "order_changed", "order_deleted", "order_replaced", "stop_active", "stop_inactive",
    }  # fmt: skip
    assert events == sorted(set(events))
    for frame in frames:
        data, name = frame["data"], frame["event"]
        assert [*frame] == ["event", "channel", "event_id", "order_source", "trade_account_id", "data"]
        assert frame["trade_account_id"] == data["trade_account_id"] == 0 and data["reduce_only"] is False
        assert data["client_order_id"].startswith("sim-") and data["id_str"] == str(data["id"])
        assert ("stop_price" in data) == name.startswith("stop_") == (frame["order_source"] == "stop_order")
        assert ("orig_order_id" in data) == (name == "order_replaced")
        number, amount = data["id"], data["amount"]
        if name in ("order_created", "order_replaced"):
            open_[number] = amount
            assert data.get("orig_order_id") not in open_
        elif name == "order_changed":
            assert Decimal(data["amount_traded"]) == open_[number] - amount
            open_[number] = amount
        elif name == "order_deleted":
            left = open_.pop(number) - Decimal(data["amount_traded"])
            assert amount == (left if left else 0) and (amount or left == 0)


def test_a_market_order_has_no_price_until_it_trades(client: Client) -> None:
    client.subscribe(private("my_orders"))
    rows = [frame for frame in client.listen(6) if frame["data"]["order_subtype"] == 2]
    first = rows[0]["data"]["id"]
    story = [frame for frame in rows if frame["data"]["id"] == first]

    assert story[0]["event"] == "order_created" and story[-1]["event"] == "order_deleted"
    assert story[0]["data"]["price"] == 0 and story[0]["data"]["amount_at_create"] == "0"
    assert all(frame["data"]["price"] > 30_000 for frame in story[1:])
    assert story[-1]["data"]["amount"] == 0 and Decimal(story[-1]["data"]["amount_traded"]) == 0


def test_own_trades_are_public_ones_and_self_trades_are_apart(client: Client) -> None:
    client.subscribe("live_trades_btcusd", private("my_trades"), private("live_trades"), private("live_order_trades"))
    received: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for frame in client.listen(8):
        received[frame["channel"]].append(frame["data"])
        assert (frame["event"] == "self_trade") == (frame["channel"] == private("live_trades"))
    public = {row["id"]: row for row in received["live_trades_btcusd"]}
    own = received[private("my_trades")]

    for row in own:
        other = public[row["id"]]
        assert row["order_id"] == other["buy_order_id" if row["side"] == "buy" else "sell_order_id"]
        assert (row["amount"], row["price"]) == (other["amount_str"], other["price_str"])
        assert Decimal(row["fee"]) > 0 and row["position_id"] is None
    assert {row["side"] for row in own} == {"buy", "sell"}
    assert all(public[row["id"]] == row for row in received[private("live_order_trades")])
    selves = received[private("live_trades")]
    pairs = {(row["buy_order_id"], row["sell_order_id"]): row for row in public.values()}
    for row in selves:
        assert [*row][:2] == ["timestamp", "microtimestamp"]
        assert pairs[row["buy_order_id"], row["sell_order_id"]]["type"] == row["type"]
        assert row["sellers_trade_account_id"] == row["buyers_trade_account_id"] == 0
    mine = {row["id"] for row in own}
    assert len(received[private("live_order_trades")]) == len(mine) + len(selves)
    user = client.market.account.user_id
    events = [event for event in client.market.log("BTC/USD").recent() if isinstance(event, Trade)]
    assert len(selves) == sum(event.buyer == event.seller == user for event in events if event.id in public)


def test_settlements_add_up(client: Client) -> None:
    client.subscribe(private("my_settlements"), private("my_trades", PERP))
    frames = list(client.listen(20))
    rows = [frame["data"] for frame in frames if frame["event"] == "settlement"]
    positions = {frame["data"]["position_id"] for frame in frames if frame["event"] == "trade"}

    assert {frame["event"] for frame in frames} == {"settlement", "trade", "insurance_fund_premium"}
    for row in rows:
        assert [*row] == ["id", "tnx_id", "ts", "price", "ccy", "as", "ap", "atf", "alf", "afu", "asl", "sp", "typ"]
        assert all(isinstance(value, str) for value in row.values())
        assert Decimal(row["as"]) == sum(Decimal(row[part]) for part in ("ap", "atf", "alf", "afu", "asl"))
    assert {row["typ"] for row in rows} == {"P", "C"}
    assert positions and positions <= {row["id"] for row in rows}


def test_liquidation_alerts_and_token_settlements(client: Client) -> None:
    client.subscribe(private("my_liquidations"), private("my_token_settlements"))
    frames = list(client.listen(5))
    alerts = [frame for frame in frames if frame["channel"] == private("my_liquidations")]
    tokens = [frame for frame in frames if frame["channel"] == private("my_token_settlements")]

    assert [frame["event"] for frame in alerts[:5]] == [
        "im_breach_warning", "im_breach", "mm_breach_warning", "liquidation_start", "liquidation_concluded",
    ]  # fmt: skip
    assert all(frame["data"]["alert_type"] == frame["event"] for frame in alerts)
    assert {frame["data"]["margin_mode"] for frame in alerts} == {"CROSS", "ISOLATED"}
    assert {frame["event"] for frame in tokens} == {"token_ready"}
    assert [*tokens[0]["data"]] == [
        "action", "order_id", "order_id_str", "instrument", "token_security_currency", "tokens_quantity", "datetime",
    ]  # fmt: skip
    assert tokens[0]["data"]["datetime"].endswith("+00:00")


def test_a_seed_gives_one_run() -> None:
    def run(seed: int) -> list[str]:
        client = Client(seed=seed)
        names = [f"{kind}_{PERP}" for kind in (*PUBLIC_KINDS, "funding_rate")]
        client.subscribe(*names, "announcements", *(private(kind, PERP) for kind in (*PRIVATE_KINDS, *WHOLE)))
        return [text for _ in range(30) for text in client.step()]

    assert run(3) == run(3) != run(4)


# The token over HTTP.


def test_the_documented_signature_is_what_is_compared() -> None:
    text = "BITSTAMP demo-keyPOSTwww.bitstamp.net/api/v2/websockets_token/6b1a2f9e-1a2b-4c3d-8e4f-5a6b7c8d9e0f1700000000000v2"
    vector = "ded53e319610a74bcb5c52d04880cf8d3a308d333d21e83f9027f3429f1c9395"

    assert hmac.new(b"demo-secret", text.encode(), hashlib.sha256).hexdigest() == vector
    requested = request(
        1_700_000_000_000, key="demo-key", secret="demo-secret", nonce="6b1a2f9e-1a2b-4c3d-8e4f-5a6b7c8d9e0f"
    )
    assert requested.headers["x-auth-signature"] == vector


def test_a_token_comes_with_the_signature_of_the_exchange(client: Client) -> None:
    nonce = str(uuid.uuid4())
    reply = client.post(nonce=nonce)
    answer = json.loads(reply.body)

    assert reply.status == 200 and [*answer] == ["token", "valid_sec", "user_id"]
    assert (answer["valid_sec"], answer["user_id"]) == (60, 4242)
    assert answer["token"].isalnum() and len(answer["token"]) == 32
    proof = f"{nonce}{START_MS}application/json".encode() + reply.body
    assert (
        dict(reply.headers)["X-Server-Auth-Signature"]
        == hmac.new(WHO.secret.encode(), proof, hashlib.sha256).hexdigest()
    )
    assert client.token() != client.token() != answer["token"]


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("changes", [
    {"host": "127.0.0.1:8765"},
    {"host": "127.0.0.1:8765", "signed_host": "www.bitstamp.net"},
    {"host": "127.0.0.1:8765", "signed_host": "127.0.0.1"},
    {"host": "127.0.0.1:8765", "signed_host": "http://127.0.0.1:8765"},
    {"body": b"foo=bar", "content_type": FORM},
    {"body": b"{}", "content_type": "application/json; charset=utf-8"},
    {"query": "a=b"},
    {"stamp": str(START_MS - 150_000)},
    {"stamp": str(START_MS + 150_000)},
    {"path": TOKEN_PATH.rstrip("/")},
])  # fmt: skip
def test_a_signed_request_gets_a_token(client: Client, changes: dict[str, Any]) -> None:
    assert client.post(**changes).status == 200


def test_the_signature_may_be_in_upper_case(client: Client) -> None:
    requested = request(START_MS)
    requested = request(
        START_MS,
        nonce=requested.headers["x-auth-nonce"],
        x_auth_signature=requested.headers["x-auth-signature"].upper(),
    )
    reply = client.exchange.answer_http(requested, START_MS)

    assert reply is not None and reply.status == 200


@pytest.mark.parametrize(("changes", "code"), [
    ({"key": "nobody"},                                           "API0001"),
    ({"key": "é"},                                                "API0001"),
    ({"secret": "wrong"},                                         "API0005"),
    ({"x_auth_signature": "é"},                                   "API0005"),
    ({"signed_host": "evil.example"},                             "API0005"),
    ({"body": b"foo=bar", "content_type": FORM, "x_auth_signature": "0" * 64}, "API0005"),
    ({"nonce": "7"},                                              "API0004"),
    ({"x_auth_version": "v1"},                                    "API0010"),
    ({"x_auth": "sim-key"},                                       "API0011"),
    ({"x_auth": "BITSTAMP "},                                     "API0011"),
    ({"without": "x-auth"},                                       "API0012"),
    ({"without": "x-auth-signature"},                             "API0013"),
    ({"without": "x-auth-nonce"},                                 "API0014"),
    ({"without": "x-auth-timestamp"},                             "API0015"),
    ({"without": "x-auth-version"},                               "API0016"),
    ({"stamp": str(START_MS - 150_001)},                          "API0017"),
    ({"stamp": str(START_MS + 150_001)},                          "API0017"),
    ({"stamp": str(START_MS // 1000)},                            "API0017"),
    ({"stamp": "now"},                                            "API0018"),
    ({"stamp": "9" * 5000},                                       "API0018"),
    ({"body": b"x", "content_type": "text/plain"},                "API0019"),
    ({"content_type": FORM},                                      "API0020"),
    ({"query": "a" * 2000},                                       "API0021"),
])  # fmt: skip
def test_a_wrong_request_gets_the_reason(client: Client, changes: dict[str, Any], code: str) -> None:
    reply = client.post(**changes)
    answer = json.loads(reply.body)

    assert reply.status == 403 and [*answer] == ["status", "reason", "code"]
    assert (answer["status"], answer["code"]) == ("error", code) and answer["reason"]
    assert WHO.secret not in reply.body.decode()


def test_a_nonce_serves_once_in_300_seconds(client: Client) -> None:
    nonce = str(uuid.uuid4())

    assert json.loads(client.post(nonce=nonce, secret="wrong").body)["code"] == "API0005"
    assert client.post(nonce=nonce).status == 200
    client.now_ms += 299_999
    assert json.loads(client.post(nonce=nonce).body)["code"] == "API0004"
    client.now_ms += 1
    assert client.post(nonce=nonce).status == 200


def test_a_token_is_posted_for_and_a_book_is_got(client: Client) -> None:
    assert client.post(method="GET").status == 405
    assert client.exchange.answer_http(IncomingHttpRequest("POST", "/api/v2/markets/", "", {}, b""), START_MS) is None


# Over a real socket.


def test_a_real_connection() -> None:
    with serving("bitstamp", seed=7) as facts:
        urls: Any = facts["urls"]
        assert urlsplit(urls["bitstamp"]).path == "/"
        ws = websocket.create_connection(urls["bitstamp"], timeout=60)
        ws.send('{"event":"bts:subscribe","data":{"channel":"order_book_btcusd"}}')

        assert json.loads(ws.recv())["event"] == "bts:subscription_succeeded"
        assert json.loads(ws.recv())["channel"] == "order_book_btcusd"
        ws.close()


def test_a_private_channel_over_a_real_connection_with_deflate() -> None:
    with serving("bitstamp", seed=7) as facts:
        urls: Any = facts["urls"]
        place = urlsplit(str(facts["http"]))
        server = http.client.HTTPConnection(place.netloc, timeout=60)
        now_ms = time.time_ns() // 1_000_000
        requested = request(now_ms, host=place.netloc, body=b"foo=bar", content_type=FORM)
        server.request("POST", TOKEN_PATH, requested.body, dict(requested.headers))
        token = json.loads(server.getresponse().read())["token"]
        server.close()
        with connect(urls["bitstamp"]) as ws:
            assert ws.response is not None and "permessage-deflate" in ws.response.headers["Sec-WebSocket-Extensions"]
            ws.send(json.dumps({"event": "bts:subscribe", "data": {"channel": private("my_orders"), "auth": token}}))

            assert json.loads(ws.recv(5))["channel"] == private("my_orders")
            assert json.loads(ws.recv(5))["order_source"] in ("orderbook", "stop_order")
            ws.send("x" * 513)
            with pytest.raises(ConnectionClosedError) as closed:
                while True:
                    ws.recv(5)
            assert closed.value.rcvd == WireClose(1009, "read limited at 513 bytes")
