"""The verbs `on` and `alerts`: a command that is run, or the bell that rings, when a row matches."""

from __future__ import annotations

from time import localtime, strftime

from wscli.app.alerts.alert import Alert, AlertSpec
from wscli.app.alerts.flags import check_placeholders, checked_command
from wscli.app.condition_checks import check_for_all, fields_of_dialects
from wscli.core.errors import UsageError
from wscli.core.tables.listing import ListColumn
from wscli.output.conditions.grammar import parse_conditions
from wscli.output.conditions.mistakes import TypedAt
from wscli.repl.syntax.lexer import ALERT_WORDS
from wscli.repl.verbs.invocation import Invocation, require_at_most
from wscli.repl.verbs.listings import Entry, EntryList, print_listing
from wscli.repl.workspace.workspace import Workspace

EXAMPLE = "on price>36500 exec notify-send {symbol} {price}"
COLUMNS = (
    ListColumn("", "right", importance=9),
    ListColumn("condition", wraps=True, importance=8),
    ListColumn("does", wraps=True, importance=7),
    ListColumn("matches", "right", importance=6),
    ListColumn("runs", "right", importance=5),
    ListColumn("failed", "right", importance=3),
    ListColumn("last", "right", importance=4),
)


def on(workspace: Workspace, invocation: Invocation) -> None:
    line = invocation.parsed_line
    rest = line.expression_tokens[len(line.condition_tokens) :]
    words = [token.text for token in rest]
    if not line.condition_tokens or not words or (words[0] == "exec" and len(words) == 1):
        raise UsageError("on needs a condition, and exec COMMAND or bell behind it", f"for example: {EXAMPLE}")
    if words[0] == "bell" and len(words) > 1:
        raise UsageError(f"too many words: {words[1]!r}", "on CONDITION bell", word=words[1])
    typed_at = TypedAt("on", " ".join(words), needs_quotes=False)
    expression = invocation.expression
    dialects = [worker.dialect for worker in workspace.workers.values()]
    open_exchanges = [(worker.dialect, worker.subscriptions()) for worker in workspace.workers.values()]
    remarks = check_for_all(open_exchanges, typed_at, expression)
    command = checked_command(words[1], flag="exec") if words[0] == "exec" else ()
    remarks += check_placeholders(command, fields_of_dialects(dialects), flag="exec")
    for remark in remarks:
        workspace.print_notice(remark)
    spec = AlertSpec(expression, parse_conditions([expression], typed_at), command, bell=words[0] == ALERT_WORDS[1])
    number = workspace.alerts.add(spec)
    workspace.acknowledge(f"alert {number} is on: {expression}; alerts off {number} turns it off")


def alerts(workspace: Workspace, invocation: Invocation) -> None:
    require_at_most(invocation, 2)
    match invocation.arguments:
        case ():
            _list(workspace, invocation)
        case ("off",):
            numbers = [number for number, _ in workspace.alerts.numbered]
            workspace.alerts.close(0.0)
            workspace.acknowledge(f"alerts turned off: {len(numbers)}")
        case ("off", number):
            workspace.alerts.remove([_number_of(workspace, number)], 0.0)
            workspace.acknowledge(f"alert {number.lstrip('#')} is off")
        case (word, *_):
            raise UsageError(f"alerts has no {word!r}", "alerts off N turns one off; alerts lists them", word=word)


def _number_of(workspace: Workspace, text: str) -> int:
    known = [number for number, _ in workspace.alerts.numbered]
    digits = text.lstrip("#")
    if not digits.isdecimal() or len(digits) > 9 or int(digits) not in known:
        listed = " ".join(map(str, known)) or "none is on"
        raise UsageError(f"no alert has the number {text}", f"one of: {listed}", word=text)
    return int(digits)


def _list(workspace: Workspace, invocation: Invocation) -> None:
    entries = [_entry(number, alert) for number, alert in workspace.alerts.numbered]
    rows = [
        (
            str(entry["alert"]),
            str(entry["condition"]),
            str(entry["does"]),
            f"{entry['matches']:,}",
            "" if entry["runs"] is None else f"{entry['runs']:,}",
            "" if entry["failed"] is None else f"{entry['failed']:,}",
            strftime("%H:%M:%S", localtime(alert.last_run)) if alert.last_run is not None else "never",
        )
        for entry, (_, alert) in zip(entries, workspace.alerts.numbered, strict=True)
    ]
    print_listing(workspace, invocation, EntryList(COLUMNS, entries, rows, f"no alert is on; for example: {EXAMPLE}"))


def _entry(number: int, alert: Alert) -> Entry:
    from shlex import join

    runner = alert.runner
    return {
        "alert": number,
        "condition": alert.spec.text,
        "does": f"exec {join(alert.spec.command)}" if runner is not None else "bell",
        "matches": alert.matches,
        "runs": runner.runs if runner is not None else None,
        "failed": runner.failures if runner is not None else None,
        "last_run": round(alert.last_run, 3) if alert.last_run is not None else None,
    }
