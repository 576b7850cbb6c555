"""A line that is run, and what verbs do with it: find its exchange, count its arguments, run a job."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from wscli.commands.flag_table import CONNECTION_FLAGS, TARGET_FLAGS
from wscli.commands.options import Options, given_flags, merged_options
from wscli.commands.verb_table import PROMPT_VERBS
from wscli.commands.verbs import CONDITION_KINDS
from wscli.core.errors import UsageError, WscliError
from wscli.core.record import record, replace
from wscli.repl.display.streams import Display
from wscli.repl.syntax.lexer import LexedLine, ParsedLine
from wscli.repl.verbs.corrections import without_excess
from wscli.repl.workspace.job_queue import Job
from wscli.repl.workspace.worker import Worker
from wscli.repl.workspace.workspace import Workspace
from wscli.session.client import Client
from wscli.session.flows.waits import Flow


class RunLines(Protocol):
    """Run the lines of a file or a favourite: what `source` and `run` are handed (`Interpreter.run_lines`)."""

    def __call__(self, lines: Iterable[str], name: str = "", *, keep_going: bool = False) -> WscliError | None: ...


@record
class Invocation:
    """One line. arguments: its words without the verb and the flags. flags: its options alone. options: those of the workspace, overridden by flags."""

    line: LexedLine
    parsed_line: ParsedLine
    arguments: tuple[str, ...]
    flags: Options
    options: Options
    run_lines: RunLines
    is_typed: bool = True  # by the user, who can be asked something; not in a file

    @property
    def is_redirected(self) -> bool:
        """Whether what it prints goes to a file or a command."""
        return self.line.redirect is not None

    @property
    def page_options(self) -> Options:
        """Its own flags, for a page that no other setting changes but the colours."""
        return replace(self.flags, color=self.options.color, style=self.options.style)

    @property
    def expression(self) -> str:
        """The words as they were typed, for a condition or a regular expression."""
        verb = self.parsed_line.spec
        if verb is not None and verb.argument_kind in CONDITION_KINDS:
            return self.parsed_line.condition(self.line.text)
        tokens = self.parsed_line.expression_tokens
        return " ".join(word.text for word in tokens)


VerbHandler = Callable[[Workspace, Invocation], None]


def worker_of(workspace: Workspace, invocation: Invocation) -> Worker:
    """Return the worker of the exchange that a line names, else of the one in use.

    Raises UsageError for flags that open an exchange where it is open already.
    """
    named_exchange = (
        invocation.parsed_line.dialect.name
        if invocation.parsed_line.names_exchange and invocation.parsed_line.dialect is not None
        else None
    )
    label = named_exchange or workspace.current.label
    opens_exchange = named_exchange is not None and (
        not workspace.is_open(named_exchange) or _first_given(invocation, TARGET_FLAGS) is not None
    )
    flag = _first_given(invocation, CONNECTION_FLAGS)
    if flag is not None and not opens_exchange:
        raise UsageError(
            f"{flag} applies when an exchange is opened, and {label} is open already",
            f"use {label} {flag} … connects again",
            word=flag,
        )
    return workspace.use(named_exchange, invocation.flags) if named_exchange is not None else workspace.current


def _first_given(invocation: Invocation, names: Sequence[str]) -> str | None:
    """Return the first of these flags that a line has, as it is typed; None where it has none."""
    return next((flag.long_name for flag in given_flags(invocation.flags) if flag.name in names), None)


def require_no_arguments(invocation: Invocation) -> None:
    if invocation.arguments:
        name = invocation.parsed_line.command or ""
        raise UsageError(
            f"{name} takes no words (got {' '.join(invocation.arguments)!r})",
            PROMPT_VERBS[name].syntax,
            word=invocation.arguments[0],
        )


def require_at_most(invocation: Invocation, limit: int) -> None:
    if len(invocation.arguments) > limit:
        raise UsageError(
            f"too many words: {invocation.arguments[limit]!r}",
            without_excess(invocation.line, invocation.parsed_line.arguments[limit]),
            word=invocation.arguments[limit],
        )


def is_message_number(text: str) -> bool:
    """Say whether a word is the number of a message.

    >>> is_message_number("17"), is_message_number("#17"), is_message_number("{}")
    (True, True, False)
    """
    digits = text.lstrip("#")
    return digits.isdecimal() and len(digits) <= 12 and int(digits) > 0


def number_argument(invocation: Invocation, default: int) -> int:
    if not invocation.arguments:
        return default
    if not is_message_number(invocation.arguments[0]):
        raise UsageError(
            f"not a number: {invocation.arguments[0]!r}",
            f"{invocation.parsed_line.command} {default or 'N; last shows the numbers'}",
            word=invocation.arguments[0],
        )
    return int(invocation.arguments[0].lstrip("#"))


def run_job(
    workspace: Workspace,
    worker: Worker,
    invocation: Invocation,
    job: Job,
    while_waiting: Callable[[], None] = lambda: None,
    *,
    display: Display | None = None,
) -> Any:
    """Run a job with the flags of the line (--wait, --all, -v); return its result, or raise its error.

    while_waiting: is called repeatedly until then. display: how answers are shown; None as everything is.
    """
    options = merged_options(workspace.options_for(worker.label), invocation.flags)

    def with_flags(client: Client) -> Flow[Any]:
        observed = worker.observed
        assert observed is not None  # the thread that does the job made it
        with (
            observed.with_options(wait_s=options.wait_s, show_all=options.all_, verbose=options.verbose),
            worker.streams.showing_replies(display),
        ):
            return (yield from job(client))

    return workspace.waits.result(worker.submit(with_flags), while_waiting)
