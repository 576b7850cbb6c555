"""A server's challenge and its answer, as a user describes them: {"ping":X} is answered with {"pong":X}. Pure.

X stands for any JSON value. Messages are compared by structure: the order of the members does not matter, and an object may have
more of them than the pattern; a list must be as long. Digits stay as they were sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from wscli.core.errors import UsageError
from wscli.core.jsontext import MISSING, Json, parsed
from wscli.core.record import record

EXAMPLE = """--answer '{"ping":X}' '{"pong":X}'"""
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|\bX\b', re.S)  # texts, in which an X is a letter, and the X outside of them


class _Wildcard:
    """What X is in a pattern and in its answer."""

    def __repr__(self) -> str:
        return "X"


X: Any = _Wildcard()


@record
class Challenge:
    """One pattern and its answer, both JSON in which X is a wildcard."""

    pattern: Json
    answer: Json

    def answer_to(self, payload: Json) -> Json:
        """Return the answer to a message; MISSING for a message that does not match."""
        found: list[Json] = []
        if not _matches(self.pattern, payload, found):
            return MISSING
        return _filled(self.answer, found[0] if found else None)

    @property
    def word(self) -> bytes | None:
        """A text that stands in every message that matches, where it holds no escapes; None where there is none."""
        return next((word.encode() for word in _words(self.pattern) if word), None)


def parse_challenge(pattern: str, answer: str) -> Challenge:
    """Return the challenge that two texts describe. Raises UsageError.

    >>> challenge = parse_challenge('{"ping":X}', '{"op":"pong","ts":X}')
    >>> challenge.answer_to({"ping": 18212558000, "seq": 1}), challenge.answer_to({"pong": 1}) is MISSING
    ({'op': 'pong', 'ts': 18212558000}, True)
    """
    from wscli.core.secrets import with_secrets  # lazily: few lines describe a challenge

    message, reply = _parsed_with_wildcard(pattern, "pattern"), _parsed_with_wildcard(answer, "answer")
    if message is X:
        raise UsageError("--answer: the pattern X matches every message", EXAMPLE)
    if _contains_wildcard(reply) and not _contains_wildcard(message):
        raise UsageError("--answer: the answer has an X, and the pattern has none", EXAMPLE)
    return Challenge(message, with_secrets(reply))


def _parsed_with_wildcard(text: str, what: str) -> Json:
    marker = "\ue000"  # stands for X while it is parsed
    while marker in text:
        marker += "\ue000"
    try:
        value = parsed(_TOKENS.sub(lambda token: f'"{marker}"' if token[0] == "X" else token[0], text))
    except ValueError as error:
        raise UsageError(f"--answer: the {what} is not JSON: {text[:60]!r} ({error})", EXAMPLE) from None
    return _with_wildcards(value, marker, what)


def _with_wildcards(value: Json, marker: str, what: str) -> Json:
    match value:
        case str() if value == marker:
            return X
        case dict():
            if marker in value:
                raise UsageError(
                    f"--answer: X is the name of a member in the {what}", "X stands for a value: " + EXAMPLE
                )
            return {name: _with_wildcards(held, marker, what) for name, held in value.items()}
        case list():
            return [_with_wildcards(held, marker, what) for held in value]
        case _:
            return value


def _contains_wildcard(value: Json) -> bool:
    match value:
        case dict():
            return any(map(_contains_wildcard, value.values()))
        case list():
            return any(map(_contains_wildcard, value))
        case _:
            return value is X


def _matches(pattern: Json, value: Json, found: list[Json]) -> bool:
    """Say whether a message matches. found: takes the value of X, which is the same at each of its places."""
    match pattern:
        case _Wildcard():
            if found:
                return _equal(found[0], value)
            found.append(value)
            return True
        case dict():
            return isinstance(value, dict) and all(
                name in value and _matches(held, value[name], found) for name, held in pattern.items()
            )
        case list():
            return (
                isinstance(value, list)
                and len(value) == len(pattern)
                and all(_matches(held, one, found) for held, one in zip(pattern, value, strict=True))
            )
        case _:
            return _equal(pattern, value)


def _equal(one: Json, other: Json) -> bool:
    """Say whether two JSON values are equal: 1 is 1.0, and true is not 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_equal(held, other[name]) for name, held in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_equal, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _filled(answer: Json, value: Json) -> Json:
    match answer:
        case _Wildcard():
            return value
        case dict():
            return {name: _filled(held, value) for name, held in answer.items()}
        case list():
            return [_filled(held, value) for held in answer]
        case _:
            return answer


def _words(pattern: Json) -> Iterator[str]:
    """Yield the names and texts of a pattern that JSON writes without escapes."""
    match pattern:
        case dict():
            for name, held in pattern.items():
                yield from (name,) if _is_plain(name) else ()
                yield from _words(held)
        case list():
            for held in pattern:
                yield from _words(held)
        case str():
            yield from (pattern,) if _is_plain(pattern) else ()
        case _:
            return


def _is_plain(text: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9_.:-]+", text) is not None
