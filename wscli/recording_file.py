"""The file of a recording: appended to, readable by its owner alone, whole lines only.

A name that ends in .gz is written as gzip. What a SIGKILL takes away of a .gz are its last 10 bytes, of which gunzip
complains after every line; nothing else, and no half line.
"""

from __future__ import annotations

import contextlib
import os
import stat
import zlib

from wscli.errors import UsageError


class RecordingFile:
    """A recording that is open for writing."""

    def __init__(self, path: str) -> None:
        """Open it. Raises UsageError for a path that is no file of recorded lines, before anything is written."""
        self._file = _opened(path)
        self._gzip = _Gzip() if path.endswith(".gz") else None
        self._closed = False

    def append(self, data: bytes) -> None:
        """Append lines. Raises OSError where there is no room for all: only lines that are whole stand there then."""
        if self._gzip is None:
            self._append(data, whole=False)
        else:
            self._append(self._gzip.packed(data), whole=True)
            self._gzip.wrote(data)

    def _append(self, data: bytes, *, whole: bool) -> None:
        """Append to the file; where there is no room, only lines that are whole (with `whole`, everything or nothing)."""
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._file, rest) :]
        except OSError:
            done = len(data) - len(rest)
            with contextlib.suppress(OSError):
                self._drop(done if whole else done - (data.rfind(b"\n", 0, done) + 1))
            raise

    def _drop(self, count: int) -> None:
        """Take back the last bytes that were written, unless somebody else appended since."""
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
                self._end(self._gzip)
        finally:
            os.close(self._file)

    def _end(self, member: _Gzip) -> None:
        try:
            self._append(member.end(), whole=True)
        except OSError:
            with contextlib.suppress(OSError):  # the end has the room of the last piece
                self._drop(member.taken_back())
                os.write(self._file, member.end())
            raise


class _Gzip:
    """One member of a gzip file, in pieces that each end at a whole byte: what was appended can be read, and ended, after any.

    packed(data) becomes part of the member by `wrote(data)`, once it is in the file.
    """

    _HEADER = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    _LAST = b"\x03\0"  # an empty block that says it is the last

    def __init__(self) -> None:
        self._deflate = zlib.compressobj(3, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._crc = self._size = 0
        self._begun = False
        self._before = (False, 0, 0)  # what these were before the last piece
        self._packed = self._last = 0  # how long the newest one is, and the last one that was written

    def packed(self, data: bytes) -> bytes:
        packed = self._deflate.compress(data) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        packed = packed if self._begun else self._HEADER + packed
        self._packed = len(packed)
        return packed

    def wrote(self, data: bytes) -> None:
        self._before, self._last = (self._begun, self._crc, self._size), self._packed
        self._begun = True
        self._crc = zlib.crc32(data, self._crc)
        self._size += len(data)

    def taken_back(self) -> int:
        """Let the last piece be no part of the member; return how many bytes it has."""
        (self._begun, self._crc, self._size), count = self._before, self._last
        self._last = 0
        return count

    def end(self) -> bytes:
        last = self._LAST + self._crc.to_bytes(4, "little") + (self._size % (1 << 32)).to_bytes(4, "little")
        return last if self._begun else self._HEADER + last


def _opened(path: str) -> int:
    """Return the descriptor of a recording to append to. Raises UsageError."""
    flags = os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
    try:
        try:
            file = os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600)
            os.fchmod(file, 0o600)  # whatever the umask
            return file
        except FileExistsError:
            file = os.open(path, flags)
    except (OSError, ValueError) as error:
        raise _refused(path, error) from error
    try:
        _check_recording(path, file)
        os.set_blocking(file, True)
    except BaseException:
        os.close(file)
        raise
    return file


def _check_recording(path: str, file: int) -> None:
    """Raise UsageError where something else would be appended to; begin a new line after one that was cut off."""
    about = os.fstat(file)
    if stat.S_ISCHR(about.st_mode):
        return
    if not stat.S_ISREG(about.st_mode):
        raise UsageError(f"--record {path}: not a file", "name a file that can be written")
    packed = path.endswith(".gz")
    start = b"\x1f\x8b" if packed else b"{"
    if about.st_size and os.pread(file, len(start), 0) != start:
        what = "is not a gzip file" if packed else "holds something else than a recording"
        raise UsageError(f"--record {path}: {what}", "a recording is appended to: name another file")
    if about.st_size and not packed and os.pread(file, 1, about.st_size - 1) != b"\n":
        with contextlib.suppress(OSError):
            os.write(file, b"\n")


def _refused(path: str, error: Exception) -> UsageError:
    said = f"--record {path}: {error.strerror if isinstance(error, OSError) else error}"
    match error:
        case IsADirectoryError():
            return UsageError(said, f"name a file in it: {path.rstrip('/')}/recording.jsonl")
        case FileNotFoundError():
            return UsageError(said, f"mkdir -p {os.path.dirname(path) or path!r} makes the directory")  # noqa: PTH120
        case _ if os.path.islink(path):  # noqa: PTH114
            return UsageError(f"--record {path}: a symbolic link, which is not followed", "name the file itself")
        case _:
            return UsageError(said, "name a file that can be written")
