"""A recording read: its lines, plain or gzip, as entries. What is cut off is left out, and reported.

The form of a line stands in `recording_lines`.
"""

from __future__ import annotations

import heapq
import json
import os
import stat
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence

from wscli.core.errors import UsageError
from wscli.storage.recording.lines import BEGINNING, Entry, entry_of
from wscli.storage.recording.names import beside
from wscli.storage.text_input import without_bom

PIECE = 1 << 20  # bytes that are unpacked at once
FIRST_STEP = 256  # bytes of a gzip member that are looked at first
LONGEST = 1 << 27  # a message is 16 MiB at most, and six times that where every character is escaped
MAKES_ONE = "wscli EXCHANGE subscribe WORDS --record FILE makes one"


def recorded(
    path: str,
    told: Callable[[str], object] = lambda line: None,
    waiting: Callable[[int], object] = lambda file: None,
    check: Callable[[], object] = lambda: None,
) -> Iterator[Entry]:
    """Yield the lines of a recording, plain or gzip, as they are read; `-` is standard input.

    told: is called with a line on what is cut off and so left out. waiting: is called with the descriptor before each
    read of it, check at least once for each MiB of text. Raises UsageError for what cannot be read and for a line that is
    none of a recording, with its number.
    """
    file = _readable(path)
    try:
        yield from _entries(path, Pieces(file, waiting), told, check)
    finally:
        if path != "-":
            os.close(file)


def together(
    paths: Sequence[str], entries: Callable[[str], Iterator[Entry]], begin: Callable[[str], Iterator[Entry]]
) -> Iterator[tuple[int, Entry]]:
    """Yield the entries of several recordings in order of time, those of each in their own order, with the place of its path.

    entries: reads one. begin: reads one for its first line alone, which says when it begins: few are open at a time.
    """
    if len(paths) == 1:
        yield from ((0, entry) for entry in entries(paths[0]))
        return
    begins = [(first.ns, place) for place, path in enumerate(paths) if (first := _first(begin(path))) is not None]
    begins.sort(reverse=True)
    heads: list[tuple[int, int, Entry, Iterator[Entry]]] = []

    def push(rank: int, source: Iterator[Entry]) -> None:
        head = next(source, None)
        if head is not None:
            heapq.heappush(heads, (head.ns, rank, head, source))

    places: list[int] = []  # by rank: of two entries of one time that of the recording which began first is first
    while begins or heads:
        while begins and (not heads or begins[-1][0] <= heads[0][0]):
            _, place = begins.pop()
            places.append(place)
            push(len(places) - 1, entries(paths[place]))
        if heads:
            _, rank, entry, source = heapq.heappop(heads)
            yield places[rank], entry
            push(rank, source)


def _first(entries: Iterator[Entry]) -> Entry | None:
    """Return the entry that says when a recording begins: what is repeated from an earlier file has the time it had there."""
    return next((entry for entry in entries if entry.event or not entry.repeated), None)


