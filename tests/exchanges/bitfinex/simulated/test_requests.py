"""What the checked requests of both versions of the Bitfinex API have in common."""

import pytest

from wscli.exchanges.bitfinex.simulated.requests import book_parameters, channel_id_in

IDS = [
    (17, 17),
    ("17", 17),
    (0, 0),
    ("0", 0),
    (9007199254740993, 9007199254740993),
    (True, None),
    ("book", None),
    ("-1", None),
    ("1" * 19, None),
    (1.5, None),
    (None, None),
    ([17], None),
]


@pytest.mark.parametrize(("value", "chan_id"), IDS)
def test_a_channel_id_is_a_number_or_its_digits(value: object, chan_id: int | None) -> None:
    assert channel_id_in({"chanId": value}) == chan_id


def test_a_request_without_a_channel_id_has_none() -> None:
    assert channel_id_in({}) is None


PARAMETERS = [
    ({}, ("P0", "F0", "25")),
    ({"prec": None, "freq": None, "len": None}, ("P0", "F0", "25")),
    ({"prec": "R0", "len": 100}, ("R0", "F0", 100)),
    ({"prec": [], "freq": "", "len": 0}, ([], "", 0)),
]


@pytest.mark.parametrize(("request_fields", "parameters"), PARAMETERS)
def test_a_book_parameter_that_is_missing_or_null_has_its_default(
    request_fields: dict[str, object], parameters: tuple[object, ...]
) -> None:
    assert book_parameters(request_fields) == parameters
