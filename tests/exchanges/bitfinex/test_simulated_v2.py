"""The simulated Bitfinex v2: what it answers, what it pushes, and that its numbers prove themselves."""

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
    """A client of one socket, and the clock of it all."""

    def __init__(self, venue: SimulatedBitfinexV2 | None = None) -> None:
        self.market = venue.market if venue else Market(7, start_ms=START_MS)
        self.now_ms = START_MS
        self.market.advance(self.now_ms)
        self.venue = venue or SimulatedBitfinexV2(self.market, WHO)
        self.connection = self.venue.connect(PATH, self.now_ms)

    def raw(self, text: str) -> list[Any]:
        return frames(self.connection.receive(text, self.now_ms))

    def say(self, **request: Any) -> list[Any]:
        return self.raw(json.dumps(request))

    def subscribe(self, channel: str, **more: Any) -> tuple[int, Any]:
        ack, first = self.say(event="subscribe", channel=channel, **more)
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
        return self.say(**{"event": "auth", "apiKey": WHO.key, "authPayload": payload, "authSig": signed, **more})


def frames(outs: list[Output]) -> list[Any]:
    return [json.loads(out.data, parse_float=Decimal) if isinstance(out, Send) else out for out in outs]


@pytest.fixture
def client() -> Client:
    return Client()


