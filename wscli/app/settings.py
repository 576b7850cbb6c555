"""What the flags mean, without a socket: where an exchange is, what is shown, in which format and colour."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from wscli.commands.flags import DEFAULT_STYLE
from wscli.commands.options import Options
from wscli.core.catalogue import Channel
from wscli.core.dialect import Dialect, ServerUrls
from wscli.core.errors import UsageError, choices, suggestion
from wscli.core.jsontext import Json
from wscli.core.messages import DATA_KINDS, Command, Query, Subscribe, Unsubscribe
from wscli.core.record import record
from wscli.core.tables.column_choice import check_columns
from wscli.output.colors.palette import DEFAULT_PALETTE, PLAIN, Palette
from wscli.output.filters import Filter
from wscli.output.formats import Format, FormatSettings, format_class, formats_where
from wscli.output.rows import columns as columns_of
from wscli.output.sink import StreamOptions
from wscli.output.stdout import Output
from wscli.storage import credentials
from wscli.transport.signals import Signals

if TYPE_CHECKING:
    import re

    from wscli.output.conditions.tree import Condition
    from wscli.output.shaping.row_shape import RowShape
    from wscli.output.tables.table import RowTable

MAX_TERMINAL_ROWS = 200  # rows of the screen that one `pretty` message may take


@record
class Settings:
    """What a verb works with: the exchange, the flags, the signals' flag. api_pinned_by: the file that pins its API."""

    dialect: Dialect
    options: Options
    signals: Signals
    api_pinned_by: str | None = None


# --- where it goes ---


def check_location_flags(settings: Settings) -> None:
    options, dialect = settings.options, settings.dialect
    if sum((options.sim, options.testnet, options.url is not None)) > 1:
        raise UsageError("--sim, --testnet and --url exclude each other", "use one of them")
    if not options.sim and (flag := "--seed" if options.seed is not None else "--fault" if options.fault else ""):
        raise UsageError(f"{flag} works with the simulator only", "add --sim")
    if options.testnet and dialect.endpoints.testnet is None:
        raise UsageError(f"{dialect.name} has no test network", "--sim uses the simulator")
    if options.url is not None:
        from wscli.transport.urls import websocket_url  # lazily, as the others here: most lines have no such flag

        websocket_url(options.url)
    if options.proxy:
        from wscli.transport.proxy import parse_proxy

        parse_proxy(options.proxy)
    if options.profile is not None:
        credentials.find(dialect.name, os.environ, options.profile)
    if options.cacert is not None and not os.path.exists(options.cacert):  # noqa: PTH110
        raise UsageError(
            f"--cacert {options.cacert}: no such file", "name a PEM file of certificates, or a directory of them"
        )
    if options.header:
        from wscli.storage.headers import check_headers

        check_headers(options.header)


def chosen_places(settings: Settings) -> ServerUrls:
    options, dialect = settings.options, settings.dialect
    if options.url is not None:
        from wscli.transport.urls import websocket_url

        url = websocket_url(options.url)
        parts = urlsplit(url)
        base = f"{'https' if parts.scheme == 'wss' else 'http'}://{parts.netloc}"
        known = parts.hostname in {urlsplit(u).hostname for u in dialect.endpoints.production.sockets.values()}
        return ServerUrls(
            dict.fromkeys(dialect.endpoints.production.sockets, url),
            dialect.endpoints.production.http_url if known else base,
        )
    return (
        dialect.endpoints.testnet
        if options.testnet and dialect.endpoints.testnet is not None
        else dialect.endpoints.production
    )


# --- what is shown ---


