"""WhiteBIT, the private half of the catalogue: balances, orders, deals, positions, borrows.

Source: https://docs.whitebit.com/websocket/overview and the pages of its private channels. Wherever a list of markets or
currencies is subscribed to, a second subscribe replaces the first, as with the public lists.
"""

import re
from collections.abc import Iterable, Sequence

from wscli.core.catalogue import Channel, Field, Param, RawRow, SymbolSpelling
from wscli.core.jsontext import Json
from wscli.core.messages import Event, Kind

NESTED_LIST_METHODS = frozenset(
    {"ordersExecuted_subscribe", "deals_subscribe"}
)  # their markets are a list of their own


# --- what a push speaks of -----------------------------------------------------------------------


def symbols_in(channel: str, params: Json) -> tuple[str, ...] | None:
    """Return the markets (of balances and borrows: the currencies) of a private push; None for a shape no document shows.

    >>> symbols_in("balanceSpot", [{"SOL": {"available": "3", "freeze": "0"}}])
    ('SOL',)
    >>> symbols_in("ordersPending", [1, {"id": 7}]) is None
    True
    """
    match channel, params:
        case "balanceSpot", [dict(), *_]:
            return _unique_texts([name for one in params if isinstance(one, dict) for name in one])
        case "balanceMargin", [dict(), *_]:
            return _texts_at("a", params)
        case (("ordersPending" | "positionsAccountMargin"), [int(), dict(one), *_]):
            return _texts_at("market", [one])
        case "borrowsAccountMargin", [int(), dict(one), *_]:
            return _texts_at("asset", [one])
        case "ordersExecuted", [dict(), *_]:
            return _texts_at("market", params)
        case "deals", [_, _, str(market), _, _, _, _, *_]:
            return (market,)
        case "positionsMargin", {"records": list(records)}:
            return _texts_at("market", records)
        case "borrowsMargin", {"records": list(records)}:
            return _texts_at("asset", records)
        case "ADLQuantile", [list(), *_]:
            return _texts_at(0, params)
        case _:
            return None


def _texts_at(key: str | int, rows: Sequence[Json]) -> tuple[str, ...] | None:
    """Return the texts at one place of every row; None where one has none."""
    try:
        return _unique_texts([row[key] for row in rows])
    except (LookupError, TypeError):
        return None


def _unique_texts(names: Sequence[Json]) -> tuple[str, ...] | None:
    return tuple(dict.fromkeys(names)) if all(isinstance(name, str) for name in names) else None


# --- from events to rows -------------------------------------------------------------------------


def balance_items(event: Event) -> Iterable[RawRow]:
    """A row a currency: an object of them in a reply, a list of such objects in a push; margin pushes name it in `a`."""
    balances = event.payload["result"] if event.kind is Kind.REPLY else event.payload["params"]
    for one in balances if isinstance(balances, list) else [balances]:
        if isinstance(one.get("a"), str):
            yield RawRow(one, one["a"])
            continue
        for currency, amounts in one.items():
            yield RawRow({"currency": currency, **amounts}, currency)


def event_items(event: Event) -> Iterable[RawRow]:
    """[event, object]"""
    number, one, *_ = event.payload["params"]
    yield RawRow({"event": number, **one})


def finished_order_items(event: Event) -> Iterable[RawRow]:
    for order in event.payload["params"]:
        yield RawRow(order)


def deal_items(event: Event) -> Iterable[RawRow]:
    yield RawRow(event.payload["params"])


def record_items(event: Event) -> Iterable[RawRow]:
    """A row a record, with what the answer says of itself (offset, limit, total); that alone where there is none."""
    records = event.payload["result"] if event.kind is Kind.REPLY else event.payload["params"]
    about = {key: value for key, value in records.items() if key != "records"}
    for record in records["records"]:
        yield RawRow({**record, **about}, record.get("asset"))
    if not records["records"]:
        yield RawRow(about)


def quantile_items(event: Event) -> Iterable[RawRow]:
    for row in event.payload["params"]:
        yield RawRow(row, row[0])


# --- what the fields mean ------------------------------------------------------------------------