def _readable(path: str) -> int:
    try:
        if path == "-":
            return sys.stdin.fileno()
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)  # a FIFO is waited for where a signal ends it
        os.set_blocking(file, True)
    except (OSError, ValueError, AttributeError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else "cannot be read"
        raise UsageError(f"{path}: {said}", MAKES_ONE) from error
    if stat.S_ISDIR(os.fstat(file).st_mode):
        os.close(file)
        raise UsageError(f"{path}: Is a directory", MAKES_ONE)
    return file


class Pieces:
    """A file's bytes, unpacked where it is gzip. cut: the last member has no end; damaged: why it cannot be unpacked."""

    def __init__(self, file: int, waiting: Callable[[int], object] = lambda file: None) -> None:
        self._file, self._waiting = file, waiting
        self.cut = False
        self.damaged: str | None = None

    def __iter__(self) -> Iterator[bytes]:
        first = self._read()
        if first[:2] == b"\x1f\x8b":
            yield from self._unpacked(first)
            return
        while first:
            yield first
            first = self._read()

    def _read(self) -> bytes:
        self._waiting(self._file)
        try:
            return os.read(self._file, 1 << 16)
        except OSError as error:
            self.damaged = error.strerror
            return b""

    def _unpacked(self, packed: bytes) -> Iterator[bytes]:
        """Yield what gzip members hold. Each is begun with few bytes: there may be a million of twenty."""
        member, at, step = _member(), 0, FIRST_STEP
        while packed:
            before, given = member.copy(), packed[at : at + step]
            try:
                piece = member.decompress(given, PIECE)
                left = len(member.unused_data if member.eof else member.unconsumed_tail)
            except zlib.error as error:
                piece, rest = _to_the_fault(before, given)
                left = len(rest)
                if rest[:2] != b"\x1f\x8b"[: len(rest)]:
                    self.damaged = str(error)
                else:
                    member, step = _member(), 0  # a run was killed, and another one appended
            if piece:
                yield piece
            if self.damaged is not None:
                return
            at, step = at + len(given) - left, min(step * 2, 1 << 16) or FIRST_STEP
            if at >= len(packed) and (len(piece) < PIECE or member.eof):  # of a full piece more may be held back
                packed, at = self._read(), 0
            if member.eof and packed:
                member, step = _member(), FIRST_STEP
        self.cut = not member.eof


def _member() -> zlib._Decompress:
    return zlib.decompressobj(16 + zlib.MAX_WBITS)


def _to_the_fault(member: zlib._Decompress, packed: bytes) -> tuple[bytes, bytes]:
    """Return what can be unpacked, byte by byte, and what is left from the byte on that cannot."""
    found = []
    for at in range(len(packed)):
        try:
            found.append(member.decompress(packed[at : at + 1]))
        except zlib.error:
            return b"".join(found), packed[at:]
    return b"".join(found), b""


def _entries(path: str, pieces: Pieces, told: Callable[[str], object], check: Callable[[], object]) -> Iterator[Entry]:
    number = held = 0
    rest: list[bytes] = []
    for piece in pieces:
        check()
        if not rest and not piece.strip(b"\n"):
            number += len(piece)
            continue
        whole, newline, tail = piece.rpartition(b"\n")
        if newline:
            for line in b"".join([*rest, whole]).split(b"\n"):
                number += 1
                if line:
                    yield from _line(path, number, line, told)
            rest, held = [], 0
        if tail:
            rest.append(tail)
            held += len(tail)
        if held > LONGEST:
            raise _no_entry(path, number + 1, b"".join(rest)[:200])
    if last := b"".join(rest):
        for entry in _line(path, number + 1, last, told if not pieces.cut else str):
            number += 1
            yield entry
    if pieces.damaged is not None:
        raise UsageError(
            f"{path}: damaged after line {number}: {pieces.damaged}", "what came before it is all there is"
        )
    if pieces.cut:
        after = f"; {beside(path, 1)} is of a later run" if os.path.exists(beside(path, 1)) else ""  # noqa: PTH110
        told(f"{path}: the file is cut off after line {number}: its run was killed, or goes on{after}")


def _line(path: str, number: int, line: bytes, told: Callable[[str], object]) -> Iterator[Entry]:
    """Yield the entry of a line; none for an empty one, and for the beginning of one, which is told."""
    line = without_bom(line) if number == 1 else line
    if not line.strip():
        return
    try:
        entry = entry_of(json.loads(line.decode()))
    except (ValueError, RecursionError):
        if BEGINNING.startswith(line) or (line.startswith(BEGINNING) and not line.rstrip().endswith(b"}")):
            told(f"{path}: line {number} is cut off, and left out")
            return
        raise _no_entry(path, number, line) from None
    if entry is None:
        raise _no_entry(path, number, line)
    yield entry


def _no_entry(path: str, number: int, line: bytes) -> UsageError:
    said = line[:60].decode("utf-8", "replace") + ("…" if len(line) > 60 else "")
    return UsageError(f"{path}: line {number} is no line of a recording: {said}", MAKES_ONE)
