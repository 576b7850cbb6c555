"""Bybit v5: from messages to rows, and the fields that many channels share.

Public books and tickers hold one object in `data`; everything else holds an array. The time of a message stands beside `data`:
`ts` on public topics, `creationTime` on private ones.
"""

from collections.abc import Iterable, Iterator, Mapping

from wscli.core.catalogue import Field, RawRow, is_zero, level_rows
from wscli.core.jsontext import Json
from wscli.core.messages import Event

LEG_LISTS = {
    "legs": None,
    "quoteBuyList": "buy",
    "quoteSellList": "sell",
}  # the lists of a quotation, and the side of one


def list_items(event: Event) -> Iterable[RawRow]:
    for row in event.payload["data"]:
        yield RawRow(row, row.get("s") or row.get("symbol"))


def single_item(event: Event) -> Iterable[RawRow]:
    for row in event.payload["data"]:
        yield RawRow(row)


def item_with_time(event: Event) -> Iterable[RawRow]:
    """The object, with the time of its message."""
    payload = event.payload
    data = payload["data"]
    yield RawRow({**data, "ts": payload["ts"]} if "ts" in payload else data)


def items_with_time(event: Event) -> Iterator[RawRow]:
    """Each object, with the time of its message: it has none of its own."""
    payload = event.payload
    head = {name: payload[name] for name in ("ts", "creationTime") if name in payload}
    for row in payload["data"]:
        yield RawRow({**row, **head}, row.get("s") or row.get("symbol"))


def leg_items(event: Event) -> Iterator[RawRow]:
    """A row for each leg of a request for quotation, a quote or a trade, with the fields of the whole; those alone without legs."""
    for whole in items_with_time(event):
        about = {name: held for name, held in whole.data.items() if name not in LEG_LISTS}
        found = [(side, leg) for name, side in LEG_LISTS.items() for leg in whole.data.get(name) or ()]
        for side, leg in found:
            yield RawRow({**about, **leg}, leg.get("symbol"), extra={"side": side} if side else {})
        if not found:
            yield RawRow(about)


def book_time(payload: Mapping[str, Json]) -> Json:
    """Return when the matching engine made a message of a book; where it does not say, when the message was sent."""
    return payload.get("cts", payload.get("ts"))


def book_items(event: Event) -> Iterable[RawRow]:
    data, time = event.payload["data"], book_time(event.payload)
    for side, key in (("bid", "b"), ("ask", "a")):
        for item in level_rows(side, data.get(key), data.get("s")):
            yield RawRow([*item.data, time, data.get("u"), data.get("seq")], item.symbol, item.layout, item.extra)


def rpi_book_items(event: Event) -> Iterable[RawRow]:
    """Levels [price, size, size of RPI orders]; one is gone when both sizes are zero."""
    data, time = event.payload["data"], book_time(event.payload)
    for side, key in (("bid", "b"), ("ask", "a")):
        for row in data.get(key) or ():
            gone = is_zero(row[1]) and is_zero(row[2])
            extra: dict[str, Json] = {"side": side, "action": "delete" if gone else "set"}
            yield RawRow([*row, time, data.get("u"), data.get("seq")], data.get("s"), "row", extra)


def wallet_items(event: Event) -> Iterable[RawRow]:
    """A row for each account, and one for each of its coins."""
    for item in items_with_time(event):
        account = item.data
        about = {name: account[name] for name in ("accountType", "creationTime") if name in account}
        yield RawRow({name: held for name, held in account.items() if name != "coin"}, None, "account")
        for coin in account.get("coin") or ():
            yield RawRow({**coin, **about}, None, "coin")


def same_name_fields(names: str, unit: str = "") -> tuple[Field, ...]:
    """Return fields under the exchange's own names."""
    return tuple(Field(name, name, unit=unit) for name in names.split())


PRICE = "quote per base"
SIDES = {"Buy": "buy", "Sell": "sell"}
SYMBOL = Field("symbol", "symbol")
SENT_TIME = Field("ts", "time", "ms", note="of the message", is_event_time=True)
CREATED_TIME = Field("creationTime", "time", "ms", note="of the message", is_event_time=True)
