"""What the pushes of both versions of the simulated Bybit have in common: feeds, trade ids, times, candles."""

from collections.abc import Callable
from datetime import UTC, datetime

from wscli.simulator.common import Json
from wscli.simulator.trade_history import DAY

TRADE_ID_BASE = 2_290_000_000_000_000_000
WEEK, MONTH = 7 * DAY, 0  # seconds; a month has no fixed length
MONDAY = 4 * DAY  # the epoch was a Thursday

Feed = Callable[[int], list[Json]]  # the time in unix milliseconds -> the pushes due


def milliseconds_text(time_us: int) -> str:
    """Return microseconds as text in milliseconds.

    >>> milliseconds_text(1_700_000_000_123_456)
    '1700000000123'
    """
    return str(time_us // 1000)


def candle_open_s(seconds: int, now_s: int) -> int:
    """Return when the candle around a time opened: a week on Monday, a MONTH on the first, UTC.

    seconds: the length of the candle.

    >>> candle_open_s(WEEK, 1_700_000_000), candle_open_s(MONTH, 1_700_000_000), candle_open_s(3600, 1_700_000_000)
    (1699833600, 1698796800, 1699999200)
    """
    if seconds == MONTH:
        now = datetime.fromtimestamp(now_s, UTC)
        return int(datetime(now.year, now.month, 1, tzinfo=UTC).timestamp())
    shift = MONDAY if seconds == WEEK else 0
    return (now_s - shift) // seconds * seconds + shift


def candle_close_s(seconds: int, open_s: int) -> int:
    """Return when the candle that opens at open_s is over.

    >>> candle_close_s(MONTH, 1_698_796_800) == candle_open_s(MONTH, 1_701_388_800)
    True
    """
    return candle_open_s(MONTH, open_s + 32 * DAY) if seconds == MONTH else open_s + seconds
