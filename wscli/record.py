"""Received and sent messages <-> lines of a recording: JSON, one a line, text as it came, secrets masked.

{"time":1700000000123456789,"connection":1,"exchange":"bybit","direction":"received","number":7,"text":"{…}"}
{"time":…,"connection":1,"exchange":"bybit","direction":"sent","text":"{…}"}
{"time":…,"connection":1,"exchange":"bybit","direction":"event","event":"closed","code":1006}
{"time":…,"connection":1,"exchange":"bitstamp","direction":"event","event":"http","method":"POST","url":"…","headers":{…},"status":200,"text":"{…}"}

time: ns since the epoch. "binary":true stands where the frame was binary; its text is the inflated one. A name that ends
in .gz is written as gzip. What a SIGKILL takes away is what `flush` has not written: at most HELD_BYTES or HELD_NS of
messages, and of a .gz its last 10 bytes, of which gunzip complains after every line; nothing else, and no half line.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Literal, TypeAlias

from wscli.errors import UsageError
from wscli.model import HttpReply, HttpRequest, Json, Received, written
from wscli.value import field, value

Direction: TypeAlias = Literal["received", "sent", "event"]

HELD_BYTES = 1 << 16  # written at the latest once that much is held
HELD_NS = 200_000_000  # and once that much time lies between two messages
LONGEST = 1 << 27  # a message is 16 MiB at most, and six times that where every character is escaped
MAKES_ONE = "wscli EXCHANGE subscribe WORDS --record FILE makes one"

_quoted = json.JSONEncoder(ensure_ascii=False).encode


# --- writing -------------------------------------------------------------------------------------


class Recorder:
    """A recording being written: appended to, readable by its owner alone, whole lines only.

    told: is called once, at once, with a line that says why nothing more is recorded; the stream itself goes on.
    failed: the same for the end of the run, once it is so.
    """

    def __init__(self, path: str, told: Callable[[str], object] = lambda line: None) -> None:
        """Open the recording. Raises UsageError for a path that is no file of recorded lines, before anything is written."""
        self.failed: str | None = None
        self._path, self._told = path, told
        self._file = _opened(path)
        self._gzip = _Gzip() if path.endswith(".gz") else None
        self._held: list[str] = []
        self._size = self._written_ns = 0
        self._closed = False

    def received(self, exchange: str, received: Received) -> None:
        head = _head(received.ns, received.connection, exchange, "received")
        binary = ',"binary":true' if received.binary else ""
        self._hold(f'{head},"number":{received.number}{binary},"text":{_quoted(received.text)}}}\n', received.ns)

    def sent(self, exchange: str, text: str, ns: int, connection: int) -> None:
        """Record a text that went out; the caller masked it."""
        self._hold(f'{_head(ns, connection, exchange, "sent")},"text":{_quoted(text)}}}\n', ns)

    def event(self, exchange: str, event: str, ns: int, connection: int, **about: Json) -> None:
        """Record what befell the connection: "opened" (api=), "closed" (code=, reason=), "gap" (whatever tells its length)."""
        told = {"event": event, **{name: value for name, value in about.items() if value is not None}}
        self._hold(f"{_head(ns, connection, exchange, 'event')},{written(told)[1:]}\n", ns)

    def http(
        self, exchange: str, request: HttpRequest, reply: HttpReply | None, text: str, ns: int, connection: int
    ) -> None:
        """Record what was asked over HTTP, and the reply if there was one; the caller masked its text."""
        headers: Json = json.loads(written(request.headers))  # secrets are *** from here on
        about: dict[str, Json] = {"method": request.method, "url": request.url, "headers": headers}
        if reply is not None:
            about |= {"status": reply.status, "text": text}
        self.event(exchange, "http", ns, connection, **about)

    def _hold(self, line: str, ns: int) -> None:
        if self.failed is not None:
            return
        self._held.append(line)
        self._size += len(line)
        if self._size >= HELD_BYTES or abs(ns - self._written_ns) >= HELD_NS:
            self.flush()
            self._written_ns = ns

    def flush(self) -> None:
        """Write what is held: from here on nothing that ends the program takes it away."""
        if not self._held or self.failed is not None:
            return
        # a surrogate that stands alone, which UTF-8 cannot hold, becomes the escape that JSON has for it
        data = "".join(self._held).encode("utf-8", "backslashreplace")
        self._held.clear()
        self._size = 0
        if self._gzip is None:
            self._append(data, whole=False)
        elif self._append(self._gzip.packed(data), whole=True):
            self._gzip.wrote(data)

    def _append(self, data: bytes, *, whole: bool) -> bool:
        """Append to the file; where there is no room, only lines that are whole (with `whole`, everything or nothing)."""
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._file, rest) :]
        except OSError as error:
            done = len(data) - len(rest)
            with contextlib.suppress(OSError):
                self._drop(done if whole else done - (data.rfind(b"\n", 0, done) + 1))
            self._fail(error)
            return False
        return True

    def _drop(self, count: int) -> None:
        """Take back the last bytes that were written, unless somebody else appended since."""
        end = os.lseek(self._file, 0, os.SEEK_CUR)
        if count and os.fstat(self._file).st_size == end:
            os.ftruncate(self._file, end - count)
            os.lseek(self._file, end - count, os.SEEK_SET)

    def _fail(self, error: OSError) -> None:
        if self.failed is None:
            why = f"--record {self._path}: {error.strerror}"
            self.failed = f"{why}: the recording ends early"
            self._told(f"wscli: {why}: nothing more is recorded")

    def close(self) -> None:
        """Write what is held, and the end of a .gz; again is nothing."""
        if self._closed:
            return
        self.flush()
        if self._gzip is not None and not self._append(self._gzip.end(), whole=True):
            with contextlib.suppress(OSError):  # the end has the room of the last piece
                self._drop(self._gzip.taken_back())
                os.write(self._file, self._gzip.end())
        self._closed = True
        os.close(self._file)


def _head(ns: int, connection: int, exchange: str, direction: Direction) -> str:
    return f'{{"time":{ns},"connection":{connection},"exchange":{_quoted(exchange)},"direction":"{direction}"'


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


# --- reading -------------------------------------------------------------------------------------


@value
class Entry:
    """One line of a recording. text: of a message; event, about: of what befell the connection."""

    ns: int
    exchange: str
    connection: int
    direction: Direction
    text: str = ""
    number: int = 0
    binary: bool = False
    event: str = ""
    about: Mapping[str, Json] = field(default_factory=dict)


def recorded(
    path: str,
    told: Callable[[str], object] = lambda line: None,
    waiting: Callable[[int], object] = lambda file: None,
) -> Iterator[Entry]:
    """Yield the lines of a recording, plain or gzip, as they are read; `-` is standard input.

    told: is called with a line on what is cut off and so left out. waiting: is called with the descriptor before each
    read of it. Raises UsageError for what cannot be read and for a line that is none of a recording, with its number.
    """
    file = _readable(path)
    try:
        yield from _entries(path, _Pieces(file, waiting), told)
    finally:
        if path != "-":
            os.close(file)


def _readable(path: str) -> int:
    try:
        if path == "-":
            return sys.stdin.fileno()
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except (OSError, ValueError, AttributeError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else "cannot be read"
        raise UsageError(f"{path}: {said}", MAKES_ONE) from error
    if stat.S_ISDIR(os.fstat(file).st_mode):
        os.close(file)
        raise UsageError(f"{path}: Is a directory", MAKES_ONE)
    return file


class _Pieces:
    """A file's bytes, unpacked where it is gzip. cut: the last member has no end; damaged: why it cannot be unpacked."""

    def __init__(self, file: int, waiting: Callable[[int], object]) -> None:
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
        member = zlib.decompressobj(16 + zlib.MAX_WBITS)
        while packed:
            before = member.copy()
            try:
                piece = member.decompress(packed, 1 << 20)
            except zlib.error as error:
                piece, packed = _to_the_fault(before, packed)
                yield piece
                if packed[:2] != b"\x1f\x8b"[: len(packed)]:
                    self.damaged = str(error)
                    return
                member = zlib.decompressobj(16 + zlib.MAX_WBITS)  # a run was killed, and another one appended
                continue
            yield piece
            packed = member.unused_data if member.eof else member.unconsumed_tail
            packed = packed or self._read()
            if member.eof and packed:
                member = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self.cut = not member.eof


