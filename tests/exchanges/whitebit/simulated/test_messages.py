"""How the simulated WhiteBIT writes its messages, and reads those of clients."""

from decimal import Decimal

import pytest

from wscli.exchanges.whitebit.simulated.messages import json_value_of, spaced_json_text

TEXTS = [
    ({"a": 1, "b": [None, True]}, '{"a": 1, "b": [null, true]}'),
    (Decimal(3), "3.0"),
    (Decimal("1767225611.020"), "1767225611.02"),
    (("x", {}), '["x", {}]'),
    ({"ü": "\ud800"}, '{"ü": "\\ud800"}'),
]


@pytest.mark.parametrize(("value", "text"), TEXTS)
def test_json_has_spaces_and_a_decimal_has_a_fraction(value: object, text: str) -> None:
    assert spaced_json_text(value) == text


VALUES: list[tuple[str | bytes, object]] = [
    ('{"id":7}', {"id": 7}),
    (b'{"id":7}', {"id": 7}),
    ("[1.50]", [Decimal("1.50")]),
    ("", None),
    ("{", None),
    (b"\xff", None),
    ("NaN", None),
]


@pytest.mark.parametrize(("data", "value"), VALUES)
def test_what_is_not_json_in_utf8_has_no_value(data: str | bytes, value: object) -> None:
    assert json_value_of(data) == value
