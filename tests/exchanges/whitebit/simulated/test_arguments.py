"""The arguments of the simulated WhiteBIT's methods, each checked."""

from collections.abc import Callable

import pytest

from wscli.exchanges.whitebit.simulated.arguments import (
    SUCCESS,
    Feeds,
    RequestRejected,
    check_market,
    exactly_n,
    integer_argument,
    require,
    text_argument,
    unsubscriber,
)

VALID: list[tuple[Callable[[], object], object]] = [
    (lambda: text_argument(""), ""),
    (lambda: text_argument("BTC_USDT"), "BTC_USDT"),
    (lambda: integer_argument(0), 0),
    (lambda: integer_argument(-7), -7),
    (lambda: exactly_n(0, []), []),
    (lambda: exactly_n(2, [1, None]), [1, None]),
]


@pytest.mark.parametrize(("checked", "value"), VALID)
def test_a_valid_argument_is_returned(checked: Callable[[], object], value: object) -> None:
    assert checked() == value


INVALID: list[Callable[[], object]] = [
    lambda: text_argument(7),
    lambda: text_argument(None),
    lambda: integer_argument("7"),
    lambda: integer_argument(True),
    lambda: integer_argument(7.0),
    lambda: exactly_n(1, []),
    lambda: exactly_n(1, [1, 2]),
    lambda: require(False),
]


@pytest.mark.parametrize("checked", INVALID)
def test_an_invalid_argument_is_code_1(checked: Callable[[], object]) -> None:
    with pytest.raises(RequestRejected) as rejected:
        checked()

    assert (rejected.value.code, rejected.value.message) == (1, "invalid argument")


def test_an_unknown_market_is_code_9_and_named() -> None:
    check_market("BTC_USDT", {"BTC_USDT"})
    with pytest.raises(RequestRejected) as rejected:
        check_market("btc_usdt", {"BTC_USDT"})

    assert (rejected.value.code, rejected.value.message) == (9, "market btc_usdt does not exist")


def test_an_unsubscribe_ends_the_whole_channel_and_only_that() -> None:
    feeds: Feeds = {"trades": {"BTC_USDT": lambda now_ms: []}, "depth": {"BTC_USDT": lambda now_ms: []}}
    unsubscribe = unsubscriber(feeds, "trades")

    assert (unsubscribe(["anything"], 0), unsubscribe([], 0)) == (SUCCESS, SUCCESS)
    assert [*feeds] == ["depth"]


def test_a_rejection_is_worded_by_its_message() -> None:
    assert str(RequestRejected(9, "market x does not exist")) == "market x does not exist"