def _to_the_fault(member: zlib._Decompress, packed: bytes) -> tuple[bytes, bytes]:
    """Return what can be unpacked, byte by byte, and what is left from the byte on that cannot."""
    found = []
    for at in range(len(packed)):
        try:
            found.append(member.decompress(packed[at : at + 1]))
        except zlib.error:
            return b"".join(found), packed[at:]
    return b"".join(found), b""


def _entries(path: str, pieces: _Pieces, told: Callable[[str], object]) -> Iterator[Entry]:
    number = 0
    rest: list[bytes] = []
    for piece in pieces:
        whole, newline, tail = piece.rpartition(b"\n")
        if newline:
            for line in b"".join([*rest, whole]).split(b"\n"):
                number += 1
                yield from _line(path, number, line, told)
            rest = []
        rest.append(tail)
        if sum(map(len, rest)) > LONGEST:
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
        told(f"{path}: the file is cut off after line {number}: its run was killed, or goes on")


_BEGINNING = b'{"time":'
_EVERYWHERE = frozenset({"time", "connection", "exchange", "direction"})


def _line(path: str, number: int, line: bytes, told: Callable[[str], object]) -> Iterator[Entry]:
    """Yield the entry of a line; none for an empty one, and for the beginning of one, which is told."""
    if not line.strip():
        return
    try:
        entry = _entry(json.loads(line.decode()))
    except (ValueError, RecursionError):
        if _BEGINNING.startswith(line) or (line.startswith(_BEGINNING) and not line.rstrip().endswith(b"}")):
            told(f"{path}: line {number} is cut off, and left out")
            return
        raise _no_entry(path, number, line) from None
    if entry is None:
        raise _no_entry(path, number, line)
    yield entry


def _entry(value: Json) -> Entry | None:
    """Return the entry that a line's value is; None if it is none."""
    if not isinstance(value, dict):
        return None
    get = value.get
    ns, connection, exchange, direction = get("time"), get("connection"), get("exchange"), get("direction")
    if not (isinstance(ns, int) and isinstance(connection, int) and isinstance(exchange, str)):
        return None
    if direction == "event":
        about = {name: told for name, told in value.items() if name not in _EVERYWHERE}
        event = get("event")
        return Entry(ns, exchange, connection, "event", event=event, about=about) if isinstance(event, str) else None
    text, number = get("text"), get("number")
    if direction == "received" and isinstance(text, str) and isinstance(number, int):
        return Entry(ns, exchange, connection, "received", text, number, get("binary") is True)
    return Entry(ns, exchange, connection, "sent", text) if direction == "sent" and isinstance(text, str) else None


def _no_entry(path: str, number: int, line: bytes) -> UsageError:
    said = line[:60].decode("utf-8", "replace") + ("…" if len(line) > 60 else "")
    return UsageError(f"{path}: line {number} is no line of a recording: {said}", MAKES_ONE)
