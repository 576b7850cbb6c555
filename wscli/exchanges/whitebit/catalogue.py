"""WhiteBIT, the public half of the catalogue. Channels, queries, their positional parameters and the fields of their rows, as data.

Source: https://docs.whitebit.com/websocket/overview and its channel pages, corrected where the live socket differs: trade times are seconds,
a candle's close comes before its high and low, depth takes seven limits only. "Stock" is the base, "deal" the quote.
The parameters stand in wire order: a frame's params are the market, then these.
"""

import re
from collections.abc import Iterable

from wscli.core.catalogue import BOOK_EXTRA_COLUMNS, Channel, Field, Param, RawRow, SymbolSpelling, level_rows
from wscli.core.jsontext import Json
from wscli.core.messages import Event, Kind

# The documented rule, spelled out: seconds that divide a minute, minutes an hour, hours a day, then 1 to 6 days,
# a week, and thirty days.
INTERVALS = (
    *(1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30),
    *(60, 120, 180, 240, 300, 360, 600, 720, 900, 1200, 1800),
    *(3600, 7200, 10800, 14400, 21600, 28800, 43200),
    *(86400, 172800, 259200, 345600, 432000, 518400),
    *(604800, 2592000),
)
PRICE_INTERVALS = ("0", "0.00000001", "0.0000001", "0.000001", "0.00001", "0.0001", "0.001", "0.01", "0.1")
MARKETS = ("BTC_USDT", "ETH_USDT", "LTC_USDT", "XRP_USDT", "SOL_USDT", "ZEC_USDT", "BTC_USD", "BTC_EUR", "ETH_EUR")


# --- from events to rows -------------------------------------------------------------------------


def body_of(event: Event) -> Json:
    """Return what a message carries: the result of a reply, else the second of a push's params."""
    return event.payload["result"] if event.kind is Kind.REPLY else event.payload["params"][1]


def single_item(event: Event) -> Iterable[RawRow]:
    yield RawRow(body_of(event))


def list_items(event: Event) -> Iterable[RawRow]:
    for trade in body_of(event):
        if isinstance(trade, dict):
            yield RawRow(trade)


def last_price_items(event: Event) -> Iterable[RawRow]:
    yield RawRow(event.payload["params"])


def rows_in(params: Json) -> list[Json]:
    """Return the rows of a push whose params are rows; one flat row, which the older documents print, is a list of one.

    >>> rows_in([[7, "1"], [8, "2"]]), rows_in([7, "1"])
    ([[7, '1'], [8, '2']], [[7, '1']])
    """
    return params if params and isinstance(params[0], list) else [params]


def best_price_items(event: Event) -> Iterable[RawRow]:
    for row in rows_in(event.payload["params"]):
        yield RawRow(row, row[2])


def premium_items(event: Event) -> Iterable[RawRow]:
    for row in rows_in(event.payload["params"]):
        yield RawRow(row, row[0])


def candle_items(event: Event) -> Iterable[RawRow]:
    rows = event.payload["result"] if event.kind is Kind.REPLY else rows_in(event.payload["params"])
    for row in rows:
        if isinstance(row, list):
            yield RawRow(row, row[7] if len(row) > 7 else None)


def book_items(event: Event) -> Iterable[RawRow]:
    data = body_of(event)
    about = {key: value for key, value in data.items() if key not in ("asks", "bids")}
    for side, key in (("bid", "bids"), ("ask", "asks")):  # a side that did not change is left out
        for level in level_rows(side, data.get(key), None):
            if isinstance(level.data, list):
                yield RawRow({**dict(enumerate(level.data)), **about}, None, level.layout, level.extra)


# --- what the fields mean ------------------------------------------------------------------------

