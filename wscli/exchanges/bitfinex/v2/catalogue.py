"""Bitfinex v2: the catalogue of the public channels. Their parameters, and what stands where in the unnamed arrays.

Source: https://docs.bitfinex.com/reference/ws-public-ticker, -trades, -books, -raw-books, -candles and -status.
Places count within the inner array: [17, [BID, …]] has BID at 0. What `conf` appends to a frame stands behind it, and is
labelled `sequence` and `timestamp`: two numbers that cannot be taken for one another (a count, and milliseconds).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from wscli.core.catalogue import (
    BOOK_EXTRA_COLUMNS,
    Channel,
    Field,
    Param,
    RawRow,
    SymbolSpelling,
    base_and_quote,
    is_zero,
)
from wscli.core.jsontext import Json
from wscli.core.messages import Event
from wscli.exchanges.bitfinex.login import CODES as LOGIN_CODES

MARKETS = tuple(
    "tBTCUSD tETHUSD tLTCUSD tXRPUSD tSOLUSD tZECUSD tBTCUST tETHUST tLTCUST tXRPUST tSOLUST tBTCEUR tETHEUR tETHBTC"
    " tBTCF0:USTF0 fUSD fBTC".split()
)
TIMEFRAMES = ("1m", "5m", "15m", "30m", "1h", "3h", "6h", "12h", "1D", "1W", "14D", "1M")
EARLIEST_MS = 10**12  # the autumn of 2001: a smaller number is a count


# --- what every message may carry ----------------------------------------------------------------

TRAILING_FIELDS = (
    Field("sequence", "sequence", note="flags=sequence: counts every array frame of the connection, in steps of 1"),
    Field("timestamp", "timestamp", "ms", note="flags=timestamp: when the exchange sent the frame"),
)
SENT_TIME = (
    Field(
        "timestamp",
        "time",
        "ms",
        note="flags=timestamp: when the frame was sent; there is no other time",
        is_event_time=True,
    ),
    *TRAILING_FIELDS,
)
FIRST_TRADE_NOTE = "of the first trade ever; null if not sent"


def trailing_values(numbers: Iterable[Json]) -> dict[str | int, Json]:
    """Return what stands behind the payload of a frame by name.

    >>> trailing_values([17, 1700000000123]), trailing_values([1700000000123]), trailing_values([17]), trailing_values([])
    ({'sequence': 17, 'timestamp': 1700000000123}, {'timestamp': 1700000000123}, {'sequence': 17}, {})
    """
    found: dict[str | int, Json] = {}
    for number in numbers:
        if isinstance(number, int) and not isinstance(number, bool):
            found.setdefault("timestamp" if number >= EARLIEST_MS else "sequence", number)
    return found


def indexed_row(row: Json, trailing: Mapping[str | int, Json], known: frozenset[str | int] | None = None) -> Json:
    """Return a row by its places with what stood behind it; a null where the documents name no field is left out.

    >>> indexed_row([1, None, 2, None], {"sequence": 9}, frozenset((0, 3)))
    {0: 1, 2: 2, 3: None, 'sequence': 9}
    """
    if not isinstance(row, list):
        return row
    return {i: value for i, value in enumerate(row) if value is not None or known is None or i in known} | dict(
        trailing
    )


def indexes_of(fields: Iterable[Field]) -> frozenset[str | int]:
    return frozenset(field.key for field in fields)


def by_sign(amount: Json, positive: str, negative: str) -> str | None:
    """Return what the sign of an amount says; None for zero, and for what is no number."""
    if isinstance(amount, bool) or not isinstance(amount, int | float) or amount == 0:
        return None
    return positive if amount > 0 else negative


def value_at(row: Json, index: int) -> Json:
    return row[index] if isinstance(row, list) and index < len(row) else None


def rows_in(payload: Json) -> list[Json]:
    """Return the rows of a payload: a list of them, or one.

    >>> rows_in([[1, 2], [3, 4]]), rows_in([1, 2]), rows_in([])
    ([[1, 2], [3, 4]], [[1, 2]], [])
    """
    return payload if isinstance(payload, list) and all(isinstance(row, list) for row in payload) else [payload]


def is_funding(event: Event) -> bool:
    """Say whether an event speaks of lending, whose arrays differ: fUSD."""
    return bool(event.symbols) and event.symbols[0].startswith("f")


# --- ticker --------------------------------------------------------------------------------------

PRICE = "quote per base"
RATE = "a day"
DAILY = "24 h"
TICKER = (
    Field(6, "last", unit=PRICE),
    Field(0, "bid", unit=PRICE),
    Field(1, "bid_size", unit="base", note="of the 25 best bids together"),
    Field(2, "ask", unit=PRICE),
    Field(3, "ask_size", unit="base", note="of the 25 best asks together"),
    Field(7, "volume", unit="base", note=DAILY),
    Field(8, "high", unit=PRICE, note=DAILY),
    Field(9, "low", unit=PRICE, note=DAILY),
    Field(4, "change", unit=PRICE, note="of the last price over 24 h"),
    Field(5, "change_ratio", unit="ratio", note="0.01 is 1 %"),
    Field(10, "first_trade", "ms", note=FIRST_TRADE_NOTE),
    *SENT_TIME,
)
FUNDING_TICKER = (
    Field(9, "last", unit=RATE),
    Field(0, "frr", unit=RATE, note="flash return rate: the average of all fixed rates lent in the last hour"),
    Field(1, "bid", unit=RATE),
    Field(2, "bid_period", unit="days"),
    Field(3, "bid_size", unit="of the currency"),
    Field(4, "ask", unit=RATE),
    Field(5, "ask_period", unit="days"),
    Field(6, "ask_size", unit="of the currency"),
    Field(10, "volume", unit="of the currency", note=DAILY),
    Field(11, "high", unit=RATE, note=DAILY),
    Field(12, "low", unit=RATE, note=DAILY),
    Field(7, "change", unit=RATE, note="of the last rate over 24 h"),
    Field(8, "change_ratio", unit="ratio", note="0.01 is 1 %"),
    Field(15, "frr_amount_available", unit="of the currency", note="on offer at the flash return rate"),
    Field(16, "first_trade", "ms", note=FIRST_TRADE_NOTE),
    *SENT_TIME,
)
TICKER_LAYOUTS = {"row": TICKER, "funding": FUNDING_TICKER}


def ticker_items(event: Event) -> Iterator[RawRow]:
    _, row, *behind = event.payload
    layout = "funding" if is_funding(event) else "row"
    yield RawRow(indexed_row(row, trailing_values(behind), indexes_of(TICKER_LAYOUTS[layout])), layout=layout)


# --- trades --------------------------------------------------------------------------------------

TAKER_SIGN = "positive: the taker bought"
TRADE = (
    Field(3, "price", unit=PRICE),
    Field(2, "size", "abs", unit="base", wire_note=TAKER_SIGN),
    Field(0, "trade_id", note="te and tu of one trade have the same"),
    Field(1, "time", "ms", is_event_time=True),
    Field("tag", "tag", note="te: executed, sent as early as possible; tu: the same trade a moment later"),
    *TRAILING_FIELDS,
)
FUNDING_TRADE = (
    Field(3, "rate", unit=RATE),
    Field(4, "period", unit="days"),
    Field(2, "size", "abs", unit="of the currency", wire_note=TAKER_SIGN),
    Field(0, "trade_id", note="fte and ftu of one trade have the same"),
    Field(1, "time", "ms", is_event_time=True),
    Field("tag", "tag", note="fte: executed, sent as early as possible; ftu: the same trade a moment later"),
    *TRAILING_FIELDS,
)


def trade_items(event: Event) -> Iterator[RawRow]:
    _, first, *rest = event.payload
    if isinstance(first, str):
        found, behind = [rest[0]], {"tag": first, **trailing_values(rest[1:])}
    else:
        found, behind = rows_in(first), trailing_values(rest)
    lent = is_funding(event) or first in ("fte", "ftu")
    for row in found:
        side = by_sign(value_at(row, 2), "buy", "sell")
        yield RawRow(
            indexed_row(row, behind) if behind else row, layout="funding" if lent else "row", extra={"side": side}
        )


# --- book ----------------------------------------------------------------------------------------

BID_SIGN = "positive: a bid"
OFFER_SIGN = "negative: a bid, the opposite of a trading book"
DELETE_NOTE = "always 1 in a delete"
LEVEL = (
    Field(0, "price", unit=PRICE),
    Field(2, "size", "abs", unit="base", note=f"the new size, not a difference; {DELETE_NOTE}", wire_note=BID_SIGN),
    Field(1, "count", note="orders at this price; 0 deletes the level"),
    *SENT_TIME,
)
ORDER_IN_BOOK = (
    Field(1, "price", unit=PRICE, note="0 deletes the order"),
    Field(2, "size", "abs", unit="base", note=DELETE_NOTE, wire_note=BID_SIGN),
    Field(0, "order_id"),
    *SENT_TIME,
)
FUNDING_LEVEL = (
    Field(0, "rate", unit=RATE),
    Field(1, "period", unit="days"),
    Field(
        3,
        "size",
        "abs",
        unit="of the currency",
        note=f"the new size, not a difference; {DELETE_NOTE}",
        wire_note=OFFER_SIGN,
    ),
    Field(2, "count", note="offers at this rate and period; 0 deletes the level"),
    *SENT_TIME,
)
OFFER_IN_BOOK = (
    Field(2, "rate", unit=RATE, note="0 deletes the offer"),
    Field(1, "period", unit="days"),
    Field(3, "size", "abs", unit="of the currency", note=DELETE_NOTE, wire_note=OFFER_SIGN),
    Field(0, "order_id", note="OFFER_ID"),
    *SENT_TIME,
)
CHECKSUM = (
    Field(0, "checksum", note="signed CRC-32 of the best 25 levels of each side, to compare the own book with"),
    *SENT_TIME,
)
BOOK_LAYOUTS = {
    "row": LEVEL,
    "raw": ORDER_IN_BOOK,
    "funding": FUNDING_LEVEL,
    "offers": OFFER_IN_BOOK,
    "checksum": CHECKSUM,
}
ZERO_INDEX = {"row": 1, "raw": 1, "funding": 2, "offers": 2}  # what is zero in a delete


def book_items(event: Event) -> Iterator[RawRow]:
    """Yield the levels, with prec=R0 the single orders, or the checksum."""
    _, first, *rest = event.payload
    if first == "cs":
        yield RawRow({0: rest[0]} | trailing_values(rest[1:]), layout="checksum")
        return
    raw = event.subscription is not None and event.subscription.params.get("prec") == "R0"
    lent, behind = is_funding(event), trailing_values(rest)
    layout = ("offers" if raw else "funding") if lent else ("raw" if raw else "row")
    for row in rows_in(first):
        amount = value_at(row, 3 if lent else 2)
        side = by_sign(amount, "ask", "bid") if lent else by_sign(amount, "bid", "ask")
        action = "delete" if is_zero(value_at(row, ZERO_INDEX[layout])) else "set"
        yield RawRow(indexed_row(row, behind) if behind else row, layout=layout, extra={"side": side, "action": action})


# --- candles -------------------------------------------------------------------------------------

CANDLE = (
    Field(0, "time", "ms", note="start of the candle"),
    Field(1, "open", unit=PRICE),
    Field(3, "high", unit=PRICE),
    Field(4, "low", unit=PRICE),
    Field(2, "close", unit=PRICE, note="comes before high and low in the array"),
    Field(5, "volume", unit="base"),
    *TRAILING_FIELDS,
)


def candle_items(event: Event) -> Iterator[RawRow]:
    _, payload, *behind = event.payload
    for row in rows_in(payload):
        yield RawRow(indexed_row(row, trailing_values(behind)))


# --- status --------------------------------------------------------------------------------------

DERIVATIVE = (
    Field(14, "mark_price", unit=PRICE),
    Field(2, "deriv_price", unit=PRICE, note="last price of the derivative"),
    Field(3, "spot_price", unit=PRICE, note="last price of the underlying"),
    Field(11, "current_funding", unit="ratio", note="the funding of this period"),
    Field(7, "next_funding_time", "ms"),
    Field(8, "next_funding_accrued", unit="ratio"),
    Field(9, "next_funding_step", note="number of times it accrued"),
    Field(17, "open_interest", unit="contracts"),
    Field(5, "insurance_fund", unit="quote"),
    Field(21, "clamp_min", unit="ratio", note="limits of the funding rate"),
    Field(22, "clamp_max", unit="ratio"),
    Field(0, "time", "ms", is_event_time=True),
    *TRAILING_FIELDS,
)
LIQUIDATION = (
    Field(11, "price", unit=PRICE, note="PRICE_ACQUIRED; null before the market execution"),
    Field(5, "size", "abs", unit="base", wire_note="positive: a long position was liquidated"),
    Field(6, "base_price", unit=PRICE, note="entry price of the position"),
    Field(1, "position_id"),
    Field(2, "time", "ms", is_event_time=True),
    Field(8, "is_match", code_names={"0": "trigger", "1": "market execution"}),
    Field(9, "is_market_sold", code_names={"0": "taken over by the system", "1": "sold to the market"}),
    Field(0, "type", note="pos"),
    Field(4, "symbol"),
    *TRAILING_FIELDS,
)
STATUS_LAYOUTS = {"deriv": DERIVATIVE, "liq": LIQUIDATION}


def status_items(event: Event) -> Iterator[RawRow]:
    """Yield the state of a derivative, or liquidations: side is that of the position (buy: long)."""
    _, payload, *behind = event.payload
    for row in rows_in(payload):
        liquidated = value_at(row, 0) == "pos"
        layout = "liq" if liquidated else "deriv"
        symbol = value_at(row, 4) if liquidated else next(iter(event.symbols), "").removeprefix("deriv:") or None
        extra = {"side": by_sign(value_at(row, 5), "buy", "sell")} if liquidated else {}
        yield RawRow(
            indexed_row(row, trailing_values(behind), indexes_of(STATUS_LAYOUTS[layout])), symbol, layout, extra
        )


# --- symbols -------------------------------------------------------------------------------------

CURRENCY_PATTERN = "[A-Z0-9]"
TRADING_PATTERN = rf"t(?:{CURRENCY_PATTERN}{{6}}|{CURRENCY_PATTERN}{{2,}}:{CURRENCY_PATTERN}{{2,}})"
FUNDING_PATTERN = rf"f{CURRENCY_PATTERN}{{2,}}"


def spell(symbol: str) -> str:
    """Return a symbol as v2 writes it.

    >>> [spell(s) for s in ("BTCUSD", "btc-usd", "ethusdt", "AVAX/USD", "fusd", "btcf0:ustf0", "tBTCF0USTF0", "USD")]
    ['tBTCUSD', 'tBTCUSD', 'tETHUST', 'tAVAX:USD', 'fUSD', 'tBTCF0:USTF0', 'tBTCF0:USTF0', 'fUSD']
    """
    bare = symbol[1:] if symbol[:1] == "t" and len(symbol) > 6 else symbol
    if symbol[:1] == "f" and len(symbol) <= 5:
        return "f" + symbol[1:].upper()
    if perpetual := re.fullmatch(r"([A-Z0-9]+F0)([A-Z0-9]+F0)", bare.upper()):
        return f"t{perpetual[1]}:{perpetual[2]}"
    if (pair := base_and_quote(bare)) is None:
        return f"f{bare.upper()}" if 2 < len(bare) < 5 else f"t{bare.upper()}"
    base, quote = ({"USDT": "UST"}.get(leg, leg) for leg in pair)
    return f"t{base}{quote}" if len(base) == len(quote) == 3 else f"t{base}:{quote}"


def spell_key(symbol: str) -> str:
    """Return a status key: "deriv:tBTCF0:USTF0", "liq:global"."""
    return "liq:global" if symbol.startswith("liq") else "deriv:" + spell(symbol.removeprefix("deriv:"))


SYMBOL = SymbolSpelling(
    f"{TRADING_PATTERN}|{FUNDING_PATTERN}", "tBTCUSD", "with t before a pair, f before a lent currency", spell
)
CANDLE_SYMBOL = SymbolSpelling(
    rf"{TRADING_PATTERN}|{FUNDING_PATTERN}:(?:p[0-9]+|a[0-9]+:p[0-9]+:p[0-9]+)",
    "tBTCUSD",
    "with t before a pair; lending with its period: fUSD:p30, fUSD:a30:p2:p30",
    spell,
)
STATUS_KEY = SymbolSpelling(
    rf"deriv:{TRADING_PATTERN}|liq:global", "deriv:tBTCF0:USTF0", "as the keys of the exchange", spell_key
)

# --- all together --------------------------------------------------------------------------------

FLAGS = Param(
    "flags",
    allowed=("timestamp", "sequence", "checksum", "bulk"),
    optional=True,
    is_list=True,
    note="requested with conf before the subscription; they apply to the whole connection",
)
SUB_ID = Param("subId", optional=True, note="any text; the acknowledgement and errors repeat it")
BOOK_PARAMS = (
    Param(
        "prec",
        allowed=("P0", "P1", "P2", "P3", "P4", "R0"),
        default="P0",
        note="P0 prices of 5 significant figures, P4 of one; R0 single orders",
        column="prec",
    ),
    Param(
        "freq",
        allowed=("F0", "F1"),
        default="F0",
        note="F0 every change, F1 every two seconds; not for a raw book (R0)",
        column="freq",
    ),
    Param(
        "len",
        allowed=("1", "25", "100", "250"),
        default="25",
        note="levels per side; with R0 orders per side",
        column="len",
    ),
    SUB_ID,
    FLAGS,
)
DOCS = "https://docs.bitfinex.com/reference/ws-public-"

CHANNELS = (
    Channel(
        "ticker",
        "best prices and statistics of the last 24 hours, of a pair or of a lent currency",
        wire_name="ticker",
        params=(SUB_ID, FLAGS),
        layouts=TICKER_LAYOUTS,
        unpack=ticker_items,
        example="ticker tBTCUSD",
        known_as=("tickers",),
        is_frequent=True,
        update_rate="at every change",
        docs=f"{DOCS}ticker",
    ),
    Channel(
        "trades",
        "public trades, each sent twice: te at once, tu a moment later (fte and ftu for lending)",
        wire_name="trades",
        params=(SUB_ID, FLAGS),
        layouts={"row": TRADE, "funding": FUNDING_TRADE},
        unpack=trade_items,
        extra_columns=("side",),
        example="trades tBTCUSD",
        known_as=("trade", "publictrade"),
        is_frequent=True,
        update_rate="real time",
        docs=f"{DOCS}trades",
    ),
    Channel(
        "book",
        "the order book by price, or with prec=R0 order by order; flags=checksum adds checksums",
        wire_name="book",
        params=BOOK_PARAMS,
        is_book=True,
        layouts=BOOK_LAYOUTS,
        unpack=book_items,
        extra_columns=BOOK_EXTRA_COLUMNS,
        example="book tBTCUSD prec=P0 freq=F0 len=25",
        known_as=("orderbook", "depth", "books"),
        is_frequent=True,
        update_rate="real time, or 2 s with freq=F1",
        docs=f"{DOCS}books",
    ),
    Channel(
        "candles",
        "candles; the current one is sent again whenever it changes",
        wire_name="trade:{timeframe}:{symbol}",
        aliases=("key=trade:{timeframe}:{symbol}",),
        params=(Param("timeframe", allowed=TIMEFRAMES, default="1m", column="interval"), SUB_ID, FLAGS),
        layouts={"row": CANDLE},
        unpack=candle_items,
        symbol_spelling=CANDLE_SYMBOL,
        example="candles tBTCUSD timeframe=1m",
        known_as=("candle", "kline", "klines", "candlestick"),
        is_frequent=True,
        update_rate="at every change",
        docs=f"{DOCS}candles",
    ),
    Channel(
        "status",
        "the state of a derivative (deriv:…), or every liquidation (liq:global)",
        wire_name="status",
        aliases=("key={symbol}",),
        params=(SUB_ID, FLAGS),
        layouts=STATUS_LAYOUTS,
        unpack=status_items,
        extra_columns=("side",),
        symbol_spelling=STATUS_KEY,
        example="status deriv:tBTCF0:USTF0",
        known_as=("liquidation", "liquidations", "liq", "deriv"),
        update_rate="deriv about every second, changed or not; liq as it happens",
        docs=f"{DOCS}status",
    ),
)

CODES = {
    "10000": "unknown event",
    "10001": "unknown pair",
    "10011": "unknown book precision",
    "10012": "unknown book length",
    **LOGIN_CODES,
    "10300": "subscription rejected: channel, symbol or a parameter",
    "10301": "already subscribed",
    "10302": "unknown channel",
    "10305": "no more channels on this connection",
    "10400": "unsubscribe rejected",
    "10401": "not subscribed",
    "20051": "the server stops or restarts: reconnect",
    "20060": "the engine pauses (up to 120 s): wait",
    "20061": "the pause is over: subscribe again",
}
