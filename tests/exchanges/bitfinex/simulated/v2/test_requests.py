"""The subscriptions of the simulated Bitfinex v2, checked."""

import pytest

from wscli.exchanges.bitfinex.simulated.requests import AcceptedSubscription, Rejection
from wscli.exchanges.bitfinex.simulated.v2.requests import RequestChecker

CHECKER = RequestChecker({"tBTCUSD", "tBTCF0:USTF0"}, {"fUSD"})

ACCEPTED = [
    # request                                                                 key                                       what the acknowledgement repeats
    ({"channel": "ticker", "symbol": "BTCUSD"},                               ("ticker", "tBTCUSD"),                    {"symbol": "tBTCUSD", "pair": "BTCUSD"}),
    ({"channel": "ticker", "pair": "tBTCUSD"},                                ("ticker", "tBTCUSD"),                    {"symbol": "tBTCUSD", "pair": "BTCUSD"}),
    ({"channel": "trades", "symbol": "fUSD", "subId": 7},                     ("trades", "fUSD"),                       {"symbol": "fUSD", "currency": "USD", "subId": 7}),
    ({"channel": "trades", "symbol": "fUSD", "subId": [7]},                   ("trades", "fUSD"),                       {"symbol": "fUSD", "currency": "USD"}),
    ({"channel": "book", "symbol": "tBTCUSD", "len": 1},                      ("book", "tBTCUSD", "P0", "F0", "1"),     {"symbol": "tBTCUSD", "prec": "P0", "freq": "F0", "len": "1", "pair": "BTCUSD"}),
    ({"channel": "candles", "key": "trade:1m:tBTCUSD"},                       ("candles", "tBTCUSD", "1m"),             {"key": "trade:1m:tBTCUSD"}),
    ({"channel": "candles", "key": "trade:1m:fUSD:p2"},                       ("candles", "fUSD", "1m", "2", "2"),      {"key": "trade:1m:fUSD:p2"}),
    ({"channel": "candles", "key": "trade:1m:fUSD:a30:p2:p30"},               ("candles", "fUSD", "1m", "2", "30"),     {"key": "trade:1m:fUSD:a30:p2:p30"}),
    ({"channel": "status", "key": "deriv:tBTCF0:USTF0"},                      ("status", "deriv:tBTCF0:USTF0"),         {"key": "deriv:tBTCF0:USTF0"}),
]  # fmt: skip

REJECTED = [
    ({}, "channel: unknown"),
    ({"channel": "ticker", "symbol": "tNOPUSD"}, "symbol: invalid"),
    ({"channel": "ticker", "symbol": "USD"}, "symbol: invalid"),
    ({"channel": "ticker", "symbol": 7}, "symbol: invalid"),
    ({"channel": "book", "symbol": "fUSD", "prec": "P5"}, "precision: invalid"),
    ({"channel": "book", "symbol": "fUSD", "prec": ["P0"]}, "precision: invalid"),
    ({"channel": "book", "symbol": "fUSD", "freq": "F2"}, "frequency: invalid"),
    ({"channel": "book", "symbol": "fUSD", "len": "26"}, "length: invalid"),
    ({"channel": "book", "symbol": "fUSD", "len": True}, "length: invalid"),
    ({"channel": "candles", "key": "trade:2m:tBTCUSD"}, "key: invalid"),
    ({"channel": "candles", "key": "trade:1m:fUSD"}, "key: invalid"),
    ({"channel": "candles"}, "key: invalid"),
    ({"channel": "status", "key": "liq:all"}, "key: invalid"),
]


@pytest.mark.parametrize(("fields", "key", "ack_fields"), ACCEPTED)
def test_a_valid_subscription_has_a_key_and_its_acknowledgement(
    fields: dict[str, object], key: tuple[str, ...], ack_fields: dict[str, object]
) -> None:
    assert CHECKER.checked(fields) == AcceptedSubscription(key, ack_fields)


@pytest.mark.parametrize(("fields", "message"), REJECTED)
def test_an_invalid_subscription_is_rejected_with_one_code(fields: dict[str, object], message: str) -> None:
    assert CHECKER.checked(fields) == Rejection(10300, message)


def test_the_status_of_an_unknown_derivative_gets_no_reply() -> None:
    assert CHECKER.checked({"channel": "status", "key": "deriv:tNOPF0:USTF0"}) is None
