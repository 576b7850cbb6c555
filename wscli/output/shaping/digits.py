"""Thousands separators, for eyes."""

from __future__ import annotations

import re

from wscli.core.jsontext import Json

_INTEGER = re.compile(r"(?P<sign>[+-]?)(?P<digits>[0-9]{4,})(?P<rest>(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?)")


def grouped(value: Json) -> Json:
    """Return a number with commas between its thousands, every digit as it was; anything else as it is.

    >>> grouped("1234567.00012"), grouped("-36500"), grouped("999"), grouped("abc")
    ('1,234,567.00012', '-36,500', '999', 'abc')
    """
    number = _INTEGER.fullmatch(value) if isinstance(value, str) else None
    if number is None:
        return value
    digits = number["digits"]
    head = len(digits) % 3
    parts = [digits[:head]] * bool(head) + [digits[at : at + 3] for at in range(head, len(digits), 3)]
    return f"{number['sign']}{','.join(parts)}{number['rest']}"
