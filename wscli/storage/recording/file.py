"""The file of a recording: locked, appended to, readable by its owner alone, whole lines only.

A name that ends in .gz is written as gzip. What a SIGKILL takes away of a .gz are its last 10 bytes, of which gunzip
complains after every line; nothing else, and no half line.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import zlib
from collections.abc import Callable
from itertools import chain, count

from wscli.core.errors import UsageError
from wscli.storage.recording.file_names import continuation_name
from wscli.storage.recording.lines import is_recording_start
from wscli.storage.recording.reader import RecordingChunks

PROBE_BYTES = 1 << 16  # bytes of the beginning that say whether a file is a recording


class RecordingFile:
    """A recording that is open for writing."""

    def __init__(self, path: str, report: Callable[[str], object] = lambda line: None) -> None:
        """Open it. report: is called with a line on what is not as was asked for: another file, a mode that is tightened.

        Raises UsageError for a path that is no file of recorded lines, or that another run records to.
        """
        self.path, self._file = _open_recording(path, report)
        _make_private(self.path, self._file, report)
        self._gzip = _GzipMember() if path.endswith(".gz") else None
        self._closed = False

    def append(self, data: bytes) -> None:
        """Append lines. Raises OSError where there is no room for all: only lines that are whole stand there then."""
        if self._gzip is None:
            self._write_or_undo(data, all_or_nothing=False)
        else:
            self._write_or_undo(self._gzip.compressed(data), all_or_nothing=True)
            self._gzip.mark_written(data)

    def _write_or_undo(self, data: bytes, *, all_or_nothing: bool) -> None:
        """Append to the file; where there is no room, only lines that are whole (with `whole`, everything or nothing)."""
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._file, rest) :]
        except OSError:
            done = len(data) - len(rest)
            with contextlib.suppress(OSError):
                self._truncate_by(done if all_or_nothing else done - (data.rfind(b"\n", 0, done) + 1))
            raise

    def _truncate_by(self, count: int) -> None:
        """Take back the last bytes that were written, unless another process appended since."""
        end = os.lseek(self._file, 0, os.SEEK_CUR)
        if count and os.fstat(self._file).st_size == end:
            os.ftruncate(self._file, end - count)
            os.lseek(self._file, end - count, os.SEEK_SET)

    def close(self) -> None:
        """Write the end of a .gz, and close; again is nothing. Raises OSError where the end took the room of the last lines."""
        if self._closed:
            return
        self._closed = True
        try:
            if self._gzip is not None:
                self._write_gzip_end(self._gzip)
        finally:
            os.close(self._file)

    def _write_gzip_end(self, member: _GzipMember) -> None:
        try:
            self._write_or_undo(member.trailer(), all_or_nothing=True)
        except OSError:
            with contextlib.suppress(OSError):  # the end has the room of the last piece
                self._truncate_by(member.undo_last())
                os.write(self._file, member.trailer())
            raise


class _GzipMember:
    """One member of a gzip file, in pieces that each end at a whole byte: what was appended can be read, and ended, after any.

    compressed(data) becomes part of the member by `mark_written(data)`, once it is in the file.
    """

    _HEADER = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    FINAL_BLOCK = b"\x03\0"  # an empty block that says it is the last
    SYNC_MARKER = b"\0\0\xff\xff"  # the end of every piece but that

    def __init__(self) -> None:
        self._deflate = zlib.compressobj(3, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._crc = self._size = 0
        self._has_header = False
        self._previous_state = (False, 0, 0)  # what these were before the last piece
        self._packed_size = self._last_written_size = 0  # how long the newest one is, and the last one that was written

    def compressed(self, data: bytes) -> bytes:
        packed = self._deflate.compress(data) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        packed = packed if self._has_header else self._HEADER + packed
        self._packed_size = len(packed)
        return packed

    def mark_written(self, data: bytes) -> None:
        self._previous_state, self._last_written_size = (self._has_header, self._crc, self._size), self._packed_size
        self._has_header = True
        self._crc = zlib.crc32(data, self._crc)
        self._size += len(data)

    def undo_last(self) -> int:
        """Let the last piece be no part of the member; return how many bytes it has."""
        (self._has_header, self._crc, self._size), count = self._previous_state, self._last_written_size
        self._last_written_size = 0
        return count

    def trailer(self) -> bytes:
        last = self.FINAL_BLOCK + self._crc.to_bytes(4, "little") + (self._size % (1 << 32)).to_bytes(4, "little")
        return last if self._has_header else self._HEADER + last


def _open_recording(path: str, report: Callable[[str], object]) -> tuple[str, int]:
    """Return the descriptor of a recording to append to, and its path: that of a file beside it where its last run was
    killed within a gzip member, which nothing can be appended to. Raises UsageError.
    """
    for place in chain([path], (continuation_name(path, number) for number in count(1))):
        file = _open_and_lock(place)
        try:
            unfinished = place.endswith(".gz") and not _is_finished(file)
            if not unfinished:
                _end_partial_line(place, file)
                if place != path:
                    report(
                        f"wscli: --record {path}: its last run was killed and left it unfinished: recording to {place}"
                    )
                return place, file
        except BaseException:
            os.close(file)
            raise
        os.close(file)
    raise AssertionError("the places have no end")


def _open_and_lock(path: str) -> int:
    """Return the descriptor of one file, ours alone: locked, and checked to be a recording. Raises UsageError."""
    flags = os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
    try:
        try:
            file, made = os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600), True
        except FileExistsError:
            file, made = os.open(path, flags), False
    except (OSError, ValueError) as error:
        raise _open_error(path, error) from error
    try:
        about = os.fstat(file)
        if stat.S_ISREG(about.st_mode):
            _lock(path, file)
            if made:
                os.fchmod(file, 0o600)  # whatever the umask
            else:
                _check_recording(path, file)
        elif not stat.S_ISCHR(about.st_mode):
            raise UsageError(f"--record {path}: not a file", "name a file that can be written")
        os.set_blocking(file, True)
    except BaseException:
        os.close(file)
        raise
    return file


def _lock(path: str, file: int) -> None:
    """Take the file for this run alone, until it ends in whatever way. Raises UsageError where another run has it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UsageError(f"--record {path}: another wscli is recording to it", "name another file") from None
    except OSError:
        return  # a file system without locks


