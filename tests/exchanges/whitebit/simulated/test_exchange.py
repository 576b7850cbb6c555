"""The simulated WhiteBIT: what it answers, what it pushes, and how it hangs up."""

import itertools
import json
import time
from collections import Counter
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

import pytest
import websocket
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.simulated import serving
from tests.support.simulated_whitebit import INVALID, START_MS, SUCCESS, Client, texts
from wscli.exchanges.whitebit.simulated.account_methods import PRIVATE_METHODS
from wscli.exchanges.whitebit.simulated.market_data import is_interval
from wscli.simulator.contract import Drop
from wscli.simulator.market import Market

CHANNELS = ("lastprice", "market", "marketToday", "trades", "depth", "bookTicker", "candles", "premiumIndex")


STILL = Market(start_ms=START_MS)


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture
def still() -> Client:
    """Return a client whose market is everybody's and must not move."""
    return Client(STILL)


# The envelope.


def test_the_text_has_blanks_and_the_keys_their_order(client: Client) -> None:
    received = [
        client.receive('{"id":1,"method":"ping","params":[]}'),
        client.receive('{"id":2,"method":"time","params":[],"jsonrpc":"2.0"}'),
        client.receive('{"id":3,"method":"lastprice_subscribe","params":["BTC_USDT"]}'),
        client.receive('{"id":4,"method":"nothing","params":[]}'),
    ]

    assert [text for outs in received for text in texts(outs)] == [
        '{"error": null, "result": "pong", "id": 1}',
        '{"error": null, "result": 1700000012, "id": 2}',
        '{"error": null, "result": {"status": "success"}, "id": 3}',
        '{"error": {"code": 4, "message": "method not found"}, "result": null, "id": 4}',
    ]
    (price,) = texts(client.connection.tick(client.now_ms + 50))
    last = client.request("lastprice_request", "BTC_USDT")
    assert price == f'{{"method": "lastprice_update", "params": ["BTC_USDT", "{last}"], "id": null}}'


@pytest.mark.parametrize("id", [0, 1, 1, -5, 9_007_199_254_740_993, 2**63 - 1])
def test_an_id_is_echoed_unchanged(still: Client, id: int) -> None:
    assert still.reply("ping", id=id)["id"] == id
    assert still.reply("sing", id=id)["id"] == id


FATAL = [
    "", "x", "{", "[]", "7", '"ping"', "NaN", "[" * 100_000, '{"id":1,}',
    '{"method":"ping","params":[]}',
    '{"id":"1","method":"ping","params":[]}',
    '{"id":null,"method":"ping","params":[]}',
    '{"id":true,"method":"ping","params":[]}',
    '{"id":1.0,"method":"ping","params":[]}',
    '{"id":9223372036854775808,"method":"ping","params":[]}',
    '{"id":1,"method":7,"params":[]}',
    '{"id":1,"params":[]}',
    '{"id":1,"method":"ping"}',
    '{"id":1,"method":"ping","params":null}',
    '{"id":1,"method":"ping","params":{}}',
    b'{"id":1,"method":"\xff","params":[]}',
]  # fmt: skip


@pytest.mark.parametrize("frame", FATAL)
def test_an_invalid_request_ends_the_connection_without_a_reply(still: Client, frame: str | bytes) -> None:
    still.subscribe("depth", "BTC_USDT", 5, "0", True)

    assert still.receive(frame) == []
    assert still.receive('{"id":1,"method":"ping","params":[]}') == []
    assert [still.connection.tick(START_MS + after) for after in (0, 199, 200)] == [[], [], [Drop()]]


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(), st.binary()))
def test_noise_ends_the_connection(data: str | bytes) -> None:
    client = Client(STILL)

    assert client.receive(data) == []
    assert client.connection.tick(START_MS + 199) == []
    assert client.connection.tick(START_MS + 200) == [Drop()]


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["lastprice_request", "market_request", "trades_request", "depth_request", "candles_request",
                     "depth_subscribe", "depth_unsubscribe", "trades_subscribe", "candles_subscribe", "bookTicker_subscribe"]),
    st.lists(st.one_of(st.just("BTC_USDT"), st.just("0"), st.integers(), st.text(), st.booleans(), st.none(),
                       st.lists(st.integers()), st.floats(allow_nan=False, allow_infinity=False)), max_size=5),
)  # fmt: skip
def test_any_arguments_are_answered(method: str, params: list[Any]) -> None:
    (answer,) = texts(Client(STILL).receive(json.dumps({"id": 1, "method": method, "params": params})))

    error = json.loads(answer)["error"]
    assert error is None or error["code"] in (1, 9)
    answer.encode()


