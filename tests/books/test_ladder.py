"""The ladder fits the screen, whatever its size, and shows what was sent."""

from __future__ import annotations

import pytest

from wscli.books.ladder import ColumnWidths, LadderState, ladder_lines
from wscli.core.book_rules import BookLevel
from wscli.output.colors.palette import ASK, BID, DEFAULT_PALETTE, SPREAD, Palette

BIDS = [BookLevel("36500.1", "0.25"), BookLevel("36500", "1"), BookLevel("36499.95", "2.125")]
ASKS = [BookLevel("36500.20", "0.4"), BookLevel("36501", "10"), BookLevel("36502", "1")]
PICTURE = LadderState("bybit orderbook BTCUSDT", "12:00:00.123Z  9.8/s", BIDS, ASKS)


def test_asks_stand_above_and_bids_below_the_spread_with_a_bar_for_the_depth() -> None:
    assert ladder_lines(PICTURE, [], 40, 24, 2) == [
        "bybit orderbook BTCUSDT  12:00:00.123Z …",
        "   price   size    sum",
        "36501     10     10.4   ████████████████",
        "36500.20   0.4    0.4   ▌",
        "-- spread 0.10 (0.0003 %) --",
        "36500.1    0.25   0.25  ▍",
        "36500      1      1.25  █▉",
    ]


@pytest.mark.parametrize(("width", "height"), [(80, 24), (20, 10), (7, 4), (1, 1), (200, 3)])
def test_it_fits_any_screen(width: int, height: int) -> None:
    lines = ladder_lines(PICTURE, ["wscli: one note", "wscli: another"], width, height, 10)

    assert len(lines) <= height
    assert all(len(line) <= width for line in lines)
    assert height < 3 or any(line.startswith("--") for line in lines)  # on a small one the notes give way


def test_the_last_notes_stand_below() -> None:
    assert ladder_lines(PICTURE, ["a", "b", "c"], 80, 24, 1)[-2:] == ["b", "c"]


@pytest.mark.parametrize(
    ("bids", "asks", "line"), [([], ASKS, "-- one side is empty --"), ([], [], "-- waiting for the book --")]
)
def test_a_side_may_be_empty(bids: list[BookLevel], asks: list[BookLevel], line: str) -> None:
    assert line in ladder_lines(LadderState("x", "", bids, asks), [], 80, 24, 2)


def test_an_exchange_does_not_move_the_cursor() -> None:
    lines = ladder_lines(LadderState("x\x1b[2J", "\x07", BIDS, ASKS), ["\x1b[H"], 80, 24, 2)

    assert all(line.isprintable() for line in lines)


def test_asks_bids_and_the_spread_have_the_colours_of_the_palette() -> None:
    picture = LadderState("x", "", BIDS[:1], ASKS[:1])
    styled = Palette({ASK: "ansimagenta", BID: "ansicyan", SPREAD: "italic"})

    for palette, ask, spread, bid in ((DEFAULT_PALETTE, 31, 2, 32), (styled, 35, 3, 36)):
        assert ladder_lines(picture, [], 80, 24, 1, palette=palette) == [
            "x",
            "   price  size   sum",
            f"\x1b[{ask}m36500.20  0.4   0.4   {'█' * 50}\x1b[0m",
            f"\x1b[{spread}m-- spread 0.10 (0.0003 %)  mid 36500.15 --\x1b[0m",
            f"\x1b[{bid}m36500.1   0.25  0.25  {'█' * 31}▎\x1b[0m",
        ]


def test_a_side_that_is_empty_has_no_colours() -> None:
    assert ladder_lines(LadderState("x", "", BIDS[:1], []), [], 80, 24, 2, palette=DEFAULT_PALETTE)[2:4] == ["", ""]


@pytest.mark.parametrize(("height", "notes"), [(8, 2), (7, 0)])
def test_notes_stand_below_only_where_two_levels_of_each_side_have_room(height: int, notes: int) -> None:
    lines = ladder_lines(PICTURE, ["first", "second"], 80, height, 1)

    assert [line for line in lines if line in ("first", "second")] == ["first", "second"][:notes]


@pytest.mark.parametrize(
    ("height", "depth", "levels"), [(24, 2, 2), (24, 9, 3), (7, 9, 2), (6, 9, 1), (5, 9, 1), (4, 9, 0)]
)
def test_as_many_levels_are_drawn_as_fit_and_as_were_asked_for(height: int, depth: int, levels: int) -> None:
    lines = ladder_lines(PICTURE, [], 80, height, depth)

    assert len([line for line in lines if line.lstrip().startswith("36")]) == 2 * levels


MARKS = {("ask", "36500.20"): "▲", ("bid", "36500.1"): "+"}


def test_a_level_that_changed_is_marked_behind_its_size() -> None:
    picture = LadderState("x", "", BIDS[:1], ASKS[:1], marks=MARKS)
    styled = Palette({ASK: "ansimagenta", BID: "ansicyan"})

    assert ladder_lines(picture, [], 23, 24, 1)[2::2] == ["36500.20  0.4 ▲ 0.4", "36500.1   0.25+ 0.25"]
    assert ladder_lines(picture, [], 23, 24, 1, palette=styled)[2::2] == [
        "\x1b[35m36500.20  \x1b[1m0.4 ▲\x1b[22m 0.4\x1b[0m",
        "\x1b[36m36500.1   \x1b[1m0.25+\x1b[22m 0.25\x1b[0m",
    ]


SPREADS = [
    # width   the line, what matters least left out first
    (80,      "-- spread 0.10 (0.0003 %)  last 36500.20 buy 3  mid 36500.15 --"),
    (60,      "-- spread 0.10 (0.0003 %)  last 36500.20 buy 3 --"),
    (30,      "-- spread 0.10 (0.0003 %) --"),
]  # fmt: skip


@pytest.mark.parametrize(("width", "line"), SPREADS)
def test_the_spread_has_the_last_trade_and_the_middle_where_they_fit(width: int, line: str) -> None:
    picture = LadderState("x", "", BIDS[:1], ASKS[:1], last_trade="36500.20 buy 3")

    assert [row for row in ladder_lines(picture, [], width, 24, 1) if row.startswith("--")] == [line]


def test_no_decimal_point_shifts_between_two_pictures() -> None:
    widths = ColumnWidths()
    wide = LadderState("x", "", [BookLevel("99999.123", "1000.25")], [BookLevel("100000.5", "0.0001")])
    ladder_lines(wide, [], 80, 24, 1, widths=widths)
    again = ladder_lines(LadderState("x", "", BIDS[:1], ASKS[:1]), [], 80, 24, 1, widths=widths)

    assert [again[2].index("."), again[4].index(".")] == [6, 6]
    assert [line.index("█") for line in (again[2], again[4])] == [34, 34]


PRICES = ["0.00000012", "98765432.10", "1e-7", "123456789012345678901234567890"]


@pytest.mark.parametrize("price", PRICES)
@pytest.mark.parametrize("width", [20, 60, 80, 120, 160])
def test_wide_prices_fit_every_screen(price: str, width: int) -> None:
    picture = LadderState("x", "", [BookLevel(price, price)], [BookLevel(price, price)], "keys", {}, "7 buy 1")

    assert [line for line in ladder_lines(picture, [], width, 24, 10) if len(line) > width] == []
