"""The line at the bottom: the venue, its sockets, the login, what is on, how much comes, and what is not shown."""

from __future__ import annotations

from datetime import datetime
from time import time_ns

from wscli.core.secrets import masked
from wscli.output.rows import channel_of
from wscli.repl.workspace.printer import Screenful
from wscli.repl.workspace.worker import Live
from wscli.repl.workspace.workspace import Room

LATELY_NS = 5_000_000_000


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


def lag_ms(live: Live, now_ns: int) -> float | None:
    """Return how long ago, when the last message came, the newest event in it had happened.

    None where the message holds no time of an event (the time of a candle is its start), or none came lately.
    """
    if not live.board.last:
        return None
    received = live.board.last[-1][1]
    channel = channel_of(live.dialect, received.event)
    if now_ns - received.ns > LATELY_NS or channel is None or not channel.tells_when:
        return None
    try:
        told = [time for row in live.board.labelled(received) if isinstance(time := row.get("time"), str)]
        if not told:
            return None
        return received.ns / 1e6 - max(datetime.fromisoformat(time).timestamp() for time in told) * 1e3
    except (ValueError, OverflowError):
        return None
