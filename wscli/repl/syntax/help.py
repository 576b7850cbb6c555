"""The pages of `help`: the verbs, one verb, an exchange, one of its channels, a topic."""

from __future__ import annotations

from collections.abc import Sequence

from wscli.app.api_choice import other_dialects
from wscli.commands.flags import Flag
from wscli.commands.reference import entries, entries_named, entry_page, overview
from wscli.commands.verbs import Verb
from wscli.core.dialect import Dialect
from wscli.core.errors import UsageError, nearest
from wscli.core.tables.listing import aligned_columns
from wscli.exchanges.transcript import received_example
from wscli.help.pages import TOPICS, glossary, glossary_entry, topic_text
from wscli.help.verb_examples import prompt_example
from wscli.output.colors.palette import PLAIN, Palette
from wscli.output.conditions.fields import row_fields
from wscli.repl.syntax.condition_words import OPERATOR_WORDS, OPERATORS
from wscli.repl.syntax.context import Context
from wscli.repl.syntax.lexer import ParsedLine
from wscli.repl.syntax.offers import condition_channels


def page(words: Sequence[str], context: Context, palette: Palette = PLAIN, width: int = 80, list_width: int = 0) -> str:
    """Return the page about nothing, a verb, a flag, an exchange, a channel of an exchange, a channel of the exchange in use, a
    topic, a word of the glossary. Lines, each ending in a newline. Raises UsageError, with the closest word, for what has no page.

    list_width: of the screen, to which lists are wrapped; 0 wraps none.
    """
    match [*words]:
        case []:
            return _overview_page(context)
        case [word] if (name := context.verb_name(word)) is not None:
            return _command_page(context.commands[name], context, list_width)
        case [name] if (flag := context.flag(name)) is not None:
            return aligned_columns([_flag_row(flag)])
        case [name] if name in context.exchanges:
            return _exchange_page(_dialect_in_use(context, name), list_width)
        case [name] if (
            context.dialect is not None
            and (dialect_with_channel := _api_with_channel(context.dialect, name)) is not None
        ):
            return _channel_page(dialect_with_channel, name, "", list_width)
        case [name] if name in TOPICS:
            from wscli.help.rendering import rendered  # lazily: the prompt opens without it

            return rendered(topic_text(name), palette, width)
        case [exchange, name] if exchange in context.exchanges:
            is_current_exchange = context.dialect is not None and context.dialect.name == exchange
            dialect = _dialect_in_use(context, exchange)
            return _channel_page(
                _api_with_channel(dialect, name) or dialect,
                name,
                "" if is_current_exchange else f"{exchange} ",
                list_width,
            )
        case _ if (entry := glossary_entry(" ".join(words), "help")) is not None:
            from wscli.help.rendering import rendered

            return rendered(entry, palette, width)
        case [first, *_]:
            names = [
                *context.commands,
                *context.exchanges,
                *(_channel_names(context.dialect) if context.dialect is not None else ()),
                *TOPICS,
            ]
            if first in names:
                raise UsageError(f"help takes one topic (got {' '.join(words)!r})", f"help {first}", word=words[1])
            near = nearest(first, names) or nearest(first, glossary())
            hint = f"did you mean {near}? " if near else ""
            raise UsageError(f"no help page for {first!r}", f"{hint}help lists everything", word=first)
    raise AssertionError(words)


def _dialect_in_use(context: Context, exchange: str) -> Dialect:
    """Return the API of an exchange that is in use, else its default."""
    current = context.dialect
    return current if current is not None and current.name == exchange else context.dialect_of(exchange)


def _api_with_channel(dialect: Dialect, name: str) -> Dialect | None:
    """Return the first API of the exchange that has a channel: the one given, else another."""
    return next(
        (candidate for candidate in (dialect, *other_dialects(dialect)) if name in _channel_names(candidate)), None
    )


def _channel_names(dialect: Dialect) -> list[str]:
    return [name for _, c in entries(dialect) for name in (c.name, *c.templates)]


