"""How messages are shown at the prompt, from the flags of a line and what is on the screen already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from wscli.app.settings import Settings, channels_of, check_shape, make_view, output_format, wanted_output
from wscli.core.messages import Command, ReceivedMessage
from wscli.core.record import record, replace
from wscli.core.tables.column_choice import NUMBER_COLUMN
from wscli.output.conditions.unmatched import UnmatchedWatch
from wscli.output.formats import format_class
from wscli.output.rows import columns as columns_of
from wscli.repl.display.filter_text import filter_texts
from wscli.repl.display.streams import Display, Numbers

if TYPE_CHECKING:
    from wscli.output.tables.table import RowTable


@record
class Screen:
    """What the messages of all exchanges share. csv_columns: settled by the first stream. shows_exchange: several are open.

    report: takes notes on what csv leaves out.
    """

    interactive: bool
    csv_columns: Sequence[str]
    table: Callable[[], RowTable]
    shows_exchange: Callable[[], bool]
    report: Callable[[str], None]


def display_for(
    settings: Settings, commands: Sequence[Command], screen: Screen, *, redirected: bool = False, numbered: bool = False
) -> Display:
    """Return how messages are shown.

    redirected: in a pipe or a file, whatever standard output is. numbered: with their numbers in every format, where they are for eyes;
    in a table of their own.
    """
    if redirected:
        settings = replace(settings, options=replace(settings.options, output=settings.options.output or "json"))
    options, format = settings.options, output_format(settings.options)
    numbers: Numbers = "none"
    if screen.interactive and not redirected and (numbered or format == "pretty"):
        numbers = "column" if format in ("table", "csv") else "message" if format == "pretty" else "line"
    columns: Sequence[str] = ()
    if numbers == "column":
        columns = (NUMBER_COLUMN, *columns_of(channels_of(settings.dialect, commands)))
    elif format == "csv" and not redirected:
        columns = screen.csv_columns
    wanted = wanted_output(settings)
    check_shape(settings, commands)
    view = make_view(
        settings,
        commands,
        columns=columns,
        shows_exchange=screen.shows_exchange,
        table=screen.table() if format == "table" and not (redirected or numbered) else None,
        redirected=redirected,
        report=screen.report,
    )
    project, render_projected = wanted.project, wanted.format_projected

    def projection(received: ReceivedMessage) -> str:
        value = project(received.event.payload) if project is not None else None
        return render_projected(value) if value is not None and render_projected is not None else ""

    watched = screen.interactive and not redirected and bool(options.where)
    return Display(
        wanted.filter,
        view,
        numbers,
        projection if project is not None else None,
        filter_texts(options),
        names_exchange=project is None and format_class(format).names_exchange,
        watch=UnmatchedWatch(options.where, "where") if watched else None,
    )
