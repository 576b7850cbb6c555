"""Whether our clock and an exchange's agree, by the Date of an HTTP answer. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

MIN_REPORTED_SKEW_S = 2.0  # a Date has whole seconds, and was some time under way


def skew_s(headers: Mapping[str, str], now_ns: int) -> float | None:
    """Return by how many seconds our clock is ahead of an answer's Date (behind: negative); None where it has none.

    >>> skew_s({"Date": "Tue, 14 Nov 2023 22:13:20 GMT"}, 1_700_000_060_500_000_000)
    60.0
    """
    date = next((value for name, value in headers.items() if name.lower() == "date"), None)
    if date is None:
        return None
    try:
        theirs = parsedate_to_datetime(date).replace(tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        return None
    return now_ns / 1e9 - (theirs + 0.5)  # the middle of the second it names


def skew_warning(skew_s: float | None, name: str) -> str | None:
    """Return a word about a clock that is wrong by two seconds or more; None for one that is right, or not known.

    >>> skew_warning(-3600.2, "bybit"), skew_warning(0.4, "bybit")
    ("your clock is 3600 s behind bybit's", None)
    """
    if skew_s is None or abs(skew_s) < MIN_REPORTED_SKEW_S:
        return None
    return f"your clock is {round(abs(skew_s))} s {'ahead of' if skew_s > 0 else 'behind'} {name}'s"
