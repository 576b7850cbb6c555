"""The lag of a message: the catalogue decides whether its time is that of an event."""

import doctest

import pytest

from wscli.exchanges import find_dialect
from wscli.output import lag
from wscli.output.lag import lag_ms, lag_text

BYBIT = find_dialect("bybit")
TRADE, CANDLE = BYBIT.channel("publicTrade"), BYBIT.channel("kline")
SECOND_NS = 1_000_000_000
T0_NS = 1_795_967_461 * SECOND_NS  # 2026-11-29T15:51:01Z


def test_the_examples_hold() -> None:
    assert doctest.testmod(lag).failed == 0


LAGS = [
    # the times of the rows                                      received                   ms
    (["2026-11-29T15:51:01.000Z"],                               T0_NS + 12_345_678,        12.345678),
    (["2026-11-29T15:51:01Z"],                                   T0_NS + SECOND_NS,         1000.0),
    (["2026-11-29T15:51:01.000001Z"],                            T0_NS,                     -0.001),
    (["2026-11-29T15:51:01.000Z", "2026-11-29T15:51:01.010Z"],   T0_NS + 20_000_000,        10.0),
    (["soon"],                                                   T0_NS,                     None),
    ([None],                                                     T0_NS,                     None),
    (["2026-13-29T15:51:01.000Z"],                               T0_NS,                     None),
    (["2026-11-29T15:51:01.0x0Z"],                               T0_NS,                     None),
    ([],                                                         T0_NS,                     None),
    (["2026-11-29T15:51:01.000Z"],                               0,                         None),
]  # fmt: skip


@pytest.mark.parametrize(("times", "received_ns", "expected"), LAGS)
def test_the_newest_event_counts(times: list[str | None], received_ns: int, expected: float | None) -> None:
    assert lag_ms(TRADE, [{"time": time} for time in times], received_ns) == expected


def test_a_candle_has_no_lag_and_what_is_shown_has_one_decimal() -> None:
    row = {"time": "2026-11-29T15:51:01.000Z"}

    assert lag_text(TRADE, row, T0_NS + 12_345_678) == "12.3"
    assert lag_text(CANDLE, row, T0_NS + 12_345_678) is None
    assert lag_text(None, row, T0_NS) is None
