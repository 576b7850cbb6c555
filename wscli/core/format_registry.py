"""The output formats, by name, each with the class that shows it.

`commands` offers the names, `output.formats` imports the class of a format once a run shows it. A new format is a class and a row.
"""

from __future__ import annotations

from collections.abc import Mapping

FORMATS: Mapping[str, str] = {
    "json": "wscli.output.formats.json_format:JsonFormat",
    "pretty": "wscli.output.formats.pretty_format:PrettyFormat",
    "rows": "wscli.output.formats.rows_format:RowsFormat",
    "table": "wscli.output.formats.table_format:TableFormat",
    "event": "wscli.output.formats.event_format:EventFormat",
    "csv": "wscli.output.formats.csv_format:CsvFormat",
    "raw": "wscli.output.formats.raw_format:RawFormat",
}
