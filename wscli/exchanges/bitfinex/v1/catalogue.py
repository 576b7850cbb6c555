"""Bitfinex v1.1: the catalogue. Channels, their parameters, and what stands where in the unnamed arrays, as data.

Source: https://docs.bitfinex.com/v1/docs/ws-general, ws-auth and the v1 reference of each channel; the account rows
from the documentation of 2015 to 2017. Places count from the channel id's right: [17, BID, …] has BID at 0.

A signed amount says two things, and one of them is lost at zero (the rest of an executed order), so the side is read
here, from the amount that keeps its sign, and the size is shown without it.
"""

from collections.abc import Iterable, Mapping

from wscli.core.catalogue import BOOK_EXTRA_COLUMNS, Channel, Field, Param, RawRow, is_zero
from wscli.core.jsontext import Json
from wscli.core.messages import Event, Kind
from wscli.exchanges.bitfinex.login import CODES as LOGIN_CODES

# Bitfinex writes USDT as UST.
MARKETS = tuple(
    "BTCUSD ETHUSD LTCUSD XRPUSD SOLUSD ZECUSD BTCUST ETHUST LTCUST XRPUST SOLUST BTCEUR ETHEUR ETHBTC LTCBTC".split()
)


def by_sign(amount: Json, positive: str, negative: str) -> str | None:
    """Return what the sign of an amount says; None for zero, and for what is no number.

    >>> by_sign(-0.5, "buy", "sell"), by_sign(3, "bid", "ask"), by_sign(0, "buy", "sell"), by_sign(None, "buy", "sell")
    ('sell', 'bid', None, None)
    """
    if isinstance(amount, bool) or not isinstance(amount, int | float) or amount == 0:
        return None
    return positive if amount > 0 else negative


def value_at(row: Json, index: int) -> Json:
    return row[index] if isinstance(row, list) and index < len(row) else None


# --- ticker --------------------------------------------------------------------------------------

TICKER = (
    Field(6, "last", unit="quote per base"),
    Field(0, "bid", unit="quote per base"),
    Field(1, "bid_size", unit="base"),
    Field(2, "ask", unit="quote per base"),
    Field(3, "ask_size", unit="base"),
    Field(7, "volume", unit="base", note="24 h"),
    Field(8, "high", unit="quote per base", note="24 h"),
    Field(9, "low", unit="quote per base", note="24 h"),
    Field(4, "change", unit="quote per base", note="of the last price over 24 h"),
    Field(5, "change_ratio", unit="ratio", note="0.01 is 1 %"),
)


def ticker_items(event: Event) -> Iterable[RawRow]:
    yield RawRow(event.payload[1:])


# --- trades --------------------------------------------------------------------------------------

TAKER_SIGN = "positive: the taker bought"
PRICE = "quote per base"
SEQ_NOTE = "<number>-<PAIR>: the same in te and tu of one trade; may have gaps"
TRADE_ID_NOTE = "the database id"

SNAPSHOT_TRADE = (
    Field(2, "price", unit=PRICE),
    Field(3, "size", "abs", unit="base", wire_note=TAKER_SIGN),
    Field(0, "trade_id", note="a number, a text like 90207-ETHUSD, or null"),
    Field(1, "time", "s", is_event_time=True),
)
EXECUTED = (
    Field(3, "price", unit=PRICE),
    Field(4, "size", "abs", unit="base", wire_note=TAKER_SIGN),
    Field(2, "time", "s", is_event_time=True),
    Field(1, "seq", note=SEQ_NOTE),
    Field(0, "tag", note="te: executed, sent as early as possible"),
)
UPDATED = (
    Field(4, "price", unit=PRICE),
    Field(5, "size", "abs", unit="base", wire_note=TAKER_SIGN),
    Field(2, "trade_id", note=TRADE_ID_NOTE),
    Field(3, "time", "s", is_event_time=True),
    Field(1, "seq", note=SEQ_NOTE),
    Field(0, "tag", note="tu: the same trade a moment later, with its id"),
)
UNTAGGED = (
    Field(2, "price", unit=PRICE),
    Field(3, "size", "abs", unit="base", wire_note=TAKER_SIGN),
    Field(1, "time", "s", is_event_time=True),
    Field(0, "seq", note=SEQ_NOTE),
)
TRADE_LAYOUTS = {"row": SNAPSHOT_TRADE, "te": EXECUTED, "tu": UPDATED, "untagged": UNTAGGED}
TRADE_AMOUNT_INDEX = {"row": 3, "te": 4, "tu": 5, "untagged": 3}


