"""One seed gives one market: what each simulated exchange sends of it is kept, message for message, in `traces/`.

Who tests a program of their own with `--sim --seed 7` gets the same messages tomorrow. A trace has the replies, the first messages of
each channel (a long one cut, with its checksum), and the number and the checksum of all that follow. A change of what a simulated
exchange sends on purpose is recorded with `WSCLI_REWRITE=1 python -m pytest -n 0 tests/exchanges/test_simulated_traces.py`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from zlib import crc32

import pytest

from tests.support import traces
from wscli.exchanges import simulated
from wscli.simulator.contract import IncomingHttpRequest, Output, Send, SimulatedExchange, credentials_of
from wscli.simulator.market import Market

START_MS = 1_700_000_012_345
WHO = credentials_of(7)
SHOWN_LENGTH, SHOWN_COUNT = 400, 2  # of a message; messages of a channel


def signed(text: str, digest: str = "sha256") -> str:
    return hmac.new(WHO.secret.encode(), text.encode(), digest).hexdigest()


def bybit_login() -> str:
    expires = START_MS + 10_000
    return json.dumps({"op": "auth", "args": [WHO.key, expires, signed(f"GET/realtime{expires}")]})


def bitfinex_login(**more: object) -> str:
    payload = f"AUTH{START_MS * 1000}"
    keys = {"apiKey": WHO.key, "authPayload": payload, "authSig": signed(payload, "sha384")}
    return json.dumps({"event": "auth", **keys, **more})


def digifinex_login() -> str:
    digest = hmac.new(WHO.secret.encode(), str(START_MS).encode(), hashlib.sha256).digest()
    params = [WHO.key, str(START_MS), base64.b64encode(digest).decode()]
    return json.dumps({"id": 1, "method": "server.auth", "params": params})


def bybit(*topics: str) -> str:
    return json.dumps({"req_id": "a", "op": "subscribe", "args": topics})


def bitfinex(channel: str, **more: object) -> str:
    return json.dumps({"event": "subscribe", "channel": channel, **more})


def numbered(*methods_and_params: tuple[str, list[object]]) -> list[str]:
    return [json.dumps({"id": n, "method": m, "params": p}) for n, (m, p) in enumerate(methods_and_params, 1)]


def bitstamp(*channels: str) -> list[str]:
    return [json.dumps({"event": "bts:subscribe", "data": {"channel": channel}}) for channel in channels]


def http(path: str, query: str = "") -> IncomingHttpRequest:
    return IncomingHttpRequest("GET", path, query, {"host": "localhost"}, b"")


def bitstamp_token() -> IncomingHttpRequest:
    path, nonce, stamp = "/api/v2/websockets_token/", "00000000-0000-4000-8000-000000000001", str(START_MS)
    signature = signed(f"BITSTAMP {WHO.key}POSTwww.bitstamp.net{path}{nonce}{stamp}v2")
    headers = {
        "host": "www.bitstamp.net", "x-auth": f"BITSTAMP {WHO.key}", "x-auth-signature": signature,
        "x-auth-nonce": nonce, "x-auth-timestamp": stamp, "x-auth-version": "v2",
    }  # fmt: skip
    return IncomingHttpRequest("POST", path, "", headers, b"")


def whitebit_signed(path: str, nonce: int) -> IncomingHttpRequest:
    body = json.dumps({"request": path, "nonce": nonce}).encode()
    payload = base64.b64encode(body).decode()
    headers = {"x-txc-apikey": WHO.key, "x-txc-payload": payload, "x-txc-signature": signed(payload, "sha512")}
    return IncomingHttpRequest("POST", path, "", headers, body)


BITSTAMP_ACCOUNT = (
    *(f"my_orders_{market}" for market in ("btcusd", "ethusd", "btcusd-perp")),
    *(f"my_trades_{market}" for market in ("btcusd", "ethusd", "btcusd-perp")),
    "live_trades_btcusd", "live_order_trades_btcusd", "my_settlements", "my_liquidations", "my_token_settlements",
)  # fmt: skip


@dataclass(frozen=True)
class Run:
    """What a client does. path: the name of its URL. steps: what it sends; TOKEN stands for that of a reply over HTTP.

    seconds: how long it listens. before_s: how long the market, and with it the account, has moved before.
    """

    path: str
    steps: Sequence[str | IncomingHttpRequest]
    seconds: float = 4.0
    before_s: int = 0


RUNS = {
    "bitfinex v1": Run("bitfinex-v1", [
        '{"event":"ping"}',
        bitfinex("ticker", pair="BTCUSD"), bitfinex("trades", pair="BTCUSD"), bitfinex("ticker", pair="BTCUSD"),
        bitfinex("book", pair="BTCUSD"), bitfinex("book", pair="ETHUSD", prec="P2", freq="F1", len="100"),
        bitfinex("book", pair="LTCUSD", prec="R0"), bitfinex("ticker", pair="ZECUSD"),
        '{"event":"unsubscribe","chanId":9}', bitfinex("ticker", pair=None, symbol=7, len=True), '{"event":"sing"}', "[1]", "{",
    ]),
    "bitfinex v1 account": Run("bitfinex-v1", [bitfinex_login(), bitfinex_login(), '{"event":"unauth"}', bitfinex_login()], 8.0, 90),
    "bitfinex v2": Run("bitfinex-v2", [
        '{"event":"ping","cid":5}', '{"event":"conf","flags":131072}',
        bitfinex("ticker", symbol="tBTCUSD"), bitfinex("ticker", symbol="fUSD"), bitfinex("trades", symbol="tBTCUSD"),
        bitfinex("trades", symbol="fUSD"), bitfinex("book", symbol="tBTCUSD"), bitfinex("book", symbol="fUSD"), bitfinex("book", symbol="tETHUSD", len=100),
        bitfinex("book", symbol="tETHUSD", prec="P2", freq="F1", len="100"), bitfinex("book", symbol="tLTCUSD", prec="R0"),
        bitfinex("candles", key="trade:1m:tBTCUSD"), bitfinex("candles", key="trade:1h:fUSD:a30:p2:p30"),
        bitfinex("status", key="deriv:tBTCF0:USTF0"), bitfinex("status", key="liq:global"),
        bitfinex("ticker", symbol="tZECUSD"), '{"event":"unsubscribe","chanId":9}', bitfinex("ticker", symbol=None, pair=7, len=True),
        bitfinex("book", symbol="tBTCUSD", prec=[1]), bitfinex("book", symbol="tBTCUSD", len=True), '{"event":"sing"}', "[1]", "{",
    ]),
    "bitfinex v2 account": Run("bitfinex-v2", [
        '{"event":"conf","flags":98304}', bitfinex_login(), bitfinex_login(),
        '[0,"calc",null,[["balance"],["wallet_exchange_USD"],["nothing"]]]', '[0,"on",null,{"type":"LIMIT"}]',
    ], 6.0, 20),
    "bitstamp": Run("bitstamp", [
        '{"event":"bts:heartbeat"}', "{",
        *bitstamp("live_trades_btcusd", "live_orders_btcusd", "order_book_btcusd", "detail_order_book_btcusd"),
        *bitstamp("diff_order_book_btcusd", "funding_rate_btcusd-perp", "diff_order_book_btcusd-perp", "announcements"),
        *bitstamp("live_trades_nothing", "nothing", f"private-my_orders_btcusd-{WHO.user_id}"),
        http("/api/v2/markets/"), http("/api/v2/trading-pairs-info/"), http("/api/v2/order_book/btcusd/"),
        http("/api/v2/order_book/btcusd/", "group=0"), http("/api/v2/order_book/btcusd/", "group=2"),
    ]),
    "bitstamp account": Run("bitstamp", [bitstamp_token(), *(
        json.dumps({"event": "bts:subscribe", "data": {"channel": f"private-{name}-{WHO.user_id}", "auth": "TOKEN"}})
        for name in BITSTAMP_ACCOUNT
    )], 8.0, 20),
    "bybit spot v3": Run("bybit-spot-v3", [
        '{"op":"ping"}', bybit("trade.BTCUSDT", "orderbook.40.BTCUSDT"), bybit("kline.1m.BTCUSDT", "kline.1w.BTCUSDT"),
        bybit("tickers.BTCUSDT", "bookticker.BTCUSDT"), bybit("tickers.ETHBTC", "trade.NOTHING"), bybit("trade.BTCUSDT"),
    ]),
    "bybit spot v3 account": Run("bybit-spot-v3-private", [
        bybit("order"), bybit_login(), bybit("order", "stopOrder", "ticketInfo", "outboundAccountInfo"),
    ], 8.0, 20),
    "bybit v5 spot": Run("bybit-v5", [
        '{"op":"ping"}', bybit("publicTrade.BTCUSDT", "orderbook.1.BTCUSDT"), bybit("orderbook.50.BTCUSDT"),
        bybit("orderbook.200.ETHUSDT", "orderbook.1000.BTCUSDT"), bybit("kline.1.BTCUSDT", "kline.D.BTCUSDT", "kline.M.BTCUSDT"),
        bybit("tickers.BTCUSDT", "priceLimit.BTCUSDT"), bybit("tickers.NOTHING"), bybit("tickers.BTCUSDT"),
        *(http("/v5/market/instruments-info", f"category={each}") for each in ("spot", "linear", "inverse", "option", "no")),
        http("/v5/market/full_orderbook", "category=spot&symbol=BTCUSDT"), http("/v5/market/full_orderbook", "category=no"),
    ]),
    "bybit v5 linear": Run("bybit-v5-linear", [
        '{"op":"ping"}', bybit("publicTrade.BTCUSDT"), bybit("orderbook.50.BTCUSDT", "orderbook.200.BTCPERP"),
        bybit("kline.1.BTCUSDT"), bybit("tickers.BTCUSDT", "tickers.BTCPERP"), bybit("priceLimit.BTCUSDT"),
        bybit("allLiquidation.BTCUSDT", "insurance.USDT", "insurance.USDC", "adlAlert.USDT"), bybit("insurance.inverse"),
    ]),
    "bybit v5 inverse": Run("bybit-v5-inverse", [
        bybit("publicTrade.BTCUSD", "orderbook.50.BTCUSD", "kline.5.BTCUSD", "tickers.BTCUSD", "priceLimit.BTCUSD"),
        bybit("allLiquidation.BTCUSD", "insurance.inverse", "adlAlert.inverse"),
    ]),
    "bybit v5 option": Run("bybit-v5-option", [
        '{"op":"ping"}', bybit("publicTrade.BTC", "orderbook.25.BTC-26MAR27-20000-C", "orderbook.100.BTC-26MAR27-20000-C"),
        bybit("tickers.BTC-26MAR27-20000-C", "tickers.NOTHING"),
    ]),
    "bybit v5 account": Run("bybit-v5-private", [
        bybit("order"), bybit_login(), bybit("order", "execution", "execution.fast", "position", "wallet", "greeks"),
        bybit("strategy", "spread.order", "spread.execution", "dcp.future", "dcp.spot", "dcp.option"),
        bybit("rfq.open.rfqs", "rfq.open.quotes", "rfq.open.trades"), bybit("order.spot"),
    ], 8.0, 20),
    "bybit v5 trade": Run("bybit-v5-trade", [
        '{"op":"ping"}', '{"reqId":"a","op":"order.create"}', bybit_login(),
        f'{{"reqId":"a","op":"order.create","header":{{"X-BAPI-TIMESTAMP":"{START_MS}"}},"args":[{{"category":"spot"}}]}}',
    ], 0.0),
    "bybit v5 status": Run("bybit-v5-status", [bybit("system.status"), bybit("nothing")]),
    "digifinex": Run("digifinex", [*numbered(
        ("server.ping", []), ("server.time", []), ("trades.subscribe", ["BTC_USDT", "eth_usdt"]), ("depth.subscribe", ["BTC_USDT"]),
        ("ticker.subscribe", ["BTC_USDT"]), ("all_ticker.subscribe", []), ("order.subscribe", ["BTC_USDT"]), ("sing", []),
    ), http("/v3/spot/symbols")]),
    "digifinex account": Run("digifinex", [digifinex_login(), *numbered(
        ("order.subscribe", ["BTC_USDT", "ETH_USDT"]), ("order_algo.subscribe", ["BTC_USDT", "ETH_USDT"]),
        ("balance.subscribe", ["BTC", "ETH", "USDT"]),
    )], 8.0, 20),
    "whitebit": Run("whitebit", [*numbered(
        ("ping", []), ("time", []), ("lastprice_request", ["BTC_USDT"]), ("marketToday_query", ["BTC_USDT"]),
        ("market_request", ["BTC_USDT", 86400]), ("trades_request", ["BTC_USDT", 3, 0]),
        ("candles_request", ["BTC_USDT", 1_700_000_000 - 7200, 1_700_000_000, 3600]), ("depth_request", ["BTC_USDT", 3, "0.1"]),
        ("candles_subscribe", ["BTC_USDT", 60]), ("depth_subscribe", ["BTC_USDT", 5, "0", True]),
        ("depth_subscribe", ["ETH_USDT", 10, "0.1", True]), ("bookTicker_subscribe", ["BTC_USDT", "ZEC_USDT"]),
        ("lastprice_subscribe", ["BTC_USDT"]), ("market_subscribe", ["BTC_USDT"]), ("marketToday_subscribe", ["BTC_USDT"]),
        ("trades_subscribe", ["BTC_USDT"]), ("premiumIndex_subscribe", []), ("deals_subscribe", [["BTC_USDT"]]), ("sing", []),
    ), http("/api/v4/public/markets"), whitebit_signed("/api/v4/trade-account/balance", 1)]),
    "whitebit account": Run("whitebit", [whitebit_signed("/api/v4/profile/websocket_token", 1), *numbered(
        ("authorize", ["TOKEN", "public"]), ("balanceSpot_request", []), ("balanceMargin_request", []),
        ("ordersPending_request", ["BTC_USDT", 0, 10]), ("ordersExecuted_request", [{"market": "BTC_USDT"}, 0, 10]),
        ("deals_request", ["BTC_USDT", 0, 10]),
        ("balanceSpot_subscribe", ["BTC", "USDT"]), ("balanceMargin_subscribe", ["BTC", "USDT"]),
        ("ordersPending_subscribe", ["BTC_USDT", "ETH_USDT"]), ("ordersExecuted_subscribe", [["BTC_USDT", "ETH_USDT"], 0]),
        ("deals_subscribe", [["BTC_USDT", "ETH_USDT"]]), ("positionsMargin_subscribe", []), ("borrowsMargin_subscribe", []),
        ("positionsAccountMargin_subscribe", []), ("borrowsAccountMargin_subscribe", []), ("ADLQuantile_subscribe", []),
    )], 8.0, 20),
}  # fmt: skip


def shown(text: str) -> str:
    """Return a message as the trace has it: a long one cut, with its length and checksum."""
    if len(text) <= SHOWN_LENGTH:
        return text
    return f"{text[:SHOWN_LENGTH]}… {len(text)} characters, checksum {crc32(text.encode()):08x}"


@dataclass
class ChannelTrace:
    """The messages of a channel: the first ones, the number of the others, and the checksum of these."""

    first: list[str] = field(default_factory=list)
    count: int = 0
    checksum: int = 0

    def add(self, text: str) -> None:
        if len(self.first) < SHOWN_COUNT:
            self.first.append(shown(text))
        else:
            self.count += 1
            self.checksum = crc32(text.encode(), self.checksum)

    def lines(self) -> Iterator[str]:
        yield from (f"  < {text}" for text in self.first)
        if self.count:
            yield f"  < and {self.count} more, checksum {self.checksum:08x}"


def text_of(exchange: SimulatedExchange, output: Output) -> str:
    text = exchange.text_of(output.data) if isinstance(output, Send) else None
    return text if text is not None else repr(output)


def fault_lines(exchange: SimulatedExchange, texts: Sequence[str], now_ms: int) -> Iterator[str]:
    """Yield what --fault makes of the first message of a book, and of one with a checksum; and a restart."""
    pattern = exchange.book_pattern
    if (book := next((text for text in texts if pattern is not None and pattern.match(text)), None)) is not None:
        yield "crossed:"
        yield from (f"  < {shown(text)}" for text in exchange.crossed_messages(book))
    if (summed := next((text for text in texts if exchange.carries_checksum(text)), None)) is not None:
        yield "with a wrong checksum:"
        yield f"  < {shown(exchange.with_wrong_checksum(summed))}"
    yield "restart:"
    yield from (f"  < {text_of(exchange, output)}" for output in exchange.restart(now_ms))


def trace_of(run: Run) -> Iterator[str]:
    """Yield what a client and a simulated exchange send to each other; times stand still but for those of the market."""
    (kind,) = (one for one in simulated([run.path.partition("-")[0]]) if run.path in one.paths)
    market, now_ms, token = Market(7, start_ms=START_MS - 1000 * run.before_s), START_MS, ""
    exchange = kind(market, WHO)
    market.advance(now_ms)
    connection = exchange.connect(kind.paths[run.path], now_ms)
    names_by_number: dict[str, str] = {}
    channels = defaultdict[str, ChannelTrace](ChannelTrace)
    texts: list[str] = []

    def show(outputs: Sequence[Output], *, replying: bool) -> Iterator[str]:
        texts.extend(text_of(exchange, output) for output in outputs)
        for text in [text_of(exchange, output) for output in outputs]:
            channel = exchange.channel_of(text, names_by_number)
            if replying or channel is None:
                yield f"< {shown(text)}"
            else:
                channels[channel].add(text)

    yield from show(connection.greet(now_ms), replying=True)
    for step in run.steps:
        if isinstance(step, str):
            sent = step.replace("TOKEN", token)
            yield f"> {sent}"
            yield from show(connection.receive(sent, now_ms), replying=True)
        else:
            reply = exchange.answer_http(step, now_ms)
            assert reply is not None
            yield f"{step.method} {step.path} {step.query}".rstrip()
            yield f"< {reply.status} {shown(reply.body.decode())}"
            token = json.loads(reply.body).get("token", token) if "token" in step.path else token
            token = json.loads(reply.body).get("websocket_token", token) if "token" in step.path else token
    for _ in range(round(run.seconds * 20)):
        now_ms += 50
        market.advance(now_ms)
        yield from show(connection.tick(now_ms), replying=False)
    for name in sorted(channels):
        yield f"{name}:"
        yield from channels[name].lines()
    yield from fault_lines(exchange, texts, now_ms)


@pytest.mark.parametrize("name", RUNS)
def test_the_messages_of_a_seed_stay_as_they_are(request: pytest.FixtureRequest, name: str) -> None:
    traces.check(request.path, name, [*trace_of(RUNS[name])])