def _check_recording(path: str, file: int) -> None:
    """Raise UsageError where something else would be appended to."""
    size = os.fstat(file).st_size
    start = os.pread(file, PROBE_BYTES, 0)
    if path.endswith(".gz"):
        if size and not b"\x1f\x8b".startswith(start[:2]):
            raise UsageError(
                f"--record {path}: is not a gzip file", "wscli appends to an existing recording: name another file"
            )
        start = _decompressed_start(start)
    if not is_recording_start(start):
        raise UsageError(
            f"--record {path}: contains something else than a recording",
            "wscli appends to an existing recording: name another file",
        )


def _decompressed_start(packed: bytes) -> bytes:
    """Return the first bytes that are packed; nothing where they are damaged."""
    member = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        return member.decompress(packed, PROBE_BYTES)
    except zlib.error:
        return b"\0"


def _make_private(path: str, file: int, report: Callable[[str], object]) -> None:
    """Let nobody but its owner read a recording that others can read. Raises UsageError where that cannot be."""
    about = os.fstat(file)
    mode = stat.S_IMODE(about.st_mode)
    if not mode & 0o077 or not stat.S_ISREG(about.st_mode):
        return
    try:
        os.fchmod(file, 0o600)
    except OSError as error:
        raise UsageError(
            f"--record {path}: other users can read it (mode {mode:04o}), and its mode cannot be changed: {error.strerror}",
            "name another file",
        ) from error
    report(f"wscli: --record {path}: others could read it (mode {mode:04o}): now only its owner can")


def _is_finished(file: int) -> bool:
    """Say whether the last gzip member of a file has its end, so that another one can follow it."""
    size = os.fstat(file).st_size
    end = os.pread(file, 10, max(size - 10, 0))
    if not size or (end[:2] == _GzipMember.FINAL_BLOCK and end[-4:] != _GzipMember.SYNC_MARKER):
        return True  # as every run that ended by itself leaves it
    return end[-4:] != _GzipMember.SYNC_MARKER and _has_trailer(file)


def _has_trailer(file: int) -> bool:
    """Say whether the last gzip member of a file has its end, by unpacking all of it."""
    pieces = RecordingChunks(file)
    for _ in pieces:
        continue
    return not pieces.truncated and pieces.damage is None


def _end_partial_line(path: str, file: int) -> None:
    """Begin a new line after one that was cut off."""
    about = os.fstat(file)
    plain = stat.S_ISREG(about.st_mode) and not path.endswith(".gz")
    if plain and about.st_size and os.pread(file, 1, about.st_size - 1) != b"\n":
        with contextlib.suppress(OSError):
            os.write(file, b"\n")


def _open_error(path: str, error: Exception) -> UsageError:
    message = f"--record {path}: {error.strerror if isinstance(error, OSError) else error}"
    match error:
        case IsADirectoryError():
            return UsageError(message, f"name a file in it: {path.rstrip('/')}/recording.jsonl")
        case FileNotFoundError():
            return UsageError(message, f"mkdir -p {os.path.dirname(path) or path!r} creates the directory")  # noqa: PTH120
        case _ if os.path.islink(path):  # noqa: PTH114
            return UsageError(f"--record {path}: a symbolic link, which wscli does not follow", "name the file itself")
        case _:
            return UsageError(message, "name a file that can be written")