TRADE = (
    Field("type", "side", note="side of the taker"),
    Field("price", "price", unit="quote per base"),
    Field("amount", "size", unit="base"),
    Field("id", "trade_id", note="increases; one counter per market"),
    Field("time", "time", "s", wire_note="seconds, although older documents say milliseconds", is_event_time=True),
    Field("rpi", "rpi", note="true: a Retail Price Improvement trade; may be absent"),
)
LEVEL = (
    Field(0, "price", unit="quote per base"),
    Field(1, "size", unit="base", note="the new size, not a difference; 0 deletes the level"),
    Field("timestamp", "time", "s", note="of the matching engine", is_event_time=True),
    Field("update_id", "update_id", note="version of the book after this message; may skip numbers"),
    Field("past_update_id", "past_update_id", note="update_id of the previous message; absent in a snapshot"),
    Field("event_time", "event_time", "s", note="when it was sent"),
)
CANDLE = (
    Field(0, "time", "s", note="start of the candle"),
    Field(1, "open", unit="quote per base"),
    Field(3, "high", unit="quote per base"),
    Field(4, "low", unit="quote per base"),
    Field(2, "close", unit="quote per base", note="comes before high and low in the array"),
    Field(5, "volume", unit="base"),
    Field(6, "quote_volume", unit="quote"),
    Field(7, "symbol"),
)
TODAY = (
    Field("last", "last", unit="quote per base"),
    Field("open", "open", unit="quote per base", note="first price of the UTC day"),
    Field("high", "high", unit="quote per base"),
    Field("low", "low", unit="quote per base"),
    Field("volume", "volume", unit="base"),
    Field("deal", "quote_volume", unit="quote"),
)
STATISTICS = (
    Field("last", "last", unit="quote per base"),
    Field("open", "open", unit="quote per base", note="price one period ago"),
    Field("high", "high", unit="quote per base"),
    Field("low", "low", unit="quote per base"),
    Field("close", "close", unit="quote per base"),
    Field("volume", "volume", unit="base"),
    Field("deal", "quote_volume", unit="quote"),
    Field("period", "period", unit="seconds"),
)
BEST = (
    Field(4, "bid", unit="quote per base"),
    Field(5, "bid_size", unit="base"),
    Field(6, "ask", unit="quote per base"),
    Field(7, "ask_size", unit="base"),
    Field(0, "time", "s", note="of the transaction", is_event_time=True),
    Field(1, "message_time", "s", note="when it was sent"),
    Field(3, "update_id"),
    Field(2, "symbol"),
)

INTERVAL = Param(
    "interval", "int", allowed=INTERVALS, note="seconds: 60 is a minute, 3600 an hour, 86400 a day", column="interval"
)
PRICE_INTERVAL = Param(
    "price_interval",
    "text",
    allowed=PRICE_INTERVALS,
    default="0",
    note="price grouping; 0: every price",
    column="price_interval",
)

PREMIUM = (
    Field(1, "mark_price", unit="quote per base"),
    Field(2, "index_price", unit="quote per base"),
    Field(3, "funding_rate", unit="ratio"),
    Field(4, "next_funding_time", "ms", wire_note="unlike all other times here"),
    Field(5, "time", "s", note="when it was sent", is_event_time=True),
    Field(0, "symbol"),
)
PERPETUAL = SymbolSpelling(
    r"[A-Z0-9]{1,20}_PERP",
    "BTC_PERP",
    "in capitals, with _PERP",
    lambda symbol: re.split(r"[-_/]", symbol.upper())[0] + "_PERP",
)

PUBLIC_CHANNELS = (
    Channel(
        "candles",
        "the current candle; one market and one interval per connection",
        wire_name="candles_subscribe",
        aliases=("candles_update",),
        symbol_limits=(1, 1),
        params=(INTERVAL,),
        replaces_previous=True,
        layouts={"row": CANDLE},
        unpack=candle_items,
        example="candles BTC_USDT interval=60",
        is_frequent=True,
        update_rate="500 ms while trades change it",
    ),
    Channel(
        "lastprice",
        "the price of the last trade",
        wire_name="lastprice_subscribe",
        aliases=("lastprice_update",),
        replaces_previous=True,
        layouts={"row": (Field(1, "last", unit="quote per base"), Field(0, "symbol"))},
        unpack=last_price_items,
        example="lastprice BTC_USDT ETH_USDT",
        is_frequent=True,
        update_rate="1 s, on change",
    ),
    Channel(
        "market",
        "statistics of the last 24 hours",
        wire_name="market_subscribe",
        aliases=("market_update",),
        replaces_previous=True,
        layouts={"row": STATISTICS},
        unpack=single_item,
        example="market BTC_USDT",
        is_frequent=True,
        update_rate="1 s",
    ),
    Channel(
        "marketToday",
        "statistics since 00:00 UTC",
        wire_name="marketToday_subscribe",
        aliases=("marketToday_update",),
        replaces_previous=True,
        layouts={"row": TODAY},
        unpack=single_item,
        example="marketToday BTC_USDT",
        is_frequent=True,
        update_rate="1 s",
    ),
    Channel(
        "trades",
        "public trades, newest first; up to 100 past ones at the start",
        wire_name="trades_subscribe",
        aliases=("trades_update",),
        replaces_previous=True,
        layouts={"row": TRADE},
        unpack=list_items,
        example="trades BTC_USDT",
        is_frequent=True,
        update_rate="real time",
    ),
    Channel(
        "depth",
        "the order book: a snapshot (again after 10 quiet seconds), then changes",
        wire_name="depth_subscribe",
        aliases=("depth_update",),
        params=(
            Param(
                "limit", "int", allowed=(1, 5, 10, 20, 30, 50, 100), default=100, note="levels per side", column="limit"
            ),
            PRICE_INTERVAL,
            Param("multiple", "bool", default=True, note="false: drop every other depth subscription first"),
        ),
        is_book=True,
        layouts={"row": LEVEL},
        unpack=book_items,
        extra_columns=BOOK_EXTRA_COLUMNS,
        example="depth BTC_USDT limit=10",
        is_frequent=True,
        update_rate="100 ms",
    ),
    Channel(
        "bookTicker",
        "the best bid and ask; without a symbol, of every market",
        wire_name="bookTicker_subscribe",
        aliases=("bookTicker_update",),
        symbol_limits=(0, None),
        layouts={"row": BEST},
        unpack=best_price_items,
        example="bookTicker BTC_USDT",
        is_frequent=True,
        update_rate="real time, on change",
    ),
    Channel(
        "premiumIndex",
        "mark and index price and funding of the perpetuals; without a symbol, of all (observed in 2026-09)",
        wire_name="premiumIndex_subscribe",
        aliases=("premiumIndex_update",),
        symbol_limits=(0, None),
        replaces_previous=True,
        symbol_spelling=PERPETUAL,
        layouts={"row": PREMIUM},
        unpack=premium_items,
        example="premiumIndex BTC_PERP",
        is_frequent=True,
        update_rate="0.5 s",
    ),
)

