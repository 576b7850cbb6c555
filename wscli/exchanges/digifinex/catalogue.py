"""DigiFinex spot v1: the catalogue. Channels, the one question, and what the fields mean, as data.

Source: https://docs.digifinex.com/en-ww/spot/v1/websocket.html (checked against clients that spoke it). A push is
{"method":"CHANNEL.update","params":[…],"id":null}. For trades and depth params is [whole?, data, symbol], for the
others it is the array of rows itself.
"""

from collections.abc import Iterable, Mapping

from wscli.core.catalogue import BOOK_EXTRA_COLUMNS, Channel, Field, RawRow, SymbolSpelling, level_rows
from wscli.core.jsontext import Json
from wscli.core.messages import Event

MARKETS = ("BTC_USDT", "ETH_USDT", "LTC_USDT", "XRP_USDT", "SOL_USDT", "ZEC_USDT")
CURRENCY = SymbolSpelling(r"[A-Z0-9]{1,20}", "USDT", "as one currency in capitals", str.upper)


def trade_items(event: Event) -> Iterable[RawRow]:
    for row in event.payload["params"][1]:
        yield RawRow(row)


def book_items(event: Event) -> Iterable[RawRow]:
    # Rows come in the exchange's order: in a whole book the worst ask is first, in changes there is no order.
    sides = event.payload["params"][1]
    for side, key in (("bid", "bids"), ("ask", "asks")):
        yield from level_rows(side, sides.get(key), None)


def rows_in(params: list[Json]) -> list[Json]:
    """Return the rows of a push whose params are rows, or, as a client of 2026 says tickers come, one array of them.

    >>> rows_in([{"last": "7"}]), rows_in([[{"last": "7"}, {"last": "8"}]])
    ([{'last': '7'}], [{'last': '7'}, {'last': '8'}])
    """
    return params[0] if len(params) == 1 and isinstance(params[0], list) else params


def list_items(event: Event) -> Iterable[RawRow]:
    for row in rows_in(event.payload["params"]):
        if isinstance(row, dict):
            yield RawRow(row, row.get("symbol", row.get("currency")))


def answer_item(event: Event) -> Iterable[RawRow]:
    yield RawRow(event.payload["result"])


MODES: Mapping[str, str] = {"1": "spot", "2": "margin"}
ORDER_STATUS: Mapping[str, str] = {
    "0": "open",
    "1": "partly filled",
    "2": "filled",
    "3": "cancelled",
    "4": "partly filled and cancelled",
}
ALGO_STATUS: Mapping[str, str] = {
    "-2": "failed",
    "-1": "cancelled",
    "0": "waiting",
    "1": "taking effect",
    "2": "done",
}

SYMBOL = Field("symbol", "symbol")
TIMESTAMP = Field("timestamp", "time", "ms", is_event_time=True)

TRADE = (
    Field("type", "side", note="side of the taker"),
    Field("price", "price", unit="quote per base"),
    Field("amount", "size", unit="base"),
    Field("id", "trade_id", note="the list after a reconnect repeats trades: this id identifies them"),
    Field("time", "time", "s", wire_note="with or without a fraction", is_event_time=True),
)
LEVEL = (
    Field(0, "price", unit="quote per base"),
    Field(1, "size", unit="base", note="the new amount, not a difference; 0 deletes the level"),
)
TICKER = (
    Field("last", "last", unit="quote per base"),
    Field("last_qty", "last_size", unit="base"),
    Field("best_bid", "bid", unit="quote per base"),
    Field("best_bid_size", "bid_size", unit="base"),
    Field("best_ask", "ask", unit="quote per base"),
    Field("best_ask_size", "ask_size", unit="base"),
    Field("open_24h", "open", unit="quote per base", note="24 hours ago"),
    Field("high_24h", "high", unit="quote per base", note="of 24 hours; sent, though not in the documents"),
    Field("low_24h", "low", unit="quote per base", note="of 24 hours"),
    Field("base_volume_24h", "volume", unit="base", note="of 24 hours"),
    Field("quote_volume_24h", "quote_volume", unit="quote", note="of 24 hours"),
    TIMESTAMP,
    SYMBOL,
)
ORDER = (
    Field("side", "side", note="of the order"),
    Field("price", "price", unit="quote per base", note="0 for a market order"),
    Field("amount", "size", unit="base", note="ordered; 0 for a market buy, which is given in quote: see notional"),
    Field("id", "order_id", note="32 hex digits"),
    Field("status", "status", code_names=ORDER_STATUS),
    Field("type", "order_type", note="limit, market"),
    Field("filled", "filled", unit="base", note="so far; fills are not sent: compute the differences"),
    Field("price_avg", "average_price", unit="quote per base", note="filled value = filled * average_price"),
    Field("notional", "notional", unit="quote", note="ordered in quote, not what was filled"),
    Field("mode", "mode", code_names=MODES),
    TIMESTAMP,
    SYMBOL,
)
ORDER_ALGO = (
    Field("side", "side", note="of the order"),
    Field("algo_price", "price", unit="quote per base", note="of the order that the trigger places"),
    Field("amount", "size", unit="base"),
    Field("id", "order_id"),
    Field("status", "status", code_names=ALGO_STATUS),
    Field("trigger_price", "stop_price", unit="quote per base"),
    Field("mode", "mode", code_names=MODES),
    TIMESTAMP,
    SYMBOL,
)
BALANCE = (
    Field("currency", "currency"),
    Field("free", "available", unit="of the currency"),
    Field("used", "locked", unit="of the currency"),
    Field("total", "total", unit="of the currency", note="available + locked"),
)

