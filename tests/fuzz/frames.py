"""The frame reader against a second one, which reads a frame at a time and knows no fast way; and its memory."""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.hostile import frame
from wscli.transport.frames import MAX_MESSAGE_BYTES, FrameReader, ProtocolError

SMALL = 1000
Message = tuple[int, bytes]


def one(data: bytes) -> None:
    """The first two bytes say how the rest is cut and which limit holds."""
    if len(data) < 2:
        return
    limit, stream = MAX_MESSAGE_BYTES if data[1] & 1 else SMALL, data[2:]
    reader, received, code = FrameReader(limit), [], None
    for piece in pieces(stream, data[0] or 1, data[1]):
        try:
            runs = reader.feed(piece)
            received += [(opcode, payload) for opcode, payloads in runs for payload in payloads]
            if reader.has_failed:
                reader.feed(b"")
        except ProtocolError as error:
            code = error.code
            break
        if limit == SMALL:
            assert reader._partial_size + reader._fragments_size <= 2 * SMALL + 20 + len(piece), (
                "more is held than a message"
            )
    expected, fault = read(stream, limit)

    assert code == fault, f"ended with {code}, not {fault}"
    assert received == expected, f"heard {received}, not {expected}"


def pieces(stream: bytes, step: int, how: int) -> Iterator[bytes]:
    """Yield the stream in readings: of `step` bytes, of many more, or (as a quiet exchange sends) of a frame each."""
    at = 0
    while at < len(stream):
        size = step * step if how & 2 else step
        if how & 4 and at + 4 <= len(stream):
            short = stream[at + 1] & 127
            size = short + 2 if short < 126 else int.from_bytes(stream[at + 2 : at + 4], "big") + 4
        yield stream[at : at + size]
        at += size


def read(data: bytes, limit: int) -> tuple[list[Message], int | None]:
    """Return the whole messages of a stream as RFC 6455 has them, and the close code of its first fault."""
    messages: list[Message] = []
    kind, so_far, at = 0, b"", 0
    while at + 2 <= len(data):
        fin, opcode = bool(data[at] & 0x80), data[at] & 15
        length, start = data[at + 1] & 127, at + 2
        if data[at] & 0x70 or data[at + 1] & 0x80 or opcode not in (0, 1, 2, 8, 9, 10):
            return messages, 1002
        if opcode > 7 and (not fin or length > 125):
            return messages, 1002
        if opcode < 8 and (opcode == 0) != (kind != 0):
            return messages, 1002
        more = {126: 2, 127: 8}.get(length, 0)
        if len(data) < start + more:
            break
        if more:
            length, start = int.from_bytes(data[start : start + more], "big"), start + more
        if opcode < 8 and len(so_far) + length > limit:
            return messages, 1009
        if len(data) < start + length:
            break
        payload, at = data[start : start + length], start + length
        if opcode > 7:
            fault = _bad_close(payload) if opcode == 8 else None
            if fault is not None:
                return messages, fault
            messages.append((opcode, payload))
            continue
        kind, so_far = kind or opcode, so_far + payload
        if kind == 1 and not _text(so_far, whole=fin):
            return messages, 1007
        if fin:
            messages.append((kind, so_far))
            kind, so_far = 0, b""
    return messages, None


def _text(data: bytes, *, whole: bool) -> bool:
    """Say whether bytes are UTF-8, or can still become so."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return not whole and error.reason == "unexpected end of data"
    return True


def _bad_close(payload: bytes) -> int | None:
    if not payload:
        return None
    code = int.from_bytes(payload[:2], "big")
    if len(payload) == 1 or not (code in (1000, 1001, 1002, 1003) or 1007 <= code <= 1014 or 3000 <= code < 5000):
        return 1002
    return None if _text(payload[2:], whole=True) else 1007


def seeds() -> Iterator[bytes]:
    texts = [frame(1, b'{"a":1}'), frame(1, "Straße".encode()), frame(2, b"\x78\x9c"), frame(1, b"x" * 200), frame(1)]
    controls = [frame(9, b"ping"), frame(10), frame(8, b"\x03\xe8bye"), frame(8)]
    pieces = [frame(1, b"\xc3", fin=False), frame(9, b"between"), frame(0, b"\x9f", fin=False), frame(0, b"end")]
    wrong = [
        frame(1, b"a", fin=False) + frame(1, b"second"),
        frame(1, b"\xff"),
        frame(3),
        frame(1, b"x", reserved=4),
        frame(8, b"\x03"),
        frame(1, b"x", mask=b"abcd"),
    ]
    for head in (b"\x01\x01", b"\x07\x00", b"\xff\x01", b"\x28\x03", b"\xff\x02", b"\x01\x05", b"\x01\x04"):
        yield head + b"".join(texts + controls[:2] + pieces + texts + controls[2:])
        yield head + b"".join(texts * 3)
        yield head + frame(1, b"x" * 70_000)
        yield head + frame(1, b"x" * 1001)
        for fault in wrong:
            yield head + b"".join(texts[:3]) + fault