PUBLIC_QUERIES = (
    Channel(
        "time",
        "the clock of the server",
        wire_name="time",
        symbol_limits=(0, 0),
        layouts={"row": (Field(0, "time", "s", is_event_time=True),)},
        unpack=single_item,
        example="time",
    ),
    Channel(
        "candles",
        "candles from start to end",
        wire_name="candles_request",
        symbol_limits=(1, 1),
        params=(
            Param("start", "time"),
            Param("end", "time", note="not before start"),
            INTERVAL,
        ),
        layouts={"row": CANDLE},
        unpack=candle_items,
        example="candles BTC_USDT start=1767220200 end=1767223800 interval=1800",
    ),
    Channel(
        "lastprice",
        "the price of the last trade",
        wire_name="lastprice_request",
        symbol_limits=(1, 1),
        layouts={"row": (Field(0, "last", unit="quote per base"),)},
        unpack=single_item,
        example="lastprice BTC_USDT",
    ),
    Channel(
        "market",
        "statistics of the last `period` seconds",
        wire_name="market_request",
        symbol_limits=(1, 1),
        params=(Param("period", "int", default=86400, minimum=1, note="the last so many seconds"),),
        layouts={"row": STATISTICS},
        unpack=single_item,
        example="market BTC_USDT period=14400",
    ),
    Channel(
        "marketToday",
        "statistics since 00:00 UTC",
        wire_name="marketToday_query",  # not _request, alone among its kind
        symbol_limits=(1, 1),
        layouts={"row": TODAY},
        unpack=single_item,
        example="marketToday BTC_USDT",
    ),
    Channel(
        "trades",
        "past trades, newest first",
        wire_name="trades_request",
        symbol_limits=(1, 1),
        params=(
            Param("limit", "int", default=100, minimum=1, maximum=100, note="at most this many"),
            Param("last_id", "int", default=0, minimum=0, note="only trades with a greater id; 0: the newest"),
        ),
        layouts={"row": TRADE},
        unpack=list_items,
        example="trades BTC_USDT limit=10",
    ),
    Channel(
        "depth",
        "the current order book",
        wire_name="depth_request",
        symbol_limits=(1, 1),
        params=(
            Param("limit", "int", default=100, minimum=1, maximum=100, note="levels per side", column="limit"),
            PRICE_INTERVAL,
        ),
        layouts={"row": LEVEL},
        unpack=book_items,
        extra_columns=BOOK_EXTRA_COLUMNS,
        is_book=True,
        example="depth BTC_USDT limit=5",
    ),
)

CODES = {
    "1": "an argument is wrong: their number, a type, a value, an interval, a limit; of authorize: the token",
    "2": "internal error of the exchange",
    "3": "service unavailable",
    "4": "no such method",
    "5": "a service of the exchange timed out",
    "6": "login required: wscli whitebit auth, or a private channel, logs in",
    "7": "too many requests",
    "9": "no such market",
}
