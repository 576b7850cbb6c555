"""Frames that are cut anywhere give nothing until they are whole; lengths are written and read in their shortest form."""

from __future__ import annotations

import pytest

from wscli.core.errors import ConnectionLost
from wscli.transport.frames import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    FrameReader,
    ProtocolError,
    close_code_and_reason,
    encoded_frames,
)

FIN = 0x80


def frame(opcode: int, payload: bytes, fin: bool = True) -> bytes:
    """Return one frame as a server sends it, unmasked."""
    size = len(payload)
    if size < 126:
        length = bytes([size])
    else:
        length = bytes([126]) + size.to_bytes(2, "big") if size < 65_536 else bytes([127]) + size.to_bytes(8, "big")
    return bytes([(FIN if fin else 0) | opcode]) + length + payload


SIZES = [0, 1, 125, 126, 127, 255, 256, 0x7E00, 0x7E04, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x10001]


@pytest.mark.parametrize("size", SIZES)
def test_a_frame_is_given_out_whole_whatever_its_length(size: int) -> None:
    assert FrameReader().feed(frame(TEXT, b"a" * size)) == [(TEXT, [b"a" * size])]


CUTS = [(size, at) for size in SIZES for at in (1, 2, 3, 4, 10, 127, 128, 0x7E04, size) if 0 < at <= size]


@pytest.mark.parametrize(("size", "at"), CUTS)
def test_a_frame_that_is_cut_gives_nothing_until_its_last_byte(size: int, at: int) -> None:
    whole = frame(TEXT, b"a" * size)
    reader = FrameReader()

    assert reader.feed(whole[:at]) == []
    assert reader.feed(whole[at:]) == [(TEXT, [b"a" * size])]


@pytest.mark.parametrize("size", [125, 126, 0x7E00, 0x10000])
def test_what_follows_a_frame_waits_for_its_own_end(size: int) -> None:
    first, second = frame(TEXT, b"a" * size), frame(TEXT, b"bc")
    reader = FrameReader()

    assert reader.feed(first + second[:3]) == [(TEXT, [b"a" * size])]
    assert reader.feed(second[3:]) == [(TEXT, [b"bc"])]


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536])
def test_a_frame_of_ours_has_the_shortest_length_and_is_masked(size: int) -> None:
    payload = bytes(at % 251 for at in range(size))
    sent = encoded_frames(BINARY, [payload])
    form = 0 if size < 126 else 2 if size < 65_536 else 8
    start = 2 + form

    assert sent[0] == FIN | BINARY
    assert sent[1] == 0x80 | (size if form == 0 else 126 if form == 2 else 127)
    assert int.from_bytes(sent[2:start], "big") == (size if form else 0)
    key, masked = sent[start : start + 4], sent[start + 4 :]
    assert bytes(byte ^ key[at % 4] for at, byte in enumerate(masked)) == payload


def test_frames_of_ours_that_go_out_together_have_masks_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wscli.transport.frames.os.urandom", lambda count: bytes(range(1, count + 1)))

    assert encoded_frames(TEXT, [b"\0" * 4, b"\0" * 5]) == (
        bytes([FIN | TEXT, 0x84, 1, 2, 3, 4, 1, 2, 3, 4]) + bytes([FIN | TEXT, 0x85, 5, 6, 7, 8, 5, 6, 7, 8, 5])
    )


def test_a_control_frame_between_fragments_comes_first() -> None:
    data = frame(TEXT, b"a", fin=False) + frame(PING, b"p") + frame(CONTINUATION, b"b", fin=False) + frame(PONG, b"")

    reader = FrameReader()
    assert reader.feed(data) == [(PING, [b"p"]), (PONG, [b""])]
    assert reader.feed(frame(CONTINUATION, b"c")) == [(TEXT, [b"abc"])]
    assert reader.feed(frame(TEXT, b"d")) == [(TEXT, [b"d"])]


