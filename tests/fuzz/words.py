"""What a person may type: any words are commands that can be encoded and read back, or a UsageError of two lines."""

from __future__ import annotations

from collections.abc import Iterator

from tests.fuzz.transcripts import STAMP, typed
from wscli.commands.checks import REQUEST_VERBS
from wscli.commands.parser import needs_login, parse
from wscli.core.errors import UsageError
from wscli.core.jsontext import parsed, written
from wscli.core.messages import State
from wscli.exchanges import DIALECTS
from wscli.session.target import command_text


def one(data: bytes) -> None:
    """The first byte chooses the API of an exchange, the second the verb; words are parted by blanks."""
    if len(data) < 2:
        return
    dialect, verb = DIALECTS[data[0] % len(DIALECTS)], (*REQUEST_VERBS, "other")[data[1] % (len(REQUEST_VERBS) + 1)]
    words = data[2:].decode("utf-8", "surrogateescape").split(" ")
    try:
        commands = parse(dialect, verb, words, all_symbols=bool(data[0] & 128))
        state = State()
        frames = dialect.codec.encode(commands, state, STAMP)
    except UsageError as error:
        assert error.message
        return
    needs_login(dialect, commands)
    for command in commands:
        command_text(command)
        dialect.endpoints.route_of(command)
    for frame in frames:
        text = written(frame, masked=False)
        parsed(text)
        dialect.codec.request_of(frame)
        state = dialect.codec.learn(state, frame)


def seeds() -> Iterator[bytes]:
    for number, dialect in enumerate(DIALECTS):
        for verb, words in typed(dialect):
            if verb in REQUEST_VERBS:
                yield bytes([number, tuple(REQUEST_VERBS).index(verb)]) + words.encode()
