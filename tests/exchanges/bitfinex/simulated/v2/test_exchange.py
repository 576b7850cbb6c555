"""The simulated Bitfinex v2: its replies, its pushes and its checksums."""

import hashlib
import hmac
import json
import zlib
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from wscli.exchanges.bitfinex.simulated.messages import number_text
from wscli.exchanges.bitfinex.simulated.v2.exchange import PATH, SimulatedBitfinexV2
from wscli.simulator.contract import Drop, IncomingHttpRequest, Output, Send, credentials_of
from wscli.simulator.market import Market

START_MS = 1_700_000_012_345
WHO = credentials_of(7)
SEQ, CHECKSUM, BULK, TIMESTAMP = 65_536, 131_072, 536_870_912, 32_768


class Client:
    """A client of one connection, and the time."""

    def __init__(self, exchange: SimulatedBitfinexV2 | None = None) -> None:
        self.market = exchange.market if exchange else Market(7, start_ms=START_MS)
        self.now_ms = START_MS
        self.market.advance(self.now_ms)
        self.exchange = exchange or SimulatedBitfinexV2(self.market, WHO)
        self.connection = self.exchange.connect(PATH, self.now_ms)

    def send(self, text: str) -> list[Any]:
        return frames(self.connection.receive(text, self.now_ms))

    def request(self, **request: Any) -> list[Any]:
        return self.send(json.dumps(request))

    def subscribe(self, channel: str, **more: Any) -> tuple[int, Any]:
        ack, first = self.request(event="subscribe", channel=channel, **more)
        assert ack["event"] == "subscribed" and first[0] == ack["chanId"]
        return ack["chanId"], first[1:]

    def listen(self, seconds: float) -> Iterator[Any]:
        for _ in range(round(seconds * 20)):
            self.now_ms += 50
            self.market.advance(self.now_ms)
            yield from frames(self.connection.tick(self.now_ms))

    def login(self, **more: Any) -> list[Any]:
        payload = f"AUTH{self.now_ms * 1000}"
        signed = hmac.new(WHO.secret.encode(), payload.encode(), hashlib.sha384).hexdigest()
        return self.request(**{"event": "auth", "apiKey": WHO.key, "authPayload": payload, "authSig": signed, **more})


def frames(outs: list[Output]) -> list[Any]:
    return [json.loads(out.data, parse_float=Decimal) if isinstance(out, Send) else out for out in outs]


@pytest.fixture
def client() -> Client:
    return Client()


ACKS = [
    # request                                                           what the acknowledgement repeats
    ({"channel": "ticker", "symbol": "tBTCUSD"},                        {"symbol": "tBTCUSD", "pair": "BTCUSD"}),
    ({"channel": "ticker", "symbol": "BTCUSD"},                         {"symbol": "tBTCUSD", "pair": "BTCUSD"}),
    ({"channel": "ticker", "symbol": "fUSD", "subId": 7},               {"symbol": "fUSD", "currency": "USD", "subId": 7}),
    ({"channel": "trades", "symbol": "tBTCF0:USTF0"},                   {"symbol": "tBTCF0:USTF0", "pair": "BTCF0:USTF0"}),
    ({"channel": "book", "symbol": "tETHBTC", "prec": "P4", "len": 1},  {"symbol": "tETHBTC", "pair": "ETHBTC", "prec": "P4", "freq": "F0", "len": "1"}),
    ({"channel": "candles", "key": "trade:1D:tBTCUSD"},                 {"key": "trade:1D:tBTCUSD"}),
    ({"channel": "candles", "key": "trade:1m:fUSD:a30:p2:p30"},         {"key": "trade:1m:fUSD:a30:p2:p30"}),
    ({"channel": "status", "key": "deriv:tBTCF0:USTF0"},                {"key": "deriv:tBTCF0:USTF0"}),
    ({"channel": "status", "key": "liq:global"},                        {"key": "liq:global"}),
]  # fmt: skip


@pytest.mark.parametrize(("requested", "expected"), ACKS)
def test_an_acknowledgement_repeats_the_request_in_full(
    client: Client, requested: dict[str, Any], expected: dict[str, Any]
) -> None:
    ack, first = client.request(event="subscribe", **requested)
    chan_id = ack.pop("chanId")

    assert ack == {"event": "subscribed", "channel": requested["channel"], **expected}
    assert first[0] == chan_id