CHANNELS = (
    Channel(
        "trades",
        "public trades, newest first; a snapshot of recent ones at the start",
        wire_name="trades.subscribe",
        aliases=("trades.update",),
        layouts={"row": TRADE},
        unpack=trade_items,
        example="trades BTC_USDT ETH_USDT",
        is_frequent=True,
    ),
    Channel(
        "depth",
        "the order book: a snapshot, sometimes repeated, then the changed levels; no sequence, no time",
        wire_name="depth.subscribe",
        aliases=("depth.update",),
        is_book=True,
        layouts={"row": LEVEL},
        unpack=book_items,
        extra_columns=BOOK_EXTRA_COLUMNS,
        example="depth BTC_USDT",
        is_frequent=True,
        update_rate="quiet on thin markets",
    ),
    Channel(
        "ticker",
        "last price, best bid and ask, statistics of 24 hours",
        wire_name="ticker.subscribe",
        aliases=("ticker.update",),
        layouts={"row": TICKER},
        unpack=list_items,
        example="ticker BTC_USDT ETH_USDT",
        is_frequent=True,
    ),
    Channel(
        "all_ticker",
        "the same for every symbol that was active",
        wire_name="all_ticker.subscribe",
        aliases=("all_ticker.update",),
        symbol_limits=(0, 0),
        layouts={"row": TICKER},
        unpack=list_items,
        example="all_ticker",
        is_frequent=True,
        update_rate="about once a second",
    ),
    Channel(
        "order",
        "your orders, at every change",
        wire_name="order.subscribe",
        aliases=("order.update",),
        private=True,
        layouts={"row": ORDER},
        unpack=list_items,
        example="order BTC_USDT",
    ),
    Channel(
        "order_algo",
        "your conditional orders, at every change",
        wire_name="order_algo.subscribe",
        aliases=("order_algo.update",),
        private=True,
        layouts={"row": ORDER_ALGO},
        unpack=list_items,
        example="order_algo BTC_USDT",
    ),
    Channel(
        "balance",
        "the balances that changed; no message before a change",
        wire_name="balance.subscribe",
        aliases=("balance.update",),
        private=True,
        layouts={"row": BALANCE},
        unpack=list_items,
        symbol_spelling=CURRENCY,
        example="balance USDT BTC",
    ),
)

QUERIES = (
    Channel(
        "time",
        "the server's clock",
        wire_name="server.time",
        symbol_limits=(0, 0),
        layouts={"row": (Field(0, "time", "s", wire_note="whole seconds", is_event_time=True),)},
        unpack=answer_item,
        example="time",
    ),
)

# The socket's documents list no codes. 1 to 6 are those of the open-source server whose protocol this one follows;
# the others belong to the exchange's REST interface and only explain a stray number.
CODES = {
    "1": "invalid argument",
    "2": "internal error",
    "3": "service unavailable",
    "4": "method not found",
    "5": "service timeout",
    "6": "authentication required: log in first",
    "10001": "wrong HTTP method",
    "10002": "no such key: deleted, mistyped or expired",
    "10003": "the signature does not match: check the secret",
    "10004": "bad parameters",
    "10005": "too many requests",
    "10006": "the key lacks the permission for this: see its settings",
    "10007": "the key is restricted to other IP addresses",
    "10008": "timestamp out of range: check the clock",
    "10009": "no such endpoint",
    "10011": "the key has expired: create a new one",
    **{str(code): "the order was rejected" for code in range(20001, 20021)},
    "50000": "internal exception",
    "200005": "too many requests",
}
