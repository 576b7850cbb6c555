"""How WhiteBIT writes its messages, and reads those of clients."""

from collections.abc import Mapping
from decimal import Decimal

from wscli.simulator.common import json_text, parsed_json, plain_number


def json_value_of(data: str | bytes) -> object:
    """Return the JSON value of a message, None for anything that is not JSON in UTF-8."""
    try:
        return parsed_json(data if isinstance(data, str) else data.decode())
    except ValueError:
        return None


def spaced_json_text(value: object) -> str:
    """Return JSON with a space after each colon and comma; a Decimal is a number that always has a fraction.

    >>> spaced_json_text({"time": Decimal("1767225611.020"), "ids": [7, None, Decimal(3)]})
    '{"time": 1767225611.02, "ids": [7, null, 3.0]}'
    """
    if isinstance(value, Decimal):
        number = plain_number(value)
        return number if "." in number else f"{number}.0"
    if isinstance(value, Mapping):
        items = [f"{json_text(str(key))}: {spaced_json_text(item)}" for key, item in value.items()]
        return "{" + ", ".join(items) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join([spaced_json_text(item) for item in value]) + "]"
    return json_text(value)
