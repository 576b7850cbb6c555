"""The line at the bottom: the venue, its sockets, the login, what is on, how much comes, and what is not shown."""

from __future__ import annotations

from time import time_ns

from wscli.core.secrets import masked
from wscli.repl.workspace.lag import lag_ms
from wscli.repl.workspace.printer import Screenful
from wscli.repl.workspace.workspace import Room


def toolbar(room: Room, paper: Screenful) -> str:
    """Return the line; other venues that are open stand behind the one in use."""
    live = room.lives.get(room.used or "")
    if live is None:
        return "no venue is in use: use EXCHANGE --sim, or help"
    now = time_ns()
    said = [f"{live.label}{masked(live.place)}", live.situation()]
    if live.dialect.auth:
        said.append("logged in" if live.logged_in() else "not logged in")
    number = len(live.on())
    said.append(f"{number} on")
    said.append(f"{live.board.total.rate(now):,.0f}/s")
    if (lag := lag_ms(live, now)) is not None:
        said.append(f"lag {lag:,.0f} ms")
    if room.paused:
        said.append("paused")
    if paper.missed:
        said.append(f"{paper.missed:,} not shown")
    others = [
        f"{other.label} {other.board.total.rate(now):,.0f}/s" for other in room.lives.values() if other is not live
    ]
    return "  ".join(said + others)
