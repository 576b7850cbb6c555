"""Madeup v1: the catalogue. A push is {"channel":"trades","market":"BTC-USD","data":…}."""

from collections.abc import Iterable

from wscli.core.catalogue import BOOK_EXTRA_COLUMNS, Channel, Field, RawRow, level_rows
from wscli.core.messages import Event

TRADE = (
    Field("side", "side", note="of the taker"),
    Field("price", "price", unit="quote per base"),
    Field("amount", "size", unit="base"),
    Field("id", "trade_id"),
    Field("at", "time", "ms", is_event_time=True),
)
LEVEL = (Field(0, "price", unit="quote per base"), Field(1, "size", unit="base"))


def trade_rows(event: Event) -> Iterable[RawRow]:
    """Yield the trades of a push: its data is a list of them."""
    for trade in event.payload["data"]:
        yield RawRow(trade, event.payload["market"])


def book_rows(event: Event) -> Iterable[RawRow]:
    """Yield the levels of a push: its data is {"bids":[[price,amount],…],"asks":[…]}."""
    for side in ("bid", "ask"):
        yield from level_rows(side, event.payload["data"].get(f"{side}s"), event.payload["market"])


CHANNELS = (
    Channel(
        "trades",
        "public trades",
        wire_name="trades",
        layouts={"row": TRADE},
        unpack=trade_rows,
        example="trades BTC-USD",
        is_frequent=True,
    ),
    Channel(
        "book",
        "ten levels a side, whole each time",
        wire_name="book",
        is_book=True,
        layouts={"row": LEVEL},
        unpack=book_rows,
        extra_columns=BOOK_EXTRA_COLUMNS,
        example="book BTC-USD",
        is_frequent=True,
    ),
)
