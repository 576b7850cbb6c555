"""A line, run: split into words, its flags read, and given to the verb it begins with."""

from __future__ import annotations

import re

from wscli.commands import options as flags
from wscli.commands.flag_suggestions import advice
from wscli.commands.parser import nearest
from wscli.core.errors import UsageError
from wscli.repl.syntax.command_table import COMMANDS
from wscli.repl.syntax.lexer import read, split
from wscli.repl.verbs.invocation import Asked
from wscli.repl.verbs.table import VERBS
from wscli.repl.workspace import snapshot
from wscli.repl.workspace.workspace import Room
from wscli.storage.text_input import without_marks
from wscli.transport.urls import as_websocket, websocket_url

_FLAG = re.compile(r"--|-[A-Za-z]$")  # what is meant as a flag; -5 is a number


def run(room: Room, text: str) -> None:
    """Run one line. Raises WscliError for what went wrong, Closing when the person leaves."""
    line = split(without_marks(text))
    if not line.words:
        return
    room.ran = True
    if line.unfinished:
        word = next(word for word in line.words if word.open)
        raise UsageError("a quote or a bracket is not closed", 'close it, or quote it: "…\'…"', word=word.text)
    said = read(line.words, snapshot.known(room))
    if said.command is not None and "://" in said.command:
        url = as_websocket(said.command)
        websocket_url(url)  # one with a password is not quoted
        raise UsageError("no command: this is a URL", f"use {url}", word=said.command)
    if said.command is not None and said.command not in VERBS:
        known = [*COMMANDS, *room.lives]
        raise UsageError(f"no command named {said.command!r}", near_or_help(said.command, known), word=said.command)
    options, rest = flags.read([part.word.text for part in said.parts if part.role in ("word", "flag", "value")])
    own = said.facts.flags if said.facts is not None else ()
    unknown = next((w for w in rest if _FLAG.match(w) and w.partition("=")[0] not in own), None)
    if unknown is not None:
        names = [name for flag in flags.FLAGS for name in flag.names if name.startswith("--")]
        hint = advice(unknown, [*names, *own], _flags_of_commands()) or f"one of: {' '.join([*own, *names])}"
        raise UsageError(f"no flag named {unknown!r}", hint, word=unknown)
    asked = Asked(line, said, tuple(rest), options, room.with_flags(options))
    if said.command is None:
        if said.dialect is None or not said.named:
            raise UsageError("a line begins with a command", "help lists them")
        room.use(said.dialect.name, options)
        return
    if line.tail is not None and said.command != "subscribe":
        raise UsageError(
            f"{said.command} has no stream to send {line.tail.op} {line.tail.text}".rstrip(), "subscribe … | jq ."
        )
    VERBS[said.command](room, asked)


def _flags_of_commands() -> dict[str, str]:
    """Return the flags that single commands have, each with those that have it."""
    every = {name for flag in flags.FLAGS for name in flag.names}
    found: dict[str, list[str]] = {}
    for facts_of in COMMANDS.values():
        for flag in (f for f in facts_of.flags if f not in every):
            found.setdefault(flag, []).append(facts_of.syntax.split()[0])
    return {flag: " and ".join(names) for flag, names in found.items()}


def near_or_help(word: str, known: list[str]) -> str:
    near = nearest(word, known)
    return f"did you mean {near}? help lists the commands" if near else "help lists the commands"
