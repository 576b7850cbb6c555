"""What needs no socket: the catalogue (`channels`), `explain`, and the list of styles."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence

from wscli.app.api_detection import ApiDetector, ambiguity_note
from wscli.app.api_routing import with_api_of_words, with_configured_api
from wscli.app.exchange_list import api_as_json
from wscli.app.list_output import csv_list, list_format
from wscli.app.settings import Settings, check_shape, has_truecolor, is_coloured, make_view, row_shape, wanted_output
from wscli.commands.flags import DEFAULT_STYLE
from wscli.commands.options import Options
from wscli.commands.parser import subscriptions
from wscli.commands.reference import (
    OVERVIEW_COLUMNS,
    VERB_OF_KIND,
    CatalogueEntry,
    api_status,
    entries,
    entry_page,
    example_frames,
    overview,
    overview_row,
)
from wscli.core.catalogue import Channel
from wscli.core.dialect import Dialect, split_by_symbol, with_channels_of
from wscli.core.errors import UsageError, choices
from wscli.core.jsontext import Json, parsed, written
from wscli.core.messages import ActiveSubscription, Kind, ReceivedMessage, Subscribe
from wscli.core.record import replace
from wscli.core.shared_map import with_entries
from wscli.core.tables.listing import ListColumn, wrapped
from wscli.exchanges import exchange_dialects
from wscli.exchanges.transcript import received_example
from wscli.output.explain import explanation, explanation_rows
from wscli.output.json_layout import escape_controls
from wscli.output.rows import columns, has_labels, rows_of
from wscli.output.stdout import Output
from wscli.storage import stdin

# --- channels ------------------------------------------------------------------------------------


def channels_page(settings: Settings, name: str | None, width: int = 0) -> str:
    """Return the catalogue of an exchange, or one entry of it in full: of each of its APIs, unless one is chosen.

    width: of the screen, to which lines are wrapped; 0 wraps none.
    """
    found, format = _catalogues(settings, name), list_format(settings.options)
    if format == "json":
        return "".join(
            f"{written(_entry_as_json(dialect, kind, c))}\n" for dialect, entries in found for kind, c in entries
        )
    if format == "csv":
        rows = [(d.name, d.api.name, *overview_row(kind, c)) for d, entries in found for kind, c in entries]
        return csv_list((ListColumn("EXCHANGE"), ListColumn("API"), *OVERVIEW_COLUMNS), rows)
    if name is not None:
        return "\n".join(
            entry_page(dialect, kind, c, received=received_example(dialect, kind, c.name), width=width)
            for dialect, entries in found
            for kind, c in entries
        )
    return "\n".join(
        "".join(f"{line}\n" for line in _status_lines(dialect, width)) + overview(entries, width)
        for dialect, entries in found
    )


def _status_lines(dialect: Dialect, width: int) -> list[str]:
    return wrapped(api_status(dialect), width) if width else [api_status(dialect)]


def _catalogues(settings: Settings, name: str | None) -> list[tuple[Dialect, list[CatalogueEntry]]]:
    """Return the entries of that name of each API that has some. Raises UsageError where none has."""
    settings = with_configured_api(settings)
    dialects = (settings.dialect,) if settings.options.api is not None else exchange_dialects(settings.dialect.name)
    found = [
        (d, [e for e in entries(d) if name is None or name == e[1].name or name in e[1].templates]) for d in dialects
    ]
    kept = [(dialect, those) for dialect, those in found if those]
    if kept or name is None:
        return kept
    names = [*dict.fromkeys(c.name for d in dialects for _, c in entries(d))]
    raise UsageError(f"{settings.dialect.name} has no channel named {name!r}", choices(name, names), word=name)


def _entry_as_json(dialect: Dialect, kind: str, c: Channel) -> dict[str, Json]:
    """Return a catalogue entry as JSON, for programs."""
    verb = VERB_OF_KIND[kind]
    return {
        "exchange": dialect.name,
        "api": api_as_json(dialect),
        "kind": kind,
        "name": c.name,
        "summary": c.summary,
        "private": c.private,
        "wire": c.wire_name or None,
        "symbols": {
            "least": c.symbol_limits[0],
            "most": c.symbol_limits[1],
            "like": (c.symbol_spelling or dialect.facts.symbol_spelling).example,
        },
        "params": [
            {
                "name": p.name,
                "type": p.type,
                "allowed": list(p.allowed) or None,
                "default": p.default,
                "required": p.default is None and not p.optional,
                "minimum": p.minimum,
                "maximum": p.maximum,
                "note": p.note or None,
            }
            for p in c.params
        ],
        "fields": {
            name: [
                {
                    "at": f.key,
                    "name": f.name,
                    "type": f.type,
                    "unit": f.unit or None,
                    "words": dict(f.code_names) or None,
                    "note": "; ".join(note for note in (f.note, f.wire_note) if note) or None,
                }
                for f in fields
            ]
            for name, fields in c.layouts.items()
        },
        "adds": list(c.extra_columns),
        "example": f"wscli {dialect.name} {_api_flag(dialect)}{verb} "
        + (f"'{c.example}'" if kind == "frame" else c.example or c.name),
        "frames": example_frames(dialect, verb, c),
        "received": received_example(dialect, kind, c.name) or None,
        "docs": c.docs or dialect.facts.docs,
    }


def _api_flag(dialect: Dialect) -> str:
    """Return the flag without which the words of an API may mean its successor."""
    return f"--api {dialect.api.name} " if dialect.facts.successor is not None else ""


# --- styles --------------------------------------------------------------------------------------


def styles_page(options: Options) -> str:
    """Return the names of the styles, one a line: as JSON for programs, in colour with a sample of each."""
    from wscli.output.colors import style_list  # lazily: it imports pygments

    if (format := list_format(options)) == "json":
        return style_list.json_lines(DEFAULT_STYLE)
    if format == "csv":
        return f"name\n{style_list.name_lines(DEFAULT_STYLE)}"
    if is_coloured(options):
        return style_list.sample_lines(DEFAULT_STYLE, truecolor=has_truecolor(os.environ))
    return style_list.name_lines(DEFAULT_STYLE)


# --- explain -------------------------------------------------------------------------------------


def explain_messages(settings: Settings, words: Sequence[str], *, width: int = 0) -> Iterator[str]:
    """Yield each message of the words (or of standard input) labelled; later words say what it was subscribed as.

    width: of the screen, where an explanation is for one.
    """
    if not words:
        raise UsageError(
            "explain needs a message", f"wscli {settings.dialect.name} explain '{{…}}', or - for standard input"
        )
    source: Iterable[str] = stdin.lines() if words[0] == "-" else _single_message(words[0])
    exact = (
        settings.options.api is not None
    )  # an API of the configuration is where it begins: the evidence may name another
    settings = with_api_of_words(settings, "subscribe", words[1:]) if len(words) > 1 else with_configured_api(settings)
    subscribed = subscriptions(settings.dialect, words[1:]) if len(words) > 1 else ()
    show = _Explainer(settings, subscribed, exact=exact, width=width)
    shown = 0
    for number, text in enumerate((t for t in source if t.strip()), 1):
        if part := show(text, number):
            shown += 1
            yield part
        if settings.options.count is not None and shown >= settings.options.count:
            return


def _with_symbols_of_api(dialect: Dialect, subscribe: Subscribe) -> Subscribe:
    """Return a subscription with its symbols as this API writes them: the words may be those of another one."""
    channel = dialect.channel(subscribe.channel)
    shape = (channel.symbol_spelling if channel is not None else None) or dialect.facts.symbol_spelling
    return replace(subscribe, symbols=tuple(shape.normalise(symbol) for symbol in subscribe.symbols))


def _single_message(text: str) -> list[str]:
    """Return the message of one word. Raises UsageError for what is not JSON: here it is a slip of quoting."""
    try:
        parsed(text)
    except ValueError as error:
        raise UsageError(
            f"not JSON: {error}", "put the message in quotes; - reads messages from standard input"
        ) from None
    return [text]


class _Explainer:
    """The fold of `explain`: every message meets what the earlier ones taught."""

    def __init__(self, settings: Settings, subscriptions: Sequence[Subscribe], *, exact: bool, width: int = 0) -> None:
        """exact: no other API than the desk's is meant."""
        self.settings, self.subscriptions, self.width = settings, subscriptions, width
        others = [] if exact else [d for d in exchange_dialects(settings.dialect.name) if d is not settings.dialect]
        dialects = (settings.dialect, *others)
        self.detector = ApiDetector(dialects)
        self.ambiguity_noted = False
        self.wanted = wanted_output(replace(settings, dialect=with_channels_of(dialects)))  # --channel of any API
        self.hint_given = False
        self.format = settings.options.output or ("pretty" if sys.stdout.isatty() else "rows")
        every = () if subscriptions else columns([c for d in dialects for c in (*d.facts.channels, *d.facts.queries)])
        shaped = replace(settings, options=replace(settings.options, output=self.format))
        check_shape(shaped, subscriptions)
        is_own = self.format == "pretty" or (self.format == "rows" and row_shape(settings) is None)
        self.view = None if is_own else make_view(shaped, subscriptions, columns=every)
        self.head_written = False

    def __call__(self, text: str, number: int) -> str:
        try:
            payload: Json = parsed(text)
        except ValueError:
            payload = text
        reader = self.detector
        reader.detect(payload)
        dialect, state = reader.dialect, reader.state
        for subscribe in self.subscriptions:
            for one in split_by_symbol(
                subscribe if dialect is self.settings.dialect else _with_symbols_of_api(dialect, subscribe)
            ):
                key = dialect.codec.explain_key(payload, one)
                if key is not None and key not in state.active:
                    state = replace(state, active=with_entries(state.active, {key: ActiveSubscription(one)}))
        event = dialect.codec.decode(payload, state)
        if event.kind is Kind.UNKNOWN:
            self._hint_once(payload)
        if not (self.ambiguity_noted or self.subscriptions) and (other := reader.other_reading(event)) is not None:
            self.ambiguity_noted = True
            Output(quiet=self.settings.options.quiet, timestamps=self.settings.options.verbose).note(
                escape_controls(ambiguity_note(dialect, *other))
            )
        reader.learn(event)
        received = ReceivedMessage(event, text, 0, number)
        made = tuple(rows_of(dialect, event))
        kept = self.wanted.filter.keep(received, lambda: made)
        if not kept.shown:
            return ""
        if self.format == "pretty":
            return explanation(dialect, received, self.width) + "\n"
        if self.view is None:
            labelled = kept.matching(lambda: made) if has_labels(made) else explanation_rows(dialect, event)
            return "".join(f"{written(row)}\n" for row in labelled)
        head, self.head_written = "" if self.head_written else self.view.header(), True
        return head + self.view.show(received, kept.matching(lambda: made))

    def _hint_once(self, payload: Json) -> None:
        """Say once what may be missing: the words of a frame that names no channel, or that this is a recording."""
        if self.hint_given:
            return
        self.hint_given = True
        name = self.settings.dialect.name
        if isinstance(payload, dict) and {"direction", "exchange"} <= set(payload):
            Output(quiet=self.settings.options.quiet, timestamps=self.settings.options.verbose).note(
                "this looks like a recording, or like the output of -o event: wscli replay FILE shows it"
            )
        elif isinstance(payload, list) and not self.subscriptions:
            example = self.settings.dialect.facts.channels[0].example
            message = (
                f"this message does not name its channel: add what was subscribed: wscli {name} explain - {example}"
            )
            Output(quiet=self.settings.options.quiet, timestamps=self.settings.options.verbose).note(message)
