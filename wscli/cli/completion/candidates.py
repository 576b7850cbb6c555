"""What can be completed, as one table of rows, complete enough that a shell starts no program for it.

A row is (key, word, meaning). The keys:

    words                      what a line begins with: the exchanges, and the verbs of no exchange
    verbs                      what follows an exchange
    exchange EX                present when EX is an exchange
    after CMD                  what follows a command; `/files` stands for file names
    flags [VERB|CMD]           the flags that one verb or command takes; of all where none is typed yet
    takes FLAG                 what stands after a flag: any, files, words, symbols, channels, api, columns
    value FLAG                 those words
    api EX                     the APIs of an exchange
    columns EX                 the columns of its public channels
    markets EX                 its common symbols
    first EX VERB              channels (queries, …) by their names and the exchange's own
    begun EX VERB              the beginnings of the exchange's own names, longest first; what follows is
    rest EX VERB BEGINNING     … one of these words, else a symbol
    channel EX VERB WORD       the channel of a name or a beginning
    symbols EX VERB CHANNEL    present when it takes symbols: their pattern for a shell ("*", "*-perp")
    params EX VERB CHANNEL     its parameters, each with its `=`
    values EX VERB CHANNEL P=  what may stand behind one

VERB is subscribe, query, book or channels; the shells look `unsubscribe`, `doctor` and `explain` up as subscribe.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from wscli.cli.help_pages import HELP_FLAG, VERSION_FLAG
from wscli.commands.book_args import book_channels
from wscli.commands.checks import allowed_text, value_text
from wscli.commands.flag_table import FLAGS, flags_of, own_flags_of
from wscli.commands.flags import Flag
from wscli.commands.verb_table import shell_verbs
from wscli.core.catalogue import Channel, Param
from wscli.core.dialect import Dialect
from wscli.core.messages import DATA_KINDS
from wscli.exchanges import all_dialects, titles
from wscli.help.pages import topic_summaries
from wscli.output.formats import format_class
from wscli.output.rows import columns

Row: TypeAlias = tuple[str, str, str]

CONFIG_MEANINGS = {
    "path": "print where config.toml is",
    "edit": "open it in $VISUAL or $EDITOR, and check it",
    "init": "write a new one, with every setting as a comment",
}
SHELLS = {
    "bash": "to eval in ~/.bashrc",
    "zsh": "save as _wscli in a directory of fpath",
    "fish": "save as ~/.config/fish/completions/wscli.fish",
}
FLAG_VALUE_KINDS = {"--channel": "channels", "--symbol": "symbols", "--api": "api", "--columns": "columns"}
MAX_MEANING_LENGTH = 72  # characters of a meaning, which stands beside the word


def completion_rows() -> tuple[Row, ...]:
    """Return every row, words in the order in which they are offered."""
    meanings: dict[tuple[str, str], str] = {}  # what two APIs of an exchange have in common is offered once
    dialects = all_dialects()
    for source in (_word_rows(), _flag_rows(), *map(_exchange_rows, dialects)):
        for key, word, meaning in source:
            meanings.setdefault((key, word), _shortened(meaning))
    rows = [(key, word, meaning) for (key, word), meaning in meanings.items()]
    begun = sorted((row for row in rows if row[0].startswith("begun ")), key=lambda row: len(row[1]), reverse=True)
    return (*(row for row in rows if not row[0].startswith("begun ")), *begun)


def _shortened(meaning: str) -> str:
    """Return a meaning in one line, short enough to stand beside a word.

    >>> _shortened("seconds: 60 is a minute, 3600 an hour, 86400 a day, and so on up to a whole month")
    'seconds: 60 is a minute, 3600 an hour, 86400 a day, and so on up to a…'
    """
    line = " ".join(meaning.split())
    return (
        line
        if len(line) <= MAX_MEANING_LENGTH
        else line[: MAX_MEANING_LENGTH - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"
    )


# --- lines and flags -----------------------------------------------------------------------------


def _word_rows() -> Iterator[Row]:
    for exchange, title in titles().items():
        yield "words", exchange, title
        yield f"exchange {exchange}", exchange, ""
        yield "after simulate", exchange, title
    for verb in shell_verbs(of_exchange=False):
        yield "words", verb.name, verb.sentence
    for verb in shell_verbs(of_exchange=True):
        yield "verbs", verb.name, verb.sentence
    for shell, needs in SHELLS.items():
        yield "after completion", shell, needs
    yield "after replay", "/files", ""
    for action, meaning in CONFIG_MEANINGS.items():
        yield "after config", action, meaning
    for verb in (*shell_verbs(of_exchange=False), *shell_verbs(of_exchange=True)):
        yield "after help", verb.name, verb.sentence
    for word, summary in (*titles().items(), *topic_summaries().items()):
        yield "after help", word, summary


def _flag_rows() -> Iterator[Row]:
    for flag in (*FLAGS, VERSION_FLAG, HELP_FLAG):
        yield from _rows_of_flag("flags", flag)
    for verb in (*shell_verbs(of_exchange=False), *shell_verbs(of_exchange=True)):
        for flag in (*flags_of(verb.name), *own_flags_of(verb.name), HELP_FLAG):
            yield from _rows_of_flag(f"flags {verb.name}", flag)


def _rows_of_flag(key: str, flag: Flag) -> Iterator[Row]:
    for spelling in flag.names:
        yield key, spelling, flag.help
        if not flag.metavar:
            continue
        words = _flag_values(flag, spelling)
        takes = FLAG_VALUE_KINDS.get(spelling, "files" if flag.takes_file else "words" if words else "any")
        yield f"takes {spelling}", takes, ""
        yield from ((f"value {spelling}", word, meaning) for word, meaning in words)


def _flag_values(flag: Flag, spelling: str) -> list[tuple[str, str]]:
    if spelling == "--kind":
        return [(str(kind), "") for kind in sorted(DATA_KINDS)]
    if spelling == "--exchange":
        return [*titles().items()]
    is_format = "--output" in flag.names
    return [(choice, format_class(choice).summary if is_format else "") for choice in (*flag.allowed, *flag.offered)]


# --- the catalogue -------------------------------------------------------------------------------


def _exchange_rows(d: Dialect) -> Iterator[Row]:
    yield f"api {d.name}", d.api.name, d.api.status
    shaped = [
        c.symbol_spelling.example for c in d.facts.channels if c.symbol_spelling is not None and _symbol_pattern(d, c)
    ]
    yield from ((f"markets {d.name}", symbol, "") for symbol in dict.fromkeys((*d.facts.common_symbols, *shaped)))
    yield from ((f"first {d.name} channels", frame.name, frame.summary) for frame in d.facts.send_only)
    yield from _column_rows(d)
    kept = book_channels(d)
    for verb, channels in (("subscribe", d.facts.channels), ("query", d.facts.queries), ("book", kept)):
        where = f"{d.name} {verb}"
        begun: list[str] = []
        for channel in channels:
            yield f"first {where}", channel.name, channel.summary
            if verb != "book":
                yield f"first {d.name} channels", channel.name, channel.summary
            yield from _channel_rows(d, where, channel)
            yield from _template_rows(where, channel, begun)
        if verb == "book" and kept:  # a symbol alone means the first book
            yield from ((f"first {where}", symbol, "") for symbol in d.facts.common_symbols)
            yield from ((f"channel {where} {symbol}", kept[0].name, "") for symbol in d.facts.common_symbols)
        yield from ((f"begun {where}", beginning, "") for beginning in begun)


def _column_rows(d: Dialect) -> Iterator[Row]:
    """Yield the columns of rows; in a shell those of all public channels, whichever the line names."""
    public = [c for c in (*d.facts.channels, *d.facts.queries) if not c.private]
    yield f"columns {d.name}", "lag", "reception less the event's own time, in ms"
    yield f"columns {d.name}", "exchange", "name of the exchange"
    yield from ((f"columns {d.name}", name, "") for name in columns(public) if name != "message")


def _channel_rows(d: Dialect, where: str, channel: Channel) -> Iterator[Row]:
    yield f"channel {where} {channel.name}", channel.name, ""
    if channel.symbol_limits[1] != 0 and (look := _symbol_pattern(d, channel)):
        yield f"symbols {where} {channel.name}", look, ""
    for param in channel.params:
        yield f"params {where} {channel.name}", f"{param.name}=", param.note or allowed_text(param)
        key = f"values {where} {channel.name} {param.name}="
        yield from ((key, value, "default" * (value == value_text(param.default))) for value in _offered_values(param))


def _symbol_pattern(d: Dialect, channel: Channel) -> str:
    """Return a shell pattern for the symbols of a channel among those of the exchange; "" where none fits."""
    if channel.symbol_spelling is None:
        return "*"
    end = re.search(r"[-_][A-Za-z0-9]+$", channel.symbol_spelling.pattern)
    return (
        f"*{end[0]}"
        if end and any(channel.symbol_spelling.matches(symbol + end[0]) for symbol in ("btcusd", "BTC"))
        else ""
    )


def _template_rows(where: str, channel: Channel, beginnings: list[str]) -> Iterator[Row]:
    """Yield the exchange's own name: whole where it has no placeholder, else its beginnings, which go to `begun`."""
    for template in channel.templates:
        main = template == channel.wire_name
        head, *holes = re.split(r"\{(\w+)\}", template)
        if not holes:
            if template != channel.name:
                yield f"channel {where} {template}", channel.name, ""
                if main:
                    yield f"first {where}", template, f"{channel.name}, as the exchange calls it"
        elif head not in beginnings and (rows := list(_beginning_rows(where, channel, head, holes, beginnings))):
            if main:
                yield f"first {where}", head, f"as the exchange writes it: {template}"
            yield from rows


def _beginning_rows(where: str, channel: Channel, head: str, holes: list[str], beginnings: list[str]) -> Iterator[Row]:
    """Yield what follows the beginning of a template: a symbol, or the values of one parameter and then a symbol."""
    name, tail = holes[0], holes[1]
    values = [] if name == "symbol" else [v for p in channel.params if p.name == name for v in _offered_values(p)]
    if name != "symbol" and (not values or holes[2:3] != ["symbol"]):
        return
    for beginning in (head, *(f"{head}{value}{tail}" for value in values)):
        beginnings.append(beginning)
        yield f"channel {where} {beginning}", channel.name, ""
    yield from ((f"rest {where} {head}", f"{value}{tail}", "") for value in values)


def _offered_values(param: Param) -> list[str]:
    if param.type == "bool" and not param.allowed:
        return ["true", "false"]
    return [value_text(value) for value in param.offered_values]
