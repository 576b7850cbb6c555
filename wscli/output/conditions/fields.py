"""The fields that a condition may name, as the catalogue knows them: what they mean, what their values are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, TypeAlias

from wscli.core.catalogue import Channel, Field, Param, SymbolSpelling
from wscli.core.jsontext import literal
from wscli.core.messages import Kind
from wscli.core.record import field, record

FieldKind: TypeAlias = Literal["number", "time", "text"]


@record(frozen=False)
class RowField:
    """A field of a row.

    meaning: in a few words. kinds: what its values are in the layouts that have it. values: those that are known, each with its meaning.
    codes: what the exchange sends for some of them. is_complete: there are no other values. normalise: guesses what was meant by another one.
    """

    meaning: str = ""
    kinds: set[FieldKind] = field(default_factory=set)
    values: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    is_complete: bool = True
    normalise: Callable[[str], str] = str

    @property
    def is_number(self) -> bool:
        """Whether each of its values is a number, where it has one."""
        return self.kinds == {"number"}

    @property
    def is_time(self) -> bool:
        return self.kinds == {"time"}

    @property
    def has_all_values(self) -> bool:
        return bool(self.values) and self.is_complete


def row_fields(channels: Iterable[Channel]) -> dict[str, RowField]:
    """Return the fields that rows of these channels can have, by name, in the order of their layouts."""
    fields: dict[str, RowField] = {}
    for channel in channels:
        for name in channel.extra_columns:
            known = fields.setdefault(name, RowField())
            known.kinds.add("text")
            sides = ("bid", "ask") if channel.is_book else ("buy", "sell")
            values = sides if name == "side" else ("set", "delete") if name == "action" else ()
            known.values |= dict.fromkeys(values, "")
            known.is_complete &= bool(values)
        for one in (f for layout in channel.layouts.values() for f in layout):
            _add_field(fields, one)
        for param in channel.params:
            if param.column:
                _add_parameter(fields, param)
    fields.setdefault("kind", RowField("the kind of a message", {"text"}, {str(kind): "" for kind in Kind}))
    return fields


def _add_field(fields: dict[str, RowField], one: Field) -> None:
    if one.type == "signed":
        side = fields.setdefault("side", RowField("side of the taker"))
        side.kinds.add("text")
        side.values |= {"buy": "", "sell": ""}
    unit = "time, RFC 3339 in UTC" if one.type in ("s", "ms", "us") else one.unit
    known = fields.setdefault(one.name, RowField("; ".join(t for t in (unit, one.note) if t)))
    known.kinds.add(field_kind(one))
    known.values |= {word: f"sent as {code}" for code, word in one.code_names.items()}
    known.codes |= one.code_names
    known.is_complete = False  # a code that is not documented is shown as it was sent


def _add_parameter(fields: dict[str, RowField], param: Param) -> None:
    known = fields.setdefault(param.column, RowField(param.note))
    known.kinds.add("text")
    known.normalise = param.normalise
    known.values |= {literal(v): "" for v in param.literal_values}
    known.is_complete &= bool(param.allowed) and len(param.literal_values) == len(param.allowed) and not param.is_list


def field_kind(one: Field) -> FieldKind:
    """Return what the values of a field are: what has a unit is a number."""
    if one.type in ("s", "ms", "us"):
        return "time"
    return "number" if one.type in ("signed", "abs") or (one.unit and not one.code_names) else "text"


def no_words() -> frozenset[str]:
    return frozenset()


@record
class KnownFields:
    """What is known of the messages that a condition is about.

    fields: of their rows. other_words: the keys of the exchange's messages, which a condition may name, too. spellings: of their symbols.
    channels: the names of the channels, for the user.
    """

    fields: Mapping[str, RowField]
    other_words: Callable[[], frozenset[str]] = no_words
    spellings: tuple[SymbolSpelling, ...] = ()
    channels: tuple[str, ...] = ()


def known_fields(
    channels: Iterable[Channel],
    *,
    channel_names: Iterable[str],
    spellings: Iterable[SymbolSpelling],
    other_words: Callable[[], frozenset[str]] = no_words,
) -> KnownFields:
    """Return what is known of the messages of some channels. channel_names: all that a message can have."""
    channels = tuple(channels)
    fields = row_fields(channels)
    fields.setdefault("channel", RowField("the channel's name", {"text"}, dict.fromkeys(channel_names, "")))
    for name in ("symbol", "code", "reason"):
        fields.setdefault(name, RowField("", {"text"}, is_complete=False))
    return KnownFields(fields, other_words, tuple(spellings), tuple(dict.fromkeys(c.name for c in channels)))
