"""A list that a verb prints (exchanges, channels, symbols, styles): for eyes, or as JSON or CSV for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from wscli.app.settings import check_format
from wscli.commands.flag_table import LIST_FORMATS, formats_of
from wscli.commands.options import Options
from wscli.core.tables.listing import ListColumn

ListFormat: TypeAlias = Literal["json", "csv", "text"]


def list_format(options: Options) -> ListFormat:
    """Return how a list is wanted. Raises UsageError for a format that only messages have.

    >>> list_format(Options()), list_format(Options(output="table")), list_format(Options(output="csv"))
    ('text', 'text', 'csv')
    """
    check_format(options.output, LIST_FORMATS, "a list")
    return "json" if options.output == "json" else "csv" if options.output == "csv" else "text"


def csv_list(columns: Iterable[ListColumn], rows: Iterable[Sequence[str]]) -> str:
    """Return a list as CSV; its header has the headings in small letters.

    >>> csv_list([ListColumn("WIRE NAME"), ListColumn("NOTES")], [("a", "b, c")])
    'wire_name,notes\\na,"b, c"\\n'
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.heading.lower().replace(" ", "_") for column in columns])
    writer.writerows(rows)
    return text.getvalue()


def wants_json(verb: str, options: Options) -> bool:
    """Return whether what a verb prints, no list, is wanted as JSON. Raises UsageError for a format that the verb has not."""
    check_format(options.output, formats_of(verb), verb)
    return options.output == "json"