SIDES = {"1": "sell", "2": "buy"}
ROLES = {"1": "maker", "2": "taker"}
ORDER_TYPES = {
    "1": "limit",
    "2": "market",
    "202": "market, its amount in base",
    "3": "stop limit",
    "4": "stop market",
    "7": "margin limit",
    "8": "margin market",
    "9": "margin stop limit",
    "10": "margin stop market",
    "14": "margin normalization",
}
ORDER_EVENTS = {"1": "new", "2": "changed", "3": "finished"}
ALERTS = {"1": "margin call", "2": "liquidation"}

CREATED_TIME = Field("ctime", "created_time", "s")
UPDATED_TIME = Field("mtime", "updated_time", "s")
LAST_CHANGE_TIME = Field("mtime", "time", "s", note="of its last change, although it is sent again unchanged")
MARKET = Field("market", "symbol")
PAGE_FIELDS = (
    Field("total", "count", note="number of records in total"),
    Field("offset", "offset"),
    Field("limit", "limit"),
)
ORDER = (
    Field("side", "side", code_names=SIDES),
    Field("price", "price", unit="quote per base", note="0 for a market order"),
    Field("amount", "size", unit="base", note="ordered; of a market order (type 2) that buys, in quote"),
    Field("id", "order_id", note="changes when the order is modified; a stop order keeps its id when it triggers"),
    Field("status", "status", note="OPEN, PARTIALLY_FILLED, FILLED, CANCELED; missing in older messages"),
    Field("type", "order_type", code_names=ORDER_TYPES),
    Field("left", "remaining", unit="base"),
    Field("deal_stock", "filled", unit="base"),
    Field("deal_money", "filled_value", unit="quote"),
    Field("deal_fee", "fee", unit="quote"),
    Field("fee_asset", "fee_currency"),
    Field("activation_price", "stop_price", unit="quote per base", note="of stop orders"),
    Field("activation_condition", "activation_condition", note="of stop orders: gte, lte"),
    Field("client_order_id", "client_order_id", note="empty where none was given"),
    Field("mtime", "time", "s", note="of the last change", is_event_time=True),
    CREATED_TIME,
    UPDATED_TIME,
    Field("ftime", "finished_time", "s"),
    Field("post_only", "post_only"),
    Field("ioc", "ioc", note="immediate or cancel"),
    Field("stp", "stp", note="self trade prevention: no; co, cn, cb cancel the oldest, the newest, both"),
    Field("position_side", "position_side", note="LONG, SHORT, BOTH"),
    Field("rpi", "rpi", note="Retail Price Improvement"),
    Field("retail", "retail"),
    Field("reduce_only", "reduce_only"),
    Field("source", "source", note="web, api, adl, liquidation, …"),
    MARKET,
)
DEAL = (
    Field(8, "side", code_names=SIDES),
    Field(4, "price", unit="quote per base"),
    Field(5, "size", unit="base"),
    Field(0, "trade_id"),
    Field(1, "time", "s", is_event_time=True),
    Field(3, "order_id"),
    Field(6, "fee"),
    Field(10, "fee_currency"),
    Field(9, "role", code_names=ROLES),
    Field(7, "client_order_id"),
    Field(2, "symbol"),
)
PAST_DEAL = (
    Field("side", "side", code_names=SIDES),
    Field("price", "price", unit="quote per base"),
    Field("amount", "size", unit="base"),
    Field("deal", "filled_value", unit="quote"),
    Field("id", "trade_id"),
    Field("time", "time", "s", is_event_time=True),
    Field("order_id", "order_id"),
    Field("deal_order_id", "counterparty_order_id"),
    Field("fee", "fee"),
    Field("fee_asset", "fee_currency"),
    Field("role", "role", code_names=ROLES),
    Field("client_order_id", "client_order_id"),
    MARKET,
)
POSITION = (
    Field("amount", "size", "signed", unit="base", wire_note="negative: short (sell)"),
    Field("position_side", "position_side", note="LONG, SHORT, BOTH"),
    Field("amount_in_money", "amount_in_money", unit="quote"),
    Field("base_price", "base_price", unit="quote per base"),
    Field("pnl", "pnl", unit="quote"),
    Field("liq_price", "liq_price", unit="quote per base", note="can be the text NaN"),
    Field("liq_stage", "liq_stage", note="null, margin_call"),
    Field("margin", "margin", unit="quote"),
    Field("free_margin", "free_margin", unit="quote"),
    Field("unrealized_funding", "unrealized_funding"),
    Field("funding", "funding"),
    Field("realized_pnl", "realized_pnl", unit="quote"),
    Field("id", "position_id"),
    LAST_CHANGE_TIME,
    CREATED_TIME,
    UPDATED_TIME,
    MARKET,
)
BORROW = (
    Field("asset", "currency"),
    Field("amount", "amount", unit="of the currency", note="below zero: owed"),
    Field("unrealized_funding", "unrealized_funding"),
    Field("liq_price", "liq_price", note="can be the text NaN"),
    LAST_CHANGE_TIME,
    CREATED_TIME,
    UPDATED_TIME,
)
SPOT = (
    Field("currency", "currency"),
    Field("available", "available", unit="of the currency"),
    Field("freeze", "locked", unit="of the currency", note="in open orders"),
)
MARGIN = (
    Field("currency", "currency"),
    Field("a", "currency"),
    *(
        Field(at, name, unit="of the currency")
        for name, short in (
            ("balance", "B"),
            ("borrow", "b"),
            ("available_without_borrow", "av"),
            ("available_with_borrow", "ab"),
        )
        for at in (name, short)
    ),
)
QUANTILE = (
    Field(1, "quantile_long", note="0 to 4, where 4 is first in line; null without a long position"),
    Field(2, "quantile_short", note="the same for a short position"),
    Field(0, "symbol"),
)

