"""Where the candles of the simulated Bybit open and close."""

import pytest

from wscli.exchanges.bybit.simulated.pushes import MONTH, WEEK, candle_close_s, candle_open_s, milliseconds_text

CANDLES = [
    # seconds   time                            opens            closes
    (60,        1_700_000_012,                  1_699_999_980,   1_700_000_040),
    (43_200,    1_700_000_012,                  1_699_963_200,   1_700_006_400),
    (86_400,    1_700_000_012,                  1_699_920_000,   1_700_006_400),
    (WEEK,      1_700_000_012,                  1_699_833_600,   1_700_438_400),  # Monday 13 to 20 November 2023
    (WEEK,      1_699_833_600,                  1_699_833_600,   1_700_438_400),
    (WEEK,      1_699_833_599,                  1_699_228_800,   1_699_833_600),
    (MONTH,     1_700_000_012,                  1_698_796_800,   1_701_388_800),  # November 2023
    (MONTH,     1_701_388_800,                  1_701_388_800,   1_704_067_200),  # December, 31 days
    (MONTH,     1_707_955_200,                  1_706_745_600,   1_709_251_200),  # February 2024, 29 days
]  # fmt: skip


@pytest.mark.parametrize(("seconds", "now_s", "open_s", "close_s"), CANDLES)
def test_weeks_open_on_monday_and_months_on_the_first(seconds: int, now_s: int, open_s: int, close_s: int) -> None:
    assert candle_open_s(seconds, now_s) == open_s
    assert candle_close_s(seconds, open_s) == close_s


def test_a_time_is_text_in_whole_milliseconds() -> None:
    assert milliseconds_text(1_700_000_000_123_999) == "1700000000123"
