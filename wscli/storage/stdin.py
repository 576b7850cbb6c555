"""Standard input, which may be closed."""

import sys
from collections.abc import Iterator

from wscli.core.errors import UsageError
from wscli.storage.text_input import without_bom


def lines() -> Iterator[str]:
    """Yield the lines of standard input without their ends; what is not UTF-8 comes as escapes. Raises UsageError when closed."""
    if sys.stdin is None:
        raise UsageError("standard input is closed", "write the message as a word, or give it a file: < FILE")
    person = sys.stdin.isatty()
    for number, data in enumerate(sys.stdin.buffer):
        if person:
            check_not_truncated(data)
        yield (data if number else without_bom(data)).decode("utf-8", "backslashreplace").rstrip("\r\n")


def check_not_truncated(line: bytes) -> None:
    """Raise UsageError for a line that a terminal may have cut."""
    from wscli.storage.terminal_input import (  # lazily: hardly any input is typed
        TRUNCATED_LINE,
        is_truncated_by_terminal,
    )

    if is_truncated_by_terminal(0, line):
        raise UsageError(f"standard input: {TRUNCATED_LINE}", "put it in a file: < FILE")


def read_all() -> str:
    """Return all of standard input. Raises UsageError when closed."""
    return "\n".join(lines())