def wanted_output(settings: Settings) -> StreamOptions:
    """Return what the flags want shown. Raises UsageError for a filter that cannot be read."""
    options = settings.options
    format = format_class(output_format(options))
    if options.query is not None and not format.projectable:
        *names, last = formats_where(lambda one: one.projectable)
        raise UsageError(f"--query cannot be shown with -o {format.name}", f"use -o {', '.join(names)} or {last}")
    for symbol in options.symbol:
        _check_symbol(settings.dialect, symbol)
    if options.on or options.exec_ or options.bell:
        from wscli.app.alerts.flags import alert_specs  # lazily: few lines have any

        alert_specs(options)
    show_value = format(FormatSettings(palette=palette_of(options))).show_value
    chosen = Filter(
        where=_conditions("--where", options.where),
        grep=_pattern(options.grep) if options.grep is not None else None,
        symbols=frozenset(options.symbol),
        channels=frozenset(
            _check_known(
                name, [c.name for c in (*settings.dialect.facts.channels, *settings.dialect.facts.queries)], "channel"
            )
            for name in options.channel
        ),
        kinds=frozenset(_check_known(name, [str(k) for k in sorted(DATA_KINDS)], "kind") for name in options.kind),
    )
    return StreamOptions(
        filter=chosen,
        until=_conditions("--until", options.until),
        count=options.count,
        rows=options.rows,
        for_s=options.for_s,
        wait_s=options.wait_s,
        all=options.all_,
        verbose=options.verbose,
        show_gaps=format.shows_gaps,
        verbatim=None if sys.stdout.isatty() else format.verbatim,
        project=_projection(options.query) if options.query is not None else None,
        format_projected=_terminal_safe(show_value)
        if sys.stdout.isatty() and not format.safe_on_terminal
        else show_value,
    )


def _conditions(flag: str, texts: Sequence[str]) -> tuple[Condition, ...]:
    if not texts:
        return ()
    from wscli.output.conditions.grammar import parse_conditions  # lazily, as below: most streams do without
    from wscli.output.conditions.mistakes import TypedAt

    return parse_conditions(texts, TypedAt(flag))


def _pattern(text: str) -> re.Pattern[str]:
    from wscli.output.conditions.comparing import compile_pattern

    return compile_pattern(text)


def _projection(expression: str) -> Callable[[Json], Json]:
    from wscli.output.projection import compile_query

    return compile_query(expression)


def _terminal_safe(show: Callable[..., str]) -> Callable[..., str]:
    from wscli.output.terminal_safe import terminal_safe_function

    return terminal_safe_function(show)


def _check_symbol(dialect: Dialect, symbol: str) -> None:
    """Raise UsageError for a symbol that this exchange cannot have meant: a filter that never matches waits for ever."""
    shapes = [
        dialect.facts.symbol_spelling,
        *(c.symbol_spelling for c in dialect.facts.channels if c.symbol_spelling is not None),
    ]
    if not any(shape.matches(symbol) for shape in shapes):
        near = next((found for shape in shapes if (found := shape.suggestion(symbol))), None)
        message = f"--symbol {symbol}: {dialect.name} writes symbols {dialect.facts.symbol_spelling.description}, like {dialect.facts.symbol_spelling.example}"
        raise UsageError(
            message,
            f"did you mean {near}?" if near else f"for example: --symbol {dialect.facts.symbol_spelling.example}",
        )


def _check_known(word: str, among: Sequence[str], what: str) -> str:
    if word not in among:
        raise UsageError(f"--{what}: no {what} named {word!r}", choices(word, dict.fromkeys(among)))
    return word


def output_format(options: Options) -> str:
    return options.output or ("pretty" if sys.stdout.isatty() else "json")


def check_format(name: str | None, allowed: Sequence[str], subject: str, hint: str | None = None) -> None:
    """Raise UsageError for a format of -o that a verb does not show. subject: what the error is about.

    >>> check_format(None, ("json", "pretty"), "book"), check_format("json", ("json", "pretty"), "book")
    (None, None)
    """
    if name is not None and name not in allowed:
        raise UsageError(f"{subject} has no -o {name}", hint or suggestion(None, allowed))


def is_coloured(options: Options) -> bool:
    """Say whether to colour: on a terminal, unless NO_COLOR or TERM=dumb says no; --color overrules both."""
    if options.color not in (None, "auto"):
        return options.color == "always"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def palette_of(options: Options) -> Palette:
    """Return the colours that the options choose."""
    if not is_coloured(options):
        return PLAIN
    name = style_name(options)
    if name == DEFAULT_STYLE:
        return DEFAULT_PALETTE
    from wscli.output.colors.pygments_styles import palette_named  # lazily: pygments, 11 ms

    return palette_named(name, truecolor=has_truecolor(os.environ))


def style_name(options: Options) -> str:
    """Return the name of the style in use: the one that is chosen, else wscli's own."""
    return options.style or DEFAULT_STYLE


