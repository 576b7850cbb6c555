"""The alerts that flags ask for: --on, --exec, --bell, checked before anything is connected."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from wscli.app.alerts.alert import AlertSpec
from wscli.app.alerts.placeholders import command_words, placeholders
from wscli.commands.options import Options
from wscli.core.errors import UsageError
from wscli.output.conditions.checking import near_name
from wscli.output.conditions.fields import KnownFields
from wscli.output.conditions.grammar import parse_conditions
from wscli.output.conditions.mistakes import TypedAt

ON_EXAMPLE = "--on 'price > 36500' --exec 'notify-send {symbol} {price}'"


def alert_specs(options: Options) -> tuple[AlertSpec, ...]:
    """Return the alerts of a line. One --exec is for every --on; as many as there are --on belong to them in order.

    Raises UsageError for one half without the other, a command that cannot be read, and a program that is not there.
    """
    if not options.on:
        given = "--exec" if options.exec_ else "--bell" if options.bell else None
        if given is not None:
            raise UsageError(f"{given} needs --on: the condition that a row meets", f"for example: {ON_EXAMPLE}")
        return ()
    if not options.exec_ and not options.bell:
        raise UsageError(
            "--on needs --exec or --bell: what is done for a row that matches", f"for example: {ON_EXAMPLE}"
        )
    if len(options.exec_) not in (0, 1, len(options.on)):
        raise UsageError(
            f"{len(options.exec_)} --exec for {len(options.on)} --on",
            "one --exec for all, or one behind each --on",
        )
    commands = [checked_command(text) for text in options.exec_] or [()]
    if len(commands) == 1:
        commands *= len(options.on)
    return tuple(
        AlertSpec(text, parse_conditions([text], TypedAt("--on")), command, options.bell)
        for text, command in zip(options.on, commands, strict=True)
    )


def checked_command(text: str, flag: str = "--exec") -> tuple[str, ...]:
    """Return the words of a command whose program exists. flag: what it is typed behind. Raises UsageError."""
    words = command_words(text, flag)
    check_program(words, text, flag)
    return words


def check_program(words: Sequence[str], text: str, flag: str) -> None:
    """Raise UsageError for a program that is not there; one that the row names is found, or not, when it is run."""
    if next(placeholders(words[:1]), None) is not None or shutil.which(words[0]) is not None:
        return
    built_in = shutil.which("sh") is not None and any(character in text for character in "|&;<>$")
    hint = "a command is no shell line: sh -c '…' runs one" if built_in else "which finds programs: which notify-send"
    raise UsageError(f"{flag}: no program named {words[0]!r}", hint, word=words[0])


def check_placeholders(words: Sequence[str], known: KnownFields | None, flag: str = "--exec") -> list[str]:
    """Raise UsageError for a slip of a field's name in a command; return remarks on names that no row is known to have."""
    remarks: list[str] = []
    for name in placeholders(words) if known is not None else ():
        assert known is not None
        if "." in name or name in known.fields or name in known.other_words():
            continue
        near = near_name(name, known.fields)
        if near is not None:
            raise UsageError(f"{flag}: no row has a field {name}", f"did you mean {{{near}}}?", word=f"{{{name}}}")
        remarks.append(f"{flag}: no field {name} is documented: {{{name}}} is empty where a row has none")
    return remarks
