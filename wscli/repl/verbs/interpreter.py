"""The interpreter of the prompt: one line is parsed and given to the verb it begins with; a script is many lines, in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from wscli.commands.flag_suggestions import flag_hint
from wscli.commands.options import FLAGS, parse_flags
from wscli.core.errors import TimedOut, UsageError, WscliError, nearest
from wscli.repl.syntax.command_table import COMMANDS
from wscli.repl.syntax.lexer import LexedLine, ParsedLine, lex, logical_lines, parse_line
from wscli.repl.verbs.invocation import Invocation, Verb
from wscli.repl.workspace import snapshot
from wscli.repl.workspace.streams import Streams
from wscli.repl.workspace.workspace import ExitRequested, Workspace
from wscli.storage.recording.recorder import RecordingFailed
from wscli.storage.text_input import without_boms
from wscli.transport.urls import as_websocket_url, websocket_url

_FLAG = re.compile(r"--|-[A-Za-z]$")  # what is meant as a flag; -5 is a number
MAX_DEPTH = 10  # files that run files
NO_LIMIT_S = 1e9


class Interpreter:
    """What runs lines. verbs: the table of what each first word does; `source` and `run` are handed `run_lines`."""

    def __init__(self, room: Workspace, verbs: Mapping[str, Verb]) -> None:
        self._room, self._verbs = room, verbs
        self._depth = 0  # of files that run files
        self._ran = False  # a line was run

    def run(self, text: str) -> None:
        """Run one line. Raises WscliError for what went wrong, Closing when the person leaves."""
        line = lex(without_boms(text))
        if not line.tokens:
            return
        self._ran = True
        if line.unfinished:
            word = next(word for word in line.tokens if word.unclosed)
            raise UsageError("a quote or a bracket is not closed", 'close it, or quote it: "…\'…"', word=word.text)
        said = parse_line(line.tokens, snapshot.context_of(self._room))
        verb = self._verb(said)
        asked = self._asked(line, said)
        if verb is None:
            if said.dialect is None or not said.names_exchange:
                raise UsageError("a line begins with a command", "help lists them")
            self._room.use(said.dialect.name, asked.flags)
            return
        if line.redirect is not None and said.command != "subscribe":
            raise UsageError(
                f"{said.command} has no stream to send {line.redirect.op} {line.redirect.target}".rstrip(),
                "subscribe … | jq .",
            )
        verb(self._room, asked)

    def _verb(self, said: ParsedLine) -> Verb | None:
        """Return the verb of a line, None where it has none. Raises UsageError for an unknown one."""
        if said.command is None:
            return None
        if "://" in said.command:
            url = as_websocket_url(said.command)
            websocket_url(url)  # one with a password is not quoted
            raise UsageError("no command: this is a URL", f"use {url}", word=said.command)
        if said.command not in self._verbs:
            known = [*COMMANDS, *self._room.workers]
            raise UsageError(
                f"no command named {said.command!r}", closest_command_hint(said.command, known), word=said.command
            )
        return self._verbs[said.command]

    def _asked(self, line: LexedLine, said: ParsedLine) -> Invocation:
        """Return the line with its flags read. Raises UsageError for an unknown flag."""
        options, rest = parse_flags([part.token.text for part in said.parts if part.role in ("word", "flag", "value")])
        own = said.spec.flags if said.spec is not None else ()
        unknown = next((w for w in rest if _FLAG.match(w) and w.partition("=")[0] not in own), None)
        if unknown is not None:
            names = [name for flag in FLAGS for name in flag.names if name.startswith("--")]
            hint = flag_hint(unknown, [*names, *own], _commands_by_flag()) or f"one of: {' '.join([*own, *names])}"
            raise UsageError(f"no flag named {unknown!r}", hint, word=unknown)
        return Invocation(line, said, tuple(rest), options, self._room.with_flags(options), self.run_lines)

    def run_lines(self, lines: Iterable[str], name: str = "", *, keep_going: bool = False) -> WscliError | None:
        """Run lines; `#` begins a comment. name: of the file, for errors.

        Raises the error of the first line that failed; with keep_going each error is reported, the other lines run, and
        the first error is returned.
        """
        if self._depth >= MAX_DEPTH:
            raise UsageError(f"{name}: files that run files, {MAX_DEPTH} deep", "does it run itself?")
        self._depth += 1
        first: WscliError | None = None
        try:
            for number, text in logical_lines(lines):
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
        boards: list[Streams] = []
        try:
            first = self.run_lines(lines, keep_going=keep_going)
            if not self._ran:
                room.connect_all()  # an empty script answers whether the exchange can be reached
            _linger(room)
        except ExitRequested:
            return 0
        finally:
            boards += [live.streams for live in room.workers.values()]
            room.close_all()
        failed = [first, *(board.failure for board in boards)]
        return next((error.status for error in failed if error is not None), 0)


def _linger(room: Workspace) -> None:
    """Wait for the streams that end by themselves."""
    for live in [*room.workers.values()]:
        for stream in live.streams.running:
            if stream.has_limit:
                room.waits.until(stream.ended, NO_LIMIT_S, live.raise_if_lost)
        if live.streams.unmet_limit is not None:
            raise TimedOut(f"{live.label}: {live.streams.unmet_limit}", "--for gives it longer")
    if any(live.subscriptions() for live in room.workers.values()):
        room.print_notice(
            "the end of the script: what is on is stopped (-n, --for and --until keep a stream until they are met)"
        )


def _commands_by_flag() -> dict[str, str]:
    """Return the flags that single commands have, each with those that have it."""
    common_flags = {name for flag in FLAGS for name in flag.names}
    commands_by_flag: dict[str, list[str]] = {}
    for spec in COMMANDS.values():
        for flag in (f for f in spec.flags if f not in common_flags):
            commands_by_flag.setdefault(flag, []).append(spec.syntax.split()[0])
    return {flag: " and ".join(names) for flag, names in commands_by_flag.items()}


def closest_command_hint(word: str, names: list[str]) -> str:
    closest = nearest(word, names)
    return f"did you mean {closest}? help lists the commands" if closest else "help lists the commands"
