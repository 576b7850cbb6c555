"""What can be asked of the thread that owns a venue's line: to begin a stream, to stop one or all, to record."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from wscli.books.stream_check import check_stream
from wscli.core.errors import ConnectionLost, WscliError
from wscli.core.messages import Subscribe, Unsubscribe
from wscli.repl.workspace.redirects import close_all
from wscli.repl.workspace.streams import Board, Stream
from wscli.session import operations
from wscli.session.client import Line
from wscli.storage.recording.recorder import Recorder


def opened(line: Line) -> None:
    """Connect the public socket."""
    line.open("public")


def begin(line: Line, board: Board, stream: Stream) -> None:
    """Subscribe to what a stream asks for, and wait for the answers. Raises Rejected, TimedOut, …"""
    board.streams = (*board.streams, stream)
    check_stream(line, stream.asked)
    agreed = False
    try:
        before, line.partly = line.partly, None
        operations.told_yes(line, stream.asked)
        board.failed, line.partly = board.failed or line.partly, before
        agreed = True
    except ConnectionLost:  # it is said to have failed: it is not come back to
        if line.comeback.staying.reconnect:
            line.comeback.leave_lost()
        _forget(line, stream.asked)
        raise
    finally:
        if not agreed:  # what it did not get is no concern: it never began
            unmet = board.unmet
            end(board, stream)
            board.unmet = unmet
    if stream.wanted.for_s is not None:
        stream.timer = threading.Timer(stream.wanted.for_s, board.end, (stream,))
        stream.timer.daemon = True
        stream.timer.start()
    line.quiet_at = line.clock.monotonic() + line.wanted.quiet_s


def stop(line: Line, board: Board, stream: Stream) -> None:
    """Unsubscribe from what a stream asked for and no other stream needs, and end it."""
    _forget(line, stream.asked)
    others = [s for s in board.streams if s is not stream and not s.over]
    needed = {(c.channel, symbol) for s in others for c in s.asked for symbol in c.symbols or ("",)}
    try:
        ends = []
        for one in stream.asked:
            left = tuple(symbol for symbol in one.symbols if (one.channel, symbol) not in needed)
            on = any(one.channel == other.channel for other in active(line))
            if on and (left or (not one.symbols and (one.channel, "") not in needed)):
                ends.append(Unsubscribe(one.channel, left, one.params))
        if ends:
            operations.told_yes(line, ends)
    finally:
        end(board, stream)


def silence(line: Line, board: Board) -> int:
    """Unsubscribe from everything, and end every stream; return how many subscriptions that were."""
    on, wishes = active(line), wished(line)
    _forget(line, wishes)
    try:
        operations.told_yes(line, [Unsubscribe(one.channel, one.symbols, one.params) for one in on])
    finally:
        close_all([stream.sink for stream in board.streams if stream.sink is not None])
        for stream in board.streams:
            end(board, stream)
    return len(on) + len(wishes)


def _forget(line: Line, asked: Sequence[Subscribe]) -> None:
    """Let a lost connection not be come back to for these."""
    for away in line.comeback.away.values():
        away.wishes = tuple(
            wish
            for wish in away.wishes
            if not any(one.channel == wish.channel and set(wish.symbols) <= set(one.symbols) for one in asked)
        )


def end(board: Board, stream: Stream) -> None:
    """Take a stream off the board, and close where it went: once."""
    if stream.ended.is_set():
        return
    board.streams = tuple(s for s in board.streams if s is not stream)
    stream.over = True
    board.unmet = board.unmet or stream.wanted.unmet(stream.shown, met=stream.met)
    if stream.timer is not None:
        stream.timer.cancel()
    if stream.sink is not None and (said := stream.sink.close()) is not None:
        board.fail(WscliError(said))
    stream.ended.set()


def record(line: Line, recorder: Recorder | None) -> None:
    """Record there from now on; None ends it."""
    line.recorder = recorder
    if recorder is not None:
        for session in line.sessions.values():
            recorder.opened(line.dialect, line.clock.wall_ns(), session.connection)


def active(line: Line) -> list[Subscribe]:
    sessions = tuple(line.sessions.values())
    return [one for session in sessions for one in session.state.wished]


def wished(line: Line) -> list[Subscribe]:
    return [wish for away in tuple(line.comeback.away.values()) for wish in away.wishes]
