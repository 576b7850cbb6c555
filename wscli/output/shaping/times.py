"""How the times of rows are written. A row has RFC 3339 in UTC; other forms are made of that."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import lru_cache

from wscli.core.jsontext import Json
from wscli.output.lag import event_ns


def local_time(value: Json) -> Json:
    """Return a time of a row in the zone of this computer, with its offset; what is no time as it is."""
    ns = event_ns(value)
    if ns is None or not isinstance(value, str):
        return value
    date_and_time, offset = _local_second(ns // 1_000_000_000)
    return f"{date_and_time}{value[19:-1]}{offset}"


def short_time(value: Json) -> Json:
    """Return the local time of the day of a row's time: HH:MM:SS.mmm; what is no time as it is."""
    ns = event_ns(value)
    if ns is None:
        return value
    date_and_time, _ = _local_second(ns // 1_000_000_000)
    return f"{date_and_time[11:]}.{ns // 1_000_000 % 1000:03d}"


@lru_cache(maxsize=1024)  # neighbours share their second
def _local_second(second: int) -> tuple[str, str]:
    """Return a second as local date and time, and the offset of that time from UTC."""
    local = time.localtime(second)
    sign, minutes = "-" if local.tm_gmtoff < 0 else "+", abs(local.tm_gmtoff) // 60
    return time.strftime("%Y-%m-%dT%H:%M:%S", local), f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"


# Forms of --time that are written anew; utc is what rows have, exchange what was sent, none leaves the columns out.
WRITTEN: Mapping[str, Callable[[Json], Json]] = {"local": local_time, "short": short_time}
