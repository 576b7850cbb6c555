"""Standard input, which may be closed."""

import sys
from collections.abc import Iterator

from wscli.errors import UsageError
from wscli.text_input import without_bom


def lines() -> Iterator[str]:
    """Yield the lines of standard input without their ends; what is not UTF-8 comes as escapes. Raises UsageError when closed."""
    if sys.stdin is None:
        raise UsageError("standard input is closed", "give the message as a word, or a file: < FILE")
    for number, data in enumerate(sys.stdin.buffer):
        yield (data if number else without_bom(data)).decode("utf-8", "backslashreplace").rstrip("\r\n")


def text() -> str:
    """Return all of standard input. Raises UsageError when closed."""
    return "\n".join(lines())
