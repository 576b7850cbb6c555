"""The verbs `expect` and `wait-for`: a line that waits for a message that matches."""

from __future__ import annotations

from wscli.app.condition_checks import check_conditions
from wscli.commands.verb_table import PROMPT_VERBS
from wscli.core.errors import TimedOut, UsageError
from wscli.core.jsontext import literal
from wscli.core.messages import summary
from wscli.core.tables.text_width import clipped_to_width
from wscli.output.conditions.grammar import parse_conditions
from wscli.output.conditions.mistakes import TypedAt
from wscli.output.json_layout import escape_controls
from wscli.repl.display.streams import Waiter
from wscli.repl.verbs.invocation import Invocation
from wscli.repl.workspace.workspace import Workspace

MAX_FACTS = 160  # columns of the message that ended a wait


def expect(workspace: Workspace, invocation: Invocation) -> None:
    workspace.acknowledge(_met_text(workspace, _wait_for_condition(workspace, invocation, include_last=True)))


def wait_for(workspace: Workspace, invocation: Invocation) -> None:
    workspace.print_notice(_met_text(workspace, _wait_for_condition(workspace, invocation, include_last=False)))


def _met_text(workspace: Workspace, waiter: Waiter) -> str:
    """Return by what a wait was met, in a line: the number of the message, and the row that meets the conditions."""
    assert waiter.met_by is not None
    number, received, row = waiter.met_by
    facts = " ".join(f"{name}={literal(value)}" for name, value in row.items() if name not in ("channel", "symbol"))
    text = workspace.current.output.veil.redact(f"{summary(received.event)}{': ' if facts else ''}{facts}")
    return f"{workspace.current.label}: met by #{number} {clipped_to_width(escape_controls(text), MAX_FACTS)}"


def _wait_for_condition(workspace: Workspace, invocation: Invocation, *, include_last: bool) -> Waiter:
    if not invocation.expression:
        raise UsageError(
            f"{invocation.parsed_line.command} needs a condition",
            PROMPT_VERBS[invocation.parsed_line.command or ""].syntax,
        )
    worker, streams = workspace.current, workspace.current.streams
    typed_at = TypedAt(invocation.parsed_line.command or "", needs_quotes=False)
    waiter = Waiter(parse_conditions([invocation.expression], typed_at))
    received_subscriptions = (received.event.subscription for _, received in [*streams.recent])
    messages = [*worker.subscriptions(), *(one for one in received_subscriptions if one is not None)]
    for remark in check_conditions(worker.dialect, messages, typed_at, [invocation.expression]):
        workspace.print_notice(remark)
    streams.waiters = (*streams.waiters, waiter)
    try:
        if include_last and streams.recent:
            streams.check_last(waiter)
        if not workspace.waits.until(waiter.met, invocation.options.wait_s, workspace.current.raise_if_lost):
            raise TimedOut(
                f"no message matched {invocation.expression!r} within {invocation.options.wait_s:g} s",
                "use a longer --wait",
            )
    finally:
        streams.waiters = tuple(w for w in streams.waiters if w is not waiter)
    return waiter
