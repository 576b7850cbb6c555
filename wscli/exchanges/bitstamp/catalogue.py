"""Bitstamp v2: the catalogue. Channels, what their events hold, and the codes, as data.

Source: https://www.bitstamp.net/websocket/v2/ and the OpenAPI text of https://www.bitstamp.net/api/; where a frame
was seen on the wire and differs, the wire. Prices and sizes come twice, as a number and as the exact text (`…_str`):
the layouts name the number first and the text second under one name, so that the text wins where both came. The
same holds for ids (`id`, `id_str`) and times (seconds, microseconds).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from wscli.core.catalogue import BOOK_EXTRA_COLUMNS, Channel, Field, Param, RawRow, SymbolSpelling, level_rows
from wscli.core.messages import Event

MARKETS = (
    *("btcusd", "ethusd", "ltcusd", "xrpusd", "solusd", "zecusd"),
    *("btceur", "etheur", "ltceur", "xrpeur", "soleur", "btcusdt", "ethusdt", "xrpusdt", "ethbtc"),
    *("btcusd-perp", "ethusd-perp", "ltcusd-perp", "xrpusd-perp", "solusd-perp"),
)

# --- how markets are spelled ---------------------------------------------------------------------

_QUOTES = "usd|eur|gbp|usdt|usdc|eurc|pyusd|btc|eth"  # only to distinguish BTC_USD from a mistyped channel


def spell(symbol: str) -> str:
    """Return what a market in another exchange's spelling is called here.

    >>> [spell(s) for s in ("BTCUSD", "BTC/USD", "btc-usd", "btc_usd", "BTC/USD-PERP", "btcusdperp")]
    ['btcusd', 'btcusd', 'btcusd', 'btcusd', 'btcusd-perp', 'btcusd-perp']
    """
    lower = symbol.lower()
    spot = re.sub(r"[-_/:]?perp\Z", "", lower)
    joined = re.sub(rf"\A([a-z0-9]+)[-_/:]({_QUOTES})\Z", r"\1\2", spot)
    return joined if spot == lower else f"{joined}-perp"


def spell_perpetual(symbol: str) -> str:
    """Return the perpetual of a market.

    >>> spell_perpetual("BTC/USD"), spell_perpetual("btcusd-perp")
    ('btcusd-perp', 'btcusd-perp')
    """
    return spell(symbol).removesuffix("-perp") + "-perp"


# Without the look-behind "btcusdperp" would pass, and Bitstamp acknowledges a market that does not exist.
SHAPE = SymbolSpelling(
    r"[a-z0-9]{4,20}(?<!perp)(-perp)?", "btcusd", "in small letters without a separator, perpetuals with -perp", spell
)
PERPETUAL = SymbolSpelling(
    r"[a-z0-9]{4,20}(?<!perp)-perp",
    "btcusd-perp",
    "with -perp here (this channel has perpetuals only)",
    spell_perpetual,
)

# --- how events are cut --------------------------------------------------------------------------


def single_item(event: Event) -> Iterable[RawRow]:
    yield RawRow(event.payload["data"])


def item_with_envelope(event: Event) -> Iterable[RawRow]:
    """One row: what stands beside `data` (event, event_id, …) and what stands in it, which wins."""
    head = {key: value for key, value in event.payload.items() if key not in ("channel", "data")}
    yield RawRow({**head, **event.payload["data"]})


def book_items(event: Event) -> Iterable[RawRow]:
    """One row a level, each with the time of its frame."""
    data = event.payload["data"]
    times = {key: data[key] for key in ("timestamp", "microtimestamp") if key in data}
    for side, key in (("bid", "bids"), ("ask", "asks")):
        for level in level_rows(side, data.get(key), None):
            yield RawRow({**dict(enumerate(level.data)), **times}, extra=level.extra)


def halt_items(event: Event) -> Iterable[RawRow]:
    """One row; the details of a halt are laid flat."""
    for item in item_with_envelope(event):
        row = dict(item.data)
        if isinstance(details := row.get("trading_halt_details"), dict):
            del row["trading_halt_details"]
            row |= {f"trading_halt_details.{key}": value for key, value in details.items()}
        yield RawRow(row)


# --- what they hold ------------------------------------------------------------------------------

SIDES = {"0": "buy", "1": "sell"}
EXACT_TEXT_NOTE = "the exact text, shown if both were sent"


def number_and_text(number_key: str, text_key: str, name: str, unit: str = "", note: str = "") -> tuple[Field, Field]:
    """The two members that hold one value, the exact one last."""
    return Field(number_key, name, unit=unit, note=note), Field(text_key, name, unit=unit, note=EXACT_TEXT_NOTE)


PRICE = number_and_text("price", "price_str", "price", "quote per base")
SIZE = number_and_text("amount", "amount_str", "size", "base")
TIME = (
    Field("timestamp", "time", "s", is_event_time=True),
    Field("microtimestamp", "time", "us", note="shown if both were sent", is_event_time=True),
)

TRADE = (
    Field("type", "side", code_names=SIDES, note="side of the taker"),
    *PRICE,
    *SIZE,
    *number_and_text("id", "id_str", "trade_id", note="can exceed 2^53 on perpetuals"),
    *TIME,
    Field("buy_order_id", "buy_order_id"),
    Field("sell_order_id", "sell_order_id"),
)
SELF_TRADE = (
    *TRADE,
    Field("sellers_trade_account_id", "sellers_trade_account_id", note="0: the main account"),
    Field("buyers_trade_account_id", "buyers_trade_account_id", note="0: the main account"),
    Field("event", "event", note="self_trade"),
)
LEVEL = (Field(0, "price", unit="quote per base"), Field(1, "size", unit="base"), *TIME)
DETAIL = (Field(0, "price", unit="quote per base"), Field(1, "size", unit="base"), Field(2, "order_id"), *TIME)
ORDER_HEAD = (
    Field("order_type", "side", code_names=SIDES),
    *number_and_text(
        "price", "price_str", "price", "quote per base", "of a market order: 0 or 999999999 when it is created"
    ),
    *number_and_text("amount", "amount_str", "size", "base", "still open; 0 when filled"),
    *number_and_text("id", "id_str", "order_id"),
)
ORDER_TAIL = (
    Field("datetime", "time", "s", is_event_time=True),
    Field("microtimestamp", "time", "us", note="shown if both were sent", is_event_time=True),
    Field(
        "order_subtype",
        "order_type",
        code_names={"0": "limit", "2": "market"},
        note="unconfirmed: 1 7 market-like, 3 daily, 4 IOC, 5 post-only, 6 FOK, 8 GTD, 20 stop-loss "
        "market, 21 take-profit market, 22 stop-loss limit, 23 take-profit limit, 24 25 trailing, 26 27 trailing limit",
    ),
    Field("amount_traded", "fill_size", unit="base", note="filled by this event, not in total"),
    Field("amount_at_create", "original_size", unit="base", note="0 in the created event of a market order"),
)
EVENT_CHAIN_FIELDS = (
    Field("event_id", "event_id", note="the id for the REST calls that fill a gap"),
    Field("pre_event_id", "pre_event_id", note="the event_id before this one: another value means a gap"),
    Field("order_source", "order_source", note="orderbook, stop_order"),
)
ORDER = (
    *ORDER_HEAD,
    Field("event", "event", note="order_created, order_changed, order_deleted"),
    *ORDER_TAIL,
    Field("is_liquidation", "is_liquidation"),
    *EVENT_CHAIN_FIELDS,
)
MY_ORDER = (
    *ORDER_HEAD,
    Field("client_order_id", "client_order_id", note="empty or absent without one"),
    Field(
        "event",
        "event",
        note="order_created, order_changed, order_deleted, order_replaced, stop_active (armed), stop_inactive (ended)",
    ),
    *ORDER_TAIL,
    Field("stop_price", "stop_price", unit="quote per base", note="stop orders"),
    Field("activation_price", "activation_price", unit="quote per base", note="trailing orders"),
    Field("trailing_delta", "trailing_delta", unit="basis points"),
    Field("reduce_only", "reduce_only", note="perpetuals"),
    Field("orig_order_id", "orig_order_id", note="on order_replaced: the replaced order"),
    Field("is_liquidation", "is_liquidation"),
    Field("trade_account_id", "trade_account_id", note="0: the main account"),
    *EVENT_CHAIN_FIELDS,
)
FILL = (
    Field("side", "side", note="your own"),
    Field("price", "price", unit="quote per base"),
    Field("amount", "size", unit="base"),
    *number_and_text("id", "id_str", "trade_id"),
    Field("microtimestamp", "time", "us", is_event_time=True),
    Field("order_id", "order_id"),
    Field("client_order_id", "client_order_id"),
    Field("fee", "fee", unit="quote", note="the currency is unconfirmed"),
    Field("trade_type", "trade_type", note="free text: ORDERBOOK, LIQUIDATION, ADL, …"),
    Field("is_liquidation", "is_liquidation", note="may be null"),
    Field("position_id", "position_id", note="null on spot"),
    Field("trade_uti", "trade_uti"),
    Field("trade_account_id", "trade_account_id", note="0: the main account"),
)
FUNDING = (
    Field("funding_rate", "funding_rate", unit="ratio", note="of the current funding interval"),
    Field("mark_price", "mark_price", unit="quote per base"),
    Field("index_price", "index_price", unit="quote per base"),
    Field("timestamp", "time", "s", is_event_time=True),
    Field("next_funding_time", "next_funding_time", "s"),
    Field("market", "symbol"),
)
ANNOUNCEMENT = (
    Field("announcement_id", "announcement_id"),
    Field("announcement_type", "announcement_type", note="trading_halt, …"),
    Field("status", "status", note="published, in_progress, …"),
    Field("product", "product", note="a list of names"),
    Field("product_type", "product_type"),
    Field("trading_halt_details.reason", "reason"),
    Field("trading_halt_details.start_time", "start_time", note="ISO 8601"),
    Field("trading_halt_details.end_time", "end_time", note="ISO 8601, or null"),
    Field("corporate_action_details", "corporate_action_details"),
    Field("multiplier_update_details", "multiplier_update_details"),
    Field("changed_fields", "changed_fields", note="only in updates"),
    Field("published_at", "time", note="ISO 8601", is_event_time=True),
    Field("updated_at", "time", note="shown if both were sent", is_event_time=True),
    Field("published_at", "published_at", note="ISO 8601"),
    Field("updated_at", "updated_time", note="ISO 8601"),
    Field("event", "event", note="mirrors the status"),
)
SETTLEMENT = (
    Field("event", "event", note="settlement; insurance_fund_premium and others"),
    Field("price", "price", unit="quote per base", note="at which it was settled"),
    Field("ccy", "currency"),
    Field("as", "amount", unit="currency", note="settled in total"),
    Field("amount", "amount", unit="currency", note="of an insurance fund event"),
    Field("ap", "amount_from_price", unit="currency"),
    Field("atf", "amount_from_trading_fees", unit="currency"),
    Field("alf", "amount_from_liquidation_fees", unit="currency"),
    Field("afu", "amount_from_funding", unit="currency"),
    Field("asl", "amount_from_socialised_loss", unit="currency"),
    Field("sp", "strike_price", unit="quote per base"),
    Field("typ", "settlement_type", note="presumably P periodic, C closed"),
    Field("id", "position_id", note="insurance fund events: only of isolated positions"),
    Field("tnx_id", "transaction_id"),
    Field("ts", "time", "s", is_event_time=True),
)
LIQUIDATION = (
    Field("alert_type", "alert_type", note="the stage: im_breach_warning, …, liquidation_concluded"),
    Field("position_id", "position_id"),
    Field("margin_mode", "margin_mode", note="ISOLATED, CROSS"),
    Field("initial_margin_ratio", "initial_margin_ratio", unit="ratio"),
    Field("maintenance_margin_ratio", "maintenance_margin_ratio", unit="ratio"),
    Field("microtimestamp", "time", "us", is_event_time=True),
    Field("trade_account_id", "trade_account_id", note="0: the main account"),
    Field("event", "event"),
)
TOKEN_SETTLEMENT = (
    Field("action", "action", note="credit, …"),
    Field("tokens_quantity", "tokens_quantity", unit="token"),
    Field("token_security_currency", "token_security_currency"),
    Field("instrument", "instrument", note="with a slash: DEMO/USD"),
    *number_and_text("order_id", "order_id_str", "order_id"),
    Field("datetime", "time", note="ISO 8601, as sent", is_event_time=True),
    Field("event", "event", note="token_ready"),
)

# --- the channels --------------------------------------------------------------------------------

USER = (
    Param(
        "user_id",
        "int",
        optional=True,
        minimum=1,
        note="the user; default: the user of the login",
        column="user_id",
    ),
)

CHANNELS = (
    Channel(
        "live_trades",
        "public trades, one per message (Bitstamp has no ticker channel)",
        wire_name="live_trades_{symbol}",
        layouts={"row": TRADE},
        unpack=single_item,
        example="live_trades btcusd",
        is_frequent=True,
        update_rate="real time",
    ),
    Channel(
        "live_orders",
        "every public order event; event_id and pre_event_id form a chain in which a gap can be detected",
        wire_name="live_orders_{symbol}",
        layouts={"row": ORDER},
        unpack=item_with_envelope,
        example="live_orders btcusd",
        is_frequent=True,
        update_rate="real time",
    ),
    Channel(
        "order_book",
        "the best 100 levels of each side, all of them each time",
        wire_name="order_book_{symbol}",
        is_book=True,
        layouts={"row": LEVEL},
        unpack=book_items,
        extra_columns=BOOK_EXTRA_COLUMNS,
        example="order_book btcusd",
        is_frequent=True,
        update_rate="80 to 250 ms while the book changes; no message at the start",
    ),
    Channel(
        "detail_order_book",
        "the best 100 orders of each side, all of them each time; a price is repeated for each order",
        wire_name="detail_order_book_{symbol}",
        is_book=True,
        layouts={"row": DETAIL},
        unpack=book_items,
        extra_columns=BOOK_EXTRA_COLUMNS,
        example="detail_order_book btcusd",
        is_frequent=True,
        update_rate="while the book changes; no message at the start",
    ),
    Channel(
        "diff_order_book",
        "the levels that changed, over the whole depth, with their new size; start from REST or order_book",
        wire_name="diff_order_book_{symbol}",
        is_book=True,
        layouts={"row": LEVEL},
        unpack=book_items,
        extra_columns=BOOK_EXTRA_COLUMNS,
        example="diff_order_book btcusd",
        is_frequent=True,
        update_rate="0.6 to 1 s on perpetuals; no sequence, no checksum",
    ),
    Channel(
        "funding_rate",
        "funding rate, mark and index price of a perpetual",
        wire_name="funding_rate_{symbol}",
        layouts={"row": FUNDING},
        unpack=single_item,
        symbol_spelling=PERPETUAL,
        example="funding_rate btcusd-perp",
        is_frequent=True,
        update_rate="1 s",
    ),
    Channel(
        "announcements",
        "halts and corporate actions of tokenised securities",
        wire_name="announcements",
        symbol_limits=(0, 0),
        layouts={"row": ANNOUNCEMENT},
        unpack=halt_items,
        example="announcements",
        update_rate="rare",
    ),
    Channel(
        "private-my_orders",
        "your orders and stop orders, at every change",
        wire_name="private-my_orders_{symbol}-{user_id}",
        aliases=("private-my_orders_{symbol}", "my_orders_{symbol}-{user_id}", "my_orders_{symbol}"),
        private=True,
        params=USER,
        layouts={"row": MY_ORDER},
        unpack=item_with_envelope,
        example="my_orders btcusd",
        update_rate="real time",
    ),
    Channel(
        "private-my_trades",
        "your fills",
        wire_name="private-my_trades_{symbol}-{user_id}",
        aliases=("private-my_trades_{symbol}", "my_trades_{symbol}-{user_id}", "my_trades_{symbol}"),
        private=True,
        params=USER,
        layouts={"row": FILL},
        unpack=single_item,
        example="my_trades btcusd",
        update_rate="real time",
    ),
    Channel(
        "private-live_trades",
        "trades whose two sides are both yours",
        wire_name="private-live_trades_{symbol}-{user_id}",
        aliases=("private-live_trades_{symbol}",),
        private=True,
        params=USER,
        layouts={"row": SELF_TRADE},
        unpack=item_with_envelope,
        example="private-live_trades btcusd",
        update_rate="real time",
    ),
    Channel(
        "private-live_order_trades",
        "trades of your orders; its fields are undocumented, a public trade's are assumed",
        wire_name="private-live_order_trades_{symbol}-{user_id}",
        aliases=("private-live_order_trades_{symbol}",),
        private=True,
        params=USER,
        layouts={"row": TRADE},
        unpack=single_item,
        example="private-live_order_trades btcusd",
        update_rate="real time",
    ),
    Channel(
        "private-my_settlements",
        "settlements of your perpetual positions, and insurance fund events",
        wire_name="private-my_settlements-{user_id}",
        aliases=("my_settlements-{user_id}", "my_settlements"),
        private=True,
        symbol_limits=(0, 0),
        params=USER,
        layouts={"row": SETTLEMENT},
        unpack=item_with_envelope,
        example="my_settlements",
        update_rate="real time",
    ),
    Channel(
        "private-my_liquidations",
        "margin alerts and liquidations of your positions",
        wire_name="private-my_liquidations-{user_id}",
        aliases=("my_liquidations-{user_id}", "my_liquidations"),
        private=True,
        symbol_limits=(0, 0),
        params=USER,
        layouts={"row": LIQUIDATION},
        unpack=item_with_envelope,
        example="my_liquidations",
        update_rate="real time",
    ),
    Channel(
        "private-my_token_settlements",
        "tokens that are ready after an order for a tokenised security",
        wire_name="private-my_token_settlements-{user_id}",
        aliases=("my_token_settlements-{user_id}", "my_token_settlements"),
        private=True,
        symbol_limits=(0, 0),
        params=USER,
        layouts={"row": TOKEN_SETTLEMENT},
        unpack=item_with_envelope,
        example="my_token_settlements",
        update_rate="real time",
    ),
)

CODES = {
    "4009": "private channel with a missing, wrong or expired token (it is valid for 60 s)",
    "1009": "close code: the frame had 512 bytes or more",
    # errors of the socket whose code is null, by their words
    "Incorrect JSON format.": "the frame is not JSON",
    "Bad subscription string.": "no channel, or an unknown event",
    "Invalid channel provided.": "malformed channel name; a market that does not exist causes no error",
    # the token request
    "API0001": "key not found",
    "API0002": "this address is not allowed for the key",
    "API0003": "the key lacks the permission",
    "API0004": "bad nonce: used before within 300 s",
    "API0005": "bad signature: check the secret",
    "API0006": "account frozen",
    "API0008": "no customer for this key",
    "API0009": "FATCA data missing on the profile",
    "API0010": "X-Auth-Version is not v2",
    "API0011": "malformed key",
    "API0012": "X-Auth missing",
    "API0013": "X-Auth-Signature missing",
    "API0014": "X-Auth-Nonce missing",
    "API0015": "X-Auth-Timestamp missing",
    "API0016": "X-Auth-Version missing",
    "API0017": "timestamp more than 150 s off: check the clock",
    "API0018": "malformed timestamp",
    "API0019": "Content-Type not accepted",
    "API0020": "Content-Type sent although the body is empty",
    "API0021": "URL longer than 2,000 characters",
}
