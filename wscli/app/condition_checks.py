"""Conditions against what is known of the messages that they are about: a condition that can never match is refused before it waits for ever."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise, product

from wscli.app.api_choice import retired_dialects
from wscli.commands.retired import successor_field
from wscli.core.catalogue import Channel
from wscli.core.dialect import Dialect
from wscli.core.errors import UsageError
from wscli.core.messages import Command, Query, Subscribe
from wscli.exchanges import find_dialect
from wscli.exchanges.transcript import transcript_lines, transcript_of
from wscli.output.conditions.checking import Mistake, mistakes_in
from wscli.output.conditions.fields import KnownFields, known_fields
from wscli.output.conditions.grammar import parse_condition
from wscli.output.conditions.mistakes import InvalidCondition, TypedAt
from wscli.output.conditions.tree import Condition


def check_conditions(
    dialect: Dialect, commands: Sequence[Command], typed_at: TypedAt, texts: Sequence[str]
) -> list[str]:
    """Raise UsageError for a condition that cannot be read, or that can never match; return remarks on those that may not.

    commands: what is subscribed, or asked.
    """
    known = fields_of_commands(dialect, commands)
    remarks = []
    for text in texts:
        condition = _parsed(text, typed_at, known)
        _check_paths(dialect, commands, typed_at, text, condition)
        remarks += _check_fields(known, typed_at, text, condition)
    return remarks


def check_for_all(subscribed: Sequence[tuple[Dialect, Sequence[Command]]], typed_at: TypedAt, text: str) -> list[str]:
    """Do the same for a condition on the messages of several exchanges, which holds for what is subscribed later, too."""
    known = fields_of_dialects([dialect for dialect, _ in subscribed])
    condition = _parsed(text, typed_at, known)
    for dialect, commands in subscribed:
        _check_paths(dialect, commands, typed_at, text, condition)
    return _check_fields(known, typed_at, text, condition)


def _parsed(text: str, typed_at: TypedAt, known: KnownFields | None) -> Condition:
    """Return the condition of a text. Raises InvalidCondition, whose hint is a line that is accepted here."""
    try:
        return parse_condition(text, typed_at)
    except InvalidCondition as error:
        error.offer(_accepted(error.corrected, known))
        raise


# --- fields and their values ---------------------------------------------------------------------


def fields_of_commands(dialect: Dialect, commands: Iterable[Command]) -> KnownFields | None:
    """Return what is known of the messages that commands bring; None where one brings what the catalogue does not describe."""
    channels = [
        dialect.channel(one.channel) if isinstance(one, Subscribe) else dialect.query(one.name)
        for one in commands
        if isinstance(one, Subscribe | Query)
    ]
    described = [channel for channel in channels if channel is not None and channel.layouts]
    return _fields_of([(dialect, described)]) if described and len(described) == len(channels) else None


def fields_of_dialects(dialects: Sequence[Dialect]) -> KnownFields | None:
    """Return what is known of all messages of some APIs; None where one of them is described nowhere."""
    if not dialects or not all(dialect.facts.channels for dialect in dialects):
        return None
    return _fields_of([(dialect, (*dialect.facts.channels, *dialect.facts.queries)) for dialect in dialects])


def _fields_of(places: Sequence[tuple[Dialect, Sequence[Channel]]]) -> KnownFields:
    entries = [(dialect.facts, channel) for dialect, channels in places for channel in channels]
    all_names = (entry.name for dialect, _ in places for entry in (*dialect.facts.channels, *dialect.facts.queries))
    return known_fields(
        [channel for _, channel in entries],
        channel_names=[*(channel.name for _, channel in entries), *all_names],
        spellings=dict.fromkeys(channel.symbol_spelling or facts.symbol_spelling for facts, channel in entries),
        other_words=lambda: frozenset(
            word
            for dialect, channels in places
            for word in message_keys(dialect.name, dialect.api.name, frozenset(channel.name for channel in channels))
        ),
    )


def _check_fields(known: KnownFields | None, typed_at: TypedAt, text: str, condition: Condition) -> list[str]:
    """Raise UsageError for a condition that can never match; return remarks on one that may not.

    known: None where the messages are described nowhere.
    """
    remarks = []
    for mistake in mistakes_in(text, condition, known) if known is not None else ():
        hint = _hint(mistake, typed_at, known)
        start, end = mistake.span
        message = f"{typed_at.before} {text!r}: {mistake.reason}"
        if mistake.is_fatal:
            raise UsageError(f"{message}, at character {start + 1}", hint, word=text[start:end])
        remarks.append(f"{message}; {hint}" if hint else message)
    return remarks


def _hint(mistake: Mistake, typed_at: TypedAt, known: KnownFields | None) -> str | None:
    corrected = _accepted(mistake.corrected, known)
    if corrected is not None:
        return f"did you mean {typed_at.line(corrected)}?"
    if mistake.advice.startswith("the fields: "):
        return mistake.advice
    return f"for example: {typed_at.line(mistake.advice)}" if mistake.advice else None


def _accepted(corrected: str | None, known: KnownFields | None) -> str | None:
    """Return a corrected text, corrected again until nothing in it is wrong; None where that cannot be done."""
    for _ in range(8):
        if corrected is None:
            return None
        try:
            condition = parse_condition(corrected)
        except UsageError:
            return None
        wrong = [one for one in mistakes_in(corrected, condition, known) if one.is_fatal] if known is not None else []
        if not wrong:
            return corrected
        corrected = wrong[0].corrected
    return None


@lru_cache(maxsize=8)
def message_keys(exchange: str, api: str, channels: frozenset[str]) -> frozenset[str]:
    """Return the keys of the messages of channels: those of the catalogue, and those of the examples in the transcript."""
    dialect = find_dialect(exchange, api)
    entries = (*dialect.facts.channels, *dialect.facts.queries)
    keys = {
        str(field.key) for one in entries if one.name in channels for fields in one.layouts.values() for field in fields
    }
    for received, classified in pairwise(transcript_lines(transcript_of(dialect))):
        if (received.mark, classified.mark) == ("<", "=") and channels.intersection(classified.text.split()[1:2]):
            keys.update(re.findall(r'"([^"\\]+)"\s*:', received.text))
    return frozenset(keys)


# --- paths of a retired API ----------------------------------------------------------------------


def _check_paths(
    dialect: Dialect, commands: Sequence[Command], typed_at: TypedAt, text: str, condition: Condition
) -> None:
    """Raise UsageError for a condition on what only the messages of a retired API have; the hint is the same with the row's field."""
    for old, comparison in product(retired_dialects(dialect), condition.comparisons):
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
