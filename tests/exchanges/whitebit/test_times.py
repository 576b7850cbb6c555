"""The times of a query: relative to the clock that is handed in, by the calendar, or as seconds since the epoch."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import count
from uuid import UUID

import pytest

from tests.support.prompt_context import knows
from wscli.commands.parser import parse
from wscli.core.errors import UsageError
from wscli.core.messages import RequestContext, State
from wscli.exchanges import find_dialect
from wscli.repl.syntax.completer import completions

WHITEBIT = find_dialect("whitebit")
NOW_S = 1_767_225_600  # 2026-01-01T00:00:00Z


def sent(start: str, end: str) -> object:
    """Return the start and the end that a query is sent with."""
    commands = parse(WHITEBIT, "query", ["candles", "BTC_USDT", f"start={start}", f"end={end}", "interval=60"])
    context = RequestContext(NOW_S * 1_000_000_000 + 999_999_999, count(1), lambda: UUID(int=0))
    (frame,) = WHITEBIT.codec.encode(commands, State(), context)
    params = frame["params"]
    assert isinstance(params, list)
    return params[1:3]


TIMES = [
    # start                          end                             what is sent
    ("-1h",                          "now",                          [NOW_S - 3600, NOW_S]),
    ("-30m",                         "-10m",                         [NOW_S - 1800, NOW_S - 600]),
    ("-90s",                         "-0s",                          [NOW_S - 90, NOW_S]),
    ("-7d",                          "-1w",                          [NOW_S - 604_800, NOW_S - 604_800]),
    ("1767220200",                   "now",                          [1_767_220_200, NOW_S]),
    ("2025-12-31T23:00:00Z",         "2026-01-01T00:00:00Z",         [NOW_S - 3600, NOW_S]),
    ("2025-12-31T23:00:00.5Z",       "2026-01-01T01:00:00+01:00",    [NOW_S - 3600, NOW_S]),
    ("2025-12-31",                   "2026-01-01",                   [NOW_S - 86_400, NOW_S]),
]  # fmt: skip


@pytest.fixture
def far_east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock of the machine is not UTC: a time without a zone is UTC all the same."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("far_east")
@pytest.mark.parametrize(("start", "end", "expected"), TIMES)
def test_a_time_is_sent_as_seconds_since_the_epoch(start: str, end: str, expected: list[int]) -> None:
    assert sent(start, end) == expected


WRONG = [
    # start             end       what is wrong                                            what to type instead
    ("1h",              "now",    "whitebit candles: start=1h is not a time: -1h, ",       "did you mean start=-1h?"),
    ("1767220200000",   "now",    "whitebit candles: start=1767220200000 is not a time: ", "did you mean start=1767220200?"),
    ("yesterday",       "now",    "whitebit candles: start=yesterday is not a time: ",     "for example: start=-1h"),
    ("-1y",             "now",    "whitebit candles: start=-1y is not a time: ",           "for example: start=-1h"),
    ("-5",              "now",    "whitebit candles: start=-5 is not a time: ",            "for example: start=-1h"),
    ("0",               "now",    "whitebit candles: start=0 is not a time: ",             "for example: start=-1h"),
    ("-1h",             "",       "whitebit candles: end= is not a time: ",                "for example: end=-1h"),
    ("-1h",             "٣",      "whitebit candles: end=٣ is not a time: ",               "for example: end=-1h"),
    ("-1h",             "2026-13-01", "whitebit candles: end=2026-13-01 is not a time: ",  "for example: end=-1h"),
    ("now",             "-1h",    "whitebit candles: end is before start",                 "for example: start=-1h end=now"),
]  # fmt: skip


@pytest.mark.parametrize(("start", "end", "message", "hint"), WRONG)
def test_what_is_no_time_is_refused_with_an_example(start: str, end: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as wrong:
        sent(start, end)

    assert wrong.value.message.startswith(message)
    assert wrong.value.hint == hint


@pytest.mark.parametrize("name", ["start", "end"])
def test_tab_offers_times(name: str) -> None:
    offered = completions(f"query candles BTC_USDT {name}=", knows("whitebit"))

    assert [offer.text for offer in offered] == ["-1h", "-1d", "now"]
