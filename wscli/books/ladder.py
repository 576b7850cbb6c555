"""A book drawn for a terminal: asks above, bids below, the best in the middle. Pure: returns lines that fit the screen.

Behind each level a bar is as long as its cumulative size; a level that changed lately is marked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from wscli.books.level_changes import LevelKey
from wscli.books.order_book import mid_price, spread, sum_of_sizes
from wscli.core.book_rules import BookLevel
from wscli.core.record import field, record
from wscli.output.colors.palette import ASK, BID, PLAIN, SPREAD, Palette
from wscli.output.json_layout import clipped, escape_controls

FRAME_LINES = 3  # lines beside the levels: the head, the names of the columns, the spread
COLUMNS = ("price", "size", "sum")
MIN_BAR, MAX_BAR = 5, 50  # columns of the longest bar; with less room there is none
EIGHTHS = " ▏▎▍▌▋▊▉"
BOLD, NOT_BOLD = "\x1b[1m", "\x1b[22m"


@record
class LadderState:
    """What is drawn. bids, asks: best first. title: the market. status: stands beside it, at the top. hint: of the keys.

    marks: by side and price, of the levels that changed. last_trade: in words.
    """

    title: str
    status: str
    bids: Sequence[BookLevel]
    asks: Sequence[BookLevel]
    hint: str = ""
    marks: Mapping[LevelKey, str] = field(default_factory=dict)
    last_trade: str = ""


class ColumnWidths:
    """How wide the columns are: before the decimal point and from it on. They only grow, so that no point shifts between two pictures."""

    def __init__(self) -> None:
        self._whole, self._rest = [0] * len(COLUMNS), [0] * len(COLUMNS)

    def fit(self, rows: Sequence[Sequence[str]]) -> None:
        """Make room for rows."""
        for row in rows:
            for place, cell in enumerate(row):
                whole, rest = _parts(cell)
                self._whole[place] = max(self._whole[place], len(whole))
                self._rest[place] = max(self._rest[place], len(rest))

    def width(self, place: int) -> int:
        return max(self._whole[place] + self._rest[place], len(COLUMNS[place]))

    def aligned(self, place: int, cell: str) -> str:
        """Return a number so that its decimal point stands below the others."""
        whole, rest = _parts(cell)
        return (whole + rest.ljust(self._rest[place])).rjust(self.width(place))


def _parts(cell: str) -> tuple[str, str]:
    whole, point, digits = cell.partition(".")
    return whole, point + digits


def ladder_lines(
    ladder: LadderState,
    notes: Sequence[str],
    width: int,
    height: int,
    depth: int,
    *,
    palette: Palette = PLAIN,
    widths: ColumnWidths | None = None,
) -> list[str]:
    """Return the ladder in at most `height` lines of `width` characters, with the last notes that still fit below it.

    widths: of the pictures before.
    """
    shown_notes = [*notes][-2:] if height > FRAME_LINES + 4 else []
    each = max(min(depth, (height - FRAME_LINES - len(shown_notes)) // 2), 0)
    asks, bids = _rows(ladder.asks[:each]), _rows(ladder.bids[:each])
    widths = widths or ColumnWidths()
    widths.fit([*asks, *bids])
    longest = max((Decimal(rows[-1][2]) for rows in (asks, bids) if rows), default=Decimal(0))
    rows = _RowPainter(widths, width, longest, palette)
    ask_lines = [rows.line(ASK, row, ladder.marks.get(("ask", row[0]), "")) for row in asks]
    bid_lines = [rows.line(BID, row, ladder.marks.get(("bid", row[0]), "")) for row in bids]
    heads = "  ".join(name.rjust(widths.width(place)) for place, name in enumerate(COLUMNS))
    lines = [joined((ladder.title, ladder.status, ladder.hint), width, 2), _fit(heads, width)]
    lines += [*[""] * (each - len(asks)), *reversed(ask_lines)]
    lines.append(palette.paint(SPREAD, _fit(_spread_line(ladder, width), width)))
    lines += [*bid_lines, *[""] * (each - len(bids))]
    return [*lines, *(_fit(note, width) for note in shown_notes)][: max(height, 1)]


class _RowPainter:
    """Draws the levels of one picture. longest: the sum of sizes whose bar has the whole width."""

    def __init__(self, widths: ColumnWidths, width: int, longest: Decimal, palette: Palette) -> None:
        self._widths, self._width, self._longest, self._palette = widths, width, longest, palette
        text = sum(widths.width(place) for place in range(len(COLUMNS))) + 2 * len(COLUMNS)
        self._bar_width = min(width - text, MAX_BAR) if width - text >= MIN_BAR else 0

    def line(self, token: str, row: Sequence[str], mark: str) -> str:
        """Return one level: its numbers, the mark behind its size, and its bar."""
        price, size, summed = (self._widths.aligned(place, cell) for place, cell in enumerate(row))
        text = _fit(f"{price}  {size}{mark or ' '} {summed}  {self._bar(row[2])}", self._width)
        start, end = len(price) + 2, len(price) + 2 + len(size) + 1
        if mark and self._palette and len(text) >= end:
            text = f"{text[:start]}{BOLD}{text[start:end]}{NOT_BOLD}{text[end:]}"
        return self._palette.paint(token, text)

    def _bar(self, summed: str) -> str:
        if not self._bar_width or not self._longest:
            return ""
        return bar(float(Decimal(summed) / self._longest), self._bar_width)


def bar(share: float, width: int) -> str:
    """Return a bar of a share of a width, to an eighth of a column.

    >>> bar(1.0, 4), bar(0.3, 4), bar(0.0, 4)
    ('████', '█▏', '')
    """
    whole, eighths = divmod(int(share * width * 8), 8)
    return "█" * whole + (EIGHTHS[eighths] if eighths else "")


def joined(parts: Sequence[str], width: int, least: int) -> str:
    """Return the parts in a line, without the last ones that it has no room for. least: so many always stand there, cut if they must be.

    >>> joined(("book", "12:00", "q ends"), 20, 2), joined(("book", "12:00", "q ends"), 16, 2), joined(("book", ""), 16, 2)
    ('book  12:00  q ends', 'book  12:00', 'book')
    """
    kept = [part for part in parts if part]
    while len(kept) > least and len("  ".join(kept)) > width:
        kept.pop()
    return _fit("  ".join(kept), width)


def _rows(levels: Sequence[BookLevel]) -> list[tuple[str, str, str]]:
    """Return price, size and the sum of the sizes from the best on."""
    rows, summed = [], "0"
    for level in levels:
        summed = sum_of_sizes(summed, level.size)
        rows.append((escape_controls(level.price), escape_controls(level.size), summed))
    return rows


def _spread_line(ladder: LadderState, width: int) -> str:
    if not ladder.bids or not ladder.asks:
        return "-- one side is empty --" if ladder.bids or ladder.asks else "-- waiting for the book --"
    bid, ask = ladder.bids[0].price, ladder.asks[0].price
    gap, share = spread(bid, ask)
    last = f"last {ladder.last_trade}" if ladder.last_trade else ""
    parts = [f"-- spread {gap} ({share} %)", last, f"mid {mid_price(bid, ask)}"]
    return joined(parts, width - 3, 1) + " --"


def _fit(text: str, width: int) -> str:
    return clipped(escape_controls(text), width).rstrip()
