"""What a person may type: any words are commands that can be encoded and read back, or a UsageError of two lines."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from uuid import UUID

import wscli.exchanges
from wscli.errors import UsageError
from wscli.exchanges import DIALECTS
from wscli.grammar import VERBS, needs_login, parse
from wscli.model import Stamp, State, parsed, written
from wscli.transcript import lines
from wscli.venue import described

STAMP = Stamp(1_700_000_000_000_000_000, count(1), lambda: UUID(int=7))


def one(data: bytes) -> None:
    """The first byte chooses the venue, the second the verb; words are parted by blanks."""
    if len(data) < 2:
        return
    dialect, verb = DIALECTS[data[0] % len(DIALECTS)], (*VERBS, "other")[data[1] % (len(VERBS) + 1)]
    words = data[2:].decode("utf-8", "surrogateescape").split(" ")
    try:
        commands = parse(dialect, verb, words, every=bool(data[0] & 128))
        state = State()
        wires = dialect.encode(commands, state, STAMP)
    except UsageError as error:
        assert error.message
        return
    needs_login(dialect, commands)
    for command in commands:
        described(command)
        dialect.route(command)
    for wire in wires:
        text = written(wire, masked=False)
        parsed(text)
        dialect.asked(wire)
        state = dialect.learn(state, wire)


def seeds() -> Iterator[bytes]:
    folder = Path(wscli.exchanges.__file__).parent
    for number, dialect in enumerate(DIALECTS):
        for line in lines((folder / f"{dialect.name}.txt").read_text()):
            verb, _, words = line.text.partition(" ")
            if line.mark == "$" and verb in VERBS:
                yield bytes([number, tuple(VERBS).index(verb)]) + words.encode()