def trade_items(event: Event) -> Iterable[RawRow]:
    first, *rest = event.payload[1:]
    if event.kind is Kind.SNAPSHOT:
        found, layout = first, "row"
    else:
        found, layout = [[first, *rest]], first if first in ("te", "tu") else "untagged"
    for row in found:
        yield RawRow(
            row, layout=layout, extra={"side": by_sign(value_at(row, TRADE_AMOUNT_INDEX[layout]), "buy", "sell")}
        )


# --- book ----------------------------------------------------------------------------------------

BID_SIGN = "positive: a bid"
LEVEL = (
    Field(0, "price", unit=PRICE),
    Field(
        2, "size", "abs", unit="base", note="the new size, not a difference; always 1 in a delete", wire_note=BID_SIGN
    ),
    Field(1, "count", note="orders at this price; 0 deletes the level"),
)
ORDER_IN_BOOK = (
    Field(1, "price", unit=PRICE, note="0 deletes the order"),
    Field(2, "size", "abs", unit="base", note="always 1 in a delete", wire_note=BID_SIGN),
    Field(0, "order_id"),
)


def book_items(event: Event) -> Iterable[RawRow]:
    """Yield the levels, or with prec=R0 the single orders: what is zero in a delete differs."""
    raw = event.subscription is not None and event.subscription.params.get("prec") == "R0"
    for row in event.payload[1] if event.kind is Kind.SNAPSHOT else [event.payload[1:]]:
        side = by_sign(value_at(row, 2), "bid", "ask")
        action = "delete" if is_zero(value_at(row, 1)) else "set"
        yield RawRow(row, layout="raw" if raw else "row", extra={"side": side, "action": action})


# --- account -------------------------------------------------------------------------------------

OWN_SIGN = "positive: you buy"
POSITION = (
    Field(2, "size", "abs", unit="base", wire_note="positive: long (buy)"),
    Field(3, "base_price", unit=PRICE),
    Field(1, "status", note="ACTIVE, CLOSED"),
    Field(4, "margin_funding", unit="quote"),
    Field(5, "margin_funding_type", code_names={"0": "daily", "1": "term"}),
    Field(0, "symbol"),
)
WALLET = (
    Field(1, "currency"),
    Field(2, "total", unit="of the currency", note="BALANCE"),
    Field(3, "unsettled_interest", unit="of the currency"),
    Field(0, "name", note="exchange, trading, deposit"),
)
ORDER = (
    Field(6, "price", unit=PRICE),
    Field(2, "remaining", "abs", unit="base"),
    Field(3, "original_size", "abs", unit="base", wire_note=OWN_SIGN),
    Field(0, "order_id"),
    Field(5, "status", note="begins with ACTIVE, EXECUTED @ …, PARTIALLY FILLED @ …, CANCELED, INSUFFICIENT MARGIN"),
    Field(4, "order_type", note="LIMIT, MARKET, STOP, TRAILING STOP, FOK, IOC: margin; with EXCHANGE before it: spot"),
    Field(7, "average_price", unit=PRICE),
    Field(8, "created_time", note="ISO 8601"),
    Field(9, "notify", note="0 or 1"),
    Field(10, "hidden", note="0 or 1"),
    Field(11, "oco", note="the other order's id, or 0"),
    Field(1, "symbol"),
)
OWN_TRADE = (
    Field(5, "price", unit=PRICE),
    Field(4, "size", "abs", unit="base", wire_note=OWN_SIGN),
    Field(0, "trade_id", note=TRADE_ID_NOTE),
    Field(2, "time", "s", is_event_time=True),
    Field(3, "order_id"),
    Field(6, "order_type"),
    Field(7, "ord_price", unit=PRICE, note="of the order"),
    Field(8, "fee", unit="of fee_currency", note="below zero: you pay"),
    Field(9, "fee_currency"),
    Field(1, "symbol"),
)
OWN_EXECUTED = (
    Field(5, "price", unit=PRICE),
    Field(4, "size", "abs", unit="base", wire_note=OWN_SIGN),
    Field(2, "time", "s", is_event_time=True),
    Field(3, "order_id"),
    Field(6, "order_type"),
    Field(7, "ord_price", unit=PRICE, note="of the order"),
    Field(0, "seq", note=SEQ_NOTE),
    Field(1, "symbol"),
)
OWN_UPDATED = (
    Field(6, "price", unit=PRICE),
    Field(5, "size", "abs", unit="base", wire_note=OWN_SIGN),
    Field(1, "trade_id", note=TRADE_ID_NOTE),
    Field(3, "time", "s", is_event_time=True),
    Field(4, "order_id"),
    Field(7, "order_type"),
    Field(8, "ord_price", unit=PRICE, note="of the order"),
    Field(9, "fee", unit="of fee_currency", note="below zero: you pay"),
    Field(10, "fee_currency"),
    Field(0, "seq", note=SEQ_NOTE),
    Field(2, "symbol"),
)
ACCOUNT_LAYOUTS = {
    "position": POSITION,
    "wallet": WALLET,
    "order": ORDER,
    "trade": OWN_TRADE,
    "te": OWN_EXECUTED,
    "tu": OWN_UPDATED,
}
SIGN_INDEX = {"position": 2, "order": 3, "trade": 4, "te": 4, "tu": 5}  # order: the original amount keeps its sign
SYMBOL_INDEX = {"position": 0, "order": 1, "trade": 1, "te": 1, "tu": 2}

