"""Conditions against what is known of the messages that they are about: a condition that can never match is refused before it waits for ever."""

from __future__ import annotations

from collections.abc import Sequence

from wscli.app.api_choice import retired_dialects
from wscli.commands.retired import successor_field
from wscli.core.dialect import Dialect
from wscli.core.errors import UsageError
from wscli.core.messages import Command
from wscli.output.conditions.grammar import parse_condition
from wscli.output.conditions.mistakes import TypedAt
from wscli.output.conditions.tree import Comparison, Condition


def check_conditions(dialect: Dialect, commands: Sequence[Command], typed_at: TypedAt, texts: Sequence[str]) -> None:
    """Raise UsageError for a condition that cannot be read, or that can never match. commands: what is subscribed."""
    for text in texts:
        condition = parse_condition(text, typed_at)
        for comparison in condition.comparisons:
            _check_paths(dialect, commands, typed_at, text, condition, comparison)


def _check_paths(
    dialect: Dialect,
    commands: Sequence[Command],
    typed_at: TypedAt,
    text: str,
    condition: Condition,
    comparison: Comparison,
) -> None:
    """Raise UsageError for a comparison of what only the messages of a retired API have; the hint is the same with the row's field."""
    for old in retired_dialects(dialect):
        there = successor_field(old, dialect, commands, comparison.name)
        if there is None:
            continue
        codes = {value: there.codes[value] for value in comparison.values if value in there.codes}
        respelled = comparison.respelled(text, name=there.field, values=codes)
        joined = " and ".join([*there.conditions, respelled])
        if there.conditions and condition is not comparison:
            joined = f"({joined})"
        start, end = comparison.span
        raise UsageError(
            f"{typed_at.before} {text!r}: {comparison.name} belongs to {old.name} {old.api.name}; "
            f"{there.channel} of {dialect.api.name} does not have it",
            typed_at.line(f"{text[:start]}{joined}{text[end:]}"),
            word=text[start:end],
        )
