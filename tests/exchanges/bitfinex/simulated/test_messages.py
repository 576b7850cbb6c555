"""How the simulated Bitfinex writes its messages."""

from decimal import Decimal

import pytest

from wscli.exchanges.bitfinex.simulated.messages import channel_of, message_text, number_text, signed_size

NUMBERS = [
    ("1802.40", "1802.4"),
    ("0.000001", "0.000001"),
    ("0.0000009", "9e-7"),
    ("0.00000070", "7e-7"),
    ("-2.5E-7", "-2.5e-7"),
    ("1E+20", "100000000000000000000"),
    ("1E+21", "1e+21"),
    ("1.250E+22", "1.25e+22"),
    ("0E-9", "0"),
    ("-0.0", "0"),
]


@pytest.mark.parametrize(("number", "text"), NUMBERS)
def test_a_number_has_an_exponent_where_javascript_gives_it_one(number: str, text: str) -> None:
    assert number_text(Decimal(number)) == text


def test_a_message_is_compact_json_with_such_numbers() -> None:
    message = {"row": [17, Decimal("7E-7"), "hb", None, True, (Decimal("1.50"),)]}

    assert message_text(message) == '{"row":[17,7e-7,"hb",null,true,[1.5]]}'


def test_the_sign_of_a_size_is_that_of_its_side() -> None:
    assert (signed_size("buy", Decimal(2)), signed_size("sell", Decimal(2))) == (Decimal(2), Decimal(-2))


CHANNELS = [
    # message                                                                      channel
    ('{"event":"subscribed","channel":"trades","chanId":7,"symbol":"tBTCUSD"}',    None),
    ('{"event":"subscribed","channel":"candles","chanId":8,"key":"trade:1m:tB"}',  None),
    ('{"event":"subscribed","channel":"ticker","chanId":9,"pair":"BTCUSD"}',       None),
    ('{"event":"unsubscribed","chanId":7}',                                        None),
    ('[7,"te",[1]]',                                                               "trades.tBTCUSD"),
    ('[8,[1]]',                                                                    "candles.trade:1m:tB"),
    ('[9,1,2]',                                                                    "ticker.BTCUSD"),
    ('[7,"hb"]',                                                                   None),
    ('[10,[1]]',                                                                   None),
    ('[0,"wu",[]]',                                                                "account"),
    ('[0,"hb"]',                                                                   None),
]  # fmt: skip


def test_the_channel_of_a_message_is_that_of_the_acknowledgement_with_its_number() -> None:
    names: dict[str, str] = {}

    assert [(text, channel_of(text, names)) for text, _ in CHANNELS] == CHANNELS