def has_truecolor(env: Mapping[str, str]) -> bool:
    """Return whether the terminal says that it shows 24 bits of colour.

    >>> has_truecolor({"COLORTERM": "truecolor"}), has_truecolor({"TERM": "xterm-256color"})
    (True, False)
    """
    return env.get("COLORTERM") in ("truecolor", "24bit")


def terminal_width() -> int:
    """Return the columns of the terminal that standard output is, as they are now (a microsecond)."""
    return os.get_terminal_size(1).columns or 80


def shared_table() -> RowTable:
    """Return the table of the rows of several views, as wide as the terminal; in a pipe as wide as it is."""
    from wscli.output.tables.table import RowTable  # lazily: only -o table

    return RowTable(terminal_width if sys.stdout.isatty() else lambda: 0)


def make_view(
    settings: Settings,
    commands: Sequence[Command],
    *,
    columns: Sequence[str] = (),
    shows_exchange: Callable[[], bool] | None = None,
    table: RowTable | None = None,
    redirected: bool = False,
    report: Callable[[str], None] | None = None,
) -> Format:
    """Return the view that -o names.

    columns: of csv; from the catalogue where none are given. shows_exchange: whether rows say which exchange they are of. table: the
    one that the rows of several views share. redirected: to a pipe or a file, whatever standard output is. report: takes notes on what
    csv leaves out; without it they go to standard error.
    """
    format = format_class(output_format(settings.options))
    is_terminal = sys.stdout.isatty() and not redirected
    shape = row_shape(settings)
    channels = channels_of(settings.dialect, commands)
    columns = columns or columns_of(channels)
    choice = shape.columns if shape is not None else None
    how = FormatSettings(
        exchange=settings.dialect.name,
        dialect=settings.dialect,
        columns=shape.columns_of(columns, channels) if shape is not None else columns,
        columns_are_chosen=choice is not None and bool(choice.names),
        palette=palette_of(settings.options),
        width=terminal_width() if is_terminal else format.pipe_width,
        measured_width=terminal_width if is_terminal else None,
        max_rows=MAX_TERMINAL_ROWS if is_terminal else None,
        safe_csv=settings.options.csv_safe,
        show_exchange=None if choice is not None and choice.decides_exchange else shows_exchange,
        table=table,
        warn=report or Output(quiet=settings.options.quiet, timestamps=settings.options.verbose).note,
    )
    view: Format = format(how)
    if shape is not None and format.needs_rows:
        from wscli.output.shaping.row_shape import ShapedFormat  # lazily, as below: most streams do without

        view = ShapedFormat(format(how), shape)
    if format.safe_on_terminal or not is_terminal:
        return view
    from wscli.output.terminal_safe import TerminalSafeFormat

    return TerminalSafeFormat(view)


def row_shape(settings: Settings) -> RowShape | None:
    """Return what --columns, --time and --group-digits want of rows; None where they want nothing."""
    options = settings.options
    if options.columns is None and options.time in (None, "utc") and not options.group_digits:
        return None
    from wscli.output.shaping.row_shape import RowShape

    return RowShape(settings.dialect, options.columns, options.time or "utc", options.group_digits)


def check_shape(settings: Settings, commands: Sequence[Command]) -> None:
    """Raise UsageError for a column that the rows of commands cannot have, and for times that are chosen and left out."""
    shape = row_shape(settings)
    if shape is None or shape.columns is None or shape.columns.is_setting:
        return
    format = format_class(output_format(settings.options))
    if not format.needs_rows:
        raise UsageError(f"--columns cannot be shown with -o {format.name}", "use -o table, rows or csv")
    channels = channels_of(settings.dialect, commands)
    check_columns(shape.columns, columns_of(channels))
    if shape.columns.names and not shape.columns_of((), channels):
        raise UsageError("--time none leaves out all of --columns", "leave out --time none")


def channels_of(dialect: Dialect, commands: Sequence[Command]) -> tuple[Channel, ...]:
    """Return the catalogue entries that commands speak of; all channels when they speak of none."""
    found: list[Channel | None] = []
    for command in commands:
        match command:
            case Subscribe(channel=name) | Unsubscribe(channel=name):
                found.append(dialect.channel(name))
            case Query(name=name):
                found.append(dialect.query(name))
    return tuple(c for c in found if c is not None) or dialect.facts.channels
