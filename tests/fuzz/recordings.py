"""The reader of recordings: any file is entries, or a line that says what is wrong with it."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator

from wscli.core.errors import UsageError
from wscli.storage.recording.lines import RecordingEntry
from wscli.storage.recording.reader import read_recording

LINES = (
    b'{"time":1,"connection":2,"exchange":"bybit","direction":"event","event":"opened"}\n'
    b'{"time":3,"connection":2,"exchange":"bybit","direction":"sent","text":"{\\"op\\":\\"ping\\"}"}\n'
    b'{"time":4,"connection":2,"exchange":"digifinex","direction":"received","number":7,"binary":true,"text":"\\ud83d\\ude00"}\n'
)


def one(data: bytes) -> None:
    """The first byte says whether the rest is packed first."""
    if data[:1] == b"\1":
        packer = zlib.compressobj(1, zlib.DEFLATED, 31)
        data = b"-" + packer.compress(data[1:]) + packer.flush(zlib.Z_SYNC_FLUSH)
    file = os.memfd_create("recording")
    try:
        os.write(file, data[1:])
        path, notes, entries = f"/proc/self/fd/{file}", [], []
        try:
            for entry in read_recording(path, notes.append):
                entries.append(entry)
        except UsageError as error:
            assert error.hint, "no hint"
        assert all(isinstance(entry, RecordingEntry) for entry in entries)
        assert all(line.startswith(path) for line in notes)
    finally:
        os.close(file)


def seeds() -> Iterator[bytes]:
    packed = zlib.compress(LINES, wbits=31)
    for body in (LINES, LINES[:-30], LINES[40:], packed, packed[:-9], packed[:40] + packed[44:], packed * 2, b""):
        yield b"\0" + body
    yield b"\1" + LINES
    yield b"\0" + packed[:-8] + packed
