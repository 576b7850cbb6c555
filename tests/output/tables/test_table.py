"""The table of a stream: rows in, lines out, at the widths that terminals have."""

import doctest
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscli.core.tables.text_width import display_width
from wscli.exchanges import find_dialect
from wscli.output.colors.palette import DEFAULT_PALETTE
from wscli.output.json_layout import escape_controls
from wscli.output.rows import Row
from wscli.output.tables import column, fields, fitting, table
from wscli.output.tables.table import IDLE_NS, RowSource, RowTable

BYBIT, BITFINEX, BITSTAMP = find_dialect("bybit"), find_dialect("bitfinex"), find_dialect("bitstamp")
SECOND_NS = 1_000_000_000


def test_the_examples_hold() -> None:
    assert [doctest.testmod(module).failed for module in (column, fields, fitting, table)] == [0, 0, 0, 0]


class Screen:
    """A screen and its table. show: adds the rows of a message."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.table = RowTable(lambda: self.width)
        self.lines: list[str] = []
        self.now_ns = 0

    def show(self, dialect: Any, channel: str, *rows: Row) -> list[str]:
        added = self.table.lines(RowSource(dialect, channel), rows, self.now_ns).splitlines()
        self.lines += added
        return added


def trade(price: str, size: str = "0.0483", side: str = "buy", **more: Any) -> Row:
    return {
        "kind": "update",
        "channel": "publicTrade",
        "symbol": "BTCUSDT",
        "product": "spot",
        "side": side,
        "price": price,
        "size": size,
        "trade_id": "2290000000500100000",
        "time": "2026-11-29T15:51:01.630Z",
        "block_trade": False,
        **more,
    }


def level(price: str, size: str, side: str = "bid") -> Row:
    return {
        "kind": "update",
        "channel": "orderbook",
        "symbol": "BTCUSDT",
        "side": side,
        "action": "delete" if size == "0" else "set",
        "price": price,
        "size": size,
        "time": "2026-11-29T15:51:01.700Z",
        "update_id": "1301",
    }


def ticker(last: str, **more: Any) -> Row:
    return {
        "kind": "snapshot",
        "channel": "tickers",
        "symbol": "BTCUSDT",
        "last": last,
        "bid": "36506.70",
        "ask": "36507.98",
        "open": "36658.67",
        "high": "36732.40",
        "change_ratio": "-0.0041",
        "time": "2026-11-29T15:51:01.800Z",
        **more,
    }


AT_WIDTHS = [
    (160, """\
kind      channel      symbol   product  side      price      size      trade_id              time                      block_trade
update    publicTrade  BTCUSDT  spot     buy    36507.55    0.0483      2290000000500100000   2026-11-29T15:51:01.630Z  false
update    publicTrade  BTCUSDT  spot     sell     998.5    12           2290000000500100000   2026-11-29T15:51:01.630Z  false
"""),
    (120, """\
symbol   product  side      price      size      trade_id              time                      block_trade  …
BTCUSDT  spot     buy    36507.55    0.0483      2290000000500100000   2026-11-29T15:51:01.630Z  false
BTCUSDT  spot     sell     998.5    12           2290000000500100000   2026-11-29T15:51:01.630Z  false
"""),
    (80, """\
symbol   side      price      size      time                      block_trade  …
BTCUSDT  buy    36507.55    0.0483      2026-11-29T15:51:01.630Z  false
BTCUSDT  sell     998.5    12           2026-11-29T15:51:01.630Z  false
"""),
    (60, """\
symbol   side      price      size      time  …
BTCUSDT  buy    36507.55    0.0483      15:51:01.630Z
BTCUSDT  sell     998.5    12           15:51:01.630Z
"""),
    (52, """\
symbol   side      price      size      time  …
BTCUSDT  buy    36507.55    0.0483      15:51:01Z
BTCUSDT  sell     998.5    12           15:51:01Z
"""),
    (40, """\
symbol   side      price  …
BTCUSDT  buy    36507.55
BTCUSDT  sell     998.5
"""),
    (0, """\
