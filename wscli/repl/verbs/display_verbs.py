"""The verbs of the prompt that change what is shown, and how, without a word to the venue."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial

from wscli.app.api_routing import check_condition
from wscli.commands.options import seconds
from wscli.commands.reference import aligned
from wscli.core.errors import UsageError, choices
from wscli.core.record import replace
from wscli.output.filters import condition, pattern
from wscli.repl.syntax.command_table import SETTINGS
from wscli.repl.verbs.invocation import Asked, no_words
from wscli.repl.workspace.workspace import Room
from wscli.session.client import Line as OpenLine


def pause(room: Room, asked: Asked) -> None:
    no_words(asked)
    room.pause(True)
    room.note("nothing is shown until resume; recordings, counters and files go on")


def resume(room: Room, asked: Asked) -> None:
    no_words(asked)
    room.pause(False)


def where(room: Room, asked: Asked) -> None:
    if asked.expression:
        condition(asked.expression)
        for live in room.lives.values():
            check_condition(live.dialect, live.on(), "where", asked.expression)
    room.options = replace(room.options, where=(asked.expression,) if asked.expression else ())
    room.show_again()


def grep(room: Room, asked: Asked) -> None:
    if asked.expression:
        pattern(asked.expression)
    room.options = replace(room.options, grep=asked.expression or None)
    room.show_again()


def output(room: Room, asked: Asked) -> None:
    _set(room, "output", asked.words)


def set_(room: Room, asked: Asked) -> None:
    if not asked.words:
        room.answer(aligned([(name, _told(room, name), known.meaning) for name, known in SETTINGS.items()]))
        return
    name = asked.words[0]
    if name not in SETTINGS:
        raise UsageError(f"no setting named {name!r}", choices(name, list(SETTINGS)), word=name)
    if len(asked.words) == 1:
        room.answer(f"{name} {_told(room, name)}")
        return
    _set(room, name, asked.words[1:])


def _told(room: Room, name: str) -> str:
    options = room.options
    match name:
        case "output":
            return options.output or ("pretty" if room.interactive else "json")
        case "wait":
            return f"{options.wait:g}s"
        case "all":
            return "on" if options.all_ else "off"
        case "color":
            return options.color
        case _:
            return room.settings[name]


def _set(room: Room, name: str, words: Sequence[str]) -> None:
    allowed = SETTINGS[name].values
    if len(words) != 1 or (allowed and words[0] not in allowed):
        said = " ".join(words)
        raise UsageError(
            f"{name} cannot be {said!r}",
            choices(said, allowed) if allowed else SETTINGS[name].meaning,
            word=words[0] if words else None,
        )
    text = words[0]
    match name:
        case "output" | "color":
            room.options = replace(room.options, **{name: text})
            room.show_again()
            if name == "output" and room.used in room.lives:
                room.answer(room.live.board.showing.view.head())
        case "wait":
            room.options = replace(room.options, wait=seconds(text))
        case "all":
            room.options = replace(room.options, all_=text == "on")
            for at in room.lives.values():
                room.waits.result(at.ask(partial(_with_all, text == "on")))
        case _:
            room.settings.change(name, text)


def clear(room: Room, asked: Asked) -> None:
    no_words(asked)
    if room.interactive:
        sys.stdout.write("\x1b[2J\x1b[H")
        sys.stdout.flush()


def _with_all(on: bool, line: OpenLine) -> None:
    line.wanted = replace(line.wanted, all=on)
