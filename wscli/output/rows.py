"""Event -> labelled rows: the catalogue's names for the exchange's values, every number as the literal that was sent.

A row is a dict in print order: kind, channel, symbol, the parameters that distinguish subscriptions, then what the catalogue
names, then the rest (under the exchange's own key), so that nothing an exchange adds later is hidden.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from wscli.core.catalogue import Channel, Field, RawRow
from wscli.core.dialect import Dialect
from wscli.core.jsontext import Json, Number, literal
from wscli.core.messages import COUNTED_KINDS, Event, Kind, Query, Subscribe
from wscli.core.record import replace

Row = dict[str, Json]
Layouts = Mapping[str, tuple[Field, ...]]

_UNITS = {"s": (0, 1_000_000_000), "ms": (3, 1_000_000), "us": (6, 1_000)}  # digits behind the second; nanoseconds
# From 2001 to 2286 a number of seconds has ten digits, one of milliseconds thirteen, and so on: a field that holds another unit
# than is documented (Bitfinex's notifications: seconds) is read by what it holds.
_UNITS_BY_DIGITS = {10: _UNITS["s"], 13: _UNITS["ms"], 16: _UNITS["us"], 19: (9, 1)}


def rows_of(dialect: Dialect, event: Event, layouts: Layouts | None = None) -> Iterator[Row]:
    """Yield the labelled rows of a data message; none for anything else, or where the shape is not the documented one.

    layouts: in place of those of the channel.

    >>> from wscli.exchanges import find_dialect
    >>> from wscli.core.jsontext import parsed
    >>> from wscli.core.messages import State
    >>> bybit = find_dialect("bybit", "spot-v3")
    >>> text = '{"topic":"trade.BTCUSDT","data":{"v":"9","t":1700000005010,"p":"36500.2","q":"0.0031","m":true}}'
    >>> next(rows_of(bybit, bybit.codec.decode(parsed(text), State())))["price"]
    '36500.2'
    """
    channel = channel_of(dialect, event)
    if channel is None or event.kind not in COUNTED_KINDS:
        return
    only = event.symbols[0] if len(event.symbols) == 1 else None  # of several, which one is not guessed
    kind, name, params = str(event.kind), channel.name, parameters(channel, event)
    if layouts is None:
        layouts = channel.layouts
    for item in _items_of(channel, event):
        fields = layouts.get(item.layout, ())
        try:
            named = row_of_item(item, fields, _field_positions(fields))
        except RecursionError:
            return  # nested deeper than any document shows: a message without rows is shown whole
        symbol = item.symbol if item.symbol is not None else only
        yield {"kind": kind, "channel": name, "symbol": symbol, **params, **named}


def layouts_without_times(channel: Channel) -> Layouts:
    """Return the layouts of a channel with its times as ordinary values: rows then have them as they were sent."""
    return {
        name: tuple(replace(field, type="text") if field.type in _UNITS else field for field in fields)
        for name, fields in channel.layouts.items()
    }


def parameters(channel: Channel, event: Event) -> Row:
    """Return the parameters of a subscription that describe what is received, by their columns: depth, prec, interval.

    They distinguish messages whose subscriptions differ in nothing else.
    """
    params = event.subscription.params if event.subscription is not None else None
    if not params:
        return {}
    return {
        one.column: with_number_text(params[one.name]) for one in channel.params if one.column and one.name in params
    }


def channel_of(dialect: Dialect, event: Event) -> Channel | None:
    """Return the catalogue entry an event belongs to: of the queries for a reply, else of the channels."""
    if event.kind is Kind.REPLY or isinstance(event.subscription, Query):
        return dialect.query(event.channel)
    return dialect.channel(event.channel)


def _items_of(channel: Channel, event: Event) -> Iterable[RawRow]:
    try:
        return tuple(channel.unpack(event))
    except (LookupError, TypeError, ValueError, AttributeError):
        return ()  # a shape that no document shows: it has no rows, and every whole-message view still shows it


def has_labels(labelled_rows: Sequence[Row]) -> bool:
    """Return whether rows have more than kind, channel and symbol, which every row has."""
    return any([len(row) > 3 for row in labelled_rows])  # noqa: C419 (a list is quicker)


_FIELD_POSITIONS: dict[
    int, tuple[tuple[Field, ...], frozenset[str | int]]
] = {}  # of layouts, by identity: they are constants


def _field_positions(fields: tuple[Field, ...]) -> frozenset[str | int]:
    """Return the positions of the fields of a layout."""
    cached = _FIELD_POSITIONS.get(id(fields))
    if cached is None or cached[0] is not fields:
        if len(_FIELD_POSITIONS) >= 1024:
            _FIELD_POSITIONS.clear()
        cached = _FIELD_POSITIONS[id(fields)] = fields, frozenset([field.key for field in fields])
    return cached[1]


def differs(channel: Channel | None, one: Subscribe, other: Subscribe) -> bool:
    """Return whether two subscriptions to a channel differ in a parameter that changes what is received."""
    names = (
        [param.name for param in channel.params if param.column]
        if channel is not None
        else {**one.params, **other.params}
    )
    return any(one.params.get(name) != other.params.get(name) for name in names)


def row_of_item(item: RawRow, fields: tuple[Field, ...], known_positions: frozenset[str | int] | None = None) -> Row:
    """Return the named values of one row, then the unnamed ones under the exchange's key. known_positions: those of the fields."""
    row: Row = dict(item.extra)
    source = item.data
    if isinstance(source, dict):
        for field in fields:
            if field.key in source:
                _set_field(row, field, source[field.key])
        others: Iterable[tuple[str | int, Json]] = source.items()
    elif isinstance(source, list):
        size = len(source)
        for field in fields:
            if isinstance(field.key, int) and field.key < size:
                _set_field(row, field, source[field.key])
        others = enumerate(source)
    else:
        for field in fields:
            if field.key == 0:  # a bare value is its own first place
                _set_field(row, field, source)
        return row
    if known_positions is None:
        known_positions = frozenset([field.key for field in fields])
    for key, value in others:
        if key not in known_positions:
            name = str(key)
            row[name if name not in row else f"{name}_"] = with_number_text(value)
    return row