REJECTED = [
    # request                                                           code, message
    ({"event": "subscribe", "channel": "ticker", "symbol": "tNOPUSD"},  10300, "symbol: invalid"),
    ({"event": "subscribe", "channel": "ticker", "symbol": "tbtcusd"},  10300, "symbol: invalid"),
    ({"event": "subscribe", "channel": "ticker"},                       10300, "symbol: invalid"),
    ({"event": "subscribe", "channel": "sing", "symbol": "tBTCUSD"},    10300, "channel: unknown"),
    ({"event": "subscribe", "channel": "book", "symbol": "tBTCUSD", "prec": "P5"}, 10300, "precision: invalid"),
    ({"event": "subscribe", "channel": "book", "symbol": "tBTCUSD", "len": "26"}, 10300, "length: invalid"),
    ({"event": "subscribe", "channel": "candles", "key": "trade:2m:tBTCUSD"}, 10300, "key: invalid"),
    ({"event": "subscribe", "channel": "candles", "key": "trade:1m:fUSD"}, 10300, "key: invalid"),
    ({"event": "unsubscribe", "chanId": 9},                             10400, "unsubscribe: invalid"),
    ({"event": "sing"},                                                 10000, "event: invalid (sing)"),
]  # fmt: skip


@pytest.mark.parametrize(("requested", "code", "expected"), REJECTED)
def test_a_rejection_repeats_the_request(client: Client, requested: dict[str, Any], code: int, expected: str) -> None:
    (answer,) = client.request(**requested)

    assert (answer["event"], answer["code"], answer["msg"]) == ("error", code, expected)
    assert all(answer[key] == value for key, value in requested.items() if key not in ("event", "chanId"))


@pytest.mark.parametrize("text", ["not json", '{"event":"subscribe","channel":"status","key":"deriv:tNOPF0:USTF0"}'])
def test_some_things_are_passed_over_in_silence(client: Client, text: str) -> None:
    assert client.send(text) == []


def test_a_second_subscription_is_a_dup_that_names_the_first(client: Client) -> None:
    chan_id, _ = client.subscribe("trades", symbol="tBTCUSD")
    (answer,) = client.request(event="subscribe", channel="trades", symbol="tBTCUSD")

    assert (answer["code"], answer["chanId"]) == (10301, chan_id)


def test_a_pong_has_the_number_of_the_ping_and_the_time(client: Client) -> None:
    assert client.request(event="ping", cid=77) == [{"event": "pong", "ts": START_MS, "cid": 77}]


def test_a_connection_without_a_channel_is_dropped_and_one_with_a_channel_has_heartbeats() -> None:
    idle, busy = Client(), Client()
    busy.subscribe("trades", symbol="tZECUSD")

    assert list(idle.listen(61)) == [Drop()]
    assert 3 <= [frame[1] for frame in busy.listen(61)].count("hb") <= 4


def test_the_sequence_counts_every_array_of_the_connection(client: Client) -> None:
    client.request(event="conf", flags=SEQ | TIMESTAMP)
    frames = [client.subscribe("trades", symbol="tBTCUSD")[1], client.subscribe("book", symbol="fUSD")[1]]
    frames += [client.subscribe("status", key="liq:global")[1]]
    frames += client.listen(20)

    assert [frame[-2] for frame in frames] == list(range(1, len(frames) + 1))
    assert all(START_MS <= frame[-1] <= client.now_ms for frame in frames)


def test_the_account_has_a_sequence_of_its_own_which_notices_do_not_increase(client: Client) -> None:
    client.request(event="conf", flags=SEQ)
    ack, *snapshots = client.login()
    account = [frame for frame in client.listen(10) if frame[1] != "hb"]
    public = [frame[-2] for frame in [*snapshots, *account] if frame[1] != "n"]
    own = [frame[-1] for frame in account]

    assert ack["status"] == "OK"
    assert {frame[-1] for frame in snapshots} == {0}
    assert public == list(range(1, len(public) + 1))
    assert all(
        later - sooner == (frame[1] != "n") for sooner, later, frame in zip(own, own[1:], account[1:], strict=False)
    )


BOOKS = [
    {"symbol": "tBTCUSD"}, {"symbol": "tETHBTC", "prec": "P1", "len": "100"}, {"symbol": "tXRPUSD", "len": "1"},
    {"symbol": "tBTCUSD", "prec": "R0"}, {"symbol": "fUSD"}, {"symbol": "fBTC", "prec": "R0", "len": "100"},
    {"symbol": "tBTCUSD", "prec": "P2", "freq": "F1"},
]  # fmt: skip


@pytest.mark.parametrize("bulk", [0, BULK])
@pytest.mark.parametrize("requested", BOOKS)
def test_a_book_kept_by_the_rules_has_the_checksums_that_are_sent(
    client: Client, requested: dict[str, Any], bulk: int
) -> None:
    raw, lent = requested.get("prec") == "R0", requested["symbol"].startswith("f")
    length = int(requested.get("len", 25))
    client.request(event="conf", flags=CHECKSUM | bulk)
    _, (snapshot,) = client.subscribe("book", **requested)
    rows = {key(row, raw, lent): row for row in snapshot}
    checks = 0
    for frame in client.listen(20):
        if frame[1] == "cs":
            assert frame[2] == summed(rows, raw, lent)
            checks += 1
        elif frame[1] != "hb":
            assert isinstance(frame[1][0], list) == bool(bulk)
            for row in frame[1] if bulk else [frame[1]]:
                if row[2 if lent else 1] == 0:
                    assert row[-1] in (1, -1)
                    del rows[key(row, raw, lent)]
                else:
                    rows[key(row, raw, lent)] = row
            assert max(Counter(row[-1] > 0 for row in rows.values()).values()) <= length

    assert checks >= 3


