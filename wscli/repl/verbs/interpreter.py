"""The interpreter of the prompt: one line is parsed and given to the verb it begins with; a script is many lines, in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from wscli.commands import options as flags
from wscli.commands.flag_suggestions import advice
from wscli.core.errors import TimedOut, UsageError, WscliError, nearest
from wscli.repl.syntax.command_table import COMMANDS
from wscli.repl.syntax.lexer import Line, Said, read, split
from wscli.repl.verbs.invocation import Asked, Verb
from wscli.repl.workspace import snapshot
from wscli.repl.workspace.streams import Board
from wscli.repl.workspace.workspace import Closing, Room
from wscli.storage.recording.recorder import RecordingFailed
from wscli.storage.text_input import without_marks
from wscli.transport.urls import as_websocket, websocket_url

_FLAG = re.compile(r"--|-[A-Za-z]$")  # what is meant as a flag; -5 is a number
DEEPEST = 10  # files that run files
FOREVER_S = 1e9


class Interpreter:
    """What runs lines. verbs: the table of what each first word does; `source` and `run` are handed `run_lines`."""

    def __init__(self, room: Room, verbs: Mapping[str, Verb]) -> None:
        self._room, self._verbs = room, verbs
        self._depth = 0  # of files that run files
        self._ran = False  # a line was run

    def run(self, text: str) -> None:
        """Run one line. Raises WscliError for what went wrong, Closing when the person leaves."""
        line = split(without_marks(text))
        if not line.words:
            return
        self._ran = True
        if line.unfinished:
            word = next(word for word in line.words if word.open)
            raise UsageError("a quote or a bracket is not closed", 'close it, or quote it: "…\'…"', word=word.text)
        said = read(line.words, snapshot.known(self._room))
        verb = self._verb(said)
        asked = self._asked(line, said)
        if verb is None:
            if said.dialect is None or not said.named:
                raise UsageError("a line begins with a command", "help lists them")
            self._room.use(said.dialect.name, asked.flags)
            return
        if line.tail is not None and said.command != "subscribe":
            raise UsageError(
                f"{said.command} has no stream to send {line.tail.op} {line.tail.text}".rstrip(), "subscribe … | jq ."
            )
        verb(self._room, asked)

    def _verb(self, said: Said) -> Verb | None:
        """Return the verb of a line, None where it has none. Raises UsageError for an unknown one."""
        if said.command is None:
            return None
        if "://" in said.command:
            url = as_websocket(said.command)
            websocket_url(url)  # one with a password is not quoted
            raise UsageError("no command: this is a URL", f"use {url}", word=said.command)
        if said.command not in self._verbs:
            known = [*COMMANDS, *self._room.lives]
            raise UsageError(f"no command named {said.command!r}", near_or_help(said.command, known), word=said.command)
        return self._verbs[said.command]

    def _asked(self, line: Line, said: Said) -> Asked:
        """Return the line with its flags read. Raises UsageError for an unknown flag."""
        options, rest = flags.read([part.word.text for part in said.parts if part.role in ("word", "flag", "value")])
        own = said.facts.flags if said.facts is not None else ()
        unknown = next((w for w in rest if _FLAG.match(w) and w.partition("=")[0] not in own), None)
        if unknown is not None:
            names = [name for flag in flags.FLAGS for name in flag.names if name.startswith("--")]
            hint = advice(unknown, [*names, *own], _flags_of_commands()) or f"one of: {' '.join([*own, *names])}"
            raise UsageError(f"no flag named {unknown!r}", hint, word=unknown)
        return Asked(line, said, tuple(rest), options, self._room.with_flags(options), self.run_lines)

    def run_lines(self, lines: Iterable[str], name: str = "", *, keep_going: bool = False) -> WscliError | None:
        """Run lines; `#` begins a comment. name: of the file, for errors.

        Raises the error of the first line that failed; with keep_going each error is reported, the other lines run, and
        the first error is returned.
        """
        if self._depth >= DEEPEST:
            raise UsageError(f"{name}: files that run files, {DEEPEST} deep", "does it run itself?")
        self._depth += 1
        first: WscliError | None = None
        try:
            for number, text in whole(lines):
                try:
                    self.run(text)
                except RecordingFailed:
                    raise
                except WscliError as error:
                    error.message = f"{f'{name}:{number}' if name else f'line {number}'}: {error.message}"
                    if not keep_going:
                        raise
                    self._room.report(error)
                    first = first or error
        finally:
            self._depth -= 1
        return first

    def run_script(self, lines: Iterable[str], *, keep_going: bool) -> int:
        """Run a whole script: its lines, then what its -n, --for and --until still wait for; then close every exchange.

        Return the status of the first line, else of the first stream, that failed and was reported. Raises the WscliError
        that ended the script.
        """
        room = self._room
        boards: list[Board] = []
        try:
            first = self.run_lines(lines, keep_going=keep_going)
            if not self._ran:
                room.open_all()  # an empty script answers whether the exchange can be reached
            _linger(room)
        except Closing:
            return 0
        finally:
            boards += [live.board for live in room.lives.values()]
            room.close_all()
        failed = [first, *(board.failed for board in boards)]
        return next((error.status for error in failed if error is not None), 0)


def whole(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield each line with its number from 1; one whose bracket is open goes on in those that follow.

    >>> [*whole(["ping", 'send {"op":', '"ping"}', "quit"])]
    [(1, 'ping'), (2, 'send {"op":\\n"ping"}'), (4, 'quit')]
    """
    held, began = "", 0
    for number, line in enumerate(lines, 1):
        held, began = (f"{held}\n{line}", began) if held else (line, number)
        if not split(held).continues:
            yield began, held
            held = ""
    if held:
        yield began, held


def _linger(room: Room) -> None:
    """Wait for the streams that end by themselves."""
    for live in [*room.lives.values()]:
        for stream in live.board.streams:
            if stream.limited:
                room.waits.until(stream.ended, FOREVER_S, live.check)
        if live.board.unmet is not None:
            raise TimedOut(f"{live.label}: {live.board.unmet}", "--for gives it longer")
    if any(live.on() for live in room.lives.values()):
        room.note(
            "the end of the script: what is on is stopped (-n, --for and --until keep a stream until they are met)"
        )


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