BROKEN = [
    # after                             what comes                             the code   a word of it
    (b"",                               bytes([FIN | 0x40 | TEXT, 0]),         1002,      "compresses"),
    (b"",                               bytes([FIN | 0x20 | TEXT, 0]),         1002,      "RSV2"),
    (b"",                               bytes([FIN | 0x10 | BINARY, 0]),       1002,      "extension"),
    (b"",                               bytes([FIN | TEXT, 0x80]),             1002,      "masked"),
    (b"",                               bytes([FIN | 0x3, 0]),                 1002,      "unknown kind 0x3"),
    (b"",                               bytes([FIN | 0xB, 0]),                 1002,      "unknown kind 0xb"),
    (b"",                               bytes([PING, 0]),                      1002,      "control frame"),
    (b"",                               bytes([FIN | PING, 126]),              1002,      "125 bytes"),
    (b"",                               bytes([FIN | CONTINUATION, 0]),        1002,      "continuation of nothing"),
    (frame(TEXT, b"a", fin=False),      frame(TEXT, b"b"),                     1002,      "before the last one"),
    (frame(BINARY, b"a", fin=False),    frame(BINARY, b"b"),                   1002,      "before the last one"),
    (b"",                               frame(CLOSE, b"x"),                    1002,      "one byte"),
    (b"",                               frame(CLOSE, (999).to_bytes(2, "big")), 1002,     "999"),
    (b"",                               frame(CLOSE, (1004).to_bytes(2, "big")), 1002,    "1004"),
    (b"",                               frame(CLOSE, (1006).to_bytes(2, "big")), 1002,    "1006"),
    (b"",                               frame(CLOSE, (1015).to_bytes(2, "big")), 1002,    "1015"),
    (b"",                               frame(CLOSE, (2999).to_bytes(2, "big")), 1002,    "2999"),
    (b"",                               frame(CLOSE, (5000).to_bytes(2, "big")), 1002,    "5000"),
    (b"",                               frame(CLOSE, b"\x03\xe8\xff"),         1007,      "close reason"),
    (b"",                               frame(TEXT, b"\xff"),                  1007,      "not UTF-8"),
    (b"",                               frame(TEXT, b"\xff", fin=False),       1007,      "not UTF-8"),
    (frame(TEXT, b"\xc3", fin=False),   frame(CONTINUATION, b"a"),             1007,      "not UTF-8"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "data", "code", "word"), BROKEN)
def test_a_broken_rule_is_refused_with_its_code(before: bytes, data: bytes, code: int, word: str) -> None:
    reader = FrameReader()
    assert reader.feed(before) == []

    with pytest.raises(ProtocolError) as caught:
        reader.feed(data)
    assert caught.value.code == code
    assert word in f"{caught.value.message} {caught.value.hint}"
    assert isinstance(caught.value, ConnectionLost)
    assert reader.has_failed


@pytest.mark.parametrize("code", [1000, 1003, 1007, 1014, 3000, 4999])
def test_a_close_code_that_a_server_may_send_is_taken(code: int) -> None:
    payload = code.to_bytes(2, "big") + b"why"

    assert FrameReader().feed(frame(CLOSE, payload)) == [(CLOSE, [payload])]
    assert close_code_and_reason(payload) == (code, "why")


@pytest.mark.parametrize("bad", [0, 1, 2])
@pytest.mark.parametrize("size", [1, 40])
def test_what_came_whole_before_a_broken_message_is_given_out_first(bad: int, size: int) -> None:
    messages = [b"a" * size] * 3
    messages[bad] = b"\xff" * size
    reader = FrameReader()
    data = b"".join(frame(TEXT, message) for message in messages)

    if bad:
        assert reader.feed(data) == [(TEXT, [b"a" * size] * bad)]
    with pytest.raises(ProtocolError, match="not UTF-8"):
        reader.feed(data if not bad else b"")


def test_a_message_of_just_the_limit_is_taken_and_one_byte_more_is_refused_by_its_header() -> None:
    limit = 70_000
    assert FrameReader(limit).feed(frame(TEXT, b"a" * limit)) == [(TEXT, [b"a" * limit])]

    with pytest.raises(ProtocolError) as caught:
        FrameReader(limit).feed(frame(TEXT, b"a" * (limit + 1))[:10])
    assert caught.value.code == 1009


def test_fragments_count_together_towards_the_limit_and_anew_for_each_message() -> None:
    reader = FrameReader(70_000)
    for _ in range(2):
        assert reader.feed(frame(TEXT, b"a" * 40_000, fin=False)) == []
        assert reader.feed(frame(CONTINUATION, b"a" * 30_000)) == [(TEXT, [b"a" * 70_000])]
    reader.feed(frame(TEXT, b"a" * 40_000, fin=False))

    with pytest.raises(ProtocolError, match="a message of more than"):
        reader.feed(frame(CONTINUATION, b"a" * 30_001))