def key(row: list[Any], raw: bool, lent: bool) -> Any:
    return row[0] if raw else (row[0], row[1] if lent else 0, row[-1] > 0)


def summed(rows: dict[Any, list[Any]], raw: bool, lent: bool) -> int:
    """Return the checksum of a book, computed a second time from the documents."""
    price = (2 if lent else 1) if raw else 0
    bids = [row for row in rows.values() if (row[-1] < 0) == lent]
    asks = [row for row in rows.values() if (row[-1] > 0) == lent]
    bids.sort(key=lambda row: (-row[price], row[1] if lent else 0, row[0]))
    asks.sort(key=lambda row: (row[price], row[1] if lent else 0, row[0]))
    parts: list[str] = []
    for place in range(25):
        for side in (bids, asks):
            if place < len(side):
                parts += [number_text(Decimal(side[place][0])), number_text(Decimal(side[place][-1]))]
    unsigned = zlib.crc32(":".join(parts).encode())
    return unsigned - 2**32 if unsigned >= 2**31 else unsigned


TAGS = {
    None: "ps ws os fos fcs fls bu miu fiu on oc te tu wu fon fou foc fte ftu fln flu flc fcn fcu fcc n",
    "wallet": "ws wu",
    "wallet-exchange-USD": "ws wu",
    "trading": "ps os miu on oc te tu",
    "trading-tBTCUSD": "ps os on oc te tu",
    "funding-fUSD": "fos fcs fls fiu fon fou foc fte ftu fln flu flc fcn fcu fcc",
    "balance": "bu",
    "notify": "n",
    "algo": "",
}


@pytest.mark.parametrize("filter", TAGS)
def test_the_account_sends_what_the_filter_of_the_login_chose(client: Client, filter: str | None) -> None:
    ack, *snapshots = client.login(**{"filter": [filter]} if filter else {})
    received = [frame for frame in (*snapshots, *client.listen(12)) if frame[1] != "hb"]
    tags = {frame[1] for frame in received}

    assert ack["status"] == "OK" and ack["caps"]["orders"] == {"read": 1, "write": 0}
    assert tags >= set(TAGS[filter].split())
    assert filter is None or tags <= {*TAGS[filter].split(), "ps", "pn", "pu", "pc", "ou", "miu"}
    if filter == "trading-tBTCUSD":
        assert {frame[2][1] for frame in received if frame[1] in ("te", "tu")} == {"tBTCUSD"}


LOGINS = [
    # what is wrong                                         code
    ({"apiKey": "another"},                                 10100),
    ({"authSig": "0" * 96},                                 10100),
    ({"authPayload": "NO"},                                 10102),
    ({"authNonce": "9007199254740992"},                     10112),
    ({"authNonce": "x"},                                    10112),
    ({"filter": ["money"]},                                 10100),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "code"), LOGINS)
def test_a_wrong_login_is_rejected(client: Client, wrong: dict[str, Any], code: int) -> None:
    (answer,) = client.login(**wrong)

    assert (answer["status"], answer["code"]) == ("FAILED", code)


def test_a_nonce_is_valid_once_and_may_come_beside_the_payload(client: Client) -> None:
    assert client.login(authNonce=5)[0]["status"] == "OK"
    assert client.request(event="unauth") == [{"event": "unauth", "status": "OK", "chanId": 0}]
    assert client.login(authNonce="5")[0]["code"] == 10114
    assert Client(client.exchange).login(authNonce=6)[0]["status"] == "OK"


def test_orders_are_rejected_with_a_notice_and_calculations_have_replies(client: Client) -> None:
    client.login()
    (rejection,) = client.send('[0,"on",null,{"type":"EXCHANGE LIMIT","symbol":"tBTCUSD","amount":"1","price":"1"}]')
    balance, wallet = client.send('[0,"calc",null,[["balance"],["wallet_exchange_USD"],["nothing"]]]')

    assert (rejection[1], rejection[2][1], rejection[2][6]) == ("n", "on-req", "ERROR")
    assert (balance[1], wallet[1], wallet[2][:2]) == ("bu", "wu", ["exchange", "USD"])


def test_the_lists_are_served_alone_and_together(client: Client) -> None:
    pair, future, currency = "pub:list:pair:exchange", "pub:list:pair:futures", "pub:list:currency"

    def listed(path: str) -> Any:
        reply = client.exchange.answer_http(IncomingHttpRequest("GET", f"/v2/conf/{path}", "", {}, b""), START_MS)
        assert reply is not None
        return json.loads(reply.body)

    assert listed(f"{pair},{future},{currency}") == [*listed(pair), *listed(future), *listed(currency)]
    assert "BTCUSD" in listed(pair)[0] and listed(future) == [["BTCF0:USTF0"]] and "USD" in listed(currency)[0]
