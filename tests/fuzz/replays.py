"""What `replay` may be given: any order of any API's messages, in every format, explained, verified. Nothing may raise.

The first byte chooses format and flags, then three bytes are a line of the recording: which API's, which of its
transcript's lines, and what is done to it.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from typing import Any

from tests.fuzz.decoders import changed
from tests.fuzz.transcripts import json_or_text, moments, transcript
from wscli.app.replaying.replay import replay
from wscli.commands.options import Options
from wscli.core.errors import IntegrityError, UsageError
from wscli.core.jsontext import written
from wscli.core.registry import FORMATS
from wscli.exchanges import DIALECTS
from wscli.transport.signals import Signals

MADE = [[(line.mark, line.text) for line in transcript(d) if line.mark in "<>"] for d in DIALECTS]
ODD_EVENTS: list[dict[str, Any]] = [
    {"event": "opened"}, {"event": "closed", "code": 1006}, {"event": "gap", "away_ms": 7}, {"event": "http", "url": "x"},
    {"event": "opened", "api": "nope"}, {"event": "opened", "api": 7}, {"event": "http", "url": 7, "text": "[]"}, {},
]  # fmt: skip


def one(data: bytes) -> None:
    if len(data) < 4:
        return
    file = os.memfd_create("recording")
    try:
        os.write(file, "".join(lines(data[1:400])).encode("utf-8", "backslashreplace"))
        _replayed(data[0], f"/proc/self/fd/{file}")
    finally:
        os.close(file)


def lines(data: bytes) -> Iterator[str]:
    """Yield the lines of a recording."""
    for at in range(0, len(data) - 2, 3):
        which, number, how = data[at : at + 3]
        dialect = DIALECTS[which % len(DIALECTS)]
        entry: dict[str, Any] = {"time": 10**18 + at * 10**7, "connection": 1 + (how >> 7), "exchange": dialect.name}
        if how & 15 == 15:
            about = {"event": "opened", "api": dialect.api.name} if how & 16 else ODD_EVENTS[number % len(ODD_EVENTS)]
            yield json.dumps({**entry, "direction": "event", **about}) + "\n"
            continue
        mark, text = MADE[which % len(DIALECTS)][number % len(MADE[which % len(DIALECTS)])]
        if how & 15 > 10:
            text = written(changed(json_or_text(text), number, how >> 4, how & 7, moments(dialect)))
        direction = "received" if mark == "<" else "sent"
        yield json.dumps({**entry, "direction": direction, "number": at, "text": text}) + "\n"


def _replayed(how: int, path: str) -> None:
    options = Options(output=[*FORMATS][how % 7], all_=bool(how & 8), verbose=bool(how & 16))
    signals = Signals()
    try:
        with _silence():
            replay(signals, options, path, explaining=how & 96 == 96, verify=how & 96 == 64)
    except (UsageError, IntegrityError) as error:
        assert error.message
    finally:
        signals.close()


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Send both streams of the process nowhere within it."""
    descriptors, nowhere = [os.dup(1), os.dup(2)], os.open(os.devnull, os.O_WRONLY)
    try:
        for number in (1, 2):
            os.dup2(nowhere, number)
        yield
    finally:
        for number, file in zip((1, 2), descriptors, strict=True):
            os.dup2(file, number)
            os.close(file)
        os.close(nowhere)


def seeds() -> Iterator[bytes]:
    for number in range(len(DIALECTS)):
        most = min(len(MADE[number]), 250)
        for start in range(0, most, 40):
            body = b"".join(bytes([number, at, 0]) for at in range(start, min(start + 40, most)))
            for how in (0, 2, 3, 4, 5, 7, 65, 98):
                yield bytes([how]) + bytes([number, 0, 31]) + body
                yield bytes([how]) + body
