"""What the catalogue knows of the columns of a channel: which are times, numbers, identifiers; which words may stand there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from wscli.core.catalogue import Channel, Field
from wscli.core.dialect import Dialect
from wscli.core.messages import Kind
from wscli.core.record import record

FieldRole: TypeAlias = Literal["time", "number", "price", "size", "words", "parameter", "id", "text"]

SIZES = frozenset("size bid_size ask_size last_size fill_size original_size remaining filled".split())
IDENTIFIERS = frozenset("seq sequence checksum code tag rpi".split())  # and what ends in _id
MAX_WORD_WIDTH = 16
UNALIGNED_ROLES = frozenset({"words", "parameter", "id"})  # whose digits are no quantity


@record
class ColumnField:
    """What a column holds. role: how it is aligned, and how it may grow. word_width: of its longest word, where the catalogue lists them."""

    role: FieldRole = "text"
    word_width: int = 0


UNKNOWN_FIELD, UNKNOWN_IDENTIFIER = ColumnField(), ColumnField("id")
COMMON_FIELDS: Mapping[str, ColumnField] = {
    "exchange": ColumnField("words"),
    "kind": ColumnField("words", max(len(kind) for kind in (Kind.SNAPSHOT, Kind.UPDATE))),
    "channel": ColumnField("words"),
    "symbol": ColumnField("words"),
    "side": ColumnField("words", len("sell")),
    "action": ColumnField("words", len("delete")),
    "lag": ColumnField("number"),
}


def column_fields(dialect: Dialect, channel: str | None) -> Mapping[str, ColumnField]:
    """Return what the columns of a channel, or of the queries of that name, hold.

    >>> from wscli.exchanges import find_dialect
    >>> fields = column_fields(find_dialect("bybit"), "publicTrade")
    >>> [fields[name].role for name in ("side", "price", "size", "time", "trade_id")]
    ['words', 'price', 'size', 'time', 'id']
    """
    fields = dict(COMMON_FIELDS)
    for entry in (dialect.channel(channel), dialect.query(channel)):
        for name, field in _catalogue_fields(entry) if entry is not None else ():
            fields.setdefault(name, field)
    return fields


def unlisted_field(name: str) -> ColumnField:
    """Return what a column holds that the catalogue does not list."""
    return UNKNOWN_IDENTIFIER if is_identifier(name) else UNKNOWN_FIELD


def _catalogue_fields(channel: Channel) -> Iterator[tuple[str, ColumnField]]:
    yield from ((param.column, ColumnField("parameter")) for param in channel.params if param.column)
    for layout in channel.layouts.values():
        yield from ((field.name, _column_field(field)) for field in layout)


def _column_field(field: Field) -> ColumnField:
    if field.type in ("s", "ms", "us"):
        return ColumnField("time")
    if field.code_names:
        return ColumnField("words", min(max(map(len, field.code_names.values())), MAX_WORD_WIDTH))
    if field.name in SIZES:
        return ColumnField("size")
    if is_identifier(field.name):
        return ColumnField("id")
    return ColumnField("price" if " per " in field.unit else "number" if field.unit else "text")


def is_identifier(name: str) -> bool:
    """Return whether a field names something, so that its digits are no quantity.

    >>> is_identifier("trade_id"), is_identifier("seq"), is_identifier("price")
    (True, True, False)
    """
    return name in IDENTIFIERS or name == "id" or name.endswith(("_id", "Id", "ID"))
