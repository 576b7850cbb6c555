"""Bybit spot v3: the catalogue. Topics, their parameters, and what the one-letter keys mean, as data.

Source: https://bybit-exchange.github.io/docs/spot/public/… and …/private/… (removed 2025-04-02; the keys checked
against clients that spoke it). On public topics `data` is one object, on private ones an array of objects.
"""

from collections.abc import Iterable

from wscli.core.catalogue import BOOK_EXTRA_COLUMNS, Channel, Field, Param, RawRow, level_rows
from wscli.core.messages import Event
from wscli.exchanges.bybit.login import CODES as LOGIN_CODES

INTERVALS = ("1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "12h", "1d", "1w", "1M")
MARKETS = ("BTCUSDT", "ETHUSDT", "LTCUSDT", "XRPUSDT", "SOLUSDT", "BTCEUR", "ETHEUR", "ZECUSDT")


def single_item(event: Event) -> Iterable[RawRow]:
    yield RawRow(event.payload["data"])


def list_items(event: Event) -> Iterable[RawRow]:
    for row in event.payload["data"]:
        yield RawRow(row, row.get("s"))


def book_items(event: Event) -> Iterable[RawRow]:
    data = event.payload["data"]
    context = {"time": data.get("t")}
    for side, key in (("bid", "b"), ("ask", "a")):
        for item in level_rows(side, data.get(key), data.get("s")):
            yield RawRow([*item.data, context["time"]], item.symbol, item.layout, item.extra)


def balance_items(event: Event) -> Iterable[RawRow]:
    for update in event.payload["data"]:
        about = {name: update.get(name) for name in ("E", "T", "W", "D")}
        for coin in update["B"]:
            yield RawRow({**coin, **about})


EVENT_TIME = Field("E", "time", "ms", is_event_time=True)
SIDES = {"BUY": "buy", "SELL": "sell"}
SYMBOL = Field("s", "symbol")

TRADE = (
    Field("m", "side", code_names={"true": "buy", "false": "sell"}, note="side of the taker"),
    Field("p", "price", unit="quote per base"),
    Field("q", "size", unit="base"),
    Field("v", "trade_id", note="one counter for all symbols"),
    Field("t", "time", "ms", is_event_time=True),
    Field("type", "type", code_names={"0": "spot", "1": "block"}, note="block: a block trade through Paradigm"),
    SYMBOL,
)
LEVEL = (
    Field(0, "price", unit="quote per base"),
    Field(1, "size", unit="base"),
    Field(2, "time", "ms", is_event_time=True),
)
BEST = (
    Field("bp", "bid", unit="quote per base"),
    Field("bq", "bid_size", unit="base"),
    Field("ap", "ask", unit="quote per base"),
    Field("aq", "ask_size", unit="base"),
    Field("t", "time", "ms", is_event_time=True),
    SYMBOL,
)
TICKER = (
    Field("c", "last", unit="quote per base"),
    Field("o", "open", unit="quote per base"),
    Field("h", "high", unit="quote per base"),
    Field("l", "low", unit="quote per base"),
    Field("v", "volume", unit="base"),
    Field("qv", "quote_volume", unit="quote"),
    Field("m", "change_ratio", unit="ratio", note="0.0189 is 1.89 %"),
    Field("xp", "index_price", unit="USD", note="may be empty or absent"),
    Field("t", "time", "ms", is_event_time=True),
    SYMBOL,
)
CANDLE = (
    Field("t", "time", "ms", note="start of the candle"),
    Field("o", "open", unit="quote per base"),
    Field("h", "high", unit="quote per base"),
    Field("l", "low", unit="quote per base"),
    Field("c", "close", unit="quote per base"),
    Field("v", "volume", unit="base"),
    SYMBOL,
)
BALANCE = (
    Field("a", "currency"),
    Field("f", "available", unit="of the currency"),
    Field("l", "locked", unit="of the currency", note="in orders"),
    Field("T", "trade_allowed"),
    Field("W", "withdraw_allowed"),
    Field("D", "deposit_allowed"),
    EVENT_TIME,
)
ORDER_HEAD = (
    Field("S", "side", code_names=SIDES),
    Field("p", "price", unit="quote per base", note="0 for a market order"),
    Field("q", "size", unit="base", note="quote for MARKET_OF_QUOTE"),
    Field("i", "order_id"),
    Field("c", "client_order_id"),
    Field("o", "order_type", note="LIMIT, LIMIT_MAKER, MARKET_OF_QUOTE, MARKET_OF_BASE"),
    Field("f", "time_in_force", note="GTC, FOK, IOC"),
)
ORDER = (
    *ORDER_HEAD,
    Field("X", "status", note="NEW, PARTIALLY_FILLED, FILLED, CANCELED, REJECTED, PARTIALLY_FILLED_CANCELED"),
    Field("l", "fill_size", unit="base", note="of the last fill"),
    Field("L", "fill_price", unit="quote per base", note="of the last fill"),
    Field("z", "filled", unit="base", note="in total"),
    Field("Z", "filled_value", unit="quote", note="in total; average price = filled_value / filled"),
    Field("n", "fee", unit="of fee_currency", note="of the last fill"),
    Field("N", "fee_currency"),
    Field("t", "trade_id", note="only on fills"),
    Field("M", "counterparty_order_id"),
    Field("O", "created_time", "ms"),
    Field("u", "normal_trade", note="false: a self trade"),
    Field("w", "working"),
    Field("m", "limit_maker"),
    Field("A", "counterparty_account_id"),
    Field("C", "closed"),
    Field("v", "leverage"),
    Field("d", "liquidation", note="NO_LIQ normal, IOC a liquidation order"),
    Field("b", "block_trade_id"),
    Field("ct", "cancel_type"),
    Field("st", "smp_type", note="None, CancelMaker, CancelTaker, CancelBoth"),
    Field("sg", "smp_group", note="0: none"),
    Field("so", "smp_order_id"),
    EVENT_TIME,
    SYMBOL,
    Field("e", "event"),
)
STOP_ORDER = (
    *ORDER_HEAD,
    Field("X", "status", note="ORDER_NEW, ORDER_FILLED, ORDER_CANCELED, ORDER_REJECTED, ORDER_FAILED"),
    Field("tp", "stop_price", unit="quote per base", note="the trigger price"),
    Field("qp", "mark_price", unit="quote per base", note="the market price when it was placed"),
    Field("eo", "triggered_order_id", note="the order created on trigger"),
    Field("T", "created_time", "ms"),
    Field("t", "triggered_time", "ms", note="0 until it is filled or has failed"),
    Field("C", "updated_time", "ms"),
    Field("ti", "ti"),
    Field("si", "si"),
    EVENT_TIME,
    SYMBOL,
    Field("e", "event"),
)
FILL = (
    Field("S", "side", code_names=SIDES),
    Field("p", "price", unit="quote per base"),
    Field("q", "size", unit="base"),
    Field("T", "trade_id"),
    Field("t", "time", "ms", is_event_time=True),
    Field("o", "order_id"),
    Field("c", "client_order_id"),
    Field("O", "counterparty_order_id"),
    Field("m", "maker"),
    Field("a", "account_id"),
    Field("A", "counterparty_account_id"),
    Field("b", "block_trade_id"),
    Field("E", "event_time", "ms"),
    SYMBOL,
    Field("e", "event"),
)

CHANNELS = (
    Channel(
        "trade",
        "public trades, one per message",
        wire_name="trade.{symbol}",
        layouts={"row": TRADE},
        unpack=single_item,
        example="trade BTCUSDT",
        is_frequent=True,
        update_rate="real time",
    ),
    Channel(
        "orderbook",
        "the best 40 levels of each side, all of them each time",
        wire_name="orderbook.{depth}.{symbol}",
        params=(Param("depth", "int", allowed=(40,), default=40, note="levels per side; always 40"),),
        is_book=True,
        layouts={"row": LEVEL},
        unpack=book_items,
        extra_columns=BOOK_EXTRA_COLUMNS,
        example="orderbook BTCUSDT",
        is_frequent=True,
        update_rate="100 ms",
    ),
    Channel(
        "bookticker",
        "the best bid and ask",
        wire_name="bookticker.{symbol}",
        layouts={"row": BEST},
        unpack=single_item,
        example="bookticker BTCUSDT",
        is_frequent=True,
        update_rate="100 ms",
    ),
    Channel(
        "tickers",
        "statistics of the last 24 hours",
        wire_name="tickers.{symbol}",
        layouts={"row": TICKER},
        unpack=single_item,
        example="tickers BTCUSDT",
        is_frequent=True,
        update_rate="real time",
    ),
    Channel(
        "kline",
        "candles; a candle is final when a later one arrives",
        wire_name="kline.{interval}.{symbol}",
        params=(
            Param(
                "interval",
                "text",
                allowed=INTERVALS,
                note="m minutes, h hours, d day, w week, M month",
                column="interval",
            ),
        ),
        layouts={"row": CANDLE},
        unpack=single_item,
        example="kline BTCUSDT interval=1m",
        is_frequent=True,
        update_rate="real time",
    ),
    Channel(
        "order",
        "your orders, at every change",
        wire_name="order",
        private=True,
        symbol_limits=(0, 0),
        layouts={"row": ORDER},
        unpack=list_items,
        example="order",
        update_rate="real time",
    ),
    Channel(
        "stopOrder",
        "your conditional orders, at every change of status",
        wire_name="stopOrder",
        private=True,
        symbol_limits=(0, 0),
        layouts={"row": STOP_ORDER},
        unpack=list_items,
        example="stopOrder",
        update_rate="real time",
    ),
    Channel(
        "ticketInfo",
        "your fills",
        wire_name="ticketInfo",
        private=True,
        symbol_limits=(0, 0),
        layouts={"row": FILL},
        unpack=list_items,
        example="ticketInfo",
        update_rate="real time",
    ),
    Channel(
        "outboundAccountInfo",
        "the balances that changed",
        wire_name="outboundAccountInfo",
        private=True,
        symbol_limits=(0, 0),
        layouts={"row": BALANCE},
        unpack=balance_items,
        example="outboundAccountInfo",
        update_rate="real time",
    ),
)

CODES = {
    "-1004": "private request before login",
    "5004": "upstream timeout",
    "5019": "user service error",
    "7001": "a field has the wrong type",
    "10001": "bad parameter",
    **LOGIN_CODES,
    "10003": "unknown API key, or one of another environment",
    "12800": "invalid request",
    "12801": "invalid JSON",
    "12802": "event invalid",
    "12803": "event missing",
    "12804": "topic invalid",
    "12805": "topic missing",
    "12806": "params missing",
    "12807": "period missing",
    "12808": "period invalid",
    "12809": "symbol invalid",
    "12810": "symbol not supported",
    "12811": "no such broker",
    "12812": "dump scale missing",
    "12813": "exchange id invalid",
    "12814": "a parameter has a wrong value",
    "12815": "symbol missing",
    "12816": "timeout, try again",
    "12817": "no business with this exchange",
    "12818": "client disconnected",
    "12819": "organisation id missing",
    "12820": "organisation id is not a number",
    "12821": "dump scale wrong",
    "12822": "index name error",
    "12823": "parameter error",
    "12824": "named parameter error",
    "12825": "more than 300 symbols in a request",
    "12940": "connection reset",
    "12999": "server error",
}
