"""The interpreter of the prompt: a line is parsed and given to the verb it begins with; a script is many lines, in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from wscli.commands.flag_table import is_taken_at_prompt, spellings
from wscli.commands.flags import flag_hint
from wscli.commands.options import Options, flag_not_taken, given_flags, parse_flags
from wscli.commands.verb_table import PROMPT_VERBS, flag_owners
from wscli.commands.verbs import Verb
from wscli.core.errors import TimedOut, UsageError, WscliError
from wscli.core.record import replace
from wscli.core.registry import load
from wscli.repl.display.streams import Streams
from wscli.repl.syntax.lexer import LexedLine, ParsedLine, lex, logical_lines, parse_line
from wscli.repl.verbs.corrections import check_place_of_exchange, unknown_command_hint
from wscli.repl.verbs.invocation import Invocation, VerbHandler
from wscli.repl.verbs.redirected import OPEN_THEIR_OWN, run_redirected
from wscli.repl.workspace import snapshot
from wscli.repl.workspace.workspace import ExitRequested, Workspace
from wscli.storage.recording.recorder import RecordingFailed
from wscli.storage.text_input import without_boms
from wscli.transport.urls import as_websocket_url, websocket_url

_FLAG = re.compile(r"--|-[A-Za-z]$")  # what is meant as a flag; -5 is a number
MAX_DEPTH = 10  # files that run files
NO_LIMIT_S = 1e9


class Interpreter:
    """What runs lines. verbs: those that a line may begin with; `source` and `run` are handed `run_lines`."""

    def __init__(self, workspace: Workspace, verbs: Mapping[str, Verb] = PROMPT_VERBS) -> None:
        self._workspace, self._verbs = workspace, verbs
        self._depth = 0  # of files that run files
        self._ran = False  # a line was run

    def run(self, text: str) -> None:
        """Run one line. Raises WscliError for what went wrong, ExitRequested at the end of the session."""
        line = lex(without_boms(text))
        if not line.tokens and line.redirect is not None:
            raise UsageError(
                f"nothing stands before {line.redirect.op} {line.redirect.target}".rstrip(),
                f"last {line.redirect.op} {line.redirect.target}".rstrip(),
            )
        if not line.tokens:
            return
        self._ran = True
        if line.unfinished:
            word = next(word for word in line.tokens if word.unclosed)
            raise UsageError("a quote or a bracket is not closed", 'close it, or quote it: "…\'…"', word=word.text)
        parsed = parse_line(line.tokens, snapshot.context_of(self._workspace))
        handler = self._handler(line, parsed)
        check_place_of_exchange(line, parsed)
        invocation = self._invocation(line, parsed)
        if handler is None:
            if parsed.dialect is None or not parsed.names_exchange:
                raise UsageError("a line must begin with a command", "help lists them")
            self._workspace.use(parsed.dialect.name, invocation.flags)
            return
        self._select(parsed)
        opens_its_own = parsed.command in OPEN_THEIR_OWN and not invocation.flags.dry_run
        if line.redirect is None or opens_its_own:
            handler(self._workspace, invocation)
        else:
            run_redirected(self._workspace, invocation, handler, line.redirect)

    def _select(self, parsed: ParsedLine) -> None:
        """Make the exchange that a line names the one in use, where its verb opens none. Raises UsageError where it is to be open."""
        if not parsed.names_exchange or parsed.dialect is None or parsed.spec is None or parsed.spec.of_exchange:
            return
        name = parsed.dialect.name
        if name in self._workspace.workers:
            self._workspace.current_label = name
        elif parsed.spec.of_open_exchange:
            raise UsageError(f"{name} is not open", f"use {name} connects to it", word=name)

    def _handler(self, line: LexedLine, parsed: ParsedLine) -> VerbHandler | None:
        """Return what runs the verb of a line, None where it has no verb. Raises UsageError for an unknown one."""
        if parsed.command is None:
            return None
        if "://" in parsed.command:
            url = as_websocket_url(parsed.command)
            websocket_url(url)  # one with a password is not quoted
            raise UsageError("this is a URL, not a command", f"use {url}", word=parsed.command)
        if parsed.command not in self._verbs:
            hint = unknown_command_hint(line, parsed, [*self._workspace.workers])
            raise UsageError(f"no command named {parsed.command!r}", hint, word=parsed.command)
        handler: VerbHandler = load(self._verbs[parsed.command].prompt_handler)
        return handler

    def _invocation(self, line: LexedLine, parsed: ParsedLine) -> Invocation:
        """Return a line with its flags read. Raises UsageError for a flag that is unknown, or that its verb does not take."""
        words = [part.token.text for part in parsed.parts if part.role in ("word", "flag", "value")]
        options, rest = parse_flags(words)
        verb = parsed.spec or PROMPT_VERBS["use"]  # an exchange alone is used
        taken = verb.prompt_flags(opens=parsed.names_exchange)
        own = spellings(flag for flag in taken if flag.is_own)
        unknown = next((word for word in rest if _FLAG.match(word) and word.partition("=")[0] not in own), None)
        if unknown is not None:
            names = [flag.long_name for flag in taken]
            hint = flag_hint(unknown, names, flag_owners(at_prompt=True))
            hint = hint or (f"one of: {' '.join(names)}" if names else f"{verb.name} takes no flags")
            raise UsageError(f"no flag named {unknown!r}", hint, word=unknown)
        _check_flags(verb, options, parsed)
        combined = self._workspace.with_flags(options)
        if line.redirect is not None:  # a file or a command: the format is that of the line, else the one for programs
            color = "never" if combined.color in (None, "auto") else combined.color
            combined = replace(combined, output=options.output, color=color)
        return Invocation(line, parsed, tuple(rest), options, combined, self.run_lines, is_typed=not self._depth)

    def run_lines(self, lines: Iterable[str], name: str = "", *, keep_going: bool = False) -> WscliError | None:
        """Run lines; `#` begins a comment. name: of the file, for errors.

        Raises the error of the first line that failed; with keep_going each error is reported, the other lines run, and
        the first error is returned.
        """
        if self._depth >= MAX_DEPTH:
            raise UsageError(f"{name}: more than {MAX_DEPTH} files run each other", "does it run itself?")
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
                        error.hint = self._workspace.hint_of(error)  # while its exchange is still open
                        raise
                    self._workspace.report(error)
                    first = first or error
        finally:
            self._depth -= 1
        return first

    def run_script(self, lines: Iterable[str], *, keep_going: bool) -> int:
        """Run a whole script: its lines, then what its -n, --for and --until still wait for; then close every exchange.

        Return the status of the first line, else of the first stream, that failed and was reported. Raises the WscliError
        that ended the script.
        """
        workspace = self._workspace
        all_streams: list[Streams] = []
        try:
            first = self.run_lines(lines, keep_going=keep_going)
            if not self._ran:
                workspace.connect_all()  # an empty script answers whether the exchange can be reached
            _linger(workspace)
        except ExitRequested:
            return 0
        finally:
            all_streams += [live.streams for live in workspace.workers.values()]
            workspace.close_all()
        failed = [first, *(streams.failure for streams in all_streams)]
        return next((error.status for error in failed if error is not None), 0)


def _linger(workspace: Workspace) -> None:
    """Wait for the streams that have a limit."""
    for live in [*workspace.workers.values()]:
        for stream in live.streams.running:
            if stream.has_limit:
                workspace.waits.until(stream.ended, NO_LIMIT_S, live.raise_if_lost)
        if live.streams.unmet_limit is not None:
            raise TimedOut(f"{live.label}: {live.streams.unmet_limit}", "use a longer --for")
    if any(live.subscriptions() for live in workspace.workers.values()):
        workspace.print_notice(
            "end of the script: the subscriptions are stopped (-n, --for or --until keep a stream running until they are met)"
        )


def _check_flags(verb: Verb, options: Options, parsed: ParsedLine) -> None:
    """Raise UsageError for the first flag that a verb does not take."""
    for flag in given_flags(options):
        if not is_taken_at_prompt(flag, verb.name, follows_exchange=verb.of_exchange):
            word = next((part.token.text for part in parsed.parts if part.role == "flag" and part.flag == flag), None)
            raise flag_not_taken(verb.name, flag, flag.prompt, word)