def _set_field(row: Row, field: Field, value: Json) -> None:
    match field.type:
        case "text" if not field.code_names:
            row[field.name] = value if type(value) is str else with_number_text(value)
        case "signed":
            text = with_number_text(value)
            if isinstance(text, str):
                row["side"] = "sell" if text.startswith("-") else "buy"
                row[field.name] = text.removeprefix("-")
            else:
                row[field.name] = text
        case "abs":
            text = with_number_text(value)
            row[field.name] = text.removeprefix("-") if isinstance(text, str) else text
        case "s" | "ms" | "us":
            row[field.name] = rfc3339_time(value, field.type)
        case _:
            text = with_number_text(value)
            row[field.name] = field.code_names.get(literal(value), text) if field.code_names else text


def with_number_text(value: Json) -> Json:
    """Return a number as the text of its literal; anything else as it is (numbers inside it too)."""
    match value:
        case bool() | None | str():
            return value
        case int() | Number():
            return literal(value)
        case list():
            return [with_number_text(v) for v in value]
        case dict():
            return {k: with_number_text(v) for k, v in value.items()}
        case _:
            return value


def rfc3339_time(value: Json, unit: str) -> Json:
    """Return a time as RFC 3339 in UTC with as many decimals as were sent; a value that is no time is returned as it is.

    unit: what the documents say. A number that can only be of another unit is of that one.

    >>> rfc3339_time("1700000002.417305", "s"), rfc3339_time(1700000002410, "ms"), rfc3339_time("1700000000123456", "us")
    ('2023-11-14T22:13:22.417305Z', '2023-11-14T22:13:22.410Z', '2023-11-14T22:13:20.123456Z')
    >>> rfc3339_time("1575287438.515", "ms")
    '2019-12-02T11:50:38.515Z'
    """
    text = str(value) if type(value) is int else with_number_text(value)
    if not isinstance(text, str) or len(text) > 40:
        return text
    whole, _, fraction = text.partition(".")
    places, _ = _UNITS_BY_DIGITS.get(len(whole)) or _UNITS[unit]
    digits, cut = whole + fraction, len(whole) - places
    if 1 <= cut <= 11 and len(digits) <= 28 and digits.isascii() and digits.isdecimal() and digits[0] != "0":
        decimals = (whole[cut:] + fraction)[:9]
        return f"{_utc_second(whole[:cut])}.{decimals}Z" if decimals else f"{_utc_second(whole)}Z"
    return _rfc3339_of_odd_number(text, unit)


@lru_cache(maxsize=1024)  # neighbours share their second
def _utc_second(text: str) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(int(text)))


def _rfc3339_of_odd_number(text: str, unit: str) -> str:
    """Return the same for any spelling of a number: with an exponent, a sign, zeros in front; text for what is no time."""
    from decimal import Decimal  # lazily: few spell a time so

    try:
        number = Decimal(text)
        places, unit_ns = _UNITS_BY_DIGITS.get(number.adjusted() + 1 if number > 0 else 0) or _UNITS[unit]
        exact = number * unit_ns
        if not exact.is_finite() or not 0 < exact < Decimal("253402300800e9"):
            return text
    except ArithmeticError:  # no number, or one that no Decimal can hold
        return text
    fraction = len(text.partition(".")[2]) if "e" not in text.lower() else 9
    digits = min(fraction + places, 9)
    whole, nanoseconds = divmod(int(exact), 1_000_000_000)
    context = _utc_second(str(whole))
    return f"{context}.{nanoseconds:09d}"[: len(context) + 1 + digits] + "Z" if digits else f"{context}Z"


def columns(channels: Iterable[Channel]) -> tuple[str, ...]:
    """Return the fixed columns of csv for these channels, in order, each once; `message` where one has no layout."""
    names, channels = ["kind", "channel", "symbol"], [*channels]
    for channel in channels:
        names += channel.columns
    unlabelled = not channels or any(not channel.layouts for channel in channels)
    return tuple(dict.fromkeys([*names, "message"] if unlabelled else names))
