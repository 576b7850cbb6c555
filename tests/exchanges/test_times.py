"""When it happened: every channel that says so gives `time` in its rows, and the lag is taken from the times of events alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.transcripts import connections
from wscli.core.dialect import Dialect
from wscli.core.jsontext import Json, parsed
from wscli.core.messages import COUNTED_KINDS, Event, State
from wscli.exchanges import DIALECTS
from wscli.output.rows import Row, channel_of, rfc3339_time, rows_of


def api(dialect: Dialect) -> str:
    return f"{dialect.name}-{dialect.api.name}"


# No message of these holds a time of what happened.
UNTIMED = {
    "bitfinex-v2": set[str](),
    "bitfinex-v1": {"ticker", "book"},
    "bitstamp-v2": set[str](),
    "bybit-spot-v3": set[str](),
    "bybit-v5": {"dcp"},
    "digifinex-spot-v1": {"depth", "balance"},
    "whitebit-v4": {"lastprice", "market", "marketToday", "balanceSpot", "balanceMargin", "ADLQuantile"},
}
# The `time` of these is the start of a candle, or the last change of a state that is sent again and again.
NO_EVENT = {
    "bitfinex-v2": {"candles"},
    "bybit-spot-v3": {"kline"},
    "bybit-v5": {"kline"},
    "whitebit-v4": {"candles", "positionsMargin", "borrowsMargin", "positionsAccountMargin", "borrowsAccountMargin"},
}


def labelled(dialect: Dialect) -> Iterator[tuple[Event, list[Row]]]:
    """Yield the data of a transcript with its rows."""
    for owner, lines in connections():
        state = State()
        for line in lines if owner is dialect else ():
            if line.mark == ">" and line.text.startswith("{"):
                state = dialect.codec.learn(state, parsed(line.text))
            if line.mark == "<" and line.text.startswith(("{", "[")):
                event = dialect.codec.decode(parsed(line.text), state)
                state = dialect.codec.learn(state, event)
                if event.kind in COUNTED_KINDS:
                    yield event, [*rows_of(dialect, event)]


@pytest.mark.parametrize("dialect", DIALECTS, ids=api)
def test_every_channel_that_says_when_gives_the_time_in_its_rows(dialect: Dialect) -> None:
    timed = {
        entry.name
        for event, rows in labelled(dialect)
        if (entry := channel_of(dialect, event)) is not None and any(row.get("time") for row in rows)
    }
    every = {entry.name for entry in (*dialect.facts.channels, *dialect.facts.queries)}

    assert every - timed == UNTIMED[api(dialect)]
    assert all(
        "time" in entry.columns for entry in (*dialect.facts.channels, *dialect.facts.queries) if entry.name in timed
    )


@pytest.mark.parametrize("dialect", DIALECTS, ids=api)
def test_the_catalogue_marks_the_times_that_are_those_of_events(dialect: Dialect) -> None:
    timed = {c.name for c in dialect.facts.channels if "time" in c.columns}

    assert {c.name for c in dialect.facts.channels if c.name in timed and not c.has_event_time} == NO_EVENT.get(
        api(dialect), set()
    )


ENVELOPES = [
    ("bybit-v5", '{"topic":"tickers.BTCUSDT","ts":1700000004002,"data":{"symbol":"BTCUSDT","lastPrice":"7"}}',
     "2023-11-14T22:13:24.002Z"),
    ("bybit-v5", '{"topic":"priceLimit.BTCUSDT","ts":1700000004002,"data":{"symbol":"BTCUSDT","buyLmt":"7"}}',
     "2023-11-14T22:13:24.002Z"),
    ("bybit-v5", '{"topic":"adlAlert.USDT","ts":1700000004002,"data":[{"c":"USDT","s":"BTCUSDT","b":7}]}',
     "2023-11-14T22:13:24.002Z"),
    ("bybit-v5", '{"topic":"wallet","creationTime":1700000020003,"data":[{"accountType":"UNIFIED","coin":[]}]}',
     "2023-11-14T22:13:40.003Z"),
    ("bybit-v5", '{"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1700000010020,"data":{"s":"BTCUSDT","b":[],"a":[["7","1"]]}}',
     "2023-11-14T22:13:30.020Z"),
    ("bybit-v5", '{"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1700000010020,"cts":1700000010017,'
     '"data":{"s":"BTCUSDT","b":[],"a":[["7","1"]]}}', "2023-11-14T22:13:30.017Z"),
    ("bybit-v5", '{"topic":"priceLimit.BTCUSDT","data":{"symbol":"BTCUSDT","buyLmt":"7"}}', None),
    ("bitfinex-v2", '[0,"wu",["exchange","USD",1200,0,1200],12,3,1700000002000]', "2023-11-14T22:13:22.000Z"),
    ("bitfinex-v2", '[0,"wu",["exchange","USD",1200,0,1200]]', None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "time"), ENVELOPES)
def test_a_row_without_a_time_of_its_own_has_that_of_its_message(name: str, text: str, time: str | None) -> None:
    dialect = next(d for d in DIALECTS if api(d) == name)
    event = dialect.codec.decode(parsed(text), State())

    assert next(rows_of(dialect, event)).get("time") == time


MOMENTS: list[tuple[Json, str, str]] = [
    ("1575287438.515", "ms", "2019-12-02T11:50:38.515Z"),  # Bitfinex's notifications
    (1575287438, "ms", "2019-12-02T11:50:38Z"),
    (1575287438515, "ms", "2019-12-02T11:50:38.515Z"),
    (1575287438515, "s", "2019-12-02T11:50:38.515Z"),  # one capture of Bitstamp's perpetual trades
    ("1575287438515", "us", "2019-12-02T11:50:38.515Z"),
    ("1575287438515123", "ms", "2019-12-02T11:50:38.515123Z"),
    ("1575287438515123456", "ms", "2019-12-02T11:50:38.515123456Z"),
    ("1.575287438515e9", "ms", "2019-12-02T11:50:38.515000000Z"),
    (999999999, "s", "2001-09-09T01:46:39Z"),  # of no other unit, either
    (315532800, "s", "1980-01-01T00:00:00Z"),
    (0, "ms", "0"),
]


@pytest.mark.parametrize(("value", "unit", "time"), MOMENTS)
def test_a_time_is_read_in_the_unit_that_it_can_only_be_in(value: Json, unit: str, time: str) -> None:
    assert rfc3339_time(value, unit) == time
