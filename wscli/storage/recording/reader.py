"""A recording read: its lines, plain or gzip, as entries. What is cut off is left out, and reported.

The form of a line stands in `lines`.
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
from wscli.storage.recording.file_names import continuation_name
from wscli.storage.recording.lines import LINE_START, RecordingEntry, parse_entry
from wscli.storage.text_input import without_bom

CHUNK_BYTES = 1 << 20  # bytes that are unpacked at once
FIRST_STEP = 256  # bytes of a gzip member that are looked at first
MAX_LINE_BYTES = 1 << 27  # a message is 16 MiB at most, and six times that where every character is escaped
RECORD_HINT = "wscli EXCHANGE subscribe WORDS --record FILE makes one"


def read_recording(
    path: str,
    report: Callable[[str], object] = lambda line: None,
    before_read: Callable[[int], object] = lambda file: None,
    check: Callable[[], object] = lambda: None,
) -> Iterator[RecordingEntry]:
    """Yield the lines of a recording, plain or gzip, as they are read; `-` is standard input.

    report: is called with a line on what is cut off and so left out. before_read: is called with the descriptor before each
    read of it, check at least once for each MiB of text. Raises UsageError for what cannot be read and for a line that is
    none of a recording, with its number.
    """
    file = _open_readable(path)
    try:
        yield from _entries(path, RecordingChunks(file, before_read), report, check)
    finally:
        if path != "-":
            os.close(file)


def merged_by_time(
    paths: Sequence[str],
    read_entries: Callable[[str], Iterator[RecordingEntry]],
    read_beginning: Callable[[str], Iterator[RecordingEntry]],
) -> Iterator[tuple[int, RecordingEntry]]:
    """Yield the entries of several recordings in order of time, those of each in their own order, with the place of its path.

    read_entries: reads one. read_beginning: reads one for its first line alone, which says when it begins: few are open at a time.
    """
    if len(paths) == 1:
        yield from ((0, entry) for entry in read_entries(paths[0]))
        return
    begins = [
        (first.ns, place)
        for place, path in enumerate(paths)
        if (first := _first_entry(read_beginning(path))) is not None
    ]
    begins.sort(reverse=True)
    heads: list[tuple[int, int, RecordingEntry, Iterator[RecordingEntry]]] = []

    def push(rank: int, source: Iterator[RecordingEntry]) -> None:
        head = next(source, None)
        if head is not None:
            heapq.heappush(heads, (head.ns, rank, head, source))

    places: list[int] = []  # by rank: of two entries of one time that of the recording which began first is first
    while begins or heads:
        while begins and (not heads or begins[-1][0] <= heads[0][0]):
            _, place = begins.pop()
            places.append(place)
            push(len(places) - 1, read_entries(paths[place]))
        if heads:
            _, rank, entry, source = heapq.heappop(heads)
            yield places[rank], entry
            push(rank, source)


def _first_entry(entries: Iterator[RecordingEntry]) -> RecordingEntry | None:
    """Return the entry that says when a recording begins: what is repeated from an earlier file has the time it had there."""
    return next((entry for entry in entries if entry.event or not entry.repeated), None)


def _open_readable(path: str) -> int:
    try:
        if path == "-":
            return sys.stdin.fileno()
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)  # a FIFO is waited for where a signal ends it
        os.set_blocking(file, True)
    except (OSError, ValueError, AttributeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "cannot be read"
        raise UsageError(f"{path}: {reason}", RECORD_HINT) from error
    if stat.S_ISDIR(os.fstat(file).st_mode):
        os.close(file)
        raise UsageError(f"{path}: Is a directory", RECORD_HINT)
    return file


class RecordingChunks:
    """A file's bytes, unpacked where it is gzip. cut: the last member has no end; damaged: why it cannot be unpacked."""

    def __init__(self, file: int, before_read: Callable[[int], object] = lambda file: None) -> None:
        self._file, self._before_read = file, before_read
        self.truncated = False
        self.damage: str | None = None

    def __iter__(self) -> Iterator[bytes]:
        first = self._read()
        if first[:2] == b"\x1f\x8b":
            yield from self._decompressed(first)
            return
        while first:
            yield first
            first = self._read()

    def _read(self) -> bytes:
        self._before_read(self._file)
        try:
            return os.read(self._file, 1 << 16)
        except OSError as error:
            self.damage = error.strerror
            return b""

    def _decompressed(self, packed: bytes) -> Iterator[bytes]:
        """Yield what gzip members hold. Each is begun with few bytes: there may be a million of twenty."""
        member, at, step = _new_decompressor(), 0, FIRST_STEP
        while packed:
            before, given = member.copy(), packed[at : at + step]
            try:
                piece = member.decompress(given, CHUNK_BYTES)
                left = len(member.unused_data if member.eof else member.unconsumed_tail)
            except zlib.error as error:
                piece, rest = _decompressed_until_error(before, given)
                left = len(rest)
                if rest[:2] != b"\x1f\x8b"[: len(rest)]:
                    self.damage = str(error)
                else:
                    member, step = _new_decompressor(), 0  # a run was killed, and another one appended
            if piece:
                yield piece
            if self.damage is not None:
                return
            at, step = at + len(given) - left, min(step * 2, 1 << 16) or FIRST_STEP
            if at >= len(packed) and (len(piece) < CHUNK_BYTES or member.eof):  # of a full piece more may be held back
                packed, at = self._read(), 0
            if member.eof and packed:
                member, step = _new_decompressor(), FIRST_STEP
        self.truncated = not member.eof


