"""The subscriptions of the simulated Bitfinex v1.1, checked."""

import pytest

from wscli.exchanges.bitfinex.simulated.requests import AcceptedSubscription, Rejection
from wscli.exchanges.bitfinex.simulated.v1.requests import check_subscription

ACCEPTED = [
    # request                                                          key                                        what the acknowledgement repeats
    ({"channel": "ticker", "pair": "ETHUSD"},                          ("ticker", "ETHUSD"),                      {"pair": "ETHUSD"}),
    ({"channel": "ticker", "pair": "tETHUSD"},                         ("ticker", "ETHUSD"),                      {"pair": "ETHUSD"}),
    ({"channel": "trades", "symbol": "tETHUSD", "pair": None},         ("trades", "ETHUSD"),                      {"symbol": "tETHUSD", "pair": "ETHUSD"}),
    ({"channel": "trades", "symbol": "BTCUSD", "pair": "ETHUSD"},      ("trades", "ETHUSD"),                      {"pair": "ETHUSD"}),
    ({"channel": "book", "pair": "ETHUSD"},                            ("book", "ETHUSD", "P0", "F0", "25"),      {"pair": "ETHUSD", "prec": "P0", "freq": "F0", "len": "25"}),
    ({"channel": "book", "pair": "ETHUSD", "prec": "R0", "len": 100},  ("book", "ETHUSD", "R0", "F0", "100"),     {"pair": "ETHUSD", "prec": "R0", "freq": "F0", "len": "100"}),
]  # fmt: skip

REJECTED = [
    ({}, 10300, "subscribe: invalid"),
    ({"channel": 7, "pair": "ETHUSD"}, 10300, "subscribe: invalid"),
    ({"channel": "candles", "pair": "ETHUSD"}, 10302, "channel: unknown"),
    ({"channel": "ticker", "pair": ["ETHUSD"]}, 10300, "subscribe: invalid"),
    ({"channel": "ticker", "pair": "ethusd"}, 10001, "pair: invalid"),
    ({"channel": "ticker", "pair": "ttETHUSD"}, 10001, "pair: invalid"),
    ({"channel": "book", "pair": "ETHUSD", "prec": "P4"}, 10011, "precision: invalid"),
    ({"channel": "book", "pair": "ETHUSD", "prec": []}, 10011, "precision: invalid"),
    ({"channel": "book", "pair": "ETHUSD", "freq": "F2"}, 10300, "subscribe: invalid"),
    ({"channel": "book", "pair": "ETHUSD", "len": 250}, 10012, "length: invalid"),
    ({"channel": "book", "pair": "ETHUSD", "len": "025"}, 10012, "length: invalid"),
]


@pytest.mark.parametrize(("fields", "key", "ack_fields"), ACCEPTED)
def test_a_valid_subscription_has_a_key_and_its_acknowledgement(
    fields: dict[str, object], key: tuple[str, ...], ack_fields: dict[str, object]
) -> None:
    assert check_subscription(fields, {"ETHUSD", "BTCUSD"}) == AcceptedSubscription(key, ack_fields)


@pytest.mark.parametrize(("fields", "code", "message"), REJECTED)
def test_an_invalid_subscription_has_a_code_and_a_message(fields: dict[str, object], code: int, message: str) -> None:
    assert check_subscription(fields, {"ETHUSD", "BTCUSD"}) == Rejection(code, message)