def test_a_minute_without_a_frame_ends_the_connection(client: Client) -> None:
    client.subscribe("lastprice", "BTC_USDT")
    at = START_MS + 59_999

    assert Drop() not in client.connection.tick(at)
    client.connection.receive('{"id":1,"method":"ping","params":[]}', at)
    assert Drop() not in client.connection.tick(at + 59_999)
    assert client.connection.tick(at + 60_000) == [Drop()]


def test_the_201st_request_of_a_minute_is_too_many(still: Client) -> None:
    for _ in range(200):
        assert still.request("ping") == "pong"
    assert still.rejection("ping") == {"code": 7, "message": "too many requests"}
    still.now_ms += 60_000
    assert still.request("ping") == "pong"


# Refusals.


@pytest.mark.parametrize("method", sorted(PRIVATE_METHODS))
def test_private_methods_need_a_login(still: Client, method: str) -> None:
    assert still.rejection(method) == {"code": 6, "message": "authentication required"}


def test_a_request_is_taken_again_a_minute_after_the_first_of_200(still: Client) -> None:
    ping = '{"id":1,"method":"ping","params":[]}'
    for number in range(200):
        still.connection.receive(ping, START_MS + 100 * number)
    taken = [
        '"pong"' in texts(still.connection.receive(ping, START_MS + after_ms))[0]
        for after_ms in (59_999, 60_000, 60_001, 60_100)
    ]

    assert taken == [False, True, False, True]


def test_there_are_so_many_private_methods() -> None:
    assert (
        len(PRIVATE_METHODS) == 25
        and "deals_request" in PRIVATE_METHODS
        and "positionsMargin_request" not in PRIVATE_METHODS
    )


@pytest.mark.parametrize("method", ["marketToday_request", "Ping", "depth_update", "", "\ud800"])
def test_there_is_no_such_method(still: Client, method: str) -> None:
    assert still.rejection(method) == {"code": 4, "message": "method not found"}


REJECTED: list[tuple[str, list[Any]]] = [
    ("authorize",             ["a token", "public"]),
    ("lastprice_request",     []),
    ("lastprice_request",     ["BTC_USDT", "ETH_USDT"]),
    ("lastprice_request",     [7]),
    ("marketToday_query",     ["BTC_USDT", 60]),
    ("market_request",        ["BTC_USDT"]),
    ("market_request",        ["BTC_USDT", "3600"]),
    ("market_request",        ["BTC_USDT", 0]),
    ("market_request",        ["BTC_USDT", True]),
    ("trades_request",        ["BTC_USDT", 100]),
    ("trades_request",        ["BTC_USDT", 0, 0]),
    ("trades_request",        ["BTC_USDT", 101, 0]),
    ("trades_request",        ["BTC_USDT", 1, "0"]),
    ("depth_request",         ["BTC_USDT", 0, "0"]),
    ("depth_request",         ["BTC_USDT", 101, "0"]),
    ("depth_request",         ["BTC_USDT", 5, 0]),
    ("depth_request",         ["BTC_USDT", 5, "1"]),
    ("depth_request",         ["BTC_USDT", 5, "0.10"]),
    ("depth_request",         ["BTC_USDT", 5]),
    ("candles_request",       ["BTC_USDT", 0, 1_700_000_000, 60]),
    ("candles_request",       ["BTC_USDT", 1_700_000_000, 1_699_999_999, 60]),
    ("candles_request",       ["BTC_USDT", 1_700_000_013, 1_800_000_000, 60]),
    ("candles_request",       ["BTC_USDT", 1_699_999_000, 1_700_000_000, 45]),
    ("candles_request",       ["BTC_USDT", 1_699_999_000, 1_700_000_000]),
    ("candles_subscribe",     []),
    ("candles_subscribe",     ["BTC_USDT", "60"]),
    ("lastprice_subscribe",   []),
    ("market_subscribe",      []),
    ("marketToday_subscribe", []),
    ("market_subscribe",      ["BTC_USDT", 86400]),
    ("trades_subscribe",      [["BTC_USDT"]]),
    ("depth_subscribe",       ["BTC_USDT", 25, "0", True]),
    ("depth_subscribe",       ["BTC_USDT", 200, "0", True]),
    ("depth_subscribe",       ["BTC_USDT", "5", "0", True]),
    ("depth_subscribe",       ["BTC_USDT", 5, "0", 1]),
    ("depth_subscribe",       ["BTC_USDT", 5, "0.5", True]),
    ("depth_subscribe",       ["BTC_USDT", 5]),
    ("depth_subscribe",       ["BTC_USDT", 5, "0", True, True]),
    ("depth_unsubscribe",     [5]),
    ("bookTicker_subscribe",  [None]),
    ("premiumIndex_subscribe", ["BTC_USDT"]),
]  # fmt: skip