def _overview_page(context: Context) -> str:
    command_rows = [("", name, facts.summary) for name, facts in context.commands.items()]
    exchange_rows = [("", name, title) for name, title in context.exchanges.items()]
    current = context.dialect
    if current is not None:
        example = next(c.example or c.name for c in current.facts.channels)
        first_step = f"{current.name} is in use: subscribe {example}; help {current.facts.channels[0].name}"
    else:
        first_step = f"begin with: use {next(iter(context.exchanges), 'EXCHANGE')} --sim"
    return (
        f"Commands\n{aligned_columns(command_rows)}\nExchanges\n{aligned_columns(exchange_rows)}\n"
        f"Topics\n{_topic_lines()}\n"
        "Tab completes, Ctrl-R searches the history, Ctrl-C clears the line, Ctrl-D leaves.\n"
        "help COMMAND, help TOPIC, help EXCHANGE and help EXCHANGE CHANNEL show details.\n"
        f"{first_step}\n"
    )


def _topic_lines() -> str:
    from textwrap import fill  # lazily: the prompt opens without it

    return fill(" ".join(TOPICS), 80, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False) + "\n"


def _command_page(spec: Verb, context: Context, width: int) -> str:
    dialect = context.dialect or context.dialect_of(next(iter(context.exchanges)))
    example = prompt_example(spec, dialect, names_exchange=context.dialect is None)
    examples = [f"for example: {example}"] if example else []
    short = [f"short: {' '.join(spec.aliases)}"] if spec.aliases else []
    lines = [spec.syntax, *(f"  {line}" for line in (spec.summary, *short, *spec.details, *examples))]
    text = "\n".join(lines) + "\n"
    text += _arguments_help(spec, context, width)
    flags = [_flag_row(flag) for flag in spec.prompt_flags()]
    return f"{text}\nFlags\n{aligned_columns(flags, width)}" if flags else text


def _arguments_help(spec: Verb, context: Context, width: int) -> str:
    """Return the words that a verb may take now, where they are few or depend on the exchange."""
    dialect = context.dialect
    match spec.argument_kind:
        case "channels" | "subscriptions" if dialect is not None:
            return (
                f"\nChannels of {dialect.name}\n{overview([e for e in entries(dialect) if e[0] == 'channel'], width)}"
            )
        case "query" if dialect is not None and dialect.facts.queries:
            return f"\nQueries of {dialect.name}\n{overview([e for e in entries(dialect) if e[0] == 'query'], width)}"
        case "query" if dialect is not None:
            return f"\n{dialect.name} has no queries over its WebSocket\n"
        case "condition" | "alert":
            operators = aligned_columns([("", op, meaning) for op, meaning in {**OPERATORS, **OPERATOR_WORDS}.items()])
            return f"\nOP\n{operators}{_fields_help(context)}"
        case "setting":
            settings = [("", n, s.summary, " ".join(s.values)) for n, s in context.settings.items()]
            return f"\nSettings\n{aligned_columns(settings)}"
        case _:
            return ""


def _fields_help(context: Context) -> str:
    if context.dialect is None:
        return ""
    channels = condition_channels(ParsedLine((), context.dialect), context)
    fields = [("", name, " ".join(f.values), f.meaning) for name, f in row_fields(channels).items()]
    return f"\nFields of {' '.join(dict.fromkeys(c.name for c in channels))}\n{aligned_columns(fields)}"


def _flag_row(flag: Flag) -> tuple[str, ...]:
    return "", f"{', '.join(flag.names)} {flag.metavar}".rstrip(), flag.help


def _exchange_page(dialect: Dialect, width: int) -> str:
    api = dialect.api
    state = api.name if api.status == "live" else f"{api.name}, {api.status} {api.since}: {api.source}"
    rows = [
        ("", "api", state),
        ("", "symbols", f"{dialect.facts.symbol_spelling.description}, like {dialect.facts.symbol_spelling.example}"),
        ("", "login", dialect.login.summary or "none: every channel is public"),
        *(("", route, url) for route, url in dialect.endpoints.production.sockets.items()),
        *((("", "notes", dialect.facts.notes),) if dialect.facts.notes else ()),
        ("", "documented", dialect.facts.docs),
    ]
    return f"{dialect.title}\n{aligned_columns(rows, width)}\n{overview(entries(dialect), width)}"


def _channel_page(dialect: Dialect, name: str, prefix: str, width: int) -> str:
    return "\n".join(
        entry_page(
            dialect, kind, c, received=received_example(dialect, kind, c.name), example_prefix=prefix, width=width
        )
        for kind, c in entries_named(dialect, name)
    )