TAGS: Mapping[str, str] = {
    **dict.fromkeys(("ps", "pn", "pu", "pc"), "position"),
    **dict.fromkeys(("ws", "wu"), "wallet"),
    **dict.fromkeys(("os", "on", "ou", "oc", "hos"), "order"),
    **dict.fromkeys(("ts", "hts"), "trade"),  # ts was renamed hts in the 1.2 line
    "te": "te",
    "tu": "tu",
}
SNAPSHOT_TAGS = frozenset(("ps", "ws", "os", "hos", "ts", "hts"))


def account_rows(tag: str, payload: Json) -> list[Json]:
    """Return the rows of [0, TAG, PAYLOAD]: a snapshot holds a list of them, anything else one."""
    rows: list[Json] = payload if tag in SNAPSHOT_TAGS else [payload]
    return rows


def account_items(event: Event) -> Iterable[RawRow]:
    _, tag, payload, *_ = event.payload
    layout = TAGS[tag]
    for row in account_rows(tag, payload):
        extra = {"tag": tag}
        if layout in SIGN_INDEX:
            extra["side"] = by_sign(value_at(row, SIGN_INDEX[layout]), "buy", "sell")
        yield RawRow(row, layout=layout, extra=extra)


# --- all together --------------------------------------------------------------------------------

BOOK_PARAMS = (
    Param(
        "prec",
        allowed=("P0", "P1", "P2", "P3", "R0"),
        default="P0",
        note="P0 the finest price steps, P3 the coarsest; R0 single orders",
        column="prec",
    ),
    Param(
        "freq",
        allowed=("F0", "F1"),
        default="F0",
        note="F0 every change, F1 every two seconds; not for a raw book (R0)",
        column="freq",
    ),
    Param("len", allowed=("25", "100"), default="25", note="levels per side; with R0 orders per side", column="len"),
)

CHANNELS = (
    Channel(
        "ticker",
        "best prices and statistics of the last 24 hours",
        wire_name="ticker",
        layouts={"row": TICKER},
        unpack=ticker_items,
        example="ticker BTCUSD",
        is_frequent=True,
        update_rate="at every change",
        docs="https://docs.bitfinex.com/v1/reference/ws-public-ticker",
    ),
    Channel(
        "trades",
        "public trades, each sent twice: te at once, tu with its id",
        wire_name="trades",
        layouts=TRADE_LAYOUTS,
        unpack=trade_items,
        extra_columns=("side",),
        example="trades BTCUSD",
        is_frequent=True,
        update_rate="real time",
        docs="https://docs.bitfinex.com/v1/reference/ws-public-trades",
    ),
    Channel(
        "book",
        "the order book by price, or with prec=R0 order by order",
        wire_name="book",
        params=BOOK_PARAMS,
        is_book=True,
        layouts={"row": LEVEL, "raw": ORDER_IN_BOOK},
        unpack=book_items,
        extra_columns=BOOK_EXTRA_COLUMNS,
        example="book BTCUSD prec=P0 freq=F0 len=25",
        is_frequent=True,
        update_rate="real time, or 2 s with freq=F1",
        docs="https://docs.bitfinex.com/v1/reference/ws-public-order-books",
    ),
    Channel(
        "account",
        "your positions, wallets, orders and trades; starts with the login, without a request",
        private=True,
        symbol_limits=(0, 0),
        layouts=ACCOUNT_LAYOUTS,
        unpack=account_items,
        extra_columns=("tag", "side"),
        example="account",
        update_rate="snapshots after the login, then real time",
        docs="https://docs.bitfinex.com/v1/docs/ws-auth",
    ),
)

CODES = {
    "10000": "unknown event",
    "10001": "unknown pair",
    "10011": "unknown book precision",
    "10012": "unknown book length",
    **LOGIN_CODES,
    "10300": "subscription rejected",
    "10301": "already subscribed",
    "10302": "unknown channel",
    "10305": "no more channels on this connection",
    "10400": "unsubscribe rejected",
    "10401": "not subscribed",
    "20051": "the server stops or restarts: reconnect",
    "20060": "the engine pauses (10 s; up to 120 s in newer documents): wait",
    "20061": "the pause is over: subscribe again",
}
