"""WebSocket frames (RFC 6455): out of bytes, strictly and in batches, runs of messages; and into bytes, masked. No I/O.

A run is (opcode, payloads): neighbours of one kind together, so that the common case, many small text messages in one
reading, is one tight loop over slices and one look at the whole for UTF-8. What came whole before an error is given out
before the error is raised. Limits are checked when a header is read, not when memory is gone.
"""

from __future__ import annotations

import os
import struct
from codecs import IncrementalDecoder, getincrementaldecoder
from collections.abc import Sequence
from typing import TypeAlias

from wscli.core.errors import ConnectionLost

MAX_MESSAGE_BYTES = 16 * 1024 * 1024
MAX_FRAGMENTS = 131_072
JOIN_THRESHOLD = 64  # payloads of a reading: so few are large, and cheaper looked at one by one than joined

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
_FIN = 0x80
_HEADER = struct.Struct(">HH").unpack_from

FrameRun: TypeAlias = tuple[int, list[bytes]]


class ProtocolError(ConnectionLost):
    """The peer broke the rules; `code` is what our close frame says (1002, 1007, 1009)."""

    def __init__(self, code: int, message: str, hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.code = code


class FrameReader:
    """The reader of one connection: `feed` takes what the socket gave, returns what is complete."""

    def __init__(self, max_message_bytes: int = MAX_MESSAGE_BYTES) -> None:
        self._max_message_bytes = max_message_bytes
        self._partial: list[bytes] = []  # what is not a whole frame yet,
        self._partial_size = 0  # its size,
        self._needed_size = 2  # and the size at which it is worth looking again
        self._fragments: list[bytes] = []
        self._fragmented_opcode = CONTINUATION  # of the message whose fragments are being collected
        self._fragments_size = 0
        self._decoder: IncrementalDecoder | None = None
        self._error: ProtocolError | None = None

    def feed(self, data: bytes) -> list[FrameRun]:
        """Return the runs that are complete now, oldest first. Raises ProtocolError, but never before they were returned."""
        if self._error is not None:
            raise self._error
        if self._partial:
            self._partial.append(data)
            self._partial_size += len(data)
            if self._partial_size < self._needed_size:
                return []
            data = b"".join(self._partial)
        elif (
            self._fragmented_opcode == CONTINUATION
            and self._max_message_bytes > 0xFFFF
            and (payload := _single_text_frame(data)) is not None
        ):
            return [(TEXT, [payload])]
        runs: list[FrameRun] = []
        at = 0
        try:
            at = self._parse(data, runs)
        except ProtocolError as error:
            self._error = error
            if not runs:
                raise
            return runs
        rest = data[at:]
        self._partial, self._partial_size = ([rest] if rest else []), len(rest)
        return runs

    @property
    def has_failed(self) -> bool:
        """Say whether the next `feed` raises."""
        return self._error is not None

    def _parse(self, data: bytes, runs: list[FrameRun]) -> int:
        """Append the runs of `data` to `runs`; return where the first frame that is not whole begins."""
        at, size = 0, len(data)
        self._needed_size = 2
        while at + 2 <= size:
            first = data[at]
            if first in (0x81, 0x82) and self._fragmented_opcode == CONTINUATION and self._max_message_bytes > 0xFFFF:
                payloads, after = self._unfragmented(data, at, size, first)
                if payloads:
                    self._append_run(runs, first & 0x0F, payloads)
                if after > at:
                    at = after
                    continue
            frame = self._parse_frame(data, at, size)
            if frame is None:
                break
            at, payload = frame
            self._handle_frame(runs, first, payload)
        return at

    def _unfragmented(self, data: bytes, at: int, size: int, first: int) -> tuple[list[bytes], int]:
        """Return the payloads of the unfragmented frames of one kind from `at` on, up to 64 KiB each, and where they end."""
        payloads: list[bytes] = []
        append = payloads.append
        long = first << 8 | 126
        try:
            while True:
                begun = at
                while data[at] == first and (length := data[at + 1]) < 126:
                    start = at + 2
                    end = start + length
                    if end > size:
                        return payloads, at
                    append(data[start:end])
                    at = end
                while True:  # here one call is cheaper than four looks at the bytes
                    head, length = _HEADER(data, at)
                    if head != long:
                        break
                    start = at + 4
                    end = start + length
                    if end > size:
                        return payloads, at
                    append(data[start:end])
                    at = end
                if at == begun:
                    break
        except (IndexError, struct.error):
            pass  # the last bytes: a header is cut, a message is tiny, or nothing follows
        return payloads, at

    def _parse_frame(self, data: bytes, at: int, size: int) -> tuple[int, bytes] | None:
        """Return (where the next frame starts, payload) of the frame at `at`, or None until it is whole."""
        first, second = data[at], data[at + 1]
        opcode, length = first & 0x0F, second & 0x7F
        self._check_header(first, second, opcode, length)
        start = at + 2
        if length >= 126:
            width = 2 if length == 126 else 8
            if size - start < width:
                self._needed_size = start + width - at
                return None
            length = int.from_bytes(data[start : start + width], "big")
            start += width
        if opcode < CLOSE and self._fragments_size + length > self._max_message_bytes:
            raise ProtocolError(
                1009, f"a message of more than {self._max_message_bytes >> 20} MiB", "wscli reads messages up to 16 MiB"
            )
        if size - start < length:
            self._needed_size = start + length - at
            return None
        return start + length, data[start : start + length]

    def _check_header(self, first: int, second: int, opcode: int, length: int) -> None:
        if first & 0x70:
            bits = " and ".join(f"RSV{n}" for n, bit in ((1, 0x40), (2, 0x20), (3, 0x10)) if first & bit)
            hint = "the server compresses" if first & 0x70 == 0x40 else "the server uses an extension"
            raise ProtocolError(
                1002, f"a frame with the reserved bits {bits}", f"{hint} although no extension was negotiated"
            )
        if second & 0x80:
            raise ProtocolError(1002, "a masked frame from the server")
        if opcode not in (CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG):
            raise ProtocolError(1002, f"a frame of unknown kind {opcode:#x}")
        if opcode >= CLOSE and (not first & _FIN or length > 125):
            raise ProtocolError(1002, "a control frame in pieces, or of more than 125 bytes")
        if opcode == CONTINUATION and self._fragmented_opcode == CONTINUATION:
            raise ProtocolError(1002, "a continuation frame without a message")
        if opcode in (TEXT, BINARY) and self._fragmented_opcode != CONTINUATION:
            raise ProtocolError(1002, "a new message before the last one was complete")

    def _handle_frame(self, runs: list[FrameRun], first: int, payload: bytes) -> None:
        """Deal with one frame that is not the common case: control, fragment, or very long."""
        opcode = first & 0x0F
        if opcode >= CLOSE:
            self._append_run(runs, opcode, [_checked_close(payload) if opcode == CLOSE else payload])
            return
        if opcode != CONTINUATION:
            self._fragmented_opcode = opcode
            self._decoder = getincrementaldecoder("utf-8")() if opcode == TEXT and not first & _FIN else None
        if self._decoder is not None:  # text is looked at as it comes: a bad fragment is refused before the last one
            try:
                self._decoder.decode(payload, bool(first & _FIN))
            except UnicodeDecodeError:
                raise ProtocolError(1007, "a text message that is not UTF-8") from None
        self._fragments.append(payload)
        self._fragments_size += len(payload)
        if len(self._fragments) > MAX_FRAGMENTS:
            raise ProtocolError(1009, f"a message in more than {MAX_FRAGMENTS:,} fragments")
        if first & _FIN:
            whole = self._fragments[0] if len(self._fragments) == 1 else b"".join(self._fragments)
            kind, self._fragmented_opcode, self._fragments_size, self._fragments = (
                self._fragmented_opcode,
                CONTINUATION,
                0,
                [],
            )
            self._append_run(runs, kind, [whole])

    def _append_run(self, runs: list[FrameRun], opcode: int, payloads: list[bytes]) -> None:
        """Append payloads to the last run of their kind, or begin one; text that is not UTF-8 ends it."""
        if opcode == TEXT and not _are_ascii(payloads):
            for number, payload in enumerate(payloads):
                try:
                    payload.decode()
                except UnicodeDecodeError:
                    if number:
                        runs.append((TEXT, payloads[:number]))
                    raise ProtocolError(1007, "a text message that is not UTF-8") from None
        if runs and runs[-1][0] == opcode:
            runs[-1][1].extend(payloads)
        else:
            runs.append((opcode, payloads))


def _are_ascii(payloads: list[bytes]) -> bool:
    if len(payloads) < JOIN_THRESHOLD:
        return False not in [payload.isascii() for payload in payloads]
    return b"".join(payloads).isascii()


def _single_text_frame(data: bytes) -> bytes | None:
    """Return the payload where `data` is one text frame of ASCII and nothing else: a message that came by itself."""
    size = len(data)
    if size < 4 or data[0] != 0x81:
        return None
    length = data[1]
    if length == size - 2 and length < 126:
        payload = data[2:]
    elif length == 126 and data[2] << 8 | data[3] == size - 4:
        payload = data[4:]
    else:
        return None
    return payload if payload.isascii() else None


def _checked_close(payload: bytes) -> bytes:
    if len(payload) == 1:
        raise ProtocolError(1002, "a close frame of one byte")
    if payload:
        code = int.from_bytes(payload[:2], "big")
        if not (1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999):
            raise ProtocolError(1002, f"a close frame with the invalid code {code}")
        try:
            payload[2:].decode()
        except UnicodeDecodeError:
            raise ProtocolError(1007, "a close reason that is not UTF-8") from None
    return payload


def close_code_and_reason(payload: bytes) -> tuple[int, str]:
    """Return the code and reason of a close frame; 1005 when it carries none.

    >>> close_code_and_reason(b"")
    (1005, '')
    """
    return (int.from_bytes(payload[:2], "big"), payload[2:].decode()) if payload else (1005, "")


def encoded_frames(opcode: int, payloads: Sequence[bytes]) -> bytes:
    """Return each payload as one masked frame: the library's take five times as long."""
    keys = os.urandom(4 * len(payloads))
    made: list[bytes] = []
    for at, payload in enumerate(payloads):
        size, key = len(payload), keys[4 * at : 4 * at + 4]
        if size < 126:
            head = bytes((0x80 | opcode, 0x80 | size))
        elif size < 65_536:
            head = bytes((0x80 | opcode, 0xFE)) + size.to_bytes(2, "big")
        else:
            head = bytes((0x80 | opcode, 0xFF)) + size.to_bytes(8, "big")
        mask = (key * (size // 4 + 1))[:size]
        masked = int.from_bytes(payload, "little") ^ int.from_bytes(mask, "little")
        made += (head, key, masked.to_bytes(size, "little"))
    return b"".join(made)