CURRENCY = SymbolSpelling(
    r"[A-Z0-9]{1,20}", "USDT", "(here a currency) in capitals", lambda s: re.split(r"[-_/]", s.upper())[0]
)
PERPETUALS = SymbolSpelling(
    r"[A-Z0-9]{1,20}_PERP",
    "BTC_PERP",
    "in capitals, with _PERP",
    lambda symbol: re.split(r"[-_/]", symbol.upper())[0] + "_PERP",
)

# --- the channels --------------------------------------------------------------------------------

OFFSET = Param("offset", "int", default=0, minimum=0, note="number of records to skip")
LIMIT = Param("limit", "int", default=30, minimum=1, maximum=100, note="at most this many records")

PRIVATE_CHANNELS = (
    Channel(
        "balanceSpot",
        "your spot balances, at every change; without a currency, all of them",
        wire_name="balanceSpot_subscribe",
        aliases=("balanceSpot_update",),
        private=True,
        symbol_limits=(0, None),
        replaces_previous=True,
        symbol_spelling=CURRENCY,
        layouts={"row": SPOT},
        unpack=balance_items,
        example="balanceSpot USDT BTC",
        update_rate="1 s, on change",
    ),
    Channel(
        "balanceMargin",
        "your margin balances, at every change; without a currency, all of them",
        wire_name="balanceMargin_subscribe",
        aliases=("balanceMargin_update",),
        private=True,
        symbol_limits=(0, None),
        replaces_previous=True,
        symbol_spelling=CURRENCY,
        layouts={"row": MARGIN},
        unpack=balance_items,
        example="balanceMargin USDT BTC",
        update_rate="1.5 s, on change",
    ),
    Channel(
        "ordersPending",
        "your open orders: new, changed, finished; an order that is filled at once is only sent as finished",
        wire_name="ordersPending_subscribe",
        aliases=("ordersPending_update",),
        private=True,
        replaces_previous=True,
        layouts={"row": (Field("event", "event", code_names=ORDER_EVENTS), *ORDER)},
        unpack=event_items,
        example="ordersPending BTC_USDT",
        update_rate="real time",
    ),
    Channel(
        "ordersExecuted",
        "your finished orders",
        wire_name="ordersExecuted_subscribe",
        aliases=("ordersExecuted_update",),
        private=True,
        replaces_previous=True,
        params=(
            Param(
                "filter",
                "int",
                allowed=(0, 1, 2),
                default=0,
                note="0: all, 1: limit orders, 2: market orders",
                column="filter",
            ),
        ),
        layouts={"row": ORDER},
        unpack=finished_order_items,
        example="ordersExecuted BTC_USDT",
        update_rate="real time",
    ),
    Channel(
        "deals",
        "your trades",
        wire_name="deals_subscribe",
        aliases=("deals_update",),
        private=True,
        replaces_previous=True,
        layouts={"row": DEAL},
        unpack=deal_items,
        example="deals BTC_USDT",
        update_rate="real time",
    ),
    Channel(
        "positionsMargin",
        "all your open positions, at every change",
        wire_name="positionsMargin_subscribe",
        aliases=("positionsMargin_update",),
        private=True,
        symbol_limits=(0, 0),
        layouts={"row": (*POSITION, PAGE_FIELDS[0])},
        unpack=record_items,
        example="positionsMargin",
        update_rate="1 s",
    ),
    Channel(
        "borrowsMargin",
        "all your open borrows, at every change",
        wire_name="borrowsMargin_subscribe",
        aliases=("borrowsMargin_update",),
        private=True,
        symbol_limits=(0, 0),
        layouts={"row": (*BORROW, PAGE_FIELDS[0])},
        unpack=record_items,
        example="borrowsMargin",
        update_rate="1.5 s",
    ),
    Channel(
        "positionsAccountMargin",
        "margin calls and liquidations of your positions",
        wire_name="positionsAccountMargin_subscribe",
        aliases=("positionsAccountMargin_update",),
        private=True,
        symbol_limits=(0, 0),
        layouts={"row": (Field("event", "event", code_names=ALERTS), *POSITION)},
        unpack=event_items,
        example="positionsAccountMargin",
        update_rate="when one happens",
    ),
    Channel(
        "borrowsAccountMargin",
        "margin calls and liquidations of your borrows",
        wire_name="borrowsAccountMargin_subscribe",
        aliases=("borrowsAccountMargin_update",),
        private=True,
        symbol_limits=(0, 0),
        layouts={"row": (Field("event", "event", code_names=ALERTS), *BORROW)},
        unpack=event_items,
        example="borrowsAccountMargin",
        update_rate="when one happens",
    ),
    Channel(
        "ADLQuantile",
        "how near your perpetual positions are to auto-deleveraging; without a symbol, of all (since 2026-09)",
        wire_name="ADLQuantile_subscribe",
        aliases=("ADLQuantile_update",),
        private=True,
        symbol_limits=(0, 1),
        symbol_spelling=PERPETUALS,
        layouts={"row": QUANTILE},
        unpack=quantile_items,
        example="ADLQuantile BTC_PERP",
        update_rate="at once, then every 30 s",
    ),
)