kind      channel      symbol   product  side      price      size      trade_id              time                      block_trade
update    publicTrade  BTCUSDT  spot     buy    36507.55    0.0483      2290000000500100000   2026-11-29T15:51:01.630Z  false
update    publicTrade  BTCUSDT  spot     sell     998.5    12           2290000000500100000   2026-11-29T15:51:01.630Z  false
"""),
]  # fmt: skip


@pytest.mark.parametrize(("width", "text"), AT_WIDTHS)
def test_the_least_important_columns_go_first_then_times_shorten(width: int, text: str) -> None:
    screen = Screen(width)
    screen.show(BYBIT, "publicTrade", trade("36507.55"), trade("998.5", "12", "sell"))

    assert [line.rstrip() for line in screen.lines] == text.splitlines()


def test_a_column_has_room_for_what_plausibly_comes() -> None:
    screen = Screen(160)
    screen.show(BYBIT, "publicTrade", trade("36507.5"))
    after = [
        screen.show(BYBIT, "publicTrade", trade(price, size))
        for price, size in (("136507.55", "0.00012345"), ("9", "1"), ("0.1", "99.5"))
    ]

    assert [len(lines) for lines in after] == [1, 1, 1]  # no header, for one more digit and eight decimals


def test_a_value_that_is_wider_moves_the_columns_once() -> None:
    screen = Screen(100)
    screen.show(BYBIT, "publicTrade", trade("7.5", "1"))
    first = screen.show(BYBIT, "publicTrade", trade("1234567.5", "1"))
    second = screen.show(BYBIT, "publicTrade", trade("12345678.5", "1"))

    assert [line[:60].rstrip() for line in (*first, *second)] == [
        "symbol   product  side       price   size  time",
        "BTCUSDT  spot     buy    1234567.5      1  2026-11-29T15:51:",
        "BTCUSDT  spot     buy   12345678.5      1  2026-11-29T15:51:",
    ]


def test_rows_of_two_channels_share_a_table_and_alternate_without_headers() -> None:
    screen = Screen(120)
    for n in range(30):
        screen.show(BYBIT, "publicTrade", trade(f"3650{n % 10}.1"))
        screen.show(BYBIT, "orderbook", level(f"3650{n % 10}.2", "0" if n % 3 else "0.5"))

    headings = [line for line in screen.lines if "symbol" in line]
    assert len(headings) == 2  # of the trades, then of both
    assert screen.lines[2:6] == [
        "channel      symbol   product  side  action     price      size      time                      block_trade  …",
        "orderbook    BTCUSDT           bid   set      36500.2    0.5         2026-11-29T15:51:01.700Z",
        "publicTrade  BTCUSDT  spot     buy            36501.1    0.0483      2026-11-29T15:51:01.630Z  false",
        "orderbook    BTCUSDT           bid   delete   36501.2    0           2026-11-29T15:51:01.700Z",
    ]


def test_trades_of_three_exchanges_are_one_table_of_the_columns_they_share() -> None:
    screen = Screen(120)
    bitfinex = {"channel": "trades", "symbol": "tBTCUSD", "tag": "te"}
    bitstamp = {"channel": "live_trades", "symbol": "btcusd", "event": "trade"}
    for n in range(20):
        screen.show(BYBIT, "publicTrade", {"exchange": "bybit", **trade(f"3650{n % 10}.1")})
        screen.show(BITFINEX, "trades", {"exchange": "bitfinex", **trade(f"3650{n % 10}.25", **bitfinex)})
        screen.show(
            BITSTAMP, "live_trades", {"exchange": "bitstamp", **trade(f"3650{n % 10}", "0.05080000", **bitstamp)}
        )

    assert screen.lines[2:6] == [
        "exchange  channel      symbol   side      price     size      trade_id              time  …",
        "bitfinex  trades       tBTCUSD  buy    36500.25   0.0483      2290000000500100000   2026-11-29T15:51:01.630Z",
        "bitstamp  live_trades  btcusd   buy    36500      0.05080000  2290000000500100000   2026-11-29T15:51:01.630Z",
        "bybit     publicTrade  BTCUSDT  buy    36501.1    0.0483      2290000000500100000   2026-11-29T15:51:01.630Z",
    ]
    assert not any(line.startswith("exchange") for line in screen.lines[3:])


def test_kinds_of_rows_that_have_no_room_beside_each_other_have_columns_of_their_own() -> None:
    screen = Screen(60)
    for n in range(60):
        screen.show(BYBIT, "publicTrade", trade(f"3650{n % 10}.1"))
        screen.show(BYBIT, "tickers", ticker(f"3650{n % 10}.2"))

    at = [n for n, line in enumerate(screen.lines) if "symbol" in line]
    assert screen.lines[-2:] == [
        "publicTrade  BTCUSDT  buy    36509.1    0.0483",
        "tickers      BTCUSDT   36509.2    36506.70   36507.98",
    ]
    assert at == [0, 2, 4, 22, 24, 42, 44, 62, 64, 82, 84, 102, 104, 122, 124]  # each once in HEADER_EVERY lines


def test_a_resize_changes_the_columns_from_the_next_row_on() -> None:
    screen = Screen(120)
    screen.show(BYBIT, "publicTrade", trade("36507.55"))
    screen.width = 60
    narrow = screen.show(BYBIT, "publicTrade", trade("36507.55"))
    again = screen.show(BYBIT, "publicTrade", trade("36507.55"))
    screen.width = 120
    wide = screen.show(BYBIT, "publicTrade", trade("36507.55"))

    assert narrow == [
        "symbol   side      price     size      time  …",
        "BTCUSDT  buy    36507.55   0.0483      15:51:01.630Z",
    ]
    assert again == narrow[1:]
    assert wide == screen.lines[:2]


def test_a_kind_of_row_that_comes_no_more_leaves_the_table() -> None:
    screen = Screen(120)
    screen.show(BYBIT, "tickers", ticker("36508.2"))
    screen.show(BYBIT, "publicTrade", trade("36507.5"))
    both = screen.lines[-2]
    screen.now_ns = IDLE_NS + SECOND_NS
    for _ in range(64):
        screen.show(BYBIT, "publicTrade", trade("36507.5"))

    assert "last" in both
    assert [line for line in screen.lines if "symbol" in line][-1].split() == [
        "symbol", "product", "side", "price", "size", "trade_id", "time", "block_trade", "…",
    ]  # fmt: skip


def test_text_from_outside_is_escaped_and_wide_characters_count_two() -> None:
    screen = Screen(60)
    screen.show(
        None, "x", {"name": "币安人生", "note": "a\x1b[2Jb", "e": [1, "\x7f"]}, {"name": "BTC", "note": None, "e": True}
    )

    assert screen.lines == [
        "name      note         e",
        '币安人生  a\\u001b[2Jb  [1,"\\u007f"]',
        "BTC                    true",
    ]


def test_a_long_text_is_clipped_on_a_screen_and_whole_in_a_pipe() -> None:
    row = {"symbol": "x" * 60, "price": "7"}
    screen, pipe = Screen(80), Screen(0)
    screen.show(None, "x", row)
    pipe.show(None, "x", row)

    assert screen.lines[1] == "x" * 39 + "…      7"
    assert pipe.lines[1] == "x" * 60 + "      7"


def test_sides_changes_and_quotes_have_colours() -> None:
    table_ = RowTable()
    text = table_.lines(RowSource(None, "x"), [
        {"side": "buy", "price": "7", "change": "0.5", "bid": "1"},
        {"side": "ask", "price": "8", "change": "-0.5", "bid": None},
        {"side": ["x"], "price": "9", "change": "0.0", "bid": "2"},
    ], 0, DEFAULT_PALETTE)  # fmt: skip

    assert text.splitlines() == [
        "\x1b[1mside   price  change  bid\x1b[0m",
        "\x1b[32mbuy\x1b[0m        \x1b[32m7\x1b[0m    \x1b[32m0.5\x1b[0m     \x1b[32m1\x1b[0m",
        "\x1b[31mask\x1b[0m        \x1b[31m8\x1b[0m   \x1b[31m-0.5\x1b[0m",
        '["x"]      9    0.0     \x1b[32m2\x1b[0m',
    ]


def headings(screen: Screen) -> int:
    return sum("symbol" in line for line in screen.lines)


def test_a_resize_that_moves_no_column_prints_no_header() -> None:
    screen = Screen(80)
    for _ in range(30):
        screen.show(BYBIT, "publicTrade", trade("36507.55"))
    screen.width = 82
    screen.show(BYBIT, "publicTrade", trade("36507.55"))

    assert headings(screen) == 1


def test_kinds_of_rows_that_go_on_coming_stay() -> None:
    screen = Screen(160)
    for n in range(200):
        screen.now_ns = n * SECOND_NS
        screen.show(BYBIT, "publicTrade", trade("36507.5"))
        screen.show(BYBIT, "orderbook", level("36507.5", "0.5"))

    assert headings(screen) == 2


def test_columns_that_were_chosen_stay_with_several_exchanges_and_go_from_the_last() -> None:
    screen = Screen(60)
    row = {"tag": "te", "kind": "update", "symbol": "BTCUSDT", "price": "36507.5", "trade_id": "229000000050010000"}
    for dialect in (BYBIT, BITFINEX):
        source = RowSource(dialect, "trades", columns_are_chosen=True)
        screen.lines += screen.table.lines(source, [row], 0).splitlines()

    assert screen.lines[:2] == [
        "tag  kind      symbol      price   trade_id",
        "te   update    BTCUSDT   36507.5   229000000050010000",
    ]
    assert screen.lines[2:] == screen.lines[1:2]
    screen.width = 40
    assert screen.table.lines(source, [row], 0).splitlines() == [
        "tag  kind      symbol      price  …",
        "te   update    BTCUSDT   36507.5",
    ]


def test_shortened_times_have_the_mark_too() -> None:
    screen = Screen(40)
    row = {"symbol": "BTCUSDT", "price": "7.5", "time": "2026-11-29T15:51:01.630Z"}
    screen.show(BYBIT, "publicTrade", row)
    screen.width = 39
    screen.show(BYBIT, "publicTrade", row)

    assert screen.lines == [
        "symbol   price  time",
        "BTCUSDT   7.5   2026-11-29T15:51:01.630Z",
        "symbol   price  time  …",
        "BTCUSDT   7.5   15:51:01.630Z",
    ]


def test_kinds_of_rows_with_the_same_first_fields_share_columns_at_every_width() -> None:
    screen = Screen(40)
    for _ in range(30):
        screen.show(BYBIT, "publicTrade", trade("36507.5"))
        screen.show(BYBIT, "allLiquidation", trade("36507.5", channel="allLiquidation"))

    assert headings(screen) == 2


def test_a_text_that_grew_has_room_to_grow_on() -> None:
    screen = Screen(80)
    added = [
        len(screen.show(BYBIT, "publicTrade", {"symbol": symbol, "price": "7.5"}))
        for symbol in ("BTCUSDT", "BTCUSDT2", "1000BTCUSDT", "BTCUSDT-06MAR")
    ]

    assert added == [2, 2, 2, 1]


def test_the_zeros_at_the_end_of_a_fraction_have_room() -> None:
    screen = Screen(80)
    added = [
        len(
            screen.show(
                BYBIT, "publicTrade", {"symbol": "BTCUSDT", "time": f"2026-11-29T15:51:01{rest}Z", "price": "7.5"}
            )
        )
        for rest in (".6", ".63", ".631", ".631001", ".6310")
    ]

    assert added == [2, 1, 1, 2, 1]


def test_a_parameter_is_one_though_rows_have_a_field_of_its_name() -> None:
    assert fields.column_fields(BYBIT, "kline")["interval"].role == "parameter"


# --- properties ----------------------------------------------------------------------------------

NUMBERS = st.from_regex(r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,10})?", fullmatch=True)
CELLS = st.one_of(NUMBERS, st.none(), st.booleans(), st.text(max_size=50), st.just("2026-11-29T15:51:01.630123Z"))
ROWS = st.lists(
    st.dictionaries(
        st.sampled_from(["exchange", "kind", "symbol", "side", "price", "size", "last", "bid", "time", "trade_id", "own"]),
        CELLS, min_size=1,
    ),
    min_size=1, max_size=4,
)  # fmt: skip
MESSAGES = st.lists(st.tuples(st.sampled_from(["publicTrade", "tickers", "orderbook"]), ROWS), min_size=1, max_size=12)


@given(MESSAGES, st.lists(st.integers(12, 170), min_size=12, max_size=12))
def test_no_line_is_wider_than_the_screen(messages: Sequence[tuple[str, list[Row]]], widths: Sequence[int]) -> None:
    screen = Screen(80)
    for (channel, rows), width in zip(messages, widths, strict=False):
        screen.width = width
        lines = screen.show(BYBIT, channel, *rows)

        assert max(map(display_width, lines)) <= width
        assert lines == [escape_controls(line) for line in lines]


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=30), st.sampled_from([60, 80, 120]))
def test_decimal_points_stand_under_each_other_until_the_columns_move(
    values: Sequence[tuple[str, str]], width: int
) -> None:
    screen = Screen(width)
    for price, size in values:
        screen.show(BYBIT, "publicTrade", {"symbol": "BTCUSDT", "side": "buy", "price": price, "size": size})

    for block in _blocks(screen.lines):
        assert len({place for line in block for place in _points(line, 1)}) <= 1
        assert len({place for line in block for place in _points(line, 2)}) <= 1


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the lines under each header."""
    block: list[str] = []
    for line in lines:
        if line.startswith("symbol"):
            yield block
            block = []
        else:
            block.append(line)
    yield block


def _points(line: str, number: int) -> Iterator[int]:
    """Yield where the decimal point of a number of the line is, or would be behind its last digit."""
    found = [*re.finditer(r"(?<=\s)-?[0-9]+(?P<rest>(\.[0-9]+)?)", line)]
    if number <= len(found):
        yield found[number - 1].start("rest")
