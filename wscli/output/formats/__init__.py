"""The output formats: one class each, found by name. A format returns text and writes nothing.

No format rewrites what an exchange sent: `json`, `event`, `raw` and `pretty` show the received text; `rows`, `table` and `csv`
show labelled rows, whose numbers are the received literals.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wscli.core.registry import FORMATS, load
from wscli.output.formats.base import Format, FormatSettings, OutputFormat

__all__ = ["FORMATS", "Format", "FormatSettings", "OutputFormat", "format_class", "formats_where", "make_format"]


def format_class(name: str) -> type[OutputFormat]:
    """Return the class of a format. Raises ValueError for an unknown name."""
    if name not in FORMATS:
        raise ValueError(f"no output format named {name!r}")  # the flags accept none
    found: type[OutputFormat] = load(FORMATS[name])
    return found


def make_format(name: str, **settings: Any) -> OutputFormat:
    """Return a format. settings: the fields of FormatSettings. Raises ValueError for an unknown name."""
    return format_class(name)(FormatSettings(**settings))


def formats_where(condition: Callable[[type[OutputFormat]], bool]) -> tuple[str, ...]:
    """Return the names of the formats whose class meets a condition, in the order of the table.

    >>> formats_where(lambda one: one.needs_rows)
    ('rows', 'table', 'csv')
    """
    return tuple(name for name in FORMATS if condition(format_class(name)))
