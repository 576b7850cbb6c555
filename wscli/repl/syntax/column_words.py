"""The names that may come next in --columns, best first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wscli.commands.suggestions import Suggestion, best_first, ranked_matches
from wscli.core.catalogue import Channel
from wscli.core.dialect import Dialect
from wscli.core.tables.column_choice import MADE_COLUMNS
from wscli.repl.syntax.condition_words import fields_of

MEANINGS = {"lag": "reception less the event's own time, in milliseconds", "exchange": "name of the exchange"}


def column_suggestions(
    dialect: Dialect | None, channels: Sequence[Channel], typed: str
) -> tuple[str, list[Suggestion]]:
    """Return which part of a list of columns is replaced, and by what. channels: those whose rows are shown."""
    lead = re.match(r"(?:.*,)?[+-]?", typed)
    name = typed[lead.end() :] if lead is not None else typed
    given = set(re.split(r"[,+-]+", typed[: len(typed) - len(name)]))
    known = fields_of(dialect, channels).fields
    offers = [Suggestion(column, about.meaning) for column, about in known.items() if column not in given]
    offers += [Suggestion(column, MEANINGS[column]) for column in MADE_COLUMNS if column not in given]
    return name, best_first(ranked_matches(name, offers))