ACKS = [
    # what is asked                                                     what the ack says of it
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


@pytest.mark.parametrize(("asked", "said"), ACKS)
def test_an_ack_repeats_what_was_asked_in_full(client: Client, asked: dict[str, Any], said: dict[str, Any]) -> None:
    ack, first = client.say(event="subscribe", **asked)
    chan_id = ack.pop("chanId")

    assert ack == {"event": "subscribed", "channel": asked["channel"], **said}
    assert first[0] == chan_id


REFUSED = [
    # what is asked                                                     code, what is said
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


@pytest.mark.parametrize(("asked", "code", "said"), REFUSED)
def test_a_refusal_repeats_the_request(client: Client, asked: dict[str, Any], code: int, said: str) -> None:
    (answer,) = client.say(**asked)

    assert (answer["event"], answer["code"], answer["msg"]) == ("error", code, said)
    assert all(answer[key] == value for key, value in asked.items() if key not in ("event", "chanId"))


@pytest.mark.parametrize("text", ["not json", '{"event":"subscribe","channel":"status","key":"deriv:tNOPF0:USTF0"}'])
def test_some_things_are_passed_over_in_silence(client: Client, text: str) -> None:
    assert client.raw(text) == []


def test_a_second_subscription_is_a_dup_that_names_the_first(client: Client) -> None:
    chan_id, _ = client.subscribe("trades", symbol="tBTCUSD")
    (answer,) = client.say(event="subscribe", channel="trades", symbol="tBTCUSD")

    assert (answer["code"], answer["chanId"]) == (10301, chan_id)


def test_a_ping_comes_back_with_its_number_and_the_time(client: Client) -> None:
    assert client.say(event="ping", cid=77) == [{"event": "pong", "ts": START_MS, "cid": 77}]


def test_a_socket_without_a_channel_is_cut_and_one_with_a_channel_beats_every_15_seconds() -> None:
    idle, busy = Client(), Client()
    busy.subscribe("trades", symbol="tZECUSD")

    assert list(idle.listen(61)) == [Drop()]
    assert 3 <= [frame[1] for frame in busy.listen(61)].count("hb") <= 4


def test_the_sequence_counts_every_array_of_the_socket(client: Client) -> None:
    client.say(event="conf", flags=SEQ | TIMESTAMP)
    found = [client.subscribe("trades", symbol="tBTCUSD")[1], client.subscribe("book", symbol="fUSD")[1]]
    found += [client.subscribe("status", key="liq:global")[1]]
    found += client.listen(20)

    assert [frame[-2] for frame in found] == list(range(1, len(found) + 1))
    assert all(START_MS <= frame[-1] <= client.now_ms for frame in found)


def test_the_account_counts_for_itself_and_its_notices_do_not(client: Client) -> None:
    client.say(event="conf", flags=SEQ)
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
@pytest.mark.parametrize("asked", BOOKS)
def test_a_book_kept_by_the_rules_proves_itself(client: Client, asked: dict[str, Any], bulk: int) -> None:
    raw, lent = asked.get("prec") == "R0", asked["symbol"].startswith("f")
    length = int(asked.get("len", 25))
    client.say(event="conf", flags=CHECKSUM | bulk)
    _, (snapshot,) = client.subscribe("book", **asked)
    held = {key(row, raw, lent): row for row in snapshot}
    checks = 0
    for frame in client.listen(20):
        if frame[1] == "cs":
            assert frame[2] == summed(held, raw, lent)
            checks += 1
        elif frame[1] != "hb":
            assert isinstance(frame[1][0], list) == bool(bulk)
            for row in frame[1] if bulk else [frame[1]]:
                if row[2 if lent else 1] == 0:
                    assert row[-1] in (1, -1)
                    del held[key(row, raw, lent)]
                else:
                    held[key(row, raw, lent)] = row
            assert max(Counter(row[-1] > 0 for row in held.values()).values()) <= length

    assert checks >= 3


def key(row: list[Any], raw: bool, lent: bool) -> Any:
    return row[0] if raw else (row[0], row[1] if lent else 0, row[-1] > 0)


def summed(held: dict[Any, list[Any]], raw: bool, lent: bool) -> int:
    """Return the checksum of a held book, by the documents: worked out here a second time."""
    price = (2 if lent else 1) if raw else 0
    bids = [row for row in held.values() if (row[-1] < 0) == lent]
    asks = [row for row in held.values() if (row[-1] > 0) == lent]
    bids.sort(key=lambda row: (-row[price], row[1] if lent else 0, row[0]))
    asks.sort(key=lambda row: (row[price], row[1] if lent else 0, row[0]))
    words: list[str] = []
    for place in range(25):
        for side in (bids, asks):
            if place < len(side):
                words += [number_text(Decimal(side[place][0])), number_text(Decimal(side[place][-1]))]
    unsigned = zlib.crc32(":".join(words).encode())
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
def test_the_account_says_what_the_login_asked_for(client: Client, filter: str | None) -> None:
    ack, *snapshots = client.login(**{"filter": [filter]} if filter else {})
    said = [frame for frame in (*snapshots, *client.listen(12)) if frame[1] != "hb"]
    tags = {frame[1] for frame in said}

    assert ack["status"] == "OK" and ack["caps"]["orders"] == {"read": 1, "write": 0}
    assert tags >= set(TAGS[filter].split())
    assert filter is None or tags <= {*TAGS[filter].split(), "ps", "pn", "pu", "pc", "ou", "miu"}
    if filter == "trading-tBTCUSD":
        assert {frame[2][1] for frame in said if frame[1] in ("te", "tu")} == {"tBTCUSD"}


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
def test_a_wrong_login_is_refused(client: Client, wrong: dict[str, Any], code: int) -> None:
    (answer,) = client.login(**wrong)

    assert (answer["status"], answer["code"]) == ("FAILED", code)


def test_a_nonce_is_good_once_and_stands_beside_the_payload(client: Client) -> None:
    assert client.login(authNonce=5)[0]["status"] == "OK"
    assert client.say(event="unauth") == [{"event": "unauth", "status": "OK", "chanId": 0}]
    assert client.login(authNonce="5")[0]["code"] == 10114
    assert Client(client.venue).login(authNonce=6)[0]["status"] == "OK"


def test_orders_are_refused_with_a_notice_and_figures_come_when_asked_for(client: Client) -> None:
    client.login()
    (refused,) = client.raw('[0,"on",null,{"type":"EXCHANGE LIMIT","symbol":"tBTCUSD","amount":"1","price":"1"}]')
    balance, wallet = client.raw('[0,"calc",null,[["balance"],["wallet_exchange_USD"],["nothing"]]]')

    assert (refused[1], refused[2][1], refused[2][6]) == ("n", "on-req", "ERROR")
    assert (balance[1], wallet[1], wallet[2][:2]) == ("bu", "wu", ["exchange", "USD"])


def test_the_lists_are_served_alone_and_together(client: Client) -> None:
    pair, future, currency = "pub:list:pair:exchange", "pub:list:pair:futures", "pub:list:currency"

    def listed(path: str) -> Any:
        reply = client.venue.answer_http(IncomingHttpRequest("GET", f"/v2/conf/{path}", "", {}, b""), START_MS)
        assert reply is not None
        return json.loads(reply.body)

    assert listed(f"{pair},{future},{currency}") == [*listed(pair), *listed(future), *listed(currency)]
    assert "BTCUSD" in listed(pair)[0] and listed(future) == [["BTCF0:USTF0"]] and "USD" in listed(currency)[0]
