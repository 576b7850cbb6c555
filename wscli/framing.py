"""WebSocket frames out of bytes (RFC 6455), strictly. Pure: bytes in, messages out.

What came whole before an error is delivered before the error is raised: `feed` returns it, and keeps the error for
the next call. Limits: 16 MiB a message, 131,072 fragments, checked when a header is read, not when memory is gone.
"""

from __future__ import annotations

from dataclasses import dataclass

from wscli.errors import ConnectionLost

MAX_MESSAGE = 16 * 1024 * 1024
MAX_FRAGMENTS = 131_072

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA


@dataclass(frozen=True, slots=True)
class Message:
    """A whole message or a control frame. data: bytes as they came; text is known to be UTF-8."""

    opcode: int
    data: bytes


class ProtocolError(ConnectionLost):
    """The peer broke the rules; `code` is what our close frame says (1002, 1007, 1009)."""

    def __init__(self, code: int, message: str, hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.code = code


class Frames:
    """The reader of one connection: `feed` takes what the socket gave, returns what is complete."""

    def __init__(self, max_message: int = MAX_MESSAGE) -> None:
        self._max = max_message
        self._bytes = bytearray()
        self._parts: list[bytes] = []
        self._opcode = CONTINUATION
        self._size = 0
        self._broken: ProtocolError | None = None

    def feed(self, data: bytes) -> list[Message]:
        """Return the messages that are complete now, oldest first. Raises ProtocolError, but never before they were returned."""
        if self._broken is not None:
            raise self._broken
        self._bytes += data
        done: list[Message] = []
        at = 0
        try:
            while True:
                frame = self._frame(at)
                if frame is None:
                    break
                at, fin, opcode, payload = frame
                message = self._assembled(fin, opcode, payload)
                if message is not None:
                    done.append(message)
        except ProtocolError as error:
            self._broken = error
            if not done:
                raise
        finally:
            del self._bytes[:at]
        return done

    @property
    def broken(self) -> bool:
        """Say whether the next `feed` raises."""
        return self._broken is not None

    def _frame(self, at: int) -> tuple[int, bool, int, bytes] | None:
        """Return (where the next frame starts, fin, opcode, payload) of the frame at `at`, or None until it is whole."""
        buffer = self._bytes
        if len(buffer) - at < 2:
            return None
        first, second = buffer[at], buffer[at + 1]
        fin, opcode, length = bool(first & 0x80), first & 0x0F, second & 0x7F
        self._check_header(first, second, opcode, fin, length)
        start = at + 2
        if length >= 126:
            width = 2 if length == 126 else 8
            if len(buffer) - start < width:
                return None
            length = int.from_bytes(buffer[start : start + width], "big")
            start += width
        if opcode < CLOSE and self._size + length > self._max:
            raise ProtocolError(
                1009, f"a message of more than {self._max >> 20} MiB", "wscli reads messages up to 16 MiB"
            )
        if len(buffer) - start < length:
            return None
        return start + length, fin, opcode, bytes(buffer[start : start + length])

    def _check_header(self, first: int, second: int, opcode: int, fin: bool, length: int) -> None:
        if first & 0x70:
            raise ProtocolError(
                1002, "a frame with reserved bits", "the server compresses although nothing was negotiated"
            )
        if second & 0x80:
            raise ProtocolError(1002, "a masked frame from the server")
        if opcode not in (CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG):
            raise ProtocolError(1002, f"a frame of unknown kind {opcode:#x}")
        if opcode >= CLOSE and (not fin or length > 125):
            raise ProtocolError(1002, "a control frame in pieces, or of more than 125 bytes")
        if opcode == CONTINUATION and self._opcode == CONTINUATION:
            raise ProtocolError(1002, "a continuation of nothing")
        if opcode in (TEXT, BINARY) and self._opcode != CONTINUATION:
            raise ProtocolError(1002, "a new message before the last one was complete")

    def _assembled(self, fin: bool, opcode: int, payload: bytes) -> Message | None:
        if opcode == CLOSE:
            return Message(CLOSE, _checked_close(payload))
        if opcode >= CLOSE:
            return Message(opcode, payload)
        if opcode != CONTINUATION:
            self._opcode = opcode
        if fin and not self._parts:
            whole = payload
        else:
            self._parts.append(payload)
            self._size += len(payload)
            if len(self._parts) > MAX_FRAGMENTS:
                raise ProtocolError(1009, f"a message in more than {MAX_FRAGMENTS:,} fragments")
            if not fin:
                return None
            whole = b"".join(self._parts)
        kind, self._opcode, self._size, self._parts = self._opcode, CONTINUATION, 0, []
        if kind == TEXT and not whole.isascii():
            _utf8(whole)
        return Message(kind, whole)


def _checked_close(payload: bytes) -> bytes:
    if len(payload) == 1:
        raise ProtocolError(1002, "a close frame of one byte")
    if payload:
        code = int.from_bytes(payload[:2], "big")
        if not (1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999):
            raise ProtocolError(1002, f"a close frame with the impossible code {code}")
        _utf8(payload[2:])
    return payload


def _utf8(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise ProtocolError(1007, "a text message that is not UTF-8") from None


def close_of(payload: bytes) -> tuple[int, str]:
    """Return the code and reason of a close frame; 1005 when it carries none.

    >>> close_of(b"")
    (1005, '')
    """
    return (int.from_bytes(payload[:2], "big"), payload[2:].decode()) if payload else (1005, "")