@pytest.mark.parametrize(("method", "params"), REJECTED)
def test_wrong_arguments_are_rejected(still: Client, method: str, params: list[Any]) -> None:
    assert still.rejection(method, *params) == INVALID
    assert still.connection.tick(START_MS) == []


@pytest.mark.parametrize(
    "interval", [0, -60, 7, 45, 61, 90, 420, 2700, 5400, 18000, 32400, 90000, 691200, 1209600, 2678400]
)
def test_not_an_interval(still: Client, interval: int) -> None:
    assert still.rejection("candles_subscribe", "BTC_USDT", interval) == INVALID


def test_the_thirty_seven_intervals() -> None:
    intervals = [n for n in (*range(-10, 604_801), *range(604_860, 10_000_000, 60)) if is_interval(n)]

    assert intervals == [
        1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30,
        60, 120, 180, 240, 300, 360, 600, 720, 900, 1200, 1800,
        3600, 7200, 10800, 14400, 21600, 28800, 43200,
        86400, 172800, 259200, 345600, 432000, 518400, 604800, 2592000,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "rest"),
    [
        ("lastprice_request", []), ("marketToday_query", []), ("market_request", [60]), ("trades_request", [5, 0]),
        ("depth_request", [5, "0"]), ("candles_request", [1, 2, 60]), ("lastprice_subscribe", []),
        ("market_subscribe", []), ("marketToday_subscribe", []), ("trades_subscribe", []), ("candles_subscribe", [60]),
        ("depth_subscribe", [5, "0", True]), ("depth_unsubscribe", []), ("bookTicker_subscribe", []),
        ("bookTicker_unsubscribe", []), ("premiumIndex_subscribe", []),
    ],
)  # fmt: skip
@pytest.mark.parametrize("market", ["FOO_BAR", "btc_usdt", "BTC/USDT", "SOL_PERP", ""])
def test_an_unknown_market_does_not_exist(still: Client, method: str, rest: list[Any], market: str) -> None:
    assert still.rejection(method, market, *rest) == {"code": 9, "message": f"market {market} does not exist"}


# Queries.


