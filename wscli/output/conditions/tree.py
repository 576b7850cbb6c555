"""A condition as a tree, and whether it holds for a message or for one of its rows.

An answer is True, False, or None where a field is missing: `not` leaves that as it is, so that what is missing matches neither
`side = buy` nor `not side = buy`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, TypeAlias

from wscli.core.jsontext import MISSING, Json, value_at
from wscli.core.messages import Event
from wscli.core.record import record
from wscli.output.conditions.comparing import Compare

Row: TypeAlias = dict[str, Json]
Span: TypeAlias = tuple[int, int]  # from, up to


@record
class Comparison:
    """FIELD OP VALUE.

    name: a row's field ("price"), or a path into the message ("data.b.0.0"; list places are numbers, -1 the last).
    op: one of = != > >= < <= ~ !~ in between. values: one; two for between; any number for in.
    dotted: the path was written with a dot, so that the message is searched before the row.
    span, name_span, value_spans: where it stands in the text, and where its field and its values do, quotes included.
    """

    name: str
    op: str
    values: tuple[str, ...]
    path: tuple[str, ...]
    dotted: bool
    compare: Compare
    span: Span = (0, 0)
    name_span: Span = (0, 0)
    value_spans: tuple[Span, ...] = ()

    def respelled(self, text: str, *, name: str | None = None, values: Mapping[str, str] | None = None) -> str:
        """Return the text of this comparison with another field, and other values in place of some. text: that it was read from."""
        pieces = [name if name is not None else text[slice(*self.name_span)]]
        end = self.name_span[1]
        for value, span in zip(self.values, self.value_spans, strict=True):
            pieces += [text[end : span[0]], (values or {}).get(value, text[slice(*span)])]
            end = span[1]
        return "".join([*pieces, text[end : self.span[1]]])

    def matches_message(self, event: Event) -> bool | None:
        """Return whether it holds for the message as a whole; None when that depends on the row."""
        if self.dotted:
            value = value_at(event.payload, self.path)
            return None if value is MISSING else self.compare(value)
        if self.name == "kind":
            return self.compare(str(event.kind))
        if self.name == "channel" and event.channel is not None:
            return self.compare(event.channel)
        return None

    def matches_row(self, row: Row, event: Event) -> bool | None:
        """Return whether it holds for one row, where the message does not decide; the message is searched where the row has no such field."""
        value = row.get(self.name, MISSING)
        if value is MISSING:
            value = value_at(row, self.path)
        if value is MISSING:
            value = value_at(event.payload, self.path)
        return None if value is MISSING else self.compare(value)

    @property
    def comparisons(self) -> Iterator[Comparison]:
        yield self


@record
class AllOf:
    """Conditions joined by `and`."""

    parts: tuple[Condition, ...]
    dotted: ClassVar[bool] = False

    def matches_message(self, event: Event) -> bool | None:
        answers = [one.matches_message(event) for one in self.parts]
        return False if False in answers else None if None in answers else True

    def matches_row(self, row: Row, event: Event) -> bool | None:
        found: bool | None = True
        for one in self.parts:
            answer = _answer(one, row, event)
            if answer is False:
                return False
            found = found and answer
        return found

    @property
    def comparisons(self) -> Iterator[Comparison]:
        return _comparisons(self.parts)


@record
class AnyOf:
    """Conditions joined by `or`."""

    parts: tuple[Condition, ...]
    dotted: ClassVar[bool] = False

    def matches_message(self, event: Event) -> bool | None:
        answers = [one.matches_message(event) for one in self.parts]
        return True if True in answers else None if None in answers else False

    def matches_row(self, row: Row, event: Event) -> bool | None:
        is_missing = False
        for one in self.parts:
            answer = _answer(one, row, event)
            if answer:
                return True
            is_missing = is_missing or answer is None
        return None if is_missing else False

    @property
    def comparisons(self) -> Iterator[Comparison]:
        return _comparisons(self.parts)


@record
class Negation:
    """A condition behind `not`."""

    part: Condition
    dotted: ClassVar[bool] = False

    def matches_message(self, event: Event) -> bool | None:
        answer = self.part.matches_message(event)
        return None if answer is None else not answer

    def matches_row(self, row: Row, event: Event) -> bool | None:
        answer = _answer(self.part, row, event)
        return None if answer is None else not answer

    @property
    def comparisons(self) -> Iterator[Comparison]:
        return self.part.comparisons


Condition: TypeAlias = Comparison | AllOf | AnyOf | Negation


def conjuncts(condition: Condition) -> tuple[Condition, ...]:
    """Return the conditions that must all hold: the parts of an `and`, else the condition alone."""
    return (
        tuple(inner for part in condition.parts for inner in conjuncts(part))
        if isinstance(condition, AllOf)
        else (condition,)
    )


def missing_field(conditions: Sequence[Condition], event: Event, rows: Sequence[Row]) -> str | None:
    """Return the first field of conditions that neither a message nor any of its rows has; None where none is missing."""
    for one in _comparisons(conditions):
        if one.matches_message(event) is not None or value_at(event.payload, one.path) is not MISSING:
            continue
        if not any(one.name in row or value_at(row, one.path) is not MISSING for row in rows):
            return one.name
    return None


def _answer(condition: Condition, row: Row, event: Event) -> bool | None:
    answer = condition.matches_message(event)
    return condition.matches_row(row, event) if answer is None else answer


def _comparisons(conditions: Sequence[Condition]) -> Iterator[Comparison]:
    for one in conditions:
        yield from one.comparisons
