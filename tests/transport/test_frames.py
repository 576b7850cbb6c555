"""The frame reader: against another framer as oracle, and against every rule that a peer can break."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from wscli.core.errors import ConnectionLost
from wscli.transport.frames import (
    BINARY,
    CLOSE,
    CONTINUATION,
    MAX_FRAGMENTS,
    PING,
    PONG,
    TEXT,
    FrameReader,
    ProtocolError,
    close_code_and_reason,
    encoded_frames,
)


def frame(opcode: int, data: bytes, fin: bool = True) -> bytes:
    """Return one unmasked frame as the `websockets` library writes it: the second opinion."""
    return Frame(Opcode(opcode), data, fin).serialize(mask=False)


MESSAGES = st.lists(
    st.one_of(
        st.tuples(st.just(TEXT), st.text(max_size=300).map(str.encode)),
        st.tuples(st.just(BINARY), st.binary(max_size=300)),
        st.tuples(st.just(PING), st.binary(max_size=125)),
    ),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(messages=MESSAGES, pieces=st.integers(1, 400), cuts=st.integers(1, 5))
def test_messages_come_whole_and_in_order_however_they_are_cut(
    messages: list[tuple[int, bytes]], pieces: int, cuts: int
) -> None:
    stream = b""
    for opcode, data in messages:
        if opcode == PING or cuts == 1:
            stream += frame(opcode, data)
            continue
        size = max(len(data) // cuts, 1)
        parts = [data[i : i + size] for i in range(0, len(data), size)] or [b""]
        for number, part in enumerate(parts):
            stream += frame(opcode if number == 0 else 0, part, number == len(parts) - 1)
            if number < len(parts) - 1:
                stream += frame(PING, b"in between")
    reader = FrameReader()
    runs = [run for i in range(0, len(stream), pieces) for run in reader.feed(stream[i : i + pieces])]
    received = [(opcode, data) for opcode, payloads in runs for data in payloads]

    assert [message for message in received if message[1] != b"in between"] == messages


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536, 200_000])
def test_every_length_form_is_read(size: int) -> None:
    data = os.urandom(size)

    assert FrameReader().feed(frame(BINARY, data)) == [(BINARY, [data])]


@pytest.mark.parametrize("pieces", [1, 3, 127, 128, 129, 130, 131, 1000, 100_000])
def test_short_and_long_frames_in_turns_come_whole_and_in_order(pieces: int) -> None:
    sizes = [0, 125, 126, 127, 125, 125, 126, 126, 1, 70_000, 0, 126, 65_535, 125, 0]
    messages = [bytes([65 + at]) * size for at, size in enumerate(sizes)]
    stream = b"".join(frame(TEXT, data) for data in messages)
    reader = FrameReader()
    runs = [run for i in range(0, len(stream), pieces) for run in reader.feed(stream[i : i + pieces])]

    assert [data for _, payloads in runs for data in payloads] == messages


BROKEN = [
    # what comes                                              the code   a word of the message
    (bytes([0xC1, 0]),                                        1002, "reserved"),
    (bytes([0x81, 0x81, 1, 2, 3, 4, 5]),                      1002, "masked"),
    (bytes([0x83, 0]),                                        1002, "unknown kind"),
    (bytes([0x09, 0]),                                        1002, "control frame"),
    (bytes([0x89, 126, 0, 126]) + bytes(126),                 1002, "control frame"),
    (bytes([0x80, 0]),                                        1002, "continuation"),
    (bytes([0x01, 0, 0x81, 0]),                               1002, "new message"),
    (bytes([0x88, 1, 3]),                                     1002, "one byte"),
    (bytes([0x88, 2]) + (1005).to_bytes(2, "big"),            1002, "1005"),
    (bytes([0x88, 2]) + (999).to_bytes(2, "big"),             1002, "999"),
    (bytes([0x88, 3]) + (1000).to_bytes(2, "big") + b"\xff",  1007, "UTF-8"),
    (bytes([0x81, 2, 0xC3, 0x28]),                            1007, "UTF-8"),
    (bytes([0x81, 1, 0xC3]),                                  1007, "UTF-8"),
    (bytes([0x81, 127]) + (2**63).to_bytes(8, "big"),         1009, "16 MiB"),
    (bytes([0x82, 127]) + (16 * 2**20 + 1).to_bytes(8, "big"), 1009, "16 MiB"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "code", "words"), BROKEN)
def test_a_broken_rule_is_named_and_has_its_close_code(data: bytes, code: int, words: str) -> None:
    with pytest.raises(ProtocolError, match=words) as broken:
        FrameReader().feed(data)

    assert broken.value.code == code


@pytest.mark.parametrize(("data", "code", "words"), BROKEN)
def test_what_came_whole_before_the_error_is_given_out_first(data: bytes, code: int, words: str) -> None:
    reader = FrameReader()

    assert reader.feed(frame(TEXT, b"first") + data) == [(TEXT, [b"first"])]
    assert reader.has_failed
    with pytest.raises(ProtocolError, match=words):
        reader.feed(b"")


def test_a_code_point_may_be_split_over_fragments() -> None:
    data = "é".encode()

    assert FrameReader().feed(frame(TEXT, data[:1], fin=False) + frame(0, data[1:])) == [(TEXT, [data])]


def test_a_bad_fragment_is_refused_before_the_last_one_comes() -> None:
    with pytest.raises(ProtocolError, match="UTF-8"):
        FrameReader().feed(frame(TEXT, b"good", fin=False) + frame(0, b"\xc3\x28", fin=False))


def test_a_message_at_the_limit_passes_and_one_byte_more_does_not() -> None:
    reader = FrameReader(max_message_bytes=1000)

    assert len(reader.feed(frame(BINARY, bytes(600), fin=False) + frame(0, bytes(400)))[0][1][0]) == 1000
    with pytest.raises(ProtocolError):
        reader.feed(frame(BINARY, bytes(600), fin=False) + frame(0, bytes(401)))


def test_fragments_without_end_are_refused() -> None:
    reader = FrameReader()
    reader.feed(frame(TEXT, b"", fin=False))
    with pytest.raises(ProtocolError, match="fragments"):
        reader.feed(frame(0, b"", fin=False) * (MAX_FRAGMENTS + 1))


def test_a_close_says_its_code_and_reason() -> None:
    [(_, [payload])] = FrameReader().feed(frame(CLOSE, (1012).to_bytes(2, "big") + b"restart"))

    assert close_code_and_reason(payload) == (1012, "restart")
    assert close_code_and_reason(b"") == (1005, "")


def test_neighbours_of_one_kind_are_one_run_and_the_order_is_kept() -> None:
    stream = b"".join(
        frame(op, data) for op, data in [(TEXT, b"a"), (TEXT, b"b"), (PING, b"p"), (BINARY, b"c"), (TEXT, b"d")]
    )

    assert FrameReader().feed(stream) == [(TEXT, [b"a", b"b"]), (PING, [b"p"]), (BINARY, [b"c"]), (TEXT, [b"d"])]


def test_text_before_a_text_that_is_not_utf8_is_given_out_first() -> None:
    reader = FrameReader()

    assert reader.feed(frame(TEXT, b"good") + frame(TEXT, b"\xff") + frame(TEXT, b"later")) == [(TEXT, [b"good"])]
    with pytest.raises(ProtocolError, match="UTF-8"):
        reader.feed(b"")


def test_a_long_message_in_small_pieces_is_not_looked_at_over_and_over() -> None:
    stream = frame(BINARY, bytes(4 * 2**20))
    reader = FrameReader()
    looked = 0
    sort = reader._parse

    def counted(data: bytes, runs: list[tuple[int, list[bytes]]]) -> int:
        nonlocal looked
        looked += 1
        return sort(data, runs)

    reader._parse = counted  # type: ignore[method-assign]
    runs = [run for i in range(0, len(stream), 4096) for run in reader.feed(stream[i : i + 4096])]

    assert len(runs[0][1][0]) == 4 * 2**20
    assert looked <= 3


FIN = 0x80


def server_frame(opcode: int, payload: bytes, fin: bool = True) -> bytes:
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
    assert FrameReader().feed(server_frame(TEXT, b"a" * size)) == [(TEXT, [b"a" * size])]


CUTS = [(size, at) for size in SIZES for at in (1, 2, 3, 4, 10, 127, 128, 0x7E04, size) if 0 < at <= size]


@pytest.mark.parametrize(("size", "at"), CUTS)
def test_a_frame_that_is_cut_gives_nothing_until_its_last_byte(size: int, at: int) -> None:
    whole = server_frame(TEXT, b"a" * size)
    reader = FrameReader()

    assert reader.feed(whole[:at]) == []
    assert reader.feed(whole[at:]) == [(TEXT, [b"a" * size])]


@pytest.mark.parametrize("size", [125, 126, 0x7E00, 0x10000])
def test_what_follows_a_frame_waits_for_its_own_end(size: int) -> None:
    first, second = server_frame(TEXT, b"a" * size), server_frame(TEXT, b"bc")
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
    data = (
        server_frame(TEXT, b"a", fin=False)
        + server_frame(PING, b"p")
        + server_frame(CONTINUATION, b"b", fin=False)
        + server_frame(PONG, b"")
    )

    reader = FrameReader()
    assert reader.feed(data) == [(PING, [b"p"]), (PONG, [b""])]
    assert reader.feed(server_frame(CONTINUATION, b"c")) == [(TEXT, [b"abc"])]
    assert reader.feed(server_frame(TEXT, b"d")) == [(TEXT, [b"d"])]


OTHER_BROKEN = [
    # after                             what comes                             the code   a word of it
    (b"",                               bytes([FIN | 0x40 | TEXT, 0]),         1002,      "compresses"),
    (b"",                               bytes([FIN | 0x20 | TEXT, 0]),         1002,      "RSV2"),
    (b"",                               bytes([FIN | 0x10 | BINARY, 0]),       1002,      "extension"),
    (b"",                               bytes([FIN | TEXT, 0x80]),             1002,      "masked"),
    (b"",                               bytes([FIN | 0x3, 0]),                 1002,      "unknown kind 0x3"),
    (b"",                               bytes([FIN | 0xB, 0]),                 1002,      "unknown kind 0xb"),
    (b"",                               bytes([PING, 0]),                      1002,      "control frame"),
    (b"",                               bytes([FIN | PING, 126]),              1002,      "125 bytes"),
    (b"",                               bytes([FIN | CONTINUATION, 0]),        1002,      "continuation frame without a message"),
    (server_frame(TEXT, b"a", fin=False),      server_frame(TEXT, b"b"),                     1002,      "before the last one"),
    (server_frame(BINARY, b"a", fin=False),    server_frame(BINARY, b"b"),                   1002,      "before the last one"),
    (b"",                               server_frame(CLOSE, b"x"),                    1002,      "one byte"),
    (b"",                               server_frame(CLOSE, (999).to_bytes(2, "big")), 1002,     "999"),
    (b"",                               server_frame(CLOSE, (1004).to_bytes(2, "big")), 1002,    "1004"),
    (b"",                               server_frame(CLOSE, (1006).to_bytes(2, "big")), 1002,    "1006"),
    (b"",                               server_frame(CLOSE, (1015).to_bytes(2, "big")), 1002,    "1015"),
    (b"",                               server_frame(CLOSE, (2999).to_bytes(2, "big")), 1002,    "2999"),
    (b"",                               server_frame(CLOSE, (5000).to_bytes(2, "big")), 1002,    "5000"),
    (b"",                               server_frame(CLOSE, b"\x03\xe8\xff"),         1007,      "close reason"),
    (b"",                               server_frame(TEXT, b"\xff"),                  1007,      "not UTF-8"),
    (b"",                               server_frame(TEXT, b"\xff", fin=False),       1007,      "not UTF-8"),
    (server_frame(TEXT, b"\xc3", fin=False),   server_frame(CONTINUATION, b"a"),             1007,      "not UTF-8"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "data", "code", "word"), OTHER_BROKEN)
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

    assert FrameReader().feed(server_frame(CLOSE, payload)) == [(CLOSE, [payload])]
    assert close_code_and_reason(payload) == (code, "why")


@pytest.mark.parametrize("bad", [0, 1, 2])
@pytest.mark.parametrize("size", [1, 40])
def test_what_came_whole_before_a_broken_message_is_given_out_first(bad: int, size: int) -> None:
    messages = [b"a" * size] * 3
    messages[bad] = b"\xff" * size
    reader = FrameReader()
    data = b"".join(server_frame(TEXT, message) for message in messages)

    if bad:
        assert reader.feed(data) == [(TEXT, [b"a" * size] * bad)]
    with pytest.raises(ProtocolError, match="not UTF-8"):
        reader.feed(data if not bad else b"")


def test_a_message_of_just_the_limit_is_taken_and_one_byte_more_is_refused_by_its_header() -> None:
    limit = 70_000
    assert FrameReader(limit).feed(server_frame(TEXT, b"a" * limit)) == [(TEXT, [b"a" * limit])]

    with pytest.raises(ProtocolError) as caught:
        FrameReader(limit).feed(server_frame(TEXT, b"a" * (limit + 1))[:10])
    assert caught.value.code == 1009


def test_fragments_count_together_towards_the_limit_and_anew_for_each_message() -> None:
    reader = FrameReader(70_000)
    for _ in range(2):
        assert reader.feed(server_frame(TEXT, b"a" * 40_000, fin=False)) == []
        assert reader.feed(server_frame(CONTINUATION, b"a" * 30_000)) == [(TEXT, [b"a" * 70_000])]
    reader.feed(server_frame(TEXT, b"a" * 40_000, fin=False))

    with pytest.raises(ProtocolError, match="a message of more than"):
        reader.feed(server_frame(CONTINUATION, b"a" * 30_001))
