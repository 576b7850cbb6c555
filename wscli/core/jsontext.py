"""JSON text: numbers that keep their digits as they were written, and secrets that are masked wherever they are not sent.

Imports nothing of ours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NoReturn, TypeAlias

Json: TypeAlias = Any  # what parsed() returns: None, bool, int, Number, str, list, dict


class Number(float):
    """A JSON number that remembers how it was written.

    >>> Number("0.00012460").text
    '0.00012460'
    """

    text: str
    __slots__ = ("text",)

    def __new__(cls, text: str) -> Number:
        self = float.__new__(cls, text)
        self.text = text
        return self


def parsed(text: str) -> Json:
    """Return the JSON value of `text`; numbers with a fraction or an exponent come as Number.

    Raises ValueError for anything that is not JSON: NaN, Infinity and nesting deeper than Python allows included.

    >>> parsed('{"p":1.10,"q":[7]}')["p"].text
    '1.10'
    """
    try:
        try:
            value, end = _quickly(text)
            if end == len(text) and ("-0" not in text or _MINUS_ZERO.search(text) is None):
                return value
        except ValueError:
            pass  # white space in front, a number that int() refuses, or no JSON at all
        return json.loads(text, parse_float=Number, parse_int=_integer, parse_constant=_refused)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


_MINUS_ZERO = re.compile(r"-0(?![.eE])")  # the one whole number that int() writes otherwise; also found in texts


def _integer(text: str) -> int | Number:
    if text == "-0":
        return Number(text)
    try:
        return int(text)
    except ValueError:  # more than 4,300 digits
        return Number(text)


def _refused(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


_quickly = json.JSONDecoder(parse_float=Number, parse_constant=_refused).raw_decode


def literal(value: Json) -> str:
    """Return a JSON scalar as the text it was sent as (a string without its quotes).

    >>> [literal(v) for v in (parsed("7e-7"), 12, "0.10", True, None)]
    ['7e-7', '12', '0.10', 'true', 'null']
    """
    match value:
        case str():
            return value
        case Number():
            return value.text
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
        case int() | float():
            return repr(value)
        case _:
            return written(value)


def written(value: Any, *, masked: bool = True) -> str:
    """Return `value` as compact JSON, every number as it was sent. The one place where secrets are masked or not.

    masked: a Secret is written as "***"; False only where the text goes to the wire.

    >>> written({"op": "auth", "args": [Secret("key"), 1700000000000]})
    '{"op":"auth","args":["***",1700000000000]}'
    """
    match value:
        case Secret():
            return _quoted("***" if masked else value.reveal())
        case str():
            return _quoted(value)
        case Mapping():
            return "{" + ",".join(f"{_quoted(k)}:{written(v, masked=masked)}" for k, v in value.items()) + "}"
        case list() | tuple():
            return "[" + ",".join(written(item, masked=masked) for item in value) + "]"
        case _:
            return literal(value)


def _quoted(text: str) -> str:
    plain = json.dumps(text, ensure_ascii=False)
    try:
        plain.encode()
    except UnicodeEncodeError:  # a lone surrogate, which UTF-8 cannot hold
        return json.dumps(text)
    return plain


class Secret:
    """A text that prints as ***. `reveal()` is for signing and for the wire, nowhere else."""

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        self.__value = value

    def reveal(self) -> str:
        return self.__value

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format("***", spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.reveal() == self.__value

    def __hash__(self) -> int:
        return hash(self.__value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled")


def secrets_in(value: Any) -> Iterator[Secret]:
    """Yield every Secret in a frame or in the headers of a request."""
    match value:
        case Secret():
            yield value
        case Mapping():
            for inner in value.values():
                yield from secrets_in(inner)
        case list() | tuple():
            for inner in value:
                yield from secrets_in(inner)
        case _:
            return


MISSING: Any = object()  # what stands at a path that a message does not have


def value_at(value: Json, path: Iterable[str]) -> Json:
    """Return what stands at a path of keys and of places in lists (-1 is the last); MISSING where nothing does.

    >>> value_at({"data": [{"p": "7"}]}, ["data", "-1", "p"]), value_at({"data": []}, ["data", "0"]) is MISSING
    ('7', True)
    """
    for step in path:
        if isinstance(value, dict):
            if step not in value:
                return MISSING
            value = value[step]
        elif isinstance(value, list):
            place = place_of(step)
            if place is None or not -len(value) <= place < len(value):
                return MISSING
            value = value[place]
        else:
            return MISSING
    return value


def place_of(step: str) -> int | None:
    """Return the place in a list that a step of a path means; None for a word."""
    return int(step) if re.fullmatch(r"-?[0-9]{1,9}", step) else None
