"""How late a message came: the time at which it was received less the time of the event in it."""

from __future__ import annotations

import calendar
import time
from collections.abc import Iterable
from functools import lru_cache

from wscli.core.catalogue import Channel
from wscli.core.jsontext import Json
from wscli.output.rows import Row


def event_ns(value: Json) -> int | None:
    """Return a time of a row as nanoseconds since the epoch; None for what is no time.

    >>> event_ns("2026-11-29T15:51:01.63Z"), event_ns("soon")
    (1795967461630000000, None)
    """
    if not isinstance(value, str) or value[19:20] not in ("Z", ".") or value[-1] != "Z":
        return None
    second, fraction = _second(value[:19]), value[20:-1]
    if second is None or (fraction and not fraction.isdecimal()):
        return None
    return second * 1_000_000_000 + int(fraction[:9].ljust(9, "0"))


@lru_cache(maxsize=1024)  # neighbours share their second
def _second(text: str) -> int | None:
    try:
        return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%S"))
    except ValueError:
        return None


def lag_ms(channel: Channel | None, rows: Iterable[Row], received_ns: int) -> float | None:
    """Return how long before it was received the newest event of a message had happened, in milliseconds.

    None where the catalogue knows the time of no event in such rows (the time of a candle is its start), and for a message that was
    not received, but typed (0).
    """
    if channel is None or not channel.has_event_time or not received_ns:
        return None
    times = [ns for row in rows if (ns := event_ns(row.get("time"))) is not None]
    return (received_ns - max(times)) / 1e6 if times else None


def lag_text(channel: Channel | None, row: Row, received_ns: int) -> str | None:
    """Return the lag of one row as it is shown: milliseconds, with one decimal."""
    lag = lag_ms(channel, (row,), received_ns)
    return None if lag is None else f"{lag:.1f}"
