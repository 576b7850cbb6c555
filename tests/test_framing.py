"""The frame reader: against another framer as oracle, and against every rule that a peer can break."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from wscli.transport.frames import (
    BINARY,
    CLOSE,
    MAX_FRAGMENTS,
    PING,
    TEXT,
    FrameReader,
    ProtocolError,
    close_code_and_reason,
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
    heard = [(opcode, data) for opcode, payloads in runs for data in payloads]

    assert [message for message in heard if message[1] != b"in between"] == messages


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