def test_the_queries_agree(client: Client) -> None:
    [*client.ticks(3)]
    last = client.request("lastprice_request", "BTC_USDT")
    day, today = client.request("market_request", "BTC_USDT", 86400), client.request("marketToday_query", "BTC_USDT")
    (newest,) = client.request("trades_request", "BTC_USDT", 1, 0)
    now_s = client.now_ms // 1000
    (minute,) = client.request("candles_request", "BTC_USDT", now_s, now_s + 900, 60)

    assert last == day["last"] == day["close"] == today["last"] == newest["price"] == minute[2]
    assert [*day] == ["period", "last", "open", "close", "high", "low", "volume", "deal"] and day["period"] == 86400
    assert [*today] == ["last", "open", "high", "low", "volume", "deal"]
    (whole,) = client.request("candles_request", "BTC_USDT", now_s - now_s % 86400, now_s, 86400)
    numbers = {"open": 1, "last": 2, "high": 3, "low": 4, "volume": 5, "deal": 6}
    assert today == {key: whole[place] for key, place in numbers.items()}
    assert (
        Decimal(day["low"]) <= Decimal(today["low"]) <= Decimal(last) <= Decimal(today["high"]) <= Decimal(day["high"])
    )
    assert Decimal(day["volume"]) > Decimal(today["volume"]) > Decimal(minute[5]) > 0


def test_a_window_of_any_length(client: Client) -> None:
    volumes = [
        Decimal(client.request("market_request", "ETH_USDT", period)["volume"])
        for period in (1, 60, 3600, 604_800, 2**62)
    ]

    assert volumes == sorted(volumes) and volumes[0] < volumes[-1]


def test_candles_come_without_gaps_the_close_before_the_high(client: Client) -> None:
    rows = client.request("candles_request", "ZEC_USDT", 1_699_990_081, 1_699_990_090, 1)

    assert [row[0] for row in rows] == list(range(1_699_990_081, 1_699_990_091))
    assert all(len({*row[1:5]}) == 1 and row[5:7] == ["0", "0"] for row in rows)
    rows = client.request("candles_request", "BTC_USDT", 1_699_990_001, 1_700_000_000, 1800)
    assert [row[0] for row in rows] == list(range(1_699_988_400, 1_700_000_001, 1800))
    for before, row in itertools.pairwise(rows):
        assert before[2] == row[1] and row[7] == "BTC_USDT" and len(row) == 8
        high, low = Decimal(row[3]), Decimal(row[4])
        assert low <= Decimal(row[1]) <= high and low <= Decimal(row[2]) <= high
    assert any(row[2] not in row[3:5] for row in rows)
    assert len(client.request("candles_request", "BTC_USDT", 1, 1_800_000_000, 60)) == 1500


def test_last_id_is_an_exclusive_lower_bound(client: Client) -> None:
    [*client.ticks(2)]
    rows = client.request("trades_request", "BTC_USDT", 100, 0)
    ids = [row["id"] for row in rows]

    assert len(rows) == 100 and ids == sorted(ids, reverse=True)
    assert client.request("trades_request", "BTC_USDT", 100, ids[5]) == rows[:5]
    assert client.request("trades_request", "BTC_USDT", 2, ids[5]) == rows[:2]
    assert client.request("trades_request", "BTC_USDT", 2, ids[0]) == []
    assert [*rows[0]] == ["id", "time", "price", "amount", "type", "rpi"]
    assert {row["type"] for row in rows} == {"buy", "sell"} and all(row["rpi"] is False for row in rows)
    took = {trade.id: trade for trade in client.market.trades("BTC/USDT", 200)}
    assert all(took[row["id"]].side == row["type"] for row in rows)
    assert all(round(row["time"] * 1e6) == took[row["id"]].time_us for row in rows)


def test_depth_groups_prices(client: Client) -> None:
    exact = client.request("depth_request", "BTC_USDT", 100, "0")
    rough = client.request("depth_request", "BTC_USDT", 7, "0.1")

    assert [*exact] == ["timestamp", "asks", "bids"] and isinstance(exact["timestamp"], float)
    assert len(exact["asks"]) == len(exact["bids"]) == 100 and len(rough["bids"]) == len(rough["asks"]) == 7
    for side, rounding in (("asks", ROUND_CEILING), ("bids", ROUND_FLOOR)):
        sums: dict[Decimal, Decimal] = {}
        for price, amount in exact[side]:
            at = Decimal(price).quantize(Decimal("0.1"), rounding)
            sums[at] = sums.get(at, Decimal(0)) + Decimal(amount)
        assert [(Decimal(price), Decimal(amount)) for price, amount in rough[side]] == [*sums.items()][:7]
    assert Decimal(rough["bids"][0][0]) < Decimal(rough["asks"][0][0])


