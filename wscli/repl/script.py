"""Lines from a file or from standard input that is no terminal: one after the other, each waiting for its answer."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from wscli.errors import TimedOut, UsageError, WscliError
from wscli.repl.lines import run
from wscli.repl.room import Closing, Room

DEEPEST = 10  # files that run files
FOREVER_S = 1e9


def of_file(room: Room, name: str, *, keep_going: bool) -> None:
    """Run the lines of a file. Raises what the first line that failed raised, with its place."""
    try:
        lines = Path(name).expanduser().read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"source {name}: {getattr(error, 'strerror', None) or 'not text'}", "source FILE", word=name
        ) from error
    of_lines(room, lines, name, keep_going=keep_going)


def of_lines(room: Room, lines: Iterable[str], name: str, *, keep_going: bool = False) -> None:
    """Run lines; `#` begins a comment. keep_going: a line that failed is told and the others run; the first is raised."""
    if room.depth >= DEEPEST:
        raise UsageError(f"{name}: files that run files, {DEEPEST} deep", "does it run itself?")
    room.depth += 1
    first: WscliError | None = None
    try:
        for number, text in enumerate(lines, 1):
            try:
                run(room, text)
            except WscliError as error:
                error.message = f"{name}:{number}: {error.message}"
                if not keep_going:
                    raise
                if first is None:
                    first = error
                else:
                    tell(room, error)
    finally:
        room.depth -= 1
    if first is not None:
        raise first


def tell(room: Room, error: WscliError) -> None:
    """Say what went wrong, in two lines."""
    room.paper.word(f"wscli: {error.message}\n  hint: {error.hint or error.otherwise}")


def converse(room: Room, lines: Iterable[str], name: str, *, keep_going: bool) -> None:
    """Run a whole script: its lines, then what its -n, --for and --until still wait for; then leave every venue."""
    try:
        of_lines(room, lines, name, keep_going=keep_going)
        linger(room)
    except Closing:
        return
    finally:
        room.close_all()


def linger(room: Room) -> None:
    """Wait for the streams that end by themselves."""
    for live in [*room.lives.values()]:
        for stream in live.board.streams:
            if stream.limited:
                room.wait_for(stream.ended, FOREVER_S)
        if live.board.unmet:
            raise TimedOut(f"{live.label}: nothing met --until within --for")
    if any(live.on() for live in room.lives.values()):
        room.note(
            "the end of the script: what is on is stopped (-n, --for and --until keep a stream until they are met)"
        )
