"""The verbs of the prompt for files, favourites and scripts: what is kept, brought back and waited for."""

from __future__ import annotations

from pathlib import Path

from wscli.app.api_routing import check_condition
from wscli.core.errors import TimedOut, UsageError, WscliError
from wscli.core.secrets import reveals
from wscli.exchanges import TITLES
from wscli.output.explain import words
from wscli.output.filters import condition
from wscli.repl.syntax.command_table import COMMANDS
from wscli.repl.verbs.invocation import Asked, at_most
from wscli.repl.workspace import worker_jobs
from wscli.repl.workspace.streams import Waiter, apiece
from wscli.repl.workspace.worker import Live
from wscli.repl.workspace.workspace import Room
from wscli.storage import favourites, files
from wscli.storage.recording.recorder import Recorder


class Failed(WscliError):
    """Lines of a file failed, and each failure was reported. status: of the first."""

    otherwise = "each was told when it failed"


def source(room: Room, asked: Asked) -> None:
    at_most(asked, 1)
    if not asked.words:
        raise UsageError("source which file?", "source FILE runs its lines")
    name = asked.words[0]
    first = asked.run_lines(_lines_of(name), name, keep_going=asked.flags.keep_going)
    if first is not None:
        failed = Failed(f"{name}: not every line succeeded")
        failed.status = first.status
        raise failed


def _lines_of(name: str) -> list[str]:
    try:
        return files.content(Path(name).expanduser()).decode("utf-8-sig").splitlines()
    except (OSError, RuntimeError, ValueError) as error:
        raise UsageError(
            f"source {name}: {getattr(error, 'strerror', None) or 'not text'}", "source FILE", word=name
        ) from error


def record(room: Room, asked: Asked) -> None:
    at_most(asked, 1)
    at = room.live
    if not asked.words:
        raise UsageError("record to which file?", "record FILE; record off ends it")
    target = None if asked.words[0] == "off" else asked.words[0]
    _record_to(room, at, room.recordings.take(target) if target is not None else None)
    room.note(f"{at.label}: recording to {target}" if target else f"{at.label}: no longer recorded")


def _record_to(room: Room, at: Live, recorder: Recorder | None) -> None:
    before = at.recorder
    if recorder is not None and recorder is before:
        room.recordings.leave(recorder)  # it is used already
        return
    try:
        room.waits.result(at.ask(lambda line: worker_jobs.record(line, recorder)))
    except BaseException:
        if recorder is not None:
            room.recordings.leave(recorder)
        raise
    at.recorder = recorder
    if before is not None:
        room.recordings.leave(before)


def save(room: Room, asked: Asked) -> None:
    at_most(asked, 1)
    if not asked.words:
        raise UsageError("save under which name?", "save NAME keeps what is on; run NAME brings it back")
    lines = []
    for label, at in room.lives.items():
        if label in TITLES:
            kept = _kept(at)
            lines += [f"use {label}{at.place}", *kept] if kept else []
    if not lines:
        raise UsageError("nothing is on that could be kept", "subscribe CHANNEL SYMBOL begins a stream")
    if any(reveals(line) for line in lines):
        raise UsageError(
            "what is on holds a secret, which is not kept", "put it into the configuration, or the environment"
        )
    room.note(f"kept in {favourites.write(asked.words[0], lines)}")


def _kept(at: Live) -> list[str]:
    """Return the lines that bring back what is on: as they were typed, where all that they asked for is still on."""
    on = at.on()
    whole = [s for s in at.board.streams if not s.over and all(one in on for one in apiece(s.asked))]
    covered = [one for stream in whole for one in apiece(stream.asked)]
    return [s.text for s in whole] + [f"subscribe {words(one)}" for one in on if one not in covered]


def run_(room: Room, asked: Asked) -> None:
    at_most(asked, 1)
    if not asked.words:
        raise UsageError("run what?", f"one of: {' '.join(favourites.names()) or 'none is saved'}")
    asked.run_lines(favourites.read(asked.words[0]), asked.words[0])


def expect(room: Room, asked: Asked) -> None:
    _await(room, asked, looking_back=True)


def wait_for(room: Room, asked: Asked) -> None:
    _await(room, asked, looking_back=False)


def _await(room: Room, asked: Asked, *, looking_back: bool) -> None:
    if not asked.expression:
        raise UsageError(f"{asked.said.command} what?", COMMANDS[asked.said.command or ""].syntax)
    live, board = room.live, room.live.board
    waiter = Waiter([condition(asked.expression)])
    came = (received.event.subscription for _, received in [*board.last])
    check_condition(
        live.dialect,
        [*live.on(), *(one for one in came if one is not None)],
        asked.said.command or "",
        asked.expression,
    )
    board.waiters = (*board.waiters, waiter)
    try:
        if looking_back and board.last:
            board.look_back(waiter)
        if not room.waits.until(waiter.met, asked.options.wait, room.live.check):
            raise TimedOut(
                f"nothing met {asked.expression!r} within {asked.options.wait:g} s", "--wait gives it longer"
            )
    finally:
        board.waiters = tuple(w for w in board.waiters if w is not waiter)