# Channels.


def subscribed(client: Client, market: str) -> None:
    for channel in ("lastprice", "market", "marketToday", "trades", "bookTicker"):
        client.subscribe(channel, market)
    client.subscribe("depth", market, 100, "0", True)
    client.subscribe("candles", market, 60)
    client.subscribe("premiumIndex")


@pytest.mark.parametrize("market", ["BTC_USDT", "XRP_EUR", "ETH_BTC", "BTC_PERP"])
def test_every_channel_has_data_at_once_and_twice_a_second(client: Client, market: str) -> None:
    subscribed(client, market)

    assert {channel for channel, _ in client.listen(0.5)} == set(CHANNELS)
    counts = Counter(channel for channel, _ in client.listen(10))
    few = 12 if market == "ETH_BTC" else 20  # its price often stays
    assert all(counts[channel] >= (few if channel == "lastprice" else 20) for channel in CHANNELS), counts
    assert counts["depth"] <= 100


@pytest.mark.parametrize("interval", [1, 30, 1800, 43200, 518400, 604800, 2592000])
def test_candles_of_every_class_are_pushed(client: Client, interval: int) -> None:
    client.subscribe("candles", "BTC_USDT", interval)
    pushes = client.params(5)

    assert len(pushes) >= 9
    for rows in pushes:
        assert all(row[0] % interval == 0 and row[0] <= client.now_ms / 1000 < row[0] + interval + 5 for row in rows)


def test_a_quiet_market_has_little_data_and_its_book_is_sent_again(client: Client) -> None:
    client.subscribe("depth", "ZEC_USDT", 100, "0", True)
    client.subscribe("lastprice", "ZEC_USDT")
    client.subscribe("candles", "ZEC_USDT", 60)
    client.subscribe("bookTicker", "ZEC_USDT")
    received = [(client.now_ms - START_MS, channel, params) for channel, params in client.listen(40)]

    assert Counter(channel for at, channel, _ in received if at <= 2000) == {
        "depth": 1,
        "lastprice": 1,
        "bookTicker": 1,
    }
    assert len(received) < 25
    books = [(at, params) for at, channel, params in received if channel == "depth"]
    again = [pair for pair in itertools.pairwise(books) if pair[1][1][0]]
    assert again
    for (before_ms, before), (at_ms, book) in again:
        assert at_ms - before_ms == 10_000
        assert book[1]["update_id"] >= before[1]["update_id"] and "past_update_id" not in book[1]


def test_trades_begin_with_a_back_fill_and_miss_nothing(client: Client) -> None:
    client.subscribe("trades", "BTC_USDT", "ETH_USDT")
    received: dict[str, list[int]] = {"BTC_USDT": [], "ETH_USDT": []}
    first: dict[str, int] = {}
    for market, rows in client.params(10):
        ids = [row["id"] for row in rows]
        assert ids == sorted(ids, reverse=True)
        first.setdefault(market, len(ids))
        received[market] += ids[::-1]

    assert first == {"BTC_USDT": 100, "ETH_USDT": 100}
    for market, ids in received.items():
        assert len(ids) > 130
        assert ids == [trade.id for trade in client.market.trades(market.replace("_", "/"), len(ids))][::-1]


def test_times_are_seconds_with_a_fraction(client: Client) -> None:
    client.subscribe("trades", "BTC_USDT")
    client.subscribe("depth", "BTC_USDT", 1, "0", True)
    for channel, params in client.listen(3):
        rows = (
            [row["time"] for row in params[1]]
            if channel == "trades"
            else [params[1]["timestamp"], params[1]["event_time"]]
        )
        assert all(
            isinstance(at, Decimal) and START_MS / 1000 - 130 < at <= client.now_ms / Decimal(1000) + 1 for at in rows
        )
    whole = Client(start_ms=1_700_000_000_000)
    whole.subscribe("depth", "ZEC_USDT", 1, "0", True)
    (book,) = texts(whole.connection.tick(1_700_000_000_000))
    assert '"event_time": 1700000000.' in book