PRIVATE_QUERIES = (
    Channel(
        "balanceSpot",
        "your spot balances; without a currency, of all",
        wire_name="balanceSpot_request",
        private=True,
        symbol_limits=(0, None),
        symbol_spelling=CURRENCY,
        layouts={"row": SPOT},
        unpack=balance_items,
        example="balanceSpot USDT BTC",
    ),
    Channel(
        "balanceMargin",
        "your margin balances; without a currency, of all",
        wire_name="balanceMargin_request",
        private=True,
        symbol_limits=(0, None),
        symbol_spelling=CURRENCY,
        layouts={"row": MARGIN},
        unpack=balance_items,
        example="balanceMargin USDT",
    ),
    Channel(
        "ordersPending",
        "your open orders of a market",
        wire_name="ordersPending_request",
        private=True,
        symbol_limits=(1, 1),
        params=(OFFSET, LIMIT),
        layouts={"row": (*ORDER, *PAGE_FIELDS)},
        unpack=record_items,
        example="ordersPending BTC_USDT",
    ),
    Channel(
        "ordersExecuted",
        "your finished orders of a market",
        wire_name="ordersExecuted_request",
        private=True,
        symbol_limits=(1, 1),
        params=(
            OFFSET,
            LIMIT,
            Param("order_types", "int", allowed=(1, 2, 202, 3, 4, 7, 8, 9, 10, 14), optional=True, note="of this type"),
        ),
        layouts={"row": (*ORDER, *PAGE_FIELDS)},
        unpack=record_items,
        example="ordersExecuted BTC_USDT limit=10",
    ),
    Channel(
        "deals",
        "your trades on a market",
        wire_name="deals_request",
        private=True,
        symbol_limits=(1, 1),
        params=(OFFSET, LIMIT),
        layouts={"row": (*PAST_DEAL, *PAGE_FIELDS)},
        unpack=record_items,
        example="deals BTC_USDT limit=10",
    ),
)
