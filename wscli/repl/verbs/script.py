"""Lines from a file or from standard input that is no terminal: one after the other, each waiting for its answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from wscli.core.errors import TimedOut, UsageError, WscliError
from wscli.repl.syntax.lexer import split
from wscli.repl.verbs.lines import run
from wscli.repl.workspace.streams import Board
from wscli.repl.workspace.workspace import Closing, Room
from wscli.storage import files
from wscli.storage.recording.recorder import RecordingFailed

DEEPEST = 10  # files that run files
FOREVER_S = 1e9


class Failed(WscliError):
    """Lines of a file failed, each told when it did. status: of the first."""

    otherwise = "each was told when it failed"


def of_file(room: Room, name: str, *, keep_going: bool) -> None:
    """Run the lines of a file. Raises what the first line that failed raised, with its place; keep_going: Failed, at the end."""
    try:
        lines = files.content(Path(name).expanduser()).decode("utf-8-sig").splitlines()
    except (OSError, RuntimeError, ValueError) as error:
        raise UsageError(
            f"source {name}: {getattr(error, 'strerror', None) or 'not text'}", "source FILE", word=name
        ) from error
    first = of_lines(room, lines, name, keep_going=keep_going)
    if first is not None:
        failed = Failed(f"{name}: not every line succeeded")
        failed.status = first.status
        raise failed


def of_lines(room: Room, lines: Iterable[str], name: str = "", *, keep_going: bool = False) -> WscliError | None:
    """Run lines; `#` begins a comment. name: of the file, for errors.

    Raises what the first line that failed raised; with keep_going each is told, the others run, and the first is returned.
    """
    if room.depth >= DEEPEST:
        raise UsageError(f"{name}: files that run files, {DEEPEST} deep", "does it run itself?")
    room.depth += 1
    first: WscliError | None = None
    try:
        for number, text in whole(lines):
            try:
                run(room, text)
            except RecordingFailed:
                raise
            except WscliError as error:
                error.message = f"{f'{name}:{number}' if name else f'line {number}'}: {error.message}"
                if not keep_going:
                    raise
                tell(room, error)
                first = first or error
    finally:
        room.depth -= 1
    return first


def whole(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield each line with its number from 1; one whose bracket is open goes on in those that follow.

    >>> [*whole(["ping", 'send {"op":', '"ping"}', "quit"])]
    [(1, 'ping'), (2, 'send {"op":\\n"ping"}'), (4, 'quit')]
    """
    held, began = "", 0
    for number, line in enumerate(lines, 1):
        held, began = (f"{held}\n{line}", began) if held else (line, number)
        if not split(held).continues:
            yield began, held
            held = ""
    if held:
        yield began, held


def tell(room: Room, error: WscliError) -> None:
    """Say what went wrong, in two lines."""
    from wscli.core.secrets import told

    message, hint = told(error.message, room.hint(error), error.otherwise)
    room.paper.word(f"wscli: {message}\n  hint: {hint}")


def converse(room: Room, lines: Iterable[str], *, keep_going: bool) -> int:
    """Run a whole script: its lines, then what its -n, --for and --until still wait for; then leave every venue.

    Return the status of the first line, else of the first stream, that failed and was told. Raises WscliError for one that ended it.
    """
    boards: list[Board] = []
    try:
        first = of_lines(room, lines, keep_going=keep_going)
        if not room.ran:
            room.open_all()  # nothing was asked: whether it can be reached is the answer
        linger(room)
    except Closing:
        return 0
    finally:
        boards += [live.board for live in room.lives.values()]
        room.close_all()
    failed = [first, *(board.failed for board in boards)]
    return next((error.status for error in failed if error is not None), 0)


def linger(room: Room) -> None:
    """Wait for the streams that end by themselves."""
    for live in [*room.lives.values()]:
        for stream in live.board.streams:
            if stream.limited:
                room.wait_for(stream.ended, FOREVER_S, live.check)
        if live.board.unmet is not None:
            raise TimedOut(f"{live.label}: {live.board.unmet}", "--for gives it longer")
    if any(live.on() for live in room.lives.values()):
        room.note(
            "the end of the script: what is on is stopped (-n, --for and --until keep a stream until they are met)"
        )