def test_trades_candles_and_statistics_agree(client: Client) -> None:
    client.subscribe("candles", "BTC_USDT", 1)
    client.subscribe("trades", "BTC_USDT")
    candles: dict[int, list[Any]] = {}
    trades: dict[int, list[Any]] = {}
    pairs = 0
    for channel, params in client.listen(10):
        if channel == "trades":
            for row in params[1][::-1]:
                trades.setdefault(int(row["time"]), []).append(row)
        else:
            pairs += len(params) == 2
            candles |= {row[0]: row for row in params}
    closed = [at for at in candles if START_MS // 1000 < at < client.now_ms // 1000 - 1]

    assert len(closed) >= 7 and pairs >= 1
    for at in closed:
        prices = [Decimal(row["price"]) for row in trades[at]]
        amounts = [Decimal(row["amount"]) for row in trades[at]]
        deal = sum(price * amount for price, amount in zip(prices, amounts, strict=True))
        assert [*map(Decimal, candles[at][1:7])] == [
            prices[0],
            prices[-1],
            max(prices),
            min(prices),
            sum(amounts),
            deal,
        ]
    client.subscribe("market", "BTC_USDT")
    client.subscribe("marketToday", "BTC_USDT")
    client.subscribe("lastprice", "BTC_USDT")
    received = dict(client.listen(0.05))
    last = client.request("lastprice_request", "BTC_USDT")
    assert received["lastprice"] == ["BTC_USDT", last]
    assert received["market"] == ["BTC_USDT", client.request("market_request", "BTC_USDT", 86400)]
    assert received["marketToday"] == ["BTC_USDT", client.request("marketToday_query", "BTC_USDT")]


def test_the_last_price_is_sent_when_it_changes(client: Client) -> None:
    client.subscribe("lastprice", "BTC_USDT")
    prices = [price for _, price in client.params(10)]

    assert all(before != after for before, after in itertools.pairwise(prices))


# The book.


class Local:
    """A book kept by section 6."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.sides: dict[str, dict[Decimal, Decimal]] = {}
        self.last = 0

    def take(self, full: bool, book: dict[str, Any]) -> None:
        if full:
            self.sides = {"asks": {}, "bids": {}}
            assert "past_update_id" not in book and book["update_id"] >= self.last
        else:
            assert book["past_update_id"] == self.last < book["update_id"]
            assert book.get("asks") != [] and book.get("bids") != [] and {"asks", "bids"} & book.keys()
        for side in self.sides.keys() & book.keys():
            prices = [Decimal(price) for price, _ in book[side]]
            assert prices == sorted(prices, reverse=side == "bids")
            for price, amount in book[side]:
                if Decimal(amount):
                    self.sides[side][Decimal(price)] = Decimal(amount)
                else:
                    del self.sides[side][Decimal(price)]
        self.last = book["update_id"]

    def rows(self, side: str) -> list[tuple[Decimal, Decimal]]:
        return sorted(self.sides[side].items(), reverse=side == "bids")


@pytest.mark.parametrize(
    ("market", "limit", "interval"),
    [("BTC_USDT", 100, "0"), ("BTC_USDT", 1, "0"), ("ETH_USDT", 10, "0.1"), ("XRP_EUR", 5, "0.0001"), ("LTC_USD", 50, "0.00000001"), ("BTC_PERP", 30, "0.01")],
)  # fmt: skip
def test_a_book_kept_from_the_pushes_is_the_book(client: Client, market: str, limit: int, interval: str) -> None:
    client.subscribe("depth", market, limit, interval, True)
    local, deltas, one_sided = Local(limit), 0, 0
    symbol = market.replace("_PERP", "_USD-PERP").replace("_", "/", 1)
    for number, outs in enumerate(client.ticks(15)):
        for text in texts(outs):
            full, book, name = json.loads(text)["params"]
            assert name == market and full == (not local.sides)
            assert [*book] == [
                key for key in ("timestamp", "update_id", "past_update_id", "asks", "bids", "event_time") if key in book
            ]
            deltas += not full
            one_sided += len({"asks", "bids"} & book.keys()) == 1
            local.take(full, book)
        if number % 2 == 0:  # every 100 ms
            step = Decimal(interval) or None
            for key, side in (("asks", "sell"), ("bids", "buy")):
                wanted = client.market.order_book(symbol).levels(side, limit, step)  # type: ignore[arg-type]
                assert local.rows(key) == [(row.price, row.size) for row in wanted]
            assert max(local.sides["bids"]) < min(local.sides["asks"])

    assert deltas >= 40 and one_sided >= 10


def test_depth_adds_and_false_begins_anew(client: Client) -> None:
    client.subscribe("depth", "BTC_USDT", 5, "0", True)
    client.subscribe("depth", "ETH_USDT", 5, "0", True)
    first = client.params(0.05)
    assert [(full, name) for full, _, name in first] == [(True, "BTC_USDT"), (True, "ETH_USDT")]
    assert {name for _, _, name in client.params(2)} == {"BTC_USDT", "ETH_USDT"}

    client.subscribe("depth", "BTC_USDT", 1, "0", True)  # other parameters, a fresh snapshot
    again = [params for params in client.params(0.2) if params[2] == "BTC_USDT"]
    assert again[0][0] is True and len(again[0][1]["asks"]) == 1
    client.subscribe("depth", "LTC_USDT", 5, "0", False)
    assert {name for _, _, name in client.params(3)} == {"LTC_USDT"}
    client.subscribe("depth", "XRP_USDT", 5, "0")  # as if false
    assert {name for _, _, name in client.params(3)} == {"XRP_USDT"}


def test_the_book_ticker_is_the_top_of_the_book(client: Client) -> None:
    client.subscribe("depth", "BTC_USDT", 1, "0", True)
    client.subscribe("bookTicker", "BTC_USDT")
    tops = []
    received: dict[str, Any] = {}
    for outs in client.ticks(5):
        received |= {json.loads(text)["method"]: json.loads(text)["params"] for text in texts(outs)}
        ((changed, at, name, update_id, *top),) = received["bookTicker_update"]
        assert name == "BTC_USDT" and changed <= at
        best = [client.market.order_book("BTC/USDT").levels(side, 1)[0] for side in ("buy", "sell")]
        assert [*map(Decimal, top)] == [number for row in best for number in (row.price, row.size)]
        tops.append((update_id, top))

    assert [number for number, _ in tops] == sorted(number for number, _ in tops)
    assert len({tuple(top) for _, top in tops}) > 10


# Who replaces, who adds, and how they end.


@pytest.mark.parametrize("channel", ["lastprice", "market", "marketToday", "trades"])
def test_a_new_list_replaces_the_old(client: Client, channel: str) -> None:
    client.subscribe(channel, "BTC_USDT", "ETH_USDT", "BTC_USDT")
    assert [params[0] for params in client.params(0.05)] == ["BTC_USDT", "ETH_USDT"]
    client.subscribe(channel, "LTC_USDT")
    assert {params[0] for params in client.params(2)} == {"LTC_USDT"}

    assert client.rejection(f"{channel}_subscribe", 7) == INVALID  # the old one stays
    assert {params[0] for params in client.params(2)} == {"LTC_USDT"}
    assert client.rejection(f"{channel}_subscribe", "BTC_USDT", "FOO_BAR")["code"] == 9  # and now it went
    assert client.params(2) == []


def test_new_candles_replace_the_old(client: Client) -> None:
    client.subscribe("candles", "BTC_USDT", 60)
    client.subscribe("candles", "ETH_USDT", 1)
    assert {row[7] for rows in client.params(2) for row in rows} == {"ETH_USDT"}
    assert client.rejection("candles_subscribe", "ETH_USDT", 7) == INVALID
    assert client.params(2) == []


def test_trades_of_every_market(client: Client) -> None:
    client.subscribe("trades")
    first = [params[0] for params in client.params(0.05)]

    assert len(first) == len(client.market.instruments) == len({*first})
    assert {"BTC_USDT", "SOL_EUR", "ETH_USD", "BTC_PERP", "ETH_BTC", "ZEC_USDT"} <= {*first}


def test_book_tickers_add(client: Client) -> None:
    client.subscribe("bookTicker", "BTC_USDT")
    client.subscribe("bookTicker", "ETH_USDT")
    assert {rows[0][2] for rows in client.params(2)} == {"BTC_USDT", "ETH_USDT"}
    assert client.request("bookTicker_unsubscribe", "ETH_USDT") == SUCCESS
    assert {rows[0][2] for rows in client.params(2)} == {"BTC_USDT"}
    client.subscribe("bookTicker")
    assert len(client.params(0.05)) == len(client.market.instruments)
    assert client.request("bookTicker_unsubscribe") == SUCCESS
    assert client.params(2) == []


def test_one_book_can_end_alone(client: Client) -> None:
    for market in ("BTC_USDT", "ETH_USDT"):
        client.subscribe("depth", market, 5, "0", True)
    assert client.request("depth_unsubscribe", "BTC_USDT", 5, "0") == SUCCESS
    assert {name for _, _, name in client.params(2)} == {"ETH_USDT"}
    assert client.rejection("depth_subscribe", "BTC_USDT", 7, "0", True) == INVALID
    assert {name for _, _, name in client.params(2)} == {"ETH_USDT"}
    assert client.rejection("depth_subscribe", "BTC_USDT", 7, "0", False) == INVALID
    assert client.params(2) == []


@pytest.mark.parametrize("channel", CHANNELS)
def test_an_unsubscribe_succeeds_and_ends_the_channel(client: Client, channel: str) -> None:
    assert client.request(f"{channel}_unsubscribe") == SUCCESS  # nothing to end
    subscribed(client, "BTC_USDT")
    assert client.request(f"{channel}_unsubscribe") == SUCCESS

    assert {name for name, _ in client.listen(1)} == {*CHANNELS} - {channel}


def test_the_premium_of_the_perpetual(client: Client) -> None:
    client.subscribe("premiumIndex", "BTC_PERP")
    ((row,),) = client.params(0.05)

    assert row[0] == "BTC_PERP" and len(row) == 6 and row[4] == 1_700_006_400_000
    assert abs(Decimal(row[1]) / Decimal(row[2]) - 1) < Decimal("0.01") and 0 < abs(Decimal(row[3])) < Decimal("0.01")


def test_a_seed_gives_one_run() -> None:
    def run() -> list[str]:
        client = Client()
        subscribed(client, "BTC_USDT")
        return [text for outs in client.ticks(3) for text in texts(outs)]

    assert run() == run()


# Over real sockets.


def test_a_real_connection() -> None:
    with serving("whitebit", seed=7) as facts:
        urls: Any = facts["urls"]
        ws = websocket.create_connection(urls["whitebit"], timeout=60)
        ws.send('{"id":7,"method":"depth_subscribe","params":["BTC_USDT",5,"0",true]}')

        assert ws.recv() == '{"error": null, "result": {"status": "success"}, "id": 7}'
        assert str(ws.recv()).startswith('{"method": "depth_update", "params": [true, {"timestamp": 1')
        assert "Sec-WebSocket-Extensions" not in ws.headers
        sent = time.monotonic()
        ws.send("{")
        with pytest.raises(websocket.WebSocketConnectionClosedException):
            while True:
                opcode, _ = ws.recv_data(control_frame=True)
                assert opcode == websocket.ABNF.OPCODE_TEXT  # no close frame
        # 200 ms by the clock of the server, which moves in steps of 50 ms; to the millisecond it is tested without a socket
        assert 0.09 < time.monotonic() - sent < 20
