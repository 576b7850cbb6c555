"""The line at the bottom: the exchange, its sockets, the login, what is on, how much comes, and what is not shown."""

from __future__ import annotations

from time import time_ns

from wscli.core.secrets import masked
from wscli.repl.display.printer import ScreenPrinter
from wscli.repl.workspace.lag import lag_ms
from wscli.repl.workspace.workspace import Workspace


def toolbar(workspace: Workspace, printer: ScreenPrinter) -> str:
    """Return the line; other exchanges that are open stand behind the one in use."""
    worker = workspace.workers.get(workspace.current_label or "")
    if worker is None:
        return "no exchange is selected: type use EXCHANGE --sim, or help"
    now = time_ns()
    parts = [f"{worker.label}{masked(worker.location_flags)}", worker.status_text()]
    if worker.dialect.login.summary:
        parts.append("logged in" if worker.logged_in() else "not logged in")
    number = len(worker.subscriptions())
    parts.append(f"{number} subscribed")
    parts.append(f"{worker.streams.total.rate(now):,.0f}/s")
    if (lag := lag_ms(worker, now)) is not None:
        parts.append(f"lag {lag:,.0f} ms")
    if workspace.paused:
        parts.append("paused")
    if printer.omitted:
        parts.append(f"{printer.omitted:,} not shown")
    others = [
        f"{other.label} {other.streams.total.rate(now):,.0f}/s"
        for other in workspace.workers.values()
        if other is not worker
    ]
    return "  ".join(parts + others)
