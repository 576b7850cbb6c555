"""A book drawn for a terminal: asks above, bids below, the best in the middle. Pure: returns lines that fit the screen."""

from __future__ import annotations

from collections.abc import Sequence

from wscli.books.order_book import spread, sum_of_sizes
from wscli.core.book_rules import BookLevel
from wscli.core.record import record
from wscli.output.colors.palette import ASK, BID, PLAIN, SPREAD, Palette
from wscli.output.json_layout import clipped, escape_controls

FRAME_LINES = 3  # lines beside the levels: the head, the names of the columns, the spread
COLUMNS = ("price", "size", "sum")


@record
class LadderState:
    """What is drawn. bids, asks: best first. title: the market. status: stands beside it, at the top."""

    title: str
    status: str
    bids: Sequence[BookLevel]
    asks: Sequence[BookLevel]


def ladder_lines(
    ladder: LadderState, notes: Sequence[str], width: int, height: int, depth: int, *, palette: Palette = PLAIN
) -> list[str]:
    """Return the ladder in at most `height` lines of `width` characters, with the last notes that still fit below it."""
    shown_notes = [*notes][-2:] if height > FRAME_LINES + 4 else []
    each = max(min(depth, (height - FRAME_LINES - len(shown_notes)) // 2), 0)
    asks, bids = _rows(ladder.asks[:each]), _rows(ladder.bids[:each])
    widths = [max(map(len, column)) for column in zip(COLUMNS, *_aligned([*asks, *bids]), strict=True)]
    cells = _aligned([*asks, *bids])
    lines = [_fit(f"{ladder.title}  {ladder.status}", width), _row(COLUMNS, widths, width)]
    blank = [""] * (each - len(asks))
    lines += [*blank, *(palette.paint(ASK, _row(row, widths, width)) for row in reversed(cells[: len(asks)]))]
    lines.append(palette.paint(SPREAD, _fit(_spread_line(ladder), width)))
    lines += [palette.paint(BID, _row(row, widths, width)) for row in cells[len(asks) :]]
    lines += [""] * (each - len(bids))
    return [*lines, *(_fit(note, width) for note in shown_notes)][: max(height, 1)]


def _rows(levels: Sequence[BookLevel]) -> list[tuple[str, str, str]]:
    """Return price, size and the sum of the sizes from the best on."""
    rows, summed = [], "0"
    for level in levels:
        summed = sum_of_sizes(summed, level.size)
        rows.append((escape_controls(level.price), escape_controls(level.size), summed))
    return rows


def _aligned(rows: Sequence[tuple[str, str, str]]) -> list[tuple[str, ...]]:
    """Return the rows with every column's numbers under one another by their decimal point."""
    columns = []
    for column in zip(*rows, strict=True):
        rest = max(len(cell) - len(cell.partition(".")[0]) for cell in column)
        columns.append([cell + " " * (rest - (len(cell) - len(cell.partition(".")[0]))) for cell in column])
    return [*zip(*columns, strict=True)]


def _row(cells: Sequence[str], widths: Sequence[int], width: int) -> str:
    return _fit("  ".join(cell.rjust(size) for cell, size in zip(cells, widths, strict=True)), width)


def _spread_line(ladder: LadderState) -> str:
    if not ladder.bids or not ladder.asks:
        return "-- one side is empty --" if ladder.bids or ladder.asks else "-- waiting for the book --"
    gap, share = spread(ladder.bids[0].price, ladder.asks[0].price)
    return f"-- spread {gap} ({share} %) --"


def _fit(text: str, width: int) -> str:
    return clipped(escape_controls(text), width).rstrip()
