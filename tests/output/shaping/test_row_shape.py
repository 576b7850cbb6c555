"""Between rows and format: columns, times and digits as the flags want them, for rows, table and csv alike."""

import doctest
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from wscli.core.jsontext import parsed
from wscli.core.messages import ReceivedMessage, State
from wscli.core.tables.column_choice import parse_columns
from wscli.exchanges import find_dialect
from wscli.output.formats import make_format
from wscli.output.rows import Row, rows_of
from wscli.output.shaping import digits, times
from wscli.output.shaping.row_shape import RowShape, ShapedFormat

BYBIT, BITSTAMP = find_dialect("bybit"), find_dialect("bitstamp")
TRADES = (
    '{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1700000005123,"data":['
    '{"T":1700000005010,"s":"BTCUSDT","S":"Buy","v":"1234.5","p":"36500.20","i":"2290000000500100000","BT":false,"seq":12345},'
    '{"T":1700000005020,"s":"BTCUSDT","S":"Sell","v":"0.1","p":"36500.1","i":"2290000000500100001","BT":false,"seq":12346}]}'
)
CANDLE = (
    '{"topic":"kline.1.BTCUSDT","type":"snapshot","ts":1700000005123,"data":[{"start":1700000000000,"end":1700000059999,'
    '"interval":"1","open":"36500","close":"36501","high":"36502","low":"36499","volume":"7","turnover":"255500","confirm":false,'
    '"timestamp":1700000005123}]}'
)
STAMPED = (
    '{"event":"trade","channel":"live_trades_btcusd","data":{"id":5,"timestamp":"1700000005","microtimestamp":"1700000005417305",'
    '"price_str":"1.10","amount_str":"2","type":0}}'
)
RECEIVED_NS = 1_700_000_005_133_000_000


@pytest.fixture(autouse=True)
def in_india(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The local zone is half an hour off, so that a minute lost is seen."""
    monkeypatch.setenv("TZ", "IST-5:30")
    time.tzset()
    times._local_second.cache_clear()
    yield
    monkeypatch.undo()
    time.tzset()
    times._local_second.cache_clear()


def test_the_examples_hold() -> None:
    assert doctest.testmod(digits).failed == 0


def shown(form: str, text: str, dialect: Any = BYBIT, keep: slice = slice(None), **wanted: Any) -> str:
    event = dialect.codec.decode(parsed(text), State())
    shape = RowShape(dialect, **wanted)
    channel = dialect.channel(event.channel)
    columns = shape.columns_of(["kind", "channel", "symbol", *channel.columns], [channel])
    format = make_format(form, exchange=dialect.name, dialect=dialect, width=0, columns=columns)
    view = ShapedFormat(format, shape)
    rows = [*rows_of(dialect, event)][keep]
    return view.header() + view.show(ReceivedMessage(event, text, RECEIVED_NS, 1), rows)


def row_shown(text: str, dialect: Any = BYBIT, **wanted: Any) -> Row:
    found: Row = json.loads(shown("rows", text, dialect, **wanted).splitlines()[0])
    return found


def test_columns_are_chosen_in_their_order_in_every_format() -> None:
    columns = parse_columns("time,side,price,lag")

    assert shown("rows", TRADES, columns=columns).splitlines() == [
        '{"time":"2023-11-14T22:13:25.010Z","side":"buy","price":"36500.20","lag":"123.0"}',
        '{"time":"2023-11-14T22:13:25.020Z","side":"sell","price":"36500.1","lag":"113.0"}',
    ]
    assert shown("csv", TRADES, columns=columns).splitlines() == [
        "time,side,price,lag",
        "2023-11-14T22:13:25.010Z,buy,36500.20,123.0",
        "2023-11-14T22:13:25.020Z,sell,36500.1,113.0",
    ]
    assert shown("table", TRADES, columns=columns).splitlines() == [
        "time                      side      price     lag",
        "2023-11-14T22:13:25.010Z  buy    36500.20   123.0",
        "2023-11-14T22:13:25.020Z  sell   36500.1    113.0",
    ]


def test_columns_are_added_and_left_out() -> None:
    row = row_shown(TRADES, columns=parse_columns("+exchange,+lag,-kind,-block_trade,-seq"))

    assert [*row] == ["exchange", "channel", "symbol", "side", "price", "size", "trade_id", "time", "lag"]
    assert row["exchange"] == "bybit"


def test_a_column_that_a_row_has_not_is_null_and_a_row_without_any_is_not_shown() -> None:
    assert row_shown(CANDLE, columns=parse_columns("time,lag,side")) == {
        "time": "2023-11-14T22:13:20.000Z",
        "lag": None,
        "side": None,
    }
    assert shown("rows", CANDLE, columns=parse_columns("side")) == ""


TIMES = [
    # --time        the time of the first trade
    ("utc",         "2023-11-14T22:13:25.010Z"),
    ("local",       "2023-11-15T03:43:25.010+05:30"),
    ("short",       "03:43:25.010"),
    ("exchange",    "1700000005010"),
    ("none",        None),
]  # fmt: skip


@pytest.mark.parametrize(("form", "text"), TIMES)
def test_times_are_written_as_they_are_wanted(form: str, text: str | None) -> None:
    assert row_shown(TRADES, time=form).get("time") == text
    assert row_shown(TRADES, time=form)["price"] == "36500.20"


def test_every_time_of_a_row_is_written_so() -> None:
    row = row_shown(CANDLE, time="short")

    assert (row["time"], row["end"], row["updated_time"]) == ("03:43:20.000", "03:44:19.999", "03:43:25.123")
    assert not {"time", "end", "updated_time"} & {*row_shown(CANDLE, time="none")}
    assert "time" not in shown("csv", CANDLE, time="none").splitlines()[0].split(",")


def test_the_number_of_the_exchange_is_the_one_that_was_sent_also_behind_a_filter() -> None:
    second = json.loads(shown("rows", TRADES, keep=slice(1, 2), time="exchange"))

    assert second["time"] == "1700000005020"
    assert row_shown(STAMPED, BITSTAMP, time="exchange")["time"] == "1700000005417305"
    assert row_shown(STAMPED, BITSTAMP, time="short")["time"] == "03:43:25.417"


def test_thousands_are_separated_for_quantities_alone() -> None:
    row = row_shown(TRADES, group_digits=True, time="exchange")

    assert (row["price"], row["size"]) == ("36,500.20", "1,234.5")
    assert (row["trade_id"], row["seq"], row["time"]) == ("2290000000500100000", "12345", "1700000005010")
    assert '"36,500.20"' in shown("csv", TRADES, group_digits=True)


def test_a_message_without_rows_is_shown_as_ever() -> None:
    text = '{"topic":"nothing.known","data":{}}'
    event = BYBIT.codec.decode(parsed(text), State())
    view = ShapedFormat(make_format("rows", exchange="bybit", dialect=BYBIT), RowShape(BYBIT, parse_columns("price")))

    assert json.loads(view.show(ReceivedMessage(event, text, RECEIVED_NS, 1), ()))["message"] == {
        "topic": "nothing.known",
        "data": {},
    }
