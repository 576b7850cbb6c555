"""The words of an alert's command, and what it is given of the row that matched. Pure."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence

from wscli.core.errors import UsageError
from wscli.core.jsontext import MISSING, Json, literal, value_at
from wscli.output.rows import Row

MAX_VARIABLE_LENGTH = 32_768  # characters: the system takes 128 KiB for a variable or an argument
VARIABLE_PREFIX = "WSCLI_ROW_"
_PLACEHOLDER = re.compile(r"\{(\.?[A-Za-z_][\w-]*(?:\.[\w-]+)*)\}")


def command_words(text: str, flag: str = "--exec") -> tuple[str, ...]:
    """Return the words of a command, as a shell would split them; nothing else of a shell's is done. Raises UsageError.

    >>> command_words("notify-send 'bybit at' {price}")
    ('notify-send', 'bybit at', '{price}')
    """
    try:
        words = tuple(shlex.split(text))
    except ValueError as error:
        raise UsageError(
            f"{flag} {text!r}: {error}", "close the quotes, or put a backslash before the one that is text"
        ) from None
    if not words:
        raise UsageError(f"{flag} needs a command", f"for example: {flag} 'notify-send {{symbol}} {{price}}'")
    return words


def placeholders(words: Sequence[str]) -> Iterator[str]:
    """Yield the fields that a command names: {price}. Other braces are text.

    >>> [*placeholders(["curl", "-d", '{"text":"{symbol} at {price}"}', "{}"])]
    ['symbol', 'price']
    """
    for word in words:
        yield from _PLACEHOLDER.findall(word)


def filled(words: Sequence[str], row: Row, payload: Json, redact: Callable[[str], str] = str) -> list[str]:
    """Return the words with the values of a row, each within its word; "" where the row and its message have no such field.

    >>> filled(["say", "{side} at {price}", "{nope}"], {"side": "a; b", "price": "1.50"}, {})
    ['say', 'a; b at 1.50', '']
    """

    def value(match: re.Match[str]) -> str:
        return redact(_text_of(match[1], row, payload))

    return [_PLACEHOLDER.sub(value, word) for word in words]


def _text_of(name: str, row: Row, payload: Json) -> str:
    path = name.removeprefix(".").split(".")
    value = row.get(name, MISSING)
    for place in (row, payload):
        value = value_at(place, path) if value is MISSING else value
    return "" if value is MISSING or value is None else literal(value)


def row_variables(row: Row, redact: Callable[[str], str] = str) -> Mapping[str, str]:
    """Return a row as variables of an environment: WSCLI_ROW_PRICE. What is too long for one is left out: standard input has it.

    >>> row_variables({"price": "1.50", "trade-id": 7, "none": None})
    {'WSCLI_ROW_PRICE': '1.50', 'WSCLI_ROW_TRADE_ID': '7', 'WSCLI_ROW_NONE': ''}
    """
    texts = {name: "" if value is None else redact(literal(value)) for name, value in row.items()}
    return {
        VARIABLE_PREFIX + re.sub(r"[^A-Z0-9_]", "_", name.upper()): text
        for name, text in texts.items()
        if len(text) <= MAX_VARIABLE_LENGTH
    }
