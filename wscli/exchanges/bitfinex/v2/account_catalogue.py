"""Bitfinex v2: what channel 0 says about the account, tag by tag, and what stands where in its rows.

Source: https://docs.bitfinex.com/reference/ws-auth-orders, -positions, -trades, -wallets, -balance, -offers, -credits, -loans,
-funding-trades, -margin, -funding and https://docs.bitfinex.com/docs/ws-auth (notifications).
[0, TAG, ROW], a snapshot [0, TAG, [ROW, …]]. With flags=sequence two numbers stand behind: that of the connection, and one
that counts the messages about the account (0 until its snapshots are out).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wscli.core.catalogue import Channel, Field, Param, RawRow
from wscli.core.jsontext import Json
from wscli.core.messages import Event

EARLIEST_MS = 10**12
PRICE = "quote per base"
OWN_SIGN = "positive: you buy"
LENT_NOTE, LENT_SIGN = "buy: lent, sell: borrowed", "positive: buy"
TRAILING_FIELDS = (
    Field("sequence", "sequence", note="flags=sequence: counts every array frame of the connection"),
    Field("account_sequence", "account_sequence", note="flags=sequence: counts the messages about the account"),
    Field("timestamp", "timestamp", "ms", note="flags=timestamp: when the exchange sent the frame"),
)
SENT_TIME = Field(
    "timestamp",
    "time",
    "ms",
    note="flags=timestamp: when the frame was sent; there is no other time",
    is_event_time=True,
)

ORDER = (
    Field(16, "price", unit=PRICE),
    Field(6, "remaining", "abs", unit="base"),
    Field(7, "original_size", "abs", unit="base", wire_note=OWN_SIGN),
    Field(0, "order_id"),
    Field(2, "client_order_id"),
    Field(1, "gid", note="the group's id"),
    Field(
        13,
        "status",
        note="begins with ACTIVE, EXECUTED @ …, PARTIALLY FILLED @ …, CANCELED, INSUFFICIENT MARGIN",
    ),
    Field(8, "order_type", note="LIMIT, MARKET, STOP, …: margin; with EXCHANGE before it: spot"),
    Field(9, "type_prev", note="before the last update"),
    Field(17, "average_price", unit=PRICE),
    Field(18, "price_trailing", unit=PRICE),
    Field(19, "price_aux_limit", unit=PRICE, note="of a stop limit order"),
    Field(5, "time", "ms", note="of the last update", is_event_time=True),
    Field(4, "created_time", "ms"),
    Field(5, "updated_time", "ms"),
    Field(10, "mts_tif", "ms", note="when a good-till-date order expires"),
    Field(12, "flags", note="sum of: 64 hidden, 512 close, 1024 reduce only, 4096 post only, 16384 one cancels other"),
    Field(23, "notify", note="0 or 1"),
    Field(24, "hidden", note="0 or 1"),
    Field(25, "placed_id", note="the order that caused this one"),
    Field(28, "routing"),
    Field(31, "meta"),
    Field(3, "symbol"),
)
POSITION = (
    Field(2, "size", "abs", unit="base", wire_note="positive: long (buy)"),
    Field(3, "base_price", unit=PRICE),
    Field(1, "status", note="ACTIVE, CLOSED"),
    Field(6, "pl", unit="quote", note="profit and loss"),
    Field(7, "pl_perc", unit="%"),
    Field(8, "price_liq", unit=PRICE, note="price of liquidation"),
    Field(9, "leverage"),
    Field(4, "funding", unit="quote", note="used for it"),
    Field(5, "funding_type", code_names={"0": "daily", "1": "term"}),
    Field(11, "position_id"),
    Field(13, "time", "ms", note="of the last update", is_event_time=True),
    Field(12, "created_time", "ms"),
    Field(13, "updated_time", "ms"),
    Field(15, "type", code_names={"0": "margin position", "1": "derivatives position"}),
    Field(17, "collateral", unit="quote"),
    Field(18, "collateral_min", unit="quote"),
    Field(19, "meta"),
    Field(0, "symbol"),
)
WALLET = (
    Field(1, "currency"),
    Field(2, "total", unit="of the currency", note="BALANCE"),
    Field(4, "available", unit="of the currency", note="null unless requested with calc"),
    Field(3, "unsettled_interest", unit="of the currency"),
    Field(0, "wallet_type", note="exchange, margin, funding"),
    Field(5, "description", note="of the last change"),
    Field(6, "meta", note="of the last change"),
)
OWN_TRADE = (
    Field(5, "price", unit=PRICE),
    Field(4, "size", "abs", unit="base", wire_note=OWN_SIGN),
    Field(0, "trade_id"),
    Field(2, "time", "ms", is_event_time=True),
    Field(3, "order_id"),
    Field(11, "client_order_id"),
    Field(6, "order_type"),
    Field(7, "order_price", unit=PRICE),
    Field(8, "maker", code_names={"1": "true", "-1": "false"}),
    Field(9, "fee", unit="of fee_currency", note="below zero: you pay; null in te"),
    Field(10, "fee_currency"),
    Field(1, "symbol"),
)
OFFER = (
    Field(14, "rate", unit="a day"),
    Field(15, "period", unit="days"),
    Field(4, "remaining", "abs", unit="of the currency"),
    Field(5, "original_size", "abs", unit="of the currency", note=LENT_NOTE, wire_note=LENT_SIGN),
    Field(0, "order_id", note="the offer's"),
    Field(6, "order_type", note="LIMIT, FRRDELTAVAR, FRRDELTAFIX"),
    Field(10, "status", note="ACTIVE, EXECUTED, PARTIALLY FILLED, CANCELED"),
    Field(3, "time", "ms", note="of the last update", is_event_time=True),
    Field(2, "created_time", "ms"),
    Field(3, "updated_time", "ms"),
    Field(9, "flags"),
    Field(16, "notify"),
    Field(17, "hidden"),
    Field(19, "renew"),
    Field(1, "symbol"),
)
LOAN = (
    Field(2, "side", code_names={"1": "lender", "0": "lender and borrower", "-1": "borrower"}),
    Field(11, "rate", unit="a day"),
    Field(12, "period", unit="days"),
    Field(5, "size", unit="of the currency"),
    Field(0, "loan_id"),
    Field(7, "status", note="ACTIVE, CLOSED"),
    Field(8, "rate_type", note="FIXED, VAR (follows the flash return rate)"),
    Field(4, "time", "ms", note="of the last update", is_event_time=True),
    Field(3, "created_time", "ms"),
    Field(4, "updated_time", "ms"),
    Field(13, "opening_time", "ms"),
    Field(14, "last_payout_time", "ms"),
    Field(6, "flags"),
    Field(15, "notify"),
    Field(16, "hidden"),
    Field(18, "renew"),
    Field(20, "no_close", note="kept when the position is closed"),
    Field(1, "symbol"),
)
CREDIT = (*LOAN, Field(21, "position_pair", note="the position it pays for"))
FUNDING_TRADE = (
    Field(5, "rate", unit="a day"),
    Field(6, "period", unit="days"),
    Field(4, "size", "abs", unit="of the currency", note=LENT_NOTE, wire_note=LENT_SIGN),
    Field(0, "trade_id"),
    Field(2, "time", "ms", is_event_time=True),
    Field(3, "order_id", note="the offer's"),
    Field(7, "maker", code_names={"1": "true", "-1": "false"}, note="null if unknown"),
    Field(1, "symbol"),
)
BALANCE = (
    Field(0, "aum", note="total of all wallets, assets under management"),
    Field(1, "aum_net", note="the same without what is borrowed"),
)
MARGIN_BASE = (
    Field(0, "user_pl", note="profit and loss of the open positions"),
    Field(1, "user_swaps", note="cost of their funding"),
    Field(2, "margin_balance"),
    Field(3, "margin_net", note="with profit and loss"),
    Field(4, "margin_min", note="minimum to be held"),
)
MARGIN_SYMBOL = (
    Field(0, "tradable_balance", unit="quote"),
    Field(1, "gross_balance", unit="quote"),
    Field(2, "buy", unit="base", note="most that can be bought"),
    Field(3, "sell", unit="base", note="most that can be sold"),
)
FUNDING_INFO = (
    Field(0, "yield_loan", unit="a day", note="rate paid on average"),
    Field(1, "yield_lend", unit="a day", note="rate earned on average"),
    Field(2, "duration_loan", unit="days"),
    Field(3, "duration_lend", unit="days"),
)
NOTIFICATION = (
    Field(6, "status", note="SUCCESS, ERROR, FAILURE"),
    Field(7, "reason"),
    Field(
        1,
        "type",
        note="on-req, ou-req, oc-req, fon-req, foc-req: the answer to an order; ucm-…: from the web interface",
    ),
    Field(5, "code"),
    Field(4, "data", note="the row that it is about"),
    Field(0, "time", "ms", is_event_time=True),
    Field(2, "message_id"),
)

LAYOUTS = {
    "order": ORDER,
    "position": POSITION,
    "wallet": WALLET,
    "trade": OWN_TRADE,
    "offer": OFFER,
    "credit": CREDIT,
    "loan": LOAN,
    "funding_trade": FUNDING_TRADE,
    "balance": BALANCE,
    "margin_base": MARGIN_BASE,
    "margin_symbol": MARGIN_SYMBOL,
    "funding_info": FUNDING_INFO,
    "notification": NOTIFICATION,
}
LAYOUTS_WITH_TRAILING_FIELDS = {
    name: (*fields, *(() if any(one.name == "time" for one in fields) else (SENT_TIME,)), *TRAILING_FIELDS)
    for name, fields in LAYOUTS.items()
}
KNOWN_INDEXES = {name: frozenset(field.key for field in fields) for name, fields in LAYOUTS.items()}
SIGN_INDEX = {
    "position": 2,
    "order": 7,
    "trade": 4,
    "offer": 5,
    "funding_trade": 4,
}  # order: the original amount keeps its sign
SYMBOL_INDEX = {"position": 0, "order": 3} | dict.fromkeys(("trade", "offer", "credit", "loan", "funding_trade"), 1)

TAGS: Mapping[str, str] = {
    **dict.fromkeys(("ps", "pn", "pu", "pc"), "position"),
    **dict.fromkeys(("ws", "wu"), "wallet"),
    **dict.fromkeys(("os", "on", "ou", "oc", "hos"), "order"),
    **dict.fromkeys(("te", "tu", "hts"), "trade"),
    **dict.fromkeys(("fos", "fon", "fou", "foc", "hfos"), "offer"),
    **dict.fromkeys(("fcs", "fcn", "fcu", "fcc", "hfcs"), "credit"),
    **dict.fromkeys(("fls", "fln", "flu", "flc", "hfls"), "loan"),
    **dict.fromkeys(("fte", "ftu", "hfts"), "funding_trade"),
    "bu": "balance",
    "miu": "margin_base",
    "fiu": "funding_info",
    "n": "notification",
}
SNAPSHOT_TAGS = frozenset("ps ws os hos hts fos hfos fcs hfcs fls hfls hfts".split())  # the h… of older servers


def account_rows(tag: str, payload: Json) -> list[Json]:
    """Return the rows of a message: a snapshot holds a list of them, anything else one."""
    rows: list[Json] = payload if tag in SNAPSHOT_TAGS else [payload]
    return rows


def symbols_in(tag: str, payload: Json) -> tuple[str, ...]:
    """Return the symbols that an account message speaks of, each once.

    >>> symbols_in("te", [1, "tBTCUSD"]), symbols_in("miu", ["sym", "tBTCUSD", [1]]), symbols_in("miu", ["base", [1]])
    (('tBTCUSD',), ('tBTCUSD',), ())
    """
    match payload:
        case ["sym", str(symbol), *_] if tag in ("miu", "fiu"):
            return (symbol,)
    place = SYMBOL_INDEX.get(TAGS[tag])
    rows = [r for r in account_rows(tag, payload) if isinstance(r, list)] if place is not None else []
    found = (row[place] for row in rows if place is not None and place < len(row))
    return tuple(dict.fromkeys(symbol for symbol in found if isinstance(symbol, str)))


def is_well_formed(tag: str, payload: Json) -> bool:
    """Say whether a payload has the outer shape of its tag: rows in a snapshot, one row otherwise."""
    rows = all(isinstance(row, list) for row in payload)
    return rows if tag in SNAPSHOT_TAGS else not (payload and rows)


def trailing_account_values(tag: str, payload: Json, numbers: list[Json]) -> dict[str | int, Json]:
    """Return by name what stands behind the payload. The answer to a request carries no number of the connection.

    >>> trailing_account_values("wu", [], [17, 4, 1700000000123])
    {'sequence': 17, 'account_sequence': 4, 'timestamp': 1700000000123}
    """
    found = [n for n in numbers if isinstance(n, int) and not isinstance(n, bool)]
    counts, stamps = [n for n in found if n < EARLIEST_MS], [n for n in found if n >= EARLIEST_MS]
    match payload:
        case [_, str(what), *_] if tag == "n" and what.endswith("-req") and len(counts) == 1:
            names = ["account_sequence"]
        case _:
            names = ["sequence", "account_sequence"]
    return {**dict(zip(names, counts, strict=False)), **dict(zip(["timestamp"], stamps, strict=False))}


def account_items(event: Event) -> Iterator[RawRow]:
    _, tag, payload, *numbers = event.payload
    more = trailing_account_values(tag, payload, numbers)
    for row in account_rows(tag, payload):
        layout, symbol, row = _layout_symbol_and_row(tag, row)
        extra: dict[str, Json] = {"tag": tag}
        if layout in SIGN_INDEX:
            extra["side"] = _side(row, SIGN_INDEX[layout])
        known = KNOWN_INDEXES[layout]
        values: dict[str | int, Json] = {i: v for i, v in enumerate(row) if v is not None or i in known}
        yield RawRow(values | more, symbol, layout, extra)


def _layout_symbol_and_row(tag: str, row: Json) -> tuple[str, str | None, Json]:
    """Return the layout of a row, the symbol beside it, and the row itself: miu and fiu wrap theirs."""
    match row:
        case ["base", list(inner), *_] if tag == "miu":
            return "margin_base", None, inner
        case ["sym", str(symbol), list(inner), *_] if tag in ("miu", "fiu"):
            return ("margin_symbol" if tag == "miu" else "funding_info"), symbol, inner
        case _:
            return TAGS[tag], None, row


def _side(row: list[Json], index: int) -> str | None:
    amount = row[index] if index < len(row) else None
    if isinstance(amount, bool) or not isinstance(amount, int | float) or amount == 0:
        return None
    return "buy" if amount > 0 else "sell"


FILTERS = (
    "trading",
    "trading-{symbol}",
    "funding",
    "funding-{symbol}",
    "wallet",
    "wallet-{type}-{currency}",
    "algo",
    "balance",
    "notify",
)


def account_channel(flags: Param) -> Channel:
    """Return the catalogue's entry. flags: the parameter that it shares with the public channels."""
    return Channel(
        "account",
        "your orders, positions, trades, wallets, offers, loans and notifications; starts with the login, without a request",
        private=True,
        symbol_limits=(0, 0),
        params=(
            Param(
                "filter",
                allowed=FILTERS,
                optional=True,
                is_list=True,
                note="what the login requests; default: everything",
                column="filter",
            ),
            Param(
                "dms",
                "int",
                allowed=(4,),
                optional=True,
                note="dead man's switch: 4 cancels ALL your orders when this connection ends",
            ),
            flags,
        ),
        layouts=LAYOUTS_WITH_TRAILING_FIELDS,
        unpack=account_items,
        extra_columns=("tag", "side"),
        example="account",
        update_rate="snapshots after the login, then real time",
        docs="https://docs.bitfinex.com/docs/ws-auth",
    )
