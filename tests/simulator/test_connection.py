"""The parts of a connection that need no socket: fragments become messages."""

import pytest
from websockets.frames import Frame, Opcode

from wscli.simulator.connection import MessageAssembler


def frame(opcode: Opcode, data: bytes, *, fin: bool = True) -> Frame:
    return Frame(opcode, data, fin)


MESSAGES: list[tuple[list[Frame], list[str | bytes | None]]] = [
    ([frame(Opcode.TEXT, b"hi")], ["hi"]),
    ([frame(Opcode.BINARY, b"hi")], [b"hi"]),
    ([frame(Opcode.TEXT, b"")], [""]),
    ([frame(Opcode.TEXT, b"h", fin=False), frame(Opcode.CONT, b"i")], [None, "hi"]),
    ([frame(Opcode.BINARY, b"h", fin=False), frame(Opcode.CONT, b"i")], [None, b"hi"]),
    ([frame(Opcode.TEXT, b"\xc3", fin=False), frame(Opcode.CONT, b"\xbc")], [None, "ü"]),
    ([frame(Opcode.TEXT, b"h", fin=False), frame(Opcode.PING, b"p"), frame(Opcode.CONT, b"i")], [None, None, "hi"]),
    ([frame(Opcode.BINARY, b"a"), frame(Opcode.TEXT, b"b")], [b"a", "b"]),
]


@pytest.mark.parametrize(("frames", "messages"), MESSAGES)
def test_fragments_are_joined_and_control_frames_are_no_messages(
    frames: list[Frame], messages: list[str | bytes | None]
) -> None:
    assembler = MessageAssembler()

    assert [assembler.add(each) for each in frames] == messages


def test_text_that_is_not_utf8_is_an_error_and_binary_is_not() -> None:
    assembler = MessageAssembler()

    assert assembler.add(frame(Opcode.BINARY, b"\xff")) == b"\xff"
    with pytest.raises(UnicodeDecodeError):
        assembler.add(frame(Opcode.TEXT, b"\xff"))
