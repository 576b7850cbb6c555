"""The check of a stream whose subscription asks for numbers that reveal a lost message, such as `flags=sequence`.

The session knows no books: whoever opens a stream starts the check here, and the client's observer does the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

from wscli.core.dialect import Dialect
from wscli.core.messages import Command, ReceivedMessage, Subscribe
from wscli.session.client import Client


def check_stream(client: Client, commands: Sequence[Command]) -> None:
    """Verify every message, where a command asks for it and nothing else observes the messages; report the first fault.

    The stream itself is not changed by it.
    """
    if client.observer is not None or not any(_asks_for_sequence(client.dialect, command) for command in commands):
        return
    from wscli.books.sync import BookVerifier  # lazily: few ask

    verifier = BookVerifier(client.dialect)

    def observe(received: ReceivedMessage) -> None:
        fault = verifier.verify(received)
        if fault is not None:
            rebuilds = " (book rebuilds)" if verifier.books else ""
            client.output.write_stderr(
                f"wscli: {client.dialect.name}: {fault.description}; what follows is not verified{rebuilds}"
            )
            client.observer = None

    client.observer = observe


def _asks_for_sequence(dialect: Dialect, command: Command) -> bool:
    asks = {argument.partition("=")[0] for rule in dialect.facts.book_rules.values() for argument in rule.required_args}
    return isinstance(command, Subscribe) and any(command.params.get(name) for name in asks)
