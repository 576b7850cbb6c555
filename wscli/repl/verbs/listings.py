"""What `status` and `subscriptions` print: a table that fits the screen, an object a line (`-o json`), or `-o csv`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wscli.app.list_output import csv_list, list_format
from wscli.core.jsontext import Json, literal, written
from wscli.core.record import record
from wscli.core.tables.listing import ListColumn, list_text
from wscli.repl.verbs.invocation import Invocation
from wscli.repl.workspace.workspace import Workspace

Entry = dict[str, Json]


@record
class EntryList:
    """A list of entries: each as an object for programs, and as the cells of the columns for eyes. empty: what is said of none."""

    columns: Sequence[ListColumn]
    entries: Sequence[Entry]
    rows: Sequence[Sequence[str]]
    empty: str


def print_listing(workspace: Workspace, invocation: Invocation, listing: EntryList) -> None:
    """Print a list in the format of the line. Raises UsageError for one that a list does not have."""
    match list_format(invocation.flags):
        case "json":
            workspace.print_result("".join(f"{written(entry)}\n" for entry in listing.entries))
        case "csv" if listing.entries:
            names = [ListColumn(name) for name in listing.entries[0]]
            workspace.print_result(csv_list(names, [[*map(_csv_cell, entry.values())] for entry in listing.entries]))
        case "text" if listing.rows:
            width = listing_width(workspace, invocation)
            workspace.print_result(list_text(listing.columns, listing.rows, width))
        case "text":
            workspace.print_result(listing.empty)


def listing_width(workspace: Workspace, invocation: Invocation) -> int:
    """Return the columns of the screen that a list is shown on; 0 for a file, a command, or a script."""
    from wscli.help.pager import screen_width  # lazily: it brings subprocess

    return screen_width(0) if workspace.interactive and not invocation.is_redirected else 0


def _csv_cell(value: Json) -> str:
    """Return a value as a cell: a list as its items, an object as its pairs.

    >>> _csv_cell(["screen", "> a.jsonl"]), _csv_cell({"interval": "1m"}), _csv_cell(None), _csv_cell(True)
    ('screen; > a.jsonl', 'interval=1m', '', 'true')
    """
    match value:
        case None:
            return ""
        case list():
            return "; ".join(map(_csv_cell, value))
        case Mapping():
            return " ".join(f"{name}={_csv_cell(held)}" for name, held in value.items())
        case bool():
            return "true" if value else "false"
        case _:
            return literal(value)