def _new_decompressor() -> zlib._Decompress:
    return zlib.decompressobj(16 + zlib.MAX_WBITS)


def _decompressed_until_error(member: zlib._Decompress, packed: bytes) -> tuple[bytes, bytes]:
    """Return what can be unpacked, byte by byte, and what is left from the byte on that cannot."""
    found = []
    for at in range(len(packed)):
        try:
            found.append(member.decompress(packed[at : at + 1]))
        except zlib.error:
            return b"".join(found), packed[at:]
    return b"".join(found), b""


def _entries(
    path: str, pieces: RecordingChunks, report: Callable[[str], object], check: Callable[[], object]
) -> Iterator[RecordingEntry]:
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
                    yield from _entry_in_line(path, number, line, report)
            rest, held = [], 0
        if tail:
            rest.append(tail)
            held += len(tail)
        if held > MAX_LINE_BYTES:
            raise _line_error(path, number + 1, b"".join(rest)[:200])
    if last := b"".join(rest):
        for entry in _entry_in_line(path, number + 1, last, report if not pieces.truncated else str):
            number += 1
            yield entry
    if pieces.damage is not None:
        raise UsageError(
            f"{path}: damaged after line {number}: {pieces.damage}", "everything before that line was read"
        )
    if pieces.truncated:
        later = continuation_name(path, 1)
        after = f"; {later} belongs to a later run" if os.path.exists(later) else ""  # noqa: PTH110
        report(f"{path}: the file is cut off after line {number}: wscli was killed, or is still writing{after}")


def _entry_in_line(path: str, number: int, line: bytes, report: Callable[[str], object]) -> Iterator[RecordingEntry]:
    """Yield the entry of a line; none for an empty one, and for the beginning of one, which is reported."""
    line = without_bom(line) if number == 1 else line
    if not line.strip():
        return
    try:
        entry = parse_entry(json.loads(line.decode()))
    except (ValueError, RecursionError):
        if LINE_START.startswith(line) or (line.startswith(LINE_START) and not line.rstrip().endswith(b"}")):
            report(f"{path}: line {number} is incomplete, and is left out")
            return
        raise _line_error(path, number, line) from None
    if entry is None:
        raise _line_error(path, number, line)
    yield entry


def _line_error(path: str, number: int, line: bytes) -> UsageError:
    start = line[:60].decode("utf-8", "replace") + ("…" if len(line) > 60 else "")
    return UsageError(f"{path}: line {number} is not a line of a recording: {start}", RECORD_HINT)
