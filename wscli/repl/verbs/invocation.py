"""A line that was asked for, and what every verb does with one: the venue it speaks to, its words counted, a job done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from wscli.commands.options import FLAGS, OPENING, PLACES, Options
from wscli.core.errors import UsageError, WscliError
from wscli.core.record import replace, value
from wscli.repl.syntax.command_table import COMMANDS
from wscli.repl.syntax.lexer import Line, Said
from wscli.repl.workspace.job_queue import Job
from wscli.repl.workspace.worker import Live
from wscli.repl.workspace.workspace import UNSAID, Room
from wscli.session.client import Line as OpenLine


class RunLines(Protocol):
    """Run the lines of a file or a favourite: what `source` and `run` are handed (`Interpreter.run_lines`)."""

    def __call__(self, lines: Iterable[str], name: str = "", *, keep_going: bool = False) -> WscliError | None: ...


@value
class Asked:
    """One line. words: without the command and its flags. options: the room's, with what its flags say."""

    line: Line
    said: Said
    words: tuple[str, ...]
    flags: Options
    options: Options
    run_lines: RunLines

    @property
    def expression(self) -> str:
        """The words as they were typed, for a condition or a regular expression."""
        of = self.said.expression
        return " ".join(word.text for word in of)


Verb = Callable[[Room, Asked], None]


def venue_of(room: Room, asked: Asked) -> Live:
    """Return the venue that a line speaks to: the one it names, else the one in use.

    Raises UsageError for flags of its opening where it is open already.
    """
    named = asked.said.dialect.name if asked.said.named and asked.said.dialect is not None else None
    label = named or room.live.label
    opens = named is not None and (not room.is_open(named) or _said(asked, PLACES) is not None)
    flag = _said(asked, OPENING)
    if flag is not None and not opens:
        raise UsageError(
            f"{flag} is for a venue that is being opened, and {label} is open",
            f"use {label} {flag} … opens it anew",
            word=flag,
        )
    return room.use(named, asked.flags) if named is not None else room.live


def _said(asked: Asked, names: Sequence[str]) -> str | None:
    """Return the first flag of these that a line says, as it is typed; None where it says none."""
    return next(
        (f.names[-1] for f in FLAGS if f.name in names and getattr(asked.flags, f.name) != UNSAID[f.name]), None
    )


def no_words(asked: Asked) -> None:
    if asked.words:
        name = asked.said.command or ""
        raise UsageError(
            f"{name} takes no words (got {' '.join(asked.words)!r})", COMMANDS[name].syntax, word=asked.words[0]
        )


def at_most(asked: Asked, most: int) -> None:
    if len(asked.words) > most:
        raise UsageError(
            f"too many words: {asked.words[most]!r}", COMMANDS[asked.said.command or ""].syntax, word=asked.words[most]
        )


def number_in(asked: Asked, otherwise: int) -> int:
    if not asked.words:
        return otherwise
    text = asked.words[0].lstrip("#")
    if not text.isdecimal() or len(text) > 12 or int(text) < 1:
        raise UsageError(
            f"not a number: {asked.words[0]!r}", COMMANDS[asked.said.command or ""].syntax, word=asked.words[0]
        )
    return int(text)


def done(room: Room, at: Live, asked: Asked, job: Job, meanwhile: Callable[[], None] = lambda: None) -> Any:
    """Have a job done as the line's flags have it (--wait, --all, -v); return what it gave, or raise what it raised.

    meanwhile: is called again and again until then.
    """
    said = asked.options

    def as_said(line: OpenLine) -> Any:
        before = line.wanted
        line.wanted = replace(before, wait_s=said.wait, all=said.all_, verbose=said.verbose)
        try:
            return job(line)
        finally:
            line.wanted = before

    return room.waits.result(at.ask(as_said), meanwhile)
