"""The bottom line: what the word under the cursor is, in at most 100 columns. A pure function of the line and what is known."""

from __future__ import annotations

from collections.abc import Sequence

from wscli.app.api_rules import retired_word
from wscli.commands.book_args import books
from wscli.commands.parser import Group, spoken
from wscli.commands.suggestions import CONDITION, explained, row_fields
from wscli.core.catalogue import Channel, Param
from wscli.repl.syntax.completer import completions, meant
from wscli.repl.syntax.context import FlagFacts, Known
from wscli.repl.syntax.lexer import Said, Word, read, split

WIDTH = 100
FIRST = "Tab shows what can be typed, help explains it; for example: use bybit --sim"
CONNECTED = "Tab shows what can be typed, help explains it; for example: subscribe"
NO_VENUE = "no venue is in use: use bybit --sim opens one, or begin with its name: bybit subscribe …"
CONDITIONS = "FIELD OP VALUE, with OP one of = != > >= < <= ~ !~; for example: price>36500, side=buy"


def hint(text: str, cursor: int, known: Known) -> str:
    """Return one line about the word at `cursor`: a syntax, a parameter with its values and default, what a channel is."""
    said = "".join(c if c.isprintable() else " " for c in _said(text, cursor, known))
    return said if len(said) <= WIDTH else f"{said[: WIDTH - 1]}…"


def _said(text: str, cursor: int, known: Known) -> str:
    line = split(text)
    if line.comment is not None and cursor > line.comment:
        return ""
    if line.tail is not None and cursor > line.tail.start:
        piped = "| COMMAND pipes this stream to a command of the shell, until it is stopped"
        return piped if line.tail.op == "|" else f"{line.tail.op} FILE keeps this stream in a file, until it is stopped"
    words = [word for word in line.words if word.start <= cursor]
    if not words or words[-1].end < cursor:
        words.append(Word("", cursor, cursor))
    said = read(words, known)
    part = said.parts[-1]
    match part.role:
        case "flag" | "value":
            return _of_flag(part.flag) if part.flag is not None else "no such flag"
        case "exchange":
            return f"{part.word.text}: {known.exchanges.get(part.word.text, '')}"
        case "command":
            return _of_command(text, cursor, part.word, said, known)
    if said.facts is None:
        return ""
    if said.dialect is None and said.facts.of_venue:
        return NO_VENUE
    match said.facts.takes:
        case "channels" | "subscriptions" | "query" if said.dialect is not None:
            asked = said.facts.takes == "query"
            channels = said.dialect.queries if asked else said.dialect.channels
            ahead = [word.text for word in said.words[:-1]]
            return _of_words(said, channels, ahead, part.word.text) or _syntax(said)
        case "book" if said.dialect is not None and (kept := books(said.dialect)):
            ahead = [word.text for word in said.words[:-1]]
            if not spoken(kept, [word.text for word in said.words[:1]], said.dialect.prefix):
                ahead = [kept[0].name, *ahead]  # a symbol alone
            told = _of_words(said, kept, ahead, part.word.text) if part.word.text or len(said.words) > 1 else ""
            return told or _syntax(said)
        case "condition":
            return _of_condition(" ".join(word.text for word in said.expression), said, known)
        case "setting" if said.words[0].text in known.settings:
            facts = known.settings[said.words[0].text]
            return f"{said.words[0].text}: {facts.meaning}{_listed(facts.values)}"
        case _:
            return _syntax(said)


def _syntax(said: Said) -> str:
    return f"{said.facts.syntax}: {said.facts.meaning}" if said.facts is not None else ""


def _of_command(text: str, cursor: int, word: Word, said: Said, known: Known) -> str:
    if said.facts is not None:
        return _syntax(said)
    if not word.text:
        if said.named and said.dialect is not None:
            return f"{said.dialect.name} {' | '.join(name for name, f in known.commands.items() if f.of_venue)}"
        return FIRST if known.dialect is None else CONNECTED
    for one in completions(text[:cursor], known):
        if one.text in known.commands:
            return f"{known.commands[one.text].syntax}: {known.commands[one.text].meaning}"
        return f"{one.text}: {one.meaning}"
    return "no such command: help lists them"


def _of_flag(flag: FlagFacts) -> str:
    metavar = f" {flag.metavar}" if flag.metavar is not None else ""
    return f"{', '.join(flag.names)}{metavar}: {flag.meaning}"


def _listed(values: Sequence[str]) -> str:
    return f": {' '.join(values)}" if values else ""


def _of_words(said: Said, channels: Sequence[Channel], ahead: Sequence[str], typed: str) -> str:
    """Return what a word of CHANNEL SYMBOL... key=value... is."""
    before, _, last = typed.rpartition(",")
    named = next(iter(spoken(channels, [last])), None)
    if named is not None:
        return f"{_form(named.channel)}: {_what(named.channel)}"
    old = retired_word(said.dialect, last) if said.dialect is not None and channels is said.dialect.channels else None
    if old is not None:
        name, api, now = old
        return f"{name}: of {api}, which is retired; " + (
            f"{now} is sent instead" if now else "nothing means the same now"
        )
    groups = spoken(channels, [*ahead, before])
    if not groups or said.dialect is None:
        return ""
    channel = groups[-1].channel
    name = last.partition("=")[0]
    param = next((p for p in channel.params if p.name == name), None)
    if "=" in last or param is not None:
        return f"{param.name}: {explained(param)}" if param is not None else _none(channel, name)
    shape = channel.shape or said.dialect.shape
    if last and channel.symbols[1] != 0 and not any(p.name.startswith(last) for p in channel.params):
        return f"{last}: a symbol of {said.dialect.name}: {shape.words}, like {shape.example}"
    return _left(groups[-1], shape.example)


def _left(group: Group, example: str) -> str:
    """Return what may follow a channel: its symbols, then the parameters that are not given yet."""
    channel = group.channel
    left = [p for p in channel.params if p.name not in group.typed]
    if len(left) == 1 and len(group.symbols) >= channel.symbols[0]:
        return f"{left[0].name}=… {explained(left[0])}"
    like = f"; a symbol like {example}" if not group.symbols and channel.symbols[1] != 0 else ""
    return f"{_form(channel)}{like}"


def _form(channel: Channel) -> str:
    """Return the syntax of a channel: `kline SYMBOL... interval=…`."""
    least, most = channel.symbols
    symbols = [] if most == 0 else ["SYMBOL" if most == 1 else "SYMBOL..."]
    if least == 0:
        symbols = [f"[{symbol}]" for symbol in symbols]
    return " ".join([channel.name, *symbols, *(_param(p) for p in channel.params)])


def _param(param: Param) -> str:
    return f"{param.name}=…" if param.default is None and not param.optional else f"[{param.name}=…]"


def _what(channel: Channel) -> str:
    private = "private: " if channel.private else ""
    return f"{private}{channel.summary}{f'; {channel.cadence}' if channel.cadence else ''}"


def _none(channel: Channel, name: str) -> str:
    names = " ".join(f"{p.name}=" for p in channel.params)
    return f"{channel.name} has no parameter {name}{f'; it has {names}' if names else ''}"


def _of_condition(typed: str, said: Said, known: Known) -> str:
    found = CONDITION.match(typed)
    about = row_fields(meant(said, known)).get(found["field"]) if found is not None else None
    if found is None or about is None:
        return CONDITIONS
    values = f": {' '.join(about.values)}" if about.values else ""
    return f"{found['field']}{values}{f' ({about.meaning})' if about.meaning else ''}; OP is = != > >= < <= ~ !~"
