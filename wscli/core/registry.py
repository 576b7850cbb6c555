"""Tables of code by name: a row holds "module:name", and the module is imported once the row is used."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

# The output formats, each with the class that shows it: `commands` offers the names, `output.formats` loads the class.
FORMATS: Mapping[str, str] = {
    "json": "wscli.output.formats.json_format:JsonFormat",
    "pretty": "wscli.output.formats.pretty_format:PrettyFormat",
    "rows": "wscli.output.formats.rows_format:RowsFormat",
    "table": "wscli.output.formats.table_format:TableFormat",
    "event": "wscli.output.formats.event_format:EventFormat",
    "csv": "wscli.output.formats.csv_format:CsvFormat",
    "raw": "wscli.output.formats.raw_format:RawFormat",
}


def load(reference: str) -> Any:
    """Return what a reference names.

    >>> load("wscli.core.registry:load") is load
    True
    """
    module, _, name = reference.partition(":")
    return getattr(import_module(module), name)
