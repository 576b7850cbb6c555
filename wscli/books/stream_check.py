"""The check of a stream whose subscription asks for numbers that reveal a lost message, such as `flags=sequence`.

The session knows no books: whoever opens a stream starts the check here, and the client's observer does the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

from wscli.core.dialect import Dialect
from wscli.core.messages import Command, Received, Subscribe
from wscli.session.client import Line


def check_stream(line: Line, commands: Sequence[Command]) -> None:
    """Verify every message, where a command asks for it and nothing else observes the messages; report the first fault.

    The stream itself is not changed by it.
    """
    if line.witness is not None or not any(_asks_for_proof(line.dialect, command) for command in commands):
        return
    from wscli.books.sync import Verifier  # lazily: few ask

    verifier = Verifier(line.dialect)

    def observe(received: Received) -> None:
        fault = verifier.hear(received)
        if fault is not None:
            rebuilds = " (book rebuilds)" if verifier.books else ""
            line.output.say(f"wscli: {line.dialect.name}: {fault.said}; what follows is not verified{rebuilds}")
            line.witness = None

    line.witness = observe


def _asks_for_proof(dialect: Dialect, command: Command) -> bool:
    asks = {ask.partition("=")[0] for rule in dialect.books.values() for ask in rule.asks}
    return isinstance(command, Subscribe) and any(command.params.get(name) for name in asks)
