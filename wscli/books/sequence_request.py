"""Which subscriptions ask for numbers that reveal a lost message, such as `flags=sequence`."""

from __future__ import annotations

from collections.abc import Sequence

from wscli.core.dialect import Dialect
from wscli.core.messages import Command, Subscribe


def asks_for_sequence(dialect: Dialect, commands: Sequence[Command]) -> bool:
    """Return whether one of the commands asks for numbers that reveal a lost message."""
    return any(_asks_for_sequence(dialect, command) for command in commands)


def _asks_for_sequence(dialect: Dialect, command: Command) -> bool:
    asks = {argument.partition("=")[0] for rule in dialect.facts.book_rules.values() for argument in rule.required_args}
    return isinstance(command, Subscribe) and any(command.params.get(name) for name in asks)
