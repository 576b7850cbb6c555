"""The pages of `help`: the commands, one of them, a venue, one of its channels; from the same data as everything else."""

from __future__ import annotations

from collections.abc import Sequence

from wscli.app.api_rules import siblings_of
from wscli.commands.reference import aligned, chosen, entries, in_full, overview
from wscli.commands.suggestions import OPERATORS, row_fields
from wscli.core.dialect import Dialect
from wscli.core.errors import UsageError, choices
from wscli.repl.syntax.completer import meant
from wscli.repl.syntax.context import CommandFacts, FlagFacts, Known
from wscli.repl.syntax.lexer import Said


def page(words: Sequence[str], known: Known) -> str:
    """Return the page about `words`: none, a command, a flag, an exchange, an exchange's channel, a channel of the venue in
    use. Lines, each ending in a newline. Raises UsageError, with the near miss, for what has no page."""
    match [*words]:
        case []:
            return _all(known)
        case [name] if name in known.commands:
            return _command(known.commands[name], known)
        case [name] if (flag := known.flag(name)) is not None:
            return aligned([_flag(flag)])
        case [name] if name in known.exchanges:
            return _exchange(_of(known, name))
        case [name] if known.dialect is not None and (having := _having(known.dialect, name)) is not None:
            return _channel(having, name, "")
        case [exchange, name] if exchange in known.exchanges:
            own = known.dialect is not None and known.dialect.name == exchange
            dialect = _of(known, exchange)
            return _channel(_having(dialect, name) or dialect, name, "" if own else f"{exchange} ")
        case [first, *_]:
            names = [*known.commands, *known.exchanges, *(_names(known.dialect) if known.dialect is not None else ())]
            if first in names:
                raise UsageError(f"help takes one topic (got {' '.join(words)!r})", f"help {first}", word=words[1])
            raise UsageError(f"no help about {first!r}", choices(first, names, ["help", *known.commands]), word=first)
    raise AssertionError(words)


def _of(known: Known, exchange: str) -> Dialect:
    """Return the API of an exchange that is in use, else its default."""
    used = known.dialect
    return used if used is not None and used.name == exchange else known.dialects(exchange)


def _having(dialect: Dialect, name: str) -> Dialect | None:
    """Return the first API of the exchange that has a channel: the one given, else another."""
    return next((one for one in (dialect, *siblings_of(dialect)) if name in _names(one)), None)


def _names(dialect: Dialect) -> list[str]:
    return [name for _, c in entries(dialect) for name in (c.name, *c.templates)]


def _all(known: Known) -> str:
    listed = [("", name, facts.meaning) for name, facts in known.commands.items()]
    venues = [("", name, title) for name, title in known.exchanges.items()]
    used = known.dialect
    if used is not None:
        example = next(c.example or c.name for c in used.channels)
        begin = f"{used.name} is in use: subscribe {example}; help {used.channels[0].name}"
    else:
        begin = f"begin with: use {next(iter(known.exchanges), 'EXCHANGE')} --sim"
    return (
        f"Commands\n{aligned(listed)}\nExchanges\n{aligned(venues)}\n"
        "Tab completes, Ctrl-R searches the history, Ctrl-C clears the line, Ctrl-D leaves.\n"
        "help COMMAND, help EXCHANGE and help EXCHANGE CHANNEL say more.\n"
        f"{begin}\n"
    )


def _command(facts: CommandFacts, known: Known) -> str:
    lines = [facts.syntax, f"  {facts.meaning}", *(f"  {line}" for line in facts.more)]
    text = "\n".join(lines) + "\n"
    text += _what_it_takes(facts, known)
    flags = [_flag(flag) for name in facts.flags if (flag := known.flag(name)) is not None]
    return f"{text}\nFlags\n{aligned(flags)}" if flags else text


def _what_it_takes(facts: CommandFacts, known: Known) -> str:
    """Return the words that a command may take now, where they are few or depend on the venue."""
    dialect = known.dialect
    match facts.takes:
        case "channels" | "subscriptions" if dialect is not None:
            return f"\nChannels of {dialect.name}\n{overview([e for e in entries(dialect) if e[0] == 'channel'])}"
        case "query" if dialect is not None and dialect.queries:
            return f"\nQueries of {dialect.name}\n{overview([e for e in entries(dialect) if e[0] == 'query'])}"
        case "query" if dialect is not None:
            return f"\n{dialect.name} answers no queries over its socket\n"
        case "condition":
            operators = aligned([("", op, meaning) for op, meaning in OPERATORS.items()])
            return f"\nOP\n{operators}{_fields(known)}"
        case "setting":
            settings = [("", n, s.meaning, " ".join(s.values)) for n, s in known.settings.items()]
            return f"\nSettings\n{aligned(settings)}"
        case _:
            return ""


def _fields(known: Known) -> str:
    if known.dialect is None:
        return ""
    channels = meant(Said((), known.dialect), known)
    fields = [("", name, " ".join(f.values), f.meaning) for name, f in row_fields(channels).items()]
    return f"\nFields of {' '.join(dict.fromkeys(c.name for c in channels))}\n{aligned(fields)}"


def _flag(flag: FlagFacts) -> tuple[str, ...]:
    metavar = f" {flag.metavar}" if flag.metavar is not None else ""
    return "", f"{', '.join(flag.names)}{metavar}", flag.meaning


def _exchange(dialect: Dialect) -> str:
    api = dialect.api
    state = api.name if api.status == "live" else f"{api.name}, {api.status} {api.since}: {api.source}"
    facts = [
        ("", "api", state),
        ("", "symbols", f"{dialect.shape.words}, like {dialect.shape.example}"),
        ("", "login", dialect.auth or "none: every channel is public"),
        *(("", route, url) for route, url in dialect.production.sockets.items()),
        *((("", "notes", dialect.notes),) if dialect.notes else ()),
        ("", "documented", dialect.docs),
    ]
    return f"{dialect.title}\n{aligned(facts)}\n{overview(entries(dialect))}"


def _channel(dialect: Dialect, name: str, before: str) -> str:
    return "\n".join(in_full(dialect, kind, channel, before) for kind, channel in chosen(dialect, name))
